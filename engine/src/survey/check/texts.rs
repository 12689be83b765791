//! The texts of a survey: there, not too long, with values that can be known; and where its endings lead.

use super::ways::Ways;
use crate::pipe::{self, NOT_EARLIER};
use crate::problem::Problem;
use crate::survey::question::{Kind, Question};
use crate::survey::{Ending, Survey};

/// Longest text, in characters.
const MAX_TEXT: usize = 600;

pub fn check(survey: &Survey, ways: &Ways<'_>, public: &[String], at: &str, problems: &mut Vec<Problem>) {
    for (index, question) in survey.questions.iter().enumerate() {
        let place = format!("{at}.questions[{index}]");
        Texts { ways: Some(ways), before: Some(index), public, problems }.question(question, &place);
    }
    for (index, ending) in survey.endings.iter().enumerate() {
        let place = format!("{at}.endings[{index}]");
        Texts { ways: Some(ways), before: None, public, problems }.ending(ending, &place);
    }
}

/// The texts of a question before which nothing is answered.
pub fn check_field(field: &Question, public: &[String], at: &str, problems: &mut Vec<Problem>) {
    Texts { ways: None, before: None, public, problems }.question(field, at);
}

struct Texts<'a, 'p> {
    /// `None`: no answer can be known.
    ways: Option<&'a Ways<'a>>,
    /// The question whose texts these are; `None` for an ending, which may look back on all.
    before: Option<usize>,
    /// The traits that pages know.
    public: &'a [String],
    problems: &'p mut Vec<Problem>,
}

impl Texts<'_, '_> {
    fn question(&mut self, question: &Question, at: &str) {
        self.needed(&format!("{at}.text"), &question.text);
        self.optional(&format!("{at}.help"), question.help.as_deref());
        self.optional(&format!("{at}.button"), question.button.as_deref());
        let ask = format!("{at}.ask.{}", question.ask.name());
        match &question.ask {
            Kind::Nps(labels) | Kind::Csat(labels) | Kind::Ces(labels) => {
                self.optional(&format!("{ask}.low"), labels.low.as_deref());
                self.optional(&format!("{ask}.high"), labels.high.as_deref());
            }
            Kind::Rating(rating) => {
                self.optional(&format!("{ask}.low"), rating.low.as_deref());
                self.optional(&format!("{ask}.high"), rating.high.as_deref());
            }
            Kind::Single(choice) | Kind::Multiple(choice) | Kind::Dropdown(choice) | Kind::Ranking(choice) => {
                for (index, option) in choice.options.iter().enumerate() {
                    self.needed(&format!("{ask}.options[{index}].label"), &option.label);
                }
                if let Some(other) = &choice.other {
                    self.needed(&format!("{ask}.other"), other);
                }
            }
            Kind::Text(field) | Kind::LongText(field) | Kind::Email(field) | Kind::Url(field) => {
                self.optional(&format!("{ask}.placeholder"), field.placeholder.as_deref());
            }
            Kind::Number(_) | Kind::Date(_) => {}
            Kind::Consent(tick) => self.needed(&format!("{ask}.label"), &tick.label),
        }
    }

    fn ending(&mut self, ending: &Ending, at: &str) {
        self.needed(&format!("{at}.text"), &ending.text);
        self.optional(&format!("{at}.help"), ending.help.as_deref());
        if let Some(button) = &ending.button {
            self.needed(&format!("{at}.button.label"), &button.label);
            if !button.is_safe() {
                let message = "A link starts with https://, http://, mailto: or tel:, or is a path on your own site such as /pricing.";
                self.report(&format!("{at}.button.url"), "unsafe_link", message);
            }
        }
        if ending.redirect.is_some() && ending.destination().is_none() {
            let message = "A redirect starts with https:// or http://, or is a path on your own site such as /thanks.";
            self.report(&format!("{at}.redirect"), "unsafe_redirect", message);
        }
    }

    fn report(&mut self, at: &str, code: &'static str, message: &str) {
        self.problems.push(Problem::new(at, code, message));
    }

    fn needed(&mut self, at: &str, text: &str) {
        if text.trim().is_empty() {
            self.report(at, "empty", "This text is missing.");
        }
        self.optional(at, Some(text));
    }

    fn optional(&mut self, at: &str, text: Option<&str>) {
        let text = text.unwrap_or("");
        if text.chars().count() > MAX_TEXT {
            self.report(at, "too_long", "At most 600 characters; people do not read more.");
        }
        let Texts { ways, before, public, problems } = self;
        let mut report = |code, message: &str| problems.push(Problem::new(at, code, message));
        pipe::check(text, public, &mut report, &mut |id| {
            let asked = ways.map(|ways| ways.place(id));
            if asked == Some(None) {
                return Some(("unknown_question", "This names a question that is not there."));
            }
            let is_known = ways
                .zip(asked.flatten())
                .is_some_and(|(ways, asked)| before.is_none_or(|before| ways.is_before(asked, before)));
            (!is_known).then_some(NOT_EARLIER)
        });
    }
}
