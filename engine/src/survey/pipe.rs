//! Traits and earlier answers in texts: `Hello {{trait.first_name | there}}`, `Why {{answer.score | this}}?`. What is not known is
//! its fallback, and each piece must have one. Nothing here is markup: what comes out is text and is painted as text.

use super::Survey;
use super::answer::{Answer, Answers, Pick};
use super::question::Question;
use crate::decimal;

/// Longest value that gets into a text, in characters; the rest becomes `…`.
pub const MAX_VALUE: usize = 100;

/// A piece of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// A value, and what stands there if it is not known; `None`: nothing was said, which [`check`](super::check) refuses.
    Value(Field<'a>, Option<&'a str>),
    /// Braces that make no sense: they stay as they are.
    Broken(&'a str),
}

/// What a value is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field<'a> {
    /// A trait of the person, as the page knows it.
    Trait(&'a str),
    /// The answer to an earlier question.
    Answer(&'a str),
}

/// The pieces of a text, in their order. Put together they are the text.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let start = rest.find("{{").unwrap_or(rest.len());
        if rest.is_empty() {
            return None;
        }
        // The text before the braces, or if there is none, what they hold.
        let (piece, after) = if start > 0 {
            (Piece::Text(&rest[..start]), start)
        } else {
            match rest.find("}}") {
                Some(end) => (read(&rest[2..end]).unwrap_or(Piece::Broken(&rest[..end + 2])), end + 2),
                None => (Piece::Broken(rest), rest.len()),
            }
        };
        rest = &rest[after..];
        Some(piece)
    })
}

fn read(inside: &str) -> Option<Piece<'_>> {
    let (field, fallback) = match inside.split_once('|') {
        Some((field, fallback)) => (field.trim(), Some(fallback.trim())),
        None => (inside.trim(), None),
    };
    let (of, name) = field.split_once('.')?;
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '{' || c == '}');
    let field = match of {
        "trait" => Field::Trait(name),
        "answer" => Field::Answer(name),
        _ => return None,
    };
    is_name.then_some(Piece::Value(field, fallback))
}

/// The text with its values. `value` gives what is known.
pub fn fill(text: &str, value: &dyn Fn(Field<'_>) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) | Piece::Broken(text) => filled.push_str(text),
            Piece::Value(field, fallback) => {
                let known = value(field);
                match known.as_deref().map(str::trim).filter(|known| !known.is_empty()) {
                    Some(known) => push_short(&mut filled, known),
                    None => filled.push_str(fallback.unwrap_or("")),
                }
            }
        }
    }
    filled
}

/// On one line and no longer than a person reads in a sentence.
fn push_short(filled: &mut String, value: &str) {
    for (at, c) in value.chars().enumerate() {
        if at == MAX_VALUE {
            filled.push('…');
            break;
        }
        filled.push(if c.is_control() { ' ' } else { c });
    }
}

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
