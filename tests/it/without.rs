//! Whole tasks of a marketer who has no pointer, and of one whose browser runs no scripts.

use harness::Backend;
use serde_json::json;

use crate::tasks::Begun;

/// From the first page to a live prompt: a template, its words, who sees it, when, and Publish. Not a click in it.
#[tokio::test]
async fn a_prompt_is_published_by_keyboard_alone() {
    let begun = Begun::with(Backend::Sqlite).await;
    let browser = &begun.browser;
    let follow = async |name: &str| {
        browser.tab_to(name).await;
        browser.press("Enter").await;
    };
    // The first place of a page leads past what all pages have.
    browser.tab_to("Skip to the page").await;
    browser.press("Enter").await;
    browser.wait_for("document.activeElement.id === 'page'").await;

    follow("Prompts").await;
    browser.says("Start from a template").await;
    follow("Start from a template").await;
    browser.says("Find a template").await;
    browser.tab_to("Name").await;
    browser.type_text("Team NPS").await;
    browser.tab_to("What it is").await;
    browser.type_text("NPS").await;
    follow("Begin").await;

    browser.says("Question").await;
    browser.tab_to("Question").await;
    browser.type_text("Would you tell a colleague?").await;
    begun.saved("/content/nps/question", json!("Would you tell a colleague?")).await;

    follow("Audience").await;
    browser.says("Add a condition").await;
    follow("Add a condition").await;
    browser.says("Condition 1").await;
    browser.tab_to("Path").await;
    browser.type_text("/pricing").await;
    begun.saved("/rule/all/0/path", json!("/pricing")).await;

    follow("Moment").await;
    browser.says("Show it").await;
    browser.tab_to("Show it").await;
    browser.type_text("At once").await;
    begun.saved("/moment", json!("at_once")).await;

    follow("Publish…").await;
    browser.says("Visitors have never seen it").await;
    follow("Publish").await;
    browser.says("Version 1 · live").await;
    begun.visitor("/pricing").await.prompt().await.says("Would you tell a colleague?").await;
    assert_eq!(browser.console_errors().await, []);
}

/// The same with forms and links only: a script that does not come takes nothing away but speed.
#[tokio::test]
async fn a_prompt_is_published_without_scripts() {
    let begun = Begun::with(Backend::Sqlite).await;
    let browser = &begun.browser;
    browser.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    browser.click("Prompts").await;
    browser.click("Start from a template").await;
    browser.type_into("Name", "Team NPS").await;
    browser.choose("What it is", "NPS").await;
    browser.click("Begin").await;
    browser.retype("Question", "Would you tell a colleague?").await;
    browser.click("Save").await;
    begun.saved("/content/nps/question", json!("Would you tell a colleague?")).await;
    browser.click("Audience").await;
    browser.click("Add a condition").await;
    browser.choose("What", "Page: one of a group").await;
    browser.click("Save").await;
    browser.choose("Group", "New page group…").await;
    browser.click("Save").await;
    browser.type_into("Name in rules", "prices").await;
    browser.type_into("Paths 1", "/pricing").await;
    browser.click("Save and use it").await;
    begun.saved("/rule", json!({ "all": [{ "page_group": "prices" }] })).await;
    browser.click("Moment").await;
    browser.choose("Show it", "At once").await;
    browser.click("Save").await;
    begun.saved("/moment", json!("at_once")).await;
    browser.click("Publish…").await;
    browser.says("Visitors have never seen it").await;
    browser.click("Publish").await;
    browser.says("Version 1 · live").await;
    begun.visitor("/pricing").await.prompt().await.says("Would you tell a colleague?").await;
}
