//! Takes from the stylesheet what only people read: comments, and room between things.

use std::path::Path;
use std::{env, fs, io};

const STYLE: &str = "src/view/style.css";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={STYLE}");
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("style.css"), squeeze(&fs::read_to_string(STYLE)?))
}

/// Knows as much of CSS as our own stylesheet needs: no strings with spaces or comments in them.
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
