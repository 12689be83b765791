//! `POST /v1/visit` and `POST /v1/events`. Both take the same body and answer the same; a page posts its visit to the first
//! address, which never takes anything but page views, and everything else to the second.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use engine::event::{Outcome, Sender};
use engine::facts::Facts;
use serde::{Deserialize, Serialize};

use super::accept::{self, Accepted, Context};
use super::body::{Received, Tried};
use super::{body, sender};
use crate::agent::Client;
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

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        /// A result that is no problem.
        const RESULT_BYTES: usize = 72;
        let mut json = Vec::with_capacity((self.results.len() + 1) * RESULT_BYTES);
        match serde_json::to_writer(&mut json, &self) {
            Ok(()) => {
                let mut response = json.into_response();
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Err(error) => ApiError::Internal(format!("an answer could not be written: {error}")).into_response(),
        }
    }
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

async fn post_events(State(app): State<App>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let taken = take(&app, &mut parts, body).await;
    let is_readable = !matches!(taken, Err(ApiError::OriginRefused(_)));
    let mut response = taken.map_or_else(ApiError::into_response, Answer::into_response);
    if is_readable {
        allow(parts.headers.get(header::ORIGIN), response.headers_mut());
    }
    response
}

async fn take(app: &App, parts: &mut Parts, body: Body) -> Result<Answer, ApiError> {
    let client = ClientAddress::from_request_parts(parts, app).await?;
    let InQuery(address) = InQuery::<Address>::from_request_parts(parts, app).await?;
    if app.health.is_draining() {
        return Err(ApiError::Draining(Duration::from_secs(1)));
    }
    let (headers, metrics) = (&parts.headers, &app.metrics.ingest);
    let secret = sender::secret_of(headers);
    let limits = &app.config.limits;
    // Who has no valid key is refused before a byte of the body is read.
    let server = secret.as_deref().map(|secret| sender::server(app, secret)).transpose();
    if !matches!(server, Ok(Some(_))) {
        app.limits.admit_address(client.0)?;
    }
    let server = server?;
    let max = if server.is_some() { limits.server_body_bytes } else { limits.browser_body_bytes };
    let raw = read_body(headers, body, max, Duration::from_secs(app.config.timeouts.body_seconds)).await?;
    metrics.body_bytes.record(raw.len() as f64);
    let text = body::unpack(headers, &raw, max)?;
    let batch = body::read(&text)?;
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let (site, from) = match server {
        Some(server) => server,
        None => sender::browser(app, batch.key.as_ref().map(|key| key.as_str()).or(address.key.as_deref()), origin)?,
    };
    let is_page = from == Sender::Browser;
    let crawler = is_page && Client::of(headers).is_bot();
    let context =
        Context { site_id: Arc::from(site.id.as_str()), sender: from, crawler, received: site.now(&app.clock) };
    app.limits.admit(&context.site_id)?;

    if let Some(sent) = batch.sent_at {
        metrics.clock_skew_seconds.record(context.received.since(sent).0.unsigned_abs() as f64 / 1000.0);
    }
    metrics.batch_events.record(batch.events.len() as f64);
    let caller = (is_page && !crawler).then(|| caller(&batch));
    let Accepted { rows, fates } = accept::accept(batch, &context);
    let new = if rows.is_empty() { Vec::new() } else { app.writer.submit(site.clone(), rows).await? };
    let fresh = new.iter().filter(|new| **new).count();
    metrics.accepted.increment(fresh as u64);
    metrics.duplicate.increment((new.len() - fresh) as u64);
    let results = accept::outcomes(fates, &new);
    let told = match caller {
        // In a box, or every server's request would carry the room for it.
        Some(caller) => Box::pin(visit::facts(app, &site, &caller)).await?,
        None => None,
    };
    let (facts, mut needed) = told.map(|told| (told.facts, told.needed)).unzip();
    if crawler {
        needed = Some(false);
    }
    Ok(Answer { results, facts, needed })
}

/// Who asks, from the page that the batch names last.
fn caller(batch: &Received<'_>) -> visit::Caller {
    let events = batch.events.iter().rev().filter_map(|Tried(event)| event.as_ref().ok());
    let page = events.filter_map(|event| event.url.as_ref()).next().map(|url| url.as_str().to_owned());
    visit::Caller { visitor: batch.visitor, device: batch.device, session: batch.session, page }
}
