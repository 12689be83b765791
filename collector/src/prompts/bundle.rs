//! `GET /w/{key}.json`: the published prompts, as pages get them. Cached by browsers for a minute; a page that was told of a
//! newer version asks with `?v=`, which is another address to a cache. Behind a `~` stand the languages that a page was told to ask
//! for, and each text comes in the first of them that has it: a page pays for one language, however many there are.

use super::{Ruleset, trial};
use crate::error::ApiError;
use crate::state::App;
use axum::http::HeaderMap;
use axum::response::Response;

/// The bundle of the site with this key; 304 where the browser has it already.
pub async fn serve(app: &App, key: &str, version: Option<&str>, headers: &HeaderMap) -> Result<Response, ApiError> {
    let (version, languages) = version.map(|name| name.split_once('~').unwrap_or((name, ""))).unzip();
    let languages: Vec<&str> = languages.unwrap_or_default().split(',').collect();
    let respond = |ruleset: &Ruleset, caching: &'static str| match ruleset.in_languages(&languages) {
        Some(said) => said.respond(headers, "application/json", caching),
        None => ruleset.json.respond(headers, "application/json", caching),
    };
    let site = app.sites.by_key(key).ok_or(ApiError::NotFound("site"))?;
    let ruleset = app.rulesets.of(&app.db, &site).await?;
    if let Some(name) = version
        && let Some(with_draft) = trial::named(app, &site, &ruleset, name).await?
    {
        return Ok(respond(&with_draft, "no-store"));
    }
    // Another collector may have noticed a publication a second before this one: nobody is to keep the old one under the new name.
    let is_asked_for = version.is_none_or(|version| version == ruleset.bundle.version);
    let caching = if is_asked_for { "public, max-age=60" } else { "no-store" };
    Ok(respond(&ruleset, caching))
}
