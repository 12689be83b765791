//! The byte budget: `widget/budget.toml` says what a visitor may be made to download, and this holds us to it.
//!
//! Two measures. The files, compressed as they travel, cost nothing to check. What showing one NPS prompt really
//! transfers only a browser knows: the test `size::one_nps` writes it down, address by address.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::widget::{self, Manifest};
use crate::{process, test};

/// What the browser test leaves below the target folder: a JSON object, address -> bytes as they came over the network.
const MEASURED: &str = "size/nps.json";

const BUDGET: &str = "widget/budget.toml";

/// As long as settings usually get; the collector puts these in place of the token.
const SETTINGS: &str = r#""wk_8fQ2nVx4LmZr7TcYb1Ks","https://waymark.some-company.example","/a/core-0a1b2c3d""#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    files: Files,
    transfer: Transfer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    loader: usize,
    glue: usize,
    wasm: usize,
    plain: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    one_nps: usize,
}

/// Builds the widget, measures both ways and prints all of it.
pub fn size() -> Result<()> {
    widget::build()?;
    for (what, bytes, most) in files()? {
        println!("{what:<28} {bytes:>9} of {most}");
    }
    forget_transfer();
    test::tests(&["size::one_nps"])?;
    for (address, bytes) in measured()? {
        println!("{bytes:>9}  {address}");
    }
    println!("one NPS prompt: {}", transfer()?);
    files_within_budget()?;
    transfer_within_budget()
}

/// Fails when a file of the built widget is too large.
pub fn files_within_budget() -> Result<()> {
    for (what, bytes, most) in files()? {
        ensure!(bytes <= most, "{}", over(&format!("the {what}"), bytes, most));
    }
    Ok(())
}

/// Removes the last measurement, so that an old one is not taken for a new one.
pub fn forget_transfer() {
    let _ = fs::remove_file(process::target_dir().join(MEASURED));
}

/// Fails when the last measured NPS prompt transferred too much, or when it was not measured.
pub fn transfer_within_budget() -> Result<()> {
    let bytes = measured()?.values().sum();
    let most = budget()?.transfer.one_nps;
    ensure!(bytes <= most, "{}", over("showing one NPS prompt", bytes, most));
    Ok(())
}

/// What the last measured NPS prompt transferred, in words.
pub fn transfer() -> Result<String> {
    Ok(format!("{} bytes of {}", measured()?.values().sum::<usize>(), budget()?.transfer.one_nps))
}

/// Each file: its name in the budget, its bytes, and how many it may have.
fn files() -> Result<[(&'static str, usize, usize); 4]> {
    let (manifest, most) = (Manifest::read()?, budget()?.files);
    let read =
        |name: &str| fs::read(Path::new(widget::FOLDER).join(name)).with_context(|| format!("cannot read {name}"));
    let loader = String::from_utf8(read("loader.js")?)?.replace("...__WAYMARK__", SETTINGS);
    let widget = manifest.modules.get("waymark").context("target/widget/manifest.json names no module `waymark`")?;
    let travels = |bytes: &[u8]| widget::brotli(bytes).map(|packed| packed.len());
    Ok([
        ("loader", travels(loader.as_bytes())?, most.loader),
        ("glue", travels(&read(&widget.glue)?)?, most.glue),
        ("wasm", travels(&read(&widget.wasm)?)?, most.wasm),
        ("JavaScript in its place", travels(&read(&widget.plain)?)?, most.plain),
    ])
}

fn measured() -> Result<BTreeMap<String, usize>> {
    let text = fs::read(process::target_dir().join(MEASURED))
        .with_context(|| format!("the test size::one_nps did not write {MEASURED}"))?;
    let by_address: BTreeMap<String, usize> =
        serde_json::from_slice(&text).with_context(|| format!("{MEASURED} is not an object of address -> bytes"))?;
    // Without the module there was no prompt, and the sum would flatter us.
    if !by_address.keys().any(|address| address.ends_with(".wasm")) {
        bail!("{MEASURED} knows of no .wasm file: the test did not see a prompt");
    }
    Ok(by_address)
}

fn budget() -> Result<Budget> {
    let text = fs::read_to_string(BUDGET).with_context(|| format!("cannot read {BUDGET}"))?;
    toml::from_str(&text).with_context(|| format!("{BUDGET} has a mistake"))
}

fn over(what: &str, bytes: usize, most: usize) -> String {
    format!(
        "{what} takes {bytes} bytes, {} over the {most} of {BUDGET}: make it smaller, or raise the budget and say why",
        bytes - most
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_file_can_be_read_and_a_misspelt_line_cannot() {
        let text = fs::read_to_string(Path::new("..").join(BUDGET)).unwrap();
        toml::from_str::<Budget>(&text).unwrap();
        assert!(toml::from_str::<Budget>(&text.replace("loader =", "loder =")).is_err());
    }

    #[test]
    fn over_budget_says_by_how_much() {
        assert!(over("the loader", 2600, 2500).starts_with("the loader takes 2600 bytes, 100 over the 2500"));
    }
}
