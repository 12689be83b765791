//! Running other programs: how a command line is shown, started, and turned into a sentence when it fails.
//!
//! A program started here gets a process group of its own, so that an interrupt can end it with all its children
//! (`cargo test` does not pass a signal on to the test it runs).

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::interrupt;

/// A command for `cargo`, the very one that runs this.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

/// Where cargo puts what it builds for this machine; tests leave what they measure there.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// Shows the command line, runs it, and fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    start_and_wait(command, |_| Ok(()))
}

/// The same, and what it prints goes to `log` as well. It then sees no terminal, so it prints without colours.
pub fn run_and_copy(command: &mut Command, mut log: &File) -> Result<()> {
    start_and_wait(command.stdout(Stdio::piped()), |child| {
        let Some(printed) = child.stdout.take() else {
            return Ok(());
        };
        for line in BufReader::new(printed).lines() {
            let line = line?;
            println!("{line}");
            writeln!(log, "{line}")?;
        }
        Ok(())
    })
}

/// Runs quietly and gives what the command printed; its complaint becomes part of the error.
pub fn read(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed ({}): {}", output.status, complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn start_and_wait(command: &mut Command, meanwhile: impl FnOnce(&mut Child) -> io::Result<()>) -> Result<()> {
    let line = describe(command);
    eprintln!("$ {line}");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.stdin(Stdio::null()).spawn().with_context(|| format!("cannot start `{line}`"))?;
    let _ends_with_us = interrupt::on_interrupt(interrupt::Cleanup::EndGroup(child.id()));
    meanwhile(&mut child)?;
    let status = child.wait()?;
    ensure!(status.success(), "`{line}` failed ({status})");
    Ok(())
}

/// The program by its file name and its arguments, as one would type them.
fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let mut line = program.to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}
