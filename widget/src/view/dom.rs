//! The few things that the view does to the page's document. Text is only ever set as text: there is no markup to smuggle
//! anything into, and nothing here needs a policy of the page.

use crate::host;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Clipboard, CssStyleDeclaration, Document, Element, Event, EventTarget, HtmlElement, Node, Window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: Document;

    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;

    // The same as in web-sys, without a wrapper that catches: what throws ends in the loader's guard.
    type Page;
    #[wasm_bindgen(method, js_name = createElement)]
    fn create(this: &Page, tag: &str) -> HtmlElement;
    #[wasm_bindgen(method, js_name = createElementNS)]
    fn create_in(this: &Page, namespace: &str, tag: &str) -> Element;

    type Place;
    #[wasm_bindgen(method, js_name = append)]
    fn put(this: &Place, child: &Node);
    #[wasm_bindgen(method, js_name = setAttribute)]
    fn say(this: &Place, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = addEventListener)]
    fn listen(this: &Place, kind: &str, run: &Function);
    #[wasm_bindgen(method, js_name = removeEventListener)]
    fn unlisten(this: &Place, kind: &str, run: &Function);

    #[wasm_bindgen(js_name = getComputedStyle)]
    fn computed_style(of: &Element) -> CssStyleDeclaration;
    #[wasm_bindgen(method, js_name = getPropertyValue)]
    fn value(this: &Place, name: &str) -> String;
    // A number becomes text on the other side, where that costs nothing.
    #[wasm_bindgen(method, js_name = setProperty)]
    fn set_value(this: &Place, name: &str, value: JsValue);
}

/// The page's document.
pub fn document() -> Document {
    DOCUMENT.with(Clone::clone)
}

/// The page's window.
pub fn window() -> Window {
    WINDOW.with(Clone::clone)
}

/// An element with a class and a text; both may be empty.
pub fn make(tag: &str, class: &str, text: &str) -> HtmlElement {
    let element = document().unchecked_ref::<Page>().create(tag);
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    element
}

/// Appends a child.
pub fn put(into: &Node, child: &Node) {
    into.unchecked_ref::<Place>().put(child);
}

/// Sets an attribute.
pub fn say(element: &Element, name: &str, value: &str) {
    element.unchecked_ref::<Place>().say(name, value);
}

/// What a CSS property of an element comes to.
pub fn style_of(element: &Element, property: &str) -> String {
    computed_style(element).unchecked_ref::<Place>().value(property)
}

/// Gives an element a CSS property of its own.
pub fn set(element: &HtmlElement, property: &str, value: impl Into<JsValue>) {
    element.style().unchecked_ref::<Place>().set_value(property, value.into());
}

/// Calls a function at each event of a kind.
pub fn listen(target: &EventTarget, kind: &str, run: &Function) {
    target.unchecked_ref::<Place>().listen(kind, run);
}

/// A drawing on a square of 24, made of one line. It says nothing: the words beside it do.
pub fn icon(path: &str) -> Element {
    const SVG: &str = "http://www.w3.org/2000/svg";
    let document = document();
    let page = document.unchecked_ref::<Page>();
    let (svg, line) = (page.create_in(SVG, "svg"), page.create_in(SVG, "path"));
    say(&svg, "viewBox", "0 0 24 24");
    say(&svg, "aria-hidden", "true");
    say(&line, "d", path);
    put(&svg, &line);
    svg
}

/// The origin of the page, such as `https://shop.example`.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The language of the page, or what the browser's own is.
pub fn language() -> String {
    let page = document().document_element().and_then(|root| root.get_attribute("lang"));
    page.filter(|page| !page.is_empty()).or_else(|| window().navigator().language()).unwrap_or_default()
}

/// The clipboard. A page that is not served securely has none, whatever the types say.
pub fn clipboard() -> Option<Clipboard> {
    let clipboard = window().navigator().clipboard();
    (!clipboard.is_undefined()).then_some(clipboard)
}

/// Something that is listened to until this is dropped.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    run: Option<Function>,
}

impl Listener {
    /// Starts listening.
    pub fn new(target: &EventTarget, kind: &'static str, run: impl FnMut(Event) + 'static) -> Listener {
        let run = host::guarded(run);
        if let Some(run) = &run {
            listen(target, kind, run);
        }
        Listener { target: target.clone(), kind, run }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(run) = &self.run {
            self.target.unchecked_ref::<Place>().unlisten(self.kind, run);
        }
    }
}
