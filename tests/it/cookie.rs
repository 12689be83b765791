//! The visitor's id as a cookie: who comes back with nothing stored is known, where the collector is on the site's own domain and the
//! site wants it so.

use harness::poll::until;
use harness::{Answer, Backend, Browser, Client, Pages, Site, TestApp, Visitor, on_both};
use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN};
use serde_json::{Value, json};

use crate::host::{Host, bar};
use crate::identity::page;

on_both! {
    async fn who_comes_back_with_nothing_stored_is_known(app: TestApp) {
        let site = site(&app, "http://127.0.0.1:4711", true).await;
        let (before, after) = (Visitor::random(), Visitor::random());
        let first = visit(&app, &site, "/v1/visit", before, Some(true), None).await.accepted();
        let line = first.header("set-cookie").expect("it is kept").to_owned();
        let expected = format!("wm_{}={}; Max-Age=34128000; Path=/v1; SameSite=Lax; Secure; HttpOnly", site.key, before.visitor);
        assert_eq!(line, expected);
        assert_eq!(first.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(first.header("access-control-allow-origin"), Some("http://127.0.0.1:4711"));
        assert_eq!(first.json()["visitor"], Value::Null, "the page knows");

        let cookie = line.split(';').next().unwrap().to_owned();
        let again = visit(&app, &site, "/v1/visit", after, Some(true), Some(&cookie)).await.accepted();
        assert_eq!(again.json()["visitor"], before.visitor.to_string());
        assert_eq!(again.header("set-cookie"), Some(expected.as_str()), "and stays who it is");
        assert_eq!(visitors(&app, &site).await, [before.visitor.to_string()], "what happened is of the one who came back");
        let own = visit(&app, &site, "/v1/visit", after, Some(false), Some(&cookie)).await.accepted();
        assert_eq!(own.json()["visitor"], Value::Null, "what a page has stored goes before the cookie");
        assert!(own.header("set-cookie").unwrap().contains(&after.visitor.to_string()));
        assert_eq!(visitors(&app, &site).await.len(), 2);
    }

    async fn nothing_is_kept_where_nobody_asked_for_it(app: TestApp) {
        let (own, other, below) = ("http://127.0.0.1:4711", "http://shop.test", "http://*.shop.test");
        for (what, origin, from, wanted, path, fresh) in [
            ("the page may keep nothing", own, own, true, "/v1/visit", None),
            ("another address", own, own, true, "/v1/events", Some(true)),
            ("the site does not want it", own, own, false, "/v1/visit", Some(true)),
            ("another domain", other, other, true, "/v1/visit", Some(true)),
            ("a pattern of origins", below, "http://www.shop.test", true, "/v1/visit", Some(true)),
        ] {
            let site = Site { origin: from.to_owned(), ..site(&app, origin, wanted).await };
            let (before, after) = (Visitor::random(), Visitor::random());
            let cookie = format!("wm_{}={}", site.key, before.visitor);
            let answer = visit(&app, &site, path, after, fresh, Some(&cookie)).await.accepted();
            assert_eq!(answer.header("set-cookie"), None, "{what}");
            assert_eq!(answer.json()["visitor"], Value::Null, "{what}");
            assert_eq!(visitors(&app, &site).await, [after.visitor.to_string()], "{what}");
        }
    }
}

/// A browser that has deleted what the page had stored is told who it is, and goes on as that visitor.
#[tokio::test]
async fn a_page_takes_up_who_the_cookie_says() {
    takes_up("").await;
}

/// The cookie goes where pages post, wherever that is.
#[tokio::test]
async fn a_page_takes_it_up_below_another_path() {
    takes_up("/m").await;
}

async fn takes_up(path: &str) {
    let host = Host::below(path, &[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    host.page("/", "<h1>Shop</h1>");
    let settings = json!({ "page_groups": [], "cookie": true });
    host.app.import_json(&host.site, &[("site.json", settings)]).await;
    let browser = Browser::desktop().await;
    let state = format!("JSON.parse(localStorage['waymark.{}'])", host.site.key);
    let visitor = format!("return {state}.visitor");
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
    browser.settled().await;
    let before = browser.eval(&visitor).await;

    // On a page without us, which would keep it once more on leaving.
    browser.goto(host.pages.url("/wait")).await;
    browser.eval("localStorage.clear()").await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await;
    browser.settled().await;
    assert_eq!(browser.eval(&visitor).await, before, "the same one");
    let subjects = host.app.texts("select distinct subject from event").await;
    assert_eq!(subjects, [format!("v:{}", before.as_str().unwrap())]);

    // Nor is that forgotten when a page is left before its first answer.
    browser.goto(host.pages.url("/wait")).await;
    browser.eval("localStorage.clear()").await;
    browser.slow(2000.0).await;
    browser.goto(host.pages.url("/")).await;
    browser.wait_for(&state).await;
    browser.slow(0.0).await;
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    assert_eq!(browser.eval(&visitor).await, before, "the same one, a page later");

    // Whoever has asked to be somebody else is that.
    browser.eval("waymark('reset')").await;
    browser.settled().await;
    let after = browser.eval(&visitor).await;
    assert_ne!(after, before);
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    assert_eq!(browser.eval(&visitor).await, after);
    assert_eq!(host.app.texts("select distinct subject from event").await.len(), 2);
    assert_eq!(browser.console_errors().await, []);
}

/// A page that the collector may not give cookies to is none the worse for it.
#[tokio::test]
async fn a_page_elsewhere_does_without_the_cookie() {
    let app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let pages = Pages::serve([("/", "")]).await;
    // The same place by another name: no neighbour of the collector.
    let origin = pages.origin().replace("127.0.0.1", "localhost");
    let site = site(&app, &origin, true).await;
    pages.put([("/", app.snippet(&site))]);
    let browser = Browser::desktop().await;
    browser.goto(format!("{origin}/")).await;
    until("the visit to be stored", async || match app.texts("select name from event").await.len() {
        1 => Ok(()),
        other => Err(other.to_string()),
    })
    .await;
    assert_eq!(browser.console_errors().await, []);
}

async fn site(app: &TestApp, origin: &str, wanted: bool) -> Site {
    let site = app.site_at(&[origin]).await;
    app.import_json(&site, &[("site.json", json!({ "page_groups": [], "cookie": wanted }))]).await;
    app.running().app.sites.refresh(&app.running().app.db).await.unwrap();
    site
}

async fn visit(
    app: &TestApp,
    site: &Site,
    path: &str,
    visitor: Visitor,
    fresh: Option<bool>,
    cookie: Option<&str>,
) -> Answer {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session, "fresh": fresh,
        "sent_at": app.now().0, "events": [page()] });
    let mut request = app.request(Method::POST, path).header(ORIGIN, &site.origin).body(batch.to_string());
    if let Some(cookie) = cookie {
        request = request.header(COOKIE, cookie);
    }
    Client::try_send(app, request).await.unwrap()
}

/// Who has been here.
async fn visitors(app: &TestApp, site: &Site) -> Vec<String> {
    app.texts(&format!("select distinct substr(subject, 3) from event where site_id = '{}'", site.id)).await
}
