//! What happened with a prompt, put into the wire contract ([`engine::event`]) and handed to the loader, which keeps it until the
//! collector has it.

use engine::Key;
use engine::event::Action;
use engine::experiment::{Arm, Assigned};
use js_sys::Reflect;
use view::host::host;
use view::{Did, Word, say};

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

/// Records what was drawn by lot, so that it stays.
pub fn push_lot(lot: &Assigned) {
    let (epoch, place) = (Word::Number(lot.epoch), Word::Number(lot.place));
    let arm = match &lot.arm {
        Arm::Holdout => ("holdout", Word::Flag(true)),
        Arm::SiteHoldout => ("site_holdout", Word::Flag(true)),
        Arm::Shown => ("holdout", Word::Flag(false)),
        Arm::Variant(key) => ("variant", Word::Text(key.as_str())),
    };
    let props = say(&[("epoch", epoch), ("place", place), arm]);
    push(&lot.prompt, Did { action: Action::Eligible, name: None, props });
}
