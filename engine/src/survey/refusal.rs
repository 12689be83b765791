//! What is wrong with an answer: a stable code, which is also the key of its message in other languages, and an English sentence.

use crate::day::Day;
use crate::decimal;
use crate::problem::Problem;

/// Why an answer was refused.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub what: Wrong,
    /// Of several: the place in the list, from 0.
    pub at: Option<usize>,
    /// The bound that was passed.
    pub limit: Option<Limit>,
}

/// A bound of an answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Limit {
    /// A number, or so many of something.
    Number(f64),
    /// A day.
    Day(Day),
}

/// What can be wrong with an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each has its sentence in Wrong::message")]
pub enum Wrong {
    Required,
    ConsentRequired,
    WrongType,
    OutOfScale,
    UnknownOption,
    OtherNotOffered,
    OtherEmpty,
    Twice,
    TooFew,
    TooMany,
    NotAllRanked,
    TooShort,
    TooLong,
    NotAnEmail,
    NotAUrl,
    NotANumber,
    TooSmall,
    TooLarge,
    OffStep,
    NotADate,
    TooEarly,
    TooLate,
}

impl Wrong {
    /// The stable name, and the key of the message in other languages.
    pub fn code(self) -> &'static str {
        self.texts().0
    }

    /// The English sentence; `{n}` stands for the bound.
    pub fn message(self) -> &'static str {
        self.texts().1
    }

    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Wrong::Required => ("required", "Please answer this question."),
            Wrong::ConsentRequired => ("consent_required", "Please tick the box to go on."),
            Wrong::WrongType => ("wrong_type", "This is no answer to this question."),
            Wrong::OutOfScale => ("out_of_scale", "Please choose a point of the scale."),
            Wrong::UnknownOption => ("unknown_option", "Please choose one of the options."),
            Wrong::OtherNotOffered => ("other_not_offered", "Please choose one of the options."),
            Wrong::OtherEmpty => ("other_empty", "Please say what it is."),
            Wrong::Twice => ("twice", "Please choose each option once."),
            Wrong::TooFew => ("too_few", "Please choose at least {n}."),
            Wrong::TooMany => ("too_many", "Please choose at most {n}."),
            Wrong::NotAllRanked => ("not_all_ranked", "Please put all {n} options in order."),
            Wrong::TooShort => ("too_short", "Please write at least {n} characters."),
            Wrong::TooLong => ("too_long", "Please write at most {n} characters."),
            Wrong::NotAnEmail => ("not_an_email", "Please enter an e-mail address such as name@example.com."),
            Wrong::NotAUrl => ("not_a_url", "Please enter a web address such as example.com."),
            Wrong::NotANumber => ("not_a_number", "Please enter a number."),
            Wrong::TooSmall => ("too_small", "Please enter {n} or more."),
            Wrong::TooLarge => ("too_large", "Please enter {n} or less."),
            Wrong::OffStep => ("off_step", "Please enter a multiple of {n}."),
            Wrong::NotADate => ("not_a_date", "Please choose a day."),
            Wrong::TooEarly => ("too_early", "Please choose {n} or a later day."),
            Wrong::TooLate => ("too_late", "Please choose {n} or an earlier day."),
        }
    }
}

impl Limit {
    /// As plain text: a number with a point, a day as `2026-01-31`.
    pub fn text(self) -> String {
        match self {
            Limit::Number(number) => decimal::write(number),
            Limit::Day(day) => day.to_string(),
        }
    }
}

impl Refusal {
    /// The English sentence with its bound.
    pub fn sentence(&self) -> String {
        let limit = self.limit.map(Limit::text).unwrap_or_default();
        self.what.message().replace("{n}", &limit)
    }

    /// The same with its place, for whoever sent the answer: `at` is where it stood.
    pub fn problem(&self, at: &str) -> Problem {
        let place = match self.at {
            Some(index) => format!("{at}[{index}]"),
            None => at.to_owned(),
        };
        Problem::new(place, self.what.code(), self.sentence())
    }
}
