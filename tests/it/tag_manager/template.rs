//! The template: its sections, its script in the sandbox, the permissions it asks for, consent, and the tests that it brings.

use std::collections::BTreeSet;

use harness::{Browser, TagManager, Template};
use serde_json::{Value, json};

use super::{ended, everywhere, page, parsed, shop};
use crate::host::{Host, bar};
use crate::ways::{TEMPLATE, filled_in};

#[tokio::test]
async fn it_has_all_sections_and_a_script_that_the_sandbox_knows() {
    let template = Template::read(TEMPLATE);
    let sections = [
        "INFO",
        "NOTES",
        "SANDBOXED_JS_FOR_WEB_TEMPLATE",
        "TEMPLATE_PARAMETERS",
        "TERMS_OF_SERVICE",
        "TESTS",
        "WEB_PERMISSIONS",
    ];
    assert_eq!(template.sections(), sections);
    let info = template.json("INFO");
    assert_eq!((&info["type"], &info["containerContexts"]), (&json!("TAG"), &json!(["WEB"])));

    let browser = Browser::desktop().await;
    assert_eq!(parsed(&browser, "unknown", template.code()).await, json!([]));
    // The rule finds something where there is something.
    let wrong = "const a = new Date(); window.b = `${a}`; setTimeout(() => data.c);";
    assert_eq!(
        parsed(&browser, "unknown", wrong).await,
        json!(["NewExpression", "TemplateLiteral", "Date", "window", "setTimeout"])
    );
    // Callbacks are handed on, not called.
    assert!(
        template.code().contains("data.gtmOnSuccess, data.gtmOnFailure") && !template.code().contains("gtmOnSuccess(")
    );
    let fields = names(&template.json("TEMPLATE_PARAMETERS"));
    for part in template.code().split("data.").skip(1) {
        let name: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(fields.contains(&name) || name.starts_with("gtmOn"), "there is no field {name}");
    }
}

/// The names of fields, those inside groups too.
fn names(fields: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for field in fields.as_array().into_iter().flatten() {
        all.insert(field["name"].as_str().unwrap().to_owned());
        all.extend(names(&field["subParams"]));
    }
    all
}

/// The queue holds what looks like arrays and is none; all of it arrives, once, and every permission is needed for it.
#[tokio::test]
async fn it_asks_for_the_permissions_that_it_uses() {
    let template = Template::read(TEMPLATE);
    let host = Host::with(&[bar("hello", "Hello", everywhere())]).await;
    let browser = Browser::desktop().await;
    let person = json!({ "followConsent": true, "userId": "ada", "accountId": "acme",
                         "traits": [{ "name": "first_name", "value": "Ada" }] });
    let tags =
        TagManager::default().template(TagManager::ALL_PAGES, &template, &filled_in(&host.app, &host.site, person));
    page(&host, "/", &tags, "<h1>Shop</h1>");
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
    browser.settled().await;
    assert_eq!(ended(&browser).await, json!([[0, "success"]]));
    for name in ["Identified", "Grouped", "Page Viewed"] {
        assert_eq!(host.events("name", name).await, [name], "once");
    }
    assert_eq!(host.events("props", "Identified").await, [r#"{"first_name":"Ada"}"#]);

    let used: BTreeSet<String> = serde_json::from_value(browser.eval("return tagManager.used").await).unwrap();
    let allowed = template.permissions();
    let allowed: BTreeSet<String> =
        allowed.iter().flat_map(|(permission, all)| all.iter().map(move |one| format!("{permission} {one}"))).collect();
    assert_eq!(used, allowed, "no more and no less");
    assert_eq!(browser.console_errors().await, []);
}

/// What the page says while the queue is the template's own, and after the widget has taken over.
#[tokio::test]
async fn it_finds_the_queue_of_a_page_and_makes_one_where_there_is_none() {
    let (host, browser) = shop().await;
    let fields = filled_in(&host.app, &host.site, json!({ "userId": "ada" }));
    let tags = TagManager::default().template(TagManager::ALL_PAGES, &Template::read(TEMPLATE), &fields);
    let stub =
        "<script>window.waymark = window.waymark || function () { (waymark.q = waymark.q || []).push(arguments); };
        waymark('track', 'First');</script>";
    for (path, before) in [("/stub", stub), ("/bare", ""), ("/line", &*host.snippet())] {
        page(&host, path, &tags, &format!("{before}<h1>Shop</h1>"));
        browser.goto(host.pages.url(path)).await;
        browser.wait_for("tagManager.ended.length").await;
        browser.eval("waymark('track', 'Then', { on: location.pathname })").await;
        browser.prompt().await.says("Hello").await;
        browser.settled().await;
        assert_eq!(ended(&browser).await, json!([[0, "success"]]), "{path}");
    }
    assert_eq!(host.viewed().await, ["/stub", "/bare", "/line"]);
    assert_eq!(host.events("name", "First").await.len(), 1);
    assert_eq!(host.events("name", "Then").await.len(), 3);
    assert_eq!(host.events("name", "Identified").await.len(), 1, "who is here is said once a visit");
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn a_script_that_does_not_come_is_a_failure() {
    let host = Host::with(&[]).await;
    let browser = Browser::desktop().await;
    let fields = json!({ "address": host.app.url("/"), "siteKey": "wk_nobody" });
    let tags = TagManager::default().template(TagManager::ALL_PAGES, &Template::read(TEMPLATE), &fields);
    page(&host, "/", &tags, "<h1>Shop</h1>");
    browser.goto(host.pages.url("/")).await;
    browser.wait_for("tagManager.ended.length").await;
    assert_eq!(ended(&browser).await, json!([[0, "failure"]]));
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

/// Denied, nothing is kept in the browser; granted later, it is.
#[tokio::test]
async fn it_follows_consent_mode() {
    let (host, browser) = shop().await;
    let consent = "<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }
        gtag('consent', 'default', { functionality_storage: 'denied', personalization_storage: 'granted' });</script>";
    let kept = "Object.keys(localStorage).filter((key) => key.startsWith('waymark')).length";
    for (path, follow) in [("/ignored", false), ("/followed", true)] {
        let fields = filled_in(&host.app, &host.site, json!({ "followConsent": follow }));
        let tags = TagManager::default().template(TagManager::ALL_PAGES, &Template::read(TEMPLATE), &fields);
        host.pages.put([(path.to_owned(), format!("{consent}{}<h1>Shop</h1>", tags.snippet())), tags.script()]);
        browser.goto(host.pages.url("/wait")).await;
        browser.eval("localStorage.clear()").await;
        browser.goto(host.pages.url(path)).await;
        browser.prompt().await.says("Hello").await;
        browser.settled().await;
        assert_eq!(browser.eval(&format!("return {kept} > 0")).await, json!(!follow), "{path}");
    }
    browser.eval("gtag('consent', 'update', { functionality_storage: 'granted' })").await;
    browser.eval("waymark('track', 'Looked')").await;
    browser.wait_for(&format!("{kept} > 0")).await;
    assert_eq!(browser.console_errors().await, []);
}

/// Its own tests, which the tag manager's editor runs: here with what they use of that.
#[tokio::test]
async fn its_own_tests_pass() {
    let template = Template::read(TEMPLATE);
    let browser = Browser::desktop().await;
    let scenarios = template.scenarios();
    assert!(scenarios.len() >= 3, "{scenarios:?}");
    let run = async |scenario: &str| {
        let page = include_str!("scenario.js").replace("__CODE__", template.code());
        browser.eval(&page.replace("__SCENARIO__", scenario)).await
    };
    for (name, script) in &scenarios {
        let said = run(script).await;
        assert!(said["checked"].as_u64().unwrap() > 0 && said["wrong"] == json!([]), "{name}: {said}");
        let said = run(&script.replace(".isEqualTo(", ".isEqualTo('other', ")).await;
        assert_ne!(said["wrong"], json!([]), "{name} fails where something else was to be: {said}");
    }
}
