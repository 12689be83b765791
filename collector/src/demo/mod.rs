//! The demo site: the example pages on this collector's own address, and a panel that plays time and the shop's servers.
//!
//! None of it exists on a collector that was started without `--demo`. What the panel does goes the way every event goes;
//! only the site's clock is special, and it belongs to the demo site alone.

mod gallery;
mod pages;
mod panel;
mod setup;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

use crate::error::ApiError;
use crate::state::App;

pub use setup::prepare;

/// The demo site's public key.
pub const KEY: &str = "wk_demo";
/// Its id.
pub const SITE: &str = "demo";

/// The example pages and the panel's addresses.
pub fn routes() -> Router<App> {
    // Only the demo's own pages may play with it.
    let csrf = CsrfLayer::new()
        .with_rejection_response(|_| ApiError::Forbidden("Only the demo's own pages may do this.").into_response());
    Router::new()
        .route("/demo/{*path}", get(pages::file))
        // The example pages ask this before they show the panel.
        .route("/demo/status", get(|| async { StatusCode::NO_CONTENT }))
        .route("/demo/clock", post(panel::clock))
        .route("/demo/become", post(panel::become_))
        .route("/demo/forget", post(panel::forget))
        .route("/demo/why", get(panel::why))
        .layer(DefaultBodyLimit::max(4 * 1024))
        .layer(csrf)
}
