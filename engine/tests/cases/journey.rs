//! Logs and the moves they make: `tests/cases/journey/*.json`. Each case is folded at once, and again event by event in the
//! order in which it is written, as late events would come.

use crate::log::{Entry, Offset, events, uuid};
use engine::journey::{Cause, Definitions, Journey, Move, MoveKind, State, Version, check, fold};
use engine::log::LogEvent;
use engine::page::PageGroups;
use engine::rule::Known;
use engine::{Key, Timestamp, Uuid};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// From when on, counted from the beginning, and what.
    versions: Vec<(Offset, Journey)>,
    #[serde(default)]
    page_groups: PageGroups,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    log: Vec<Entry>,
    as_of: Offset,
    moves: Vec<Expected>,
    /// Those done in the last cycle, and when.
    #[serde(default)]
    milestones: Vec<(String, Offset)>,
    #[serde(default)]
    looped: bool,
    /// What a pin has held back, and since when.
    #[serde(default)]
    held_back: Vec<(String, Offset)>,
    /// When the subject must be woken next, counted from the beginning; left out for not asked.
    #[serde(default, deserialize_with = "some")]
    next_due: Option<Option<Offset>>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    at: Offset,
    to: String,
    /// The transition's key, `start` or `set`.
    by: String,
    /// The number of the event; of a deadline, the number of the event that led into the stage before.
    cause: ExpectedCause,
    #[serde(default = "one")]
    cycle: u32,
}

fn one() -> u32 {
    1
}

fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Offset>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(rename_all = "snake_case")]
enum ExpectedCause {
    Event(u32),
    Deadline(u32),
}

const BEGINNING: Timestamp = Timestamp(1_735_689_600_000);

fn when(offset: Offset) -> Timestamp {
    Timestamp(BEGINNING.0 + offset.0)
}

fn number(id: Uuid) -> u32 {
    (1..1000).find(|n| uuid(*n) == id).expect("a number")
}

fn written(made: &Move) -> Expected {
    Expected {
        at: Offset(made.at.0 - BEGINNING.0),
        to: made.to.as_str().to_owned(),
        by: match &made.kind {
            MoveKind::Start => "start".into(),
            MoveKind::Set => "set".into(),
            MoveKind::Transition(key) => key.as_str().to_owned(),
        },
        cause: match made.cause {
            Cause::Event(id) => ExpectedCause::Event(number(id)),
            Cause::Deadline { anchor } => ExpectedCause::Deadline(number(anchor)),
        },
        cycle: made.cycle,
    }
}

/// Takes in event by event at the instant it happened, folding anew for what came late.
fn insert(definitions: &Definitions, arriving: &[LogEvent], as_of: Timestamp) -> Option<(State, Vec<Move>)> {
    let mut log: Vec<LogEvent> = Vec::new();
    let mut now = BEGINNING;
    let mut known: Option<(State, Vec<Move>)> = None;
    for event in arriving.iter().filter(|event| event.at <= as_of) {
        now = now.max(event.at);
        log.push(event.clone());
        log.sort_by_key(LogEvent::order);
        match &mut known {
            Some((state, moves)) if state.takes(definitions, event) => {
                moves.extend(state.advance(definitions, core::slice::from_ref(event), now));
            }
            known => *known = fold(definitions, &log, now),
        }
    }
    let (mut state, mut moves) = known?;
    moves.extend(state.advance(definitions, &[], as_of));
    Some((state, moves))
}

fn check_case(definitions: &Definitions, case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let arriving = events(&case.log, when);
    let mut log = arriving.clone();
    log.sort_by_key(LogEvent::order);
    let as_of = when(case.as_of);
    let folded = fold(definitions, &log, as_of);
    if insert(definitions, &arriving, as_of) != folded {
        wrong.push("event by event it comes out otherwise".into());
    }
    let Some((state, moves)) = folded else {
        return vec!["nothing happened".into()];
    };
    let made: Vec<Expected> = moves.iter().map(written).collect();
    if made != case.moves {
        let lines = made.iter().map(|m| format!("\n    {m:?}"));
        wrong.push(format!("moves {}", lines.collect::<String>()));
    }
    let milestones: Vec<(String, i64)> =
        state.milestones().iter().map(|(key, at)| (key.as_str().to_owned(), at.0 - BEGINNING.0)).collect();
    let expected: Vec<(String, i64)> = case.milestones.iter().map(|(key, at)| (key.clone(), at.0)).collect();
    if milestones != expected {
        wrong.push(format!("milestones {milestones:?}"));
    }
    let held = |it: &(Key, Timestamp)| (it.0.as_str().to_owned(), Offset(it.1.0 - BEGINNING.0));
    let held: Vec<(String, Offset)> = state.held_back().iter().map(held).collect();
    if held != case.held_back {
        wrong.push(format!("held back {held:?}"));
    }
    if state.looped() != case.looped {
        wrong.push(format!("looped {}", state.looped()));
    }
    if let Some(due) = case.next_due {
        let next = state.next_due(definitions).map(|due| due.0 - BEGINNING.0);
        if next != due.map(|due| due.0) {
            wrong.push(format!("next due {next:?}"));
        }
    }
    wrong
}

#[cfg_attr(test, test)]
pub fn journeys_move_as_their_cases_say() {
    let mut mistakes = Vec::new();
    for (name, file) in crate::files::<File>("journey") {
        let known =
            Known { page_groups: file.page_groups.0.iter().map(|g| g.key.clone()).collect(), ..Known::default() };
        for (_, journey) in &file.versions {
            let problems = check(journey, &known);
            mistakes.extend(problems.iter().map(|problem| format!("{name}: {problem:?}")));
        }
        let version = |(from, journey): (Offset, Journey)| Version { active_from: when(from), journey };
        let versions = file.versions.into_iter().map(version).collect();
        let definitions = Definitions::new(versions, file.page_groups, Default::default()).expect("definitions");
        for case in &file.cases {
            let wrong = check_case(&definitions, case).into_iter();
            mistakes.extend(wrong.map(|wrong| format!("{name}: {}: {wrong}", case.name)));
        }
    }
    crate::report(mistakes);
}
