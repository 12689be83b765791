//! What somebody answered: [`Given`] is whatever a page sends, [`Answer`] is what fits its question. Both have the same form in
//! JSON, so that an answer that was kept is read again as anything a page sends.

use crate::day::Day;
use crate::id::Key;
use crate::value::Value;
use core::fmt;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What a page sends as an answer: any JSON.
#[derive(Clone, PartialEq, Debug)]
pub enum Given {
    /// `null`: passed over.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text: an option's id, a day, what somebody wrote.
    Text(String),
    /// Several.
    List(Vec<Given>),
    /// `{"other": "in my own words"}`.
    Other(String),
    /// Any other object: fits nothing.
    Object,
}

/// An answer that fits its question.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// Passed over.
    Skipped,
    /// A score of a scale.
    Score(u8),
    /// One option.
    One(Pick),
    /// Several options, each once.
    Many(Vec<Pick>),
    /// All options, the best first.
    Ranked(Vec<Key>),
    /// Text: also an e-mail or web address.
    Text(String),
    /// A number; never infinite.
    Number(f64),
    /// A day.
    Date(Day),
    /// Ticked.
    Consent,
}

/// An option that was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pick {
    /// One of the survey's.
    Option(Key),
    /// None of them, in one's own words.
    Other(String),
}

/// The id under which "other" stands in rules, branches and events. No option may have it.
pub const OTHER: &str = "other";

/// The answers of one response, at most one a question. Filled by [`Survey::take`](super::Survey::take) and
/// [`Survey::resume`](super::Survey::resume).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answers(Vec<(Key, Answer)>);

impl Answers {
    /// The answer to a question.
    pub fn get(&self, question: &Key) -> Option<&Answer> {
        self.0.iter().find(|(key, _)| key == question).map(|(_, answer)| answer)
    }

    /// Keeps an answer in place of an earlier one. Only a survey does, after it has looked whether it fits.
    pub(super) fn set(&mut self, question: Key, answer: Answer) {
        match self.0.iter_mut().find(|(key, _)| *key == question) {
            Some(entry) => entry.1 = answer,
            None => self.0.push((question, answer)),
        }
    }

    /// All of them, in the order they were first given.
    pub fn iter(&self) -> impl Iterator<Item = &(Key, Answer)> {
        self.0.iter()
    }
}

impl Pick {
    /// The option's id; `other` for one's own words.
    pub fn id(&self) -> &str {
        match self {
            Pick::Option(key) => key.as_str(),
            Pick::Other(_) => OTHER,
        }
    }

    /// One's own words.
    pub fn words(&self) -> Option<&str> {
        match self {
            Pick::Option(_) => None,
            Pick::Other(words) => Some(words),
        }
    }
}

impl Answer {
    /// What branches test. "Other" is its words beside `other`; a ranking is its first option: that all are ranked says nothing.
    pub fn value(&self) -> Value {
        let text = |text: &str| Value::Text(text.to_owned());
        match self {
            Answer::Skipped => Value::Null,
            Answer::Score(score) => Value::Number(f64::from(*score)),
            Answer::One(Pick::Option(key)) => text(key.as_str()),
            Answer::One(other) => values(core::slice::from_ref(other)),
            Answer::Many(picks) => values(picks),
            Answer::Ranked(keys) => keys.first().map_or(Value::Null, |key| text(key.as_str())),
            Answer::Text(written) => text(written),
            Answer::Number(number) => Value::Number(*number),
            Answer::Date(date) => Value::Text(date.to_string()),
            Answer::Consent => Value::Bool(true),
        }
    }
}

fn values(picks: &[Pick]) -> Value {
    let texts = picks.iter().flat_map(|pick| [Some(pick.id()), pick.words()]).flatten();
    Value::List(texts.map(|text| Value::Text(text.to_owned())).collect())
}

impl Serialize for Pick {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Pick::Option(key) => key.serialize(serializer),
            Pick::Other(words) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(OTHER, words)?;
                map.end()
            }
        }
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Answer::Skipped => serializer.serialize_unit(),
            Answer::Score(score) => serializer.serialize_u8(*score),
            Answer::One(pick) => pick.serialize(serializer),
            Answer::Many(picks) => picks.serialize(serializer),
            Answer::Ranked(keys) => keys.serialize(serializer),
            Answer::Text(text) => serializer.serialize_str(text),
            Answer::Number(number) => serializer.serialize_f64(*number),
            Answer::Date(date) => date.serialize(serializer),
            Answer::Consent => serializer.serialize_bool(true),
        }
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, answer)| (key, answer)))
    }
}

impl<'de> Deserialize<'de> for Given {
    // By hand: a derived untagged enum buffers its input, which every visitor would pay for in bytes.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyGiven)
    }
}

struct AnyGiven;

impl<'de> de::Visitor<'de> for AnyGiven {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Given, E> {
        Ok(Given::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Given, E> {
        Ok(Given::Number(v as f64))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Given, E> {
        Ok(Given::Number(v as f64))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Given, E> {
        Ok(Given::Number(v))
    }

    fn visit_str<E>(self, v: &str) -> Result<Given, E> {
        Ok(Given::Text(v.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Given, E> {
        Ok(Given::Null)
    }

    fn visit_none<E>(self) -> Result<Given, E> {
        Ok(Given::Null)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Given, A::Error> {
        let mut list = Vec::new();
        while let Some(member) = seq.next_element()? {
            list.push(member);
        }
        Ok(Given::List(list))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
        let mut given = Given::Object;
        let mut members = 0;
        while let Some((name, member)) = map.next_entry::<String, Given>()? {
            members += 1;
            given = match member {
                Given::Text(words) if name == OTHER && members == 1 => Given::Other(words),
                _ => Given::Object,
            };
        }
        Ok(given)
    }
}
