//! The shared cases of `tests/cases/`, run natively. Their format stands in `tests/cases/README.md`; the same files run in
//! wasm and through the collector, so nothing here may say what a word means, only feed the engine and compare.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

/// The name of each variant, and the list of all names: a new variant does not compile until it is named here, and named here it needs a
/// case.
macro_rules! names {
    ($name:ident, $all:ident, $type:ty, $($pattern:pat => $text:literal),+ $(,)?) => {
        pub fn $name(of: &$type) -> &'static str {
            match of { $($pattern => $text),+ }
        }
        pub const $all: &[&str] = &[$($text),+];
    };
}

mod choose;
mod codes;
mod content;
mod coverage;
mod experiment;
mod facts;
mod frequency;
mod journey;
mod log;
mod mistakes;
mod rules;
mod survey;
mod why;

use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
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
    let stems = paths.iter().map(|path| format!("{kind}/{}", path.file_stem().unwrap().to_string_lossy()));
    stems.map(|name| (format!("{name}.json"), file(&name))).collect()
}

/// One file, read as `T`.
fn file<T: DeserializeOwned>(name: &str) -> T {
    let text = std::fs::read_to_string(folder(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Of all names those that nothing has.
fn missing(what: &str, all: &[&str], seen: &BTreeSet<&str>) -> Vec<String> {
    let without = all.iter().filter(|name| !seen.contains(*name));
    without.map(|name| format!("no case of the {what} \"{name}\"")).collect()
}

/// Fails with all mistakes at once, so that one run shows everything.
fn report(mistakes: Vec<String>) {
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}
