//! The host page, unharmed: before, while each prompt is open, and after it has gone; on a plain page, on one with hostile CSS,
//! and on one with a strict policy.

use std::collections::BTreeMap;

use harness::browser::{Prompt, Styles};
use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, example_files};

/// What is shown, by the key that `?show=` names: each placement with some content, each content in some placement.
pub const SHOWN: &[(&str, &str)] = &[
    ("modal_nps", "Close"),
    ("corner_nps", "Close"),
    ("bar_nps", "Close"),
    ("modal_offer", "No thanks"),
    ("corner_review", "No thanks"),
    ("bar_community", "No thanks"),
];

/// One prompt for each of them.
pub fn prompts() -> Vec<Value> {
    let links =
        json!([{ "label": "G2", "url": "https://g2.example/" }, { "label": "Forum", "url": "https://forum.example/" }]);
    let prompt = |(key, _): &(&str, &str)| {
        let (placement, content) = key.split_once('_').unwrap();
        let placement = match placement {
            "modal" => json!("modal"),
            "corner" => json!({ "corner": "bottom_end" }),
            _ => json!({ "bar": "bottom" }),
        };
        let said = match content {
            "nps" => json!({ "question": "Would you recommend us?", "follow_up": { "question": "Why?" } }),
            "offer" => {
                json!({ "heading": "20 % off", "body": "Until the end of May.", "coupon": { "code": "MAY20", "param": "coupon" },
                               "button": { "label": "See the plan", "url": "/plan" } })
            }
            _ => json!({ "heading": "Tell others", "body": "Or read what others say.", "links": links }),
        };
        json!({ "key": key, "placement": placement, "content": { content: said }, "frequency": { "per_session": 2, "gap": "0s" },
                "rule": { "query": { "param": "show", "test": { "is": [key] } } } })
    };
    SHOWN.iter().map(prompt).collect()
}

/// The pages of `examples/hostile` with this site's snippet, and each again below `/bare` without.
async fn host() -> Host {
    let host = Host::with(&prompts()).await;
    let collector = host.app.url("");
    let loader = format!("{collector}/w/{}.js", host.site.key);
    for (path, text) in example_files("hostile", &loader) {
        let bare = text.replace(&format!("<script async fetchpriority=\"high\" src=\"{loader}\"></script>"), "");
        assert!(!path.ends_with(".html") || bare != text, "{path} has no snippet to take out");
        // What a site with a policy of its own has to add for us, and nothing else.
        let policy = |text: String| {
            text.replace("script-src 'self'", &format!("script-src 'self' {collector}"))
                .replace("connect-src 'self'", &format!("connect-src 'self' {collector}"))
        };
        host.pages.put([(format!("/bare{path}"), bare), (path, policy(text))]);
    }
    host
}

#[tokio::test]
async fn a_plain_page_is_unharmed() {
    unharmed("/plain.html", BrowserOptions::default()).await;
}

#[tokio::test]
async fn a_page_with_hostile_css_is_unharmed() {
    unharmed("/hostile.html", BrowserOptions::default()).await;
}

#[tokio::test]
async fn a_page_with_hostile_css_is_unharmed_on_a_phone() {
    unharmed("/hostile.html", BrowserOptions::phone()).await;
}

async fn unharmed(page: &str, options: BrowserOptions) {
    let host = host().await;
    let browser = Browser::new(options).await;
    browser.goto(host.pages.url(&format!("/bare{page}"))).await;
    let bare = browser.styles().await;
    assert!(bare.elements() > 20, "{}", bare.elements());

    browser.goto(host.pages.url(page)).await;
    browser.no_prompt().await;
    same(&bare, &browser, &format!("{page} with the snippet")).await;

    for (key, close) in SHOWN {
        browser.goto(host.pages.url(&format!("{page}?show={key}"))).await;
        let prompt = browser.prompt().await;
        browser.settled().await;
        same(&bare, &browser, &format!("{page} while {key} is open")).await;
        readable(&prompt, key).await;
        reachable(&prompt, key).await;
        prompt.click(close).await;
        browser.prompt_gone().await;
        same(&bare, &browser, &format!("{page} after {key}")).await;
        assert_eq!(
            browser.eval("return document.querySelectorAll('waymark-prompt').length").await,
            json!(0),
            "{key} stays behind"
        );
    }
    assert_eq!(browser.console_errors().await, []);
}

/// The page looks as it did without us, nothing moved, and nothing was thrown at it.
async fn same(bare: &Styles, browser: &Browser, when: &str) {
    let changes = bare.changes(&browser.styles().await);
    let said: Vec<_> = changes.iter().take(5).map(ToString::to_string).collect();
    assert!(changes.is_empty(), "{when}: {} changes, {said:#?}", changes.len());
    assert_eq!(browser.cls().await, 0.0, "{when}: {:?}", browser.layout_shifts().await);
    assert_eq!(browser.page_errors().await, Vec::<String>::new(), "{when}");
}

/// Letters that can be read: a base of 16 px whatever the page's rem is, and none below 12.
async fn readable(prompt: &Prompt<'_>, key: &str) {
    let sizes = prompt
        .eval("[...root.querySelectorAll('*')].filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3)).map((e) => parseFloat(getComputedStyle(e).fontSize))")
        .await;
    let sizes: Vec<f64> = serde_json::from_value(sizes).unwrap();
    assert!(!sizes.is_empty() && sizes.iter().all(|size| *size >= 12.0), "{key}: {sizes:?}");
    assert_eq!(prompt.query(".modal, .card, .bar", "getComputedStyle(found).fontSize").await, json!("16px"), "{key}");
}

/// Everything that can be pressed can be pressed, and is on the screen.
async fn reachable(prompt: &Prompt<'_>, key: &str) {
    let controls = prompt.controls().await;
    assert!(controls.len() >= 3, "{key}: {controls:?}");
    for control in controls {
        prompt.reach(&control.name).await.unwrap_or_else(|error| panic!("{key}, {:?}: {error}", control.name));
    }
}

/// What the page's CSS could change of a prompt, were it let in, once it has come to rest. Fonts and the direction are the page's, so they are not here.
pub const LOOK: &str = "Promise.all(root.getAnimations().map((one) => one.finished)).then(() => Object.fromEntries([...root.querySelectorAll('*')].map((element, at) => [at + ' ' + element.localName + '.' + element.getAttribute('class'),
    Object.fromEntries(['font-size', 'font-weight', 'font-style', 'line-height', 'letter-spacing', 'word-spacing', 'text-transform', 'text-decoration-line', 'color', 'background-color',
        'opacity', 'visibility', 'display', 'filter', 'float', 'pointer-events', 'cursor', 'box-sizing', 'padding-top', 'margin-top', 'border-top-width', 'border-top-left-radius', 'z-index',
        'min-height', 'transition-duration', 'animation-duration', 'fill', 'outline-style']
        .map((name) => [name, getComputedStyle(element).getPropertyValue(name)]))])))";

pub type Look = BTreeMap<String, BTreeMap<String, String>>;

#[tokio::test]
async fn a_prompt_looks_the_same_wherever_it_is() {
    let host = host().await;
    // Still: on its way in a prompt looks different at each moment.
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..BrowserOptions::default() }).await;
    for (key, _) in SHOWN {
        let mut looks: Vec<Look> = Vec::new();
        for page in ["/plain.html", "/hostile.html"] {
            browser.goto(host.pages.url(&format!("{page}?show={key}"))).await;
            let prompt = browser.prompt().await;
            browser.settled().await;
            looks.push(serde_json::from_value(prompt.eval(LOOK).await).unwrap());
            browser.screenshot(&format!("page-{key}-{}", &page[1..page.len() - 5])).await;
        }
        assert_eq!(looks[0].keys().collect::<Vec<_>>(), looks[1].keys().collect::<Vec<_>>(), "{key}");
        for (element, plain) in &looks[0] {
            let hostile = &looks[1][element];
            let different: Vec<_> = plain.iter().filter(|(name, value)| hostile[*name] != **value).collect();
            assert!(
                different.is_empty(),
                "{key}, {element}: {different:?} on a plain page and {hostile:?} on a hostile one"
            );
        }
    }
}

#[tokio::test]
async fn a_strict_policy_is_kept() {
    let host = host().await;
    // And nobody is embedded here who does not allow it.
    host.pages.with_header("cross-origin-embedder-policy", "require-corp");
    let browser = Browser::desktop().await;
    for (key, close) in SHOWN {
        browser.goto(host.pages.url(&format!("/strict.html?show={key}"))).await;
        let prompt = browser.prompt().await;
        readable(&prompt, key).await;
        prompt.click(close).await;
        browser.prompt_gone().await;
        assert_eq!(browser.cls().await, 0.0, "{key}: {:?}", browser.layout_shifts().await);
        assert_eq!(browser.page_errors().await, Vec::<String>::new(), "{key}");
    }
    browser.settled().await;
    assert_eq!(browser.console_errors().await, []);
    let shown = host.events("prompt", "Prompt Shown").await;
    assert_eq!(shown, SHOWN.iter().map(|(key, _)| *key).collect::<Vec<_>>(), "and each of them was told");
}
