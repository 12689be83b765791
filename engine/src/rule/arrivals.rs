//! Where a subject came from, seen three ways: by its first arrival, its last one that was not direct, and the visit that asks.

use super::eval::Answer;
use super::{Acquaintance, Age, Condition, Date};
use crate::event::name;
use crate::id::Uuid;
use crate::log::LogEvent;
use crate::source::{Channel, Source, Sources, Touch};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// As many visits are remembered: one on each device that a person uses at a time.
const SESSIONS: usize = 4;

/// The arrivals of a subject.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Arrivals {
    first_session: Option<Uuid>,
    /// The session of the last event that has one.
    session: Option<Uuid>,
    first: Option<Source>,
    last: Source,
    /// Those that began last, oldest first, and where each came from.
    sessions: Vec<(Uuid, Source)>,
    #[serde(default)]
    first_seen: Option<Timestamp>,
    /// The last event of a visit.
    #[serde(default)]
    last_seen: Option<Timestamp>,
    /// For each of the visits that began last, when its visitor had been there before it.
    #[serde(default)]
    before: Vec<(Uuid, Option<Timestamp>)>,
}

impl Arrivals {
    pub fn observe(&mut self, event: &LogEvent, sources: &Sources) {
        self.first_seen.get_or_insert(event.at);
        if let Some(session) = event.session {
            self.first_session.get_or_insert(session);
            self.session = Some(session);
            if self.of(session).is_none() {
                if self.sessions.len() == SESSIONS {
                    self.sessions.remove(0);
                }
                self.sessions.push((session, Source::default()));
                if self.before.len() == SESSIONS {
                    self.before.remove(0);
                }
                self.before.push((session, self.last_seen));
            }
            self.last_seen = Some(event.at);
        }
        if event.name != name::PAGE_VIEWED {
            return;
        }
        let source = sources.of_visit(&event.url, &event.referrer);
        self.first.get_or_insert_with(|| source.clone());
        if !source.is_direct() {
            let session = self.sessions.iter_mut().find(|(id, _)| Some(*id) == event.session);
            if let Some((_, of_session)) = session {
                of_session.clone_from(&source);
            }
            self.last = source;
        }
    }

    fn of(&self, session: Uuid) -> Option<&Source> {
        self.sessions.iter().find(|(id, _)| *id == session).map(|(_, source)| source)
    }

    /// The source of an arrival; none before the first one.
    fn touch(&self, touch: Touch, session: Option<Uuid>) -> Option<&Source> {
        match touch {
            Touch::First => self.first.as_ref(),
            Touch::Last => Some(&self.last),
            Touch::Session => session.or(self.session).and_then(|session| self.of(session)),
        }
    }

    /// What they say of a leaf, asked in a session; in the last one of the log if in none.
    pub fn answer(&self, leaf: &Condition, session: Option<Uuid>, now: Timestamp) -> Answer {
        let age = |wanted: &Age, at: Option<Timestamp>| at.map_or(Answer::of(false), |at| wanted.answer(at, now));
        match leaf {
            Condition::Source(wanted) => {
                let value = self.touch(wanted.touch, session).and_then(|arrival| arrival.field(wanted.field));
                Answer::of(value.is_some_and(|value| wanted.test.passes_text(value)))
            }
            Condition::Channel(wanted) => {
                let channel = self.touch(wanted.touch, session).map_or(Channel::Direct, Source::channel);
                Answer::of(wanted.is.contains(&channel))
            }
            Condition::Visitor(wanted) => {
                let is_new = self.first_session == session.or(self.session);
                Answer::of(is_new == (*wanted == Acquaintance::New))
            }
            Condition::FirstSeen(wanted) => age(wanted, self.first_seen),
            Condition::LastSeen(wanted) => age(wanted, self.before(session)),
            _ => Answer::UNKNOWN,
        }
    }

    /// When the visitor had been there before a visit; before now if the visit has not been seen yet.
    fn before(&self, session: Option<Uuid>) -> Option<Timestamp> {
        let session = session.or(self.session);
        let known = self.before.iter().find(|(id, _)| Some(*id) == session);
        known.map_or(self.last_seen, |(_, before)| *before)
    }

    /// What there is of a leaf, in words.
    pub fn actual(&self, leaf: &Condition, session: Option<Uuid>) -> String {
        let date = |at: Option<Timestamp>| at.map_or("never".to_owned(), |at| Date(at).to_string());
        match leaf {
            Condition::Source(wanted) => {
                let value = self.touch(wanted.touch, session).and_then(|arrival| arrival.field(wanted.field));
                value.unwrap_or("not there").to_owned()
            }
            Condition::Channel(wanted) => {
                self.touch(wanted.touch, session).map_or(Channel::Direct, Source::channel).to_string()
            }
            Condition::Visitor(_) => {
                let is_new = self.first_session == session.or(self.session);
                if is_new { "new" } else { "returning" }.to_owned()
            }
            Condition::FirstSeen(_) => date(self.first_seen),
            Condition::LastSeen(_) => date(self.before(session)),
            _ => String::new(),
        }
    }
}
