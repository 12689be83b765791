//! What fields are offered by name: what was recorded is suggested, what was defined is chosen from.

use std::collections::BTreeMap;

use maud::{Markup, html};

/// Names that fields may ask for, by what kind of name it is.
#[derive(Debug, Default)]
pub struct Known {
    recorded: BTreeMap<&'static str, Vec<String>>,
    defined: BTreeMap<&'static str, Vec<(String, String)>>,
}

impl Known {
    /// Adds what was recorded: anything else may be meant too.
    pub fn recorded(&mut self, kind: &'static str, names: impl IntoIterator<Item = impl Into<String>>) {
        self.recorded.insert(kind, names.into_iter().map(Into::into).collect());
    }

    /// Adds what was defined: key and name of each.
    pub fn defined(&mut self, kind: &'static str, all: impl IntoIterator<Item = (String, String)>) {
        self.defined.insert(kind, all.into_iter().collect());
    }

    /// What a field may be, if that is known.
    pub fn choices(&self, kind: &str) -> Option<&[(String, String)]> {
        self.defined.get(kind).map(Vec::as_slice).filter(|all| !all.is_empty())
    }

    /// What was recorded.
    pub fn texts(&self, kind: &str) -> &[String] {
        self.recorded.get(kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// What one of them is called.
    pub fn name(&self, kind: &str, key: &str) -> String {
        let known = self.choices(kind).unwrap_or_default().iter().find(|(one, _)| one == key);
        known.map_or_else(|| key.replace('_', " "), |(_, name)| name.clone())
    }

    /// The suggestions, for the page that has the fields.
    pub fn lists(&self) -> Markup {
        html! { @for (kind, names) in &self.recorded {
            datalist id={ "known-" (kind) } { @for name in names { option value=(name) {} } }
        } }
    }
}
