//! A response: answers taken, kept, resumed and prefilled; the scores and traits in it; what its events say.

use super::Survey;
use super::answer::{Answer, Answers, Given, OTHER};
use super::branch::Band;
use super::question::{Kind, Question};
use crate::decimal;
use crate::id::Key;
use crate::problem::Problem;
use crate::value::{Props, Value};

/// A score that somebody gave.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Score<'a> {
    /// The question.
    pub question: &'a Question,
    /// The score on the question's scale.
    pub score: u8,
    /// What it means; `None` for a scale of one's own.
    pub band: Option<Band>,
}

impl Survey {
    /// Takes an answer in place of an earlier one to the same question.
    ///
    /// # Errors
    /// `unknown_question`, or what [`Question::validate`] refuses, at `answers.<id>`. Then nothing has changed.
    pub fn take(&self, answers: &mut Answers, id: &str, given: &Given) -> Result<(), Problem> {
        let at = || format!("answers.{id}");
        let question = self.questions.iter().find(|question| question.id.as_str() == id);
        let question = question.ok_or_else(|| Problem::new(at(), "unknown_question", "There is no such question."))?;
        let answer = question.validate(given).map_err(|refusal| refusal.problem(&at()))?;
        answers.set(question.id.clone(), answer);
        Ok(())
    }

    /// The answers of a response that was broken off. What the survey no longer asks, or no longer accepts, is left out, and so is asked
    /// again if it lies on the way.
    pub fn resume<'a>(&self, kept: impl IntoIterator<Item = (&'a str, &'a Given)>) -> Answers {
        let mut answers = Answers::default();
        for (id, given) in kept {
            let _ = self.take(&mut answers, id, given);
        }
        answers
    }

    /// The answer to the first question that a parameter of an address gives, if it fits; several options stand with commas between
    /// them. A consent is never taken so: whoever follows a link has agreed to nothing.
    pub fn prefilled(&self, value: &str) -> Option<(&Question, Answer)> {
        let question = self.questions.first()?;
        let text = |text: &str| Given::Text(text.trim().to_owned());
        let given = match &question.ask {
            Kind::Nps(_) | Kind::Csat(_) | Kind::Ces(_) | Kind::Rating(_) | Kind::Number(_) => {
                Given::Number(decimal::read(value.trim())?)
            }
            Kind::Multiple(_) | Kind::Ranking(_) => Given::List(value.split(',').map(text).collect()),
            Kind::Consent(_) => return None,
            _ => text(value),
        };
        let answer = question.validate(&given).ok().filter(|answer| *answer != Answer::Skipped)?;
        Some((question, answer))
    }

    /// The same, taken.
    pub fn start_with(&self, value: &str) -> Answers {
        let mut answers = Answers::default();
        if let Some((question, answer)) = self.prefilled(value) {
            answers.set(question.id.clone(), answer);
        }
        answers
    }

    /// The scores on the way, in the order they were given.
    pub fn scores<'a>(&'a self, answers: &Answers) -> Vec<Score<'a>> {
        let asked = self.path(answers).into_iter();
        let score = |(question, answer): (&'a Question, &Answer)| match answer {
            Answer::Score(score) => Some(Score { question, score: *score, band: question.ask.band(*score) }),
            _ => None,
        };
        asked.filter_map(score).collect()
    }

    /// What the answers on the way say of the person. Claimed by a page, as any trait from there.
    pub fn traits(&self, answers: &Answers) -> Props {
        let bound = self.path(answers).into_iter();
        Props(
            bound
                .filter_map(|(question, answer)| Some((question.becomes.clone()?, question.as_trait(answer)?)))
                .collect(),
        )
    }
}

impl Question {
    /// An answer to it as a trait; `None` if it was passed over. Options are their ids, and in their own words where it is "other".
    pub fn as_trait(&self, answer: &Answer) -> Option<Value> {
        let word = |pick: &super::Pick| Value::Text(pick.words().unwrap_or(pick.id()).to_owned());
        Some(match answer {
            Answer::Skipped => return None,
            Answer::One(pick) => word(pick),
            Answer::Many(picks) => Value::List(picks.iter().map(word).collect()),
            Answer::Ranked(keys) => ids(keys.iter().map(Key::as_str)),
            other => other.value(),
        })
    }

    /// The properties of the event of an answer to it:
    ///
    /// | Name | Of | What |
    /// |---|---|---|
    /// | `question`, `kind` | each | the question's id; its kind as in files |
    /// | `score` | nps, csat, ces, rating | the number |
    /// | `band` | nps, csat, ces | `detractor`, …, `easy` |
    /// | `choice` | single, dropdown; multiple, ranking | the option's id, or `other`; a list of them |
    /// | `other` | single, dropdown, multiple | one's own words |
    /// | `text` | text, long_text, email, url | what was written |
    /// | `value` | number, date, consent | a number, `2026-01-31`, `true` |
    /// | `skipped` | each | `true` if it was passed over; then none of the others but the first two |
    pub fn props(&self, answer: &Answer) -> Props {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut props = vec![("question", text(self.id.as_str())), ("kind", text(self.ask.name()))];
        match answer {
            Answer::Skipped => props.push(("skipped", Value::Bool(true))),
            Answer::Score(score) => {
                props.push(("score", answer.value()));
                props.extend(self.ask.band(*score).map(|band| ("band", text(band.as_str()))));
            }
            Answer::One(pick) => {
                props.push(("choice", text(pick.id())));
                props.extend(pick.words().map(|words| (OTHER, text(words))));
            }
            Answer::Many(picks) => {
                props.push(("choice", ids(picks.iter().map(super::Pick::id))));
                props.extend(picks.iter().filter_map(super::Pick::words).map(|words| (OTHER, text(words))));
            }
            Answer::Ranked(keys) => props.push(("choice", ids(keys.iter().map(Key::as_str)))),
            Answer::Text(written) => props.push(("text", text(written))),
            Answer::Number(_) | Answer::Date(_) | Answer::Consent => props.push(("value", answer.value())),
        }
        Props(props.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

fn ids<'a>(ids: impl Iterator<Item = &'a str>) -> Value {
    Value::List(ids.map(|id| Value::Text(id.to_owned())).collect())
}
