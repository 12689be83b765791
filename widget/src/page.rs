//! The module that knows what stands in the page and what happens on it: fetched when a prompt asks for any of that.

use crate::bundle::Bundle;
use crate::session;
use crate::signal::Signal;
use engine::Timestamp;
use engine::prompt::What;
use engine::rule::{Answer, LeafId};
use js_sys::Function;
use view::host::{guarded, host};
use view::read::members;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Its functions; see `widget/page`.
    pub type Module;

    #[wasm_bindgen(method)]
    fn ask(this: &Module, bundle: &JsValue, facts: &JsValue);
    #[wasm_bindgen(method)]
    fn names(this: &Module, event: &JsValue) -> Vec<JsValue>;
    #[wasm_bindgen(method)]
    fn answer(this: &Module, id: u32, now: f64) -> Vec<f64>;
    #[wasm_bindgen(method)]
    fn want(this: &Module, wants: Vec<String>, since: f64, told: &Function);
    #[wasm_bindgen(method)]
    fn active(this: &Module) -> Option<f64>;
    #[wasm_bindgen(method)]
    fn forget(this: &Module);
}

/// It, if anybody has asked for it.
#[derive(Default)]
pub enum Page {
    #[default]
    Elsewhere,
    Asked,
    Here(Module, Function),
}

impl Page {
    /// Fetches it, once a page.
    pub fn fetch(&mut self, bundle: &Bundle) {
        let Page::Elsewhere = self else { return };
        *self = Page::Asked;
        host().load(&bundle.part("page"), &guarded(|module| session::tell(Signal::Page(module))));
    }

    /// It has been fetched.
    pub fn arrive(&mut self, module: JsValue) {
        *self = Page::Here(module.unchecked_into(), guarded(|told| session::tell(Signal::Noticed(told))));
    }

    /// The visitor has gone to another page. What could not be fetched is asked for again there.
    pub fn leave(&mut self) {
        match self {
            Page::Here(module, _) => module.forget(),
            page => *page = Page::Elsewhere,
        }
    }

    /// Hands over what is asked from now on.
    pub fn ask(&self, bundle: &Bundle, facts: &JsValue) {
        if let Page::Here(module, _) = self {
            module.ask(&bundle.whole, facts);
        }
    }

    /// The names that stand for an event which is asked for with more than its own; see
    /// [`Bundle::events`](engine::prompt::Bundle::events).
    pub fn names(&self, event: &JsValue) -> Vec<JsValue> {
        if let Page::Here(module, _) = self { module.names(event) } else { Vec::new() }
    }

    /// Its answer to a part of a rule.
    pub fn answer(&self, id: LeafId, now: Timestamp) -> Answer {
        let Page::Here(module, _) = self else { return Answer::UNKNOWN };
        match module.answer(id.number(), now.0 as f64)[..] {
            [] => Answer::UNKNOWN,
            [truth] => Answer::of(truth > 0.0),
            [truth, until, ..] => Answer::until(truth > 0.0, Timestamp(until as i64)),
        }
    }

    /// Waits for these. Whether anybody does.
    pub fn want(&self, wants: Vec<String>, since: Timestamp) -> bool {
        let Page::Here(module, told) = self else { return wants.is_empty() };
        module.want(wants, since.0 as f64, told);
        true
    }

    /// When somebody last moved, typed or scrolled by the browser's clock, as far as anybody waits for that.
    pub fn active(&self) -> Option<Timestamp> {
        let Page::Here(module, _) = self else { return None };
        module.active().map(|active| Timestamp(active as i64))
    }
}

/// What has happened, told by that module in a list of its name and what it is about; nothing where only what stands in the page has
/// changed.
pub fn what(told: &JsValue) -> Option<What> {
    let told = members(told);
    let value = told.get(1)?;
    Some(match told.first()?.as_string()?.as_str() {
        "scrolled" => What::Scrolled(value.as_f64()? as u8),
        "exit_intent" => What::ExitIntent,
        "clicked" => What::Clicked(value.as_string()?),
        "seen" => What::Seen(value.as_string()?),
        _ => return None,
    })
}
