//! What something brought: the difference between two shares, of those who had it and of those who had not.

use super::{FEW, Interval, Share, tail};

/// From the share of those who had it not to that of those who had it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lift {
    /// How much larger it is, −1 to 1.
    pub by: f64,
    /// Where the truth lies.
    pub between: Interval,
    /// How often chance alone would bring a difference as large as this, in either direction: 0 to 1.
    pub p: f64,
}

/// The lift. The interval is the tenth method of Newcombe, "Interval Estimation for the Difference between Independent Proportions",
/// Statistics in Medicine 17 (1998), 873–890: made of the two score intervals, it holds for small shares too. `p` is that of the z test
/// with the pooled share. `None` where one of them is of fewer than [`FEW`].
pub fn lift(without: Share, with: Share) -> Option<Lift> {
    if without.of < FEW || with.of < FEW {
        return None;
    }
    let (p1, p2) = (with.value()?, without.value()?);
    let (i1, i2) = (with.interval(), without.interval());
    let by = p1 - p2;
    let far = |one: f64, other: f64| (one * one + other * other).sqrt();
    let between = Interval { low: by - far(p1 - i1.low, i2.high - p2), high: by + far(i1.high - p1, p2 - i2.low) };
    let pooled = (with.hits + without.hits) as f64 / (with.of + without.of) as f64;
    let error = (pooled * (1.0 - pooled) * (1.0 / with.of as f64 + 1.0 / without.of as f64)).sqrt();
    let z = if by == 0.0 { 0.0 } else { by / error };
    Some(Lift { by, between, p: tail(z) })
}

/// How often a lot that gives `share` of all to one side would be as far off as these numbers are: the χ² test of one degree of freedom.
/// Where that is nearly never, one of the two sides is not recorded as the other is, and they are not to be compared.
pub fn off_by_chance(side: u64, other: u64, share: f64) -> f64 {
    let all = (side + other) as f64;
    let (expected, rest) = (all * share, all * (1.0 - share));
    if expected <= 0.0 || rest <= 0.0 {
        return if side == 0 || other == 0 { 1.0 } else { 0.0 };
    }
    let part = |found: u64, expected: f64| (found as f64 - expected).powi(2) / expected;
    tail((part(side, expected) + part(other, rest)).sqrt())
}
