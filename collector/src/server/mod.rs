//! The addresses of this collector, and what holds for all of them.

mod accept;
mod client;
mod extract;
mod ops;
mod watched;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::error::ApiError;
use crate::prompts::bundle;
use crate::state::App;
use crate::{assets, console, demo, ingest, loader};

pub use accept::{Phase, serve};
pub use client::{ClientAddress, Peer};
pub use extract::{InPath, InQuery, Submitted};

/// Every address. What a feature offers, it brings itself; here they meet.
pub fn router(app: App) -> Router {
    let mut router = Router::new()
        .merge(ops::routes())
        .merge(assets::routes())
        .merge(ingest::routes())
        .route("/w/{file}", get(site_file))
        .merge(console::routes(&app));
    if !app.config.demo.as_os_str().is_empty() {
        router = router.merge(demo::routes());
    }
    router
        .fallback(nothing_here)
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app)
}

/// `GET /w/{key}.js`: what a page's snippet names.
async fn site_file(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    match file.rsplit_once('.') {
        Some((key, "js")) => loader::serve(&app, key, &headers),
        Some((key, "json")) => bundle::serve(&app, key, &headers).await,
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

/// A bug of ours fails one request and not its neighbours.
fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    ApiError::Internal(format!("panic: {text}")).into_response()
}
