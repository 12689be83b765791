//! The addresses of this collector, and what holds for all of them ([`guard`]).

mod accept;
mod client;
mod extract;
mod guard;
mod ops;
mod secret;
mod watched;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::error::ApiError;
use crate::prompts::bundle;
use crate::state::App;
use crate::{assets, console, demo, ingest, loader, pictures, visit};

pub use accept::{Phase, serve};
pub use client::{ClientAddress, ClientCountry, Peer};
pub use extract::{InPath, InQuery, Submitted};
pub use secret::SecretKey;

/// Every address. What a feature offers, it brings itself; here they meet.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(ops::routes())
        .merge(assets::routes())
        .merge(pictures::routes())
        .merge(ingest::routes())
        .merge(visit::routes())
        .route("/w/{file}", get(site_file))
        .merge(console::routes(&app))
        .merge(demo::routes(&app))
        .fallback(nothing_here)
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .with_state(app)
}

/// Which version of the bundle a page has been told of.
#[derive(Deserialize)]
struct Wanted {
    v: Option<String>,
}

/// `GET /w/{key}.js`: what a page's snippet names.
async fn site_file(
    State(app): State<App>,
    Path(file): Path<String>,
    InQuery(query): InQuery<Wanted>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    match file.rsplit_once('.') {
        Some((key, "js")) => loader::serve(&app, key, &headers).await,
        Some((key, "json")) => bundle::serve(&app, key, query.v.as_deref(), &headers).await,
        _ => Err(ApiError::NotFound("file")),
    }
}

/// People get a page, programs a problem.
async fn nothing_here(headers: HeaderMap) -> Response {
    let wants = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if wants.contains("text/html") {
        return console::not_found().await;
    }
    ApiError::NotFound("page").into_response()
}
