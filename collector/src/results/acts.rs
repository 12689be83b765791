//! On which days a person did what with a prompt, and the numbers that follow from it.
//!
//! Pure. Taking in the same event twice, or events in another order, changes nothing, so going on equals folding anew.

use std::collections::{BTreeMap, BTreeSet};

use engine::event::Action;
use engine::experiment::Goal;
use engine::log::LogEvent;
use engine::{Key, Timestamp, Value};
use serde::{Deserialize, Serialize};

use super::days::Days;

/// What can be done with a prompt, as reports count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "`Deed::meaning` says it")]
pub enum Deed {
    Eligible,
    Shown,
    Viewed,
    Engaged,
    Answered,
    Converted,
    Dismissed,
    Snoozed,
}

impl Deed {
    /// All of them, in the order of reports.
    pub const ALL: [Deed; 8] = [
        Deed::Eligible,
        Deed::Shown,
        Deed::Viewed,
        Deed::Engaged,
        Deed::Answered,
        Deed::Converted,
        Deed::Dismissed,
        Deed::Snoozed,
    ];

    /// Its name in the tally.
    pub fn name(self) -> &'static str {
        match self {
            Deed::Eligible => "eligible",
            Deed::Shown => "shown",
            Deed::Viewed => "viewed",
            Deed::Engaged => "engaged",
            Deed::Answered => "answered",
            Deed::Converted => "converted",
            Deed::Dismissed => "dismissed",
            Deed::Snoozed => "snoozed",
        }
    }

    /// Who is counted.
    pub fn meaning(self) -> &'static str {
        match self {
            Deed::Eligible => {
                "People for whom a lot was drawn: nothing stood against the prompt. Kept only for prompts with versions or a holdout."
            }
            Deed::Shown => "People on whose page it was painted.",
            Deed::Viewed => "People who had it on their screen for a second while they looked at the page.",
            Deed::Engaged => "People who clicked something in it, or answered at least one question.",
            Deed::Answered => "People who answered to the end.",
            Deed::Converted => {
                "People who did what it is for: followed the link, took the offer, sent the form, finished the survey. Of a prompt with a goal: those of whom its event came within its time after they were first shown it."
            }
            Deed::Dismissed => "People who closed it without an answer.",
            Deed::Snoozed => "People who asked to be reminded later.",
        }
    }

    /// What an action counts as.
    fn of(action: Action, is_partial: bool) -> &'static [Deed] {
        match action {
            Action::Eligible => &[Deed::Eligible],
            Action::Shown => &[Deed::Shown],
            Action::Viewed => &[Deed::Viewed],
            Action::Clicked => &[Deed::Engaged],
            Action::Answered if is_partial => &[Deed::Engaged],
            Action::Answered => &[Deed::Engaged, Deed::Answered],
            Action::Converted => &[Deed::Converted],
            Action::Dismissed => &[Deed::Dismissed],
            Action::Snoozed => &[Deed::Snoozed],
            Action::Declined | Action::Muted => &[],
        }
    }
}

/// What one person did with one prompt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Acts {
    /// The days of each deed.
    #[serde(default)]
    days: BTreeMap<String, BTreeSet<i64>>,
    /// Of each question (`nps/<question>`) the last score of each day, with its instant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    scores: BTreeMap<String, BTreeMap<i64, (i64, u8)>>,
    /// The version that was seen last, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant: Option<(i64, String)>,
    /// From when on its goal counts for those who were shown it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<Since>,
    /// And for those of whom a lot decided, whether to see it or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drawn: Option<Since>,
    /// Whether that lot held it back from them.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    held: bool,
}

/// From when on a goal counts, and since when it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Since {
    /// The instant and its day: another time zone has other days, and the numbers of the old ones must be found again.
    at: (Timestamp, i64),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reached: Option<(Timestamp, i64)>,
}

/// Those whom a lot let see a prompt or held it back from, and how many of each did what it is for: names in the tally.
pub const ARMS: [(&str, &str); 2] = [("drawn", "drawn_reached"), ("held", "held_reached")];

/// A number that the person counts for: variant, what, day, the next such day.
pub type Cell = (String, String, i64, i64);

/// After the last day.
const NEVER: i64 = i64::MAX;

/// What is compared between variants.
const COMPARED: [Deed; 5] = [Deed::Shown, Deed::Viewed, Deed::Engaged, Deed::Answered, Deed::Converted];

impl Acts {
    /// Takes in an event about the prompt. Whether a goal counts from another instant on than before: what was done since may be known
    /// already, and has to be looked for.
    pub fn take(&mut self, event: &LogEvent, action: Action, goal: Option<&Goal>, days: &Days) -> bool {
        let day = days.day(event.at);
        // What a prompt is for is one thing: its goal, or what its content counts as done.
        let counts = |deed: &&Deed| **deed != Deed::Converted || goal.is_none();
        for deed in Deed::of(action, is_so(event, "partial")).iter().filter(counts) {
            self.days.entry(deed.name().to_owned()).or_default().insert(day);
        }
        if action == Action::Shown
            && let Some(Value::Text(variant)) = event.props.get("variant")
            && Key::parse(variant).is_some()
        {
            let seen = (event.at.0, variant.clone());
            self.variant = self.variant.take().max(Some(seen));
        }
        if action == Action::Answered
            && let Some((kind, question, score)) = score(event)
        {
            let given = (event.at.0, score);
            let of_day = self.scores.entry(format!("{kind}/{question}")).or_default().entry(day).or_insert(given);
            *of_day = given.max(*of_day);
        }
        goal.is_some() && self.begins(event, action, day)
    }

    /// Whether from this event on a goal counts.
    fn begins(&mut self, event: &LogEvent, action: Action, day: i64) -> bool {
        let is_first = |since: &Option<Since>| since.is_none_or(|since| event.at < since.at.0);
        let since = Some(Since { at: (event.at, day), reached: None });
        match action {
            Action::Shown if is_first(&self.shown) => self.shown = since,
            // Whom the site holds out missed other prompts too: no comparison for this one.
            Action::Eligible if !is_so(event, "site_holdout") && is_first(&self.drawn) => {
                (self.drawn, self.held) = (since, is_so(event, "holdout"));
            }
            _ => return false,
        }
        true
    }

    /// Takes in an event that the prompt is for, after those that are about it.
    pub fn reach(&mut self, at: Timestamp, goal: &Goal, days: &Days) {
        let now = (at, days.day(at));
        for since in [&mut self.shown, &mut self.drawn].into_iter().flatten() {
            if at >= since.at.0 && at <= since.at.0.after(goal.within) {
                since.reached = Some(since.reached.map_or(now, |reached| reached.min(now)));
            }
        }
    }

    /// The numbers that the person counts for.
    pub fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        let variant = self.variant.as_ref().map(|(_, variant)| variant);
        if let Some((_, day)) = self.shown.and_then(|since| since.reached) {
            let whose = [Some(String::new()), variant.cloned()].into_iter().flatten();
            cells.extend(whose.map(|whose| (whose, Deed::Converted.name().to_owned(), day, NEVER)));
        }
        if let Some(since) = self.drawn {
            // By the day of the lot, so that those who reached it are some of those who were drawn.
            let ((_, day), (all, reached)) = (since.at, ARMS[usize::from(self.held)]);
            let names = [Some(all), since.reached.map(|_| reached)].into_iter().flatten();
            cells.extend(names.map(|name| (String::new(), name.to_owned(), day, NEVER)));
        }
        for (deed, days) in &self.days {
            let is_compared = COMPARED.iter().any(|one| one.name() == deed);
            for (day, next) in with_next(days.iter().copied()) {
                cells.push((String::new(), deed.clone(), day, next));
                if let Some(variant) = variant.filter(|_| is_compared) {
                    cells.push((variant.clone(), deed.clone(), day, next));
                }
            }
        }
        for (question, scores) in &self.scores {
            for (day, next) in with_next(scores.keys().copied()) {
                let (_, score) = scores[&day];
                cells.push((String::new(), format!("{question}/{score}"), day, next));
            }
        }
        cells
    }
}

fn with_next(days: impl DoubleEndedIterator<Item = i64>) -> Vec<(i64, i64)> {
    let mut next = NEVER;
    let pair = |day| (day, std::mem::replace(&mut next, day));
    days.rev().map(pair).collect()
}

/// Whether a property says yes.
pub fn is_so(event: &LogEvent, name: &str) -> bool {
    event.props.get(name) == Some(&Value::Bool(true))
}

/// The score that an answer gives: kind, question, score. The recommendation question has neither kind nor id: it is `nps` of ``.
pub fn score(event: &LogEvent) -> Option<(&str, &str, u8)> {
    let text = |name: &str| match event.props.get(name) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let Some(Value::Number(score)) = event.props.get("score") else { return None };
    let (kind, question) = (text("kind").unwrap_or("nps"), text("question").unwrap_or_default());
    let (least, most) = match kind {
        "nps" => (0.0, 10.0),
        "csat" => (1.0, 5.0),
        "ces" => (1.0, 7.0),
        "rating" => (1.0, 10.0),
        _ => return None,
    };
    // Anybody can send anything with the public key.
    let fits = score.fract() == 0.0 && (least..=most).contains(score);
    let is_named = question.is_empty() || Key::parse(question).is_some();
    (fits && is_named).then_some((kind, question, *score as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_counts_once_in_every_period() {
        let mut acts = Acts::default();
        acts.days.insert("shown".into(), BTreeSet::from([3, 5, 9]));
        let cells = acts.cells();
        for from in 0..12 {
            for to in from..12 {
                let counted = cells.iter().filter(|(_, _, day, next)| *day >= from && *day <= to && *next > to).count();
                let was_there = [3, 5, 9].iter().any(|day| (from..=to).contains(day));
                assert_eq!(counted, usize::from(was_there), "{from} to {to}");
            }
        }
    }
}
