//! What a field asks for by name and is not there yet: made right where it is asked for, and chosen there.
//!
//! A form has fields for one such thing at a time, at [`AT`]. They come along with everything else that it sends, so nothing that was
//! typed is lost by what else is pressed meanwhile. What is done with it all is another matter: see `console::made`.

use engine::Problem;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{List, change, read};

/// The place of what is being made.
pub const AT: &str = "new";

/// The field that says what is being made, and for which place.
pub const CARRIED: &str = "making";

/// What its two buttons do.
pub const KEEP: &str = "keep new";
/// The other one.
pub const LEAVE: &str = "leave new";

/// A kind of thing that can be made where it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Makeable {
    /// What fields ask for it by: `page_groups`.
    pub kind: &'static str,
    /// What one of them is called: `page group`.
    pub word: &'static str,
    /// What offers to make one.
    pub offer: &'static str,
    /// What there is to it.
    pub list: &'static List,
    /// The field by which it is asked for.
    pub name: &'static str,
    /// Whether it is chosen from a list, or else typed.
    pub is_chosen: bool,
}

/// One that is being made.
#[derive(Clone, Debug)]
pub struct Making {
    /// What it is.
    pub what: Makeable,
    /// The place that asks for it.
    pub place: String,
    /// It, at [`AT`].
    pub value: Value,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// What a form wants with what is being made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// It was asked for just now.
    Begin,
    /// It is not finished.
    Fill,
    /// It is to be saved, and chosen.
    Keep,
    /// It is not wanted any more.
    Leave,
}

/// What a list is set to that asks for a new one.
pub fn wanted(kind: &str) -> String {
    format!("~new {kind}")
}

/// Reads what is being made from what a form sent.
pub fn making(pairs: &[(String, String)], makes: &[Makeable], zone: &TimeZone) -> Option<(Making, Step)> {
    let get = |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
    let of = |said: &str| {
        let (kind, place) = said.split_once(' ')?;
        let what = makes.iter().find(|one| one.kind == kind)?;
        Some((*what, place.to_owned()))
    };
    let pressed = get("do");
    let carried = of(get(CARRIED));
    let chosen = pairs.iter().find_map(|(name, value)| {
        let what = makes.iter().find(|one| one.is_chosen && *value == wanted(one.kind))?;
        let is_other = carried.as_ref().is_none_or(|(_, place)| place != name);
        is_other.then(|| (*what, name.clone()))
    });
    if let Some((what, place)) = pressed.strip_prefix("make ").and_then(of).or(chosen) {
        let value = json!({ AT: serde_json::from_str::<Value>(what.list.new).unwrap_or_default() });
        return Some((Making { what, place, value, problems: Vec::new() }, Step::Begin));
    }
    let (what, place) = carried?;
    let mut value = json!({ AT: serde_json::from_str::<Value>(what.list.new).unwrap_or_default() });
    read::read(what.list.fields, AT, &read::Filled::whole(pairs, zone), &mut value);
    change::change_at(what.list.fields, AT, pressed, &mut value);
    let is_elsewhere = what.is_chosen && get(&place) != wanted(what.kind);
    let step = match pressed.split_once(' ') {
        _ if is_elsewhere || pressed == LEAVE => Step::Leave,
        _ if pressed == KEEP => Step::Keep,
        // Another thing may stand at its place then.
        Some(("remove" | "up" | "down" | "move" | "copy", at)) if !is_own(at) => Step::Leave,
        _ => Step::Fill,
    };
    Some((Making { what, place, value, problems: Vec::new() }, step))
}

/// What a form sent, without what was sent of the one that was made; nothing is pressed any more where that was of it, or nothing was.
pub fn without(pairs: &mut Vec<(String, String)>) {
    pairs.retain(|(name, _)| name != CARRIED && !is_own(name.split_once(' ').map_or(name.as_str(), |(_, at)| at)));
    let pressed = pairs.iter().find(|(name, _)| name == "do").map_or("", |(_, value)| value.as_str());
    let is_own =
        pressed.split_once(' ').is_none_or(|(verb, at)| matches!(verb, "make" | "keep" | "leave") || is_own(at));
    if is_own {
        pairs.retain(|(name, _)| name != "do");
        pairs.push(("do".to_owned(), "look".to_owned()));
    }
}

/// Whether a place is in what is being made.
pub fn is_own(place: &str) -> bool {
    place.strip_prefix(AT).is_some_and(|rest| rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::form::{Field, Input};

    static LIST: List = List {
        item: "group",
        fields: &[
            Field { at: "key", label: "Name", hint: "", input: Input::Name },
            Field { at: "paths", label: "Paths", hint: "", input: Input::Values("") },
        ],
        new: r#"{"key": "", "paths": []}"#,
        most: 9,
        told: None,
    };
    const GROUP: Makeable =
        Makeable { kind: "groups", word: "group", offer: "New group…", list: &LIST, name: "key", is_chosen: true };

    #[test]
    fn what_is_asked_for_is_made_until_it_is_kept_or_left() {
        let open = [("making", "groups rule[0].group"), ("rule[0].group", "~new groups"), ("new.key", "docs")];
        for (sent, expected) in [
            (&[("rule[0].group", "pricing")][..], None),
            (&[("rule[0].group", "~new groups")], Some((Step::Begin, "rule[0].group", ""))),
            (&[("rule[0].group", "~new others")], None),
            (&[("do", "make groups rule[1].group")], Some((Step::Begin, "rule[1].group", ""))),
            (&open, Some((Step::Fill, "rule[0].group", "docs"))),
            (&[&open[..], &[("do", "add rule")]].concat(), Some((Step::Fill, "rule[0].group", "docs"))),
            (&[&open[..], &[("do", "keep new")]].concat(), Some((Step::Keep, "rule[0].group", "docs"))),
            (&[&open[..], &[("do", "leave new")]].concat(), Some((Step::Leave, "rule[0].group", "docs"))),
            (&[&open[..], &[("do", "up rule[0]")]].concat(), Some((Step::Leave, "rule[0].group", "docs"))),
            (&[&open[..], &[("rule[1].group", "~new groups")]].concat(), Some((Step::Begin, "rule[1].group", ""))),
            (&[open[0], ("rule[0].group", "pricing"), open[2]], Some((Step::Leave, "rule[0].group", "docs"))),
        ] {
            let pairs: Vec<_> = sent.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let found = making(&pairs, &[GROUP], &TimeZone::UTC);
            let found = found.as_ref().map(|(making, step)| {
                (*step, making.place.as_str(), making.value["new"]["key"].as_str().unwrap_or_default())
            });
            assert_eq!(found, expected, "{sent:?}");
        }
    }

    #[test]
    fn nothing_of_it_is_left_for_the_form() {
        for (sent, left) in [
            ("making=a&new.key=b&has new.paths=1&newer=2&do=keep new", "newer=2&do=look"),
            ("a=b", "a=b&do=look"),
            ("a=b&do=add rule", "a=b&do=add rule"),
            ("count new.rule.all=2&do=add new.rule.all", "do=look"),
        ] {
            let mut pairs: Vec<(String, String)> = sent
                .split('&')
                .filter_map(|one| one.split_once('='))
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .collect();
            without(&mut pairs);
            let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(text.join("&"), left, "{sent}");
        }
    }
}
