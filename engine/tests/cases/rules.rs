//! Rules against facts: `tests/cases/rules/*.json`. Each case is asked four times: plainly, with an explanation, as the page
//! would ask it with verdicts in place of what the log knows, and again just before the answer's `until`. `words` are the lines of its
//! explanation.

use crate::facts::{Given, NOW, facts};
use crate::log::Offset;
use engine::Timestamp;
use engine::facts::{Facts, judge, publish};
use engine::rule::{Answer, Both, Condition, Explanation, Truth, Witness, eval, holds};
use serde::Deserialize;

/// One case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    name: String,
    pub condition: Condition,
    #[serde(default)]
    facts: Given,
    expect: Expected,
    /// When the answer may change, counted from now; `null` for never, left out for not asked.
    #[serde(default, deserialize_with = "some")]
    until: Option<Option<Offset>>,
    /// The lines of its explanation.
    #[serde(default)]
    pub words: Option<Vec<String>>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Debug)]
#[serde(rename_all = "snake_case")]
enum Expected {
    Yes,
    No,
    Unknown,
}

fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Offset>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Verdicts of the collector, as the page asks them.
struct Told<'a>(&'a Facts, Timestamp);

impl Witness for Told<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.0.verdict(*id, self.1),
            _ => Answer::UNKNOWN,
        }
    }
}

/// What is wrong with a case, if anything.
fn check(case: &Case) -> Vec<String> {
    let scene = case.facts.scene([&case.condition]);
    let ask = |instant| scene.ask(instant);
    let now = NOW;

    let mut wrong = Vec::new();
    let wanted = match case.expect {
        Expected::Yes => Truth::Yes,
        Expected::No => Truth::No,
        Expected::Unknown => Truth::Unknown,
    };
    let answer = holds(&case.condition, &ask(now));
    if answer.truth != wanted {
        wrong.push(format!("holds: {:?}, expected {wanted:?}", answer.truth));
    }
    if let Some(until) = case.until {
        let until = until.map(|until| Timestamp(now.0 + until.0));
        if until != answer.until {
            wrong.push(format!("until: {:?}, expected {until:?}", answer.until));
        }
    }
    // By a reference, as the collector hands its log in.
    let (explained, trace) = eval::<Explanation, _>(&case.condition, &&ask(now));
    if (explained.truth, trace.truth) != (answer.truth, answer.truth) {
        wrong.push(format!("explained: {:?}", explained.truth));
    }
    if let Some(words) = &case.words {
        let lines: Vec<String> = trace.lines(&engine::rule::Names::default()).iter().map(ToString::to_string).collect();
        if lines != *words {
            wrong.push(format!("in words: {lines:?}"));
        }
    }
    if (answer.truth == Truth::Yes) != trace.to_blame().is_empty() && case.condition.need().is_some() {
        wrong.push("a leaf is to blame exactly if it does not hold".into());
    }
    let written = serde_json::to_string(&case.condition).unwrap();
    if serde_json::from_str::<Condition>(&written).ok().as_ref() != Some(&case.condition) {
        wrong.push(format!("does not survive writing and reading: {written}"));
    }
    if let Some(until) = answer.until {
        for instant in [until.0 - 1, (now.0 + until.0) / 2] {
            let later = holds(&case.condition, &ask(Timestamp(instant))).truth;
            if later != answer.truth {
                wrong.push(format!("{later:?} before its until"));
            }
        }
    }
    let is_published = {
        let mut found = false;
        case.condition.each_leaf(&mut |leaf| found |= matches!(leaf, Condition::Verdict(_) | Condition::Here(_)));
        found
    };
    if !is_published {
        let told = facts(judge([&case.condition], &Both { page: case.facts.visit(), log: ask(now).log }));
        let mut page = case.facts.page(now);
        let published = publish(&case.condition, &mut page.here);
        let log = Told(&told, now);
        let there = holds(&published, &Both { page, log }).truth;
        if there != answer.truth {
            wrong.push(format!("published as {published:?} it is {there:?}"));
        }
    }
    wrong
}

/// All cases, each with its file and name.
pub fn all() -> Vec<(String, Case)> {
    let files = crate::files::<Vec<Case>>("rules").into_iter();
    let named = |(file, cases): (String, Vec<Case>)| {
        cases.into_iter().map(move |case| (format!("{file}: {}", case.name), case))
    };
    files.flat_map(named).collect()
}

#[cfg_attr(test, test)]
pub fn rules_hold_as_their_cases_say() {
    let cases = all();
    let wrong = cases.iter().flat_map(|(name, case)| {
        let wrong = check(case).into_iter();
        wrong.map(move |wrong| format!("{name}: {wrong}"))
    });
    crate::report(wrong.collect());
}

#[cfg_attr(test, test)]
pub fn a_case_that_expects_the_wrong_thing_is_found() {
    for (name, case) in all() {
        let expect = match case.expect {
            Expected::Yes => Expected::No,
            Expected::No => Expected::Unknown,
            Expected::Unknown => Expected::Yes,
        };
        assert!(!check(&Case { expect, ..case }).is_empty(), "{name}");
    }
}
