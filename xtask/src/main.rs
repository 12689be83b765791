//! `cargo xtask <command>`: everything one does with this repository, written once and in Rust.
//!
//! Each command is a module of its own. A command either works or ends with one sentence that says what to do and exit
//! code 1; nobody should ever have to read a backtrace to learn that Node.js is missing.

mod accept;
mod bench;
mod compatibility;
mod dist;
mod interrupt;
mod machine;
mod mutants;
mod package;
mod postgres;
mod process;
mod report;
mod run;
mod setup;
mod shots;
mod size;
mod test;
mod widget;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs, tests and measures Waymark")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Get what is missing: the wasm32 target, the standard library's source, the npm packages
    Setup,
    /// Build the widget for the browser into target/widget/
    Widget,
    /// Build everything and start the collector with the demo site on 127.0.0.1:8080
    Run(run::Args),
    /// Run every check: format, lints, tests on SQLite and PostgreSQL, browser, sizes
    Test(test::Args),
    /// Compile the shared cases for the browser into target/cases/, for tests that are started without `test`
    Cases,
    /// Hold the widget against its byte budget, the transfer of one NPS prompt included
    Size,
    /// Build the npm package into target/dist/ and the example that uses it, for tests that are started without `test`
    Package,
    /// Build the one self-contained release binary, and the npm package for bundlers, into target/dist/
    Dist,
    /// Measure, and write the figures into docs/benchmarks.md
    Bench(bench::Args),
    /// Run the tests that show where the widget works, and write docs/compatibility.md
    Compatibility(compatibility::Args),
    /// Draw every page of the console into target/screenshots/console/
    Shots,
    /// Change the engine's rules, caps and choosing in every small way, and name the changes that no test notices
    Mutants,
    /// The long run: every test with many seeds and kills, then the benchmarks; writes docs/acceptance.md
    Accept,
}

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        // `{:#}` is the sentence and its causes; the debug form would add a backtrace.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands outside its workspace")?;
    std::env::set_current_dir(root).with_context(|| format!("cannot enter {}", root.display()))?;
    match command {
        Command::Setup => setup::setup(),
        Command::Widget => widget::build(),
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::test(&args),
        Command::Cases => test::cases_for_browser(),
        Command::Size => size::size(),
        Command::Package => package::build().and_then(|()| package::pack()),
        Command::Dist => dist::dist().map(drop),
        Command::Bench(args) => bench::bench(&args),
        Command::Compatibility(args) => compatibility::compatibility(&args),
        Command::Shots => shots::shots(),
        Command::Mutants => mutants::run().map(|said| println!("{said}")),
        Command::Accept => accept::accept(),
    }
}
