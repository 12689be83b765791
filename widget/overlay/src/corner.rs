//! Where the panel stands, and how large: out of the way of whatever somebody wants to see. Kept for the next page.

use view::host::host;
use view::read::field;
use view::{Word, say};

/// The name under which it is kept.
const KEPT: &str = "overlay";

/// The corners, clockwise, as the stylesheet names them.
const CORNERS: [&str; 4] = ["end bottom", "start bottom", "start top", "end top"];

/// Where the panel stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Corner {
    at: usize,
    /// Only its head is seen.
    pub is_small: bool,
}

impl Corner {
    /// Where it stood on the page before.
    pub fn kept() -> Corner {
        let kept = host().kept(KEPT);
        Corner {
            at: field(&kept, "at").as_f64().map_or(0, |at| at as usize % CORNERS.len()),
            is_small: field(&kept, "small").as_bool() == Some(true),
        }
    }

    /// The next one.
    pub fn next(self) -> Corner {
        Corner { at: (self.at + 1) % CORNERS.len(), ..self }
    }

    /// The same one, larger or smaller.
    pub fn resized(self) -> Corner {
        Corner { is_small: !self.is_small, ..self }
    }

    /// The classes of the panel.
    pub fn class(self) -> String {
        let small = if self.is_small { " small" } else { "" };
        ["panel ", CORNERS[self.at % CORNERS.len()], small].concat()
    }

    /// Keeps it.
    pub fn keep(self) {
        host().keep(KEPT, &say(&[("at", Word::Number(self.at as u32)), ("small", Word::Flag(self.is_small))]));
    }
}
