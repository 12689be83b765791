//! Who draws what: `tests/cases/experiment/*.json`.

use engine::Key;
use engine::experiment::{Experiment, Lot, Seed, Unit};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default = "p")]
    prompt: Key,
    #[serde(default)]
    experiment: Experiment,
    #[serde(default)]
    site_holdout: f64,
    #[serde(flatten)]
    asked: Asked,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    /// One unit, and what it draws.
    Unit { unit: Unit, expect: String },
    /// So many units, and which share of them draws what.
    Spread { units: u32, below: f64, shares: BTreeMap<String, f64> },
}

fn p() -> Key {
    Key::parse("p").unwrap()
}

impl Case {
    fn drawn(&self, unit: &Unit) -> String {
        match unit.draw(&self.prompt, &self.experiment, self.site_holdout) {
            Lot::In(None) => "shown".to_owned(),
            Lot::In(Some(place)) => self.experiment.variants[place].key.to_string(),
            Lot::Uncovered => "uncovered".to_owned(),
            Lot::HeldOut { by_site: false } => "held_out".to_owned(),
            Lot::HeldOut { by_site: true } => "held_out_by_site".to_owned(),
            Lot::Unknown => "unknown".to_owned(),
        }
    }

    /// How far what these seeds draw is from the shares: the chi-square statistic.
    fn chi_square(&self, seeds: impl Iterator<Item = u64>, shares: &BTreeMap<String, f64>) -> f64 {
        let (mut counts, mut units) = (BTreeMap::new(), 0.0);
        for seed in seeds {
            let unit = Unit { seed: Some(Seed(seed)), ..Unit::default() };
            *counts.entry(self.drawn(&unit)).or_insert(0.0) += 1.0;
            units += 1.0;
        }
        assert!(counts.keys().all(|drawn| shares.contains_key(drawn)), "{}: {counts:?}", self.name);
        let part = |(drawn, share): (&String, &f64)| {
            let (count, expected) = (counts.get(drawn).copied().unwrap_or(0.0), share * units);
            (count - expected) * (count - expected) / expected
        };
        shares.iter().map(part).sum()
    }
}

#[cfg_attr(test, test)]
pub fn lots_fall_as_their_cases_say() {
    let mut mistakes = Vec::new();
    for (file, cases) in crate::files::<Vec<Case>>("experiment") {
        for case in cases {
            match &case.asked {
                Asked::Unit { unit, expect } => {
                    let drawn = case.drawn(unit);
                    if drawn != *expect {
                        mistakes.push(format!("{file}: {}: {drawn}, not {expect}", case.name));
                    }
                }
                Asked::Spread { units, below, shares } => {
                    let units = u64::from(*units);
                    // Seeds one after the other, which a weak hash would show; far from each other; different in the high bits only.
                    let strides = [1, 0x9e37_79b9_7f4a_7c15, 1 << 40];
                    for stride in strides {
                        let chi = case.chi_square((0..units).map(|n| n.wrapping_mul(stride)), shares);
                        if chi >= *below {
                            mistakes.push(format!("{file}: {}: {chi} at a stride of {stride}", case.name));
                        }
                    }
                }
            }
        }
    }
    crate::report(mistakes);
}
