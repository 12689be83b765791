//! No part of the rule language without a case.

use crate::{missing, rules};
use engine::rule::{Condition, NowIs, PagePart, SessionIs, Test};
use std::collections::BTreeSet;

names!(condition, CONDITIONS, Condition,
    Condition::All(_) => "all",
    Condition::Any(_) => "any",
    Condition::Not(_) => "not",
    Condition::Path(_) => "path",
    Condition::Page(_) => "page",
    Condition::Query(_) => "query",
    Condition::PageGroup(_) => "page_group",
    Condition::Device(_) => "device",
    Condition::Width(_) => "width",
    Condition::Touch(_) => "touch",
    Condition::Language(_) => "language",
    Condition::Js(_) => "js",
    Condition::Cookie(_) => "cookie",
    Condition::Element(_) => "element",
    Condition::Now(NowIs::Hour(_)) => "now.hour",
    Condition::Now(NowIs::Weekday(_)) => "now.weekday",
    Condition::Now(NowIs::Date(..)) => "now.date",
    Condition::Session(SessionIs::Pages(_)) => "session.pages",
    Condition::Session(SessionIs::Lasting(_)) => "session.lasting",
    Condition::Session(SessionIs::Visit(_)) => "session.visit",
    Condition::Session(SessionIs::Landing(_)) => "session.landing",
    Condition::Consent(_) => "consent",
    Condition::Country(_) => "country",
    Condition::System(_) => "system",
    Condition::Browser(_) => "browser",
    Condition::Identified => "identified",
    Condition::FirstSeen(_) => "first_seen",
    Condition::LastSeen(_) => "last_seen",
    Condition::Visitor(_) => "visitor",
    Condition::Source(_) => "source",
    Condition::Channel(_) => "channel",
    Condition::Trait(_) => "trait",
    Condition::Event(_) => "event",
    Condition::Absent(_) => "absent",
    Condition::Prompt(_) => "prompt",
    Condition::Stage(_) => "stage",
    Condition::TimeInStage(_) => "time_in_stage",
    Condition::Milestone(_) => "milestone",
    Condition::MilestonesDone => "milestones_done",
    Condition::Segment(_) => "segment",
    Condition::Verdict(_) => "verdict",
    Condition::Here(_) => "here",
);

names!(test, TESTS, Test,
    Test::Is(_) => "is",
    Test::AllOf(_) => "all_of",
    Test::Contains(_) => "contains",
    Test::StartsWith(_) => "starts_with",
    Test::EndsWith(_) => "ends_with",
    Test::Glob(_) => "glob",
    Test::Matches(_) => "matches",
    Test::AtLeast(_) => "at_least",
    Test::Above(_) => "above",
    Test::AtMost(_) => "at_most",
    Test::Below(_) => "below",
    Test::Between(..) => "between",
    Test::Before(_) => "before",
    Test::After(_) => "after",
    Test::WithinLast(_) => "within_last",
    Test::OlderThan(_) => "older_than",
    Test::Exists => "exists",
);

names!(part, PARTS, PagePart,
    PagePart::Path => "path",
    PagePart::Host => "host",
    PagePart::Hash => "hash",
    PagePart::Url => "url",
    PagePart::Title => "title",
);

/// The tests that page patterns are made of: each part of a page needs each of them, and its negation.
const PATTERNS: [&str; 6] = ["is", "contains", "starts_with", "ends_with", "glob", "matches"];

fn nodes<'a>(of: &'a Condition, see: &mut impl FnMut(&'a Condition)) {
    see(of);
    match of {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| nodes(part, see));
        }
        Condition::Not(part) => nodes(part, see),
        _ => {}
    }
}

fn tests_of(leaf: &Condition) -> Vec<&Test> {
    match leaf {
        Condition::Page(page) => vec![&page.test],
        Condition::Query(query) => vec![&query.test],
        Condition::Js(js) => vec![&js.test],
        Condition::Cookie(cookie) => vec![&cookie.test],
        Condition::Width(test) | Condition::Now(NowIs::Hour(test)) => vec![test],
        Condition::Session(SessionIs::Pages(test) | SessionIs::Visit(test) | SessionIs::Landing(test)) => vec![test],
        Condition::Source(source) => vec![&source.test],
        Condition::Trait(of) => vec![&of.test],
        Condition::Prompt(prompt) => prompt.score.iter().collect(),
        Condition::Event(event) => event.filter.iter().map(|part| &part.test).collect(),
        Condition::Absent(absent) => absent.filter.iter().map(|part| &part.test).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_part_of_a_rule_has_a_case() {
    let (mut conditions, mut tests, mut worded) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut patterns, mut negated) = (BTreeSet::new(), BTreeSet::new());
    let cases = rules::all();
    for (_, case) in &cases {
        nodes(&case.condition, &mut |node| {
            conditions.insert(condition(node));
            if case.words.is_some() {
                worded.insert(condition(node));
            }
            let pattern = |leaf: &Condition| match leaf {
                Condition::Page(page) => Some(format!("{} {}", part(&page.part), test(&page.test))),
                Condition::Query(query) => Some(format!("query {}", test(&query.test))),
                _ => None,
            };
            patterns.extend(pattern(node));
            if let Condition::Not(inner) = node {
                negated.extend(pattern(inner));
            }
            tests.extend(tests_of(node).into_iter().map(test));
        });
    }
    let mut mistakes = missing("condition", CONDITIONS, &conditions);
    mistakes.extend(missing("words of", CONDITIONS, &worded));
    mistakes.extend(missing("test", TESTS, &tests));
    for part in PARTS.iter().chain(&["query"]) {
        for test in PATTERNS {
            let pattern = format!("{part} {test}");
            for (seen, what) in [(&patterns, "pattern"), (&negated, "negated pattern")] {
                if !seen.contains(&pattern) {
                    mistakes.push(format!("no case of the {what} \"{pattern}\""));
                }
            }
        }
    }
    crate::report(mistakes);
}
