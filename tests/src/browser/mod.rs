//! A real Chromium with a fresh profile, driven from the outside; or a Firefox (`firefox`).
//!
//! Not a mock and not a switch in the product: what a test does here a visitor can do.
//!
//! The one thing to know: a method waits for what it needs (an element, a prompt, an end of traffic) and
//! panics with what it saw instead. No test sleeps.

mod axe;
mod by_name;
mod driver;
mod firefox;
mod input;
mod network;
mod options;
mod prompt;
mod styles;
mod watch;

use std::sync::Mutex;

use serde_json::{Value, json};
use thirtyfour::prelude::*;

pub use by_name::Named;
pub use network::{End, Exchange};
pub use options::{BrowserOptions, Make};
pub use prompt::Prompt;
pub use styles::{StyleChange, Styles};
pub use watch::{ConsoleError, LayoutShift};

use by_name::Within;
use driver::Seat;
use firefox::Firefox;
use watch::Logs;

use crate::poll::until;

/// What has the focus without showing it; null where it shows it, or a frame has it.
const UNSEEN_FOCUS: &str = r#"
    const at = document.activeElement;
    if (at === document.body || at.tagName === "IFRAME") return null;
    const style = getComputedStyle(at);
    const seen = at.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return seen ? null : at.outerHTML.slice(0, 200);
"#;

/// One visitor's browser: own profile, own cookies and storage. Closed when dropped.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    options: BrowserOptions,
    seat: Seat,
    logs: Mutex<Logs>,
    /// What it takes to drive Firefox, where it is one.
    firefox: Option<Firefox>,
}

impl Browser {
    /// Starts a browser with a fresh profile. For a second one in the same test see [`Browser::another`].
    pub async fn new(options: BrowserOptions) -> Self {
        Self::start(options, driver::seat().await).await
    }

    /// A desktop browser with a fresh profile.
    pub async fn desktop() -> Self {
        Self::new(BrowserOptions::default()).await
    }

    /// A further browser of the same test and the same make, with a profile of its own. Call this rather than [`Browser::new`]:
    /// tests wait for one another at `new`.
    pub async fn another(&self, options: BrowserOptions) -> Self {
        let options = BrowserOptions { make: self.options.make, ..options };
        Self::start(options, Seat::clone(&self.seat)).await
    }

    async fn start(options: BrowserOptions, seat: Seat) -> Self {
        let (driver, firefox) = match options.make {
            Make::Chromium => (driver::session(driver::address(), options::capabilities(&options)).await, None),
            Make::Firefox => {
                let (driver, firefox) = Firefox::start(&options).await;
                (driver, Some(firefox))
            }
        };
        let browser = Self { driver, options, seat, logs: Mutex::default(), firefox };
        browser.prepare_tab().await;
        browser
    }

    /// What holds for a tab, not for the browser: each new tab needs it again, before its first page.
    async fn prepare_tab(&self) {
        let BrowserOptions { width, height, dark, reduced_motion, .. } = self.options;
        self.viewport(width, height, 1.0).await;
        // What follows Firefox was told when it started, for all of its tabs.
        if self.firefox.is_some() {
            return;
        }
        self.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": include_str!("init.js"), "runImmediately": true }),
        )
        .await;
        let features = json!([
            { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
            { "name": "prefers-reduced-motion", "value": if reduced_motion { "reduce" } else { "no-preference" } },
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        self.cdp("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
    }

    /// Gives the tab a viewport of this size in CSS pixels, each of them `scale` pixels of the screen.
    pub async fn viewport(&self, width: u32, height: u32, scale: f64) {
        let set = match &self.firefox {
            Some(firefox) => firefox.viewport(&self.context().await, (width, height), scale).await,
            None => {
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
                self.try_cdp("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
            }
        };
        set.unwrap_or_else(|error| panic!("no viewport of {width} by {height}: {error}"));
    }

    /// What Firefox calls the tab that this is in.
    async fn context(&self) -> String {
        self.driver.window().await.unwrap_or_else(|error| panic!("no tab: {error}")).to_string()
    }

    /// Opens a page and waits for its load event.
    pub async fn goto(&self, url: impl AsRef<str>) {
        let url = url.as_ref();
        self.driver.goto(url).await.unwrap_or_else(|error| panic!("{url} did not open: {error}"));
    }

    /// Loads the page again and waits for its load event.
    pub async fn reload(&self) {
        self.driver.refresh().await.unwrap_or_else(|error| panic!("the page did not reload: {error}"));
    }

    /// Goes back in the history.
    pub async fn back(&self) {
        self.driver.back().await.unwrap_or_else(|error| panic!("no way back: {error}"));
    }

    /// Goes forward in the history.
    pub async fn forward(&self) {
        self.driver.forward().await.unwrap_or_else(|error| panic!("no way forward: {error}"));
    }

    /// The address of the page.
    pub async fn url(&self) -> String {
        self.driver.current_url().await.unwrap_or_else(|error| panic!("no address: {error}")).into()
    }

    /// Opens a further tab with the same profile and switches to it. Returns its number for [`Browser::tab`].
    pub async fn new_tab(&self) -> usize {
        let handle = match &self.firefox {
            None => self.driver.new_tab().await,
            // There a tab hides the one before, and what is hidden shows no prompt.
            Some(_) => self.driver.new_window().await,
        };
        let handle = handle.unwrap_or_else(|error| panic!("no new tab: {error}"));
        self.driver.switch_to_window(handle).await.unwrap_or_else(|error| panic!("no way into the new tab: {error}"));
        self.prepare_tab().await;
        self.tabs().await - 1
    }

    /// Switches to a tab; 0 is the first one. Tabs that a page opened count too.
    pub async fn tab(&self, number: usize) {
        let handles = self.driver.windows().await.unwrap_or_else(|error| panic!("no tabs: {error}"));
        let handle = handles.get(number).unwrap_or_else(|| panic!("no tab {number} among {}", handles.len()));
        self.driver.switch_to_window(handle.clone()).await.unwrap_or_else(|error| panic!("tab {number}: {error}"));
    }

    /// Closes a tab and switches to the first one, which has to be another.
    pub async fn close_tab(&self, number: usize) {
        self.tab(number).await;
        self.driver.close_window().await.unwrap_or_else(|error| panic!("tab {number} stays: {error}"));
        self.tab(0).await;
    }

    /// Closes another tab than this one from outside, also one that hangs; its page then hears nothing of it.
    pub async fn kill_tab(&self, number: usize) {
        let handles = self.driver.windows().await.unwrap_or_else(|error| panic!("no tabs: {error}"));
        let handle = handles.get(number).unwrap_or_else(|| panic!("no tab {number} among {}", handles.len()));
        self.cdp("Target.closeTarget", json!({ "targetId": handle.to_string() })).await;
        until(&format!("tab {number} to go"), async || match self.driver.windows().await {
            Ok(left) if !left.contains(handle) => Ok(()),
            left => Err(format!("{left:?}")),
        })
        .await;
    }

    /// How many tabs there are.
    pub async fn tabs(&self) -> usize {
        self.driver.windows().await.unwrap_or_else(|error| panic!("no tabs: {error}")).len()
    }

    /// Clicks the button, link or choice of the page with this accessible name.
    pub async fn click(&self, name: &str) {
        self.page().click(name).await;
    }

    /// Types into the field of the page with this accessible name.
    pub async fn type_into(&self, name: &str, text: &str) {
        self.page().type_into(name, text).await;
    }

    /// The accessible name of what has the focus; `None` while that is the page itself.
    pub async fn focused(&self) -> Option<String> {
        let root = "document.activeElement === document.body ? undefined : document.activeElement";
        let within = Within { browser: self, root };
        within.all().await.ok()?.into_iter().next().map(|named| named.name)
    }

    /// Goes with the Tab key to what has this accessible name, as somebody without a pointer does.
    ///
    /// # Panics
    /// When a round through the page does not come to it, or a place on the way cannot be seen to have the focus.
    pub async fn tab_to(&self, name: &str) {
        /// More places than any page has.
        const ROUND: usize = 200;
        let mut passed = Vec::new();
        while passed.len() < ROUND {
            self.press("Tab").await;
            let unseen = self.eval(UNSEEN_FOCUS).await;
            assert_eq!(unseen, Value::Null, "the focus cannot be seen, after {passed:?}");
            match self.focused().await {
                Some(at) if at == name => return,
                at => passed.push(at.unwrap_or_default()),
            }
        }
        panic!("no {name:?} among {passed:?}");
    }

    /// Types into the field with this accessible name in place of what stands there.
    pub async fn retype(&self, name: &str, text: &str) {
        self.click(name).await;
        self.eval("document.activeElement.select()").await;
        self.type_text(text).await;
    }

    /// Chooses an option of the list with this label, by typing its first letters as people do.
    ///
    /// # Panics
    /// When there is no such list, or no such option in it.
    pub async fn choose(&self, label: &str, option: &str) {
        let list = format!(
            "[...document.querySelectorAll('select')].find((list) => [...list.labels].some((label) => label.textContent.trim() === {}))",
            json!(label)
        );
        self.wait_for(&format!("!!{list}")).await;
        self.eval(&format!("{list}.focus()")).await;
        self.type_text(option).await;
        self.wait_for(&format!("{list}.selectedOptions[0].textContent.startsWith({})", json!(option))).await;
    }

    /// Takes over a session of the console: the cookie that [`TestApp::signed_in`](crate::TestApp::signed_in) gives.
    pub async fn sign_in(&self, url: &str, cookie: &str) {
        let (name, value) = cookie.split_once('=').unwrap_or((cookie, ""));
        let set = match &self.firefox {
            Some(firefox) => firefox.set_cookie(url, name, value).await,
            None => {
                let cookie = json!({ "name": name, "value": value, "url": url });
                self.try_cdp("Network.setCookie", cookie).await.map(drop)
            }
        };
        set.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Waits for the element that a CSS selector finds, and clicks it.
    pub async fn click_css(&self, selector: &str) {
        until(&format!("a click on {selector}"), async || self.driver.find(By::Css(selector)).await?.click().await)
            .await;
    }

    /// Drags the element that a CSS selector finds onto another with the mouse. Chromium only: what is dragged there is handed over by hand.
    ///
    /// # Panics
    /// When one of them is not there.
    pub async fn drag(&self, from: &str, onto: &str) {
        let middle = async |selector: &str| {
            let script = format!(
                "const one = document.querySelector({}); one.scrollIntoView({{ block: 'center' }});
                 const {{ x, y, height }} = one.getBoundingClientRect(); return [x + 30, y + height / 2]",
                json!(selector)
            );
            let at = self.eval(&script).await;
            (at[0].as_f64().expect("a place"), at[1].as_f64().expect("a place"))
        };
        self.cdp("Input.setInterceptDrags", json!({ "enabled": true })).await;
        let (x, y) = middle(from).await;
        let held = |kind: &str, y: f64| json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        self.cdp("Input.dispatchMouseEvent", held("mousePressed", y)).await;
        for moved in [4.0, 8.0, 12.0] {
            self.cdp("Input.dispatchMouseEvent", held("mouseMoved", y + moved)).await;
        }
        let (x, y) = middle(onto).await;
        // 16: to be moved there.
        let data = json!({ "items": [], "dragOperationsMask": 16 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            self.cdp("Input.dispatchDragEvent", json!({ "type": kind, "x": x, "y": y, "data": data })).await;
        }
        self.cdp("Input.setInterceptDrags", json!({ "enabled": false })).await;
    }

    /// Chooses files in the one file field of the page, as its dialog would.
    pub async fn attach(&self, paths: &[&std::path::Path]) {
        let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        until("files to be chosen", async || {
            self.driver.find(By::Css("input[type=file]")).await?.send_keys(paths.join("\n")).await
        })
        .await;
    }

    /// The text of the first element that a CSS selector finds, waiting for it.
    pub async fn text(&self, selector: &str) -> String {
        until(&format!("the text of {selector}"), async || self.driver.find(By::Css(selector)).await?.text().await)
            .await
    }

    /// Waits until the page's own text holds `part`.
    pub async fn says(&self, part: &str) {
        self.wait_for(&format!("document.body && document.body.innerText.includes({})", json!(part))).await;
    }

    /// The value of a script's `return`. A promise is waited for.
    ///
    /// # Panics
    /// When the script throws.
    pub async fn eval(&self, script: &str) -> Value {
        self.try_eval(script).await.unwrap_or_else(|error| panic!("{error}\nin {script}"))
    }

    /// Waits until a JavaScript expression is true. Pages may change meanwhile.
    pub async fn wait_for(&self, expression: &str) {
        until(expression, async || match self.try_eval(&format!("return !!({expression})")).await? {
            Value::Bool(true) => Ok(()),
            seen => Err(seen.to_string()),
        })
        .await;
    }

    /// Cuts the tab off from the network, or joins it again.
    pub async fn offline(&self, offline: bool) {
        self.conditions(offline, 0.0).await;
    }

    /// Makes every request of this tab wait that many milliseconds; 0 ends it.
    pub async fn slow(&self, latency_ms: f64) {
        self.conditions(false, latency_ms).await;
    }

    async fn conditions(&self, offline: bool, latency: f64) {
        let conditions =
            json!({ "offline": offline, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.emulateNetworkConditions", conditions).await;
    }

    /// A command of the Chrome DevTools Protocol.
    ///
    /// # Panics
    /// When Chromium refuses it.
    pub async fn cdp(&self, method: &str, params: Value) -> Value {
        self.try_cdp(method, params).await.unwrap_or_else(|error| panic!("{error}"))
    }

    async fn try_cdp(&self, method: &str, params: Value) -> Result<Value, String> {
        if self.firefox.is_some() {
            return Err(format!("{method}: Firefox has nothing of the kind"));
        }
        self.driver.cdp().send_raw(method, params).await.map_err(|error| format!("{method}: {error}"))
    }

    async fn try_eval(&self, script: &str) -> Result<Value, String> {
        if let Some(firefox) = &self.firefox {
            return firefox.eval(&self.context().await, script).await;
        }
        let body = format!("return (async () => {{ {script} }})()");
        let result = self.driver.execute(body, Vec::new()).await.map_err(|error| error.to_string())?;
        Ok(result.json().clone())
    }

    fn page(&self) -> Within<'_> {
        Within { browser: self, root: "document" }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if self.driver.clone().leak().is_ok() {
            let address = self.firefox.as_ref().map_or_else(|| driver::address(), Firefox::address);
            driver::end(address, &self.driver.session_id().to_string());
        }
    }
}
