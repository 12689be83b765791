//! The prompt on the screen, and how it comes there.

use super::{Painter, Session, tell};
use crate::bundle::{self, Chosen, Prompt};
use crate::contents::{self, Painted};
use crate::facts::Elements;
use crate::outbox;
use crate::signal::Signal;
use engine::Key;
use engine::event::Action;
use engine::prompt::Placement;
use engine::rule::Inside;
use js_sys::Reflect;
use view::frame::{self, Frame};
use view::read::field;
use view::{Did, Setting, Word, nps};
use wasm_bindgen::JsValue;

/// The prompt on the screen.
pub(super) struct Open {
    pub key: Key,
    /// Keeps it on the screen.
    _view: View,
    /// Somebody has begun to answer it: it is not taken away from them, and closing it is no dismissal any more.
    pub is_answered: bool,
    /// What it is for was done, or it was put off: closing it is no dismissal.
    pub is_done: bool,
    /// The page asked for it, whatever its rule says; it goes when the page does.
    pub is_asked_for: bool,
}

/// Whoever has painted it. It is gone from the page when dropped.
enum View {
    Here { _open: frame::Open },
    There { _painted: Painted },
}

impl Open {
    /// Whether it may be taken away as soon as it does not belong here any more.
    pub fn is_loose(&self) -> bool {
        !self.is_asked_for && !self.is_answered
    }

    pub fn goes_with_its_page(&self) -> bool {
        self.is_asked_for && !self.is_answered
    }
}

impl Session {
    /// Shows it and records that, both before the browser paints anything: a reload in between must not show it twice. What is painted
    /// by another module waits for that one; what cannot be shown was not shown.
    pub(super) fn show(&mut self, chosen: Chosen, is_asked_for: bool) {
        let bundle = &self.bundle;
        let Some(prompt) = bundle.prompts.get(chosen.at) else {
            return;
        };
        if let Placement::Inline(selector) = &prompt.placement
            && !Elements.has_element(selector)
        {
            return;
        }
        let content = bundle.content(chosen);
        let look = bundle.look(chosen.at);
        let view = match (bundle::nps(prompt, &content), &self.contents) {
            (Some(nps), _) => {
                let mut frame = Frame::new(setting(prompt, look), |gesture| tell(Signal::Gesture(gesture)));
                nps::fill(&mut frame, &nps);
                frame.open().map(|open| View::Here { _open: open })
            }
            (None, Painter::Here(contents)) => {
                // The site's clock goes by what the facts say of it.
                let _ = Reflect::set(&self.told, &"at".into(), &JsValue::from_f64(self.clock.now().0 as f64));
                let published = bundle.published(chosen.at);
                let painted = Painted::mount(contents, &published, &content, &look, &self.told);
                painted.map(|painted| View::There { _painted: painted })
            }
            (None, painter) => {
                if matches!(painter, Painter::Elsewhere) {
                    contents::fetch(bundle);
                }
                self.contents = Painter::Asked;
                // What the page asks for is in no choice: it has to be remembered until it can be painted.
                if is_asked_for {
                    self.asked_for = Some(chosen);
                }
                return;
            }
        };
        let Some(view) = view else {
            self.bundle.drop(chosen.at);
            return tell(Signal::Due);
        };
        let variant = bundle.version(chosen).and_then(|version| field(&version, "key").as_string());
        let said = [
            ("interrupts", Word::Flag(prompt.placement.interrupts())),
            ("version", Word::Text(&bundle.version)),
            ("variant", Word::Text(variant.as_deref().unwrap_or_default())),
        ];
        let said = if variant.is_some() { &said[..] } else { &said[..2] };
        outbox::push(&prompt.key, Did { action: Action::Shown, name: None, props: view::say(said) });
        let key = prompt.key.clone();
        self.shown += 1;
        self.open = Some(Open { key, _view: view, is_answered: false, is_done: false, is_asked_for });
    }
}

/// What the frame of a prompt depends on.
fn setting(prompt: &Prompt, look: JsValue) -> Setting {
    Setting { placement: prompt.placement.clone(), mandatory: prompt.mandatory, later: prompt.later, look }
}
