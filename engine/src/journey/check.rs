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
    ambiguous(journey, &mut report);
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

/// Of two transitions out of one stage by the same event the one with the lower priority number goes first; with the same number only
/// their keys would decide, which nobody meant.
fn ambiguous(journey: &Journey, report: &mut impl FnMut(String, &'static str, String)) {
    for (index, second) in journey.transitions.iter().enumerate() {
        for first in &journey.transitions[..index] {
            if first.priority != second.priority || first.to == second.to {
                continue;
            }
            let stage = journey.stages.iter().find(|stage| first.leaves(&stage.key) && second.leaves(&stage.key));
            let shared = events(&first.when).into_iter().find(|name| events(&second.when).contains(name));
            if let (Some(stage), Some(name)) = (stage, shared) {
                let message = format!(
                    "By \"{name}\" both \"{}\" and \"{}\" leave \"{}\": give one of them another priority.",
                    first.key, second.key, stage.name
                );
                report(format!("transitions[{index}].priority"), "ambiguous", message);
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// What is wrong with a journey of the stages a, b, c (the end) and these transitions.
    fn mistakes(transitions: Value) -> Vec<(String, &'static str)> {
        let stages = json!([{ "key": "a", "name": "A" }, { "key": "b", "name": "B" }, { "key": "c", "name": "C", "kind": "terminal" }]);
        let journey = json!({ "key": "j", "name": "J", "stages": stages, "transitions": transitions });
        let problems = check(&serde_json::from_value(journey).unwrap(), &Known::default());
        problems.into_iter().map(|problem| (problem.at, problem.code)).collect()
    }

    fn move_by(key: &str, from: &str, to: &str, priority: i32, event: &str) -> Value {
        json!({ "key": key, "from": [from], "to": to, "priority": priority, "when": { "event": { "name": event } } })
    }

    #[test]
    fn two_ways_out_of_a_stage_by_one_event_need_an_order() {
        let on = move_by("on", "a", "b", 1, "Bought");
        let out = |priority, event| move_by("out", "a", "c", priority, event);
        let (none, ambiguous) = (Vec::new(), vec![("transitions[1].priority".to_owned(), "ambiguous")]);
        for (second, expected) in [
            (out(1, "Bought"), &ambiguous),
            (out(2, "Bought"), &none),
            (out(1, "Left"), &none),
            (
                json!({ "key": "out", "from": ["a"], "to": "c", "priority": 1, "when": { "any": [{ "event": { "name": "Left" } }, { "event": { "name": "Bought" } }] } }),
                &ambiguous,
            ),
            (
                json!({ "key": "out", "from": ["b"], "to": "c", "priority": 1, "when": { "event": { "name": "Bought" } } }),
                &none,
            ),
        ] {
            assert_eq!(&mistakes(json!([on, second])), expected, "{second}");
        }
    }

    #[test]
    fn a_stage_that_nothing_leads_to_and_a_circle_are_found() {
        let on = move_by("on", "a", "b", 1, "Bought");
        let unreachable = ("stages[2]".to_owned(), "unreachable_stage");
        let mut back = move_by("back", "b", "a", 2, "Bought");
        back["kind"] = json!("back");
        let circle = ("transitions[1].when".to_owned(), "circle");
        for (transitions, expected) in
            [(json!([on]), vec![unreachable.clone()]), (json!([on, back]), vec![unreachable, circle])]
        {
            assert_eq!(mistakes(transitions), expected);
        }
    }
}
