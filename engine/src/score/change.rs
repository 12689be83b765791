//! Whether two samples differ, or only chance made them.

use super::{ALPHA, FEW, Sample};

/// From one sample to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Change {
    /// How much the value grew, on its own scale.
    pub by: f64,
    /// The same in standard errors.
    pub z: f64,
    /// How often chance alone would bring a change as large as this, in either direction: 0 to 1.
    pub p: f64,
}

impl Change {
    /// Whether it can be told from chance where so many comparisons are made at once (Bonferroni); 1 for a single one.
    pub fn is_detectable(self, comparisons: usize) -> bool {
        self.p < ALPHA / comparisons.max(1) as f64
    }
}

/// The change from one sample to another, by the z test of two independent samples:
/// `z = (after − before) / √(v₁/n₁ + v₂/n₂)`. Welch, "The Significance of the Difference between Two Means when the Population
/// Variances are Unequal", Biometrika 29 (1938), 350–362. `None` where one of them is under [`FEW`].
pub fn change(before: Sample, after: Sample) -> Option<Change> {
    if before.n < FEW || after.n < FEW {
        return None;
    }
    let by = after.value - before.value;
    let error = (before.variance / before.n as f64 + after.variance / after.n as f64).sqrt();
    // Where nobody differs from anybody there is no error, and any change is one.
    let z = if by == 0.0 { 0.0 } else { by / error };
    Some(Change { by, z, p: tail(z) })
}

/// How often a normal variable is at least as far from 0 as `z`. Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964),
/// 7.1.26: off by less than 0.000 000 2.
pub fn tail(z: f64) -> f64 {
    let x = z.abs() / core::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let terms = [0.254_829_592, -0.284_496_736, 1.421_413_741, -1.453_152_027, 1.061_405_429];
    terms.iter().rev().fold(0.0, |sum, term| (sum + term) * t) * (-x * x).exp()
}
