//! The page that a walkthrough goes through: its elements, and whatever may move them. Nothing is asked again and again; the browser
//! says when something changed, and once a frame is enough.

use super::place::Area;
use js_sys::Function;
use std::cell::Cell;
use std::rc::Rc;
use view::dom;
use view::host::{guarded, hearing};
use view::{Word, say};
use wasm_bindgen::prelude::*;
use web_sys::{Element, EventTarget};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = MutationObserver)]
    type Observer;
    #[wasm_bindgen(constructor, js_class = "MutationObserver")]
    fn new(run: &Function) -> Observer;
    #[wasm_bindgen(method)]
    fn observe(this: &Observer, target: &JsValue, options: &JsValue);
    #[wasm_bindgen(method)]
    fn disconnect(this: &Observer);

    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn next_frame(run: &Function);

    // Listening on the way down: what scrolls inside the page, or was loaded in it, does not bubble.
    type Target;
    #[wasm_bindgen(method, js_name = addEventListener)]
    fn listen(this: &Target, kind: &str, run: &Function, capture: bool);
    #[wasm_bindgen(method, js_name = removeEventListener)]
    fn unlisten(this: &Target, kind: &str, run: &Function, capture: bool);

    type Found;
    #[wasm_bindgen(method, js_name = scrollIntoView)]
    fn scroll(this: &Found, options: &JsValue);
    #[wasm_bindgen(method)]
    fn closest(this: &Found, selector: &str) -> Option<Element>;

    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;
    type Window;
    #[wasm_bindgen(method, getter, js_name = innerWidth)]
    fn inner_width(this: &Window) -> f64;
}

/// What may move an element without changing the document, or put the card away and bring it back.
const MOVES: [&str; 6] = ["scroll", "resize", "load", "transitionend", "click", "keyup"];

/// Watches the page until it is dropped.
pub struct Watch {
    observer: Observer,
    later: Function,
}

impl Watch {
    /// Calls `run` in the frame after something may have moved, come or gone.
    pub fn new(run: impl Fn() + 'static) -> Watch {
        let is_waiting = Rc::new(Cell::new(false));
        let waits = is_waiting.clone();
        let frame = guarded(move |_| {
            waits.set(false);
            run();
        });
        let later = guarded(move |_| {
            if !is_waiting.replace(true) {
                next_frame(&frame);
            }
        });
        let observer = Observer::new(&later);
        let all = ["childList", "subtree", "attributes"].map(|name| (name, Word::Flag(true)));
        observer.observe(&dom::document(), &say(&all));
        MOVES.iter().for_each(|kind| window().listen(kind, &later, true));
        Watch { observer, later }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
        MOVES.iter().for_each(|kind| window().unlisten(kind, &self.later, true));
    }
}

/// Clicks on the page, heard before the page hears them.
pub struct Clicks {
    run: Function,
}

impl Clicks {
    /// Calls `run` with what was clicked.
    pub fn new(run: impl Fn(EventTarget) + 'static) -> Clicks {
        let run = hearing(move |event| {
            if let Some(target) = event.target() {
                run(target);
            }
        });
        window().listen("click", &run, true);
        Clicks { run }
    }
}

impl Drop for Clicks {
    fn drop(&mut self) {
        window().unlisten("click", &self.run, true);
    }
}

/// The first element that a selector means, if it takes up room on the page.
pub fn find(selector: &str) -> Option<Element> {
    dom::find_in_page(selector).map(Element::from).filter(|found| area(found).is_some_room())
}

/// Where an element is in the window.
pub fn area(of: &Element) -> Area {
    let [left, top, width, height] = ["left", "top", "width", "height"].map(|name| dom::side(of, name));
    Area { left, top, width, height }
}

/// The size of the window.
pub fn size() -> (f64, f64) {
    (WINDOW.with(Window::inner_width), dom::height())
}

/// Brings an element into the middle of the window, without motion for those who asked for none.
pub fn scroll_to(element: &Element) {
    let behavior = if dom::matches("(prefers-reduced-motion: reduce)") { "instant" } else { "smooth" };
    let options = [("block", "center"), ("inline", "nearest"), ("behavior", behavior)];
    element.unchecked_ref::<Found>().scroll(&say(&options.map(|(name, value)| (name, Word::Text(value)))));
}

/// Whether pressing an element does something by itself.
pub fn is_pressed(element: &Element) -> bool {
    const PRESSED: &str = "a,button,summary,[role=button],[role=link],[role=tab],[role=menuitem]";
    element.unchecked_ref::<Found>().closest(PRESSED).is_some()
}

fn window() -> Target {
    dom::window().unchecked_into()
}
