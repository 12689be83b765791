//! A collector that is down, rubbish, or silent: the page works as without us, and what happened meanwhile arrives later, once.
//!
//! The one line that the browser itself writes about a failed request is allowed: no script can keep it from doing so.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use harness::Browser;
use harness::poll::until_within;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::everywhere;
use crate::host::{Host, bar};

/// The pause between two tries grows, so the last one may take its time.
const LATER: Duration = Duration::from_secs(40);

/// A shop of three pages that count clicks, visited once so that the loader is in the browser's cache.
async fn visited() -> (Host, Browser) {
    let host = Host::with(&[bar("hello", "Hello", everywhere())]).await;
    for path in ["/", "/one", "/two", "/three"] {
        host.page(path, "<h1>Shop</h1><button onclick=\"count = (window.count || 0) + 1; waymark('track', 'Ordered', { count })\">Order</button>");
    }
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.click("No thanks").await;
    browser.settled().await;
    (host, browser)
}

/// The page works, and nothing of ours is seen or heard.
async fn works(browser: &Browser, orders: u32) {
    for _ in 0..orders {
        browser.click("Order").await;
    }
    assert_eq!(browser.eval("return count").await, json!(orders));
    assert_eq!(browser.eval("return document.querySelectorAll('waymark-prompt').length").await, json!(0));
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    let errors = browser.console_errors().await;
    let own_words: Vec<_> = errors.iter().filter(|error| error.source != "network").collect();
    assert!(own_words.is_empty(), "{own_words:?}");
}

/// Everything that happened is stored, once, in its order.
async fn arrives(host: &Host, pages: &[&str], orders: usize) {
    until_within(LATER, "what was kept to arrive", async || {
        let (viewed, ordered) = (host.viewed().await, host.events("id", "Ordered").await.len());
        if viewed.len() >= pages.len() && ordered >= orders {
            Ok(())
        } else {
            Err(format!("{viewed:?}, {ordered} orders"))
        }
    })
    .await;
    assert_eq!(host.viewed().await, pages);
    assert_eq!(host.events("id", "Ordered").await.len(), orders);
}

async fn unsent(browser: &Browser, key: &str) -> serde_json::Value {
    let waits = "(key) => localStorage[key].includes('\"event\"') && !localStorage[key].includes('\"acked\"')";
    let own = format!("Object.keys(localStorage).filter((key) => key.startsWith('waymark.{key}.'))");
    browser.eval(&format!("return {own}.filter({waits}).length")).await
}

#[tokio::test]
async fn down() {
    let (mut host, browser) = visited().await;
    host.app.stop().await;
    browser.goto(host.pages.url("/one")).await;
    works(&browser, 2).await;
    browser.goto(host.pages.url("/two")).await;
    works(&browser, 1).await;
    assert_eq!(unsent(&browser, &host.site.key).await, json!(5), "two pages and three orders wait");

    host.app.restart().await;
    // By itself: nobody touches the page.
    arrives(&host, &["/", "/one", "/two"], 3).await;
    browser.goto(host.pages.url("/three")).await;
    browser.settled().await;
    assert_eq!(unsent(&browser, &host.site.key).await, json!(0));
    arrives(&host, &["/", "/one", "/two", "/three"], 3).await;
}

#[tokio::test]
async fn rubbish() {
    let answers: &[(StatusCode, &str)] = &[
        (StatusCode::OK, "<html>Welcome to the hotel's wifi"),
        (StatusCode::OK, "null"),
        (StatusCode::OK, r#"{"results":7,"facts":"no","needed":true}"#),
        (StatusCode::INTERNAL_SERVER_ERROR, "oops"),
        (StatusCode::SERVICE_UNAVAILABLE, r#"{"code":"queue_full"}"#),
    ];
    let (mut host, browser) = visited().await;
    let address = host.app.stop().await;
    let mut pages = vec!["/"];
    for (status, body) in answers {
        let server = answering(address, *status, body).await;
        browser.forget_network().await;
        browser.goto(host.pages.url("/one")).await;
        works(&browser, 1).await;
        browser.request("/v1/visit").await;
        works_still(&browser).await;
        pages.push("/one");
        stop(server).await;
    }
    host.app.restart().await;
    arrives(&host, &pages, answers.len()).await;
    browser.goto(host.pages.url("/two")).await;
    browser.settled().await;
    assert_eq!(unsent(&browser, &host.site.key).await, json!(0));
}

/// An answer that looks right and carries facts that nobody can read: nothing is shown, nothing breaks.
#[tokio::test]
async fn facts_that_are_none() {
    for facts in [r#""no""#, "[]", "{}", r#"{"now":"x","bundle":7}"#] {
        let (mut host, browser) = visited().await;
        let address = host.app.stop().await;
        let body = format!(r#"{{"results":[],"facts":{facts},"needed":true}}"#);
        let server = answering(address, StatusCode::OK, &body).await;
        browser.goto(host.pages.url("/one")).await;
        browser.request("/v1/visit").await;
        works(&browser, 1).await;
        works_still(&browser).await;
        stop(server).await;
    }
}

#[tokio::test]
async fn silent() {
    let (mut host, browser) = visited().await;
    let address = host.app.stop().await;
    // Connections are made, and then nothing ever comes.
    let listener = std::net::TcpListener::bind(address).unwrap();
    browser.goto(host.pages.url("/one")).await;
    works(&browser, 1).await;
    browser.goto(host.pages.url("/two")).await;
    works(&browser, 1).await;
    drop(listener);
    host.app.restart().await;
    browser.goto(host.pages.url("/three")).await;
    arrives(&host, &["/", "/one", "/two", "/three"], 2).await;
}

async fn works_still(browser: &Browser) {
    // Two frames after the answer, whatever it led to has been done.
    browser.eval("await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
    assert_eq!(browser.eval("return document.querySelectorAll('waymark-prompt').length").await, json!(0));
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    let errors = browser.console_errors().await;
    assert!(errors.iter().all(|error| error.source == "network"), "{errors:?}");
}

/// Somebody else at the collector's address, who says the same to everybody.
async fn answering(address: SocketAddr, status: StatusCode, body: &str) -> JoinHandle<()> {
    let listener = TcpListener::bind(address).await.unwrap();
    let body = body.to_owned();
    let answer = move || async move {
        (status, [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CONNECTION, "close")], body)
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() })
}

async fn stop(server: JoinHandle<()>) {
    server.abort();
    let _ = server.await;
}
