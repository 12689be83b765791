//! What happened with a prompt, put into the wire contract ([`engine::event`]) and handed to the loader, which keeps it until the
//! collector has it.

use engine::Key;
use engine::event::Action;
use js_sys::Reflect;
use view::host::host;
use view::read::{field, members};
use view::{Did, Word, say};
use wasm_bindgen::JsValue;

/// Records an interaction. It is stored in the browser when this returns.
pub fn push(prompt: &Key, did: Did) {
    let words = [
        ("type", Word::Text("prompt")),
        ("prompt", Word::Text(prompt.as_str())),
        ("action", Word::Text(did.action.as_str())),
        ("name", Word::Text(did.name.as_deref().unwrap_or_default())),
    ];
    let event = say(if did.name.is_some() { &words } else { &words[..3] });
    let _ = Reflect::set(&event, &"props".into(), &did.props);
    host().record(&event);
}

/// Records what was drawn by lot, so that it stays. `told` is what the page was told, which says what was drawn.
pub fn push_lot(prompt: &Key, told: &JsValue) {
    let drawn = members(&field(told, "drawn"));
    let is_it = |drawn: &Vec<JsValue>| drawn.first().is_some_and(|key| key == prompt.as_str());
    if let Some(drawn) = drawn.iter().map(members).find(is_it) {
        let props = drawn.get(1).cloned().unwrap_or_default();
        push(prompt, Did { action: Action::Eligible, name: None, props });
    }
}
