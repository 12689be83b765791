//! Times as previews and shared cases write them.

use engine::{Span, Timestamp};
use serde::{Deserialize, Deserializer, de};

/// A length of time that may be a sum: `7d`, `7d-1ms`, `-1h`.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Offset(pub Span);

impl Offset {
    /// So long before an instant.
    pub fn before(self, now: Timestamp) -> Timestamp {
        now.before(self.0)
    }

    /// So long after it.
    pub fn after(self, now: Timestamp) -> Timestamp {
        now.after(self.0)
    }

    fn parse(text: &str) -> Option<Offset> {
        let mut sum = 0i64;
        let mut rest = text;
        while !rest.is_empty() {
            let sign = if rest.starts_with('-') { -1 } else { 1 };
            // A sign may stand before the first one, and must before each other.
            let bare = rest.strip_prefix(['-', '+']).unwrap_or(rest);
            let (part, next) = bare.split_at(bare.find(['-', '+']).unwrap_or(bare.len()));
            sum = sum.checked_add(sign * Span::parse(part)?.0)?;
            rest = next;
        }
        (!text.is_empty()).then_some(Offset(Span(sum)))
    }
}

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Offset::parse(&text).ok_or_else(|| {
            de::Error::custom("a length of time is a whole number and a unit, or a sum of such: 10s, 30d, 7d-1ms, -1h")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read() {
        let ms = |text| Offset::parse(text).map(|offset| offset.0.0);
        for (text, expected) in [
            ("0s", Some(0)),
            ("10s", Some(10_000)),
            ("-1h", Some(-3_600_000)),
            ("7d-1ms", Some(604_799_999)),
            ("1m+1s-1ms", Some(60_999)),
            ("", None),
            ("-", None),
            ("7d-", None),
            ("7d--1ms", None),
            ("7", None),
            ("7d 1ms", None),
        ] {
            assert_eq!(ms(text), expected, "{text}");
        }
    }
}
