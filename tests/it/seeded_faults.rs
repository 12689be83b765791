//! Tests of the tests: each thing the harness watches for is seeded as a fault and must be found.

use harness::browser::End;
use harness::{Browser, BrowserOptions, Pages};
use serde_json::json;

/// A page with a closed shadow root such as the widget has: a dialog in the corner that can be answered and closed.
const PAGE: &str = r##"
<main><h1>Pricing</h1><p>Three plans.</p><button id=host-button>Buy</button></main>
<waymark-prompt id=widget style="display: block"></waymark-prompt>
<script>
  const host = document.querySelector("#widget");
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("div{position:fixed;right:10px;bottom:10px;width:300px}");
  root.adoptedStyleSheets = [sheet];
  const card = document.createElement("div");
  const question = document.createElement("p");
  question.textContent = "How likely are you to recommend us?";
  const field = document.createElement("input");
  field.setAttribute("aria-label", "Why?");
  const send = document.createElement("button");
  send.textContent = "Send";
  send.onclick = (event) => { question.textContent = `Thanks: ${field.value} ${event.isTrusted}`; };
  const close = document.createElement("button");
  close.setAttribute("aria-label", "Close");
  close.onclick = () => host.remove();
  card.append(question, field, send, close);
  root.append(card);
  card.onkeydown = (event) => { if (event.key === "Escape") host.remove(); };
</script>"##;

async fn open(body: &str) -> (Pages, Browser) {
    let (pages, browser) = tokio::join!(Pages::serve([("/", body)]), Browser::desktop());
    browser.goto(pages.url("/")).await;
    (pages, browser)
}

#[tokio::test]
async fn a_closed_shadow_root_is_read_clicked_and_typed_into() {
    let (_pages, browser) = open(PAGE).await;
    assert_eq!(
        browser.eval("return document.querySelector('#widget').shadowRoot").await,
        json!(null),
        "it is closed for the page"
    );
    let prompt = browser.prompt().await;
    assert_eq!(prompt.mode().await, "closed");
    assert_eq!(prompt.text().await, "How likely are you to recommend us?\nSend");
    prompt.type_into("Why?", "Good prices").await;
    assert_eq!(prompt.focused().await.as_deref(), Some("Why?"));
    prompt.click("Send").await;
    prompt.says("Thanks: Good prices true").await;
    assert_eq!(prompt.query("p", "found.textContent").await, json!("Thanks: Good prices true"));
    let names: Vec<_> = prompt.controls().await.into_iter().map(|named| (named.role, named.name)).collect();
    let expected = [("textbox", "Why?"), ("button", "Send"), ("button", "Close")];
    assert_eq!(names, expected.map(|(role, name)| (role.to_owned(), name.to_owned())));
    prompt.click("Close").await;
    browser.prompt_gone().await;
    browser.no_prompt().await;
}

#[tokio::test]
async fn keys_reach_the_prompt() {
    let (_pages, browser) = open(PAGE).await;
    let prompt = browser.prompt().await;
    prompt.click("Why?").await;
    prompt.press("Tab").await;
    assert_eq!(prompt.focused().await.as_deref(), Some("Send"));
    prompt.press("Escape").await;
    browser.prompt_gone().await;
}

#[tokio::test]
#[should_panic(expected = "a prompt is open that should not be")]
async fn a_prompt_that_should_not_be_there_is_found() {
    let (_pages, browser) = open(PAGE).await;
    browser.no_prompt().await;
}

#[tokio::test]
async fn a_quiet_page_has_no_faults() {
    let (_pages, browser) = open(PAGE).await;
    assert_eq!(browser.console_errors().await, []);
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    assert_eq!(browser.cls().await, 0.0);
}

#[tokio::test]
async fn console_errors_are_seen() {
    let (_pages, browser) = open("<script>console.error('seeded one'); setTimeout(() => { throw new Error('seeded two') }); Promise.reject('seeded three')</script><img src=/missing.png>").await;
    browser.settled().await;
    let errors = browser.console_errors().await;
    for (source, part) in [
        ("console-api", "seeded one"),
        ("javascript", "seeded two"),
        ("javascript", "in promise"),
        ("network", "missing.png"),
    ] {
        assert!(
            errors.iter().any(|error| error.source == source && error.message.contains(part)),
            "{part} in {errors:?}"
        );
    }
    assert_eq!(browser.page_errors().await, ["Uncaught Error: seeded two", "unhandled: seeded three"]);
    assert_eq!(browser.console_errors().await, errors, "reading does not empty the log");
}

#[tokio::test]
async fn layout_shifts_are_seen_also_right_after_a_click() {
    let (_pages, browser) = open("<button onclick=\"const bar = document.createElement('div'); bar.style.height = '200px'; document.body.prepend(bar)\">Push</button><p id=text style='height:300px;background:#eee'>Text</p>").await;
    browser.settled().await;
    assert_eq!(browser.layout_shifts().await, []);
    browser.click("Push").await;
    let shifts = browser.layout_shifts().await;
    assert!(browser.cls().await > 0.01, "{shifts:?}");
    assert!(shifts[0].after_input, "a real click counts as input");
    assert!(shifts[0].moved.iter().any(|it| it.starts_with("p#text ")), "{shifts:?}");
}

#[tokio::test]
async fn a_changed_style_is_seen_and_the_widget_is_not() {
    let (_pages, browser) = open(PAGE).await;
    let before = browser.styles().await;
    assert!(before.elements() >= 6, "html, body, main, h1, p, button: {}", before.elements());
    browser.eval("document.querySelector('#widget').style.color = 'red'").await;
    assert_eq!(before.changes(&browser.styles().await), [], "the widget's own element is left out");

    browser.eval("document.querySelector('h1').style.letterSpacing = '1px'").await;
    let changes = before.changes(&browser.styles().await);
    let change = changes.iter().find(|change| change.property == "letter-spacing").expect("seeded");
    assert_eq!(change.to_string(), "html > body > main > h1 { letter-spacing: normal -> 1px }");

    browser.eval("document.querySelector('p').remove()").await;
    let changes = before.changes(&browser.styles().await);
    assert!(
        changes.iter().any(|change| change.element.ends_with("> p") && change.property == "(element)"),
        "{changes:?}"
    );
}

#[tokio::test]
async fn bytes_are_counted_by_address() {
    let body = format!(
        "<script src=/big.js></script><script>fetch('/data.js?q=1', {{ method: 'POST', body: 'hello' }}); fetch('http://127.0.0.1:9/refused').catch(() => 0)</script>{PAGE}"
    );
    let (pages, browser) = tokio::join!(
        Pages::serve([("/", body), ("/big.js", format!("//{}", "x".repeat(9_998))), ("/data.js", "1".to_owned())]),
        Browser::desktop()
    );
    browser.goto(pages.url("/")).await;
    let script = browser.request("/big.js").await;
    assert_eq!((script.status, script.method.as_str(), script.body_bytes, script.cached), (200, "GET", 10_000, false));
    assert!(script.bytes > 10_000 && script.bytes < 10_500, "the head counts too: {}", script.bytes);
    let post = browser.request("/data.js").await;
    assert_eq!((post.method.as_str(), post.sent.as_deref(), post.body_bytes), ("POST", Some("hello"), 1));
    browser.settled().await;
    let refused = browser.network().await.into_iter().find(|one| one.url.ends_with("/refused")).expect("tried");
    assert_eq!(refused.end, End::Failed("net::ERR_UNSAFE_PORT".to_owned()));
    browser.forget_network().await;
    assert_eq!(browser.network().await, []);
}

#[tokio::test]
async fn being_offline_breaks_requests() {
    let (_pages, browser) = open(PAGE).await;
    let fetched = "return fetch('/').then(() => 'there', () => 'broken')";
    assert_eq!(browser.eval(fetched).await, json!("there"));
    browser.offline(true).await;
    assert_eq!(browser.eval(fetched).await, json!("broken"));
    browser.offline(false).await;
    assert_eq!(browser.eval(fetched).await, json!("there"));
}

#[tokio::test]
async fn two_browsers_are_two_people_and_two_tabs_are_one() {
    let (pages, browser) = open(PAGE).await;
    browser.eval("localStorage.who = 'first'").await;
    let other = browser
        .another(BrowserOptions {
            dark: true,
            reduced_motion: true,
            language: "de-DE".to_owned(),
            ..BrowserOptions::phone()
        })
        .await;
    other.goto(pages.url("/")).await;
    assert_eq!(other.eval("return localStorage.who ?? null").await, json!(null));
    assert_eq!(
        other.eval("return [innerWidth, innerHeight, navigator.language, matchMedia('(prefers-color-scheme:dark)').matches, matchMedia('(prefers-reduced-motion)').matches]").await,
        json!([360, 740, "de-DE", true, true])
    );
    assert_eq!(browser.eval("return [innerWidth, innerHeight, navigator.language, matchMedia('(prefers-color-scheme:dark)').matches]").await, json!([1280, 800, "en-US", false]));

    let tab = browser.new_tab().await;
    browser.goto(pages.url("/")).await;
    assert_eq!(browser.eval("return localStorage.who").await, json!("first"));
    assert_eq!(browser.prompt().await.mode().await, "closed", "the init script runs in a new tab too");
    assert_eq!((tab, browser.tabs().await), (1, 2));
    browser.tab(0).await;
    browser.reload().await;
    browser.prompt().await;
    let picture = std::fs::read(browser.screenshot("harness").await).unwrap();
    assert!(picture.len() > 1000 && picture.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn what_lies_under_something_else_cannot_be_reached() {
    let (_pages, browser) = open(PAGE).await;
    let prompt = browser.prompt().await;
    assert_eq!(prompt.reach("Send").await, Ok(()));
    let cover = "document.body.insertAdjacentHTML('beforeend', '<aside style=\"position:fixed;inset:0;z-index:2147483647\"></aside>')";
    browser.eval(cover).await;
    let reached = prompt.reach("Send").await.unwrap_err();
    assert!(reached.contains("would reach <aside"), "{reached}");
}
