//! `POST /v1/visit` and `POST /v1/events`. Both take the same body and answer the same; a page posts its visit to the first
//! address, which never takes anything but page views, and everything else to the second.

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use engine::Uuid;
use engine::event::{Outcome, Sender};
use engine::facts::Facts;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

use super::accept::{self, Context};
use super::{body, sender};
use crate::error::ApiError;
use crate::limits::read_body;
use crate::server::{ClientAddress, InQuery};
use crate::state::App;
use crate::visit;

/// The addresses of the way in.
pub fn routes() -> Router<App> {
    let taken = || post(post_events).options(preflight);
    Router::new().route("/v1/visit", taken()).route("/v1/events", taken())
}

/// What is answered.
#[derive(Serialize)]
struct Answer {
    results: Vec<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<Facts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<bool>,
}

#[derive(Deserialize)]
struct Address {
    key: Option<String>,
}

/// Browsers need no preflight for what the widget sends; other clients may ask.
async fn preflight(headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let out = response.headers_mut();
    out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    allow(headers.get(header::ORIGIN), out);
    response
}

/// Lets the page read the answer. That it may send was decided before, by the site's list.
fn allow(origin: Option<&HeaderValue>, out: &mut HeaderMap) {
    if let Some(origin) = origin {
        out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        out.append(header::VARY, HeaderValue::from_static("origin"));
    }
}

async fn post_events(
    State(app): State<App>,
    client: ClientAddress,
    address: Result<InQuery<Address>, ApiError>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take(&app, client, address, &headers, body).await {
        Ok(answer) => {
            let mut response = Json(answer).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            allow(headers.get(header::ORIGIN), response.headers_mut());
            response
        }
        Err(error @ ApiError::OriginRefused(_)) => error.into_response(),
        Err(error) => {
            let mut response = error.into_response();
            allow(headers.get(header::ORIGIN), response.headers_mut());
            response
        }
    }
}

async fn take(
    app: &App,
    client: ClientAddress,
    address: Result<InQuery<Address>, ApiError>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Answer, ApiError> {
    let InQuery(address) = address?;
    if app.health.is_draining() {
        return Err(ApiError::Draining(Duration::from_secs(1)));
    }
    let secret = sender::secret_of(headers);
    let limits = &app.config.limits;
    let max = if secret.is_some() { limits.server_body_bytes } else { limits.browser_body_bytes };
    let raw = read_body(headers, body, max, Duration::from_secs(app.config.timeouts.body_seconds)).await?;
    metrics::histogram!("waymark_body_bytes").record(raw.len() as f64);
    let text = body::unpack(headers, &raw, max)?;
    let batch = body::read(&text)?;
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let (site, from) = match &secret {
        Some(secret) => sender::server(app, secret)?,
        None => sender::browser(app, batch.key.as_ref().map(|key| key.as_str()).or(address.key.as_deref()), origin)?,
    };
    app.limits.admit(&site.id, (from == Sender::Browser).then_some(client.0))?;

    let received = site.now(&app.clock);
    if let Some(sent) = batch.sent_at {
        metrics::histogram!("waymark_clock_skew_seconds").record(received.since(sent).0.unsigned_abs() as f64 / 1000.0);
    }
    metrics::histogram!("waymark_batch_events").record(batch.events.len() as f64);
    let caller = (from == Sender::Browser).then_some(visit::Caller {
        visitor: batch.visitor,
        device: batch.device,
        session: batch.session,
        page: batch
            .events
            .iter()
            .rev()
            .flatten()
            .find_map(|event| event.url.as_ref().map(|url| url.as_str().to_owned())),
    });
    let context = Context { site_id: Arc::from(site.id.as_str()), sender: from, received };
    let accepted = accept::accept(batch, &context);
    let ids: Vec<Uuid> = accepted.rows.iter().filter_map(|row| Uuid::parse(&row.id)).collect();
    let new =
        if accepted.rows.is_empty() { Vec::new() } else { app.writer.submit(site.clone(), accepted.rows).await? };
    let count = |result, n| metrics::counter!("waymark_events_total", "result" => result).increment(n);
    let fresh = new.iter().filter(|new| **new).count() as u64;
    count("accepted", fresh);
    count("duplicate", new.len() as u64 - fresh);
    let rows: Vec<(Uuid, bool)> = ids.into_iter().zip(new).collect();
    let results = accept::outcomes(&accepted.fates, &rows);
    let told = match caller {
        Some(caller) => visit::facts(app, &site, &caller).await?,
        None => None,
    };
    let (facts, needed) = told.map(|told| (told.facts, told.needed)).unzip();
    Ok(Answer { results, facts, needed })
}
