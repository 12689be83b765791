//! The names by which module and glue know each other, made short.
//!
//! wasm-bindgen names an import `__wbg_createElement_4a31ed2fb252be`, once in each file, and no compression gets rid of a
//! hash. wasm-opt renames them in the module and prints what it did; this does the same to the glue.

use anyhow::{Context, Result};
use serde::Deserialize;

/// What wasm-opt printed.
#[derive(Deserialize)]
pub struct Renamed {
    /// Module, old name, new name.
    imports: Vec<(String, String, String)>,
    /// Old name, new name.
    exports: Vec<(String, String)>,
}

impl Renamed {
    /// What an import is called now.
    pub fn import(&self, name: &str) -> Result<&str> {
        let found = self.imports.iter().find(|(_, old, _)| old == name);
        found.map(|(_, _, new)| new.as_str()).with_context(|| format!("the module does not import {name} any more"))
    }
}

/// How wasm-bindgen calls the one module the wasm imports from, and how wasm-opt does.
const MODULE: (&str, &str) = ("\"./waymark_bg.js\"", "\"a\"");

/// Exports are renamed where the glue reads them, as `wasm.name`; imports wherever their name stands.
pub fn rename(glue: &str, renamed: &Renamed) -> String {
    let glue = glue.replace(MODULE.0, MODULE.1);
    let mut short = String::with_capacity(glue.len());
    let mut rest = glue.as_str();
    while let Some(start) = rest.find(in_name) {
        short.push_str(&rest[..start]);
        let name = &rest[start..];
        let name = &name[..name.find(|c| !in_name(c)).unwrap_or(name.len())];
        let new = if short.ends_with("wasm.") {
            renamed.exports.iter().find(|(old, _)| old == name).map(|(_, new)| new)
        } else {
            renamed.imports.iter().find(|(_, old, _)| old == name).map(|(_, _, new)| new)
        };
        short.push_str(new.map_or(name, String::as_str));
        rest = &rest[start + name.len()..];
    }
    short + rest
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_replaced_and_only_where_they_mean_the_module() {
        let renamed = Renamed {
            imports: vec![("./waymark_bg.js".into(), "__wbg_get_1a".into(), "b".into())],
            exports: vec![("start".into(), "C".into())],
        };
        let glue = "export function start(x) { wasm.start(x); wasm.start_2(); }\n\
                    const imports = { \"./waymark_bg.js\": { __wbg_get_1a: f, __wbg_get_1ab: g } };";
        let short = "export function start(x) { wasm.C(x); wasm.start_2(); }\n\
                     const imports = { \"a\": { b: f, __wbg_get_1ab: g } };";
        assert_eq!(rename(glue, &renamed), short);
    }
}
