//! The gallery as the demo serves it: each prompt in each place, light and dark, on a desktop and on a phone. What axe says of it, and
//! whether it fits. The pictures are in `target/screenshots`, for people to look at.

use std::path::Path;

use harness::{Backend, Browser, BrowserOptions, TestApp, workspace};
use serde_json::{Value, json};

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
