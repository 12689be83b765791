//! The overlay: what a page says of its prompts to whoever asks, and what only the site's own people are told, who change nothing by
//! looking.

use harness::browser::Prompt;
use harness::poll::until;
use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, bar, in_stage};
use crate::team::token;

/// A bar for everybody, one for a stage, and one for a moment to come.
fn prompts() -> Vec<Value> {
    let mut leaving = bar("leaving", "Stay", json!({ "all": [{ "path": "/" }, { "width": { "at_least": 300 } }] }));
    leaving["moment"] = json!({ "event": { "name": "Cart Opened" } });
    let mut once = bar("once", "Only once", json!({ "path": "/" }));
    once["frequency"] = json!({ "per_session": 1, "at_most": 3, "gap": "7d" });
    once["priority"] = json!(9);
    let paying =
        bar("paying", "Thanks for paying", json!({ "all": [in_stage("second"), { "not": { "device": ["phone"] } }] }));
    vec![once, leaving, paying]
}

async fn host() -> Host {
    let host = Host::with(&prompts()).await;
    host.page("/", "<h1>Shop</h1><p>Ledgers for everybody.</p>");
    host.page("/next", "<h1>Next</h1>");
    host
}

impl Host {
    /// The address of a page with a signed link's token.
    async fn link(&self, path: &str) -> String {
        let token = token(&self.app, &self.site).await;
        format!("{}#wm_debug={token}", self.pages.url(path))
    }

    /// Everything that was recorded, as `origin name visitor`.
    async fn log(&self) -> Vec<String> {
        let sql = "select origin || ' ' || name || ' ' || subject from event order by received_at, at, id";
        self.app.texts(sql).await
    }
}

/// What the overlay says of a prompt: its mark, and the sentence.
async fn said(overlay: &Prompt<'_>, key: &str) -> (String, String) {
    let expression = format!(
        "(() => {{ const item = [...root.querySelectorAll('.prompt')].find((one) => one.querySelector('.key').textContent === {}); \
         return item && [item.querySelector('.mark').innerText.trim(), item.querySelector('.words').textContent]; }})()",
        json!(key)
    );
    serde_json::from_value(overlay.eval(&expression).await).unwrap_or_default()
}

/// Waits until it says this of a prompt.
async fn says(overlay: &Prompt<'_>, key: &str, mark: &str, words: &str) {
    until(&format!("the overlay to say of {key}: {mark}, {words}"), async || {
        let found = said(overlay, key).await;
        if found.0 == mark && found.1.contains(words) { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
}

/// The lines of a prompt's rule, as the collector writes them too.
async fn rule(overlay: &Prompt<'_>, key: &str) -> Vec<String> {
    let expression = format!(
        "(() => {{ const item = [...root.querySelectorAll('.prompt')].find((one) => one.querySelector('.key').textContent === {}); \
         return [...item.querySelectorAll('.tree .line')].map((line) => line.textContent); }})()",
        json!(key)
    );
    serde_json::from_value(overlay.eval(&expression).await).unwrap()
}

#[tokio::test]
async fn who_calls_for_it_sees_what_the_page_knows() {
    let host = host().await;
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Only once").await;
    let before = browser
        .eval("return performance.getEntriesByType('resource').filter((one) => one.name.includes('overlay')).length")
        .await;
    assert_eq!(before, 0, "nobody else fetches it");
    browser.eval("waymark('debug')").await;
    let overlay = browser.overlay().await;
    assert_eq!(overlay.mode().await, "closed");
    says(&overlay, "once", "On screen", "It is on the screen.").await;
    says(&overlay, "leaving", "Waits", "It would show: it waits for its moment on the page.").await;
    says(&overlay, "paying", "Not meant", "what the collector knows of the visitor does not fit").await;
    overlay.says("1 shows · 1 waiting · 1 not meant").await;
    overlay.says("This page knows verdicts, not values.").await;
    assert_eq!(
        rule(&overlay, "leaving").await,
        [
            "yes: all of these",
            "yes: what the collector knows of the visitor fits — so",
            "yes: the width of the window is at least 300 — 1280"
        ]
    );
    let text = overlay.eval("root.textContent").await;
    assert!(!text.as_str().unwrap().contains("second"), "a stage is a value: {text}");
    let names: Vec<String> = overlay.controls().await.into_iter().map(|control| control.name).collect();
    assert_eq!(names, ["Move to another corner", "Show less", "Close"], "nothing is tried out without a link");
    assert!(host.log().await.iter().all(|line| line.starts_with("web ")), "it is a visitor as any other");

    // The page goes on: what happens on it shows.
    browser.eval("waymark('track', 'Cart Opened')").await;
    says(&overlay, "leaving", "Held back", "Another prompt stands on the page.").await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt().await.says("Stay").await;
    says(&overlay, "leaving", "On screen", "It is on the screen.").await;
    says(&overlay, "once", "Held back", "It was shown in this session already.").await;
    overlay.click("Close").await;
    browser.wait_for("!document.querySelector('waymark-debug')").await;
    browser.eval("waymark('debug')").await;
    browser.overlay().await.says("1 shows").await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn a_signed_link_tells_all_and_counts_nowhere() {
    let host = host().await;
    let browser = Browser::desktop().await;
    // Somebody was here before, in another tab of this browser.
    browser.goto(host.pages.url("/next")).await;
    browser.settled().await;
    let own = browser.eval("return JSON.stringify(localStorage)").await;
    let visitor = browser.eval(&format!("return JSON.parse(localStorage['waymark.{}']).visitor", host.site.key)).await;
    browser.new_tab().await;
    browser.goto(host.link("/").await).await;
    let overlay = browser.overlay().await;
    says(&overlay, "once", "On screen", "It is on the screen.").await;
    says(
        &overlay,
        "paying",
        "Not meant",
        "Its rule does not hold: it needs that the stage is Second, and it is First.",
    )
    .await;
    assert_eq!(
        rule(&overlay, "paying").await,
        ["no: all of these", "no: the stage is Second — First", "yes: not this", "no: the device is phone — desktop"]
    );
    assert_eq!(
        rule(&overlay, "leaving").await,
        ["yes: all of these", "yes: the page is / — /", "yes: the width of the window is at least 300 — 1280"],
        "the page and the collector together know all of it"
    );
    overlay.says("Preview").await;
    overlay.eval("root.querySelectorAll('.section').forEach((one) => one.open = true)").await;
    overlay.says("Person\nnot known").await;
    overlay.says("Stage in Steps\nFirst, for").await;
    overlay.says("interruptions in this session").await;
    assert_eq!(
        browser.eval("return location.href").await,
        json!(host.pages.url("/")),
        "nobody copies the token with the address"
    );

    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    // Another page of the same tab is still a preview; the other tab never was.
    browser.goto(host.pages.url("/next")).await;
    browser.overlay().await.says("Preview").await;
    browser.settled().await;
    let log = host.log().await;
    let team: Vec<&String> = log.iter().filter(|line| line.starts_with("team ")).collect();
    assert!(team.len() >= 4 && team.iter().all(|line| line.ends_with(visitor.as_str().unwrap())), "{log:#?}");
    assert_eq!(log.iter().filter(|line| line.starts_with("web ")).count(), 1, "{log:#?}");
    assert_eq!(browser.eval("return JSON.stringify(localStorage)").await, own, "what the browser keeps is as it was");
    browser.tab(0).await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Only once").await;
    assert_eq!(browser.eval("return !!document.querySelector('waymark-debug')").await, false);
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn caps_are_set_aside_and_somebody_new_is_played() {
    let host = host().await;
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    browser.settled().await;
    let state = format!("waymark.{}", host.site.key);
    let visitor = format!("JSON.parse((sessionStorage['{state}'] || localStorage['{state}'])).visitor");
    let own = browser.eval(&format!("return {visitor}")).await;

    browser.new_tab().await;
    browser.goto(host.link("/").await).await;
    let overlay = browser.overlay().await;
    says(&overlay, "once", "Held back", "It was").await;
    assert_eq!(browser.eval(&format!("return {visitor}")).await, own, "the one who uses this browser");
    overlay.click("Reset my caps").await;
    overlay.says("Caps set aside for this visit.").await;
    browser.prompt().await.says("Only once").await;
    says(&overlay, "once", "On screen", "It is on the screen.").await;
    browser.prompt().await.click("No thanks").await;
    says(&overlay, "once", "Held back", "It was shown in this session already.").await;
    browser.goto(host.pages.url("/")).await;
    says(&browser.overlay().await, "once", "Held back", "It was shown in this session already.").await;

    browser.overlay().await.click("See as a new visitor").await;
    browser.overlay().await.says("Preview: new visitor").await;
    browser.prompt().await.says("Only once").await;
    let new = browser.eval(&format!("return {visitor}")).await;
    assert_ne!(new, own);
    browser.goto(host.pages.url("/next")).await;
    browser.overlay().await.says("Preview: new visitor").await;
    assert_eq!(browser.eval(&format!("return {visitor}")).await, new, "on the next page it is the same one");
    browser.overlay().await.click("See as myself").await;
    browser.wait_for(&format!("{visitor} === {own}")).await;
    browser.overlay().await.click("Leave the preview").await;
    browser.wait_for("window.waymark && waymark.live && !document.querySelector('waymark-debug')").await;
    assert_eq!(browser.eval("return sessionStorage.length").await, 0);
    browser.settled().await;

    // To everybody else nothing of it has happened: the cap of the first tab stands.
    browser.goto(host.pages.url("/")).await;
    browser.no_prompt().await;
    let log = host.log().await;
    let of = |origin: &str, name: &str| log.iter().filter(|line| line.starts_with(&format!("{origin} {name}"))).count();
    assert_eq!((of("web", "Prompt Shown"), of("team", "Prompt Shown"), of("web", "Caps Reset")), (1, 2, 0), "{log:#?}");
    assert!(!log.iter().any(|line| line.starts_with("web") && line.contains(new.as_str().unwrap())), "{log:#?}");
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_link_that_is_too_old_tells_no_more_and_still_counts_nowhere() {
    let host = host().await;
    let browser = Browser::desktop().await;
    browser.goto(host.link("/next").await).await;
    browser.overlay().await.says("Preview").await;
    host.app.advance(3_600_000);
    browser.goto(host.pages.url("/next")).await;
    browser.overlay().await.says("The link is an hour old").await;
    browser.settled().await;
    let log = host.log().await;
    assert!(log.len() == 2 && log.iter().all(|line| line.starts_with("team ")), "{log:#?}");
}

/// Anybody can send anybody such an address.
#[tokio::test]
async fn a_link_that_nobody_signed_is_no_link() {
    let host = host().await;
    let browser = Browser::desktop().await;
    browser.goto(format!("{}#wm_debug=9999999999999.bm9ib2R5", host.pages.url("/"))).await;
    browser.prompt().await.says("Only once").await;
    browser
        .wait_for(&format!("!sessionStorage['{}'] && !document.querySelector('waymark-debug')", host.site.key))
        .await;
    browser.goto(host.pages.url("/next")).await;
    browser.settled().await;
    assert_eq!(browser.eval("return !!document.querySelector('waymark-debug')").await, false);
    let log = host.log().await;
    assert!(log.len() >= 3 && log.iter().all(|line| line.starts_with("web ")), "{log:#?}");
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn it_is_used_by_keyboard_and_by_screen_reader() {
    let host = host().await;
    for (name, options) in [
        ("light", BrowserOptions::default()),
        ("dark", BrowserOptions { dark: true, ..BrowserOptions::default() }),
        ("phone", BrowserOptions::phone()),
    ] {
        let browser = Browser::new(BrowserOptions { reduced_motion: true, ..options }).await;
        browser.goto(host.link("/").await).await;
        let overlay = browser.overlay().await;
        says(&overlay, "once", "On screen", "It is on the screen.").await;
        browser.settled().await;
        browser.screenshot(&format!("overlay-{name}")).await;
        overlay.accessible(&format!("the overlay, {name}")).await;
        overlay.eval("root.querySelectorAll('details').forEach((one) => one.open = true)").await;
        browser.settled().await;
        browser.screenshot(&format!("overlay-{name}-open")).await;
        overlay.accessible(&format!("the overlay with all that it has, {name}")).await;
        let wide = "root.querySelector('.panel').scrollWidth > root.querySelector('.panel').clientWidth || root.querySelector('.body').scrollWidth > root.querySelector('.body').clientWidth";
        assert_eq!(overlay.eval(wide).await, false, "{name}");
        for control in overlay.controls().await {
            overlay.reach(&control.name).await.unwrap_or_else(|error| panic!("{name}, {:?}: {error}", control.name));
        }

        // By keyboard: out of the way, and back.
        let corner = "root.querySelector('.panel').getBoundingClientRect().toJSON()";
        let before = overlay.eval(corner).await;
        focus(&overlay, "Move to another corner").await;
        browser.press("Enter").await;
        let after = overlay.eval(corner).await;
        assert_ne!((&before["top"], &before["bottom"]), (&after["top"], &after["bottom"]), "{name}");
        assert_eq!(overlay.focused().await.as_deref(), Some("Move to another corner"), "{name}: the focus stays");
        focus(&overlay, "Show less").await;
        browser.press("Space").await;
        assert_eq!(overlay.focused().await.as_deref(), Some("Show more"), "{name}");
        browser.screenshot(&format!("overlay-{name}-small")).await;
        assert_eq!(overlay.query(".body", "getComputedStyle(found).display").await, "none");
        overlay.accessible(&format!("the small overlay, {name}")).await;
        browser.goto(host.pages.url("/next")).await;
        let overlay = browser.overlay().await;
        overlay.says("not meant").await;
        assert_eq!(
            overlay.query(".body", "getComputedStyle(found).display").await,
            "none",
            "{name}: it stays as it was"
        );
        focus(&overlay, "Show more").await;
        browser.press("Enter").await;
        assert_eq!(overlay.query(".body", "getComputedStyle(found).display").await, "block", "{name}");
        assert_eq!(browser.console_errors().await, [], "{name}");
    }
}

/// Goes to a control of the overlay as the keyboard would.
async fn focus(overlay: &Prompt<'_>, name: &str) {
    let found = overlay.query(&format!("[aria-label={}]", json!(name)), "(found.focus(), true)").await;
    assert_eq!(found, true, "{name}");
}

#[tokio::test]
async fn what_somebody_reads_is_not_taken_away() {
    let host = host().await;
    let browser = Browser::desktop().await;
    browser.goto(host.link("/").await).await;
    let overlay = browser.overlay().await;
    says(&overlay, "once", "On screen", "").await;
    let item = "[...root.querySelectorAll('.prompt')].find((one) => one.querySelector('.key').textContent === 'once')";
    overlay.eval(&format!("{item}.open = true, {item}.querySelector('summary').focus()")).await;
    browser.prompt().await.eval("root.querySelector('.quiet').click()").await;
    says(&overlay, "once", "Held back", "It was shown in this session already.").await;
    assert_eq!(
        overlay.eval(&format!("[{item}.open, root.activeElement === {item}.querySelector('summary')]")).await,
        json!([true, true])
    );
}
