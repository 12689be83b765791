//! No part of a survey without a case.

use super::{AnswerCase, Route, only_question, read};
use crate::{missing, report};
use engine::survey::{Band, Kind, Question, Target, When, Wrong};
use serde_json::Value as Json;
use std::collections::BTreeSet;

names!(kind, KINDS, Kind,
    Kind::Nps(_) => "nps",
    Kind::Csat(_) => "csat",
    Kind::Ces(_) => "ces",
    Kind::Rating(_) => "rating",
    Kind::Single(_) => "single",
    Kind::Multiple(_) => "multiple",
    Kind::Dropdown(_) => "dropdown",
    Kind::Ranking(_) => "ranking",
    Kind::Text(_) => "text",
    Kind::LongText(_) => "long_text",
    Kind::Email(_) => "email",
    Kind::Url(_) => "url",
    Kind::Number(_) => "number",
    Kind::Date(_) => "date",
    Kind::Consent(_) => "consent",
);

names!(wrong, WRONGS, Wrong,
    Wrong::Required => "required",
    Wrong::ConsentRequired => "consent_required",
    Wrong::WrongType => "wrong_type",
    Wrong::OutOfScale => "out_of_scale",
    Wrong::UnknownOption => "unknown_option",
    Wrong::OtherNotOffered => "other_not_offered",
    Wrong::OtherEmpty => "other_empty",
    Wrong::Twice => "twice",
    Wrong::TooFew => "too_few",
    Wrong::TooMany => "too_many",
    Wrong::NotAllRanked => "not_all_ranked",
    Wrong::TooShort => "too_short",
    Wrong::TooLong => "too_long",
    Wrong::NotAnEmail => "not_an_email",
    Wrong::NotAUrl => "not_a_url",
    Wrong::NotANumber => "not_a_number",
    Wrong::TooSmall => "too_small",
    Wrong::TooLarge => "too_large",
    Wrong::OffStep => "off_step",
    Wrong::NotADate => "not_a_date",
    Wrong::TooEarly => "too_early",
    Wrong::TooLate => "too_late",
);

names!(band, BANDS, Band,
    Band::Detractor => "detractor",
    Band::Passive => "passive",
    Band::Promoter => "promoter",
    Band::Dissatisfied => "dissatisfied",
    Band::Neutral => "neutral",
    Band::Satisfied => "satisfied",
    Band::Difficult => "difficult",
    Band::Easy => "easy",
);

names!(condition, CONDITIONS, When,
    When::All(_) => "all",
    When::Any(_) => "any",
    When::Not(_) => "not",
    When::Answer(_) => "answer",
    When::Band(_) => "band",
);

names!(target, TARGETS, Target,
    Target::Question(_) => "question",
    Target::Ending(_) => "ending",
);

/// The tests that answers are asked with. What else rules can test works too, and has its cases there.
const TESTS: &[&str] = &[
    "is",
    "all_of",
    "contains",
    "starts_with",
    "ends_with",
    "at_least",
    "above",
    "at_most",
    "below",
    "between",
    "before",
    "after",
    "exists",
];

fn each_node<'a>(when: &'a When, see: &mut impl FnMut(&'a When)) {
    see(when);
    match when {
        When::All(parts) | When::Any(parts) => parts.iter().for_each(|part| each_node(part, see)),
        When::Not(part) => each_node(part, see),
        When::Answer(_) | When::Band(_) => {}
    }
}

#[test]
fn every_part_of_a_survey_has_a_case() {
    let mut mistakes = Vec::new();
    let mut compare = |what: &str, all: &[&str], seen: BTreeSet<String>| {
        mistakes.extend(missing(what, all, &seen.iter().map(String::as_str).collect()));
    };
    let answers: Vec<AnswerCase> = read("answers");
    let question = |ask: &Json| -> Question { only_question(ask, false).questions.remove(0) };
    let accepted = answers.iter().filter(|case| case.answer.as_ref().is_some_and(|answer| !answer.is_null()));
    compare("kind", KINDS, accepted.map(|case| kind(&question(&case.ask).ask).to_owned()).collect());
    let refused = answers.iter().filter(|case| case.refused.is_some());
    let said = refused.filter_map(|case| {
        let question = only_question(&case.ask, case.required).questions.remove(0);
        question.validate(&case.given).err()
    });
    compare("mistake", WRONGS, said.map(|refusal| wrong(&refusal.what).to_owned()).collect());
    for code in WRONGS {
        assert!(refused_codes(&answers).contains(*code), "the code of {code} is another");
    }

    let routes: Vec<Route> = read("routes");
    let (mut conditions, mut tests) = (BTreeSet::new(), BTreeSet::new());
    let (mut bands, mut targets) = (BTreeSet::new(), BTreeSet::new());
    for question in routes.iter().flat_map(|route| &route.survey.questions) {
        targets.extend(
            question.next.iter().chain(question.branches.iter().map(|b| &b.to)).map(|to| target(to).to_owned()),
        );
        for branch in &question.branches {
            each_node(&branch.when, &mut |node| {
                conditions.insert(condition(node).to_owned());
                match node {
                    When::Band(of) => _ = bands.insert(band(&of.is).to_owned()),
                    When::Answer(asked) => match serde_json::to_value(&asked.test).unwrap() {
                        Json::String(name) => _ = tests.insert(name),
                        written => tests.extend(written.as_object().unwrap().keys().cloned()),
                    },
                    When::All(_) | When::Any(_) | When::Not(_) => {}
                }
            });
        }
    }
    compare("condition", CONDITIONS, conditions);
    compare("test", TESTS, tests);
    compare("target", TARGETS, targets);
    compare("band", BANDS, bands);
    report(mistakes);
}

fn refused_codes(answers: &[AnswerCase]) -> BTreeSet<&str> {
    answers.iter().filter_map(|case| case.refused.as_deref()).collect()
}
