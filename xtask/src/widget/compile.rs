//! Rust to WebAssembly, for size before anything else.
//!
//! The standard library is compiled along, without its panic messages and formatting: a panic is an immediate trap, which
//! the loader's boundary turns into an absent widget. These switches are still unstable in the compiler, hence
//! `RUSTC_BOOTSTRAP` on a pinned release; only this one build sees it.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::MODULES;
use crate::process;
use crate::setup::WASM;

/// Compiles all modules and gives their names with the paths of the raw modules.
pub fn compile() -> Result<Vec<(&'static str, PathBuf)>> {
    MODULES.iter().map(|(package, name)| Ok((*name, library(package, name)?))).collect()
}

/// Compiles the library `name` of a package and gives the path of the raw module.
pub fn library(package: &str, name: &str) -> Result<PathBuf> {
    let mut cargo = process::cargo(&["rustc", "--package", package, "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--profile", "widget", "--target", WASM, "--target-dir", "target/wasm"]);
    cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    cargo.env("RUSTC_BOOTSTRAP", "1");
    // The linker's stack of 1 MB would be memory that each page sets aside; ours is shallow.
    cargo.env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort -Clink-arg=-zstack-size=131072");
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
    process::run(&mut cargo)?;
    let module = PathBuf::from("target/wasm").join(WASM).join("widget").join(name).with_extension("wasm");
    ensure!(module.is_file(), "{} is missing: is the library of {package} still called `{name}`?", module.display());
    Ok(module)
}
