//! A few words and places to go: review platforms, communities. Each link opens in a tab of its own.

use super::Gesture;
use super::dom;
use super::frame::Frame;
use crate::clock::after;
use engine::Span;
use engine::prompt::{Link, Links};
use web_sys::HtmlElement;

/// Beside review platforms.
pub const STAR: &str = "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z";
/// Beside communities.
pub const BUBBLE: &str =
    "M20.5 11.5a8 8 0 0 1-8.5 7.5 9 9 0 0 1-3.4-.7L4 19.5l1.3-3.7a7 7 0 0 1-1.8-4.3A8 8 0 0 1 12 4a8 8 0 0 1 8.5 7.5z";
/// Leads out of the page.
const OUT: &str = "M8 16L17 7M9.5 7H17v7.5";

/// Fills the frame with words and links.
pub fn fill(frame: &mut Frame, links: &Links, path: &str) {
    frame.words(&links.heading, &links.body);
    let list = frame.add("div", "links", "");
    for link in &links.links {
        let Some(anchor) = anchor(frame, link, &link.url, true) else {
            continue;
        };
        dom::put(&anchor, &dom::icon(path));
        dom::put(&anchor, &dom::make("span", "", &link.label));
        dom::put(&anchor, &dom::icon(OUT));
        dom::put(&list, &anchor);
    }
    frame.actions(None, links.decline.as_deref());
}

/// A real link, unless its address could run something. `url` is where it leads, which may be more than the link says.
pub fn anchor(frame: &mut Frame, link: &Link, url: &str, is_outside: bool) -> Option<HtmlElement> {
    if !link.is_safe() {
        return None;
    }
    let anchor = dom::make("a", "", "");
    dom::say(&anchor, "href", url);
    if is_outside {
        dom::say(&anchor, "target", "_blank");
        dom::say(&anchor, "rel", "noopener");
    }
    let (tell, label) = (frame.tell, link.label.clone());
    let timer = frame.timer.clone();
    frame.on(&anchor, "click", move |_| {
        tell(Gesture::Followed(label.clone()));
        // Not at once: the browser is about to follow it.
        timer.replace(Some(after(Span(0), move || tell(Gesture::Finished))));
    });
    Some(anchor)
}
