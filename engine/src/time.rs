//! Instants and lengths of time. There is no calendar here and no `now`: hours, weekdays and days in a site's time
//! zone are facts that the caller hands in.

use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The instant `span` later; the last one there is if that is out of range.
    pub fn after(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }

    /// The instant `span` earlier; the first one there is if that is out of range.
    pub fn before(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_sub(span.0))
    }

    /// How long after `earlier` this is; negative if it is before.
    pub fn since(self, earlier: Timestamp) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// A length of time in milliseconds. Written in files as a number and a unit: `500ms`, `10s`, `15m`, `24h`, `30d`. A day is
/// always 24 hours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(pub i64);

const UNITS: [(&str, i64); 5] = [("ms", 1), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

impl Span {
    /// `n` days of 24 hours.
    pub const fn days(n: i64) -> Span {
        Span(n * 86_400_000)
    }

    /// `n` hours.
    pub const fn hours(n: i64) -> Span {
        Span(n * 3_600_000)
    }

    /// Reads `10s`, `30d` and the like; `None` for anything else, for less than 0 and for more than 100 years.
    pub fn parse(text: &str) -> Option<Span> {
        let (digits, unit) = UNITS.iter().find_map(|(name, ms)| Some((text.strip_suffix(name)?, *ms)))?;
        if digits.is_empty() || digits.len() > 13 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let ms = digits.parse::<i64>().ok()?.checked_mul(unit)?;
        (ms <= Span::days(36_525).0).then_some(Span(ms))
    }
}

impl fmt::Display for Span {
    /// The largest unit that gives a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |unit: &&(&str, i64)| self.0 != 0 && self.0 % unit.1 == 0;
        let (name, ms) = UNITS[1..].iter().find(fits).unwrap_or(&UNITS[0]);
        write!(f, "{}{name}", self.0 / ms)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Span::parse(&text).ok_or_else(|| {
            de::Error::custom("a length of time is a whole number and a unit: 500ms, 10s, 15m, 24h or 30d")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_people_write_them() {
        for (text, ms) in
            [("500ms", 500), ("10s", 10_000), ("15m", 900_000), ("24h", 86_400_000), ("30d", 2_592_000_000)]
        {
            assert_eq!(Span::parse(text), Some(Span(ms)), "{text}");
        }
        for bad in ["", "d", "10", "-1d", "1.5h", "10 s", "1w", "36526d", "99999999999999d"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
        for ms in [0, 1, 999, 1_000, 90_000, 86_400_000, 604_800_000] {
            assert_eq!(Span::parse(&Span(ms).to_string()), Some(Span(ms)));
        }
    }
}
