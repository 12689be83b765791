//! What a page makes of the prompts that it is sent, with what it is told, is what the collector would make of them as they were written.

use crate::config;
use crate::rule::Told;
use crate::site::{Known, site};
use engine::facts::{Facts, Here, Read, Sent, Terms, judge, terms};
use engine::prompt::{Happens, Means, Page, Prompt, Scene, Signal, Signals, Theme, What, choose};
use engine::{Key, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What a page is sent and told.
struct OnPage {
    prompts: Vec<Prompt<Read>>,
    here: Here,
    facts: Facts,
    events: Vec<(String, Happens)>,
}

impl OnPage {
    fn of(known: &Known<'_>) -> OnPage {
        let (written, by_lot) = (&known.site.prompts, known.site.policy.holdout > 0.0);
        let (mut here, mut events) = (Here::default(), Vec::new());
        let sent = |prompt| Prompt::<Sent>::of(prompt, &Theme::default(), by_lot, &mut here, &mut events);
        let sent: Vec<Prompt<Sent>> = written.iter().map(sent).collect();
        let read = serde_json::from_value(serde_json::to_value(&sent).unwrap()).unwrap();
        let witness = known.collector(known.now);
        let verdicts = judge(written.iter().map(|prompt| &prompt.rule), &witness);
        let (terms, drawn) = terms(written, &witness, &known.scene(known.now));
        let facts = Facts { now: known.now, verdicts, terms, drawn, ..Facts::default() };
        OnPage { prompts: read, here, facts, events }
    }

    /// What happened, by all its names.
    fn happened(&self, signals: &[Signal]) -> Vec<Signal> {
        let named = |signal: &Signal| {
            let meant = self.events.iter().filter(|(_, happens)| happens.means(&signal.what));
            let names = meant.map(|(name, _)| What::Event(name.clone(), Default::default()));
            let at = signal.at;
            [signal.what.clone()].into_iter().chain(names).map(move |what| Signal { at, what }).collect::<Vec<_>>()
        };
        signals.iter().flat_map(named).collect()
    }

    /// Who wins in which version, and whose lots are drawn for the first time.
    fn choose(&self, known: &Known<'_>, now: Timestamp) -> (Option<&Key>, Option<usize>, BTreeSet<&Key>) {
        let page = known.ask(now).page;
        let witness = Told { facts: &self.facts, here: &self.here, page, now };
        let Scene { history, policy, consents, spare_offers, page, .. } = known.scene(now);
        let happened = self.happened(page.signals.happened);
        let page = Page { signals: Signals { happened: &happened, ..page.signals }, ..page };
        let unit: &Terms = &self.facts.terms;
        let scene = Scene { history, policy, unit, zone: None, consents, spare_offers, page, now };
        let choice = choose(&self.prompts, &witness, &scene);
        let recorded = self.facts.drawn.iter().map(|(key, _)| key).collect::<BTreeSet<_>>();
        assert!(choice.drawn.iter().all(|key| recorded.contains(key)), "what is drawn can be recorded");
        let drawn = recorded.into_iter().filter(|key| choice.drawn.contains(key)).collect();
        (choice.winner.map(|prompt| &prompt.key), choice.version, drawn)
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn the_page_chooses_as_the_collector_would(site in site(), later in 0..3_600_000i64) {
        let known = site.known();
        let page = OnPage::of(&known);
        let direct = |now| {
            let choice = choose(&site.prompts, &known.ask(now), &known.scene(now));
            let drawn: BTreeSet<Key> = choice.drawn.iter().map(|lot| lot.prompt.clone()).collect();
            (choice.winner.map(|prompt| prompt.key.clone()), choice.version, drawn)
        };
        let (winner, version, drawn) = page.choose(&known, known.now);
        prop_assert_eq!((winner.cloned(), version, drawn.into_iter().cloned().collect()), direct(known.now));
        // Later, without new facts, it shows nothing that should not be shown.
        let then = Timestamp(known.now.0 + later);
        if let (Some(winner), ..) = page.choose(&known, then) {
            let mut alone = site.clone();
            alone.prompts.retain(|prompt| prompt.key == *winner);
            let known = alone.known();
            let choice = choose(&alone.prompts, &known.ask(then), &known.scene(then));
            prop_assert_eq!(choice.winner.map(|prompt| &prompt.key), Some(winner));
        }
    }
}
