//! No part of the language without a case. A new variant does not compile until it is named here, and named here it needs
//! a case.

use crate::{choose, rules};
use engine::prompt::{Content, Moment, Placement};
use engine::rule::{Condition, Test};
use std::collections::BTreeSet;

/// The name of each variant, and the list of all names.
macro_rules! names {
    ($name:ident, $all:ident, $type:ty, $($pattern:pat => $text:literal),+ $(,)?) => {
        fn $name(of: &$type) -> &'static str {
            match of { $($pattern => $text),+ }
        }
        const $all: &[&str] = &[$($text),+];
    };
}

names!(condition, CONDITIONS, Condition,
    Condition::All(_) => "all",
    Condition::Any(_) => "any",
    Condition::Not(_) => "not",
    Condition::Path(_) => "path",
    Condition::Query(_) => "query",
    Condition::PageGroup(_) => "page_group",
    Condition::Device(_) => "device",
    Condition::Language(_) => "language",
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
);

names!(test, TESTS, Test,
    Test::Is(_) => "is",
    Test::Contains(_) => "contains",
    Test::StartsWith(_) => "starts_with",
    Test::EndsWith(_) => "ends_with",
    Test::AtLeast(_) => "at_least",
    Test::Above(_) => "above",
    Test::AtMost(_) => "at_most",
    Test::Below(_) => "below",
    Test::Exists => "exists",
);

names!(content, CONTENTS, Content,
    Content::Nps(_) => "nps",
    Content::Review(_) => "review",
    Content::Offer(_) => "offer",
    Content::Community(_) => "community",
);

names!(placement, PLACEMENTS, Placement,
    Placement::Modal => "modal",
    Placement::Corner(_) => "corner",
    Placement::Bar(_) => "bar",
);

names!(moment, MOMENTS, Moment,
    Moment::AtOnce => "at_once",
    Moment::Dwell(_) => "dwell",
);

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
        Condition::Query(query) => vec![&query.test],
        Condition::Source(source) => vec![&source.test],
        Condition::Trait(of) => vec![&of.test],
        Condition::Prompt(prompt) => prompt.score.iter().collect(),
        Condition::Event(event) => event.filter.iter().map(|part| &part.test).collect(),
        Condition::Absent(absent) => absent.filter.iter().map(|part| &part.test).collect(),
        _ => Vec::new(),
    }
}

fn missing(what: &str, all: &[&str], seen: &BTreeSet<&str>, mistakes: &mut Vec<String>) {
    let without = all.iter().filter(|name| !seen.contains(*name));
    mistakes.extend(without.map(|name| format!("no case of the {what} \"{name}\"")));
}

#[test]
fn every_part_of_the_language_has_a_case() {
    let (mut conditions, mut tests) = (BTreeSet::new(), BTreeSet::new());
    let cases = rules::all();
    for (_, case) in &cases {
        nodes(&case.condition, &mut |node| {
            conditions.insert(condition(node));
            tests.extend(tests_of(node).into_iter().map(test));
        });
    }
    let prompts = choose::all_prompts();
    let mut mistakes = Vec::new();
    missing("condition", CONDITIONS, &conditions, &mut mistakes);
    missing("test", TESTS, &tests, &mut mistakes);
    let seen = |name: fn(&engine::prompt::Prompt) -> &'static str| prompts.iter().map(name).collect::<BTreeSet<_>>();
    let contents = seen(|prompt| content(&prompt.content));
    let placements = seen(|prompt| placement(&prompt.placement));
    let moments = seen(|prompt| moment(&prompt.moment));
    missing("content", CONTENTS, &contents, &mut mistakes);
    missing("placement", PLACEMENTS, &placements, &mut mistakes);
    missing("moment", MOMENTS, &moments, &mut mistakes);
    crate::report(mistakes);
}
