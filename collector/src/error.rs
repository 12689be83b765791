//! What a request that fails is told: RFC 9457 problem+json, with a code that never changes.
//!
//! [`ApiError`] is the only error that becomes a response. What went wrong inside is logged, never shown.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Problem;
use serde::Serialize;

use crate::store;

/// Why a request failed. Each variant has one status, one code and one sentence.
#[derive(Debug)]
pub enum ApiError {
    /// 400 `not_json`: the body is not JSON, or not of the shape that is asked for.
    NotJson(String),
    /// 400 with a code of its own, at a place in the body.
    Bad(Problem),
    /// 401 `unknown_key`: no site has this write key.
    UnknownKey,
    /// 401 `signed_out`: the console's API without a session.
    SignedOut,
    /// 403 `origin_refused`: the page's origin is not in the site's list.
    OriginRefused(String),
    /// 403 `forbidden`: with what may not be done.
    Forbidden(&'static str),
    /// 404 `not_found`: with what was looked for.
    NotFound(&'static str),
    /// 405 `method_not_allowed`.
    MethodNotAllowed,
    /// 408 `too_slow`: the body did not arrive in time.
    TooSlow,
    /// 413 `too_large`: more than this many bytes.
    TooLarge(usize),
    /// 415 `unsupported_type`: with what came.
    UnsupportedType(String),
    /// 422 `invalid`: all mistakes at once.
    Invalid(Vec<Problem>),
    /// 429 `rate_limited`: come back after so long.
    RateLimited(Duration),
    /// 503 `queue_full`: nothing was taken; come back after so long.
    QueueFull(Duration),
    /// 503 `draining`: this process is going away; come back after so long.
    Draining(Duration),
    /// 503 `unavailable`: the database does not answer.
    Unavailable(String),
    /// 500 `internal`: our fault, with what the log shall say.
    Internal(String),
}

/// The body, as RFC 9457 wants it.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    #[serde(skip_serializing_if = "<[Problem]>::is_empty")]
    problems: &'a [Problem],
}

impl ApiError {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotJson(_) | Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::UnknownKey | Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::OriginRefused(_) | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::QueueFull(_) | Self::Draining(_) | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code that programs may rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson(_) => "not_json",
            Self::Bad(problem) => problem.code,
            Self::UnknownKey => "unknown_key",
            Self::SignedOut => "signed_out",
            Self::OriginRefused(_) => "origin_refused",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooSlow => "too_slow",
            Self::TooLarge(_) => "too_large",
            Self::UnsupportedType(_) => "unsupported_type",
            Self::Invalid(_) => "invalid",
            Self::RateLimited(_) => "rate_limited",
            Self::QueueFull(_) => "queue_full",
            Self::Draining(_) => "draining",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// One sentence for whoever reads the answer: what happened, and what to do.
    pub fn detail(&self) -> String {
        match self {
            Self::NotJson(why) => format!("The body is not the JSON that is expected here: {why}."),
            Self::Bad(problem) => problem.message.clone(),
            Self::UnknownKey => {
                "No site has this key. Compare it with what the console shows: that of pages under Settings, Install, those of servers under Settings, Keys.".to_owned()
            }
            Self::SignedOut => "Sign in to the console first.".to_owned(),
            Self::OriginRefused(origin) => {
                format!("{origin} is not in this site's list of origins. The console shows it, with what to do.")
            }
            Self::Forbidden(what) => (*what).to_owned(),
            Self::NotFound(what) => format!("There is no {what} at this address."),
            Self::MethodNotAllowed => "This address exists, but not for this method.".to_owned(),
            Self::TooSlow => "The body did not arrive in time.".to_owned(),
            Self::TooLarge(bytes) => format!("The body may have at most {bytes} bytes here. Send it in parts."),
            Self::UnsupportedType(got) => {
                format!(
                    "A body of type \"{got}\" is not understood here: send JSON, as text/plain or application/json."
                )
            }
            Self::Invalid(problems) => match problems.as_slice() {
                [one] => one.message.clone(),
                many => format!("{} mistakes were found; each is listed with its place.", many.len()),
            },
            Self::RateLimited(_) => "Too many requests. Nothing was taken; send it again later.".to_owned(),
            Self::QueueFull(_) => {
                "The collector has more to write than it can. Nothing was taken; send it again later.".to_owned()
            }
            Self::Draining(_) => "This collector is stopping. Nothing was taken; send it again in a moment.".to_owned(),
            Self::Unavailable(_) => "The database does not answer. Nothing was taken; send it again later.".to_owned(),
            Self::Internal(_) => "Something went wrong on our side. It is in the log.".to_owned(),
        }
    }

    /// How long to wait before the next try, where that helps.
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited(wait) | Self::QueueFull(wait) | Self::Draining(wait) => Some(*wait),
            Self::Unavailable(_) => Some(Duration::from_secs(5)),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Internal(why) | Self::Unavailable(why) = &self {
            tracing::error!(code = self.code(), why, "a request failed");
        }
        let status = self.status();
        let detail = self.detail();
        let body = Body {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code: self.code(),
            detail: &detail,
            at: if let Self::Bad(problem) = &self { Some(&problem.at) } else { None },
            problems: if let Self::Invalid(problems) = &self { problems } else { &[] },
        };
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (status, bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after() {
            // Whole seconds, rounded up: zero would ask for the storm again.
            let seconds = wait.as_millis().div_ceil(1_000).max(1);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX)));
        }
        response
    }
}

impl From<store::Error> for ApiError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::PoolTimedOut | store::Error::PoolClosed | store::Error::Io(_) => {
                Self::Unavailable(error.to_string())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body_of(error: ApiError) -> (u16, Option<String>, serde_json::Value) {
        let response = error.into_response();
        let status = response.status().as_u16();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let wait = response.headers().get(header::RETRY_AFTER).map(|v| v.to_str().unwrap().to_owned());
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, wait, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn every_problem_has_its_status_code_and_sentence() {
        let problem = || Problem::new("events[2].name", "name_empty", "An event needs a name.");
        let cases = [
            (ApiError::NotJson("it ends early".into()), 400, "not_json", None),
            (ApiError::Bad(problem()), 400, "name_empty", None),
            (ApiError::UnknownKey, 401, "unknown_key", None),
            (ApiError::OriginRefused("https://www.x".into()), 403, "origin_refused", None),
            (ApiError::NotFound("page"), 404, "not_found", None),
            (ApiError::TooLarge(65_536), 413, "too_large", None),
            (ApiError::UnsupportedType("image/png".into()), 415, "unsupported_type", None),
            (ApiError::Invalid(vec![problem(), problem()]), 422, "invalid", None),
            (ApiError::RateLimited(Duration::from_millis(1_001)), 429, "rate_limited", Some("2")),
            (ApiError::QueueFull(Duration::ZERO), 503, "queue_full", Some("1")),
            (ApiError::Internal("secret".into()), 500, "internal", None),
        ];
        for (error, status, code, wait) in cases {
            let (got_status, got_wait, body) = body_of(error).await;
            assert_eq!((got_status, body["code"].as_str().unwrap()), (status, code));
            assert_eq!(got_wait.as_deref(), wait, "{code}");
            assert_eq!(body["status"], status);
            assert!(body["detail"].as_str().unwrap().ends_with('.'), "{code}: {body}");
            assert!(!body.to_string().contains("secret"), "internals are never shown");
        }
    }

    #[tokio::test]
    async fn places_are_told() {
        let (_, _, bad) = body_of(ApiError::Bad(Problem::new("events[2].name", "name_empty", "Empty."))).await;
        assert_eq!(bad["at"], "events[2].name");
        let (_, _, invalid) = body_of(ApiError::Invalid(vec![Problem::new("rule", "unknown_stage", "No.")])).await;
        assert_eq!(invalid["problems"][0]["code"], "unknown_stage");
    }
}
