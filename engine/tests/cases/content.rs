//! What contents are to those who choose and to those who count: `tests/cases/prompt/contents.json`.

use crate::mistakes::known;
use engine::event::Action;
use engine::prompt::{Category, Content, Prompt, Says, check};
use engine::{Span, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    content: Content,
    category: Category,
    /// From when on it would be untrue.
    #[serde(default)]
    ends: Option<Timestamp>,
    /// For how long it usually rests after it was shown.
    #[serde(default)]
    rests: Option<Span>,
    /// The log's own names for what is done with it, where there are any.
    #[serde(default)]
    events: BTreeMap<String, String>,
}

fn cases() -> Vec<Case> {
    crate::file("prompt/contents")
}

/// Every content of every case.
pub fn all() -> Vec<Content> {
    cases().into_iter().map(|case| case.content).collect()
}

#[test]
fn contents_are_what_their_cases_say() {
    let mut mistakes = Vec::new();
    for Case { name, content, category, ends, rests, events } in cases() {
        let mut wrong = |what: String| mistakes.push(format!("{name}: {what}"));
        let written = json!(content);
        if written.as_object().is_none_or(|fields| fields.keys().ne([content.name()])) {
            wrong(format!("its name is not {}", content.name()));
        }
        if serde_json::from_value::<Content>(written.clone()).ok().as_ref() != Some(&content) {
            wrong("does not survive writing and reading".into());
        }
        let prompt: Value = json!({"key": "p", "placement": "modal", "content": written});
        let problems = check(&serde_json::from_value::<Prompt>(prompt).unwrap(), &known());
        if !problems.is_empty() {
            wrong(format!("{problems:?}"));
        }
        if (content.category(), content.ends()) != (category, ends) {
            wrong(format!("{:?}, {:?}", content.category(), content.ends()));
        }
        if content.usual_gap() != rests.unwrap_or_default() {
            wrong(format!("rests {}", content.usual_gap()));
        }
        let named = |action: Action| Some((action.as_str().to_owned(), content.event_name(action)?.to_owned()));
        let named: BTreeMap<String, String> = Action::ALL.into_iter().filter_map(named).collect();
        if named != events {
            wrong(format!("{named:?}"));
        }
    }
    crate::report(mistakes);
}
