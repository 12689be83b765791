//! What the tests need from the machine: a browser with its driver, PostgreSQL, and strace to watch a commit reach the disk.
//!
//! As root on Debian (and its kin) what is missing is installed; elsewhere it is named and the run fails. None of the
//! tests that need them is skipped. Only Firefox need not be there: its tests say so in one line and pass, unless it is required.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// A program the tests need, the names it goes by, and the Debian package it comes in.
struct Need {
    what: &'static str,
    programs: &'static [&'static str],
    package: &'static str,
}

const NEEDS: [Need; 4] = [
    Need { what: "Chromium", programs: &["chromium", "chromium-browser", "google-chrome"], package: "chromium" },
    Need { what: "chromedriver", programs: &["chromedriver"], package: "chromium-driver" },
    Need { what: "PostgreSQL", programs: &["initdb"], package: "postgresql" },
    Need { what: "strace", programs: &["strace"], package: "strace" },
];

/// Installs what is missing, or says what to install.
pub fn equip() -> Result<()> {
    let missing: Vec<&Need> =
        NEEDS.iter().filter(|need| need.programs.iter().all(|name| find(name).is_none())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if is_root() && find("apt-get").is_some() {
        let apt_get =
            |args: &[&str]| process::run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"));
        apt_get(&["update", "--quiet"])?;
        return apt_get(&[&["install", "--yes", "--quiet", "--no-install-recommends"], packages.as_slice()].concat());
    }
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    bail!(
        "the tests need {}: install the package{} {} (Debian's names), then run this again",
        names.join(", "),
        if packages.len() == 1 { "" } else { "s" },
        packages.join(", ")
    )
}

/// The program's path: from `PATH`, or for PostgreSQL's from where Debian keeps them, the newest version first.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    found.or_else(|| {
        let mut versions: Vec<PathBuf> =
            std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path()).collect();
        versions.sort_by_key(|folder| version(folder));
        versions.into_iter().rev().map(|folder| folder.join("bin").join(program)).find(|file| file.is_file())
    })
}

/// Whether this process may do everything, which PostgreSQL refuses to run with.
pub fn is_root() -> bool {
    cfg!(unix) && process::read(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

fn version(folder: &Path) -> u32 {
    folder.file_name().and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
}
