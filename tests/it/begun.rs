//! What somebody has begun comes back under the caps that every site has: after a reload, on the next page of the visit. What is finished
//! or closed does not.

use harness::poll::until;
use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::Host;

/// A site with one prompt and no caps but the usual ones, and somebody on a page of it.
async fn opened(content: Value) -> (Host, Browser) {
    let host = Host::with(&[]).await;
    let prompt =
        json!({ "key": "it", "content": content, "placement": { "corner": "bottom_end" }, "rule": { "path": "**" } });
    host.app.import_json(&host.site, &[("it.json", prompt)]).await;
    host.page("/", "<h1>Shop</h1><a id=on href=/next>Next page</a>");
    host.page("/next", "<h1>Next</h1><button id=there>There</button>");
    host.page("/other", "<h1>Other</h1>");
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..BrowserOptions::default() }).await;
    browser.goto(host.pages.url("/")).await;
    (host, browser)
}

async fn shown(host: &Host, browser: &Browser) -> usize {
    browser.settled().await;
    host.events("id", "Prompt Shown").await.len()
}

fn survey() -> Value {
    json!({ "survey": { "questions": [
        { "id": "score", "text": "How was it?", "ask": { "csat": {} }, "required": true },
        { "id": "why", "text": "Why?", "ask": { "text": {} } },
        { "id": "more", "text": "More?", "ask": { "text": {} } }
    ] } })
}

/// Somebody types while a colleague of the site publishes: what is on the screen stays as it is.
#[tokio::test]
async fn what_is_typed_stays_when_something_is_published() {
    let mut survey = survey();
    survey["survey"]["questions"].as_array_mut().unwrap().remove(0);
    let (host, browser) = opened(survey.clone()).await;
    browser.prompt().await.type_into("Why?", "It ").await;
    let bundle = async || browser.network().await.iter().filter(|one| one.url.contains(".json?v=")).count();
    let before = bundle().await;
    host.publish(&[
        json!({ "key": "more", "rule": { "path": "/nowhere" }, "placement": { "bar": "bottom" }, "content": survey }),
    ])
    .await;
    browser.eval("waymark('track', 'Ordered')").await;
    until("the page to hear of it", async || if bundle().await > before { Ok(()) } else { Err("not yet") }).await;
    browser.settled().await;
    browser.type_text("works").await;
    browser.prompt().await.click("Next").await;
    browser.prompt().await.says("More?").await;
    browser.settled().await;
    let answers = host.app.texts("select props from event where action = 'answered'").await;
    assert!(answers[0].contains("It works"), "{answers:?}");
}

#[tokio::test]
async fn a_survey_goes_on_until_it_is_finished() {
    let (host, browser) = opened(survey()).await;
    browser.prompt().await.click("4").await;
    browser.prompt().await.says("Why?").await;
    browser.settled().await;
    browser.reload().await;
    browser.prompt().await.says("Why?").await;
    browser.prompt().await.type_into("Why?", "Fast").await;
    browser.prompt().await.click("Next").await;
    browser.prompt().await.says("More?").await;
    // At once, before anything was acknowledged.
    browser.goto(host.pages.url("/next")).await;
    let prompt = browser.prompt().await;
    prompt.says("More?").await;
    prompt.type_into("More?", "No").await;
    prompt.click("Send").await;
    prompt.says("Thank you.").await;
    browser.settled().await;
    for path in ["/other", "/"] {
        browser.goto(host.pages.url(path)).await;
        browser.no_prompt().await;
    }
    assert_eq!(host.events("id", "Survey Completed").await.len(), 1);
    let answers = host.app.texts("select props from event where action = 'answered' order by id").await;
    let partial: Vec<bool> = answers.iter().map(|props| props.contains("\"partial\":true")).collect();
    assert_eq!(partial, [true, true, false], "{answers:?}");
    assert_eq!(host.events("id", "Prompt Dismissed").await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, []);
}

/// What one person has begun is not the next one's, who signs in on the same browser.
#[tokio::test]
async fn a_survey_of_somebody_else_is_not_gone_on_with() {
    let (host, browser) = opened(survey()).await;
    let anybody = json!({ "key": "it", "content": survey(), "placement": { "corner": "bottom_end" }, "mandatory": true,
        "frequency": { "per_session": 100, "at_most": 100 }, "rule": { "path": "**" } });
    host.publish(&[anybody]).await;
    browser.eval("waymark('identify', 'ann')").await;
    browser.prompt().await.click("4").await;
    browser.prompt().await.type_into("Why?", "Not for others").await;
    browser.prompt().await.click("Next").await;
    browser.prompt().await.says("More?").await;
    browser.settled().await;
    browser.eval("waymark('reset'); waymark('identify', 'bob')").await;
    browser.settled().await;
    browser.goto(host.pages.url("/next")).await;
    browser.prompt().await.says("How was it?").await;
    browser.prompt().await.click("5").await;
    browser.settled().await;
    let responses = host.app.texts("select id from response").await;
    assert_eq!(responses.len(), 2, "{responses:?}");
}

#[tokio::test]
async fn a_survey_that_is_closed_midway_is_over() {
    let (host, browser) = opened(survey()).await;
    browser.prompt().await.click("4").await;
    browser.prompt().await.says("Why?").await;
    browser.settled().await;
    browser.reload().await;
    browser.prompt().await.type_into("Why?", "Fast").await;
    browser.prompt().await.click("Next").await;
    browser.prompt().await.says("More?").await;
    browser.prompt().await.press("Escape").await;
    browser.prompt_gone().await;
    browser.eval("history.pushState(null, '', '/app')").await;
    browser.no_prompt().await;
    browser.goto(host.pages.url("/next")).await;
    browser.no_prompt().await;
    assert_eq!(host.events("props", "Prompt Dismissed").await, ["{\"partial\":true}"]);
}

#[tokio::test]
async fn a_walk_goes_on_where_it_can() {
    let step = |at: &str, heading: &str| json!({ "at": at, "heading": heading });
    let steps = json!([step("#on", "One"), step("#there", "Two"), step("#there", "Three")]);
    let (host, browser) = opened(json!({ "walkthrough": { "steps": steps } })).await;
    browser.prompt().await.says("One").await;
    browser.settled().await;
    browser.reload().await;
    browser.prompt().await.says("One").await;
    browser.click("Next page").await;
    browser.wait_for("location.pathname === '/next'").await;
    browser.prompt().await.says("Two").await;
    let before = shown(&host, &browser).await;
    // A page without any of its elements: it looks once, and goes on where they are.
    browser.goto(host.pages.url("/other")).await;
    browser.wait_for("!document.querySelector('waymark-prompt') && performance.now() > 2500").await;
    assert_eq!(shown(&host, &browser).await, before + 1);
    browser.goto(host.pages.url("/next")).await;
    let prompt = browser.prompt().await;
    prompt.says("Two").await;
    prompt.click("Next").await;
    prompt.says("Three").await;
    prompt.click("Done").await;
    browser.prompt_gone().await;
    browser.settled().await;
    browser.reload().await;
    browser.no_prompt().await;
    assert_eq!(host.events("id", "Walkthrough Completed").await.len(), 1);
    assert_eq!(browser.console_errors().await, []);
}
