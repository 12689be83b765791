//! A row of points of which one is chosen. Radio buttons of our own: a browser's choose whatever an arrow moves to, and here a choice
//! may go on to the next question. Arrows move, digits choose.

use crate::dom;
use crate::frame::Slot;
use engine::Span;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

const SCORES: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/// After a 1 there may come a 0, for so long.
pub const SECOND_DIGIT: Span = Span(700);

/// The row while it is on the screen.
pub struct Scale {
    /// The row itself.
    pub row: HtmlElement,
    /// Its points, from the lowest score up.
    pub points: Vec<HtmlElement>,
    /// The score of the first point: 0 or 1.
    low: usize,
    /// Nothing can be chosen any more.
    is_over: Cell<bool>,
    timer: Slot,
}

/// What an event means to a scale.
pub enum Heard {
    /// Nothing is chosen by it.
    Nothing,
    /// This score is chosen.
    Chosen(usize),
    /// This score is, unless something else is within [`SECOND_DIGIT`]: whoever hears it waits in the scale's timer.
    Perhaps(usize),
}

impl Scale {
    /// A row for the scores from `low` to `high`, at most 10. `name` and `more` are the ids of what names and describes it; `timer` is
    /// where a second digit is waited for.
    pub fn new((low, high): (usize, usize), [name, more]: [&str; 2], timer: &Slot) -> Scale {
        let row = dom::make("div", "scale", "");
        dom::say(&row, "role", "radiogroup");
        dom::say(&row, "aria-labelledby", name);
        dom::say(&row, "aria-describedby", more);
        let point = |score: &&str| {
            let point = dom::button(&row, "", "", score);
            dom::say(&point, "role", "radio");
            point
        };
        let points: Vec<_> = SCORES.iter().take(high + 1).skip(low).map(point).collect();
        let scale = Scale { row, points, low, is_over: Cell::new(false), timer: timer.clone() };
        scale.mark(None);
        scale.move_to(0, false);
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

    /// Hears a click or a key anywhere around it. Arrows move along the scale and choose nothing: a choice may go on to what comes next.
    pub fn hear(&self, event: &Event) -> Heard {
        let target = event.target().map(|target| target.unchecked_into::<Element>());
        let at = self.points.iter().position(|point| point.contains(target.as_deref()));
        if event.type_() == "click" {
            return at.map_or(Heard::Nothing, |at| self.choose(self.low + at));
        }
        let event: &KeyboardEvent = event.unchecked_ref();
        let key = event.key();
        if let &[byte @ b'0'..=b'9'] = key.as_bytes() {
            return self.digit(usize::from(byte - b'0'), event);
        }
        let Some(at) = at else { return Heard::Nothing };
        let last = self.points.len().saturating_sub(1);
        let forward = dom::style_of(&self.row, "direction") != "rtl";
        let (next, back) = ((at + 1).min(last), at.saturating_sub(1));
        let to = match key.as_str() {
            "ArrowDown" => next,
            "ArrowUp" => back,
            "ArrowRight" if forward => next,
            "ArrowRight" => back,
            "ArrowLeft" if forward => back,
            "ArrowLeft" => next,
            "Home" => 0,
            "End" => last,
            _ => return Heard::Nothing,
        };
        event.prevent_default();
        self.move_to(to, true);
        Heard::Nothing
    }

    /// Chooses a score, if it is one and nothing is over.
    pub fn choose(&self, score: usize) -> Heard {
        self.timer.take();
        let is_one = score.checked_sub(self.low).is_some_and(|at| at < self.points.len());
        if self.is_over.get() || !is_one {
            return Heard::Nothing;
        }
        self.mark(Some(score));
        Heard::Chosen(score)
    }

    /// Whether it is [at an end](Scale::end).
    pub fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Makes a point the one that Tab reaches.
    fn move_to(&self, at: usize, focus: bool) {
        for (index, point) in self.points.iter().enumerate() {
            point.set_tab_index(if index == at { 0 } else { -1 });
        }
        if focus && let Some(point) = self.points.get(at) {
            dom::focus(point);
        }
    }

    /// Digits choose. A 1 waits a moment for a 0, where there is a 10.
    fn digit(&self, digit: usize, event: &KeyboardEvent) -> Heard {
        if self.is_over.get() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return Heard::Nothing;
        }
        // What comes next may be a field that takes the focus: the digit is not for it.
        event.prevent_default();
        let after_one = self.timer.take().is_some();
        let has_ten = self.low + self.points.len() == 11;
        match digit {
            0 if after_one && has_ten => self.choose(10),
            1 if has_ten => {
                self.move_to(1 - self.low, true);
                Heard::Perhaps(1)
            }
            _ => self.choose(digit),
        }
    }
}
