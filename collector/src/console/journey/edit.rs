//! Stages, milestones and transitions as a form. What is saved holds from now on; where people are is kept.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::Problem;
use engine::journey::Journey;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::fields::FIELDS;
use super::{USUAL_JOURNEY, connected, trial};
use crate::auth::May;
use crate::console::access::Here;
use crate::console::form::{change, draw, read};
use crate::console::layout::{Room, go, page};
use crate::console::prompts::{known, refused};
use crate::error::ApiError;
use crate::prompts::work::{Desk, WorkError};
use crate::server::{InPath, Submitted};
use crate::state::App;
use crate::store;

/// `GET /s/{site}/journey/{key}/edit`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
) -> Result<Response, ApiError> {
    let (body, version) = stored(&app, &here, &key).await?;
    let content = content(&app, &here, (&body, &version), &[], html! {}).await?;
    Ok(page(&here, Room::Journey, "Journey", &content))
}

/// `POST /s/{site}/journey/{key}/edit`.
pub async fn save(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    headers: HeaderMap,
    Submitted(pairs): Submitted<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let get = |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
    let (mut body, version) = stored(&app, &here, &key).await?;
    let zone = here.zone();
    read::read(&FIELDS, "", &read::Filled::whole(&pairs, &zone), &mut body);
    let again = async |body: &Value, version: &str, problems: &[Problem], news: Markup, status: StatusCode| {
        let content = content(&app, &here, (body, version), problems, news).await?;
        Ok((status, page(&here, Room::Journey, "Journey", &content)).into_response())
    };
    let told = |news: &str| html! { p.clash role="alert" { (news) } };
    if get("do") == "try" {
        let live = app.rulesets.of(&app.db, &here.site).await?;
        let live = live.journeys.iter().find(|(one, _)| one.as_str() == key).map(|(_, all)| all.latest().clone());
        let tried = match serde_json::from_value(body.clone()) {
            Ok(draft) => trial::beside(&app, &here, live, &draft).await?,
            Err(_) => told("It is not a whole journey yet, so it cannot be tried: something is left empty below."),
        };
        return again(&body, get("version"), &[], tried, StatusCode::OK).await;
    }
    if let Some(event) = get("do").strip_prefix("map ") {
        connected::map(&mut body, event, get(&format!("as {event}")));
        return again(&body, get("version"), &[], told("Mapped below. Nothing is published yet."), StatusCode::OK)
            .await;
    }
    if !get("do").is_empty() {
        change::change(&FIELDS, get("do"), &mut body);
        return again(&body, get("version"), &[], html! {}, StatusCode::OK).await;
    }
    if get("version") != version {
        let news = "Somebody has changed this journey while you were at it. Below is what you typed; publishing it now puts it in the place of theirs.";
        return again(&body, &version, &[], told(news), StatusCode::PRECONDITION_FAILED).await;
    }
    let desk = Desk { app: &app, site: &here.site, member: &here.member };
    match desk.publish_document(&body, "journey.published", &key).await {
        Ok(()) => {}
        Err(WorkError::Mistakes(problems)) => {
            let news = "Nothing was published: something is wrong below.";
            return again(&body, &version, &problems, told(news), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(refused(error)),
    }
    Ok(go(&headers, &here.to("/journey")))
}

/// A journey as it is published, with its version. A site without one begins with the usual one.
async fn stored(app: &App, here: &Here, key: &str) -> Result<(Value, String), ApiError> {
    let documents = store::documents::of_kind(&mut app.db.read().await?.conn(), &here.site.id, "journey").await?;
    let is_first = documents.is_empty();
    match documents.into_iter().find(|(one, ..)| one == key) {
        Some((_, body, version)) => Ok((serde_json::from_str(&body).unwrap_or_default(), version)),
        None if is_first => {
            let mut usual: Value = serde_json::from_str(USUAL_JOURNEY).unwrap_or_default();
            usual["key"] = json!(key);
            Ok((usual, String::new()))
        }
        None => Err(ApiError::NotFound("journey")),
    }
}

async fn content(
    app: &App,
    here: &Here,
    (body, version): (&Value, &str),
    problems: &[Problem],
    news: Markup,
) -> Result<Markup, ApiError> {
    let arrived = store::events::names(&mut app.db.read().await?.conn(), &here.site.id).await?;
    let zone = here.zone();
    let may = here.may(May::Publish);
    let mut known = known::known(app, here).await?;
    if let Ok(journey) = serde_json::from_value::<Journey>(body.clone()) {
        known::know_journeys(&mut known, &[&journey]);
    }
    let filled = draw::Filled { value: body, problems, zone: &zone, is_open: may, known: &known, beside: None };
    let key = body.get("key").and_then(Value::as_str).unwrap_or_default();
    let address = here.to(&format!("/journey/{key}/edit"));
    Ok(html! {
        p.way { a href=(here.to("/journey")) { "Journey" } }
        h1 { (body.get("name").and_then(Value::as_str).unwrap_or(key)) }
        form.stack.part.dense method="post" action=(address) hx-post=(address) hx-target="main" hx-select="main" hx-swap="outerMorph" {
            input type="hidden" name="version" value=(version);
            // What Enter presses is the first button of a form: it may not publish what somebody is still typing.
            button.unseen type="submit" name="do" value="look" tabindex="-1" aria-hidden="true" { "Look" }
            (news)
            (unconnected(body, &arrived, may))
            p.hint { "What is published holds from now on. Where people are is kept, and so is what moved them before." }
            @for problem in draw::others(&FIELDS, &filled) { p.wrong { (problem.message) " " code { (problem.at) } } }
            (draw::draw(&FIELDS, "", &filled))
            (known.lists())
            @if may {
                noscript { button.quiet type="submit" name="do" value="look" { "Show the fields of what was chosen" } }
                div.save {
                    button.quiet type="submit" name="do" value="try" { "Try it on the log" }
                    " " button type="submit" { "Publish" }
                }
            }
        }
    })
}

/// The events that the draft waits for and that never arrived, with those that do, to take their places.
fn unconnected(body: &Value, arrived: &[String], may: bool) -> Markup {
    let Ok(journey) = serde_json::from_value::<Journey>(body.clone()) else { return html! {} };
    let missing = connected::missing(journey.conditions(), arrived);
    let unused = connected::unused(&journey, arrived);
    html! {
        @if !missing.is_empty() {
            section.unconnected aria-label="Not connected" {
                h2 { "Not connected" }
                p.hint { "Nobody moves by an event that never arrives. Your server or your pages send it, or another event that does arrive takes its place." }
                ul { @for event in missing { li {
                    strong { (event) } span.hint { "has never arrived" }
                    @if may && !unused.is_empty() {
                        label.unseen for={ "as " (event) } { "Instead of " (event) }
                        select id={ "as " (event) } name={ "as " (event) } { @for name in &unused { option value=(name) { (name) } } }
                        button.quiet type="submit" name="do" value={ "map " (event) } aria-label={ "Use it instead of " (event) } { "Use this instead" }
                    }
                } } }
            }
        }
    }
}
