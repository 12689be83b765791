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
    /// The version of it that is shown.
    version: Option<usize>,
    /// Keeps it on the screen; nobody while it is painted anew.
    view: Option<View>,
    /// Somebody had the time to see it.
    pub is_viewed: bool,
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
        let Some(view) = self.paint(chosen, is_asked_for) else { return };
        let bundle = &self.bundle;
        let prompt = &bundle.prompts[chosen.at];
        let variant = bundle.version(chosen).and_then(|version| field(&version, "key").as_string());
        let said = [
            ("interrupts", Word::Flag(prompt.placement.interrupts())),
            ("version", Word::Text(&bundle.version)),
            ("variant", Word::Text(variant.as_deref().unwrap_or_default())),
        ];
        let said = if variant.is_some() { &said[..] } else { &said[..2] };
        outbox::push(&prompt.key, Did { action: Action::Shown, name: None, props: view::say(said) });
        self.shown += 1;
        self.open = Some(Open {
            key: prompt.key.clone(),
            version: chosen.version,
            view: Some(view),
            is_viewed: false,
            is_answered: false,
            is_done: false,
            is_asked_for,
        });
    }

    /// What is on the screen says the same in another language; not while somebody answers it.
    pub(super) fn say_anew(&mut self) {
        let Some(open) = self.open.as_mut().filter(|open| !open.is_answered) else { return };
        let Some(at) = self.bundle.find(open.key.as_str()) else { return };
        // One at a time: the second would find the first in its way.
        open.view = None;
        let (chosen, is_asked_for) = (Chosen { at, version: open.version }, open.is_asked_for);
        let view = self.paint(chosen, is_asked_for);
        match &mut self.open {
            Some(open) if view.is_some() => open.view = view,
            _ => self.remove(),
        }
    }

    /// Puts it on the screen; `None` if that cannot be, or not yet.
    fn paint(&mut self, chosen: Chosen, is_asked_for: bool) -> Option<View> {
        let bundle = &self.bundle;
        let prompt = bundle.prompts.get(chosen.at)?;
        if let Placement::Inline(selector) = &prompt.placement
            && !Elements.has_element(selector)
        {
            return None;
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
                return None;
            }
        };
        if view.is_none() {
            self.bundle.drop(chosen.at);
            tell(Signal::Due);
        }
        view
    }
}

/// What the frame of a prompt depends on.
fn setting(prompt: &Prompt, look: JsValue) -> Setting {
    Setting { placement: prompt.placement.clone(), mandatory: prompt.mandatory, later: prompt.later, look }
}
