//! What must hold of every journey and every log: the order in which events arrive, how they are batched, how often they are
//! sent again and when anybody looks make no difference to the moves, the milestones or the state, to the last byte.

use crate::config;
use crate::log::journeys::{Story, story};
use crate::log::{DAY, arriving, in_order};
use engine::journey::{Cause, Definitions, Move, MoveKind, State, TransitionKind, fold};
use engine::log::LogEvent;
use engine::{Timestamp, Uuid};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// A subject as the collector keeps it: the log, the state as text, the moves.
#[derive(Default)]
struct Subject {
    log: Vec<LogEvent>,
    state: Option<String>,
    moves: Vec<Move>,
    refolds: usize,
}

impl Subject {
    /// Takes in a batch: what is new is appended if it may be, otherwise everything is folded anew.
    fn insert(&mut self, definitions: &Definitions, batch: &[LogEvent], now: Timestamp) {
        let is_new = |event: &&LogEvent| self.log.iter().all(|known| known.id != event.id);
        let mut new: Vec<LogEvent> = batch.iter().filter(is_new).cloned().collect();
        new.sort_by_key(LogEvent::order);
        new.dedup_by_key(|event| event.id);
        self.log.extend(new.iter().cloned());
        self.log.sort_by_key(LogEvent::order);
        match self.state() {
            Some(mut state) if new.iter().all(|event| state.takes(definitions, event)) => {
                self.moves.extend(state.advance(definitions, &new, now));
                self.keep(&state);
            }
            _ => {
                self.refolds += 1;
                if let Some((state, moves)) = fold(definitions, &self.log, now) {
                    self.moves = moves;
                    self.keep(&state);
                }
            }
        }
    }

    /// Lets time pass.
    fn wake(&mut self, definitions: &Definitions, now: Timestamp) {
        if let Some(mut state) = self.state() {
            self.moves.extend(state.advance(definitions, &[], now));
            self.keep(&state);
        }
    }

    fn state(&self) -> Option<State> {
        self.state.as_ref().map(|text| serde_json::from_str(text).unwrap())
    }

    fn keep(&mut self, state: &State) {
        self.state = Some(serde_json::to_string(state).unwrap());
    }

    fn rows(&self) -> String {
        format!("{} {}", self.state.as_deref().unwrap_or(""), serde_json::to_string(&self.moves).unwrap())
    }
}

/// The rows that folding the whole log leaves.
fn rows(definitions: &Definitions, log: &[LogEvent], as_of: Timestamp) -> String {
    match fold(definitions, log, as_of) {
        Some((state, moves)) => {
            format!("{} {}", serde_json::to_string(&state).unwrap(), serde_json::to_string(&moves).unwrap())
        }
        None => " []".into(),
    }
}

/// A story, its events in some order in batches of some sizes, with some sent again, and some wake-ups.
fn shuffled() -> impl Strategy<Value = (Story, Vec<Vec<LogEvent>>)> {
    story().prop_flat_map(|story| {
        let mut events = arriving(&story.log);
        let again: Vec<LogEvent> = events.iter().step_by(3).cloned().collect();
        events.extend(again);
        let sizes = prop::collection::vec(1..5usize, events.len());
        (Just(story), Just(events).prop_shuffle(), sizes).prop_map(|(story, events, sizes)| {
            let mut rest = events.as_slice();
            let mut batches = Vec::new();
            for size in sizes {
                let (batch, after) = rest.split_at(size.min(rest.len()));
                batches.push(batch.to_vec());
                rest = after;
            }
            (story, batches)
        })
    })
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn order_batches_and_repetition_make_no_difference((story, batches) in shuffled()) {
        let definitions = &story.definitions;
        let mut subject = Subject::default();
        let mut now = Timestamp(0);
        for batch in &batches {
            now = batch.iter().map(|event| event.at).fold(now, Ord::max);
            subject.insert(definitions, batch, now);
        }
        subject.wake(definitions, story.until);
        prop_assert_eq!(subject.rows(), rows(definitions, &in_order(&story.log), story.until));
    }

    #[test]
    fn every_insert_leaves_what_a_whole_fold_leaves(story in story()) {
        let definitions = &story.definitions;
        let mut subject = Subject::default();
        let mut now = Timestamp(0);
        for event in arriving(&story.log) {
            now = now.max(event.at);
            subject.insert(definitions, &[event], now);
            prop_assert_eq!(subject.rows(), rows(definitions, &subject.log, now));
        }
        subject.wake(definitions, story.until);
        // Projections dropped and played again.
        prop_assert_eq!(subject.rows(), rows(definitions, &subject.log, story.until));
    }

    #[test]
    fn when_anybody_looks_makes_no_difference(
        story in story(),
        wakes in prop::collection::vec(0.0..1.0f64, 0..40),
    ) {
        let definitions = &story.definitions;
        let log = in_order(&story.log);
        let first = log[0].at.0;
        let mut wakes: Vec<i64> = wakes.iter().map(|part| first + ((story.until.0 - first) as f64 * part) as i64).collect();
        wakes.sort_unstable();
        let mut subject = Subject::default();
        let mut wakes = wakes.into_iter().peekable();
        for event in &log {
            while let Some(wake) = wakes.next_if(|wake| *wake <= event.at.0) {
                subject.wake(definitions, Timestamp(wake));
            }
            subject.insert(definitions, core::slice::from_ref(event), event.at);
        }
        for wake in wakes {
            subject.wake(definitions, Timestamp(wake));
            // Twice at the same instant is once.
            subject.wake(definitions, Timestamp(wake));
        }
        subject.wake(definitions, story.until);
        prop_assert_eq!(subject.rows(), rows(definitions, &log, story.until));
    }

    #[test]
    fn who_is_woken_when_due_misses_nothing(story in story()) {
        // Nothing changes between two deadlines that `next_due` names.
        let (definitions, log) = (&story.definitions, in_order(&story.log));
        let (mut state, mut moves) = fold(definitions, &log, log[log.len() - 1].at).unwrap();
        let mut rounds = 0;
        while let Some(due) = state.next_due(definitions).filter(|due| *due <= story.until) {
            let mut early = state.clone();
            prop_assert_eq!(early.advance(definitions, &[], Timestamp(due.0 - 1)), vec![]);
            prop_assert_eq!(&early, &state);
            moves.extend(state.advance(definitions, &[], due));
            prop_assert!(state.next_due(definitions).is_none_or(|next| next > due));
            rounds += 1;
            prop_assert!(rounds < 1000);
        }
        prop_assert_eq!(Some((state, moves)), fold(definitions, &log, story.until));
    }

    #[test]
    fn what_was_is_not_changed_by_what_comes(story in story(), part in 0.0..1.0f64) {
        let (definitions, log) = (&story.definitions, in_order(&story.log));
        let first = log[0].at.0;
        let cut = Timestamp(first + ((story.until.0 - first) as f64 * part) as i64);
        let (mut state, mut early) = fold(definitions, &log, cut).unwrap();
        let (last, late) = fold(definitions, &log, story.until).unwrap();
        let before: Vec<Move> = late.iter().filter(|made| made.at <= cut).cloned().collect();
        prop_assert_eq!(&before, &early);
        let rest: Vec<LogEvent> = log.iter().filter(|event| event.at > cut).cloned().collect();
        early.extend(state.advance(definitions, &rest, story.until));
        prop_assert_eq!((state, early), (last, late));
    }

    #[test]
    fn stays_have_no_gaps_and_do_not_overlap(story in story()) {
        let (definitions, log) = (&story.definitions, in_order(&story.log));
        let (state, moves) = fold(definitions, &log, story.until).unwrap();
        prop_assert_eq!(&moves[0].kind, &MoveKind::Start);
        prop_assert_eq!((moves[0].at, moves[0].from.as_ref(), moves[0].cycle), (log[0].at, None, 1));
        for (index, pair) in moves.windows(2).enumerate() {
            prop_assert_eq!(pair[1].seq, index as u32 + 1);
            prop_assert_eq!(pair[1].from.as_ref(), Some(&pair[0].to));
            prop_assert_ne!(&pair[1].to, &pair[0].to);
            prop_assert!(pair[0].at <= pair[1].at);
            prop_assert!(pair[1].cycle - pair[0].cycle <= 1);
        }
        let last = &moves[moves.len() - 1];
        prop_assert_eq!((&last.to, last.at, last.cycle), (state.stage(), state.entered_at(), state.cycle()));
        let ids: Vec<Uuid> = log.iter().map(|event| event.id).collect();
        for made in &moves {
            let (Cause::Event(id) | Cause::Deadline { anchor: id }) = made.cause;
            prop_assert!(ids.contains(&id));
            if let Cause::Event(id) = made.cause {
                prop_assert!(log.iter().any(|event| event.id == id && event.at == made.at));
            }
        }
        for (_, at) in state.milestones() {
            prop_assert!(log[0].at <= *at && *at <= story.until);
        }
    }
}

/// What is generated, counted.
#[derive(Default, Debug)]
struct Seen {
    stories: usize,
    three_moves: usize,
    late: usize,
    timers: usize,
    back: usize,
    reentry: usize,
    identity: usize,
    new_cycle: usize,
    set: usize,
    same_instant: usize,
    weeks: usize,
    refolds: usize,
}

#[test]
fn the_generator_tells_stories() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::default();
    for _ in 0..400 {
        let story = story().new_tree(&mut runner).unwrap().current();
        let log = in_order(&story.log);
        let (_, moves) = fold(&story.definitions, &log, story.until).unwrap();
        let by = |kind: TransitionKind| {
            moves.iter().any(|made| {
                let journey = story.definitions.at(made.at);
                let mut all = journey.transitions.iter().filter(|t| t.kind == kind);
                all.any(|t| made.kind == MoveKind::Transition(t.key.clone()))
            })
        };
        let mut subject = Subject::default();
        for event in arriving(&story.log) {
            subject.insert(&story.definitions, core::slice::from_ref(&event), story.until);
        }
        seen.stories += 1;
        seen.three_moves += usize::from(moves.len() > 3);
        seen.late += usize::from(arriving(&story.log) != log);
        seen.timers += usize::from(moves.iter().any(|made| matches!(made.cause, Cause::Deadline { .. })));
        seen.back += usize::from(by(TransitionKind::Back));
        seen.reentry += usize::from(by(TransitionKind::Reenter));
        seen.identity += usize::from(log.iter().any(|e| e.name == "Identified" || e.name == "Grouped"));
        seen.new_cycle += usize::from(moves.iter().any(|made| made.cycle > 1));
        seen.set += usize::from(moves.iter().any(|made| made.kind == MoveKind::Set));
        seen.same_instant += usize::from(log.windows(2).any(|pair| pair[0].at == pair[1].at));
        seen.weeks += usize::from(story.until.0 - log[0].at.0 > 21 * DAY);
        seen.refolds += usize::from(subject.refolds > 1);
    }
    assert!(2 * seen.three_moves >= seen.stories, "{seen:?}");
    for (what, many) in [
        ("late", seen.late),
        ("timers", seen.timers),
        ("back", seen.back),
        ("reentry", seen.reentry),
        ("identity", seen.identity),
        ("new cycle", seen.new_cycle),
        ("same instant", seen.same_instant),
        ("weeks", seen.weeks),
        ("refolds", seen.refolds),
    ] {
        assert!(10 * many >= seen.stories, "{what}: {seen:?}");
    }
    assert!(20 * seen.set >= seen.stories, "set: {seen:?}");
}
