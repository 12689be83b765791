//! The one mutable state of the widget: signals in, decisions out. It asks the engine and tells the view; it never touches
//! the page itself.
//!
//! A signal may come while another is at work (recording an event tells the page, and the page may answer by closing the
//! prompt), so signals queue.

mod choice;
mod open;

use crate::bundle::{Bundle, Chosen};
use crate::contents::Contents;
use crate::outbox;
use crate::page::{self, Page};
use crate::signal::Signal;
use crate::visit::consents;
use choice::Next;
use engine::event::Action;
use engine::facts::Facts;
use engine::prompt::{self, Moment, What};
use engine::rule::Consent;
use engine::{Props, Timestamp};
use gloo_timers::callback::Timeout;
use open::Open;
use std::cell::RefCell;
use std::mem::{ManuallyDrop, replace, take};
use view::clock::{Clock, after};
use view::host::{guarded, host};
use view::read::{field, read};
use view::{Did, Gesture};
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    static QUEUE: RefCell<Vec<Signal>> = const { RefCell::new(Vec::new()) };
    static SESSION: RefCell<Session> = RefCell::default();
}

/// Tells the session that something happened.
pub fn tell(signal: Signal) {
    QUEUE.with_borrow_mut(|queue| queue.insert(0, signal));
    SESSION.with(|session| {
        // Busy: whoever is at work takes it from the queue.
        let Ok(mut session) = session.try_borrow_mut() else {
            return;
        };
        while let Some(signal) = QUEUE.with_borrow_mut(Vec::pop) {
            session.observe(signal);
        }
    });
}

/// What decisions are made of; see [`crate::state`].
pub fn state() -> Vec<JsValue> {
    SESSION.with(|session| session.try_borrow().map(|session| session.told_all()).unwrap_or_default())
}

/// What is known and shown.
#[derive(Default)]
struct Session {
    clock: Clock,
    /// When the visitor came to this page, by the browser's clock.
    since: Timestamp,
    facts: Option<Facts>,
    /// The same, as they came.
    told: JsValue,
    /// Never taken apart: how that is done would be more code than what it holds.
    bundle: ManuallyDrop<Bundle>,
    /// Events of this page that nobody could tell the other names of yet.
    unnamed: Vec<JsValue>,
    /// What paints most contents.
    contents: Painter,
    /// Facts have come since the visitor came to this page.
    is_fresh: bool,
    /// How many prompts were shown on this page.
    shown: u32,
    open: Option<Open>,
    /// What the page asks for and nobody could paint yet.
    asked_for: Option<Chosen>,
    turn: Turn,
    timer: Option<Timeout>,
    /// What happened on the page, the earliest first.
    happened: Vec<prompt::Signal>,
    page: Page,
    consents: Vec<Consent>,
}

/// The module that paints most contents.
#[derive(Default)]
enum Painter {
    #[default]
    Elsewhere,
    Asked,
    Here(Contents),
}

/// Which of the browser's tabs may show something. One at a time, or a cap of one would not hold.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Turn {
    #[default]
    Others,
    Asked,
    Ours,
}

impl Session {
    fn observe(&mut self, signal: Signal) {
        match signal {
            Signal::Facts { facts: told, bundle, since, key } => {
                let Some(facts) = read::<Facts>(&told) else {
                    return;
                };
                self.clock = Clock::set(facts.now);
                let is_new = self.bundle.version != facts.bundle;
                if is_new && let Some(bundle) = Bundle::of(&bundle) {
                    self.bundle = ManuallyDrop::new(bundle);
                }
                self.facts = Some(facts);
                self.told = told;
                if let Painter::Here(contents) = &self.contents {
                    contents.hear(&self.told);
                }
                if is_new && field(&bundle, "anew").is_truthy() {
                    self.say_anew();
                }
                self.since = since;
                self.is_fresh = true;
                self.page.ask(&self.bundle, &self.told);
                self.consents = consents();
                self.recall(key);
            }
            Signal::Left(since) => {
                self.since = since;
                self.is_fresh = false;
                self.shown = 0;
                self.timer = None;
                self.happened.clear();
                self.unnamed.clear();
                self.page.leave();
                self.asked_for = None;
                if let Painter::Asked = self.contents {
                    self.contents = Painter::Elsewhere;
                }
                if self.open.as_ref().is_some_and(Open::goes_with_its_page) {
                    self.remove();
                }
                self.recheck();
            }
            Signal::Closed => {
                self.asked_for = None;
                self.end();
            }
            Signal::Said => {
                let consents = consents();
                let is_news = self.listen() | (consents != self.consents);
                self.consents = consents;
                self.go_on(is_news);
            }
            Signal::Noticed(told) => {
                if let Some(what) = page::what(&told) {
                    self.add(what, self.clock.now());
                }
                self.go_on(true);
            }
            Signal::Page(module) => {
                self.page.arrive(module);
                self.page.ask(&self.bundle, &self.told);
                for event in take(&mut self.unnamed) {
                    self.name(&event);
                }
                self.go_on(true);
            }
            Signal::Due => self.decide(),
            Signal::Turn => {
                self.turn = Turn::Ours;
                self.decide();
            }
            Signal::Ready(module) => {
                self.contents = Painter::Here(module.unchecked_into());
                match self.asked_for.take() {
                    Some(chosen) => self.show(chosen, true),
                    None => self.decide(),
                }
            }
            Signal::Gesture(gesture) => self.gesture(gesture),
        }
    }

    /// New facts: shows what the page asks for. A prompt whose moment that is goes through the choice as any other.
    fn recall(&mut self, key: Option<String>) {
        let at = key.and_then(|key| self.bundle.find(&key));
        let prompt = at.and_then(|at| self.bundle.prompts.get(at));
        let called = prompt.filter(|prompt| prompt.moment == Moment::Call).map(|prompt| prompt.key.clone());
        match (at, called) {
            (Some(at), None) => {
                self.remove();
                self.show(Chosen { at, version: None }, true);
            }
            (_, called) => {
                if let Some(key) = called {
                    self.add(What::Called(key), self.clock.now());
                }
                self.go_on(true);
            }
        }
    }

    /// Something has changed on which it depends what belongs here.
    fn go_on(&mut self, is_news: bool) {
        if is_news {
            self.recheck();
            self.decide();
        }
    }

    /// Hears what the page has said since it was asked last. Whether a prompt waits for any of it.
    fn listen(&mut self) -> bool {
        if self.facts.is_none() {
            return false;
        }
        let before = self.happened.len();
        for event in host().heard() {
            self.hear(&event, &field(&event, "name"));
            self.name(&event);
        }
        self.happened.len() > before
    }

    /// An event of the page, by one of its names.
    fn hear(&mut self, event: &JsValue, name: &JsValue) {
        let (name, at) = (name.as_string(), field(event, "at").as_f64());
        if let (Some(name), Some(at)) = (name.filter(|name| self.bundle.waits_for(name)), at) {
            self.add(What::Event(name, Props::default()), self.clock.site(Timestamp(at as i64)));
        }
    }

    /// The same by the names that stand for what it says beside its own, as soon as there is who knows them.
    fn name(&mut self, event: &JsValue) {
        if let Page::Here(..) = self.page {
            for name in self.page.names(event) {
                self.hear(event, &name);
            }
        } else if self.bundle.part("events").is_object() {
            self.unnamed.push(event.clone());
        }
    }

    /// Something happened on the page.
    fn add(&mut self, what: What, at: Timestamp) {
        self.happened.push(prompt::Signal { at, what });
    }

    /// Lets the engine choose, and shows what it chose once it is this tab's turn.
    fn decide(&mut self) {
        self.timer = None;
        self.listen();
        let Some((next, wants)) = self.next() else { return self.give_turn() };
        if !self.page.want(wants.0, self.since) {
            self.page.fetch(&self.bundle);
        }
        match (next, self.turn) {
            (Next::Show(chosen), Turn::Ours) => self.show(chosen, false),
            (Next::Show(_), Turn::Asked) => {}
            (Next::Show(_), Turn::Others) => {
                self.turn = Turn::Asked;
                host().claim(&guarded(|_| tell(Signal::Turn)));
            }
            (Next::Wait(span), _) => {
                self.give_turn();
                self.timer = Some(after(span, || tell(Signal::Due)));
            }
            (Next::Nothing, _) => self.give_turn(),
        }
    }

    /// Lets another tab show something, if this one might have.
    fn give_turn(&mut self) {
        if self.turn == Turn::Ours && self.open.is_none() {
            self.turn = Turn::Others;
            host().release();
        }
    }

    /// Takes the prompt off the screen.
    fn remove(&mut self) {
        self.open = None;
        self.give_turn();
    }

    fn gesture(&mut self, gesture: Gesture) {
        let Some(open) = &mut self.open else { return };
        match gesture {
            Gesture::Did(did) => {
                // What is painted again is seen again.
                if did.action == Action::Viewed && replace(&mut open.is_viewed, true) {
                    return;
                }
                open.is_answered |= did.action == Action::Answered;
                open.is_done |= !matches!(did.action, Action::Answered | Action::Clicked | Action::Viewed);
                outbox::push(&open.key, did);
            }
            Gesture::Dismissed => {
                if !open.is_answered && !open.is_done {
                    let did = Did { action: Action::Dismissed, name: None, props: view::say(&[]) };
                    outbox::push(&open.key, did);
                }
                self.close();
            }
            Gesture::Finished => self.close(),
        }
    }

    fn close(&mut self) {
        self.end();
        self.decide();
    }

    /// Takes the prompt off the screen for good: what brought it does not bring it again.
    fn end(&mut self) {
        if let Some(open) = &self.open {
            let what = What::Closed(open.key.clone());
            self.add(what, self.clock.now());
        }
        self.remove();
    }
}
