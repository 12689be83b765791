//! A marketer at work, with nothing but clicks and typing: begins a prompt, says who sees it, publishes it, takes it back; and two who
//! write the same one.

use collector::auth::Role;
use harness::{Browser, BrowserOptions};
use serde_json::json;

use crate::host::{Host, bar};

/// A browser in which a marketer of the site is signed in.
async fn marketer(host: &Host, email: &str) -> Browser {
    let cookie = host.app.signed_in(email, &[(&host.site, Role::Marketer)]).await;
    let browser = Browser::desktop().await;
    browser.sign_in(&host.app.url("/"), &cookie).await;
    browser
}

async fn open(host: &Host, browser: &Browser, page: &str) {
    browser.goto(host.app.url(&format!("/s/{}{page}", host.site.id))).await;
}

/// The draft as it is stored.
async fn draft(host: &Host, key: &str) -> serde_json::Value {
    let body = host.app.texts(&format!("select body from prompt_work where key = '{key}'")).await;
    serde_json::from_str(&body[0]).unwrap()
}

/// Waits until the draft has this at a place.
async fn saved(host: &Host, key: &str, at: &str, expected: serde_json::Value) {
    harness::poll::until(&format!("{at} to be saved"), async || {
        let draft = draft(host, key).await;
        let found = draft.pointer(at).cloned().unwrap_or_default();
        if found == expected { Ok(()) } else { Err(format!("{found}")) }
    })
    .await;
}

#[tokio::test]
async fn from_nothing_to_an_answer() {
    let host = Host::with(&[]).await;
    host.page("/", "<h1>Home</h1>");
    host.page("/pricing", "<h1>Pricing</h1>");
    let browser = marketer(&host, "mia@shop.test").await;
    open(&host, &browser, "/prompts").await;
    browser.click("Start from a template").await;
    browser.type_into("Name", "Team NPS").await;
    browser.choose("What it is", "NPS").await;
    browser.click("Begin").await;
    browser.says("Team NPS").await;
    assert!(browser.url().await.ends_with("/prompts/team_nps"), "{}", browser.url().await);

    // What is typed is saved by itself, and the prompt beside it follows.
    browser.retype("Question", "Would you tell a colleague?").await;
    saved(&host, "team_nps", "/content/nps/question", json!("Would you tell a colleague?")).await;
    browser
        .wait_for("document.querySelector('.screen iframe')?.contentDocument?.querySelector('waymark-prompt')")
        .await;
    browser.accessible("the editor").await;

    browser.click("Audience").await;
    browser.click("Add a condition").await;
    saved(&host, "team_nps", "/rule", json!({ "all": [{ "path": "" }] })).await;
    browser.type_into("Path", "/pricing").await;
    saved(&host, "team_nps", "/rule", json!({ "all": [{ "path": "/pricing" }] })).await;
    browser.says("everybody on /pricing").await;
    browser.accessible("the audience").await;

    browser.click("Publish…").await;
    browser.says("Visitors have never seen it").await;
    browser.click("Publish").await;
    browser.says("Version 1 · live").await;

    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/")).await;
    visitor.no_prompt().await;
    visitor.goto(host.pages.url("/pricing")).await;
    let prompt = visitor.prompt().await;
    prompt.says("Would you tell a colleague?").await;
    prompt.click("9").await;
    visitor.settled().await;
    assert_eq!(host.events("prompt", "NPS Answered").await, ["team_nps"]);
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn what_was_done_can_be_undone() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    let browser = marketer(&host, "mia@shop.test").await;
    let heading = "/content/community/heading";
    open(&host, &browser, "/prompts/hello").await;
    browser.retype("First line", "Good morning").await;
    saved(&host, "hello", heading, json!("Good morning")).await;
    browser.wait_for("!document.querySelector('button[name=by][value=\"-1\"]').disabled").await;
    browser.click("Undo").await;
    saved(&host, "hello", heading, json!("Hello")).await;
    browser.wait_for("!document.querySelector('button[name=by][value=\"1\"]').disabled").await;
    browser.click("Redo").await;
    saved(&host, "hello", heading, json!("Good morning")).await;

    // Published, looked at, and the version before brought back.
    browser.click("Publish…").await;
    browser.says("Content · First line").await;
    browser.click("Publish").await;
    browser.says("Version 2 · live").await;
    browser.accessible("the versions").await;
    browser.click("Bring back version 1").await;
    browser.click("Publish").await;
    browser.says("Version 3 · live").await;
    assert_eq!(draft(&host, "hello").await.pointer(heading), Some(&json!("Hello")));

    browser.click("Pause").await;
    browser.says("Paused").await;
    let bundle = reqwest::get(host.app.url(&format!("/w/{}.json", host.site.key))).await.unwrap().text().await.unwrap();
    assert!(!bundle.contains("\"hello\""), "{bundle}");
    browser.click("Archive").await;
    browser.says("Archived").await;
    browser.click("Bring back").await;
    browser.says("Paused").await;
    let log = "select did from audit order by id";
    let did = ["prompt.published", "prompt.published", "prompt.paused", "prompt.archived", "prompt.restored"];
    assert_eq!(host.app.texts(log).await, did);
    assert_eq!(browser.console_errors().await, []);
}

/// Questions change places by the mouse and by the keyboard, and one becomes two.
#[tokio::test]
async fn questions_are_put_in_order() {
    let question = |id: &str, text: &str| json!({ "id": id, "text": text, "ask": { "text": {} } });
    let asked = json!({ "key": "ask", "placement": { "corner": "bottom_end" }, "rule": { "path": "**" }, "content": { "survey": { "questions": [
        question("one", "First"), question("two", "Second"), question("three", "Third")
    ] } } });
    let host = Host::with(&[asked]).await;
    let browser = marketer(&host, "mia@shop.test").await;
    open(&host, &browser, "/prompts/ask").await;
    let order = async |expected: &[&str]| {
        harness::poll::until(&format!("the order {expected:?}"), async || {
            let draft = draft(&host, "ask").await;
            let all =
                draft.pointer("/content/survey/questions").and_then(|all| all.as_array().cloned()).unwrap_or_default();
            let texts: Vec<_> = all.iter().map(|one| one["text"].as_str().unwrap_or_default().to_owned()).collect();
            if texts == expected { Ok(()) } else { Err(texts.join(", ")) }
        })
        .await;
        browser.wait_for("!document.querySelector('#part.htmx-request')").await;
    };
    browser.drag("li.one[data-place$='questions[0]'] .head", "li.one[data-place$='questions[2]'] .head").await;
    order(&["Second", "Third", "First"]).await;
    browser.tab_to("Move question 3 up").await;
    browser.press("Enter").await;
    order(&["Second", "First", "Third"]).await;
    browser.click("Copy question 1").await;
    order(&["Second", "Second", "First", "Third"]).await;
    browser.click("Remove question 2").await;
    order(&["Second", "First", "Third"]).await;
    browser.click("Undo").await;
    order(&["Second", "Second", "First", "Third"]).await;
    assert_eq!(browser.console_errors().await, []);
}

/// What is not published yet is said in the list and on top of the prompt; with nothing to publish nothing asks for it.
#[tokio::test]
async fn a_live_prompt_says_that_its_draft_is_another() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    let browser = marketer(&host, "mia@shop.test").await;
    let told = async || {
        open(&host, &browser, "/prompts").await;
        browser.text(".list .status").await
    };
    assert_eq!(told().await, "● Live");
    open(&host, &browser, "/prompts/hello").await;
    browser.wait_for("!!document.querySelector('.head a.button.quiet[href$=publish]')").await;
    browser.retype("First line", "Good morning").await;
    browser.says("Live, with changes").await;
    browser.wait_for("!!document.querySelector('.head a.button:not(.quiet)[href$=publish]')").await;
    assert_eq!(told().await, "◐ Live, with changes");
    open(&host, &browser, "/prompts/hello").await;
    browser.click("Publish…").await;
    browser.click("Publish").await;
    browser.says("Version 2 · live").await;
    assert_eq!(told().await, "● Live");
}

/// What somebody has only begun is no mistake of theirs; once they have gone on it is.
#[tokio::test]
async fn what_is_begun_is_not_wrong_yet() {
    let host = Host::with(&[]).await;
    let browser = marketer(&host, "mia@shop.test").await;
    open(&host, &browser, "/templates").await;
    browser.type_into("Name", "Ask").await;
    browser.choose("What it is", "NPS").await;
    browser.click("Begin").await;
    browser.retype("Question", "Would you tell a colleague?").await;
    saved(&host, "ask", "/content/nps/question", json!("Would you tell a colleague?")).await;
    open(&host, &browser, "/prompts/ask?part=audience").await;
    let wrong = "document.querySelectorAll('.part .wrong, .mark-wrong, [aria-invalid]').length";
    browser.click("Add a condition").await;
    saved(&host, "ask", "/rule", json!({ "all": [{ "path": "" }] })).await;
    browser.says("Fill in what you have just added").await;
    assert_eq!(browser.eval(&format!("return {wrong}")).await, json!(0));
    browser.choose("What", "Segment").await;
    saved(&host, "ask", "/rule", json!({ "all": [{ "segment": "" }] })).await;
    browser.says("Segment").await;
    assert_eq!(browser.eval(&format!("return {wrong}")).await, json!(0));
    browser.click("Add a condition").await;
    browser.says("Choose one.").await;
    browser.click("Publish…").await;
    browser.says("This is empty: choose or type what is meant.").await;
}

/// What is translated is what visitors get in their language; what is not yet, they get as it is written.
#[tokio::test]
async fn visitors_are_spoken_to_in_their_language() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    for (path, language) in [("/en", "en"), ("/de", "de-AT"), ("/fr", "fr")] {
        host.page(path, &format!("<script>document.documentElement.lang = '{language}'</script><h1>Home</h1>"));
    }
    let browser = marketer(&host, "mia@shop.test").await;
    open(&host, &browser, "/prompts/hello?part=languages").await;
    browser.choose("Another language", "German").await;
    browser.click("Add").await;
    browser.says("0 of 2 texts").await;
    browser.type_into("Hello", "Guten Tag").await;
    saved(&host, "hello", "/translations", json!({ "de": { "Hello": "Guten Tag" } })).await;
    browser.says("1 of 2 texts").await;
    browser.accessible("the languages").await;
    // The prompt beside it says it too.
    browser.click("German").await;
    browser.wait_for("document.querySelector('.screen iframe')?.src.includes('language=de')").await;
    browser
        .wait_for("document.querySelector('.screen iframe')?.contentDocument?.querySelector('waymark-prompt')")
        .await;
    let bundle = "return fetch(location.pathname + '/bundle?language=de').then((answer) => answer.text())";
    assert!(browser.eval(bundle).await.to_string().contains("Guten Tag"));

    browser.click("Publish…").await;
    browser.says("1 of 2 texts is not yet in German, and said in English.").await;
    browser.click("Publish").await;
    browser.says("Version 2 · live").await;
    assert_eq!(browser.console_errors().await, []);

    for (path, says) in [("/en", "Hello"), ("/de", "Guten Tag"), ("/fr", "Hello")] {
        let visitor = browser.another(BrowserOptions::default()).await;
        visitor.goto(host.pages.url(path)).await;
        let prompt = visitor.prompt().await;
        prompt.says(says).await;
        prompt.says("Forum").await;
    }
}

#[tokio::test]
async fn who_comes_second_is_told_and_overwrites_nothing() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    let (mia, bo) = (marketer(&host, "mia@shop.test").await, marketer(&host, "bo@shop.test").await);
    let heading = "/content/community/heading";
    open(&host, &mia, "/prompts/hello").await;
    open(&host, &bo, "/prompts/hello").await;
    mia.retype("First line", "From Mia").await;
    saved(&host, "hello", heading, json!("From Mia")).await;
    bo.retype("First line", "From Bo").await;
    bo.says("mia@shop.test has changed this prompt while you were at it").await;
    bo.says("From Bo").await;
    bo.accessible("a conflict").await;
    assert_eq!(draft(&host, "hello").await.pointer(heading), Some(&json!("From Mia")), "nothing was overwritten");
    bo.click("Put mine in place").await;
    saved(&host, "hello", heading, json!("From Bo")).await;
}

#[tokio::test]
async fn what_cannot_be_published_says_what_is_missing() {
    let host = Host::with(&[]).await;
    let browser = marketer(&host, "mia@shop.test").await;
    open(&host, &browser, "/templates").await;
    browser.type_into("Name", "Offer").await;
    browser.choose("What it is", "Offer").await;
    browser.click("Begin").await;
    browser.wait_for("document.querySelector('.part .wrong')").await;
    browser.click("Publish…").await;
    browser.says("It cannot be published like this").await;
    browser.accessible("what is missing").await;
    assert_eq!(host.app.texts("select status from prompt_work").await, ["draft"]);
}

/// What a page does without code gets a name, and the journey goes by it.
#[tokio::test]
async fn a_click_gets_a_name_and_moves_a_stage() {
    let host = Host::with(&[]).await;
    host.page("/", "<h1>Home</h1><button id=quote>Ask for a quote</button>");
    let browser = marketer(&host, "mia@shop.test").await;
    open(&host, &browser, "/settings/rules/pages").await;
    browser.click("Add an event").await;
    browser.type_into("Name of the event", "Quote Asked").await;
    browser.choose("It happens when", "something is clicked").await;
    browser.type_into("Element", "#quote").await;
    browser.click("Save").await;
    browser.says("Saved. It holds from now on.").await;

    open(&host, &browser, "/journey").await;
    browser.click("Edit").await;
    browser.click("Edit transition 1").await;
    browser.says("Transition 1").await;
    browser.eval("document.getElementById('transitions[0].when.event.name').select()").await;
    browser.type_text("Quote Asked").await;
    // A click is said by a browser, and this transition believed servers only.
    browser.eval("document.getElementById('transitions[0].when.event.trusted').click()").await;
    browser.click("Publish").await;
    browser.wait_for("location.pathname.endsWith('/journey') && !!document.querySelector('.transitions')").await;
    browser.says("\"Quote Asked\" happened").await;
    assert_eq!(browser.console_errors().await, []);

    let journey = host.app.texts("select body from document where kind = 'journey'").await;
    assert!(!journey[0].contains("trusted"), "{journey:?}");

    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/")).await;
    visitor.settled().await;
    visitor.click("Ask for a quote").await;
    harness::poll::until("the visitor to move", async || {
        let stages = host.app.texts("select stage from journey_state where stage <> ''").await;
        let log = host.app.texts("select name || ' of ' || origin from event order by id").await;
        if stages == ["second"] { Ok(()) } else { Err(format!("{stages:?} after {log:?}")) }
    })
    .await;
}
