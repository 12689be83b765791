//! A customer's website for a test: a few fixed pages on a port, so on an origin, of their own.
//!
//! Not the collector and not the example sites: here a test writes the page that it needs, hostile CSS and all.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::State;
use axum::http::header::IntoHeaderName;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Pages that are being served. They end with this value.
#[derive(Debug)]
pub struct Pages {
    address: SocketAddr,
    site: Arc<RwLock<Website>>,
    server: JoinHandle<()>,
}

/// What is served.
#[derive(Debug, Default)]
struct Website {
    files: Files,
    /// What each page is served with beside its type.
    headers: HeaderMap,
}

/// Path to body, e.g. `("/", "<h1>Shop</h1>")`. The end of the path decides the content type: `.js`, `.css`, `.json`, `.svg`, else HTML.
type Files = HashMap<String, String>;

impl Pages {
    /// Serves pages. A body without `<html` is put into a plain document with a title and a viewport.
    pub async fn serve<P: Into<String>, B: Into<String>>(pages: impl IntoIterator<Item = (P, B)>) -> Self {
        let files: Files = pages.into_iter().map(|(path, body)| (path.into(), body.into())).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("no free port on the loopback interface");
        let address = listener.local_addr().expect("a bound socket has an address");
        let site = Arc::new(RwLock::new(Website { files, ..Website::default() }));
        let router = Router::new().fallback(answer).with_state(site.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap_or_else(|error| panic!("the test's website stopped: {error}"));
        });
        Self { address, site, server }
    }

    /// Adds pages, or puts others in their place: for pages that name a site which must know their origin first.
    pub fn put<P: Into<String>, B: Into<String>>(&self, pages: impl IntoIterator<Item = (P, B)>) {
        let pages = pages.into_iter().map(|(path, body)| (path.into(), body.into()));
        self.site.write().unwrap_or_else(PoisonError::into_inner).files.extend(pages);
    }

    /// Sends this `Content-Security-Policy` with each page from now on.
    pub fn under(&self, policy: impl Into<String>) {
        let policy = policy.into();
        if policy.is_empty() {
            self.site.write().unwrap_or_else(PoisonError::into_inner).headers.remove(header::CONTENT_SECURITY_POLICY);
        } else {
            self.with_header(header::CONTENT_SECURITY_POLICY, &policy);
        }
    }

    /// Sends this header with each page from now on.
    pub fn with_header(&self, name: impl IntoHeaderName, value: &str) {
        let value = HeaderValue::from_str(value).expect("a header is one line of ASCII");
        self.site.write().unwrap_or_else(PoisonError::into_inner).headers.insert(name, value);
    }

    /// What `location.origin` says there, e.g. `http://127.0.0.1:40124`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of one page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(site): State<Arc<RwLock<Website>>>, uri: Uri) -> Response {
    let path = uri.path();
    if path == "/favicon.ico" {
        return StatusCode::NO_CONTENT.into_response();
    }
    let (body, headers) = {
        let site = site.read().unwrap_or_else(PoisonError::into_inner);
        (site.files.get(path).cloned(), site.headers.clone())
    };
    let Some(body) = body else {
        return (StatusCode::NOT_FOUND, format!("no page {path}")).into_response();
    };
    let (kind, body) = match path.rsplit_once('.') {
        Some((_, "js")) => ("text/javascript", body),
        Some((_, "css")) => ("text/css", body),
        Some((_, "json")) => ("application/json", body),
        Some((_, "svg")) => ("image/svg+xml", body),
        _ => ("text/html; charset=utf-8", document(path, &body)),
    };
    (headers, [(header::CONTENT_TYPE, kind)], body).into_response()
}

fn document(path: &str, body: &str) -> String {
    if body.contains("<html") {
        return body.to_owned();
    }
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{path}</title>\
         <meta name=viewport content='width=device-width,initial-scale=1'></head><body>{body}</body></html>"
    )
}
