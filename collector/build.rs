//! Puts the built widget, the example sites, the templates of prompts and the list of referrers into the binary.
//!
//! It never builds wasm: it embeds what `cargo xtask widget` left in `target/widget/` and `target/console/`, and empty tables where that has
//! not run, so that plain `cargo check`, clippy and rust-analyzer work in a fresh clone.
//!
//! It writes `$OUT_DIR/embedded.rs` with four tables of one shape, sorted by name. Whoever includes it brings the type:
//! `struct Embedded { name: &'static str, plain: &'static [u8], brotli: Option<&'static [u8]>, gzip: Option<&'static [u8]> }`.
//! - `WIDGET`: `loader.js`, `core-<hash>.js` (glue) and `core-<hash>.wasm`, the hashed two with both encodings.
//! - `CONSOLE`: what pages of the console load beside their own (`htmx.js`, `plots.js`).
//! - `EXAMPLES`: every file of the demo's folders below `examples/`, named from there on (`shop/index.html`, `prompts/nps.json`).
//! - `TEMPLATES`: the files of `examples/templates`, named by themselves (`nps.json`).
//!
//! And `$OUT_DIR/places.rs`: `data/referrers.txt` as tables, which `collector::source` includes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "build/referrers.rs"]
mod referrers;

/// File name inside the table -> where the file is.
type Files = BTreeMap<String, PathBuf>;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace member has a parent").to_owned();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));

    let widget = root.join("target/widget");
    // Cargo runs a build script again and again while a path it watches is missing. An empty folder is watched in peace.
    // Where it cannot be made there is no widget either.
    let _ = fs::create_dir_all(&widget);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", widget.display());
    let mut widget_files = Files::new();
    collect(&widget, &widget, &mut widget_files)?;

    let console = root.join("target/console");
    let _ = fs::create_dir_all(&console);
    println!("cargo::rerun-if-changed={}", console.display());
    let mut console_files = Files::new();
    collect(&console, &console, &mut console_files)?;

    let examples = root.join("examples");
    let mut example_files = Files::new();
    for part in ["shop", "spa", "gallery", "prompts", "journeys"] {
        let folder = examples.join(part);
        let watched = if folder.is_dir() { &folder } else { &examples };
        println!("cargo::rerun-if-changed={}", watched.display());
        collect(&examples, &folder, &mut example_files)?;
    }
    let settings = examples.join("site.json");
    println!("cargo::rerun-if-changed={}", if settings.is_file() { &settings } else { &examples }.display());
    if settings.is_file() {
        example_files.insert("site.json".to_owned(), settings);
    }

    let templates = examples.join("templates");
    println!("cargo::rerun-if-changed={}", if templates.is_dir() { &templates } else { &examples }.display());
    let mut template_files = Files::new();
    collect(&templates, &templates, &mut template_files)?;

    let code = table("WIDGET", &widget_files)
        + &table("CONSOLE", &console_files)
        + &table("EXAMPLES", &example_files)
        + &table("TEMPLATES", &template_files);
    fs::write(out.join("embedded.rs"), code)?;

    println!("cargo::rerun-if-changed=build/referrers.rs");
    println!("cargo::rerun-if-changed=data/referrers.txt");
    let data = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/referrers.txt"))?;
    fs::write(out.join("places.rs"), referrers::code(&data).map_err(io::Error::other)?)
}

/// Every file below `folder`, named relative to `base` with forward slashes. A folder that is not there holds nothing.
fn collect(base: &Path, folder: &Path, into: &mut Files) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(base, &path, into)?;
        } else if let Ok(name) = path.strip_prefix(base) {
            into.insert(name.to_string_lossy().replace('\\', "/"), path);
        }
    }
    Ok(())
}

/// One table. `x.br` and `x.gz` are encodings of `x` and no entries of their own; the manifest is for people.
fn table(name: &str, files: &Files) -> String {
    let mut code = format!("static {name}: &[Embedded] = &[\n");
    for (file, path) in files {
        if file == "manifest.json" || file.ends_with(".br") || file.ends_with(".gz") {
            continue;
        }
        let encoding = |suffix: &str| match files.get(&format!("{file}.{suffix}")) {
            Some(path) => format!("Some(include_bytes!({path:?}))"),
            None => "None".to_owned(),
        };
        let (brotli, gzip) = (encoding("br"), encoding("gz"));
        // Writing to a String cannot fail.
        let _ = writeln!(
            code,
            "    Embedded {{ name: {file:?}, plain: include_bytes!({path:?}), brotli: {brotli}, gzip: {gzip} }},"
        );
    }
    code + "];\n"
}
