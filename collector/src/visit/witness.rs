//! What the collector knows of a visitor, as a witness for the rules of prompts: the log and what follows from it ([`Log`]),
//! and beside it what the visit itself said of the page ([`Seen`]).

use std::cell::Cell;
use std::sync::Arc;

use engine::journey::Journey;
use engine::rule::{Answer, Both, Condition, LogEvent, Memory, OnPage, Remembered, Witness, holds};
use engine::{Key, Timestamp, Uuid};

use crate::journey;
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::store::{Conn, Result, events, identity, states};

/// Events of an account's own that a visit looks back on.
const LOOK_BACK_EVENTS: i64 = 1000;

/// Who the visitor is.
#[derive(Clone, Debug)]
pub struct Subjects {
    /// The browser.
    pub visitor: Uuid,
    /// The person it has said to be.
    pub user: Option<String>,
    /// The account that the person joined last.
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
    depth: Cell<u8>,
}

impl Log {
    /// Reads what the published rules may ask.
    pub async fn read(
        conn: &mut Conn<'_>,
        site: &Site,
        ruleset: Arc<Ruleset>,
        visitor: Uuid,
        now: Timestamp,
    ) -> Result<Log> {
        let subjects = subjects_of(conn, &site.id, visitor).await?;
        let mut stays: Vec<Stay> = Vec::new();
        // The account's stage, else the person's, else the visitor's.
        let names = subjects.names();
        for subject in names.iter().rev() {
            for (journey, stage, entered_at, _, next_due) in states::stages_of(conn, &site.id, subject).await? {
                if !stays.iter().any(|stay| stay.journey == journey) {
                    let (entered_at, next_due) = (Timestamp(entered_at), next_due.map(Timestamp));
                    stays.push(Stay { journey, stage, entered_at, next_due });
                }
            }
        }
        let mut log: Vec<LogEvent> = Vec::new();
        if !ruleset.leaves.event_names().is_empty() {
            log = journey::of_subject(conn, &site.id, &subjects.person()).await?;
            if let Some(account) = &subjects.account {
                // The account's own events; what colleagues did is theirs.
                let rows = events::newest(conn, &site.id, &format!("a:{account}"), LOOK_BACK_EVENTS).await?;
                log.extend(rows.into_iter().filter_map(journey::log_event).map(|(event, _)| event));
            }
        }
        log.sort_by_key(LogEvent::order);
        let mut memory = Memory::new(&ruleset.leaves);
        for event in &log {
            memory.observe(&ruleset.leaves, event, &ruleset.settings.page_groups);
        }
        Ok(Log { subjects, ruleset, stays, memory, now, depth: Cell::new(0) })
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
    /// As the log names the person, or the visitor that nobody has identified.
    fn person(&self) -> String {
        self.user.as_ref().map_or_else(|| format!("v:{}", self.visitor), |user| format!("p:{user}"))
    }

    /// As the log names them: the visitor, the person, the account.
    fn names(&self) -> Vec<String> {
        let visitor = format!("v:{}", self.visitor);
        let user = self.user.as_ref().map(|user| format!("p:{user}"));
        let account = self.account.as_ref().map(|account| format!("a:{account}"));
        [Some(visitor), user, account].into_iter().flatten().collect()
    }
}

/// Who a visitor is now.
pub async fn subjects_of(conn: &mut Conn<'_>, site_id: &str, visitor: Uuid) -> Result<Subjects> {
    let id = visitor.write();
    let edges = identity::edges_of_visitors(conn, &[(site_id.to_owned(), id.clone())]).await?;
    let user = edges.into_iter().max_by(|a, b| (a.2, &a.3).cmp(&(b.2, &b.3))).map(|row| row.4);
    let member = user.as_ref().map_or_else(|| format!("v:{id}"), |user| format!("p:{user}"));
    let memberships = identity::memberships_of(conn, &[(site_id.to_owned(), member)]).await?;
    let account = memberships.into_iter().max_by(|a, b| (a.3, &a.2).cmp(&(b.3, &b.2))).map(|row| row.2);
    Ok(Subjects { visitor, user, account })
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
            leaf => Remembered { memory: &self.memory, leaves: &self.ruleset.leaves, now: self.now }.answer(leaf),
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
