//! All prompts of a site: what each says, how far it is, what came of it.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use engine::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::changes::is_changed;
use super::sentence::{kind_in_words, title};
use super::{desk, reaches};
use crate::auth::May;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::results::overview::figure;
use crate::console::words::ago;
use crate::error::ApiError;
use crate::prompts::work::{Status, Work};
use crate::results::Deed;
use crate::results::days::{Days, Period};
use crate::results::figures::{self, Line};
use crate::server::InQuery;
use crate::state::App;

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    status: String,
}

/// Numbers are of the last 30 days.
const DAYS: i64 = 30;

/// `GET /s/{site}/prompts`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InQuery(query): InQuery<ListQuery>,
) -> Result<Response, ApiError> {
    let all = desk(&app, &here).all().await?;
    let published = desk(&app, &here).latest().await?;
    let now = here.site.now(&app.clock);
    let period = Period::last(DAYS, Days::of(&here.site.timezone).day(now));
    let counts = figures::overview(&app, &here.site, period).await?;
    let wanted = query.q.trim().to_lowercase();
    let fits = |work: &&Work| {
        let is_named = wanted.is_empty() || title(work).to_lowercase().contains(&wanted) || work.key.contains(&wanted);
        let is_status = match query.status.as_str() {
            "" => work.status != Status::Archived,
            status => work.status.name() == status,
        };
        is_named && is_status
    };
    let shown: Vec<&Work> = all.iter().filter(fits).collect();
    let beside = Beside { counts: &counts, published: &published, now };
    Ok(page(&here, Room::Prompts, "Prompts", &content(&here, &all, &shown, &query, &beside)))
}

/// What stands beside the prompts in the list.
struct Beside<'a> {
    counts: &'a [Line],
    published: &'a HashMap<String, Value>,
    now: Timestamp,
}

fn content(here: &Here, all: &[Work], shown: &[&Work], query: &ListQuery, beside: &Beside<'_>) -> Markup {
    html! {
        header.head {
            h1 { "Prompts" }
            a.button.quiet href=(here.to("/pictures")) { "Pictures" }
            @if here.may(May::Publish) { a.button href=(here.to("/templates")) { "New prompt" } }
        }
        @if all.is_empty() {
            div.empty {
                p { "A prompt asks, offers or tells something at the right moment: an NPS question, a review, an upgrade." }
                @if here.may(May::Publish) { p.more { a.button href=(here.to("/templates")) { "Start from a template" } } }
            }
        } @else {
            form.filter method="get" role="search" {
                label { span { "Status" }
                    select name="status" {
                        @for (value, word) in [("", "all but archived"), ("live", "live"), ("draft", "drafts"), ("paused", "paused"), ("archived", "archived")] {
                            option value=(value) selected[value == query.status] { (word) }
                        }
                    }
                }
                label.wide { span { "Name" } input name="q" type="search" value=(query.q); }
                button.quiet type="submit" { "Filter" }
            }
            @if shown.is_empty() {
                p.empty { "No prompt is like that. " a href=(here.to("/prompts")) { "Show all" } "." }
            } @else {
                table.list {
                    thead { tr {
                        th { "Prompt" } th { "Status" }
                        th.figure title="An estimate: people of the last 30 days whom it fits as it is published" { "Could reach" }
                        th.figure title="People who saw it, last 30 days" { "Shown" }
                        th.figure title="People who answered it, last 30 days" { "Answered" }
                        th.figure title="People who did what it is for, last 30 days" { "Converted" }
                        th { "Changed" }
                    } }
                    tbody { @for work in shown { (line(here, work, beside)) } }
                }
                p.hint {
                    "People of the last 30 days, each counted once, known or not. “Could reach” is an estimate: whom of them the prompt fits as it is now. "
                    "Who saw it before they moved on, or before it was changed, is in Shown all the same. “–”: nobody can do that with such a prompt."
                }
                (reaches::asked_for(here))
            }
        }
    }
}

fn line(here: &Here, work: &Work, Beside { counts, published, now }: &Beside<'_>) -> Markup {
    let own = counts.iter().find(|line| line.key == work.key);
    let of = |deed: Deed| own.map_or(0, |line| line.counts.of(deed));
    html! {
        tr {
            td { a href=(here.to(&format!("/prompts/{}", work.key))) { (title(work)) } " " span.hint { (kind_in_words(&work.body)) } }
            td { (badge(work.status, is_changed(published.get(&work.key), &work.body))) }
            td.figure data-label="could reach" { (reaches::cell(here, &work.key, work.status == Status::Live)) }
            @for (deed, word) in [(Deed::Shown, "shown"), (Deed::Answered, "answered"), (Deed::Converted, "converted")] {
                td.figure.none[of(deed) == 0] data-label=(word) { @match own { Some(line) => (figure(line, deed)), None => "0" } }
            }
            td { (ago(*now, Timestamp(work.edited_at))) }
        }
    }
}

/// The status, by shape and word; of a live one also whether its draft says something else.
pub fn badge(status: Status, is_changed: bool) -> Markup {
    let (sign, word) = match status {
        Status::Live if is_changed => ("◐", "Live, with changes"),
        Status::Live => ("●", "Live"),
        Status::Draft => ("○", "Draft"),
        Status::Paused => ("‖", "Paused"),
        Status::Archived => ("□", "Archived"),
    };
    html! { span class={ "status " (status.name()) } { span aria-hidden="true" { (sign) } " " (word) } }
}
