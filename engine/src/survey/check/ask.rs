//! Whether a question can be answered at all.

use super::doubles;
use crate::problem::Problem;
use crate::survey::answer::OTHER;
use crate::survey::question::{Choice, Kind, NumberField, Question, TextField};
use crate::survey::validate::{MAX_LINE, MAX_LONG};

/// Most options: the countries of the world fit.
const MAX_OPTIONS: usize = 300;
/// Longest name of a trait, in bytes.
const MAX_TRAIT: usize = 64;

/// All mistakes of one question; their places begin with `at`.
pub fn check(question: &Question, at: &str, problems: &mut Vec<Problem>) {
    let kind = question.ask.name();
    let mut report = |field: &str, code, message: &str| {
        problems.push(Problem::new(format!("{at}.{field}"), code, message));
    };
    if question.becomes.as_ref().is_some_and(|name| name.trim() != name || name.is_empty() || name.len() > MAX_TRAIT) {
        report("trait", "trait_name", "A trait's name has 1 to 64 bytes and no spaces around it.");
    }
    let place = format!("ask.{kind}");
    match &question.ask {
        Kind::Nps(_) | Kind::Csat(_) | Kind::Ces(_) | Kind::Consent(_) => {}
        Kind::Rating(rating) => {
            if ![3, 5, 7, 10].contains(&rating.points) {
                report(&format!("{place}.points"), "points", "A scale has 3, 5, 7 or 10 points.");
            }
        }
        Kind::Single(choice) | Kind::Multiple(choice) | Kind::Dropdown(choice) | Kind::Ranking(choice) => {
            options(&question.ask, choice, &place, &mut report);
            doubles(choice.options.iter().map(|option| &option.id), &format!("{at}.{place}.options"), problems);
        }
        Kind::Text(field) | Kind::Email(field) => text(field, MAX_LINE, &place, &mut report),
        Kind::LongText(field) | Kind::Url(field) => text(field, MAX_LONG, &place, &mut report),
        Kind::Number(field) => number(field, &place, &mut report),
        Kind::Date(field) => {
            if field.min > field.max && field.max.is_some() {
                report(&place, "empty_range", "No day is that late and that early.");
            }
        }
    }
}

type Report<'a> = &'a mut dyn FnMut(&str, &'static str, &str);

fn options(kind: &Kind, choice: &Choice, at: &str, report: Report<'_>) {
    let is_multiple = matches!(kind, Kind::Multiple(_));
    let is_ranking = matches!(kind, Kind::Ranking(_));
    let count = choice.options.len() + usize::from(choice.other.is_some());
    let least = if is_ranking { 2 } else { 1 };
    if !(least..=MAX_OPTIONS).contains(&count) {
        report(&format!("{at}.options"), "option_count", "Give 1 to 300 options, and to rank at least 2.");
    }
    if is_ranking && choice.other.is_some() {
        report(&format!("{at}.other"), "no_effect", "What somebody has yet to write cannot be ranked.");
    }
    if !is_multiple && (choice.min.is_some() || choice.max.is_some()) {
        report(at, "no_effect", "Only a question with several answers has min and max.");
    }
    if choice.options.iter().any(|option| option.id.as_str() == OTHER) {
        report(
            &format!("{at}.options"),
            "reserved_id",
            "\"other\" stands for what people write themselves; give its label as `other`.",
        );
    }
    let (min, max) = (choice.min.unwrap_or(0) as usize, choice.max.map_or(count, |max| max as usize));
    if is_multiple && (min > max || min > count || max == 0) {
        report(at, "empty_range", "Nobody can choose that few and that many.");
    }
}

fn text(field: &TextField, most: u32, at: &str, report: Report<'_>) {
    let max = field.max.unwrap_or(most);
    if field.min.unwrap_or(0) > max || max == 0 {
        report(at, "empty_range", "No text is that long and that short.");
    }
    if max > MAX_LONG {
        report(&format!("{at}.max"), "too_long", "At most 5000 characters.");
    }
}

fn number(field: &NumberField, at: &str, report: Report<'_>) {
    let bounds = [field.min, field.max, field.step];
    if bounds.into_iter().flatten().any(|bound| !bound.is_finite()) {
        report(at, "not_finite", "Give numbers.");
    }
    if matches!((field.min, field.max), (Some(min), Some(max)) if min > max) {
        report(at, "empty_range", "No number is that large and that small.");
    }
    if field.step.is_some_and(|step| step <= 0.0) {
        report(&format!("{at}.step"), "step", "A step is above 0.");
    }
}
