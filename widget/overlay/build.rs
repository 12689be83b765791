//! Makes one small stylesheet of those in `src/`.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "../squeeze.rs"]
mod squeeze;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../squeeze.rs");
    println!("cargo::rerun-if-changed=src");
    let mut files: Vec<PathBuf> = fs::read_dir("src")?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
    files.sort();
    let style = files.iter().map(fs::read_to_string).collect::<io::Result<String>>()?;
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("style.css"), squeeze::squeeze(&style))
}
