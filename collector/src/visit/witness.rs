//! What the collector knows of a visitor, as a witness for the rules of prompts: the log and what follows from it ([`Log`]),
//! and beside it what the visit itself said of the page ([`Seen`]).

use std::cell::Cell;
use std::sync::Arc;

use engine::journey::Journey;
use engine::rule::{Answer, Both, Condition, Memory, OnPage, Remembered, Witness, holds};
use engine::{Key, Timestamp, Uuid};

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

/// Where the visitor is in one journey.
#[derive(Debug)]
struct Stay {
    journey: String,
    stage: String,
    entered_at: Timestamp,
    next_due: Option<Timestamp>,
}

/// What the log says of a visitor.
#[derive(Debug)]
pub struct Log {
    /// Who it is.
    pub subjects: Subjects,
    ruleset: Arc<Ruleset>,
    stays: Vec<Stay>,
    memory: Memory,
    now: Timestamp,
    session: Option<Uuid>,
    depth: Cell<u8>,
}

impl Log {
    /// Reads what the published rules may ask of a visitor, in one of its sessions.
    pub async fn read(
        conn: &mut Conn<'_>,
        site: &Site,
        ruleset: Arc<Ruleset>,
        visitor: Uuid,
        session: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Log> {
        let subjects = Subjects::of(conn, &site.id, visitor).await?;
        let names = subjects.names();
        let rows = visits::standing(conn, &site.id, names).await?;
        // The account's stage, else the person's, else the visitor's.
        let mut stays: Vec<Stay> = Vec::new();
        for name in names.iter().rev() {
            for (journey, subject, stage, entered_at, next_due, ..) in &rows {
                if subject == name && !stage.is_empty() && !stays.iter().any(|stay| stay.journey == *journey) {
                    let (entered_at, next_due) = (Timestamp(*entered_at), next_due.map(Timestamp));
                    stays.push(Stay { journey: journey.clone(), stage: stage.clone(), entered_at, next_due });
                }
            }
        }
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
        }
        Ok(Log { subjects, ruleset, stays, memory, now, session, depth: Cell::new(0) })
    }

    fn stay(&self, journey: &Key) -> Option<&Stay> {
        self.stays.iter().find(|stay| stay.journey == journey.as_str())
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
    fn person(&self) -> &str {
        self.user.as_deref().unwrap_or(&self.visitor)
    }

    /// The visitor, the person, the account; empty for none.
    fn names(&self) -> [&str; 3] {
        [&self.visitor, self.user.as_deref().unwrap_or_default(), self.account.as_deref().unwrap_or_default()]
    }
}

impl Witness for Log {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Stage(wanted) => match self.stay(&wanted.journey) {
                Some(stay) => {
                    let holds = wanted.is.iter().any(|stage| stage.as_str() == stay.stage);
                    Answer { until: stay.next_due, ..Answer::of(holds) }
                }
                None => Answer::of(self.first_stage(&wanted.journey).is_some_and(|first| wanted.is.contains(first))),
            },
            Condition::TimeInStage(wanted) => {
                let Some(stay) = wanted.journey.as_ref().and_then(|journey| self.stay(journey)) else {
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
            leaf => {
                let leaves = self.ruleset.questions.leaves();
                Remembered { memory: &self.memory, leaves, now: self.now, session: self.session }.answer(leaf)
            }
        }
    }

    fn actual(&self, leaf: &Condition) -> String {
        match leaf {
            Condition::Stage(wanted) => match self.stay(&wanted.journey) {
                Some(stay) => stay.stage.clone(),
                None => "not seen before".to_owned(),
            },
            _ => String::new(),
        }
    }
}

/// The log, and what a visit said of its page.
pub type Seen<'a> = Both<OnPage<'a>, &'a Log>;
