//! Being told of what changes in the page, by the browser and without asking again and again.

use js_sys::Function;
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
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Fields, name: &str, value: JsValue);
}

/// Watches until it is dropped.
pub struct Watch(Observer);

impl Watch {
    /// Watches for elements that come and go, at any depth below this one.
    pub fn tree(top: &Element, told: &Function) -> Watch {
        Watch::changes([top], &["childList", "subtree"], told)
    }

    /// Watches the attributes of these elements.
    pub fn attributes<'a>(of: impl IntoIterator<Item = &'a Element>, told: &Function) -> Watch {
        Watch::changes(of, &["attributes"], told)
    }

    fn changes<'a>(of: impl IntoIterator<Item = &'a Element>, kinds: &[&str], told: &Function) -> Watch {
        let options = Fields::new();
        kinds.iter().for_each(|kind| options.set(kind, true.into()));
        let observer: Observer = Changes::new(told).unchecked_into();
        of.into_iter().for_each(|target| observer.observe(target, &options));
        Watch(observer)
    }

    /// Watches whether at least half of an element is in the window. Tells once at the start, and at each change.
    pub fn sight(of: &Element, told: &Function) -> Watch {
        let options = Fields::new();
        options.set("threshold", 0.5.into());
        let observer: Observer = Sight::new(told, &options).unchecked_into();
        observer.observe(of, &options);
        Watch(observer)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}
