//! What only a page knows of itself, and how it is looked at: what stands in it, the visit, what its visitor has agreed to. Whoever
//! answers rules in a page asks here, so that nobody answers them otherwise.

use engine::page::PageGroups;
use engine::prompt::Zone;
use engine::rule::{Condition, Consent, Inside, OnPage, PagePart, Pattern, Visit};
use engine::{Timestamp, Value};
use std::cell::RefCell;
use view::clock::Clock;
use view::dom;
use view::host::host;
use view::read::{field, read};
use wasm_bindgen::prelude::*;

/// What stands in the page. Nothing that it holds is called; what throws when it is looked at is not there.
#[derive(Debug)]
pub struct InPage;

impl InPage {
    /// A value of the page as rules see it; none for what they cannot see.
    pub fn value(found: &JsValue) -> Option<Value> {
        let is_nested = found.is_function() || found.is_object() && !js_sys::Array::is_array(found);
        if is_nested { Some(Value::Other) } else { read(found) }
    }

    fn member(of: &JsValue, name: &str) -> Option<JsValue> {
        let value = js_sys::Reflect::get(of, &name.into()).ok()?;
        (!value.is_undefined()).then_some(value)
    }
}

impl Inside for InPage {
    fn variable(&self, path: &str) -> Option<Value> {
        let found = path.split('.').try_fold(js_sys::global().into(), |of: JsValue, name| InPage::member(&of, name))?;
        InPage::value(&found)
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let document = InPage::member(&js_sys::global(), "document")?;
        let cookies = InPage::member(&document, "cookie")?.as_string()?;
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim_start().split_once('='));
        let value = pairs.find(|(key, _)| *key == name)?.1;
        Some(js_sys::decode_uri_component(value).map_or_else(|_| value.to_owned(), String::from))
    }

    fn has_element(&self, selector: &str) -> bool {
        let document = web_sys::window().and_then(|window| window.document());
        document.is_some_and(|document| matches!(document.query_selector(selector), Ok(Some(_))))
    }
}

#[wasm_bindgen]
extern "C" {
    type RegExp;
    #[wasm_bindgen(constructor, catch)]
    fn new(pattern: &str, flags: &str) -> Result<RegExp, JsValue>;
    #[wasm_bindgen(method)]
    fn test(this: &RegExp, text: &str) -> bool;
}

/// Whether anybody can see the page.
pub fn is_seen() -> bool {
    !dom::document().hidden()
}

/// Whether it is a finger that points.
pub fn is_touched() -> bool {
    dom::matches("(pointer: coarse)")
}

/// How wide the window is, in CSS pixels. Asking may make the browser lay out the page.
pub fn width() -> Option<f64> {
    field(&dom::window(), "innerWidth").as_f64()
}

/// Matches with the browser's own engine; see [`engine::rule::pattern`]. What it cannot compile is found nowhere.
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    thread_local! {
        static KNOWN: RefCell<Vec<(Pattern, Option<RegExp>)>> = const { RefCell::new(Vec::new()) };
    }
    KNOWN.with_borrow_mut(|known| {
        let at = known.iter().position(|(other, _)| other == pattern).unwrap_or_else(|| {
            known.push((pattern.clone(), RegExp::new(&pattern.expression("\\b"), "iu").ok()));
            known.len() - 1
        });
        known.get(at).is_some_and(|(_, expression)| expression.as_ref().is_some_and(|found| found.test(text)))
    })
}

static NO_GROUPS: PageGroups = PageGroups(Vec::new());

/// The visit, as the loader keeps it for all tabs. What an older loader has not kept is not known.
struct Kept {
    since: Timestamp,
    pages: u32,
    number: Option<u32>,
    landing: Option<String>,
}

impl Kept {
    /// What the loader has kept, on the site's clock.
    fn read(clock: Clock) -> Option<Kept> {
        let session = field(&host().state(), "session");
        let number = |name| field(&session, name).as_f64();
        Some(Kept {
            since: clock.site(Timestamp(number("since")? as i64)),
            pages: number("pages")? as u32,
            number: number("visits").map(|visits| visits as u32),
            landing: field(&session, "url").as_string(),
        })
    }
}

/// Looks with the page as a witness of all that only it knows, as far as these parts of rules ask for it. `now` is the site's time.
pub fn on_page<T>(parts: &[&Condition], zone: Option<Zone>, now: Timestamp, look: impl FnOnce(&OnPage<'_>) -> T) -> T {
    let kept = Kept::read(Clock::set(now));
    let visit = kept.as_ref().map(|kept| {
        let landing = kept.landing.as_deref();
        (Visit { pages: kept.pages, since: kept.since, number: kept.number, landing }, now)
    });
    let consents = consents();
    let (title, hash, width) = looks(parts);
    look(&OnPage {
        title: title.as_deref(),
        hash: hash.as_deref().map(|hash| hash.trim_start_matches('#')),
        width,
        touch: Some(is_touched()),
        consent: Some(&consents),
        visit,
        calendar: zone.and_then(|zone| zone.calendar(now)),
        inside: Some(&InPage),
        ..OnPage::new(None, &NO_GROUPS)
    })
}

/// What is looked at only where it is asked for: the title is copied, and the width may make the browser lay out the page.
fn looks(parts: &[&Condition]) -> (Option<String>, Option<String>, Option<f64>) {
    let (mut title, mut hash, mut width) = (None, None, None);
    for part in parts {
        part.each_leaf(&mut |leaf| match leaf {
            Condition::Page(page) if page.part == PagePart::Title => title = Some(dom::document().title()),
            Condition::Page(page) if page.part == PagePart::Hash => hash = dom::window().location().hash().ok(),
            Condition::Width(_) => width = self::width(),
            _ => {}
        });
    }
    (title, hash, width)
}

/// What the visitor has agreed to: whatever the page has not taken back. Whether anybody has to be asked before is the site's affair.
pub fn consents() -> Vec<Consent> {
    let given = host().given();
    let is_given = |consent: &Consent| field(&given, consent.name()).is_truthy();
    [Consent::Store, Consent::Profile, Consent::Answer].into_iter().filter(is_given).collect()
}
