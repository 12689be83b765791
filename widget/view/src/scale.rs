//! A row of points of which one is chosen. Radio buttons of our own: a browser's choose whatever an arrow moves to, and here a choice
//! may go on to the next question. Arrows move, digits choose.

use crate::clock::after;
use crate::dom;
use crate::frame::Slot;
use crate::host::guarded;
use engine::Span;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

const SCORES: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
/// After a 1 there may come a 0.
const SECOND_DIGIT: Span = Span(700);

/// The row while it is on the screen.
pub struct Scale {
    /// The row itself.
    pub row: HtmlElement,
    /// Its points, from the lowest score up.
    pub points: Vec<HtmlElement>,
    /// The score of the first point: 0 or 1.
    low: usize,
    /// The point that the focus is or would be on.
    at: Cell<usize>,
    /// Nothing can be chosen any more.
    is_over: Cell<bool>,
    timer: Slot,
    chosen: Box<dyn Fn(usize)>,
}

impl Scale {
    /// A row for the scores from `low` to `high`, at most 10. `name` and `more` are the ids of what names and describes it; `timer` is
    /// where it waits for a second digit; `chosen` is told each score that is chosen.
    pub fn new(
        (low, high): (usize, usize),
        [name, more]: [&str; 2],
        timer: &Slot,
        chosen: impl Fn(usize) + 'static,
    ) -> Rc<Scale> {
        let row = dom::make("div", "scale", "");
        dom::say(&row, "role", "radiogroup");
        dom::say(&row, "aria-labelledby", name);
        dom::say(&row, "aria-describedby", more);
        let point = |score: &&str| {
            let point = dom::make("button", "", score);
            dom::say(&point, "type", "button");
            dom::say(&point, "role", "radio");
            dom::put(&row, &point);
            point
        };
        let points: Vec<_> = SCORES.iter().take(high + 1).skip(low).map(point).collect();
        let chosen = Box::new(chosen);
        let (at, is_over) = (Cell::new(0), Cell::new(false));
        let scale = Rc::new(Scale { row, points, low, at, is_over, timer: timer.clone(), chosen });
        scale.mark(None);
        scale.move_to(0, false);
        let pressed = scale.clone();
        let click = move |event: Event| {
            let target = event.target().map(|target| target.unchecked_into::<Element>());
            let at = pressed.points.iter().position(|point| point.contains(target.as_deref()));
            if let Some(at) = at {
                pressed.choose(at);
            }
        };
        dom::listen(&scale.row, "click", &guarded(click));
        let moved = scale.clone();
        dom::listen(&scale.row, "keydown", &guarded(move |event| moved.arrow(&event)));
        scale
    }

    /// Shows a score as the one that was chosen; `None`: none is.
    pub fn mark(&self, score: Option<usize>) {
        for (at, point) in self.points.iter().enumerate() {
            let is_it = score == Some(self.low + at);
            dom::say(point, "aria-checked", if is_it { "true" } else { "false" });
        }
        if let Some(score) = score {
            self.move_to(score.saturating_sub(self.low), false);
        }
    }

    /// From now on nothing can be chosen.
    pub fn end(&self) {
        self.is_over.set(true);
        self.timer.take();
        dom::say(&self.row, "aria-disabled", "true");
    }

    fn choose(&self, at: usize) {
        self.timer.take();
        if !self.is_over.get() && at < self.points.len() {
            self.mark(Some(self.low + at));
            (self.chosen)(self.low + at);
        }
    }

    /// Makes a point the one that Tab reaches.
    fn move_to(&self, at: usize, focus: bool) {
        for (index, point) in self.points.iter().enumerate() {
            point.set_tab_index(if index == at { 0 } else { -1 });
        }
        self.at.set(at);
        if focus && let Some(point) = self.points.get(at) {
            dom::focus(point);
        }
    }

    /// Arrows move along the scale and choose nothing: a choice may go on to what comes next.
    fn arrow(&self, event: &Event) {
        let last = self.points.len().saturating_sub(1);
        let forward = dom::style_of(&self.row, "direction") != "rtl";
        let (next, back) = ((self.at.get() + 1).min(last), self.at.get().saturating_sub(1));
        let at = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
            "ArrowDown" => next,
            "ArrowUp" => back,
            "ArrowRight" => {
                if forward {
                    next
                } else {
                    back
                }
            }
            "ArrowLeft" => {
                if forward {
                    back
                } else {
                    next
                }
            }
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        self.move_to(at, true);
    }

    /// Digits choose, wherever around the scale they are listened to. A 1 waits a moment for a 0, where there is a 10.
    pub fn digit(self: &Rc<Self>, event: &Event) {
        let event: &KeyboardEvent = event.unchecked_ref();
        let key = event.key();
        let &[byte @ b'0'..=b'9'] = key.as_bytes() else {
            return;
        };
        if self.is_over.get() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        // What comes next may be a field that takes the focus: the digit is not for it.
        event.prevent_default();
        let digit = usize::from(byte - b'0');
        let after_one = self.timer.take().is_some();
        let has_ten = self.low + self.points.len() == 11;
        match digit {
            0 if after_one && has_ten => self.choose(10 - self.low),
            1 if has_ten => {
                let at = 1 - self.low;
                self.move_to(at, true);
                let later = self.clone();
                self.timer.replace(Some(after(SECOND_DIGIT, move || later.choose(at))));
            }
            _ => {
                if let Some(at) = digit.checked_sub(self.low) {
                    self.choose(at);
                }
            }
        }
    }
}
