//! What a preview is told.

use std::collections::BTreeMap;

use engine::experiment::Assigned;
use engine::prompt::{Prompt, Reason, Scene, any_candidate, choose_telling};
use engine::rule::{Names, Truth, Witness, eval, holds};
use engine::why::{Why, code, why};
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
    /// What becomes of it, as the overlay says it: what will stand against it at its moment goes before that it waits.
    outcome: &'static str,
    /// Why, in a sentence.
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
        let mut reasons: BTreeMap<&Key, Reason> = BTreeMap::new();
        let choice = choose_telling(prompts, witness, scene, &mut |prompt, reason| {
            reasons.insert(&prompt.key, reason);
        });
        // Programs read it: keys are what they know.
        let said = why(prompts, witness, scene, &|prompt| eval(&prompt.rule, witness).1, &Names::default());
        let said: BTreeMap<&Key, &Why<'_>> = said.iter().map(|why| (&why.prompt.key, why)).collect();
        let told = |why: &&Why<'_>| {
            let reason = reasons.get(&why.prompt.key).copied();
            let (code, of) = reason.map_or(("shows", None), code);
            Told {
                prompt: why.prompt.key.clone(),
                code,
                of,
                until: reason.and_then(Reason::until),
                outcome: why.outcome.as_str(),
                words: why.words.clone(),
                rule: Rule::of(why, witness),
            }
        };
        Answer {
            now: scene.now,
            winner: choice.winner.map(|winner| winner.key.clone()),
            variant: choice.variant().map(|variant| variant.key.clone()),
            drawn: choice.drawn,
            next: choice.next,
            needed: any_candidate(prompts, witness, scene),
            prompts: prompts.iter().filter_map(|prompt| said.get(&prompt.key)).map(told).collect(),
        }
    }
}

impl Rule {
    fn of(why: &Why<'_>, witness: &impl Witness) -> Rule {
        let truth = match why.rule.truth {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "unknown",
        };
        // Explaining looks at every part; until when the answer holds, only the plain way says as pages have it.
        let until = holds(&why.prompt.rule, witness).until;
        Rule { holds: truth, until, lines: why.rule.lines(&Names::default()).iter().map(ToString::to_string).collect() }
    }
}
