//! The one mutable state of the widget: signals in, decisions out. It asks the engine and tells the view; it never touches
//! the page itself.
//!
//! A signal may come while another is at work (recording an event tells the page, and the page may answer by closing the
//! prompt), so signals queue.

use crate::clock::{Clock, after};
use crate::facts::{Browser, Told};
use crate::host::{guarded, host};
use crate::memory;
use crate::outbox::{self, Detail};
use crate::read::{field, members, read};
use crate::signal::{Page, Signal};
use crate::view::{self, Gesture, View};
use engine::event::Action;
use engine::facts::{Facts, Published};
use engine::frequency::Policy;
use engine::page::PageGroups;
use engine::prompt::{self, Prompt, choose};
use engine::rule::{Both, OnPage, Truth, holds};
use engine::{Span, Timestamp};
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

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

/// What is known and shown.
#[derive(Default)]
struct Session {
    clock: Clock,
    page: Page,
    facts: Option<Facts>,
    bundle: Rc<Bundle>,
    /// Facts have come since the visitor came to this page.
    is_fresh: bool,
    open: Option<Open>,
    turn: Turn,
    timer: Option<Timeout>,
}

/// Which of the browser's tabs may show something. One at a time, or a cap of one would not hold.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Turn {
    #[default]
    Others,
    Asked,
    Ours,
}

/// What is to be done.
enum Next {
    Show(usize),
    Wait(Span),
    Nothing,
}

/// The published prompts, as far as this build can read them.
#[derive(Default)]
struct Bundle {
    version: String,
    policy: Policy,
    groups: PageGroups,
    prompts: Vec<Prompt>,
}

/// The prompt on the screen.
struct Open {
    bundle: Rc<Bundle>,
    at: usize,
    /// Keeps it on the screen.
    _view: View,
    /// The response it was given, if it was; it is then not dismissed any more.
    response: Option<(String, u8)>,
    is_done: bool,
    /// The page asked for it, whatever its rule says; it goes when the page does.
    is_asked_for: bool,
}

impl Session {
    fn observe(&mut self, signal: Signal) {
        match signal {
            Signal::Facts { facts, bundle, page, key } => {
                let Some(facts) = read::<Facts>(&facts) else {
                    return;
                };
                self.clock = Clock::set(facts.now);
                if self.bundle.version != facts.bundle
                    && let Some(bundle) = Bundle::of(&bundle)
                {
                    self.bundle = Rc::new(bundle);
                }
                self.facts = Some(facts);
                self.page = page;
                self.is_fresh = true;
                match key.and_then(|key| self.bundle.find(&key)) {
                    Some(at) => {
                        self.remove();
                        self.show(at, true);
                    }
                    None => {
                        self.recheck();
                        self.decide();
                    }
                }
            }
            Signal::Left(page) => {
                self.page = page;
                self.is_fresh = false;
                self.timer = None;
                if self.open.as_ref().is_some_and(|open| open.is_asked_for && open.response.is_none()) {
                    self.remove();
                }
                self.recheck();
            }
            Signal::Closed => self.remove(),
            Signal::Due => self.decide(),
            Signal::Turn => {
                self.turn = Turn::Ours;
                self.decide();
            }
            Signal::Gesture(gesture) => self.gesture(gesture),
        }
    }

    /// Lets the engine choose, and shows what it chose once it is this tab's turn.
    fn decide(&mut self) {
        self.timer = None;
        match (self.next(), self.turn) {
            (Next::Show(at), Turn::Ours) => self.show(at, false),
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

    /// What the engine says. While a prompt is open, the page is not seen or has no facts yet, it is not asked.
    fn next(&self) -> Next {
        let (true, None, true, Some(facts)) = (self.is_fresh, &self.open, view::is_seen(), &self.facts) else {
            return Next::Nothing;
        };
        let now = self.clock.now();
        let (entries, session) = (host().entries(), host().session());
        let entries = entries.iter().filter_map(read);
        let history = memory::history(facts, entries, &session, self.clock);
        let page = prompt::Page { since: self.clock.site(self.page.since), taken: false };
        let browser = view::browser();
        let witness = self.witness(facts, &browser, now);
        let Bundle { prompts, policy, .. } = &*self.bundle;
        let choice = choose(prompts, &witness, &history, policy, page, now);
        let winner = choice.winner.map(|winner| winner.key.as_str());
        match (winner.and_then(|key| self.bundle.find(key)), choice.next) {
            (Some(at), _) => Next::Show(at),
            (None, Some(then)) => Next::Wait(then.since(now)),
            (None, None) => Next::Nothing,
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

    /// Records that it is shown, then shows it: a reload in between must not show it twice.
    fn show(&mut self, at: usize, is_asked_for: bool) {
        let bundle = self.bundle.clone();
        let Some(prompt) = bundle.prompts.get(at) else {
            return;
        };
        let details = [Detail::Interrupts(prompt.placement.interrupts()), Detail::Version(&bundle.version)];
        outbox::push(prompt, Action::Shown, &details);
        let view = View::mount(prompt, |gesture| tell(Signal::Gesture(gesture)));
        self.open =
            Some(Open { bundle: bundle.clone(), at, _view: view, response: None, is_done: false, is_asked_for });
    }

    /// Takes away a prompt that no longer belongs here, without a word; never while somebody answers it.
    fn recheck(&mut self) {
        let (Some(facts), Some(open)) = (&self.facts, &self.open) else {
            return;
        };
        let Some(prompt) = open.prompt().filter(|_| !open.is_asked_for && open.response.is_none()) else {
            return;
        };
        let browser = view::browser();
        let witness = self.witness(facts, &browser, self.clock.now());
        let current = self.bundle.find(prompt.key.as_str()).and_then(|at| self.bundle.prompts.get(at));
        if current.is_none_or(|prompt| holds(&prompt.rule, &witness).truth == Truth::No) {
            self.remove();
        }
    }

    fn witness<'a>(&'a self, facts: &'a Facts, browser: &'a Browser, now: Timestamp) -> Both<OnPage<'a>, Told<'a>> {
        let page = OnPage {
            address: Some(&self.page.url),
            groups: &self.bundle.groups,
            device: Some(browser.device),
            language: Some(&browser.language),
        };
        Both { page, log: Told { facts, now } }
    }

    fn gesture(&mut self, gesture: Gesture) {
        let Some(open) = &mut self.open else { return };
        let bundle = open.bundle.clone();
        let Some(prompt) = bundle.prompts.get(open.at) else {
            return;
        };
        match gesture {
            Gesture::Scored(score) => {
                // One decision, whatever the fingers do.
                if open.response.is_some() {
                    return;
                }
                let response = host().id();
                outbox::push(prompt, Action::Answered, &[Detail::Response(&response), Detail::Score(score)]);
                open.response = Some((response, score));
            }
            Gesture::Commented(comment) => {
                let Some((response, score)) = &open.response else {
                    return;
                };
                let details = [Detail::Response(response), Detail::Score(*score), Detail::Comment(&comment)];
                outbox::push(prompt, Action::Answered, &details);
            }
            Gesture::Copied => outbox::push(prompt, Action::Clicked, &[]),
            Gesture::Followed(link) => {
                outbox::push(prompt, Action::Converted, &[Detail::Link(&link)]);
                open.is_done = true;
            }
            Gesture::Dismissed => {
                if open.response.is_none() && !open.is_done {
                    outbox::push(prompt, Action::Dismissed, &[]);
                }
                self.close();
            }
            Gesture::Finished => self.close(),
        }
    }

    fn close(&mut self) {
        self.remove();
        self.decide();
    }
}

impl Open {
    fn prompt(&self) -> Option<&Prompt> {
        self.bundle.prompts.get(self.at)
    }
}

impl Bundle {
    /// Reads what was published. A prompt that this build cannot read is dropped alone, and that is said once.
    fn of(value: &JsValue) -> Option<Bundle> {
        let published = members(&field(value, "prompts"));
        let bundle = Bundle {
            version: read(&field(value, "version"))?,
            policy: read(&field(value, "policy")).unwrap_or_default(),
            groups: read(&field(value, "page_groups")).unwrap_or_default(),
            prompts: published.iter().filter_map(read::<Prompt<Published>>).map(Prompt::with_rule).collect(),
        };
        let unreadable = published.len() - bundle.prompts.len();
        if unreadable > 0 {
            host().unreadable(unreadable as u32);
        }
        Some(bundle)
    }

    fn find(&self, key: &str) -> Option<usize> {
        self.prompts.iter().position(|prompt| prompt.key.as_str() == key)
    }
}
