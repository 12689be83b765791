//! What a journey is made of, as fields to fill in.

use engine::rule::{Condition, words};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use crate::console::form::known::Known;
use crate::console::form::{Field, Input, List};
use crate::console::prompts::audience::CONDITION;

static MILESTONES: List = List {
    item: "milestone",
    fields: &[
        Field { at: "name", label: "Name", hint: "", input: Input::Needed },
        Field { at: "key", label: "Name in rules", hint: "", input: Input::Name },
        Field { at: "required", label: "Required", hint: "", input: Input::Flag },
        Field { at: "done_when", label: "Done when", hint: "", input: Input::Shape(&CONDITION) },
    ],
    new: r#"{"key": "", "name": "", "done_when": {"event": {"name": ""}}}"#,
    most: 20,
    told: Some(milestone),
};

static STAGES: List = List {
    item: "stage",
    fields: &[
        Field { at: "name", label: "Name", hint: "", input: Input::Needed },
        Field { at: "key", label: "Name in rules", hint: "", input: Input::Name },
        Field {
            at: "kind",
            label: "Kind of stage",
            hint: "",
            input: Input::Pick(&[
                ("linear", "People move on from it"),
                ("ongoing", "No time limit"),
                ("terminal", "Final stage"),
            ]),
        },
        Field { at: "delay_after", label: "Delayed after", hint: "", input: Input::Length("d") },
        Field { at: "stuck_after", label: "Stuck after", hint: "", input: Input::Length("d") },
        Field { at: "milestones", label: "Milestones", hint: "", input: Input::List(&MILESTONES) },
    ],
    new: r#"{"key": "", "name": ""}"#,
    most: 20,
    told: Some(stage),
};

static TRANSITIONS: List = List {
    item: "transition",
    fields: &[
        Field { at: "key", label: "Its name", hint: "", input: Input::Name },
        Field {
            at: "from",
            label: "From",
            hint: "Left empty: from every stage but the target and the ends.",
            input: Input::Values("stages"),
        },
        Field { at: "to", label: "To", hint: "", input: Input::Known("stages") },
        Field { at: "when", label: "When", hint: "", input: Input::Shape(&CONDITION) },
        Field {
            at: "kind",
            label: "Direction",
            hint: "",
            input: Input::Pick(&[
                ("forward", "Onwards"),
                ("back", "Back"),
                ("interrupt", "Out of the journey"),
                ("reenter", "In again"),
            ]),
        },
        Field {
            at: "priority",
            label: "Priority",
            hint: "Of several that apply at once the lowest number wins.",
            input: Input::Number(0, 10_000),
        },
        Field { at: "min_dwell", label: "Earliest after time in the stage", hint: "", input: Input::Length("d") },
        Field { at: "new_cycle", label: "Begins a new round", hint: "", input: Input::Flag },
    ],
    new: r#"{"key": "", "to": "", "priority": 100, "when": {"event": {"name": ""}}}"#,
    most: 60,
    told: Some(transition),
};

/// All of a journey.
pub static FIELDS: [Field; 3] = [
    Field { at: "name", label: "Name", hint: "", input: Input::Needed },
    Field {
        at: "stages",
        label: "Stages",
        hint: "In the order of the map. Everybody starts in the first one.",
        input: Input::List(&STAGES),
    },
    Field {
        at: "transitions",
        label: "Transitions",
        hint: "What moves somebody from a stage to another one.",
        input: Input::List(&TRANSITIONS),
    },
];

/// A text of an item; what it is called where there is none.
fn text<'a>(item: &'a Value, name: &str, otherwise: &'a str) -> &'a str {
    item.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).unwrap_or(otherwise)
}

fn condition(item: &Value, name: &str) -> String {
    let read = item.get(name).and_then(|condition| Condition::deserialize(condition).ok());
    read.map_or_else(|| "something is left empty".to_owned(), |condition| words(&condition))
}

fn milestone(item: &Value, _: &Known) -> Markup {
    html! {
        strong { (text(item, "name", "New milestone")) } @if item.get("required") == Some(&Value::Bool(true)) { " · required" }
        p.hint { "Done when " (condition(item, "done_when")) }
    }
}

fn stage(item: &Value, _: &Known) -> Markup {
    let span = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let milestones = item.get("milestones").and_then(Value::as_array).map_or(0, Vec::len);
    let mut said = Vec::new();
    match text(item, "kind", "linear") {
        "terminal" => said.push("Final stage".to_owned()),
        "ongoing" => said.push("No time limit".to_owned()),
        _ => {}
    }
    said.extend(span("delay_after").map(|after| format!("delayed after {after}")));
    said.extend(span("stuck_after").map(|after| format!("stuck after {after}")));
    match milestones {
        0 => {}
        1 => said.push("1 milestone".to_owned()),
        many => said.push(format!("{many} milestones")),
    }
    html! { strong { (text(item, "name", "New stage")) } p.hint { (said.join(" · ")) } }
}

fn transition(item: &Value, known: &Known) -> Markup {
    let stages = known.choices("stages").unwrap_or_default();
    let name =
        |key: &str| stages.iter().find(|(one, _)| one == key).map_or_else(|| key.to_owned(), |(_, name)| name.clone());
    let from: Vec<String> =
        item.get("from").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(name).collect();
    html! {
        strong { @if from.is_empty() { "Any stage" } @else { (from.join(", ")) } " → " (name(text(item, "to", "…"))) }
        p.hint { "When " (condition(item, "when")) }
    }
}
