//! The cases in a browser: what a page calls. It hands the files in first, then runs the tests by their names; and it asks rules that
//! nobody has written down.

use crate::facts::{Given, NOW};
use crate::{choose, content, experiment, frequency, journey, mistakes, rules, score, survey, why};
use engine::rule::{Condition, Explanation, Truth, eval, holds};
use serde::Deserialize;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// What the widget matches with.
pub use inside::matches;

thread_local! {
    static FILES: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Every test of cases, by its name. What looks at the cases themselves, such as whether each code has one, is done natively.
const TESTS: &[(&str, fn())] = &[
    ("choose::one_prompt_wins_as_its_cases_say", choose::one_prompt_wins_as_its_cases_say),
    ("content::contents_are_what_their_cases_say", content::contents_are_what_their_cases_say),
    ("content::texts_say_of_the_person_what_their_cases_say", content::texts_say_of_the_person_what_their_cases_say),
    ("experiment::lots_fall_as_their_cases_say", experiment::lots_fall_as_their_cases_say),
    ("frequency::caps_and_cooldowns_hold_as_their_cases_say", frequency::caps_and_cooldowns_hold_as_their_cases_say),
    ("frequency::the_last_times_are_kept_and_all_are_counted", frequency::the_last_times_are_kept_and_all_are_counted),
    ("journey::journeys_move_as_their_cases_say", journey::journeys_move_as_their_cases_say),
    ("mistakes::mistakes_are_found_as_their_cases_say", mistakes::mistakes_are_found_as_their_cases_say),
    ("rules::rules_hold_as_their_cases_say", rules::rules_hold_as_their_cases_say),
    ("rules::a_case_that_expects_the_wrong_thing_is_found", rules::a_case_that_expects_the_wrong_thing_is_found),
    ("score::changes_are_told_from_chance_as_their_cases_say", score::changes_are_told_from_chance_as_their_cases_say),
    ("score::lifts_and_lots_come_to_what_their_cases_say", score::lifts_and_lots_come_to_what_their_cases_say),
    ("score::scores_come_to_what_their_cases_say", score::scores_come_to_what_their_cases_say),
    (
        "survey::answers_are_taken_or_refused_as_their_cases_say",
        survey::answers_are_taken_or_refused_as_their_cases_say,
    ),
    ("survey::surveys_go_where_their_cases_say", survey::surveys_go_where_their_cases_say),
    ("survey::texts_hold_what_is_known", survey::texts_hold_what_is_known),
    ("survey::mistakes_are_found_where_they_are", survey::mistakes_are_found_where_they_are),
    ("survey::bounds_that_json_cannot_write_are_found_too", survey::bounds_that_json_cannot_write_are_found_too),
    ("survey::a_link_answers_the_first_question_or_nothing", survey::a_link_answers_the_first_question_or_nothing),
    ("why::each_moment_is_said_as_its_case_says", why::each_moment_is_said_as_its_case_says),
    ("why::how_far_a_moment_is_ends_in_a_length_of_time", why::how_far_a_moment_is_ends_in_a_length_of_time),
    ("why::what_is_left_of_caps_is_said_as_its_case_says", why::what_is_left_of_caps_is_said_as_its_case_says),
];

/// Hands in a file of cases, by its name without the ending.
#[wasm_bindgen]
pub fn hand_in(name: &str, text: &str) {
    FILES.with_borrow_mut(|files| files.insert(name.to_owned(), text.to_owned()));
}

/// The names of the tests.
#[wasm_bindgen]
pub fn tests() -> Vec<String> {
    TESTS.iter().map(|(name, _)| (*name).to_owned()).collect()
}

/// Runs a test; throws what is wrong.
#[wasm_bindgen]
pub fn run(name: &str) {
    match TESTS.iter().find(|(known, _)| *known == name) {
        Some((_, test)) => test(),
        None => fail("there is no such test"),
    }
}

/// Rules, and what is known, as a preview has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    rules: Vec<Condition>,
    facts: Given,
}

/// What each rule of a batch comes to, as a preview says it.
#[wasm_bindgen]
pub fn ask(body: &str) -> String {
    let Asked { rules, facts } = serde_json::from_str(body).unwrap_or_else(|error| fail(&format!("{error}: {body}")));
    let scene = facts.scene(&rules);
    let answer = |rule: &Condition| {
        let (_, explanation) = eval::<Explanation, _>(rule, &scene.ask(NOW));
        let answer = holds(rule, &scene.ask(NOW));
        let holds = match answer.truth {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "unknown",
        };
        let lines: Vec<String> =
            explanation.lines(&engine::rule::Names::default()).iter().map(ToString::to_string).collect();
        json!({ "holds": holds, "until": answer.until, "lines": lines })
    };
    rules.iter().map(answer).collect::<Value>().to_string()
}

/// The names of all files of one kind.
pub fn names(kind: &str) -> Vec<String> {
    let is_of = |name: &&String| name.rsplit_once('/').is_some_and(|(folder, _)| folder == kind);
    FILES.with_borrow(|files| files.keys().filter(is_of).cloned().collect())
}

/// A file.
pub fn text(name: &str) -> String {
    let found = FILES.with_borrow(|files| files.get(name).cloned());
    found.unwrap_or_else(|| fail(&format!("{name} was not handed in")))
}

/// Ends the test.
pub fn fail(why: &str) -> ! {
    wasm_bindgen::throw_str(why)
}
