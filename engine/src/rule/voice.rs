//! Who says a trait, and whose word goes before whose.
//!
//! `identify` and `group` say traits, from servers and from browsers: the latest one counts, and a rule may ask for servers alone. An
//! answer to a prompt says one too, but a shy one: it takes nothing back that a server has said, and, given before anybody had said
//! who sat there, nothing that is known of the person at all.

use super::leaf::{Owner, TraitIs};
use crate::event::name;
use crate::log::LogEvent;
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// Whose word a value is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Voice {
    /// Somebody answered a prompt before it was known who they are.
    Stranger,
    /// A browser: `identify`, `group`, or an answer of somebody who is known.
    Browser,
    /// A server with the secret key, or one of ours.
    Server,
}

/// What an event says of a trait.
pub(super) struct Word<'e> {
    pub value: &'e Value,
    pub voice: Voice,
    is_answer: bool,
}

impl Word<'_> {
    /// Whether it goes before what was said earlier.
    pub fn replaces(&self, earlier: Option<Voice>) -> bool {
        !self.is_answer || earlier.is_none_or(|earlier| earlier <= self.voice)
    }
}

/// The event that carries the traits of an owner.
fn carrier(of: Owner) -> &'static str {
    match of {
        Owner::Person => name::IDENTIFIED,
        Owner::Account => name::GROUPED,
    }
}

/// What an event says of a trait that a rule asks for.
pub(super) fn word<'e>(event: &'e LogEvent, wanted: &TraitIs) -> Option<Word<'e>> {
    let voice = match (event.origin.is_trusted(), event.anonymous) {
        (true, _) => Voice::Server,
        (false, _) if wanted.trusted => return None,
        (false, false) => Voice::Browser,
        (false, true) => Voice::Stranger,
    };
    if event.name == carrier(wanted.of) {
        // Whoever says who they are is no stranger from then on.
        let voice = voice.max(Voice::Browser);
        return event.props.get(&wanted.name).map(|value| Word { value, voice, is_answer: false });
    }
    let (name, value) = event.answered_trait().filter(|_| wanted.of == Owner::Person)?;
    (name == wanted.name).then_some(Word { value, voice, is_answer: true })
}
