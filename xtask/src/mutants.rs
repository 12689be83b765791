//! Whether the tests notice: cargo-mutants changes what decides (rules, caps, choosing) in every small way, one at a time, and the engine's
//! tests must fail for each.
//!
//! What is changed, and what may be changed unnoticed and why, stands in `.cargo/mutants.toml`; a reason there is a line that somebody
//! has thought about. The one thing to know: it takes a thousand builds of the engine, so it is a part of `accept` alone.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::process;

/// The version whose kinds of changes the exceptions were written for.
const VERSION: &str = "27.1.0";

const FOLDER: &str = "target/mutants";

/// Makes all changes; fails with those that no test noticed, else says how many were.
pub fn run() -> Result<String> {
    equip()?;
    fs::create_dir_all(FOLDER)?;
    let mut mutants =
        process::cargo(&["mutants", "--jobs", "1", "--no-shuffle", "--colors", "never", "--output", FOLDER]);
    // A property that fails is shrunk, which takes longer than to see that it fails.
    mutants.env("PROPTEST_MAX_SHRINK_ITERS", "0");
    let done = process::run(&mut mutants);
    let [missed, caught, endless, unviable] = ["missed", "caught", "timeout", "unviable"].map(lines);
    ensure!(missed.is_empty(), "no test notices: {}", missed.join("; "));
    // A change that makes a test run for ever is noticed too; the program ends with a failure all the same.
    if endless.is_empty() {
        done?;
    }
    Ok(format!(
        "{} changes: {} noticed, {} of them since a test never ended; {} do not compile; none missed",
        caught.len() + endless.len() + unviable.len(),
        caught.len() + endless.len(),
        endless.len(),
        unviable.len()
    ))
}

/// Installs what is missing.
fn equip() -> Result<()> {
    let installed = process::read(&mut process::cargo(&["mutants", "--version"])).unwrap_or_default();
    if installed.ends_with(VERSION) {
        return Ok(());
    }
    process::run(&mut process::cargo(&["install", "cargo-mutants", "--locked", "--version", VERSION]))
}

/// One of the lists that are written: a change a line.
fn lines(list: &str) -> Vec<String> {
    let file = Path::new(FOLDER).join("mutants.out").join(list).with_extension("txt");
    fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
}
