//! When a subject must be looked at again though nothing happens. Only `absent` and `time_in_stage` can become true by time
//! passing, so only they set a deadline.

use super::definition::Journey;
use crate::id::Key;
use crate::rule::{Condition, Witness, earlier};
use crate::time::Timestamp;

/// The earliest deadline after `after` of any transition out of the stage, or of its milestones.
pub(super) fn next_deadline(
    journey: &Journey,
    stage: &Key,
    after: Timestamp,
    witness: &impl Witness,
) -> Option<Timestamp> {
    let mut next = None;
    let mut look = |condition: &Condition| {
        condition.each_leaf(&mut |leaf| {
            if matches!(leaf, Condition::Absent(_) | Condition::TimeInStage(_)) {
                let deadline = witness
                    .answer(leaf)
                    .until
                    .filter(|deadline| *deadline > after);
                next = earlier(next, deadline);
            }
        });
    };
    let out = journey
        .transitions
        .iter()
        .filter(|transition| transition.leaves(stage));
    out.for_each(|transition| look(&transition.when));
    if let Some(stage) = journey.stage(stage) {
        stage
            .milestones
            .iter()
            .for_each(|milestone| look(&milestone.done_when));
    }
    next
}
