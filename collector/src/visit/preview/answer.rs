//! What a preview is told.

use engine::experiment::Assigned;
use engine::prompt::{Prompt, Reason, Scene, any_candidate, choose_telling};
use engine::rule::{Explanation, Truth, Witness, eval};
use engine::why::{code, in_words};
use engine::{Key, Timestamp};
use serde::Serialize;

/// What the engine says of the prompts.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The instant that was asked about.
    now: Timestamp,
    /// The prompt that shows.
    winner: Option<Key>,
    /// In which version, if it has several.
    variant: Option<Key>,
    /// The lots that are drawn for the first time.
    drawn: Vec<Assigned>,
    /// When something may change though nothing happens.
    next: Option<Timestamp>,
    /// Whether the page must load what shows prompts.
    needed: bool,
    /// Each prompt, in the order of the body.
    prompts: Vec<Told>,
}

/// What becomes of one prompt.
#[derive(Debug, Serialize)]
struct Told {
    prompt: Key,
    /// `shows`, or the first thing that stands against it.
    code: &'static str,
    /// What the code is about, if it could be several things.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    /// When that ends by time alone.
    until: Option<Timestamp>,
    /// The same in a sentence.
    words: String,
    rule: Rule,
}

/// A rule, with what each part asks for and what there is.
#[derive(Debug, Serialize)]
struct Rule {
    holds: &'static str,
    until: Option<Timestamp>,
    lines: Vec<String>,
}

impl Answer {
    /// Chooses one of the prompts and says of each why.
    pub fn of(prompts: &[Prompt], witness: &impl Witness, scene: &Scene<'_>) -> Answer {
        let mut losers: Vec<(&Key, Reason)> = Vec::new();
        let choice = choose_telling(prompts, witness, scene, &mut |prompt, reason| losers.push((&prompt.key, reason)));
        losers.sort_by_key(|(key, _)| *key);
        let told = |prompt: &Prompt| {
            let at = losers.binary_search_by_key(&&prompt.key, |(key, _)| *key).ok();
            let reason = at.and_then(|at| losers.get(at)).map(|(_, reason)| *reason);
            let (code, of) = reason.map_or(("shows", None), code);
            let words = reason.map(|reason| in_words(reason, scene.policy, scene.now));
            Told {
                prompt: prompt.key.clone(),
                code,
                of,
                until: reason.and_then(Reason::until),
                words: words.unwrap_or_else(|| "It shows on this page.".to_owned()),
                rule: Rule::of(prompt, witness),
            }
        };
        Answer {
            now: scene.now,
            winner: choice.winner.map(|winner| winner.key.clone()),
            variant: choice.variant().map(|variant| variant.key.clone()),
            drawn: choice.drawn,
            next: choice.next,
            needed: any_candidate(prompts, witness, scene),
            prompts: prompts.iter().map(told).collect(),
        }
    }
}

impl Rule {
    fn of(prompt: &Prompt, witness: &impl Witness) -> Rule {
        let (answer, explanation) = eval::<Explanation, _>(&prompt.rule, witness);
        let holds = match answer.truth {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "unknown",
        };
        // Explaining looks at every part; until when the answer holds, only the plain way says as pages have it.
        let until = engine::rule::holds(&prompt.rule, witness).until;
        Rule { holds, until, lines: explanation.lines().iter().map(ToString::to_string).collect() }
    }
}
