//! A share: how many of how many. CSAT is the share of those who are satisfied.

use super::{Interval, Sample, Z};

/// So many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Share {
    /// Those who did.
    pub hits: u64,
    /// All who could.
    pub of: u64,
}

impl Share {
    /// From 0 to 1; `None` of nobody.
    pub fn value(self) -> Option<f64> {
        self.sample().map(|sample| sample.value)
    }

    /// The share as a sample: an answer counts 1 or 0, so its variance is `p · (1 − p)`.
    pub fn sample(self) -> Option<Sample> {
        let value = self.hits as f64 / self.of as f64;
        (self.of > 0).then_some(Sample { n: self.of, value, variance: value * (1.0 - value) })
    }

    /// The score interval. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
    /// Statistical Association 22 (1927), 209–212. Of nobody: from 0 to 1.
    pub fn interval(self) -> Interval {
        let (n, z2) = (self.of as f64, Z * Z);
        let Some(p) = self.value() else { return Interval { low: 0.0, high: 1.0 } };
        let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let margin = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Interval::around(middle, margin, (0.0, 1.0))
    }
}
