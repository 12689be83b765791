//! An offer: a code to copy, its real end, one button.

use super::dom;
use super::frame::Frame;
use super::links::anchor;
use super::{Gesture, Tell};
use crate::host;
use engine::Timestamp;
use engine::prompt::{Coupon, Offer};
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    type Promise;
    #[wasm_bindgen(method, js_name = then)]
    fn settle(this: &Promise, done: &Function, failed: &Function) -> Promise;

    type Editor;
    #[wasm_bindgen(method, js_name = execCommand)]
    fn exec(this: &Editor, command: &str) -> bool;

    // As in js-sys, but some pages name a language that is none, and then it throws.
    type Day;
    #[wasm_bindgen(method, catch, js_name = toLocaleDateString)]
    fn write(this: &Day, language: Option<&str>, options: &JsValue) -> Result<String, JsValue>;
}

/// Fills the frame with the offer.
pub fn fill(frame: &mut Frame, offer: &Offer) {
    frame.words(&offer.heading, &offer.body);
    if let Some(coupon) = &offer.coupon {
        fill_coupon(frame, coupon);
    }
    let param = offer.coupon.as_ref().and_then(|coupon| Some((coupon.param.as_deref()?, coupon.code.as_str())));
    let url = match param {
        Some((name, code)) => with_param(&offer.button.url, &encoded(name), &encoded(code)),
        None => offer.button.url.clone(),
    };
    let is_outside = is_outside(&url, &dom::origin());
    let main = anchor(frame, &offer.button, &url, is_outside);
    if let Some(main) = &main {
        main.set_class_name("main");
        main.set_text_content(Some(&offer.button.label));
    }
    frame.actions(main, offer.decline.as_deref());
}

fn fill_coupon(frame: &mut Frame, coupon: &Coupon) {
    let row = frame.add("div", "coupon", "");
    let code = dom::make("code", "", "");
    // A code reads the same way wherever it stands: `SAVE-20%` is not `%SAVE-20` on a page from right to left.
    dom::put(&code, &dom::make("bdi", "", &coupon.code));
    dom::put(&row, &code);
    let copy = frame.button(&row, "", "Copy");
    dom::say(&copy, "aria-live", "polite");
    let (tell, text, button) = (frame.tell, coupon.code.clone(), copy.clone());
    frame.on(&copy, "click", move |_| copy_code(tell, &text, &code, &button));
    if let Some(ends) = coupon.ends {
        frame.add("p", "ends", &("Valid until ".to_owned() + &last_day(ends)));
    }
}

/// Copies the code, by the clipboard or, where that is not to be had, the way it was done before.
fn copy_code(tell: Tell, text: &str, code: &HtmlElement, button: &HtmlElement) {
    let (done, failed) = (button.clone(), button.clone());
    let code = code.clone();
    let copied = host::guarded(move |_| done.set_text_content(Some("Copied")));
    let selected = host::guarded(move |_| {
        if let Ok(Some(selection)) = dom::window().get_selection() {
            let _ = selection.select_all_children(&code);
        }
        let is_copied = dom::document().unchecked_ref::<Editor>().exec("copy");
        failed.set_text_content(Some(if is_copied { "Copied" } else { "Selected" }));
    });
    match dom::clipboard() {
        Some(clipboard) => {
            clipboard.write_text(text).unchecked_ref::<Promise>().settle(&copied, &selected);
        }
        None => {
            let _ = selected.call0(&JsValue::NULL);
        }
    }
    tell(Gesture::Copied);
}

/// The last day on which it is valid, in the page's language: the end is the first instant at which it is not.
fn last_day(ends: Timestamp) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64((ends.0 - 1) as f64));
    let options = js_sys::Object::new();
    for (name, value) in [("day", "numeric"), ("month", "long")] {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    let day: &Day = date.unchecked_ref();
    day.write(Some(&dom::language()), &options).or_else(|_| day.write(None, &options)).unwrap_or_default()
}

fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// The address with a parameter more, before its fragment.
fn with_param(url: &str, name: &str, value: &str) -> String {
    let (rest, hash) = match url.find('#') {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    let joint = if rest.contains('?') { "&" } else { "?" };
    [rest, joint, name, "=", value, hash].concat()
}

/// Whether an address leads off the site: those open in a tab of their own. Mail and telephone leave the page where it is.
fn is_outside(url: &str, origin: &str) -> bool {
    let own = url.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    url.len() > 4 && url.as_bytes()[..4].eq_ignore_ascii_case(b"http") && !own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_goes_into_the_address() {
        for (url, expected) in [
            ("/plan", "/plan?coupon=A"),
            ("/plan?plan=team", "/plan?plan=team&coupon=A"),
            ("/plan?plan=team#pay", "/plan?plan=team&coupon=A#pay"),
            ("https://shop.example#/plan", "https://shop.example?coupon=A#/plan"),
        ] {
            assert_eq!(with_param(url, "coupon", "A"), expected, "{url}");
        }
    }

    #[test]
    fn only_other_sites_open_in_a_tab_of_their_own() {
        for (url, expected) in [
            ("/plan", false),
            ("?plan=team", false),
            ("https://shop.example/plan", false),
            ("https://shop.example", false),
            ("https://shop.example.evil/plan", true),
            ("HTTPS://other.example/", true),
            ("mailto:a@b.example", false),
        ] {
            assert_eq!(is_outside(url, "https://shop.example"), expected, "{url}");
        }
    }
}
