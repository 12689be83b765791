//! What the demo panel's buttons do.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use engine::event::Sender;
use engine::{Problem, Uuid};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::SITE;
use crate::agent::Client;
use crate::error::ApiError;
use crate::ingest::accept::{self, Context};
use crate::ingest::agreed::Agreed;
use crate::ingest::body;
use crate::server::InQuery;
use crate::sites::Site;
use crate::state::App;
use crate::{store, visit};

/// More than a year at once is a slip of the finger.
const ADVANCE_MAX_MS: i64 = 400 * 86_400_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: i64,
}

/// `POST /demo/clock {"advance_ms": 86400000}`: the demo site's clock moves forwards; nothing else's does.
pub async fn clock(State(app): State<App>, body: Bytes) -> Result<StatusCode, ApiError> {
    let wanted: Advance = read(&body)?;
    if !(0..=ADVANCE_MAX_MS).contains(&wanted.advance_ms) {
        let sentence = "The clock moves forwards by 0 to 400 days, in milliseconds.";
        return Err(ApiError::Bad(Problem::new("advance_ms", "out_of_range", sentence)));
    }
    let mut tx = app.db.begin().await?;
    store::sites::advance_clock(&mut tx.conn(), SITE, wanted.advance_ms).await?;
    tx.commit().await?;
    app.sites.refresh(&app.db).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whom the panel plays, and what they shall be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Become {
    stage: Stage,
    user_id: String,
    account_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stage {
    New,
    Trial,
    Paying,
    Retained,
}

impl Stage {
    /// What a shop's own servers would send on the way there, in order. Somebody new has done nothing yet.
    fn events(self) -> &'static [&'static str] {
        match self {
            Self::New => &[],
            Self::Trial => &["Trial Started"],
            Self::Paying => &["Subscription Started"],
            Self::Retained => &[
                "Subscription Started",
                "Integration Connected",
                "Teammate Invited",
                "Invoice Sent",
                "Subscription Renewed",
            ],
        }
    }
}

/// `POST /demo/become {"stage", "user_id", "account_id"}`: the events of the shop's servers, the way all server events go.
pub async fn become_(State(app): State<App>, body: Bytes) -> Result<StatusCode, ApiError> {
    let wanted: Become = read(&body)?;
    let site = demo_site(&app)?;
    let names = wanted.stage.events();
    // One after the other: each may open the stage in which the next one counts.
    let first = site.now(&app.clock).0 - names.len() as i64;
    let events: Vec<_> = names
        .iter()
        .zip(first..)
        .map(|(name, at)| {
            let who = match &wanted.account_id {
                Some(account) => ("account_id", account),
                None => ("user_id", &wanted.user_id),
            };
            json!({ "type": "track", "name": name, "at": at, who.0: who.1, "props": { "plan": "team", "mrr": 49 } })
        })
        .collect();
    if events.is_empty() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let text = json!({ "events": events }).to_string();
    let context = Context {
        site_id: Arc::from(SITE),
        sender: Sender::Server,
        crawler: false,
        team: false,
        agreed: Agreed::ALL,
        received: site.now(&app.clock),
        opened: None,
    };
    let accepted = accept::accept(body::read(text.as_bytes())?, &context);
    let refused = accepted.fates.into_iter().filter_map(|fate| match fate {
        accept::Fate::Rejected(_, problem) => Some(problem),
        accept::Fate::Row(_) => None,
    });
    let refused: Vec<Problem> = refused.collect();
    if !refused.is_empty() {
        return Err(ApiError::Invalid(refused));
    }
    app.writer.submit(site, accepted.rows).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forget {
    visitor: Option<Uuid>,
}

/// `POST /demo/forget {"visitor"}`: what this browser did is gone from the log, and its stage with it.
pub async fn forget(State(app): State<App>, body: Bytes) -> Result<StatusCode, ApiError> {
    let wanted: Forget = read(&body)?;
    if let Some(visitor) = wanted.visitor {
        let subject = format!("v:{visitor}");
        let mut tx = app.db.begin().await?;
        store::events::delete_of_subject(&mut tx.conn(), SITE, &subject).await?;
        store::states::forget(&mut tx.conn(), SITE, &subject).await?;
        store::results::mark(&mut tx.conn(), SITE, &subject).await?;
        tx.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub struct WhyQuery {
    visitor: Uuid,
    url: Option<String>,
}

/// Every prompt with the reason for showing or not.
#[derive(Serialize)]
pub struct Why {
    prompts: Vec<Reason>,
}

#[derive(Serialize)]
struct Reason {
    prompt: String,
    outcome: &'static str,
    reason: String,
    rule: Vec<String>,
}

/// `GET /demo/why?visitor=...&url=...`: why nothing shows now, prompt by prompt, in words.
pub async fn why(
    State(app): State<App>,
    InQuery(query): InQuery<WhyQuery>,
    headers: HeaderMap,
) -> Result<Json<Why>, ApiError> {
    let site = demo_site(&app)?;
    let request = Client::of(&headers).request(None);
    let caller = visit::Caller { visitor: Some(query.visitor), page: query.url, request, ..visit::Caller::default() };
    let mut reader = app.db.read().await?;
    let reasons = visit::why(&mut reader.conn(), &app, &site, &caller).await?;
    let reason = |why: visit::Why| Reason {
        prompt: why.prompt,
        outcome: why.outcome.as_str(),
        reason: why.words,
        rule: why.lines,
    };
    Ok(Json(Why { prompts: reasons.into_iter().map(reason).collect() }))
}

fn demo_site(app: &App) -> Result<Arc<Site>, ApiError> {
    app.sites.by_id(SITE).ok_or(ApiError::NotFound("demo site"))
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|e| ApiError::NotJson(e.to_string()))
}
