//! What is wrong with what a prompt says in other languages.

use super::content;
use crate::problem::Problem;
use crate::prompt::{Prompt, is_language};
use crate::rule::Known;

/// Most languages of a prompt.
const MAX_LANGUAGES: usize = 40;

pub fn check(prompt: &Prompt, known: &Known, problems: &mut Vec<Problem>) {
    let languages = &prompt.translations.0;
    if languages.len() > MAX_LANGUAGES {
        problems.push(Problem::new("translations", "language_count", "A prompt has at most 40 languages."));
    }
    let mut own = Vec::new();
    contents(prompt, known, &mut own);
    for (language, texts) in languages {
        let at = format!("translations.{language}");
        if !is_language(language) {
            let message = "A language is written as de, pt-BR or zh-Hant.";
            problems.push(Problem::new(at, "language_tag", message));
            continue;
        }
        if texts.values().any(|text| text.trim().is_empty()) {
            let message = "A translation is empty. Leave it out to say the text as it is.";
            problems.push(Problem::new(at, "empty", message));
            continue;
        }
        // The same is asked of what it says there as of what it says here.
        let mut there = Vec::new();
        contents(&prompt.in_languages(&[language], ""), known, &mut there);
        let only_there = there.into_iter().filter(|problem| !own.contains(problem));
        problems.extend(only_there.map(|problem| Problem { at: at.clone(), ..problem }));
    }
}

fn contents(prompt: &Prompt, known: &Known, problems: &mut Vec<Problem>) {
    content::check(&prompt.content, known, "content", problems);
    for variant in &prompt.experiment.variants {
        if let Some(said) = &variant.content {
            content::check(said, known, "content", problems);
        }
    }
}
