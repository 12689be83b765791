//! What differs between two drafts, place by place, as people can read it.

use serde_json::Value;

/// Place, before, after; an empty text for what is not there.
pub type Change = (String, String, String);

/// All places whose values differ.
pub fn difference(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", Some(before), Some(after), &mut changes);
    changes
}

fn compare(place: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                compare(&place, one.get(name), other.get(name), changes);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            for at in 0..one.len().max(other.len()) {
                compare(&format!("{place}[{at}]"), one.get(at), other.get(at), changes);
            }
        }
        _ => changes.push((place.to_owned(), said(before), said(after))),
    }
}

fn said(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_place_that_differs_is_told() {
        let before = json!({ "a": 1, "b": { "c": "x", "d": [1, 2] }, "e": true });
        let after = json!({ "a": 1, "b": { "c": "y", "d": [1, 2, 3] }, "f": "new" });
        let told = difference(&before, &after);
        let expected = [("b.c", "x", "y"), ("b.d[2]", "", "3"), ("e", "true", ""), ("f", "", "new")];
        assert_eq!(told, expected.map(|(place, one, other)| (place.to_owned(), one.to_owned(), other.to_owned())));
        assert_eq!(difference(&after, &after), []);
    }
}
