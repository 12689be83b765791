//! The module that paints what is not painted here: fetched when a page may show one of its prompts, and asked to paint.

use crate::bundle::Bundle;
use crate::session;
use crate::signal::Signal;
use engine::event::Action;
use js_sys::Function;
use view::host::host;
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
        theme: &JsValue,
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
    let [glue, wasm] = &members(&bundle.contents)[..] else { return };
    let (Some(glue), Some(wasm)) = (glue.as_string(), wasm.as_string()) else { return };
    let ready = |module: JsValue| session::tell(Signal::Ready(module));
    let done = Closure::<dyn FnMut(JsValue)>::new(ready).into_js_value();
    host().load(&glue, &wasm, &host().guard(done));
}

/// A prompt that it has painted; gone from the page when dropped.
pub struct Painted(Contents);

impl Painted {
    /// Asks it to paint. `None`: it cannot.
    pub fn mount(
        contents: &Contents,
        setting: &JsValue,
        content: &JsValue,
        theme: &JsValue,
        facts: &JsValue,
    ) -> Option<Painted> {
        let told = |what: String, name: Option<String>, props: JsValue| {
            session::tell(Signal::Gesture(match what.as_str() {
                "close" => Gesture::Dismissed,
                "finish" => Gesture::Finished,
                what => match Action::parse(what) {
                    Some(action) => Gesture::Did(Did { action, name, props }),
                    None => return,
                },
            }));
        };
        let told = Closure::<dyn FnMut(String, Option<String>, JsValue)>::new(told).into_js_value();
        contents.mount(setting, content, theme, facts, &host().guard(told)).then(|| Painted(contents.clone()))
    }
}

impl Drop for Painted {
    fn drop(&mut self) {
        self.0.unmount();
    }
}
