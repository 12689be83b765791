//! The panel: head, prompts, visit, caps, and what one can do. It is looked at once a second while somebody has it open: countdowns go
//! on, and whatever happens on the page shows.

use crate::corner::Corner;
use crate::known::{self, Bundle, Told};
use crate::link::{self, Next, Way};
use crate::prompts::List;
use crate::section::{self, Section};
use engine::Span;
use engine::why::Outcome;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use view::clock::after;
use view::dom::{self, Listener};
use view::host::{guarded, host};
use view::{Word, say};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Made of `style.css` by `build.rs`.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

/// So often it is looked at.
const TICK: Span = Span(1000);

const CROSS: &str = "M6 6l12 12M18 6L6 18";
const SHRINK: &str = "M6 12h12";
const GROW: &str = "M6 12h12M12 6v12";
const MOVE: &str = "M5 9V5h4M19 15v4h-4M5 5l14 14";

thread_local! {
    static PANEL: RefCell<Option<Panel>> = const { RefCell::new(None) };
}

struct Panel {
    way: Way,
    host: HtmlElement,
    panel: HtmlElement,
    badge: HtmlElement,
    status: HtmlElement,
    note: HtmlElement,
    less: HtmlElement,
    actions: HtmlElement,
    prompts: List,
    about: Section,
    caps: Section,
    corner: Corner,
    bundle: Option<Rc<Bundle>>,
    told: Option<Told>,
    /// What somebody has just done here.
    done: &'static str,
    timer: Option<Timeout>,
    _heard: Listener,
}

/// Shows the panel that there is; false if there is none yet.
pub fn show_again() -> bool {
    let is_there = with(|panel| {
        panel.corner.is_small = false;
        panel.put();
    });
    if is_there {
        tick();
    }
    is_there
}

/// Makes it and puts it on the page.
pub fn open(way: Way) {
    let panel = Panel::new(way);
    panel.put();
    PANEL.set(Some(panel));
    tick();
}

/// Does something with the panel, if there is one and nobody else is at work on it.
fn with(run: impl FnOnce(&mut Panel)) -> bool {
    PANEL.with(|slot| {
        let Ok(mut slot) = slot.try_borrow_mut() else { return true };
        slot.as_mut().map(run).is_some()
    })
}

/// Looks again, now and a second later.
fn tick() {
    with(|panel| {
        if panel.host.is_connected() {
            if !dom::document().hidden() {
                panel.look();
            }
            panel.timer = Some(after(TICK, tick));
        }
    });
}

impl Panel {
    fn new(way: Way) -> Panel {
        let host = dom::make("waymark-debug", "", "");
        let root = dom::shadow(&host, [STYLE]);
        let corner = Corner::kept();
        let panel = dom::make("section", "", "");
        dom::say(&panel, "aria-label", "Why prompts show on this page");
        dom::say(&panel, "popover", "manual");
        dom::put(&root, &panel);

        let head = dom::make("header", "", "");
        dom::put(&head, &dom::make("h2", "", "Waymark"));
        let badge = dom::make("span", "badge", "");
        dom::put(&head, &badge);
        dom::put(&panel, &head);
        tool(&head, MOVE, "Move to another corner", || with_kept(Corner::next));
        let less = tool(&head, SHRINK, "Show less", || with_kept(Corner::resized));
        tool(&head, CROSS, "Close", || {
            with(|panel| panel.host.remove());
        });
        let status = dom::make("p", "status", "Waiting for what the collector says \u{2026}");
        dom::say(&status, "role", "status");
        dom::put(&panel, &status);

        let body = dom::make("div", "body", "");
        // Whoever uses the keyboard scrolls it as well.
        dom::say(&body, "tabindex", "0");
        dom::say(&body, "role", "group");
        dom::say(&body, "aria-label", "Prompts and caps");
        let note = dom::make("p", "note", "");
        let (prompts, about, caps) = (List::new(), Section::new("This visit"), Section::new("Caps of the site"));
        for part in [&note, &prompts.list, &about.part, &caps.part] {
            dom::put(&body, part);
        }
        dom::put(&panel, &body);
        let actions = dom::make("footer", "away", "");
        if way == Way::New {
            action(&actions, "See as myself", || link::again(Next::Own));
        }
        action(&actions, "See as a new visitor", || link::again(Next::New));
        action(&actions, "Reset my caps", reset_caps);
        action(&actions, "Leave the preview", || link::again(Next::Out));
        dom::put(&panel, &actions);

        let heard = Listener::new(&dom::document(), "waymark", |_| {
            with(|panel| panel.to_front());
        });
        Panel {
            way,
            host,
            panel,
            badge,
            status,
            note,
            less,
            actions,
            prompts,
            about,
            caps,
            corner,
            bundle: None,
            told: None,
            done: "",
            timer: None,
            _heard: heard,
        }
    }

    /// Puts it on the page, beside the body, where no style and no script of the page counts its children.
    fn put(&self) {
        if let Some(page) = dom::document().document_element()
            && !self.host.is_connected()
        {
            dom::put(&page, &self.host);
        }
        self.place();
        self.to_front();
    }

    /// Above whatever has come to stand above it. A dialog that the page waits for still is the only one that can be used.
    fn to_front(&self) {
        // What has the focus would lose it.
        if dom::find(&self.panel, ":focus").is_some() {
            return;
        }
        dom::pop(&self.panel, false);
        dom::pop(&self.panel, true);
    }

    fn place(&self) {
        self.panel.set_class_name(&self.corner.class());
        let (path, label) = if self.corner.is_small { (GROW, "Show more") } else { (SHRINK, "Show less") };
        self.less.set_text_content(None);
        dom::put(&self.less, &dom::icon(path));
        name(&self.less, label);
        dom::say(&self.less, "aria-expanded", if self.corner.is_small { "false" } else { "true" });
    }

    /// Asks what there is to say, and says what is new.
    fn look(&mut self) {
        let Some(told) = known::told(&mut self.bundle) else { return };
        if self.told.as_ref() == Some(&told) {
            return;
        }
        let is_first = self.told.is_none();
        let is_link = self.way != Way::Call;
        if is_link && !told.is_team {
            link::forget();
            self.host.remove();
            return;
        }
        let (badge, note) = match (self.way, told.is_trusted) {
            (Way::New, true) => ("Preview: new visitor", ""),
            (_, true) => ("Preview", ""),
            (Way::Call, false) => (
                "",
                "This page knows verdicts, not values. Open it by a link that `waymark debug-link` makes to see whole rules and to try things out.",
            ),
            (_, false) => (
                "Preview",
                "The link is an hour old and tells no more. What you do in this tab still counts nowhere. Make a new link to go on.",
            ),
        };
        text(&self.badge, badge);
        text(&self.note, note);
        dom::class(&self.note, "away", note.is_empty());
        dom::class(&self.actions, "away", !is_link);
        text(&self.status, &[self.done, &summary(&told)].concat());
        if is_first || self.told.as_ref().is_some_and(|before| before.about != told.about) {
            self.about.fill(section::pairs(&told.about));
        }
        if is_first || self.told.as_ref().is_some_and(|before| before.caps != told.caps) {
            self.caps.fill(section::counts(&told.caps));
        }
        self.prompts.fill(&told.prompts);
        self.told = Some(told);
    }
}

/// How many prompts come to what, in words.
fn summary(told: &Told) -> String {
    if told.prompts.is_empty() {
        return "This site has published no prompts.".to_owned();
    }
    let count = |outcome| told.prompts.iter().filter(|judged| judged.outcome == outcome).count();
    let parts = [
        (Outcome::Shows, "shows"),
        (Outcome::Waits, "waiting"),
        (Outcome::Held, "held back"),
        (Outcome::NotMeant, "not meant"),
    ];
    let parts = parts.into_iter().map(|(outcome, word)| (count(outcome), word)).filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    parts.join(" \u{b7} ")
}

/// Puts the panel elsewhere, and keeps that.
fn with_kept(change: impl FnOnce(Corner) -> Corner) {
    with(|panel| {
        panel.corner = change(panel.corner);
        panel.corner.keep();
        panel.place();
    });
}

/// From now on nothing is looked back on that happened before.
fn reset_caps() {
    host().record(&say(&[("type", Word::Text("track")), ("name", Word::Text("Caps Reset"))]));
    with(|panel| {
        panel.done = "Caps set aside for this visit. ";
        panel.told = None;
        panel.look();
    });
}

/// Sets a text, unless it is there.
fn text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// A button of the head: a drawing with a name.
fn tool(into: &HtmlElement, path: &str, label: &str, run: impl Fn() + 'static) -> HtmlElement {
    let button = button(into, "tool", "", run);
    dom::put(&button, &dom::icon(path));
    name(&button, label);
    button
}

fn action(into: &HtmlElement, label: &str, run: impl Fn() + 'static) {
    button(into, "action", label, run);
}

fn button(into: &HtmlElement, class: &str, label: &str, run: impl Fn() + 'static) -> HtmlElement {
    let button = dom::make("button", class, label);
    dom::say(&button, "type", "button");
    dom::listen(button.unchecked_ref(), "click", &guarded(move |_| run()));
    dom::put(into, &button);
    button
}

/// What a button without words is called, by screen readers and under the mouse.
fn name(button: &Element, label: &str) {
    dom::say(button, "aria-label", label);
    dom::say(button, "title", label);
}
