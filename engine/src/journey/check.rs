//! Everything that is wrong with a journey, at once.

use super::definition::{Journey, StageKind, Transition, TransitionKind};
use crate::id::Key;
use crate::problem::Problem;
use crate::rule::{self, Condition, Known, Place};

/// All mistakes of a journey. `known` brings the site's page groups, prompts and segments.
pub fn check(journey: &Journey, known: &Known) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut report = |at: String, code, message: String| problems.push(Problem::new(at, code, message));
    if journey.name.trim().is_empty() {
        report("name".into(), "empty", "The journey needs a name.".into());
    }
    if journey.stages.len() < 2 {
        report("stages".into(), "too_few_stages", "A journey needs at least two stages.".into());
    }
    for (index, stage) in journey.stages.iter().enumerate() {
        if journey.stages[..index].iter().any(|other| other.key == stage.key) {
            report(format!("stages[{index}].key"), "duplicate_key", format!("There are two stages \"{}\".", stage.key));
        }
        if let (Some(delay), Some(stuck)) = (stage.delay_after, stage.stuck_after)
            && delay >= stuck
        {
            let message = "A subject must be delayed before it is stuck.";
            report(format!("stages[{index}].stuck_after"), "order", message.into());
        }
    }
    if !journey.stages.iter().any(|stage| stage.kind == StageKind::Terminal) {
        report("stages".into(), "no_terminal", "One stage must be terminal, such as \"churned\".".into());
    }
    for (index, transition) in journey.transitions.iter().enumerate() {
        let at = |field: &str| format!("transitions[{index}].{field}");
        if journey.transitions[..index].iter().any(|other| other.key == transition.key) {
            report(at("key"), "duplicate_key", format!("There are two transitions \"{}\".", transition.key));
        }
        let from = transition.from.iter().map(|stage| ("from", stage));
        for (field, stage) in from.chain([("to", &transition.to)]) {
            if journey.stage(stage).is_none() {
                report(at(field), "unknown_stage", format!("There is no stage \"{stage}\" in this journey."));
            }
        }
        if transition.from.contains(&transition.to) {
            report(at("to"), "to_itself", "A transition must lead to another stage.".into());
        }
        if transition.kind != TransitionKind::Reenter {
            for end in transition.from.iter().filter(|key| is_end(journey, key)) {
                let message = format!("\"{end}\" is the end; only a transition of kind \"reenter\" leads out of it.");
                report(at("from"), "leaves_terminal", message);
            }
        }
        if transition.kind == TransitionKind::Reenter && !from_terminal_only(journey, transition) {
            let message = "Only a terminal stage can be re-entered from; say \"new_cycle\" instead.";
            report(at("kind"), "reenter_from", message.into());
        }
    }
    milestones(journey, &mut report);
    unreachable(journey, &mut report);
    circles(journey, &mut report);
    conditions(journey, known, &mut problems);
    problems
}

fn from_terminal_only(journey: &Journey, transition: &Transition) -> bool {
    !transition.from.is_empty() && transition.from.iter().all(|key| is_end(journey, key))
}

fn is_end(journey: &Journey, key: &Key) -> bool {
    let stage = journey.stage(key);
    stage.is_some_and(|stage| stage.kind == StageKind::Terminal)
}

/// Milestones are remembered by their key alone, so two stages cannot share one.
fn milestones(journey: &Journey, report: &mut impl FnMut(String, &'static str, String)) {
    let mut seen: Vec<&Key> = Vec::new();
    for (index, stage) in journey.stages.iter().enumerate() {
        for (number, milestone) in stage.milestones.iter().enumerate() {
            if seen.contains(&&milestone.key) {
                report(
                    format!("stages[{index}].milestones[{number}].key"),
                    "duplicate_key",
                    format!("There are two milestones \"{}\".", milestone.key),
                );
            }
            seen.push(&milestone.key);
        }
    }
}

fn unreachable(journey: &Journey, report: &mut impl FnMut(String, &'static str, String)) {
    let Some(first) = journey.stages.first() else {
        return;
    };
    let mut reached = vec![&first.key];
    let mut next = 0;
    while let Some(stage) = reached.get(next).copied() {
        for transition in journey.exits(stage) {
            if !reached.contains(&&transition.to) {
                reached.push(&transition.to);
            }
        }
        next += 1;
    }
    for (index, stage) in journey.stages.iter().enumerate() {
        if !reached.contains(&&stage.key) {
            let message = format!("No transition leads to the stage \"{}\".", stage.key);
            report(format!("stages[{index}]"), "unreachable_stage", message);
        }
    }
}

/// A pair of transitions that lead to and fro by the same event would turn in a circle.
fn circles(journey: &Journey, report: &mut impl FnMut(String, &'static str, String)) {
    for (index, back) in journey.transitions.iter().enumerate() {
        if !matches!(back.kind, TransitionKind::Back | TransitionKind::Reenter) {
            continue;
        }
        let opposite = |t: &&Transition| t.leaves(&back.to) && back.leaves(&t.to);
        for forth in journey.transitions.iter().filter(opposite) {
            let shared = events(&back.when).into_iter().find(|name| events(&forth.when).contains(name));
            if let Some(name) = shared {
                let message = format!("\"{name}\" would lead to and fro between \"{}\" and \"{}\".", back.to, forth.to);
                report(format!("transitions[{index}].when"), "circle", message);
            }
        }
    }
}

/// The names of the events of which one alone can make the condition hold.
fn events(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::Event(event) if event.count <= 1 && event.filter.is_empty() => vec![&event.name],
        Condition::Any(parts) => parts.iter().flat_map(events).collect(),
        Condition::All(parts) if parts.len() == 1 => events(&parts[0]),
        _ => Vec::new(),
    }
}

fn conditions(journey: &Journey, known: &Known, problems: &mut Vec<Problem>) {
    let milestones = journey.stages.iter().flat_map(|stage| &stage.milestones);
    let known = Known { milestones: milestones.map(|milestone| milestone.key.clone()).collect(), ..known.clone() };
    for (index, transition) in journey.transitions.iter().enumerate() {
        rule::check(&transition.when, Place::Transition, &known, &format!("transitions[{index}].when"), problems);
    }
    for (index, stage) in journey.stages.iter().enumerate() {
        for (number, milestone) in stage.milestones.iter().enumerate() {
            let at = format!("stages[{index}].milestones[{number}].done_when");
            rule::check(&milestone.done_when, Place::Milestone, &known, &at, problems);
        }
    }
}
