//! What the site is called, whose pages may send for it, and keys for its servers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::tabs;
use crate::auth::May;
use crate::console::access::Here;
use crate::console::home::{OriginForm, action, snippet};
use crate::console::layout::{Room, page};
use crate::console::sites::{keep_secret, shown_once};
use crate::error::ApiError;
use crate::origin::OriginPattern;
use crate::prompts::work::Desk;
use crate::server::Submitted;
use crate::state::App;
use crate::store;

/// What somebody typed that is not right.
#[derive(Default)]
struct Wrong {
    origin: Option<(String, String)>,
    zone: Option<(String, String)>,
}

/// `GET /s/{site}/settings`.
pub async fn show(State(app): State<App>, here: Here) -> Response {
    page(&here, Room::Settings, "Settings", &content(&app, &here, &Wrong::default()))
}

fn content(app: &App, here: &Here, wrong: &Wrong) -> Markup {
    let site = &here.site;
    let runs = here.may(May::Run);
    let zone = wrong.zone.as_ref().map_or(site.timezone.as_str(), |(typed, _)| typed);
    html! {
        (tabs(here, "/settings"))
        h2 { "The site" }
        form.stack.narrow method="post" action=(here.to("/settings")) {
            label for="name" { "Name" }
            input id="name" name="name" type="text" value=(site.name) maxlength="100" required disabled[!runs];
            label for="timezone" { "Time zone" }
            input id="timezone" name="timezone" type="text" value=(zone) required disabled[!runs]
                aria-invalid=[wrong.zone.as_ref().map(|_| "true")] aria-describedby="timezone-hint";
            p.hint #timezone-hint { "Days and hours of schedules and reports are days and hours there, such as Europe/Berlin." }
            @if let Some((_, sentence)) = &wrong.zone { p.wrong role="alert" { (sentence) } }
            @if runs { button type="submit" { "Save" } }
        }
        h2 { "Snippet" }
        p.hint { "Every page of the site has this line, before " code { "</head>" } "." }
        pre.snippet { code { (snippet(&app.public_url, &site.key)) } }
        h2 { "Origins" }
        p.hint { "Pages of these origins may send. " code { "https://*.example.com" } " means every host below example.com." }
        ul.origins {
            @for origin in &site.origins {
                li { code { (origin) } @if runs { (action(&here.to("/settings/origins/remove"), &origin.to_string(), "Remove")) } }
            }
        }
        @if runs {
            form.line method="post" action=(here.to("/settings/origins/allow")) {
                @let typed = wrong.origin.as_ref().map_or("", |(typed, _)| typed);
                label for="origin" { "Allow another" }
                input id="origin" name="origin" type="text" inputmode="url" value=(typed) placeholder="https://www.example.com" required
                    aria-invalid=[wrong.origin.as_ref().map(|_| "true")] aria-describedby=[wrong.origin.as_ref().map(|_| "origin-wrong")];
                button.quiet type="submit" { "Allow" }
                @if let Some((_, sentence)) = &wrong.origin { p.wrong id="origin-wrong" role="alert" { (sentence) } }
            }
            h2 { "Secret key" }
            p.hint { "For events that your servers send: billing, sign-ups, churn. It is shown once, when it is made; keys made before stay valid." }
            form.more method="post" action=(here.to("/settings/secret")) {
                button.quiet type="submit" { "Make a new secret key" }
            }
        }
    }
}

#[derive(Deserialize)]
pub struct SiteForm {
    name: String,
    timezone: String,
}

/// `POST /s/{site}/settings`.
pub async fn rename(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<SiteForm>,
) -> Result<Response, ApiError> {
    let (name, zone) = (form.name.trim(), form.timezone.trim());
    if TimeZone::get(zone).is_err() || name.is_empty() || name.chars().count() > 100 {
        let sentence =
            "There is no time zone of this name. Names are such as Europe/Berlin or America/New_York.".to_owned();
        let wrong = Wrong { zone: Some((zone.to_owned(), sentence)), ..Wrong::default() };
        return Ok(again(&app, &here, &wrong));
    }
    let mut tx = app.db.begin().await?;
    store::sites::rename(&mut tx.conn(), &here.site.id, name, zone).await?;
    if zone != here.site.timezone {
        store::results::unsettle(&mut tx.conn(), &here.site.id).await?;
    }
    note(&app, &here, &mut tx, "site.changed", name, zone).await?;
    done(&app, &here, tx).await
}

/// `POST /s/{site}/settings/origins/allow`.
pub async fn allow(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<OriginForm>,
) -> Result<Response, ApiError> {
    let pattern = match OriginPattern::parse(&form.origin) {
        Ok(pattern) => pattern.to_string(),
        Err(sentence) => {
            return Ok(again(&app, &here, &Wrong { origin: Some((form.origin, sentence)), ..Wrong::default() }));
        }
    };
    let mut tx = app.db.begin().await?;
    store::sites::insert_origin(&mut tx.conn(), &here.site.id, &pattern).await?;
    store::refusals::delete(&mut tx.conn(), &here.site.id, "origin", &form.origin).await?;
    note(&app, &here, &mut tx, "origin.allowed", &pattern, "").await?;
    done(&app, &here, tx).await
}

/// `POST /s/{site}/settings/origins/remove`.
pub async fn remove(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<OriginForm>,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    store::sites::delete_origin(&mut tx.conn(), &here.site.id, &form.origin).await?;
    note(&app, &here, &mut tx, "origin.removed", &form.origin, "").await?;
    done(&app, &here, tx).await
}

/// `POST /s/{site}/settings/secret`.
pub async fn new_secret(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    let secret_key = keep_secret(&mut tx, &here.site.id, app.clock.now().0).await?;
    note(&app, &here, &mut tx, "secret.made", "", "").await?;
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    let content = html! {
        h1 { "A new secret key for " (here.site.name) }
        (shown_once(&secret_key))
        p.more { a.button href=(here.to("/settings")) { "Go on" } }
    };
    Ok(page(&here, Room::Settings, "Secret key", &content))
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

async fn done(app: &App, here: &Here, mut tx: store::Tx) -> Result<Response, ApiError> {
    store::sites::bump(&mut tx.conn(), &here.site.id).await?;
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    Ok(Redirect::to(&here.to("/settings")).into_response())
}

fn again(app: &App, here: &Here, wrong: &Wrong) -> Response {
    let page = page(here, Room::Settings, "Settings", &content(app, here, wrong));
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}
