//! What people call the things that rules ask for by their keys.

use crate::id::Key;
use serde::{Deserialize, Serialize};

/// What a key may be of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameOf {
    /// A prompt.
    Prompt,
    /// A stage of a journey.
    Stage,
    /// A milestone of a journey.
    Milestone,
}

/// Names by keys. What has none here goes by its key.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(Vec<(NameOf, Key, String)>);

impl Names {
    /// Adds a name, unless it is empty. A key that two journeys call by different names goes by itself.
    pub fn add(&mut self, of: NameOf, key: &Key, name: &str) {
        if name.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|(kind, one, _)| *kind == of && one == key) {
            Some((.., known)) if known != name => *known = key.to_string(),
            Some(_) => {}
            None => self.0.push((of, key.clone(), name.to_owned())),
        }
    }

    /// What something is called.
    pub fn of<'a>(&'a self, of: NameOf, key: &'a str) -> &'a str {
        let known = self.0.iter().find(|(kind, one, _)| *kind == of && one.as_str() == key);
        known.map_or(key, |(.., name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_journeys_call_by_two_names_goes_by_its_key() {
        let key = |text: &str| Key::parse(text).unwrap();
        let mut names = Names::default();
        for (of, one, name) in [
            (NameOf::Stage, "trial", "Free trial"),
            (NameOf::Stage, "trial", "Free trial"),
            (NameOf::Stage, "gone", "Gone"),
            (NameOf::Stage, "gone", "Left us"),
            (NameOf::Prompt, "trial", ""),
        ] {
            names.add(of, &key(one), name);
        }
        let told =
            [(NameOf::Stage, "trial"), (NameOf::Stage, "gone"), (NameOf::Prompt, "trial"), (NameOf::Stage, "new")];
        assert_eq!(told.map(|(of, one)| names.of(of, one)), ["Free trial", "gone", "trial", "new"]);
    }
}
