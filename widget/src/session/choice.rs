//! Everything that is known here, put before the engine; and what follows from its choice.

use super::{Chosen, Session};
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
            unit: &past.unit,
            zone: facts.zone,
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
            Reason::Rule | Reason::Unknown(Missing::Fact) if !self.bundle.here.is_undefined() => {
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
        if let Some(prompt) = self.open.as_ref().and_then(|open| open.loose()) {
            wants.rule(&prompt.rule);
        }
        choice.drawn.iter().for_each(outbox::push_lot);
        let chosen = choice.winner.and_then(|winner| {
            let is_chosen = |variant: &_| choice.variant.is_some_and(|chosen| std::ptr::eq(chosen, variant));
            let variant = winner.experiment.variants.iter().position(is_chosen);
            Some(Chosen { at: self.bundle.find(winner.key.as_str())?, variant })
        });
        let next = match (chosen, choice.next) {
            (Some(chosen), _) => Next::Show(chosen),
            (None, Some(then)) if !taken => Next::Wait(then.since(now)),
            (None, _) => Next::Nothing,
        };
        Some((next, wants))
    }

    /// Takes away a prompt that no longer belongs here, without a word; never while somebody answers it.
    pub(super) fn recheck(&mut self) {
        let (Some(facts), Some(prompt)) = (&self.facts, self.open.as_ref().and_then(|open| open.loose())) else {
            return;
        };
        let witness = self.seen(facts);
        let current = self.bundle.find(prompt.key.as_str()).and_then(|at| self.bundle.prompts.get(at));
        let belongs = current.is_some_and(|prompt| {
            let is_given = |needed: &Consent| self.consents.contains(needed);
            prompt.consent.iter().all(is_given) && holds(&prompt.rule, &witness).truth != Truth::No
        });
        if !belongs {
            self.remove();
        }
    }

    fn seen<'a>(&'a self, facts: &'a Facts) -> Seen<'a> {
        Seen { facts, page: Some(&self.page), now: self.clock.now() }
    }

    /// See [`crate::state`].
    pub(super) fn told_all(&self) -> Vec<JsValue> {
        let time = |at: Timestamp| JsValue::from_f64(at.0 as f64);
        let happened = self.happened.iter().map(|signal| {
            let (what, value): (&str, JsValue) = match &signal.what {
                What::Scrolled(depth) => ("scrolled", (*depth).into()),
                What::ExitIntent => ("exit_intent", JsValue::NULL),
                What::Clicked(selector) => ("clicked", selector.into()),
                What::Seen(selector) => ("seen", selector.into()),
                What::Event(name, _) => ("event", name.into()),
                What::Called(key) => ("called", key.as_str().into()),
                What::Pushed(key) => ("pushed", key.as_str().into()),
            };
            Array::of3(&time(signal.at), &what.into(), &value).into()
        });
        let since = time(self.clock.site(self.since));
        let active = self.page.active().map_or(JsValue::NULL, |at| time(self.clock.site(at)));
        [self.told.clone(), self.bundle.whole.clone(), since, active].into_iter().chain(happened).collect()
    }
}
