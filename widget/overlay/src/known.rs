//! Everything that this page knows now, put before the engine as the widget does it; and what the engine says.

use crate::rules::{Inside, Known};
use engine::event::Action;
use engine::facts::{Facts, Here, Named, Sent};
use engine::frequency::{Exposure, History, Policy};
use engine::prompt::{self, Arming, Happens, Missing, Prompt, Reason, Scene, Signal, Signals, What};
use engine::rule::{Condition, Line, NameOf};
use engine::why::{self, Count, Outcome};
use engine::{Key, Props, Timestamp};
use inside::InPage;
use js_sys::Function;
use std::rc::Rc;
use view::clock::Clock;
use view::dom;
use view::host::host;
use view::read::{field, members, read};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The widget's own module.
    type Made;
    #[wasm_bindgen(method)]
    fn state(this: &Made) -> Vec<JsValue>;
}

/// What is to be said.
#[derive(PartialEq, Debug)]
pub struct Told {
    /// Whether the collector knows this page's link.
    pub is_team: bool,
    /// Whether it trusts the page with whole rules.
    pub is_trusted: bool,
    /// Each prompt.
    pub prompts: Vec<Judged>,
    /// Who is here and where they stand.
    pub about: Vec<(String, String)>,
    /// The site's caps.
    pub caps: Vec<Count>,
}

/// A prompt, and what becomes of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// Its name.
    pub key: Key,
    /// What people call it.
    pub title: String,
    /// Whether it is on the screen.
    pub is_open: bool,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub words: String,
    /// Its rule.
    pub lines: Vec<Line>,
    /// Its moment.
    pub moment: String,
    /// How far that is.
    pub arming: String,
    /// Its caps.
    pub caps: Vec<Count>,
}

/// What was published.
pub struct Bundle {
    version: String,
    policy: Policy,
    prompts: Vec<Prompt<Sent>>,
    here: Here,
    events: Vec<(String, Happens)>,
}

impl Bundle {
    /// What has to happen, in words.
    fn said(&self, named: &Named) -> String {
        let told = self.events.iter().find(|(name, _)| *name == named.name).map(|(_, happens)| happens);
        let bare = Happens { name: named.name.clone(), filter: Vec::new() };
        why::event_in_words(told.unwrap_or(&bare))
    }

    fn of(value: &JsValue) -> Option<Bundle> {
        let prompts = members(&field(value, "prompts"));
        Some(Bundle {
            version: read(&field(value, "version"))?,
            policy: read(&field(value, "policy")).unwrap_or_default(),
            prompts: prompts.iter().filter_map(read).collect(),
            here: read(&field(value, "here")).unwrap_or_default(),
            events: read(&field(value, "events")).unwrap_or_default(),
        })
    }
}

/// Asks the engine. `bundle` is what was published when it was asked last. None: nobody has said anything yet, which is asked for.
pub fn told(bundle: &mut Option<Rc<Bundle>>) -> Option<Told> {
    let made = field(&host(), "made");
    if !made.is_object() {
        ask();
        return None;
    }
    let state = made.unchecked_ref::<Made>().state();
    let [told, published, since, active, happened @ ..] = &state[..] else { return None };
    let facts: Facts = read(told)?;
    if bundle.as_ref().is_none_or(|known| known.version != facts.bundle) {
        *bundle = Bundle::of(published).map(Rc::new);
    }
    let bundle = bundle.clone()?;
    let since = time(since)?;
    // Both are the instant at which the visitor came to the page, by the site's clock and by the browser's.
    let local = time(&field(&field(&host(), "page"), "since"))?;
    let clock = Clock::set(since.after(Timestamp(js_sys::Date::now() as i64).since(local)));
    let happened: Vec<Signal> = happened.iter().filter_map(signal).collect();
    let page = Page::read(clock, &facts);
    let signals =
        Signals { since, visit_since: page.visit_since, pages: page.pages, active: time(active), happened: &happened };
    Some(judged(&bundle, &facts, told, &page, signals, clock.now()))
}

fn judged(bundle: &Bundle, facts: &Facts, told: &JsValue, page: &Page, signals: Signals<'_>, now: Timestamp) -> Told {
    let inside = Inside::of(told);
    let zone = read(&field(told, "zone"));
    let consents = inside::consents();
    let scene = Scene {
        history: &page.history,
        policy: &bundle.policy,
        unit: &facts.terms,
        zone,
        consents: &consents,
        spare_offers: facts.spare_offers,
        page: prompt::Page { signals, inside: Some(&InPage), taken: page.open.is_some(), shown: page.shown },
        now,
    };
    let asked: Vec<&Condition> = bundle.here.parts().chain(inside.iter().flat_map(Inside::rules)).collect();
    inside::on_page(&asked, zone, now, |on_page| {
        let known = Known { facts, here: &bundle.here, inside: inside.as_ref(), page: on_page, now };
        let names = inside.as_ref().map(|inside| inside.names.clone()).unwrap_or_default();
        let found = why::why(&bundle.prompts, &known, &scene, &|prompt| known.explain(prompt), &names);
        let judge = |why: why::Why<'_, Sent>| {
            let prompt = why.prompt;
            let is_open = page.open.as_ref() == Some(&prompt.key);
            let arming = prompt.moment.arming(&prompt.key, prompt.delay, &prompt.cancel_on, signals, now);
            // What has to happen on the page is noticed only where nothing else stands against the prompt.
            let is_listened_for = why.outcome == Outcome::Waits || arming != Arming::NotYet;
            let barred = inside.as_ref().and_then(|inside| inside.barred(&prompt.key));
            let words = match (why.reason, barred) {
                _ if is_open => "It is on the screen.".to_owned(),
                (Some(Reason::Unknown(Missing::Zone)), Some(barred)) => barred.to_owned(),
                _ => why.words,
            };
            Judged {
                key: prompt.key.clone(),
                title: names.of(NameOf::Prompt, prompt.key.as_str()).to_owned(),
                is_open,
                outcome: if is_open { Outcome::Shows } else { why.outcome },
                words,
                lines: why.rule.lines(&names),
                moment: why::moment_in_words(prompt, &|named| bundle.said(named)),
                arming: if is_listened_for { why::arming_in_words(arming, now) } else { "not looked for".to_owned() },
                caps: why::caps_of(prompt, &page.history, now),
            }
        };
        let mut prompts: Vec<Judged> = found.into_iter().map(judge).collect();
        prompts.sort_by_key(|judged| !judged.is_open);
        Told {
            is_team: !field(told, "inside").is_undefined(),
            is_trusted: inside.is_some(),
            prompts,
            about: inside.as_ref().map(|inside| inside.about.clone()).unwrap_or_default(),
            caps: why::caps_of_site(&bundle.prompts, &scene),
        }
    })
}

/// What the loader knows of this page and this visit.
struct Page {
    visit_since: Option<Timestamp>,
    pages: Option<u32>,
    history: History,
    /// The prompt on the screen.
    open: Option<Key>,
    /// How many were shown on this page.
    shown: u32,
}

impl Page {
    fn read(clock: Clock, facts: &Facts) -> Page {
        let session = field(&host().state(), "session");
        let id = field(&session, "id").as_string();
        let page = field(&host(), "page");
        let (address, since) = (field(&page, "url").as_string(), field(&page, "since").as_f64());
        let mut history = facts.history.clone();
        let (mut last, mut shown) = (None, 0);
        for entry in host().entries() {
            let event = field(&entry, "event");
            let text = |name| field(&event, name).as_string();
            let Some(prompt) = text("prompt").and_then(|key| Key::parse(&key)) else { continue };
            let Some(action) = text("action").and_then(|action| Action::parse(&action)) else { continue };
            let local = field(&event, "at").as_f64();
            if action == Action::Shown && text("url") == address && local >= since {
                shown += 1;
                last = Some(prompt.clone());
            }
            // What the facts know already is not counted again.
            if field(&entry, "acked").as_f64().is_some_and(|acked| acked <= facts.now.0 as f64) {
                continue;
            }
            let props = field(&event, "props");
            let [interrupts, partial] =
                ["interrupts", "partial"].map(|name| field(&props, name).as_bool() == Some(true));
            history.observe(&Exposure {
                prompt: &prompt,
                action,
                at: clock.site(Timestamp(local.unwrap_or_default() as i64)),
                in_session: field(&entry, "session").as_string() == id,
                interrupts,
                partial,
            });
        }
        Page {
            visit_since: time(&field(&session, "since")).map(|since| clock.site(since)),
            pages: field(&session, "pages").as_f64().map(|pages| pages as u32),
            history,
            open: last.filter(|_| dom::find_in_page("waymark-prompt").is_some()),
            shown,
        }
    }
}

/// Asks the loader for the widget, which a page with nothing to show has not fetched.
fn ask() {
    if let Ok(open) = field(&host(), "open").dyn_into::<Function>() {
        let _ = open.call0(&JsValue::NULL);
    }
}

fn time(value: &JsValue) -> Option<Timestamp> {
    value.as_f64().map(|ms| Timestamp(ms as i64))
}

/// Something that happened on the page, as the widget tells it.
fn signal(told: &JsValue) -> Option<Signal> {
    let [at, what, value] = &members(told)[..] else { return None };
    let text = || value.as_string();
    let key = || Key::parse(&text()?);
    let what = match what.as_string()?.as_str() {
        "scrolled" => What::Scrolled(value.as_f64()? as u8),
        "exit_intent" => What::ExitIntent,
        "clicked" => What::Clicked(text()?),
        "seen" => What::Seen(text()?),
        // What was said of it is not told.
        "event" => What::Event(text()?, Props::default()),
        "called" => What::Called(key()?),
        "pushed" => What::Pushed(key()?),
        "closed" => What::Closed(key()?),
        _ => return None,
    };
    Some(Signal { at: time(at)?, what })
}
