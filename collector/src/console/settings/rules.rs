//! Settings that decide about visitors: page groups, events, limits, the look, segments, sources. They hold as soon as they are saved, so
//! nothing is saved before somebody says so, and nothing that has a mistake.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Problem;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::fields::{Part, part};
use super::tabs;
use crate::auth::May;
use crate::console::access::Here;
use crate::console::form::making::Makeable;
use crate::console::form::{change, draw, read};
use crate::console::layout::{Room, page};
use crate::console::made::{self, Made};
use crate::console::prompts::{known, refused};
use crate::error::ApiError;
use crate::prompts::work::{Desk, WorkError};
use crate::server::{InPath, InQuery, Submitted};
use crate::state::App;
use crate::store;

#[derive(serde::Deserialize)]
pub struct RulesQuery {
    #[serde(default)]
    saved: bool,
}

/// What stands above the fields.
#[derive(Clone, Copy)]
enum News {
    None,
    Saved,
    Wrong,
    Conflict,
}

/// `GET /s/{site}/settings/rules/{part}`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, name)): InPath<(String, String)>,
    InQuery(query): InQuery<RulesQuery>,
) -> Result<Response, ApiError> {
    let part = part(&name).ok_or(ApiError::NotFound("page"))?;
    let (body, version) = stored(&app, &here).await?;
    let news = if query.saved { News::Saved } else { News::None };
    let content = content(&app, &here, part, (&body, &version), (&[], news), &Made::default()).await?;
    Ok(page(&here, Room::Settings, part.word, &content))
}

/// `POST /s/{site}/settings/rules/{part}`.
pub async fn save(
    State(app): State<App>,
    mut here: Here,
    InPath((_, name)): InPath<(String, String)>,
    Submitted(mut pairs): Submitted<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let part = part(&name).ok_or(ApiError::NotFound("page"))?;
    let may_make = makes(&here, part);
    let made = made::settle(&app, &mut here, &mut pairs, &may_make).await?;
    if let Some((before, after)) = &made.versions {
        // Saved by this very page: no conflict with oneself.
        let seen = pairs.iter_mut().find(|(name, value)| name == "version" && value == before);
        seen.into_iter().for_each(|(_, version)| version.clone_from(after));
    }
    let get = |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
    let (mut body, _) = stored(&app, &here).await?;
    let zone = here.zone();
    read::read(part.fields, "", &read::Filled::whole(&pairs, &zone), &mut body);
    let again = async |body: &Value, version: &str, problems: &[Problem], news: News, status: StatusCode| {
        let content = content(&app, &here, part, (body, version), (problems, news), &made).await?;
        Ok((status, page(&here, Room::Settings, part.word, &content)).into_response())
    };
    if !get("do").is_empty() {
        change::change(part.fields, get("do"), &mut body);
        let status = if made.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return again(&body, get("version"), &[], News::None, status).await;
    }
    let desk = Desk { app: &app, site: &here.site, member: &here.member };
    match desk.publish_document(&body, ("settings", "site", get("version")), ("settings.changed", part.word)).await {
        Ok(()) => {}
        Err(WorkError::Outdated(version)) => {
            return again(&body, &version, &[], News::Conflict, StatusCode::PRECONDITION_FAILED).await;
        }
        Err(WorkError::Mistakes(problems)) => {
            return again(&body, get("version"), &problems, News::Wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(refused(error)),
    }
    Ok(Redirect::to(&here.to(&format!("/settings/rules/{name}?saved=true"))).into_response())
}

/// The settings as they are stored, with their version.
pub(super) async fn stored(app: &App, here: &Here) -> Result<(Value, String), ApiError> {
    let documents = store::documents::of_kind(&mut app.db.read().await?.conn(), &here.site.id, "settings").await?;
    let found = documents.into_iter().next();
    let (body, version) = found.map_or_else(|| (String::new(), String::new()), |(_, body, version)| (body, version));
    // What an import knows settings by has to be there.
    let empty = || json!({ "page_groups": [] });
    Ok((serde_json::from_str(&body).unwrap_or_else(|_| empty()), version))
}

/// What may be made where it is asked for: nothing that is in a list of this very page.
fn makes(here: &Here, part: &Part) -> Vec<Makeable> {
    let is_elsewhere = |one: &&Makeable| part.fields.iter().all(|field| field.at != one.kind);
    made::makes(here).iter().filter(is_elsewhere).copied().collect()
}

async fn content(
    app: &App,
    here: &Here,
    part: &Part,
    (body, version): (&Value, &str),
    (problems, news): (&[Problem], News),
    made: &Made,
) -> Result<Markup, ApiError> {
    let zone = here.zone();
    let known = known::known(app, here).await?;
    let is_open = here.may(May::Publish);
    let filled = draw::Filled {
        value: body,
        problems,
        zone: &zone,
        is_open,
        known: &known,
        open: "",
        beside: None,
        makes: &makes(here, part),
        making: made.making.as_ref(),
        focus: &made.focus,
    };
    let address = format!("/settings/rules/{}", part.name);
    Ok(html! {
        (tabs(here, &address))
        @match news {
            News::None => {},
            News::Saved => p.done role="status" { "Saved. It holds from now on." },
            News::Wrong => p.clash role="alert" { "Nothing was saved: something is wrong below." },
            News::Conflict => p.clash role="alert" { "Somebody has changed the settings while you were at it. Below is what you typed; saving it now puts it in the place of theirs." },
        }
        form class={ "stack part" @if part.name != "look" { " dense" } } method="post" action=(here.to(&address)) hx-post=(here.to(&address)) hx-target="main" hx-select="main" hx-swap="outerMorph" {
            input type="hidden" name="version" value=(version);
            button.unseen type="submit" tabindex="-1" aria-hidden="true" { "Save" }
            p.hint { (part.about) }
            @for problem in draw::others(part.fields, &filled) { p.wrong { (problem.message) " " code { (problem.at) } } }
            (draw::draw(part.fields, "", &filled))
            (known.lists())
            @if here.may(May::Publish) {
                noscript { button.quiet type="submit" name="do" value="look" { "Show the fields of what was chosen" } }
                button.save type="submit" { "Save" }
            }
        }
    })
}
