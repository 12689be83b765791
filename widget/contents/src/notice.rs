//! Something worth knowing: what it is about as a small drawing, perhaps a picture, perhaps one thing to do.

use crate::{icons, links, picture};
use engine::prompt::{Content, Notice};
use view::dom;
use view::frame::{Frame, add_class};
use view::words::own;

/// Fills the frame with the notice.
pub fn fill(frame: &mut Frame, content: &Content, notice: &Notice) {
    picture::put(frame, notice.image.as_ref());
    let sign = dom::make("div", "sign", "");
    dom::put(&sign, &dom::icon(icons::of_purpose(notice.purpose)));
    let said = frame.words(&notice.heading, &notice.body);
    add_class(&said, "signed");
    let _ = said.insert_before(&sign, said.first_child().as_ref());
    let main = notice.button.as_ref().and_then(|button| links::main(frame, content, button, &button.url));
    let usual = (notice.decline.is_none() && main.is_none()).then(|| own("Got it"));
    frame.actions(main, notice.decline.as_deref().or(usual.as_deref()));
}
