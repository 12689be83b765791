//! What happened between this person and the site's prompts, as the collector told it and as this browser has seen it since.
//! An exposure that the facts know already is not counted again.

use crate::clock::Clock;
use engine::event::Action;
use engine::facts::Facts;
use engine::frequency::{Exposure, History};
use engine::{Key, Timestamp};
use serde::Deserialize;

/// Something that the loader keeps: not acknowledged, or only lately.
#[derive(Deserialize)]
pub struct Entry {
    session: String,
    /// The collector's time when it acknowledged this.
    #[serde(default)]
    acked: Option<Timestamp>,
    event: Recorded,
}

#[derive(Deserialize)]
struct Recorded {
    at: Timestamp,
    #[serde(default)]
    prompt: Option<Key>,
    #[serde(default)]
    action: Option<Action>,
    #[serde(default)]
    props: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    interrupts: Option<bool>,
}

/// The history that caps are held against. `session` is the visit that is going on.
pub fn history(facts: &Facts, entries: impl IntoIterator<Item = Entry>, session: &str, clock: Clock) -> History {
    let mut history = facts.history.clone();
    for entry in entries {
        let event = entry.event;
        let is_known = entry.acked.is_some_and(|acked| acked <= facts.now);
        if let (false, Some(prompt), Some(action)) = (is_known, &event.prompt, event.action) {
            history.observe(&Exposure {
                prompt,
                action,
                at: clock.site(event.at),
                in_session: entry.session == session,
                interrupts: event.props.and_then(|props| props.interrupts) == Some(true),
            });
        }
    }
    history
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(acked: Option<i64>) -> Entry {
        let event = Recorded {
            at: Timestamp(5),
            prompt: Key::parse("nps"),
            action: Some(Action::Shown),
            props: Some(Details { interrupts: Some(true) }),
        };
        Entry { session: "s".to_owned(), acked: acked.map(Timestamp), event }
    }

    #[test]
    fn an_exposure_counts_once_whoever_tells_of_it() {
        let facts =
            Facts { now: Timestamp(10), bundle: String::new(), verdicts: Vec::new(), history: History::default() };
        let shown = |entries: Vec<Entry>| {
            history(&facts, entries, "s", Clock::default()).past(&Key::parse("nps").unwrap()).shown()
        };
        for (acked, expected) in [(None, 1), (Some(11), 1), (Some(10), 0), (Some(9), 0)] {
            assert_eq!(shown(vec![entry(acked)]), expected, "acknowledged at {acked:?}, facts of 10");
        }
        assert_eq!(shown(vec![entry(None), entry(Some(12)), entry(Some(3))]), 2);
    }
}
