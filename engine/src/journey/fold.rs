//! The state machine: a pure function from a log to where the subject is and how it got there.
//!
//! `fold(definitions, log, as_of)` has no clock and no randomness. Deadlines that passed are stamped with the deadline, not
//! with the time somebody looked, so it does not matter when or how often a subject is woken. [`State::advance`] is the same
//! loop with a memory: appending events one by one gives what folding the whole log gives, as long as each event belongs
//! after all those before it; [`State::takes`] says so, and a caller whose event came late folds anew.

use super::definition::{Definitions, Journey, Stage};
use super::timer::{has_clock, next_deadline};
use crate::event::name;
use crate::id::{Key, Uuid};
use crate::log::{LogEvent, Order};
use crate::rule::{Anchors, Answer, Asked, Condition, Memory, Since, Truth, Witness, earlier, holds};
use crate::time::{Span, Timestamp};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// Most moves that one event or deadline may cause.
const MAX_PASSES: usize = 8;

/// Where a subject is, and all that later moves depend on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct State {
    stage: Key,
    entered_at: Timestamp,
    entered_by: Uuid,
    cycle: u32,
    cycle_started: Timestamp,
    next_seq: u32,
    start: Order,
    cursor: Order,
    milestones: Vec<(Key, Timestamp)>,
    pinned_until: Option<Timestamp>,
    /// The transitions that the pin has held back, and when each first applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    held_back: Vec<(Key, Timestamp)>,
    looped: bool,
    memory: Memory,
}

/// A recorded move: the trigger data that people see. The stay in a stage lasts from the move into it to the next move, so
/// stays cannot overlap or leave gaps; one that was left at the instant it was entered was skipped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Move {
    /// 0 for the first, then one more each.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// From where; nowhere for the first.
    pub from: Option<Key>,
    /// To where.
    pub to: Key,
    /// What kind of move it was, and by which transition.
    pub kind: MoveKind,
    /// What set it off.
    pub cause: Cause,
    /// The cycle after the move.
    pub cycle: u32,
}

/// What kind of move it was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// The subject was seen for the first time.
    Start,
    /// A trusted `Stage Set` event put it there.
    Set,
    /// This transition's trigger held.
    Transition(Key),
}

/// What set a move off.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// This event.
    Event(Uuid),
    /// Time: a deadline that ran since this event brought the subject into its stage.
    Deadline {
        /// The event that led into the stage.
        anchor: Uuid,
    },
}

/// Folds a whole log, sorted by [`LogEvent::order`], up to an instant. `None` if nothing happened by then.
pub fn fold(definitions: &Definitions, log: &[LogEvent], as_of: Timestamp) -> Option<(State, Vec<Move>)> {
    let first = log.first().filter(|event| event.at <= as_of)?;
    let (mut state, start) = State::begin(definitions, first);
    let mut moves = vec![start];
    moves.extend(state.advance(definitions, log, as_of));
    Some((state, moves))
}

impl State {
    /// The state just before the first event of a log is taken in.
    pub fn begin(definitions: &Definitions, first: &LogEvent) -> (State, Move) {
        let stage = definitions.at(first.at).stages[0].key.clone();
        let start = Move {
            seq: 0,
            at: first.at,
            from: None,
            to: stage.clone(),
            kind: MoveKind::Start,
            cause: Cause::Event(first.id),
            cycle: 1,
        };
        let state = State {
            stage,
            entered_at: first.at,
            entered_by: first.id,
            cycle: 1,
            cycle_started: first.at,
            next_seq: 1,
            start: first.order(),
            cursor: (first.at, 0, Uuid::from_bytes([0; 16])),
            milestones: Vec::new(),
            pinned_until: None,
            held_back: Vec::new(),
            looped: false,
            memory: Memory::new(definitions.leaves()),
        };
        (state, start)
    }

    /// Where the subject is.
    pub fn stage(&self) -> &Key {
        &self.stage
    }

    /// Since when.
    pub fn entered_at(&self) -> Timestamp {
        self.entered_at
    }

    /// The round of the map, from 1.
    pub fn cycle(&self) -> u32 {
        self.cycle
    }

    /// The milestones done in this cycle, and when.
    pub fn milestones(&self) -> &[(Key, Timestamp)] {
        &self.milestones
    }

    /// Until when it stays where somebody has put it, though rules would move it.
    pub fn pinned_until(&self) -> Option<Timestamp> {
        self.pinned_until
    }

    /// The transitions that would have moved it since it was pinned, and when.
    pub fn held_back(&self) -> &[(Key, Timestamp)] {
        &self.held_back
    }

    /// Whether an event set off moves in a circle, which were cut short.
    pub fn looped(&self) -> bool {
        self.looped
    }

    /// Whether the event belongs after everything taken in so far, or does not matter. If not, the log must be folded anew.
    pub fn takes(&self, definitions: &Definitions, event: &LogEvent) -> bool {
        event.order() > self.start && (event.order() > self.cursor || !definitions.concerns(event))
    }

    /// When the subject must be advanced again though nothing happens.
    pub fn next_due(&self, definitions: &Definitions) -> Option<Timestamp> {
        let now = self.cursor.0;
        let journey = definitions.at(now);
        let here = Here { state: self, definitions, journey, now, since: Since::Stage };
        let timer = next_deadline(journey, &self.stage, |m| !self.is_done(&m.key), &here);
        // A trigger that holds already waits for the end of its dwell.
        let dwell = journey
            .exits(&self.stage)
            .filter_map(|t| Some((t, self.entered_at.after(t.min_dwell?))))
            .filter(|(t, end)| *end > now && holds(&t.when, &here).truth == Truth::Yes)
            .map(|(_, end)| end)
            .min();
        let pin = self.pinned_until.filter(|until| *until > now);
        // What has passed already is never due again, or time would stand still.
        let by_rules = earlier(timer, dwell).filter(|due| *due > self.clock());
        earlier(earlier(by_rules, pin), definitions.next_activation(now))
    }

    /// Up to when deadlines have passed. One of the very instant of an event passes only after all events of that instant,
    /// so that each of them can still prevent it.
    fn clock(&self) -> Timestamp {
        match self.cursor {
            (at, u8::MAX, _) => at,
            (at, ..) => at.before(Span(1)),
        }
    }

    fn is_done(&self, milestone: &Key) -> bool {
        self.milestones.iter().any(|(done, _)| done == milestone)
    }

    /// Takes in further events, sorted and each [taken](State::takes), and lets the deadlines up to `as_of` pass.
    pub fn advance(&mut self, definitions: &Definitions, events: &[LogEvent], as_of: Timestamp) -> Vec<Move> {
        let mut moves = Vec::new();
        let mut events = events.iter().take_while(|event| event.at <= as_of).peekable();
        loop {
            let due = self.next_due(definitions).filter(|due| *due <= as_of);
            match (due, events.peek()) {
                (Some(due), event) if event.is_none_or(|event| due < event.at) => {
                    self.cursor = (due, u8::MAX, Uuid::from_bytes([0xff; 16]));
                    self.step(definitions, due, Cause::Deadline { anchor: self.entered_by }, &mut moves);
                }
                (_, Some(_)) => {
                    if let Some(event) = events.next() {
                        self.take(definitions, event, &mut moves);
                    }
                }
                (_, None) => return moves,
            }
        }
    }

    /// Takes in one event. One that no rule of the journey looks at changes nothing, not even the cursor: so it does not
    /// matter when it arrives.
    fn take(&mut self, definitions: &Definitions, event: &LogEvent, moves: &mut Vec<Move>) {
        if !definitions.concerns(event) {
            return;
        }
        self.cursor = event.order();
        self.memory.observe(definitions.leaves(), event, definitions.groups(), definitions.sources());
        let cause = Cause::Event(event.id);
        if event.name == name::STAGE_SET && event.origin.is_trusted() {
            self.set(definitions.at(event.at), event, moves);
        }
        self.step(definitions, event.at, cause, moves);
    }

    /// A person or a server puts the subject into a stage, and perhaps pins it there. Which journey is meant may be said;
    /// several may have stages of the same name.
    fn set(&mut self, journey: &Journey, event: &LogEvent, moves: &mut Vec<Move>) {
        match event.props.get("journey") {
            Some(Value::Text(meant)) if meant == journey.key.as_str() => {}
            None => {}
            _ => return,
        }
        let Some(Value::Text(wanted)) = event.props.get("stage") else {
            return;
        };
        let Some(stage) = Key::parse(wanted).filter(|key| journey.stage(key).is_some()) else {
            return;
        };
        self.pinned_until = match event.props.get("pin_until") {
            Some(Value::Number(ms)) => Some(Timestamp(*ms as i64)),
            _ => None,
        };
        self.held_back.clear();
        if stage != self.stage {
            self.go(stage, MoveKind::Set, event.at, Cause::Event(event.id), false, moves);
        }
    }

    /// Tries the transitions at an instant until none applies.
    fn step(&mut self, definitions: &Definitions, now: Timestamp, cause: Cause, moves: &mut Vec<Move>) {
        let journey = definitions.at(now);
        let mut entered = vec![self.stage.clone()];
        for _ in 0..MAX_PASSES {
            self.note_milestones(definitions, journey, now);
            let here = Here { state: self, definitions, journey, now, since: Since::Stage };
            let applies = |t: &&super::Transition| {
                t.min_dwell.is_none_or(|dwell| now >= self.entered_at.after(dwell))
                    && holds(&t.when, &here).truth == Truth::Yes
            };
            let Some(transition) = journey.exits(&self.stage).find(applies) else {
                return;
            };
            if self.pinned_until.is_some_and(|until| now < until) {
                if !self.held_back.iter().any(|(known, _)| *known == transition.key) {
                    self.held_back.push((transition.key.clone(), now));
                }
                return;
            }
            if entered.contains(&transition.to) {
                self.looped = true;
                return;
            }
            entered.push(transition.to.clone());
            let kind = MoveKind::Transition(transition.key.clone());
            self.go(transition.to.clone(), kind, now, cause, transition.begins_cycle(), moves);
        }
        self.looped = true;
    }

    fn go(&mut self, to: Key, kind: MoveKind, at: Timestamp, cause: Cause, new_cycle: bool, moves: &mut Vec<Move>) {
        if new_cycle {
            self.cycle += 1;
            self.cycle_started = at;
            self.milestones.clear();
        }
        self.held_back.clear();
        let from = core::mem::replace(&mut self.stage, to.clone());
        self.entered_at = at;
        if let Cause::Event(id) = cause {
            self.entered_by = id;
        }
        moves.push(Move { seq: self.next_seq, at, from: Some(from), to, kind, cause, cycle: self.cycle });
        self.next_seq += 1;
    }

    fn note_milestones(&mut self, definitions: &Definitions, journey: &Journey, now: Timestamp) {
        let all = journey.stages.iter().flat_map(|stage| stage.milestones.iter().map(move |m| (&stage.key, m)));
        for (stage, milestone) in all {
            let elsewhere = *stage != self.stage && has_clock(&milestone.done_when);
            if elsewhere || self.is_done(&milestone.key) {
                continue;
            }
            let here = Here { state: self, definitions, journey, now, since: Since::Cycle };
            if holds(&milestone.done_when, &here).truth == Truth::Yes {
                self.milestones.push((milestone.key.clone(), now));
            }
        }
    }
}

/// A state at an instant, as the witness of its own journey's rules.
struct Here<'a> {
    state: &'a State,
    definitions: &'a Definitions,
    journey: &'a Journey,
    now: Timestamp,
    since: Since,
}

impl Witness for Here<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let state = self.state;
        match leaf {
            Condition::TimeInStage(time) => {
                let deadline = state.entered_at.after(time.at_least);
                if state.clock() >= deadline { Answer::of(true) } else { Answer::until(false, deadline) }
            }
            Condition::Milestone(key) => Answer::of(state.is_done(key)),
            Condition::MilestonesDone => {
                let mut required = self.required().peekable();
                Answer::of(required.peek().is_some() && required.all(|key| state.is_done(key)))
            }
            _ => {
                let anchors =
                    Anchors { stage: Some(state.entered_at), cycle: Some(state.cycle_started), default: self.since };
                let now = match leaf {
                    Condition::Absent(_) => state.clock(),
                    _ => self.now,
                };
                state.memory.answer(self.definitions.leaves(), leaf, Asked { now, session: None, anchors })
            }
        }
    }
}

impl Here<'_> {
    fn required(&self) -> impl Iterator<Item = &Key> {
        let stage: Option<&Stage> = self.journey.stage(&self.state.stage);
        let milestones = stage.into_iter().flat_map(|stage| &stage.milestones);
        milestones.filter(|milestone| milestone.required).map(|milestone| &milestone.key)
    }
}
