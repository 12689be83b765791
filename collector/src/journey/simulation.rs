//! What a change of a journey would have made of the log: those who are in it folded twice, as it is published and as it is drafted, each
//! as if it had been so all along. Nothing is written.

use std::collections::BTreeMap;

use engine::journey::{Definitions, Journey, Move, MoveKind, Version, fold};
use engine::log::LogEvent;
use engine::page::PageGroups;
use engine::source::Sources;
use engine::{Key, Span, Timestamp};

use super::log;
use crate::store::{Db, Result, states};

/// Most subjects that are folded.
const SUBJECTS: i64 = 1000;

/// So far back moves are counted.
pub const LOOKED_BACK: Span = Span::days(30);

/// So many of those who would be elsewhere are named.
const NAMED: usize = 10;

/// A number as it is published, and as it is drafted.
pub type Pair = [usize; 2];

/// What a change would have made of the log.
#[derive(Debug, Default)]
pub struct Simulation {
    /// How many were looked at.
    pub looked_at: usize,
    /// How many are in the journey.
    pub of: usize,
    /// Who would be in each stage now.
    pub stages: BTreeMap<Key, Pair>,
    /// How often each transition would have been made in the last 30 days.
    pub moves: BTreeMap<Key, Pair>,
    /// How many would be in another stage.
    pub elsewhere: usize,
    /// Some of them: `a:…`, `p:…` or `v:…`, the stage as it is published, and as it is drafted.
    pub named: Vec<(String, Key, Key)>,
}

/// How a site reads its log.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its page groups.
    pub groups: PageGroups,
    /// Where visits come from.
    pub sources: Sources,
}

/// Folds those who are in a journey twice.
pub async fn simulate(
    db: &Db,
    site_id: &str,
    [live, draft]: [Journey; 2],
    reading: Reading,
    now: Timestamp,
) -> Result<Simulation> {
    let since_ever = |journey| {
        let version = Version { active_from: Timestamp(i64::MIN), journey };
        Definitions::new(vec![version], reading.groups.clone(), reading.sources.clone())
    };
    let name = live.key.to_string();
    let (Some(live), Some(draft)) = (since_ever(live), since_ever(draft)) else { return Ok(Simulation::default()) };
    let mut reader = db.read().await?;
    let conn = &mut reader.conn();
    let (subjects, of) = states::some(conn, site_id, &name, SUBJECTS).await?;
    let of = usize::try_from(of).unwrap_or_default();
    let mut simulation = Simulation { looked_at: subjects.len(), of, ..Simulation::default() };
    for subject in subjects {
        let log = log::of_subject(conn, site_id, &subject).await?;
        simulation.add(subject, &log, [&live, &draft], now);
    }
    Ok(simulation)
}

impl Simulation {
    fn add(&mut self, subject: String, log: &[LogEvent], definitions: [&Definitions; 2], now: Timestamp) {
        let [live, draft] = definitions.map(|definitions| fold(definitions, log, now));
        let (Some((live, before)), Some((draft, after))) = (live, draft) else { return };
        let [at, then] = [live.stage().clone(), draft.stage().clone()];
        self.stages.entry(at.clone()).or_default()[0] += 1;
        self.stages.entry(then.clone()).or_default()[1] += 1;
        for (place, moves) in [before, after].into_iter().enumerate() {
            for transition in moves.into_iter().filter_map(|it| lately(it, now)) {
                self.moves.entry(transition).or_default()[place] += 1;
            }
        }
        if at != then {
            self.elsewhere += 1;
            if self.named.len() < NAMED {
                self.named.push((subject, at, then));
            }
        }
    }
}

/// The transition of a move of late.
fn lately(it: Move, now: Timestamp) -> Option<Key> {
    match it.kind {
        MoveKind::Transition(key) if it.at >= now.before(LOOKED_BACK) => Some(key),
        _ => None,
    }
}
