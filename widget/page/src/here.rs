//! The parts of rules that only a page can answer, and the answers.

use engine::Timestamp;
use engine::prompt::Zone;
use engine::rule::{Condition, LeafId, Truth, holds};
use std::cell::RefCell;
use view::read::{field, members, read};
use wasm_bindgen::JsValue;

thread_local! {
    static ASKED: RefCell<Asked> = RefCell::default();
}

/// What is asked.
#[derive(Default)]
struct Asked {
    parts: Vec<(LeafId, Condition)>,
    zone: Option<Zone>,
}

/// What is asked from now on.
pub fn ask(here: &JsValue, facts: &JsValue) {
    let parts = members(here).iter().filter_map(read).collect();
    ASKED.set(Asked { parts, zone: read(&field(facts, "zone")) });
}

/// The answer to a part; see [`crate::answer`].
pub fn answer(id: u32, now: Timestamp) -> Vec<f64> {
    ASKED.with_borrow(|asked| {
        let Some(part) = asked.part(id) else { return Vec::new() };
        let answer = inside::on_page(&[part], asked.zone, now, |page| holds(part, page));
        let truth = match answer.truth {
            Truth::Yes => 1.0,
            Truth::No => 0.0,
            Truth::Unknown => return Vec::new(),
        };
        [truth].into_iter().chain(answer.until.map(|until| until.0 as f64)).collect()
    })
}

/// Calls `see` with each element that a part names.
pub fn elements(id: &str, see: &mut impl FnMut(&str)) {
    let Ok(id) = id.parse() else { return };
    ASKED.with_borrow(|asked| {
        if let Some(part) = asked.part(id) {
            part.each_leaf(&mut |leaf| {
                if let Condition::Element(selector) = leaf {
                    see(selector);
                }
            });
        }
    });
}

impl Asked {
    fn part(&self, id: u32) -> Option<&Condition> {
        self.parts.iter().find(|(known, _)| known.number() == id).map(|(_, part)| part)
    }
}
