//! Where an answer is given: the part of the card that belongs to one question. A survey has one of them at a time, a form several.
//! It paints the native control where there is one, reads what stands in it, and shows what is wrong with it. What fits and what
//! follows is for others to say.

mod choice;
mod line;
mod points;
mod ranking;

use engine::survey::{Answer, Given, Kind, Question};
use std::rc::Rc;
use view::dom;
use view::frame::Slot;
use view::read::field;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement, KeyboardEvent};

#[wasm_bindgen]
extern "C" {
    /// An input, a list that opens, or a text area.
    type Input;
    #[wasm_bindgen(method, getter)]
    fn value(this: &Input) -> String;
    #[wasm_bindgen(method, setter)]
    fn set_value(this: &Input, value: &str);
    #[wasm_bindgen(method, getter)]
    fn checked(this: &Input) -> bool;
    #[wasm_bindgen(method, setter)]
    fn set_checked(this: &Input, checked: bool);
    #[wasm_bindgen(method, getter)]
    fn validity(this: &Input) -> Validity;

    type Validity;
    #[wasm_bindgen(method, getter, js_name = badInput)]
    fn is_unfinished(this: &Validity) -> bool;
}

/// Beside what is wrong.
const WARNING: &str = "M12 8v5M12 16v.01M21 12a9 9 0 1 1-18 0a9 9 0 1 1 18 0";

/// What somebody did in a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// Chose by pointer or digit: it is meant.
    Chosen,
    /// Moved to it with the keyboard: there may be better ones.
    Tried,
    /// Pressed Enter.
    Entered,
}

/// What a field is made of.
pub struct Plan<'a> {
    /// What is asked.
    pub question: &'a Question,
    /// The number of the field on its card: the ids in it end so.
    pub number: &'a str,
    /// The id of what names it.
    pub name: &'a str,
    /// What was answered before.
    pub before: Option<&'a Answer>,
    /// What shuffled options follow.
    pub seed: u64,
    /// Where it may wait for something.
    pub timer: &'a Slot,
    /// Puts traits and answers into a text.
    pub fill: &'a dyn Fn(&str) -> String,
    /// Is told what somebody does.
    pub told: Rc<dyn Fn(Touch)>,
}

impl Plan<'_> {
    /// The ids of what explains it and of what is wrong with it.
    fn more(&self) -> String {
        match self.question.help {
            Some(_) => ["h", self.number, " x", self.number].concat(),
            None => ["x", self.number].concat(),
        }
    }

    /// Names and describes a control.
    fn describe(&self, control: &HtmlElement) {
        dom::say(control, "aria-labelledby", self.name);
        dom::say(control, "aria-describedby", &self.more());
        if self.question.is_required() {
            dom::say(control, "aria-required", "true");
        }
    }
}

/// What a key does.
type Keys = Box<dyn Fn(&Event)>;

/// What one kind of question has beyond what all have.
struct Parts {
    /// What it is answered with.
    control: HtmlElement,
    /// What is wrong when something is.
    inputs: Vec<HtmlElement>,
    read: Box<dyn Fn() -> Given>,
    /// Keys that choose, wherever on the card they are pressed.
    keys: Option<Keys>,
}

/// The part of a card that belongs to one question.
pub struct Field {
    /// All of it.
    pub element: HtmlElement,
    parts: Parts,
    error: HtmlElement,
}

impl Field {
    /// Paints it.
    pub fn new(plan: &Plan<'_>) -> Field {
        let parts = match &plan.question.ask {
            Kind::Nps(_) | Kind::Csat(_) | Kind::Ces(_) | Kind::Rating(_) => points::paint(plan),
            Kind::Single(choice) => choice::paint(plan, choice, "radio"),
            Kind::Multiple(choice) => choice::paint(plan, choice, "checkbox"),
            Kind::Dropdown(choice) => choice::paint_list(plan, choice),
            Kind::Ranking(choice) => ranking::paint(plan, choice),
            Kind::Consent(tick) => choice::paint_tick(plan, tick),
            kind => line::paint(plan, kind),
        };
        let element = dom::make("div", "field", "");
        dom::put(&element, &parts.control);
        let error = dom::make("p", "error", "");
        error.set_id(&["x", plan.number].concat());
        dom::say(&error, "role", "alert");
        dom::put(&element, &error);
        let told = plan.told.clone();
        let entered = move |event: Event| {
            if is_enter(&event) {
                event.prevent_default();
                told(Touch::Entered);
            }
        };
        dom::listen(&element, "keydown", &view::host::hearing(entered));
        Field { element, parts, error }
    }

    /// What stands in it.
    pub fn given(&self) -> Given {
        (self.parts.read)()
    }

    /// Says what is wrong with it; empty: nothing is.
    pub fn complain(&self, sentence: &str) {
        self.error.set_text_content(None);
        if !sentence.is_empty() {
            dom::put(&self.error, &dom::icon(WARNING));
            dom::put(&self.error, &dom::make("span", "", sentence));
        }
        for input in &self.parts.inputs {
            dom::say(input, "aria-invalid", if sentence.is_empty() { "false" } else { "true" });
        }
    }

    /// Moves the focus to where it begins.
    pub fn focus(&self) {
        let find = |selector| dom::find(&self.parts.control, selector);
        let first = find("input:checked").or_else(|| find("[tabindex='0'], input, select, button"));
        dom::focus(first.as_ref().unwrap_or(&self.parts.control));
    }

    /// What a label of the field is for, if it is one control.
    pub fn target(&self) -> Option<&HtmlElement> {
        self.parts.inputs.first().filter(|input| matches!(&*input.tag_name(), "INPUT" | "TEXTAREA" | "SELECT"))
    }

    /// A key was pressed somewhere on the card.
    pub fn key(&self, event: &Event) {
        if let Some(keys) = self.parts.keys.as_ref().filter(|_| !is_typing(event)) {
            keys(event);
        }
    }
}

/// Enter that means "on": not on what it presses, and in several lines only with a modifier. A list opens by it in some browsers.
fn is_enter(event: &Event) -> bool {
    let key: &KeyboardEvent = event.unchecked_ref();
    if key.key() != "Enter" || key.is_composing() {
        return false;
    }
    match tag(event).as_str() {
        "INPUT" => true,
        "TEXTAREA" => key.ctrl_key() || key.meta_key(),
        _ => false,
    }
}

/// Whether a key goes into a text.
fn is_typing(event: &Event) -> bool {
    match tag(event).as_str() {
        "INPUT" => event.target().is_some_and(|input| {
            let input: HtmlElement = input.unchecked_into();
            !matches!(input.get_attribute("type").as_deref(), Some("radio" | "checkbox"))
        }),
        tag => matches!(tag, "TEXTAREA" | "SELECT"),
    }
}

/// What an event came from.
fn tag(event: &Event) -> String {
    event.target().map(|target| target.unchecked_into::<HtmlElement>().tag_name()).unwrap_or_default()
}

/// An element as an input.
fn input(element: &HtmlElement) -> &Input {
    element.unchecked_ref()
}

/// A digit from 1 to 9, as a place from 0; none with a modifier, which makes it a shortcut.
fn digit(event: &Event) -> Option<usize> {
    let event: &KeyboardEvent = event.unchecked_ref();
    match event.key().as_bytes() {
        &[byte @ b'1'..=b'9'] if !event.ctrl_key() && !event.meta_key() && !event.alt_key() => {
            Some(usize::from(byte - b'1'))
        }
        _ => None,
    }
}

/// What options are shuffled by: the same for one person on every page. Nobody knows who it is: any order will do.
pub fn seed(facts: &JsValue) -> u64 {
    let seed = field(&field(facts, "unit"), "seed").as_string().unwrap_or_default();
    seed.bytes().fold(0, |seed, digit| seed << 4 | u64::from(char::from(digit).to_digit(16).unwrap_or_default()))
}
