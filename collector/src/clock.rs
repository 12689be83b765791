//! The only place that reads the time of day.
//!
//! Everybody else is handed a [`Clock`], so a test can stand at any instant and a demo site can be
//! a day ahead of the world. A clock never runs backwards by itself, but an operator may set the
//! machine's clock; nothing here hides that.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use engine::{Span, Timestamp};

/// Where "now" comes from. Cheap to clone; clones share one time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A time that stands still until somebody moves it.
    Set(Arc<AtomicI64>),
    /// The machine's clock, so many milliseconds ahead: for tests with a browser, whose own clock runs.
    Ahead(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start` until it is moved.
    pub fn set_to(start: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(start.0)))
    }

    /// The instant it is.
    #[expect(clippy::disallowed_methods, reason = "here the time comes in")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
            ),
            Self::Set(ms) => Timestamp(ms.load(Ordering::SeqCst)),
            Self::Ahead(by) => Self::System.now().after(Span(by.load(Ordering::SeqCst))),
        }
    }

    /// A clock that runs as the machine's does, and can be moved ahead of it.
    pub fn running() -> Self {
        Self::Ahead(Arc::new(AtomicI64::new(0)))
    }

    /// Moves a clock that can be moved, forwards or backwards. The machine's clock stays where it is.
    pub fn advance(&self, by: Span) {
        match self {
            Self::System => {}
            Self::Set(ms) | Self::Ahead(ms) => {
                ms.fetch_add(by.0, Ordering::SeqCst);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_stands_still_and_its_clones_move_together() {
        let clock = Clock::set_to(Timestamp(1_000));
        let other = clock.clone();
        assert_eq!(other.now(), Timestamp(1_000));
        clock.advance(Span(500));
        assert_eq!(other.now(), Timestamp(1_500));
    }

    #[test]
    fn the_system_clock_is_past_the_day_this_was_written() {
        assert!(Clock::System.now() > Timestamp(1_750_000_000_000));
    }
}
