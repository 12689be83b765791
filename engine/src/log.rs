//! An event as the log holds it, and the log's order: what folds and memories read.

use crate::event::{Action, MAX_NAME, name};
use crate::id::{Key, Uuid};
use crate::time::Timestamp;
use crate::value::{Props, Value};
use serde::{Deserialize, Serialize};

/// Who recorded an event. The order breaks ties between events of one instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A server with the secret key: trusted.
    Server,
    /// A person in the console: trusted.
    Csm,
    /// A browser: claimed, not trusted.
    Web,
    /// One of our own jobs: trusted.
    Job,
}

impl Origin {
    /// Whether what it says is believed.
    pub fn is_trusted(self) -> bool {
        self != Origin::Web
    }
}

/// An event as the log holds it.
#[derive(Clone, PartialEq, Debug)]
pub struct LogEvent {
    /// Its id.
    pub id: Uuid,
    /// When it happened, corrected for the sender's clock.
    pub at: Timestamp,
    /// Who recorded it.
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// Its properties; the traits of `Identified` and `Grouped`.
    pub props: Props,
    /// The page it happened on; empty if none.
    pub url: String,
    /// What linked to that page; empty if nothing.
    pub referrer: String,
    /// The visit it belongs to.
    pub session: Option<Uuid>,
    /// The prompt it is about, and what happened with it.
    pub prompt: Option<(Key, Action)>,
    /// Recorded by a browser of which nobody had said yet whose it is.
    pub anonymous: bool,
}

/// The place of an event in its log: its time, who recorded it, its id.
pub type Order = (Timestamp, u8, Uuid);

impl LogEvent {
    /// The total order of a log: time, then who recorded it (identity before all), then the id.
    pub fn order(&self) -> Order {
        let is_identity = self.name == name::IDENTIFIED || self.name == name::GROUPED;
        (self.at, if is_identity { 0 } else { 1 + self.origin as u8 }, self.id)
    }

    /// The trait that an answer to a prompt says, with its value: `trait` and `trait_value` among the properties.
    pub fn answered_trait(&self) -> Option<(&str, &Value)> {
        self.prompt.as_ref().filter(|(_, action)| *action == Action::Answered)?;
        answered_trait(&self.props)
    }
}

/// The trait that the properties of an answer say, with its value. What is no name or nothing to compare says none.
pub fn answered_trait(props: &Props) -> Option<(&str, &Value)> {
    let Some(Value::Text(name)) = props.get("trait") else { return None };
    let is_name = !name.trim().is_empty() && name.len() <= MAX_NAME;
    let value = props.get("trait_value").filter(|value| !matches!(value, Value::Null | Value::Other));
    value.filter(|_| is_name).map(|value| (name.as_str(), value))
}
