//! What there is to hand out: the release binary with console, widget and migrations inside, and the npm package for bundlers.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::{package, run, widget};

const FOLDER: &str = "target/dist";

/// Builds both, prints their sizes, and gives the binary's in bytes.
pub fn dist() -> Result<u64> {
    widget::build()?;
    let built = run::collector(true)?;
    fs::create_dir_all(FOLDER).with_context(|| format!("cannot make {FOLDER}"))?;
    let name = built.file_name().context("the collector has no name")?;
    let program = Path::new(FOLDER).join(name);
    fs::copy(&built, &program).with_context(|| format!("cannot write {}", program.display()))?;
    let bytes = fs::metadata(&program)?.len();
    println!("{}  {:.1} MB", program.display(), bytes as f64 / 1e6);
    package::pack()?;
    Ok(bytes)
}
