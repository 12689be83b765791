//! Pictures of every page of the console, from the demo's data: for looking at. Run by `cargo xtask shots`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use collector::auth::Member;
use harness::{Backend, Browser, TestApp, target_dir};
use serde_json::json;

/// Every page, by the name of its picture.
const PAGES: [(&str, &str); 30] = [
    ("home", ""),
    ("prompts", "/prompts"),
    ("templates", "/templates"),
    ("editor", "/prompts/nps?part=content"),
    ("editor-look", "/prompts/spring_offer?part=look"),
    ("editor-audience", "/prompts/spring_offer?part=audience"),
    ("editor-moment", "/prompts/nps?part=moment"),
    ("editor-frequency", "/prompts/nps?part=frequency"),
    ("editor-schedule", "/prompts/nps?part=schedule"),
    ("editor-experiment", "/prompts/nps?part=experiment"),
    ("reach", "/prompts/spring_offer/reach?now=1"),
    ("try", "/prompts/spring_offer/try"),
    ("publish", "/prompts/spring_offer/publish"),
    ("versions", "/prompts/spring_offer/versions"),
    ("pictures", "/pictures"),
    ("journey", "/journey"),
    ("journey-edit", "/journey/saas/edit"),
    ("people", "/people"),
    ("results", "/results"),
    ("results-nps", "/results/prompts/nps"),
    ("results-offer", "/results/prompts/spring_offer"),
    ("responses", "/results/responses"),
    ("settings", "/settings"),
    ("install", "/settings/install"),
    ("keys", "/settings/keys"),
    ("files", "/settings/files"),
    ("pages-and-events", "/settings/rules/pages"),
    ("segments", "/settings/rules/segments"),
    ("team", "/settings/team"),
    ("log", "/settings/log"),
];

/// Widths of screens: a desktop, a tablet, a phone.
const WIDTHS: [u32; 3] = [1440, 1024, 390];

/// No page is drawn higher than this.
const HIGHEST: u64 = 4000;

#[tokio::test]
#[ignore = "draws pictures to look at; cargo xtask shots"]
async fn every_page() {
    let app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let member = Member { id: "mia@shop.test".to_owned(), email: String::new(), name: String::new(), is_owner: true };
    let cookie = app.signed_in(&member.id, &[]).await;
    collector::demo::load(&app.running().app, &member)
        .await
        .unwrap_or_else(|error| panic!("no demo: {}", error.detail()));
    let browser = Browser::desktop().await;
    browser.sign_in(&app.url("/"), &cookie).await;
    let folder = target_dir().join("screenshots/console");
    std::fs::create_dir_all(&folder).unwrap();
    for width in WIDTHS {
        for scheme in ["light", "dark"] {
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
            browser.cdp("Emulation.setEmulatedMedia", media).await;
            for (name, path) in PAGES {
                let size = |height: u64| json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
                browser.cdp("Emulation.setDeviceMetricsOverride", size(900)).await;
                browser.goto(app.url(&format!("/s/demo{path}"))).await;
                // What a page fetches for itself, the frame with the prompt and the numbers beside a rule, comes a moment later.
                browser
                    .wait_for("document.readyState === 'complete' && !document.querySelector('.htmx-request')")
                    .await;
                browser.wait_for("[...document.querySelectorAll('.preview iframe')].every((frame) => frame.contentDocument?.querySelector('waymark-prompt, p'))").await;
                let height = browser.eval("return document.documentElement.scrollHeight").await.as_u64().unwrap_or(900);
                browser.cdp("Emulation.setDeviceMetricsOverride", size(height.clamp(900, HIGHEST))).await;
                let shot = browser.cdp("Page.captureScreenshot", json!({ "format": "png" })).await;
                let bytes = BASE64_STANDARD.decode(shot["data"].as_str().unwrap_or_default()).unwrap();
                std::fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), bytes).unwrap();
            }
        }
    }
}
