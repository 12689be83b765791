//! Tags: what the team noted about a response.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::console::access::{Here, own_page};
use crate::error::ApiError;
use crate::results::responses::tag;
use crate::server::Submitted;
use crate::state::App;

#[derive(Deserialize)]
pub struct Change {
    prompt: String,
    response: String,
    tag: String,
    /// `remove`, or it is noted.
    #[serde(default)]
    does: String,
    /// The page it was done on.
    back: String,
}

/// `POST /s/{site}/results/tags`.
pub async fn change(
    State(app): State<App>,
    here: Here,
    Submitted(change): Submitted<Change>,
) -> Result<Response, ApiError> {
    let by = (change.does != "remove").then_some((app.clock.now().0, here.member.id.as_str()));
    let mut tx = app.db.begin().await?;
    if !tag(&mut tx, &here.site, (&change.prompt, &change.response), &change.tag, by).await? {
        return Err(ApiError::NotFound("response"));
    }
    tx.commit().await?;
    Ok(Redirect::to(own_page(&change.back)).into_response())
}
