//! Fields that something is written into: a line, several, an address, a number, a day.

use super::{Parts, Plan, input};
use engine::survey::{Answer, Given, Kind, Limit};
use view::dom;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Reads a number as JavaScript does; not a number where it is none.
    #[wasm_bindgen(js_name = Number)]
    fn number(text: &str) -> f64;
}

/// What a question about somebody is about, by its trait or its name, in the words of `autocomplete`.
const ABOUT: [(&str, &str); 10] = [
    ("name", "name"),
    ("full_name", "name"),
    ("first_name", "given-name"),
    ("last_name", "family-name"),
    ("company", "organization"),
    ("organization", "organization"),
    ("job_title", "organization-title"),
    ("phone", "tel"),
    ("city", "address-level2"),
    ("country", "country-name"),
];

/// Paints it.
pub fn paint(plan: &Plan<'_>, kind: &Kind) -> Parts {
    let control = dom::make(if matches!(kind, Kind::LongText(_)) { "textarea" } else { "input" }, "entry", "");
    plan.describe(&control);
    let say = |name, value: &str| dom::say(&control, name, value);
    match kind {
        Kind::LongText(_) => say("rows", "3"),
        Kind::Email(_) => {
            say("type", "email");
            say("autocomplete", "email");
        }
        Kind::Url(_) => {
            say("type", "url");
            say("autocomplete", "url");
        }
        // Not `type=number`: that turns on the mouse wheel, and hides what was typed where it is no number.
        Kind::Number(field) => {
            say("type", "text");
            // The keys of telephones for numbers have no minus.
            if field.min.is_none_or(|min| min >= 0.0) {
                say("inputmode", "decimal");
            }
        }
        Kind::Date(field) => {
            say("type", "date");
            for (name, day) in [("min", field.min), ("max", field.max)] {
                if let Some(day) = day {
                    say(name, &day.to_string());
                }
            }
        }
        _ => {
            say("type", "text");
            let named = plan.question.becomes.as_deref().unwrap_or(plan.question.id.as_str());
            let about = ABOUT.iter().find(|(name, _)| *name == named).map(|(_, about)| *about);
            say("autocomplete", about.unwrap_or("off"));
            if about == Some("tel") {
                say("inputmode", "tel");
            }
        }
    }
    if let Kind::Text(field) | Kind::LongText(field) | Kind::Email(field) | Kind::Url(field) = kind
        && let Some(example) = &field.placeholder
    {
        say("placeholder", &(plan.fill)(example));
    }
    let before = match plan.before {
        Some(Answer::Text(text)) => text.clone(),
        Some(Answer::Number(number)) => Limit::Number(*number).text(),
        Some(Answer::Date(day)) => day.to_string(),
        _ => String::new(),
    };
    input(&control).set_value(&before);
    let (field, is_number) = (control.clone(), matches!(kind, Kind::Number(_)));
    let read = move || {
        let text = input(&field).value();
        match text.trim_ascii() {
            // What stands there is half a day, of which the browser tells nothing.
            "" if input(&field).validity().is_unfinished() => Given::Text("?".to_owned()),
            "" => Given::Null,
            // Half of the world writes a comma.
            written if is_number => Given::Number(number(&written.replace(',', "."))),
            _ => Given::Text(text),
        }
    };
    Parts { inputs: vec![control.clone()], control, read: Box::new(read), keys: None }
}
