//! A template for the tag manager, `template.tpl`: sections, each behind its name between underscores.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// A template as its file has it.
#[derive(Debug)]
pub struct Template(BTreeMap<String, String>);

impl Template {
    /// Reads a file, named from the root of the repository.
    ///
    /// # Panics
    /// When there is no such file, or a section of it is there twice.
    pub fn read(path: impl AsRef<Path>) -> Self {
        let path = crate::workspace().join(path);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut sections: BTreeMap<String, String> = BTreeMap::new();
        let mut open = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("___").and_then(|rest| rest.strip_suffix("___")) {
                name.clone_into(&mut open);
                assert!(sections.insert(open.clone(), String::new()).is_none(), "{name} twice");
            } else if let Some(section) = sections.get_mut(&open) {
                section.push_str(line);
                section.push('\n');
            }
        }
        Self(sections)
    }

    /// The names of its sections.
    pub fn sections(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// A section.
    ///
    /// # Panics
    /// When there is none of this name.
    pub fn section(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("no section {name}")).trim()
    }

    /// A section that is JSON.
    ///
    /// # Panics
    /// When it is not.
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(self.section(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Its script.
    pub fn code(&self) -> &str {
        self.section("SANDBOXED_JS_FOR_WEB_TEMPLATE")
    }

    /// What its script may do: permission, and each thing that is allowed by it, such as `waymark.q write` or a pattern of addresses.
    pub fn permissions(&self) -> BTreeMap<String, Vec<String>> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let mut all = BTreeMap::new();
        for permission in list(&self.json("WEB_PERMISSIONS")) {
            let mut allowed = Vec::new();
            let params = list(&permission["instance"]["param"]);
            for item in params.iter().flat_map(|param| list(&param["value"]["listItem"])) {
                // A pattern, or a map of what it is about and of what may be done with it.
                if item["string"].is_string() {
                    allowed.push(text(&item["string"]));
                    continue;
                }
                let values = list(&item["mapValue"]);
                let about = values.first().map(|value| text(&value["string"])).unwrap_or_default();
                for (key, value) in list(&item["mapKey"]).iter().zip(&values) {
                    if value["boolean"] == true {
                        allowed.push(format!("{about} {}", text(&key["string"])));
                    }
                }
            }
            all.insert(text(&permission["instance"]["key"]["publicId"]), allowed);
        }
        all
    }

    /// Its own tests: name and script of each, with what goes before all of them.
    pub fn scenarios(&self) -> Vec<(String, String)> {
        let (scenarios, setup) = self.section("TESTS").split_once("setup: |-\n").unwrap_or((self.section("TESTS"), ""));
        let mut all: Vec<(String, String)> = Vec::new();
        for line in scenarios.lines() {
            if let Some(name) = line.strip_prefix("- name: ") {
                all.push((name.to_owned(), format!("{setup}\n")));
            } else if let (Some(code), Some((_, script))) = (line.strip_prefix("    "), all.last_mut()) {
                script.push_str(code);
                script.push('\n');
            }
        }
        all
    }
}
