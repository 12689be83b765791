//! The shared cases of `tests/cases/`, run natively. Their format stands in `tests/cases/README.md`; the same files run in
//! wasm and through the collector, so nothing here may say what a word means, only feed the engine and compare.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod choose;
mod coverage;
mod facts;
mod frequency;
mod journey;
mod log;
mod rules;

use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// The folder of the cases of one kind.
fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(kind)
}

/// Every file of one kind, read as `T`, by name.
fn files<T: DeserializeOwned>(kind: &str) -> Vec<(String, T)> {
    let entries = std::fs::read_dir(folder(kind)).expect("the folder of cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    assert!(!paths.is_empty(), "no cases in {kind}");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = format!("{kind}/{}", path.file_name().unwrap().to_string_lossy());
        match serde_json::from_str(&text) {
            Ok(read) => (name, read),
            Err(error) => panic!("{name}: {error}"),
        }
    };
    paths.into_iter().map(read).collect()
}

/// Fails with all mistakes at once, so that one run shows everything.
fn report(mistakes: Vec<String>) {
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}
