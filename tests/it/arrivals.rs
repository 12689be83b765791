//! Where a visit comes from and on what, as rules hear it of a real browser: the page says its address, its referrer and its screen, the
//! collector what follows from them.
//!
//! What each address and each browser is called stands in `tests/cases/channel`, `source` and `agent`.

use harness::poll::until;
use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, bar};

/// Five arrivals of one visitor in one visit, of which the first is the first for good.
#[tokio::test]
async fn where_somebody_comes_from() {
    let by = |channel: &str| json!({ "channel": { "is": [channel] } });
    let campaign = json!({ "source": { "field": "campaign", "test": { "is": ["spring"] } } });
    let first = json!({ "channel": { "is": ["direct"], "touch": "first" } });
    let found_again = json!({ "all": [first, by("email"), { "path": "/cart" }] });
    let host = Host::with(&[
        bar("own", "Of your own accord", by("direct")),
        bar("search", "Found by a search", by("organic_search")),
        bar("paid", "Found by an ad", by("paid_search")),
        bar("assistant", "Found by an assistant", by("ai_assistant")),
        bar("letter", "Found by a letter", json!({ "all": [by("email"), campaign, { "path": "/" }] })),
        bar("again", "Found again", found_again),
    ])
    .await;
    ["/", "/cart"].into_iter().for_each(|path| host.page(path, "<h1>Shop</h1>"));
    let browser = Browser::desktop().await;
    let arrivals = [
        ("/", "", "Of your own accord"),
        ("/", "https://www.google.com/", "Found by a search"),
        ("/?gclid=x", "https://www.google.com/", "Found by an ad"),
        ("/", "https://chatgpt.com/", "Found by an assistant"),
        ("/?utm_medium=email&utm_campaign=spring", "", "Found by a letter"),
        ("/cart", "", "Found again"),
    ];
    for (path, referrer, heading) in arrivals {
        let way = json!({ "url": host.pages.url(path), "referrer": referrer, "referrerPolicy": "unsafeUrl" });
        browser.cdp("Page.navigate", way).await;
        browser.prompt().await.says(heading).await;
        browser.settled().await;
    }
    assert_eq!(host.events("prompt", "Prompt Shown").await, ["own", "search", "paid", "assistant", "letter", "again"]);
    let referrers = ["", "https://www.google.com/", "https://www.google.com/", "https://chatgpt.com/", "", ""];
    assert_eq!(host.events("referrer", "Page Viewed").await, referrers);
    assert_eq!(browser.console_errors().await, []);
}

/// A desktop, a phone, and a tablet that says it is a desktop, which only its page can tell.
#[tokio::test]
async fn what_it_is_looked_at_on() {
    let on = |device: &str, system: &str, browser: &str, touch: bool| json!({ "all": [{ "device": [device] }, { "system": [system] }, { "browser": [browser] }, { "touch": touch }] });
    let host = Host::with(&[
        bar("desktop", "A desktop", on("desktop", "linux", "chrome", false)),
        bar("phone", "A phone", on("phone", "android", "chrome", true)),
        bar("tablet", "A tablet", on("tablet", "ios", "safari", true)),
    ])
    .await;
    host.page("/", "<h1>Shop</h1>");
    let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
    let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
    let tablet = BrowserOptions { width: 820, height: 1180, ..BrowserOptions::default() };
    let desktop = Browser::desktop().await;
    let phone = emulated(desktop.another(BrowserOptions::phone()).await, android, "Linux armv81").await;
    let tablet = emulated(desktop.another(tablet).await, mac, "MacIntel").await;
    for (browser, heading) in [(&desktop, "A desktop"), (&phone, "A phone"), (&tablet, "A tablet")] {
        browser.goto(host.pages.url("/")).await;
        browser.prompt().await.says(heading).await;
        browser.settled().await;
    }
    until("each to have seen its own", async || match host.events("prompt", "Prompt Shown").await.join(" ").as_str() {
        "desktop phone tablet" => Ok(()),
        other => Err(other.to_owned()),
    })
    .await;
}

/// With fingers, and with this to say of itself.
async fn emulated(browser: Browser, agent: &str, platform: &str) -> Browser {
    browser.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 5 })).await;
    let said: Value = json!({ "userAgent": agent, "platform": platform });
    browser.cdp("Emulation.setUserAgentOverride", said).await;
    browser
}
