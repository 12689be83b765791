//! The widget for bundlers, as an npm package, and the application that uses it.
//!
//! The package holds no widget: its script loads that from the collector. The compiler of TypeScript makes script and types of one
//! source; versions are those of the workspace.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, setup, widget};

/// The finished package; the example depends on this folder.
const FOLDER: &str = "target/dist/npm";
const SOURCE: &str = "widget/npm";
const EXAMPLE: &str = "examples/vite";

/// What goes along as it is: from where, under which name.
const BESIDE: [(&str, &str); 3] =
    [("widget/npm/README.md", "README.md"), ("LICENSE-MIT", "LICENSE-MIT"), ("LICENSE-APACHE", "LICENSE-APACHE")];

/// Builds the package, and the example with it: the site in `target/examples/vite`, as it is while one works on it (there React runs each
/// effect twice) in `vite-development`, and for a server in `vite-server`.
pub fn build() -> Result<()> {
    setup::setup()?;
    folder()?;
    setup::install(Path::new(EXAMPLE))?;
    vite("production", &["--outDir", "../../target/examples/vite"])?;
    vite("development", &["--outDir", "../../target/examples/vite-development"])?;
    vite("production", &["--ssr", "src/server.tsx", "--outDir", "../../target/examples/vite-server"])
}

/// Builds the package as one file in `target/dist/`, and says how large it is.
pub fn pack() -> Result<()> {
    folder()?;
    let mut npm = setup::npm()?;
    npm.args(["pack", "--silent", "--pack-destination", ".."]).current_dir(FOLDER);
    let name = process::read(&mut npm)?;
    let file = Path::new(FOLDER).with_file_name(name.lines().last().unwrap_or_default());
    let script = fs::read(Path::new(FOLDER).join("index.js"))?;
    let (packed, travels) = (fs::metadata(&file)?.len(), widget::brotli(&script)?.len());
    println!("{}  {packed} bytes; its script {} bytes, {travels} in brotli", file.display(), script.len());
    Ok(())
}

fn folder() -> Result<()> {
    let to = Path::new(FOLDER);
    // What an older source has left there belongs to no package.
    if to.exists() {
        fs::remove_dir_all(to).with_context(|| format!("cannot replace {FOLDER}"))?;
    }
    fs::create_dir_all(to).with_context(|| format!("cannot make {FOLDER}"))?;
    let mut tsc = Command::new("node");
    process::read(tsc.args(["widget/node_modules/typescript/bin/tsc", "--project", SOURCE]))?;
    for (from, name) in BESIDE {
        fs::copy(from, to.join(name)).with_context(|| format!("cannot copy {from}"))?;
    }
    let described =
        fs::read_to_string(Path::new(SOURCE).join("package.json")).context("cannot read its package.json")?;
    let versioned = described.replacen('{', concat!("{\n  \"version\": \"", env!("CARGO_PKG_VERSION"), "\","), 1);
    fs::write(to.join("package.json"), versioned).context("cannot write its package.json")
}

fn vite(mode: &str, args: &[&str]) -> Result<()> {
    let mut vite = Command::new("node");
    vite.args(["node_modules/vite/bin/vite.js", "build", "--mode", mode, "--emptyOutDir", "--logLevel", "warn"]);
    // Libraries go by this, not by the mode.
    vite.args(args).env("NODE_ENV", mode);
    process::read(vite.current_dir(EXAMPLE)).map(drop)
}
