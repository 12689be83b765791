//! What the collector knows of a visitor, as a witness for the rules of prompts: the log and what follows from it ([`Log`]),
//! and beside it what the visit itself said of the page ([`Seen`]).

use std::cell::Cell;
use std::sync::Arc;

use engine::journey::Journey;
use engine::rule::{Answer, Both, Condition, Memory, OnPage, Remembered, Request, Witness, holds};
use engine::{Key, Timestamp, Uuid};

use super::Caller;
use super::stays::Stays;
use super::tried::Tried;
use crate::journey;
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::store::states::RECOLLECTION;
use crate::store::{Conn, Result, visits};

/// Who the visitor is, as the log names them.
#[derive(Clone, Debug)]
pub struct Subjects {
    /// The browser: `v:…`.
    pub visitor: String,
    /// The person it has said to be: `p:…`.
    pub user: Option<String>,
    /// The account that the person joined last: `a:…`.
    pub account: Option<String>,
}

/// What the log says of a visitor.
#[derive(Debug)]
pub struct Log {
    /// Who it is.
    pub subjects: Subjects,
    /// Where it is in the site's journeys.
    pub stays: Stays,
    ruleset: Arc<Ruleset>,
    memory: Memory,
    now: Timestamp,
    session: Option<Uuid>,
    request: Request,
    depth: Cell<u8>,
}

impl Log {
    /// Reads what the published rules may ask of a visitor, in one of its sessions.
    pub async fn read(
        conn: &mut Conn<'_>,
        site: &Site,
        ruleset: Arc<Ruleset>,
        visitor: Uuid,
        caller: &Caller,
        tried: &Tried,
        now: Timestamp,
    ) -> Result<Log> {
        if caller.is_stranger {
            let subjects = Subjects { visitor: ["v:", &visitor.write()].concat(), user: None, account: None };
            let memory = Memory::new(ruleset.questions.leaves());
            let (session, request) = (caller.session, caller.request.clone());
            return Ok(Log::past(subjects, Stays::default(), ruleset, memory, (now, session), request));
        }
        let subjects = Subjects::of(conn, &site.id, visitor).await?;
        let subjects = tried.subjects(conn, &site.id, subjects).await?;
        let names = subjects.names();
        let rows = visits::standing(conn, &site.id, names, !ruleset.tasks.is_empty()).await?;
        let stays = Stays::of(names, &rows);
        let questions = &ruleset.questions;
        let mut memory = Memory::new(questions.leaves());
        if !questions.leaves().is_empty() {
            let stored = |name: &str| {
                let row = rows.iter().find(|row| row.0 == RECOLLECTION && row.1 == name)?;
                Some((row.5, row.6.clone()))
            };
            let person = subjects.person();
            memory = journey::remembered(conn, questions, &site.id, person, stored(person).as_ref()).await?;
            if let Some(account) = &subjects.account {
                let own = journey::remembered(conn, questions, &site.id, account, stored(account).as_ref()).await?;
                memory = memory.beside(questions.leaves(), &own);
            }
            tried.remember(&mut memory, questions);
        }
        let (session, request) = (caller.session, caller.request.clone());
        Ok(Log { subjects, stays, ruleset, memory, now, session, request, depth: Cell::new(0) })
    }

    /// What the log said of somebody at an instant that is over.
    pub fn past(
        subjects: Subjects,
        stays: Stays,
        ruleset: Arc<Ruleset>,
        memory: Memory,
        (now, session): (Timestamp, Option<Uuid>),
        request: Request,
    ) -> Log {
        Log { subjects, stays, ruleset, memory, now, session, request, depth: Cell::new(0) }
    }

    fn remembered(&self) -> Remembered<'_> {
        let leaves = self.ruleset.questions.leaves();
        Remembered { memory: &self.memory, leaves, now: self.now, session: self.session }
    }

    /// The stage that somebody is in who has not been seen yet: a journey's first.
    fn first_stage(&self, journey: &Key) -> Option<&Key> {
        let (_, definitions) = self.ruleset.journeys.iter().find(|(key, _)| key == journey)?;
        let journey: &Journey = definitions.at(self.now);
        journey.stages.first().map(|stage| &stage.key)
    }
}

impl Subjects {
    /// Who a visitor is now.
    pub async fn of(conn: &mut Conn<'_>, site_id: &str, visitor: Uuid) -> Result<Subjects> {
        let id = visitor.write();
        let (user, account) = visits::who(conn, site_id, &id).await?;
        let named = |kind: &str, name: Option<String>| name.map(|name| [kind, &name].concat());
        Ok(Subjects { visitor: ["v:", &id].concat(), user: named("p:", user), account: named("a:", account) })
    }

    /// The person, or the visitor that nobody has identified.
    pub fn person(&self) -> &str {
        self.user.as_deref().unwrap_or(&self.visitor)
    }

    /// Who draws lots: the account if it is known, else the person, else the visitor.
    pub fn unit(&self) -> &str {
        self.account.as_deref().unwrap_or(self.person())
    }

    /// The visitor, the person, the account; empty for none.
    fn names(&self) -> [&str; 3] {
        [&self.visitor, self.user.as_deref().unwrap_or_default(), self.account.as_deref().unwrap_or_default()]
    }
}

impl Witness for Log {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Stage(wanted) => match self.stays.in_journey(&wanted.journey) {
                Some(stay) => {
                    let holds = wanted.is.iter().any(|stage| stage.as_str() == stay.stage);
                    Answer { until: stay.next_due, ..Answer::of(holds) }
                }
                None => Answer::of(self.first_stage(&wanted.journey).is_some_and(|first| wanted.is.contains(first))),
            },
            Condition::TimeInStage(wanted) => {
                let Some(stay) = wanted.journey.as_ref().and_then(|journey| self.stays.in_journey(journey)) else {
                    return Answer::of(false);
                };
                let then = stay.entered_at.after(wanted.at_least);
                if self.now >= then {
                    Answer { until: stay.next_due, ..Answer::of(true) }
                } else {
                    Answer::until(false, then)
                }
            }
            Condition::Segment(key) => {
                // Import refuses segments that refer to each other in a circle; a database edited by hand must not hang us.
                if self.depth.get() >= 8 {
                    return Answer::UNKNOWN;
                }
                let Some(rule) = self.ruleset.segment(key) else { return Answer::UNKNOWN };
                self.depth.set(self.depth.get() + 1);
                let answer = holds(rule, self);
                self.depth.set(self.depth.get() - 1);
                answer
            }
            Condition::Country(_) | Condition::System(_) | Condition::Browser(_) => self.request.answer(leaf),
            Condition::Identified => Answer::of(self.subjects.user.is_some()),
            leaf => self.remembered().answer(leaf),
        }
    }

    fn actual(&self, leaf: &Condition) -> String {
        match leaf {
            Condition::Stage(wanted) => match self.stays.in_journey(&wanted.journey) {
                Some(stay) => stay.stage.clone(),
                None => self.first_stage(&wanted.journey).map_or_else(|| "not known".to_owned(), ToString::to_string),
            },
            Condition::TimeInStage(wanted) => {
                let stay = wanted.journey.as_ref().and_then(|journey| self.stays.in_journey(journey));
                stay.map_or("not seen before".to_owned(), |stay| self.now.since(stay.entered_at).to_string())
            }
            Condition::Country(_) | Condition::System(_) | Condition::Browser(_) => self.request.actual(leaf),
            leaf => self.remembered().actual(leaf),
        }
    }
}

/// The log, and what a visit said of its page.
pub type Seen<'a> = Both<OnPage<'a>, &'a Log>;
