//! Pages with a strict policy, and browsers without WebAssembly: what runs there, what is asked for, and what is said of it.

use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, bar};
use crate::page::{self, LOOK, Look, SHOWN};

/// The strictest policy under which prompts work; `engine` is `'wasm-unsafe-eval'` or nothing.
pub fn policy(host: &str, engine: &str) -> String {
    format!(
        "default-src 'none'; script-src {host} {engine}; connect-src {host}; img-src {host} data:; style-src 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

/// A policy that knows scripts by a nonce alone.
fn by_nonce(host: &str, more: &str) -> String {
    format!("script-src 'nonce-abc' {more}; connect-src {host}; object-src 'none'; base-uri 'none'; style-src 'none'")
}

const WASM: &str = "'wasm-unsafe-eval'";

/// A site whose pages carry the snippet and nothing else, under no policy yet. `settings` are what differs from those of [`Host`].
async fn site(prompts: &[Value], engine: &str) -> Host {
    let host = Host::with(prompts).await;
    choose(&host, engine).await;
    let page = format!("<h1>Shop</h1>{}", host.app.snippet(&host.site).replace("<script ", "<script nonce=abc "));
    for path in ["/", "/next"] {
        host.pages.put([(path, page.clone())]);
    }
    host
}

/// Says as what prompts are to run.
async fn choose(host: &Host, engine: &str) {
    let policy = json!({ "interruptions_per_session": 1000, "interruption_gap": "0s", "groups": [] });
    host.app.import_json(&host.site, &[("site.json", json!({ "policy": policy, "engine": engine }))]).await;
}

fn hello() -> Value {
    bar("hello", "Hello", json!({ "path": "**" }))
}

/// Which of the widget's files a browser has asked for since it was last asked.
async fn asked(browser: &Browser) -> [bool; 2] {
    let urls: Vec<String> = browser.network().await.into_iter().map(|one| one.url).collect();
    browser.forget_network().await;
    [".wasm", ".plain.js"].map(|ending| urls.iter().any(|url| url.ends_with(ending)))
}

/// What a policy says of WebAssembly that it refused.
const VIOLATION: &str = "script-src wasm-eval";

const AS_WASM: [bool; 2] = [true, false];
const AS_JAVASCRIPT: [bool; 2] = [false, true];
const REFUSED: [bool; 2] = [true, true];

#[tokio::test]
async fn under_each_policy_prompts_work_and_look_as_they_do_without() {
    under_each_policy(BrowserOptions::default(), SHOWN).await;
}

/// Shows these of the prompts under each policy, in browsers like this one.
pub async fn under_each_policy(options: BrowserOptions, shown: &[(&str, &str)]) {
    let host = site(&page::prompts(), "auto").await;
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..options }).await;
    let mut plain: Vec<Look> = Vec::new();
    for (key, _) in shown {
        browser.goto(host.pages.url(&format!("/?show={key}"))).await;
        plain.push(serde_json::from_value(browser.prompt().await.eval(LOOK).await).unwrap());
    }
    let collector = host.app.url("");
    for (engine, policy, expected) in [
        ("auto", policy(&collector, WASM), AS_WASM),
        ("wasm", policy(&collector, WASM), AS_WASM),
        ("auto", policy(&collector, ""), REFUSED),
        ("js", policy(&collector, ""), AS_JAVASCRIPT),
        ("js", policy(&collector, WASM), AS_JAVASCRIPT),
        ("auto", by_nonce(&collector, WASM), AS_WASM),
        ("auto", by_nonce(&collector, "'strict-dynamic' 'wasm-unsafe-eval'"), AS_WASM),
        ("auto", by_nonce(&collector, ""), REFUSED),
        ("js", by_nonce(&collector, "'strict-dynamic'"), AS_JAVASCRIPT),
    ] {
        choose(&host, engine).await;
        host.pages.under(&policy);
        let visitor = browser.another(BrowserOptions { reduced_motion: true, ..BrowserOptions::default() }).await;
        let mut violations = Vec::new();
        for ((key, close), plain) in shown.iter().zip(&plain) {
            visitor.goto(host.pages.url(&format!("/?show={key}"))).await;
            let prompt = visitor.prompt().await;
            let look: Look = serde_json::from_value(prompt.eval(LOOK).await).unwrap();
            assert_eq!(&look, plain, "{key} with {engine} under {policy}");
            prompt.click(close).await;
            visitor.prompt_gone().await;
            assert_eq!(visitor.page_errors().await, Vec::<String>::new(), "{key} with {engine} under {policy}");
            violations.extend(visitor.violations().await);
        }
        visitor.settled().await;
        assert_eq!(asked(&visitor).await, expected, "{engine} under {policy}");
        let refused: &[&str] = if expected == REFUSED { &[VIOLATION] } else { &[] };
        assert_eq!(violations, refused, "{engine} under {policy}");
        assert_eq!(visitor.console_errors().await, [], "{engine} under {policy}");
    }
}

#[tokio::test]
async fn a_refusal_is_remembered_for_a_week_and_told_once() {
    let host = site(&[hello()], "auto").await;
    let collector = host.app.url("");
    let browser = Browser::desktop().await;
    let told = async || {
        host.app.running().app.refusals.flush(&host.app.running().app.db).await.unwrap();
        host.app.texts("select kind || ' ' || count from refusal").await
    };
    host.pages.under(policy(&collector, ""));
    for (path, expected) in [("/", REFUSED), ("/next", AS_JAVASCRIPT), ("/", AS_JAVASCRIPT)] {
        browser.goto(host.pages.url(path)).await;
        browser.prompt().await.says("Hello").await;
        browser.settled().await;
        assert_eq!(asked(&browser).await, expected, "{path}");
        let refused: &[&str] = if expected == REFUSED { &[VIOLATION] } else { &[] };
        assert_eq!(browser.violations().await, refused, "{path}");
        assert_eq!(told().await, ["module 1"], "{path}");
    }
    // The owner has added the word. A week later the browser finds that out with the module after the one where it thinks of it.
    host.pages.under(policy(&collector, WASM));
    let passes = "const key = Object.keys(localStorage).find((key) => key.endsWith('.tried')); localStorage[key] -= DAYS * 864e5";
    for (days, expected) in [(6, AS_JAVASCRIPT), (1, [true, true]), (0, AS_WASM)] {
        browser.eval(&passes.replace("DAYS", &days.to_string())).await;
        browser.goto(host.pages.url("/")).await;
        browser.prompt().await.says("Hello").await;
        browser.settled().await;
        assert_eq!(asked(&browser).await, expected, "{days} days on");
        assert_eq!(browser.violations().await, [""; 0], "{days} days on");
    }
    assert_eq!(told().await, ["module 1"]);
}

#[tokio::test]
async fn without_consent_to_store_nothing_is_remembered() {
    let host = site(&[hello()], "auto").await;
    let snippet = host.app.snippet(&host.site);
    host.pages.put([
        ("/stub.js", "window.waymark = function () { (waymark.q = waymark.q || []).push(arguments); }; waymark('consent', { store: false })"),
        ("/", &format!("<script src=/stub.js></script>{snippet}<h1>Shop</h1>")),
    ]);
    host.pages.under(policy(&host.app.url(""), "").replace("script-src", "script-src 'self'"));
    let browser = Browser::desktop().await;
    for _ in 0..2 {
        browser.goto(host.pages.url("/")).await;
        browser.prompt().await.says("Hello").await;
        browser.settled().await;
        assert_eq!(asked(&browser).await, REFUSED);
        assert_eq!(browser.eval("return Object.keys(localStorage)").await, json!([]));
    }
}

#[tokio::test]
async fn a_browser_without_webassembly_shows_the_same_and_tells_nothing() {
    without_webassembly(BrowserOptions::default()).await;
}

/// Shows each prompt in a browser like this one, but without WebAssembly.
pub async fn without_webassembly(options: BrowserOptions) {
    let host = site(&page::prompts(), "auto").await;
    let browser = Browser::new(BrowserOptions { wasm: false, ..options }).await;
    browser.goto(host.pages.url("/")).await;
    assert_eq!(browser.eval("return typeof WebAssembly").await, json!("undefined"));
    for (key, close) in SHOWN {
        browser.goto(host.pages.url(&format!("/?show={key}"))).await;
        browser.prompt().await.click(close).await;
        browser.prompt_gone().await;
    }
    browser.eval("waymark('debug')").await;
    browser.overlay().await.says(SHOWN[0].0).await;
    browser.settled().await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, []);
    host.app.running().app.refusals.flush(&host.app.running().app.db).await.unwrap();
    assert_eq!(host.app.texts("select kind from refusal").await, [""; 0], "its owner could mend nothing");
}

#[tokio::test]
async fn where_a_site_wants_webassembly_alone_nothing_takes_its_place() {
    let host = site(&[hello()], "auto").await;
    host.pages.under(policy(&host.app.url(""), ""));
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
    browser.settled().await;
    choose(&host, "wasm").await;
    // The loader may be cached for five minutes.
    let fresh = format!("<h1>Shop</h1>{}", host.app.snippet(&host.site).replace(".js\"", ".js?2\""));
    host.pages.put([("/", fresh)]);
    asked(&browser).await;
    for _ in 0..2 {
        browser.goto(host.pages.url("/")).await;
        browser.no_prompt().await;
        assert!(!asked(&browser).await[1], "JavaScript was asked for");
        assert_eq!(browser.page_errors().await, Vec::<String>::new());
    }
    host.pages.under(policy(&host.app.url(""), WASM));
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
}

/// A policy that names single files lets the glue in and nothing that takes its place.
#[tokio::test]
async fn a_page_that_allows_neither_is_told_what_to_add() {
    let host = site(&[hello()], "auto").await;
    let browser = Browser::desktop().await;
    browser.sign_in(&host.app.url("/"), &host.app.signed_in("ada@shop.test", &[]).await).await;
    browser.goto(host.app.url(&format!("/s/{}/settings/install", host.site.id))).await;
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/")).await;
    visitor.prompt().await.says("Hello").await;
    let urls: Vec<String> = visitor.network().await.into_iter().map(|one| one.url).collect();
    let glue = urls.iter().find(|url| url.contains("/a/core-") && url.ends_with(".js")).expect("the glue was fetched");
    let collector = host.app.url("");
    host.pages.under(format!("script-src 'nonce-none' {collector}/w/ {glue}; connect-src {collector}"));
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/")).await;
    visitor.no_prompt().await;
    assert_eq!(visitor.page_errors().await, Vec::<String>::new());
    browser
        .says(&format!("Pages of {} let neither WebAssembly nor the JavaScript in its place run", host.pages.origin()))
        .await;
    browser.says(&format!("Add {collector}, without a path, to the script-src")).await;
    browser.accessible("a page that allows neither").await;
    browser.click(&format!("Dismiss {}", host.pages.origin())).await;
    browser.wait_for("!document.body.innerText.includes('let neither')").await;
}

#[tokio::test]
async fn javascript_is_chosen_by_a_click() {
    let host = site(&[hello()], "auto").await;
    let role = collector::auth::Role::Marketer;
    let browser = Browser::desktop().await;
    browser.sign_in(&host.app.url("/"), &host.app.signed_in("mia@shop.test", &[(&host.site, role)]).await).await;
    browser.goto(host.app.url(&format!("/s/{}/settings/install", host.site.id))).await;
    host.pages.under(policy(&host.app.url(""), ""));
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/")).await;
    visitor.prompt().await.says("Hello").await;
    browser.says("let no WebAssembly run, so they show prompts as JavaScript").await;
    browser.screenshot("install-no-webassembly").await;
    browser.click(&format!("Use JavaScript {}", host.pages.origin())).await;
    browser.wait_for("!document.body.innerText.includes('let no WebAssembly')").await;
    assert!(browser.url().await.ends_with("/settings/install"), "{}", browser.url().await);
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/")).await;
    visitor.prompt().await.says("Hello").await;
    visitor.settled().await;
    assert_eq!(asked(&visitor).await, AS_JAVASCRIPT);
    assert_eq!(visitor.violations().await, [""; 0]);
    // And back, where the other settings are.
    browser.goto(host.app.url(&format!("/s/{}/settings/rules/pages", host.site.id))).await;
    assert_eq!(browser.eval("return document.querySelector('[name=engine]').value").await, json!("js"));
    browser.choose("What prompts run as in pages", "WebAssembly,").await;
    browser.click("Save").await;
    browser.says("Saved").await;
    let stored = host.app.texts("select body from document where kind = 'settings'").await;
    assert!(stored[0].contains("\"engine\":\"auto\"") && stored[0].contains("interruptions_per_session"), "{stored:?}");
}
