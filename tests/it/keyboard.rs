//! The keyboard and the focus: the visitor's first, then the page's, and ours only while somebody is in a prompt.

use harness::Browser;
use serde_json::{Value, json};

use crate::host::Host;
use crate::page::{SHOWN, prompts};

/// A field of the page, and a page that hears every key.
const KEYS: &str = "<h1>Shop</h1><p><label>Search <input id=search></label></p><script>
    heard = [];
    for (const kind of ['keydown', 'keypress', 'keyup', 'input']) for (const target of [window, document, document.body])
        target.addEventListener(kind, (event) => heard.push(kind + ' ' + event.key));
</script>";

async fn with_focus_in_the_page(key: &str) -> (Host, Browser) {
    let host = Host::with(&prompts()).await;
    host.page("/", KEYS);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    browser.click("Search").await;
    come(&browser, key).await;
    (host, browser)
}

/// The page goes where the prompt is due, as a single-page application does.
async fn come(browser: &Browser, key: &str) {
    browser.eval(&format!("heard.length = 0; history.pushState(null, '', '?show={key}')")).await;
    browser.prompt().await;
}

async fn focus(browser: &Browser) -> Value {
    browser.eval("return document.activeElement.id || document.activeElement.localName").await
}

#[tokio::test]
async fn a_modal_takes_the_focus_and_gives_it_back() {
    for key in ["modal_nps", "modal_offer"] {
        let (_host, browser) = with_focus_in_the_page(key).await;
        let prompt = browser.prompt().await;
        assert_eq!(focus(&browser).await, json!("waymark-prompt"), "{key}");
        // Tab goes round inside: a dialog keeps it.
        for _ in 0..6 {
            prompt.press("Tab").await;
            assert_ne!(focus(&browser).await, json!("search"), "{key} lets Tab out");
        }
        prompt.press("Escape").await;
        browser.prompt_gone().await;
        assert_eq!(focus(&browser).await, json!("search"), "{key}");
        // But for the release of the key that closed it: the focus is the page's again by then.
        let heard = browser.eval("return heard.filter((one) => one !== 'keyup Escape')").await;
        assert_eq!(heard, json!([]), "{key}: what is typed inside stays inside");
    }
}

#[tokio::test]
async fn cards_and_bars_leave_the_focus_alone() {
    for (key, close) in SHOWN.iter().filter(|(key, _)| !key.starts_with("modal")) {
        let (_host, browser) = with_focus_in_the_page(key).await;
        let prompt = browser.prompt().await;
        browser.settled().await;
        assert_eq!(focus(&browser).await, json!("search"), "{key} takes the focus");
        browser.type_text("shoes").await;
        assert_eq!(browser.eval("return document.querySelector('#search').value").await, json!("shoes"), "{key}");
        // A click goes into it, and what had the focus before has it again.
        prompt.click(close).await;
        browser.prompt_gone().await;
        assert_eq!(focus(&browser).await, json!("search"), "{key} keeps the focus");
    }
}

#[tokio::test]
async fn escape_closes_what_has_the_focus_and_counts_as_dismissed() {
    let (host, browser) = with_focus_in_the_page("corner_nps").await;
    // Not from the page: Escape is the page's own there.
    browser.press("Escape").await;
    let prompt = browser.prompt().await;
    prompt.click("7").await;
    prompt.press("Escape").await;
    browser.prompt_gone().await;
    browser.settled().await;
    assert_eq!(host.events("props", "NPS Answered").await.len(), 1);
    assert_eq!(host.events("id", "Prompt Dismissed").await, Vec::<String>::new(), "an answer is no dismissal");

    come(&browser, "modal_offer").await;
    browser.press("Escape").await;
    browser.prompt_gone().await;
    browser.settled().await;
    assert_eq!(host.events("prompt", "Prompt Dismissed").await, ["modal_offer"]);
}

#[tokio::test]
async fn what_is_typed_into_a_prompt_is_no_shortcut_of_the_page() {
    for key in ["modal_nps", "corner_nps", "bar_nps"] {
        let (host, browser) = with_focus_in_the_page(key).await;
        let prompt = browser.prompt().await;
        prompt.click("7").await;
        prompt.type_into("Why?", "slash / and ? keys").await;
        assert_eq!(browser.eval("return heard").await, json!([]), "{key}");
        assert_eq!(browser.eval("return document.querySelector('#search').value").await, json!(""), "{key}");
        prompt.click("Send").await;
        prompt.says("Thank you").await;
        browser.settled().await;
        let answers = host.events("props", "NPS Answered").await;
        assert!(answers.iter().any(|props| props.contains("slash / and ? keys")), "{answers:?}");
        assert_eq!(browser.console_errors().await, []);
    }
}

#[tokio::test]
async fn a_prompt_that_the_page_asks_for_comes_whatever_its_rule_says_and_stays() {
    let host = Host::with(&prompts()).await;
    host.page("/", KEYS);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.eval("waymark('show', 'corner_review')").await;
    browser.prompt().await;
    browser.settled().await;
    browser.prompt().await.says("Tell others").await;
    browser.eval("waymark('track', 'Something Else')").await;
    browser.settled().await;
    browser.prompt().await.says("Tell others").await;
    browser.eval("waymark('close')").await;
    browser.prompt_gone().await;
}
