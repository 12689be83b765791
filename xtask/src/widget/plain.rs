//! The same module as JavaScript, with its glue in one script, for pages that let no WebAssembly run and for sites that want none tried.
//!
//! Not another build: what rustc made of it is told to use no reference types, whatever wasm2js lacks is lowered, and wasm2js translates it.
//! The one thing to know: memory that grows is another buffer here, and the old one is not detached, so the glue has to look for that.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::rename::{self, Renamed};
use super::shrink::{self, FEATURES, SHORT_NAMES};
use crate::process;

/// How the file's name ends; pages that go on with it remember that.
pub const ENDING: &str = ".plain.js";

/// What makes wasm-bindgen use what wasm2js does not know, as the module's list of features says it.
const WITHOUT: [&[u8]; 2] = [b"+\x0freference-types", b"+\x0amultivalue"];

/// What wasm2js does not know, said by what it does.
const LOWER: [&str; 3] =
    ["--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering", "--signext-lowering"];

/// Makes the module: its imports are all in one place, those of wasm-bindgen's compiler beside the glue's.
const BEGIN: &str = r#"
import { __wbg_get_imports, __wbg_finalize_init } from "./waymark.js";
import { EXPORTS } from "./functions.js";
import code from "./code.js";
const begin = () => __wbg_finalize_init({ exports: code({ a: { ...__wbg_get_imports().a, STATICS: () => RESERVED } }) });
"#;

/// What the loader imports. A page's policy may allow more one day, so once a week the next module is tried as WebAssembly again, unless
/// the site wants it so.
const WIDGET: &str = r#"
let begun;
export default (host) => {
  if (!host.engine && host.kept('tried') < Date.now() - 6048e5) host.keep('plain');
  begun = begun || begin();
  start(host);
  return { EXPORTS };
};
"#;

/// What tests import: each call makes the module anew.
const LIBRARY: &str = "export { begin as default, EXPORTS };";

/// A module of the widget.
pub fn widget(name: &str, module: &Path) -> Result<Vec<u8>> {
    make(name, module, WIDGET)
}

/// Another library.
pub fn library(name: &str, module: &Path) -> Result<Vec<u8>> {
    make(name, module, LIBRARY)
}

fn make(name: &str, module: &Path, entry: &str) -> Result<Vec<u8>> {
    let scratch = tempfile::tempdir_in("target").context("cannot make a scratch folder in target/")?;
    let file = |name: &str| scratch.path().join(name);
    shrink::bindgen(without(fs::read(module).context("cannot read the compiled widget")?)?, scratch.path())?;
    let mut wasm_opt = shrink::tool("binaryen/bin/wasm-opt");
    wasm_opt.args(FEATURES).args(LOWER).args([
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
        SHORT_NAMES,
    ]);
    let renamed = process::read(wasm_opt.arg(file("waymark_bg.wasm")).arg("-o").arg(file("lowered.wasm")))?;
    let renamed: Renamed = serde_json::from_str(&renamed).context("wasm-opt did not say what it renamed")?;
    let mut wasm2js = shrink::tool("binaryen/bin/wasm2js");
    wasm2js.args(["--enable-mutable-globals", "-Oz"]).arg(file("lowered.wasm")).arg("-o").arg(file("translated.js"));
    process::read(&mut wasm2js)?;

    let glue = fs::read_to_string(file("waymark.js"))?;
    let begin = BEGIN.replace("STATICS", renamed.import(STATICS)?).replace("RESERVED", reserved(&glue)?);
    let functions = shrink::functions(name, &glue, scratch.path())?;
    fs::write(file("entry.js"), [begin.as_str(), entry].concat().replace("EXPORTS", &functions))?;
    fs::write(file("waymark.js"), self::glue(&glue, &renamed)?)?;
    fs::write(file("code.js"), code(&fs::read_to_string(file("translated.js"))?)?)?;
    Ok(shrink::bundle(&file("entry.js"), "--minify")?.into_bytes())
}

/// The raw module, saying of itself that it does without.
fn without(mut module: Vec<u8>) -> Result<Vec<u8>> {
    for feature in WITHOUT {
        let at = module.windows(feature.len()).rposition(|part| part == feature);
        let at = at.context("the module does not list its features as it did")?;
        module[at] = b'-';
    }
    Ok(module)
}

/// Asks how many slots of the table of references are taken for good. Compiled for reference types, the module asks; wasm-bindgen would answer
/// in its place, had it any.
const STATICS: &str = "__wbindgen_externref_statics_end";

/// The answer, as the glue has it: below, nothing is ever dropped.
fn reserved(glue: &str) -> Result<&str> {
    let found = glue.split_once("if (idx < ").and_then(|(_, rest)| rest.split_once(") return;"));
    found
        .map(|(number, _)| number)
        .filter(|number| number.parse::<u32>().is_ok())
        .context("the glue does not say any more what it keeps for good")
}

/// The glue under short names, with what [`BEGIN`] needs of it.
fn glue(glue: &str, renamed: &Renamed) -> Result<String> {
    let mut fresh = String::with_capacity(glue.len());
    for line in glue.lines() {
        let view = line.trim_start().strip_prefix("if (").and_then(|rest| rest.split_once(" === null || "));
        match view {
            Some((view, _)) => writeln!(fresh, "if ({view}?.buffer !== wasm.memory.buffer) {{")?,
            // Answered in `BEGIN`.
            None if line.starts_with("import ") => writeln!(fresh, "const import1 = 0;")?,
            None => writeln!(fresh, "{line}")?,
        }
    }
    let stale = ["byteLength === 0", ".detached"].iter().any(|old| fresh.contains(old));
    ensure!(!stale, "the glue looks for memory that has grown in a way that is not known here");
    Ok(rename::rename(&fresh, renamed) + "\nexport { __wbg_get_imports, __wbg_finalize_init };\n")
}

/// In the place of what decodes Base64.
const PUT: &str = "var bufferView;
const put = (at, text) => { for (let i = 0; i < text.length; i++) bufferView[at + i] = text.charCodeAt(i); };
";

/// What wasm2js made, as a function to import, and its data as text: half of it is text anyway, and Base64 hides that from compression.
fn code(translated: &str) -> Result<String> {
    const DATA: &str = "base64DecodeToExistingUint8Array(bufferView, ";
    let shape = "wasm2js writes its modules in another way than it did";
    let start = translated.find("function initActiveSegments").context(shape)?;
    let end = translated.find("var retasmFunc = ").context(shape)?;
    let mut code = String::from(PUT);
    for line in translated[start..end].lines() {
        let data = line.trim().strip_prefix(DATA).and_then(|rest| rest.strip_suffix("\");"));
        match data.and_then(|rest| rest.split_once(", \"")) {
            Some((at, base64)) => {
                let bytes = BASE64_STANDARD.decode(base64).context(shape)?;
                writeln!(code, "put({at}, \"{}\");", bytes.iter().map(|byte| escaped(*byte)).collect::<String>())?;
            }
            None => writeln!(code, "{line}")?,
        }
    }
    ensure!(!code.contains("base64Decode"), shape);
    Ok(code + "export default asmFunc;\n")
}

/// A byte as the letter of that number, for a text in double quotes.
fn escaped(byte: u8) -> String {
    match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        0..=31 | 127..=159 => format!("\\x{byte:02x}"),
        _ => char::from(byte).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_says_that_it_does_without() {
        let list = b"code..t+\x0freference-types+\x0amultivalue+\x08sign-ext".to_vec();
        assert_eq!(without(list).unwrap(), b"code..t-\x0freference-types-\x0amultivalue+\x08sign-ext");
        assert!(without(b"none".to_vec()).is_err());
    }

    #[test]
    fn memory_that_has_grown_is_looked_for() {
        let renamed: Renamed = serde_json::from_str(r#"{ "imports": [], "exports": [["memory", "b"]] }"#).unwrap();
        let lines = "import * as import1 from \"x\"\n    if (cachedView === null || cachedView.byteLength === 0) {\n";
        let short = glue(lines, &renamed).unwrap();
        assert!(short.starts_with("const import1 = 0;\nif (cachedView?.buffer !== wasm.b.buffer) {\n"), "{short}");
        assert!(glue("if (other.byteLength === 0) {", &renamed).is_err(), "or it would go on with what is gone");
    }

    #[test]
    fn data_is_text_and_nothing_else_changes() {
        let translated = "import * as a from 'a';\n  var base64Reverse = 1;\nfunction initActiveSegments(imports) {\n  \
                          base64DecodeToExistingUint8Array(bufferView, 12, \"YSIAXOk=\");\n}\nfunction asmFunc() {}\n\
                          var retasmFunc = asmFunc();\nexport var b = 1;";
        let expected = "function initActiveSegments(imports) {\nput(12, \"a\\\"\\x00\\\\\u{e9}\");\n}\nfunction asmFunc() {}\nexport default asmFunc;\n";
        assert_eq!(code(translated).unwrap(), [PUT, expected].concat());
        assert!(code("something else").is_err());
    }

    #[test]
    fn what_is_kept_for_good_is_read_off_the_glue() {
        assert_eq!(reserved("function dropObject(idx) {\n    if (idx < 1028) return;\n").unwrap(), "1028");
        assert!(reserved("if (idx < heap.length) return;").is_err());
    }
}
