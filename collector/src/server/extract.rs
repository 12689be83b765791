//! Reading a request's address, query and form, with our own problem where that fails.

use axum::extract::{Form, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use engine::Problem;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// What the address's path says.
#[derive(Debug)]
pub struct InPath<T>(pub T);

/// What the address's query says.
#[derive(Debug)]
pub struct InQuery<T>(pub T);

/// What a form sent.
#[derive(Debug)]
pub struct Submitted<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for InPath<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // An address that cannot be read leads nowhere.
        Path::from_request_parts(parts, state).await.map(|Path(it)| Self(it)).map_err(|_| ApiError::NotFound("page"))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for InQuery<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(it)| Self(it)).map_err(|e| bad("query", "bad_query", &e.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Submitted<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let form = Form::from_request(request, state).await;
        form.map(|Form(it)| Self(it)).map_err(|e| bad("form", "bad_form", &e.body_text()))
    }
}

fn bad(at: &str, code: &'static str, why: &str) -> ApiError {
    ApiError::Bad(Problem::new(at, code, format!("{}.", why.trim_end_matches('.'))))
}
