//! What prompts are painted with: the [`frame`] around each of them, the recommendation question ([`nps`]), and the few things that
//! are done to a page. It never decides: what follows from a [`Gesture`] is the session's affair.
//!
//! Every module of the widget links this library, so what only some prompts need stands in the module that paints them.
//! Everything on the page is inside a closed shadow root with an adopted stylesheet, in the browser's top layer unless it is to stand
//! in the page.

pub mod clock;
pub mod dom;
pub mod ear;
pub mod frame;
pub mod host;
pub mod look;
pub mod nps;
pub mod read;
pub mod scale;
mod scheme;
pub mod watch;
pub mod words;

use engine::event::Action;
use engine::prompt::Placement;
use js_sys::Object;
#[cfg(target_arch = "wasm32")]
use lol_alloc::{FreeListAllocator, LockedAllocator};
use serde::ser::{Serialize, SerializeMap, Serializer};
use wasm_bindgen::JsValue;

/// Our heap is small and short-lived: a list of free blocks serves it, and is 2 KB less to fetch than the allocator of the
/// standard library.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// What somebody did with a prompt.
pub enum Gesture {
    /// Something to record.
    Did(Did),
    /// Closed it.
    Dismissed,
    /// Read the last word of it, or nothing is left to do.
    Finished,
}

/// Something that was done with a prompt.
pub struct Did {
    /// What.
    pub action: Action,
    /// The log's own name for it, where the action does not say it all.
    pub name: Option<String>,
    /// What is said of it.
    pub props: JsValue,
}

impl Did {
    /// Nothing is said of it but what it was.
    pub fn plain(action: Action) -> Gesture {
        Gesture::Did(Did { action, name: None, props: Object::new().into() })
    }

    /// With a name of its own and what is said of it.
    pub fn named(action: Action, name: Option<&str>, props: &[(&'static str, Word<'_>)]) -> Gesture {
        Gesture::Did(Did { action, name: name.map(str::to_owned), props: say(props) })
    }
}

/// A value in the properties of an event.
#[derive(Clone, Copy)]
pub enum Word<'a> {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(u32),
    /// A text.
    Text(&'a str),
}

impl Serialize for Word<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Word::Flag(flag) => serializer.serialize_bool(flag),
            Word::Number(number) => serializer.serialize_u32(number),
            Word::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The properties of an event, as the loader takes them.
pub fn say(props: &[(&'static str, Word<'_>)]) -> JsValue {
    struct Props<'a>(&'a [(&'static str, Word<'a>)]);
    impl Serialize for Props<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(self.0.len()))?;
            for (name, word) in self.0 {
                map.serialize_entry(name, word)?;
            }
            map.end()
        }
    }
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Props(props).serialize(&serializer).unwrap_or_default()
}

/// Where gestures go.
pub type Tell = fn(Gesture);

/// What of a prompt its frame depends on.
pub struct Setting {
    /// Where it stands.
    pub placement: Placement,
    /// Whether it must be seen; then nobody can ask for no more of them.
    pub mandatory: bool,
    /// Whether it offers to come back later.
    pub later: bool,
    /// How it looks; see [`look`].
    pub look: JsValue,
}
