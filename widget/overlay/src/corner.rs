//! Where the panel stands, and how large: out of the way of whatever somebody wants to see. Kept for the next page.

use view::dom;
use view::host::host;
use view::read::field;
use view::{Word, say};

/// The name under which it is kept.
const KEPT: &str = "overlay";

/// The corners, clockwise, as the stylesheet names them. First the one that prompts take last.
const CORNERS: [&str; 4] = ["end top", "end bottom", "start bottom", "start top"];

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

    /// The next one; on a phone, where it is as wide as the screen, the other end.
    pub fn next(self) -> Corner {
        let step = if dom::matches("(max-width: 639px)") { 2 } else { 1 };
        Corner { at: (self.at + step) % CORNERS.len(), ..self }
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
