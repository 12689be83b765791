//! How a site's pages come to send: the line they carry, the ways to put it there, what may be in the way, and whether it works.

mod live;
mod steps;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::tabs;
use crate::console::access::Here;
use crate::console::arrival::{self, Arrival};
use crate::console::layout::{Room, page};
use crate::console::prompts::refused;
use crate::error::ApiError;
use crate::prompts::work::Desk;
use crate::refusals;
use crate::server::Submitted;
use crate::state::App;
use crate::store;

pub use live::follow;
pub use steps::{copied, snippet};

/// This page, below that of its site.
const PAGE: &str = "/settings/install";

/// `GET /s/{site}/settings/install`.
pub async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    let arrival = arrival::read(&app, &here).await?;
    let content = html! {
        (tabs(&here, PAGE))
        h2 { "Is it installed?" }
        // What follows by itself is told to those who do not see it too.
        div.arrival data-live=(here.to("/settings/install/live")) aria-live="polite" { (news(&app, &here, &arrival)) }
        noscript { p.hint { a href=(here.to(PAGE)) { "Look again" } } }
        (steps::all(&app, &here))
    };
    Ok(page(&here, Room::Settings, "Install", &content))
}

/// The part of the page that changes by itself.
fn news(app: &App, here: &Here, arrival: &Arrival) -> Markup {
    html! {
        (arrival.state(app, here))
        @for trouble in arrival.troubles(app, here, PAGE) { (trouble) }
    }
}

/// What is to be forgotten: an origin that was refused, or for what else it is listed; a key of no site with it.
#[derive(Deserialize)]
pub struct Forgotten {
    origin: String,
    key: Option<String>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    back: String,
}

/// `POST /s/{site}/refusals/forget`.
pub async fn forget(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Forgotten>,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    let mut conn = tx.conn();
    match (&form.key, form.kind.as_str()) {
        // What is on nobody's pages is the installation's.
        (Some(key), _) if here.member.is_owner || here.site.allows(&form.origin) => {
            store::refusals::delete_stray(&mut conn, &form.origin, key).await?;
        }
        (Some(_), _) => return Err(ApiError::NotFound("key")),
        (None, arrival::SILENT) => store::sightings::delete(&mut conn, &here.site.id, &form.origin).await?,
        (None, kind @ (refusals::MODULE | refusals::NEITHER)) => {
            store::refusals::delete(&mut conn, &here.site.id, kind, &form.origin).await?;
        }
        (None, _) => store::refusals::delete(&mut conn, &here.site.id, refusals::ORIGIN, &form.origin).await?,
    }
    tx.commit().await?;
    Ok(Redirect::to(&here.to(back(&form.back))).into_response())
}

/// The page to go back to.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// `POST /s/{site}/settings/engine`: from now on prompts run as JavaScript on all pages, and WebAssembly is not tried any more.
pub async fn run_javascript(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Back>,
) -> Result<Response, ApiError> {
    let desk = Desk { app: &app, site: &here.site, member: &here.member };
    desk.change_settings("JavaScript in pages", |settings| settings["engine"] = "js".into()).await.map_err(refused)?;
    Ok(Redirect::to(&here.to(back(&form.back))).into_response())
}

/// The page of a site to go back to: this one, or the first.
pub fn back(wanted: &str) -> &'static str {
    if wanted == PAGE { PAGE } else { "" }
}
