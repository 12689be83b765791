//! The recommendation question: eleven buttons, then why, then thanks, in one card. Three steps that only go forward, so
//! that a response has one score.

use crate::clock::after;
use crate::dom;
use crate::ear::Hears;
use crate::frame::{Frame, Slot, add_class};
use crate::host::host;
use crate::read::field;
use crate::scale::{Heard, SECOND_DIGIT, Scale};
use crate::words::own;
use crate::{Did, Gesture, Tell, Word};
use engine::Span;
use engine::event::Action;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

/// How long the thanks stay.
const THANKS: Span = Span(4_000);
const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";

/// The card while it is on the screen.
struct Card {
    tell: Tell,
    timer: Slot,
    panel: HtmlElement,
    words: HtmlElement,
    scale: Scale,
    /// What goes when there is nothing more to ask: both questions' answers.
    parts: [HtmlElement; 2],
    field: Option<HtmlTextAreaElement>,
    score: Cell<usize>,
    /// The id of the response: its answers belong together.
    response: String,
    is_sent: Cell<bool>,
    thanks: String,
}

/// Fills the frame with the question, see [`engine::prompt::Nps`], as it was published.
pub fn fill(frame: &mut Frame, nps: &JsValue) {
    let text = |of: &JsValue, name, default: &str| field(of, name).as_string().unwrap_or_else(|| default.to_owned());
    let words = frame.words(&text(nps, "question", ""), "");
    let rating = frame.add("div", "rating", "");
    let scale = Scale::new((0, 10), ["t", "e"], &frame.timer);
    dom::put(&rating, &scale.row);
    let ends = dom::add(&rating, "div", "ends", "");
    ends.set_id("e");
    for (name, default) in [("low", "Not at all likely"), ("high", "Extremely likely")] {
        dom::add(&ends, "span", "", &text(nps, name, &own(default)));
    }
    let form = frame.add("div", "form", "");
    let follow_up = field(nps, "follow_up");
    // The second question. It is there from the start, and hidden until there is a score.
    let field = follow_up.is_object().then(|| {
        let name = dom::add(&form, "label", "", &text(&follow_up, "question", ""));
        dom::say(&name, "for", "f");
        let field = dom::add(&form, "textarea", "", "");
        field.set_id("f");
        dom::say(&field, "rows", "3");
        dom::say(&field, "maxlength", "2000");
        dom::button(&form, "main", "send", &text(&follow_up, "button", &own("Send")));
        field.unchecked_into()
    });
    frame.content = Some(Rc::new(Card {
        tell: frame.tell,
        timer: frame.timer.clone(),
        panel: frame.panel.clone(),
        words,
        scale,
        parts: [rating, form],
        field,
        score: Cell::new(0),
        response: host().id(),
        is_sent: Cell::new(false),
        thanks: text(nps, "thanks", &own("Thank you for your answer.")),
    }));
}

impl Hears for Card {
    fn hear(self: Rc<Self>, event: &Event) {
        match self.scale.hear(event) {
            Heard::Chosen(score) => return self.choose(score),
            Heard::Perhaps(score) => {
                let card = self.clone();
                let later = after(SECOND_DIGIT, move || {
                    if let Heard::Chosen(score) = card.scale.choose(score) {
                        card.choose(score);
                    }
                });
                self.timer.replace(Some(later));
            }
            Heard::Nothing => {}
        }
        let key: &KeyboardEvent = event.unchecked_ref();
        let is_sent = if event.type_() == "click" {
            event.target().is_some_and(|target| dom::closest(&target, "#send").is_some())
        } else {
            key.key() == "Enter" && (key.ctrl_key() || key.meta_key())
        };
        if let Some(field) = self.field.as_ref().filter(|_| is_sent) {
            self.send(&field.value());
        }
    }
}

impl Card {
    fn choose(&self, score: usize) {
        self.scale.end();
        self.score.set(score);
        self.answer("");
        if let Some(field) = &self.field {
            add_class(&self.panel, "asking");
            dom::focus(field);
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
        if !self.scale.is_over() || self.is_sent.replace(true) {
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
        dom::add(&self.words, "h2", "", &self.thanks).set_id("t");
        self.parts.iter().for_each(|part| part.remove());
        let tell = self.tell;
        self.timer.replace(Some(after(THANKS, move || tell(Gesture::Finished))));
    }
}
