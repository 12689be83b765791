//! The small files to `target/widget/`: named by content, compressed once and for all, put in place in one step.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::plain::ENDING;
use super::shrink::Parts;
use super::{FOLDER, Manifest, Module};

/// What the module that shows prompts is called here, and what pages fetch it by: a name that no list of blockers looks for.
const MAIN: (&str, &str) = ("waymark", "core");

/// Writes everything beside the old folder, then takes its place.
pub fn publish(parts: &Parts, inputs: String) -> Result<()> {
    let scratch = tempfile::tempdir_in("target").context("cannot make a scratch folder in target/")?;
    let next = scratch.path().join("widget");
    fs::create_dir(&next)?;
    // These are compressed by the collector, with a site's settings in them.
    for (name, script) in &parts.scripts {
        fs::write(next.join(name), script)?;
    }
    let scripts = parts.scripts.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut modules = BTreeMap::new();
    for part in &parts.modules {
        let name = if part.name == MAIN.0 { MAIN.1 } else { part.name };
        let all = hash(&[part.glue.as_slice(), &part.wasm, &part.plain].concat());
        let [glue, wasm, plain] = [".js", ".wasm", ENDING].map(|kind| format!("{name}-{}{kind}", &all[..8]));
        for (name, bytes) in [(&glue, &part.glue), (&wasm, &part.wasm), (&plain, &part.plain)] {
            fs::write(next.join(name), bytes)?;
            fs::write(next.join(format!("{name}.br")), brotli(bytes)?)?;
            fs::write(next.join(format!("{name}.gz")), gzip(bytes)?)?;
        }
        modules.insert(part.name.to_owned(), Module { glue, wasm, plain, inputs: part.inputs.clone() });
    }
    let names = Manifest { scripts, modules, inputs };
    fs::write(next.join("manifest.json"), serde_json::to_vec_pretty(&names)?)?;

    if Path::new(FOLDER).exists() {
        fs::remove_dir_all(FOLDER).with_context(|| format!("cannot replace {FOLDER}"))?;
    }
    fs::rename(next, FOLDER).with_context(|| format!("cannot put {FOLDER} in place"))
}

/// One line per file: as it is, and as it travels.
pub fn show_sizes(manifest: &Manifest) -> Result<()> {
    println!("{:<28} {:>9} {:>9}", FOLDER, "bytes", "brotli");
    let mut total = 0;
    let modules = manifest.modules.values().flat_map(|module| [&module.glue, &module.wasm, &module.plain]);
    for name in manifest.scripts.iter().chain(modules) {
        let bytes = fs::read(Path::new(FOLDER).join(name))?;
        let travels = brotli(&bytes)?.len();
        total += travels;
        println!("{name:<28} {:>9} {travels:>9}", bytes.len());
    }
    println!("{:<28} {:>9} {total:>9}", "together", "");
    Ok(())
}

/// Brotli at its strongest, as a file is compressed once and sent often.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params).context("brotli failed")?;
    Ok(packed)
}

/// SHA-256 in hex.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same for whoever has no brotli.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
