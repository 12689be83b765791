//! What was sent, as far as it can be read. One event that cannot be read never loses its neighbours: if the whole body does
//! not fit the contract, each event is tried by itself.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::Read;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use engine::event::{Batch, Event, MAX_EVENT_BYTES, MAX_EVENTS};
use engine::{Problem, Uuid};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::unknown::counted;
use crate::error::ApiError;

/// An event as sent, its properties untouched.
pub type Sent<'a> = Event<'a, &'a RawValue>;

/// A batch of which each event was read or has its problem.
pub type Received<'a> = Batch<'a, &'a RawValue, Tried<'a>>;

/// An event that was read or has its problem.
#[derive(Debug)]
pub struct Tried<'a>(pub Result<Sent<'a>, Unread>);

/// Of a batch that fits the contract every event was read.
impl<'de: 'a, 'a> Deserialize<'de> for Tried<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Event::deserialize(deserializer).map(|event| Self(Ok(event)))
    }
}

/// An event that could not be read.
#[derive(Debug)]
pub struct Unread {
    /// Its id, if at least that could be.
    pub id: Option<Uuid>,
    /// What is wrong, and where.
    pub problem: Problem,
}

/// Most times that a compressed body may grow, once it is larger than [`SMALL`].
const MAX_RATIO: usize = 40;
/// So much may come out of any body: a few alike events compress well, and harm nobody.
const SMALL: usize = 64 * 1024;

/// Unpacks a body. The type does not matter as long as it can be JSON: browsers send `text/plain` to do without a preflight.
pub fn unpack<'b>(headers: &HeaderMap, body: &'b Bytes, max: usize) -> Result<Cow<'b, [u8]>, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("text/plain");
    let essence = kind.split(';').next().unwrap_or_default().trim();
    const KINDS: [&str; 4] = ["text/plain", "application/json", "application/x-www-form-urlencoded", ""];
    let is_json = || essence.to_ascii_lowercase().ends_with("+json");
    if !KINDS.iter().any(|kind| essence.eq_ignore_ascii_case(kind)) && !is_json() {
        return Err(ApiError::UnsupportedType(kind.chars().take(80).collect()));
    }
    match headers.get(header::CONTENT_ENCODING).map(|v| v.as_bytes()) {
        None | Some(b"" | b"identity") => Ok(Cow::Borrowed(body)),
        Some(b"gzip" | b"x-gzip") => gunzip(body, max).map(Cow::Owned),
        Some(other) => Err(ApiError::UnsupportedType(String::from_utf8_lossy(other).chars().take(80).collect())),
    }
}

fn gunzip(body: &[u8], max: usize) -> Result<Vec<u8>, ApiError> {
    let limit = max.min(body.len().saturating_mul(MAX_RATIO).max(SMALL));
    let mut out = Vec::with_capacity(limit.min(64 * 1024));
    let mut reader = flate2::read::GzDecoder::new(body).take(limit as u64 + 1);
    reader.read_to_end(&mut out).map_err(|_| ApiError::NotJson("its gzip is damaged".to_owned()))?;
    if out.len() > limit { Err(ApiError::TooLarge(limit)) } else { Ok(out) }
}

/// Reads a batch and counts the fields that this release does not know.
pub fn read(body: &[u8]) -> Result<Received<'_>, ApiError> {
    let text = std::str::from_utf8(body).map_err(|_| ApiError::NotJson("it is not UTF-8".to_owned()))?;
    if let Some(batch) = whole(text)? {
        return Ok(batch);
    }
    let batch: Batch<'_, &RawValue, &RawValue> = serde_json::from_str(text).map_err(not_json)?;
    bounded(batch.events.len())?;
    let raws = batch.events.iter().map(|raw| raw.get()).enumerate();
    let read = |(index, raw)| Tried(one(raw, index).map_err(|problem| Unread { id: id_of(raw), problem }));
    let events = raws.map(read).collect();
    Ok(with_events(&batch, events))
}

/// The usual case: every event fits the contract and none is too large. `None` if that is not so.
fn whole(text: &str) -> Result<Option<Received<'_>>, ApiError> {
    if text.len() > MAX_EVENT_BYTES || has_nul(text) {
        return Ok(None);
    }
    let unknown = Cell::new(0);
    let mut json = serde_json::Deserializer::from_str(text);
    let Ok(batch) = counted::<Received<'_>, _>(&mut json, &unknown) else { return Ok(None) };
    if json.end().is_err() {
        return Ok(None);
    }
    bounded(batch.events.len())?;
    count_unknown(unknown.get());
    Ok(Some(batch))
}

fn with_events<'a>(batch: &Batch<'a, &'a RawValue, &'a RawValue>, events: Vec<Tried<'a>>) -> Received<'a> {
    Batch {
        key: batch.key.clone(),
        sent_at: batch.sent_at,
        visitor: batch.visitor,
        device: batch.device,
        session: batch.session,
        language: batch.language.clone(),
        url: batch.url.clone(),
        given: batch.given,
        touches: batch.touches,
        fresh: batch.fresh,
        debug: batch.debug.clone(),
        events,
        props: batch.props,
    }
}

fn one(raw: &str, index: usize) -> Result<Sent<'_>, Problem> {
    let at = || format!("events[{index}]");
    if raw.len() > MAX_EVENT_BYTES {
        return Err(Problem::new(at(), "event_too_large", "An event may have at most 32 KB."));
    }
    if has_nul(raw) {
        return Err(Problem::new(at(), "nul_character", "The character U+0000 cannot be stored."));
    }
    let unknown = Cell::new(0);
    let mut json = serde_json::Deserializer::from_str(raw);
    let mut track = serde_path_to_error::Track::new();
    let event = counted(serde_path_to_error::Deserializer::new(&mut json, &mut track), &unknown);
    count_unknown(unknown.get());
    event.map_err(|error| {
        let path = track.path().to_string();
        let place = if path == "." { at() } else { format!("{}.{path}", at()) };
        let why = error.to_string();
        let why = why.split(" at line").next().unwrap_or_default().to_owned();
        Problem::new(place, "wrong_type", format!("This cannot be read: {why}."))
    })
}

/// The id of an event that cannot be read otherwise, so that its sender knows which one it was.
fn id_of(raw: &str) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Named {
        id: Uuid,
    }
    serde_json::from_str::<Named>(raw).ok().map(|named| named.id)
}

/// Whether JSON text holds the character U+0000, which only an escape can. A backslash that is escaped itself escapes nothing.
fn has_nul(json: &str) -> bool {
    const NUL: &str = "\\u0000";
    let is_escape = |at: usize| {
        let before = json.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        before % 2 == 0
    };
    // `contains` looks at 16 bytes at a time, `match_indices` at each.
    json.contains(NUL) && json.match_indices(NUL).any(|(at, _)| is_escape(at))
}

fn bounded(events: usize) -> Result<(), ApiError> {
    if events > MAX_EVENTS {
        let message = "A batch may have at most 100 events. Nothing was taken; send it in parts.";
        return Err(ApiError::Bad(Problem::new("events", "too_many_events", message)));
    }
    Ok(())
}

fn not_json(error: serde_json::Error) -> ApiError {
    ApiError::NotJson(error.to_string())
}

fn count_unknown(fields: u64) {
    if fields > 0 {
        metrics::counter!("waymark_unknown_fields_total").increment(fields);
    }
}
