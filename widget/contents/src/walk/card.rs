//! What a step says: its picture, its words, which it is, and the ways back and on.

use crate::picture;
use crate::words::{decimal, filled};
use engine::prompt::Step;
use view::dom;
use view::frame::Frame;
use view::words::own;
use web_sys::HtmlElement;

/// The parts of the card that change from step to step.
pub struct Card {
    image: HtmlElement,
    said: HtmlElement,
    count: HtmlElement,
    /// The way to the step before.
    pub back: HtmlElement,
    /// The way to the next step, or to the end.
    pub next: HtmlElement,
}

impl Card {
    /// Appends them. `heading` is what screen readers hear first.
    pub fn new(frame: &mut Frame, heading: &str) -> Card {
        let image = frame.add("div", "image", "");
        // Some body, so that there is a line for one.
        let said = frame.words(heading, " ");
        let foot = frame.add("div", "steps", "");
        let count = dom::make("bdi", "", "");
        dom::put(&foot, &count);
        let back = frame.button(&foot, "quiet", &own("Back"));
        let next = frame.button(&foot, "main", &own("Next"));
        Card { image, said, count, back, next }
    }

    /// Writes what a step says.
    pub fn write(&self, at: usize, step: &Step, all: usize) {
        let Card { image, said, count, back, next } = self;
        image.set_text_content(None);
        if let Some(shown) = &step.image {
            dom::put(image, &picture::make(shown));
        }
        for (part, text) in [("h2", &step.heading), ("p", &step.body)] {
            if let Some(line) = dom::find(said, part) {
                line.set_text_content(Some(text));
            }
        }
        let of = [decimal(at as u32 + 1), decimal(all as u32)];
        count.set_text_content(Some(&filled(&own("{} of {}"), &[&of[0], &of[1]])));
        back.set_hidden(at == 0);
        let usual = own(if at + 1 == all { "Done" } else { "Next" });
        next.set_text_content(Some(step.button.as_deref().unwrap_or(&usual)));
    }
}
