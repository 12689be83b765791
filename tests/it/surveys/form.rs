//! A form: everything at once.

use harness::Browser;
use serde_json::{Value, json};

use super::ask::{Asked, prompt};

pub fn lead() -> Value {
    json!({ "form": { "wish": "lead", "heading": "Talk to somebody who has done it", "body": "We write back within a day.",
        "button": "Ask for a call", "decline": "Not now", "thanks": "We write to you today.",
        "fields": [
            { "id": "name", "text": "Name", "ask": { "text": {} }, "required": true, "trait": "name" },
            { "id": "email", "text": "Work e-mail", "help": "Only for this.", "ask": { "email": { "placeholder": "name@company.example" } }, "required": true, "trait": "email" },
            { "id": "size", "text": "How many are you?", "ask": { "single": { "options": [{ "id": "few", "label": "Up to ten" }, { "id": "many", "label": "Over ten" }] } } },
            { "id": "about", "text": "What is it about?", "ask": { "long_text": {} } },
            { "id": "agree", "text": "You may write to me.", "ask": { "consent": { "label": "You may write to me." } } }
        ] } })
}

#[tokio::test]
async fn a_form_is_sent_as_a_whole() {
    let asked = Asked::on(&[prompt("lead", "modal", lead())], Browser::desktop().await).await;
    asked.open("lead").await;
    let page = asked.prompt().await;
    page.type_into("Work e-mail", "ada").await;
    page.click("Ask for a call").await;
    page.says("Please answer this question.").await;
    page.says("Please enter an e-mail address").await;
    page.says("Please tick the box to go on.").await;
    assert_eq!(page.focused().await.as_deref(), Some("Name"), "the first mistake has the focus");
    page.accessible("a form with mistakes").await;
    asked.browser.settled().await;
    assert_eq!(asked.answers("lead").await.len(), 0, "nothing is told of half a form");

    asked.browser.type_text("Ada").await;
    page.type_into("Work e-mail", "@quay.example").await;
    page.click("Over ten").await;
    page.click("You may write to me.").await;
    page.click("Ask for a call").await;
    page.says("We write to you today.").await;
    asked.browser.settled().await;
    let answers = asked.answers("lead").await;
    let told: Vec<&Value> = answers.iter().map(|(_, props)| &props["question"]).collect();
    assert_eq!(told, ["name", "email", "size", "agree"]);
    assert_eq!(answers[1].1["trait_value"], json!("ada@quay.example"));
    let given = asked.host.events("props", "Lead Given").await;
    assert_eq!(given.len(), 1);
    assert!(given[0].contains(answers[0].1["response"].as_str().unwrap()), "{given:?}");
}

#[tokio::test]
async fn a_form_by_the_keyboard_alone() {
    let asked = Asked::on(&[prompt("lead", "corner", lead())], Browser::desktop().await).await;
    asked.open("lead").await;
    let page = asked.prompt().await;
    asked.does(&json!({ "tab": "Name" })).await;
    asked.browser.type_text("Ada").await;
    page.press("Tab").await;
    asked.browser.type_text("ada@quay.example").await;
    page.press("Tab").await;
    page.press("ArrowDown").await;
    asked.does(&json!({ "tab": "You may write to me." })).await;
    page.press("Space").await;
    page.press("Enter").await;
    page.says("We write to you today.").await;
    asked.browser.settled().await;
    assert_eq!(asked.answers("lead").await.len(), 4);
}
