//! What a visitor is made to download, as the browser itself counts it. `cargo xtask size` holds it against
//! `widget/budget.toml`.

use std::collections::BTreeMap;

use harness::browser::{End, Exchange};
use harness::{Backend, Browser, Pages, TestApp, target_dir};
use reqwest::Method;
use serde_json::{Value, json};

use crate::host::{Host, bar};

/// From navigation until the answer with its comment is acknowledged, lazy parts included, heads of answers too. The site has
/// this one prompt, as one would set up the products that it is compared with.
#[tokio::test]
async fn one_nps() {
    let app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let pages = Pages::serve([("/", "")]).await;
    let site = app.site_at(&[&pages.origin()]).await;
    app.import(&site, &["examples/site.json", "examples/prompts/nps.json", "examples/journeys"]).await;
    pages.put([("/", body(&app.snippet(&site)))]);
    for (name, props) in
        [("Trial Started", json!({})), ("Subscription Started", json!({ "mrr": 49 }))].into_iter().chain(
            ["Integration Connected", "Teammate Invited", "Invoice Sent", "Subscription Renewed"]
                .map(|name| (name, json!({}))),
        )
    {
        let event = json!({ "type": "track", "name": name, "account_id": "quay-cycles", "props": props });
        app.server_batch(&site.secret, json!([event])).await.accepted();
    }

    let browser = Browser::desktop().await;
    browser.forget_network().await;
    browser.goto(pages.url("/")).await;
    let nps = browser.prompt().await;
    browser.wait_for("window.seen").await;
    nps.click("9").await;
    nps.type_into("What is the main reason for your score?", "It does what it says").await;
    nps.click("Send").await;
    nps.says("We read every answer").await;
    browser.settled().await;
    let stored =
        app.texts("select props from event where name = 'NPS Answered' and props like '%It does what it says%'").await;
    assert_eq!(stored.len(), 1, "the comment is acknowledged before it is counted");

    let ours = exchanges(&browser, &app.url("")).await;
    for exchange in &ours {
        assert!(
            exchange.end == End::Finished && exchange.status == 200 && !exchange.cached,
            "not fetched: {exchange:?}"
        );
    }
    let mut bytes = BTreeMap::new();
    for exchange in &ours {
        *bytes.entry(address(exchange, &app.url(""), &site.key)).or_insert(0) += exchange.bytes;
    }
    compressed(&app, &ours).await;
    let file = target_dir().join("size/nps.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, serde_json::to_string_pretty(&bytes).unwrap()).unwrap();
    assert!(bytes.keys().any(|address| address.ends_with(".wasm")), "{bytes:?}");
    let told: Vec<Vec<Value>> = ours.iter().filter_map(|one| one.sent.as_deref()).map(actions).collect();
    let expected = json!([["page", "identify", "group"], ["shown"], ["viewed", "answered"], ["answered"]]);
    assert_eq!(json!(told), expected, "that it was seen is no request of its own");
}

/// Where nothing can be shown, a page pays for the loader and one visit, and the visit is stored.
#[tokio::test]
async fn a_page_with_nothing_to_show() {
    let host = Host::with(&[bar(
        "elsewhere",
        "Elsewhere",
        json!({ "query": { "param": "here", "test": { "is": ["yes"] } } }),
    )])
    .await;
    host.page("/", "<h1>Shop</h1>");
    let browser = Browser::desktop().await;
    browser.forget_network().await;
    browser.goto(host.pages.url("/")).await;
    browser.no_prompt().await;
    let ours = exchanges(&browser, &host.app.url("")).await;
    let paths: Vec<_> = ours.iter().map(|one| one.url.replace(&host.app.url(""), "")).collect();
    assert_eq!(paths, [format!("/w/{}.js", host.site.key), "/v1/visit".to_owned()]);
    let bytes: u64 = ours.iter().map(|one| one.bytes).sum();
    assert!(bytes <= 4000, "{bytes} bytes");
    assert_eq!(host.viewed().await, ["/"]);
}

/// The text of a page that somebody might read, so that the page's own load is not nothing.
fn body(snippet: &str) -> String {
    format!(
        "<script>window.waymark = window.waymark || function () {{ (waymark.q = waymark.q || []).push(arguments); }};
         waymark('identify', 'ada@quay.example', {{ plan: 'team' }}); waymark('group', 'quay-cycles', {{ name: 'Quay Cycles' }});
         waymark('on', 'viewed', () => window.seen = true);</script>
         {snippet}<h1>Northwind Ledger</h1><p>Books that keep themselves.</p>"
    )
}

async fn exchanges(browser: &Browser, collector: &str) -> Vec<Exchange> {
    browser.network().await.into_iter().filter(|one| one.url.starts_with(collector)).collect()
}

/// What a batch tells of: what happened with a prompt, or else the type of the event.
fn actions(batch: &str) -> Vec<Value> {
    let batch: Value = serde_json::from_str(batch).unwrap();
    let events = batch["events"].as_array().unwrap().iter();
    events.map(|event| event.get("action").unwrap_or(&event["type"]).clone()).collect()
}

/// The path, with the site's random key left out.
fn address(exchange: &Exchange, collector: &str, key: &str) -> String {
    exchange.url.replace(collector, "").replace(key, "{key}")
}

/// What is fetched as a file came in brotli: a head and the packed body, nothing more.
async fn compressed(app: &TestApp, ours: &[Exchange]) {
    let assets: Vec<_> = ours.iter().filter(|one| one.url.contains("/a/")).collect();
    assert_eq!(assets.len(), 2, "the module's two files: {assets:?}");
    for asset in assets {
        let path = asset.url.replace(&app.url(""), "");
        let request = app.request(Method::GET, &path).header("accept-encoding", "gzip, br");
        let head = app.try_send(request).await.unwrap();
        assert_eq!(head.header("content-encoding"), Some("br"), "{path}");
        let packed: u64 = head.header("content-length").unwrap().parse().unwrap();
        assert!(asset.bytes > packed && asset.bytes < packed + 800, "{path}: {} bytes for {packed}", asset.bytes);
    }
}
