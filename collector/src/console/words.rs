//! Instants and numbers as people read them.

use engine::{Span, Timestamp};
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};

/// A site's calendar: instants become days and hours in its zone.
#[derive(Clone, Debug)]
pub struct Calendar(TimeZone);

impl Calendar {
    /// The zone of this IANA name; UTC where it is unknown.
    pub fn of(timezone: &str) -> Self {
        Self(TimeZone::get(timezone).unwrap_or(TimeZone::UTC))
    }

    /// `Saturday, 21 November 2026`.
    pub fn day(&self, at: Timestamp) -> String {
        self.format(at, "%A, %-d %B %Y")
    }

    /// `14:03:09`.
    pub fn time(&self, at: Timestamp) -> String {
        self.format(at, "%H:%M:%S")
    }

    /// `21 Nov 2026, 14:03`.
    pub fn moment(&self, at: Timestamp) -> String {
        self.format(at, "%-d %b %Y, %H:%M")
    }

    /// `at 14:03` where it is the same day, else `on 21 Nov 2026 at 14:03`.
    pub fn when(&self, now: Timestamp, at: Timestamp) -> String {
        let time = self.format(at, "%H:%M");
        if self.day(now) == self.day(at) {
            format!("at {time}")
        } else {
            format!("on {} at {time}", self.format(at, "%-d %b %Y"))
        }
    }

    /// `2026-11-21T14:03:09.000Z`, for programs.
    pub fn machine(&self, at: Timestamp) -> String {
        Instant::from_millisecond(at.0).map(|instant| format!("{instant:.3}")).unwrap_or_default()
    }

    fn format(&self, at: Timestamp, format: &str) -> String {
        match Instant::from_millisecond(at.0) {
            Ok(instant) => Zoned::new(instant, self.0.clone()).strftime(format).to_string(),
            Err(_) => "at an unknown time".to_owned(),
        }
    }
}

/// `just now`, `3 minutes ago`, `2 days ago`.
pub fn ago(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.since(then).0 / 1_000;
    let (count, unit) = match seconds {
        ..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

/// `10 seconds`, `1 day`, `36 hours`: in the largest unit of which it is a whole number.
pub fn lasting(span: Span) -> String {
    let units = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond")];
    let fits = |(length, _): &&(i64, &str)| span.0 != 0 && span.0 % length == 0;
    let (length, unit) = units.iter().find(fits).unwrap_or(&units[3]);
    let number = span.0 / length;
    format!("{} {unit}{}", count(number), if number == 1 { "" } else { "s" })
}

/// `1 204`: thousands apart, with a space that does not break.
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "−".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// `39.2`, `−7`: rounded to so many places, with a minus as wide as a plus. Never `−0`.
pub fn decimal(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|digit| matches!(digit, b'0' | b'.')) => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// `once`, `twice`, `5 times`.
pub fn times(number: i64) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{} times", count(many)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_the_sites_zone() {
        let at = Timestamp(1_795_303_199_000); // 2026-11-21T23:19:59Z
        let berlin = Calendar::of("Europe/Berlin");
        assert_eq!(berlin.day(at), "Sunday, 22 November 2026");
        assert_eq!(berlin.time(at), "00:19:59");
        assert_eq!(berlin.machine(at), "2026-11-21T23:19:59.000Z");
        assert_eq!(Calendar::of("Nowhere/At_All").day(at), Calendar::of("UTC").day(at));
        assert_eq!(berlin.when(at, at), "at 00:19");
        assert_eq!(berlin.when(Timestamp(at.0 + 86_400_000), at), "on 22 Nov 2026 at 00:19");
        assert_eq!(berlin.moment(Timestamp(i64::MAX)), "at an unknown time");
    }

    #[test]
    fn numbers_and_ages_are_words() {
        for (ms, words) in [
            (0, "just now"),
            (-5_000, "just now"),
            (60_000, "1 minute ago"),
            (7_200_000, "2 hours ago"),
            (259_200_000, "3 days ago"),
        ] {
            assert_eq!(ago(Timestamp(1_000_000_000), Timestamp(1_000_000_000 - ms)), words);
        }
        assert_eq!([0, 999, 1_204, -1_000_000].map(count), ["0", "999", "1\u{a0}204", "−1\u{a0}000\u{a0}000"]);
        assert_eq!([39.04, -6.96, -0.04].map(|number| decimal(number, 1)), ["39.0", "−7.0", "0.0"]);
        for (text, words) in [
            ("10s", "10 seconds"),
            ("24h", "1 day"),
            ("36h", "36 hours"),
            ("1m", "1 minute"),
            ("0s", "0 seconds"),
            ("500ms", "500 milliseconds"),
        ] {
            assert_eq!(lasting(Span::parse(text).unwrap()), words);
        }
        assert_eq!([1, 2, 1_500].map(times), ["once", "twice", "1\u{a0}500 times"]);
    }
}
