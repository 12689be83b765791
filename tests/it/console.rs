//! The console as people with and without eyes meet it: axe over every page, light and dark, on a desktop and on a phone, and
//! nothing wider than the screen.

use harness::{Browser, BrowserOptions, TestApp, Visitor, event_id};
use serde_json::json;

const PASSWORD: &str = "correct horse battery";

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
    browser.accessible("setting the password").await;
    browser.type_into("E-mail address", "ada@shop.test").await;
    browser.type_into("Password", PASSWORD).await;
    browser.type_into("The same again", "another").await;
    browser.click("Set the password").await;
    browser.wait_for("!!document.querySelector('[role=alert]')").await;
    browser.accessible("two passwords that differ").await;
    browser.type_into("Password", PASSWORD).await;
    browser.type_into("The same again", PASSWORD).await;
    browser.click("Set the password").await;
    browser.wait_for("location.pathname === '/'").await;
    browser.accessible("home without a site").await;

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
        ("", "elsewhere.example"),
        ("/people", "Ada"),
        ("/people?kind=account&search=nobody", "people"),
        ("/people/person/ada", "Subscription Started"),
        ("/people/account/quay", "Quay Cycles"),
        ("/people/person/ada/why?url=/pricing", "spring offer"),
        ("/people/account/quay/why", "browser"),
        ("/people/person/nobody", "nobody"),
        ("/prompts", "spring offer"),
        ("/prompts?status=archived", "like that"),
        ("/templates", "onboarding checklist"),
        ("/templates?q=trustpilot", "renewal"),
        ("/templates?q=nobody+knows", "no template is like that"),
        ("/prompts/spring_offer", "20 % off"),
        ("/prompts/spring_offer?part=look", "corner"),
        ("/prompts/spring_offer?part=moment", "page"),
        ("/prompts/spring_offer?part=frequency", "visit"),
        ("/prompts/spring_offer?part=schedule", "until"),
        ("/prompts/spring_offer?part=experiment", "versions"),
        ("/prompts/spring_offer?part=goal", "later"),
        ("/prompts/spring_offer?part=consent", "agreed"),
        ("/prompts/spring_offer/publish", "publish"),
        ("/prompts/spring_offer/versions", "version 1"),
        ("/prompts/spring_offer?part=audience", "campaign"),
        ("/prompts/spring_offer/reach?now=1", "reach in the last 30 days"),
        ("/prompts/spring_offer/try?page=/pricing", "show it at once"),
        ("/pictures", "no picture yet"),
        ("/journey", "evaluation"),
        ("/journey/saas/edit", "transitions"),
        ("/results", "by prompt"),
        ("/results?days=90", "what these numbers count"),
        ("/results/prompts/nps", "1 of 10 answers"),
        ("/results/prompts/nps/missed", "saw it and"),
        ("/results/prompts/nps?from=2020-01-01&to=2020-01-31", "nobody was shown it"),
        ("/results/responses", "bank matching"),
        ("/results/prompts/nps/responses?q=nowhere", "like that"),
        ("/settings", "time zone"),
        ("/settings/install", "elsewhere.example"),
        ("/settings/keys", "make a key"),
        ("/settings/files", "prompts/spring_offer.json"),
        ("/settings/rules/pages", "page groups"),
        ("/settings/rules/limits", "interrupting"),
        ("/settings/rules/look", "logo"),
        ("/settings/rules/segments", "segment 1"),
        ("/settings/rules/sources", "channels"),
        ("/settings/team", "invite"),
        ("/settings/log", "nothing yet"),
        ("/no/such/page", ""),
    ] {
        browser.goto(app.url(&format!("/s/{}{path}", site.id))).await;
        let text = browser.text("body").await;
        assert!(text.to_lowercase().contains(&says.to_lowercase()), "{path} does not say {says:?}: {text}");
        browser.accessible(path).await;
    }
    browser.goto(app.url("/sites/new")).await;
    browser.accessible("another site").await;
    browser.type_into("Name", "Second").await;
    browser.type_into("Address of its pages", "second.test").await;
    browser.choose("Currency", "EUR").await;
    browser.click("Make the site").await;
    browser.says("Which of these are yours?").await;
    browser.accessible("which addresses").await;
    browser.goto(app.url("/")).await;
    browser.click("Sign out").await;
    browser.wait_for("location.pathname === '/login'").await;
    browser.goto(app.url("/sites/new")).await;
    browser.accessible("signing in").await;
    browser.type_into("E-mail address", "ada@shop.test").await;
    browser.type_into("Password", "wrong").await;
    browser.click("Sign in").await;
    browser.wait_for("!!document.querySelector('[role=alert]')").await;
    browser.accessible("a wrong password").await;
}
