//! What `dataLayer` hears: each thing that a visitor does with a prompt, once, with names as Google Analytics wants them, and no text that
//! anybody wrote. What has to be heard stands in `tests/cases/layer/`.

use std::collections::BTreeSet;

use harness::{Browser, BrowserOptions, TagManager, workspace};
use serde_json::{Value, json};

use super::{everywhere, page};
use crate::host::{Host, bar};
use crate::surveys::ask::{Asked, prompt};
use crate::team::token;

/// All that is said of each event beside its name.
pub const WORDS: [&str; 7] =
    ["prompt_event", "prompt_key", "prompt_question", "prompt_score", "prompt_target", "prompt_type", "prompt_variant"];

/// What visitors write in the cases: it must be nowhere.
const SECRET: &str = "SECRET";

/// What the list of a page has heard of us, without the words that say nothing.
async fn heard(browser: &Browser, list: &str) -> Vec<Value> {
    let ours = format!("{list}.filter((one) => `${{one.event}}`.startsWith('waymark'))");
    let ours = format!("return JSON.parse(JSON.stringify({ours}))");
    serde_json::from_value(browser.eval(&ours).await).unwrap()
}

/// The events alone, without what they all begin with.
async fn names(browser: &Browser) -> Vec<String> {
    let all = heard(browser, "dataLayer").await;
    all.iter().map(|one| one["event"].as_str().unwrap().replace("waymark_prompt_", "")).collect()
}

/// Waits until a prompt has been on the screen for a second, which is heard too.
async fn viewed(browser: &Browser) {
    browser.wait_for("dataLayer.some((one) => one.event === 'waymark_prompt_viewed')").await;
}

#[tokio::test]
async fn each_thing_that_is_done_is_heard_once() {
    let text = std::fs::read_to_string(workspace().join("tests/cases/layer/heard.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let prompts: Vec<Value> = cases
        .iter()
        .map(|case| {
            let mut prompt = prompt(case["key"].as_str().unwrap(), "corner", case["content"].clone());
            for (name, value) in case["prompt"].as_object().into_iter().flatten() {
                prompt[name] = value.clone();
            }
            prompt
        })
        .collect();
    let asked = Asked::on(&prompts, Browser::new(BrowserOptions::default()).await).await;
    // Somebody is signed in, whom some texts name, and links off the site open nothing.
    let still = format!(
        "<script>dataLayer = []; addEventListener('click', (event) => /variant|review/.test(location.search) && event.preventDefault())</script>{}
         <script>waymark('identify', 'ada', {{ first_name: '{SECRET}' }})</script><h1>Shop</h1><p id=part>Part</p>",
        asked.host.snippet()
    );
    asked.host.pages.put([("/", still)]);
    let (browser, mut actions) = (&asked.browser, BTreeSet::new());
    for case in &cases {
        let key = case["key"].as_str().unwrap();
        asked.open(key).await;
        viewed(browser).await;
        for step in case["do"].as_array().unwrap() {
            asked.does(step).await;
        }
        browser.settled().await;
        // A variant may be another kind of content.
        let kind = case["content"].as_object().unwrap().keys().next().unwrap();
        let kind = case["kind"].as_str().unwrap_or(kind);
        let expect = |said: &Value| {
            let mut all = json!({ "event": format!("waymark_prompt_{}", said[0].as_str().unwrap()), "prompt_key": key, "prompt_type": kind });
            for (name, value) in said[1].as_object().into_iter().flatten() {
                all[name] = value.clone();
            }
            all
        };
        let expected: Vec<Value> = case["heard"].as_array().unwrap().iter().map(expect).collect();
        assert_eq!(heard(browser, "dataLayer").await, expected, "{key}");
        actions.extend(case["heard"].as_array().unwrap().iter().map(|said| said[0].as_str().unwrap().to_owned()));
        // A word that is not said would still be the last one's.
        let said = browser.eval("return dataLayer.map((one) => Object.keys(one).sort().join())").await;
        let all = format!("event,{}", WORDS.join(","));
        assert!(said.as_array().unwrap().iter().all(|words| *words == json!(all)), "{key}: {said}");
        let dump = browser.eval("return JSON.stringify(dataLayer)").await.to_string();
        assert!(!dump.contains(SECRET), "{key}: {dump}");
    }
    // Whoever draws a lot has not met a prompt.
    let known = engine::event::Action::ALL.iter().map(|action| action.as_str().to_owned());
    let missing: Vec<_> = known.filter(|action| action != "eligible" && !actions.contains(action)).collect();
    assert_eq!(missing, Vec::<String>::new(), "each action has a case");
    assert_eq!(browser.console_errors().await, []);
}

/// Over a reload and in two tabs: what one page heard no other hears again, and there are as many as the log has.
#[tokio::test]
async fn no_other_page_hears_it_again() {
    let mut once = bar("hello", "Hello", everywhere());
    once["frequency"] = json!({ "per_session": 1, "at_most": 1 });
    let host = Host::with(&[once]).await;
    host.page("/", "<script>dataLayer = []</script><h1>Shop</h1>");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await;
    viewed(&browser).await;
    browser.new_tab().await;
    browser.goto(host.pages.url("/")).await;
    browser.no_prompt().await;
    assert_eq!(names(&browser).await, Vec::<String>::new());
    browser.tab(0).await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    browser.settled().await;
    assert_eq!(names(&browser).await, ["shown", "viewed", "dismissed"]);
    browser.tab(1).await;
    assert_eq!(names(&browser).await, Vec::<String>::new());
    for tab in [0, 1] {
        browser.tab(tab).await;
        browser.reload().await;
        browser.no_prompt().await;
        assert_eq!(names(&browser).await, Vec::<String>::new());
    }
    let stored = host.app.texts("select name from event where prompt = 'hello' order by id").await;
    assert_eq!(stored, ["Prompt Shown", "Prompt Viewed", "Prompt Dismissed"]);
}

/// Tags run by what is heard, in the middle of it, and may speak to us; no score of one prompt is remembered for the next.
#[tokio::test]
async fn tags_that_run_by_it_may_speak_to_us() {
    let score = json!({ "nps": { "question": "Would you recommend us?", "follow_up": { "question": "Why?" } } });
    let mut first = prompt("score", "modal", score);
    first["priority"] = json!(9);
    let host = Host::with(&[first, bar("next", "Next", json!({ "path": "/" }))]).await;
    let by = |on: &str, script: &str| (on.to_owned(), format!("<script>{script}</script>"));
    let tags = [
        by("waymark_prompt_shown", "waymark('track', 'Heard', { by: 'tag' })"),
        by("waymark_prompt_answered", "waymark('close')"),
    ];
    let tags = tags.iter().fold(TagManager::default(), |all, (on, html)| all.html(on, html));
    page(&host, "/", &tags, &format!("{}<h1>Shop</h1>", host.snippet()));
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/?show=score")).await;
    browser.prompt().await.says("Would you recommend us?").await;
    browser.prompt().await.click("9").await;
    browser.prompt().await.says("Next").await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    browser.settled().await;
    let seen = browser
        .eval("return tagManager.events.filter((one) => /^waymark/.test(one.event)).map((one) => [one.event.slice(15), one.prompt_key, one.prompt_score ?? null])")
        .await;
    let seen: Vec<Value> = seen.as_array().unwrap().iter().filter(|one| one[0] != "viewed").cloned().collect();
    assert_eq!(
        json!(seen),
        json!([
            ["shown", "score", null],
            ["answered", "score", 9],
            ["shown", "next", null],
            ["dismissed", "next", null]
        ])
    );
    assert_eq!(host.events("name", "Heard").await, ["Heard", "Heard"]);
    assert_eq!(browser.console_errors().await, []);
}

/// A list of another name, and none; and the site's own people, who try prompts out, are nobody's visitors.
#[tokio::test]
async fn a_site_says_which_list_hears_it() {
    let said = json!({ "community": { "heading": "Hello", "links": [{ "label": "Forum", "url": "https://forum.example/" }] } });
    let host = Host::with(&[prompt("hello", "bar", said)]).await;
    host.page("/", "<script>dataLayer = []; theirs = []; none = []</script><h1>Shop</h1>");
    host.page("/without", "<h1>Shop</h1>");
    let browser = Browser::desktop().await;
    for (name, list) in [(json!("theirs"), "theirs"), (json!("none"), ""), (json!("dataLayer"), "dataLayer")] {
        let settings = json!({ "page_groups": [], "data_layer": name });
        host.app.import_json(&host.site, &[("site.json", settings)]).await;
        browser.goto(host.pages.url("/?show=hello")).await;
        browser.prompt().await.click("No thanks").await;
        browser.prompt_gone().await;
        browser.settled().await;
        for one in ["dataLayer", "theirs", "none"] {
            let events = heard(&browser, one).await;
            assert_eq!(events.is_empty(), one != list, "{name}: {one} heard {events:?}");
        }
    }
    let link = format!("/?show=hello#wm_debug={}", token(&host.app, &host.site).await);
    for (page, there) in [("/without?show=hello", json!("none")), (&link, json!(0))] {
        let other = browser.another(BrowserOptions::default()).await;
        other.goto(host.pages.url(page)).await;
        other.prompt().await.click("No thanks").await;
        other.prompt_gone().await;
        assert_eq!(other.eval("return window.dataLayer?.length ?? 'none'").await, there, "{page}");
        assert_eq!(other.console_errors().await, []);
    }
    for wrong in [json!("data layer"), json!(""), json!("x".repeat(65)), json!(7)] {
        let file = json!({ "page_groups": [], "data_layer": wrong });
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("site.json"), file.to_string()).unwrap();
        let said = host.app.try_import(&host.site, &[&folder.path().display().to_string()]).await.unwrap_err();
        let expected = if wrong == "" { "This is empty" } else { "This cannot be read" };
        assert!(said.contains(&format!("data_layer: {expected}")), "{said}");
    }
}
