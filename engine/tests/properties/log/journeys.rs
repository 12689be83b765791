//! Journeys for logs: the default template as a file has it, and small random ones.

use super::{BEGINNING, DAY, Sent, customer, groups, key, noise};
use engine::journey::{Definitions, Journey, Milestone, Stage, StageKind, Transition, TransitionKind, Version, check};
use engine::rule::{
    AbsentFor, Condition, EventCount, Known, Number, Owner, Scalar, Since, Test, TimeInStage, TraitIs, Where,
};
use engine::{Span, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

/// A journey and a log for it.
#[derive(Clone, Debug)]
pub struct Story {
    pub definitions: Definitions,
    pub log: Vec<Sent>,
    /// Up to when it is told: at or after the last event.
    pub until: Timestamp,
}

/// Stories of both kinds.
pub fn story() -> impl Strategy<Value = Story> {
    prop_oneof![3 => told(Just(default()), customer()), 1 => told(random(), noise()), 1 => told(random(), customer())]
}

fn told(
    definitions: impl Strategy<Value = Definitions>,
    log: impl Strategy<Value = Vec<Sent>>,
) -> impl Strategy<Value = Story> {
    (definitions, log, 0..100 * DAY).prop_map(|(definitions, log, after)| {
        let last = log.iter().map(|sent| sent.event.at.0).max();
        let until = Timestamp(last.unwrap_or(BEGINNING) + after);
        Story { definitions, log, until }
    })
}

fn known() -> Known {
    Known { page_groups: groups().0.iter().map(|group| group.key.clone()).collect(), ..Known::default() }
}

/// The default template, from the file with its cases.
pub fn default() -> Definitions {
    let text = include_str!("../../../../tests/cases/journey/default.json");
    let file: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let journey: Journey = serde_json::from_value(file["versions"][0][1].clone()).expect("a journey");
    assert_eq!(check(&journey, &known()), []);
    let version = Version { active_from: Timestamp(0), journey };
    Definitions::new(vec![version], groups(), Default::default()).expect("definitions")
}

const EVENTS: [&str; 8] = [
    "Page Viewed",
    "Signed In",
    "Go",
    "Turn",
    "Trial Started",
    "Subscription Started",
    "Review Given",
    "Plan Limit Reached",
];

fn name() -> impl Strategy<Value = String> {
    select(EVENTS.to_vec()).prop_map(String::from)
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![select(vec![1, 7, 14, 30]).prop_map(Span::days), (1..40 * DAY).prop_map(Span)]
}

/// An event leaf; `since` means something in journeys only.
pub fn event(in_journey: bool) -> impl Strategy<Value = Condition> {
    let filter = prop_oneof![
        4 => Just(Vec::new()),
        1 => Just(vec![Where { prop: "mrr".into(), test: Test::Above(Number(10.0)) }]),
        1 => Just(vec![Where { prop: "adds_features".into(), test: Test::Is(vec![Scalar::Bool(true)]) }]),
    ];
    let since = select(vec![None, None, Some(Since::Stage), Some(Since::Cycle), Some(Since::Ever)]);
    let group = select(vec![None, None, None, Some("pricing"), Some("docs")]);
    (name(), filter, prop::bool::weighted(0.2), 1..4u32, prop::option::of(span()), since, group).prop_map(
        move |(name, filter, trusted, count, within, since, group)| {
            Condition::Event(EventCount {
                page_group: group.filter(|_| name == "Page Viewed").map(key),
                name,
                filter,
                path: None,
                trusted,
                count,
                within,
                since: since.filter(|_| in_journey),
            })
        },
    )
}

/// An absence.
pub fn absent() -> impl Strategy<Value = Condition> {
    (name(), span(), prop::option::weighted(0.3, name())).prop_map(|(name, lasting, since_event)| {
        Condition::Absent(AbsentFor { name, filter: Vec::new(), lasting, since_event })
    })
}

/// A trait.
pub fn person_trait() -> impl Strategy<Value = Condition> {
    let tests = vec![Test::Is(vec![Scalar::Text("pro".into())]), Test::Exists, Test::AtLeast(Number(7.25))];
    (select(vec![Owner::Person, Owner::Account]), select(tests), any::<bool>())
        .prop_map(|(of, test, trusted)| Condition::Trait(TraitIs { of, name: "plan".into(), test, trusted }))
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        5 => event(true),
        2 => absent(),
        1 => span().prop_map(|at_least| Condition::TimeInStage(TimeInStage { journey: None, at_least })),
        1 => person_trait(),
        1 => Just(Condition::MilestonesDone),
        1 => Just(Condition::Milestone(key("m1"))),
        1 => person_trait().prop_map(|part| Condition::Not(Box::new(part))),
    ];
    let leaf = leaf.boxed();
    prop_oneof![
        4 => leaf.clone(),
        1 => prop::collection::vec(leaf.clone(), 1..3).prop_map(Condition::All),
        1 => prop::collection::vec(leaf, 1..3).prop_map(Condition::Any),
    ]
}

const STAGES: [&str; 5] = ["s0", "s1", "s2", "s3", "end"];

fn transition(index: usize) -> impl Strategy<Value = Transition> {
    // A way through all stages first, then anything.
    let fixed = STAGES.get(index + 1).map(|to| (STAGES[index], *to));
    let ends = match fixed {
        Some(ends) => Just(ends).boxed(),
        None => (select(STAGES[..4].to_vec()), select(STAGES.to_vec()))
            .prop_filter("to another stage", |(from, to)| from != to)
            .boxed(),
    };
    let dwell = prop::option::weighted(0.15, span());
    let back = prop::bool::weighted(0.7);
    (ends, 0..50i32, condition(), dwell, back, prop::bool::weighted(0.15), prop::bool::weighted(0.1)).prop_map(
        move |((from, to), priority, when, min_dwell, back, new_cycle, from_anywhere)| {
            let is_back = back && STAGES.iter().position(|s| *s == to) < STAGES.iter().position(|s| *s == from);
            Transition {
                key: key(&format!("t{index}")),
                from: if from_anywhere { Vec::new() } else { vec![key(from)] },
                to: key(to),
                kind: if is_back { TransitionKind::Back } else { TransitionKind::Forward },
                priority,
                when,
                min_dwell,
                new_cycle,
            }
        },
    )
}

fn journey() -> impl Strategy<Value = Journey> {
    let transitions: Vec<_> = (0..9).map(|index| transition(index).boxed()).collect();
    let milestones = prop::collection::vec((condition(), any::<bool>()), 2);
    (transitions, milestones, event(true), prop::option::of(span()))
        .prop_map(|(mut transitions, milestones, when, min_dwell)| {
            transitions.push(Transition {
                key: key("again"),
                from: vec![key("end")],
                to: key("s0"),
                kind: TransitionKind::Reenter,
                priority: 1,
                when,
                min_dwell,
                new_cycle: false,
            });
            let stage = |(index, name): (usize, &&str)| Stage {
                key: key(name),
                name: (*name).into(),
                kind: if *name == "end" { StageKind::Terminal } else { StageKind::Linear },
                delay_after: None,
                stuck_after: None,
                milestones: milestones
                    .get(index)
                    .map(|(done_when, required)| Milestone {
                        key: key(&format!("m{index}")),
                        name: "M".into(),
                        required: *required,
                        done_when: done_when.clone(),
                    })
                    .into_iter()
                    .collect(),
            };
            Journey {
                key: key("random"),
                name: "Random".into(),
                stages: STAGES.iter().enumerate().map(stage).collect(),
                transitions,
            }
        })
        .prop_filter("passes its check", |journey| check(journey, &known()).is_empty())
}

/// One version of a random journey, or two.
pub fn random() -> impl Strategy<Value = Definitions> {
    let second = prop::option::weighted(0.3, (journey(), 0..60 * DAY));
    (journey(), second).prop_map(|(first, second)| {
        let mut versions = vec![Version { active_from: Timestamp(BEGINNING - DAY), journey: first }];
        versions.extend(second.map(|(journey, after)| Version { active_from: Timestamp(BEGINNING + after), journey }));
        Definitions::new(versions, groups(), Default::default()).expect("definitions")
    })
}
