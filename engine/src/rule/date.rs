//! Instants as people and servers write them into traits. Reading a date needs no calendar of a place: it says its own offset from
//! UTC, or means UTC.

use crate::day::{Day, digits};
use crate::time::Timestamp;
use crate::value::Value;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const DAY: i64 = 86_400_000;

/// An instant in a rule, written as a date or a date and time: `2026-11-22`, `2026-11-22T09:30:00+01:00`. Without an offset it is UTC,
/// and without a time the beginning of the day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Date(pub Timestamp);

impl Date {
    /// Reads a date, with or without a time; `None` for anything else.
    pub fn parse(text: &str) -> Option<Date> {
        let (date, time) = match text.split_once(['T', 't', ' ']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let day = Day::parse(date)?;
        let ms = match time {
            Some(time) => in_day(time)?,
            None => 0,
        };
        Some(Date(Timestamp(day.since_1970() * DAY + ms)))
    }

    /// What a trait or property says, as an instant: a date as text, or a number of milliseconds since 1970, or of seconds if it is too
    /// small to be one of milliseconds after 1973.
    pub fn of(value: &Value) -> Option<Timestamp> {
        match value {
            Value::Text(text) => Date::parse(text).map(|date| date.0),
            Value::Number(number) => Date::of_number(*number),
            _ => None,
        }
    }

    pub(super) fn of_number(number: f64) -> Option<Timestamp> {
        let ms = if number.abs() < 1e11 { number * 1000.0 } else { number };
        // Ten thousand years in both directions: what is beyond is no date, and no sum of it and a span overflows.
        (ms.abs() < 3.2e14).then_some(Timestamp(ms as i64))
    }
}

impl fmt::Display for Date {
    /// `2026-11-22`, and `T09:30:00.000Z` behind it unless it is the beginning of the day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, ms) = (self.0.0.div_euclid(DAY), self.0.0.rem_euclid(DAY));
        Day::after_1970(day).fmt(f)?;
        if ms > 0 {
            let (h, m, s, ms) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
            write!(f, "T{h:02}:{m:02}:{s:02}.{ms:03}Z")?;
        }
        Ok(())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Date::parse(&text)
            .ok_or_else(|| de::Error::custom("a date is written as 2026-11-22 or as 2026-11-22T09:30:00+01:00"))
    }
}

/// Milliseconds since the day began of `09:30`, `09:30:00`, `09:30:00.123`, each with `Z`, `+01:00` or nothing behind it.
fn in_day(text: &str) -> Option<i64> {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) if text[at..].eq_ignore_ascii_case("z") => (&text[..at], 0),
        Some(at) => {
            let zone = &text[at + 1..];
            let (hours, minutes) = zone.split_once(':').or_else(|| zone.split_at_checked(2))?;
            let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2)? };
            let ms = (digits(hours, 2)? * 60 + minutes) * 60_000;
            (&text[..at], if text[at..].starts_with('-') { -ms } else { ms })
        }
        None => (text, 0),
    };
    let (clock, part) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut fields = clock.split(':');
    let (hours, minutes) = (digits(fields.next()?, 2)?, digits(fields.next()?, 2)?);
    let seconds = fields.next().map_or(Some(0), |seconds| digits(seconds, 2))?;
    let is_legal = hours < 24 && minutes < 60 && seconds < 61 && fields.next().is_none();
    if !is_legal || part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = part.bytes().chain([b'0'; 2]).take(3).fold(0, |ms, digit| ms * 10 + i64::from(digit - b'0'));
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths - offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, ms) in [
            ("1970-01-01", 0),
            ("1969-12-31", -DAY),
            ("2000-02-29", 951_782_400_000),
            ("2026-11-22", 1_795_305_600_000),
            ("2026-11-22T09:30", 1_795_339_800_000),
            ("2026-11-22 09:30:15Z", 1_795_339_815_000),
            ("2026-11-22T09:30:15.5Z", 1_795_339_815_500),
            ("2026-11-22T09:30:15.1239+01:00", 1_795_336_215_123),
            ("2026-11-22T09:30-0130", 1_795_345_200_000),
            ("2026-11-22t09:30+01", 1_795_336_200_000),
            ("2026-11-22T09:30:15.12z", 1_795_339_815_120),
            ("2026-11-22T23:59:59.999", 1_795_391_999_999),
            // A second that was put in is the first one of the next minute.
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ] {
            assert_eq!(Date::parse(text), Some(Date(Timestamp(ms))), "{text}");
        }
        for bad in [
            "",
            "22.11.2026",
            "2026-11",
            "2026-02-29",
            "2026-13-01",
            "2026-11-31",
            "2026-11-00",
            "26-11-22",
            "2026-11-22T",
            "2026-11-22T24:00",
            "2026-11-22T09:60",
            "2026-11-22T9:30",
            "2026-11-22T09",
            "2026-11-22T09:30:61",
            "2026-11-22T09:30:00:00",
            "2026-11-22T09:30:00.Z",
            "2026-11-22T09:30:00.xZ",
            "2026-11-22T09:30+1",
            "2026-11-22T09:30ü",
            "2026-11-22T09:30+ü1",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_survive_writing() {
        for ms in [0, -1, 1, 951_782_400_000, 1_795_339_815_500, -62_167_219_200_000, 253_402_300_799_999] {
            let date = Date(Timestamp(ms));
            assert_eq!(Date::parse(&date.to_string()), Some(date), "{date}");
        }
    }

    #[test]
    fn numbers_are_milliseconds_or_seconds() {
        assert_eq!(Date::of(&Value::Number(1_795_305_600.0)), Some(Timestamp(1_795_305_600_000)));
        assert_eq!(Date::of(&Value::Number(1_795_305_600_000.0)), Some(Timestamp(1_795_305_600_000)));
        assert_eq!(Date::of(&Value::Number(-86_400.5)), Some(Timestamp(-86_400_500)));
        // Where milliseconds begin, and where dates end.
        assert_eq!(Date::of(&Value::Number(99_999_999_999.0)), Some(Timestamp(99_999_999_999_000)));
        assert_eq!(Date::of(&Value::Number(1e11)), Some(Timestamp(100_000_000_000)));
        assert_eq!(Date::of(&Value::Number(-1e11)), Some(Timestamp(-100_000_000_000)));
        assert_eq!(Date::of(&Value::Number(319_999_999_999_999.0)), Some(Timestamp(319_999_999_999_999)));
        for none in
            [3.2e14, -3.2e14, f64::NAN, 1e300].map(Value::Number).into_iter().chain([Value::Bool(true), Value::Null])
        {
            assert_eq!(Date::of(&none), None, "{none:?}");
        }
    }
}
