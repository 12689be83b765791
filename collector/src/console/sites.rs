//! Making a site.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::access::Who;
use super::home::snippet;
use super::journey::USUAL_JOURNEY;
use super::layout::card;
use super::prompts::refused;
use crate::auth::{Member, secret};
use crate::error::ApiError;
use crate::origin::OriginPattern;
use crate::prompts::files::File;
use crate::prompts::work::Desk;
use crate::server::Submitted;
use crate::state::App;
use crate::store;

/// What the first page shows while there is no site.
pub fn first_form() -> Markup {
    html! {
        h1 { "Your first site" }
        p { "Waymark needs to know whose pages may send to it. You can allow more addresses later." }
        (form("", "", None))
    }
}

/// `GET /sites/new`: for those after the first.
pub async fn form_page() -> Response {
    let content = html! {
        h1 { "Another site" }
        p { "It has its own snippet, keys, prompts and people." }
        (form("", "", None))
        p.more { a href="/" { "Back, without a change" } }
    };
    card("Another site", &content)
}

fn form(name: &str, origin: &str, wrong: Option<&str>) -> Markup {
    html! {
        form.stack.narrow method="post" action="/sites/new" {
            label for="name" { "Name" }
            input id="name" name="name" type="text" value=(name) placeholder="Acme" maxlength="100" required;
            label for="origin" { "Address of its pages" }
            input id="origin" name="origin" type="text" inputmode="url" value=(origin) placeholder="https://www.example.com" required
                aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "origin-wrong")];
            @if let Some(sentence) = wrong { p.wrong id="origin-wrong" role="alert" { (sentence) } }
            button type="submit" { "Make the site" }
        }
    }
}

#[derive(Deserialize)]
pub struct NewSite {
    name: String,
    origin: String,
}

/// `POST /sites/new`.
pub async fn make(
    State(app): State<App>,
    Who(member): Who,
    Submitted(wanted): Submitted<NewSite>,
) -> Result<Response, ApiError> {
    let name = wanted.name.trim();
    let pattern = match OriginPattern::parse(&wanted.origin) {
        Ok(pattern) if !name.is_empty() && name.chars().count() <= 100 => pattern.to_string(),
        Ok(_) => return Ok(again(name, &wanted.origin, "A site needs a name of at most 100 characters.")),
        Err(sentence) => return Ok(again(name, &wanted.origin, &sentence)),
    };
    let (id, key) = (random(20)?, format!("wk_{}", random(20)?));
    let now = app.clock.now().0;
    let mut tx = app.db.begin().await?;
    store::sites::insert(&mut tx.conn(), &id, &key, name, "UTC", now).await?;
    store::sites::insert_origin(&mut tx.conn(), &id, &pattern).await?;
    let secret_key = keep_secret(&mut tx, &id, now).await?;
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    begin(&app, &id, &member).await?;
    Ok(card(
        name,
        &html! {
            h1 { (name) " is ready" }
            h2 { "1. Paste this line into its pages, before " code { "</head>" } }
            pre.snippet { code { (snippet(&app.public_url, &key)) } }
            h2 { "2. Keep the secret key for your servers" }
            (shown_once(&secret_key))
            p.more { a.button href={ "/s/" (id) } { "Go on" } }
        },
    ))
}

/// Gives a new site the usual journey, which templates go by, and the page group that it asks for.
async fn begin(app: &App, site_id: &str, member: &Member) -> Result<(), ApiError> {
    const GROUPS: &str = r#"{"page_groups": [{"key": "pricing", "paths": ["**/pricing*", "**/plan*"]}]}"#;
    let site = app.sites.by_id(site_id).ok_or(ApiError::NotFound("site"))?;
    let file = |text: &str| File { path: String::new(), text: text.to_owned() };
    Desk { app, site: &site, member }.load(&[file(GROUPS), file(USUAL_JOURNEY)]).await.map_err(refused)
}

/// Makes a secret key and keeps its hash.
pub async fn keep_secret(tx: &mut store::Tx, site_id: &str, now_ms: i64) -> Result<String, ApiError> {
    let key = format!("sk_{}", random(32)?);
    store::sites::insert_secret(&mut tx.conn(), site_id, &secret::hash(&key), now_ms).await?;
    store::sites::bump(&mut tx.conn(), site_id).await?;
    Ok(key)
}

/// A secret key, with what to do with it.
pub fn shown_once(secret_key: &str) -> Markup {
    html! {
        p { "It is shown this once. Keep it where your servers keep their secrets, never in a page." }
        pre { code { (secret_key) } }
    }
}

fn again(name: &str, origin: &str, sentence: &str) -> Response {
    let content = html! { h1 { "Your site" } (form(name, origin, Some(sentence))) };
    (StatusCode::UNPROCESSABLE_ENTITY, card("Your site", &content)).into_response()
}

fn random(characters: usize) -> Result<String, ApiError> {
    secret::random(characters).map_err(|e| ApiError::Internal(e.to_string()))
}
