//! Surveys as people answer them: each kind of question by mouse and by the keyboard alone, and what arrives in the log.

pub mod ask;
mod form;
mod look;
mod resume;

use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use ask::{Asked, case_file, survey};

/// What `tests/cases/widget/kinds.json` expects of each question, without what all have.
fn expected(case: &Value, hand: &str) -> Value {
    let mut said = case["says"].clone();
    if let Some(differently) = case[format!("says_by_{hand}")].as_object() {
        for (name, value) in differently {
            said[name] = value.clone();
        }
    }
    said["question"] = case["question"]["id"].clone();
    said["kind"] = json!(case["question"]["ask"].as_object().unwrap().keys().next().unwrap());
    said
}

pub async fn answered_by(hand: &str, options: BrowserOptions) {
    let cases = case_file("kinds");
    let questions: Vec<Value> = cases.iter().map(|case| case["question"].clone()).collect();
    let asked =
        Asked::on(&[survey("all", "modal", json!({ "questions": questions }))], Browser::new(options).await).await;
    asked.open("all").await;
    for case in &cases {
        asked.prompt().await.says(case["question"]["text"].as_str().unwrap()).await;
        for step in case[hand].as_array().unwrap() {
            asked.does(step).await;
        }
    }
    asked.prompt().await.says("Thank you.").await;
    asked.browser.settled().await;

    let answers = asked.answers("all").await;
    let responses: Vec<&Value> = answers.iter().map(|(_, props)| &props["response"]).collect();
    assert!(responses[0].is_string() && responses.iter().all(|id| *id == responses[0]), "{responses:?}");
    for (case, (_, props)) in cases.iter().zip(&answers) {
        let mut props = props.clone();
        props.as_object_mut().unwrap().remove("response");
        let partial = props.as_object_mut().unwrap().remove("partial");
        assert_eq!(partial.is_none(), case == cases.last().unwrap(), "{props}");
        assert_eq!(props, expected(case, hand), "by {hand}");
    }
    assert_eq!(answers.len(), cases.len());
    let names: Vec<&str> = answers.iter().take(4).map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["NPS Answered", "NPS Answered", "CSAT Answered", "CES Answered"]);
    let ends = asked.host.events("props", "Survey Completed").await;
    assert_eq!(ends.len(), 1);
    assert!(ends[0].contains(responses[0].as_str().unwrap()), "{ends:?}");
    assert_eq!(asked.browser.console_errors().await, []);
}

#[tokio::test]
async fn each_kind_by_mouse() {
    answered_by("mouse", BrowserOptions::default()).await;
}

#[tokio::test]
async fn each_kind_by_the_keyboard_alone() {
    answered_by("keyboard", BrowserOptions::default()).await;
}

#[tokio::test]
async fn each_mistake_is_said_where_it_was_made() {
    let cases = case_file("mistakes");
    let prompts: Vec<Value> = cases
        .iter()
        .enumerate()
        .map(|(at, case)| {
            let question = json!({ "id": "q", "text": "Well?", "ask": case["ask"], "required": true });
            survey(&format!("wrong{at}"), "modal", json!({ "questions": [question] }))
        })
        .collect();
    let asked = Asked::on(&prompts, Browser::desktop().await).await;
    for (at, case) in cases.iter().enumerate() {
        asked.open(&format!("wrong{at}")).await;
        let prompt = asked.prompt().await;
        if let Some(text) = case["type"].as_str() {
            asked.does(&json!({ "tab": case["tab"].as_str().unwrap_or("Well?") })).await;
            asked.browser.type_text(text).await;
        }
        if let Some(label) = case["click"].as_str() {
            prompt.click(label).await;
        }
        prompt.click("Send").await;
        let says = case["says"].as_str().unwrap();
        prompt.says(says).await;
        let told = prompt.query("[role=alert]", "found.textContent").await;
        assert_eq!(told, json!(says));
        let marked = "found.querySelector('[aria-invalid=true]')?.getAttribute('aria-describedby') ?? ''";
        let described = prompt.query(".field", marked).await;
        let ids = described.as_str().unwrap().split(' ');
        let reads = ids.map(|id| format!("[...root.querySelectorAll('#{id}')].map((one) => one.textContent).join()"));
        let mut all = String::new();
        for expression in reads.filter(|expression| !expression.contains("'#'")) {
            all += prompt.eval(&expression).await.as_str().unwrap();
        }
        assert!(all.contains(says), "{says}: {described}");
        prompt.accessible(says).await;
    }
    assert_eq!(asked.host.events("id", "Survey Answered").await, Vec::<String>::new(), "nothing wrong is told");
}

/// Asks why of whoever gave a low score, and ends by what they say.
fn branching() -> Value {
    json!({
        "questions": [
            { "id": "score", "text": "How satisfied are you, {{trait.first_name | friend}}?", "ask": { "csat": {} }, "required": true,
              "branches": [{ "when": { "band": { "is": "satisfied" } }, "to": { "question": "like" } }] },
            { "id": "why", "text": "Why {{answer.score | that}}?", "ask": { "single": { "options": [
                { "id": "price", "label": "The price" }, { "id": "speed", "label": "The speed" }] } }, "required": true,
              "branches": [{ "when": { "answer": { "test": { "is": ["price"] } } }, "to": { "ending": "cheap" } }],
              "next": { "ending": "fast" } },
            { "id": "like", "text": "What do you like?", "ask": { "text": {} } }
        ],
        "endings": [
            { "id": "done", "text": "Good to hear." },
            { "id": "cheap", "text": "There is a smaller plan.", "help": "It has all reports.", "button": { "label": "See it", "url": "/plan" } },
            { "id": "fast", "text": "We are on it.", "redirect": "/speed?a=1" }
        ]
    })
}

#[tokio::test]
async fn answers_lead_on_and_back() {
    let asked = Asked::on(&[survey("branch", "corner", branching())], Browser::desktop().await).await;
    asked.open("branch").await;
    let prompt = asked.prompt().await;
    prompt.says("How satisfied are you, friend?").await;
    prompt.click("5").await;
    prompt.says("What do you like?").await;
    prompt.click("Back").await;
    prompt.says("How satisfied are you").await;
    assert_eq!(
        prompt.query("[aria-checked=true]", "found.textContent").await,
        json!("5"),
        "what was said still stands"
    );
    prompt.click("1").await;
    prompt.says("Why 1?").await;
    assert_eq!(prompt.query("[role=progressbar]", "found.getAttribute('aria-valuetext')").await, json!("2 of 2"));
    prompt.click("The price").await;
    prompt.says("There is a smaller plan.").await;
    prompt.says("It has all reports.").await;
    asked.browser.settled().await;
    let scores: Vec<Value> = asked.answers("branch").await.iter().map(|(_, props)| props["score"].clone()).collect();
    assert_eq!(scores, [json!(5), json!(1), Value::Null], "each answer is told, also the one that was changed");
    assert_eq!(asked.ending().await, "cheap");
    prompt.click("See it").await;
    asked.browser.wait_for("location.pathname === '/plan'").await;
}

#[tokio::test]
async fn an_ending_may_lead_elsewhere_and_keeps_the_campaign() {
    let asked = Asked::on(&[survey("branch", "corner", branching())], Browser::desktop().await).await;
    asked.host.page("/speed", "<h1>Speed</h1>");
    asked.open("branch&utm_source=mail").await;
    let prompt = asked.prompt().await;
    prompt.click("2").await;
    prompt.click("The speed").await;
    prompt.says("We are on it.").await;
    asked.browser.wait_for("location.search === '?a=1&utm_source=mail' && location.pathname === '/speed'").await;
    asked.browser.settled().await;
    assert_eq!(asked.ending().await, "fast", "told before the page was left");
}

#[tokio::test]
async fn what_may_be_passed_over_is_and_says_so() {
    let questions = json!({ "questions": [
        { "id": "score", "text": "How easy was it?", "ask": { "ces": {} } },
        { "id": "why", "text": "Why?", "ask": { "text": {} } }
    ] });
    let asked = Asked::on(&[survey("over", "bar", questions)], Browser::desktop().await).await;
    asked.open("over").await;
    let prompt = asked.prompt().await;
    prompt.click("Skip").await;
    prompt.says("Why?").await;
    prompt.click("Send").await;
    prompt.says("Thank you.").await;
    asked.browser.settled().await;
    let answers = asked.answers("over").await;
    assert_eq!(answers.len(), 2);
    assert!(answers.iter().all(|(_, props)| props["skipped"] == true), "{answers:?}");
}
