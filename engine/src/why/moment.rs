//! The moment of a prompt, and how far it is, in words.

use super::wait;
use crate::prompt::{Arming, Happens, Moment, Prompt, Shape};
use crate::rule::{Condition, EventCount, words};
use crate::time::{Span, Timestamp};

/// When a prompt comes: "after 10s on the page". `event` says its events: see [`event_in_words`].
pub fn moment_in_words<F: Shape>(prompt: &Prompt<F>, event: &dyn Fn(&F::Happens) -> String) -> String {
    let mut text = match &prompt.moment {
        Moment::AtOnce => "at once".to_owned(),
        Moment::Dwell(span) => format!("after {span} on the page"),
        Moment::TimeOnSite(span) => format!("after {span} on the site"),
        Moment::Scroll(depth) => format!("when {depth} % of the page has been seen"),
        Moment::PagesViewed(pages) => format!("from page {pages} of the visit on"),
        Moment::Inactivity(span) => format!("when nobody has moved for {span}"),
        Moment::ExitIntent => "when the visitor turns to leave".to_owned(),
        Moment::Click(selector) => format!("when {selector} is clicked"),
        Moment::ElementVisible(selector) => format!("when {selector} comes into view"),
        Moment::Event(happens) => format!("when {}", event(happens)),
        Moment::Call => "when the page calls for it".to_owned(),
        Moment::Push => "when a play sends it".to_owned(),
    };
    if prompt.delay > Span(0) {
        text += &format!(", {} later", prompt.delay);
    }
    if !prompt.cancel_on.is_empty() {
        let cancels: Vec<String> = prompt.cancel_on.iter().map(event).collect();
        text += &format!("; not after {}", cancels.join(" or "));
    }
    text
}

/// How far it is: "in 7 seconds".
pub fn arming_in_words(arming: Arming, now: Timestamp) -> String {
    match arming {
        Arming::Armed => "it has come".to_owned(),
        Arming::Due(then) => format!("in {}", wait(then, now)),
        Arming::NotYet => "it is waited for".to_owned(),
        Arming::Cancelled => "called off on this page".to_owned(),
    }
}

/// An event that is asked for, in words.
pub fn event_in_words(event: &Happens) -> String {
    words(&Condition::Event(EventCount {
        name: event.name.clone(),
        filter: event.filter.clone(),
        page_group: None,
        path: None,
        trusted: false,
        count: 1,
        within: None,
        since: None,
    }))
}
