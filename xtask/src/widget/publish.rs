//! The small files to `target/widget/`: named by content, compressed once and for all, put in place in one step.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::{FOLDER, Manifest, shrink::Parts};

/// Writes everything beside the old folder, then takes its place.
pub fn publish(parts: &Parts, inputs: String) -> Result<()> {
    let scratch = tempfile::tempdir_in("target").context("cannot make a scratch folder in target/")?;
    let next = scratch.path().join("widget");
    fs::create_dir(&next)?;
    let names = Manifest {
        loader: "loader.js".to_owned(),
        glue: format!("waymark-{}.js", &hash(&parts.glue)[..8]),
        wasm: format!("waymark-{}_bg.wasm", &hash(&parts.wasm)[..8]),
        inputs,
    };
    // The loader is compressed by the collector, with a site's settings in it.
    fs::write(next.join(&names.loader), &parts.loader)?;
    for (name, bytes) in [(&names.glue, &parts.glue), (&names.wasm, &parts.wasm)] {
        fs::write(next.join(name), bytes)?;
        fs::write(next.join(format!("{name}.br")), brotli(bytes)?)?;
        fs::write(next.join(format!("{name}.gz")), gzip(bytes)?)?;
    }
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
    for name in [&manifest.loader, &manifest.glue, &manifest.wasm] {
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

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
