//! Whether a visitor turns to leave. With a mouse: the pointer leaves through the top of the window, where tabs and the address are. On
//! a screen that is touched there is no pointer, and the way back is nobody's to catch: whoever flings the page up after having
//! read on, or comes back after having been away, was about to leave.

use engine::{Span, Timestamp};
use view::read::field;
use wasm_bindgen::JsValue;

/// Whoever has only just come passes the edge on the way in.
const ARRIVAL: Span = Span(2_000);

/// So long must somebody have been away.
const AWAY: Span = Span(5_000);

/// A fling: so many pixels up within so long, not later than so long after a finger moved, from so far down.
const FLING: f64 = 250.0;
const AT_ONE_GO: Span = Span(400);
const BY_HAND: Span = Span(1_000);
const DOWN: f64 = 500.0;

/// What was seen of a visitor who may be about to leave.
#[derive(Default)]
pub struct Exit {
    /// Where the way up began, and when.
    from: (f64, Timestamp),
    /// How far down the page was last.
    last: f64,
    touched: Option<Timestamp>,
    hidden: Option<Timestamp>,
}

impl Exit {
    /// Whether so little time has passed on the page that nobody can be leaving.
    pub fn is_early(since: Timestamp, now: Timestamp) -> bool {
        now < since.after(ARRIVAL)
    }

    /// The pointer has left an element. It has left the window if there is none that it went to; a button that is held down
    /// drags something.
    pub fn has_left(event: &JsValue) -> bool {
        let number = |name| field(event, name).as_f64();
        field(event, "relatedTarget").is_null()
            && number("clientY").is_some_and(|y| y <= 0.0)
            && number("buttons") == Some(0.0)
    }

    /// A finger moves.
    pub fn touch(&mut self, now: Timestamp) {
        self.touched = Some(now);
    }

    /// The page was scrolled: it is so many pixels down now. Whether that was a fling.
    pub fn scroll(&mut self, y: f64, now: Timestamp) -> bool {
        if y > self.last {
            self.from = (y, now);
        } else if now > self.from.1.after(AT_ONE_GO) {
            self.from = (self.last, now);
        }
        self.last = y;
        let (from, _) = self.from;
        let is_by_hand = self.touched.is_some_and(|touched| now < touched.after(BY_HAND));
        is_by_hand && from > DOWN && from - y > FLING
    }

    /// The page came into sight or left it. Whether somebody is back.
    pub fn see(&mut self, is_seen: bool, now: Timestamp) -> bool {
        if is_seen {
            self.hidden.take().is_some_and(|hidden| now > hidden.after(AWAY))
        } else {
            self.hidden = Some(now);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scrolls to each of these, at these milliseconds; a finger moves at the first of them only.
    fn flings(way: &[(f64, i64)]) -> bool {
        let mut exit = Exit::default();
        exit.touch(Timestamp(way[0].1));
        way.iter().any(|(y, at)| exit.scroll(*y, Timestamp(*at)))
    }

    #[test]
    fn a_fling_is_fast_far_up_and_by_hand() {
        assert!(flings(&[(900.0, 0), (800.0, 100), (600.0, 200)]));
        assert!(!flings(&[(900.0, 0), (800.0, 500), (700.0, 1000), (600.0, 1500)]), "somebody reads again");
        assert!(!flings(&[(400.0, 0), (100.0, 100)]), "hardly began to read");
        assert!(!flings(&[(900.0, 0), (1200.0, 100), (1500.0, 200)]), "reads on");
        assert!(!flings(&[(900.0, 0), (900.0, 2000), (0.0, 2001)]), "a link to the top");
        assert!(flings(&[(900.0, 0), (890.0, 500), (700.0, 600), (550.0, 700)]), "slow at first");
    }

    #[test]
    fn who_was_away_comes_back() {
        for (away, expected) in [(5_000, false), (5_001, true)] {
            let mut exit = Exit::default();
            assert!(!exit.see(false, Timestamp(10)));
            assert_eq!(exit.see(true, Timestamp(10 + away)), expected);
            assert!(!exit.see(true, Timestamp(99_999)), "only once");
        }
    }
}
