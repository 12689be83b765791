//! What happened between this person and the site's prompts, as the collector told it and as this browser has seen it since.
//! What the facts know already is not counted again.

use engine::event::Action;
use engine::facts::Facts;
use engine::frequency::{Exposure, History};
use engine::{Key, Span, Timestamp};
use view::clock::Clock;
use view::read::field;
use wasm_bindgen::JsValue;

/// So long is waited for an answer that may change the facts, such as who this is.
const PATIENCE: Span = Span(2_000);

/// Something that the loader keeps: not acknowledged, or only lately.
pub struct Entry {
    visitor: String,
    session: String,
    /// The collector's time when it acknowledged this.
    acked: Option<Timestamp>,
    at: Timestamp,
    what: What,
}

/// What happened, as far as it matters here.
enum What {
    /// Something with a prompt; whether that one came between visitor and page, and whether more was to come.
    Exposure(Key, Action, [bool; 2]),
    /// A lot was drawn for this prompt.
    Lot(Key),
    /// Somebody said who they are, or something happened that may have moved them.
    News,
    Other,
}

/// What a decision depends on.
pub struct Past {
    /// The history that caps are held against.
    pub history: History,
    /// The prompts for which lots were drawn that the facts do not know of.
    pub drawn: Vec<Key>,
    /// Facts are under way that may say something else; they are waited for until then.
    pub awaited: Option<Timestamp>,
}

impl Entry {
    /// An entry as the loader has it.
    pub fn of(entry: &JsValue) -> Option<Entry> {
        let event = field(entry, "event");
        let text = |of, name| field(of, name).as_string();
        let time = |of, name| Some(Timestamp(field(of, name).as_f64()? as i64));
        Some(Entry {
            visitor: text(entry, "visitor")?,
            session: text(entry, "session")?,
            acked: time(entry, "acked"),
            at: time(&event, "at")?,
            what: match text(&event, "type")?.as_str() {
                "prompt" => What::with_prompt(&event)?,
                "page" => What::Other,
                _ => What::News,
            },
        })
    }
}

impl What {
    fn with_prompt(event: &JsValue) -> Option<What> {
        let prompt = Key::parse(&field(event, "prompt").as_string()?)?;
        let action = Action::parse(&field(event, "action").as_string()?)?;
        if action == Action::Eligible {
            return Some(What::Lot(prompt));
        }
        let props = field(event, "props");
        let is_so = |name| field(&props, name).as_bool() == Some(true);
        Some(What::Exposure(prompt, action, ["interrupts", "partial"].map(is_so)))
    }
}

impl Past {
    /// What the facts say and what was recorded since. `visitor` and `session` are those of now.
    pub fn of(
        facts: &Facts,
        entries: impl IntoIterator<Item = Entry>,
        visitor: &str,
        session: &str,
        clock: Clock,
    ) -> Past {
        let mut past = Past { history: facts.history.clone(), drawn: Vec::new(), awaited: None };
        for entry in entries {
            if entry.acked.is_some_and(|acked| acked <= facts.now) {
                continue;
            }
            let at = clock.site(entry.at);
            match entry.what {
                What::Exposure(prompt, action, [interrupts, partial]) => {
                    let in_session = entry.session == session;
                    past.history.observe(&Exposure { prompt: &prompt, action, at, in_session, interrupts, partial });
                }
                // Another visitor of this device drew for themselves.
                What::Lot(prompt) if entry.visitor == visitor => past.drawn.push(prompt),
                // The first of them: whoever tells something every second is not to wait for ever.
                What::News if entry.acked.is_none() && past.awaited.is_none() => {
                    past.awaited = Some(at.after(PATIENCE))
                }
                _ => {}
            }
        }
        past
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(acked: Option<i64>, what: What) -> Entry {
        let text = |text: &str| text.to_owned();
        Entry { visitor: text("v"), session: text("s"), acked: acked.map(Timestamp), at: Timestamp(5), what }
    }

    fn shown() -> What {
        What::Exposure(Key::parse("nps").unwrap(), Action::Shown, [true, false])
    }

    fn lot() -> Key {
        Key::parse("nps").unwrap()
    }

    fn past(entries: Vec<Entry>) -> Past {
        let facts = Facts { now: Timestamp(10), ..Facts::default() };
        Past::of(&facts, entries, "v", "s", Clock::default())
    }

    #[test]
    fn an_exposure_counts_once_whoever_tells_of_it() {
        let count = |entries| past(entries).history.past(&Key::parse("nps").unwrap()).shown();
        for (acked, expected) in [(None, 1), (Some(11), 1), (Some(10), 0), (Some(9), 0)] {
            assert_eq!(count(vec![entry(acked, shown())]), expected, "acknowledged at {acked:?}, facts of 10");
        }
        assert_eq!(count(vec![entry(None, shown()), entry(Some(12), shown()), entry(Some(3), shown())]), 2);
    }

    #[test]
    fn a_lot_that_was_recorded_is_not_drawn_again() {
        let drawn = |visitor: &str, acked| {
            let entry = Entry { visitor: visitor.to_owned(), ..entry(acked, What::Lot(lot())) };
            past(vec![entry]).drawn
        };
        assert_eq!(drawn("v", None), [lot()]);
        assert_eq!(drawn("v", Some(11)), [lot()], "facts of 10 cannot know it");
        assert_eq!(drawn("v", Some(10)), [], "the facts know it");
        assert_eq!(drawn("w", None), [], "somebody else drew it");
    }

    #[test]
    fn what_may_change_the_facts_is_waited_for() {
        let awaited = |whats: Vec<(i64, Option<i64>, What)>| {
            let with = |(at, acked, what)| Entry { at: Timestamp(at), ..entry(acked, what) };
            past(whats.into_iter().map(with).collect()).awaited
        };
        assert_eq!(awaited(vec![(5, None, shown()), (6, None, What::Other)]), None);
        assert_eq!(
            awaited(vec![(7, None, What::News), (9, None, What::News)]),
            Some(Timestamp(2_007)),
            "the first one"
        );
        assert_eq!(awaited(vec![(7, Some(11), What::News)]), None, "its answer is here");
    }
}
