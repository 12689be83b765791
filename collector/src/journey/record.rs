//! A recorded move as people read it, and as it is stored.

use engine::journey::{Cause, Move, MoveKind};

use crate::id;
use crate::store::states::NewMove;

/// The transition's name in the id and the records of a first move.
const START: &str = "start";
/// The same for a move by hand.
const SET: &str = "set";

/// The name of the transition that a move took.
pub fn transition_of(kind: &MoveKind) -> &str {
    match kind {
        MoveKind::Start => START,
        MoveKind::Set => SET,
        MoveKind::Transition(key) => key.as_str(),
    }
}

/// A move as a row.
pub fn row(site_id: &str, journey: &str, subject: &str, it: &Move) -> NewMove {
    let cause = match it.cause {
        Cause::Event(event) => event.write(),
        Cause::Deadline { anchor } => format!("{anchor}+{}", it.at.0),
    };
    let kind = subject.get(..1).unwrap_or_default();
    NewMove {
        site_id: site_id.to_owned(),
        journey: journey.to_owned(),
        subject: subject.to_owned(),
        seq: i64::from(it.seq),
        id: id::of_move(site_id, kind, journey, &cause, transition_of(&it.kind)),
        at: it.at.0,
        body: serde_json::to_string(it).unwrap_or_default(),
    }
}
