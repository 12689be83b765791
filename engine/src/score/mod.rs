//! What many scores come to: the recommendation score, shares, means, each with the interval that the truth lies in 95 times of 100,
//! and whether it has changed.
//!
//! Not what a score is: that is [`survey`](crate::survey). The one thing to know: everything here is a [`Sample`], so that one test
//! says of all of them whether two differ.

mod change;
mod lift;
mod mean;
mod nps;
mod share;

pub use change::{Change, change, tail};
pub use lift::{Lift, lift, off_by_chance};
pub use mean::Mean;
pub use nps::Nps;
pub use share::Share;

/// Under so many answers no number is shown: nine answers of 6, 2 and 1 give a recommendation score between 0 and 83.
pub const FEW: u64 = 10;

/// The quantile of the normal distribution that leaves 2.5 of 100 on each side.
pub const Z: f64 = 1.959_963_984_540_054;

/// A change is told from chance where chance alone would bring it less than so often.
pub const ALPHA: f64 = 0.05;

/// Where the truth lies, as far as these answers say.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
}

impl Interval {
    /// Around a middle, within what is possible.
    fn around(middle: f64, margin: f64, (least, most): (f64, f64)) -> Interval {
        Interval { low: (middle - margin).max(least), high: (middle + margin).min(most) }
    }

    /// Half its width: the margin of error.
    pub fn margin(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// A value that was measured from so many answers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// How many answers.
    pub n: u64,
    /// The value, on its own scale.
    pub value: f64,
    /// How far single answers lie from it, squared, on the same scale.
    pub variance: f64,
}
