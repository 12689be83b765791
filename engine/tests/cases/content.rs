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

#[cfg_attr(test, test)]
pub fn contents_are_what_their_cases_say() {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    name: String,
    content: Content,
    traits: BTreeMap<String, String>,
    expect: Content,
}

#[cfg_attr(test, test)]
pub fn texts_say_of_the_person_what_their_cases_say() {
    let mut mistakes = Vec::new();
    for Said { name, mut content, traits, expect } in crate::file::<Vec<Said>>("prompt/texts") {
        content.fill(&|name| traits.get(name).cloned());
        if content != expect {
            mistakes.push(format!("{name}: {}", json!(content)));
        }
    }
    crate::report(mistakes);
}

/// What is no text that people read, by the fields that hold it.
const NO_TEXTS: &[&str] =
    &["at", "file", "id", "milestone", "param", "purpose", "to", "url", "vimeo", "wish", "youtube"];

/// The fields of the texts that do not say `with`.
fn without(value: &Value, field: &str, with: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.is_empty() && text != with => found.push(field.to_owned()),
        Value::Array(list) => list.iter().for_each(|one| without(one, field, with, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, one)| without(one, name, with, found)),
        _ => {}
    }
}

#[cfg_attr(test, test)]
pub fn each_text_is_filled_and_checked() {
    const VALUE: &str = "{{trait.salary | x}}";
    let mut mistakes = Vec::new();
    for mut content in all().into_iter().filter(|content| !matches!(content, Content::Survey(_))) {
        let mut count = 0;
        content.each_text(&mut |text| {
            // Empty ones are left out when it is written.
            count += usize::from(!text.is_empty());
            if !text.is_empty() {
                VALUE.clone_into(text);
            }
        });
        let written = json!(content);
        let mut found = Vec::new();
        without(&written, "", VALUE, &mut found);
        found.retain(|field| !NO_TEXTS.contains(&field.as_str()));
        if !found.is_empty() {
            mistakes.push(format!("{}: {found:?} are not filled", content.name()));
        }
        let prompt = json!({ "key": "p", "placement": "modal", "content": written });
        let problems = check(&serde_json::from_value::<Prompt>(prompt).unwrap(), &known());
        let private = problems.iter().filter(|problem| problem.code == "private_trait").count();
        if private != count {
            mistakes.push(format!("{}: of {count} texts {private} are checked", content.name()));
        }
        if let Content::Nps(nps) = &content
            && !nps.says_something_of_the_person()
        {
            mistakes.push("the widget would paint this one itself".to_owned());
        }
    }
    crate::report(mistakes);
}
