//! The other ways out: later, and never again. Behind a button beside the one that closes, as most people want neither.
//!
//! A menu as the keyboard knows menus: arrows move, Escape and Tab close it, and what is pressed in it is nobody else's.

use crate::dom;
use crate::frame::{Frame, add_class};
use crate::host::guarded;
use crate::{Did, Gesture, Tell};
use engine::event::Action;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlElement, KeyboardEvent};

const DOTS: &str = "M6 12h.01M12 12h.01M18 12h.01";

/// A button, and what it opens.
struct Menu {
    panel: HtmlElement,
    /// Around both.
    around: HtmlElement,
    button: HtmlElement,
    list: HtmlElement,
    items: Vec<HtmlElement>,
    is_open: Cell<bool>,
}

/// Appends the button to what holds the ways out. `later`: it may also be put off.
pub fn add(frame: &Frame, tools: &HtmlElement, later: bool) {
    let around = dom::make("div", "", "");
    dom::put(tools, &around);
    let button = frame.button(&around, "close more", "");
    dom::say(&button, "aria-label", "More");
    dom::say(&button, "aria-haspopup", "menu");
    dom::put(&button, &dom::icon(DOTS));
    let list = dom::make("div", "menu", "");
    dom::say(&list, "role", "menu");
    dom::say(&list, "aria-label", "More");
    dom::say(&list, "popover", "manual");
    dom::put(&around, &list);
    let all = [
        ("Remind me later", Action::Snoozed),
        ("Don\u{2019}t show me this again", Action::Declined),
        ("Don\u{2019}t ask me again", Action::Muted),
    ];
    let items = all.into_iter().skip(usize::from(!later)).map(|(label, action)| item(frame, &list, label, action));
    let items = items.collect();
    let menu = Rc::new(Menu { panel: frame.panel.clone(), around, button, list, items, is_open: Cell::new(true) });
    menu.set(false);

    for (kind, run) in [
        ("click", Menu::click as fn(&Menu, Event)),
        ("keydown", Menu::key),
        ("focusout", Menu::leave),
        // Safari would give the focus to the panel, and the menu would be gone before the click.
        ("mousedown", |_, event| event.prevent_default()),
    ] {
        let menu = menu.clone();
        let around = menu.around.clone();
        dom::listen(&around, kind, &guarded(move |event| run(&menu, event)));
    }
}

fn item(frame: &Frame, list: &HtmlElement, label: &str, action: Action) -> HtmlElement {
    let item = frame.button(list, "", label);
    dom::say(&item, "role", "menuitem");
    item.set_tab_index(-1);
    let tell: Tell = frame.tell;
    frame.on(&item, "click", move |_| {
        tell(Did::plain(action));
        tell(Gesture::Finished);
    });
    item
}

impl Menu {
    /// Opens or closes it. Below the button, or above it in the lower half of the window; at its outer edge.
    fn set(&self, is_open: bool) {
        if self.is_open.replace(is_open) == is_open {
            return;
        }
        dom::say(&self.button, "aria-expanded", if is_open { "true" } else { "false" });
        dom::class(&self.list, "away", !is_open);
        dom::pop(&self.list, is_open);
        if is_open {
            // A sheet is as high as it gets before it is measured.
            add_class(&self.panel, "touched");
            let side = |name| dom::side(&self.button, name);
            let is_low = side("top") > dom::height() / 2.0;
            dom::class(&self.list, "up", is_low);
            for (name, value) in
                [("--x1", side("left")), ("--x2", side("right")), ("--y", side(if is_low { "top" } else { "bottom" }))]
            {
                dom::set(&self.list, name, value);
            }
        }
    }

    fn click(&self, event: Event) {
        if event.target().is_some_and(|target| self.button.contains(Some(target.unchecked_ref()))) {
            self.set(!self.is_open.get());
            self.focus(0);
        }
    }

    /// Moves the focus to an item while it is open, else to the button.
    fn focus(&self, at: usize) {
        let item = self.items.get(at).filter(|_| self.is_open.get());
        dom::focus(item.unwrap_or(&self.button));
    }

    fn key(&self, event: Event) {
        let key = event.unchecked_ref::<KeyboardEvent>().key();
        let target = event.target().map(|target| target.unchecked_into::<HtmlElement>());
        let at = self.items.iter().position(|item| target.as_ref() == Some(item));
        let last = self.items.len() - 1;
        let to = match (key.as_str(), at) {
            ("ArrowDown", Some(at)) if at < last => at + 1,
            ("ArrowDown" | "Home", _) => 0,
            ("ArrowUp", Some(at)) if at > 0 => at - 1,
            ("ArrowUp" | "End", _) => last,
            ("Escape" | "Tab", Some(_)) => {
                self.set(false);
                self.focus(0);
                // Tab goes on from the button.
                if key == "Escape" {
                    event.prevent_default();
                    event.stop_propagation();
                }
                return;
            }
            _ => {
                // A digit would answer a question that nobody sees.
                if self.is_open.get() {
                    event.stop_propagation();
                }
                return;
            }
        };
        event.prevent_default();
        event.stop_propagation();
        self.set(true);
        self.focus(to);
    }

    fn leave(&self, event: Event) {
        let to = event.unchecked_ref::<FocusEvent>().related_target().map(|to| to.unchecked_into::<Element>());
        if to.is_none_or(|to| !self.around.contains(Some(&to))) {
            self.set(false);
        }
    }
}
