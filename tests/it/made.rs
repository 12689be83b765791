//! What a rule asks for by name and is not there yet is made right where it is asked for: from an empty site to a prompt on pages that
//! have a name, at a moment that has one, without leaving the editor.

use harness::Backend;
use serde_json::json;

use crate::tasks::Begun;

/// From nothing to a prompt on a page group and an event that were not there before.
async fn a_prompt_on_new_names(backend: Backend) {
    let begun = Begun::with(backend).await;
    let browser = &begun.browser;
    browser.click("Prompts").await;
    browser.click("Start from a template").await;
    browser.type_into("Name", "Team NPS").await;
    browser.choose("What it is", "NPS").await;
    browser.click("Begin").await;
    browser.retype("Question", "Would you tell a colleague?").await;
    begun.saved("/content/nps/question", json!("Would you tell a colleague?")).await;

    browser.click("Audience").await;
    browser.click("Add a condition").await;
    begun.choose_at("rule.all[0]", "Page: one of a group").await;
    begun.choose_at("rule.all[0].page_group", "New page group").await;
    browser.says("New page group").await;
    browser.accessible("a page group in the making").await;
    browser.type_into("Name in rules", "Help pages").await;
    // What is wrong is said here, and nothing is saved.
    browser.click("Save and use it").await;
    browser.says("Say which pages").await;
    browser.accessible("a page group with a mistake").await;
    // The draft goes on while it is being made, and it stays while the draft does.
    browser.click("Add a condition").await;
    begun.choose_at("rule.all[1]", "Visitor: new or returning").await;
    begun.saved("/rule/all/1", json!({ "visitor": "new" })).await;
    begun.type_at("new.paths~0", "/wait*").await;
    browser.click("Save and use it").await;
    begun.saved("/rule/all/0", json!({ "page_group": "help_pages" })).await;
    browser.wait_for("document.activeElement.id === 'rule.all[0].page_group'").await;
    browser.says("pages of “help pages”").await;

    browser.click("Moment").await;
    browser.choose("Show it", "On an event").await;
    browser.wait_for("!!document.getElementById('moment.event.name')").await;
    browser.click("Mark a new event…").await;
    browser.type_into("Name of the event", "Help Asked").await;
    browser.choose("It happens when", "something is clicked").await;
    begun.type_at("new.when.click", "#help").await;
    browser.accessible("an event in the making").await;
    browser.click("Save and use it").await;
    begun.saved("/moment", json!({ "event": { "name": "Help Asked" } })).await;
    let others = browser.console_errors().await.into_iter().filter(|error| !error.message.contains("422"));
    assert_eq!(others.collect::<Vec<_>>(), [], "nothing but what was refused");
    browser.click("Publish…").await;
    browser.says("Visitors have never seen it").await;
    browser.click("Publish").await;
    browser.says("Version 1 · live").await;

    let site = begun.app.texts("select body from document where kind = 'settings'").await;
    let site: serde_json::Value = serde_json::from_str(&site[0]).unwrap();
    assert_eq!(site["page_groups"][1], json!({ "key": "help_pages", "paths": ["/wait*"] }), "{site}");
    assert_eq!(site["events"], json!([{ "name": "Help Asked", "when": { "click": "#help" } }]));
    let log = begun.app.texts("select did || ' ' || about from audit where did = 'settings.changed' order by id").await;
    assert_eq!(log, ["settings.changed page group help_pages", "settings.changed event Help Asked"]);

    for page in ["/pricing", "/wait-here"] {
        begun.pages.put([(page, format!("{}<h1>Help</h1><button id=help>Help me</button>", begun.snippet))]);
    }
    let visitor = begun.visitor("/pricing").await;
    visitor.click("Help me").await;
    visitor.no_prompt().await;
    visitor.goto(begun.pages.url("/wait-here")).await;
    visitor.no_prompt().await;
    visitor.click("Help me").await;
    visitor.prompt().await.says("Would you tell a colleague?").await;
}

#[tokio::test]
async fn a_prompt_on_new_names_on_sqlite() {
    a_prompt_on_new_names(Backend::Sqlite).await;
}

#[tokio::test]
async fn a_prompt_on_new_names_on_postgres() {
    a_prompt_on_new_names(Backend::Postgres).await;
}

/// A trigger of the journey waits for an event that is marked right there; what was typed beside it stays.
#[tokio::test]
async fn a_trigger_on_a_new_event() {
    let begun = Begun::with(Backend::Sqlite).await;
    let browser = &begun.browser;
    browser.click("Journey").await;
    browser.click("Edit").await;
    browser.retype("Name", "Our customers").await;
    browser.click("Edit transition 1").await;
    browser.wait_for("!!document.getElementById('transitions[0].when.event.name')").await;
    browser.click("Mark a new event…").await;
    browser.type_into("Name of the event", "Demo Booked").await;
    begun.type_at("new.when.page", "/wait").await;
    browser.click("Save and use it").await;
    browser.wait_for("document.getElementById('transitions[0].when.event.name')?.value === 'Demo Booked'").await;
    browser.wait_for("document.activeElement.id === 'transitions[0].when.event.name'").await;
    browser.accessible("a trigger on a new event").await;
    browser.click("Publish").await;
    browser.wait_for("location.pathname.endsWith('/journey')").await;
    let journey = begun.app.texts("select body from document where kind = 'journey'").await;
    assert!(journey[0].contains("Demo Booked") && journey[0].contains("Our customers"), "{journey:?}");
    assert_eq!(browser.console_errors().await, []);
}

/// Among the settings themselves it is no conflict with oneself.
#[tokio::test]
async fn a_segment_on_a_new_event() {
    let begun = Begun::with(Backend::Sqlite).await;
    let browser = &begun.browser;
    browser.click("Settings").await;
    browser.click("Segments").await;
    browser.click("Add a segment").await;
    browser.type_into("Name in rules", "Readers").await;
    browser.click("Add a condition").await;
    begun.choose_at("segments[0].rule.all[0]", "History: has done").await;
    browser.wait_for("!!document.getElementById('segments[0].rule.all[0].event.name')").await;
    browser.click("Mark a new event…").await;
    begun.type_at("new.name", "Docs Read").await;
    begun.type_at("new.when.page", "/docs/**").await;
    browser.click("Save and use it").await;
    browser.wait_for("document.getElementById('segments[0].rule.all[0].event.name')?.value === 'Docs Read'").await;
    browser.click("Save").await;
    browser.says("Saved. It holds from now on.").await;
    let site = begun.app.texts("select body from document where kind = 'settings'").await;
    let site: serde_json::Value = serde_json::from_str(&site[0]).unwrap();
    assert_eq!(site["segments"][0]["key"], "readers", "{site}");
    assert_eq!(site["segments"][0]["rule"]["all"][0]["event"]["name"], "Docs Read", "{site}");
    assert_eq!(site["events"], json!([{ "name": "Docs Read", "when": { "page": "/docs/**" } }]));
}
