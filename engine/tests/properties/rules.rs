//! Rules of every kind of leaf, and the logs that they ask about.

use crate::log::journeys::{absent, event, person_trait};
use crate::log::{DAY, Sent, customer, key, noise};
use engine::Span;
use engine::event::Action;
use engine::page::PathPattern;
use engine::rule::{
    Acquaintance, Age, ChannelIs, Condition, Consent, CookieIs, Device, JsIs, NowIs, Number, Owner, PageIs, PagePart,
    Pattern, PromptDid, QueryIs, Scalar, SessionIs, SourceIs, Test, TraitIs, Weekday,
};
use engine::source::{Channel, SourceField, Touch};
use proptest::prelude::*;
use proptest::sample::select;

const SEGMENTS: [&str; 3] = ["vip", "new", "nobody_knows"];

fn page_leaf() -> impl Strategy<Value = Condition> {
    let pattern = |text: &str| Condition::Path(PathPattern::parse(text).unwrap());
    let query = Condition::Query(QueryIs { param: "plan".into(), test: Test::Is(vec![Scalar::Text("pro".into())]) });
    let text = |text: &str| Test::Is(vec![Scalar::Text(text.into())]);
    let page = |part, test| Condition::Page(PageIs { part, test });
    select(vec![
        page(PagePart::Url, Test::Matches(vec![Pattern::new("\\?plan=\\w+$")])),
        page(PagePart::Path, Test::Glob(vec!["/docs/*".into()])),
        page(PagePart::Title, Test::StartsWith(vec!["Pri".into()])),
        Condition::Width(Test::Between(Number(0.0), Number(600.0))),
        Condition::Touch(true),
        Condition::Js(JsIs { path: "app.plan".into(), test: text("pro") }),
        Condition::Cookie(CookieIs { name: "seen".into(), test: Test::Exists }),
        Condition::Element("#cart".into()),
        Condition::Now(NowIs::Hour(Test::Between(Number(9.0), Number(16.0)))),
        Condition::Now(NowIs::Weekday(vec![Weekday::Monday, Weekday::Friday])),
        Condition::Session(SessionIs::Pages(Test::AtLeast(Number(2.0)))),
        Condition::Session(SessionIs::Lasting(Span(30_000))),
        Condition::Session(SessionIs::Landing(text("/pricing"))),
        Condition::Consent(Consent::Profile),
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
    let score = select(vec![None, Some(Test::AtLeast(Number(9.0)))]);
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

/// Ages of a person and of what they said.
fn age_leaf() -> impl Strategy<Value = Condition> {
    (0..3u8, any::<bool>(), (1..60 * DAY).prop_map(Span)).prop_map(|(which, is_old, span)| {
        let age = if is_old { Age::OlderThan(span) } else { Age::WithinLast(span) };
        match which {
            0 => Condition::FirstSeen(age),
            1 => Condition::LastSeen(age),
            _ => {
                let test = if is_old { Test::OlderThan(span) } else { Test::WithinLast(span) };
                Condition::Trait(TraitIs { of: Owner::Person, name: "since".into(), test, trusted: false })
            }
        }
    })
}

pub fn log_leaf() -> impl Strategy<Value = Condition> {
    prop_oneof![
        4 => event(false),
        2 => absent(),
        2 => person_trait(),
        1 => prompt_leaf(),
        2 => arrival_leaf(),
        2 => age_leaf(),
        2 => select(SEGMENTS.to_vec()).prop_map(|name| Condition::Segment(key(name))),
    ]
}

pub fn rule() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![3 => log_leaf(), 2 => page_leaf()];
    leaf.prop_recursive(4, 24, 4, |part| {
        prop_oneof![
            3 => prop::collection::vec(part.clone(), 0..4).prop_map(Condition::All),
            3 => prop::collection::vec(part.clone(), 0..4).prop_map(Condition::Any),
            1 => part.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

pub fn any_log() -> impl Strategy<Value = Vec<Sent>> {
    prop_oneof![customer(), noise()]
}
