//! Events that a journey waits for and that have never arrived: nobody moves by them.

use std::collections::BTreeSet;

use engine::event::is_reserved;
use engine::journey::Journey;
use engine::rule::Condition;
use serde_json::Value;

/// The events of these conditions that are not among those that have arrived, each once.
pub fn missing<'a>(conditions: impl IntoIterator<Item = &'a Condition>, arrived: &[String]) -> Vec<&'a str> {
    let mut names = BTreeSet::new();
    for condition in conditions {
        condition.each_leaf(&mut |leaf| match leaf {
            Condition::Event(event) => drop(names.insert(event.name.as_str())),
            Condition::Absent(absent) => drop(names.insert(absent.name.as_str())),
            _ => {}
        });
    }
    let has_arrived = |name: &&str| is_reserved(name) || arrived.iter().any(|one| one == name);
    names.into_iter().filter(|name| !name.is_empty() && !has_arrived(name)).collect()
}

/// Whether a condition waits for events that have never arrived, whatever else happens. What is not about events may hold.
pub fn never_holds(condition: &Condition, arrived: &[String]) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().any(|part| never_holds(part, arrived)),
        Condition::Any(parts) => !parts.is_empty() && parts.iter().all(|part| never_holds(part, arrived)),
        Condition::Event(_) => !missing([condition], arrived).is_empty(),
        _ => false,
    }
}

/// Those that have arrived and that the journey does not use.
pub fn unused<'a>(journey: &Journey, arrived: &'a [String]) -> Vec<&'a str> {
    let mut used = BTreeSet::new();
    for condition in journey.conditions() {
        condition.each_leaf(&mut |leaf| match leaf {
            Condition::Event(event) => drop(used.insert(event.name.clone())),
            Condition::Absent(absent) => drop(used.insert(absent.name.clone())),
            _ => {}
        });
    }
    let is_free = |name: &&str| !is_reserved(name) && !name.starts_with("Prompt ") && !used.contains(*name);
    arrived.iter().map(String::as_str).filter(is_free).collect()
}

/// Puts another event in the place of one, wherever a draft waits for it.
pub fn map(body: &mut Value, from: &str, to: &str) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_of_event = name == "event" || name == "absent";
                if let Some(Value::String(event)) = value.get_mut("name").filter(|_| is_of_event)
                    && event == from
                {
                    *event = to.to_owned();
                }
                map(value, from, to);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| map(item, from, to)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn another_event_takes_the_place_of_one_wherever_it_is_waited_for() {
        let mut body = json!({ "name": "Old", "transitions": [
            { "when": { "any": [{ "event": { "name": "Old", "count": 2 } }, { "absent": { "name": "Old", "for": "7d" } }] } },
            { "when": { "event": { "name": "Other" } } }
        ] });
        map(&mut body, "Old", "New");
        let expected = json!({ "name": "Old", "transitions": [
            { "when": { "any": [{ "event": { "name": "New", "count": 2 } }, { "absent": { "name": "New", "for": "7d" } }] } },
            { "when": { "event": { "name": "Other" } } }
        ] });
        assert_eq!(body, expected);
    }

    #[test]
    fn what_never_arrived_is_missing() {
        let when = json!({ "all": [{ "event": { "name": "Came" } }, { "not": { "absent": { "name": "Never", "for": "7d" } } },
            { "event": { "name": "Page Viewed" } }, { "path": "/" }] });
        let when: Condition = serde_json::from_value(when).unwrap();
        assert_eq!(missing([&when], &["Came".to_owned()]), ["Never"]);
    }

    #[test]
    fn a_condition_with_another_way_to_hold_is_not_lost() {
        let (came, never) = (json!({ "event": { "name": "Came" } }), json!({ "event": { "name": "Never" } }));
        for (when, is_lost) in [
            (never.clone(), true),
            (came.clone(), false),
            (json!({ "all": [came, never] }), true),
            (json!({ "any": [came, never] }), false),
            (json!({ "any": [never, never] }), true),
            (json!({ "not": never }), false),
            (json!({ "absent": { "name": "Never", "for": "7d" } }), false),
        ] {
            let condition: Condition = serde_json::from_value(when.clone()).unwrap();
            assert_eq!(never_holds(&condition, &["Came".to_owned()]), is_lost, "{when}");
        }
    }
}
