//! An offer: a picture, plans beside each other, a code to copy and its real end, one button.

use crate::address::{encoded, with_param};
use crate::countdown::Countdown;
use crate::words::{day, filled};
use crate::{copy, links, picture, plans};
use engine::Timestamp;
use engine::event::Action;
use engine::prompt::{Content, Coupon, Offer};
use view::clock::Clock;
use view::frame::Frame;
use view::words::own;
use view::{Did, dom};
use wasm_bindgen::prelude::*;

/// Fills the frame with the offer. What it gives back has to live as long as the frame.
pub fn fill(frame: &mut Frame, content: &Content, offer: &Offer, clock: Clock) -> Option<Countdown> {
    picture::put(frame, offer.image.as_ref());
    frame.words(&offer.heading, &offer.body);
    if !offer.plans.is_empty() {
        plans::fill(frame, content, offer);
    }
    let countdown = offer.coupon.as_ref().and_then(|coupon| fill_coupon(frame, content, coupon, clock));
    let main = offer.button.as_ref().and_then(|button| {
        let url = with_code(&button.url, offer);
        links::main(frame, content, button, &url)
    });
    frame.actions(main, offer.decline.as_deref());
    countdown
}

/// An address with the code in it, if the offer says where.
pub fn with_code(url: &str, offer: &Offer) -> String {
    match &offer.coupon {
        Some(Coupon { code, param: Some(param), .. }) => with_param(url, &encoded(param), &encoded(code)),
        _ => url.to_owned(),
    }
}

fn fill_coupon(frame: &mut Frame, content: &Content, coupon: &Coupon, clock: Clock) -> Option<Countdown> {
    let part = frame.add("div", "code", "");
    let name = content.event_name(Action::Clicked);
    let row = copy::row(frame, &part, "coupon", &coupon.code, move || Did::named(Action::Clicked, name, &[]));
    let ends = coupon.ends?;
    let line = dom::make("p", "until", &filled(&own("Valid until {}"), &[&last_day(ends, clock.now())]));
    dom::put(&part, &line);
    coupon.countdown.then(|| Countdown::start(&part, row, line, ends, clock))
}

/// The last day on which it is valid, and the year if that is not this one: the end is the first instant at
/// which it is not.
fn last_day(ends: Timestamp, now: Timestamp) -> String {
    let date = |at: Timestamp| js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    let (now, date) = (date(now), date(Timestamp(ends.0 - 1)));
    day(&date, date.get_full_year() != now.get_full_year(), None)
}
