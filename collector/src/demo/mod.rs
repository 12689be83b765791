//! The demo site: the example pages on this collector's own address, and a panel that plays time and the shop's servers.
//!
//! It is there once somebody has loaded it: an owner in the console ([`load`]), or whoever started the collector with `--demo`
//! ([`prepare`]). Until then, and after it was removed, none of its addresses exists. What the panel does goes the way every event goes;
//! only the site's clock is special, and it belongs to the demo site alone.

mod gallery;
mod pages;
mod panel;
mod people;
mod setup;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

use crate::auth::Member;
use crate::console;
use crate::error::ApiError;
use crate::id;
use crate::sites::Site;
use crate::state::App;
use crate::store;

pub use setup::prepare;

/// The demo site's public key.
pub const KEY: &str = "wk_demo";
/// Its id. Those that the console makes are random and longer, so no other site has it.
pub const SITE: &str = "demo";

/// Whether the demo is there.
pub fn is_loaded(app: &App) -> bool {
    app.sites.by_id(SITE).is_some()
}

/// Whether a site is one of the demo's.
pub fn is_site(site: &Site) -> bool {
    [SITE, gallery::SITE].contains(&site.id.as_str())
}

/// Makes the demo's sites and fills them with made-up customers, unless they are there.
pub async fn load(app: &App, member: &Member) -> Result<(), ApiError> {
    let made = prepare(&app.db, &app.config, &app.public_url, &app.clock).await;
    made.map_err(ApiError::Internal)?;
    app.sites.refresh(&app.db).await?;
    let site = app.sites.by_id(SITE).ok_or(ApiError::NotFound("demo site"))?;
    // Whoever started it for its shop alone has the sites, but not the customers.
    if !has_customers(app, &site).await? {
        people::fill(app).await?;
        note(app, member, "demo.loaded").await?;
    }
    Ok(())
}

/// Whether the made-up customers are there, or anybody else who said who they are.
pub async fn has_customers(app: &App, site: &Site) -> Result<bool, ApiError> {
    Ok(crate::people::summary(app, site).await?.persons > 0)
}

/// Takes the demo's sites away with all that happened there, and nothing else.
pub async fn remove(app: &App, member: &Member) -> Result<(), ApiError> {
    let sites: Vec<_> = [SITE, gallery::SITE].into_iter().filter_map(|id| app.sites.by_id(id)).collect();
    for site in &sites {
        take_away(app, &site.id).await?;
    }
    app.sites.refresh(&app.db).await?;
    for site in sites {
        // Nobody can send any more. What was on its way is written by now, and goes too.
        app.writer.wake(site.clone(), Vec::new()).await?;
        take_away(app, &site.id).await?;
    }
    note(app, member, "demo.removed").await
}

async fn take_away(app: &App, site_id: &str) -> store::Result<()> {
    let mut tx = app.db.begin().await?;
    store::sites::delete(&mut tx.conn(), site_id).await?;
    tx.commit().await?;
    app.writer.forget(site_id);
    Ok(())
}

/// Written down for the installation: what was written of the site goes with it.
async fn note(app: &App, member: &Member, did: &str) -> Result<(), ApiError> {
    let now = app.clock.now();
    let row = (id::new(now).write(), now.0, member.id.clone(), did.to_owned(), String::new(), String::new());
    let mut tx = app.db.begin().await?;
    store::audit::insert(&mut tx.conn(), "", &row).await?;
    Ok(tx.commit().await?)
}

/// Lets nobody in where there is no demo.
async fn only_with_demo(State(app): State<App>, request: Request, next: Next) -> Response {
    match is_loaded(&app) {
        true => next.run(request).await,
        false if console::reads_pages(request.headers()) => console::not_found().await,
        false => ApiError::NotFound("page").into_response(),
    }
}

/// The example pages and the panel's addresses.
pub fn routes(app: &App) -> Router<App> {
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
        .layer(middleware::from_fn_with_state(app.clone(), only_with_demo))
}
