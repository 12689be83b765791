//! What the session is told. Signals come from the loader, from the browser, from timers and from the prompt on the screen.

use crate::host;
use crate::session;
use crate::view::{Gesture, dom};
use engine::Timestamp;
use wasm_bindgen::JsValue;

/// Something happened.
pub enum Signal {
    /// The collector has answered.
    Facts {
        /// What it knows of the visitor.
        facts: JsValue,
        /// The prompts.
        bundle: JsValue,
        /// The page.
        page: Page,
        /// The prompt that the page asks for.
        key: Option<String>,
    },
    /// The visitor went to another page.
    Left(Page),
    /// The page wants the prompt gone.
    Closed,
    /// The time has come to look again, or the page has come into view.
    Due,
    /// It is this tab's turn to show something.
    Turn,
    /// Somebody did something with the prompt.
    Gesture(Gesture),
}

/// A page, and since when by the browser's clock.
#[derive(Default)]
pub struct Page {
    /// Its address.
    pub url: String,
    /// When the visitor came to it.
    pub since: Timestamp,
}

/// A page that is not seen shows nothing; when it is, it may.
pub fn listen() {
    let due = host::guarded(|_| session::tell(Signal::Due));
    dom::listen(&dom::document(), "visibilitychange", &due);
}
