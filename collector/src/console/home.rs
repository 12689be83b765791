//! The first page: is it installed, was anything turned away, what came in.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::layout::{Room, page};
use super::view::Summary;
use super::words::{Calendar, ago, count, times};
use crate::error::ApiError;
use crate::origin::OriginPattern;
use crate::people;
use crate::server::Submitted;
use crate::sites::Site;
use crate::state::App;
use crate::store;
use crate::store::refusals::RefusalRow;

/// `GET /`.
pub async fn home(State(app): State<App>) -> Result<Response, ApiError> {
    app.refusals.flush(&app.db).await?;
    let refused = store::refusals::latest(&mut app.db.read().await?.conn(), 20).await?;
    let mut sections = Vec::new();
    for site in app.sites.all() {
        let summary = people::summary(&app, &site).await?;
        // One that has been allowed since is no news, also when it was written down after that.
        let own: Vec<_> = refused.iter().filter(|row| row.0 == site.id && !site.allows(&row.2)).collect();
        sections.push(section(&app, &site, &summary, &own));
    }
    Ok(page(
        Room::Home,
        "Home",
        &html! {
            @if sections.is_empty() {
                (super::sites::first_form())
            }
            @for section in &sections { (section) }
            @if !sections.is_empty() { p.another { a.button.quiet href="/sites/new" { "Add a site" } } }
        },
    ))
}

fn section(app: &App, site: &Site, summary: &Summary, refused: &[&RefusalRow]) -> Markup {
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
                @for row in refused { (refusal(site, row, now)) }
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
            h2 { "Origins" }
            p.hint { "Pages of these origins may send. " code { "https://*.example.com" } " means every host below example.com." }
            ul.origins {
                @for origin in &site.origins {
                    li { code { (origin) } (action("/origins/remove", site, &origin.to_string(), "Remove")) }
                }
            }
            (allow_form(site, "", None))
            h2 { "Secret key" }
            p.hint { "For events that your servers send: billing, sign-ups, churn. It is shown once, when it is made; keys made before stay valid." }
            form.more method="post" action="/sites/secret" {
                input type="hidden" name="site" value=(site.id);
                button.quiet type="submit" { "Make a new secret key" }
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

fn allow_form(site: &Site, origin: &str, wrong: Option<&str>) -> Markup {
    let (field, hint) = (format!("origin-{}", site.id), format!("wrong-{}", site.id));
    html! {
        form.line method="post" action="/origins/allow" {
            input type="hidden" name="site" value=(site.id);
            label for=(field) { "Allow another" }
            input id=(field) name="origin" type="text" inputmode="url" value=(origin) placeholder="https://www.example.com" required
                aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| hint.as_str())];
            button.quiet type="submit" { "Allow" }
            @if let Some(sentence) = wrong { p.wrong id=(hint) role="alert" { (sentence) } }
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

fn refusal(site: &Site, row: &RefusalRow, now: engine::Timestamp) -> Markup {
    let (_, _, origin, first, last, seen) = row;
    let calendar = Calendar::of(&site.timezone);
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
                @if can_be_allowed { (action("/origins/allow", site, origin, "Allow")) }
                (action("/refusals/forget", site, origin, "Dismiss"))
            }
        }
    }
}

fn action(to: &str, site: &Site, origin: &str, word: &str) -> Markup {
    html! {
        form method="post" action=(to) {
            input type="hidden" name="site" value=(site.id);
            input type="hidden" name="origin" value=(origin);
            button.quiet type="submit" aria-label={ (word) " " (origin) } { (word) }
        }
    }
}

#[derive(Deserialize)]
pub struct OriginForm {
    site: String,
    origin: String,
}

/// `POST /origins/allow`.
pub async fn allow(State(app): State<App>, Submitted(form): Submitted<OriginForm>) -> Result<Response, ApiError> {
    let site = app.sites.by_id(&form.site).ok_or(ApiError::NotFound("site"))?;
    let pattern = match OriginPattern::parse(&form.origin) {
        Ok(pattern) => pattern.to_string(),
        Err(sentence) => {
            let content = html! {
                h1 { "Origins of " (site.name) }
                (allow_form(&site, &form.origin, Some(&sentence)))
                p.more { a href="/" { "Back, without a change" } }
            };
            let again = page(Room::Home, "Not an origin", &content);
            return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    store::sites::insert_origin(&mut tx.conn(), &site.id, &pattern).await?;
    store::refusals::delete(&mut tx.conn(), &site.id, "origin", &form.origin).await?;
    store::sites::bump(&mut tx.conn(), &site.id).await?;
    tx.commit().await?;
    back(&app).await
}

/// `POST /origins/remove`.
pub async fn remove(State(app): State<App>, Submitted(form): Submitted<OriginForm>) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    store::sites::delete_origin(&mut tx.conn(), &form.site, &form.origin).await?;
    store::sites::bump(&mut tx.conn(), &form.site).await?;
    tx.commit().await?;
    back(&app).await
}

/// `POST /refusals/forget`.
pub async fn forget(State(app): State<App>, Submitted(form): Submitted<OriginForm>) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    store::refusals::delete(&mut tx.conn(), &form.site, "origin", &form.origin).await?;
    tx.commit().await?;
    back(&app).await
}

async fn back(app: &App) -> Result<Response, ApiError> {
    app.sites.refresh(&app.db).await?;
    Ok(Redirect::to("/").into_response())
}
