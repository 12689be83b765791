//! One GET, as a browser that has never been there would make it.

use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub struct Fetched {
    /// The address after redirects.
    pub url: String,
    pub status: u16,
    /// Name in lower case, value.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Fetched {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// More of a page than this is not read.
const BODY_MAX: u64 = 4 * 1024 * 1024;

/// Fetches a page; `Err` says in a few words why not.
pub fn fetch(url: &str) -> Result<Fetched, String> {
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(15)))
        .http_status_as_error(false)
        .user_agent(concat!("waymark-doctor/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent();
    let mut response = agent.get(url).call().map_err(|e| e.to_string())?;
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let url = ureq::ResponseExt::get_uri(&response).to_string();
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(BODY_MAX)
        .lossy_utf8(true)
        .read_to_string()
        .map_err(|e| e.to_string())?;
    Ok(Fetched { url, status, headers, body })
}
