//! A prompt that stands in the page: it comes and goes with the element that it is put into.
//!
//! A page that builds itself anew takes the element away and brings another; a page that writes over what is inside takes the
//! prompt away alone. Both end with the prompt in the element that the selector means then.

use engine::Span;
use view::clock::after;
use view::dom;
use view::frame::Slot;
use view::host::guarded;
use view::watch::Watch;
use web_sys::HtmlElement;

/// Until a page has come to rest. It may change a thousand times at once, or take away whatever it did not put there.
const REST: Span = Span(50);

/// Keeps the host of a prompt in the element that a selector means.
pub fn stay(selector: &str, host: &HtmlElement) -> Option<Watch> {
    let page = dom::document().document_element()?;
    dom::say(host, "inline", "");
    let (selector, host, timer) = (selector.to_owned(), host.clone(), Slot::default());
    let look = move |_| {
        if host.is_connected() || timer.borrow().is_some() {
            return;
        }
        let (selector, host, waiting) = (selector.clone(), host.clone(), timer.clone());
        timer.replace(Some(after(REST, move || {
            waiting.take();
            if let Some(place) = dom::find_in_page(&selector) {
                dom::put(&place, &host);
            }
        })));
    };
    Some(Watch::tree(&page, &guarded(look)))
}
