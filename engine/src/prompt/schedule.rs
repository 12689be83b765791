//! On which days and hours a prompt may come. Hours are those of the site: the caller hands in how far its clocks are from UTC, and
//! until when that is so, since there is no calendar here.

use crate::rule::{Calendar, Date, Weekday};
use crate::time::{Span, Timestamp};
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 1440 * MINUTE;
const WEEK: i64 = 7 * DAY;
const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// When a prompt may come at all.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Not before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// Not at this instant or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// Only within one of these. None: at any hour.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Hours>,
}

/// Hours that come back every week.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hours {
    /// The days on which they begin.
    pub days: Vec<Weekday>,
    /// The first minute.
    pub from: Clock,
    /// The first minute that is none of them any more. Earlier than `from`: on the next day.
    pub to: Clock,
}

/// A time of day in minutes since midnight, 0 to 1440. Written `09:30`; `24:00` is the end of the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Clock(u16);

/// The site's time zone as it is now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Zone {
    /// So many milliseconds are its clocks ahead of UTC.
    pub ahead: i64,
    /// When they change next, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What a schedule says of an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opening {
    /// It may come.
    Open,
    /// Not before this.
    From(Timestamp),
    /// Not in these hours; ask again then.
    Closed(Timestamp),
    /// Never again.
    Over,
    /// Hours are asked for, and what time it is on the site is not known.
    Unknown,
}

impl Schedule {
    /// Whether it says nothing.
    pub fn is_none(&self) -> bool {
        *self == Schedule::default()
    }

    /// What it says of an instant.
    pub fn at(&self, zone: Option<Zone>, now: Timestamp) -> Opening {
        if self.end.is_some_and(|end| now >= end) {
            return Opening::Over;
        }
        if let Some(start) = self.start.filter(|start| now < *start) {
            return Opening::From(start);
        }
        if self.hours.is_empty() {
            return Opening::Open;
        }
        let Some(zone) = zone.filter(|zone| zone.until.is_none_or(|until| now < until)) else {
            return Opening::Unknown;
        };
        let of_week = zone.of_week(now);
        let mut opens = WEEK;
        for hours in &self.hours {
            for day in &hours.days {
                let since = (of_week - *day as i64 * DAY - hours.from.ms()).rem_euclid(WEEK);
                if since < hours.lasting() {
                    return Opening::Open;
                }
                opens = opens.min(WEEK - since);
            }
        }
        let opens = now.after(Span(opens));
        Opening::Closed(zone.until.map_or(opens, |until| until.min(opens)))
    }

    /// From when and until when it is open next, or now, as far as can be told now; `None`: not any more, or nobody knows. One side that
    /// has no end is none.
    pub fn window(&self, zone: Option<Zone>, now: Timestamp) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
        let mut from = None;
        // Hours that begin when the clocks change, or when it starts, need a second look.
        for _ in 0..3 {
            match self.at(zone, from.unwrap_or(now)) {
                Opening::Open => return Some((from, self.closes(zone, from.unwrap_or(now)))),
                Opening::From(then) | Opening::Closed(then) => from = Some(then),
                Opening::Over | Opening::Unknown => return None,
            }
        }
        None
    }

    /// When it closes that is open at an instant.
    fn closes(&self, zone: Option<Zone>, at: Timestamp) -> Option<Timestamp> {
        let Some(zone) = zone.filter(|_| !self.hours.is_empty()) else { return self.end };
        let of_week = zone.of_week(at);
        let left = |hours: &Hours, day: Weekday| {
            let since = (of_week - day as i64 * DAY - hours.from.ms()).rem_euclid(WEEK);
            let left = hours.lasting() - since;
            (left > 0).then_some(left)
        };
        let all = self.hours.iter().flat_map(|hours| hours.days.iter().filter_map(move |day| left(hours, *day)));
        let closes = all.max().map(|left| at.after(Span(left)));
        [closes, self.end, zone.until].into_iter().flatten().min()
    }
}

impl Zone {
    /// The calendar at an instant, as rules ask for it; `None` from when the clocks change.
    pub fn calendar(self, now: Timestamp) -> Option<Calendar> {
        let left = self.until.map_or(HOUR, |until| until.since(now).0);
        let local = now.0.saturating_add(self.ahead);
        let day = local.div_euclid(DAY).saturating_mul(DAY);
        (left > 0).then(|| Calendar {
            hour: (local.rem_euclid(DAY) / HOUR) as u8,
            weekday: WEEKDAYS[(self.of_week(now) / DAY) as usize % WEEKDAYS.len()],
            date: Date(Timestamp(day)),
            until: now.after(Span(left.min(HOUR - local.rem_euclid(HOUR)))),
        })
    }

    /// Milliseconds since the local week began. 1970 began on a Thursday.
    fn of_week(self, now: Timestamp) -> i64 {
        now.0.saturating_add(self.ahead).saturating_add(3 * DAY).rem_euclid(WEEK)
    }
}

impl Hours {
    fn lasting(&self) -> i64 {
        let lasting = self.to.ms() - self.from.ms();
        if lasting < 0 { lasting + DAY } else { lasting }
    }
}

impl Clock {
    /// Reads `09:30`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Clock> {
        let [a, b, b':', c, d] = text.as_bytes() else { return None };
        let digit = |byte: &u8| char::from(*byte).to_digit(10);
        let (hour, minute) = (digit(a)? * 10 + digit(b)?, digit(c)? * 10 + digit(d)?);
        let minutes = hour * 60 + minute;
        (minute < 60 && minutes <= 1440).then_some(Clock(minutes as u16))
    }

    fn ms(self) -> i64 {
        i64::from(self.0) * MINUTE
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Clock::parse(&text).ok_or_else(|| de::Error::custom("a time of day is written 00:00 to 24:00"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_follows_the_sites_clocks() {
        // A Sunday, 15:06:40 in UTC.
        let now = Timestamp(1_750_000_000_000);
        let day = |ms: i64| Date(Timestamp(ms));
        for (ahead, hour, weekday, date, until) in [
            (0, 15, Weekday::Sunday, 1_749_945_600_000, 53 * MINUTE + 20_000),
            (9 * HOUR, 0, Weekday::Monday, 1_750_032_000_000, 53 * MINUTE + 20_000),
            (-16 * HOUR, 23, Weekday::Saturday, 1_749_859_200_000, 53 * MINUTE + 20_000),
            (330 * MINUTE, 20, Weekday::Sunday, 1_749_945_600_000, 23 * MINUTE + 20_000),
        ] {
            let calendar = Zone { ahead, until: None }.calendar(now);
            assert_eq!(calendar, Some(Calendar { hour, weekday, date: day(date), until: now.after(Span(until)) }));
        }
        let changes = |until| Zone { ahead: 0, until: Some(Timestamp(now.0 + until)) }.calendar(now);
        assert_eq!(changes(0), None);
        assert_eq!(changes(5).map(|calendar| calendar.until), Some(now.after(Span(5))));
    }

    #[test]
    fn times_of_day_are_written_as_on_a_clock() {
        for text in ["00:00", "09:30", "23:59", "24:00"] {
            assert_eq!(Clock::parse(text).unwrap().to_string(), text);
        }
        for bad in ["", "9:30", "24:01", "12:60", "12-30", "aa:bb", "09:300"] {
            assert_eq!(Clock::parse(bad), None, "{bad}");
        }
    }
}
