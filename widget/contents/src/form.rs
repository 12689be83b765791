//! A form: a few fields on one card and one button. All of them are looked at at once, and the first that is wrong takes the focus.

use crate::answered;
use crate::farewell::{Farewell, Room};
use crate::field::{Field, Plan, Touch, seed};
use crate::words::{decimal, refused};
use engine::event::Action;
use engine::prompt::Form;
use engine::survey::{Answer, Kind, Question};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use view::frame::{Frame, Slot};
use view::host::host;
use view::words::own;
use view::{Did, Tell, Word, dom};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

/// A form while it is on the screen.
struct Card {
    form: Form,
    fields: OnceCell<Vec<Field>>,
    is_sent: Cell<bool>,
    tell: Tell,
    timer: Slot,
    panel: HtmlElement,
    words: HtmlElement,
    /// What goes when it is sent.
    list: HtmlElement,
}

/// Fills the frame.
pub fn fill(frame: &mut Frame, form: Form, facts: &JsValue) {
    let seed = seed(facts);
    let lines = frame.words(&form.heading, &form.body);
    let list = frame.add("div", "stage fields", "");
    let decline = form.decline.clone();
    let send = dom::make("button", "main", form.button.as_deref().unwrap_or(&own("Send")));
    dom::say(&send, "type", "button");
    let card = Rc::new(Card {
        form,
        fields: OnceCell::new(),
        is_sent: Cell::new(false),
        tell: frame.tell,
        timer: frame.timer.clone(),
        panel: frame.panel.clone(),
        words: lines,
        list,
    });
    let paint = |(at, question): (usize, &Question)| card.paint(at, question, seed);
    let fields = card.form.fields.iter().enumerate().map(paint).collect();
    let _ = card.fields.set(fields);
    let sender = card.clone();
    frame.on(&send, "click", move |_| sender.send());
    frame.actions(Some(send), decline.as_deref());
}

impl Card {
    fn paint(self: &Rc<Self>, at: usize, question: &Question, seed: u64) -> Field {
        let number = decimal(at as u32);
        let name = ["q", &number].concat();
        let sender = self.clone();
        let field = Field::new(&Plan {
            question,
            number: &number,
            name: &name,
            before: None,
            seed,
            timer: &self.timer,
            fill: &str::to_owned,
            told: Rc::new(move |touch| {
                if touch == Touch::Entered {
                    sender.send();
                }
            }),
        });
        let target = field.target();
        let title = dom::make(if target.is_some() { "label" } else { "div" }, "asked", &question.text);
        title.set_id(&name);
        if !question.is_required() {
            let _ = title.append_with_str_1(" ");
            dom::put(&title, &dom::make("small", "", &own("(optional)")));
        }
        if let Some(target) = target {
            target.set_id(&["f", &number].concat());
            dom::say(&title, "for", &target.id());
        }
        if let Some(help) = &question.help {
            let help = dom::make("p", "help", help);
            help.set_id(&["h", &number].concat());
            let _ = field.element.insert_before(&help, field.element.first_child().as_ref());
        }
        // What is agreed to stands beside the box: a question above it would say it twice.
        if !matches!(question.ask, Kind::Consent(_)) || question.text.trim() != label(question) {
            let _ = field.element.insert_before(&title, field.element.first_child().as_ref());
        }
        dom::put(&self.list, &field.element);
        field
    }

    fn send(&self) {
        let fields = self.fields.get().map_or(&[][..], Vec::as_slice);
        let mut answers: Vec<(&Question, Answer)> = Vec::new();
        let mut wrong = None;
        for (question, field) in self.form.fields.iter().zip(fields) {
            match question.validate(&field.given()) {
                Ok(answer) => {
                    field.complain("");
                    answers.push((question, answer));
                }
                Err(refusal) => {
                    field.complain(&refused(&refusal));
                    wrong = wrong.or(Some(field));
                }
            }
        }
        if let Some(field) = wrong {
            return field.focus();
        }
        if self.is_sent.replace(true) {
            return;
        }
        let response = host().id();
        for (question, answer) in answers.iter().filter(|(_, answer)| *answer != Answer::Skipped) {
            answered::tell(self.tell, question, answer, &response, true);
        }
        let name = self.form.wish.event_name();
        (self.tell)(Did::named(Action::Converted, Some(name), &[("response", Word::Text(&response))]));
        self.list.remove();
        if let Some(actions) = dom::find(&self.panel, ".actions") {
            actions.remove();
        }
        let usual = own("Thank you.");
        let text = self.form.thanks.as_deref().unwrap_or(&usual);
        let room = Room { panel: &self.panel, words: &self.words, timer: &self.timer, tell: self.tell };
        Farewell { text, help: "", button: None, destination: None }.say(&room);
    }
}

fn label(question: &Question) -> &str {
    match &question.ask {
        Kind::Consent(tick) => tick.label.trim(),
        _ => "",
    }
}
