//! A site's days, and periods of them.

use engine::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant};

/// Turns instants into days of a site's time zone.
#[derive(Clone, Debug)]
pub struct Days(TimeZone);

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day, since 1970.
    pub from: i64,
    /// The last one.
    pub to: i64,
}

/// Further ahead or back there is no calendar.
const FAR: i64 = 1_000_000;

impl Days {
    /// Those of the zone of this IANA name; of UTC where it is unknown.
    pub fn of(timezone: &str) -> Days {
        Days(TimeZone::get(timezone).unwrap_or(TimeZone::UTC))
    }

    /// The day of an instant, since 1970.
    pub fn day(&self, at: Timestamp) -> i64 {
        let Ok(instant) = Instant::from_millisecond(at.0) else { return FAR * at.0.signum() };
        let ahead = i64::from(self.0.to_offset(instant).seconds()) * 1000;
        at.0.saturating_add(ahead).div_euclid(86_400_000)
    }

    /// Its first instant.
    pub fn begins(&self, day: i64) -> Timestamp {
        let begin = date(day).and_then(|date| date.to_zoned(self.0.clone()).ok());
        begin.map_or(Timestamp(day.saturating_mul(86_400_000)), |begin| Timestamp(begin.timestamp().as_millisecond()))
    }

    /// The first instant of a period, and the first one after it.
    pub fn bounds(&self, period: Period) -> (Timestamp, Timestamp) {
        (self.begins(period.from), self.begins(period.to + 1))
    }
}

impl Period {
    /// So many days up to this one.
    pub fn last(days: i64, to: i64) -> Period {
        Period { from: to - days + 1, to }
    }

    /// How many days.
    pub fn length(self) -> i64 {
        self.to - self.from + 1
    }

    /// As many days just before.
    pub fn before(self) -> Period {
        Period::last(self.length(), self.from - 1)
    }
}

/// A day as it is written: `2026-01-31`; empty where there is no calendar.
pub fn written(day: i64) -> String {
    date(day).map(|date| date.to_string()).unwrap_or_default()
}

/// The same for where there is little room: `31 Jan`.
pub fn short(day: i64) -> String {
    date(day).map(|date| date.strftime("%-d %b").to_string()).unwrap_or_default()
}

/// Reads what [`written`] writes.
pub fn read(text: &str) -> Option<i64> {
    let date: Date = text.trim().parse().ok()?;
    let since = date.since(Date::constant(1970, 1, 1)).ok()?;
    Some(i64::from(since.get_days()))
}

fn date(day: i64) -> Option<Date> {
    let days = i32::try_from(day).ok().filter(|day| i64::from(*day).abs() < FAR)?;
    Date::constant(1970, 1, 1).checked_add(Span::new().days(days)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone_also_where_clocks_change() {
        let at = |text: &str| Timestamp(text.parse::<Instant>().unwrap().as_millisecond());
        let berlin = Days::of("Europe/Berlin");
        for (instant, day) in [
            ("2026-01-07T22:59:59.999Z", "2026-01-07"),
            ("2026-01-07T23:00:00Z", "2026-01-08"),
            ("2026-03-29T21:59:59Z", "2026-03-29"),
            ("2026-03-29T22:00:00Z", "2026-03-30"),
        ] {
            assert_eq!(written(berlin.day(at(instant))), day, "{instant}");
        }
        let day = read("2026-03-29").unwrap();
        assert_eq!(berlin.begins(day + 1).since(berlin.begins(day)).0, 23 * 3_600_000, "a short one");
        assert_eq!(written(read("1969-12-31").unwrap()), "1969-12-31");
        assert_eq!((read("31.1.2026"), read("")), (None, None));
        assert_eq!(written(berlin.day(Timestamp(i64::MAX))), "");
        let week = Period::last(7, 100);
        assert_eq!((week, week.before()), (Period { from: 94, to: 100 }, Period { from: 87, to: 93 }));
    }
}
