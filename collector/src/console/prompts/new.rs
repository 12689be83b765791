//! Beginning a prompt: from a template, or from nothing.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use super::contents::CONTENTS;
use super::{desk, gallery};
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::error::ApiError;
use crate::prompts::templates::{self, JOURNEY, Template};
use crate::server::{InQuery, Submitted};
use crate::state::App;

#[derive(Deserialize)]
pub struct NewQuery {
    /// Words to find templates by.
    #[serde(default)]
    q: String,
}

/// `GET /s/{site}/templates`.
pub async fn show(State(app): State<App>, here: Here, InQuery(query): InQuery<NewQuery>) -> Result<Response, ApiError> {
    let found: Vec<&Template> = templates::all().iter().filter(|template| template.is_found_by(&query.q)).collect();
    let live = app.rulesets.of(&app.db, &here.site).await?;
    let has_journey = live.journeys.iter().any(|(key, _)| key.as_str() == JOURNEY);
    let content = html! {
        p.way { a href=(here.to("/prompts")) { "Prompts" } }
        h1 { "A new prompt" }
        p { "Begin with one that is thought through, words, rule and all, and change what is different with you. Nobody sees it before you publish it." }
        (gallery::search(&here, &query.q, &found))
        @if !has_journey {
            p.hint.more {
                "Most templates ask where somebody stands on the journey " code { (JOURNEY) } ", which this site does not have. "
                "They can be begun all the same; what does not fit is pointed out before they are published."
            }
        }
        @if found.is_empty() {
            p.empty { "No template is like that. " a href=(here.to("/templates")) { "Show all" } "." }
        }
        (gallery::stages(&here, &found))
        (nothing(&here))
    };
    Ok(page(&here, Room::Prompts, "A new prompt", &content))
}

/// The last card: a prompt that says nothing yet.
fn nothing(here: &Here) -> Markup {
    html! {
        section.templates aria-labelledby="nothing" {
            h2 #nothing { "Blank prompt" }
            p.hint { "If none of them is near what you have in mind." }
            form.stack.blank method="post" action=(here.to("/templates")) {
                label for="name" { "Name" }
                input id="name" name="name" type="text" maxlength="100" placeholder="What your team calls it" required;
                label for="kind" { "What it is" }
                select id="kind" name="kind" {
                    @for kind in CONTENTS.kinds { option value=(kind.tag) { (kind.label) } }
                }
                button type="submit" { "Begin" }
            }
        }
    }
}

#[derive(Deserialize)]
pub struct Begin {
    /// The name of a template; empty: from nothing.
    #[serde(default)]
    template: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
}

/// `POST /s/{site}/templates`.
pub async fn begin(
    State(app): State<App>,
    here: Here,
    Submitted(form): Submitted<Begin>,
) -> Result<Response, ApiError> {
    let (wanted, body) = if form.template.is_empty() {
        let kind =
            CONTENTS.kinds.iter().find(|kind| kind.tag == form.kind).ok_or(ApiError::NotFound("kind of prompt"))?;
        let content: Value = serde_json::from_str(kind.new).unwrap_or_default();
        let name = form.name.trim();
        let body = json!({ "name": name, "content": { kind.tag: content }, "placement": { "corner": "bottom_end" } });
        (name, body)
    } else {
        let template = templates::one(&form.template).ok_or(ApiError::NotFound("template"))?;
        (template.name, template.body.clone())
    };
    let key = desk(&app, &here).begin(wanted, body).await?;
    Ok(Redirect::to(&here.to(&format!("/prompts/{key}"))).into_response())
}
