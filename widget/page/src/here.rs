//! The parts of rules that only a page can answer, and the answers.

use crate::inside::{self, InPage};
use engine::facts::Here;
use engine::page::PageGroups;
use engine::prompt::{Happens, Means, What, Zone};
use engine::rule::{self, Condition, Consent, LeafId, OnPage, PagePart, Truth, holds};
use engine::{Props, Timestamp, Value};
use js_sys::{Array, Object};
use std::cell::RefCell;
use view::clock::Clock;
use view::dom;
use view::host::host;
use view::read::{field, read};
use wasm_bindgen::{JsCast, JsValue};

static NO_GROUPS: PageGroups = PageGroups(Vec::new());

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

/// The visit, as the loader keeps it for all tabs. What an older loader has not kept is not known.
struct Visit {
    since: Timestamp,
    pages: u32,
    number: Option<u32>,
    landing: Option<String>,
}

impl Visit {
    /// What the loader has kept, on the site's clock.
    fn read(clock: Clock) -> Option<Visit> {
        let session = field(&host().state(), "session");
        let number = |name| field(&session, name).as_f64();
        Some(Visit {
            since: clock.site(Timestamp(number("since")? as i64)),
            pages: number("pages")? as u32,
            number: number("visits").map(|visits| visits as u32),
            landing: field(&session, "url").as_string(),
        })
    }
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
        let is_nested = value.is_object() && !Array::is_array(&value);
        Some((name, if is_nested { Value::Other } else { read(&value)? }))
    };
    Props(of.dyn_ref::<Object>().map(Object::entries).iter().flat_map(Array::iter).filter_map(entry).collect())
}

/// The answer to a part; see [`crate::answer`].
pub fn answer(id: u32, now: Timestamp) -> Vec<f64> {
    ASKED.with_borrow(|asked| {
        let Some(part) = asked.part(id) else { return Vec::new() };
        let visit = Visit::read(Clock::set(now));
        let visit = visit.as_ref().map(|visit| {
            let landing = visit.landing.as_deref();
            (rule::Visit { pages: visit.pages, since: visit.since, number: visit.number, landing }, now)
        });
        let consents = consents();
        let (title, width) = looks(part);
        let page = OnPage {
            title: title.as_deref(),
            width,
            touch: Some(inside::is_touched()),
            consent: Some(&consents),
            visit,
            calendar: asked.zone.and_then(|zone| zone.calendar(now)),
            inside: Some(&InPage),
            ..OnPage::new(None, &NO_GROUPS)
        };
        let answer = holds(part, &page);
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

/// What is looked at only where it is asked for: the title is copied, and the width may make the browser lay out the page.
fn looks(part: &Condition) -> (Option<String>, Option<f64>) {
    let (mut title, mut width) = (None, None);
    part.each_leaf(&mut |leaf| match leaf {
        Condition::Page(page) if page.part == PagePart::Title => title = Some(dom::document().title()),
        Condition::Width(_) => width = inside::width(),
        _ => {}
    });
    (title, width)
}

/// What the visitor has agreed to: all that they were not said to refuse. Whether anybody has to be asked before is the site's affair.
fn consents() -> Vec<Consent> {
    let given = host().given();
    let is_given = |consent: &Consent| field(&given, consent.name()).as_bool() != Some(false);
    [Consent::Store, Consent::Profile, Consent::Answer].into_iter().filter(is_given).collect()
}
