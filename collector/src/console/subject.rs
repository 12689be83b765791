//! The page of one visitor, person or account: head with the stage, left the story, right the facts.

use engine::Timestamp;
use maud::{Markup, html};

use super::people::{escape, label, link};
use super::view::{Cause, Entry, MoveView, SubjectPage};
use super::words::{Calendar, ago, count};
use crate::people::Word;
use crate::sites::Site;

/// All of it.
pub fn content(site: &Site, now: Timestamp, found: &SubjectPage) -> Markup {
    let calendar = Calendar::of(&site.timezone);
    html! {
        header.subject {
            p.kind { (found.who.kind) }
            h1 { (label(&found.who)) }
            @if label(&found.who) != found.who.id { p.id { (found.who.id) } }
            p { a href={ "/s/" (site.id) "/people/" (escape(&found.who.kind)) "/" (escape(&found.who.id)) "/why" } { "Which prompts, and why" } }
            @if found.stages.is_empty() { p.hint { "In no journey yet." } }
            ul.stages { @for stage in &found.stages {
                li {
                    strong.stage { (stage.stage) }
                    " in " (stage.journey) ", since "
                    time datetime=(calendar.machine(stage.since)) { (calendar.moment(stage.since)) }
                    " (" (ago(now, stage.since)) ")"
                    @if stage.cycle > 1 { ", round " (stage.cycle) }
                    @if let Some(pin) = &stage.pin {
                        p.hint {
                            "Kept there by hand until " (calendar.moment(pin.until)) "."
                            @for (stage, at) in &pin.held_back {
                                " Otherwise they would have moved to " strong { (stage) } " on " (calendar.moment(*at)) "."
                            }
                        }
                    }
                }
            } }
        }
        div.detail {
            aside.facts {
                h2 { "Moves along the journey" }
                @if found.moves.is_empty() { p.hint { "None yet." } }
                ol.moves { @for one in &found.moves { (move_(&calendar, one)) } }
                h2 { "Traits" }
                @if found.traits.is_empty() { p.hint { "None yet: " code { "waymark('identify', id, traits)" } " brings them." } }
                dl.traits { @for one in &found.traits {
                    div { dt { (one.name) } dd {
                        (one.value)
                        " " span.origin title=(calendar.moment(one.at)) { (said_by(one.word)) }
                    } }
                } }
                @if !found.members.is_empty() {
                    h2 { "Belongs together" }
                    ul.members { @for one in &found.members { li { (link(site, one)) @if one.kind != "visitor" { " " span.kind { (one.kind) } } } } }
                }
                @if found.unattributed > 0 {
                    p.hint { (count(found.unattributed as i64)) " of the events count for none of the accounts: there were several, and the event names none." }
                }
            }
            section.story aria-labelledby="story" {
                h2 id="story" { "What happened" }
                (timeline(site, &calendar, found))
            }
        }
    }
}

fn timeline(site: &Site, calendar: &Calendar, found: &SubjectPage) -> Markup {
    html! {
        @if found.timeline.is_empty() { p.hint { "Nothing yet." } }
        @for day in found.timeline.chunk_by(|a, b| calendar.day(a.at) == calendar.day(b.at)) {
            h3 { (calendar.day(day[0].at)) }
            ol.timeline { @for entry in day { (line(site, calendar, found, entry)) } }
        }
        @if let Some(older) = &found.older {
            p.more { a href={ "/s/" (site.id) "/people/" (escape(&found.who.kind)) "/" (escape(&found.who.id)) "?before=" (escape(older)) } { "Older" } }
        }
    }
}

fn line(site: &Site, calendar: &Calendar, found: &SubjectPage, entry: &Entry) -> Markup {
    let moved = found.moves.iter().filter(|m| matches!(&m.cause, Cause::Event { id, .. } if *id == entry.id));
    html! {
        li id={ "event-" (entry.id) } {
            time datetime=(calendar.machine(entry.at)) { (calendar.time(entry.at)) }
            div {
                p { strong { (entry.name) } @if entry.trusted { " " span.origin { "from a server" } } }
                @if let Some(url) = &entry.url { p.url { (broken(url)) } }
                @if !entry.details.is_empty() {
                    dl.details { @for (name, value) in &entry.details { div { dt { (name) } dd { (broken(value)) } } } }
                }
                @if let Some(by) = &entry.by { p.by { "by " (link(site, by)) } }
                @for one in moved {
                    p.moved { span aria-hidden="true" { "→ " } "moved to " strong { (one.to) } }
                }
            }
        }
    }
}

fn move_(calendar: &Calendar, one: &MoveView) -> Markup {
    html! {
        li {
            p {
                @if let Some(from) = &one.from { (from) " " span aria-hidden="true" { "→" } span.unseen { "to" } " " }
                strong { (one.to) }
            }
            p.cause {
                @match &one.cause {
                    Cause::Event { id, name, at } => {
                        "because of " a href={ "#event-" (id) } { (name) }
                        @if *at != one.at { " at " (calendar.moment(*at)) }
                    }
                    Cause::Timer { what } => { "because time passed: " (what) }
                    Cause::Start => { "where everybody starts" }
                }
            }
            p.hint {
                time datetime=(calendar.machine(one.at)) { (calendar.moment(one.at)) }
                " in " (one.journey)
            }
        }
    }
}

/// Where a trait comes from, in words.
fn said_by(word: Word) -> &'static str {
    match word {
        Word::Server => "from a server",
        Word::Page => "from the browser",
        Word::Answer => "answered to a prompt",
        Word::Stranger => "answered to a prompt before it was known who it is",
    }
}

/// Text with the places where a long address may go on in the next line: browsers would cut it anywhere.
fn broken(text: &str) -> Markup {
    html! {
        @for part in text.split_inclusive(['/', '?', '&']) { (part) @if part.ends_with(['/', '?', '&']) && !part.ends_with("//") { wbr; } }
    }
}
