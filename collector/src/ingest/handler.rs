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
use engine::Uuid;
use engine::event::{Kind, Outcome, Sender, Token};
use engine::facts::Facts;
use engine::nocode::names_of_page;
use serde::{Deserialize, Serialize};

use super::accept::{self, Accepted, Context};
use super::agreed::{Agreed, chosen_language};
use super::body::{Received, Tried};
use super::refused::refused;
use super::{body, cookie, quota, sender};
use crate::addresses::VISIT;
use crate::agent::Client;
use crate::auth::debug_token::{self, Pass, Standing};
use crate::error::ApiError;
use crate::limits::read_body;
use crate::server::{ClientAddress, ClientCountry, InQuery};
use crate::sites::Site;
use crate::state::App;
use crate::visit;

/// The addresses of the way in.
pub fn routes() -> Router<App> {
    let taken = || post(post_events).options(preflight);
    Router::new().route(VISIT, taken()).route("/v1/events", taken()).route("/v1/refused", post(refused))
}

/// What is answered.
#[derive(Serialize)]
struct Answer {
    results: Vec<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<bool>,
    /// What the site calls that the page it is on was opened: events that happen now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    named: Vec<String>,
    /// Who the visitor is, where a browser that had kept nothing is known all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor: Option<Uuid>,
    #[serde(skip)]
    cookie: Option<HeaderValue>,
}

/// The facts; for the site's own people with what stands behind them.
#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    Facts(Facts),
    Team {
        #[serde(flatten)]
        facts: Facts,
        /// Null once the time of their link is over: then they are told no more than anybody, but that they are none of the visitors.
        inside: Option<visit::Inside>,
    },
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
                if let Some(cookie) = self.cookie {
                    headers.insert(header::SET_COOKIE, cookie);
                }
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
    let mut has_cookies = false;
    let taken = take(&app, &mut parts, body, &mut has_cookies).await;
    let is_readable = !matches!(taken, Err(ApiError::OriginRefused(_)));
    let mut response = taken.map_or_else(ApiError::into_response, Answer::into_response);
    if is_readable {
        allow(parts.headers.get(header::ORIGIN), response.headers_mut());
        if has_cookies {
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
    response
}

/// Takes a batch. Whether the page may send cookies along is told apart, since a page must be able to read refusals too.
async fn take(app: &App, parts: &mut Parts, body: Body, has_cookies: &mut bool) -> Result<Answer, ApiError> {
    let client = ClientAddress::from_request_parts(parts, app).await?;
    let country = ClientCountry::from_request_parts(parts, app).await?;
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
    let mut batch = body::read(&text)?;
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let (site, from) = match server {
        Some(server) => server,
        None => sender::browser(app, batch.key.as_ref().map(|key| key.as_str()).or(address.key.as_deref()), origin)?,
    };
    let is_page = from == Sender::Browser;
    let agent = Client::of(headers);
    let crawler = is_page && agent.is_bot();
    let ruleset = app.rulesets.of(&app.db, &site).await?;
    let received = site.now(&app.clock);
    let pass = |token: &Token<'_>| {
        let token = token.0.as_str();
        let Pass { standing, trial } = debug_token::read(token, &ruleset.salt, &site.id, received)?;
        Some((standing, trial.map(|trial| (trial, token.to_owned()))))
    };
    let (standing, trial) = batch.debug.as_ref().filter(|_| is_page).and_then(pass).unzip();
    let team = standing.is_some();
    let is_good = standing == Some(Standing::Good);
    let agreed = if is_page && !team { Agreed::of(batch.given, headers) } else { Agreed::ALL };
    *has_cookies = is_page && ruleset.settings.cookie;
    let is_for = |origin| cookie::is_for(&site, origin, &app.public_url);
    let has_cookie = *has_cookies && !team && parts.uri.path() == VISIT && origin.is_some_and(is_for);
    let visitor = known_visitor(&mut batch, headers, &site, has_cookie);
    let cookie = batch.visitor.filter(|_| has_cookie && batch.fresh.is_some() && !crawler);
    let cookie = match cookie {
        Some(visitor) => cookie::line(&site, visitor, app.addresses.cookie_path()),
        None if has_cookie && agreed.forget => cookie::removal(&site, headers, app.addresses.cookie_path()),
        None => None,
    };
    let site_id: Arc<str> = Arc::from(site.id.as_str());
    app.limits.admit(&site_id)?;

    if let Some(sent) = batch.sent_at {
        metrics.clock_skew_seconds.record(received.since(sent).0.unsigned_abs() as f64 / 1000.0);
    }
    metrics.batch_events.record(batch.events.len() as f64);
    let caller = (is_page && !crawler).then(|| {
        let caller = caller(&batch, agent, country.0);
        let accepted = languages(headers);
        // Of what the page says nothing, the browser does.
        let language = caller.language.clone().or_else(|| accepted.first().cloned());
        visit::Caller {
            language,
            team: is_good,
            is_stranger: !agreed.profile || !agreed.store && batch.visitor.is_none(),
            trial: trial.flatten().filter(|_| is_good),
            accepted,
            ..caller
        }
    });
    let opened = batch.events.iter().any(|Tried(event)| event.as_ref().is_ok_and(|event| event.kind == Kind::Page));
    let said = caller.as_ref().filter(|_| opened).and_then(|caller| visit::Opened::of(caller).written());
    let context = Context { site_id, sender: from, crawler, team, agreed, received, opened: said };
    let mut accepted = accept::accept(batch, &context);
    quota::enforce(app, &mut accepted).await?;
    let sent = accepted.rows.len();
    accepted.name_pages(&ruleset.settings.events);
    let Accepted { rows, fates } = accepted;
    let mut new = if rows.is_empty() { Vec::new() } else { app.writer.submit(site.clone(), rows).await? };
    // What followed from them has no sender who waits for an answer.
    new.truncate(sent);
    let fresh = new.iter().filter(|new| **new).count();
    metrics.accepted.increment(fresh as u64);
    metrics.duplicate.increment((new.len() - fresh) as u64);
    let results = accept::outcomes(fates, &new);
    let told = match &caller {
        // In a box, or every server's request would carry the room for it.
        Some(caller) => Box::pin(visit::facts(app, &site, caller)).await?,
        None => None,
    };
    let named = match caller.as_ref().and_then(|caller| caller.page.as_deref()) {
        Some(page) if opened => names_of_page(&ruleset.settings.events, page).into_iter().map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let said = |visit::Told { facts, needed, inside }| match standing {
        None => (Said::Facts(facts), needed),
        Some(_) => (Said::Team { facts, inside }, needed),
    };
    let (facts, mut needed) = told.map(said).unzip();
    if crawler {
        needed = Some(false);
    }
    Ok(Answer { results, facts, needed, named, visitor, cookie })
}

/// Gives a browser that had kept nothing the visitor that it is known by, and tells who that is.
fn known_visitor(batch: &mut Received<'_>, headers: &HeaderMap, site: &Site, has_cookies: bool) -> Option<Uuid> {
    let known = cookie::visitor_of(headers, site).filter(|_| has_cookies && batch.fresh == Some(true))?;
    (batch.visitor.replace(known) != Some(known)).then_some(known)
}

/// The languages that a browser would rather read, best first.
fn languages(headers: &HeaderMap) -> Vec<String> {
    let said = headers.get(header::ACCEPT_LANGUAGE).and_then(|said| said.to_str().ok());
    said.map(accept_language::parse).unwrap_or_default()
}

/// Who asks, from the page that it says it is on, or that the batch names last.
fn caller(batch: &Received<'_>, agent: Client, country: Option<String>) -> visit::Caller {
    let agent = agent.corrected(batch.touches.unwrap_or_default(), "");
    let events = batch.events.iter().rev().filter_map(|Tried(event)| event.as_ref().ok());
    let page = batch.url.as_ref().or_else(|| events.filter_map(|event| event.url.as_ref()).next());
    visit::Caller {
        visitor: batch.visitor,
        device: batch.device,
        session: batch.session,
        page: page.map(|url| url.as_str().to_owned()),
        language: batch.language.as_ref().map(|language| language.as_str().to_owned()).filter(|said| !said.is_empty()),
        chosen: chosen_language(batch.given),
        accepted: Vec::new(),
        class: Some(agent.device),
        request: agent.request(country),
        team: false,
        is_stranger: false,
        trial: None,
    }
}
