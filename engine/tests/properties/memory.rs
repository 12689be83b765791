//! That what is remembered of a log is what the log says, however it came to be remembered.

use crate::config;
use crate::log::{DAY, arriving, groups, in_order};
use crate::rules::{any_log, log_leaf, rule};
use engine::event::name;
use engine::log::LogEvent;
use engine::page::Url;
use engine::rule::{
    Acquaintance, Age, Condition, Date, Leaves, Memory, Owner, Questions, Recollection, Remembered, Truth, Where,
    Witness,
};
use engine::source::{Channel, Source, Touch};
use engine::{Props, Span, Timestamp, Uuid};
use proptest::prelude::*;

/// A memory of a whole log.
pub fn remember(leaves: &Leaves, log: &[LogEvent]) -> Memory {
    let mut memory = Memory::new(leaves);
    log.iter().for_each(|event| memory.observe(leaves, event, &groups(), &Default::default()));
    memory
}

/// When the last event of a log happened.
pub fn last(log: &[LogEvent]) -> Timestamp {
    log[log.len() - 1].at
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn a_memory_says_what_the_log_says(leaf in log_leaf(), log in any_log(), after in 0..40 * DAY, cut in 0.0..1.0f64, back in 0..5usize) {
        let log = in_order(&log);
        let first = log[0].at.0;
        let now = Timestamp(first + ((last(&log).0 - first + after) as f64 * cut) as i64);
        let past: Vec<LogEvent> = log.iter().filter(|event| event.at <= now).cloned().collect();
        let leaves = Leaves::of([&leaf]);
        let memory = remember(&leaves, &past);
        // One of the last visits asks, or nobody's.
        let mut sessions: Vec<Uuid> = past.iter().filter_map(|event| event.session).collect();
        sessions.dedup();
        let session = back.checked_sub(1).and_then(|back| sessions.iter().rev().nth(back).copied());
        let answer = Remembered { memory: &memory, leaves: &leaves, now, session }.answer(&leaf);
        let expected = match by_reading(&leaf, &past, now, session) {
            Some(expected) => expected.into(),
            None => Truth::Unknown,
        };
        prop_assert_eq!(answer.truth, expected, "{:?}", leaf);
    }

    #[test]
    fn two_memories_beside_each_other_say_what_one_of_both_logs_says(leaf in log_leaf(), log in any_log(), mine in prop::collection::vec(any::<bool>(), 60)) {
        use Condition::{Channel, FirstSeen, LastSeen, Source, Visitor};
        if matches!(leaf, Visitor(_) | Channel(_) | Source(_) | FirstSeen(_) | LastSeen(_)) {
            return Ok(()); // Of arrivals one of the two knows all.
        }
        let log = in_order(&log);
        let leaves = Leaves::of([&leaf]);
        let half = |of: bool| -> Vec<LogEvent> {
            log.iter().enumerate().filter(|(at, _)| mine[at % mine.len()] == of).map(|(_, event)| event.clone()).collect()
        };
        let both = remember(&leaves, &half(true)).beside(&leaves, &remember(&leaves, &half(false)));
        prop_assert_eq!(both, remember(&leaves, &log));
    }

    #[test]
    fn a_recollection_grown_event_by_event_is_that_of_the_whole_log(rules in prop::collection::vec(rule(), 1..4), log in any_log(), after in 0..40 * DAY) {
        let questions = Questions::new(&rules, groups(), Default::default());
        let (mut known, mut recollection): (Vec<LogEvent>, Option<Recollection>) = Default::default();
        for event in arriving(&log) {
            known.push(event.clone());
            known.sort_by_key(LogEvent::order);
            match &mut recollection {
                Some(recollection) if recollection.takes(&questions, &event) => recollection.observe(&questions, &[event]),
                anew => *anew = Recollection::of(&questions, &known),
            }
            prop_assert_eq!(&recollection, &Recollection::of(&questions, &known));
        }
        // It leaves out what nobody asks about, and answers as if it had not.
        let (leaves, now) = (Leaves::of(&rules), Timestamp(last(&known).0 + after));
        let session = known.iter().rev().find_map(|event| event.session);
        let (kept, mut whole) = (recollection.expect("a log").into_memory(), Memory::new(&leaves));
        known.iter().for_each(|event| questions.remember(&mut whole, event));
        for leaf in rules.iter().flat_map(leaves_of) {
            let [kept, whole] = [&kept, &whole].map(|memory| Remembered { memory, leaves: &leaves, now, session }.answer(leaf));
            prop_assert_eq!(kept, whole, "{:?}", leaf);
        }
    }
}

fn leaves_of(rule: &Condition) -> Vec<&Condition> {
    let mut leaves = Vec::new();
    rule.each_leaf(&mut |leaf| leaves.push(leaf));
    leaves
}

/// What a leaf means, read off the whole log by the book.
fn by_reading(leaf: &Condition, log: &[LogEvent], now: Timestamp, session: Option<Uuid>) -> Option<bool> {
    let passes = |filter: &[Where], props: &Props| {
        filter.iter().all(|part| props.get(&part.prop).is_some_and(|value| part.test.passes(value)))
    };
    let is_aged = |at: Option<Timestamp>, age: Age| {
        at.is_some_and(|at| match age {
            Age::WithinLast(span) => (0..span.0).contains(&(now.0 - at.0)),
            Age::OlderThan(span) => now.0 - at.0 >= span.0,
        })
    };
    let inside = |at: Timestamp, within: Option<Span>| within.is_none_or(|w| now.0 - w.0 < at.0);
    let pages = || log.iter().filter(|event| event.name == name::PAGE_VIEWED);
    let sessions: Vec<Uuid> = log.iter().filter_map(|event| event.session).collect();
    let asking = session.or(sessions.last().copied());
    let source_of = |event: &LogEvent| Source::of_visit(&event.url, &event.referrer);
    let source = |touch: Touch| match touch {
        Touch::First => pages().next().map(source_of),
        Touch::Last => pages().map(source_of).rfind(|source| !source.is_direct()),
        Touch::Session => {
            pages().filter(|event| event.session == asking).map(source_of).rfind(|source| !source.is_direct())
        }
    };
    Some(match leaf {
        Condition::Event(wanted) => {
            let matching = log.iter().filter(|event| {
                let path = Url::parse(&event.url).path;
                event.name == wanted.name
                    && passes(&wanted.filter, &event.props)
                    && (event.origin.is_trusted() || !wanted.trusted)
                    && wanted.page_group.as_ref().is_none_or(|group| groups().contains(group, path))
                    && inside(event.at, wanted.within)
            });
            matching.count() >= wanted.count as usize
        }
        Condition::Absent(wanted) => {
            let at_last = |name: &str| log.iter().rfind(|event| event.name == name).map(|event| event.at);
            let anchor = match &wanted.since_event {
                Some(name) => at_last(name),
                None => log.first().map(|event| event.at),
            };
            anchor.is_some_and(|anchor| {
                let since = at_last(&wanted.name).map_or(anchor, |last| last.max(anchor));
                now.0 - since.0 >= wanted.lasting.0
            })
        }
        Condition::Trait(wanted) => {
            let carrier = match wanted.of {
                Owner::Person => name::IDENTIFIED,
                Owner::Account => name::GROUPED,
            };
            let said =
                log.iter().filter(|event| event.name == carrier && (event.origin.is_trusted() || !wanted.trusted));
            let value = said.filter_map(|event| event.props.get(&wanted.name)).next_back();
            match wanted.test.age() {
                Some(age) => is_aged(value.and_then(Date::of), age),
                None => value.is_some_and(|value| wanted.test.passes(value)),
            }
        }
        Condition::Prompt(wanted) => log.iter().any(|event| {
            event.prompt == Some((wanted.prompt.clone(), wanted.did))
                && inside(event.at, wanted.within)
                && wanted.score.as_ref().is_none_or(|test| event.props.get("score").is_some_and(|s| test.passes(s)))
        }),
        Condition::FirstSeen(age) => is_aged(log.first().map(|event| event.at), *age),
        Condition::LastSeen(age) => {
            let began = log.iter().position(|event| event.session.is_some() && event.session == asking);
            let before = &log[..began.unwrap_or(log.len())];
            is_aged(before.iter().rfind(|event| event.session.is_some()).map(|event| event.at), *age)
        }
        Condition::Visitor(wanted) => (sessions.first().copied() == asking) == (*wanted == Acquaintance::New),
        Condition::Source(wanted) => source(wanted.touch)
            .and_then(|source| source.field(wanted.field).map(|value| wanted.test.passes_text(value)))
            .unwrap_or(false),
        Condition::Channel(wanted) => {
            wanted.is.contains(&source(wanted.touch).map_or(Channel::Direct, |source| source.channel()))
        }
        _ => return None,
    })
}
