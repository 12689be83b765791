//! The parts of rules that only a page can answer, and the answers.

use engine::facts::Here;
use engine::prompt::{Happens, Means, What, Zone};
use engine::rule::{Condition, LeafId, Truth, holds};
use engine::{Props, Timestamp};
use inside::InPage;
use js_sys::{Array, Object};
use std::cell::RefCell;
use view::read::{field, read};
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    static ASKED: RefCell<Asked> = RefCell::default();
}

/// What is asked.
#[derive(Default)]
struct Asked {
    here: Here,
    events: Vec<(String, Happens)>,
    zone: Option<Zone>,
}

/// What is asked from now on.
pub fn ask(bundle: &JsValue, facts: &JsValue) {
    let (here, events) = (read(&field(bundle, "here")), read(&field(bundle, "events")));
    let (here, events) = (here.unwrap_or_default(), events.unwrap_or_default());
    ASKED.set(Asked { here, events, zone: read(&field(facts, "zone")) });
}

/// The names that stand for an event of the page; see [`engine::prompt::Bundle::events`].
pub fn names(event: &JsValue) -> Vec<JsValue> {
    let Some(name) = field(event, "name").as_string() else { return Vec::new() };
    ASKED.with_borrow(|asked| {
        if !asked.events.iter().any(|(_, happens)| happens.name == name) {
            return Vec::new();
        }
        let what = What::Event(name, props(&field(event, "props")));
        let meant = asked.events.iter().filter(|(_, happens)| happens.means(&what));
        meant.map(|(name, _)| name.into()).collect()
    })
}

/// The properties of an event, as rules see them.
fn props(of: &JsValue) -> Props {
    let entry = |entry: JsValue| {
        let entry = entry.unchecked_into::<Array>();
        let (name, value) = (entry.get(0).as_string()?, entry.get(1));
        Some((name, InPage::value(&value)?))
    };
    Props(of.dyn_ref::<Object>().map(Object::entries).iter().flat_map(Array::iter).filter_map(entry).collect())
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
        self.here.part(LeafId::from_number(id))
    }
}
