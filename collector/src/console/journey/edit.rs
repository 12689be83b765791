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
use crate::console::form::place::get;
use crate::console::form::{change, draw, read};
use crate::console::layout::{Room, go, page};
use crate::console::made::{self, Made};
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
    let draft = Draft { body: &body, version: &version, open: "" };
    let content = content(&app, &here, draft, (&[], html! {}), &Made::default()).await?;
    Ok(page(&here, Room::Journey, "Journey", &content))
}

/// `POST /s/{site}/journey/{key}/edit`.
pub async fn save(
    State(app): State<App>,
    mut here: Here,
    InPath((_, key)): InPath<(String, String)>,
    headers: HeaderMap,
    Submitted(mut pairs): Submitted<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let may_make = made::makes(&here);
    let made = made::settle(&app, &mut here, &mut pairs, may_make).await?;
    let sent = |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
    let (stored, _) = stored(&app, &here, &key).await?;
    // The form shows a part of the journey; all of it, as far as it was changed, comes along.
    let mut body = serde_json::from_str(sent("draft")).ok().filter(Value::is_object).unwrap_or(stored);
    body["key"] = json!(key);
    let zone = here.zone();
    read::read(&FIELDS, "", &read::Filled::whole(&pairs, &zone), &mut body);
    let again =
        async |body: &Value, (version, open): (&str, &str), problems: &[Problem], news: Markup, status: StatusCode| {
            let content = content(&app, &here, Draft { body, version, open }, (problems, news), &made).await?;
            Ok((status, page(&here, Room::Journey, "Journey", &content)).into_response())
        };
    let told = |news: &str| html! { p.clash role="alert" { (news) } };
    let (typed_at, open) = (sent("version"), sent("open"));
    if sent("do") == "try" {
        let live = app.rulesets.of(&app.db, &here.site).await?;
        let live = live.journeys.iter().find(|(one, _)| one.as_str() == key).map(|(_, all)| all.latest().clone());
        let tried = match serde_json::from_value(body.clone()) {
            Ok(draft) => trial::beside(&app, &here, live, &draft).await?,
            Err(_) => told("It is not a whole journey yet, so it cannot be tried: something is left empty below."),
        };
        return again(&body, (typed_at, open), &[], tried, StatusCode::OK).await;
    }
    if let Some(event) = sent("do").strip_prefix("map ") {
        connected::map(&mut body, event, sent(&format!("as {event}")));
        let news = told("Mapped below. Nothing is published yet.");
        return again(&body, (typed_at, open), &[], news, StatusCode::OK).await;
    }
    if !sent("do").is_empty() {
        change::change(&FIELDS, sent("do"), &mut body);
        let open = opened(sent("do"), open, &body);
        let status = if made.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return again(&body, (typed_at, &open), &[], html! {}, status).await;
    }
    let desk = Desk { app: &app, site: &here.site, member: &here.member };
    match desk.publish_document(&body, ("journey", &key, typed_at), ("journey.published", &key)).await {
        Ok(()) => {}
        Err(WorkError::Outdated(version)) => {
            let news = "Somebody has changed this journey while you were at it. Below is what you typed; publishing it now puts it in the place of theirs.";
            return again(&body, (&version, open), &[], told(news), StatusCode::PRECONDITION_FAILED).await;
        }
        Err(WorkError::Mistakes(problems)) => {
            let news = "Nothing was published: something is wrong below.";
            let first = problems.first().map_or("", |problem| problem.at.as_str());
            return again(&body, (typed_at, first), &problems, told(news), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(refused(error)),
    }
    Ok(go(&headers, &here.to("/journey")))
}

/// A journey in the form: what it is, of which version, and the place whose fields are shown.
#[derive(Clone, Copy)]
struct Draft<'a> {
    body: &'a Value,
    version: &'a str,
    open: &'a str,
}

/// What is open after a button was pressed: what it opened or added; what it moved has another place, so nothing is.
fn opened(pressed: &str, open: &str, body: &Value) -> String {
    match pressed.split_once(' ') {
        Some(("open", place)) => place.to_owned(),
        Some(("add", place)) => {
            let last = get(body, place).and_then(Value::as_array).map_or(0, Vec::len).saturating_sub(1);
            format!("{place}[{last}]")
        }
        Some((_, place)) => place.rsplit_once('[').map_or("", |(around, _)| around).to_owned(),
        None => open.to_owned(),
    }
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
    Draft { body, version, open }: Draft<'_>,
    (problems, news): (&[Problem], Markup),
    made: &Made,
) -> Result<Markup, ApiError> {
    let arrived = store::events::names(&mut app.db.read().await?.conn(), &here.site.id).await?;
    let zone = here.zone();
    let may = here.may(May::Publish);
    let mut known = known::known(app, here).await?;
    if let Ok(journey) = serde_json::from_value::<Journey>(body.clone()) {
        known::know_journeys(&mut known, &[&journey]);
    }
    let filled = draw::Filled {
        value: body,
        problems,
        zone: &zone,
        is_open: may,
        known: &known,
        open,
        beside: None,
        makes: made::makes(here),
        making: made.making.as_ref(),
        focus: &made.focus,
    };
    let key = body.get("key").and_then(Value::as_str).unwrap_or_default();
    let address = here.to(&format!("/journey/{key}/edit"));
    Ok(html! {
        p.way { a href=(here.to("/journey")) { "Journey" } }
        h1 { (body.get("name").and_then(Value::as_str).unwrap_or(key)) }
        form.stack.part.dense method="post" action=(address) hx-post=(address) hx-target="main" hx-select="main" hx-swap="outerMorph" {
            input type="hidden" name="version" value=(version);
            input type="hidden" name="open" value=(open);
            input type="hidden" name="draft" value=(body.to_string());
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
