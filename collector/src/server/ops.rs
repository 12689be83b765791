//! `/healthz`, `/readyz`, `/metrics`: for load balancers, supervisors and Prometheus.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use super::ClientAddress;
use crate::config::MetricsAccess;
use crate::error::ApiError;
use crate::state::App;

pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/metrics", get(metrics))
}

/// The process runs and answers. It says nothing about the database: a restart would not mend that.
async fn healthz() -> Response {
    plain(StatusCode::OK, "ok\n".to_owned())
}

/// Events can be taken: not draining, and the writer has committed lately.
async fn readyz(State(app): State<App>) -> Response {
    match app.health.ready() {
        Ok(()) => plain(StatusCode::OK, "ready\n".to_owned()),
        Err(why) => plain(StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")),
    }
}

async fn metrics(State(app): State<App>, client: ClientAddress, headers: HeaderMap) -> Result<Response, ApiError> {
    let allowed = match app.config.metrics.access {
        MetricsAccess::Off => false,
        MetricsAccess::Open => true,
        // Through a proxy on this machine everybody would look local.
        MetricsAccess::Loopback => {
            client.0.is_loopback() && !headers.contains_key("x-forwarded-for") && !headers.contains_key("forwarded")
        }
        MetricsAccess::Token => bearer(&headers).is_some_and(|given| same(given, &app.config.metrics.token)),
    };
    if !allowed {
        return Err(ApiError::NotFound("page"));
    }
    let mut response = plain(StatusCode::OK, app.metrics.render());
    let kind = header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// What `Authorization: Bearer` carries.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// Compares hashes, so that how long it takes tells nothing about the token.
fn same(given: &str, expected: &str) -> bool {
    Sha256::digest(given.as_bytes()) == Sha256::digest(expected.as_bytes())
}

fn plain(status: StatusCode, text: String) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}
