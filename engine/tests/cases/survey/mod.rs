//! The shared cases of surveys, `tests/cases/survey/`. A kind of question, a mistake in an answer, a condition without a case fails.

#[cfg(test)]
mod coverage;

use crate::report;
use engine::Problem;
use engine::survey::{Given, Kind, NumberField, Step, Survey, check};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

fn read<T: DeserializeOwned>(file: &str) -> T {
    crate::file(&format!("survey/{file}"))
}

/// `9` and `9.0` are the same number.
fn plain(json: &Json) -> Json {
    match json {
        Json::Number(number) => json!(number.as_f64()),
        Json::Array(list) => list.iter().map(plain).collect(),
        Json::Object(map) => Json::Object(map.iter().map(|(name, value)| (name.clone(), plain(value))).collect()),
        other => other.clone(),
    }
}

fn same(a: &impl serde::Serialize, b: &Json) -> bool {
    plain(&serde_json::to_value(a).unwrap()) == plain(b)
}

fn only_question(ask: &Json, required: bool) -> Survey {
    let question = json!({"id": "q", "text": "Q?", "ask": ask, "required": required});
    serde_json::from_value(json!({"questions": [question], "prefill": "wm_q"})).unwrap()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerCase {
    name: String,
    ask: Json,
    #[serde(default)]
    required: bool,
    given: Given,
    /// Left out: refused.
    #[serde(default, deserialize_with = "some")]
    answer: Option<Json>,
    /// Beside `question` and `kind`.
    #[serde(default)]
    props: serde_json::Map<String, Json>,
    refused: Option<String>,
    place: Option<String>,
    says: Option<String>,
}

/// `null` is an answer too.
fn some<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

fn answer_mistakes(case: &AnswerCase) -> Vec<String> {
    let mut wrong = Vec::new();
    let survey = only_question(&case.ask, case.required);
    let question = &survey.questions[0];
    match (survey.take(&mut Default::default(), "q", &case.given), question.validate(&case.given)) {
        (Ok(()), Ok(answer)) => {
            if !case.answer.as_ref().is_some_and(|expected| same(&answer, expected)) {
                wrong.push(format!("answer {}", json!(answer)));
            }
            let mut props = json!({"question": "q", "kind": question.ask.name()});
            props.as_object_mut().unwrap().extend(case.props.clone());
            if !same(&question.props(&answer), &props) {
                wrong.push(format!("props {}", json!(question.props(&answer))));
            }
        }
        (Err(problem), Err(refusal)) => {
            let place = case.place.as_deref().unwrap_or("answers.q");
            if case.refused.as_deref() != Some(problem.code) || problem.at != place {
                wrong.push(format!("refused {} at {}", problem.code, problem.at));
            }
            if case.says.as_ref().is_some_and(|says| *says != problem.message) {
                wrong.push(problem.message);
            }
            assert_eq!(refusal.limit.is_some(), refusal.what.message().contains("{n}"));
        }
        _ => wrong.push("take and validate differ".to_owned()),
    }
    wrong
}

#[cfg_attr(test, test)]
pub fn answers_are_taken_or_refused_as_their_cases_say() {
    let mut mistakes = Vec::new();
    for case in read::<Vec<AnswerCase>>("answers") {
        mistakes.extend(answer_mistakes(&case).into_iter().map(|wrong| format!("{}: {wrong}", case.name)));
    }
    report(mistakes);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    name: String,
    survey: Survey,
    /// The survey is one that a check refuses.
    #[serde(default)]
    unchecked: bool,
    cases: Vec<RouteCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteCase {
    answers: BTreeMap<String, Given>,
    /// A question, an ending, or `null` for a word of thanks.
    next: Json,
    progress: Option<(usize, usize)>,
    scores: Option<Json>,
    traits: Option<Json>,
}

fn checked(survey: &Survey) -> Vec<Problem> {
    let mut problems = Vec::new();
    check(survey, &["first_name".to_owned()], "survey", &mut problems);
    problems
}

fn next(step: Step<'_>) -> Json {
    match step {
        Step::Ask(question) => json!(question.id),
        Step::End(Some(ending)) => json!({"ending": ending.id}),
        Step::End(None) => Json::Null,
    }
}

fn route_mistakes(survey: &Survey, case: &RouteCase) -> Vec<String> {
    let mut wrong = Vec::new();
    let answers = survey.resume(case.answers.iter().map(|(id, given)| (id.as_str(), given)));
    let went = next(survey.next(&answers));
    if went != case.next {
        wrong.push(format!("next {went}"));
    }
    let progress = survey.progress(&answers);
    if case.progress.is_some_and(|expected| expected != (progress.answered, progress.left)) {
        wrong.push(format!("{progress:?}"));
    }
    let scores = survey.scores(&answers).into_iter().map(|score| json!([score.question.id, score.score, score.band]));
    let scores: Json = scores.collect();
    if case.scores.as_ref().is_some_and(|expected| *expected != scores) {
        wrong.push(format!("scores {scores}"));
    }
    let traits = survey.traits(&answers);
    if case.traits.as_ref().is_some_and(|expected| !same(&traits, expected)) {
        wrong.push(format!("traits {}", json!(traits)));
    }
    wrong
}

#[cfg_attr(test, test)]
pub fn surveys_go_where_their_cases_say() {
    let mut mistakes = Vec::new();
    for route in read::<Vec<Route>>("routes") {
        let problems = checked(&route.survey);
        if problems.is_empty() == route.unchecked {
            mistakes.push(format!("{}: {problems:?}", route.name));
        }
        let written = serde_json::to_value(&route.survey).unwrap();
        assert_eq!(serde_json::from_value::<Survey>(written).unwrap(), route.survey);
        for (index, case) in route.cases.iter().enumerate() {
            let wrong = route_mistakes(&route.survey, case).into_iter();
            mistakes.extend(wrong.map(|wrong| format!("{} [{index}]: {wrong}", route.name)));
        }
    }
    report(mistakes);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    survey: Survey,
    answers: BTreeMap<String, Given>,
    traits: BTreeMap<String, String>,
    cases: Vec<TextCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextCase {
    text: String,
    expect: String,
}

#[cfg_attr(test, test)]
pub fn texts_hold_what_is_known() {
    let texts: Texts = read("texts");
    let answers = texts.survey.resume(texts.answers.iter().map(|(id, given)| (id.as_str(), given)));
    let of_person = |name: &str| texts.traits.get(name).cloned();
    let filled = |case: &TextCase| texts.survey.fill(&case.text, &answers, &of_person);
    let wrong = texts.cases.iter().filter(|case| filled(case) != case.expect);
    report(wrong.map(|case| format!("{} -> {}", case.text, filled(case))).collect());
    let long = texts.survey.fill("{{trait.long | x}}", &answers, &|_| Some("ä".repeat(101)));
    assert_eq!(long, "ä".repeat(100) + "…");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mistaken {
    name: String,
    survey: Survey,
    problems: Vec<(String, String)>,
}

/// The codes that the cases expect.
pub fn codes() -> impl Iterator<Item = String> {
    read::<Vec<Mistaken>>("mistakes").into_iter().flat_map(|case| case.problems).map(|(_, code)| code)
}

#[cfg_attr(test, test)]
pub fn mistakes_are_found_where_they_are() {
    let mut mistakes = Vec::new();
    for case in read::<Vec<Mistaken>>("mistakes") {
        let mut found: Vec<_> = checked(&case.survey).into_iter().map(|p| (p.at, p.code.to_owned())).collect();
        let mut expected = case.problems.clone();
        found.sort();
        expected.sort();
        if found != expected {
            mistakes.push(format!("{}: {found:?}", case.name));
        }
    }
    report(mistakes);
}

#[cfg_attr(test, test)]
pub fn bounds_that_json_cannot_write_are_found_too() {
    let [fine, nan, huge] = [1.0, f64::NAN, f64::INFINITY].map(Some);
    for (min, max, step) in [(fine, huge, None), (nan, None, None), (None, None, nan), (fine, fine, huge)] {
        let mut survey = only_question(&json!({"number": {}}), false);
        survey.questions[0].ask = Kind::Number(NumberField { min, max, step });
        let found: Vec<_> = checked(&survey).into_iter().map(|problem| (problem.at, problem.code)).collect();
        assert_eq!(found, [("survey.questions[0].ask.number".to_owned(), "not_finite")], "{min:?} {max:?} {step:?}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prefill {
    name: String,
    ask: Json,
    value: String,
    answer: Json,
}

#[cfg_attr(test, test)]
pub fn a_link_answers_the_first_question_or_nothing() {
    let mut mistakes = Vec::new();
    for case in read::<Vec<Prefill>>("prefill") {
        let survey = only_question(&case.ask, false);
        let answers = survey.start_with(&case.value);
        let answer = answers.iter().next().map(|(_, answer)| answer);
        if !same(&answer, &case.answer) {
            mistakes.push(format!("{}: {}", case.name, json!(answer)));
        }
    }
    report(mistakes);
}
