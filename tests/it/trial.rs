//! A draft that nobody has published: its makers try it on the site's own page by a link, as it is and as somebody in particular sees it;
//! nobody else sees any of it.

use collector::auth::{Member, Role};
use collector::prompts::work::Desk;
use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, bar};

/// A site with a draft for another page and a later moment, and a browser of its marketer.
async fn drafted() -> (Host, Browser) {
    let host = Host::with(&[]).await;
    host.page("/", "<h1>Home</h1>");
    host.page("/pricing", "<h1>Pricing</h1>");
    let cookie = host.app.signed_in("mia@shop.test", &[(&host.site, Role::Marketer)]).await;
    let browser = Browser::desktop().await;
    browser.sign_in(&host.app.url("/"), &cookie).await;
    browser.goto(host.app.url(&format!("/s/{}/templates", host.site.id))).await;
    browser.type_into("Name", "Hello").await;
    browser.choose("What it is", "Community").await;
    browser.click("Begin").await;
    browser.says("Hello").await;
    keep(&host, "Hello {{trait.first_name | you}}").await;
    (host, browser)
}

/// Keeps the draft as the editor does.
async fn keep(host: &Host, heading: &str) {
    let mut draft: Value = bar("hello", heading, json!({ "all": [{ "path": "/pricing" }] }));
    draft["name"] = json!("Hello");
    let app = &host.app.running().app;
    let site = app.sites.by_id(&host.site.id).unwrap();
    let member = Member { id: "mia@shop.test".to_owned(), email: String::new(), name: String::new(), is_owner: false };
    let desk = Desk { app, site: &site, member: &member };
    let step = desk.one("hello").await.unwrap().step;
    desk.save("hello", step, draft).await.unwrap();
}

#[tokio::test]
async fn a_draft_is_tried_on_the_page_and_nobody_else_sees_it() {
    let (host, console) = drafted().await;
    console.goto(host.app.url(&format!("/s/{}/prompts/hello", host.site.id))).await;
    console.click("On your own page…").await;
    console.says("Try it on your own page").await;
    let at_once = console.text("#at_once").await;
    console.retype("On the page", "/pricing").await;
    console.click("Make links").await;
    console.wait_for("document.querySelector('#as_ruled')?.textContent.includes('/pricing#')").await;
    let as_ruled = console.text("#as_ruled").await;

    let visitor = console.another(BrowserOptions::default()).await;
    visitor.goto(&at_once).await;
    visitor.prompt().await.says("Hello you").await;

    let other = console.another(BrowserOptions::default()).await;
    other.goto(as_ruled.replace("/pricing", "/")).await;
    other.overlay().await.says("Hello").await;
    other.no_prompt().await;
    other.goto(host.pages.url("/pricing")).await;
    other.prompt().await.says("Hello you").await;

    // Another change of the draft is there on the next page, without another link.
    keep(&host, "Welcome {{trait.first_name | you}}").await;
    other.goto(host.pages.url("/pricing")).await;
    other.prompt().await.says("Welcome you").await;

    let stranger = console.another(BrowserOptions::default()).await;
    stranger.goto(host.pages.url("/pricing")).await;
    stranger.no_prompt().await;
    let origins = host.events("origin", "Prompt Shown").await;
    assert!(!origins.is_empty() && origins.iter().all(|origin| origin == "team"), "{origins:?}");
    console.retype("On the page", "https://elsewhere.test/").await;
    console.click("Make links").await;
    console.says("This is no page of").await;
}

#[tokio::test]
async fn the_pane_shows_it_as_somebody_sees_it() {
    let (host, console) = drafted().await;
    let known = json!([{ "type": "identify", "user_id": "u1", "traits": { "first_name": "Ines" } }]);
    host.app.server_batch(&host.site.secret, known).await.accepted();
    let frame = async |by: &str| {
        let page = format!("/s/{}/prompts/hello/frame?by={by}", host.site.id);
        console.goto(host.app.url(&page)).await;
        console.prompt().await.text().await
    };
    assert!(frame("").await.contains("Hello you"));
    assert!(frame("u1").await.contains("Hello Ines"));
    console.goto(host.app.url(&format!("/s/{}/prompts/hello?view=phone", host.site.id))).await;
    console.type_into("As seen by", "u1").await;
    console.click("Show").await;
    console.wait_for("document.querySelector('iframe').src.includes('view=phone&by=u1')").await;
}
