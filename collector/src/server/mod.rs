//! The addresses of this collector, and what holds for all of them ([`guard`]).

mod accept;
mod client;
mod extract;
mod guard;
mod ops;
mod secret;
mod watched;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use tower::ServiceExt;

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
    let addresses = app.addresses.clone();
    let routes = Router::new()
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
        .with_state(app);
    if addresses.are_usual() {
        return routes;
    }
    // The path decides which route answers, so it is looked at before all routes.
    Router::new().fallback_service(routes.map_request(move |mut request: Request| {
        if let Some(path) = addresses.route(request.uri().path()) {
            *request.uri_mut() = moved(request.uri(), &path);
        }
        request
    }))
}

/// The same address with another path.
fn moved(uri: &Uri, path: &str) -> Uri {
    let asked = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(asked).ok().or(parts.path_and_query);
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
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
        Some((key, "json")) => {
            let bundle = bundle::serve(&app, key, query.v.as_deref(), &headers).await;
            Ok(bundle.unwrap_or_else(|error| without_words(error.into_response())))
        }
        _ => Err(ApiError::NotFound("file")),
    }
}

/// A page takes whatever JSON comes for the prompts: a collector that failed says so by the status alone, and is asked again.
fn without_words(mut response: Response) -> Response {
    if response.status().is_server_error() {
        *response.body_mut() = Body::empty();
    }
    response
}

/// People get a page, programs a problem.
async fn nothing_here(headers: HeaderMap) -> Response {
    let wants = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if wants.contains("text/html") {
        return console::not_found().await;
    }
    ApiError::NotFound("page").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_failed_is_no_bundle() {
        for (error, has_words) in [
            (ApiError::Internal("the disk is full".to_owned()), false),
            (ApiError::Unavailable("the database is away".to_owned()), false),
            (ApiError::NotFound("site"), true),
        ] {
            let status = error.status();
            let response = without_words(error.into_response());
            assert_eq!(response.status(), status);
            let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
            assert_eq!(!body.is_empty(), has_words, "{status}");
        }
    }
}
