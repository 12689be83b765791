//! What texts say of the person, and what they said before that was put into them: reports count by what a marketer wrote.

use engine::prompt::{Content, filled};
use std::cell::RefCell;
use view::read::field;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn text(value: &JsValue) -> String;
}

thread_local! {
    /// The texts that were changed: as they are, as they were written.
    static WRITTEN: RefCell<Vec<[String; 2]>> = const { RefCell::new(Vec::new()) };
}

/// Puts what is known into the texts of a content.
pub fn fill(content: &mut Content, facts: &JsValue) {
    let traits = field(facts, "traits");
    let mut written = Vec::new();
    content.each_text(&mut |text| {
        let said = filled(text, &|name| text_of(&traits, name));
        if said != *text {
            written.push([said.clone(), core::mem::replace(text, said)]);
        }
    });
    WRITTEN.set(written);
}

/// A text as it was written.
pub fn as_written(said: &str) -> String {
    WRITTEN.with_borrow(|written| {
        let found = written.iter().find(|[now, _]| now == said);
        found.map_or(said, |[_, before]| before).to_owned()
    })
}

/// A trait as text; none where it is nothing to put into a sentence.
pub fn text_of(traits: &JsValue, name: &str) -> Option<String> {
    let value = field(traits, name);
    (value.as_string().is_some() || value.as_f64().is_some()).then(|| text(&value))
}
