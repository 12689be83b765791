//! The recommendation question: eleven buttons, then why, then thanks, in one card. Three steps that only go forward, so
//! that a response has one score.

use crate::clock::after;
use crate::dom;
use crate::frame::{Frame, Slot, add_class};
use crate::host::host;
use crate::scale::Scale;
use crate::{Did, Gesture, Tell, Word};
use engine::Span;
use engine::event::Action;
use engine::prompt::Nps;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent};

/// How long the thanks stay.
const THANKS: Span = Span(4_000);
const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";

/// Fills the frame with the question.
pub fn fill(frame: &mut Frame, nps: &Nps) {
    let words = frame.words(&nps.question, "");
    let rating = frame.add("div", "rating", "");
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
        scale: OnceCell::new(),
        parts: [rating.clone(), form.clone()],
        score: Cell::new(0),
        response: host().id(),
        is_sent: Cell::new(false),
        follow_up: follow_up.is_some(),
        thanks,
    });
    let chosen = card.clone();
    let scale = Scale::new((0, 10), ["t", "e"], &frame.timer, move |score| chosen.choose(score));
    dom::put(&rating, &scale.row);
    let _ = card.scale.set(scale.clone());
    let ends = dom::make("div", "ends", "");
    dom::put(&rating, &ends);
    ends.set_id("e");
    for (text, default) in [(&nps.low, "Not at all likely"), (&nps.high, "Extremely likely")] {
        dom::put(&ends, &dom::make("span", "", text.as_deref().unwrap_or(default)));
    }
    if let Some((question, label)) = follow_up {
        ask(frame, &card, &form, &question, &label);
    }
    frame.on(&frame.panel, "keydown", move |event| scale.digit(&event));
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
    scale: OnceCell<Rc<Scale>>,
    /// What goes when there is nothing more to ask: both questions' answers.
    parts: [HtmlElement; 2],
    score: Cell<usize>,
    /// The id of the response: its answers belong together.
    response: String,
    is_sent: Cell<bool>,
    follow_up: bool,
    thanks: String,
}

impl Card {
    fn choose(&self, score: usize) {
        if let Some(scale) = self.scale.get() {
            scale.end();
        }
        self.score.set(score);
        self.answer("");
        if self.follow_up {
            add_class(&self.panel, "asking");
            if let Some(field) = dom::find(&self.parts[1], "textarea") {
                dom::focus(&field);
            }
        } else {
            self.thank();
        }
    }

    /// Says what was answered so far. Each time the whole of it, under the response's id.
    fn answer(&self, comment: &str) {
        let score = ("score", Word::Number(self.score.get() as u32));
        let said = [("response", Word::Text(&self.response)), score, ("comment", Word::Text(comment))];
        let said = if comment.is_empty() { &said[..2] } else { &said };
        (self.tell)(Did::named(Action::Answered, Some("NPS Answered"), said));
    }

    fn send(&self, text: &str) {
        if self.is_sent.replace(true) {
            return;
        }
        let text = text.trim_ascii();
        if !text.is_empty() {
            self.answer(text);
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
}
