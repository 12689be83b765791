//! What shuts people out: axe over each prompt, in every placement, light and dark, on a desktop and on a phone.
//!
//! It finds what a machine can find: names, roles, contrast. That keys and focus work is `page.rs`.

use harness::browser::Prompt;
use harness::{Browser, BrowserOptions, workspace};
use serde_json::json;

use crate::host::Host;
use crate::page::{SHOWN, prompts};

/// A page that is light, and dark for those who prefer it.
const PAGE: &str = "<style>:root{color-scheme:light dark} @media (prefers-color-scheme: dark){body{background:#111;color:#eee}}</style>
    <main><h1>Shop</h1><p>Things to buy.</p></main>";

/// Lets axe see into the closed root, for as long as it looks.
const RUN: &str = "
    const probe = window[Symbol.for('test.probe')];
    const [host] = probe.hosts();
    await Promise.all(probe.roots.get(host).root.getAnimations().map((one) => one.finished));
    Object.defineProperty(host, 'shadowRoot', { value: probe.roots.get(host).root, configurable: true });
    const { violations, passes } = await axe.run(host);
    const told = ({ id, help, nodes }) => id + ': ' + help + ' ' + nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary).join('; ');
    return { violations: violations.map(told), passes: passes.map(({ id }) => id) };";

/// Each text that is seen, and how far it stands out from what is behind it, as WCAG counts. By hand, since axe cannot tell what
/// is behind a text in the browser's top layer.
const CONTRAST: &str = "Promise.all(root.getAnimations().map((one) => one.finished)).then(() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const light = (color) => channels(color).slice(0, 3).map((value) => value / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
    const isOpaque = (color) => (channels(color)[3] ?? 1) === 1;
    const behind = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return isOpaque(color) ? color : behind(element.parentElement);
    };
    const hasText = (element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return [...root.querySelectorAll('*')].filter(hasText).map((element) => {
        const [high, low] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
        return [element.textContent, (high + 0.05) / (low + 0.05)];
    });
})";

async fn looked_at(options: BrowserOptions) {
    let axe = workspace().join("widget/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&axe)
        .unwrap_or_else(|error| panic!("{}: {error}: run `cargo xtask setup`, which gets it", axe.display()));
    let host = Host::with(&prompts()).await;
    host.page("/", PAGE);
    let browser = Browser::new(options).await;
    for (key, _) in SHOWN {
        browser.goto(host.pages.url(&format!("/?show={key}"))).await;
        let prompt = browser.prompt().await;
        browser.eval(&format!("{axe}; window.axe = axe;")).await;
        clean(&browser, &prompt, key).await;
        if key.ends_with("nps") {
            prompt.click("8").await;
            prompt.says("Why?").await;
            clean(&browser, &prompt, &format!("{key}, the second question")).await;
            prompt.click("Send").await;
            prompt.says("Thank you").await;
            clean(&browser, &prompt, &format!("{key}, the end")).await;
        }
    }
}

async fn clean(browser: &Browser, prompt: &Prompt<'_>, what: &str) {
    let found = browser.eval(RUN).await;
    assert_eq!(found["violations"], json!([]), "{what}");
    let passes = found["passes"].as_array().unwrap();
    assert!(passes.contains(&json!("button-name")), "{what}: axe did not look inside, only at {passes:?}");
    let texts: Vec<(String, f64)> = serde_json::from_value(prompt.eval(CONTRAST).await).unwrap();
    let pale: Vec<_> = texts.iter().filter(|(_, ratio)| *ratio < 4.5).collect();
    assert!(!texts.is_empty() && pale.is_empty(), "{what}: {pale:?}");
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
