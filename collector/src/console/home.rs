//! The first page: is it installed, was anything turned away, what came in.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::access::{Here, Who, sites_of};
use super::layout::{Room, card, page};
use super::view::Summary;
use super::words::{Calendar, ago, count, times};
use crate::auth::May;
use crate::error::ApiError;
use crate::origin::OriginPattern;
use crate::people;
use crate::server::Submitted;
use crate::state::App;
use crate::store;
use crate::store::refusals::RefusalRow;

/// `GET /`: the first site of whoever asks, or how to make one.
pub async fn first(State(app): State<App>, Who(member): Who) -> Result<Response, ApiError> {
    if let Some(site) = sites_of(&app, &member).await?.first() {
        return Ok(Redirect::to(&format!("/s/{}", site.id)).into_response());
    }
    if !member.is_owner {
        let content = html! {
            h1 { "No site yet" }
            p { "You are signed in as " strong { (member.email) } ", but nobody has given you a role on a site. Ask an owner to." }
            form method="post" action="/logout" { button.quiet type="submit" { "Sign out" } }
        };
        return Ok(card("No site yet", &content));
    }
    Ok(card("Your first site", &super::sites::first_form()))
}

/// `GET /s/{site}`.
pub async fn home(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    app.refusals.flush(&app.db).await?;
    let refused = store::refusals::latest(&mut app.db.read().await?.conn(), 20).await?;
    let site = &here.site;
    let summary = people::summary(&app, site).await?;
    // One that has been allowed since is no news, also when it was written down after that.
    let own: Vec<_> = refused.iter().filter(|row| row.0 == site.id && !site.allows(&row.2)).collect();
    let content = html! {
        (section(&app, &here, &summary, &own))
        @if here.member.is_owner { p.another { a.button.quiet href="/sites/new" { "Add a site" } } }
    };
    Ok(page(&here, Room::Home, "Home", &content))
}

fn section(app: &App, here: &Here, summary: &Summary, refused: &[&RefusalRow]) -> Markup {
    let site = &here.site;
    let now = site.now(&app.clock);
    let line = html! { pre.snippet { code { (snippet(&app.public_url, &site.key)) } } };
    html! {
        section.site {
            h1 { (site.name) }
            @match summary.last_visit {
                Some(at) => p.state.good { span.sign aria-hidden="true" { "✓" } " Installed: the last visit came " (ago(now, at)) "." },
                None => {
                    p.state.waiting { span.sign aria-hidden="true" { "◌" } " Not installed yet: no visit has come. Paste this line into the pages of your site, before " code { "</head>" } "." }
                    (line)
                },
            }
            @if !refused.is_empty() {
                h2 { "Turned away" }
                @for row in refused { (refusal(here, row, now)) }
            }
            h2 { "Numbers" }
            dl.numbers {
                (number("Visitors", summary.visitors_today, "sent something in the last 24 hours"))
                (number("Events", summary.events_today, "in the last 24 hours: visits, clicks, answers, and what your servers sent"))
                (number("People", summary.persons, "known by a user id"))
                (number("Accounts", summary.accounts, "the companies that they belong to"))
            }
            @for stages in summary.stages.chunk_by(|a, b| a.0 == b.0) { (stages_now(stages)) }
            @if summary.last_visit.is_some() {
                h2 { "Install" }
                p.hint { "Every page of the site has this line, before " code { "</head>" } "." }
                (line)
            }
        }
    }
}

/// How many are in each stage of one journey, in its order.
fn stages_now(stages: &[(String, String, i64)]) -> Markup {
    let most = stages.iter().map(|(.., here)| *here).max().unwrap_or_default().max(1);
    html! {
        @if let Some((journey, ..)) = stages.first() { h2 { "Stages of " (journey) } }
        p.hint { "How many visitors, people and accounts are in each now." }
        table.counts {
            thead.unseen { tr { th { "Stage" } th { "Share" } th.figure { "In it now" } } }
            tbody { @for (_, stage, here) in stages {
                tr {
                    th scope="row" { (stage) }
                    td { svg.bar viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" {
                        rect width=(here * 100 / most) height="1" {}
                    } }
                    td.figure.none[*here == 0] { (count(*here)) }
                }
            } }
        }
    }
}

/// The line that a page needs.
pub fn snippet(public_url: &str, key: &str) -> String {
    format!("<script async fetchpriority=\"high\" src=\"{public_url}/w/{key}.js\"></script>")
}

fn number(name: &str, value: i64, meaning: &str) -> Markup {
    html! { div { dt { (name) } dd.value { (count(value)) } dd.hint { (meaning) } } }
}

fn refusal(here: &Here, row: &RefusalRow, now: engine::Timestamp) -> Markup {
    let (_, _, origin, first, last, seen) = row;
    let calendar = Calendar::of(&here.site.timezone);
    let first = calendar.moment(engine::Timestamp(*first));
    let can_be_allowed = OriginPattern::parse(origin).is_ok();
    html! {
        div.refusal {
            div {
                p { "A visit came from " strong { (origin) } ", which is not in your list." }
                p.hint {
                    @if *seen == 1 { "Once, " (ago(now, engine::Timestamp(*last))) ". " }
                    @else { (times(*seen)) " since " (first) ", last " (ago(now, engine::Timestamp(*last))) ". " }
                    @if can_be_allowed {
                        "Is it one of your sites? Then allow it. If not, somebody copied your snippet, and there is nothing to do."
                    } @else {
                        "Such a page has no address of its own (a file, a sandboxed frame), so it cannot be allowed: serve it from a host."
                    }
                }
            }
            div.actions {
                @if can_be_allowed && here.may(May::Run) { (action(&here.to("/settings/origins/allow"), origin, "Allow")) }
                @if here.may(May::Run) { (action(&here.to("/refusals/forget"), origin, "Dismiss")) }
            }
        }
    }
}

/// A button that does one thing to an origin.
pub fn action(to: &str, origin: &str, word: &str) -> Markup {
    html! {
        form method="post" action=(to) {
            input type="hidden" name="origin" value=(origin);
            button.quiet type="submit" aria-label={ (word) " " (origin) } { (word) }
        }
    }
}

#[derive(Deserialize)]
pub struct OriginForm {
    pub origin: String,
}

/// `POST /s/{site}/refusals/forget`.
pub async fn forget(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<OriginForm>,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    store::refusals::delete(&mut tx.conn(), &here.site.id, "origin", &form.origin).await?;
    tx.commit().await?;
    Ok(Redirect::to(&here.to("")).into_response())
}
