//! Publishing a prompt after a look at what changes; the versions that were published.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Timestamp;
use engine::prompt::{Content, Prompt};
use maud::html;
use serde::Deserialize;
use serde_json::Value;

use super::edit::{advised, head, prompt_of, who};
use super::sentence::title;
use super::{changes, languages, reach};
use super::{desk, refused};
use crate::auth::May;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::words::Calendar;
use crate::error::ApiError;
use crate::prompts::work::{Status, Work, WorkError};
use crate::server::{InPath, InQuery, Submitted};
use crate::state::App;

/// `GET /s/{site}/prompts/{key}/publish`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
) -> Result<Response, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    asked(&app, &here, &work, "").await
}

async fn asked(app: &App, here: &Here, work: &Work, news: &str) -> Result<Response, ApiError> {
    let desk = desk(app, here);
    let problems = desk.mistakes(&work.body).await?;
    let versions = desk.versions(&work.key).await?;
    let before: Option<Value> = versions.first().and_then(|version| serde_json::from_str(&version.1).ok());
    let changes = before.as_ref().map(|before| changes::changes(before, &work.body)).unwrap_or_default();
    let to = |page: &str| here.to(&format!("/prompts/{}{page}", work.key));
    let ruleset = app.rulesets.of(&app.db, &here.site).await?;
    let own = ruleset.settings.language.0.clone();
    let content = html! {
        (head(app, here, work, "publish").await?)
        @if !news.is_empty() { p.clash role="alert" { (news) } }
        h2 { "Publish it?" }
        @if !problems.is_empty() {
            p.wrong { "It cannot be published like this:" }
            ul.problems { @for problem in &problems { li { (problem.message) " " code { (problem.at) } } } }
            p.more { a.button href=(to("")) { "Mend it" } }
        } @else {
            @match (&before, changes.is_empty(), work.status) {
                (None, ..) => p { "Visitors have never seen it. From now on those it is for will." },
                (Some(_), true, Status::Live) => { p { "Nothing has changed since it was published." } p.more { a.button.quiet href=(to("")) { "Back to the editor" } } },
                (Some(_), true, _) => p { "It comes back as it was." },
                (Some(_), false, _) => { p { "What changes for visitors:" } (changes::table(&changes)) },
            }
            @let whole = prompt_of(&work.body);
            (advised(&whole))
            @for rival in whole.iter().flat_map(|prompt| rivals(prompt, &ruleset.prompts)) {
                p.warning {
                    strong { "Think again. " } a href=(here.to(&format!("/prompts/{}", rival.key))) { (name_of(rival)) }
                    " is live and asks the same. Where both fit, the one with the higher priority goes first, and the limits for surveys keep the other one back."
                }
            }
            @for sentence in whole.iter().flat_map(|prompt| languages::missing(prompt, &own)) { p.warning { (sentence) " " a href=(to("?part=languages")) { "Translate" } } }
            (reach::asked_for(here, work))
            @if here.may(May::Publish) && (work.status != Status::Live || !changes.is_empty()) {
                form.more method="post" action=(to("/publish")) {
                    input type="hidden" name="step" value=(work.step);
                    button type="submit" { "Publish" }
                    " " a href=(to("")) { "Not yet" }
                }
            }
        }
    };
    Ok(page(here, Room::Prompts, &title(work), &content))
}

/// Prompts on the site's pages that ask what this one asks: only one of them at a time will.
fn rivals<'r>(prompt: &Prompt, live: &'r [Prompt]) -> impl Iterator<Item = &'r Prompt> {
    let (key, asks) = (prompt.key.clone(), matches!(prompt.content, Content::Nps(_)));
    live.iter().filter(move |one| asks && one.key != key && matches!(one.content, Content::Nps(_)))
}

fn name_of(prompt: &Prompt) -> String {
    if prompt.name.is_empty() { prompt.key.as_str().replace('_', " ") } else { prompt.name.clone() }
}

#[derive(Deserialize)]
pub struct Publish {
    step: i64,
}

/// `POST /s/{site}/prompts/{key}/publish`.
pub async fn publish(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    Submitted(form): Submitted<Publish>,
) -> Result<Response, ApiError> {
    match desk(&app, &here).publish(&key, form.step).await {
        Ok(_) => Ok(Redirect::to(&here.to(&format!("/prompts/{key}/versions?done=1"))).into_response()),
        Err(WorkError::Conflict(now)) => {
            let news = "Somebody has changed it since you looked. This is how it is now.";
            Ok((StatusCode::PRECONDITION_FAILED, asked(&app, &here, &now, news).await?).into_response())
        }
        Err(WorkError::Mistakes(_)) => {
            let work = desk(&app, &here).one(&key).await.map_err(refused)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, asked(&app, &here, &work, "").await?).into_response())
        }
        Err(error) => Err(refused(error)),
    }
}

#[derive(Deserialize)]
pub struct VersionsQuery {
    /// Whether it was published just now.
    #[serde(default)]
    done: String,
}

/// `GET /s/{site}/prompts/{key}/versions`.
pub async fn versions(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(query): InQuery<VersionsQuery>,
) -> Result<Response, ApiError> {
    let desk = desk(&app, &here);
    let work = desk.one(&key).await.map_err(refused)?;
    let versions = desk.versions(&key).await?;
    let calendar = Calendar::of(&here.site.timezone);
    let mut lines = Vec::new();
    for (at, version) in versions.iter().enumerate() {
        let body: Value = serde_json::from_str(&version.1).unwrap_or_default();
        let before: Value =
            versions.get(at + 1).and_then(|before| serde_json::from_str(&before.1).ok()).unwrap_or_default();
        let changes = if before.is_null() { Vec::new() } else { changes::changes(&before, &body) };
        lines.push((version.0, calendar.moment(Timestamp(version.2)), who(&app, &version.3).await?, changes));
    }
    let content = html! {
        (head(&app, &here, &work, "versions").await?)
        @if !query.done.is_empty() && work.status == Status::Live {
            div.done role="status" { p {
                strong { "It is live. " } "Visitors whom it is for see it from their next page on. "
                a href=(here.to(&format!("/results/prompts/{key}"))) { "Its results" } " · "
                a href=(here.to(&format!("/prompts/{key}/try"))) { "See it on a page" }
            } }
        }
        @if lines.is_empty() { p.empty { "It was never published. Each publication is kept here and can be brought back." } }
        ol.versions { @for (at, (number, when, by, changes)) in lines.iter().enumerate() {
            li {
                h2 { "Version " (number) @if at == 0 && work.status == Status::Live { " · live" } }
                p.hint { (when) @if by.is_empty() { ", from a file" } @else { ", by " (by) } }
                @if !changes.is_empty() { (changes::table(changes)) }
                @if at > 0 && here.may(May::Publish) {
                    form.more method="post" action=(here.to(&format!("/prompts/{key}/versions"))) {
                        input type="hidden" name="step" value=(work.step);
                        button.quiet type="submit" name="number" value=(number) { "Bring back version " (number) }
                    }
                }
            }
        } }
    };
    Ok(page(&here, Room::Prompts, &title(&work), &content))
}

#[derive(Deserialize)]
pub struct Back {
    step: i64,
    number: i64,
}

/// `POST /s/{site}/prompts/{key}/versions`: puts an old version into the draft, to be looked at and published.
pub async fn bring_back(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    Submitted(form): Submitted<Back>,
) -> Result<Response, ApiError> {
    let desk = desk(&app, &here);
    let body = desk.version(&key, form.number).await.map_err(refused)?;
    desk.save(&key, form.step, body).await.map_err(refused)?;
    Ok(Redirect::to(&here.to(&format!("/prompts/{key}/publish"))).into_response())
}
