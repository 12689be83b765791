//! Everything that is known here, put before the engine; and what follows from its choice.

use super::{Open, Session};
use crate::bundle::{Chosen, Prompt};
use crate::facts::{self, Elements, Seen};
use crate::memory::{Entry, Past};
use crate::outbox;
use crate::visit::Visit;
use crate::wants::Wants;
use engine::facts::Facts;
use engine::prompt::{self, Missing, Reason, Scene, Signals, What, choose_telling, is_candidate};
use engine::rule::{Consent, Truth, holds};
use engine::{Span, Timestamp};
use js_sys::Array;
use view::host::host;
use wasm_bindgen::JsValue;

/// What is to be done.
pub(super) enum Next {
    Show(Chosen),
    Wait(Span),
    Nothing,
}

impl Session {
    /// What the engine says, and what is to be waited for. `None`: the page is not seen or has no facts yet, so it is not asked.
    pub(super) fn next(&self) -> Option<(Next, Wants)> {
        let facts = self.facts.as_ref().filter(|_| self.is_fresh && facts::is_seen())?;
        let witness = self.seen(facts);
        let (now, visit) = (witness.now, Visit::now(self.clock));
        let entries = host().entries();
        let entries = entries.iter().filter_map(Entry::of);
        let past = Past::of(facts, entries, &visit.visitor, &visit.session, self.clock);
        let mut wants = Wants::default();
        if let Some(then) = past.awaited.filter(|then| now < *then && self.open.is_none()) {
            return Some((Next::Wait(then.since(now)), wants));
        }
        let signals = Signals {
            since: self.clock.site(self.since),
            visit_since: visit.since,
            pages: visit.pages,
            active: self.page.active().map(|active| self.clock.site(active)),
            happened: &self.happened,
        };
        let taken = self.open.is_some();
        let policy = &self.bundle.policy;
        let scene = Scene {
            history: &past.history,
            policy,
            unit: &facts.terms,
            zone: None,
            consents: &self.consents,
            spare_offers: facts.spare_offers,
            page: prompt::Page { signals, inside: Some(&Elements), taken, shown: self.shown },
            now,
        };
        let mut waiting = Vec::new();
        let choice = choose_telling(&self.bundle.prompts, &witness, &scene, &mut |prompt, reason| match reason {
            Reason::Waiting | Reason::Cancelled | Reason::Moment(_) | Reason::Held | Reason::Absent => {
                waiting.push((prompt, reason));
            }
            Reason::Rule | Reason::Unknown(Missing::Fact) if !self.bundle.part("here").is_undefined() => {
                waiting.push((prompt, reason));
            }
            _ => {}
        });
        if !waiting.is_empty() {
            let clocks = policy.clocks(&self.bundle.prompts, &past.history, now);
            // What stands in the page now may be gone when the moment comes.
            let anyway = Seen { page: None, ..witness };
            for (prompt, reason) in waiting {
                if is_candidate(prompt, &anyway, &scene, &clocks) {
                    wants.add(prompt, reason);
                }
            }
        }
        if let Some(prompt) = self.loose() {
            wants.rule(&prompt.rule);
        }
        // Who has no id for longer than this page would draw anew on the next one: they count in no experiment.
        let counts = self.consents.contains(&Consent::Store);
        for prompt in choice.drawn.iter().filter(|prompt| counts && !past.drawn.contains(prompt)) {
            outbox::push_lot(prompt, &self.told);
        }
        let at = choice.winner.and_then(|winner| self.bundle.find(winner.key.as_str()));
        let chosen = at.map(|at| Chosen { at, version: choice.version });
        let next = match (chosen, choice.next) {
            (Some(chosen), _) => Next::Show(chosen),
            (None, Some(then)) if !taken => Next::Wait(then.since(now)),
            (None, _) => Next::Nothing,
        };
        Some((next, wants))
    }

    /// Takes away a prompt that no longer belongs here, without a word; never while somebody answers it.
    pub(super) fn recheck(&mut self) {
        let (Some(facts), true) = (&self.facts, self.open.as_ref().is_some_and(Open::is_loose)) else { return };
        let witness = self.seen(facts);
        let belongs = self.loose().is_some_and(|prompt| {
            let is_given = |needed: &Consent| self.consents.contains(needed);
            prompt.consent.iter().all(is_given) && holds(&prompt.rule, &witness).truth != Truth::No
        });
        if !belongs {
            self.remove();
        }
    }

    /// The prompt on the screen, if it may be taken away as soon as it does not belong here any more.
    fn loose(&self) -> Option<&Prompt> {
        let open = self.open.as_ref().filter(|open| open.is_loose())?;
        self.bundle.prompts.get(self.bundle.find(open.key.as_str())?)
    }

    fn seen<'a>(&'a self, facts: &'a Facts) -> Seen<'a> {
        Seen { facts, page: Some(&self.page), now: self.clock.now() }
    }

    /// See [`crate::state`].
    pub(super) fn told_all(&self) -> Vec<JsValue> {
        let time = |at: Timestamp| JsValue::from_f64(at.0 as f64);
        let active = self.page.active().map_or(JsValue::NULL, |at| time(self.clock.site(at)));
        let mut told = vec![self.told.clone(), self.bundle.whole.clone(), time(self.clock.site(self.since)), active];
        for signal in &self.happened {
            let (what, value): (&str, JsValue) = match &signal.what {
                What::Scrolled(depth) => ("scrolled", (*depth).into()),
                What::ExitIntent => ("exit_intent", JsValue::NULL),
                What::Clicked(selector) => ("clicked", selector.into()),
                What::Seen(selector) => ("seen", selector.into()),
                What::Event(name, _) => ("event", name.into()),
                What::Called(key) => ("called", key.as_str().into()),
                What::Pushed(key) => ("pushed", key.as_str().into()),
                What::Closed(key) => ("closed", key.as_str().into()),
            };
            told.push(Array::of3(&time(signal.at), &what.into(), &value).into());
        }
        told
    }
}
