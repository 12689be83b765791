//! The elements that are watched: whether they come into view, whether they are there at all. The browser tells; nobody asks again
//! and again.

use crate::moments;
use engine::Span;
use engine::rule::Inside;
use gloo_timers::callback::Timeout;
use inside::InPage;
use js_sys::Function;
use view::clock::after;
use view::host::guarded;
use view::{Word, dom, say};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Node};

/// A page may change a thousand times at once.
const REST: Span = Span(100);

/// Of so many elements that a selector means it is watched whether they come into view.
const MOST: u32 = 50;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = MutationObserver)]
    type Changes;
    #[wasm_bindgen(constructor, js_class = "MutationObserver")]
    fn new(run: &Function) -> Changes;

    #[wasm_bindgen(js_name = IntersectionObserver)]
    type Sights;
    #[wasm_bindgen(constructor, js_class = "IntersectionObserver")]
    fn new(run: &Function) -> Sights;

    // What the two have in common.
    type Observer;
    #[wasm_bindgen(method)]
    fn observe(this: &Observer, target: &Node, options: &JsValue);
    #[wasm_bindgen(method)]
    fn disconnect(this: &Observer);
}

/// What is watched, until it is dropped.
#[derive(Default)]
pub struct Eyes {
    /// Elements to come into view.
    sights: Vec<String>,
    /// Elements to come or to go, and whether they were there.
    elements: Vec<(String, bool)>,
    sighted: Option<Observer>,
    changed: Option<Observer>,
    rest: Option<Timeout>,
}

impl Eyes {
    /// Watches these, and nothing else any more.
    pub fn watch(&mut self, sights: &[String], elements: &[String]) {
        if self.sights != sights
            && let Some(sighted) = self.sighted.take()
        {
            sighted.disconnect();
        }
        self.sights = sights.to_vec();
        self.elements = elements.iter().map(|selector| (selector.clone(), InPage.has_element(selector))).collect();
        self.look();
    }

    /// The page is changing: it is looked at when it has come to rest.
    pub fn rest(&mut self) {
        if let Some(changed) = &self.changed {
            changed.disconnect();
        }
        self.rest = Some(after(REST, moments::rest));
    }

    /// Looks at the page again. Whether elements have come or gone.
    pub fn look_again(&mut self) -> bool {
        self.rest = None;
        self.look();
        self.elements.iter().any(|(selector, was_there)| InPage.has_element(selector) != *was_there)
    }

    fn look(&mut self) {
        let document = dom::document();
        if !self.sights.is_empty() {
            let sighted = self.sighted.get_or_insert_with(|| {
                let tell = |entries: JsValue| moments::sight(&entries);
                Sights::new(&guarded(tell)).unchecked_into()
            });
            for selector in &self.sights {
                // Those that are watched already stay so.
                let Ok(found) = document.query_selector_all(selector) else { continue };
                (0..found.length().min(MOST))
                    .filter_map(|at| found.item(at))
                    .for_each(|one| sighted.observe(&one, &JsValue::UNDEFINED));
            }
        }
        if self.sights.is_empty() && self.elements.is_empty() {
            if let Some(changed) = self.changed.take() {
                changed.disconnect();
            }
            self.rest = None;
        } else if self.rest.is_none() {
            let changed =
                self.changed.get_or_insert_with(|| Changes::new(&guarded(|_| moments::change())).unchecked_into());
            let options = ["childList", "subtree", "attributes"].map(|kind| (kind, Word::Flag(true)));
            changed.observe(&document, &say(&options));
        }
    }
}

impl Drop for Eyes {
    fn drop(&mut self) {
        self.sighted.iter().chain(&self.changed).for_each(Observer::disconnect);
    }
}

/// Whether an element is one that the selector means. Whatever else there is in a page is none.
pub fn is_meant(node: &JsValue, selector: &str) -> bool {
    node.unchecked_ref::<Element>().matches(selector) == Ok(true)
}
