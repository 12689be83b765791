//! A response that was begun, where the browser keeps it until it is done.

use engine::survey::{Answers, Given, Survey};
use js_sys::{Object, Reflect};
use serde::Serialize;
use view::host::host;
use view::read::{field, members};
use wasm_bindgen::JsValue;

/// A response in the browser's memory.
pub struct Kept {
    /// Its name there.
    place: String,
    /// Whose it is: after them somebody else may sit down here.
    visitor: JsValue,
    /// Its id: its answers belong together, also after a reload.
    pub response: String,
}

impl Kept {
    /// The response that was begun here, or a new one, and its answers as far as they still fit.
    pub fn of(key: &str, survey: &Survey) -> (Kept, Answers) {
        let place = ["survey.", key].concat();
        let visitor = field(&host().state(), "visitor");
        let found = Some(host().kept(&place)).filter(|found| field(found, "visitor") == visitor).unwrap_or_default();
        let answers = field(&found, "answers");
        let given: Vec<(&str, Given)> = survey
            .questions
            .iter()
            .map(|question| (question.id.as_str(), field(&answers, question.id.as_str())))
            .filter(|(_, answer)| !answer.is_undefined())
            .map(|(id, answer)| (id, read(&answer)))
            .collect();
        let answers = survey.resume(given.iter().map(|(id, given)| (*id, given)));
        let response = field(&found, "response").as_string().unwrap_or_else(|| host().id());
        (Kept { place, visitor, response }, answers)
    }

    /// Keeps these answers in place of those before.
    pub fn keep(&self, answers: &Answers) {
        let kept = Object::new();
        let answers = answers.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or_default();
        for (name, value) in
            [("visitor", &self.visitor), ("response", &self.response.as_str().into()), ("answers", &answers)]
        {
            let _ = Reflect::set(&kept, &name.into(), value);
        }
        host().keep(&self.place, &kept.into());
    }

    /// It is done.
    pub fn forget(&self) {
        host().keep(&self.place, &JsValue::UNDEFINED);
    }
}

/// What was kept, as anything that a page sends.
fn read(value: &JsValue) -> Given {
    if let Some(text) = value.as_string() {
        Given::Text(text)
    } else if let Some(number) = value.as_f64() {
        Given::Number(number)
    } else if let Some(flag) = value.as_bool() {
        Given::Bool(flag)
    } else if js_sys::Array::is_array(value) {
        Given::List(members(value).iter().map(read).collect())
    } else {
        field(value, "other").as_string().map_or(Given::Null, Given::Other)
    }
}
