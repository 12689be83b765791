//! The module that paints what is not painted here: fetched when a page may show one of its prompts, and asked to paint.

use crate::bundle::Bundle;
use crate::session;
use crate::signal::Signal;
use engine::event::Action;
use js_sys::Function;
use view::host::{guarded, host};
use view::read::members;
use view::{Did, Gesture};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Its functions; see `widget/contents`.
    #[derive(Clone)]
    pub type Contents;

    #[wasm_bindgen(method)]
    fn mount(
        this: &Contents,
        setting: &JsValue,
        content: &JsValue,
        look: &JsValue,
        facts: &JsValue,
        told: &Function,
    ) -> bool;
    #[wasm_bindgen(method)]
    pub fn hear(this: &Contents, facts: &JsValue);
    #[wasm_bindgen(method)]
    fn unmount(this: &Contents);
}

/// Fetches it. What cannot be fetched is not there, and is asked for again on the next page.
pub fn fetch(bundle: &Bundle) {
    host().load(&bundle.part("contents"), &guarded(|module| session::tell(Signal::Ready(module))));
}

/// A prompt that it has painted; gone from the page when dropped.
pub struct Painted(Contents);

impl Painted {
    /// Asks it to paint. `None`: it cannot.
    pub fn mount(
        contents: &Contents,
        setting: &JsValue,
        content: &JsValue,
        look: &JsValue,
        facts: &JsValue,
    ) -> Option<Painted> {
        let told = guarded(|told| {
            let [what, name, props] = [0, 1, 2].map(|at| members(&told).get(at).cloned().unwrap_or_default());
            session::tell(Signal::Gesture(match what.as_string().as_deref() {
                Some("close") => Gesture::Dismissed,
                Some("finish") => Gesture::Finished,
                what => match what.and_then(Action::parse) {
                    Some(action) => Gesture::Did(Did { action, name: name.as_string(), props }),
                    None => return,
                },
            }));
        });
        contents.mount(setting, content, look, facts, &told).then(|| Painted(contents.clone()))
    }
}

impl Drop for Painted {
    fn drop(&mut self) {
        self.0.unmount();
    }
}
