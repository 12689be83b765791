//! The published prompts, as far as deciding goes. What they say is not read here: most of it is painted by a module that is fetched
//! only when one of them may be shown, and that module reads it then.

use engine::facts::Read;
use engine::frequency::Policy;
use engine::prompt::{self, Moment, Placement};
use std::mem;
use view::host::host;
use view::read::{field, members, read};
use view::{Word, say};
use wasm_bindgen::JsValue;

/// A prompt as the widget reads it.
pub type Prompt = prompt::Prompt<Read>;

/// A prompt by its place in the bundle, and the version of it that is shown.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// The prompt.
    pub at: usize,
    /// The version.
    pub version: Option<usize>,
}

/// The published prompts, as far as this build can read them.
#[derive(Default)]
pub struct Bundle {
    /// Changes whenever anything in it does.
    pub version: String,
    /// The site's caps.
    pub policy: Policy,
    /// What to decide about.
    pub prompts: Vec<Prompt>,
    /// The whole of it, as it was published.
    pub whole: JsValue,
    /// The prompts, as they were published.
    published: Vec<JsValue>,
}

impl Bundle {
    /// Reads what was published. A prompt that this build cannot read is dropped alone, and that is said once.
    pub fn of(whole: &JsValue) -> Option<Bundle> {
        let mut bundle = Bundle {
            version: read(&field(whole, "version"))?,
            policy: read(&field(whole, "policy")).unwrap_or_default(),
            whole: whole.clone(),
            ..Bundle::default()
        };
        let mut unreadable = 0;
        for published in members(&field(whole, "prompts")) {
            match read::<Prompt>(&published) {
                Some(prompt) => {
                    bundle.prompts.push(prompt);
                    bundle.published.push(published);
                }
                None => unreadable += 1,
            }
        }
        if unreadable > 0 {
            host().tell(&say(&[("action", Word::Text("unreadable")), ("count", Word::Number(unreadable))]));
        }
        Some(bundle)
    }

    /// A part of it that is not read here: `look`, how prompts look; `here`, the parts of rules that only the page can answer; `contents`
    /// and `page`, where the modules are that paint what is not painted here, and that answer those.
    pub fn part(&self, name: &str) -> JsValue {
        field(&self.whole, name)
    }

    /// The place of a prompt.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.prompts.iter().position(|prompt| prompt.key.as_str() == key)
    }

    /// Does without a prompt that turned out to be none here.
    pub fn drop(&mut self, at: usize) {
        if at < self.prompts.len() {
            // How a prompt is taken apart is code that nothing else needs.
            mem::forget(self.prompts.remove(at));
            self.published.remove(at);
        }
    }

    /// Whether an event of this name may be a moment or end one.
    pub fn waits_for(&self, name: &str) -> bool {
        self.prompts.iter().any(|prompt| {
            matches!(&prompt.moment, Moment::Event(named) if named.name == name)
                || prompt.cancel_on.iter().any(|named| named.name == name)
        })
    }

    /// A prompt as it was published.
    pub fn published(&self, at: usize) -> JsValue {
        self.published.get(at).cloned().unwrap_or_default()
    }

    /// How a prompt looks.
    pub fn look(&self, at: usize) -> JsValue {
        let own = field(&self.published(at), "theme");
        if own.is_undefined() { self.part("look") } else { own }
    }

    /// The version of a prompt that is shown, as it was published, if it has several.
    pub fn version(&self, chosen: Chosen) -> Option<JsValue> {
        members(&field(&self.published(chosen.at), "experiment")).into_iter().nth(chosen.version?)
    }

    /// What a prompt says, in the version that is shown.
    pub fn content(&self, chosen: Chosen) -> JsValue {
        let own = self.version(chosen).map(|version| field(&version, "content"));
        own.filter(|own| !own.is_undefined()).unwrap_or_else(|| field(&self.published(chosen.at), "content"))
    }
}

/// The recommendation question, if that is what a prompt says, nothing of it is about the person, and it stands over the page without
/// a tab: the one content that is painted without another module.
pub fn nps(prompt: &Prompt, content: &JsValue) -> Option<JsValue> {
    let nps = field(content, "nps");
    let is_plain = prompt.teaser.is_none() && !matches!(prompt.placement, Placement::Inline(_));
    (nps.is_object() && is_plain && field(&nps, "piped").is_undefined()).then_some(nps)
}
