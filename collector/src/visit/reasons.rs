//! Why each prompt shows or does not, as the collector sees it; the words are the engine's.

use engine::prompt::Scene;
use engine::rule::{Consent, eval};
use engine::why;

use super::Why;
use super::witness::Seen;
use crate::prompts::Ruleset;

/// Each prompt with the reason why it does not show now, or that it would. Nobody knows here what the visitor has agreed to, so that
/// does not stand against any.
pub fn reasons(ruleset: &Ruleset, seen: &Seen<'_>, scene: &Scene<'_>) -> Vec<Why> {
    let scene = &Scene { consents: &CONSENTS, ..*scene };
    let names = ruleset.names();
    let told = why::why(&ruleset.prompts, seen, scene, &|prompt| eval(&prompt.rule, seen).1, &names);
    let one = |why: why::Why<'_, _>| Why {
        prompt: why.prompt.key.as_str().to_owned(),
        outcome: why.outcome,
        words: why.words,
        lines: why.rule.lines(&names).iter().map(ToString::to_string).collect(),
    };
    told.into_iter().map(one).collect()
}

/// All there are.
pub const CONSENTS: [Consent; 3] = [Consent::Store, Consent::Profile, Consent::Answer];
