//! What a prompt brought: those who might see it beside those it was held back from by lot.
//!
//! The one thing to know: both are counted from the lot on, whether they were shown it or not. Whoever only looked at those who were
//! shown it would compare people who came back with people who did not.

use engine::experiment::Goal;
use engine::score::{FEW, Lift, Share, lift, off_by_chance};
use maud::{Markup, html};

use super::share;
use crate::console::words::{count, decimal};
use crate::results::days::written;
use crate::results::figures::Arms;

/// A lot that is off by more than chance brings once in a thousand times was no fair one.
const UNFAIR: f64 = 0.001;

/// Before so many days, and so many who did it, a difference is promising and no more.
const DAYS: i64 = 14;
const REACHED: u64 = 100;

/// What can be said of it.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// So many of ten people on the smaller side.
    TooFew(u64),
    /// The sides are not as large as the lot makes them.
    Unfair,
    /// Chance may have made it.
    Nothing,
    /// It may be more than chance, but it is early.
    Promising,
    /// It is more than chance.
    Brings,
}

/// The section. Nothing where nobody is held out.
pub fn section(arms: &Arms, goal: &Goal) -> Markup {
    let (found, verdict) = (lift(arms.without, arms.with), verdict(arms));
    let is_told = !matches!(verdict, Verdict::TooFew(_) | Verdict::Unfair);
    html! {
        section aria-labelledby="lift" {
            h2 #lift { "What it brings" }
            p.hint {
                "How many did “" (goal.event) "” within " (goal.within) " after the lot was drawn for them, whether they were shown it or not. "
                "Lots drawn from " (written(arms.period.from)) " to " (written(arms.period.to)) ": those after have not had all the time yet."
            }
            table.figures.versions {
                thead { tr {
                    th scope="col" { "By lot" }
                    th.figure scope="col" { "People" }
                    th.figure scope="col" { "Did it" }
                    th.figure scope="col" { "Share" }
                } }
                tbody {
                    (side("Might see it", arms.with, verdict != Verdict::Unfair))
                    (side("Held out", arms.without, verdict != Verdict::Unfair))
                }
            }
            @if let Some(found) = found.filter(|_| is_told) { p.verdict { (difference(found)) } }
            p.verdict { (words(&verdict, arms)) }
        }
    }
}

fn side(word: &str, side: Share, is_told: bool) -> Markup {
    html! { tr {
        th scope="row" { (word) }
        td.figure { (count(side.of as i64)) }
        td.figure { (count(side.hits as i64)) }
        td.figure { @if is_told { (share(side)) } @else { "–" } }
    } }
}

fn difference(lift: Lift) -> Markup {
    let points = |value: f64| decimal(100.0 * value, 1);
    let sign = if lift.by > 0.0 { "+" } else { "" };
    html! {
        strong { (sign) (points(lift.by)) " points" }
        " more of those who might see it did it: between " (points(lift.between.low)) " and " (points(lift.between.high))
        " points in 95 of 100 such trials."
    }
}

fn verdict(arms: &Arms) -> Verdict {
    let least = arms.with.of.min(arms.without.of);
    if least < FEW {
        return Verdict::TooFew(least);
    }
    if off_by_chance(arms.without.of, arms.with.of, arms.holdout) < UNFAIR {
        return Verdict::Unfair;
    }
    let is_early = arms.period.length() < DAYS || arms.with.hits + arms.without.hits < REACHED;
    match lift(arms.without, arms.with) {
        Some(lift) if lift.between.low > 0.0 || lift.between.high < 0.0 => {
            if is_early {
                Verdict::Promising
            } else {
                Verdict::Brings
            }
        }
        _ => Verdict::Nothing,
    }
}

fn words(verdict: &Verdict, arms: &Arms) -> Markup {
    html! { @match verdict {
        Verdict::TooFew(people) => span.few { "Not enough data: " (people) " of " (FEW) " people on the smaller side." },
        Verdict::Unfair => {
            strong { "These two cannot be compared. " }
            "The lot holds out " (decimal(100.0 * arms.holdout, 0)) " %, and these numbers are further from that than chance brings. Either the share was changed in these days, or one side is not recorded as the other is."
        },
        Verdict::Nothing => "No detectable difference.",
        Verdict::Promising => {
            "Promising, but early: keep it running until " (DAYS) " days of lots and " (REACHED) " who did it are known ("
            (arms.period.length()) " days and " (arms.with.hits + arms.without.hits) " by now)."
        },
        Verdict::Brings => "More than chance would bring.",
    } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Period;

    #[test]
    fn nothing_is_promised_that_chance_or_an_unfair_lot_may_have_made() {
        let of = |with: [u64; 2], without: [u64; 2], days| {
            let share = |[hits, of]: [u64; 2]| Share { hits, of };
            verdict(&Arms { period: Period::last(days, 100), with: share(with), without: share(without), holdout: 0.5 })
        };
        for (with, without, days, expected) in [
            ([260, 4100], [200, 4000], 30, Verdict::Brings),
            ([200, 4000], [260, 4100], 30, Verdict::Brings),
            ([260, 4100], [200, 4000], 13, Verdict::Promising),
            ([30, 60], [10, 60], 30, Verdict::Promising),
            ([210, 4100], [200, 4000], 30, Verdict::Nothing),
            ([260, 4400], [200, 4000], 30, Verdict::Unfair),
            ([5, 9], [1, 12], 30, Verdict::TooFew(9)),
        ] {
            assert_eq!(of(with, without, days), expected, "{with:?} {without:?} in {days} days");
        }
    }
}
