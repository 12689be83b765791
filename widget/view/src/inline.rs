//! A prompt that stands in the page: it comes and goes with the element that it is put into.
//!
//! A page that builds itself anew takes the element away and brings another; a page that writes over what is inside takes the
//! prompt away alone. Both end with the prompt in the element that the selector means then.

use crate::clock::after;
use crate::dom;
use crate::frame::Slot;
use crate::watch::Watch;
use engine::Span;
use web_sys::HtmlElement;

/// Until a page has come to rest. It may change a thousand times at once, or take away whatever it did not put there.
const REST: Span = Span(50);

/// The element that a selector means, if it is on the page. One that is no selector means nothing.
pub fn place(selector: &str) -> Option<HtmlElement> {
    dom::find_in_page(selector)
}

/// Keeps the host of a prompt in that element.
pub fn stay(selector: &str, host: &HtmlElement) -> Option<Watch> {
    let page = dom::document().document_element()?;
    let (selector, host, timer) = (selector.to_owned(), host.clone(), Slot::default());
    Some(Watch::tree(&page, move || {
        if host.is_connected() || timer.borrow().is_some() {
            return;
        }
        let (selector, host, waiting) = (selector.clone(), host.clone(), timer.clone());
        timer.replace(Some(after(REST, move || {
            waiting.take();
            if let Some(place) = place(&selector) {
                dom::put(&place, &host);
            }
        })));
    }))
}
