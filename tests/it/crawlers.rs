//! Crawlers and monitors: they see no prompts, they are counted nowhere, and the page's console stays clean for them too.

use harness::{Browser, BrowserOptions, Visitor, event_id};
use reqwest::header::USER_AGENT;
use serde_json::json;

use crate::host::{Host, bar};

#[tokio::test]
async fn a_browser_that_says_nobody_sits_before_it_sees_nothing_and_is_not_counted() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "all": [] }))]).await;
    host.page("/", "<h1>Home</h1>");
    let crawler = Browser::new(BrowserOptions { crawler: true, ..BrowserOptions::default() }).await;
    crawler.goto(host.pages.url("/")).await;
    crawler.settled().await;
    crawler.no_prompt().await;
    assert_eq!(crawler.console_errors().await, []);
    let fetched: Vec<String> = crawler.network().await.into_iter().map(|exchange| exchange.url).collect();
    assert!(fetched.iter().any(|url| url.contains("/v1/visit")), "it asked: {fetched:?}");
    assert!(!fetched.iter().any(|url| url.contains("/a/")), "and loaded nothing more: {fetched:?}");
    assert_eq!(host.viewed().await, Vec::<String>::new());

    let somebody = Browser::desktop().await;
    somebody.goto(host.pages.url("/")).await;
    somebody.prompt().await.says("Hello").await;
    assert_eq!(host.viewed().await.len(), 1);
}

#[tokio::test]
async fn a_crawler_is_told_why_nothing_is_kept() {
    let host = Host::with(&[]).await;
    let page = json!([{ "id": event_id(), "type": "page", "url": host.pages.url("/") }]);
    let request = host.app.browser_request(&host.site, Visitor::random(), page);
    let agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    let answer = host.app.try_send(request.header(USER_AGENT, agent)).await.unwrap();
    assert_eq!(answer.results(), ["crawler"]);
    assert_eq!(answer.json()["needed"], false);
    assert_eq!(answer.json()["facts"], json!(null));
    // A server may call itself what it likes.
    let event = json!([{ "id": event_id(), "type": "track", "name": "Paid", "user_id": "ann" }]);
    let request = host.app.server_request(&host.site.secret, event).header(USER_AGENT, "python-requests/2.32");
    assert_eq!(host.app.try_send(request).await.unwrap().results(), ["accepted"]);
}
