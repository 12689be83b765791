//! Everything that is wrong with a prompt, at once.

mod content;
mod language;
mod look;
mod plan;

pub use look::theme as check_theme;
pub use plan::policy as check_policy;

use super::{Content, Moment, Prompt};
use crate::problem::Problem;
use crate::rule::{self, Condition, Did, Known, Place, Test, Where};

/// All mistakes of a prompt.
pub fn check(prompt: &Prompt, known: &Known) -> Vec<Problem> {
    let mut problems = Vec::new();
    if prompt.name.chars().count() > 100 {
        problems.push(Problem::new("name", "name_too_long", "A name has at most 100 characters."));
    }
    rule::check(&prompt.rule, Place::Prompt, known, "rule", &mut problems);
    content::check(&prompt.content, known, "content", &mut problems);
    for (place, variant) in prompt.experiment.variants.iter().enumerate() {
        if let Some(said) = &variant.content {
            content::check(said, known, &format!("experiment.variants[{place}].content"), &mut problems);
        }
    }
    plan::plan(prompt, &mut problems);
    language::check(prompt, known, &mut problems);
    look::prompt(prompt, &known.theme, &mut problems);
    let mut contents =
        prompt.experiment.variants.iter().filter_map(|variant| variant.content.as_ref()).chain([&prompt.content]);
    if contents.any(|content| matches!(content, Content::Review(_))) {
        let message = "Asking only people with a certain score for reviews is review gating; the review platforms and the law forbid it. \
                       Ask everybody who answered.";
        if asks_for_score(&prompt.rule, known) {
            problems.push(Problem::new("rule", "score_gated_review", message));
        }
        if matches!(&prompt.moment, Moment::Event(happens) if happens.filter.iter().any(is_score)) {
            problems.push(Problem::new("moment", "score_gated_review", message));
        }
    }
    problems
}

/// Longest selector, in bytes.
const MAX_SELECTOR: usize = 256;

/// What is wrong with a selector.
fn selector(at: &str, selector: &str, problems: &mut Vec<Problem>) {
    if selector.trim().is_empty() {
        problems.push(Problem::new(at, "selector_empty", "Say which element: a CSS selector such as #buy or .menu a."));
    } else if selector.len() > MAX_SELECTOR {
        problems.push(Problem::new(at, "selector_too_long", "A selector has at most 256 bytes."));
    }
}

/// Whether it tests the score of an answer.
fn is_score(part: &Where) -> bool {
    ["score", "band"].iter().any(|name| part.prop.eq_ignore_ascii_case(name))
}

/// Whether the rule depends on the score of an answer, also where a segment hides it.
fn asks_for_score(rule: &Condition, known: &Known) -> bool {
    let mut found = false;
    known.each_leaf(rule, &mut |leaf| {
        found |= match leaf {
            Condition::Prompt(prompt) => {
                prompt.did == Did::Answered && prompt.score.as_ref().is_some_and(|test| *test != Test::Exists)
            }
            Condition::Event(event) => event.filter.iter().any(is_score),
            Condition::Trait(of) => of.name.to_ascii_lowercase().contains("nps"),
            _ => false,
        }
    });
    found
}
