//! The shared cases of `tests/cases/`. Their format stands in `tests/cases/README.md`; the same files run through the collector, so
//! nothing here may say what a word means, only feed the engine and compare. This is a test program, natively and in WASI; compiled as a
//! library (`tests/wasm`) it is a module in which a browser runs the same tests.

#![cfg(any(test, target_family = "wasm"))]
#![cfg_attr(not(test), allow(dead_code, reason = "what looks at the cases themselves looks at them natively"))]
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

/// The name of each variant, and the list of all names: a new variant does not compile until it is named here, and named here it needs a
/// case.
#[cfg(test)]
macro_rules! names {
    ($name:ident, $all:ident, $type:ty, $($pattern:pat => $text:literal),+ $(,)?) => {
        pub fn $name(of: &$type) -> &'static str {
            match of { $($pattern => $text),+ }
        }
        pub const $all: &[&str] = &[$($text),+];
    };
}

#[cfg(not(test))]
mod browser;
mod choose;
#[cfg(test)]
mod codes;
mod content;
#[cfg(test)]
mod coverage;
mod experiment;
mod facts;
mod frequency;
mod journey;
mod log;
mod mistakes;
mod rules;
mod score;
mod survey;
mod why;

use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
#[cfg(test)]
use std::path::{Path, PathBuf};

/// The folder of the cases of one kind.
#[cfg(test)]
fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases").join(kind)
}

/// The names of all files of one kind, without their endings.
#[cfg(test)]
fn names(kind: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder(kind)).expect("the folder of cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.iter().map(|path| format!("{kind}/{}", path.file_stem().unwrap().to_string_lossy())).collect()
}

#[cfg(test)]
fn text(name: &str) -> String {
    std::fs::read_to_string(folder(name).with_extension("json")).unwrap()
}

#[cfg(not(test))]
use browser::{names, text};

/// Every file of one kind, read as `T`, by name.
fn files<T: DeserializeOwned>(kind: &str) -> Vec<(String, T)> {
    let names = names(kind);
    assert!(!names.is_empty(), "no cases in {kind}");
    names.into_iter().map(|name| (format!("{name}.json"), file(&name))).collect()
}

/// One file, read as `T`.
fn file<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Of all names those that nothing has.
fn missing(what: &str, all: &[&str], seen: &BTreeSet<&str>) -> Vec<String> {
    let without = all.iter().filter(|name| !seen.contains(*name));
    without.map(|name| format!("no case of the {what} \"{name}\"")).collect()
}

/// Fails with all mistakes at once, so that one run shows everything.
fn report(mistakes: Vec<String>) {
    #[cfg(not(test))]
    if !mistakes.is_empty() {
        browser::fail(&mistakes.join("\n"));
    }
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}
