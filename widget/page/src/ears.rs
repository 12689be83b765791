//! The browser's events that are listened to now, before the page hears of them: it may keep them from going on.

use crate::moments;
use js_sys::Function;
use view::dom;
use view::host::hearing;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = EventTarget)]
    type Target;
    #[wasm_bindgen(method, js_name = addEventListener)]
    fn listen(this: &Target, kind: &str, run: &Function, is_first: bool);
    #[wasm_bindgen(method, js_name = removeEventListener)]
    fn unlisten(this: &Target, kind: &str, run: &Function, is_first: bool);
}

/// What is listened to, until it is dropped.
#[derive(Default)]
pub struct Ears {
    kinds: Vec<&'static str>,
    run: Option<Function>,
}

impl Ears {
    /// Listens to these, and to nothing else any more.
    pub fn listen(&mut self, kinds: Vec<&'static str>) {
        if kinds.is_empty() && self.kinds.is_empty() {
            return;
        }
        let run = self.run.get_or_insert_with(|| hearing(|event| moments::hear(&event)));
        let window = dom::window().unchecked_into::<Target>();
        self.kinds.iter().filter(|kind| !kinds.contains(kind)).for_each(|kind| window.unlisten(kind, run, true));
        kinds.iter().filter(|kind| !self.kinds.contains(kind)).for_each(|kind| window.listen(kind, run, true));
        self.kinds = kinds;
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        self.listen(Vec::new());
    }
}
