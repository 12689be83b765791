//! Milestones to tick off. What is done, the journey says; here it is only shown, and ticked as soon as the page is told of it.

use crate::words::{decimal, filled};
use crate::{icons, links};
use engine::event::Action;
use engine::prompt::{Content, Link, Task};
use std::cell::Cell;
use view::frame::Frame;
use view::host::guarded;
use view::read::{field, members};
use view::words::own;
use view::{Did, Gesture, Tell, Word, dom};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

/// A list on the screen.
pub struct Board {
    /// What all of it says.
    content: Content,
    tell: Tell,
    count: HtmlElement,
    filling: HtmlElement,
    rows: Vec<(HtmlElement, Cell<bool>)>,
    /// What is said when all are done.
    end: HtmlElement,
}

/// Fills the frame with the tasks; [`Board::tick`] says what is done of them.
pub fn fill(frame: &mut Frame, content: &Content) -> Option<Board> {
    let Content::Checklist(list) = content else { return None };
    frame.words(&list.heading, &list.body);
    let part = frame.add("div", "progress", "");
    dom::say(&part, "role", "status");
    // Numbers keep their order on a page from right to left that has English words.
    let count = dom::make("bdi", "", "");
    dom::put(&part, &count);
    let line = dom::make("div", "", "");
    let filling = dom::make("i", "", "");
    dom::put(&line, &filling);
    dom::put(&part, &line);
    let tasks = frame.add("ul", "tasks", "");
    let row = |_: &Task| {
        let item = dom::make("li", "", "");
        dom::put(&tasks, &item);
        (item, Cell::new(false))
    };
    let rows = list.tasks.iter().map(row).collect();
    let end = frame.add("p", "all", "");
    dom::put(&end, &dom::icon(icons::TICK));
    dom::put(&end, &dom::make("span", "", list.done.as_deref().unwrap_or(&own("All done."))));
    end.set_hidden(true);
    frame.actions(None, Some(&own("Close")));
    Some(Board { content: content.clone(), tell: frame.tell, count, filling, rows, end })
}

impl Board {
    /// Ticks what the page was told to be done. When all is, that is to be told, once.
    pub fn tick(&self, facts: &JsValue) -> Option<Gesture> {
        let Content::Checklist(list) = &self.content else { return None };
        let done = members(&field(facts, "done"));
        let is_done = |task: &Task| done.iter().any(|key| key.as_string().as_deref() == Some(task.milestone.as_str()));
        let mut next = true;
        let mut count = 0u32;
        for (task, (item, was)) in list.tasks.iter().zip(&self.rows) {
            let is_done = is_done(task);
            // What has not changed keeps the focus.
            if is_done != was.replace(is_done) || item.first_child().is_none() {
                item.set_text_content(None);
                dom::put(item, &self.row(task, is_done));
            }
            dom::class(item, "done", is_done);
            dom::class(item, "next", !is_done && next);
            next &= is_done;
            count += u32::from(is_done);
        }
        let all = self.rows.len() as u32;
        self.count.set_text_content(Some(&filled(&own("{} of {} done"), &[&decimal(count), &decimal(all)])));
        dom::set(&self.filling, "--done", f64::from(count) / f64::from(all.max(1)));
        if count < all || !self.end.hidden() {
            return None;
        }
        self.end.set_hidden(false);
        Some(Did::named(Action::Converted, self.content.event_name(Action::Converted), &[]))
    }

    /// A task: a link where there is somewhere to do it and it is not done.
    fn row(&self, task: &Task, is_done: bool) -> HtmlElement {
        let link = Link { label: String::new(), url: task.url.clone().unwrap_or_default() };
        let leads = !is_done && task.url.is_some() && link.leads_to_a_page();
        let row = if leads { links::bare_here(&link.url) } else { dom::make("div", "", "") };
        let tick = dom::make("span", "tick", "");
        if is_done {
            dom::put(&tick, &dom::icon(icons::TICK));
        }
        dom::put(&row, &tick);
        let text = dom::make("span", "text", "");
        let label = dom::make("b", "", &task.label);
        dom::put(&text, &label);
        let state = own(if is_done { "Done" } else { "To do" });
        dom::put(&label, &dom::make("span", "said", &[" (", &state, ")"].concat()));
        if let (Some(help), false) = (&task.help, is_done) {
            dom::put(&text, &dom::make("small", "", help));
        }
        dom::put(&row, &text);
        if leads {
            dom::put(&row, &dom::icon(icons::ON));
            let (tell, key) = (self.tell, task.milestone.clone());
            let name = self.content.event_name(Action::Clicked);
            let pressed = move |_| tell(Did::named(Action::Clicked, name, &[("task", Word::Text(key.as_str()))]));
            dom::listen(&row, "click", &guarded(pressed));
        }
        row
    }
}
