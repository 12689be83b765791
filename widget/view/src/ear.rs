//! Whatever the browser tells of a prompt comes in here: one function is all that listens, since each further one would be paid for by
//! every visitor.
//!
//! What is typed inside stays inside: keys are no shortcuts of the page, and its focus traps need not see that the focus is here. Only a
//! modal takes the focus, and gives it back.

use crate::clock::after;
use crate::dom;
use crate::frame::{Before, Slot, add_class};
use crate::look::Look;
use crate::read::{field, members};
use crate::scheme;
use crate::{Did, Gesture, Tell};
use engine::Span;
use engine::event::Action;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, FocusEvent, HtmlElement, KeyboardEvent, VisualViewport};

/// What can be reached by Tab, as far as its tab index does not say otherwise.
const STOPS: &str = "a,button,input,select,textarea,iframe,video,summary,[tabindex]";

/// How long it takes to see what it is.
const LOOK: Span = Span(1_000);

/// A page may change its attributes with each frame, and a ground its colour slowly: looked at soon, and again when it has faded.
const SOON: Span = Span(50);
const FADED: Span = Span(600);

/// A content that wants to hear of clicks and keys in its prompt.
pub trait Hears {
    /// Something was clicked, or a key pressed.
    fn hear(self: Rc<Self>, event: &Event);
}

/// The prompt, as far as it listens.
pub(crate) struct Ear {
    pub tell: Tell,
    pub panel: HtmlElement,
    /// Around all that is ours: it has the tokens of the look.
    pub skin: HtmlElement,
    /// What it stands on.
    pub ground: Element,
    pub look: Look,
    pub is_modal: bool,
    pub before: Before,
    /// What closing means; nothing: that it is over.
    pub leave: Option<Rc<dyn Fn()>>,
    pub content: Option<Rc<dyn Hears>>,
    pub viewport: Option<VisualViewport>,
    /// The other ways out, and the button that shows them.
    pub others: Option<[HtmlElement; 2]>,
    pub state: State,
}

/// What was heard so far.
#[derive(Default)]
pub(crate) struct State {
    is_escaping: Cell<bool>,
    is_in_sight: Cell<bool>,
    is_viewed: Cell<bool>,
    is_dark: Cell<Option<bool>>,
    viewing: Slot,
    soon: Slot,
    faded: Slot,
}

impl Ear {
    /// Something was told: an event, or by an observer a list.
    pub fn hear(self: &Rc<Self>, told: &JsValue) {
        if let Some(last) = members(told).pop() {
            return match field(&last, "intersectionRatio").as_f64() {
                Some(ratio) => {
                    self.state.is_in_sight.set(ratio >= 0.5);
                    self.view();
                }
                None => self.follow(),
            };
        }
        let event: &Event = told.unchecked_ref();
        let target = event.target().unwrap_or_else(|| JsValue::NULL.unchecked_into());
        match event.type_().as_str() {
            "visibilitychange" => return self.view(),
            "change" => return self.follow(),
            "resize" | "scroll" => {
                if target == *self.panel.unchecked_ref::<EventTarget>() {
                    add_class(&self.panel, "touched");
                }
                return self.lift();
            }
            // A modal's Escape may come from elsewhere than the keyboard: a gesture of the system.
            "cancel" => {
                event.prevent_default();
                return self.leave();
            }
            "click" => {
                add_class(&self.panel, "touched");
                if let Some(button) = dom::closest(&target, "button") {
                    self.press(&button.id());
                }
            }
            "keydown" => self.key(event.unchecked_ref(), &target),
            "keyup" => {
                event.stop_propagation();
                if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" && self.state.is_escaping.take() {
                    self.leave();
                }
                return;
            }
            kind => {
                event.stop_propagation();
                let from = event.unchecked_ref::<FocusEvent>().related_target();
                if let Some(from) = from.filter(|_| kind == "focusin").map(|from| from.unchecked_into::<Element>())
                    && !self.skin.contains(Some(&from))
                {
                    self.before.replace(Some(from));
                }
                return;
            }
        }
        if let Some(content) = &self.content {
            content.clone().hear(event);
        }
    }

    /// A button that each prompt has, by its id.
    fn press(&self, id: &str) {
        match (id, &self.others) {
            ("close", _) => self.leave(),
            ("decline", _) => (self.tell)(Gesture::Dismissed),
            ("more", Some([others, more])) => {
                let is_away = dom::flip(others, "away");
                dom::say(more, "aria-expanded", if is_away { "false" } else { "true" });
            }
            ("snoozed" | "declined" | "muted", _) => {
                if let Some(action) = Action::parse(id) {
                    (self.tell)(Did::plain(action));
                    (self.tell)(Gesture::Finished);
                }
            }
            _ => {}
        }
    }

    fn key(&self, key: &KeyboardEvent, target: &EventTarget) {
        key.stop_propagation();
        match key.key().as_str() {
            // It goes when the key does: the page, which has the focus then, is not to hear of a key it never saw pressed.
            "Escape" => {
                key.prevent_default();
                self.state.is_escaping.set(!key.is_composing());
            }
            "Tab" if self.is_modal && go_round(&self.panel, target, key.shift_key()) => key.prevent_default(),
            _ => {}
        }
    }

    fn leave(&self) {
        match &self.leave {
            Some(leave) => leave(),
            None => (self.tell)(Gesture::Dismissed),
        }
    }

    /// Tells once that somebody had a chance to read it: half of it in sight, for a second, on a page that is in front.
    fn view(self: &Rc<Self>) {
        self.state.viewing.take();
        if self.state.is_in_sight.get() && !self.state.is_viewed.get() && !dom::document().hidden() {
            let ear = self.clone();
            self.state.viewing.replace(Some(after(LOOK, move || {
                if !ear.state.is_viewed.replace(true) {
                    (ear.tell)(Did::plain(Action::Viewed));
                }
            })));
        }
    }

    /// Above the keyboard everywhere.
    fn lift(&self) {
        if let Some(seen) = &self.viewport {
            let covered = dom::height() - seen.height() - seen.offset_top();
            // Enlarged by two fingers, the page is moved about in; the sheet stays where it is.
            let lift = if seen.scale() > 1.0 { 0.0 } else { covered.max(0.0) };
            dom::set(&self.skin, "--lift", lift);
        }
    }

    /// Light or dark, as the page is or as it is to be.
    pub fn paint(&self) {
        let is_dark = self.look.is_dark().unwrap_or_else(|| scheme::is_dark(&self.ground));
        if self.state.is_dark.replace(Some(is_dark)) != Some(is_dark) {
            dom::class(&self.skin, "dark", is_dark);
        }
    }

    /// The page has changed in a way that may make it dark or light.
    fn follow(self: &Rc<Self>) {
        for (slot, span) in [(&self.state.soon, SOON), (&self.state.faded, FADED)] {
            // What changes all the time is not to put it off for ever.
            if slot.borrow().is_none() {
                let ear = self.clone();
                slot.replace(Some(after(span, move || {
                    [&ear.state.soon, &ear.state.faded][usize::from(span == FADED)].take();
                    ear.paint();
                })));
            }
        }
    }
}

impl State {
    /// Nothing is waited for any more.
    pub fn end(&self) {
        [&self.viewing, &self.soon, &self.faded].into_iter().for_each(|slot| drop(slot.take()));
    }
}

/// Moves the focus from one end of a modal to the other. Browsers would take it out of the page there, and keys with it.
fn go_round(panel: &HtmlElement, from: &EventTarget, is_back: bool) -> bool {
    let stops = dom::all(panel, STOPS);
    let mut stops = stops.iter().filter(|stop| stop.tab_index() >= 0 && stop.offset_height() > 0);
    let (Some(first), last) = (stops.next(), stops.next_back()) else { return false };
    let last = last.unwrap_or(first);
    let is = |element: &HtmlElement| from == element.unchecked_ref::<EventTarget>();
    let (leaves, to) = if is_back { (is(first) || is(panel), last) } else { (is(last), first) };
    if leaves {
        dom::focus(to);
    }
    leaves
}
