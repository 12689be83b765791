//! Which prompts somebody sees on a page, and why not the others: the words that the page's own overlay says.

use axum::extract::State;
use axum::response::Response;
use engine::Uuid;
use engine::why::Outcome;
use maud::{Markup, html};
use serde::Deserialize;

use super::access::Here;
use super::layout::{Room, page};
use super::people::{escape, label, link};
use super::prompts::desk;
use super::prompts::list::badge;
use super::prompts::sentence::title as prompt_title;
use super::view::{SubjectPage, Who};
use crate::error::ApiError;
use crate::people;
use crate::prompts::work::{Status, Work};
use crate::server::{InPath, InQuery};
use crate::state::App;
use crate::visit::{self, Caller, Why};

#[derive(Deserialize)]
pub struct WhyQuery {
    #[serde(default)]
    url: String,
}

/// `GET /s/{site}/people/{kind}/{id}/why`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, kind, id)): InPath<(String, String, String)>,
    InQuery(query): InQuery<WhyQuery>,
) -> Result<Response, ApiError> {
    let found = people::subject(&app, &here.site, &kind, &id, None).await?.ok_or(ApiError::NotFound("person"))?;
    let url = address(&here, &found, query.url.trim());
    let browser = browser_of(&found);
    let reasons = match browser.and_then(|browser| Uuid::parse(&browser.id)) {
        Some(visitor) => {
            let caller = Caller { visitor: Some(visitor), page: Some(url.clone()), ..Caller::default() };
            visit::why(&mut app.db.read().await?.conn(), &app, &here.site, &caller).await?
        }
        None => Vec::new(),
    };
    let title = format!("Prompts for {}", label(&found.who));
    let works = desk(&app, &here).all().await?;
    let content = content(&here, &found, browser, &url, (&reasons, &works));
    Ok(page(&here, Room::People, &title, &content))
}

/// The page that is meant: the one that was typed, or the last one they were on, or the first of the site.
fn address(here: &Here, found: &SubjectPage, typed: &str) -> String {
    if !typed.is_empty() {
        let origin = here.site.origins.first().map(ToString::to_string).unwrap_or_default();
        return if typed.starts_with('/') { format!("{origin}{typed}") } else { typed.to_owned() };
    }
    let last = found.timeline.iter().find_map(|entry| entry.url.clone());
    last.or_else(|| here.site.origins.first().map(|origin| format!("{origin}/"))).unwrap_or_default()
}

/// The browser that is asked for: their own, or of a person the one that was there last.
fn browser_of(found: &SubjectPage) -> Option<&Who> {
    let own = (found.who.kind == "visitor").then_some(&found.who);
    own.or_else(|| found.members.iter().rfind(|member| member.kind == "visitor"))
}

fn content(
    here: &Here,
    found: &SubjectPage,
    browser: Option<&Who>,
    url: &str,
    (reasons, works): (&[Why], &[Work]),
) -> Markup {
    let who = &found.who;
    let own = here.to(&format!("/people/{}/{}", escape(&who.kind), escape(&who.id)));
    html! {
        p.way { a href=(here.to("/people")) { "People" } " › " a href=(own) { (label(who)) } }
        h1 { "Which prompts, and why" }
        @match browser {
            None => {
                p.empty { "No browser of " (label(who)) " is known, so nothing can be said of what it shows." }
                @if !found.members.is_empty() {
                    p { "Ask for one of these:" }
                    ul.members { @for member in &found.members { li { (link(&here.site, member)) } } }
                }
            },
            Some(browser) => {
                form.filter method="get" {
                    label.wide { span { "On the page" } input name="url" type="text" inputmode="url" value=(url); }
                    button.quiet type="submit" { "Look" }
                }
                p.hint { "As it is now, for " (label(browser)) ". What only a page knows, such as a click, is waited for." }
                @if reasons.is_empty() { p.empty { "Nothing is published on this site." } }
                ul.reasons {
                    @for why in reasons { (reason(here, why, &named(works, &why.prompt))) }
                    @for work in works.iter().filter(|work| work.status == Status::Paused) {
                        li { div.head { a href=(here.to(&format!("/prompts/{}", work.key))) { (named(works, &work.key)) } (badge(work.status, false)) } p { "It is paused, so nobody sees it." } }
                    }
                }
            },
        }
    }
}

fn named(works: &[Work], key: &str) -> String {
    works.iter().find(|work| work.key == key).map_or_else(|| key.replace('_', " "), prompt_title)
}

fn reason(here: &Here, why: &Why, name: &str) -> Markup {
    let (sign, word, class) = match why.outcome {
        Outcome::Shows => ("●", "Shows", "live"),
        Outcome::Waits => ("◔", "Waits", "paused"),
        Outcome::Held => ("‖", "Held back", "paused"),
        Outcome::NotMeant => ("○", "Not meant", "draft"),
    };
    html! {
        li {
            div.head {
                a href=(here.to(&format!("/prompts/{}", why.prompt))) { (name) }
                span class={ "status " (class) } { span aria-hidden="true" { (sign) } " " (word) }
            }
            p { (why.words) }
            @if !why.lines.is_empty() {
                details { summary { "The whole rule" } pre { code { @for line in &why.lines { (line) "\n" } } } }
            }
        }
    }
}
