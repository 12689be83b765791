//! Whose browser it is: screen, language, preferences; and how Chromium is started for that. For Firefox see [`firefox`](super::firefox).

use serde_json::json;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};

use crate::app::USER_AGENT;

/// How a browser is set up. The default is a desktop of 1280 by 800, light, in English; Chromium, or what the variable
/// `WAYMARK_TEST_BROWSER` names: so a test of anything can be looked at in Firefox.
#[derive(Debug, Clone)]
pub struct BrowserOptions {
    /// Whose it is.
    pub make: Make,
    /// Width of the viewport in CSS pixels.
    pub width: u32,
    /// Height of the viewport in CSS pixels.
    pub height: u32,
    /// Whether the visitor prefers dark colours.
    pub dark: bool,
    /// Whether the visitor asked for less motion.
    pub reduced_motion: bool,
    /// The visitor's language, as in `navigator.language`.
    pub language: String,
    /// Whether it says that nobody sits before it, as Chromium does without a window.
    pub crawler: bool,
    /// Whether it keeps anything for pages; else it is one of those whose owners forbid all of them cookies and storage.
    pub storage: bool,
    /// Whether it has WebAssembly; without it, as in the locked modes of browsers, it compiles no JavaScript either but goes through it. Where the variable `WAYMARK_TEST_ENGINE` is `js`, no browser has: so every test can be run on the
    /// JavaScript that takes its place.
    pub wasm: bool,
}

/// The browsers that tests are run in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// All tests are made for it: Chromium's own protocol shows what WebDriver does not.
    Chromium,
    /// What W3C's protocols show: the pages, the network, the keyboard; neither cutting the network off nor killing a tab.
    Firefox,
}

/// Flags of every Chromium. Without the background ones Chromium talks to its maker during a test. Names that end in `.test` are
/// this machine: what is served to them without TLS is not a secure context, which 127.0.0.1 always is.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-crash-reporter",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--host-resolver-rules=MAP *.test 127.0.0.1",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
];

impl Default for BrowserOptions {
    fn default() -> Self {
        Self {
            make: match std::env::var("WAYMARK_TEST_BROWSER").as_deref() {
                Ok("firefox") => Make::Firefox,
                _ => Make::Chromium,
            },
            width: 1280,
            height: 800,
            dark: false,
            reduced_motion: false,
            language: "en-US".to_owned(),
            crawler: false,
            storage: true,
            wasm: std::env::var("WAYMARK_TEST_ENGINE").as_deref() != Ok("js"),
        }
    }
}

impl BrowserOptions {
    /// A phone: 360 by 740 CSS pixels.
    pub fn phone() -> Self {
        Self { width: 360, height: 740, ..Self::default() }
    }
}

/// What chromedriver is asked for.
pub(super) fn capabilities(options: &BrowserOptions) -> WebDriverResult<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--window-size={},{}", options.width, options.height))?;
    if !options.crawler {
        capabilities.add_arg(&format!("--user-agent={USER_AGENT}"))?;
    }
    if !options.wasm {
        capabilities.add_arg("--js-flags=--jitless")?;
    }
    capabilities.add_arg(&format!("--lang={}", options.language))?;
    capabilities.add_arg(&format!("--accept-lang={}", options.language))?;
    if !options.storage {
        capabilities
            .add_experimental_option("prefs", json!({ "profile.default_content_setting_values.cookies": 2 }))?;
    }
    capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
    capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}
