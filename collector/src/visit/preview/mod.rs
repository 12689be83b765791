//! `POST /v1/preview`: what would become of these prompts for somebody of whom this is known. With the secret key.
//!
//! The engine decides on what the body says, and on nothing else: neither what the site has published nor anybody's log is looked at,
//! and nothing is kept. So a draft can be tried, and the shared cases run here as they do in a page.

mod answer;
mod given;
mod offset;
mod situation;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use engine::Timestamp;
use engine::page::PageGroups;
use serde_json::Value;

use crate::auth::Scope;
use crate::error::ApiError;
use crate::limits::read_body;
use crate::prompts::typed::typed;
use crate::server::SecretKey;
use crate::state::App;
use answer::Answer;
use situation::Situation;

/// The address.
pub fn routes() -> Router<App> {
    Router::new().route("/v1/preview", post(preview))
}

/// What the site adds where the body is silent.
#[derive(Debug)]
struct Site {
    now: Timestamp,
    groups: PageGroups,
    policy: engine::frequency::Policy,
    sources: engine::source::Sources,
}

async fn preview(
    State(app): State<App>,
    SecretKey(key): SecretKey,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Answer>, ApiError> {
    let site = key.may(Scope::Preview)?;
    let (limits, timeouts) = (&app.config.limits, &app.config.timeouts);
    app.limits.admit(&Arc::from(site.id.as_str()))?;
    let seconds = Duration::from_secs(timeouts.body_seconds);
    let body = read_body(&headers, body, limits.server_body_bytes, seconds).await?;
    let value: Value = serde_json::from_slice(&body).map_err(|error| ApiError::NotJson(error.to_string()))?;
    let situation: Situation = typed(value).map_err(ApiError::Invalid)?;
    let ruleset = app.rulesets.of(&app.db, &site).await?;
    let settings = &ruleset.settings;
    let site = Site {
        now: site.now(&app.clock),
        groups: settings.page_groups.clone(),
        policy: settings.policy.clone(),
        sources: crate::source::sources(settings.sources.clone()),
    };
    // A thousand prompts with a long log take their time, and nobody else's.
    let answer = tokio::task::spawn_blocking(move || situation.answer(site)).await;
    answer.map(Json).map_err(|error| ApiError::Internal(format!("a preview broke off: {error}")))
}
