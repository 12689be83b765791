//! Tests of one value: the leaves' operators. What is missing passes no test; "is not" is written `not` around the leaf, so
//! a missing value satisfies it.

use crate::value::Value;
use core::hash::{Hash, Hasher};
use serde::{Deserialize, Deserializer, Serialize, de};

/// What a value must pass. Text is compared without regard to case (ASCII).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Equals one of these.
    Is(Vec<Scalar>),
    /// Contains one of these texts.
    Contains(Vec<String>),
    /// Starts with one of these texts.
    StartsWith(Vec<String>),
    /// Ends with one of these texts.
    EndsWith(Vec<String>),
    /// Is a number of at least this.
    AtLeast(Number),
    /// Is a number above this.
    Above(Number),
    /// Is a number of at most this.
    AtMost(Number),
    /// Is a number below this.
    Below(Number),
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
        match value {
            Value::List(list) => matches!(self, Test::Exists) || list.iter().any(|member| self.passes(member)),
            Value::Text(text) => self.passes_text(text),
            Value::Number(number) => self.passes_number(*number),
            Value::Bool(flag) => match self {
                Test::Is(wanted) => wanted.iter().any(|w| matches!(w, Scalar::Bool(b) if b == flag)),
                Test::Exists => true,
                _ => false,
            },
            Value::Other => matches!(self, Test::Exists),
            Value::Null => false,
        }
    }

    /// Whether a text passes. Texts that are numbers do not count as numbers here: `AtLeast` fails on `"7"`, except in an
    /// address, where everything is text; see [`Test::passes_param`].
    pub fn passes_text(&self, text: &str) -> bool {
        let any = |wanted: &[String], test: fn(&str, &str) -> bool| wanted.iter().any(|w| test(text, w));
        match self {
            Test::Is(wanted) => wanted.iter().any(|w| matches!(w, Scalar::Text(w) if w.eq_ignore_ascii_case(text))),
            Test::Contains(wanted) => any(wanted, contains),
            Test::StartsWith(wanted) => any(wanted, starts_with),
            Test::EndsWith(wanted) => any(wanted, ends_with),
            Test::Exists => true,
            Test::AtLeast(_) | Test::Above(_) | Test::AtMost(_) | Test::Below(_) => false,
        }
    }

    /// Whether a parameter of an address passes: as text, or as a number where the test asks for one.
    pub fn passes_param(&self, text: &str) -> bool {
        self.passes_text(text) || decimal(text).is_some_and(|number| self.passes_number(number))
    }

    fn passes_number(&self, number: f64) -> bool {
        match self {
            Test::Is(wanted) => wanted.iter().any(|w| matches!(w, Scalar::Number(w) if w.0 == number)),
            Test::AtLeast(bound) => number >= bound.0,
            Test::Above(bound) => number > bound.0,
            Test::AtMost(bound) => number <= bound.0,
            Test::Below(bound) => number < bound.0,
            Test::Exists => true,
            Test::Contains(_) | Test::StartsWith(_) | Test::EndsWith(_) => false,
        }
    }
}

/// A number as people write it in an address: `7`, `-2`, `19.90`; at most 15 digits, so that it is exact. The standard library
/// reads more, and its tables would cost every visitor 10 KB.
fn decimal(text: &str) -> Option<f64> {
    let (digits, sign) = match text.strip_prefix('-') {
        Some(rest) => (rest, -1.0),
        None => (text, 1.0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let length = whole.len() + part.len();
    if whole.is_empty() || part.is_empty() || length > 16 {
        return None;
    }
    let (mut number, mut scale) = (0u64, 1u64);
    for byte in whole.bytes().chain(part.bytes()) {
        number = number * 10 + u64::from(char::from(byte).to_digit(10)?);
    }
    for _ in part.bytes() {
        scale *= 10;
    }
    Some(sign * number as f64 / scale as f64)
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
    fn numbers_in_an_address_are_exact_or_none() {
        for text in ["0", "7", "-2", "19.90", "0.1", "-0.5", "007", "123456789012345", "99999999.9999999"] {
            assert_eq!(decimal(text), text.parse().ok(), "{text}");
        }
        for text in ["", "-", ".5", "5.", "1e3", "+1", " 7", "7 ", "inf", "NaN", "0x10", "1.2.3", "12345678901234567"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
