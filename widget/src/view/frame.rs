//! What every prompt stands in: host element, closed shadow root, dialog or card or bar, the way out, keys and focus.
//!
//! Only a modal takes the focus, and gives it back. What is typed inside stays inside. The host element stands beside the
//! page's body, where no style and no script of the page counts its children.

use super::dom::{self, Listener};
use super::{Gesture, Tell, theme};
use crate::clock::after;
use crate::host::guarded;
use engine::Span;
use engine::prompt::{Corner, Edge, Placement};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, FocusEvent, HtmlElement, KeyboardEvent};

/// Made of `style.css` by `build.rs`.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

const CROSS: &str = "M6 6l12 12M18 6L6 18";

/// The id of the line that names the prompt.
const TITLE: &str = "t";

/// Room for one timer, which ends with the frame.
pub type Slot = Rc<RefCell<Option<Timeout>>>;

/// A prompt's frame. Gone from the page when dropped.
pub struct Frame {
    /// Where gestures go.
    pub tell: Tell,
    /// What contents are put into.
    pub panel: HtmlElement,
    host: HtmlElement,
    /// What the content waits for.
    pub timer: Slot,
    viewport: Option<Listener>,
    is_modal: bool,
    heading: String,
    soon: Option<Timeout>,
    /// What had the focus before it came in here.
    before: Rc<RefCell<Option<Element>>>,
}

impl Frame {
    /// An empty frame, not on the page yet.
    pub fn new(placement: Placement, tell: Tell) -> Frame {
        let is_modal = placement == Placement::Modal;
        let host = dom::make("waymark-prompt", "", "");
        let panel = dom::make(if is_modal { "dialog" } else { "div" }, "", "");
        let place = match placement {
            Placement::Modal => "modal",
            Placement::Corner(Corner::BottomEnd) => "card",
            Placement::Corner(Corner::BottomStart) => "card start",
            Placement::Corner(Corner::TopEnd) => "card top",
            Placement::Corner(Corner::TopStart) => "card top start",
            Placement::Bar(Edge::Bottom) => "bar",
            Placement::Bar(Edge::Top) => "bar top",
        };
        panel.set_class_name(place);
        if theme::is_dark() {
            add_class(&panel, "dark");
        }
        if !is_modal {
            dom::say(&panel, "role", "region");
            dom::say(&panel, "popover", "manual");
        }
        if let Some(body) = dom::document().body() {
            // What the page is written in and which way it runs; nothing else of its look comes in here.
            dom::set(&panel, "font-family", dom::style_of(&body, "font-family"));
            dom::say(&panel, "dir", &dom::style_of(&body, "direction"));
        }
        dom::say(&panel, "tabindex", "-1");
        dom::say(&panel, "aria-labelledby", TITLE);
        Frame {
            tell,
            panel,
            host,
            timer: Slot::default(),
            viewport: None,
            is_modal,
            heading: String::new(),
            soon: None,
            before: Rc::default(),
        }
    }

    /// Appends an element.
    pub fn add(&self, tag: &str, class: &str, text: &str) -> HtmlElement {
        let element = dom::make(tag, class, text);
        dom::put(&self.panel, &element);
        element
    }

    /// Appends the line that names the prompt, and what explains it. Screen readers say both when they appear.
    pub fn words(&mut self, heading: &str, body: &str) -> HtmlElement {
        self.heading = heading.to_owned();
        let words = self.add("div", "words", "");
        dom::say(&words, "aria-live", "polite");
        let title = dom::make("h2", "", heading);
        title.set_id(TITLE);
        dom::put(&words, &title);
        if !body.is_empty() {
            dom::put(&words, &dom::make("p", "", body));
        }
        words
    }

    /// Appends the end of it: what to do, if it is one thing, and the quiet way out.
    pub fn actions(&mut self, main: Option<HtmlElement>, decline: Option<&str>) {
        let actions = self.add("div", if main.is_some() { "actions sure" } else { "actions" }, "");
        if let Some(main) = main {
            dom::put(&actions, &main);
        }
        let button = self.button(&actions, "quiet", decline.unwrap_or("No thanks"));
        let tell = self.tell;
        self.on(&button, "click", move |_| tell(Gesture::Dismissed));
    }

    /// Appends a button to something in the frame.
    pub fn button(&self, into: &HtmlElement, class: &str, label: &str) -> HtmlElement {
        let button = dom::make("button", class, label);
        dom::say(&button, "type", "button");
        dom::put(into, &button);
        button
    }

    /// Listens to something in the frame, as long as it is there.
    pub fn on(&self, target: &HtmlElement, kind: &'static str, run: impl FnMut(Event) + 'static) {
        dom::listen(target, kind, &guarded(run));
    }

    /// Puts it on the page.
    pub fn open(&mut self) {
        let tell = self.tell;
        let close = self.button(&self.panel.clone(), "close", "");
        dom::say(&close, "aria-label", "Close");
        dom::put(&close, &dom::icon(CROSS));
        self.on(&close, "click", move |_| tell(Gesture::Dismissed));
        self.keep_inside();
        self.fit();

        let root = dom::shadow(&self.host, STYLE);
        dom::put(&root, &self.panel);
        if let Some(page) = dom::document().document_element() {
            dom::put(&page, &self.host);
        }
        self.announce();
        if self.is_modal {
            self.before.replace(dom::document().active_element());
            dom::show_modal(&self.panel);
            dom::focus(&self.panel);
        } else {
            // A browser without popovers shows it all the same, only not above everything.
            let _ = self.panel.show_popover();
        }
    }

    /// Says to screen readers what has come, as a modal does by itself: a region speaks when its text changes, not when it appears.
    fn announce(&mut self) {
        if self.is_modal {
            return;
        }
        let status = self.add("div", "said", "");
        dom::say(&status, "role", "status");
        let heading = self.heading.clone();
        self.soon = Some(after(Span(150), move || status.set_text_content(Some(&heading))));
    }

    /// Keys typed inside are no shortcuts of the page, and its focus traps need not see that the focus is here. Escape closes.
    fn keep_inside(&mut self) {
        let (tell, panel, is_modal) = (self.tell, self.panel.clone(), self.is_modal);
        let around = panel.clone();
        let escape = Rc::new(Cell::new(false));
        let pressed = escape.clone();
        self.on(&panel, "keyup", move |event| {
            event.stop_propagation();
            if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" && escape.take() {
                tell(Gesture::Dismissed);
            }
        });
        self.on(&panel, "keydown", move |event| {
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
        self.on(&panel, "cancel", move |event| {
            event.prevent_default();
            tell(Gesture::Dismissed);
        });
        let (inside, before) = (self.panel.clone(), self.before.clone());
        self.on(&panel, "focusin", move |event| {
            event.stop_propagation();
            let from =
                event.unchecked_ref::<FocusEvent>().related_target().map(|from| from.unchecked_into::<Element>());
            if from.as_ref().is_some_and(|from| !inside.contains(Some(from))) {
                before.replace(from);
            }
        });
        for kind in ["keypress", "input", "focusout"] {
            self.on(&panel, kind, |event| event.stop_propagation());
        }
    }

    /// On a phone it is a sheet: low until it is touched, and above the keyboard.
    fn fit(&mut self) {
        let panel = self.panel.clone();
        self.on(&panel.clone(), "click", move |_| add_class(&panel, "touched"));
        let window = dom::window();
        let Some(viewport) = window.visual_viewport() else {
            return;
        };
        let (panel, seen) = (self.panel.clone(), viewport.clone());
        self.viewport = Some(Listener::new(&viewport, "resize", move |_| {
            let covered = dom::height() - seen.height() - seen.offset_top();
            // Enlarged by two fingers, the page is moved about in; the sheet stays where it is.
            let lift = if seen.scale() > 1.0 { 0.0 } else { covered.max(0.0) };
            dom::set(&panel, "--lift", lift);
        }));
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let had_focus =
            dom::document().active_element().is_some_and(|active| active == *self.host.unchecked_ref::<Element>());
        self.timer.take();
        self.host.remove();
        // A modal had it all to itself, even while it was on nothing.
        if (had_focus || self.is_modal)
            && let Some(before) = self.before.take()
        {
            dom::focus(&before);
        }
    }
}

/// Moves the focus from one end of a modal to the other. Browsers would take it out of the page there, and keys with it.
fn go_round(panel: &HtmlElement, from: Option<EventTarget>, is_back: bool) -> bool {
    let Some(last) = dom::find(panel, ".close") else { return false };
    let first = dom::find(panel, "[tabindex='0'], a, .coupon button").unwrap_or_else(|| last.clone());
    let is = |element: &HtmlElement| from.as_ref().is_some_and(|from| from == element.unchecked_ref::<EventTarget>());
    let (leaves, to) = if is_back { (is(&first) || is(panel), last) } else { (is(&last), first) };
    if leaves {
        dom::focus(&to);
    }
    leaves
}

/// Adds a class, once.
pub fn add_class(element: &HtmlElement, class: &str) {
    let before = element.class_name();
    if !before.ends_with(class) {
        element.set_class_name(&[&before, " ", class].concat());
    }
}
