//! Options to put in order: dragged by their handle, or moved by two buttons each.
//!
//! The one thing to know: what is held or has the focus is never moved itself, since browsers let go of what leaves its place. Its
//! neighbours change sides instead.

use super::{Parts, Plan};
use crate::words::{decimal, filled};
use engine::survey::{Answer, Choice, Given};
use std::cell::RefCell;
use std::rc::Rc;
use view::dom;
use view::host::hearing;
use view::words::own;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, PointerEvent};

const GRIP: &str = "M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01";
const UP: &str = "M6 15l6-6 6 6";
const DOWN: &str = "M6 9l6 6 6-6";

/// An option while it is on the screen.
struct Item {
    id: String,
    label: String,
    row: HtmlElement,
    /// Up and down.
    buttons: [HtmlElement; 2],
}

/// The list while it is on the screen.
struct List {
    list: HtmlElement,
    status: HtmlElement,
    items: RefCell<Vec<Item>>,
    held: RefCell<Option<HtmlElement>>,
}

/// Paints it.
pub fn paint(plan: &Plan<'_>, choice: &Choice) -> Parts {
    let control = dom::make("div", "ranking", "");
    dom::say(&control, "role", "group");
    dom::say(&control, "aria-labelledby", plan.name);
    dom::say(&control, "aria-describedby", &plan.more());
    let list = dom::make("ol", "", "");
    // Safari forgets that it is one once its numbers are ours.
    dom::say(&list, "role", "list");
    let status = dom::make("div", "said", "");
    dom::say(&status, "role", "status");
    dom::put(&control, &list);
    dom::put(&control, &status);
    let mut order = plan.question.order(plan.seed);
    if let Some(Answer::Ranked(keys)) = plan.before {
        order.sort_by_key(|at| keys.iter().position(|key| *key == choice.options[*at].id));
    }
    let item = |at: usize| {
        let option = &choice.options[at];
        let label = (plan.fill)(&option.label);
        let row = dom::make("li", "", "");
        let grip = dom::make("span", "grip", "");
        dom::put(&grip, &dom::icon(GRIP));
        dom::put(&row, &grip);
        dom::put(&row, &dom::make("span", "", &label));
        let buttons = [("Move up: {}", UP), ("Move down: {}", DOWN)].map(|(what, path)| {
            let button = dom::make("button", "", "");
            dom::say(&button, "type", "button");
            dom::say(&button, "aria-label", &filled(&own(what), &[&label]));
            dom::put(&button, &dom::icon(path));
            dom::put(&row, &button);
            button
        });
        dom::put(&list, &row);
        Item { id: option.id.as_str().to_owned(), label, row, buttons }
    };
    let items = RefCell::new(order.into_iter().map(item).collect());
    let ranking = Rc::new(List { list: list.clone(), status, items, held: RefCell::default() });
    ranking.mark();
    for (kind, run) in [
        ("click", List::pressed as fn(&List, &Event)),
        ("pointerdown", List::take),
        ("pointermove", List::drag),
        ("pointerup", List::let_go),
        ("pointercancel", List::let_go),
    ] {
        let ranking = ranking.clone();
        dom::listen(&list, kind, &hearing(move |event| run(&ranking, &event)));
    }
    let read = move || {
        let items = ranking.items.borrow();
        Given::List(items.iter().map(|item| Given::Text(item.id.clone())).collect())
    };
    Parts { control, inputs: Vec::new(), read: Box::new(read), keys: None }
}

impl List {
    /// The place of the row that an event came from.
    fn at(&self, event: &Event) -> Option<usize> {
        let target: Element = event.target()?.unchecked_into();
        self.items.borrow().iter().position(|item| item.row.contains(Some(&target)))
    }

    fn pressed(&self, event: &Event) {
        let Some(at) = self.at(event) else { return };
        let Some(target) = event.target().map(|target| target.unchecked_into::<Element>()) else { return };
        let pressed = self.items.borrow()[at].buttons.iter().position(|button| button.contains(Some(&target)));
        let to = match pressed {
            Some(0) => at.checked_sub(1),
            Some(_) => (at + 1 < self.items.borrow().len()).then_some(at + 1),
            None => None,
        };
        if let Some(to) = to {
            self.swap(at, to);
            self.announce(to);
        }
    }

    /// The mouse takes a row anywhere, a finger only by its handle: elsewhere it scrolls.
    fn take(&self, event: &Event) {
        let pointer: &PointerEvent = event.unchecked_ref();
        let (Some(at), Some(target)) = (self.at(event), event.target()) else { return };
        let target: Element = target.unchecked_into();
        let is_on = |selector| target.closest(selector).is_ok_and(|found| found.is_some());
        if is_on("button") || pointer.button() != 0 || (pointer.pointer_type() == "touch" && !is_on(".grip")) {
            return;
        }
        event.prevent_default();
        let _ = self.list.set_pointer_capture(pointer.pointer_id());
        let row = self.items.borrow()[at].row.clone();
        row.set_class_name("held");
        self.held.replace(Some(row));
    }

    fn drag(&self, event: &Event) {
        let Some(held) = self.held.borrow().clone() else { return };
        let y = f64::from(event.unchecked_ref::<PointerEvent>().client_y());
        let place = || self.items.borrow().iter().position(|item| item.row == held);
        let middle = |at: usize| {
            let edge = self.items.borrow()[at].row.get_bounding_client_rect();
            edge.top() + edge.height() / 2.0
        };
        // As far as it has come, one neighbour after the other.
        while let Some(at) = place() {
            if at > 0 && y < middle(at - 1) {
                self.swap(at, at - 1);
            } else if at + 1 < self.items.borrow().len() && y > middle(at + 1) {
                self.swap(at, at + 1);
            } else {
                break;
            }
        }
    }

    fn let_go(&self, _: &Event) {
        let Some(held) = self.held.take() else { return };
        held.set_class_name("");
        let at = self.items.borrow().iter().position(|item| item.row == held);
        if let Some(at) = at {
            self.announce(at);
        }
    }

    /// Moves a row one place up or down by moving its neighbour.
    fn swap(&self, from: usize, to: usize) {
        let mut items = self.items.borrow_mut();
        let (row, neighbour) = (items[from].row.clone(), items[to].row.clone());
        let before = if to < from { row.next_sibling() } else { Some(row.into()) };
        let _ = self.list.insert_before(&neighbour, before.as_ref());
        items.swap(from, to);
        drop(items);
        self.mark();
    }

    /// Says which buttons lead nowhere. They keep the focus, so they are not switched off.
    fn mark(&self) {
        let items = self.items.borrow();
        let last = items.len().saturating_sub(1);
        for (at, item) in items.iter().enumerate() {
            for (button, is_off) in item.buttons.iter().zip([at == 0, at == last]) {
                dom::say(button, "aria-disabled", if is_off { "true" } else { "false" });
            }
        }
    }

    /// Tells screen readers where a row is now.
    fn announce(&self, at: usize) {
        let items = self.items.borrow();
        let place = filled(&own("{} of {}"), &[&decimal(at as u32 + 1), &decimal(items.len() as u32)]);
        let text = [&items[at].label, ": ", &place].concat();
        self.status.set_text_content(Some(&text));
    }
}
