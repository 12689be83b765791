//! What happens on the page, as far as a prompt waits for it: [`Wants`] says what is waited for, [`Ears`] and [`Eyes`] notice it, and
//! whoever waits is told. With nothing to wait for nothing is listened to, and nothing runs.
//!
//! All of it belongs to the page: whoever goes on to another one starts anew.

use crate::ears::Ears;
use crate::exit::Exit;
use crate::eyes::{Eyes, is_meant};
use crate::wants::Wants;
use engine::Timestamp;
use inside::{is_seen, is_touched};
use js_sys::{Array, Function};
use std::cell::RefCell;
use view::dom;
use view::read::{field, members};
use wasm_bindgen::JsValue;
use web_sys::Event;

thread_local! {
    static MOMENTS: RefCell<Moments> = RefCell::default();
}

/// What is waited for, and what was noticed so far.
#[derive(Default)]
struct Moments {
    wants: Wants,
    /// When the visitor came to the page. Time is the browser's here.
    since: Timestamp,
    told: Option<Function>,
    active: Option<Timestamp>,
    /// So many hundredths of the page have been scrolled through.
    depth: u8,
    exit: Exit,
    ears: Ears,
    eyes: Eyes,
}

/// What happened: its name, and what it is about.
type News = Vec<(&'static str, JsValue)>;

/// Waits for these, and for nothing else any more.
pub fn want(wants: Vec<String>, since: Timestamp, told: Function) {
    let wants = Wants::read(&wants);
    at_work(|moments| {
        moments.told = Some(told);
        moments.since = since;
        moments.want(wants)
    });
}

/// When somebody last moved, typed or scrolled.
pub fn active() -> Option<f64> {
    MOMENTS.with_borrow(|moments| moments.active.map(|active| active.0 as f64))
}

/// Forgets everything.
pub fn forget() {
    MOMENTS.take();
}

/// The browser tells of something.
pub fn hear(event: &Event) {
    at_work(|moments| moments.hear(event));
}

/// Elements came into view or left it.
pub fn sight(entries: &JsValue) {
    at_work(|moments| moments.sight(entries));
}

/// The page is changing.
pub fn change() {
    MOMENTS.with_borrow_mut(|moments| moments.eyes.rest());
}

/// The page has come to rest.
pub fn rest() {
    at_work(|moments| if moments.eyes.look_again() { vec![("changed", JsValue::NULL)] } else { News::new() });
}

/// Works, and then tells what came of it: whoever is told may want something else at once.
fn at_work(work: impl FnOnce(&mut Moments) -> News) {
    let (news, told) = MOMENTS.with_borrow_mut(|moments| (work(moments), moments.told.clone()));
    if let Some(told) = told {
        news.iter().for_each(|(what, value)| drop(told.call1(&JsValue::NULL, &Array::of2(&(*what).into(), value))));
    }
}

fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

impl Moments {
    fn want(&mut self, wants: Wants) -> News {
        // Elements may have come and gone, also where they are the same ones that are waited for.
        self.eyes.watch(&wants.sights, &wants.elements);
        if wants == self.wants {
            return News::new();
        }
        let mut news = News::new();
        if wants.activity && !self.wants.activity {
            self.active = Some(now());
            news.push(("active", JsValue::NULL));
        }
        self.wants = wants;
        if !self.wants.depths.is_empty() {
            // Somebody may have scrolled before anybody asked.
            news.extend(self.scroll());
        }
        let wants = &self.wants;
        let (flings, leaves) = if wants.exit { (is_touched(), !is_touched()) } else { (false, false) };
        let kinds = [
            (!wants.depths.is_empty() || wants.activity || flings, "scroll"),
            (wants.activity, "pointermove"),
            (wants.activity, "pointerdown"),
            (wants.activity, "keydown"),
            (flings, "touchmove"),
            (flings, "visibilitychange"),
            (leaves, "mouseout"),
            (!wants.clicks.is_empty(), "click"),
        ];
        self.ears.listen(kinds.into_iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, kind)| kind).collect());
        news
    }

    fn hear(&mut self, event: &Event) -> News {
        let (mut news, now) = (News::new(), now());
        let mut is_leaving = false;
        match field(event, "type").as_string().unwrap_or_default().as_str() {
            "visibilitychange" => is_leaving = self.exit.see(is_seen(), now),
            "click" => news = self.click(event),
            "mouseout" => is_leaving = Exit::has_left(event),
            "touchmove" => self.exit.touch(now),
            "scroll" => {
                self.active = Some(now);
                if !self.wants.depths.is_empty() {
                    news.extend(self.scroll());
                }
                is_leaving = self.wants.exit && self.exit.scroll(number(&dom::window(), "scrollY"), now);
            }
            _ => self.active = Some(now),
        }
        if is_leaving && !Exit::is_early(self.since, now) {
            news.push(("exit_intent", JsValue::NULL));
        }
        news
    }

    fn sight(&self, entries: &JsValue) -> News {
        let mut news = News::new();
        for entry in members(entries).iter().filter(|entry| field(entry, "isIntersecting").is_truthy()) {
            let element = field(entry, "target");
            let seen = self.wants.sights.iter().filter(|selector| is_meant(&element, selector));
            news.extend(seen.map(|selector| ("seen", selector.into())));
        }
        news
    }

    /// How much of the page has been scrolled through. A page that is not longer than the window has no depth: while it is being
    /// built, each page is short.
    fn scroll(&mut self) -> Option<(&'static str, JsValue)> {
        let page = field(&dom::document(), "scrollingElement");
        let range = number(&page, "scrollHeight") - number(&page, "clientHeight");
        let depth = if range > 0.0 { (number(&page, "scrollTop") / range * 100.0 + 0.5) as u8 } else { 0 };
        let is_news = self.wants.depths.iter().any(|wanted| *wanted > self.depth && *wanted <= depth);
        self.depth = self.depth.max(depth);
        is_news.then(|| ("scrolled", depth.into()))
    }

    /// Also what stands in open shadow trees is clicked; what is ours is not the page's.
    fn click(&self, event: &Event) -> News {
        let path = members(&event.composed_path());
        if path.first().is_some_and(|first| is_meant(first, "waymark-prompt")) {
            return News::new();
        }
        let is_clicked = |selector: &&String| path.iter().any(|node| is_meant(node, selector));
        self.wants.clicks.iter().filter(is_clicked).map(|selector| ("clicked", selector.into())).collect()
    }
}

fn number(of: &JsValue, name: &str) -> f64 {
    field(of, name).as_f64().unwrap_or_default()
}
