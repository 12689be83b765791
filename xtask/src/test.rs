//! Every check there is, in the order in which it fails fastest; the test runner's own lines come last.
//!
//! The widget is built before the collector is compiled for the first time, so that it is compiled only once. Lints and
//! tests use the same profile and features for the same reason.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};

use crate::postgres::{self, Postgres};
use crate::setup::{WASI, WASM};
use crate::{machine, package, process, setup, size, widget};

/// The shared cases for the browser: glue and module.
const CASES: &str = "target/cases";

/// What `cargo xtask test` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Run only the tests whose name contains this; format, lints and sizes are left out
    filter: Option<String>,
}

/// All checks, or the tests that match a filter.
pub fn test(args: &Args) -> Result<()> {
    if let Some(filter) = &args.filter {
        widget::build()?;
        cases_for_browser()?;
        package::build()?;
        return tests(&[filter]);
    }
    check_code()?;
    cases_in_wasm()?;
    cases_for_browser()?;
    package::build()?;
    size::forget_transfer();
    tests(&[])?;
    // Silent unless something is wrong: the runner has the last word.
    size::transfer_within_budget()
}

/// Format, lints, and the sizes that can be read off the files.
pub fn check_code() -> Result<()> {
    process::run(&mut process::cargo(&["fmt", "--all", "--check"])).context("run `cargo fmt --all`")?;
    widget::build()?;
    size::files_within_budget()?;
    process::run(&mut process::cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    process::run(&mut process::cargo(&[
        "clippy",
        "--package",
        "waymark-widget",
        "--target",
        WASM,
        "--",
        "--deny",
        "warnings",
    ]))
}

/// Runs the shared cases compiled to wasm, in Node.js: the very test program that also runs natively with all the others.
pub fn cases_in_wasm() -> Result<()> {
    let mut cargo = process::cargo(&["test", "--package", "waymark-engine", "--test", "cases"]);
    // A failure there ends the program at once, before it shows what it captured.
    cargo.args(["--target", WASI, "--", "--no-capture"]);
    // Cargo starts it in the package's folder. Node.js calls its WASI experimental on each start.
    let runner = "node --no-warnings ../xtask/wasi.mjs";
    cargo.env("CARGO_TARGET_WASM32_WASIP1_RUNNER", runner);
    process::run(&mut cargo)
}

/// Compiles the shared cases as a module for the browser, into `target/cases/`; `tests/it/agree.rs` runs them there.
pub fn cases_for_browser() -> Result<()> {
    setup::setup()?;
    fs::create_dir_all(CASES)?;
    widget::tested_library("waymark-cases", "shared", Path::new(CASES))
}

/// Runs the tests of the whole workspace with a database and a browser at hand.
pub fn tests(filter: &[&str]) -> Result<()> {
    tests_to(None, filter, &[])
}

/// The same, with further variables, and with what the runner prints copied to `log`.
pub fn tests_to(log: Option<&File>, filter: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    machine::equip()?;
    let server = Postgres::start()?;
    let mut cargo = process::cargo(&["test", "--workspace", "--no-fail-fast"]);
    cargo.args(filter).env(postgres::VARIABLE, &server.url).envs(variables.iter().copied());
    match log {
        Some(log) => process::run_and_copy(&mut cargo, log),
        None => process::run(&mut cargo),
    }
}
