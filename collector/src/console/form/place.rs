//! Places in JSON, as problems and fields name them: `content.survey.questions[2].text`.

use serde_json::{Map, Value};

/// A place inside another one.
pub fn join(around: &str, at: &str) -> String {
    match (around.is_empty(), at.is_empty()) {
        (_, true) => around.to_owned(),
        (true, _) => at.to_owned(),
        // A member of a list.
        _ if at.starts_with('[') => format!("{around}{at}"),
        _ => format!("{around}.{at}"),
    }
}

/// One step of a place.
enum Step<'a> {
    Name(&'a str),
    Number(usize),
}

fn steps(place: &str) -> impl Iterator<Item = Step<'_>> {
    place.split(['.', '[']).filter(|part| !part.is_empty()).map(|part| match part.strip_suffix(']') {
        Some(number) => Step::Number(number.parse().unwrap_or(usize::MAX)),
        None => Step::Name(part),
    })
}

/// What is there.
pub fn get<'v>(value: &'v Value, place: &str) -> Option<&'v Value> {
    steps(place).try_fold(value, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Number(number) => value.get(number),
    })
}

/// The same, to be changed.
pub fn get_mut<'v>(value: &'v mut Value, place: &str) -> Option<&'v mut Value> {
    steps(place).try_fold(value, |value, step| match step {
        Step::Name(name) => value.get_mut(name),
        Step::Number(number) => value.get_mut(number),
    })
}

/// Puts something there, with all that has to be around it. A list gets no longer by this: a place behind its end is no place.
pub fn put(value: &mut Value, place: &str, new: Value) {
    let mut here = value;
    for step in steps(place) {
        let next = match step {
            Step::Name(name) => {
                if !here.is_object() {
                    *here = Value::Object(Map::new());
                }
                here.as_object_mut().map(|object| object.entry(name).or_insert(Value::Null))
            }
            Step::Number(number) => here.get_mut(number),
        };
        let Some(next) = next else { return };
        here = next;
    }
    *here = new;
}

/// Takes away what is there. What is around it stays, though it may be empty then.
pub fn take(value: &mut Value, place: &str) -> Option<Value> {
    let (around, last) = match place.rsplit_once('.') {
        Some((around, last)) if !last.contains('[') => (around, last),
        _ if place.ends_with(']') => {
            let (around, number) = place.strip_suffix(']')?.rsplit_once('[')?;
            let list = get_mut(value, around)?.as_array_mut()?;
            let number: usize = number.parse().ok()?;
            return (number < list.len()).then(|| list.remove(number));
        }
        _ => ("", place),
    };
    get_mut(value, around)?.as_object_mut()?.remove(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_is_found_filled_and_emptied() {
        let mut value = json!({ "content": { "survey": { "questions": [{ "text": "a" }, { "text": "b" }] } } });
        assert_eq!(get(&value, "content.survey.questions[1].text"), Some(&json!("b")));
        assert_eq!(get(&value, "content.survey.questions[2].text"), None);
        put(&mut value, "content.survey.questions[1].ask.csat.low", json!("bad"));
        assert_eq!(get(&value, "content.survey.questions[1].ask.csat"), Some(&json!({ "low": "bad" })));
        put(&mut value, "content.survey.questions[7].text", json!("nowhere"));
        assert_eq!(get(&value, "content.survey.questions").unwrap().as_array().unwrap().len(), 2);
        assert_eq!(take(&mut value, "content.survey.questions[0]"), Some(json!({ "text": "a" })));
        assert_eq!(take(&mut value, "content.survey.questions[9]"), None);
        assert_eq!(take(&mut value, "content.survey.questions[0].text"), Some(json!("b")));
        assert_eq!(
            take(&mut value, "content"),
            Some(json!({ "survey": { "questions": [{ "ask": { "csat": { "low": "bad" } } }] } }))
        );
        assert_eq!(join("a", "b[0]"), "a.b[0]");
        assert_eq!(join("", "b"), "b");
        assert_eq!(join("a", ""), "a");
    }
}
