//! The time that is left, to an end that is the same for everybody. It ticks once a second, only while somebody can see it, and never
//! starts anew. Screen readers hear the end itself, not each second.

use crate::words::decimal;
use engine::{Span, Timestamp};
use std::rc::Rc;
use view::clock::{Clock, after};
use view::dom::{self, Listener};
use view::frame::Slot;
use view::words::own;
use web_sys::HtmlElement;

/// A countdown on the screen. It stops when dropped.
pub struct Countdown {
    ticking: Rc<Ticking>,
    _seen: Listener,
}

struct Ticking {
    ends: Timestamp,
    clock: Clock,
    part: HtmlElement,
    cells: [HtmlElement; 4],
    /// What can be copied, and until when: of no use once it has ended.
    row: HtmlElement,
    line: HtmlElement,
    timer: Slot,
}

impl Countdown {
    /// Appends it, and starts.
    pub fn start(into: &HtmlElement, row: HtmlElement, line: HtmlElement, ends: Timestamp, clock: Clock) -> Countdown {
        let part = dom::make("div", "countdown", "");
        dom::say(&part, "role", "timer");
        dom::say(&part, "aria-live", "off");
        dom::say(&part, "aria-label", &line.text_content().unwrap_or_default());
        let cells = ["days", "hours", "minutes", "seconds"].map(|unit| {
            let cell = dom::make("div", "", "");
            dom::say(&cell, "aria-hidden", "true");
            let number = dom::make("b", "", "");
            dom::put(&cell, &number);
            dom::put(&cell, &dom::make("span", "", &own(unit)));
            dom::put(&part, &cell);
            number
        });
        dom::put(into, &part);
        let ticking = Rc::new(Ticking { ends, clock, part, cells, row, line, timer: Slot::default() });
        tick(&ticking);
        let again = ticking.clone();
        let seen = Listener::new(&dom::document(), "visibilitychange", move |_| tick(&again));
        Countdown { ticking, _seen: seen }
    }
}

impl Drop for Countdown {
    fn drop(&mut self) {
        self.ticking.timer.take();
    }
}

/// Writes what is left, and comes back when that changes.
fn tick(ticking: &Rc<Ticking>) {
    ticking.timer.take();
    if dom::document().hidden() {
        return;
    }
    let left = ticking.ends.since(ticking.clock.now()).0;
    if left <= 0 {
        ticking.part.remove();
        ticking.row.remove();
        return ticking.line.set_text_content(Some(&own("This code is no longer valid.")));
    }
    for ((cell, number), at) in ticking.cells.iter().zip(parts(left)).zip(0..) {
        let digits = decimal(number);
        // Two digits keep the numbers where they are; days may have as many as they need.
        let text = if number < 10 && at > 0 { ["0", &digits].concat() } else { digits };
        cell.set_text_content(Some(&text));
    }
    let next = ticking.clone();
    let wait = Span((left - 1) % 1000 + 1);
    ticking.timer.replace(Some(after(wait, move || tick(&next))));
}

/// Days, hours, minutes and seconds; a second that has begun counts.
fn parts(left: i64) -> [u32; 4] {
    let seconds = ((left + 999) / 1000).clamp(0, i64::from(u32::MAX)) as u32;
    [seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_that_has_begun_counts() {
        for (left, expected) in [
            (1, [0, 0, 0, 1]),
            (1_000, [0, 0, 0, 1]),
            (1_001, [0, 0, 0, 2]),
            (59_999, [0, 0, 1, 0]),
            (86_400_000, [1, 0, 0, 0]),
            (86_400_000 * 400 - 1, [400, 0, 0, 0]),
            (3_723_000, [0, 1, 2, 3]),
        ] {
            assert_eq!(parts(left), expected, "{left}");
        }
    }
}
