//! What differs between two versions of a prompt, in the words of its editor.

use engine::rule::{Condition, words};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::edit::prompt_of;
use super::parts::PARTS;
use crate::console::form::draw::{is_within, labels};
use crate::console::form::place::get;
use crate::prompts::difference::{Change, difference};

/// Where, before, after. What is meant where nothing is said is no difference to saying it.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let (before, after) = (spelled_out(before), spelled_out(after));
    let mut told: Vec<Change> = Vec::new();
    for (place, one, other) in difference(&before, &after) {
        if !is_within(&place, "rule") {
            told.push((named(&place, &before, &after), one, other));
        } else if !told.iter().any(|(place, ..)| place == "Audience") {
            told.push(("Audience".to_owned(), rule(&before), rule(&after)));
        }
    }
    told
}

/// Whether a draft says something else than what was published.
pub fn is_changed(published: Option<&Value>, draft: &Value) -> bool {
    published.is_none_or(|published| spelled_out(published) != spelled_out(draft))
}

/// A draft with all that is meant where it says nothing, if it is a whole prompt.
fn spelled_out(body: &Value) -> Value {
    prompt_of(body).and_then(|prompt| serde_json::to_value(prompt).ok()).unwrap_or_else(|| body.clone())
}

fn rule(body: &Value) -> String {
    match Condition::deserialize(&body["rule"]) {
        Ok(rule) => Some(words(&rule)).filter(|all| !all.is_empty()).unwrap_or_else(|| "everybody".to_owned()),
        Err(_) => "not whole yet".to_owned(),
    }
}

/// The part of the editor and the field in it; what no field stands for goes by the name that files have for it.
fn named(place: &str, before: &Value, after: &Value) -> String {
    let own = |value: &Value| {
        PARTS.iter().find_map(|part| {
            let labels = labels(part.fields, value);
            let (at, label) =
                labels.into_iter().filter(|(at, _)| is_within(place, at)).max_by_key(|(at, _)| at.len())?;
            get(value, &at).map(|_| format!("{} · {label}", part.word))
        })
    };
    own(after).or_else(|| own(before)).unwrap_or_else(|| place.replace('_', " "))
}

/// The differences as a table.
pub fn table(changes: &[Change]) -> Markup {
    html! {
        table.list.changes {
            thead { tr { th { "What" } th { "Before" } th { "From now on" } } }
            tbody { @for (place, before, after) in changes {
                tr { td { (place) } td data-label="before" { @if before.is_empty() { "–" } @else { del { (before) } } } td data-label="now" { @if after.is_empty() { "–" } @else { ins { (after) } } } }
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn changes_are_told_in_the_words_of_the_editor() {
        let before = json!({ "key": "nps", "placement": "modal", "content": { "nps": { "question": "How likely?" } }, "rule": { "path": "/pricing" } });
        let changed = |place: &str, value: Value| {
            let mut after = before.clone();
            crate::console::form::place::put(&mut after, place, value);
            changes(&before, &after)
        };
        for (at, value, (place, one, other)) in [
            ("name", json!("Shop NPS"), ("Content · Name", "", "Shop NPS")),
            ("content.nps.question", json!("How?"), ("Content · Question", "How likely?", "How?")),
            ("rule", json!({ "path": "/docs" }), ("Audience", "the page is /pricing", "the page is /docs")),
            ("priority", json!(7), ("Frequency · Priority", "0", "7")),
        ] {
            assert_eq!(changed(at, value), [(place.to_owned(), one.to_owned(), other.to_owned())]);
        }
        assert_eq!(changed("frequency", json!({ "per_session": 1 })), [], "what is meant anyway");
    }
}
