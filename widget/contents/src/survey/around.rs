//! What a survey takes from around it: the page's address, how far it is.

use crate::words::{decimal, filled};
use view::dom;
use view::words::own;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    type Params;
    #[wasm_bindgen(constructor, js_class = "URLSearchParams")]
    fn new(search: &str) -> Params;
    #[wasm_bindgen(method)]
    fn get(this: &Params, name: &str) -> Option<String>;
}

/// A parameter of the page's address.
pub fn param(name: &str) -> Option<String> {
    Params::new(&dom::window().location().search().ok()?).get(name)
}

/// A line that grows from question to question.
pub fn progress(at: usize, of: usize) -> HtmlElement {
    let bar = dom::make("div", "way", "");
    dom::say(&bar, "role", "progressbar");
    dom::say(&bar, "aria-label", &own("Progress"));
    dom::say(&bar, "aria-valuetext", &filled(&own("{} of {}"), &[&decimal(at as u32 + 1), &decimal(of as u32)]));
    dom::say(&bar, "aria-valuenow", &decimal(at as u32));
    dom::say(&bar, "aria-valuemax", &decimal(of as u32));
    let done = dom::make("i", "", "");
    dom::set(&done, "--done", at as u32);
    dom::set(&done, "--of", of as u32);
    dom::put(&bar, &done);
    bar
}
