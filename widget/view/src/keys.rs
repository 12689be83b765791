//! The keyboard and the focus. What is typed inside stays inside: keys are no shortcuts of the page, and its focus traps need not
//! see that the focus is here. Only a modal takes the focus, and gives it back.

use crate::dom;
use crate::frame::{Before, Frame};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, FocusEvent, HtmlElement, KeyboardEvent};

/// What can be reached by Tab, as far as its tab index does not say otherwise.
const STOPS: &str = "a,button,input,select,textarea,iframe,video,summary,[tabindex]";

/// Keeps keys and focus inside `skin`, which holds all that is ours. Escape does `leave`; `before` is what had the focus before.
pub fn keep(frame: &Frame, skin: &HtmlElement, before: &Before, leave: &Rc<dyn Fn()>) {
    let is_modal = frame.is_modal();
    let escape = Rc::new(Cell::new(false));
    let (pressed, out) = (escape.clone(), leave.clone());
    frame.on(skin, "keyup", move |event| {
        event.stop_propagation();
        if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" && escape.take() {
            out();
        }
    });
    let around = frame.panel.clone();
    frame.on(skin, "keydown", move |event| {
        event.stop_propagation();
        let key: &KeyboardEvent = event.unchecked_ref();
        match key.key().as_str() {
            // It goes when the key does: the page, which has the focus then, is not to hear of a key it never saw pressed.
            "Escape" => {
                event.prevent_default();
                pressed.set(!key.is_composing());
            }
            "Tab" if is_modal && go_round(&around, event.target(), key.shift_key()) => event.prevent_default(),
            _ => {}
        }
    });
    // A modal's Escape may come from elsewhere than the keyboard: a gesture of the system.
    let out = leave.clone();
    frame.on(&frame.panel, "cancel", move |event| {
        event.prevent_default();
        out();
    });
    let (inside, before) = (skin.clone(), before.clone());
    frame.on(skin, "focusin", move |event| {
        event.stop_propagation();
        let from = event.unchecked_ref::<FocusEvent>().related_target().map(|from| from.unchecked_into::<Element>());
        if from.as_ref().is_some_and(|from| !inside.contains(Some(from))) {
            before.replace(from);
        }
    });
    for kind in ["keypress", "input", "focusout"] {
        frame.on(skin, kind, |event| event.stop_propagation());
    }
}

/// Moves the focus from one end of a modal to the other. Browsers would take it out of the page there, and keys with it.
fn go_round(panel: &HtmlElement, from: Option<EventTarget>, is_back: bool) -> bool {
    let stops = dom::all(panel, STOPS);
    let mut stops = stops.iter().filter(|stop| stop.tab_index() >= 0 && stop.offset_height() > 0);
    let (Some(first), last) = (stops.next(), stops.next_back()) else { return false };
    let last = last.unwrap_or(first);
    let is = |element: &HtmlElement| from.as_ref().is_some_and(|from| from == element.unchecked_ref::<EventTarget>());
    let (leaves, to) = if is_back { (is(first) || is(panel), last) } else { (is(last), first) };
    if leaves {
        dom::focus(to);
    }
    leaves
}
