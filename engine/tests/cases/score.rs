//! What scores come to: `tests/cases/score/*.json`. Numbers are held against the digits that a case writes at most: values, bounds and
//! margins to half of a tenth of a point, shares and means to half of a hundredth or thousandth of theirs.

use engine::score::{Interval, Lift, Mean, Nps, Sample, Share, change, lift, off_by_chance};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Answers {
    /// Detractors, passives, promoters.
    Nps([u64; 3]),
    /// So many of so many.
    Share([u64; 2]),
    /// A score and how many gave it.
    Mean(Vec<(f64, u64)>),
}

#[derive(Deserialize)]
struct One {
    name: String,
    #[serde(flatten)]
    answers: Answers,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    margin: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Two {
    name: String,
    from: Answers,
    to: Answers,
    #[serde(default)]
    comparisons: usize,
    #[serde(default)]
    detectable: bool,
    expect: Option<Changed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    by: f64,
    z: f64,
    p: f64,
}

impl Answers {
    fn come_to(&self) -> (Option<Sample>, Option<Interval>) {
        match self {
            Answers::Nps([detractors, passives, promoters]) => {
                let nps = Nps { promoters: *promoters, passives: *passives, detractors: *detractors };
                (nps.sample(), Some(nps.interval()))
            }
            Answers::Share([hits, of]) => {
                let share = Share { hits: *hits, of: *of };
                (share.sample(), Some(share.interval()))
            }
            Answers::Mean(scores) => {
                let mut mean = Mean::default();
                scores.iter().for_each(|(score, times)| mean.add(*score, *times));
                (mean.sample(), mean.interval())
            }
        }
    }

    /// Half of the last digit that a case writes.
    fn digit(&self) -> f64 {
        match self {
            Answers::Nps(_) => 0.05,
            Answers::Share(_) => 0.0005,
            Answers::Mean(_) => 0.005,
        }
    }
}

#[cfg_attr(test, test)]
pub fn scores_come_to_what_their_cases_say() {
    let mut mistakes = Vec::new();
    for name in ["score/nps", "score/shares", "score/means"] {
        for One { name: case, answers, expect } in crate::file::<Vec<One>>(name) {
            let (sample, interval) = answers.come_to();
            let all = [
                ("value", sample.map(|sample| sample.value), expect.value),
                ("low", interval.map(|it| it.low), expect.low),
                ("high", interval.map(|it| it.high), expect.high),
                ("margin", interval.map(Interval::margin), expect.margin),
            ];
            for (what, found, expected) in all {
                let is_it = match (found, expected) {
                    (Some(found), Some(expected)) => (found - expected).abs() <= answers.digit() * 1.000_001,
                    // A case may leave out what it is not about, but not that there is no value.
                    (found, None) => what != "value" || found.is_none(),
                    (None, Some(_)) => false,
                };
                if !is_it {
                    mistakes.push(format!("{name}: {case}: {what} {found:?}, not {expected:?}"));
                }
            }
        }
    }
    crate::report(mistakes);
}

#[cfg_attr(test, test)]
pub fn changes_are_told_from_chance_as_their_cases_say() {
    let mut mistakes = Vec::new();
    for Two { name, from, to, comparisons, detectable, expect } in crate::file::<Vec<Two>>("score/changes") {
        let found = from.come_to().0.zip(to.come_to().0).and_then(|(before, after)| change(before, after));
        let is_near = |found: f64, expected: f64, digit: f64| (found - expected).abs() <= digit * 1.000_001;
        let is_it = match (found, &expect) {
            (None, None) => true,
            (Some(found), Some(Changed { by, z, p })) => {
                let digit = if matches!(to, Answers::Nps(_)) { 0.05 } else { 0.005 };
                let is_detectable = found.is_detectable(comparisons);
                is_near(found.by, *by, digit)
                    && is_near(found.z, *z, 0.005)
                    && is_near(found.p, *p, 0.005)
                    && is_detectable == detectable
            }
            _ => false,
        };
        if !is_it {
            mistakes.push(format!("score/changes: {name}: {found:?}"));
        }
    }
    crate::report(mistakes);
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Compared {
    /// Without it and with it: so many of so many.
    Lift { name: String, without: [u64; 2], with: [u64; 2], expect: Option<Lifted> },
    /// How many a lot gave to one side and to the other, and the share that the first should have.
    Sides { name: String, sides: (u64, u64, f64), expect: Odds },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lifted {
    by: f64,
    low: f64,
    high: f64,
    p: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Odds {
    p: f64,
}

#[cfg_attr(test, test)]
pub fn lifts_and_lots_come_to_what_their_cases_say() {
    let mut mistakes = Vec::new();
    let is_near = |found: f64, expected: f64| (found - expected).abs() <= 0.000_05;
    for compared in crate::file::<Vec<Compared>>("score/lifts") {
        match compared {
            Compared::Lift { name, without, with, expect } => {
                let share = |[hits, of]: [u64; 2]| Share { hits, of };
                let found = lift(share(without), share(with));
                let is_it = match (&found, &expect) {
                    (None, None) => true,
                    (Some(Lift { by, between, p }), Some(it)) => {
                        is_near(*by, it.by)
                            && is_near(between.low, it.low)
                            && is_near(between.high, it.high)
                            && is_near(*p, it.p)
                    }
                    _ => false,
                };
                if !is_it {
                    mistakes.push(format!("{name}: {found:?}"));
                }
            }
            Compared::Sides { name, sides: (side, other, share), expect } => {
                let found = off_by_chance(side, other, share);
                if (found - expect.p).abs() > expect.p * 0.05 {
                    mistakes.push(format!("{name}: {found}"));
                }
            }
        }
    }
    crate::report(mistakes);
}
