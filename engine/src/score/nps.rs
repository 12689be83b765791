//! The recommendation score.

use super::{Interval, Sample, Z};

/// How many answered what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Nps {
    /// 9 and 10.
    pub promoters: u64,
    /// 7 and 8.
    pub passives: u64,
    /// 0 to 6.
    pub detractors: u64,
}

impl Nps {
    /// How many answered.
    pub fn n(self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// `100 · (promoters − detractors) / n`, from −100 to 100; `None` without answers.
    /// Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
    pub fn score(self) -> Option<f64> {
        self.sample().map(|sample| sample.value)
    }

    /// The score as a sample: an answer counts 100, 0 or −100, so its variance is `100² · (p + d − (p − d)²)`.
    pub fn sample(self) -> Option<Sample> {
        let n = self.n();
        let (p, d) = (self.promoters as f64 / n as f64, self.detractors as f64 / n as f64);
        // From whole numbers: the score of 57, 25 and 18 is 39, and not a little less.
        let value = 100.0 * (self.promoters as f64 - self.detractors as f64) / n as f64;
        (n > 0).then_some(Sample { n, value, variance: 1e4 * variance(p, d) })
    }

    /// The interval of adjusted Wald: three answers are added, a quarter of them each to both ends of the scale, half to the middle of
    /// it: `n' = n + 3`, `p' = (P + ¾) / n'`, `d' = (D + ¾) / n'`. Rocks, "Interval Estimation for the 'Net Promoter Score'", The American
    /// Statistician 70 (2016), 365–372; recommended by MeasuringU.
    pub fn interval(self) -> Interval {
        let n = self.n() as f64 + 3.0;
        let (p, d) = ((self.promoters as f64 + 0.75) / n, (self.detractors as f64 + 0.75) / n);
        Interval::around(100.0 * (p - d), 100.0 * Z * (variance(p, d) / n).sqrt(), (-100.0, 100.0))
    }
}

fn variance(p: f64, d: f64) -> f64 {
    p + d - (p - d) * (p - d)
}
