//! The gallery as the demo serves it: each prompt in each place, light and dark, on a desktop and on a phone. What axe says of it, and
//! whether it fits. The pictures are in `target/screenshots`, for people to look at.

use std::path::Path;

use harness::{Backend, Browser, BrowserOptions, TestApp, workspace};
use serde_json::{Value, json};

use crate::host::Host;

const PLACES: [&str; 8] =
    ["modal", "bottom_end", "bottom_start", "top_end", "top_start", "bar_top", "bar_bottom", "inline"];

/// The prompts of the gallery: the name of each file, and what it says.
fn prompts() -> Vec<(String, Value)> {
    let files = std::fs::read_dir(workspace().join("examples/gallery/prompts")).unwrap();
    let read = |path: &Path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut all: Vec<(String, Value)> = files
        .map(|file| file.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), read(&path)))
        .collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}

/// The first line of what a prompt says.
fn first_line(prompt: &Value) -> &str {
    let content = prompt["content"].as_object().unwrap().values().next().unwrap();
    let lines =
        [&content["heading"], &content["question"], &content["questions"][0]["text"], &content["steps"][0]["heading"]];
    lines.into_iter().find_map(Value::as_str).unwrap_or_else(|| panic!("{prompt} says nothing"))
}

/// Each prompt in the place that suits it, and, of each kind of content one, in `places`.
async fn shown(name: &str, scheme: &str, options: BrowserOptions, places: &[&str]) {
    let app = TestApp::live(Backend::Sqlite, |config| config.demo = workspace().join("examples")).await;
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..options }).await;
    browser.goto(app.url(&format!("/demo/gallery/?{scheme}"))).await;
    browser.settled().await;
    let prompts = prompts();
    assert!(prompts.len() > 15, "{}", prompts.len());
    let mut kinds: Vec<&str> = Vec::new();
    for (key, prompt) in &prompts {
        let kind = prompt["content"].as_object().unwrap().keys().next().unwrap();
        let is_new = !kinds.contains(&kind.as_str());
        kinds.push(kind);
        let elsewhere = places.iter().filter(|_| is_new || key == "plans").map(|place| format!("{key}_{place}"));
        for key in std::iter::once(key.clone()).chain(elsewhere) {
            look(&browser, &key, first_line(prompt), name).await;
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 12, "a content is not in the gallery; there are {kinds:?}");
    assert_eq!(browser.console_errors().await, []);
}

async fn look(browser: &Browser, key: &str, says: &str, name: &str) {
    browser.eval("window.scrollTo(0, 0)").await;
    browser.eval(&format!("waymark('show', {})", json!(key))).await;
    let prompt = browser.prompt().await;
    prompt.says(says).await;
    browser.settled().await;
    browser.screenshot(&format!("gallery-{name}-{key}")).await;
    prompt.accessible(&format!("{key}, {name}")).await;
    let out = prompt
        .eval("[...root.querySelectorAll('.modal *, .card *, .bar *, .inline *')].filter((one) => one.checkVisibility() && !one.closest('.said, svg, i') && one.getBoundingClientRect().width > 1).filter((one) => { const box = one.getBoundingClientRect(); return box.left < -1 || box.right > innerWidth + 1; }).map((one) => one.className || one.localName)")
        .await;
    assert_eq!(out, json!([]), "{key}, {name}: beside the screen");
    let small = prompt
        .eval("[...root.querySelectorAll('button, a')].filter((one) => one.checkVisibility()).filter((one) => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24; }).map((one) => one.textContent || one.ariaLabel)")
        .await;
    assert_eq!(small, json!([]), "{key}, {name}: too small to hit");
    browser.eval("waymark('close')").await;
    browser.prompt_gone().await;
}

#[tokio::test]
async fn light_on_a_desktop() {
    shown("light", "scheme=light", BrowserOptions::default(), &PLACES).await;
}

#[tokio::test]
async fn dark_on_a_desktop() {
    shown("dark", "scheme=dark", BrowserOptions::default(), &[]).await;
}

#[tokio::test]
async fn light_on_a_phone() {
    shown("phone-light", "scheme=light", BrowserOptions::phone(), &["bar_top", "inline"]).await;
}

#[tokio::test]
async fn dark_on_a_phone() {
    shown("phone-dark", "scheme=dark", BrowserOptions::phone(), &[]).await;
}

#[tokio::test]
async fn from_right_to_left() {
    shown("rtl", "scheme=light&dir=rtl", BrowserOptions::default(), &["bar_bottom"]).await;
}

/// The same content in words that do not fit beside anything.
fn in_long_words(content: &Value) -> Value {
    const WORDS: [&str; 4] =
        ["Datenschutzgrundverordnung", "jetzt", "Rechnungsempfängeradresse", "Mehrwertsteuervoranmeldungsfrist"];
    const TEXTS: [&str; 16] = [
        "heading",
        "body",
        "question",
        "text",
        "label",
        "help",
        "decline",
        "thanks",
        "button",
        "low",
        "high",
        "placeholder",
        "other",
        "name",
        "reward",
        "points",
    ];
    fn long(value: &Value, is_text: bool) -> Value {
        match value {
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), long(value, TEXTS.contains(&name.as_str())))).collect()
            }
            Value::Array(list) => list.iter().map(|value| long(value, is_text)).collect(),
            Value::String(text) if is_text => {
                let words = (0..).map(|at| WORDS[(text.len() + at) % WORDS.len()]);
                json!(words.take(1 + text.len() / 24).collect::<Vec<_>>().join(" "))
            }
            other => other.clone(),
        }
    }
    long(content, false)
}

#[tokio::test]
async fn long_words_break_and_push_nothing_away() {
    // What only somebody known sees, and what stands beside elements of the gallery, is as wide as the others.
    let all =
        prompts().into_iter().filter(|(key, _)| !["checklist", "referral", "walkthrough"].contains(&key.as_str()));
    let all: Vec<Value> = all
        .map(|(key, prompt)| {
            json!({ "key": key, "placement": prompt["placement"], "content": in_long_words(&prompt["content"]), "moment": "call",
                    "frequency": { "gap": "0s", "per_session": 100, "at_most": 100, "after_dismissal": "0s", "stop_on": [] } })
        })
        .filter(|prompt| !prompt["placement"].to_string().contains("inline"))
        .collect();
    assert!(all.len() > 15, "{}", all.len());
    let host = Host::with(&all).await;
    host.page("/", "<h1>Shop</h1>");
    for (name, options) in [("long", BrowserOptions::default()), ("phone-long", BrowserOptions::phone())] {
        let browser = Browser::new(BrowserOptions { reduced_motion: true, ..options }).await;
        for prompt in &all {
            let key = prompt["key"].as_str().unwrap();
            // On a page of its own: what the page has asked for stays asked for.
            browser.goto(host.pages.url("/")).await;
            browser.settled().await;
            look(&browser, key, first_line(prompt), name).await;
            browser.eval(&format!("waymark('show', '{key}')")).await;
            let shown = browser.prompt().await;
            // Nothing is wider than what it stands in, nor so narrow that its words stand on end.
            let wrong = shown
                .eval("[...root.querySelectorAll('button, a, h2, h3, p, li, label')].filter((one) => one.checkVisibility() && !one.closest('.said, .tools, .scale, .address'))
                    .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline' || one.textContent.length > 20 && one.offsetWidth < 90)
                    .map((one) => [one.localName, one.className, one.textContent, one.offsetWidth, one.scrollWidth])")
                .await;
            assert_eq!(wrong, json!([]), "{key}, {name}");
            browser.eval("waymark('close')").await;
            browser.prompt_gone().await;
        }
    }
}
