//! Times and events as cases write them.

use engine::event::Action;
use engine::log::{LogEvent, Origin};
use engine::{Key, Props, Span, Timestamp, Uuid};
use serde::{Deserialize, Deserializer, de};

/// A length of time that may be a sum: `7d`, `7d-1ms`, `-1h`.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Offset(pub i64);

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (mut sum, mut sign, mut from) = (0, 1, 0);
        let span = |from: usize, to: usize| match Span::parse(&text[from..to]) {
            Some(span) => Ok(span.0),
            None if to == 0 => Ok(0),
            None => Err(de::Error::custom(format!("not a time: {text}"))),
        };
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'+' || byte == b'-' {
                sum += sign * span(from, at)?;
                sign = if byte == b'-' { -1 } else { 1 };
                from = at + 1;
            }
        }
        sum += sign * span(from, text.len())?;
        Ok(Offset(sum))
    }
}

/// One event of a case's log.
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, which becomes its id; its place in the list, from 1, if left out.
    #[serde(default)]
    id: Option<u32>,
    /// Rules: so long before now. Journeys: so long after the beginning.
    at: Offset,
    name: String,
    #[serde(default = "web")]
    origin: Origin,
    #[serde(default)]
    props: Props,
    #[serde(default)]
    url: String,
    #[serde(default)]
    referrer: String,
    #[serde(default)]
    session: Option<u32>,
    #[serde(default)]
    prompt: Option<(Key, Action)>,
    #[serde(default)]
    anonymous: bool,
}

fn web() -> Origin {
    Origin::Web
}

/// The id of a number.
pub fn uuid(number: u32) -> Uuid {
    Uuid::from_bytes(u128::from(number).to_be_bytes())
}

/// The events of a case in the order they are written, `when` saying which instant an offset is.
pub fn events(entries: &[Entry], when: impl Fn(Offset) -> Timestamp) -> Vec<LogEvent> {
    let event = |(index, entry): (usize, &Entry)| LogEvent {
        id: uuid(entry.id.unwrap_or(index as u32 + 1)),
        at: when(entry.at),
        origin: entry.origin,
        name: entry.name.clone(),
        props: entry.props.clone(),
        url: entry.url.clone(),
        referrer: entry.referrer.clone(),
        session: entry.session.map(uuid),
        prompt: entry.prompt.clone(),
        anonymous: entry.anonymous,
    };
    entries.iter().enumerate().map(event).collect()
}
