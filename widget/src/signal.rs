//! What the session is told. Signals come from the loader, from the browser, from timers and from the prompt on the screen.

use crate::session;
use engine::Timestamp;
use view::read::field;
use view::{Gesture, dom, host};
use wasm_bindgen::JsValue;

/// Something happened.
pub enum Signal {
    /// The collector has answered.
    Facts {
        /// What it knows of the visitor.
        facts: JsValue,
        /// The prompts.
        bundle: JsValue,
        /// When the visitor came to the page, by the browser's clock.
        since: Timestamp,
        /// The prompt that the page asks for.
        key: Option<String>,
    },
    /// The visitor went to another page, at this instant of the browser's clock.
    Left(Timestamp),
    /// The page wants the prompt gone.
    Closed,
    /// The page has said something: an event, a consent.
    Said,
    /// Something happened on the page for which a prompt waits; see [`crate::page::what`].
    Noticed(JsValue),
    /// What notices it has been fetched.
    Page(JsValue),
    /// The time has come to look again.
    Due,
    /// It is this tab's turn to show something.
    Turn,
    /// What paints a prompt has been fetched.
    Ready(JsValue),
    /// Somebody did something with the prompt.
    Gesture(Gesture),
}

/// When the visitor came to a page as the loader has it.
pub fn since(page: &JsValue) -> Timestamp {
    Timestamp(field(page, "since").as_f64().unwrap_or_default() as i64)
}

/// A page that is not seen shows nothing; when it is, it may.
pub fn listen() {
    let due = host::guarded(|_| session::tell(Signal::Due));
    dom::listen(&dom::document(), "visibilitychange", &due);
}
