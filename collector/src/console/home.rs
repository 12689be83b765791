//! The first page: is it installed, was anything turned away, what came in.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::access::{Here, Who, sites_of};
use super::arrival;
use super::layout::{Room, card, page};
use super::settings::demo;
use super::words::{ago, count};
use crate::error::ApiError;
use crate::people;
use crate::state::App;

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
    let site = &here.site;
    let arrival = arrival::read(&app, &here).await?;
    let summary = people::summary(&app, site).await?;
    let troubles = arrival.troubles(&app, &here, "");
    let now = site.now(&app.clock);
    let content = html! {
        (demo::notice(&app, &here, summary.persons > 0))
        section.site {
            h1 { (site.name) }
            @match summary.last_visit {
                Some(at) => p.state.good { span.sign aria-hidden="true" { "✓" } span { "Installed: the last visit came " (ago(now, at)) ". " a href=(here.to("/settings/install")) { "How to install" } } },
                None if crate::demo::is_site(site) => p.state.waiting { span.sign aria-hidden="true" { "◌" } span { "Nobody has visited the demo shop yet." } },
                None => {
                    p.state.waiting { span.sign aria-hidden="true" { "◌" } span { "Not installed yet: no visit has come." } }
                    p.more { a.button href=(here.to("/settings/install")) { "Install it" } }
                },
            }
            @if !troubles.is_empty() {
                h2 { "Turned away" }
                @for trouble in &troubles { (trouble) }
            }
            h2 { "Numbers" }
            dl.numbers {
                (number("Visitors", summary.visitors_today, "browsers that sent something in the last 24 hours"))
                (number("Events", summary.events_today, "in the last 24 hours: visits, clicks, answers, and what your servers sent"))
                (number("Known people", summary.persons, "by a user id"))
                (number("Accounts", summary.accounts, "the companies that they belong to"))
            }
            @for stages in summary.stages.chunk_by(|a, b| a.0 == b.0) { (stages_now(stages)) }
        }
        @if here.member.is_owner { p.another { a.button.quiet href="/sites/new" { "Add a site" } } }
    };
    Ok(page(&here, Room::Home, "Home", &content))
}

/// How many are in each stage of one journey, in its order.
fn stages_now(stages: &[(String, String, i64)]) -> Markup {
    let most = stages.iter().map(|(.., here)| *here).max().unwrap_or_default().max(1);
    html! {
        @if let Some((journey, ..)) = stages.first() { h2 { "Stages of " (journey) } }
        p.hint { "How many accounts, known people, and visitors nobody knows yet, are in each now." }
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

fn number(name: &str, value: i64, meaning: &str) -> Markup {
    html! { div { dt { (name) } dd.value { (count(value)) } dd.hint { (meaning) } } }
}
