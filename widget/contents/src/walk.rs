//! Steps through a page. Each stands beside the element that it is about, with a ring around that; the page stays as usable as it was.
//!
//! Where somebody is, is kept in the browser, so that a walk goes on where it was left: after a reload, on the next page, next week. A
//! step whose element does not come within a second is passed over. Pressing the button or link that a step is about is doing it.

mod card;
mod place;
mod watch;

use crate::Kept;
use crate::answered::PARTIAL;
use crate::words::decimal;
use card::Card;
use engine::Span;
use engine::event::Action;
use engine::prompt::{Content, Corner, Placement, Step, Walkthrough};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use view::clock::after;
use view::frame::{Frame, Slot};
use view::host::host;
use view::{Did, Gesture, Setting, Tell, Word, dom};
use wasm_bindgen::JsCast;
use watch::{Clicks, Watch};
use web_sys::{Element, HtmlElement, Node};

/// How long a step waits for its element.
const PATIENCE: Span = Span(1_000);
/// From the element to the ring around it, in px.
const RING: f64 = 6.0;

/// A walk is beside what it is about, or in a corner; what would lie over the page or in it cannot point at it.
pub fn place(setting: &mut Setting, walkthrough: &Walkthrough) {
    let points = walkthrough.steps.iter().any(|step| step.at.is_some());
    if points && !matches!(setting.placement, Placement::Corner(_)) {
        setting.placement = Placement::Corner(Corner::BottomEnd);
    }
}

/// Fills the frame, which is still empty of any step; [`Walk::begin`] takes the first one. `key` is the prompt's.
pub fn fill(frame: &mut Frame, content: &Content, walkthrough: &Walkthrough, key: &str) -> Rc<Walk> {
    let memory = ["walk.", key].concat();
    let kept = host().kept(&memory).as_string().and_then(|at| at.parse::<usize>().ok()).unwrap_or(0);
    let at = if kept < walkthrough.steps.len() { kept } else { 0 };
    let card = Card::new(frame, walkthrough.steps.get(at).map_or("", |step| &step.heading));
    let (back, next) = (card.back.clone(), card.next.clone());
    let walk = Rc::new(Walk {
        tell: frame.tell,
        panel: frame.panel.clone(),
        ring: dom::make("div", "ring", ""),
        arrow: dom::make("i", "arrow", ""),
        card,
        names: [content.event_name(Action::Clicked), content.event_name(Action::Converted)],
        steps: walkthrough.steps.clone(),
        memory,
        at: Cell::new(at),
        wanted: Cell::new(None),
        seen: RefCell::default(),
        element: RefCell::default(),
        timer: Slot::default(),
    });
    let (backwards, forwards) = (walk.clone(), walk.clone());
    frame.on(&back, "click", move |_| backwards.back());
    frame.on(&next, "click", move |_| forwards.pass());
    walk
}

/// A walk that is going on.
pub struct Walk {
    tell: Tell,
    panel: HtmlElement,
    ring: HtmlElement,
    arrow: HtmlElement,
    card: Card,
    /// What the log calls a step that was seen, and the end.
    names: [Option<&'static str>; 2],
    steps: Vec<Step>,
    memory: String,
    /// The step that is shown.
    at: Cell<usize>,
    /// The step that is waited for.
    wanted: Cell<Option<usize>>,
    /// The steps that were told to be seen.
    seen: RefCell<Vec<usize>>,
    /// What the step is about, while that is on the page.
    element: RefCell<Option<Element>>,
    timer: Slot,
}

impl Walk {
    /// Takes the first step. The frame is on the page by now.
    pub fn begin(self: Rc<Walk>) -> Kept {
        for part in [&self.ring, &self.arrow] {
            dom::say(part, "popover", "manual");
            // Beside the panel, which cuts off what stands out of it.
            if let Some(around) = self.panel.parent_node() {
                dom::put(&around, part);
            }
        }
        dom::class(&self.panel, "walk", true);
        let (watched, pressed) = (self.clone(), self.clone());
        let watch = Watch::new(move || watched.changed());
        let clicks = Clicks::new(move |target| pressed.pressed(target.unchecked_ref()));
        self.want(self.at.get());
        Box::new((watch, clicks, Stop(self.clone())))
    }

    /// Goes to a step, as soon as its element is there.
    fn want(self: &Rc<Walk>, at: usize) {
        self.timer.take();
        match self.steps.get(at).and_then(|step| there(step, at)) {
            Some((at, element)) => self.show(at, element),
            None => {
                self.wanted.set(Some(at));
                let later = self.clone();
                self.timer.replace(Some(after(PATIENCE, move || later.skip(at + 1))));
            }
        }
    }

    /// Goes to the first step from here on whose element is there by now. Where none is, what is left may be on another page.
    fn skip(&self, from: usize) {
        self.wanted.set(None);
        match self.steps.iter().zip(0..).skip(from).find_map(|(step, at)| there(step, at)) {
            Some((at, element)) => self.show(at, element),
            None => (self.tell)(Gesture::Finished),
        }
    }

    fn show(&self, at: usize, element: Option<Element>) {
        let Some(step) = self.steps.get(at) else { return };
        self.timer.take();
        self.wanted.set(None);
        self.at.set(at);
        self.keep(Some(at));
        self.card.write(at, step, self.steps.len());
        if let Some(element) = &element
            && !watch::area(element).is_well_in(watch::size())
        {
            watch::scroll_to(element);
        }
        self.element.replace(element);
        dom::class(&self.panel, "shown", true);
        self.follow();
        if !self.seen.borrow().contains(&at) {
            self.seen.borrow_mut().push(at);
            let [step, of] = [at + 1, self.steps.len()].map(|number| Word::Number(number as u32));
            let said = [("step", step), ("of", of), (PARTIAL, Word::Flag(true))];
            (self.tell)(Did::named(Action::Clicked, self.names[0], &said));
        }
    }

    /// Something on the page came, went or moved.
    fn changed(self: &Rc<Walk>) {
        if let Some(at) = self.wanted.get() {
            return match self.steps.get(at).and_then(|step| there(step, at)) {
                Some((at, element)) => self.show(at, element),
                None => self.follow(),
            };
        }
        // What left the document takes up no room either.
        let is_gone = self.element.borrow().as_ref().is_some_and(|element| !watch::area(element).is_some_room());
        if is_gone {
            // Drawn anew by the page, or another page: the same step first.
            self.element.take();
            self.want(self.at.get());
        }
        self.follow();
    }

    /// Card, ring and arrow go where the element is.
    fn follow(&self) {
        // A card that was made a tab points at nothing.
        let is_there = self.panel.offset_height() > 0;
        let area = self.element.borrow().as_ref().filter(|_| is_there).map(watch::area);
        let window = watch::size();
        let is_sheet = dom::matches("(max-width: 639px)");
        let card = (f64::from(self.panel.offset_width()), f64::from(self.panel.offset_height()));
        let rtl = dom::style_of(&self.panel, "direction") == "rtl";
        let spot = area.filter(|_| !is_sheet).and_then(|area| place::beside(area, card, window, rtl));
        let is_low = area.is_some_and(|area| area.top + area.height > window.1 - card.1);
        dom::class(&self.panel, "beside", spot.is_some());
        // Where it cannot be beside the element it is at least not over it.
        dom::class(&self.panel, "high", spot.is_none() && is_low);
        show(&self.ring, area.is_some());
        show(&self.arrow, spot.is_some());
        if let Some(area) = area {
            let [left, top] = [area.left, area.top].map(|at| at - RING);
            let [width, height] = [area.width, area.height].map(|size| size + 2.0 * RING);
            put(&self.ring, &[("--x", left), ("--y", top), ("--w", width), ("--h", height)]);
        }
        if let Some(spot) = spot {
            put(&self.panel, &[("--x", spot.left), ("--y", spot.top)]);
            let turn = match spot.side {
                place::Side::Below => 0.0,
                place::Side::Left => 90.0,
                place::Side::Above => 180.0,
                place::Side::Right => 270.0,
            };
            put(&self.arrow, &[("--x", spot.arrow.0), ("--y", spot.arrow.1), ("--turn", turn)]);
        }
    }

    /// On to the next step, or to the end.
    fn pass(self: &Rc<Walk>) {
        if self.wanted.get().is_some() {
            return;
        }
        let next = self.at.get() + 1;
        if next < self.steps.len() {
            return self.want(next);
        }
        self.keep(None);
        (self.tell)(Did::named(Action::Converted, self.names[1], &[]));
        (self.tell)(Gesture::Finished);
    }

    /// Back to the last step before whose element is there.
    fn back(&self) {
        let before = self.steps.iter().zip(0..self.at.get()).rev();
        if let Some((at, element)) = before.into_iter().find_map(|(step, at)| there(step, at)) {
            self.show(at, element);
        }
    }

    /// Something was pressed on the page. If the step is about it, the step is done; the page may be about to go.
    fn pressed(self: &Rc<Walk>, target: &Node) {
        let is_it = self
            .element
            .borrow()
            .as_ref()
            .is_some_and(|element| element.contains(Some(target)) && watch::is_pressed(target.unchecked_ref()));
        if !is_it {
            return;
        }
        let next = self.at.get() + 1;
        if next == self.steps.len() {
            return self.pass();
        }
        self.keep(Some(next));
        let walk = self.clone();
        self.timer.replace(Some(after(Span(0), move || walk.pass())));
    }

    fn keep(&self, at: Option<usize>) {
        // As a text: a loader takes 0 for nothing.
        host().keep(&self.memory, &at.map(|at| decimal(at as u32)).into());
    }
}

/// A step by its place with the element that it is about; `None` while that is not on the page.
fn there(step: &Step, at: usize) -> Option<(usize, Option<Element>)> {
    match step.at.as_deref() {
        Some(selector) => watch::find(selector).map(|element| (at, Some(element))),
        None => Some((at, None)),
    }
}

/// Ends what waits.
struct Stop(Rc<Walk>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.timer.take();
    }
}

fn put(element: &HtmlElement, values: &[(&str, f64)]) {
    for (name, value) in values {
        dom::set(element, name, *value);
    }
}

/// Puts a part above the page, or takes it away.
fn show(part: &HtmlElement, is_on: bool) {
    dom::class(part, "on", is_on);
    dom::pop(part, is_on);
}
