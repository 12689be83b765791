//! The prompt on the screen, and how it comes there.

use super::{Painter, Session, tell};
use crate::bundle::{self, Bundle, Prompt};
use crate::contents::{self, Painted};
use crate::facts::Elements;
use crate::outbox;
use crate::signal::Signal;
use engine::event::Action;
use engine::prompt::{Placement, Theme};
use engine::rule::Inside;
use js_sys::Reflect;
use std::rc::Rc;
use view::frame::Frame;
use view::read::read;
use view::{Did, Setting, Word, nps};
use wasm_bindgen::JsValue;

/// A prompt by its place in the bundle, and the version of it that is shown.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub at: usize,
    pub variant: Option<usize>,
}

/// The prompt on the screen.
pub(super) struct Open {
    pub bundle: Rc<Bundle>,
    pub at: usize,
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
    Here { _frame: Box<Frame> },
    There { _painted: Painted },
}

impl Open {
    /// The prompt, if it may be taken away as soon as it does not belong here any more.
    pub fn loose(&self) -> Option<&Prompt> {
        self.bundle.prompts.get(self.at).filter(|_| !self.is_asked_for && !self.is_answered)
    }

    pub fn goes_with_its_page(&self) -> bool {
        self.is_asked_for && !self.is_answered
    }
}

impl Session {
    /// Shows it and records that, both before the browser paints anything: a reload in between must not show it twice. What is painted
    /// by another module waits for that one; what cannot be shown was not shown.
    pub(super) fn show(&mut self, chosen: Chosen, is_asked_for: bool) {
        let bundle = self.bundle.clone();
        let Some(prompt) = bundle.prompts.get(chosen.at) else {
            return;
        };
        if let Placement::Inline(selector) = &prompt.placement
            && !Elements.has_element(selector)
        {
            return;
        }
        let content = bundle.content(chosen.at, chosen.variant);
        let nps = bundle::nps(&content);
        let view = match (nps, &self.contents) {
            (Some(nps), _) => {
                let theme = read::<Theme>(&bundle.theme).unwrap_or_default();
                let mut frame = Frame::new(&setting(prompt), &theme, |gesture| tell(Signal::Gesture(gesture)));
                nps::fill(&mut frame, &nps);
                frame.open().then(|| View::Here { _frame: Box::new(frame) })
            }
            (None, Painter::Here(contents)) => {
                // The site's clock goes by what the facts say of it.
                let _ = Reflect::set(&self.told, &"at".into(), &JsValue::from_f64(self.clock.now().0 as f64));
                let published = bundle.published(chosen.at);
                let painted = Painted::mount(contents, &published, &content, &bundle.theme, &self.told);
                painted.map(|painted| View::There { _painted: painted })
            }
            (None, painter) => {
                let is_new = matches!(painter, Painter::Elsewhere);
                self.contents = Painter::Asked;
                // What the page asks for is in no choice: it has to be remembered until it can be painted.
                if is_asked_for {
                    self.asked_for = Some(chosen);
                }
                if is_new {
                    contents::fetch(&bundle);
                }
                return;
            }
        };
        let Some(view) = view else {
            drop(bundle);
            if let Some(bundle) = Rc::get_mut(&mut self.bundle) {
                bundle.drop(chosen.at);
                tell(Signal::Due);
            }
            return;
        };
        let variant = chosen.variant.and_then(|variant| prompt.experiment.variants.get(variant));
        let said = [
            ("interrupts", Word::Flag(prompt.placement.interrupts())),
            ("version", Word::Text(&bundle.version)),
            ("variant", Word::Text(variant.map_or("", |variant| variant.key.as_str()))),
        ];
        let said = if variant.is_some() { &said[..] } else { &said[..2] };
        self.shown += 1;
        self.open = Some(Open {
            bundle: bundle.clone(),
            at: chosen.at,
            _view: view,
            is_answered: false,
            is_done: false,
            is_asked_for,
        });
        outbox::push(&prompt.key, Did { action: Action::Shown, name: None, props: view::say(said) });
    }
}

/// What the frame of a prompt depends on.
fn setting(prompt: &Prompt) -> Setting {
    Setting {
        placement: prompt.placement.clone(),
        mandatory: prompt.mandatory,
        later: prompt.later,
        teaser: prompt.teaser.clone(),
        theme: prompt.theme.clone(),
    }
}
