//! A small tab at the edge of the window that a prompt opens from, and goes back to when it is closed without an answer.
//! Not in the page: what stands there needs no tab.

use engine::event::Action;
use engine::prompt::Teaser;
use std::cell::Cell;
use std::rc::Rc;
use view::frame::{self, Before, Frame};
use view::{Did, Gesture, Tell, dom};
use web_sys::HtmlElement;

thread_local! {
    /// Who is told, and whether anything was answered. One prompt stands on a page at a time.
    static TOLD: Cell<(Option<Tell>, bool)> = const { Cell::new((None, false)) };
}

/// The tab of a prompt.
pub struct Tab {
    tab: HtmlElement,
    button: HtmlElement,
    panel: HtmlElement,
    is_modal: bool,
    before: Before,
    tell: Tell,
    is_used: Cell<bool>,
}

/// Listens in on what is told: a prompt that was answered does not go back to its tab.
pub fn overhear(tell: Tell) -> Tell {
    TOLD.set((Some(tell), false));
    |gesture| {
        let (tell, is_done) = TOLD.get();
        let is_done = is_done
            || matches!(&gesture, Gesture::Did(did) if matches!(did.action, Action::Answered | Action::Converted));
        TOLD.set((tell, is_done));
        if let Some(tell) = tell {
            tell(gesture);
        }
    }
}

/// Gives a prompt its tab. It is told through [`overhear`]. A prompt that begins as its tab is put on the page out of sight.
pub fn add(frame: &mut Frame, teaser: &Teaser) -> Rc<Tab> {
    let tab = dom::make("div", &["tab away", frame.corner()].concat(), "");
    dom::say(&tab, "popover", "manual");
    let button = frame.button(&tab, "", &teaser.label);
    dom::say(&button, "aria-expanded", "false");
    let tell = frame.tell;
    let cross = frame::cross(&tab);
    cross.set_id("");
    frame.on(&cross, "click", move |_| tell(Gesture::Dismissed));
    let (panel, is_modal, before) = (frame.panel.clone(), frame.is_modal(), frame.before.clone());
    let tab = Rc::new(Tab { tab, button, panel, is_modal, before, tell, is_used: Cell::new(false) });
    let opened = tab.clone();
    frame.on(&tab.button, "click", move |_| opened.open());
    dom::put(&frame.skin, &tab.tab);
    frame.is_away = teaser.first;
    let left = tab.clone();
    frame.leave = Some(Rc::new(move || left.minimise()));
    tab
}

impl Tab {
    /// Shows the tab and not the prompt.
    pub fn show(&self) {
        dom::class(&self.panel, "away", true);
        dom::class(&self.tab, "away", false);
        dom::pop(&self.tab, true);
    }

    /// Goes back to the tab, unless there is an answer: then it is over.
    fn minimise(&self) {
        if TOLD.get().1 {
            return (self.tell)(Gesture::Dismissed);
        }
        if self.is_modal {
            dom::close(&self.panel);
        }
        self.show();
        // Whoever came by the tab is at the tab again.
        let before = if self.is_used.get() { Some(self.button.clone().into()) } else { self.before.borrow().clone() };
        if let Some(before) = before {
            dom::focus(&before);
        }
    }

    fn open(&self) {
        dom::class(&self.tab, "away", true);
        dom::class(&self.panel, "away", false);
        frame::show(&self.panel, self.is_modal);
        dom::focus(&self.panel);
        if !self.is_used.replace(true) {
            (self.tell)(Did::plain(Action::Clicked));
        }
    }
}
