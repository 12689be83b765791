//! Paints a prompt and says what people do with it. It never decides: what follows from a gesture is the session's affair.
//!
//! Everything is inside a closed shadow root with an adopted stylesheet, in the browser's top layer. Dropping a [`View`]
//! takes it all away again.

pub mod dom;
mod frame;
mod links;
mod nps;
mod offer;
mod theme;

use crate::facts::Browser;
use engine::prompt::{Content, Prompt};
use frame::Frame;

/// What somebody did with a prompt.
pub enum Gesture {
    /// Chose a score from 0 to 10.
    Scored(u8),
    /// Sent what they wrote.
    Commented(String),
    /// Copied the coupon's code.
    Copied,
    /// Followed the link with this text.
    Followed(String),
    /// Closed it.
    Dismissed,
    /// Read the last word of it.
    Finished,
}

/// Where gestures go.
pub type Tell = fn(Gesture);

/// A prompt on the screen.
pub struct View {
    _frame: Frame,
}

impl View {
    /// Puts a prompt on the screen.
    pub fn mount(prompt: &Prompt, tell: Tell) -> View {
        let mut frame = Frame::new(prompt.placement, tell);
        match &prompt.content {
            Content::Nps(content) => nps::fill(&mut frame, content),
            Content::Review(content) => links::fill(&mut frame, content, links::STAR),
            Content::Community(content) => links::fill(&mut frame, content, links::BUBBLE),
            Content::Offer(content) => offer::fill(&mut frame, content),
        }
        frame.open();
        View { _frame: frame }
    }
}

/// Whether anybody can see the page.
pub fn is_seen() -> bool {
    !dom::document().hidden()
}

/// What the page runs on.
pub fn browser() -> Browser {
    let navigator = dom::window().navigator();
    Browser::new(&navigator.user_agent().unwrap_or_default(), navigator.max_touch_points(), dom::language())
}
