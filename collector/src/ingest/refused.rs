//! `POST /v1/refused`: a page has the script and may send, but its policy lets no WebAssembly run. The module's own start says so, which
//! knows no site; whose page it is follows from its origin. Where the JavaScript in its place cannot be had either, it says that too.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};

use crate::agent::Client;
use crate::error::ApiError;
use crate::limits::read_body;
use crate::server::ClientAddress;
use crate::state::App;

/// Bytes of what a browser says of an error.
const WORDS_BYTES: usize = 2 * 1024;

/// How a page begins that got no JavaScript in the place of WebAssembly either; the browser's words follow, first those about WebAssembly.
const NEITHER: &str = "neither: ";

/// Remembers the page for the console. Whatever else went wrong there is nothing that its owner could mend.
pub async fn refused(
    State(app): State<App>,
    client: ClientAddress,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    app.limits.admit_address(client.0)?;
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let Some(origin) = origin.filter(|_| !Client::of(&headers).is_bot()) else { return Ok(StatusCode::NO_CONTENT) };
    let seconds = Duration::from_secs(app.config.timeouts.body_seconds);
    let words = read_body(&headers, body, WORDS_BYTES, seconds).await?;
    let words = String::from_utf8_lossy(&words);
    if is_policy(&words) {
        let is_neither = words.starts_with(NEITHER);
        for site in app.sites.all().into_iter().filter(|site| site.allows(origin)) {
            let now = site.now(&app.clock);
            if is_neither {
                app.refusals.neither(&site.id, origin, now)
            } else {
                app.refusals.module(&site.id, origin, now)
            }
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether an error is a policy's refusal, in the words of any browser.
fn is_policy(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    ["content security policy", "csp", "unsafe-eval"].iter().any(|part| words.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_told_from_a_broken_line() {
        for (words, expected) in [
            (
                "CompileError: WebAssembly.compileStreaming(): violates the following Content Security policy directive",
                true,
            ),
            ("CompileError: call to WebAssembly.compileStreaming() blocked by CSP", true),
            (
                "CompileError: Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not allowed",
                true,
            ),
            ("TypeError: network error", false),
            ("CompileError: expected magic word 00 61 73 6d", false),
            ("", false),
        ] {
            assert_eq!(is_policy(words), expected, "{words}");
        }
    }
}
