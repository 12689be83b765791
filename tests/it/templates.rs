//! Templates: a marketer finds one and has a draft; each of them is what a site may publish and what its visitors would see.

use collector::auth::Role;
use collector::prompts::files::File;
use collector::prompts::import::mistakes;
use collector::prompts::templates;
use harness::{Browser, Site, TestApp};
use serde_json::{Value, json};

/// A site with the default journey, which looks at one page group, and nothing else.
async fn site(app: &TestApp) -> Site {
    let site = app.site().await;
    let pricing = json!({ "page_groups": [{ "key": "pricing", "paths": ["**/pricing*"] }] });
    let journey = std::fs::read(harness::workspace().join("examples/journeys/saas.json")).unwrap();
    let journey: Value = serde_json::from_slice(&journey).unwrap();
    app.import_json(&site, &[("site.json", pricing), ("saas.json", journey)]).await;
    site
}

/// A browser that this marketer is signed in with.
async fn signed_in(app: &TestApp, site: &Site) -> Browser {
    let browser = Browser::desktop().await;
    let cookie = app.signed_in("mia@shop.test", &[(site, Role::Marketer)]).await;
    browser.sign_in(&app.url("/"), &cookie).await;
    browser
}

#[tokio::test]
async fn each_of_them_can_be_published() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let running = &app.running().app;
    let known = running.sites.by_id(&site.id).unwrap();
    let mut wrong = Vec::new();
    for template in templates::all() {
        let file = File { path: format!("{}.json", template.name), text: template.body.to_string() };
        let found = mistakes(&running.db, &known, &file).await.unwrap();
        wrong.extend(found.into_iter().map(|found| format!("{}: {}: {}", file.path, found.at, found.message)));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_marketer_finds_one_and_begins_with_it() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let browser = signed_in(&app, &site).await;
    browser.goto(app.url(&format!("/s/{}/templates", site.id))).await;
    browser.says("Onboarding checklist").await;
    browser.type_into("Find a template", "nps recommend").await;
    browser.click("Find").await;
    browser.wait_for("location.search === '?q=nps+recommend'").await;
    let text = browser.text("main").await;
    assert!(text.contains("NPS") && !text.contains("Onboarding checklist"), "{text}");
    browser.click("Use this template: NPS").await;
    browser.wait_for("location.pathname.endsWith('/prompts/nps')").await;
    let question = "return [...document.querySelectorAll('input, textarea')].map((field) => field.value).join('|')";
    let fields = browser.eval(question).await.to_string();
    assert!(fields.contains("How likely are you to recommend us to a colleague?"), "{fields}");
    assert_eq!(app.texts("select status from prompt_work").await, ["draft"]);
    assert_eq!(app.texts("select key from document where kind = 'prompt'").await, Vec::<String>::new());
    // Whoever begins with it again gets a second one.
    browser.goto(app.url(&format!("/s/{}/templates?q=nps+recommend", site.id))).await;
    browser.click("Use this template: NPS").await;
    browser.wait_for("location.pathname.endsWith('/prompts/nps_2')").await;
    browser.goto(app.url(&format!("/s/{}/templates?q=nothing+like+this", site.id))).await;
    browser.says("No template is like that.").await;
    browser.says("Blank prompt").await;
}

/// The frames that have loaded and those in which the widget shows something.
const PICTURES: &str = "
    const frames = [...document.querySelectorAll('.picture iframe')].map((frame) => frame.contentDocument);
    const loaded = frames.filter((page) => page?.readyState === 'complete' && page.URL !== 'about:blank');
    return [frames.length, loaded.length, loaded.filter((page) => page.querySelector('waymark-prompt')).length];";

#[tokio::test]
async fn the_pictures_are_the_widget_itself_and_leave_the_page_in_peace() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let browser = signed_in(&app, &site).await;
    browser.goto(app.url(&format!("/s/{}/templates", site.id))).await;
    browser.eval("document.querySelector('[type=search]').focus()").await;
    browser.wait_for(&format!("(() => {{ const [all, loaded, shown] = (() => {{ {PICTURES} }})(); return shown > 2 && shown === loaded && loaded < all }})()")).await;
    // A dialog comes into view with the last stage; the focus stays where it is.
    browser.eval("document.querySelector('#advocacy').scrollIntoView()").await;
    browser
        .wait_for("document.querySelector('iframe[src*=testimonial]').contentDocument?.querySelector('waymark-prompt')")
        .await;
    let focused = browser.eval("return document.activeElement.type").await;
    assert_eq!(focused, json!("search"));
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn each_of_them_can_be_seen() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let browser = signed_in(&app, &site).await;
    for template in templates::all() {
        browser.goto(app.url(&format!("/s/{}/templates/{}/frame", site.id, template.name))).await;
        let text = browser.prompt().await.text().await;
        assert!(text.chars().count() > 20, "{}: {text:?}", template.name);
    }
}
