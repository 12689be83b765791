//! The few things that the view does to the page's document. Text is only ever set as text: there is no markup to smuggle
//! anything into, and nothing here needs a policy of the page.

use crate::host;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{
    Clipboard, Document, Element, Event, EventTarget, HtmlElement, Node, ShadowRoot, ShadowRootInit, ShadowRootMode,
    Window,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: Document;

    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;

    #[wasm_bindgen(js_name = getComputedStyle)]
    fn computed_style(of: &Element) -> Dom;
    #[wasm_bindgen(js_name = matchMedia)]
    fn match_media(query: &str) -> Dom;

    #[wasm_bindgen(js_namespace = Array, js_name = from)]
    fn items(of: &JsValue) -> Vec<HtmlElement>;

    // Anything of the DOM. The methods are those of web-sys without a wrapper that catches: what throws ends in the loader's
    // guard, as everything here does.
    type Dom;
    #[wasm_bindgen(method, js_name = createElement)]
    fn create(this: &Dom, tag: &str) -> HtmlElement;
    #[wasm_bindgen(method, js_name = createElementNS)]
    fn create_in(this: &Dom, namespace: &str, tag: &str) -> Element;
    #[wasm_bindgen(method, js_name = append)]
    fn put(this: &Dom, child: &Node);
    #[wasm_bindgen(method, js_name = prepend)]
    fn put_first(this: &Dom, child: &Node);
    #[wasm_bindgen(method, js_name = createRange)]
    fn range(this: &Dom) -> Dom;
    #[wasm_bindgen(method, js_name = selectNodeContents)]
    fn select(this: &Dom, of: &Node);
    #[wasm_bindgen(method, js_name = extractContents)]
    fn take(this: &Dom) -> Node;
    #[wasm_bindgen(method, js_name = setAttribute)]
    fn say(this: &Dom, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = querySelector)]
    fn find(this: &Dom, selector: &str) -> Option<HtmlElement>;
    #[wasm_bindgen(method, js_name = querySelectorAll)]
    fn find_all(this: &Dom, selector: &str) -> JsValue;
    #[wasm_bindgen(method, js_name = addEventListener)]
    fn listen(this: &Dom, kind: &str, run: &Function);
    #[wasm_bindgen(method, js_name = removeEventListener)]
    fn unlisten(this: &Dom, kind: &str, run: &Function);
    #[wasm_bindgen(method)]
    fn focus(this: &Dom);
    #[wasm_bindgen(method, js_name = showModal)]
    fn show_modal(this: &Dom);
    #[wasm_bindgen(method)]
    fn close(this: &Dom);
    #[wasm_bindgen(method, catch, js_name = togglePopover)]
    fn pop(this: &Dom, is_open: bool) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = querySelector)]
    fn try_find(this: &Dom, selector: &str) -> Result<Option<HtmlElement>, JsValue>;
    #[wasm_bindgen(method, getter, js_name = classList)]
    fn classes(this: &Dom) -> Dom;
    #[wasm_bindgen(method)]
    fn toggle(this: &Dom, class: &str, is_on: Option<bool>) -> bool;
    #[wasm_bindgen(method)]
    fn closest(this: &Dom, selector: &str) -> Option<HtmlElement>;
    #[wasm_bindgen(method, js_name = getBoundingClientRect)]
    fn rect(this: &Dom) -> Dom;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Dom, name: &str) -> JsValue;
    #[wasm_bindgen(method, js_name = attachShadow)]
    fn attach(this: &Dom, init: &ShadowRootInit) -> ShadowRoot;
    #[wasm_bindgen(method, getter)]
    fn matches(this: &Dom) -> bool;
    #[wasm_bindgen(method, getter, js_name = innerHeight)]
    fn inner_height(this: &Dom) -> f64;
    #[wasm_bindgen(method, js_name = getPropertyValue)]
    fn value(this: &Dom, name: &str) -> String;
    // A number becomes text on the other side, where that costs nothing.
    #[wasm_bindgen(method, js_name = setProperty)]
    fn set_value(this: &Dom, name: &str, value: JsValue);

    #[wasm_bindgen(js_name = CSSStyleSheet)]
    type Sheet;
    #[wasm_bindgen(constructor, js_class = "CSSStyleSheet")]
    fn new() -> Sheet;
    #[wasm_bindgen(method, js_name = replaceSync)]
    fn replace(this: &Sheet, style: &str);
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
    let element = document().unchecked_ref::<Dom>().create(tag);
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    element
}

/// Appends an element to another.
pub fn add(into: &Node, tag: &str, class: &str, text: &str) -> HtmlElement {
    let element = make(tag, class, text);
    put(into, &element);
    element
}

/// Appends a button; class, id and label may be empty.
pub fn button(into: &Node, class: &str, id: &str, label: &str) -> HtmlElement {
    let button = add(into, "button", class, label);
    say(&button, "type", "button");
    if !id.is_empty() {
        button.set_id(id);
    }
    button
}

/// Appends a child.
pub fn put(into: &Node, child: &Node) {
    into.unchecked_ref::<Dom>().put(child);
}

/// Puts a child before all others.
pub fn put_first(into: &Node, child: &Node) {
    into.unchecked_ref::<Dom>().put_first(child);
}

/// Takes everything out of an element; can be put somewhere else.
pub fn take_contents(element: &Element) -> Node {
    let range = document().unchecked_ref::<Dom>().range();
    range.select(element);
    range.take()
}

/// Sets an attribute.
pub fn say(element: &Element, name: &str, value: &str) {
    element.unchecked_ref::<Dom>().say(name, value);
}

/// What a CSS property of an element comes to.
pub fn style_of(element: &Element, property: &str) -> String {
    computed_style(element).value(property)
}

/// A media query, which says `change` when it holds no more or again.
pub fn media(query: &str) -> EventTarget {
    match_media(query).unchecked_into()
}

/// Whether a media query holds.
pub fn matches(query: &str) -> bool {
    match_media(query).matches()
}

/// How high the window is, keyboard or not.
pub fn height() -> f64 {
    window().unchecked_ref::<Dom>().inner_height()
}

/// The first element in another that a selector stands for.
pub fn find(within: &Element, selector: &str) -> Option<HtmlElement> {
    within.unchecked_ref::<Dom>().find(selector)
}

/// All elements in another that a selector stands for.
pub fn all(within: &Element, selector: &str) -> Vec<HtmlElement> {
    items(&within.unchecked_ref::<Dom>().find_all(selector))
}

/// The first element of the page that a selector stands for. One that is no selector stands for nothing.
pub fn find_in_page(selector: &str) -> Option<HtmlElement> {
    document().unchecked_ref::<Dom>().try_find(selector).ok().flatten()
}

/// Gives an element a class, or takes it away.
pub fn class(element: &Element, name: &str, is_on: bool) {
    element.unchecked_ref::<Dom>().classes().toggle(name, Some(is_on));
}

/// Gives an element the class that it has not, or takes it away. Whether it has it then.
pub fn flip(element: &Element, name: &str) -> bool {
    element.unchecked_ref::<Dom>().classes().toggle(name, None)
}

/// The nearest element around something that a selector stands for, or itself.
pub fn closest(inside: &JsValue, selector: &str) -> Option<HtmlElement> {
    inside.unchecked_ref::<Dom>().closest(selector)
}

/// A side of the box of an element in the window, in px: `top`, `left`, ...
pub fn side(element: &Element, name: &str) -> f64 {
    element.unchecked_ref::<Dom>().rect().get(name).as_f64().unwrap_or_default()
}

/// Moves the focus.
pub fn focus(element: &Element) {
    element.unchecked_ref::<Dom>().focus();
}

/// Opens a dialog that the rest of the page waits for.
pub fn show_modal(dialog: &Element) {
    dialog.unchecked_ref::<Dom>().show_modal();
}

/// Closes such a dialog.
pub fn close(dialog: &Element) {
    dialog.unchecked_ref::<Dom>().close();
}

/// Puts a popover above everything, or takes it away. A browser without popovers shows it all the same, only not above everything.
pub fn pop(popover: &Element, is_open: bool) {
    let _ = popover.unchecked_ref::<Dom>().pop(is_open);
}

/// Gives an element a closed shadow tree with styles of its own.
pub fn shadow<const N: usize>(host: &Element, styles: [&str; N]) -> ShadowRoot {
    let root = host.unchecked_ref::<Dom>().attach(&ShadowRootInit::new(ShadowRootMode::Closed));
    let sheets = js_sys::Array::new();
    for style in styles {
        let sheet = Sheet::new();
        sheet.replace(style);
        sheets.push(&sheet);
    }
    root.set_adopted_style_sheets(&sheets.into());
    root
}

/// Gives an element a CSS property of its own.
pub fn set(element: &HtmlElement, property: &str, value: impl Into<JsValue>) {
    element.style().unchecked_ref::<Dom>().set_value(property, value.into());
}

/// Calls a function at each event of a kind.
pub fn listen(target: &EventTarget, kind: &str, run: &Function) {
    target.unchecked_ref::<Dom>().listen(kind, run);
}

/// A drawing on a square of 24, made of one line. It says nothing: the words beside it do.
pub fn icon(path: &str) -> Element {
    const SVG: &str = "http://www.w3.org/2000/svg";
    let document = document();
    let page = document.unchecked_ref::<Dom>();
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

/// Something outside the prompt that is listened to until this is dropped. What is inside goes with its listeners.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    run: Function,
}

impl Listener {
    /// Starts listening.
    pub fn new(target: &EventTarget, kind: &'static str, run: impl Fn(Event) + 'static) -> Listener {
        Listener::of(target.clone(), kind, &host::hearing(run))
    }

    /// The same with a function that listens to more than that.
    pub fn of(target: EventTarget, kind: &'static str, run: &Function) -> Listener {
        listen(&target, kind, run);
        Listener { target, kind, run: run.clone() }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.target.unchecked_ref::<Dom>().unlisten(self.kind, &self.run);
    }
}
