//! Where a visitor is in the site's journeys: the account's stage if there is one, else the person's, else the visitor's own.

use engine::journey::{Move, StageKind, State};
use engine::{Key, Span, Timestamp};

use crate::prompts::Ruleset;
use crate::store::visits::StandingRow;

/// Where the visitor is in one journey.
#[derive(Debug)]
pub struct Stay {
    /// The journey.
    pub journey: String,
    /// The stage.
    pub stage: String,
    /// Since when.
    pub entered_at: Timestamp,
    /// When it must be looked at again though nothing happens.
    pub next_due: Option<Timestamp>,
    /// Whether it is that of somebody who is known, or of their account.
    is_known: bool,
    /// All of it, as it is stored; empty if it was not asked for.
    state: String,
}

/// Where the visitor is in each journey.
#[derive(Debug, Default)]
pub struct Stays(Vec<Stay>);

impl Stays {
    /// Of what is stored of the visitor, the person and the account, in this order.
    pub fn of(names: [&str; 3], rows: &[StandingRow]) -> Stays {
        let mut stays: Vec<Stay> = Vec::new();
        for name in names.into_iter().rev() {
            for (journey, subject, stage, entered_at, next_due, _, state) in rows {
                if subject == name && !stage.is_empty() && !stays.iter().any(|stay| stay.journey == *journey) {
                    stays.push(Stay {
                        journey: journey.clone(),
                        stage: stage.clone(),
                        entered_at: Timestamp(*entered_at),
                        next_due: next_due.map(Timestamp),
                        is_known: subject != names[0],
                        state: state.clone(),
                    });
                }
            }
        }
        Stays(stays)
    }

    /// Where somebody was at an instant, by the moves of the account, the person and the visitor, in this order. `is_known` says of each
    /// whether it is that of somebody who is known.
    pub fn at<'a>(moves: impl IntoIterator<Item = (&'a [(Key, Vec<Move>)], bool)>, at: Timestamp) -> Stays {
        let mut stays: Vec<Stay> = Vec::new();
        for (journeys, is_known) in moves {
            for (journey, moves) in journeys {
                let last = moves.iter().rfind(|it| it.at <= at);
                let Some(last) = last.filter(|_| !stays.iter().any(|stay| stay.journey == journey.as_str())) else {
                    continue;
                };
                stays.push(Stay {
                    journey: journey.as_str().to_owned(),
                    stage: last.to.as_str().to_owned(),
                    entered_at: last.at,
                    next_due: None,
                    is_known,
                    state: String::new(),
                });
            }
        }
        Stays(stays)
    }

    /// The stay in a journey.
    pub fn in_journey(&self, journey: &Key) -> Option<&Stay> {
        self.0.iter().find(|stay| stay.journey == journey.as_str())
    }

    /// Journey, stage, and since when.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, Timestamp)> {
        self.0.iter().map(|stay| (stay.journey.as_str(), stay.stage.as_str(), stay.entered_at))
    }

    /// Which of these milestones are done.
    pub fn done(&self, tasks: &[Key]) -> Vec<Key> {
        if tasks.is_empty() {
            return Vec::new();
        }
        let states: Vec<State> = self.0.iter().filter_map(|stay| serde_json::from_str(&stay.state).ok()).collect();
        let is_done = |task: &&Key| states.iter().any(|state| state.milestones().iter().any(|(done, _)| done == *task));
        tasks.iter().filter(is_done).cloned().collect()
    }

    /// Whether somebody who is known, or their account, has been in a stage for longer than one should be: delayed, or stuck. That is no
    /// time to sell. Whoever is not known is nobody's customer yet.
    pub fn is_behind(&self, ruleset: &Ruleset, now: Timestamp) -> bool {
        self.0.iter().filter(|stay| stay.is_known).any(|stay| {
            let limit = limit_of(ruleset, stay, now);
            limit.is_some_and(|limit| now > stay.entered_at.after(limit))
        })
    }
}

/// How long one may be in the stage of a stay before one is late.
fn limit_of(ruleset: &Ruleset, stay: &Stay, now: Timestamp) -> Option<Span> {
    let (_, definitions) = ruleset.journeys.iter().find(|(key, _)| key.as_str() == stay.journey)?;
    let stage = definitions.at(now).stages.iter().find(|stage| stage.key.as_str() == stay.stage)?;
    let limits = [stage.delay_after, stage.stuck_after];
    limits.into_iter().flatten().min().filter(|_| stage.kind == StageKind::Linear)
}
