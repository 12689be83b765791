//! What holds for every answer: a panic becomes a problem, and no browser guesses a type.
//!
//! Around the router and not layers in it: axum boxes and copies a request once more for each layer.

use std::any::Any;
use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;

/// The answer of `serving`, whatever becomes of it.
pub async fn guarded(serving: impl Future<Output = Result<Response, Infallible>>) -> Response {
    let mut serving = pin!(serving);
    let caught = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| serving.as_mut().poll(cx))) {
        Ok(polled) => polled,
        Err(cause) => Poll::Ready(Ok(panicked(&*cause))),
    });
    let Ok(mut response) = caught.await;
    response.headers_mut().entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}

/// A bug of ours fails one request and not its neighbours.
fn panicked(cause: &(dyn Any + Send)) -> Response {
    let text = cause.downcast_ref::<&str>().copied();
    let text = text.or_else(|| cause.downcast_ref::<String>().map(String::as_str)).unwrap_or_default();
    ApiError::Internal(format!("panic: {text}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_answer_and_every_answer_names_its_type() {
        let bug = guarded(async { panic!("a bug") }).await;
        assert_eq!(bug.status(), 500);
        assert_eq!(bug.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let fine = guarded(async { Ok("fine".into_response()) }).await;
        assert_eq!(
            (fine.status().as_u16(), &fine.headers()[header::X_CONTENT_TYPE_OPTIONS]),
            (200, &"nosniff".parse().unwrap())
        );
    }
}
