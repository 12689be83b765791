//! Undo, pause, archive, copy.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::Value;

use super::sentence::title;
use super::{desk, refused};
use crate::console::access::Here;
use crate::error::ApiError;
use crate::prompts::work::Status;
use crate::server::{InPath, Submitted};
use crate::state::App;

#[derive(Deserialize)]
pub struct Step {
    step: i64,
    by: i64,
    #[serde(default)]
    part: String,
}

/// `POST /s/{site}/prompts/{key}/undo`.
pub async fn undo(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    Submitted(form): Submitted<Step>,
) -> Result<Response, ApiError> {
    desk(&app, &here).step_by(&key, form.step, form.by.signum()).await.map_err(refused)?;
    Ok(Redirect::to(&here.to(&format!("/prompts/{key}?part={}", form.part))).into_response())
}

#[derive(Deserialize)]
pub struct Move {
    to: String,
}

/// `POST /s/{site}/prompts/{key}/status`.
pub async fn status(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    Submitted(form): Submitted<Move>,
) -> Result<Response, ApiError> {
    let desk = desk(&app, &here);
    match form.to.as_str() {
        "paused" => desk.withdraw(&key, Status::Paused).await,
        "archived" => desk.withdraw(&key, Status::Archived).await,
        "back" => desk.restore(&key).await,
        _ => return Err(ApiError::NotFound("status")),
    }
    .map_err(refused)?;
    Ok(Redirect::to(&here.to(&format!("/prompts/{key}"))).into_response())
}

/// `POST /s/{site}/prompts/{key}/copy`.
pub async fn copy(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
) -> Result<Response, ApiError> {
    let desk = desk(&app, &here);
    let work = desk.one(&key).await.map_err(refused)?;
    let name = format!("{} (copy)", title(&work));
    let mut body = work.body;
    body["name"] = Value::String(name.clone());
    let key = desk.begin(&name, body).await?;
    Ok(Redirect::to(&here.to(&format!("/prompts/{key}"))).into_response())
}
