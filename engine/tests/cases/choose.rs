//! Which prompt wins, and why not the others: `tests/cases/choose/*.json`.

use crate::facts::{Given, NOW};
use crate::frequency::{Expected as ExpectedCap, Happened, history};
use crate::log::Offset;
use engine::Timestamp;
use engine::frequency::Policy;
use engine::prompt::{Page, Prompt, Reason, any_candidate, choose};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    prompts: Vec<Prompt>,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    history: Vec<Happened>,
    #[serde(default)]
    facts: Given,
    /// How long the visitor has been on the page.
    #[serde(default)]
    on_page_for: Offset,
    /// Whether a prompt stands on the page.
    #[serde(default)]
    taken: bool,
    winner: Option<String>,
    losers: BTreeMap<String, Expected>,
    /// When to ask again, counted from now.
    next: Option<Offset>,
    /// Whether the page needs what shows prompts.
    needed: bool,
}

#[derive(Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
enum Expected {
    Ended,
    Rule,
    Unknown,
    Moment(Offset),
    Capped(ExpectedCap),
    Taken,
    Outranked,
}

impl Expected {
    fn reason(&self) -> Reason {
        match self {
            Expected::Ended => Reason::Ended,
            Expected::Rule => Reason::Rule,
            Expected::Unknown => Reason::Unknown,
            Expected::Moment(then) => Reason::Moment(Timestamp(NOW.0 + then.0)),
            Expected::Capped(capped) => Reason::Capped(capped.capped().expect("a cap")),
            Expected::Taken => Reason::Taken,
            Expected::Outranked => Reason::Outranked,
        }
    }
}

fn check(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let scene = case.facts.scene(case.prompts.iter().map(|prompt| &prompt.rule));
    let history = history(&case.history);
    let page = Page { since: Timestamp(NOW.0 - case.on_page_for.0), taken: case.taken };
    let mut turned = case.prompts.clone();
    turned.reverse();
    for prompts in [&case.prompts, &turned] {
        let choice = choose(prompts, &scene.ask(NOW), &history, &case.policy, page, NOW);
        let winner = choice.winner.map(|prompt| prompt.key.as_str());
        if winner != case.winner.as_deref() {
            wrong.push(format!("winner {winner:?}"));
        }
        let losers: BTreeMap<&str, Reason> =
            choice.losers.iter().map(|(prompt, reason)| (prompt.key.as_str(), *reason)).collect();
        let expected: BTreeMap<&str, Reason> =
            case.losers.iter().map(|(key, expected)| (key.as_str(), expected.reason())).collect();
        if losers != expected || choice.losers.len() != losers.len() {
            wrong.push(format!("losers {losers:?}"));
        }
        let next = choice.next.map(|next| next.0 - NOW.0);
        if next != case.next.map(|next| next.0) {
            wrong.push(format!("next {next:?}"));
        }
    }
    let needed = any_candidate(&case.prompts, &scene.ask(NOW), &history, &case.policy, NOW);
    if needed != case.needed {
        wrong.push(format!("needed {needed}"));
    }
    wrong
}

/// Every prompt of every case.
pub fn all_prompts() -> Vec<Prompt> {
    let files = crate::files::<Vec<Case>>("choose").into_iter();
    files.flat_map(|(_, cases)| cases).flat_map(|case| case.prompts).collect()
}

#[test]
fn one_prompt_wins_as_its_cases_say() {
    let mut mistakes = Vec::new();
    for (file, cases) in crate::files::<Vec<Case>>("choose") {
        for case in &cases {
            let wrong = check(case).into_iter();
            mistakes.extend(wrong.map(|wrong| format!("{file}: {}: {wrong}", case.name)));
        }
    }
    crate::report(mistakes);
}
