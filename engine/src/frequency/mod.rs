//! How often: caps and cooldowns of a prompt ([`Frequency`]), the site's own caps ([`Policy`]), and the [`History`] they are held
//! against.
//!
//! The collector builds the history from the log, through the identity edges; the widget adds what happened since it was
//! told. Both ask the same functions. A cooldown of N days is over after exactly N times 24 hours.

mod history;
mod policy;

pub use history::{Exposure, History, KEPT, Past};
pub use policy::{Clocks, Group, Members, Policy};

use crate::rule::earlier;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// How often one prompt may be shown to one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Frequency {
    /// At most so often in one session.
    pub per_session: u32,
    /// At most so often ever, or in one round of `repeat_every`.
    pub at_most: u32,
    /// Not again for so long after it was shown. Left out: what is usual for its content, see
    /// [`Content::usual_gap`](crate::prompt::Content::usual_gap).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Span>,
    /// Not again for so long after it was dismissed.
    pub after_dismissal: Span,
    /// At most so often within so long, each by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// Not again for so long after somebody asked to be reminded later.
    pub snooze: Span,
    /// Never again after any of these. That it was seen often enough is said by `at_most`.
    pub stop_on: Vec<Stop>,
    /// Again so long after what stopped it, though it was stopped. Left out: never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again_after: Option<Span>,
    /// A new round begins so long after the first time it was shown in the last one. `at_most` and `stop_on` look at one round only.
    /// Left out: there is one round for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_every: Option<Span>,
}

impl Default for Frequency {
    /// Once a session, three times in all, 30 days of quiet after a dismissal, a day after "later", never after an answer, a
    /// conversion or a plain no.
    fn default() -> Self {
        Frequency {
            per_session: 1,
            at_most: 3,
            gap: None,
            after_dismissal: Span::days(30),
            windows: Vec::new(),
            snooze: Span::days(1),
            stop_on: vec![Stop::Declined, Stop::Answered, Stop::Converted],
            again_after: None,
            repeat_every: None,
        }
    }
}

/// At most so often within so long.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Window {
    /// How often; 1 to [`KEPT`].
    pub at_most: u32,
    /// Within how long.
    pub within: Span,
}

impl Window {
    /// Whether one more fits in after these, the earliest first; if not, when it will.
    fn allows(self, times: &[Timestamp], now: Timestamp) -> Result<(), Timestamp> {
        let oldest = times.len().checked_sub(self.at_most.max(1) as usize).and_then(|at| times.get(at));
        over(oldest.copied(), self.within, now)
    }
}

/// What ends a prompt for a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It was closed without an answer.
    Closed,
    /// It was turned down for good.
    Declined,
    /// A question was answered; of several, the last one.
    Answered,
    /// What it is for was done.
    Converted,
}

/// Why a prompt must not be shown, and when that ends by time alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capped {
    /// Often enough in this session.
    PerSession,
    /// Often enough: for ever, or until the next round begins.
    AtMost(Option<Timestamp>),
    /// Often enough within one of its windows.
    Window(Timestamp),
    /// Too soon after it was last shown.
    Gap(Timestamp),
    /// Too soon after it was dismissed.
    Dismissed(Timestamp),
    /// Too soon after somebody asked to be reminded later.
    Snoozed(Timestamp),
    /// It was stopped by this; again at this instant, if ever.
    Stopped(Stop, Option<Timestamp>),
    /// The person wants to be asked nothing any more.
    Muted,
    /// The site's cap on interruptions in a session.
    Interruptions,
    /// The site's time between interruptions.
    InterruptionGap(Timestamp),
    /// The site's cap on prompts on one page.
    SitePerPage,
    /// The site's cap on prompts in a session.
    SitePerSession,
    /// Often enough for one of the policy's groups, which is named by its place.
    Group(usize, Timestamp),
}

impl Frequency {
    /// Whether the prompt's own caps allow it now. `usual_gap` stands for a gap that was left out.
    ///
    /// # Errors
    /// The first cap that stands against it.
    pub fn allows(&self, past: &Past, usual_gap: Span, now: Timestamp) -> Result<(), Capped> {
        let round = self.repeat_every.and_then(|every| round(past.times(), every, now));
        let is_of_round = |at: &Timestamp| round.is_none_or(|(start, _)| *at >= start);
        for &stop in &self.stop_on {
            let at = match stop {
                Stop::Closed => past.dismissed,
                Stop::Declined => past.declined,
                Stop::Answered => past.answered,
                Stop::Converted => past.converted,
            };
            if let Some(at) = at.filter(is_of_round) {
                // Something may have been answered that was never shown, as by a link in a letter: its round begins then.
                let renewed = match round {
                    Some((_, end)) => Some(end),
                    None => self.repeat_every.map(|every| at.after(every)),
                };
                let until = earlier(self.again_after.map(|span| at.after(span)), renewed);
                if until.is_none_or(|until| now < until) {
                    return Err(Capped::Stopped(stop, until));
                }
            }
        }
        let (shown, renewed) = match round {
            Some((start, end)) => (past.times().iter().filter(|at| **at >= start).count() as u32, Some(end)),
            None => (past.shown(), None),
        };
        if shown >= self.at_most {
            return Err(Capped::AtMost(renewed));
        }
        if past.shown_in_session >= self.per_session {
            return Err(Capped::PerSession);
        }
        for window in &self.windows {
            window.allows(past.times(), now).map_err(Capped::Window)?;
        }
        over(past.dismissed, self.after_dismissal, now).map_err(Capped::Dismissed)?;
        over(past.snoozed, self.snooze, now).map_err(Capped::Snoozed)?;
        over(past.times().last().copied(), self.gap.unwrap_or(usual_gap), now).map_err(Capped::Gap)
    }
}

/// When the round that is going on began and ends; `None` before the first. A round whose end has passed is followed by one
/// that began at once and in which nothing was shown yet.
fn round(times: &[Timestamp], every: Span, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let mut start = *times.first()?;
    for &at in times {
        if at >= start.after(every) {
            start = at;
        }
    }
    if now >= start.after(every) {
        start = start.after(every);
    }
    Some((start, start.after(every)))
}

/// Whether `span` has passed since `last`; if not, when it will have.
fn over(last: Option<Timestamp>, span: Span, now: Timestamp) -> Result<(), Timestamp> {
    match last.map(|last| last.after(span)) {
        Some(end) if now < end => Err(end),
        _ => Ok(()),
    }
}

impl Capped {
    /// When it ends by time alone.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Capped::Window(end)
            | Capped::Gap(end)
            | Capped::Dismissed(end)
            | Capped::Snoozed(end)
            | Capped::InterruptionGap(end)
            | Capped::Group(_, end) => Some(end),
            Capped::AtMost(end) | Capped::Stopped(_, end) => end,
            Capped::PerSession
            | Capped::Muted
            | Capped::Interruptions
            | Capped::SitePerPage
            | Capped::SitePerSession => None,
        }
    }
}
