//! What must hold of every rule: that it means the same plainly, explained, published and read back; that an answer lasts as
//! long as it says; and that what is remembered of a log is what the log says.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod log;

use engine::event::{Action, name};
use engine::facts::{Facts, Published, publish};
use engine::frequency::History;
use engine::log::LogEvent;
use engine::page::{PageGroups, PathPattern, Url};
use engine::rule::{
    Acquaintance, Answer, Both, ChannelIs, Condition, Device, Explanation, LeafId, Leaves, Memory, OnPage, Owner,
    PromptDid, QueryIs, Questions, Recollection, Remembered, Scalar, SourceIs, Test, Truth, Where, Witness, eval,
    holds,
};
use engine::source::{Channel, SourceField, Touch};
use engine::{Props, Span, Timestamp, Uuid};
use log::journeys::{absent, event, person_trait};
use log::{DAY, Sent, arriving, customer, groups, in_order, key, noise};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;

fn config(cases: u32) -> Config {
    Config {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases),
        failure_persistence: None,
        ..Config::default()
    }
}

const SEGMENTS: [&str; 3] = ["vip", "new", "nobody_knows"];

fn page_leaf() -> impl Strategy<Value = Condition> {
    let pattern = |text: &str| Condition::Path(PathPattern::parse(text).unwrap());
    let query = Condition::Query(QueryIs { param: "plan".into(), test: Test::Is(vec![Scalar::Text("pro".into())]) });
    select(vec![
        pattern("/pricing*"),
        pattern("/"),
        Condition::PageGroup(key("docs")),
        Condition::Device(vec![Device::Phone]),
        Condition::Language(vec!["de".into()]),
        query,
    ])
}

fn prompt_leaf() -> impl Strategy<Value = Condition> {
    let did = select(vec![Action::Shown, Action::Answered]);
    let within = prop::option::of((1..60 * DAY).prop_map(Span));
    let score = select(vec![None, Some(Test::AtLeast(engine::rule::Number(9.0)))]);
    (did, within, score)
        .prop_map(|(did, within, score)| Condition::Prompt(PromptDid { prompt: key("nps"), did, score, within }))
}

fn arrival_leaf() -> impl Strategy<Value = Condition> {
    let touch = select(vec![Touch::First, Touch::Last, Touch::Session]);
    (touch, 0..4u8).prop_map(|(touch, which)| match which {
        0 => Condition::Visitor(Acquaintance::New),
        1 => Condition::Channel(ChannelIs { is: vec![Channel::Email, Channel::Direct], touch }),
        2 => Condition::Source(SourceIs {
            field: SourceField::Campaign,
            test: Test::Is(vec![Scalar::Text("spring".into())]),
            touch,
        }),
        _ => Condition::Channel(ChannelIs { is: vec![Channel::PaidSearch], touch }),
    })
}

fn log_leaf() -> impl Strategy<Value = Condition> {
    prop_oneof![
        4 => event(false),
        2 => absent(),
        2 => person_trait(),
        1 => prompt_leaf(),
        2 => arrival_leaf(),
        2 => select(SEGMENTS.to_vec()).prop_map(|name| Condition::Segment(key(name))),
    ]
}

fn rule() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![3 => log_leaf(), 2 => page_leaf()];
    leaf.prop_recursive(4, 24, 4, |part| {
        prop_oneof![
            3 => prop::collection::vec(part.clone(), 0..4).prop_map(Condition::All),
            3 => prop::collection::vec(part.clone(), 0..4).prop_map(Condition::Any),
            1 => part.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

fn any_log() -> impl Strategy<Value = Vec<Sent>> {
    prop_oneof![customer(), noise()]
}

#[derive(Clone, Debug)]
struct PageSeen {
    url: Option<&'static str>,
    device: Option<Device>,
    language: Option<&'static str>,
}

fn page_seen() -> impl Strategy<Value = PageSeen> {
    let urls = ["https://x.example/", "https://x.example/pricing?plan=pro", "https://x.example/docs/a"];
    (
        prop::option::weighted(0.9, select(urls.to_vec())),
        select(vec![None, Some(Device::Phone), Some(Device::Desktop)]),
        select(vec![None, Some("de-AT"), Some("en")]),
    )
        .prop_map(|(url, device, language)| PageSeen { url, device, language })
}

impl PageSeen {
    fn on<'a>(&'a self, groups: &'a PageGroups) -> OnPage<'a> {
        OnPage { address: self.url, groups, device: self.device, language: self.language }
    }
}

/// What the collector knows: a memory, and two of three segments.
#[derive(Clone, Copy)]
struct Log<'a> {
    leaves: &'a Leaves,
    memory: &'a Memory,
    now: Timestamp,
}

impl Witness for Log<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Segment(name) if *name == key("vip") => Answer::of(true),
            Condition::Segment(name) if *name == key("new") => Answer::of(false),
            _ => Remembered { memory: self.memory, leaves: self.leaves, now: self.now, session: None }.answer(leaf),
        }
    }

    fn actual(&self, _: &Condition) -> String {
        String::new()
    }
}

/// What the page knows of the log: verdicts.
struct Told<'a>(&'a Facts, Timestamp);

impl Witness for Told<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.0.verdict(*id, self.1),
            _ => Answer::UNKNOWN,
        }
    }

    fn actual(&self, _: &Condition) -> String {
        String::new()
    }
}

fn remember(leaves: &Leaves, log: &[LogEvent]) -> Memory {
    let mut memory = Memory::new(leaves);
    log.iter().for_each(|event| memory.observe(leaves, event, &groups(), &Default::default()));
    memory
}

fn last(log: &[LogEvent]) -> Timestamp {
    log[log.len() - 1].at
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn explained_and_read_back_a_rule_means_the_same(rule in rule(), log in any_log(), seen in page_seen(), after in 0..40 * DAY) {
        let (log, groups) = (in_order(&log), groups());
        let leaves = Leaves::of([&rule]);
        let memory = remember(&leaves, &log);
        let ask = Both { page: seen.on(&groups), log: Log { leaves: &leaves, memory: &memory, now: Timestamp(last(&log).0 + after) } };
        let plain = holds(&rule, &ask);
        let (answer, explanation) = eval::<Explanation>(&rule, &ask);
        prop_assert_eq!(plain.truth, answer.truth);
        prop_assert_eq!(plain.truth, explanation.truth);
        // Who does not hold has somebody to blame, unless nothing was asked.
        let mut leaves_of_rule = 0;
        rule.each_leaf(&mut |_| leaves_of_rule += 1);
        if plain.truth == Truth::Yes {
            prop_assert!(explanation.to_blame().is_empty());
        }
        for blamed in explanation.to_blame() {
            prop_assert!(blamed.condition.need().is_some());
        }
        let text = serde_json::to_string(&rule).unwrap();
        let read: Condition = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(LeafId::of(&read), LeafId::of(&rule));
        prop_assert_eq!(LeafId::of(&publish(&read)), LeafId::of(&publish(&rule)));
        prop_assert_eq!(&read, &rule);
        let stored: Memory = serde_json::from_str(&serde_json::to_string(&memory).unwrap()).unwrap();
        prop_assert_eq!(&stored, &memory);
    }

    #[test]
    fn a_published_rule_means_what_its_maker_wrote(rules in prop::collection::vec(rule(), 1..4), log in any_log(), seen in page_seen(), after in 0..40 * DAY, later in 0..20 * DAY) {
        let (log, groups) = (in_order(&log), groups());
        let leaves = Leaves::of(&rules);
        let memory = remember(&leaves, &log);
        let now = Timestamp(last(&log).0 + after);
        let page = seen.on(&groups);
        let at = |now| Log { leaves: &leaves, memory: &memory, now };
        let facts = Facts { now, bundle: String::new(), verdicts: Facts::judge(&rules, &at(now)), history: History::default() };
        for rule in &rules {
            let direct = holds(rule, &Both { page, log: at(now) });
            let published = publish(rule);
            let told = holds(&published, &Both { page, log: Told(&facts, now) });
            prop_assert_eq!(told.truth, direct.truth, "{:?}", published);
            let text = serde_json::to_string(&published).unwrap();
            let read: Published = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&Condition::from(read), &published);
            published.each_leaf(&mut |leaf| {
                assert!(matches!(leaf, Condition::Verdict(_)) || leaf.need() == Some(engine::rule::Need::Page));
            });
            // Later, without new facts, the page may no longer know; it never believes what is not so.
            let then = Timestamp(now.0 + later);
            let told = holds(&published, &Both { page, log: Told(&facts, then) });
            let direct = holds(rule, &Both { page, log: at(then) });
            prop_assert!(told.truth == Truth::Unknown || told.truth == direct.truth);
        }
    }

    #[test]
    fn an_answer_lasts_as_long_as_it_says(rule in rule(), log in any_log(), seen in page_seen(), after in 0..40 * DAY, part in 0.0..1.0f64) {
        let (log, groups) = (in_order(&log), groups());
        let leaves = Leaves::of([&rule]);
        let memory = remember(&leaves, &log);
        let ask = |now| Both { page: seen.on(&groups), log: Log { leaves: &leaves, memory: &memory, now } };
        let mut now = Timestamp(last(&log).0 + after);
        for _ in 0..8 {
            let answer = holds(&rule, &ask(now));
            let end = answer.until.map_or(now.0 + 400 * DAY, |until| until.0);
            prop_assert!(end > now.0);
            for then in [end - 1, now.0 + ((end - now.0 - 1) as f64 * part) as i64] {
                prop_assert_eq!(holds(&rule, &ask(Timestamp(then))).truth, answer.truth);
            }
            let Some(until) = answer.until else { break };
            now = until;
        }
    }

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
        if matches!(leaf, Condition::Visitor(_) | Condition::Channel(_) | Condition::Source(_)) {
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
    fn a_recollection_grown_event_by_event_is_that_of_the_whole_log(rules in prop::collection::vec(rule(), 1..4), log in any_log()) {
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
    }
}

/// What a leaf means, read off the whole log by the book.
fn by_reading(leaf: &Condition, log: &[LogEvent], now: Timestamp, session: Option<Uuid>) -> Option<bool> {
    let passes = |filter: &[Where], props: &Props| {
        filter.iter().all(|part| props.get(&part.prop).is_some_and(|value| part.test.passes(value)))
    };
    let inside = |at: Timestamp, within: Option<Span>| within.is_none_or(|w| now.0 - w.0 < at.0);
    let pages = || log.iter().filter(|event| event.name == name::PAGE_VIEWED);
    let sessions: Vec<Uuid> = log.iter().filter_map(|event| event.session).collect();
    let asking = session.or(sessions.last().copied());
    let source_of = |event: &LogEvent| engine::source::Source::of_visit(&event.url, &event.referrer);
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
            value.is_some_and(|value| wanted.test.passes(value))
        }
        Condition::Prompt(wanted) => log.iter().any(|event| {
            event.prompt == Some((wanted.prompt.clone(), wanted.did))
                && inside(event.at, wanted.within)
                && wanted.score.as_ref().is_none_or(|test| event.props.get("score").is_some_and(|s| test.passes(s)))
        }),
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

/// A pattern, read by trying everything.
fn stands_for(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=path.len()).any(|n| stands_for(rest, &path[n..])),
        [b'*', rest @ ..] => {
            (0..=path.len()).take_while(|n| !path[..*n].contains(&b'/')).any(|n| stands_for(rest, &path[n..]))
        }
        [byte, rest @ ..] => path.first().is_some_and(|b| b.eq_ignore_ascii_case(byte)) && stands_for(rest, &path[1..]),
    }
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn a_pattern_stands_for_what_trying_everything_finds(pattern in "/[ab*/]{0,9}", path in "/[abA/]{0,9}") {
        let trimmed = |text: &str| if text.len() > 1 { text.strip_suffix('/').unwrap_or(text).to_owned() } else { text.to_owned() };
        let expected = stands_for(trimmed(&pattern).as_bytes(), trimmed(&path).as_bytes());
        prop_assert_eq!(PathPattern::parse(&pattern).unwrap().matches(&path), expected);
    }

    #[test]
    fn ids_made_later_sort_later(a in 0..1i64 << 47, b in 0..1i64 << 47, x in any::<[u8; 10]>(), y in any::<[u8; 10]>()) {
        let (first, second) = (Uuid::v7(a, x), Uuid::v7(b, y));
        if a != b {
            prop_assert_eq!(first < second, a < b);
            prop_assert_eq!(first.write() < second.write(), a < b);
        }
        prop_assert_eq!(Uuid::parse(&first.write()), Some(first));
        prop_assert_eq!(Uuid::parse(&first.write().to_uppercase()), Some(first));
        prop_assert_eq!(&first.write()[14..15], "7");
        prop_assert!(matches!(first.write().as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }

    #[test]
    fn a_length_of_time_survives_writing(ms in 0..36_525 * DAY) {
        prop_assert_eq!(Span::parse(&Span(ms).to_string()), Some(Span(ms)));
    }

    #[test]
    fn reading_an_address_never_fails(text in any::<String>(), name in "[a-z%+]{0,4}") {
        let url = Url::parse(&text);
        let _ = (url.param(&name), engine::source::Source::of_visit(&text, &text).channel());
        prop_assert!(!url.path.is_empty());
    }
}
