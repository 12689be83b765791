//! What only a page knows: the answers to the parts of rules that nobody else can answer ([`here`]), and what happens on the page, as
//! far as a prompt waits for it ([`moments`]). Most prompts ask for neither, so the widget fetches this module only where one does.
//! It decides nothing: it answers, and it tells.

mod ears;
mod exit;
mod eyes;
mod here;
mod moments;
mod wants;

use engine::Timestamp;
use js_sys::Function;
use view::host::Host;
use wasm_bindgen::prelude::*;

/// The module has been loaded. Called once.
#[wasm_bindgen]
pub fn start(host: Host) {
    view::host::set(host);
    engine::rule::pattern::install(inside::matches);
}

/// What is asked from now on: the parts of the published rules that are answered here, the events that are told apart here, and the
/// facts that came with them.
#[wasm_bindgen]
pub fn ask(bundle: &JsValue, facts: &JsValue) {
    here::ask(bundle, facts);
}

/// The names that stand for an event of the page, where prompts ask for more than its own.
#[wasm_bindgen]
pub fn names(event: &JsValue) -> Vec<JsValue> {
    here::names(event)
}

/// The answer to a part, by its id: whether it holds, and until when at least by the site's clock, if time alone may change it.
/// Nothing: it cannot be known. `now` is the site's time.
#[wasm_bindgen]
pub fn answer(id: u32, now: f64) -> Vec<f64> {
    here::answer(id, Timestamp(now as i64))
}

/// What is waited for from now on, on a page to which the visitor came at `since` by the browser's clock; see [`wants::Wants`]. `told`
/// hears of it, in a list: what, and what it is about.
#[wasm_bindgen]
pub fn want(wants: Vec<String>, since: f64, told: Function) {
    moments::want(wants, Timestamp(since as i64), told);
}

/// When somebody last moved, typed or scrolled by the browser's clock, as far as anybody waits for that.
#[wasm_bindgen]
pub fn active() -> Option<f64> {
    moments::active()
}

/// The visitor has gone to another page, or nothing is waited for: everything is forgotten, and nothing is listened to.
#[wasm_bindgen]
pub fn forget() {
    moments::forget();
}
