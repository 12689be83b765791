//! What stands in the page, and how it is looked at.

use engine::Value;
use engine::rule::{Inside, Pattern};
use std::cell::RefCell;
use view::dom;
use view::read::{field, read};
use wasm_bindgen::prelude::*;

/// What stands in the page. Nothing that it holds is called; what throws when it is looked at is not there.
#[derive(Debug)]
pub struct InPage;

impl InPage {
    /// A value of the page as rules see it; none for what they cannot see.
    pub fn value(found: &JsValue) -> Option<Value> {
        let is_nested = found.is_function() || found.is_object() && !js_sys::Array::is_array(found);
        if is_nested { Some(Value::Other) } else { read(found) }
    }

    fn member(of: &JsValue, name: &str) -> Option<JsValue> {
        let value = js_sys::Reflect::get(of, &name.into()).ok()?;
        (!value.is_undefined()).then_some(value)
    }
}

impl Inside for InPage {
    fn variable(&self, path: &str) -> Option<Value> {
        let found = path.split('.').try_fold(js_sys::global().into(), |of: JsValue, name| InPage::member(&of, name))?;
        InPage::value(&found)
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let document = InPage::member(&js_sys::global(), "document")?;
        let cookies = InPage::member(&document, "cookie")?.as_string()?;
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim_start().split_once('='));
        let value = pairs.find(|(key, _)| *key == name)?.1;
        Some(js_sys::decode_uri_component(value).map_or_else(|_| value.to_owned(), String::from))
    }

    fn has_element(&self, selector: &str) -> bool {
        let document = web_sys::window().and_then(|window| window.document());
        document.is_some_and(|document| matches!(document.query_selector(selector), Ok(Some(_))))
    }
}

#[wasm_bindgen]
extern "C" {
    type RegExp;
    #[wasm_bindgen(constructor, catch)]
    fn new(pattern: &str, flags: &str) -> Result<RegExp, JsValue>;
    #[wasm_bindgen(method)]
    fn test(this: &RegExp, text: &str) -> bool;
}

/// Whether anybody can see the page.
pub fn is_seen() -> bool {
    !dom::document().hidden()
}

/// Whether it is a finger that points.
pub fn is_touched() -> bool {
    dom::matches("(pointer: coarse)")
}

/// How wide the window is, in CSS pixels. Asking may make the browser lay out the page.
pub fn width() -> Option<f64> {
    field(&dom::window(), "innerWidth").as_f64()
}

/// Matches with the browser's own engine; see [`engine::rule::pattern`]. What it cannot compile is found nowhere.
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    thread_local! {
        static KNOWN: RefCell<Vec<(Pattern, Option<RegExp>)>> = const { RefCell::new(Vec::new()) };
    }
    KNOWN.with_borrow_mut(|known| {
        let at = known.iter().position(|(other, _)| other == pattern).unwrap_or_else(|| {
            known.push((pattern.clone(), RegExp::new(&pattern.expression("\\b"), "iu").ok()));
            known.len() - 1
        });
        known.get(at).is_some_and(|(_, expression)| expression.as_ref().is_some_and(|found| found.test(text)))
    })
}
