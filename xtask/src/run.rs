//! From a fresh clone to a running collector with the demo site, which then has the terminal to itself.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, widget};

/// What `cargo xtask run` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Build with optimisations
    #[arg(long)]
    release: bool,
    /// Passed on to `waymark serve`, as in `cargo xtask run -- --listen 127.0.0.1:9000`
    #[arg(last = true)]
    server: Vec<String>,
}

/// Builds and serves.
pub fn run(args: &Args) -> Result<()> {
    widget::build()?;
    let mut serve = Command::new(collector(args.release)?);
    serve.args(["serve", "--demo", "examples"]).args(&args.server);
    replace_with(serve)
}

/// Builds the collector and gives the path of its program.
pub fn collector(release: bool) -> Result<PathBuf> {
    let mut cargo = process::cargo(&["build", "--package", "waymark-collector", "--bin", "waymark"]);
    if release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)?;
    let profile = if release { "release" } else { "debug" };
    let program = process::target_dir().join(profile).join("waymark");
    let program = program.with_extension(std::env::consts::EXE_EXTENSION);
    program.canonicalize().with_context(|| format!("the collector is not at {}", program.display()))
}

/// The server takes this process over: Ctrl-C, signals and the exit code are its own.
#[cfg(unix)]
fn replace_with(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(server.exec()).context("cannot start the collector")
}

/// Waits for the server. Ctrl-C reaches it by itself; this process only has to outlive it.
#[cfg(not(unix))]
fn replace_with(mut server: Command) -> Result<()> {
    ctrlc::set_handler(|| {}).context("cannot leave Ctrl-C to the collector")?;
    let status = server.status().context("cannot start the collector")?;
    std::process::exit(status.code().unwrap_or(1))
}
