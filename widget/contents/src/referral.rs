//! A link to give to others, which remembers whose it is, and perhaps a code to give along.

use crate::address::{absolute, encoded, with_param};
use crate::copy;
use engine::event::Action;
use engine::prompt::{Content, REFERRAL_PARAM, Referral};
use view::frame::Frame;
use view::words::own;
use view::{Did, Word, dom};

/// Fills the frame with the person's own link. `code` is theirs.
pub fn fill(frame: &mut Frame, content: &Content, referral: &Referral, code: &str) {
    frame.words(&referral.heading, &referral.body);
    let link = with_param(&absolute(&referral.url), REFERRAL_PARAM, &encoded(code));
    let name = content.event_name(Action::Clicked);
    let rows = [("Your link", Some(&link), "link"), ("Your code", referral.reward.as_ref(), "reward")];
    for (label, text, what) in rows {
        let Some(text) = text else { continue };
        let part = frame.add("div", "code", "");
        // Two rows that look alike have to be told apart; a single one explains itself.
        if referral.reward.is_some() {
            dom::put(&part, &dom::make("p", "label", &own(label)));
        }
        let class = if what == "link" { "coupon address" } else { "coupon" };
        // Only the link is what the log has a name for.
        let name = name.filter(|_| what == "link");
        copy::row(frame, &part, class, text, move || {
            Did::named(Action::Clicked, name, &[("copied", Word::Text(what))])
        });
    }
    frame.actions(None, referral.decline.as_deref());
}
