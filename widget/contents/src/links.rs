//! A few words and places to go: review platforms, communities. Each link opens in a tab of its own.

use crate::address::{is_outside, with_campaign};
use crate::icons;
use crate::person::as_written;
use engine::Span;
use engine::event::Action;
use engine::prompt::{Content, Link, Links};
use view::clock::after;
use view::frame::Frame;
use view::{Did, Gesture, Word, dom};
use web_sys::HtmlElement;

/// Fills the frame with words and links; `icon` draws what stands beside an address.
pub fn fill(frame: &mut Frame, content: &Content, links: &Links, icon: fn(&str) -> &'static str) {
    frame.words(&links.heading, &links.body);
    let list = frame.add("ul", "links", "");
    for link in &links.links {
        let Some(anchor) = anchor(frame, content, link, &link.url, true) else {
            continue;
        };
        let label = dom::make("span", "", &link.label);
        for part in [&dom::icon(icon(&link.url)), &label, &dom::icon(icons::OUT)] {
            dom::put(&anchor, part);
        }
        let item = dom::make("li", "", "");
        dom::put(&item, &anchor);
        dom::put(&list, &item);
    }
    frame.actions(None, links.decline.as_deref());
}

/// The one thing to do, as a link that looks like a button. Leads off the site in a tab of its own.
pub fn main(frame: &mut Frame, content: &Content, link: &Link, url: &str) -> Option<HtmlElement> {
    let main = anchor(frame, content, link, url, is_outside(url, &dom::origin()))?;
    main.set_class_name("main");
    main.set_text_content(Some(&link.label));
    Some(main)
}

/// A real link, unless its address could run something. `url` is where it leads, which may be more than the link says. Following it is
/// what the prompt is for.
pub fn anchor(frame: &mut Frame, content: &Content, link: &Link, url: &str, is_outside: bool) -> Option<HtmlElement> {
    if !link.is_safe() {
        return None;
    }
    let anchor = bare(url, is_outside);
    let (tell, label) = (frame.tell, as_written(&link.label));
    let name = content.event_name(Action::Converted);
    let timer = frame.timer.clone();
    frame.on(&anchor, "click", move |_| {
        tell(Did::named(Action::Converted, name, &[("link", Word::Text(&label))]));
        // Not at once: the browser is about to follow it.
        timer.replace(Some(after(Span(0), move || tell(Gesture::Finished))));
    });
    Some(anchor)
}

/// A link of which nobody hears, off the site in a tab of its own. Its address has been found safe.
pub fn bare_here(url: &str) -> HtmlElement {
    bare(url, is_outside(url, &dom::origin()))
}

/// A link of which nobody hears. Its address has been found safe.
pub fn bare(url: &str, is_outside: bool) -> HtmlElement {
    let anchor = dom::make("a", "", "");
    dom::say(&anchor, "href", &with_campaign(url));
    if is_outside {
        dom::say(&anchor, "target", "_blank");
        dom::say(&anchor, "rel", "noopener");
    }
    anchor
}
