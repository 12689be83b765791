//! Where a card goes beside an element. Pure arithmetic, in px of the window.

/// A box in the window.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Which side of the element the card is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Below,
    Above,
    Right,
    Left,
}

/// Where the card goes, and the middle of its arrow.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spot {
    pub side: Side,
    pub left: f64,
    pub top: f64,
    pub arrow: (f64, f64),
}

/// From the element to the card: the ring and the arrow are in between.
const GAP: f64 = 18.0;
/// From the card to the window's edge, at least.
const EDGE: f64 = 12.0;
/// From the card's corner to the arrow, at least.
const CORNER: f64 = 22.0;

impl Area {
    fn right(self) -> f64 {
        self.left + self.width
    }

    fn bottom(self) -> f64 {
        self.top + self.height
    }

    fn middle(self) -> (f64, f64) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// Whether it takes up any room: what is hidden does not.
    pub fn is_some_room(self) -> bool {
        self.width > 0.0 && self.height > 0.0
    }

    /// Whether any of it can be seen in a window.
    pub fn is_in(self, window: (f64, f64)) -> bool {
        self.right() > 0.0 && self.bottom() > 0.0 && self.left < window.0 && self.top < window.1
    }

    /// Whether all of it can, as far as it fits, with room for the ring.
    pub fn is_well_in(self, window: (f64, f64)) -> bool {
        self.left >= 0.0 && self.right() <= window.0 && self.top >= EDGE && self.bottom() <= window.1 - EDGE
    }
}

/// The best place for a card of this size: below the element, else above, else beside it in the direction of the text, else on the
/// other side. `None`: there is room nowhere, or nothing to stand beside.
pub fn beside(element: Area, card: (f64, f64), window: (f64, f64), rtl: bool) -> Option<Spot> {
    if !element.is_in(window) {
        return None;
    }
    let (ahead, behind) = if rtl { (Side::Left, Side::Right) } else { (Side::Right, Side::Left) };
    let room = |side: &Side| {
        let (free, needed) = match side {
            Side::Below => (window.1 - element.bottom(), card.1),
            Side::Above => (element.top, card.1),
            Side::Right => (window.0 - element.right(), card.0),
            Side::Left => (element.left, card.0),
        };
        free >= needed + GAP + EDGE
    };
    let side = [Side::Below, Side::Above, ahead, behind].into_iter().find(room)?;
    let (x, y) = element.middle();
    let within = |at: f64, size: f64, all: f64| at.min(all - size - EDGE).max(EDGE);
    let along = |at: f64, from: f64, size: f64| at.min(from + size - CORNER).max(from + CORNER);
    // Its beginning at the element's beginning where that is wide, so that a text below a field starts where the field does.
    let start = if rtl { element.right() - card.0 + GAP } else { element.left - GAP };
    let across = if element.width > card.0 { start } else { x - card.0 / 2.0 };
    Some(match side {
        Side::Below | Side::Above => {
            let left = within(across, card.0, window.0);
            let is_below = side == Side::Below;
            let top = if is_below { element.bottom() + GAP } else { element.top - GAP - card.1 };
            let edge = if is_below { top } else { top + card.1 };
            Spot { side, left, top, arrow: (along(x, left, card.0), edge) }
        }
        Side::Right | Side::Left => {
            let top = within(y - card.1 / 2.0, card.1, window.1);
            let is_right = side == Side::Right;
            let left = if is_right { element.right() + GAP } else { element.left - GAP - card.0 };
            let edge = if is_right { left } else { left + card.0 };
            Spot { side, left, top, arrow: (edge, along(y, top, card.1)) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: (f64, f64) = (1280.0, 800.0);
    const CARD: (f64, f64) = (360.0, 200.0);

    fn at(left: f64, top: f64, width: f64, height: f64) -> Area {
        Area { left, top, width, height }
    }

    #[test]
    fn the_first_side_with_room_is_taken() {
        for (element, rtl, expected) in [
            (at(600.0, 100.0, 80.0, 40.0), false, Some(Side::Below)),
            (at(600.0, 700.0, 80.0, 40.0), false, Some(Side::Above)),
            (at(100.0, 20.0, 200.0, 760.0), false, Some(Side::Right)),
            (at(600.0, 20.0, 80.0, 760.0), false, Some(Side::Right)),
            (at(600.0, 20.0, 80.0, 760.0), true, Some(Side::Left)),
            (at(1000.0, 20.0, 200.0, 760.0), false, Some(Side::Left)),
            (at(0.0, 0.0, 1280.0, 800.0), false, None),
            (at(600.0, -90.0, 80.0, 40.0), false, None),
            (at(600.0, 900.0, 80.0, 40.0), false, None),
        ] {
            assert_eq!(beside(element, CARD, WINDOW, rtl).map(|spot| spot.side), expected, "{element:?}");
        }
    }

    #[test]
    fn card_and_arrow_stay_in_the_window_and_on_each_other() {
        for x in (-60..1280).step_by(37) {
            for y in (-30..800).step_by(41) {
                let element = at(f64::from(x), f64::from(y), 90.0, 34.0);
                for rtl in [false, true] {
                    let Some(spot) = beside(element, CARD, WINDOW, rtl) else {
                        assert!(!element.is_in(WINDOW), "{element:?}");
                        continue;
                    };
                    let card = at(spot.left, spot.top, CARD.0, CARD.1);
                    assert!(card.left >= EDGE && card.right() <= WINDOW.0 - EDGE, "{spot:?}");
                    assert!(card.top >= EDGE && card.bottom() <= WINDOW.1 - EDGE, "{spot:?}");
                    let (x, y) = spot.arrow;
                    assert!(x >= card.left && x <= card.right() && y >= card.top && y <= card.bottom(), "{spot:?}");
                    let apart = card.left >= element.right()
                        || card.right() <= element.left
                        || card.top >= element.bottom()
                        || card.bottom() <= element.top;
                    assert!(apart, "{spot:?} covers {element:?}");
                }
            }
        }
    }
}
