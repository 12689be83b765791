//! What the scores of a prompt's questions come to, by the formulas of [`engine::score`].

use std::collections::BTreeMap;

use engine::score::{Change, FEW, Interval, Mean, Nps, Sample, Share, change};

/// The latest answer of each person to one question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scored {
    /// `nps`, `csat`, `ces` or `rating`.
    pub kind: String,
    /// The question's id; empty for a prompt that is the recommendation question.
    pub question: String,
    /// How many people gave which score.
    pub given: BTreeMap<u8, u64>,
}

/// What they come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// Promoters less detractors, −100 to 100.
    Nps(Nps),
    /// The share of 4 and 5 on a scale of 5.
    Csat(Share),
    /// The mean on a scale of 7, and the share of 5 and more.
    Ces(Mean, Share),
    /// The mean on a scale of one's own.
    Rating(Mean),
}

impl Scored {
    /// How many people.
    pub fn n(&self) -> u64 {
        self.given.values().sum()
    }

    /// Whether both are of the same question.
    pub fn is_of(&self, other: &Scored) -> bool {
        (&self.kind, &self.question) == (&other.kind, &other.question)
    }

    /// The same question where nobody answered it.
    pub fn without_answers(&self) -> Scored {
        Scored { given: BTreeMap::new(), ..self.clone() }
    }

    /// What they come to; `Err` says how many there are where they are too few to say.
    pub fn measure(&self) -> Result<Measure, u64> {
        let n = self.n();
        if n < FEW {
            return Err(n);
        }
        let of = |from: u8, to: u8| self.given.range(from..=to).map(|(_, people)| people).sum::<u64>();
        let mut mean = Mean::default();
        self.given.iter().for_each(|(score, people)| mean.add(f64::from(*score), *people));
        Ok(match self.kind.as_str() {
            "nps" => Measure::Nps(Nps { promoters: of(9, 10), passives: of(7, 8), detractors: of(0, 6) }),
            "csat" => Measure::Csat(Share { hits: of(4, 5), of: n }),
            "ces" => Measure::Ces(mean, Share { hits: of(5, 7), of: n }),
            _ => Measure::Rating(mean),
        })
    }

    /// The lowest and the highest score there can be; of a scale of one's own the highest that was given.
    pub fn scale(&self) -> (u8, u8) {
        match self.kind.as_str() {
            "nps" => (0, 10),
            "csat" => (1, 5),
            "ces" => (1, 7),
            _ => (1, self.given.keys().max().copied().unwrap_or(1).max(5)),
        }
    }

    /// How it has changed since the period before; `None` where one of the two has too few answers.
    pub fn change(&self, before: &[Scored]) -> Option<Change> {
        let before = before.iter().find(|one| one.is_of(self))?;
        change(before.measure().ok()?.sample()?, self.measure().ok()?.sample()?)
    }
}

impl Measure {
    /// The value as a sample: of CSAT in percent.
    pub fn sample(self) -> Option<Sample> {
        match self {
            Measure::Nps(nps) => nps.sample(),
            Measure::Csat(share) => {
                let Sample { n, value, variance } = share.sample()?;
                Some(Sample { n, value: 100.0 * value, variance: 1e4 * variance })
            }
            Measure::Ces(mean, _) | Measure::Rating(mean) => mean.sample(),
        }
    }

    /// Where the truth lies, on the scale of the value.
    pub fn interval(self) -> Option<Interval> {
        match self {
            Measure::Nps(nps) => Some(nps.interval()),
            Measure::Csat(share) => {
                let Interval { low, high } = share.interval();
                Some(Interval { low: 100.0 * low, high: 100.0 * high })
            }
            Measure::Ces(mean, _) | Measure::Rating(mean) => mean.interval(),
        }
    }
}

/// The scores among the numbers of a prompt.
pub fn scored(tally: &[(String, i64)]) -> Vec<Scored> {
    let mut all: BTreeMap<(String, String), BTreeMap<u8, u64>> = BTreeMap::new();
    for (what, people) in tally {
        let parts: Vec<&str> = what.split('/').collect();
        let [kind, question, score] = parts[..] else { continue };
        if let Ok(score) = score.parse::<u8>() {
            *all.entry((kind.to_owned(), question.to_owned())).or_default().entry(score).or_default() +=
                u64::try_from(*people).unwrap_or_default();
        }
    }
    all.into_iter().map(|((kind, question), given)| Scored { kind, question, given }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, given: &[(u8, i64)]) -> Scored {
        let rows: Vec<_> = given.iter().map(|(score, people)| (format!("{kind}//{score}"), *people)).collect();
        scored(&rows).remove(0)
    }

    #[test]
    fn each_kind_is_measured_on_its_own_scale() {
        let value = |scored: &Scored| scored.measure().unwrap().sample().unwrap().value;
        assert_eq!(value(&of("nps", &[(0, 10), (6, 8), (7, 20), (8, 5), (9, 50), (10, 7)])), 39.0);
        assert_eq!(value(&of("csat", &[(3, 12), (4, 40), (5, 44)])), 87.5);
        assert_eq!(value(&of("ces", &[(1, 2), (2, 4), (3, 6), (4, 8), (5, 14), (6, 27), (7, 29)])), 5.5);
        assert_eq!(of("nps", &[(9, 9)]).measure(), Err(9), "too few to say");
        let before = [of("nps", &[(6, 18), (7, 25), (9, 57)])];
        let now = of("nps", &[(6, 19), (7, 27), (9, 74)]);
        assert!(!now.change(&before).unwrap().is_detectable(1));
        assert_eq!(now.change(&[]), None);
    }
}
