//! Speaking to a collector as pages and servers do, over HTTP, and reading its answers.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, ORIGIN};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Site;

/// The user agent of somebody's browser: crawlers are not counted, and a headless browser says that it is one.
pub const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// Sends requests to one collector. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
}

/// The ids a browser carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// Who visits, as far as a browser can know.
    pub visitor: Uuid,
    /// The device, which outlives a reset of the visitor.
    pub device: Uuid,
    /// The visit.
    pub session: Uuid,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
}

impl Visitor {
    /// Somebody who was never here.
    pub fn random() -> Self {
        Self { visitor: Uuid::new_v4(), device: Uuid::new_v4(), session: Uuid::new_v4() }
    }
}

/// A new event id as the widget makes them: ordered by time.
pub fn event_id() -> Uuid {
    Uuid::now_v7()
}

impl Client {
    /// A client of the collector at `base`, e.g. `http://127.0.0.1:8080`.
    pub fn new(base: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            http: reqwest::Client::builder().user_agent(USER_AGENT).build().expect("a client without TLS of its own"),
        }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request that is not sent yet; for what the methods below do not offer.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// Sends a request and reads the answer. `Err` when the connection broke: whether it arrived is unknown.
    pub async fn try_send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, text: response.text().await? })
    }

    /// What a page sends: a batch of events of one visitor, with the public key, as text, from the site's first origin.
    pub fn browser_request(&self, site: &Site, visitor: Visitor, events: Value) -> reqwest::RequestBuilder {
        let Visitor { visitor, device, session } = visitor;
        let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session,
                            "language": "en", "events": stamped(events) });
        self.request(Method::POST, "/v1/events")
            .header(CONTENT_TYPE, "text/plain")
            .header(ORIGIN, &site.origin)
            .body(batch.to_string())
    }

    /// What a customer's server sends: events that name a `user_id` or `account_id`, with the secret key.
    pub fn server_request(&self, secret: &str, events: Value) -> reqwest::RequestBuilder {
        self.request(Method::POST, "/v1/events")
            .header(AUTHORIZATION, format!("Bearer {secret}"))
            .header(CONTENT_TYPE, "application/json")
            .body(json!({ "events": stamped(events) }).to_string())
    }

    /// Sends [`Client::browser_request`].
    pub async fn browser_batch(&self, site: &Site, visitor: Visitor, events: Value) -> Answer {
        send(self.browser_request(site, visitor, events)).await
    }

    /// Sends [`Client::server_request`].
    pub async fn server_batch(&self, secret: &str, events: Value) -> Answer {
        send(self.server_request(secret, events)).await
    }
}

impl Answer {
    /// The body as JSON; null where it is not.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The stable code of a problem.
    pub fn code(&self) -> Option<String> {
        self.json()["code"].as_str().map(str::to_owned)
    }

    /// One header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What became of each event: `accepted`, `duplicate`, or the code with which it was rejected.
    ///
    /// # Panics
    /// When the batch as a whole was refused.
    pub fn results(&self) -> Vec<String> {
        assert_eq!(self.status, StatusCode::OK, "the batch was refused: {}", self.text);
        let body = self.json();
        let results = body["results"].as_array().unwrap_or_else(|| panic!("no results in {body}"));
        let result = |one: &Value| match one["status"].as_str() {
            Some("rejected") => one["code"].as_str().unwrap_or("rejected without a code").to_owned(),
            status => status.unwrap_or("no status").to_owned(),
        };
        results.iter().map(result).collect()
    }

    /// Every event must have been accepted. Returns the answer, for its facts.
    #[track_caller]
    pub fn accepted(self) -> Self {
        assert!(self.results().iter().all(|result| result == "accepted"), "{}", self.text);
        self
    }
}

async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap_or_else(|error| panic!("no answer: {error}"));
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap_or_else(|error| panic!("the answer broke off: {error}"));
    Answer { status, headers, text }
}

/// Gives an id to each event that has none.
fn stamped(mut events: Value) -> Value {
    for event in events.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        event.entry("id").or_insert_with(|| json!(event_id()));
    }
    events
}
