//! A refusal as people read it. Handlers refuse the way the whole collector does, with a problem for programs; a browser that
//! asked for a page gets a page: what happened, what was kept, what to do. Status and headers stay.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::layout;

/// Larger than any problem.
const PROBLEM_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
struct Problem {
    code: String,
    detail: String,
}

/// Whether it is somebody with a browser who asks.
pub fn reads_pages(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|it| it.contains("text/html"))
}

/// Puts a page in the place of a problem, for browsers.
pub async fn as_page(request: Request, next: Next) -> Response {
    let is_read = reads_pages(request.headers());
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !is_read || kind.is_none_or(|kind| kind != "application/problem+json") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, PROBLEM_BYTES).await.unwrap_or_default();
    let Ok(problem) = serde_json::from_slice::<Problem>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let wait = parts.headers.get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
    let (title, content) = said(&problem, wait);
    let (page, body) = layout::card(title, &content).into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Some(kind) = page.headers.get(header::CONTENT_TYPE) {
        parts.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    Response::from_parts(parts, body)
}

/// The title of the page, and what it says.
fn said(problem: &Problem, wait_seconds: Option<u64>) -> (&'static str, Markup) {
    let (title, sentence, to, word) = match problem.code.as_str() {
        "signed_out" => {
            let sentence = "Nothing was changed. Sign in, then do it once more.".to_owned();
            ("You are signed out", sentence, "/login", "Sign in")
        }
        "rate_limited" => {
            let wait = wait_seconds.map_or("a minute".to_owned(), seconds);
            ("Too many tries", format!("Wait {wait}, then try again."), "/login", "Try again")
        }
        "not_found" => ("There is nothing here", problem.detail.clone(), "/", "Go to Home"),
        _ => ("This did not work", problem.detail.clone(), "/", "Go to Home"),
    };
    (title, html! { h1 { (title) } p { (sentence) } p.more { a.button href=(to) { (word) } } })
}

fn seconds(number: u64) -> String {
    match number {
        1 => "a second".to_owned(),
        2..=90 => format!("{number} seconds"),
        more => format!("{} minutes", more.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do() {
        let text = |code: &str, wait| {
            let problem = Problem { code: code.to_owned(), detail: "The database does not answer.".to_owned() };
            said(&problem, wait).1.into_string()
        };
        assert!(text("rate_limited", Some(1)).contains("Wait a second,"));
        assert!(text("rate_limited", Some(45)).contains("Wait 45 seconds,"));
        assert!(text("rate_limited", Some(600)).contains("Wait 10 minutes,"));
        assert!(text("signed_out", None).contains("href=\"/login\""));
        assert!(text("unavailable", None).contains("The database does not answer."));
    }
}
