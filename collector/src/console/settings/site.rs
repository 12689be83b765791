//! What the site is called, its clocks and its currency, and whose pages may send for it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{demo, install, tabs};
use crate::auth::May;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::region::{self, NO_CURRENCY, NO_ZONE, currency_field, zone_field};
use crate::console::sites::NAME_MAX;
use crate::currency;
use crate::error::ApiError;
use crate::origin;
use crate::prompts::work::Desk;
use crate::refusals;
use crate::server::Submitted;
use crate::state::App;
use crate::store;

/// What somebody typed that is not right.
#[derive(Default)]
struct Wrong {
    origin: Option<(String, String)>,
    site: Option<SiteForm>,
}

/// `GET /s/{site}/settings`.
pub async fn show(State(app): State<App>, here: Here) -> Response {
    page(&here, Room::Settings, "Settings", &content(&app, &here, &Wrong::default()))
}

fn content(app: &App, here: &Here, wrong: &Wrong) -> Markup {
    let site = &here.site;
    let runs = here.may(May::Run);
    let (name, zone, money) = match &wrong.site {
        Some(form) => (form.name.trim(), form.timezone.as_str(), form.currency.as_str()),
        None => (site.name.as_str(), site.timezone.as_str(), site.currency.as_str()),
    };
    let typed = wrong.site.is_some();
    html! {
        (tabs(here, "/settings"))
        h2 { "The site" }
        form.stack.narrow method="post" action=(here.to("/settings")) {
            label for="name" { "Name" }
            input id="name" name="name" type="text" value=(name) maxlength=(NAME_MAX) required disabled[!runs];
            (zone_field(zone, false, runs, (typed && region::zone(zone).is_none()).then_some(NO_ZONE)))
            (currency_field(money, runs, (typed && currency::parse(money).is_none()).then_some(NO_CURRENCY)))
            @if runs { button type="submit" { "Save" } }
        }
        h2 { "Origins" }
        p.hint { "Pages of these origins may send. " code { "https://*.example.com" } " means every host below example.com." }
        ul.origins {
            @for origin in &site.origins {
                li { code { (origin) } @if runs {
                    form method="post" action=(here.to("/settings/origins/remove")) {
                        input type="hidden" name="origin" value=(origin);
                        button.quiet type="submit" aria-label={ "Remove " (origin) } { "Remove" }
                    }
                } }
            }
        }
        @if runs {
            form.line method="post" action=(here.to("/settings/origins/allow")) {
                @let typed = wrong.origin.as_ref().map_or("", |(typed, _)| typed);
                label for="origin" { "Add another" }
                input id="origin" name="origin" type="text" inputmode="url" value=(typed) placeholder="www.example.com" required
                    aria-invalid=[wrong.origin.as_ref().map(|_| "true")] aria-describedby=[wrong.origin.as_ref().map(|_| "origin-wrong")];
                button.quiet type="submit" { "Add" }
                @if let Some((_, sentence)) = &wrong.origin { p.wrong id="origin-wrong" role="alert" { (sentence) } }
            }
        }
        (demo::section(app, here))
    }
}

#[derive(Deserialize)]
pub struct SiteForm {
    name: String,
    timezone: String,
    currency: String,
}

/// `POST /s/{site}/settings`.
pub async fn rename(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<SiteForm>,
) -> Result<Response, ApiError> {
    let name = form.name.trim().to_owned();
    let is_name = !name.is_empty() && name.chars().count() <= NAME_MAX;
    let (Some(zone), Some(money), true) = (region::zone(&form.timezone), currency::parse(&form.currency), is_name)
    else {
        return Ok(again(&app, &here, &Wrong { site: Some(form), ..Wrong::default() }));
    };
    let (money, mut tx) = (money.code(), app.db.begin().await?);
    store::sites::describe(&mut tx.conn(), &here.site.id, &name, &zone, money).await?;
    if zone != here.site.timezone {
        store::results::unsettle(&mut tx.conn(), &here.site.id).await?;
    }
    note(&app, &here, &mut tx, "site.changed", &name, &format!("{zone}, {money}")).await?;
    done(&app, &here, tx, "/settings").await
}

/// An origin, and the page to go back to.
#[derive(Deserialize)]
pub struct OriginForm {
    origin: String,
    back: Option<String>,
}

/// `POST /s/{site}/settings/origins/allow`.
pub async fn allow(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<OriginForm>,
) -> Result<Response, ApiError> {
    let pattern = match origin::forgiving(&form.origin) {
        Ok(pattern) => pattern.to_string(),
        Err(sentence) => {
            return Ok(again(&app, &here, &Wrong { origin: Some((form.origin, sentence)), ..Wrong::default() }));
        }
    };
    let mut tx = app.db.begin().await?;
    store::sites::insert_origin(&mut tx.conn(), &here.site.id, &pattern).await?;
    store::refusals::delete(&mut tx.conn(), &here.site.id, refusals::ORIGIN, &form.origin).await?;
    note(&app, &here, &mut tx, "origin.allowed", &pattern, "").await?;
    let to = form.back.as_deref().map_or("/settings", install::back);
    done(&app, &here, tx, to).await
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
    done(&app, &here, tx, "/settings").await
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

async fn done(app: &App, here: &Here, mut tx: store::Tx, to: &str) -> Result<Response, ApiError> {
    store::sites::bump(&mut tx.conn(), &here.site.id).await?;
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    Ok(Redirect::to(&here.to(to)).into_response())
}

fn again(app: &App, here: &Here, wrong: &Wrong) -> Response {
    let page = page(here, Room::Settings, "Settings", &content(app, here, wrong));
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}
