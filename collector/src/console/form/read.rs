//! What somebody has filled in, put where it belongs.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::making::wanted;
use super::place::{get, join, put, take};
use super::{Field, Input, length};

/// What a form sent: names with values, of which a name may have several.
#[derive(Debug)]
pub struct Filled<'a> {
    pairs: &'a [(String, String)],
    zone: &'a TimeZone,
    is_whole: bool,
}

impl<'a> Filled<'a> {
    /// Pairs as they came; instants are read on these clocks.
    pub fn new(pairs: &'a [(String, String)], zone: &'a TimeZone) -> Self {
        Self { pairs, zone, is_whole: false }
    }

    /// The same for a form that says how long each list is: what it has not is taken away, what it has more is added.
    pub fn whole(pairs: &'a [(String, String)], zone: &'a TimeZone) -> Self {
        Self { pairs, zone, is_whole: true }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.pairs.iter().find(|(one, _)| one == name).map(|(_, value)| value.trim())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// Reads fields into `value`, those that the form had; `around` is the place that they are relative to.
pub fn read(fields: &[Field], around: &str, filled: &Filled<'_>, value: &mut Value) {
    for field in fields {
        one(&field.input, &join(around, field.at), filled, value);
    }
}

fn one(input: &Input, place: &str, filled: &Filled<'_>, value: &mut Value) {
    match input {
        Input::List(list) => {
            if filled.is_whole {
                resize(list, place, filled, value);
            }
            let count = get(value, place).and_then(Value::as_array).map_or(0, Vec::len);
            for at in 0..count {
                read(list.fields, &format!("{place}[{at}]"), filled, value);
            }
        }
        Input::Shape(shape) => {
            if let Some(tag) = filled.get(place) {
                set_tag(shape, place, tag, value);
            }
            let tag = tag_of(value, place);
            if let Some(kind) = shape.kinds.iter().find(|kind| tag.as_deref() == Some(kind.tag)) {
                read(kind.fields, &join(place, kind.tag), filled, value);
                // What was emptied is still of its kind.
                if tag_of(value, place).is_none() {
                    put(value, &join(place, kind.tag), json!(""));
                }
            }
        }
        Input::Group(group) => {
            // A box that is not ticked is not sent; that the form had one, a hidden field says.
            if filled.get(&has(place)).is_none() {
                return;
            }
            match (filled.get(place).is_some(), get(value, place).is_some()) {
                (false, _) => drop(take(value, place)),
                (true, false) => put(value, place, serde_json::from_str(group.new).unwrap_or_default()),
                (true, true) => {}
            }
            if get(value, place).is_some() {
                read(group.fields, place, filled, value);
            }
        }
        Input::Flag => {
            if filled.get(&has(place)).is_some() {
                set(value, place, filled.get(place).map(|_| json!(true)));
            }
        }
        Input::Several(_) => {
            if filled.get(&has(place)).is_some() {
                // None of them is something else than what is meant where nothing is said.
                let all: Vec<&str> = filled.all(place).collect();
                put(value, place, json!(all));
            }
        }
        Input::Values(_) | Input::Scalars => {
            if filled.get(&has(place)).is_some() {
                let texts = filled.all(place).map(str::trim).filter(|text| !text.is_empty());
                let all: Vec<Value> = texts.map(|text| scalar(input, text)).collect();
                put(value, place, Value::Array(all));
            }
        }
        Input::Length(_) => {
            if let Some(text) = filled.get(place) {
                let read = length::parsed(text, filled.get(&length::unit_of(place)));
                set(value, place, (!text.is_empty()).then(|| json!(read)));
            }
        }
        // It is being made: until then what was there stays.
        Input::Known(from) if filled.get(place) == Some(wanted(from).as_str()) => {}
        _ => {
            if let Some(text) = filled.get(place) {
                set(value, place, parsed(input, text, filled.zone));
            }
        }
    }
}

/// Makes a list as long as the form has it.
fn resize(list: &super::List, place: &str, filled: &Filled<'_>, value: &mut Value) {
    let Some(count) = filled.get(&count_of(place)).and_then(|count| count.parse::<usize>().ok()) else { return };
    if get(value, place).is_none_or(|items| !items.is_array()) {
        put(value, place, Value::Array(Vec::new()));
    }
    let new: Value = serde_json::from_str(list.new).unwrap_or_default();
    if let Some(items) = super::place::get_mut(value, place).and_then(Value::as_array_mut) {
        items.resize(count.min(list.most), new);
    }
}

/// The name of the hidden field that says how long a list is.
pub fn count_of(place: &str) -> String {
    format!("count {place}")
}

/// The name of the hidden field that says that a box was there.
pub fn has(place: &str) -> String {
    format!("has {place}")
}

/// What a text means. What cannot be read is kept as it is, so that the check can say what is wrong with it.
fn parsed(input: &Input, text: &str, zone: &TimeZone) -> Option<Value> {
    match input {
        Input::Needed | Input::Picture | Input::Known(_) => Some(json!(text)),
        _ if text.is_empty() => None,
        Input::Number(..) => Some(text.parse::<i64>().map_or_else(
            |_| text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
            |number| json!(number),
        )),
        Input::Share => {
            let number = text.trim_end_matches('%').trim().replace(',', ".").parse::<f64>();
            // Two figures behind the point are all that anybody means by percent.
            Some(number.map_or_else(|_| json!(text), |percent| json!((percent * 100.0).round() / 10_000.0)))
        }
        Input::Instant => {
            let instant = text.parse::<DateTime>().ok().and_then(|time| time.to_zoned(zone.clone()).ok());
            Some(instant.map_or_else(|| json!(text), |at| json!(at.timestamp().as_millisecond())))
        }
        Input::Lines => {
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            Some(json!(lines))
        }
        Input::Name => Some(json!(name(text))),
        // Browsers end lines as letters on paper do.
        Input::Text => Some(json!(text.replace("\r\n", "\n"))),
        _ => Some(json!(text)),
    }
}

/// A name as rules have it, of what somebody has typed: small letters, and no spaces. What else is wrong with it stays to be seen.
fn name(text: &str) -> String {
    text.to_lowercase().split([' ', '_']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

fn scalar(input: &Input, text: &str) -> Value {
    let read = serde_json::from_str::<Value>(text).ok().filter(|value| value.is_number() || value.is_boolean());
    read.filter(|_| matches!(input, Input::Scalars)).unwrap_or_else(|| json!(text))
}

fn set(value: &mut Value, place: &str, new: Option<Value>) {
    match new {
        Some(new) => put(value, place, new),
        None => drop(take(value, place)),
    }
}

/// The tag of a shape: `modal`, or the only name in `{"corner": ...}`.
pub fn tag_of(value: &Value, place: &str) -> Option<String> {
    match get(value, place)? {
        Value::String(tag) => Some(tag.clone()),
        Value::Object(object) => object.keys().next().cloned(),
        _ => None,
    }
}

/// Gives a shape another tag. What both have in common stays: a question that becomes another kind of choice keeps its options.
fn set_tag(shape: &super::Shape, place: &str, tag: &str, value: &mut Value) {
    let before = tag_of(value, place);
    let Some(kind) = shape.kinds.iter().find(|kind| kind.tag == tag) else { return };
    if before.as_deref() == Some(tag) {
        return;
    }
    if kind.new.is_empty() {
        return put(value, place, json!(tag));
    }
    let mut new: Value = serde_json::from_str(kind.new).unwrap_or_default();
    let old = before.and_then(|before| get(value, &join(place, &before)).cloned());
    match (&mut new, old) {
        (Value::Object(new), Some(Value::Object(old))) => {
            for (name, value) in old {
                if new.contains_key(&name) || kind.fields.iter().any(|field| field.at == name) {
                    new.insert(name, value);
                }
            }
        }
        // A group of another kind has the same parts, another test the same values.
        (Value::Array(new), Some(Value::Array(old))) if new.is_empty() => *new = old,
        _ => {}
    }
    put(value, place, json!({ tag: new }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_emptied_stays_what_it_is() {
        static ONE: [Field; 1] = [Field { at: "", label: "", hint: "", input: Input::Known("segments") }];
        static SHAPE: super::super::Shape = super::super::Shape {
            kinds: &[super::super::Kind { tag: "segment", label: "", fields: &ONE, new: "\"\"" }],
        };
        static RULE: [Field; 1] = [Field { at: "rule", label: "", hint: "", input: Input::Shape(&SHAPE) }];
        let pairs =
            [("rule", "segment"), ("rule.segment", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut value = json!({ "rule": { "segment": "vip" } });
        read(&RULE, "", &Filled::new(&pairs, &TimeZone::UTC), &mut value);
        assert_eq!(value, json!({ "rule": { "segment": "" } }));
    }

    #[test]
    fn names_are_what_rules_can_say() {
        let zone = TimeZone::UTC;
        for (text, read) in
            [("Pricing pages", "pricing_pages"), ("docs", "docs"), ("a_b-c", "a_b-c"), ("Über uns", "über_uns")]
        {
            assert_eq!(parsed(&Input::Name, text, &zone), Some(json!(read)), "{text}");
        }
    }

    #[test]
    fn shares_are_typed_in_percent() {
        let zone = TimeZone::UTC;
        for (text, read) in [
            ("10", json!(0.1)),
            ("12,5 %", json!(0.125)),
            ("0.05", json!(0.0005)),
            ("100%", json!(1.0)),
            ("half", json!("half")),
        ] {
            assert_eq!(parsed(&Input::Share, text, &zone), Some(read), "{text}");
        }
    }
}
