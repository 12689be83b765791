//! When a subject must be looked at again though nothing happens. Only `absent` and `time_in_stage` can become true by time
//! passing, so only they set a deadline here; the fold adds a transition's `min_dwell`, a pin's end and a new version.

use super::definition::{Journey, Milestone, Transition};
use crate::id::Key;
use crate::rule::{Condition, Witness, earlier};
use crate::time::Timestamp;

/// The earliest deadline of any transition out of the stage, or of its milestones that are still `open`.
pub(super) fn next_deadline(
    journey: &Journey,
    stage: &Key,
    open: impl Fn(&Milestone) -> bool,
    witness: &impl Witness,
) -> Option<Timestamp> {
    let mut next = None;
    let mut look = |condition: &Condition| {
        condition.each_leaf(&mut |leaf| {
            if is_clock(leaf) {
                next = earlier(next, witness.answer(leaf).until);
            }
        });
    };
    let look_at = |transition: &Transition| look(&transition.when);
    journey.exits(stage).for_each(look_at);
    let milestones = journey.stage(stage).into_iter().flat_map(|s| &s.milestones);
    milestones.filter(|milestone| open(milestone)).for_each(|milestone| look(&milestone.done_when));
    next
}

/// Whether the condition can become true by time passing. Such a one counts from the stage that the subject is in, so a
/// milestone with one means something in its own stage only.
pub(super) fn has_clock(condition: &Condition) -> bool {
    let mut found = false;
    condition.each_leaf(&mut |leaf| found |= is_clock(leaf));
    found
}

fn is_clock(leaf: &Condition) -> bool {
    matches!(leaf, Condition::Absent(_) | Condition::TimeInStage(_))
}
