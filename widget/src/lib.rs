//! Waymark in the page, as far as prompts go: it is told the facts, lets the engine decide, and paints the decision. The
//! loader (`js/loader.js`) talks to the collector and keeps what happened; this module never does.
//!
//! Its public functions are what the loader calls. The one thing to know: whatever the browser calls goes through the
//! loader's guard, so that a failing widget is an absent widget and nothing is ever thrown into the page.

mod bundle;
mod contents;
mod facts;
mod memory;
mod outbox;
mod page;
mod session;
mod signal;
mod visit;
mod wants;

use signal::Signal;
use view::host::Host;
use view::read::field;
use wasm_bindgen::prelude::*;

/// The module has been loaded. Called once.
#[wasm_bindgen]
pub fn start(host: Host) {
    view::host::set(host);
    signal::listen();
}

/// The collector has answered: here are the facts, and the prompts they belong to. The page may ask for one of them.
#[wasm_bindgen]
pub fn visit(facts: JsValue, bundle: JsValue, page: JsValue) {
    let key = field(&page, "show").as_string();
    session::tell(Signal::Facts { facts, bundle, since: signal::since(&page), key });
}

/// The visitor went to another page of a single-page application. Facts follow.
#[wasm_bindgen]
pub fn leave(page: JsValue) {
    session::tell(Signal::Left(signal::since(&page)));
}

/// The page has said something.
#[wasm_bindgen]
pub fn look() {
    session::tell(Signal::Said);
}

/// The page wants nothing of ours on it.
#[wasm_bindgen]
pub fn close() {
    session::tell(Signal::Closed);
}

/// What decisions are made of, for whoever explains them: the facts and the prompts as they came, since when the visitor is on the
/// page and when somebody last moved, both on the site's clock, and then what happened there, each as `[at, what, value]`. The rest the
/// loader knows.
#[wasm_bindgen]
pub fn state() -> Vec<JsValue> {
    session::state()
}
