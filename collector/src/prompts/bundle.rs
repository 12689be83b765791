//! `GET /w/{key}.json`: the published prompts, as pages get them. Cached by browsers for a minute; a page that was told of a
//! newer version asks with `?v=`, which is another address to a cache.

use axum::http::HeaderMap;
use axum::response::Response;

use crate::error::ApiError;
use crate::state::App;

/// The bundle of the site with this key; 304 where the browser has it already.
pub async fn serve(app: &App, key: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let site = app.sites.by_key(key).ok_or(ApiError::NotFound("site"))?;
    let ruleset = app.rulesets.of(&app.db, &site).await?;
    Ok(ruleset.json.respond(headers, "application/json", "public, max-age=60"))
}
