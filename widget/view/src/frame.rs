//! What every prompt stands in: host element, closed shadow root, dialog or card or bar, the way out.
//!
//! The host element stands beside the page's body, where no style and no script of the page counts its children; only what is to
//! stand in the page stands there.

use crate::clock::after;
use crate::dom::{self, Listener};
use crate::ear::{Ear, Hears, State};
use crate::host::{guarded, hearing, host};
use crate::look::Look;
use crate::watch::Watch;
use crate::words::own;
use crate::{Setting, Tell, scheme};
use engine::Span;
use engine::prompt::{Corner, Edge, Placement};
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlElement};

/// Made of `style.css` by `build.rs`.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

const CROSS: &str = "M6 6l12 12M18 6L6 18";
const DOTS: &str = "M6 12h.01M12 12h.01M18 12h.01";

/// The id of the line that names the prompt.
const TITLE: &str = "t";

/// Room for one timer, which ends with the frame.
pub type Slot = Rc<RefCell<Option<Timeout>>>;

/// What had the focus before it came in here.
pub type Before = Rc<RefCell<Option<Element>>>;

/// A prompt's frame, until it is put on the page.
pub struct Frame {
    /// Where gestures go.
    pub tell: Tell,
    /// What contents are put into.
    pub panel: HtmlElement,
    /// The content's own style, beside that of every frame. None: empty.
    pub style: &'static str,
    /// What the content waits for.
    pub timer: Slot,
    /// The content, if it wants to hear of clicks and keys anywhere in the prompt.
    pub content: Option<Rc<dyn Hears>>,
    /// Around all that is ours.
    pub skin: HtmlElement,
    /// What closing means. Left out: that it is over.
    pub leave: Option<Rc<dyn Fn()>>,
    /// What had the focus before it came in here.
    pub before: Before,
    /// Whether it is put on the page out of sight.
    pub is_away: bool,
    setting: Setting,
    heading: String,
}

/// A prompt on the page. Gone from it when dropped.
pub struct Open {
    /// The element that all of it is in.
    pub host: HtmlElement,
    ear: Rc<Ear>,
    /// What the content and the frame itself wait for.
    timers: [Slot; 2],
    _listeners: Vec<Listener>,
    _watches: [Watch; 2],
}

impl Frame {
    /// An empty frame, not on the page yet.
    pub fn new(setting: Setting, tell: Tell) -> Frame {
        let (kind, at) = place(&setting.placement);
        let is_modal = kind == "modal";
        let skin = dom::make("div", "skin", "");
        let panel = dom::make(if is_modal { "dialog" } else { "div" }, &[kind, at].concat(), "");
        dom::put(&skin, &panel);
        if !is_modal {
            dom::say(&panel, "role", "region");
        }
        if kind == "card" || kind == "bar" {
            dom::say(&panel, "popover", "manual");
        }
        dom::say(&panel, "tabindex", "-1");
        dom::say(&panel, "aria-labelledby", TITLE);
        Frame {
            tell,
            panel,
            style: "",
            timer: Slot::default(),
            content: None,
            skin,
            leave: None,
            before: Before::default(),
            is_away: false,
            setting,
            heading: String::new(),
        }
    }

    /// Appends an element.
    pub fn add(&self, tag: &str, class: &str, text: &str) -> HtmlElement {
        dom::add(&self.panel, tag, class, text)
    }

    /// Appends the line that names the prompt, and what explains it. Screen readers say both when they appear.
    pub fn words(&mut self, heading: &str, body: &str) -> HtmlElement {
        self.heading = heading.to_owned();
        let words = self.add("div", "words", "");
        dom::say(&words, "aria-live", "polite");
        dom::add(&words, "h2", "", heading).set_id(TITLE);
        if !body.is_empty() {
            dom::add(&words, "p", "", body);
        }
        words
    }

    /// Appends the end of it: what to do, if it is one thing, and the quiet way out.
    pub fn actions(&mut self, main: Option<HtmlElement>, decline: Option<&str>) {
        let actions = self.add("div", if main.is_some() { "actions sure" } else { "actions" }, "");
        if let Some(main) = main {
            dom::put(&actions, &main);
        }
        let usual = own("No thanks");
        dom::button(&actions, "quiet", "decline", decline.unwrap_or(&usual));
    }

    /// Appends a button to something in the frame.
    pub fn button(&self, into: &HtmlElement, class: &str, label: &str) -> HtmlElement {
        dom::button(into, class, "", label)
    }

    /// Listens to something in the frame, as long as it is there.
    pub fn on(&self, target: &HtmlElement, kind: &'static str, run: impl Fn(Event) + 'static) {
        dom::listen(target, kind, &hearing(run));
    }

    /// Whether the rest of the page waits for it.
    pub fn is_modal(&self) -> bool {
        self.setting.placement == Placement::Modal
    }

    /// Where it stands in the window, as classes.
    pub fn corner(&self) -> &'static str {
        place(&self.setting.placement).1
    }

    /// Puts it on the page.
    pub fn open(self) -> Option<Open> {
        let page = dom::document().document_element()?;
        let body = dom::document().body().map_or_else(|| page.clone(), Element::from);
        Some(self.open_in(&page, body))
    }

    /// Puts it into an element of the page. `ground` is what it stands on.
    pub fn open_in(mut self, into: &Element, ground: Element) -> Open {
        let (is_modal, look) = (self.is_modal(), Look(self.setting.look.clone()));
        let style = look.style();
        look.dress(&self);
        let others = self.ways_out();
        dom::set(&self.skin, "font-family", dom::style_of(&ground, "font-family"));
        host().speak(&self.skin, &ground);
        let soon = Slot::default();
        if !is_modal && !self.is_away {
            self.announce(&soon);
        }

        let host = dom::make("waymark-prompt", "", "");
        let root = dom::shadow(&host, [STYLE, self.style, &style]);
        dom::put(&root, &self.skin);
        let ear = Rc::new(Ear {
            tell: self.tell,
            panel: self.panel,
            skin: self.skin,
            ground,
            look,
            is_modal,
            before: self.before,
            leave: self.leave,
            content: self.content,
            viewport: dom::window().visual_viewport(),
            others,
            state: State::default(),
        });
        ear.paint();
        // A browser that puts something above everything looks at all that is in it, so that is done while nothing is.
        let contents = dom::take_contents(&ear.panel);
        dom::put(into, &host);
        if !self.is_away {
            if is_modal {
                ear.before.replace(dom::document().active_element());
            }
            show(&ear.panel, is_modal);
        }
        dom::put(&ear.panel, &contents);

        let heard = ear.clone();
        let hear = guarded(move |told| heard.hear(&told));
        for kind in ["click", "keydown", "keyup", "keypress", "input", "focusin", "focusout"] {
            dom::listen(&ear.skin, kind, &hear);
        }
        for kind in ["cancel", "scroll"] {
            dom::listen(&ear.panel, kind, &hear);
        }
        let document = dom::document();
        let mut outside: Vec<(EventTarget, &'static str)> = vec![(document.clone().into(), "visibilitychange")];
        if let Some(viewport) = &ear.viewport {
            outside.extend(["resize", "scroll"].map(|kind| (viewport.clone().into(), kind)));
        }
        let roots = if ear.look.is_dark().is_none() {
            outside.push((dom::media(scheme::PREFERS_DARK), "change"));
            [document.document_element(), document.body().map(Element::from)]
        } else {
            [None, None]
        };
        let watches = [Watch::sight(&ear.panel, &hear), Watch::attributes(roots.iter().flatten(), &hear)];
        let listeners = outside.into_iter().map(|(target, kind)| Listener::of(target, kind, &hear)).collect();
        Open { host, ear, timers: [self.timer, soon], _listeners: listeners, _watches: watches }
    }

    /// The ways out that are in the same place in each prompt. They stand first, so that they stay in sight; later, and never again,
    /// behind a button beside the one that closes, as most people want neither.
    fn ways_out(&self) -> Option<[HtmlElement; 2]> {
        let tools = dom::make("div", "tools", "");
        let mut others = None;
        if !self.setting.mandatory {
            dom::class(&self.panel, "asks", true);
            let more = icon_button(&tools, "close more", "more", &own("More"), DOTS);
            dom::say(&more, "aria-expanded", "false");
            dom::say(&more, "aria-controls", "others");
            let list = dom::make("div", "others away", "");
            list.set_id("others");
            if self.setting.later {
                dom::button(&list, "", "snoozed", &own("Remind me later"));
            }
            dom::button(&list, "", "declined", &own("Don’t show this again"));
            dom::button(&list, "", "muted", &own("Don’t ask me anything again"));
            dom::put_first(&self.panel, &list);
            others = Some([list, more]);
        }
        cross(&tools);
        dom::put_first(&self.panel, &tools);
        others
    }

    /// Says to screen readers what has come, as a modal does by itself: a region speaks when its text changes, not when it appears.
    fn announce(&mut self, soon: &Slot) {
        let status = self.add("div", "said", "");
        dom::say(&status, "role", "status");
        let heading = std::mem::take(&mut self.heading);
        soon.replace(Some(after(Span(150), move || status.set_text_content(Some(&heading)))));
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let had_focus =
            dom::document().active_element().is_some_and(|active| active == *self.host.unchecked_ref::<Element>());
        self.timers.iter().for_each(|timer| drop(timer.take()));
        self.ear.state.end();
        self.host.remove();
        // A modal had it all to itself, even while it was on nothing.
        if (had_focus || self.ear.is_modal)
            && let Some(before) = self.ear.before.take()
        {
            dom::focus(&before);
        }
    }
}

/// The kind of a placement and where it is, as classes.
fn place(placement: &Placement) -> (&'static str, &'static str) {
    match placement {
        Placement::Modal => ("modal", ""),
        Placement::Corner(Corner::BottomEnd) => ("card", ""),
        Placement::Corner(Corner::BottomStart) => ("card", " start"),
        Placement::Corner(Corner::TopEnd) => ("card", " top"),
        Placement::Corner(Corner::TopStart) => ("card", " top start"),
        Placement::Bar(Edge::Bottom) => ("bar", ""),
        Placement::Bar(Edge::Top) => ("bar", " top"),
        Placement::Inline(_) => ("inline", ""),
    }
}

/// Shows a panel that is on the page: above everything, unless it stands in the page.
pub fn show(panel: &HtmlElement, is_modal: bool) {
    if is_modal {
        dom::show_modal(panel);
        dom::focus(panel);
    } else {
        dom::pop(panel, true);
    }
}

/// Appends the button that closes.
pub fn cross(into: &HtmlElement) -> HtmlElement {
    icon_button(into, "close", "close", &own("Close"), CROSS)
}

fn icon_button(into: &HtmlElement, class: &str, id: &str, name: &str, icon: &str) -> HtmlElement {
    let button = dom::button(into, class, id, "");
    dom::say(&button, "aria-label", name);
    dom::put(&button, &dom::icon(icon));
    button
}

/// Adds a class, once.
pub fn add_class(element: &HtmlElement, class: &str) {
    dom::class(element, class, true);
}
