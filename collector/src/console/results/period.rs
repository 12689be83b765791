//! Which days: the last 7, 30 or 90, or from one to another.

use engine::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use crate::console::access::Here;
use crate::results::days::{Days, Period, read, written};

/// What an address says of days.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    days: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// The days that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Them.
    pub period: Period,
    /// So many up to today; `None` for days of one's own.
    pub days: Option<i64>,
}

/// The periods that are one click away; the middle one where nothing was said.
const LENGTHS: [i64; 3] = [7, 30, 90];

impl Asked {
    /// The site's day of an instant.
    pub fn today(&self, here: &Here, now: Timestamp) -> i64 {
        Days::of(&here.site.timezone).day(now)
    }

    /// The days meant. What cannot be read means nothing.
    pub fn chosen(&self, here: &Here, now: Timestamp) -> Chosen {
        let today = self.today(here, now);
        if self.days.is_empty()
            && let (Some(from), Some(to)) = (read(&self.from), read(&self.to))
        {
            let period = Period { from: from.min(to), to: from.max(to) };
            // A form sends the days that stand in it, also where nobody has changed them.
            let days = LENGTHS.into_iter().find(|days| period == Period::last(*days, today));
            return Chosen { period, days };
        }
        let days = self.days.parse().ok().filter(|days| LENGTHS.contains(days)).unwrap_or(LENGTHS[1]);
        Chosen { period: Period::last(days, today), days: Some(days) }
    }
}

impl Chosen {
    /// The same days in another address, from its question mark on.
    pub fn query(self) -> String {
        match self.days {
            Some(days) => format!("?days={days}"),
            None => format!("?from={}&to={}", written(self.period.from), written(self.period.to)),
        }
    }

    /// In words.
    pub fn words(self) -> String {
        match self.days {
            Some(days) => format!("the last {days} days"),
            None => format!("{} to {}", written(self.period.from), written(self.period.to)),
        }
    }

    /// Links to the usual periods, and fields for any other. What else is asked for (`more`) stays in the links; in the form it has
    /// `fields` of its own.
    pub fn picker(self, address: &str, more: &[(&str, &str)], fields: Option<&Markup>) -> Markup {
        let more_in_query: String =
            more.iter().map(|(name, value)| format!("&{name}={}", super::super::people::escape(value))).collect();
        html! {
            div.period {
                nav.lengths aria-label="Period" {
                    @for days in LENGTHS {
                        a href={ (address) "?days=" (days) (more_in_query) } aria-current=[(self.days == Some(days)).then_some("true")] { (days) " days" }
                    }
                }
                form.own method="get" action=(address) role=[fields.map(|_| "search")] {
                    label { span { "from" } input name="from" type="date" value=(written(self.period.from)) required; }
                    label { span { "to" } input name="to" type="date" value=(written(self.period.to)) required; }
                    @if let Some(fields) = fields { (fields) }
                    button.quiet type="submit" { "Show" }
                }
            }
        }
    }
}
