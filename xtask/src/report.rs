//! Results that are kept: a part of a document that is written anew each time, between two marker lines. What people wrote
//! around it, such as why a goal is missed, stays.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

const BEGIN: &str = "<!-- results: written by cargo xtask, do not edit -->";
const END: &str = "<!-- end of results -->";

/// When, from which commit and on what machine: the head of every result.
pub fn circumstances(command: &str) -> String {
    let ask = |program: &str, args: &[&str]| {
        process::read(Command::new(program).args(args)).unwrap_or_else(|_| "unknown".to_owned())
    };
    let date = ask("date", &["-u", "+%Y-%m-%d %H:%M UTC"]);
    let mut commit = ask("git", &["rev-parse", "--short=12", "HEAD"]);
    // The results themselves are written before they are committed.
    if !matches!(ask("git", &["status", "--porcelain", "--", ".", ":!docs"]).as_str(), "" | "unknown") {
        commit += " with uncommitted changes";
    }
    let (processor, cores, memory) = hardware();
    let release = ask("uname", &["-r"]);
    // What follows the number is the distributor's own.
    let system = format!("{} {}", ask("uname", &["-s"]), release.split('-').next().unwrap_or_default());
    let compiler = ask("rustc", &["--version"]);
    format!(
        "- Date: {date}\n- Commit: {commit}\n- Machine: {processor}, {cores} cores, {memory}, {system}\n\
         - Compiler: {compiler}\n- Command: `{command}`\n"
    )
}

/// Puts `results` between the markers of `document`, which is made with `title` if it is not there.
pub fn write(document: &Path, title: &str, results: &str) -> Result<()> {
    let old = fs::read_to_string(document).unwrap_or_else(|_| format!("# {title}\n\n{BEGIN}\n{END}\n"));
    if let Some(folder) = document.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(document, splice(&old, results)).with_context(|| format!("cannot write {}", document.display()))?;
    println!("written: {}", document.display());
    Ok(())
}

/// A document without markers gets them at its end.
fn splice(document: &str, results: &str) -> String {
    let (before, after) = match document.split_once(BEGIN) {
        Some((before, rest)) => (before.to_owned(), rest.split_once(END).map_or("\n", |(_, after)| after)),
        None => (format!("{}\n\n", document.trim_end()), "\n"),
    };
    format!("{before}{BEGIN}\n{}\n{END}{after}", results.trim_end())
}

fn hardware() -> (String, usize, String) {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kilobytes = field("/proc/meminfo", "MemTotal").and_then(|size| size.strip_suffix(" kB")?.parse::<u64>().ok());
    let memory =
        kilobytes.map_or_else(|| "memory unknown".to_owned(), |size| format!("{} GB", size.div_ceil(1_000_000)));
    (processor, cores, memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let first = splice("# Title\n\nBy hand.\n", "one");
        let edited = format!("{first}\nAlso by hand.\n");
        let second = splice(&edited, "two\n");
        assert_eq!(second, format!("# Title\n\nBy hand.\n\n{BEGIN}\ntwo\n{END}\n\nAlso by hand.\n"));
    }
}
