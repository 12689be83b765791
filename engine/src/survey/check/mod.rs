//! Everything that is wrong with a survey, at once. After it a survey is a way without a loop: each question and each ending can be
//! reached, and none comes twice.

mod ask;
mod gating;
mod texts;
mod ways;

use super::Survey;
use super::question::{Kind, Question};
use crate::id::Key;
use crate::problem::Problem;

/// Most questions of a survey.
pub const MAX_QUESTIONS: usize = 50;
const MAX_ENDINGS: usize = 20;

/// All mistakes of a survey; their places begin with `at`. `public` are the traits that pages know.
pub fn check(survey: &Survey, public: &[String], at: &str, problems: &mut Vec<Problem>) {
    let report = |problems: &mut Vec<Problem>, place: String, code, message: &str| {
        problems.push(Problem::new(format!("{at}.{place}"), code, message));
    };
    if survey.questions.is_empty() {
        report(problems, "questions".to_owned(), "no_questions", "A survey asks at least one question.");
    }
    if survey.questions.len() > MAX_QUESTIONS || survey.endings.len() > MAX_ENDINGS {
        report(problems, "questions".to_owned(), "too_many_questions", "At most 50 questions and 20 endings.");
        // What follows looks at each question from each other.
        return;
    }
    if survey.prefill.is_some() && survey.questions.first().is_some_and(|first| matches!(first.ask, Kind::Consent(_))) {
        report(
            problems,
            "prefill".to_owned(),
            "prefilled_consent",
            "A link cannot agree to anything in somebody's place.",
        );
    }
    doubles(survey.questions.iter().map(|question| &question.id), &format!("{at}.questions"), problems);
    doubles(survey.endings.iter().map(|ending| &ending.id), &format!("{at}.endings"), problems);
    let ways = ways::Ways::of(survey);
    for (index, question) in survey.questions.iter().enumerate() {
        let place = format!("{at}.questions[{index}]");
        ask::check(question, &place, problems);
        ways.check(index, &place, problems);
    }
    ways.check_endings(&format!("{at}.endings"), problems);
    texts::check(survey, &ways, public, at, problems);
    gating::check(survey, &format!("{at}.endings"), problems);
}

/// All mistakes of questions that stand on one card; their places begin with `at`. No way leads from one to another.
pub fn check_fields(fields: &[Question], public: &[String], at: &str, problems: &mut Vec<Problem>) {
    doubles(fields.iter().map(|field| &field.id), at, problems);
    for (index, field) in fields.iter().enumerate() {
        let place = format!("{at}[{index}]");
        ask::check(field, &place, problems);
        texts::check_field(field, public, &place, problems);
        if !field.branches.is_empty() || field.next.is_some() {
            let message = "All fields stand on one card: nothing leads from one to another.";
            problems.push(Problem::new(place, "no_effect", message));
        }
    }
}

/// Ids that were given before.
fn doubles<'a>(ids: impl Iterator<Item = &'a Key>, at: &str, problems: &mut Vec<Problem>) {
    let mut seen: Vec<&Key> = Vec::new();
    for (index, id) in ids.enumerate() {
        if seen.contains(&id) {
            problems.push(Problem::new(
                format!("{at}[{index}].id"),
                "duplicate_id",
                format!("\"{id}\" is there already."),
            ));
        }
        seen.push(id);
    }
}
