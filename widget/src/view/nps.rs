//! The recommendation question: eleven buttons, then why, then thanks, in one card. Three steps that only go forward, so
//! that a response has one score.

use super::dom;
use super::frame::{Frame, Slot, add_class};
use super::{Gesture, Tell};
use crate::clock::after;
use engine::Span;
use engine::prompt::Nps;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

const SCORES: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
/// After a 1 there may come a 0.
const SECOND_DIGIT: Span = Span(700);
/// How long the thanks stay.
const THANKS: Span = Span(4_000);
const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";

/// Fills the frame with the question.
pub fn fill(frame: &mut Frame, nps: &Nps) {
    let words = frame.words(&nps.question, "");
    let rating = frame.add("div", "rating", "");
    let scale = dom::make("div", "scale", "");
    dom::put(&rating, &scale);
    dom::say(&scale, "role", "radiogroup");
    dom::say(&scale, "aria-labelledby", "t");
    dom::say(&scale, "aria-describedby", "e");
    let scores = SCORES.map(|score| {
        let button = frame.button(&scale, "", score);
        dom::say(&button, "role", "radio");
        dom::say(&button, "aria-checked", "false");
        button
    });
    let ends = dom::make("div", "ends", "");
    dom::put(&rating, &ends);
    ends.set_id("e");
    for (text, default) in [(&nps.low, "Not at all likely"), (&nps.high, "Extremely likely")] {
        dom::put(&ends, &dom::make("span", "", text.as_deref().unwrap_or(default)));
    }
    let follow_up = nps
        .follow_up
        .as_ref()
        .map(|next| (next.question.clone(), next.button.clone().unwrap_or_else(|| "Send".to_owned())));
    let thanks = nps.thanks.clone().unwrap_or_else(|| "Thank you for your answer.".to_owned());

    let form = frame.add("div", "form", "");
    let card = Rc::new(Card {
        tell: frame.tell,
        timer: frame.timer.clone(),
        panel: frame.panel.clone(),
        words,
        scale: scale.clone(),
        parts: [rating, form.clone()],
        scores,
        at: Cell::new(0),
        is_chosen: Cell::new(false),
        is_sent: Cell::new(false),
        follow_up: follow_up.is_some(),
        thanks,
    });
    card.move_to(0, false);
    for at in 0..SCORES.len() {
        let button = card.clone();
        frame.on(&card.scores[at], "click", move |_| button.choose(at));
    }
    if let Some((question, label)) = follow_up {
        ask(frame, &card, &form, &question, &label);
    }
    let keys = card.clone();
    frame.on(&scale, "keydown", move |event| Card::arrow(&keys, &event));
    let digits = card;
    frame.on(&frame.panel.clone(), "keydown", move |event| Card::digit(&digits, &event));
}

/// The second question. It is there from the start, and hidden until there is a score.
fn ask(frame: &mut Frame, card: &Rc<Card>, form: &HtmlElement, question: &str, label: &str) {
    let name = dom::make("label", "", question);
    dom::say(&name, "for", "f");
    dom::put(form, &name);
    let field = dom::make("textarea", "", "");
    field.set_id("f");
    dom::say(&field, "rows", "3");
    dom::say(&field, "maxlength", "2000");
    dom::put(form, &field);
    let send = frame.button(form, "main", label);
    let field: HtmlTextAreaElement = field.unchecked_into();
    let (sender, text) = (card.clone(), field.clone());
    frame.on(&send, "click", move |_| sender.send(&text.value()));
    let (sender, text) = (card.clone(), field.clone());
    frame.on(&field, "keydown", move |event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        if key.key() == "Enter" && (key.ctrl_key() || key.meta_key()) {
            sender.send(&text.value());
        }
    });
}

/// The card while it is on the screen.
struct Card {
    tell: Tell,
    timer: Slot,
    panel: HtmlElement,
    words: HtmlElement,
    scale: HtmlElement,
    /// What goes when there is nothing more to ask: both questions' answers.
    parts: [HtmlElement; 2],
    scores: [HtmlElement; 11],
    /// The score that the focus is or would be on.
    at: Cell<usize>,
    is_chosen: Cell<bool>,
    is_sent: Cell<bool>,
    follow_up: bool,
    thanks: String,
}

impl Card {
    fn choose(&self, at: usize) {
        self.timer.take();
        if self.is_chosen.replace(true) {
            return;
        }
        self.move_to(at, false);
        dom::say(&self.scores[at], "aria-checked", "true");
        dom::say(&self.scale, "aria-disabled", "true");
        (self.tell)(Gesture::Scored(at as u8));
        if self.follow_up {
            add_class(&self.panel, "asking");
            if let Some(field) = dom::find(&self.parts[1], "textarea") {
                dom::focus(&field);
            }
        } else {
            self.thank();
        }
    }

    fn send(&self, text: &str) {
        if self.is_sent.replace(true) {
            return;
        }
        let text = text.trim_ascii();
        if !text.is_empty() {
            (self.tell)(Gesture::Commented(text.to_owned()));
        }
        self.thank();
    }

    fn thank(&self) {
        dom::focus(&self.panel);
        add_class(&self.panel, "thanks");
        self.words.set_text_content(None);
        dom::put(&self.words, &dom::icon(TICK));
        let thanks = dom::make("h2", "", &self.thanks);
        thanks.set_id("t");
        dom::put(&self.words, &thanks);
        self.parts.iter().for_each(|part| part.remove());
        let tell = self.tell;
        self.timer.replace(Some(after(THANKS, move || tell(Gesture::Finished))));
    }

    /// Makes a score the one that Tab reaches.
    fn move_to(&self, at: usize, focus: bool) {
        for (index, button) in self.scores.iter().enumerate() {
            button.set_tab_index(if index == at { 0 } else { -1 });
        }
        self.at.set(at);
        if focus {
            dom::focus(&self.scores[at]);
        }
    }

    /// Arrows move along the scale and choose nothing: a choice cannot be taken back.
    fn arrow(&self, event: &Event) {
        let last = SCORES.len() - 1;
        let forward = dom::style_of(&self.panel, "direction") != "rtl";
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

    /// Digits choose. A 1 waits a moment for a 0.
    fn digit(card: &Rc<Card>, event: &Event) {
        let event: &KeyboardEvent = event.unchecked_ref();
        let key = event.key();
        let &[byte @ b'0'..=b'9'] = key.as_bytes() else {
            return;
        };
        if card.is_chosen.get() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        // The next question's field takes the focus: the digit is not for it.
        event.prevent_default();
        let digit = usize::from(byte - b'0');
        let after_one = card.timer.take().is_some();
        match digit {
            0 if after_one => card.choose(10),
            1 => {
                card.move_to(1, true);
                let later = card.clone();
                card.timer.replace(Some(after(SECOND_DIGIT, move || later.choose(1))));
            }
            _ => card.choose(digit),
        }
    }
}
