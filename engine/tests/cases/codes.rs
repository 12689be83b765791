//! Codes of mistakes are for programs, so they stay: each stands in the list here, has a case, and is in the sources; no other is.

use crate::{mistakes, survey};
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PROMPT: &[&str] = &[
    "asks_for_votes",
    "broken_value",
    "contrast",
    "countdown_without_end",
    "coverage_range",
    "delay_range",
    "dwell_range",
    "empty",
    "field_count",
    "goal_range",
    "holdout_range",
    "hours_empty",
    "inactivity_range",
    "language_count",
    "language_tag",
    "link_count",
    "mandatory_holdout",
    "missing_button",
    "name_empty",
    "name_too_long",
    "never_shown",
    "no_fallback",
    "no_offer",
    "not_earlier",
    "pages_range",
    "plan_count",
    "point_count",
    "private_trait",
    "radius_range",
    "reason_missing",
    "repeat_count",
    "repeat_range",
    "rewards_review",
    "schedule_order",
    "score_gated_review",
    "scroll_range",
    "selector_empty",
    "selector_too_long",
    "share_count",
    "size_range",
    "step_count",
    "task_count",
    "teaser_label",
    "time_on_site_range",
    "too_long",
    "twice",
    "unknown_milestone",
    "unsafe_link",
    "variant_category",
    "variant_twice",
    "weekdays_empty",
    "weights_zero",
    "width_range",
    "window_count",
    "window_span",
    "wrong_color",
    "wrong_font",
    "wrong_id",
];

const SURVEY: &[&str] = &[
    "broken_value",
    "duplicate_id",
    "empty",
    "empty_range",
    "loop",
    "no_effect",
    "no_fallback",
    "no_questions",
    "not_earlier",
    "not_finite",
    "option_count",
    "points",
    "prefilled_consent",
    "private_trait",
    "reserved_id",
    "score_gated_review",
    "step",
    "test_kind",
    "too_deep",
    "too_long",
    "too_many_branches",
    "too_many_questions",
    "trait_name",
    "unknown_band",
    "unknown_option",
    "unknown_question",
    "unknown_target",
    "unreachable",
    "unsafe_link",
    "unsafe_redirect",
];

const RULE: &[&str] = &[
    "age_not_here",
    "count_range",
    "country_code",
    "empty",
    "empty_any",
    "empty_list",
    "internal",
    "journey_missing",
    "journey_not_allowed",
    "journey_only",
    "js_path",
    "not_a_number",
    "not_in_journeys",
    "not_over_window",
    "number_expected",
    "page_not_known_here",
    "pattern_back_reference",
    "pattern_count",
    "pattern_empty",
    "pattern_escape",
    "pattern_flags",
    "pattern_look_around",
    "pattern_named_group",
    "pattern_nested_repeat",
    "pattern_syntax",
    "pattern_too_costly",
    "pattern_too_long",
    "pattern_unclosed",
    "range",
    "too_deep",
    "unknown_channel",
    "unknown_journey",
    "unknown_milestone",
    "unknown_page_group",
    "unknown_prompt",
    "unknown_segment",
    "unknown_stage",
    "window_range",
];

/// Codes that nothing written as JSON can have, since it has no such numbers: they have tests of their own.
const BEYOND_JSON: &[&str] = &["not_a_number", "not_finite"];

/// Words with `_` in the same sources that are no codes but names of fields.
const FIELDS: &[&str] = &["offer_anyway"];

/// Which sources report which codes, and which cases expect them.
const CHECKS: [(&str, &[&str], &[&str]); 3] = [
    ("prompt", PROMPT, &["src/prompt/advice.rs", "src/prompt/check.rs", "src/prompt/check", "src/pipe.rs"]),
    ("survey", SURVEY, &["src/survey/check", "src/pipe.rs"]),
    ("rule", RULE, &["src/rule/check", "src/rule/pattern/syntax.rs"]),
];

fn expected(check: &str) -> BTreeSet<String> {
    match check {
        "prompt" => mistakes::codes("prompt/check").collect(),
        "survey" => survey::codes().collect(),
        _ => mistakes::codes("rules/check").collect(),
    }
}

/// The text of a file, or of all files of a folder, without their tests.
fn sources(paths: &[&str]) -> String {
    let mut open: Vec<_> = paths.iter().map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).collect();
    let mut text = String::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let file = fs::read_to_string(path).unwrap();
            text.push_str(file.split("#[cfg(test)]").next().unwrap());
        }
    }
    text
}

/// The codes that a source reports: small words before a sentence, and those that begin as families of codes do.
fn reported(source: &str) -> BTreeSet<String> {
    let before_sentence =
        Regex::new(r#""([a-z][a-z_]*)",[ \n]*(?:&?message(?-u:\b)|&?format!|"(?:[A-Z{]|\\"))"#).unwrap();
    let family = Regex::new(r#""((?:unknown|pattern)_[a-z_]+)""#).unwrap();
    let found = before_sentence.captures_iter(source).chain(family.captures_iter(source));
    found.map(|found| found[1].to_owned()).collect()
}

/// Words that look like codes, however they are reported.
fn looks_like_codes(source: &str) -> BTreeSet<String> {
    let word = Regex::new(r#""([a-z]+(?:_[a-z]+)+)""#).unwrap();
    word.captures_iter(source).map(|found| found[1].to_owned()).collect()
}

fn differences(what: &str, found: &BTreeSet<String>, list: &[&str]) -> Vec<String> {
    let list: BTreeSet<String> = list.iter().map(|code| (*code).to_owned()).collect();
    let only = |here: &BTreeSet<String>, there: &BTreeSet<String>, says: &str| -> Vec<String> {
        here.difference(there).map(|code| format!("{code}: {what}: {says}")).collect()
    };
    [only(found, &list, "not in the list"), only(&list, found, "only in the list")].concat()
}

#[test]
fn a_code_is_found_however_it_is_reported() {
    let source = r#"
        report("at", "one", "A sentence.");
        self.report(&place, "two", message);
        Problem::new(at, "three", format!("{x}"));
        let (code, message) = ("four", "\"Quoted\".");
        self.exists(key, at, "unknown_five", "page group");
        report("field".into(), "six",
            "Far below.");
        for (name, label) in [("low", &low), ("high", &high)] {}
        seven("eight_nine", 10);
    "#;
    assert_eq!(reported(source), ["four", "one", "six", "three", "two", "unknown_five"].map(String::from).into());
    assert_eq!(looks_like_codes(source), ["eight_nine", "unknown_five"].map(String::from).into());
}

#[test]
fn every_code_has_a_case_and_stays() {
    let mut mistakes = Vec::new();
    for (check, codes, paths) in CHECKS {
        let source = sources(paths);
        mistakes.extend(differences(&format!("sources of the {check} check"), &reported(&source), codes));
        let strange: BTreeSet<String> = looks_like_codes(&source)
            .into_iter()
            .filter(|word| !codes.contains(&&**word) && !FIELDS.contains(&&**word))
            .collect();
        mistakes.extend(strange.into_iter().map(|word| format!("{word}: neither a code nor a field")));
        let cases = expected(check);
        let without = codes.iter().filter(|code| !cases.contains(**code) && !BEYOND_JSON.contains(code));
        mistakes.extend(without.map(|code| format!("no case of the {check}'s mistake \"{code}\"")));
    }
    let of_all: BTreeSet<&str> = CHECKS.into_iter().flat_map(|(_, codes, _)| codes).copied().collect();
    for (check, ..) in CHECKS {
        let strange = expected(check).into_iter().filter(|code| !of_all.contains(&**code));
        mistakes.extend(strange.map(|code| format!("{code}: a case expects what nothing reports")));
    }
    crate::report(mistakes);
}
