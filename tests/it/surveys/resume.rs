//! Nothing that somebody has said is lost or asked twice: by a reload, or by coming from a link that has answered.

use harness::Browser;
use serde_json::{Value, json};

use super::ask::{Asked, survey};

fn questions() -> Value {
    json!({ "prefill": "wm_nps", "questions": [
        { "id": "score", "text": "Would you recommend us?", "ask": { "nps": {} }, "required": true },
        { "id": "uses", "text": "What do you use?", "ask": { "multiple": { "shuffle": true, "other": "More", "options": [
            { "id": "reports", "label": "Reports" }, { "id": "banks", "label": "Banks" }, { "id": "api", "label": "The API" },
            { "id": "apps", "label": "Apps" }, { "id": "mail", "label": "Mail" }, { "id": "none", "label": "None of these", "fixed": true }] } } },
        { "id": "why", "text": "Why {{answer.uses | nothing}}?", "ask": { "text": {} } }
    ] })
}

const OPTIONS: &str = "[...root.querySelectorAll('.option')].map((one) => one.innerText.trim())";

#[tokio::test]
async fn a_response_goes_on_after_a_reload() {
    let asked = Asked::on(&[survey("long", "corner", questions())], Browser::desktop().await).await;
    asked.open("long").await;
    let prompt = asked.prompt().await;
    prompt.click("8").await;
    prompt.says("What do you use?").await;
    let order = prompt.eval(OPTIONS).await;
    assert_eq!(order[5], json!("None of these"), "it keeps its place");
    prompt.click("Banks").await;
    prompt.click_role("checkbox", "More").await;
    prompt.click_role("textbox", "More").await;
    asked.browser.type_text("Maps").await;
    prompt.click("Next").await;
    prompt.says("Why Banks, Maps?").await;

    asked.browser.settled().await;
    asked.browser.reload().await;
    let prompt = asked.prompt().await;
    prompt.says("Why Banks, Maps?").await;
    prompt.click("Back").await;
    prompt.says("What do you use?").await;
    assert_eq!(prompt.eval(OPTIONS).await, order, "the same order");
    assert_eq!(prompt.query(".entry", "found.value").await, json!("Maps"));
    prompt.click("Next").await;
    prompt.type_into("Why Banks, Maps?", "Because").await;
    prompt.click("Send").await;
    prompt.says("Thank you.").await;
    asked.browser.settled().await;
    let answers = asked.answers("long").await;
    let told: Vec<&Value> = answers.iter().map(|(_, props)| &props["question"]).collect();
    assert_eq!(told, ["score", "uses", "why"], "what did not change is not told again");
    assert!(
        answers.iter().all(|(_, props)| props["response"] == answers[0].1["response"]),
        "one response: {answers:?}"
    );
    assert_eq!(asked.host.events("id", "Prompt Dismissed").await, Vec::<String>::new());

    asked.open("long").await;
    asked.prompt().await.says("Would you recommend us?").await;
}

#[tokio::test]
async fn a_link_answers_the_first_question() {
    let asked = Asked::on(&[survey("long", "modal", questions())], Browser::desktop().await).await;
    asked.open("long&wm_nps=11").await;
    asked.prompt().await.says("Would you recommend us?").await;
    asked.open("long&wm_nps=9").await;
    let prompt = asked.prompt().await;
    prompt.says("What do you use?").await;
    asked.browser.settled().await;
    let answers = asked.answers("long").await;
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!((&*answers[0].0, &answers[0].1["score"]), ("NPS Answered", &json!(9)));
    prompt.click("Reports").await;
    prompt.click("Next").await;
    prompt.says("Why Reports?").await;
    prompt.press("Escape").await;
    asked.browser.prompt_gone().await;
    asked.browser.settled().await;
    assert_eq!(asked.host.events("props", "Prompt Dismissed").await, ["{\"partial\":true}"], "midway");
    // The link again: the same response goes on, and the score is not told twice.
    asked.open("long&wm_nps=9").await;
    asked.prompt().await.says("Why Reports?").await;
    asked.browser.settled().await;
    assert_eq!(asked.answers("long").await.len(), 2);
}
