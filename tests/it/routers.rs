//! Applications with a router of their own, as their makers wrote it: React Router by history, TanStack Router in the fragment. Both are
//! pages of `examples/vite`, built, with the package; nothing in them tells of a navigation.

use harness::Browser;
use serde_json::{Value, json};

use crate::host::{Host, bar};
use crate::ways::application;

/// A router: where it begins, and the links that lead from there to its two other pages.
struct Router {
    begin: &'static str,
    pages: [(&'static str, &'static str); 2],
    /// What a rule says of a page.
    rule: fn(&str) -> Value,
}

const HISTORY: Router =
    Router { begin: "/", pages: [("Pricing", "/pricing"), ("Docs", "/docs")], rule: |page| json!({ "path": page }) };

const FRAGMENT: Router = Router {
    begin: "/help.html#/",
    pages: [("Billing", "/help.html#/billing"), ("Banks", "/help.html#/banks")],
    rule: |page| {
        let route = page.split_once('#').map(|(_, route)| route);
        json!({ "page": { "part": "hash", "test": { "is": [route] } } })
    },
};

impl Router {
    async fn open(&self, prompts: &[Value]) -> (Host, Browser) {
        let host = Host::with(prompts).await;
        host.pages.put(application("vite", &host.app, &host.site));
        let browser = Browser::desktop().await;
        browser.goto(host.pages.url(self.begin)).await;
        // What a router does before Waymark has come, nobody has seen.
        browser.wait_for("document.querySelector('h1') && window.waymark?.live").await;
        (host, browser)
    }

    async fn follow(&self, browser: &Browser, (link, page): (&str, &str)) {
        browser.click(link).await;
        self.at(browser, page).await;
    }

    async fn at(&self, browser: &Browser, page: &str) {
        browser.wait_for(&format!("location.href.endsWith('{page}')")).await;
    }
}

/// Rules are asked anew on each page, and each page is one page view, there and back.
async fn a_page_per_navigation(router: &Router) {
    let [first, second] = router.pages;
    let (host, browser) = router.open(&[bar("one", "Questions?", (router.rule)(first.1))]).await;
    browser.no_prompt().await;
    router.follow(&browser, first).await;
    browser.prompt().await.says("Questions?").await;
    router.follow(&browser, second).await;
    browser.prompt_gone().await;
    browser.no_prompt().await;
    browser.back().await;
    router.at(&browser, first.1).await;
    browser.prompt().await.says("Questions?").await;
    browser.back().await;
    router.at(&browser, router.begin).await;
    browser.prompt_gone().await;
    browser.eval("history.forward()").await;
    router.at(&browser, first.1).await;
    browser.prompt().await.says("Questions?").await;
    // The link of the page that one is on.
    browser.click(first.0).await;
    browser.settled().await;
    assert_eq!(
        host.viewed().await,
        [router.begin, first.1, second.1, first.1, router.begin, first.1],
        "once for each navigation"
    );
    assert_eq!(host.app.texts("select distinct session from event").await.len(), 1);
    assert_eq!(browser.console_errors().await, []);
}

/// What waits on a page waits there alone: it comes neither on the next one nor, at once, when the visitor is back.
async fn armed_on_one_page(router: &Router) {
    let [first, second] = router.pages;
    let mut slow = bar("slow", "Still here?", (router.rule)(first.1));
    slow["moment"] = json!({ "event": { "name": "Asked" } });
    let (host, browser) = router.open(&[slow]).await;
    router.follow(&browser, first).await;
    browser.no_prompt().await;
    router.follow(&browser, second).await;
    browser.eval("waymark('track', 'Asked')").await;
    browser.no_prompt().await;
    browser.back().await;
    router.at(&browser, first.1).await;
    browser.no_prompt().await;
    assert_eq!(host.events("id", "Prompt Shown").await.len(), 0);
    browser.eval("waymark('track', 'Asked')").await;
    browser.prompt().await.says("Still here?").await;
    browser.settled().await;
    let shown = host.events("url", "Prompt Shown").await;
    assert_eq!(shown, [host.pages.url(first.1)]);
}

/// A time on the page begins anew with each page.
async fn the_time_on_a_page_is_its_own(router: &Router) {
    let [first, second] = router.pages;
    let mut slow = bar("slow", "Still here?", json!({ "any": [(router.rule)(first.1), (router.rule)(second.1)] }));
    slow["moment"] = json!({ "dwell": "1s" });
    let (host, browser) = router.open(&[slow]).await;
    // Half of it on each page, again and again: never the whole of it.
    browser
        .eval(&format!(
            "shown = 0; waymark('on', 'shown', () => {{ shown = performance.now(); }});
             turns = 6;
             const link = (name) => [...document.querySelectorAll('nav a')].find((a) => a.textContent === name);
             const turn = () => {{ arrived = performance.now(); link(turns % 2 ? '{}' : '{}').click(); if (--turns) setTimeout(turn, 500); }};
             turn()",
            first.0, second.0
        ))
        .await;
    browser.prompt().await.says("Still here?").await;
    let waited = browser.eval("return [turns, shown - arrived]").await;
    assert_eq!(waited[0], json!(0), "not before the last of the pages");
    assert!(waited[1].as_f64().unwrap() >= 990.0, "{waited} ms after the page was opened");
    browser.settled().await;
    assert_eq!(host.events("id", "Prompt Shown").await.len(), 1);
    assert_eq!(host.viewed().await.len(), 7);
}

macro_rules! by {
    ($router:ident: $module:ident) => {
        mod $module {
            #[tokio::test]
            async fn a_page_per_navigation() {
                super::a_page_per_navigation(&super::$router).await;
            }

            #[tokio::test]
            async fn armed_on_one_page_it_does_not_fire_on_another() {
                super::armed_on_one_page(&super::$router).await;
            }

            #[tokio::test]
            async fn the_time_on_a_page_is_its_own() {
                super::the_time_on_a_page_is_its_own(&super::$router).await;
            }
        }
    };
}

by!(HISTORY: react_router_by_history);
by!(FRAGMENT: tanstack_router_in_the_fragment);
