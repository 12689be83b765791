//! Whether somebody had a chance to read it: half of it in sight, for a second, on a page that is in front.

use crate::clock::after;
use crate::dom::{self, Listener};
use crate::frame::Slot;
use crate::watch::Watch;
use crate::{Did, Tell};
use engine::Span;
use engine::event::Action;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Element;

/// How long it takes to see what it is.
const LOOK: Span = Span(1_000);

/// Tells once that the panel was viewed.
pub fn tell_when(panel: &Element, tell: Tell) -> (Watch, Listener) {
    let (timer, is_in_sight, is_told) = (Slot::default(), Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    let inside = is_in_sight.clone();
    let look = move || {
        timer.take();
        if inside.get() && !is_told.get() && !dom::document().hidden() {
            let told = is_told.clone();
            timer.replace(Some(after(LOOK, move || {
                if !told.replace(true) {
                    tell(Did::plain(Action::Viewed));
                }
            })));
        }
    };
    let again = look.clone();
    let seen = Watch::sight(panel, move |is_inside| {
        is_in_sight.set(is_inside);
        look();
    });
    (seen, Listener::new(&dom::document(), "visibilitychange", move |_| again()))
}
