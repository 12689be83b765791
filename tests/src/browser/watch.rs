//! What a test can see of a page besides the page: console, network, layout shifts, styles, pictures.
//!
//! Everything is seen from outside the page or by the init script; nothing is asked of the product.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::network::NetworkLog;
use super::{Browser, End, Exchange, Styles};
use crate::poll::until;

/// A message of the browser's console with the level of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleError {
    /// Where it comes from: `javascript` (uncaught), `console-api`, `network` (a request failed), `security`, …
    pub source: String,
    /// Address, line and text, as the console shows them.
    pub message: String,
}

/// One layout shift, as Chromium reports it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LayoutShift {
    /// Its score: the share of the viewport that moved times how far it moved.
    pub value: f64,
    /// Whether it came within half a second of a click or key, which keeps it out of the official score.
    pub after_input: bool,
    /// What moved, from where to where: x, y, width and height.
    pub moved: Vec<String>,
}

/// The driver empties a log when it is read; here it is kept.
#[derive(Debug, Default)]
pub(super) struct Logs {
    console: Vec<ConsoleError>,
    network: NetworkLog,
}

impl Logs {
    /// Takes an event of Firefox.
    fn take(&mut self, method: &str, params: &Value) {
        if method != "log.entryAdded" {
            self.network.take_bidi(method, params);
            return;
        }
        let text = |name: &str| params[name].as_str().unwrap_or_default().to_owned();
        // What a policy refused is told by `violations`; Chromium does not call it an error.
        if params["level"] == "error" && !text("text").starts_with("Content-Security-Policy:") {
            self.console.push(ConsoleError { source: text("type"), message: text("text") });
        }
    }
}

impl Browser {
    /// Waits until the page has loaded, nothing is under way in the network, and the browser has painted twice since.
    pub async fn settled(&self) {
        until("the page to come to rest", async || {
            self.try_eval(RESTED).await?;
            let open = self.open_requests().await;
            if !open.is_empty() {
                return Err(format!("requests under way: {open:?}"));
            }
            let before = self.network().await.len();
            self.try_eval(RESTED).await?;
            if self.network().await.len() == before { Ok(()) } else { Err("requests began just now".to_owned()) }
        })
        .await;
    }

    async fn open_requests(&self) -> Vec<String> {
        self.network()
            .await
            .into_iter()
            .filter(|exchange| exchange.end == End::Open)
            .map(|exchange| exchange.url)
            .collect()
    }

    /// Keeps what is on the screen as `target/screenshots/<name>.png`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = crate::target_dir().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let file = folder.join(format!("{name}.png"));
        self.driver.screenshot(&file).await.unwrap_or_else(|error| panic!("no screenshot {name}: {error}"));
        file
    }

    /// All errors on the console since the browser started: uncaught ones, `console.error`, failed requests.
    pub async fn console_errors(&self) -> Vec<ConsoleError> {
        if self.firefox.is_some() {
            self.network().await;
            return self.logs.lock().expect("no test panics while it holds the logs").console.clone();
        }
        let new = self.driver.browser_log().await.unwrap_or_else(|error| panic!("no console log: {error}"));
        let mut logs = self.logs.lock().expect("no test panics while it holds the logs");
        logs.console.extend(
            new.into_iter()
                .filter(|entry| entry.level == "SEVERE")
                .map(|entry| ConsoleError { source: entry.source.unwrap_or_default(), message: entry.message }),
        );
        logs.console.clone()
    }

    /// All requests since the browser started or [`Browser::forget_network`], in the order in which they began.
    pub async fn network(&self) -> Vec<Exchange> {
        if let Some(firefox) = &self.firefox {
            let events = firefox.events().await.unwrap_or_else(|error| panic!("no log: {error}"));
            let mut logs = self.logs.lock().expect("no test panics while it holds the logs");
            events.iter().for_each(|event| logs.take(&event.method, &event.params));
            return logs.network.exchanges().to_vec();
        }
        let new = self.driver.get_log("performance").await.unwrap_or_else(|error| panic!("no network log: {error}"));
        let mut logs = self.logs.lock().expect("no test panics while it holds the logs");
        new.iter().for_each(|entry| logs.network.take(&entry.message));
        logs.network.exchanges().to_vec()
    }

    /// Waits for a request whose address holds `part` and whose last byte is here.
    pub async fn request(&self, part: &str) -> Exchange {
        until(&format!("a finished request to {part}"), async || {
            let exchanges = self.network().await;
            let finished = exchanges.iter().rfind(|one| one.url.contains(part) && one.end == End::Finished);
            finished.cloned().ok_or_else(|| format!("{:?}", exchanges.iter().map(|one| &one.url).collect::<Vec<_>>()))
        })
        .await
    }

    /// Begins the network log anew.
    pub async fn forget_network(&self) {
        self.network().await;
        self.logs.lock().expect("no test panics while it holds the logs").network.clear();
    }

    /// All layout shifts of this document, after the browser has painted what is pending.
    pub async fn layout_shifts(&self) -> Vec<LayoutShift> {
        let shifts = self
            .eval(&format!(
                "{RESTED}; const probe = window[Symbol.for('test.probe')]; probe.flush(); return probe.shifts"
            ))
            .await;
        serde_json::from_value(shifts).expect("the init script writes layout shifts")
    }

    /// The sum of all layout shifts of this document, those after input included: closing a prompt is a click, and must move nothing.
    pub async fn cls(&self) -> f64 {
        self.layout_shifts().await.iter().map(|shift| shift.value).sum()
    }

    /// Errors and unhandled rejections that reached the page's own `window` handlers.
    pub async fn page_errors(&self) -> Vec<String> {
        let errors = self.eval("return window[Symbol.for('test.probe')].errors").await;
        serde_json::from_value(errors).expect("the init script writes texts")
    }

    /// What this document's policy has refused, as its owner's reports would tell: directive and address, or what else it was.
    pub async fn violations(&self) -> Vec<String> {
        let violations = self.eval("return window[Symbol.for('test.probe')].violations").await;
        serde_json::from_value(violations).expect("the init script writes texts")
    }

    /// All computed properties of all elements but the widget's own.
    pub async fn styles(&self) -> Styles {
        let styles = self.eval(include_str!("styles.js")).await;
        serde_json::from_value(styles).expect("the script returns texts")
    }
}

/// Resolves when the page has loaded and two frames have been painted since. Before them a lock of our own: locks are given in the
/// order in which they were asked for, so whoever waits for one that is free, as the loader does at its first visit, has it too.
const RESTED: &str = "if (document.readyState !== 'complete') await new Promise((done) => addEventListener('load', done, { once: true }));
    await navigator.locks?.request('rested', () => 0).catch(() => 'where nothing may be kept there are no locks');
    for (let frame = 0; frame < 2; frame++) await new Promise((done) => requestAnimationFrame(done));
    await new Promise((done) => setTimeout(done))";
