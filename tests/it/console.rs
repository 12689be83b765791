//! The console as people with and without eyes meet it: axe over every page, light and dark, on a desktop and on a phone, and
//! nothing wider than the screen.

use harness::{Browser, BrowserOptions, TestApp, Visitor, event_id, workspace};
use serde_json::json;

const PASSWORD: &str = "correct horse battery";

const RUN: &str = "
    const { violations, passes } = await axe.run(document);
    const told = ({ id, help, nodes }) => id + ': ' + help + ' ' + nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary).join('; ');
    return { violations: violations.map(told), passes: passes.length, wide: document.documentElement.scrollWidth - innerWidth };";

#[tokio::test]
async fn a_light_desktop() {
    looked_at(BrowserOptions::default()).await;
}

#[tokio::test]
async fn a_dark_desktop() {
    looked_at(BrowserOptions { dark: true, ..BrowserOptions::default() }).await;
}

#[tokio::test]
async fn a_light_phone() {
    looked_at(BrowserOptions::phone()).await;
}

#[tokio::test]
async fn a_dark_phone() {
    looked_at(BrowserOptions { dark: true, ..BrowserOptions::phone() }).await;
}

async fn looked_at(options: BrowserOptions) {
    let app = TestApp::sqlite().await;
    let browser = Browser::new(options).await;
    // First start: the one-time link, and a password that will not do.
    browser.goto(app.running().first.setup_link.clone().expect("a first start offers a link")).await;
    clean(&browser, "setting the password").await;
    browser.type_into("Password", PASSWORD).await;
    browser.type_into("The same again", "another").await;
    browser.click("Set the password").await;
    clean(&browser, "two passwords that differ").await;
    browser.type_into("Password", PASSWORD).await;
    browser.type_into("The same again", PASSWORD).await;
    browser.click("Set the password").await;
    browser.wait_for("location.pathname === '/'").await;
    clean(&browser, "home without a site").await;

    // A site with everything on it: a journey, somebody with a story, a page that was turned away.
    let site = app.site().await;
    app.import(&site, &["examples/site.json", "examples/journeys", "examples/prompts"]).await;
    let visitor = Visitor::random();
    let page = json!({ "id": event_id(), "type": "page", "url": "http://shop.test/pricing?utm_campaign=spring&utm_medium=email" });
    let answered = json!({ "id": event_id(), "type": "prompt", "prompt": "nps", "action": "answered", "url": "http://shop.test/",
        "props": { "score": 3, "comment": "The bank matching is slow" } });
    let identified =
        json!({ "id": event_id(), "type": "identify", "user_id": "ada", "traits": { "name": "Ada", "role": "owner" } });
    let joined =
        json!({ "id": event_id(), "type": "group", "account_id": "quay", "traits": { "name": "Quay Cycles" } });
    app.browser_batch(&site, visitor, json!([page, answered, identified, joined])).await.accepted();
    let paid = json!({ "type": "track", "name": "Subscription Started", "user_id": "ada", "account_id": "quay", "props": { "mrr": 49 } });
    app.server_batch(&site.secret, json!([paid])).await.accepted();
    let stranger = harness::Site { origin: "https://www.elsewhere.example".to_owned(), ..site.clone() };
    app.browser_batch(&stranger, Visitor::random(), json!([])).await;

    for (path, says) in [
        ("/", "elsewhere.example"),
        ("/people", "Ada"),
        ("/people?kind=account&search=nobody", "people"),
        ("/people/person/ada", "Subscription Started"),
        ("/people/account/quay", "Quay Cycles"),
        ("/people/person/nobody", "nobody"),
        ("/sites/new", "site"),
        ("/no/such/page", ""),
    ] {
        let with = if path.contains('?') { '&' } else { '?' };
        browser.goto(app.url(&format!("{path}{with}site={}", site.id))).await;
        let text = browser.text("body").await;
        assert!(text.to_lowercase().contains(&says.to_lowercase()), "{path} does not say {says:?}: {text}");
        clean(&browser, path).await;
    }
    browser.goto(app.url("/")).await;
    browser.click("Sign out").await;
    browser.goto(app.url("/people")).await;
    clean(&browser, "signing in").await;
    browser.type_into("Password", "wrong").await;
    browser.click("Sign in").await;
    browser.wait_for("!!document.querySelector('[role=alert]')").await;
    clean(&browser, "a wrong password").await;
}

async fn clean(browser: &Browser, what: &str) {
    let axe = workspace().join("widget/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&axe)
        .unwrap_or_else(|error| panic!("{}: {error}: run `cargo xtask setup`, which gets it", axe.display()));
    browser.settled().await;
    browser.eval(&format!("{axe}; window.axe = axe;")).await;
    let found = browser.eval(RUN).await;
    assert_eq!(found["violations"], json!([]), "{what}");
    assert!(found["passes"].as_i64().unwrap() > 10, "{what}: axe looked at nothing");
    assert!(found["wide"].as_i64().unwrap() <= 0, "{what} is wider than the screen by {} px", found["wide"]);
}
