//! The raw module to small files: wasm-bindgen makes the glue, wasm-opt shrinks the module, esbuild drops what the glue does not
//! need, terser shrinks the scripts. The same module as JavaScript is made beside it ([`plain`](super::plain)).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::{FOLDER, Manifest, plain, publish, rename};
use crate::process;

/// What stands in the loader where the collector puts a site's settings.
const TOKEN: &str = "...__WAYMARK__";

const LOADER: &str = "widget/js/loader.js";

/// Marks the lines of the loader that only some sites need.
const MORE: &str = "//+";

/// What stands before or behind the loader on some sites, and the token in it that becomes what it depends on.
const BESIDE: [(&str, Option<&str>); 3] =
    [("events.js", Some("__EVENTS__")), ("consent_mode.js", Some("__LAYER__")), ("tcf.js", None)];

/// What stands before the module that shows prompts, the functions of it that the first takes the place of, and what that uses.
const BEFORE: (&str, [&str; 3], [&str; 2]) = ("waymark", ["start", "visit", "leave"], ["module.js", "layer.js"]);

/// What every browser since 2021 has and rustc takes for granted. A module that needs more does not pass wasm-opt.
pub const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Names of one or two letters for whatever module and glue call each other by; says which.
pub const SHORT_NAMES: &str = "--minify-imports-and-exports-and-modules";

/// What the loader imports: the glue with a start of our own, which takes the module's response, since the loader asks for both at
/// once, and gives the module's functions. The start that wasm-bindgen brings can do much more, such as making good for a server that does
/// not say `application/wasm`; ours does, so esbuild drops all that.
///
/// A page may let no WebAssembly run. Then the same module as JavaScript takes over, unless the site wants none (`engine` is 0). That is told
/// to the collector, and remembered for a while, since each attempt violates the page's policy, which its owner's reports and the browser's
/// console tell of; what broke off on its way (a `TypeError`) is no such refusal, and before the loader has begun nobody has said yet whether
/// anything may be kept.
const ENTRY: &str = r#"
import { initSync } from "./waymark.js";
import { EXPORTS } from "./functions.js";
export default async (host, response) => {
  try {
    initSync({ module: await WebAssembly.compileStreaming(response) });
  } catch (error) {
    const own = import.meta.url;
    // What nobody reads would keep its connection.
    response.body?.cancel().catch(() => {});
    const tell = (words) => navigator.sendBeacon?.(new URL('../v1/refused', own), words);
    if (host.engine === 0) {
      tell(error);
      throw error;
    }
    const plain = await import(own.replace(/\.js$/, 'ENDING')).catch((also) => {
      tell('neither: ' + error + ' ' + also);
      throw also;
    });
    tell(error);
    if (window.waymark?.live && error.name !== 'TypeError') {
      host.keep('plain', 'ENDING');
      host.keep('tried', Date.now());
    }
    return plain.default(host);
  }
  start(host);
  return { EXPORTS };
};
"#;

/// The files, as small as they get before compression.
pub struct Parts {
    /// Those that are sent with a site's settings in them, by their names.
    pub scripts: Vec<(&'static str, Vec<u8>)>,
    pub modules: Vec<Part>,
}

/// A module.
pub struct Part {
    pub name: &'static str,
    pub glue: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Both of them as one script that needs no WebAssembly.
    pub plain: Vec<u8>,
    /// A hash of what it was made of.
    pub inputs: String,
}

/// A hash of everything the result depends on, this recipe included.
pub fn inputs(compiled: &[(&str, PathBuf)]) -> Result<String> {
    let mut all = Vec::new();
    for (_, module) in compiled {
        all.extend(inputs_of(module)?.into_bytes());
    }
    for file in BESIDE.map(|(name, _)| of_widget(name)).iter().map(String::as_str).chain([LOADER]) {
        all.extend(fs::read(file).with_context(|| format!("cannot read {file}"))?);
    }
    Ok(publish::hash(&all))
}

/// The same for one module.
pub fn inputs_of(module: &Path) -> Result<String> {
    let mut all = fs::read(module).context("cannot read the compiled widget")?;
    let before = BEFORE.2.map(of_widget);
    for file in before.iter().map(String::as_str).chain(["widget/package-lock.json", "Cargo.lock"]) {
        all.extend(fs::read(file).with_context(|| format!("cannot read {file}"))?);
    }
    let recipes =
        [include_str!("shrink.rs"), include_str!("plain.rs"), include_str!("rename.rs"), include_str!("publish.rs")];
    for recipe in recipes {
        all.extend(recipe.as_bytes());
    }
    Ok(publish::hash(&all))
}

/// Runs the tools in scratch folders, for each module at the same time; what has not changed is taken from the last build.
pub fn shrink(compiled: &[(&'static str, PathBuf)]) -> Result<Parts> {
    let more = script(LOADER, Some(TOKEN))?;
    let scratch = tempfile::tempdir_in("target").context("cannot make a scratch folder in target/")?;
    let plain = scratch.path().join("loader.js");
    fs::write(&plain, without_more(&fs::read_to_string(LOADER)?))?;
    let mut scripts = vec![("loader.js", script(&plain, Some(TOKEN))?), ("loader-more.js", more)];
    for (name, token) in BESIDE {
        scripts.push((name, script(of_widget(name), token)?));
    }
    let last = Manifest::read().ok();
    let modules = thread::scope(|scope| {
        let last = last.as_ref();
        let begun: Vec<_> =
            compiled.iter().map(|(name, module)| scope.spawn(move || part(name, module, last))).collect();
        let ended = begun.into_iter().map(|one| one.join().map_err(|_| anyhow!("a module could not be shrunk"))?);
        ended.collect::<Result<_>>()
    })?;
    Ok(Parts { scripts, modules })
}

fn of_widget(script: &str) -> String {
    format!("widget/js/{script}")
}

/// The loader as most sites get it.
fn without_more(script: &str) -> String {
    let plain = script.lines().filter(|line| !line.contains(MORE));
    plain.collect::<Vec<_>>().join("\n")
}

/// A script that is sent with a site's settings in the place of a token.
fn script(path: impl AsRef<Path>, token: Option<&str>) -> Result<Vec<u8>> {
    let path = path.as_ref();
    let script = terser(path, &[])?;
    let Some(token) = token else { return Ok(script) };
    let tokens = String::from_utf8_lossy(&script).matches(token).count();
    ensure!(tokens == 1, "minified, {} holds {token} {tokens} times: it must stand there exactly once", path.display());
    Ok(script)
}

fn part(name: &'static str, module: &Path, last: Option<&Manifest>) -> Result<Part> {
    let inputs = inputs_of(module)?;
    if let Some(known) = last.and_then(|last| last.modules.get(name)).filter(|known| known.inputs == inputs) {
        let read = |file: &str| fs::read(Path::new(FOLDER).join(file)).with_context(|| format!("cannot read {file}"));
        let (glue, wasm, plain) = (read(&known.glue)?, read(&known.wasm)?, read(&known.plain)?);
        return Ok(Part { name, glue, wasm, plain, inputs });
    }
    let (glue, wasm) = wasm(name, module)?;
    let plain = plain::widget(name, module)?;
    Ok(Part { name, glue, wasm, plain, inputs })
}

/// The module and its glue.
fn wasm(name: &str, module: &Path) -> Result<(Vec<u8>, Vec<u8>)> {
    let scratch = tempfile::tempdir_in("target").context("cannot make a scratch folder in target/")?;
    let small = optimize(module, scratch.path())?;

    // A run of its own: with `--converge` names would be renamed again and again.
    let wasm = scratch.path().join("renamed.wasm");
    let mut wasm_opt = tool("binaryen/bin/wasm-opt");
    wasm_opt.arg(SHORT_NAMES);
    let renamed = process::read(wasm_opt.args(FEATURES).arg(&small).arg("-o").arg(&wasm))?;
    let renamed = serde_json::from_str(&renamed).context("wasm-opt did not say what it renamed")?;

    let glue = scratch.path().join("waymark.js");
    let long = fs::read_to_string(&glue)?;
    fs::write(&glue, rename::rename(&long, &renamed))?;
    let entry = scratch.path().join("entry.js");
    let functions = functions(name, &long, scratch.path())?;
    fs::write(&entry, ENTRY.replace("EXPORTS", &functions).replace("ENDING", plain::ENDING))?;
    let bundled = scratch.path().join("bundled.js");
    // Syntax that saves it more than terser finds by itself.
    fs::write(&bundled, bundle(&entry, "--minify-syntax")?)?;
    Ok((terser(&bundled, &["--module"])?, fs::read(wasm)?))
}

/// A script with whatever it imports and uses.
pub fn bundle(entry: &Path, option: &str) -> Result<String> {
    let mut esbuild = tool("esbuild/bin/esbuild");
    esbuild.arg(entry).args(["--bundle", "--format=esm", "--target=es2022", "--charset=utf8", "--log-level=warning"]);
    process::read(esbuild.arg(option))
}

/// Makes the glue, `waymark.js`, and the module that belongs to it, as small as it gets under its long names. Gives the module's path.
pub fn optimize(module: &Path, into: &Path) -> Result<PathBuf> {
    bindgen(fs::read(module).context("cannot read the compiled widget")?, into)?;
    let small = into.join("small.wasm");
    let mut wasm_opt = tool("binaryen/bin/wasm-opt");
    wasm_opt.args([
        "-Oz",
        "--converge",
        "--strip-debug",
        "--strip-dwarf",
        "--strip-producers",
        "--strip-target-features",
    ]);
    process::run(wasm_opt.args(FEATURES).arg(into.join("waymark_bg.wasm")).arg("-o").arg(&small))?;
    Ok(small)
}

/// Makes the glue, `waymark.js`, and the module that belongs to it, `waymark_bg.wasm`.
pub fn bindgen(module: Vec<u8>, into: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("waymark", module).out_name("waymark").typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    // The loader says where the module is; the glue need not guess it from its own address.
    bindgen.omit_default_module_path(true);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(into)).context("wasm-bindgen refused the module")?;
    ensure!(
        !into.join("snippets").exists(),
        "the widget brings inline JavaScript snippets: they would be files of their own, to be loaded one by one"
    );
    Ok(())
}

/// Writes `functions.js`, which gives the module's own functions, those of wasm-bindgen aside, and says their names.
pub fn functions(name: &str, glue: &str, folder: &Path) -> Result<String> {
    let mut script = String::from("export * from \"./waymark.js\";");
    let (module, taken, scripts) = BEFORE;
    if name == module {
        for script in scripts {
            fs::copy(of_widget(script), folder.join(script)).with_context(|| format!("cannot read {script}"))?;
        }
        script += &format!("export {{ {} }} from \"./{}\";", taken.join(", "), scripts[0]);
    }
    fs::write(folder.join("functions.js"), script)?;
    let names = glue.lines().filter_map(|line| line.strip_prefix("export function ")?.split('(').next());
    Ok(names.collect::<Vec<_>>().join(", "))
}

/// A script without what is only for people, in the syntax that it is written in.
fn terser(input: &Path, options: &[&str]) -> Result<Vec<u8>> {
    let mut terser = tool("terser/bin/terser");
    terser.arg(input).args(["--ecma", "2020", "--compress", "passes=3,ecma=2020", "--mangle", "--comments", "false"]);
    let code = process::read(terser.args(options))?;
    ensure!(!code.is_empty(), "terser made nothing of {}", input.display());
    Ok(code.into_bytes())
}

/// A program of an npm package, run by Node.js as its shim would.
pub fn tool(path: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(PathBuf::from("widget/node_modules").join(path));
    node
}
