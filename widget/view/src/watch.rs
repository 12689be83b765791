//! Being told of what changes in the page, by the browser and without asking again and again.

use crate::host::guarded;
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = MutationObserver)]
    type Changes;
    #[wasm_bindgen(constructor, js_class = "MutationObserver")]
    fn new(run: &Function) -> Changes;

    #[wasm_bindgen(js_name = IntersectionObserver)]
    type Sight;
    #[wasm_bindgen(constructor, js_class = "IntersectionObserver")]
    fn new(run: &Function, options: &Fields) -> Sight;

    // What the two have in common.
    type Observer;
    #[wasm_bindgen(method)]
    fn observe(this: &Observer, target: &Element, options: &Fields);
    #[wasm_bindgen(method)]
    fn disconnect(this: &Observer);

    #[wasm_bindgen(js_name = Object)]
    type Fields;
    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Fields;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Fields, name: &str) -> JsValue;
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Fields, name: &str, value: JsValue);
}

/// Watches until it is dropped.
pub struct Watch(Observer);

impl Watch {
    /// Watches for elements that come and go, at any depth below this one.
    pub fn tree(top: &Element, run: impl FnMut() + 'static) -> Watch {
        Watch::changes(&[top], &["childList", "subtree"], run)
    }

    /// Watches the attributes of these elements.
    pub fn attributes(of: &[&Element], run: impl FnMut() + 'static) -> Watch {
        Watch::changes(of, &["attributes"], run)
    }

    fn changes(of: &[&Element], kinds: &[&str], mut run: impl FnMut() + 'static) -> Watch {
        let options = Fields::new();
        kinds.iter().for_each(|kind| options.set(kind, true.into()));
        let observer: Observer = Changes::new(&guarded(move |_| run())).unchecked_into();
        of.iter().for_each(|target| observer.observe(target, &options));
        Watch(observer)
    }

    /// Watches whether at least half of an element is in the window. Tells once at the start, and at each change.
    pub fn sight(of: &Element, mut run: impl FnMut(bool) + 'static) -> Watch {
        let options = Fields::new();
        options.set("threshold", 0.5.into());
        let seen = guarded(move |entries| {
            let last: Fields = entries.unchecked_ref::<Array>().pop().unchecked_into();
            run(last.get("intersectionRatio").as_f64().is_some_and(|ratio| ratio >= 0.5));
        });
        let observer: Observer = Sight::new(&seen, &options).unchecked_into();
        observer.observe(of, &options);
        Watch(observer)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}
