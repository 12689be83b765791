//! What holds of every lot, whatever the shares and weights are.

use crate::config;
use crate::log::key;
use engine::experiment::{Arm, Assigned, Experiment, Lot, Seed, Unit, Variant};
use proptest::prelude::*;

fn variants(weights: &[u32]) -> Vec<Variant> {
    let variant =
        |(place, weight): (usize, &u32)| Variant { key: key(&format!("v{place}")), weight: *weight, content: None };
    weights.iter().enumerate().map(variant).collect()
}

fn unit(seed: u64) -> Unit {
    Unit { seed: Some(Seed(seed)), ..Unit::default() }
}

fn of_weights(seed: u64, weights: &[u32]) -> Lot {
    let experiment = Experiment { variants: variants(weights), ..Experiment::default() };
    unit(seed).draw(&key("p"), &experiment, 0.0)
}

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 0.0..1.0f64]
}

fn experiments() -> impl Strategy<Value = Experiment> {
    let weights = proptest::collection::vec(0..1000u32, 0..5);
    (0..3u32, share(), share(), weights).prop_map(|(epoch, coverage, holdout, weights)| Experiment {
        epoch,
        coverage,
        holdout,
        variants: variants(&weights),
        goal: None,
    })
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn the_order_of_the_variants_does_not_matter(seed: u64, experiment in experiments()) {
        let mut turned = experiment.clone();
        turned.variants.reverse();
        let drawn = |experiment: &Experiment| {
            let lot = unit(seed).draw(&key("p"), experiment, 0.0);
            (core::mem::discriminant(&lot), lot.arm(experiment))
        };
        prop_assert_eq!(drawn(&experiment), drawn(&turned));
    }

    #[test]
    fn wider_coverage_takes_nobody_out(seed: u64, experiment in experiments(), other in share()) {
        let (narrow, wide) = (experiment.coverage.min(other), experiment.coverage.max(other));
        let at = |coverage| unit(seed).draw(&key("p"), &Experiment { coverage, ..experiment.clone() }, 0.0);
        let before = at(narrow);
        if before != Lot::Uncovered {
            prop_assert_eq!(before, at(wide), "who was in stays in, and sees the same");
        }
    }

    #[test]
    fn a_wider_holdout_lets_nobody_out(seed: u64, experiment in experiments(), other in share()) {
        let (narrow, wide) = (experiment.holdout.min(other), experiment.holdout.max(other));
        let at = |holdout| unit(seed).draw(&key("p"), &Experiment { holdout, ..experiment.clone() }, 0.0);
        let (before, after) = (at(narrow), at(wide));
        let held_out = Lot::HeldOut { by_site: false };
        prop_assert!(before == after || after == held_out, "{before:?} became {after:?}");
    }

    #[test]
    fn a_greater_weight_only_draws_units_to_it(seed: u64, weights in proptest::collection::vec(1..1000u32, 1..6), at: prop::sample::Index, more in 1..1000u32) {
        let at = at.index(weights.len());
        let mut greater = weights.clone();
        greater[at] += more;
        let (before, after) = (of_weights(seed, &weights), of_weights(seed, &greater));
        prop_assert!(before == after || after == Lot::In(Some(at)), "{before:?} became {after:?}");
    }

    #[test]
    fn weights_are_proportions(seed: u64, weights in proptest::collection::vec(0..1000u32, 1..6), times in 1..1000u32) {
        let scaled: Vec<u32> = weights.iter().map(|weight| weight * times).collect();
        prop_assert_eq!(of_weights(seed, &weights), of_weights(seed, &scaled));
    }

    #[test]
    fn the_greatest_weights_do_no_harm(seed: u64) {
        prop_assert!(matches!(of_weights(seed, &[u32::MAX, u32::MAX, 0]), Lot::In(Some(0 | 1))));
    }

    #[test]
    fn what_was_decided_stays_whoever_it_becomes(first: u64, later: u64, experiment in experiments()) {
        let (prompt, epoch) = (key("p"), experiment.epoch);
        let visitor = unit(first);
        let lot = visitor.draw(&prompt, &experiment, 0.0);
        if let Some(arm) = lot.arm(&experiment) {
            let place = visitor.standing(&prompt, epoch).unwrap();
            let assigned = vec![Assigned { prompt: prompt.clone(), epoch, place, arm }];
            let person = Unit { assigned, ..unit(later) };
            prop_assert_eq!(person.draw(&prompt, &experiment, 0.0), lot);
            let unseeded = Unit { seed: None, ..person };
            prop_assert_eq!(unseeded.draw(&prompt, &experiment, 0.0), lot, "without a seed too");
        }
    }

    #[test]
    fn nothing_is_decided_without_a_seed(experiment in experiments()) {
        let lot = Unit::default().draw(&key("p"), &experiment, 0.0);
        let asks = experiment.coverage < 1.0 || experiment.holdout > 0.0 || !experiment.variants.is_empty();
        prop_assert_eq!(lot, if asks { Lot::Unknown } else { Lot::In(None) });
    }
}

#[test]
fn a_new_epoch_draws_anew_and_forgets() {
    let at = |epoch, seed| {
        let experiment = Experiment { epoch, variants: variants(&[1, 1]), ..Experiment::default() };
        let arm = Arm::Variant(key("v0"));
        let assigned = vec![Assigned { prompt: key("p"), epoch: 0, place: 0, arm }];
        Unit { assigned, ..unit(seed) }.draw(&key("p"), &experiment, 0.0)
    };
    assert!((0..100).all(|seed| at(0, seed) == Lot::In(Some(0))));
    let others = (0..1000).filter(|seed| at(1, *seed) == Lot::In(Some(1))).count();
    assert!((400..600).contains(&others), "{others}");
}

#[test]
fn a_seed_is_written_in_full() {
    for seed in [0, 1, 0x0123_4567_89ab_cdef, u64::MAX] {
        let text = serde_json::to_string(&Seed(seed)).unwrap();
        assert_eq!(text.len(), 18, "{text}");
        assert_eq!(serde_json::from_str::<Seed>(&text).unwrap(), Seed(seed));
    }
    for bad in ["\"\"", "\"1\"", "\"+123456789abcdef\"", "\"0123456789abcdeg\"", "12", "null"] {
        assert!(serde_json::from_str::<Seed>(bad).is_err(), "{bad}");
    }
    assert!(serde_json::from_str::<Unit>(r#"{"seed": "0123456789abcdef", "assigned": [
        {"prompt": "p", "epoch": 0, "place": 7, "arm": "holdout"}, {"prompt": "q", "epoch": 2, "place": 7, "arm": {"variant": "b"}}]}"#).is_ok());
}
