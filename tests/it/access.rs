//! What shuts people out: axe over each prompt, in every placement, light and dark, on a desktop and on a phone.
//!
//! It finds what a machine can find: names, roles, contrast. That keys and focus work is `keyboard.rs`.

use harness::{Browser, BrowserOptions};

use crate::host::Host;
use crate::page::{SHOWN, prompts};

/// A page that is light, and dark for those who prefer it.
const PAGE: &str = "<style>:root{color-scheme:light dark} @media (prefers-color-scheme: dark){body{background:#111;color:#eee}}</style>
    <main><h1>Shop</h1><p>Things to buy.</p></main>";

async fn looked_at(options: BrowserOptions) {
    let host = Host::with(&prompts()).await;
    host.page("/", PAGE);
    let browser = Browser::new(options).await;
    for (key, _) in SHOWN {
        browser.goto(host.pages.url(&format!("/?show={key}"))).await;
        let prompt = browser.prompt().await;
        prompt.accessible(key).await;
        if key.ends_with("nps") {
            prompt.click("8").await;
            prompt.says("Why?").await;
            prompt.accessible(&format!("{key}, the second question")).await;
            prompt.click("Send").await;
            prompt.says("Thank you").await;
            prompt.accessible(&format!("{key}, the end")).await;
        }
    }
}

#[tokio::test]
async fn a_light_page() {
    looked_at(BrowserOptions::default()).await;
}

#[tokio::test]
async fn a_dark_page() {
    looked_at(BrowserOptions { dark: true, ..BrowserOptions::default() }).await;
}

#[tokio::test]
async fn a_phone() {
    looked_at(BrowserOptions::phone()).await;
}
