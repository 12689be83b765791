//! Milestones to tick off. What is done, the journey says; here it is only shown.

use crate::words::{decimal, filled, words};
use crate::{icons, links};
use engine::event::Action;
use engine::prompt::{Checklist, Content, Link, Task};
use view::frame::Frame;
use view::{Did, Gesture, Word, dom};
use web_sys::HtmlElement;

/// Fills the frame with the tasks; `done` are the milestones that are. When all are, that is to be told.
pub fn fill(frame: &mut Frame, content: &Content, list: &Checklist, done: &[String]) -> Option<Gesture> {
    frame.words(&list.heading, &list.body);
    let is_done = |task: &Task| done.iter().any(|key| key == task.milestone.as_str());
    let count = list.tasks.iter().filter(|task| is_done(task)).count() as u32;
    progress(frame, count, list.tasks.len() as u32);
    let tasks = frame.add("ul", "tasks", "");
    let mut is_next = true;
    for task in &list.tasks {
        let is_done = is_done(task);
        let class = match () {
            () if is_done => "done",
            () if is_next => "next",
            () => "",
        };
        is_next &= is_done;
        let item = dom::make("li", class, "");
        dom::put(&item, &row(frame, content, task, is_done));
        dom::put(&tasks, &item);
    }
    if count < list.tasks.len() as u32 {
        frame.actions(None, Some(words().close));
        return None;
    }
    let end = dom::make("p", "all", "");
    dom::put(&end, &dom::icon(icons::TICK));
    dom::put(&end, &dom::make("span", "", list.done.as_deref().unwrap_or(words().all_done)));
    dom::put(&frame.panel, &end);
    frame.actions(None, Some(words().close));
    Some(Did::named(Action::Converted, content.event_name(Action::Converted), &[]))
}

/// How far it is, in words and as a line.
fn progress(frame: &mut Frame, count: u32, all: u32) {
    let part = frame.add("div", "progress", "");
    let said = filled(words().tasks_done, &[&decimal(count), &decimal(all)]);
    // Numbers keep their order on a page from right to left that has English words.
    dom::put(&part, &dom::make("bdi", "", &said));
    let line = dom::make("div", "", "");
    let filling = dom::make("i", "", "");
    dom::set(&filling, "--done", f64::from(count) / f64::from(all.max(1)));
    dom::put(&line, &filling);
    dom::put(&part, &line);
}

/// A task: a link where there is somewhere to do it and it is not done.
fn row(frame: &mut Frame, content: &Content, task: &Task, is_done: bool) -> HtmlElement {
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
    let state = if is_done { words().done_task } else { words().open_task };
    dom::put(&label, &dom::make("span", "said", &[" (", state, ")"].concat()));
    if let (Some(help), false) = (&task.help, is_done) {
        dom::put(&text, &dom::make("small", "", help));
    }
    dom::put(&row, &text);
    if leads {
        dom::put(&row, &dom::icon(icons::ON));
        let (tell, name, key) = (frame.tell, content.event_name(Action::Clicked), task.milestone.clone());
        frame.on(&row, "click", move |_| {
            tell(Did::named(Action::Clicked, name, &[("task", Word::Text(key.as_str()))]));
        });
    }
    row
}
