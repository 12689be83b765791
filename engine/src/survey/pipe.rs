//! Traits and earlier answers in the texts of a survey; see [`crate::pipe`].

use super::Survey;
use super::answer::{Answer, Answers, Pick};
use super::question::Question;
use crate::decimal;
use crate::pipe::{Field, fill};

impl Survey {
    /// One of its texts with traits and earlier answers in it.
    pub fn fill(&self, text: &str, answers: &Answers, of_person: &dyn Fn(&str) -> Option<String>) -> String {
        fill(text, &|field| match field {
            Field::Trait(name) => of_person(name),
            Field::Answer(id) => {
                let (question, answer) =
                    self.path(answers).into_iter().find(|(question, _)| question.id.as_str() == id)?;
                Some(question.words(answer))
            }
        })
    }
}

impl Question {
    /// An answer to it as people say it: labels, not ids. Empty if it was passed over.
    pub fn words(&self, answer: &Answer) -> String {
        let label = |id: &crate::Key| {
            let option = self.ask.choice().and_then(|choice| choice.options.iter().find(|option| option.id == *id));
            option.map_or("", |option| option.label.as_str())
        };
        let pick = |pick: &Pick| match pick {
            Pick::Option(id) => label(id).to_owned(),
            Pick::Other(words) => words.clone(),
        };
        match answer {
            Answer::Skipped | Answer::Consent => String::new(),
            Answer::Score(score) => score.to_string(),
            Answer::One(one) => pick(one),
            Answer::Many(picks) => picks.iter().map(pick).collect::<Vec<_>>().join(", "),
            Answer::Ranked(keys) => keys.iter().map(label).collect::<Vec<_>>().join(", "),
            Answer::Text(text) => text.clone(),
            Answer::Number(number) => decimal::write(*number),
            Answer::Date(date) => date.to_string(),
        }
    }
}
