//! A day of the calendar: what a field for days gives, and what an instant is written by. It has no place and no time zone.

use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day from 0000-01-01 to 9999-12-31, written `2026-01-31`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i64);

impl Day {
    /// The day so many days after 1970-01-01, or before it.
    pub(crate) fn after_1970(days: i64) -> Day {
        Day(days)
    }

    /// How many days it is after 1970-01-01; negative if it is before.
    pub(crate) fn since_1970(self) -> i64 {
        self.0
    }

    /// Reads `2026-01-31`; `None` for any other form and for days that are in no calendar.
    pub fn parse(text: &str) -> Option<Day> {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
        if !(1..=12).contains(&month) {
            return None;
        }
        // Counted in years that begin in March, so that the day that some years lack is the last one.
        let shifted = if month > 2 { year } else { year - 1 };
        let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let read = Day(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468);
        // The 31st of a month with thirty days comes out as another day.
        (read.civil() == (year, month, day)).then_some(read)
    }

    /// Year, month and day.
    fn civil(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }
}

/// As many digits as there must be, as a number.
pub(crate) fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text).ok_or_else(|| de::Error::custom("a day is written 2026-01-31"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_a_calendar_is_the_one_after_the_day_before() {
        let mut expected = Day::parse("0000-01-01");
        for year in 0..=9999 {
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for (month, days) in
                [31, 28 + i64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].iter().enumerate()
            {
                for day in [1, *days] {
                    let text = format!("{year:04}-{:02}-{day:02}", month + 1);
                    let read = Day::parse(&text).expect("a day");
                    assert_eq!(read.to_string(), text);
                    assert_eq!(Some(read), expected);
                    let onwards = if day == 1 { days - 1 } else { 1 };
                    expected = Some(Day::after_1970(read.since_1970() + onwards));
                }
                let beyond = format!("{year:04}-{:02}-{:02}", month + 1, days + 1);
                assert_eq!(Day::parse(&beyond), None, "{beyond}");
            }
        }
        assert_eq!(Day::parse("1970-01-01"), Some(Day::after_1970(0)));
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        for bad in [
            "",
            "2026-1-31",
            "26-01-31",
            "2026-01-31T09:30",
            " 2026-01-31",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "+226-01-31",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }
}
