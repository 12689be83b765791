//! What must hold of every choice, whatever the prompts, the past and the page.

use crate::config;
use crate::log::DAY;
use crate::site::{Site, Stands, site};
use engine::experiment::Unit;
use engine::prompt::{
    Category, Choice, Moment, Page, Placement, Prompt, Reason, Says, Scene, Signal, Signals, What, any_candidate,
    choose, choose_telling,
};
use engine::rule::{Consent, Truth, Witness, holds};
use engine::{Key, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

/// A choice, and why not the others: how often each was told.
fn told<'a>(prompts: &'a [Prompt], witness: &impl Witness, scene: &Scene<'_>) -> (Choice<'a>, Vec<(&'a Key, Reason)>) {
    let mut told = Vec::new();
    let choice = choose_telling(prompts, witness, scene, &mut |prompt, reason| told.push((&prompt.key, reason)));
    (choice, told)
}

fn by_key<'a>(told: &[(&'a Key, Reason)]) -> BTreeMap<&'a Key, Reason> {
    told.iter().copied().collect()
}

fn winner<'a>(choice: &Choice<'a>) -> (Option<&'a Key>, Option<&'a Key>) {
    (choice.winner.map(|prompt| &prompt.key), choice.variant().map(|variant| &variant.key))
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn each_prompt_wins_or_hears_why_not_once(site in site()) {
        let known = site.known();
        let (ask, scene) = (known.ask(known.now), known.scene(known.now));
        let (choice, told) = told(&site.prompts, &ask, &scene);
        prop_assert_eq!(&choice, &choose(&site.prompts, &ask, &scene));
        let mut keys: Vec<&Key> = told.iter().map(|(key, _)| *key).chain(winner(&choice).0).collect();
        keys.sort();
        prop_assert_eq!(keys, site.prompts.iter().map(|prompt| &prompt.key).collect::<Vec<_>>());
    }

    #[test]
    fn the_order_of_the_prompts_does_not_matter(site in site(), by in any::<prop::sample::Index>()) {
        let known = site.known();
        let (ask, scene) = (known.ask(known.now), known.scene(known.now));
        let mut turned = site.prompts.clone();
        turned.reverse();
        let by = by.index(turned.len().max(1));
        turned.rotate_left(by);
        let ((one, of_one), (other, of_other)) = (told(&site.prompts, &ask, &scene), told(&turned, &ask, &scene));
        prop_assert_eq!(winner(&one), winner(&other));
        prop_assert_eq!(by_key(&of_one), by_key(&of_other));
        prop_assert_eq!(one.next, other.next);
        let drawn = |choice: &Choice<'_>| choice.drawn.iter().map(|lot| (lot.prompt.clone(), format!("{lot:?}"))).collect::<BTreeMap<_, _>>();
        prop_assert_eq!(drawn(&one), drawn(&other));
    }

    #[test]
    fn who_wins_may_be_shown(site in site()) {
        let known = site.known();
        let (ask, scene) = (known.ask(known.now), known.scene(known.now));
        let (choice, told) = told(&site.prompts, &ask, &scene);
        let Some(prompt) = choice.winner else { return Ok(()) };
        let past = known.history.past(&prompt.key);
        let goes_on = |prompt: &Prompt| site.visit.shown == 0 && known.history.goes_on(&prompt.key, known.now);
        let is_free = goes_on(prompt);
        prop_assert!(is_free || prompt.frequency.allows(past, prompt.content.usual_gap(), known.now) == Ok(()));
        if !prompt.mandatory && !is_free {
            let clocks = site.policy.clocks(&site.prompts, &known.history, known.now);
            prop_assert_eq!(site.policy.allows(prompt, &known.history, &clocks, site.visit.shown, known.now), Ok(()));
        }
        prop_assert_eq!(holds(&prompt.rule, &ask).truth, Truth::Yes);
        prop_assert!(!site.visit.taken);
        prop_assert!(prompt.hold_while.is_empty() || site.visit.stands.is_some_and(|stands| !stands.cookies));
        let is_inline = matches!(prompt.placement, Placement::Inline(_));
        prop_assert!(!is_inline || site.visit.stands.is_some_and(|stands| stands.promo));
        prop_assert!(prompt.consent.iter().all(|consent| site.visit.consents.contains(consent)));
        prop_assert!(choice.content().and_then(Says::ends).is_none_or(|end| known.now < end));
        let sells = prompt.content.category() == Category::Offer && prompt.offer_anyway.is_none();
        prop_assert!(!(sells && site.visit.spare_offers));
        let rank = |prompt: &Prompt| (!goes_on(prompt), -prompt.priority, known.history.past(&prompt.key).shown(), prompt.key.clone());
        for (key, _) in told.iter().filter(|(_, reason)| *reason == Reason::Outranked) {
            let other = site.prompts.iter().find(|other| other.key == **key).unwrap();
            prop_assert!(rank(prompt) < rank(other));
        }
    }

    #[test]
    fn nobody_wins_before_it_is_to_be_asked_again(site in site(), part in 0.0..1.0f64) {
        let known = site.known();
        let at = |now| told(&site.prompts, &known.ask(now), &known.scene(now)).0;
        let mut now = known.now;
        for _ in 0..8 {
            let choice = at(now);
            if choice.winner.is_some() {
                break;
            }
            let end = choice.next.map_or(now.0 + 400 * DAY, |next| next.0);
            prop_assert!(end > now.0);
            for then in [end - 1, now.0 + ((end - now.0 - 1) as f64 * part) as i64] {
                prop_assert_eq!(winner(&at(Timestamp(then))).0, None);
            }
            let Some(next) = choice.next else { break };
            now = next;
        }
    }

    #[test]
    fn a_lot_that_is_recorded_is_drawn_once(site in site()) {
        let known = site.known();
        let (ask, scene) = (known.ask(known.now), known.scene(known.now));
        let (choice, reasons) = told(&site.prompts, &ask, &scene);
        let asks = |prompt: &&Prompt| !prompt.experiment.is_none() || (site.policy.holdout > 0.0 && !prompt.mandatory);
        for lot in &choice.drawn {
            let prompt = site.prompts.iter().find(|prompt| prompt.key == lot.prompt).unwrap();
            prop_assert!(asks(&prompt));
            prop_assert_eq!(Some(lot.place), site.visit.unit.standing(&lot.prompt, lot.epoch));
            // Only of what nothing else stands against.
            let reason = by_key(&reasons).get(&prompt.key).copied();
            prop_assert!(matches!(reason, None | Some(Reason::Outranked | Reason::HeldOut { .. } | Reason::Ended)), "{:?}", reason);
        }
        if let Some(prompt) = choice.winner.filter(asks) {
            prop_assert!(choice.drawn.iter().any(|lot| lot.prompt == prompt.key));
        }
        let unit = Unit { assigned: choice.drawn.clone(), ..site.visit.unit.clone() };
        let (again, of_again) = told(&site.prompts, &ask, &Scene { unit: &unit, ..scene });
        prop_assert_eq!(winner(&again), winner(&choice));
        prop_assert_eq!(of_again, reasons);
        prop_assert_eq!(again.drawn, vec![]);
    }

    #[test]
    fn a_page_that_needs_nothing_shows_nothing(site in site()) {
        let known = site.known();
        let (ask, scene) = (known.ask(known.now), known.scene(known.now));
        let choice = choose(&site.prompts, &ask, &scene);
        if any_candidate(&site.prompts, &ask, &scene) {
            return Ok(());
        }
        prop_assert!(choice.winner.is_none() && choice.drawn.is_empty());
        // Nor does it when everything happens that a prompt may wait for, and everything is agreed to.
        let happened = site.prompts.iter().filter_map(awaited).map(|what| Signal { at: known.now, what }).collect::<Vec<_>>();
        let long_ago = Timestamp(known.now.0 - DAY);
        let signals = Signals { since: long_ago, visit_since: Some(long_ago), pages: Some(1000), active: Some(long_ago), happened: &happened };
        let page = Page { signals, inside: Some(&Stands { cookies: false, promo: true }), taken: false, ..scene.page };
        let all = [Consent::Store, Consent::Profile, Consent::Answer];
        let choice = choose(&site.prompts, &ask, &Scene { page, consents: &all, ..scene });
        prop_assert_eq!(winner(&choice).0, None);
        prop_assert_eq!(choice.drawn, vec![]);
    }
}

/// What lets the moment of a prompt come.
fn awaited(prompt: &Prompt) -> Option<What> {
    Some(match &prompt.moment {
        Moment::Scroll(part) => What::Scrolled(*part),
        Moment::ExitIntent => What::ExitIntent,
        Moment::Event(happens) => What::Event(happens.name.clone(), Default::default()),
        _ => return None,
    })
}

#[test]
fn the_sites_have_winners_and_losers_of_each_kind() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..1500 {
        let site: Site = site().new_tree(&mut runner).unwrap().current();
        let known = site.known();
        let (ask, scene) = (known.ask(known.now), known.scene(known.now));
        let (choice, told) = told(&site.prompts, &ask, &scene);
        let name = |reason: &Reason| {
            let text = format!("{reason:?}");
            text.split(|c: char| !c.is_alphanumeric()).take(2).collect::<Vec<_>>().join(" ")
        };
        let mut names: Vec<String> = told.iter().map(|(_, reason)| name(reason)).collect();
        names.extend(choice.winner.map(|_| "winner".to_owned()));
        names.extend(choice.drawn.first().map(|_| "drawn".to_owned()));
        names.extend((!any_candidate(&site.prompts, &ask, &scene)).then(|| "not needed".to_owned()));
        names.into_iter().for_each(|name| *seen.entry(name).or_default() += 1);
    }
    let wanted = [
        "winner",
        "drawn",
        "not needed",
        "Ended",
        "NotBefore Timestamp",
        "Hours Timestamp",
        "Moment Timestamp",
        "Waiting",
        "Cancelled",
        "Rule",
        "Held",
        "Absent",
        "Unknown Fact",
        "Unknown Zone",
        "Unknown Page",
        "Unknown Unit",
        "Consent Store",
        "Guarded",
        "Capped PerSession",
        "Capped AtMost",
        "Capped Window",
        "Capped Gap",
        "Capped Dismissed",
        "Capped Snoozed",
        "Capped Stopped",
        "Capped Muted",
        "Capped Interruptions",
        "Capped InterruptionGap",
        "Capped SitePerPage",
        "Capped SitePerSession",
        "Capped Group",
        "Taken",
        "Uncovered",
        "HeldOut ",
        "Outranked",
    ];
    let few: Vec<&str> = wanted.into_iter().filter(|name| seen.get(*name).copied().unwrap_or(0) < 5).collect();
    assert!(few.is_empty(), "{few:?} of {seen:?}");
}
