//! Gets what a build needs and a fresh machine with rustup and Node.js lacks. Asks before it acts: a second run is instant.
//!
//! What it cannot get itself (Node.js, rustup) it names in one sentence.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, widget};

/// The target the widget is compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The target the shared cases are compiled for when they run in wasm: with files to read the cases from.
pub const WASI: &str = "wasm32-wasip1";

/// What pages of the console load from npm; `collector/build.rs` embeds it.
const CONSOLE: &str = "target/console";

/// Whose code is in the file that draws plots.
const PLOTS_NOTICE: &str = "/* Apache ECharts (Apache-2.0), zrender (BSD-3-Clause), tslib (0BSD) */";

/// From so many bytes on a file is also kept compressed.
const LARGE: usize = 100_000;

/// The oldest Node.js that the npm tools run on: major and minor version.
const NODE: (u32, u32) = (20, 19);

/// Everything: Rust parts and npm packages.
pub fn setup() -> Result<()> {
    writable(Path::new("target"))?;
    rust_parts()?;
    npm_packages()
}

/// Fails with a sentence where nothing can be written to `folder`, which is made if it is missing.
fn writable(folder: &Path) -> Result<()> {
    let shown = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let attempt = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder).map(drop));
    attempt.with_context(|| {
        format!("cannot write to {}: make it writable for you, or work in a copy that is", shown.display())
    })
}

fn rust_parts() -> Result<()> {
    for target in [WASM, WASI] {
        let mut rustc = Command::new("rustc");
        let library = process::read(rustc.args(["--print", "target-libdir", "--target", target]))?;
        if !Path::new(&library).is_dir() {
            rustup(&["target", "add", target])?;
        }
    }
    // The widget rebuilds the standard library for size.
    let sysroot = process::read(Command::new("rustc").args(["--print", "sysroot"]))?;
    if !Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").is_file() {
        rustup(&["component", "add", "rust-src"])?;
    }
    Ok(())
}

fn rustup(args: &[&str]) -> Result<()> {
    let mut command = Command::new("rustup");
    command.args(args);
    if missing(Command::new("rustup").arg("--version")) {
        bail!("rustup is missing: install it from https://rustup.rs, or run `rustup {}` where it is", args.join(" "));
    }
    process::run(&mut command)
}

fn npm_packages() -> Result<()> {
    let (major, minor) = NODE;
    let node = Command::new("node").arg("--version").output();
    let version = match node {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!(
                "Node.js is missing: install version {major}.{minor} or newer from https://nodejs.org (it shrinks the widget)"
            )
        }
        Err(error) => return Err(error).context("cannot start node"),
    };
    if node_version(&version).is_none_or(|found| found < NODE) {
        bail!("Node.js {version} is too old: install version {major}.{minor} or newer from https://nodejs.org");
    }

    for folder in ["widget", "collector/web"] {
        install(Path::new(folder))?;
    }
    console_files()
}

/// Major and minor version, of `v20.19.1`.
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    parts.next().zip(parts.next())
}

/// What the lock file of a folder says, unless that is there.
pub fn install(folder: &Path) -> Result<()> {
    let shown = folder.display();
    let lock =
        fs::read(folder.join("package-lock.json")).with_context(|| format!("cannot read {shown}/package-lock.json"))?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = npm()?;
    writable(folder)?;
    process::run(npm.args(["ci", "--silent"]).current_dir(folder)).with_context(|| {
        format!("cannot get the npm packages of {shown}/package-lock.json: is the npm registry reachable?")
    })?;
    fs::write(installed, lock).context("cannot note what npm installed")
}

/// The program, or a sentence.
pub fn npm() -> Result<Command> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if missing(Command::new(npm).arg("--version")) {
        bail!("npm is missing: install it beside Node.js (it comes with the packages from https://nodejs.org)");
    }
    Ok(Command::new(npm))
}

/// Puts what pages of the console load where `collector/build.rs` looks for it.
fn console_files() -> Result<()> {
    fs::create_dir_all(CONSOLE).with_context(|| format!("cannot make {CONSOLE}"))?;
    let from = Path::new("collector/web/node_modules/htmx.org/dist/htmx.min.js");
    let htmx = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    console_file("htmx.js", &htmx)?;
    console_file("plots.js", bundle("collector/web/plots.js", PLOTS_NOTICE)?.as_bytes())
}

/// A script with whatever it imports, and nothing else of that.
fn bundle(entry: &str, notice: &str) -> Result<String> {
    let mut esbuild = Command::new("node");
    esbuild.args(["widget/node_modules/esbuild/bin/esbuild", entry, "--bundle", "--minify", "--format=iife"]);
    esbuild.args(["--target=es2022", "--legal-comments=none", "--log-level=warning"]);
    process::read(esbuild.arg(format!("--banner:js={notice}"))).with_context(|| format!("cannot bundle {entry}"))
}

/// One file, and beside a large one what saves each reader most of it. Written only when it differs, so that the collector is not compiled
/// again.
fn console_file(name: &str, bytes: &[u8]) -> Result<()> {
    let to = Path::new(CONSOLE).join(name);
    let is_packed = bytes.len() < LARGE || to.with_extension("js.br").is_file();
    if is_packed && fs::read(&to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let write =
        |to: &Path, bytes: &[u8]| fs::write(to, bytes).with_context(|| format!("cannot write {}", to.display()));
    if bytes.len() >= LARGE {
        write(&to.with_extension("js.br"), &widget::brotli(bytes)?)?;
        write(&to.with_extension("js.gz"), &widget::gzip(bytes)?)?;
    }
    write(&to, bytes)
}

/// Whether the program is not there at all.
fn missing(command: &mut Command) -> bool {
    command.output().is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_as_numbers() {
        assert_eq!(node_version("v20.19.1"), Some((20, 19)));
        assert!(node_version("v20.9.0").unwrap() < NODE && node_version("v22.0.0").unwrap() > NODE);
        assert_eq!(node_version("none"), None);
    }
}
