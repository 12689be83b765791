//! How surveys look and what axe says of them: each kind of question and the end, light and dark, on a desktop and on a phone, and in
//! each place. The pictures are in `target/screenshots`, for people to look at.

use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use super::ask::{Asked, case_file, prompt, survey};
use super::form::lead;

async fn looked_at(name: &str, options: BrowserOptions, placement: &str) {
    let mut questions: Vec<Value> = case_file("kinds").iter().map(|case| case["question"].clone()).collect();
    for question in &mut questions {
        question["required"] = json!(false);
    }
    // Words as long as German ones, in the places where words stand.
    questions.push(json!({ "id": "long", "text": "Welche Donaudampfschifffahrtsgesellschaftskapitänsmütze hätten Sie gern?",
        "ask": { "multiple": { "options": [
            { "id": "a", "label": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" }, { "id": "b", "label": "Ohne" }] } } }));
    let end = json!({ "id": "end", "text": "Thank you for your time.", "help": "What you said is read by those who build it.",
                      "button": { "label": "Back to the shop", "url": "/plan" } });
    let prompts = [
        survey("all", placement, json!({ "questions": questions, "endings": [end] })),
        prompt("lead", placement, lead()),
    ];
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..options }).await;
    let asked = Asked::on(&prompts, browser).await;
    asked.open("all").await;
    let prompt = asked.prompt().await;
    for question in &questions {
        prompt.says(question["text"].as_str().unwrap()).await;
        let id = question["id"].as_str().unwrap();
        asked.browser.screenshot(&format!("survey-{name}-{id}")).await;
        prompt.accessible(&format!("{name}, {id}")).await;
        let wide = prompt.query(".stage", "[...found.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length").await;
        assert_eq!(wide, json!(0), "{name}, {id} is wider than the screen");
        if id == "agree" {
            prompt.click("You may write to me about this.").await;
        }
        let controls = prompt.controls().await;
        let on =
            ["Skip", "Next", "Send", "That many"].into_iter().find(|on| controls.iter().any(|one| one.name == *on));
        prompt.click(on.unwrap_or_else(|| panic!("{id}: no way on among {controls:?}"))).await;
    }
    prompt.says("Thank you for your time.").await;
    asked.browser.screenshot(&format!("survey-{name}-end")).await;
    prompt.accessible(&format!("{name}, the end")).await;

    asked.open("lead").await;
    asked.browser.screenshot(&format!("form-{name}")).await;
    prompt.accessible(&format!("{name}, a form")).await;
    prompt.click("Ask for a call").await;
    prompt.says("Please answer this question.").await;
    asked.browser.screenshot(&format!("form-{name}-mistakes")).await;
}

#[tokio::test]
async fn light_on_a_desktop() {
    looked_at("light", BrowserOptions::default(), "corner").await;
}

#[tokio::test]
async fn dark_on_a_desktop() {
    looked_at("dark", BrowserOptions { dark: true, ..BrowserOptions::default() }, "modal").await;
}

#[tokio::test]
async fn light_on_a_phone() {
    looked_at("phone", BrowserOptions::phone(), "corner").await;
}

#[tokio::test]
async fn dark_on_a_narrow_phone() {
    looked_at("narrow", BrowserOptions { dark: true, width: 320, ..BrowserOptions::phone() }, "modal").await;
}

#[tokio::test]
async fn in_a_bar() {
    looked_at("bar", BrowserOptions::default(), "bar").await;
}

#[tokio::test]
async fn inside_the_page() {
    looked_at("inline", BrowserOptions::default(), "main").await;
}
