//! A text to pass on: it can be read before, and goes to where the visitor chooses. The prompt stays: one may choose several.

use crate::address::{absolute, encoded};
use crate::{copy, icons, links};
use engine::event::Action;
use engine::prompt::{Content, Share, ShareTo};
use view::frame::Frame;
use view::words::own;
use view::{Did, Word, dom};

/// Fills the frame with the text and the ways to pass it on.
pub fn fill(frame: &mut Frame, content: &Content, share: &Share) {
    frame.words(&share.heading, &share.body);
    let url = absolute(&share.url);
    let quote = frame.add("blockquote", "quote", "");
    dom::put(&quote, &dom::make("p", "", &share.text));
    // An address reads from left to right also on a page that does not.
    dom::put(&quote, &dom::make("bdi", "", &url));
    let ways = frame.add("ul", "ways", "");
    let name = content.event_name(Action::Converted);
    for way in &share.to {
        let item = dom::make("li", "", "");
        dom::put(&ways, &item);
        let (key, address) = target(*way, &encoded(&share.text), &encoded(&url));
        let said = move || Did::named(Action::Converted, name, &[("to", Word::Text(key))]);
        let Some((label, address)) = address else {
            let all = [&share.text, " ", &url].concat();
            copy::button(frame, &item, &own("Copy the text"), all, quote.clone(), said);
            continue;
        };
        let anchor = links::bare(&address, true);
        dom::put(&anchor, &dom::make("span", "", label));
        dom::put(&anchor, &dom::icon(icons::OUT));
        let tell = frame.tell;
        frame.on(&anchor, "click", move |_| tell(said()));
        dom::put(&item, &anchor);
    }
    frame.actions(None, share.decline.as_deref());
}

/// What the log calls a way; its name and address where it is a page of somebody's. Two of them take an address only, and write the text
/// from what they find there.
fn target(way: ShareTo, text: &str, url: &str) -> (&'static str, Option<(&'static str, String)>) {
    let [x, linkedin, facebook] = ["X", "LinkedIn", "Facebook"];
    match way {
        ShareTo::X => ("x", Some((x, ["https://x.com/intent/post?text=", text, "&url=", url].concat()))),
        ShareTo::LinkedIn => {
            ("linkedin", Some((linkedin, ["https://www.linkedin.com/sharing/share-offsite/?url=", url].concat())))
        }
        ShareTo::Facebook => {
            ("facebook", Some((facebook, ["https://www.facebook.com/sharer/sharer.php?u=", url].concat())))
        }
        ShareTo::Copy => ("copy", None),
    }
}
