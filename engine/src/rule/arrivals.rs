//! Where a subject came from, seen three ways: by its first arrival, its last one that was not direct, and the visit that asks.

use super::eval::Answer;
use super::{Acquaintance, Condition};
use crate::event::name;
use crate::id::Uuid;
use crate::log::LogEvent;
use crate::source::{Channel, Source, Sources, Touch};
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
}

impl Arrivals {
    pub fn observe(&mut self, event: &LogEvent, sources: &Sources) {
        if let Some(session) = event.session {
            self.first_session.get_or_insert(session);
            self.session = Some(session);
            if self.of(session).is_none() {
                if self.sessions.len() == SESSIONS {
                    self.sessions.remove(0);
                }
                self.sessions.push((session, Source::default()));
            }
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
    pub fn answer(&self, leaf: &Condition, session: Option<Uuid>) -> Answer {
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
            _ => Answer::UNKNOWN,
        }
    }
}
