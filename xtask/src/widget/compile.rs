//! Rust to WebAssembly, for size before anything else.
//!
//! The standard library is compiled along, without its panic messages and formatting: a panic is an immediate trap, which
//! the loader's boundary turns into an absent widget. These switches are still unstable in the compiler, hence
//! `RUSTC_BOOTSTRAP` on a pinned release; only this one build sees it.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::process;
use crate::setup::WASM;

/// Compiles and gives the path of the raw module.
pub fn compile() -> Result<PathBuf> {
    let mut cargo = process::cargo(&["rustc", "--package", "waymark-widget", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--profile", "widget", "--target", WASM, "--target-dir", "target/wasm"]);
    cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    cargo.env("RUSTC_BOOTSTRAP", "1");
    cargo.env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort");
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
    process::run(&mut cargo)?;
    let module = PathBuf::from("target/wasm").join(WASM).join("widget/waymark.wasm");
    ensure!(module.is_file(), "{} is missing: is the widget's library still called `waymark`?", module.display());
    Ok(module)
}
