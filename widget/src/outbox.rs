//! What happened with a prompt, handed to the loader, which puts it into the wire contract ([`engine::event`]) and keeps it
//! until the collector has it.

use crate::host::host;
use engine::event::Action;
use engine::prompt::Prompt;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// What is said of an interaction beside what it was.
#[derive(Clone, Copy)]
pub enum Detail<'a> {
    /// Of `shown`: whether the prompt came between the visitor and the page.
    Interrupts(bool),
    /// Of `shown`: the version of the bundle.
    Version(&'a str),
    /// Of `answered`: the same for all answers that belong together.
    Response(&'a str),
    /// Of `answered`: 0 to 10.
    Score(u8),
    /// Of `answered`: what they wrote.
    Comment(&'a str),
    /// Of `converted`: the text of the link.
    Link(&'a str),
}

/// Records an interaction. It is stored in the browser when this returns.
pub fn push(prompt: &Prompt, action: Action, details: &[Detail<'_>]) {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    if let Ok(props) = Details(details).serialize(&serializer) {
        let name = prompt.content.event_name(action);
        host().record(prompt.key.as_str(), on_the_wire(action), name, props);
    }
}

/// As serde writes it; saying it again is what keeps a table of names out of the widget.
fn on_the_wire(action: Action) -> &'static str {
    match action {
        Action::Shown => "shown",
        Action::Clicked => "clicked",
        Action::Dismissed => "dismissed",
        Action::Answered => "answered",
        Action::Converted => "converted",
    }
}

struct Details<'a>(&'a [Detail<'a>]);

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for detail in self.0 {
            match detail {
                Detail::Interrupts(flag) => map.serialize_entry("interrupts", flag),
                Detail::Version(text) => map.serialize_entry("version", text),
                Detail::Response(text) => map.serialize_entry("response", text),
                Detail::Score(score) => map.serialize_entry("score", score),
                Detail::Comment(text) => map.serialize_entry("comment", text),
                Detail::Link(text) => map.serialize_entry("link", text),
            }?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde::de::value::{Error, StrDeserializer};

    #[test]
    fn actions_are_called_what_the_collector_calls_them() {
        for action in [Action::Shown, Action::Clicked, Action::Dismissed, Action::Answered, Action::Converted] {
            let name = StrDeserializer::<Error>::new(on_the_wire(action));
            assert_eq!(Action::deserialize(name), Ok(action));
        }
    }
}
