//! A mean of scores, such as CES from 1 to 7.

use super::{Interval, Sample, Z};

/// A mean, kept as what is needed for it.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Mean {
    n: u64,
    sum: f64,
    squares: f64,
}

impl Mean {
    /// Takes in a score that so many gave.
    pub fn add(&mut self, score: f64, times: u64) {
        self.n += times;
        self.sum += score * times as f64;
        self.squares += score * score * times as f64;
    }

    /// How many answered.
    pub fn n(self) -> u64 {
        self.n
    }

    /// The mean as a sample, with the variance that one degree of freedom less gives; `None` under two answers.
    pub fn sample(self) -> Option<Sample> {
        let n = self.n as f64;
        let spread = (self.squares - self.sum * self.sum / n).max(0.0);
        (self.n > 1).then(|| Sample { n: self.n, value: self.sum / n, variance: spread / (n - 1.0) })
    }

    /// The interval of Student's t: "The Probable Error of a Mean", Biometrika 6 (1908), 1–25. `None` under two answers.
    pub fn interval(self) -> Option<Interval> {
        let Sample { n, value, variance } = self.sample()?;
        let margin = t(n as f64 - 1.0) * (variance / n as f64).sqrt();
        Some(Interval { low: value - margin, high: value + margin })
    }
}

/// The quantile of Student's t that leaves 2.5 of 100 on each side, from that of the normal distribution. Abramowitz and Stegun,
/// "Handbook of Mathematical Functions" (1964), 26.7.5; from 9 degrees of freedom on it is off by less than 0.001.
fn t(freedom: f64) -> f64 {
    let z2 = Z * Z;
    let terms = [
        (z2 + 1.0) / 4.0,
        ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0,
        (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0,
        ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0,
    ];
    Z * terms.iter().rev().fold(0.0, |sum, term| (sum + term) / freedom) + Z
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_of_t_is_that_of_the_tables() {
        for (freedom, expected) in [(9.0, 2.2622), (19.0, 2.0930), (89.0, 1.9870), (1000.0, 1.9623)] {
            assert!((t(freedom) - expected).abs() < 0.001, "{freedom}: {}", t(freedom));
        }
    }
}
