//! Why each prompt shows or does not, in words that a marketer understands. The page's overlay and the collector both say it from here,
//! so neither can tell another story than the other.
//!
//! It decides nothing: [`choose_telling`] does, and this puts into words what that says.

mod caps;
mod moment;
mod reason;

pub use caps::{Count, caps_of, caps_of_site};
pub use moment::{arming_in_words, event_in_words, moment_in_words};
pub use reason::{code, in_words, wait};

use crate::prompt::{Missing, Moment, Page, Prompt, Reason, Scene, Shape, Signals, Written, choose_telling};
use crate::rule::{Condition, Explanation, Names, Truth, Witness, words_with};
use crate::time::Span;

/// Why a prompt does not show on a page now, or that it does.
#[derive(Clone, Debug)]
pub struct Why<'a, F: Shape = Written> {
    /// The prompt.
    pub prompt: &'a Prompt<F>,
    /// In a word.
    pub outcome: Outcome,
    /// What stands against it; none if it shows.
    pub reason: Option<Reason>,
    /// In a sentence.
    pub words: String,
    /// The whole of its rule: what each part asks for, and what there is.
    pub rule: Explanation,
}

/// What becomes of a prompt on a page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// It shows.
    Shows,
    /// It will, when its moment comes.
    Waits,
    /// It would, but a cap or another prompt stands before it.
    Held,
    /// It is not meant for this visitor or page.
    NotMeant,
}

impl Outcome {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Shows => "shows",
            Outcome::Waits => "waits",
            Outcome::Held => "held",
            Outcome::NotMeant => "not_meant",
        }
    }
}

/// What becomes of each prompt on a page now, and why, those first that are nearest to being shown. `explain` gives the whole rule of a
/// prompt, which whoever asks may know better than the witness of the choice; `names` says what people call the things in it.
pub fn why<'a, F: Shape>(
    prompts: &'a [Prompt<F>],
    witness: &impl Witness,
    scene: &Scene<'_, F>,
    explain: &dyn Fn(&Prompt<F>) -> Explanation,
    names: &Names,
) -> Vec<Why<'a, F>> {
    let mut found = Vec::new();
    let choice = choose_telling(prompts, witness, scene, &mut |prompt, reason| found.push((prompt, Some(reason))));
    found.extend(choice.winner.map(|winner| (winner, None)));
    // What waits for its moment may still have something else against it: that is looked at as if the moment had come.
    let armed: Vec<Prompt<F>> = prompts.iter().map(armed).collect();
    let signals = Signals { happened: &[], ..scene.page.signals };
    let page = Page { signals, taken: false, ..scene.page };
    let mut besides = Vec::new();
    let _ = choose_telling(&armed, witness, &Scene { page, ..*scene }, &mut |prompt, reason| {
        besides.push((&prompt.key, reason));
    });
    let mut told: Vec<Why<'a, F>> = Vec::new();
    for (prompt, reason) in found {
        let rule = explain(prompt);
        let besides = besides.iter().find(|(key, _)| **key == prompt.key).map(|(_, reason)| *reason);
        let reason = reason.map(|reason| first(reason, besides));
        let (outcome, words) = match reason {
            None => (Outcome::Shows, "It shows on this page.".to_owned()),
            Some(reason) => {
                let outcome = outcome(reason, rule.truth);
                let is_rule = outcome == Outcome::NotMeant && reason != Reason::Uncovered;
                (outcome, if is_rule { blame(&rule, names) } else { in_words(reason, scene.policy, scene.now) })
            }
        };
        told.push(Why { prompt, outcome, reason, words, rule });
    }
    told.sort_by(|one, other| {
        let rank = |why: &Why<'_, F>| (why.outcome, core::cmp::Reverse(why.prompt.priority));
        rank(one).cmp(&rank(other)).then_with(|| one.prompt.key.cmp(&other.prompt.key))
    });
    told
}

/// The prompt as if its moment had come.
fn armed<F: Shape>(prompt: &Prompt<F>) -> Prompt<F> {
    Prompt { moment: Moment::AtOnce, delay: Span(0), cancel_on: Vec::new(), ..prompt.clone() }
}

/// What to say: whatever will stand against it when its moment comes goes before that it has not.
fn first(reason: Reason, besides: Option<Reason>) -> Reason {
    match (reason, besides) {
        (Reason::Moment(_) | Reason::Waiting, None | Some(Reason::Outranked | Reason::Taken)) => reason,
        (Reason::Moment(_) | Reason::Waiting, Some(Reason::Unknown(_))) => reason,
        (Reason::Moment(_) | Reason::Waiting | Reason::Cancelled, Some(besides)) => besides,
        (reason, _) => reason,
    }
}

fn outcome(reason: Reason, rule: Truth) -> Outcome {
    match reason {
        Reason::Rule | Reason::Unknown(Missing::Fact) | Reason::Uncovered => Outcome::NotMeant,
        Reason::Moment(_) | Reason::Waiting | Reason::Cancelled | Reason::Unknown(Missing::Zone)
            if rule == Truth::No =>
        {
            Outcome::NotMeant
        }
        Reason::Moment(_) | Reason::Waiting | Reason::Unknown(Missing::Page) => Outcome::Waits,
        _ => Outcome::Held,
    }
}

/// The parts of a rule that do not hold, in words.
fn blame(rule: &Explanation, names: &Names) -> String {
    let parts = rule.to_blame().into_iter().map(|part| {
        let wanted = words_with(&part.condition, names);
        match (part.truth, part.actual(names), &part.condition) {
            (Truth::No, _, Condition::Verdict(_)) => "what the collector knows of the visitor does not fit".to_owned(),
            (Truth::Unknown, ..) => format!("nobody here knows whether {wanted}"),
            (Truth::Yes, ..) => format!("it must not be so that {wanted}"),
            (_, "", _) => format!("it is not so that {wanted}"),
            (_, actual, _) => format!("it needs that {wanted}, and it is {actual}"),
        }
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        return "Its rule does not hold.".to_owned();
    }
    format!("Its rule does not hold: {}.", parts.join("; "))
}
