//! Documents as files: what each is, how it is written, and what an uploaded one would change.

use engine::journey::Journey;
use engine::prompt::Prompt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::prompts::difference::{Change, difference};
use crate::prompts::files::File;
use crate::prompts::ruleset::Settings;
use crate::store::documents::DocumentRow;

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The site's settings, of which there is one document.
    Settings,
    /// A journey.
    Journey,
    /// A prompt.
    Prompt,
}

/// A document as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub key: String,
    /// What it says, as JSON.
    pub body: String,
    /// Another one for each body.
    pub version: String,
}

/// An uploaded document, and what it would do.
#[derive(Debug)]
pub struct Planned {
    /// The file.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub key: String,
    /// What it would do.
    pub fate: Fate,
}

/// What an uploaded document would do.
#[derive(PartialEq, Eq, Debug)]
pub enum Fate {
    /// There is none of its name.
    New,
    /// Nothing.
    Same,
    /// These places would be others.
    Changed(Vec<Change>),
}

impl Kind {
    /// All of them, in the order in which files are listed.
    pub const ALL: [Kind; 3] = [Kind::Settings, Kind::Journey, Kind::Prompt];

    /// Its name in the database and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Settings => "settings",
            Kind::Journey => "journey",
            Kind::Prompt => "prompt",
        }
    }

    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Settings => "Settings",
            Kind::Journey => "Journey",
            Kind::Prompt => "Prompt",
        }
    }

    fn of(value: &Value) -> Kind {
        let has = |field: &str| value.get(field).is_some();
        match () {
            () if has("stages") || has("transitions") => Kind::Journey,
            () if has("content") || has("placement") => Kind::Prompt,
            () => Kind::Settings,
        }
    }

    /// The text that this release would keep, laid out for people.
    fn laid_out(self, text: &str) -> Option<String> {
        match self {
            Kind::Settings => pretty::<Settings>(text),
            Kind::Journey => pretty::<Journey>(text),
            Kind::Prompt => pretty::<Prompt>(text),
        }
    }
}

impl Stored {
    /// A row of the database.
    pub fn of(kind: Kind, (key, body, version): DocumentRow) -> Stored {
        Stored { kind, key, body, version }
    }

    /// Whether a text says something else; what cannot be read does.
    pub fn differs(&self, text: &str) -> bool {
        self.kind.laid_out(&self.body) != self.kind.laid_out(text)
    }

    /// Its file.
    pub fn file(&self) -> File {
        let path = match self.kind {
            Kind::Settings => "site.json".to_owned(),
            Kind::Journey => format!("journeys/{}.json", self.key),
            Kind::Prompt => format!("prompts/{}.json", self.key),
        };
        File { path, text: self.kind.laid_out(&self.body).unwrap_or_else(|| self.body.clone()) + "\n" }
    }
}

/// What files would do. Each has to fit by itself: what does not is left out here and told by the check.
pub fn plan(files: &[File], stored: &[Stored]) -> Vec<Planned> {
    let one = |file: &File| {
        let kind = Kind::of(&serde_json::from_str(&file.text).ok()?);
        // Both in the form in which they are kept, so that a default that was written out is no difference.
        let after: Value = serde_json::from_str(&kind.laid_out(&file.text)?).ok()?;
        let key = match kind {
            Kind::Settings => "site",
            _ => after.get("key")?.as_str()?,
        };
        let before = stored.iter().find(|stored| (stored.kind, stored.key.as_str()) == (kind, key));
        let fate = match before {
            None => Fate::New,
            Some(before) => {
                let before: Value = serde_json::from_str(&kind.laid_out(&before.body)?).ok()?;
                let changes = difference(&before, &after);
                if changes.is_empty() { Fate::Same } else { Fate::Changed(changes) }
            }
        };
        Some(Planned { path: file.path.clone(), kind, key: key.to_owned(), fate })
    };
    files.iter().filter_map(one).collect()
}

fn pretty<T: DeserializeOwned + Serialize>(text: &str) -> Option<String> {
    serde_json::to_string_pretty(&serde_json::from_str::<T>(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(kind: Kind, key: &str, body: &str) -> Stored {
        Stored { kind, key: key.to_owned(), body: body.to_owned(), version: String::new() }
    }

    #[test]
    fn a_plan_says_what_each_file_would_do() {
        let groups = |paths: &str| format!("{{\"page_groups\": [{{\"key\": \"docs\", \"paths\": {paths}}}]}}");
        let settings = stored(Kind::Settings, "site", &groups("[\"/docs/**\"]"));
        let file = |text: String| File { path: "a.json".to_owned(), text };
        let fate = |text: String, stored: &[Stored]| plan(&[file(text)], stored).pop().map(|planned| planned.fate);
        let stored = [settings.clone()];
        assert_eq!(fate(groups("[\"/docs/**\"]"), &stored), Some(Fate::Same));
        assert_eq!(fate(settings.file().text, &stored), Some(Fate::Same), "what was downloaded changes nothing");
        assert_eq!(fate(groups("[\"/docs/**\"]"), &[]), Some(Fate::New));
        let Some(Fate::Changed(changes)) = fate(groups("[\"/help\"]"), &stored) else { panic!("a change") };
        assert_eq!(changes, [("page_groups[0].paths[0]".to_owned(), "/docs/**".to_owned(), "/help".to_owned())]);
        assert_eq!(fate("not JSON".to_owned(), &stored), None);
    }
}
