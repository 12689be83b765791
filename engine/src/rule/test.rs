//! Tests of one value: the leaves' operators. What is missing passes no test; "is not" is written `not` around the leaf, so
//! a missing value satisfies it. So `not` around `exists` is "missing", around `is` of several "none of them", and each test of a
//! page has its negation.

use super::date::Date;
use super::page_leaf::Age;
use super::pattern::Pattern;
use crate::decimal;
use crate::page::{glob, trim};
use crate::time::{Span, Timestamp};
use crate::value::Value;
use core::hash::{Hash, Hasher};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::borrow::Cow;

/// What a value must pass. Text is compared without regard to case (ASCII).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Equals one of these; a list, if one of its members does.
    Is(Vec<Scalar>),
    /// Is a list that has all of these.
    AllOf(Vec<Scalar>),
    /// Contains one of these texts.
    Contains(Vec<String>),
    /// Starts with one of these texts.
    StartsWith(Vec<String>),
    /// Ends with one of these texts.
    EndsWith(Vec<String>),
    /// Is one of these, in which `*` stands for anything without a `/` and `**` for anything.
    Glob(Vec<String>),
    /// One of these regular expressions is found in it.
    Matches(Vec<Pattern>),
    /// Is a number of at least this.
    AtLeast(Number),
    /// Is a number above this.
    Above(Number),
    /// Is a number of at most this.
    AtMost(Number),
    /// Is a number below this.
    Below(Number),
    /// Is a number from the first to the second, both of them included.
    Between(Number, Number),
    /// Is a date, as [`Date::of`] reads it, before this one.
    Before(Date),
    /// Is a date after this one.
    After(Date),
    /// Is a date less than so long ago, and not in the future. Of an event: before the event.
    WithinLast(Span),
    /// Is a date at least so long ago.
    OlderThan(Span),
    /// Is there at all, whatever it is.
    Exists,
}

/// One value to compare with.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
}

impl<'de> Deserialize<'de> for Scalar {
    // By hand: a derived untagged enum buffers its input, which every visitor would pay for in bytes.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(flag) => Ok(Scalar::Bool(flag)),
            Value::Number(number) => Ok(Scalar::Number(Number(number))),
            Value::Text(text) => Ok(Scalar::Text(text)),
            Value::List(_) | Value::Other | Value::Null => {
                Err(de::Error::custom("expected a text, a number, true or false"))
            }
        }
    }
}

/// A finite number, equal to itself bit by bit, so that rules can be compared and hashed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(pub f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Test {
    /// Whether the value passes. A list passes if any member does.
    pub fn passes(&self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) => false,
            (Test::Exists, _) => true,
            (Test::AllOf(wanted), Value::List(list)) => {
                wanted.iter().all(|wanted| list.iter().any(|member| wanted.equals(member)))
            }
            (Test::AllOf(wanted), _) => wanted.iter().all(|wanted| wanted.equals(value)),
            (_, Value::List(list)) => list.iter().any(|member| self.passes(member)),
            (_, Value::Text(text)) => self.passes_text(text),
            (_, Value::Number(number)) => self.passes_number(*number),
            (Test::Is(wanted), Value::Bool(_)) => wanted.iter().any(|wanted| wanted.equals(value)),
            (_, Value::Bool(_) | Value::Other) => false,
        }
    }

    /// As [`Test::passes`], for what is asked at an instant: of an age too, which is none of a list.
    pub fn passes_at(&self, value: &Value, at: Timestamp) -> bool {
        match self.age() {
            Some(age) => Date::of(value).is_some_and(|then| age.answer(then, at).truth == super::Truth::Yes),
            None => self.passes(value),
        }
    }

    /// What age it asks for, if it does. Only such a test has answers that time changes.
    pub fn age(&self) -> Option<Age> {
        match self {
            Test::WithinLast(span) => Some(Age::WithinLast(*span)),
            Test::OlderThan(span) => Some(Age::OlderThan(*span)),
            _ => None,
        }
    }

    /// Whether a text passes. Texts that are numbers do not count as numbers here: `AtLeast` fails on `"7"`, except in an
    /// address, where everything is text; see [`Test::passes_param`].
    pub fn passes_text(&self, text: &str) -> bool {
        self.passes_part(&|_| text.into(), |text| text)
    }

    /// Whether an address or a path passes, for which a slash at the end does not matter. `of` gives what of it counts for one text of
    /// this test.
    pub(super) fn passes_address<'a>(&self, of: &dyn Fn(&str) -> Cow<'a, str>) -> bool {
        self.passes_part(of, trim)
    }

    fn passes_part<'a>(&self, of: &dyn Fn(&str) -> Cow<'a, str>, trim: fn(&str) -> &str) -> bool {
        let any = |wanted: &[String], test: fn(&str, &str) -> bool| wanted.iter().any(|w| test(&of(w), w));
        let is = |wanted: &Scalar| match wanted {
            Scalar::Text(wanted) => trim(wanted).eq_ignore_ascii_case(trim(&of(wanted))),
            _ => false,
        };
        let date = || Date::parse(&of("")).map(|date| date.0);
        match self {
            Test::Is(wanted) => wanted.iter().any(is),
            Test::AllOf(wanted) => wanted.iter().all(is),
            Test::Contains(wanted) => any(wanted, contains),
            Test::StartsWith(wanted) => any(wanted, starts_with),
            Test::EndsWith(wanted) => any(wanted, ends_with),
            Test::Glob(wanted) => wanted.iter().any(|wanted| glob(trim(wanted), trim(&of(wanted)))),
            Test::Matches(wanted) => wanted.iter().any(|wanted| wanted.matches(&of(wanted.named()))),
            Test::Before(end) => date().is_some_and(|date| date < end.0),
            Test::After(start) => date().is_some_and(|date| date > start.0),
            Test::Exists => true,
            Test::AtLeast(_) | Test::Above(_) | Test::AtMost(_) | Test::Below(_) | Test::Between(..) => false,
            Test::WithinLast(_) | Test::OlderThan(_) => false,
        }
    }

    /// Whether a parameter of an address passes: as text, or as a number where the test asks for one.
    pub fn passes_param(&self, text: &str) -> bool {
        self.passes_text(text) || decimal::read(text).is_some_and(|number| self.passes_number(number))
    }

    pub(super) fn passes_number(&self, number: f64) -> bool {
        let is = |wanted: &Scalar| matches!(wanted, Scalar::Number(wanted) if wanted.0 == number);
        let date = || Date::of_number(number);
        match self {
            Test::Is(wanted) => wanted.iter().any(is),
            Test::AllOf(wanted) => wanted.iter().all(is),
            Test::AtLeast(bound) => number >= bound.0,
            Test::Above(bound) => number > bound.0,
            Test::AtMost(bound) => number <= bound.0,
            Test::Below(bound) => number < bound.0,
            Test::Between(low, high) => (low.0..=high.0).contains(&number),
            Test::Before(end) => date().is_some_and(|date| date < end.0),
            Test::After(start) => date().is_some_and(|date| date > start.0),
            Test::Exists => true,
            Test::Contains(_) | Test::StartsWith(_) | Test::EndsWith(_) | Test::Glob(_) | Test::Matches(_) => false,
            Test::WithinLast(_) | Test::OlderThan(_) => false,
        }
    }
}

impl Scalar {
    fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Scalar::Bool(wanted), Value::Bool(flag)) => wanted == flag,
            (Scalar::Number(wanted), Value::Number(number)) => wanted.0 == *number,
            (Scalar::Text(wanted), Value::Text(text)) => wanted.eq_ignore_ascii_case(text),
            _ => false,
        }
    }
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.len() >= prefix.len() && text.as_bytes()[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
}

fn ends_with(text: &str, suffix: &str) -> bool {
    text.len() >= suffix.len() && text.as_bytes()[text.len() - suffix.len()..].eq_ignore_ascii_case(suffix.as_bytes())
}

fn contains(text: &str, part: &str) -> bool {
    part.is_empty() || text.as_bytes().windows(part.len()).any(|w| w.eq_ignore_ascii_case(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_bit_by_bit() {
        for (one, other, same) in [(1.0, 1.0, true), (1.0, 2.0, false), (0.0, -0.0, false)] {
            assert_eq!(Number(one) == Number(other), same, "{one} and {other}");
        }
    }

    #[test]
    fn a_number_is_a_date_before_or_after_another() {
        const DAY: f64 = 86_400_000.0;
        let test = |json: &str| serde_json::from_str::<Test>(json).unwrap();
        let (before, after) = (test(r#"{"before": "2026-01-02"}"#), test(r#"{"after": "2026-01-02"}"#));
        let second = 20_455.0 * DAY;
        for (number, is_before, is_after) in
            [(second - DAY, true, false), (second, false, false), (second + DAY, false, true)]
        {
            assert_eq!(before.passes_number(number), is_before, "{number} before");
            assert_eq!(after.passes_number(number), is_after, "{number} after");
        }
    }
}
