//! A whole prompt as one sentence, each part of it a link to where it is set.

use engine::frequency::Stop;
use engine::prompt::{Moment, Placement, Prompt, Says};
use maud::{Markup, html};
use serde_json::Value;

use super::audience_words::said;
use crate::console::words::lasting;
use crate::prompts::work::Work;

/// What people call a prompt: its name, or its key with spaces.
pub fn title(work: &Work) -> String {
    named(&work.body).unwrap_or_else(|| work.key.replace('_', " "))
}

/// The name in a draft.
pub fn named(body: &Value) -> Option<String> {
    let name = body.get("name")?.as_str()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// What kind of prompt it is.
pub fn kind_in_words(body: &Value) -> &'static str {
    match body.get("content").and_then(Value::as_object).and_then(|content| content.keys().next()).map(String::as_str) {
        Some("nps") => "NPS",
        Some("survey") => "Survey",
        Some("form") => "Form",
        Some("review") => "Review",
        Some("community") => "Community",
        Some("offer") => "Offer",
        Some("notice") => "Notice",
        Some("video") => "Video",
        Some("share") => "Share",
        Some("referral") => "Referral",
        Some("checklist") => "Checklist",
        Some("walkthrough") => "Walkthrough",
        _ => "",
    }
}

/// The sentence. `to` gives the address of a part.
pub fn sentence(prompt: &Prompt, name: &str, to: &dyn Fn(&str) -> String) -> Markup {
    let part = |part: &str, text: &str| html! { a href=(to(part)) { (text) } };
    let said = said(&prompt.rule);
    html! {
        "Show " (part("content", name)) " " (part("look", &place(&prompt.placement))) " to "
        (part("audience", &said.who)) @if !said.place.is_empty() { " " (part("audience", &said.place)) } ", "
        (part("moment", &moment(prompt)))
        ", " (part("frequency", &often(prompt)))
        @if prompt.schedule != Default::default() { ", " (part("schedule", "as scheduled")) }
        @if !prompt.experiment.is_none() { ", " (part("experiment", "as an experiment")) }
        @if let Some(goal) = &prompt.experiment.goal { ", so that they do " (part("goal", &format!("“{}” within {}", goal.event, goal.within))) }
        "."
    }
}

fn place(placement: &Placement) -> String {
    match placement {
        Placement::Modal => "as a dialog".to_owned(),
        Placement::Corner(_) => "in a corner".to_owned(),
        Placement::Bar(_) => "as a bar".to_owned(),
        Placement::Inline(selector) => format!("in {selector}"),
    }
}

fn moment(prompt: &Prompt) -> String {
    let when = match &prompt.moment {
        Moment::AtOnce => "at once".to_owned(),
        Moment::Dwell(span) => format!("after {} on the page", lasting(*span)),
        Moment::TimeOnSite(span) => format!("after {} on the site", lasting(*span)),
        Moment::Scroll(part) => format!("when {part} % of the page has been scrolled"),
        Moment::PagesViewed(pages) => format!("from page {pages} of a visit on"),
        Moment::Inactivity(span) => format!("when nobody has moved for {}", lasting(*span)),
        Moment::ExitIntent => "when they turn to leave".to_owned(),
        Moment::Click(selector) => format!("on a click on {selector}"),
        Moment::ElementVisible(selector) => format!("when {selector} comes into view"),
        Moment::Event(happens) => format!("when \"{}\" happens", happens.name),
        Moment::Call => "when the page asks for it".to_owned(),
        Moment::Push => "when a play sends it".to_owned(),
    };
    if prompt.delay.0 == 0 { when } else { format!("{when} and {} more", lasting(prompt.delay)) }
}

fn often(prompt: &Prompt) -> String {
    let frequency = &prompt.frequency;
    let visits = match frequency.per_session {
        1 => "once a visit".to_owned(),
        times => format!("{times} times a visit"),
    };
    let in_all = match frequency.at_most {
        1 => "once in all".to_owned(),
        times => format!("{times} times in all"),
    };
    let said = match frequency.gap.unwrap_or(prompt.content.usual_gap()) {
        gap if gap.0 > 0 => format!("at most {visits}, {in_all}, {} apart", lasting(gap)),
        _ => format!("at most {visits} and {in_all}"),
    };
    let stops: Vec<&str> = frequency.stop_on.iter().map(|stop| stopped(*stop)).collect();
    let Some((last, before)) = stops.split_last() else { return said };
    let stops = if before.is_empty() { (*last).to_owned() } else { format!("{} or {last}", before.join(", ")) };
    match frequency.again_after {
        None => format!("{said}, until it is {stops}"),
        Some(again) => format!("{said}, again {} after it was {stops}", lasting(again)),
    }
}

fn stopped(by: Stop) -> &'static str {
    match by {
        Stop::Closed => "closed",
        Stop::Declined => "declined",
        Stop::Answered => "answered",
        Stop::Converted => "converted",
    }
}
