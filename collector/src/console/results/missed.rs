//! Of those who came and did not see a prompt: why.
//!
//! Going through a month of visits takes longer than a page may, so the page comes first and asks for this.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use engine::{Key, Timestamp};
use maud::{Markup, html};

use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::people::why_link;
use crate::console::prompts::reach::{assumed_in_words, loss_in_words, scaled};
use crate::console::words::{Calendar, count};
use crate::error::ApiError;
use crate::reach::{Loss, Missed, missed};
use crate::results::figures::title_of;
use crate::server::InPath;
use crate::state::App;
use crate::store;

/// So many of each group are named.
const NAMED: usize = 3;

/// What stands where the numbers will.
pub fn asked_for(here: &Here, key: &str) -> Markup {
    let address = here.to(&format!("/results/prompts/{key}/missed"));
    html! {
        section.missed hx-get=(address) hx-trigger="load" hx-swap="outerHTML" {
            h2 { "Who did not see it, and why" }
            p.hint role="status" { "Going through the visits of the last 30 days…" }
            noscript { p { a href=(address) { "Count now" } } }
        }
    }
}

/// `GET /s/{site}/results/prompts/{key}/missed`: the section, or where no script asks for it a page of its own.
pub async fn show(
    State(app): State<App>,
    here: Here,
    headers: HeaderMap,
    InPath((_, key)): InPath<(String, String)>,
) -> Result<Response, ApiError> {
    let mut reader = app.db.read().await?;
    let title = title_of(&mut reader.conn(), &here.site.id, &key).await?.ok_or(ApiError::NotFound("prompt"))?;
    let versions = store::work::versions(&mut reader.conn(), &here.site.id, &key).await?;
    drop(reader);
    let published = versions.last().map_or(Timestamp(i64::MAX), |version| Timestamp(version.2));
    let found = match Key::parse(&key) {
        Some(key) => missed(&app, &here.site, &key, published).await?,
        None => None,
    };
    let section = section(&here, &key, found.as_ref());
    if headers.contains_key("hx-request") {
        return Ok(section.into_response());
    }
    let content = html! {
        p.way { a href=(here.to("/results")) { "Results" } " › " a href=(here.to(&format!("/results/prompts/{key}"))) { (title) } }
        h1 { (title) }
        (section)
    };
    Ok(page(&here, Room::Results, &title, &content))
}

fn section(here: &Here, key: &str, missed: Option<&Missed>) -> Markup {
    html! {
        section.missed aria-labelledby="missed" {
            h2 #missed { "Who did not see it, and why" }
            @match missed {
                None => p.hint { "It is on no page now. " a href=(here.to(&format!("/prompts/{key}"))) { "Look at the prompt" } },
                Some(missed) if missed.people == 0 => p.hint { "Counted from the first publication on, " (Calendar::of(&here.site.timezone).moment(missed.since)) ". Nobody has visited the site since." },
                Some(missed) => (reasons(here, key, missed)),
            }
        }
    }
}

fn reasons(here: &Here, key: &str, missed: &Missed) -> Markup {
    let number = |people: usize| scaled(people, missed.came, missed.looked_at);
    let since = Calendar::of(&here.site.timezone).day(missed.since);
    let not = missed.people - missed.saw;
    html! {
        p.hint {
            "Of " (number(missed.people)) " people who came since " (since) ", " (number(missed.saw)) " saw it and " (number(not)) " did not. "
            "Each of these stands here once, by what stood against it where they came closest."
            @if missed.looked_at < missed.came { " Estimated from a lot of " (count(missed.looked_at as i64)) " browsers." }
        }
        @if not > 0 {
            table.list.reasons-why {
                thead { tr { th scope="col" { "Why not" } th.figure scope="col" { "People" } th scope="col" { "Such as" } } }
                tbody {
                    @for (loss, people) in &missed.lost {
                        (row(here, html! {
                            @match set_at(*loss, key) {
                                Some(at) => a href=(here.to(&at)) { (loss_in_words(*loss)) },
                                None => (loss_in_words(*loss)),
                            }
                        }, &number(people.len()), people))
                    }
                    @if !missed.unknown.is_empty() {
                        (row(here, html! { "nothing that is recorded: they left before its moment, or only the page knows" }, &number(missed.unknown.len()), &missed.unknown))
                    }
                }
            }
            @if !missed.assumed.is_empty() {
                details {
                    summary { "What was taken to have been well" }
                    p.hint { "No visit records it:" }
                    ul.assumed { @for assumed in &missed.assumed { li { (assumed_in_words(*assumed)) } } }
                }
            }
        }
    }
}

fn row(here: &Here, why: Markup, people: &str, names: &[String]) -> Markup {
    html! { tr {
        td { (why) }
        td.figure data-label="people" { (people) }
        td { @for (place, name) in names.iter().take(NAMED).enumerate() {
            @if place > 0 { ", " }
            (why_link(&here.site, name))
        } }
    } }
}

/// Where that which stood against it is set; nowhere, where people themselves said so.
fn set_at(loss: Loss, key: &str) -> Option<String> {
    let part = match loss {
        Loss::Hours => "schedule",
        Loss::Moment => "moment",
        Loss::Rule => "audience",
        Loss::Guarded => "consent",
        Loss::OwnCap | Loss::Outranked => "frequency",
        Loss::Lot => "experiment",
        Loss::SiteCap => return Some("/settings/rules/limits".to_owned()),
        Loss::Muted => return None,
    };
    Some(format!("/prompts/{key}?part={part}"))
}
