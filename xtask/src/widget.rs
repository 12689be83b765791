//! From the widget's source to the files a visitor downloads, in `target/widget/`: compile, shrink, publish.
//!
//! The folder appears as a whole or not at all, and stays as it is while nothing that goes into it has changed, so that
//! the collector, which embeds it, is not rebuilt either. One build at a time: a second one waits for the first.

mod compile;
mod plain;
mod publish;
mod rename;
mod shrink;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

pub use publish::{brotli, gzip};

use crate::setup;

/// Where the finished files are; `collector/build.rs` looks there.
pub const FOLDER: &str = "target/widget";

/// `manifest.json`: which file plays which part.
#[derive(Serialize, Deserialize)]
pub struct Manifest {
    /// The loader, minified, its settings still the token `__WAYMARK__`.
    pub loader: String,
    /// The same with what only some sites need.
    pub more: String,
    /// What stands behind it where a page has something to look for, its list still the token `__EVENTS__`.
    pub events: String,
    /// The modules, by their names.
    pub modules: BTreeMap<String, Module>,
    /// A hash of all that went in; equal means there is nothing to do.
    inputs: String,
}

/// One WebAssembly module with its JavaScript. All three are named by the content of all, so that whoever knows one name knows the others.
#[derive(Serialize, Deserialize)]
pub struct Module {
    /// The JavaScript glue.
    pub glue: String,
    /// The code.
    pub wasm: String,
    /// The same as one script, for pages that let no WebAssembly run.
    pub plain: String,
    /// A hash of all that went in.
    inputs: String,
}

/// The modules: package and library. The first is what every page loads that has something to show; the others are fetched when they
/// are needed.
pub const MODULES: [(&str, &str); 4] = [
    ("waymark-widget", "waymark"),
    ("waymark-contents", "contents"),
    ("waymark-page", "page"),
    ("waymark-overlay", "overlay"),
];

impl Manifest {
    /// The manifest of the widget built last.
    pub fn read() -> Result<Self> {
        let text = fs::read(Path::new(FOLDER).join("manifest.json"))
            .context("the widget is not built: run `cargo xtask widget`")?;
        serde_json::from_slice(&text).context("target/widget/manifest.json is damaged: delete target/widget")
    }
}

/// Another library of this workspace, made for the browser as the widget is: glue and module in a folder, for what measures them.
pub fn library(package: &str, name: &str, folder: &Path) -> Result<()> {
    shrink::optimize(&compile::library(package, name)?, folder).map(drop)
}

/// The same for what is only tested there: as the compiler leaves it, which takes seconds instead of a minute. Beside it as JavaScript,
/// `plain.js`, unless that is there of the same module.
pub fn tested_library(package: &str, name: &str, folder: &Path) -> Result<()> {
    let module = compile::library(package, name)?;
    let inputs = shrink::inputs_of(&module)?;
    shrink::bindgen(fs::read(&module)?, folder)?;
    let (script, made_of) = (folder.join("plain.js"), folder.join("plain.inputs"));
    if !script.is_file() || fs::read_to_string(&made_of).ok().as_deref() != Some(&inputs) {
        fs::write(script, plain::library(name, &module)?)?;
        fs::write(made_of, inputs)?;
    }
    Ok(())
}

/// Builds what has changed and says how large it is.
pub fn build() -> Result<()> {
    setup::setup()?;
    let lock = File::create("target/widget.lock").context("cannot create target/widget.lock")?;
    lock.lock().context("cannot lock target/widget.lock")?;

    let compiled = compile::compile()?;
    let inputs = shrink::inputs(&compiled)?;
    let known = Manifest::read().is_ok_and(|manifest| manifest.inputs == inputs);
    if !known {
        let parts = shrink::shrink(&compiled)?;
        publish::publish(&parts, inputs)?;
    }
    publish::show_sizes(&Manifest::read()?)
}
