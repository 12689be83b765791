//! Keys: the one that pages carry, which is public, and those of servers, of which only hashes are kept.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::install::copied;
use super::tabs;
use crate::auth::{Scope, secret};
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::sites::random;
use crate::console::words::{Calendar, ago};
use crate::error::ApiError;
use crate::prompts::work::Desk;
use crate::server::Submitted;
use crate::state::App;
use crate::store::{self, keys::KeyRow};

/// This page, below that of its site.
const PAGE: &str = "/settings/keys";
/// Characters of a key's name.
const NAME_MAX: usize = 60;

/// What was just done, to be said above the list.
enum News {
    None,
    /// A key, and what it is called.
    Made(String, String),
    /// What is wrong with what was typed.
    Wrong(String, &'static str),
}

/// `GET /s/{site}/settings/keys`.
pub async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    Ok(page(&here, Room::Settings, "Keys", &content(&app, &here, &News::None).await?))
}

async fn content(app: &App, here: &Here, news: &News) -> Result<Markup, ApiError> {
    app.key_uses.flush(&app.db).await?;
    let mut reader = app.db.read().await?;
    let keys = store::keys::of_site(&mut reader.conn(), &here.site.id).await?;
    let mut names: HashMap<String, String> = HashMap::new();
    for (.., by, _, _) in &keys {
        if let Some((id, email, name, ..)) = store::members::by_id(&mut reader.conn(), by).await? {
            names.insert(id, if name.is_empty() { email } else { name });
        }
    }
    drop(reader);
    let typed = if let News::Wrong(typed, _) = news { typed } else { "" };
    let wrong = if let News::Wrong(_, sentence) = news { Some(*sentence) } else { None };
    Ok(html! {
        (tabs(here, PAGE))
        @if let News::Made(key, name) = news {
            div.done role="status" {
                p { strong { (name) } " is ready. It is shown this once: keep it where your servers keep their secrets, never in a page." }
                (copied("made", "the new key", key))
            }
        }
        h2 { "Public key" }
        p { "Everybody can read this key in your pages. It lets them send what browsers may say, from addresses in your list, and nothing else." }
        (copied("write-key", "the key of pages", &here.site.key))
        h2 { "Server keys" }
        @if keys.is_empty() { p.hint { "None yet." } }
        @else {
            table.list {
                thead { tr { th { "Name" } th { "May" } th { "Made" } th { "Use" } th { span.unseen { "What to do" } } } }
                tbody { @for key in &keys { (line(app, here, key, &names)) } }
            }
        }
        h2 { "Make a key" }
        form.stack.narrow method="post" action=(here.to(PAGE)) {
            label for="name" { "Name" }
            input id="name" name="name" type="text" value=(typed) maxlength=(NAME_MAX) required placeholder="Billing server" autocomplete="off"
                aria-invalid=[wrong.map(|_| "true")] aria-describedby="name-hint";
            p.hint #name-hint { "One for each server: then one can be taken back without stopping the others." }
            @if let Some(sentence) = wrong { p.wrong role="alert" { (sentence) } }
            fieldset {
                legend { "What it may do" }
                @for scope in Scope::ALL {
                    label.choice {
                        input type="radio" name="scope" value=(scope.name()) checked[scope == Scope::Events];
                        span { strong { (scope.word()) } br; span.hint { (scope.meaning()) } }
                    }
                }
            }
            button type="submit" { "Make a key" }
        }
    })
}

fn line(
    app: &App,
    here: &Here,
    (hash, name, scope, by, made, used): &KeyRow,
    names: &HashMap<String, String>,
) -> Markup {
    let name = called(name);
    html! {
        tr {
            td { strong { (name) } }
            td { (Scope::parse(scope).map_or("nothing that this release knows", Scope::word)) }
            td { (Calendar::of(&here.site.timezone).moment(Timestamp(*made))) @if let Some(who) = names.get(by) { " by " (who) } }
            td { @match used {
                Some(at) => { "used " (ago(app.clock.now(), Timestamp(*at))) },
                None => "never used",
            } }
            td.actions {
                details.sure {
                    summary aria-label={ "Revoke " (name) "…" } { "Revoke…" }
                    form method="post" action=(here.to("/settings/keys/revoke")) {
                        input type="hidden" name="key" value=(hash);
                        p { "Whatever uses it is refused from then on." }
                        button.bad type="submit" aria-label={ "Revoke " (name) } { "Revoke" }
                    }
                }
            }
        }
    }
}

fn called(name: &str) -> &str {
    if name.is_empty() { "Without a name" } else { name }
}

#[derive(Deserialize)]
pub struct NewKey {
    name: String,
    scope: String,
}

/// `POST /s/{site}/settings/keys`.
pub async fn make(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<NewKey>,
) -> Result<Response, ApiError> {
    let scope = Scope::parse(&form.scope).ok_or(ApiError::NotFound("scope"))?;
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        let news = News::Wrong(form.name, "A key needs a name of at most 60 characters.");
        let again = page(&here, Room::Settings, "Keys", &content(&app, &here, &news).await?);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let key = format!("sk_{}", random(32)?);
    let words = (name, scope.name(), here.member.id.as_str());
    let mut tx = app.db.begin().await?;
    store::keys::insert(&mut tx.conn(), &here.site.id, &secret::hash(&key), words, app.clock.now().0).await?;
    note(&app, &here, &mut tx, "key.made", name, scope.word()).await?;
    done(&app, &here, tx).await?;
    let content = content(&app, &here, &News::Made(key, name.to_owned())).await?;
    Ok(page(&here, Room::Settings, "Keys", &content))
}

#[derive(Deserialize)]
pub struct Revoked {
    key: String,
}

/// `POST /s/{site}/settings/keys/revoke`.
pub async fn revoke(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Revoked>,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    // Pressed twice, or by two at once: it is gone, which is what was asked for.
    if let Some(name) = store::keys::delete(&mut tx.conn(), &here.site.id, &form.key).await? {
        note(&app, &here, &mut tx, "key.revoked", called(&name), "").await?;
    }
    done(&app, &here, tx).await?;
    Ok(Redirect::to(&here.to(PAGE)).into_response())
}

async fn note(
    app: &App,
    here: &Here,
    tx: &mut store::Tx,
    did: &str,
    about: &str,
    detail: &str,
) -> Result<(), ApiError> {
    Ok(Desk { app, site: &here.site, member: &here.member }.note(tx, did, about, detail).await?)
}

/// Lets every collector know.
async fn done(app: &App, here: &Here, mut tx: store::Tx) -> Result<(), ApiError> {
    store::sites::bump(&mut tx.conn(), &here.site.id).await?;
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    Ok(())
}
