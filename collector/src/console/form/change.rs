//! What buttons and dragging do to lists: one more, one less, one up, one down, one elsewhere, one twice.

use serde_json::Value;

use super::place::{get, get_mut};
use super::read::tag_of;
use super::{Field, Input, List};
use crate::console::form::place::{join, put};

/// Does what is asked for, such as `add content.survey.questions` or `up content.survey.questions[2]`, if there is such a list.
pub fn change(fields: &[Field], what: &str, value: &mut Value) {
    change_at(fields, "", what, value);
}

/// The same with fields that are relative to a place.
pub fn change_at(fields: &[Field], around: &str, what: &str, value: &mut Value) {
    let Some((verb, place)) = what.split_once(' ') else { return };
    if verb == "add" {
        if let Some(list) = list_at(fields, around, place, value) {
            add(list, place, value);
        }
        return;
    }
    // `move content.survey.questions[2] 0`: what is dragged.
    let (place, to) = place.split_once(' ').unwrap_or((place, ""));
    let Some((within, number)) = place.strip_suffix(']').and_then(|place| place.rsplit_once('[')) else { return };
    let (Some(list), Ok(at)) = (list_at(fields, around, within, value), number.parse::<usize>()) else { return };
    let Some(items) = get_mut(value, within).and_then(Value::as_array_mut) else { return };
    if at >= items.len() {
        return;
    }
    match verb {
        "remove" => drop(items.remove(at)),
        "up" if at > 0 => items.swap(at, at - 1),
        "down" if at + 1 < items.len() => items.swap(at, at + 1),
        "move" => {
            if let Some(to) = to.parse::<usize>().ok().filter(|to| *to < items.len()) {
                let one = items.remove(at);
                items.insert(to, one);
            }
        }
        "copy" if items.len() < list.most => {
            let mut copy = items[at].clone();
            rename(items, &mut copy);
            items.insert(at + 1, copy);
        }
        _ => {}
    }
}

fn add(list: &List, place: &str, value: &mut Value) {
    if get(value, place).is_none_or(|items| !items.is_array()) {
        put(value, place, Value::Array(Vec::new()));
    }
    let Some(items) = get_mut(value, place).and_then(Value::as_array_mut) else { return };
    if items.len() < list.most {
        let mut new = serde_json::from_str(list.new).unwrap_or_default();
        rename(items, &mut new);
        items.push(new);
    }
}

/// Gives what has a name among its kind one that is free.
fn rename(items: &[Value], new: &mut Value) {
    let Some(id) = new.get("id").and_then(Value::as_str) else { return };
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').to_owned();
    let is_taken = |id: &str| items.iter().any(|item| item.get("id").and_then(Value::as_str) == Some(id));
    let free = (items.len() + 1..).map(|number| format!("{stem}_{number}")).find(|id| !is_taken(id));
    if let (true, Some(free)) = (is_taken(id), free) {
        new["id"] = Value::String(free);
    }
}

/// The list that stands at a place, going by the fields that lead there.
fn list_at(fields: &[Field], around: &str, wanted: &str, value: &Value) -> Option<&'static List> {
    fields.iter().find_map(|field| {
        let place = join(around, field.at);
        if !wanted.starts_with(&place) {
            return None;
        }
        match &field.input {
            Input::List(list) if place == wanted => Some(*list),
            Input::List(list) => {
                let rest = wanted[place.len()..].strip_prefix('[')?;
                let (number, _) = rest.split_once(']')?;
                list_at(list.fields, &format!("{place}[{number}]"), wanted, value)
            }
            Input::Shape(shape) => {
                let tag = tag_of(value, &place)?;
                let kind = shape.kinds.iter().find(|kind| kind.tag == tag)?;
                list_at(kind.fields, &join(&place, &tag), wanted, value)
            }
            Input::Group(group) => list_at(group.fields, &place, wanted, value),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    static LINES: List = List { item: "line", fields: &[], new: r#"{"id": "a"}"#, most: 4, told: None };
    static FIELDS: [Field; 1] = [Field { at: "lines", label: "", hint: "", input: Input::List(&LINES) }];

    #[test]
    fn a_list_does_what_is_asked_for_and_nothing_else() {
        for (what, expected) in [
            ("add lines", json!(["a", "b", "c", "a_4"])),
            ("remove lines[0]", json!(["b", "c"])),
            ("up lines[0]", json!(["a", "b", "c"])),
            ("up lines[2]", json!(["a", "c", "b"])),
            ("down lines[2]", json!(["a", "b", "c"])),
            ("down lines[0]", json!(["b", "a", "c"])),
            ("move lines[0] 2", json!(["b", "c", "a"])),
            ("move lines[2] 0", json!(["c", "a", "b"])),
            ("move lines[0] 9", json!(["a", "b", "c"])),
            ("copy lines[1]", json!(["a", "b", "b_4", "c"])),
            ("remove lines[7]", json!(["a", "b", "c"])),
            ("add others", json!(["a", "b", "c"])),
            ("", json!(["a", "b", "c"])),
            ("remove lines", json!(["a", "b", "c"])),
        ] {
            let mut value = json!({ "lines": [{ "id": "a" }, { "id": "b" }, { "id": "c" }] });
            change(&FIELDS, what, &mut value);
            let ids: Vec<&Value> = value["lines"].as_array().unwrap().iter().map(|line| &line["id"]).collect();
            assert_eq!(json!(ids), expected, "{what}");
        }
    }
}
