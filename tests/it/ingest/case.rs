//! The form of a case file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fill::Fill;

/// One thing that must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What holds, as a sentence.
    pub name: String,
    #[serde(default)]
    request: Option<Request>,
    #[serde(default)]
    expect: Option<Expect>,
    #[serde(default)]
    steps: Vec<Step>,
}

/// One exchange.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub request: Request,
    pub expect: Expect,
}

/// What is sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    #[serde(default = "post")]
    pub method: String,
    #[serde(default = "events")]
    pub path: String,
    /// Who sends, which says what a request has that the case does not mention.
    #[serde(default, rename = "as")]
    pub sender: Sender,
    /// Instead of or besides the sender's own; null takes one away.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    /// The body as JSON.
    #[serde(default)]
    pub body: Option<Value>,
    /// The body as text.
    #[serde(default)]
    pub text: Option<String>,
    /// The body as bytes.
    #[serde(default)]
    pub hex: Option<String>,
    /// Whether the body is compressed before it is sent. The header is not set by this.
    #[serde(default)]
    pub gzip: bool,
}

/// What must come back. What is not mentioned may be anything.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    pub status: u16,
    /// Of a problem.
    #[serde(default)]
    pub code: Option<String>,
    /// The place of a problem.
    #[serde(default)]
    pub at: Option<String>,
    /// Per event: `accepted`, `duplicate`, or `<code> at <place>`.
    #[serde(default)]
    pub results: Option<Vec<String>>,
    /// Null: the header must not be there.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    /// JSON pointer to value; null also where there is nothing.
    #[serde(default)]
    pub body: BTreeMap<String, Value>,
}

/// Who sends.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sender {
    /// A page of the site: `text/plain`, the site's origin, key and ids in the body.
    Browser,
    /// A server of the customer: JSON and the secret key.
    Server,
    /// Nobody in particular: only what the case says.
    #[default]
    Nobody,
}

impl Case {
    pub(super) fn steps(&self) -> impl Iterator<Item = Step> {
        let only = self.request.clone().zip(self.expect.clone()).map(|(request, expect)| Step { request, expect });
        let steps: Vec<_> = only.into_iter().chain(self.steps.iter().cloned()).collect();
        assert!(!steps.is_empty(), "{:?} sends nothing", self.name);
        steps.into_iter()
    }
}

impl Sender {
    pub(super) fn headers(self) -> Vec<(String, String)> {
        let headers: &[(&str, &str)] = match self {
            Self::Browser => &[("content-type", "text/plain;charset=UTF-8"), ("origin", "{origin}")],
            Self::Server => &[("content-type", "application/json"), ("authorization", "Bearer {secret}")],
            Self::Nobody => &[],
        };
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Adds what a page puts into every batch, unless the case says it itself (null leaves it out).
    pub(super) fn complete(self, body: &mut Value, fill: &Fill) {
        let (Self::Browser, Some(body)) = (self, body.as_object_mut()) else {
            return;
        };
        for (name, value) in
            [("key", "{key}"), ("visitor", "{visitor}"), ("device", "{device}"), ("session", "{session}")]
        {
            body.entry(name).or_insert_with(|| json!(fill.text(value)));
        }
        *body = std::mem::take(body).into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>();
    }
}

fn post() -> String {
    "POST".to_owned()
}

fn events() -> String {
    "/v1/events".to_owned()
}
