//! Runs the benchmarks and keeps their figures.
//!
//! To add one: a `[[bench]]` with `harness = false` in any member. It prints what it likes while it works, and writes its
//! section of `docs/benchmarks.md` (Markdown, opening with `## `) to the folder named by `WAYMARK_BENCH`, as `<name>.md`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::{machine, process, report, widget};

/// What `cargo xtask bench` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Run only the benchmarks whose name matches this pattern; docs/benchmarks.md is then left alone
    #[arg(default_value = "*")]
    pattern: String,
}

const SECTIONS: &str = "target/bench";

/// The decisions' scene, compiled for the browser as the widget is; the benchmark finds it by `WAYMARK_DECIDE`.
const DECIDE: &str = "target/bench-decide";

/// Runs them; after a full run the document is written anew.
pub fn bench(args: &Args) -> Result<()> {
    let sections = run(&args.pattern)?;
    if args.pattern != "*" {
        return Ok(());
    }
    let results = format!("{}\n{sections}", report::circumstances("cargo xtask bench"));
    report::write(Path::new("docs/benchmarks.md"), "Benchmarks", &results)
}

/// Runs the benchmarks that match and gives their sections, in order of their names.
pub fn run(pattern: &str) -> Result<String> {
    // One benchmark runs in the browser.
    machine::equip()?;
    widget::build()?;
    if Path::new(SECTIONS).exists() {
        fs::remove_dir_all(SECTIONS).with_context(|| format!("cannot empty {SECTIONS}"))?;
    }
    fs::create_dir_all(SECTIONS)?;
    fs::create_dir_all(DECIDE)?;
    widget::library("waymark-bench-decide", "decide", Path::new(DECIDE))?;
    let mut cargo = process::cargo(&["bench", "--workspace", "--bench", pattern]);
    for (name, folder) in [("WAYMARK_BENCH", SECTIONS), ("WAYMARK_DECIDE", DECIDE)] {
        cargo.env(name, fs::canonicalize(folder)?);
    }
    process::run(&mut cargo)?;

    let mut files: Vec<_> = fs::read_dir(SECTIONS)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    ensure!(!files.is_empty(), "no benchmark wrote its section to {SECTIONS}");
    let sections = files.iter().map(fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(sections.join("\n"))
}
