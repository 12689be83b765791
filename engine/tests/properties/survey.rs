//! What holds for any survey and any answers.

use crate::config;
use engine::pipe::{self, fill, pieces};
use engine::survey::{Answers, Given, Step, Survey, check};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// One question of each kind, with the ids that answers below choose from.
fn asks() -> Vec<Json> {
    let options =
        json!([{"id": "a", "label": "A"}, {"id": "b", "label": "B"}, {"id": "c", "label": "C", "fixed": true}]);
    vec![
        json!({"nps": {}}),
        json!({"csat": {}}),
        json!({"ces": {}}),
        json!({"rating": {"points": 3}}),
        json!({"single": {"options": options, "other": "O", "shuffle": true}}),
        json!({"multiple": {"options": options, "other": "O", "min": 1, "max": 2}}),
        json!({"dropdown": {"options": options}}),
        json!({"ranking": {"options": options, "shuffle": true}}),
        json!({"text": {"min": 2, "max": 5}}),
        json!({"long_text": {}}),
        json!({"email": {}}),
        json!({"url": {}}),
        json!({"number": {"min": 0, "max": 10, "step": 0.1}}),
        json!({"date": {"min": "2024-01-01"}}),
        json!({"consent": {"label": "Yes"}}),
    ]
}

fn leaf(of: Option<usize>) -> impl Strategy<Value = Json> {
    let tests = vec![
        json!("exists"),
        json!({"is": ["a", 7, true]}),
        json!({"contains": ["a"]}),
        json!({"at_least": 3}),
        json!({"below": 5}),
    ];
    let bands = vec!["detractor", "passive", "promoter", "satisfied", "neutral", "easy"];
    let of = of.map(|of| format!("q{of}"));
    let same = of.clone();
    prop_oneof![
        prop::sample::select(tests).prop_map(move |test| json!({"answer": {"of": of, "test": test}})),
        prop::sample::select(bands).prop_map(move |band| json!({"band": {"of": same, "is": band}})),
    ]
}

fn when() -> impl Strategy<Value = Json> {
    prop::option::of(0..8usize).prop_flat_map(leaf).prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| json!({"all": parts})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| json!({"any": parts})),
            inner.prop_map(|part| json!({"not": part})),
        ]
    })
}

/// To a question at least `from`, to an ending, or nowhere.
fn target(from: usize) -> impl Strategy<Value = Json> {
    prop_oneof![
        3 => (from..9).prop_map(|to| json!({"question": format!("q{to}")})),
        1 => (0..3).prop_map(|to| json!({"ending": format!("e{to}")})),
    ]
}

/// Surveys of up to eight questions; with `wild` they may have loops.
fn survey(wild: bool) -> impl Strategy<Value = Survey> {
    let question = move |at: usize| {
        let from = if wild { 0 } else { at + 1 };
        let branches = prop::collection::vec((when(), target(from)), 0..3);
        (prop::sample::select(asks()), any::<bool>(), branches, prop::option::weighted(0.2, target(from))).prop_map(
            move |(ask, required, branches, next)| {
                let branches: Json = branches.into_iter().map(|(when, to)| json!({"when": when, "to": to})).collect();
                json!({"id": format!("q{at}"), "text": "Q?", "ask": ask, "required": required, "branches": branches, "next": next})
            },
        )
    };
    (0..8usize).prop_flat_map(move |count| (0..count).map(question).collect::<Vec<_>>()).prop_map(|questions| {
        let endings = json!([{"id": "e0", "text": "E"}, {"id": "e1", "text": "E"}]);
        serde_json::from_value(json!({"questions": questions, "endings": endings})).unwrap()
    })
}

fn any_json() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        "[abc]",
        "\\PC{0,8}",
        "[a-z]{1,4}@[a-z]{1,4}\\.com",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        "[a-z]{1,4}\\.[a-z]{2}/x"
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (0..11).prop_map(Json::from),
        any::<f64>().prop_map(|number| json!(number)),
        (0..100).prop_map(|tenths| json!(f64::from(tenths) / 10.0)),
        text.prop_map(Json::from),
        "[a-z]{1,3}".prop_map(|words| json!({"other": words})),
        Just(json!(["a", "b", "c"])),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::hash_map("[a-z]{1,5}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

fn given() -> impl Strategy<Value = Given> {
    any_json().prop_map(|json| serde_json::from_value(json).unwrap())
}

fn all_given() -> impl Strategy<Value = Vec<Given>> {
    prop::collection::vec(given(), 8)
}

fn is_clean(survey: &Survey) -> bool {
    let mut problems = Vec::new();
    check(survey, &[], "survey", &mut problems);
    !problems.iter().any(|problem| problem.code == "loop")
}

/// Answers whatever is asked, passing over where `given` does not fit, until the end or a question that must be answered.
fn go(survey: &Survey, given: &[Given]) -> (Vec<String>, Answers, bool) {
    let (mut asked, mut answers) = (Vec::new(), Answers::default());
    loop {
        let Step::Ask(question) = survey.next(&answers) else {
            return (asked, answers, true);
        };
        let id = question.id.as_str();
        let at = asked.len();
        assert!(!asked.iter().any(|seen| seen == id), "{id} is asked twice");
        asked.push(id.to_owned());
        let before = survey.progress(&answers);
        assert!(before.answered == at && before.left >= 1);
        let taken = survey.take(&mut answers, id, &given[at % given.len()]);
        if taken.is_err() && survey.take(&mut answers, id, &Given::Null).is_err() {
            return (asked, answers, false);
        }
        assert!(survey.progress(&answers).left < before.left, "what is left did not fall");
    }
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn a_checked_survey_asks_each_question_once_and_ends(survey in survey(false), given in all_given()) {
        prop_assert!(is_clean(&survey));
        let (asked, answers, ended) = go(&survey, &given);
        prop_assert!(asked.len() <= survey.questions.len());
        prop_assert_eq!(survey.path(&answers).len() + usize::from(!ended), asked.len());
        prop_assert_eq!(survey.progress(&answers).left == 0, ended);
    }

    #[test]
    fn a_survey_without_a_loop_by_its_check_has_none(survey in survey(true), given in all_given()) {
        if is_clean(&survey) {
            go(&survey, &given);
        }
    }

    #[test]
    fn any_survey_ends_for_any_answers(survey in survey(true), given in all_given()) {
        let kept: Vec<_> = given.iter().enumerate().map(|(at, given)| (format!("q{at}"), given)).collect();
        let answers = survey.resume(kept.iter().map(|(id, given)| (id.as_str(), *given)));
        let progress = survey.progress(&answers);
        prop_assert!(progress.answered <= survey.questions.len() && progress.left <= survey.questions.len());
        let scores = survey.scores(&answers).len() + survey.traits(&answers).0.len();
        prop_assert!(scores <= survey.path(&answers).len());
        survey.next(&answers);
    }

    #[test]
    fn an_answer_that_fits_is_kept_as_it_is(ask in prop::sample::select(asks()), given in given(), required: bool) {
        let survey: Survey =
            serde_json::from_value(json!({"questions": [{"id": "q", "text": "Q?", "ask": ask, "required": required}]})).unwrap();
        let question = &survey.questions[0];
        if let Ok(answer) = question.validate(&given) {
            let written = serde_json::to_string(&answer).unwrap();
            prop_assert_eq!(question.validate(&serde_json::from_str(&written).unwrap()), Ok(answer.clone()));
            let mut answers = Answers::default();
            survey.take(&mut answers, "q", &given).unwrap();
            let kept: Vec<(String, Given)> = serde_json::from_value::<serde_json::Map<_, _>>(json!(answers)).unwrap()
                .into_iter().map(|(id, json)| (id, serde_json::from_value(json).unwrap())).collect();
            prop_assert_eq!(survey.resume(kept.iter().map(|(id, given)| (id.as_str(), given))), answers);
            prop_assert!(serde_json::to_vec(&question.props(&answer)).unwrap().len() <= engine::event::MAX_EVENT_BYTES);
            question.words(&answer);
        }
    }

    #[test]
    fn any_text_can_be_taken_apart_and_filled(text in "(\\{\\{|\\}\\}|trait\\.a|answer\\.q|\\|| |ä){0,12}", value in "\\PC{0,200}") {
        let filled = fill(&text, &|_| Some(value.clone()));
        let values = pieces(&text).filter(|piece| matches!(piece, pipe::Piece::Value(..))).count();
        prop_assert!(filled.chars().count() <= text.chars().count() + values * 101);
        if values == 0 {
            prop_assert_eq!(filled, text);
        }
    }

    #[test]
    fn an_order_is_stable_and_holds_each_option_once(seed: u64, count in 1..9usize) {
        let options: Json = (0..count).map(|at| json!({"id": format!("o{at}"), "label": "O", "fixed": at + 1 == count})).collect();
        let ask = json!({"single": {"options": options, "shuffle": true}});
        let survey: Survey = serde_json::from_value(json!({"questions": [{"id": "q", "text": "Q?", "ask": ask}]})).unwrap();
        let mut order = survey.questions[0].order(seed);
        prop_assert_eq!(&order, &survey.questions[0].order(seed));
        prop_assert_eq!(order.last(), Some(&(count - 1)));
        order.sort();
        prop_assert_eq!(order, (0..count).collect::<Vec<_>>());
    }
}

#[test]
fn each_order_is_as_likely_as_another() {
    let options: Json = (0..3).map(|at| json!({"id": format!("o{at}"), "label": "O"})).collect();
    let question = json!({"id": "q", "text": "Q?", "ask": {"single": {"options": options, "shuffle": true}}});
    let survey: Survey = serde_json::from_value(json!({"questions": [question]})).unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for seed in 0..6000 {
        *counts.entry(survey.questions[0].order(seed)).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 6);
    assert!(counts.values().all(|count| (850..1150).contains(count)), "{counts:?}");
}
