//! Makes one small stylesheet of those in a module's `src/`. Part of the build scripts of all modules that have any.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Writes `style.css` for `include_str!`.
pub fn make() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../sheet.rs");
    println!("cargo::rerun-if-changed=src");
    let mut files: Vec<PathBuf> = fs::read_dir("src")?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
    files.sort();
    let style = files.iter().map(fs::read_to_string).collect::<io::Result<String>>()?;
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("style.css"), squeeze(&style))
}

/// Takes from a stylesheet what only people read: comments, and room between things. Knows as much of CSS as our own need: no
/// strings with spaces or comments in them.
fn squeeze(style: &str) -> String {
    let mut bare = String::new();
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        bare += before;
        rest = comment.split_once("*/").expect("a comment in the stylesheet does not end").1;
    }
    bare += rest;
    let mut small = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    for sign in ["{", "}", ";", ",", ">"] {
        for spaced in [format!(" {sign}"), format!("{sign} ")] {
            small = small.replace(&spaced, sign);
        }
    }
    small.replace(": ", ":").replace(";}", "}")
}
