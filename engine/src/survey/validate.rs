//! Whether an answer fits its question, and in which form it is kept.

use super::answer::{Answer, Given, OTHER, Pick};
use super::question::{Choice, DateField, Kind, NumberField, Question, TextField};
use super::refusal::{Limit, Refusal, Wrong};
use crate::day::Day;
use crate::id::Key;

/// Longest line of text, in characters.
pub const MAX_LINE: u32 = 200;
/// Longest text, in characters. An event holds it in any script.
pub const MAX_LONG: u32 = 5_000;

type Verdict = Result<Answer, Refusal>;

fn refuse<T>(what: Wrong) -> Result<T, Refusal> {
    Err(Refusal { what, at: None, limit: None })
}

fn beyond<T>(what: Wrong, limit: impl Into<f64>) -> Result<T, Refusal> {
    Err(Refusal { what, at: None, limit: Some(Limit::Number(limit.into())) })
}

impl Question {
    /// The answer if it fits. Text is trimmed, a web address gets its scheme; what is empty is passed over.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self, given: &Given) -> Verdict {
        if is_empty(given) || matches!((&self.ask, given), (Kind::Consent(_), Given::Bool(false))) {
            return match self.ask {
                Kind::Consent(_) => refuse(Wrong::ConsentRequired),
                _ if self.required => refuse(Wrong::Required),
                _ => Ok(Answer::Skipped),
            };
        }
        match &self.ask {
            Kind::Nps(_) | Kind::Csat(_) | Kind::Ces(_) | Kind::Rating(_) => self.score(given),
            Kind::Single(choice) | Kind::Dropdown(choice) => pick(choice, given).map(Answer::One),
            Kind::Multiple(choice) => many(choice, given),
            Kind::Ranking(choice) => ranked(choice, given),
            Kind::Text(field) => length(field, MAX_LINE, line(given, false)?),
            Kind::LongText(field) => length(field, MAX_LONG, line(given, true)?),
            Kind::Email(field) => match line(given, false)? {
                text if is_email(&text) => length(field, MAX_LINE, text),
                _ => refuse(Wrong::NotAnEmail),
            },
            Kind::Url(field) => match web_address(line(given, false)?) {
                Some(text) => length(field, MAX_LONG, text),
                None => refuse(Wrong::NotAUrl),
            },
            Kind::Number(field) => number(field, given),
            Kind::Date(field) => day(field, given),
            Kind::Consent(_) => match given {
                Given::Bool(true) => Ok(Answer::Consent),
                _ => refuse(Wrong::WrongType),
            },
        }
    }

    fn score(&self, given: &Given) -> Verdict {
        let &Given::Number(number) = given else {
            return refuse(Wrong::WrongType);
        };
        let (low, high) = self.ask.scale().unwrap_or_default();
        let score = number as u8;
        if f64::from(score) == number && (low..=high).contains(&score) {
            Ok(Answer::Score(score))
        } else {
            refuse(Wrong::OutOfScale)
        }
    }
}

fn is_empty(given: &Given) -> bool {
    match given {
        Given::Null => true,
        Given::Text(text) => text.chars().all(|c| c.is_whitespace() || c.is_control()),
        Given::List(list) => list.is_empty(),
        _ => false,
    }
}

fn pick(choice: &Choice, given: &Given) -> Result<Pick, Refusal> {
    match given {
        Given::Text(id) => match choice.options.iter().find(|option| option.id.as_str() == id) {
            Some(option) => Ok(Pick::Option(option.id.clone())),
            // The option itself, before anything is written.
            None if id == OTHER && choice.other.is_some() => refuse(Wrong::OtherEmpty),
            None => refuse(Wrong::UnknownOption),
        },
        Given::Other(_) if choice.other.is_none() => refuse(Wrong::OtherNotOffered),
        Given::Other(words) => match tidy(words, false) {
            words if words.is_empty() => refuse(Wrong::OtherEmpty),
            words if words.chars().count() > MAX_LINE as usize => beyond(Wrong::TooLong, MAX_LINE),
            words => Ok(Pick::Other(words)),
        },
        _ => refuse(Wrong::WrongType),
    }
}

fn many(choice: &Choice, given: &Given) -> Verdict {
    let Given::List(list) = given else {
        return refuse(Wrong::WrongType);
    };
    let mut picks: Vec<Pick> = Vec::new();
    for (at, member) in list.iter().enumerate() {
        let checked = pick(choice, member).and_then(|pick| match picks.iter().any(|seen| seen.id() == pick.id()) {
            true => refuse(Wrong::Twice),
            false => Ok(pick),
        });
        picks.push(checked.map_err(|refusal| Refusal { at: Some(at), ..refusal })?);
    }
    match picks.len() {
        count if count < choice.min.unwrap_or(0) as usize => beyond(Wrong::TooFew, choice.min.unwrap_or(0)),
        count if count > choice.max.unwrap_or(u32::MAX) as usize => beyond(Wrong::TooMany, choice.max.unwrap_or(0)),
        _ => Ok(Answer::Many(picks)),
    }
}

fn ranked(choice: &Choice, given: &Given) -> Verdict {
    let Given::List(list) = given else {
        return refuse(Wrong::WrongType);
    };
    let mut keys: Vec<Key> = Vec::new();
    for (at, member) in list.iter().enumerate() {
        let known = match member {
            Given::Text(id) => {
                choice.options.iter().find(|option| option.id.as_str() == id).ok_or(Wrong::UnknownOption)
            }
            _ => Err(Wrong::WrongType),
        };
        match known {
            Ok(option) if !keys.contains(&option.id) => keys.push(option.id.clone()),
            wrong => return Err(Refusal { what: wrong.err().unwrap_or(Wrong::Twice), at: Some(at), limit: None }),
        }
    }
    if keys.len() < choice.options.len() {
        return beyond(Wrong::NotAllRanked, choice.options.len() as f64);
    }
    Ok(Answer::Ranked(keys))
}

fn line(given: &Given, lines: bool) -> Result<String, Refusal> {
    match given {
        Given::Text(text) => Ok(tidy(text, lines)),
        _ => refuse(Wrong::WrongType),
    }
}

/// Without spaces around it, and without characters that nobody types and a database may refuse.
fn tidy(text: &str, lines: bool) -> String {
    let kept = |c: &char| !c.is_control() || (lines && (*c == '\n' || *c == '\t'));
    let text: String = text.chars().filter(kept).collect();
    text.trim().to_owned()
}

fn length(field: &TextField, most: u32, text: String) -> Verdict {
    let (min, max) = (field.min.unwrap_or(0), field.max.unwrap_or(most).min(MAX_LONG));
    match text.chars().count() {
        count if count < min as usize => beyond(Wrong::TooShort, min),
        count if count > max as usize => beyond(Wrong::TooLong, max),
        _ => Ok(Answer::Text(text)),
    }
}

/// What a mailbox looks like to people: whether it exists only a letter can tell.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain = |c: char| !c.is_whitespace() && !"()<>[]{},;:\\\"@|".contains(c);
    (1..=64).contains(&local.len())
        && text.len() <= 254
        && text.chars().filter(|c| *c != '@').all(is_plain)
        && !local.contains('@')
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && is_domain(domain)
}

/// Letters of any script pass: telling them from other signs would take a table.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii())
    };
    // 1.5 is a number and 10.0.0.1 a machine.
    let is_number = domain.ends_with(|c: char| c.is_ascii_digit());
    domain.contains('.') && !is_number && domain.len() <= 253 && domain.split('.').all(is_label)
}

/// The address with its scheme, which people leave out.
fn web_address(text: String) -> Option<String> {
    let has = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let full = if has("https://") || has("http://") { text } else { format!("https://{text}") };
    let rest = full.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let port_is_legal = authority.split_once(':').is_none_or(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let is_clean = !full.chars().any(|c| c.is_whitespace() || "<>\"\\^`{|}".contains(c));
    (is_clean && port_is_legal && is_domain(host)).then_some(full)
}

fn number(field: &NumberField, given: &Given) -> Verdict {
    let number = match given {
        Given::Number(number) if number.is_finite() => *number,
        Given::Number(_) | Given::Text(_) => return refuse(Wrong::NotANumber),
        _ => return refuse(Wrong::WrongType),
    };
    if let Some(min) = field.min.filter(|min| number < *min) {
        return beyond(Wrong::TooSmall, min);
    }
    if let Some(max) = field.max.filter(|max| number > *max) {
        return beyond(Wrong::TooLarge, max);
    }
    if let Some(step) = field.step.filter(|step| *step > 0.0) {
        let steps = (number - field.min.unwrap_or(0.0)) / step;
        // Tenths are not exact in binary: 0.3 is three steps of 0.1.
        if (steps - steps.round()).abs() > 1e-6 {
            return beyond(Wrong::OffStep, step);
        }
    }
    Ok(Answer::Number(number))
}

fn day(field: &DateField, given: &Given) -> Verdict {
    let Given::Text(text) = given else {
        return refuse(Wrong::WrongType);
    };
    let Some(day) = Day::parse(text.trim()) else {
        return refuse(Wrong::NotADate);
    };
    let late = field.max.filter(|max| day > *max).map(|max| (Wrong::TooLate, max));
    let early = field.min.filter(|min| day < *min).map(|min| (Wrong::TooEarly, min));
    match early.or(late) {
        Some((what, bound)) => Err(Refusal { what, at: None, limit: Some(Limit::Day(bound)) }),
        None => Ok(Answer::Date(day)),
    }
}
