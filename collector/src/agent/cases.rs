//! The shared cases of `tests/cases/agent/`: what must pass as a person's browser, and what must not.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use engine::rule::Device;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Client;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    agent: String,
    /// Other headers.
    #[serde(default)]
    hints: Vec<(String, String)>,
    /// `navigator.maxTouchPoints` and `navigator.platform`, if the page has spoken.
    page: Option<(u32, String)>,
    device: Device,
    system: String,
    browser: String,
}

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/agent").join(file);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn client(agent: &str, hints: &[(String, String)]) -> Client {
    let mut headers = HeaderMap::new();
    let hints = hints.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in hints.chain([("user-agent", agent)]) {
        let name = HeaderName::from_bytes(name.as_bytes());
        let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) else { panic!("{agent}") };
        headers.insert(name, value);
    }
    Client::of(&headers)
}

#[test]
fn browsers_of_people_pass_and_are_told_apart() {
    let cases: Vec<Case> = serde_json::from_str(&text("browsers.json")).unwrap_or_else(|error| panic!("{error}"));
    let distinct: BTreeSet<&str> = cases.iter().map(|case| case.agent.as_str()).collect();
    assert!(distinct.len() >= 300, "{}", distinct.len());
    let mut wrong = Vec::new();
    let (mut systems, mut browsers) = (BTreeSet::new(), BTreeSet::new());
    for case in &cases {
        let mut client = client(&case.agent, &case.hints);
        if let Some((touches, platform)) = &case.page {
            client = client.corrected(*touches, platform);
        }
        let expected = json!({
            "kind": "person", "device": case.device, "system": case.system, "browser": case.browser,
        });
        let got = serde_json::to_value(client).unwrap_or_default();
        if got != expected {
            wrong.push(format!("{}\n    {got}, expected {expected}", case.agent));
        }
        systems.insert(case.system.clone());
        browsers.insert(case.browser.clone());
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert_eq!((systems.len(), browsers.len()), (7, 15), "{systems:?} {browsers:?}");
}

#[test]
fn crawlers_are_found_by_their_own_examples() {
    let text = text("crawlers.txt");
    let people: Vec<&str> = text.lines().filter(|agent| !client(agent, &[]).is_bot()).collect();
    assert!(text.lines().count() > 2000);
    assert!(people.is_empty(), "\n{}\n", people.join("\n"));
}

#[test]
fn no_header_makes_reading_fail() {
    let nothing = Client::of(&HeaderMap::new());
    assert_eq!(serde_json::to_value(nothing).unwrap_or_default()["kind"], Value::from("bot"));
    for bytes in [
        &b"Mozilla/5.0 \xff\xfe"[..],
        &[b'x'; 5000],
        b"",
        b"\xc3",
        &[b"Mozilla/5.0 ".as_slice(), &[0xc3; 2000]].concat(),
    ] {
        let mut headers = HeaderMap::new();
        let Ok(value) = HeaderValue::from_bytes(bytes) else { panic!("{bytes:?}") };
        headers.insert("user-agent", value.clone());
        headers.insert("sec-ch-ua-platform", value);
        let _ = Client::of(&headers).corrected(u32::MAX, "\u{0}");
    }
}
