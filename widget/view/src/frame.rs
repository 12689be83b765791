//! What every prompt stands in: host element, closed shadow root, dialog or card or bar, the way out.
//!
//! The host element stands beside the page's body, where no style and no script of the page counts its children; only what is to
//! stand in the page stands there.

use crate::clock::after;
use crate::dom::{self, Listener};
use crate::host::guarded;
use crate::teaser::{self, Tab};
use crate::theme::Look;
use crate::watch::Watch;
use crate::{Gesture, Setting, Tell, inline, keys, menu, scheme, viewed};
use engine::Span;
use engine::prompt::{Corner, Edge, Placement, Scheme, Teaser, Theme};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// Made of `style.css` by `build.rs`.
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

const CROSS: &str = "M6 6l12 12M18 6L6 18";

/// The id of the line that names the prompt.
const TITLE: &str = "t";

/// Room for one timer, which ends with the frame.
pub type Slot = Rc<RefCell<Option<Timeout>>>;

/// What had the focus before it came in here.
pub type Before = Rc<RefCell<Option<Element>>>;

/// A prompt's frame. Gone from the page when dropped.
pub struct Frame {
    /// Where gestures go.
    pub tell: Tell,
    /// What contents are put into.
    pub panel: HtmlElement,
    /// The content's own style, beside that of every frame. None: empty.
    pub style: &'static str,
    /// What the content waits for.
    pub timer: Slot,
    host: HtmlElement,
    /// Around all that is ours: it has the tokens of the look, the keys and the focus.
    skin: HtmlElement,
    placement: Placement,
    teaser: Option<Teaser>,
    mandatory: bool,
    later: bool,
    look: Rc<Look>,
    heading: String,
    before: Before,
    /// What ends with the frame.
    soon: Option<Timeout>,
    listeners: Vec<Listener>,
    watches: Vec<Watch>,
}

impl Frame {
    /// An empty frame, not on the page yet. `site` is the look of the site's prompts.
    pub fn new(setting: &Setting, site: &Theme, tell: Tell) -> Frame {
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
        let look = Look::new(site, setting.theme.as_ref());
        look.set(&skin);
        Frame {
            tell: if setting.teaser.is_some() { teaser::overhear(tell) } else { tell },
            panel,
            style: "",
            timer: Slot::default(),
            host: dom::make("waymark-prompt", "", ""),
            skin,
            placement: setting.placement.clone(),
            teaser: setting.teaser.clone(),
            mandatory: setting.mandatory,
            later: setting.later,
            look: Rc::new(look),
            heading: String::new(),
            before: Rc::default(),
            soon: None,
            listeners: Vec::new(),
            watches: Vec::new(),
        }
    }

    /// Appends an element.
    pub fn add(&self, tag: &str, class: &str, text: &str) -> HtmlElement {
        let element = dom::make(tag, class, text);
        dom::put(&self.panel, &element);
        element
    }

    /// Appends the line that names the prompt, and what explains it. Screen readers say both when they appear.
    pub fn words(&mut self, heading: &str, body: &str) -> HtmlElement {
        self.heading = heading.to_owned();
        let words = self.add("div", "words", "");
        dom::say(&words, "aria-live", "polite");
        let title = dom::make("h2", "", heading);
        title.set_id(TITLE);
        dom::put(&words, &title);
        if !body.is_empty() {
            dom::put(&words, &dom::make("p", "", body));
        }
        words
    }

    /// Appends the end of it: what to do, if it is one thing, and the quiet way out.
    pub fn actions(&mut self, main: Option<HtmlElement>, decline: Option<&str>) {
        let actions = self.add("div", if main.is_some() { "actions sure" } else { "actions" }, "");
        if let Some(main) = main {
            dom::put(&actions, &main);
        }
        let button = self.button(&actions, "quiet", decline.unwrap_or("No thanks"));
        let tell = self.tell;
        self.on(&button, "click", move |_| tell(Gesture::Dismissed));
    }

    /// Appends a button to something in the frame.
    pub fn button(&self, into: &HtmlElement, class: &str, label: &str) -> HtmlElement {
        let button = dom::make("button", class, label);
        dom::say(&button, "type", "button");
        dom::put(into, &button);
        button
    }

    /// Listens to something in the frame, as long as it is there.
    pub fn on(&self, target: &HtmlElement, kind: &'static str, run: impl FnMut(Event) + 'static) {
        dom::listen(target, kind, &guarded(run));
    }

    /// Whether the rest of the page waits for it.
    pub fn is_modal(&self) -> bool {
        self.placement == Placement::Modal
    }

    /// Puts it on the page. False: it belongs into an element that is not there, and nothing happens; see [`inline::place`].
    pub fn open(&mut self) -> bool {
        let document = dom::document();
        let page = document.document_element();
        let (into, ground) = match &self.placement {
            Placement::Inline(selector) => {
                let place = inline::place(selector).map(Element::from);
                dom::say(&self.host, "inline", "");
                self.watches.extend(inline::stay(selector, &self.host));
                (place.clone(), place)
            }
            _ => (page.clone(), document.body().map(Element::from).or(page)),
        };
        let (Some(into), Some(ground)) = (into, ground) else { return false };
        self.blend(ground);
        self.dress();
        let leave = self.ways_out();
        keys::keep(self, &self.skin, &self.before, &leave);
        self.fit();

        let root = dom::shadow(&self.host, [STYLE, self.style]);
        dom::put(&root, &self.skin);
        dom::put(&into, &self.host);
        if self.teaser.as_ref().is_none_or(|teaser| !teaser.first) || self.is_inline() {
            self.announce();
            if self.is_modal() {
                self.before.replace(document.active_element());
            }
            show(&self.panel, self.is_modal());
        }
        let (seen, front) = viewed::tell_when(&self.panel, self.tell);
        self.watches.push(seen);
        self.listeners.push(front);
        true
    }

    fn is_inline(&self) -> bool {
        matches!(self.placement, Placement::Inline(_))
    }

    /// What the page is written in and which way it runs, whether it is dark; nothing else of its look comes in here.
    fn blend(&mut self, ground: Element) {
        let font = self.look.font().cloned().unwrap_or_else(|| dom::style_of(&ground, "font-family"));
        dom::set(&self.skin, "font-family", font);
        dom::say(&self.skin, "dir", &dom::style_of(&ground, "direction"));
        let (look, skin) = (self.look.clone(), self.skin.clone());
        if look.scheme() == Scheme::Auto {
            let was = Cell::new(None);
            let paint = move || {
                let is_dark = scheme::is_dark(&ground);
                if was.replace(Some(is_dark)) != Some(is_dark) {
                    look.paint(&skin, is_dark);
                }
            };
            paint();
            let (watch, listener) = scheme::follow(paint);
            self.watches.push(watch);
            self.listeners.push(listener);
        } else {
            look.paint(&skin, look.scheme() == Scheme::Dark);
        }
    }

    /// What the site has in each of its prompts.
    fn dress(&self) {
        if let Some(image) = self.look.logo() {
            let logo = dom::make("img", "logo", "");
            dom::say(&logo, "src", &image.url);
            dom::say(&logo, "alt", &image.alt);
            dom::put_first(&self.panel, &logo);
        }
        if self.look.powered_by() {
            self.add("p", "by", "Powered by Waymark");
        }
    }

    /// The ways out that are in the same place in each prompt. They stand first, so that they stay in sight. Gives what closing means.
    fn ways_out(&self) -> Rc<dyn Fn()> {
        let tools = dom::make("div", "tools", "");
        if !self.mandatory {
            menu::add(self, &tools, self.later);
            dom::class(&self.panel, "asks", true);
        }
        let tell = self.tell;
        let leave: Rc<dyn Fn()> = match &self.teaser {
            Some(teaser) if !self.is_inline() => {
                let tab = Tab::new(self, place(&self.placement).1, teaser, &self.before);
                dom::put(&self.skin, tab.element());
                if teaser.first {
                    tab.show();
                }
                Rc::new(move || tab.minimise())
            }
            _ => Rc::new(move || tell(Gesture::Dismissed)),
        };
        let close = cross(self, &tools);
        let out = leave.clone();
        self.on(&close, "click", move |_| out());
        dom::put_first(&self.panel, &tools);
        leave
    }

    /// Says to screen readers what has come, as a modal does by itself: a region speaks when its text changes, not when it appears.
    fn announce(&mut self) {
        if self.is_modal() {
            return;
        }
        let status = self.add("div", "said", "");
        dom::say(&status, "role", "status");
        let heading = self.heading.clone();
        self.soon = Some(after(Span(150), move || status.set_text_content(Some(&heading))));
    }

    /// On a phone it is a sheet, low until it is touched; everywhere it is above the keyboard.
    fn fit(&mut self) {
        for kind in ["click", "scroll"] {
            let panel = self.panel.clone();
            self.on(&self.panel, kind, move |_| add_class(&panel, "touched"));
        }
        let window = dom::window();
        let Some(viewport) = window.visual_viewport() else {
            return;
        };
        for kind in ["resize", "scroll"] {
            let (skin, seen) = (self.skin.clone(), viewport.clone());
            self.listeners.push(Listener::new(&viewport, kind, move |_| {
                let covered = dom::height() - seen.height() - seen.offset_top();
                // Enlarged by two fingers, the page is moved about in; the sheet stays where it is.
                let lift = if seen.scale() > 1.0 { 0.0 } else { covered.max(0.0) };
                dom::set(&skin, "--lift", lift);
            }));
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let had_focus =
            dom::document().active_element().is_some_and(|active| active == *self.host.unchecked_ref::<Element>());
        self.timer.take();
        self.host.remove();
        // A modal had it all to itself, even while it was on nothing.
        if (had_focus || self.is_modal())
            && let Some(before) = self.before.take()
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
pub(crate) fn show(panel: &HtmlElement, is_modal: bool) {
    if is_modal {
        dom::show_modal(panel);
        dom::focus(panel);
    } else {
        dom::pop(panel, true);
    }
}

/// Appends the button that closes.
pub(crate) fn cross(frame: &Frame, into: &HtmlElement) -> HtmlElement {
    let close = frame.button(into, "close", "");
    dom::say(&close, "aria-label", "Close");
    dom::put(&close, &dom::icon(CROSS));
    close
}

/// Adds a class, once.
pub fn add_class(element: &HtmlElement, class: &str) {
    dom::class(element, class, true);
}
