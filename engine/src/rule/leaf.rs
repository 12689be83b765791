//! What the leaves of a rule say. Only their form is here; what they mean is in [`super::memory`] (the log) and in the
//! widget's and collector's witnesses (the page).

use super::test::Test;
use crate::event::Action;
use crate::id::Key;
use crate::page::PathPattern;
use crate::source::{SourceField, Touch};
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// A parameter of the page's address passes a test.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct QueryIs {
    /// The parameter.
    pub param: String,
    /// What its decoded value must pass.
    pub test: Test,
}

/// A field of a source passes a test.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SourceIs {
    /// Which field.
    pub field: SourceField,
    /// What it must pass.
    pub test: Test,
    /// Of which arrival.
    #[serde(default)]
    pub touch: Touch,
}

/// A trait passes a test.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TraitIs {
    /// Whose trait.
    pub of: Owner,
    /// The trait's name.
    pub name: String,
    /// What it must pass.
    pub test: Test,
    /// Believe only what a server with the secret key said.
    #[serde(default)]
    pub trusted: bool,
}

/// Who has a trait.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Owner {
    Person,
    Account,
}

/// A property of an event passes a test.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Where {
    /// The property's name.
    pub prop: String,
    /// What it must pass.
    pub test: Test,
}

/// An event happened at least `count` times, within `within`, since `since`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct EventCount {
    /// The event's name.
    pub name: String,
    /// All of these must pass.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<Where>,
    /// The event happened on a page of this group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_group: Option<Key>,
    /// The event happened on such a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathPattern>,
    /// Only events that a server sent with the secret key count.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub trusted: bool,
    /// At least so often: 1 to 100.
    #[serde(default = "once")]
    pub count: u32,
    /// Within this long before now: in `(now - within, now]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// From when on it counts. Left out: since the stage was entered in a transition, since the cycle began in a
    /// milestone, ever elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

fn once() -> u32 {
    1
}

/// From when on events count.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// Since the current stage was entered, by the event that led into it too.
    Stage,
    /// Since the current cycle of the journey began.
    Cycle,
    /// Since the subject was first seen.
    Ever,
}

/// An event has not happened for `lasting`, counted from its last time or, if it is later, from the anchor.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct AbsentFor {
    /// The event's name.
    pub name: String,
    /// All of these must pass.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<Where>,
    /// For so long. After exactly this long the condition holds.
    #[serde(rename = "for")]
    pub lasting: Span,
    /// The anchor: the last time this event happened; while it has not happened, the condition does not hold. Left out: when
    /// the stage was entered, or, in a segment or prompt, when the subject was first seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_event: Option<String>,
}

/// Something happened before between the person and a prompt.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PromptDid {
    /// Which prompt.
    pub prompt: Key,
    /// What happened.
    pub did: Did,
    /// The answer's score passes this too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Test>,
    /// Within this long before now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
}

/// What a rule can ask of a prompt's past.
pub type Did = Action;

/// The subject's stage is one of these.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct StageIs {
    /// In which journey.
    pub journey: Key,
    /// Any of these.
    pub is: Vec<Key>,
}

/// The subject has been in its stage for at least so long.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TimeInStage {
    /// In which journey; a journey's own rules leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journey: Option<Key>,
    /// For so long. After exactly this long the condition holds.
    pub at_least: Span,
}
