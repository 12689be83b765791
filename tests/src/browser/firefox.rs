//! What it takes to drive Firefox: a geckodriver of its own, and WebDriver BiDi, W3C's protocol for what Chromium's own does elsewhere.
//!
//! Not a second browser for tests: [`Browser`](super::Browser) asks here wherever the two differ, so that a test is the same in both.
//!
//! The one thing to know: names and roles come from Firefox's accessibility tree, by WebDriver's computed label and role.

use std::fmt::Debug;
use std::pin::pin;
use std::sync::{Mutex, OnceLock};

use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};
use thirtyfour::bidi::{BiDi, RawEvent, RawEventStream};
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{FirefoxCapabilities, RequestData, SessionId};

use super::by_name::Named;
use super::driver::{self, Driver};
use super::options::{BrowserOptions, Make};

/// What the logs are made of.
const EVENTS: [&str; 4] =
    ["network.beforeRequestSent", "network.responseCompleted", "network.fetchError", "log.entryAdded"];

/// What can have a role that somebody acts on, under a root and the root itself; null where there is no root.
const CANDIDATES: &str = "(root) => {
    const kinds = 'a[href], button, input, select, textarea, summary, option, [role], [tabindex]';
    const seen = (element) => element.matches?.(kinds) && element.checkVisibility({ visibilityProperty: true });
    return root ? [root, ...root.querySelectorAll('*')].filter(seen) : null;
}";

/// How a Firefox is driven besides WebDriver. Its geckodriver ends with this value.
#[derive(Debug)]
pub(super) struct Firefox {
    bidi: BiDi,
    events: Mutex<RawEventStream>,
    process: Driver,
}

impl BrowserOptions {
    /// A desktop Firefox; `None`, said once on standard error, where Firefox or geckodriver is not there.
    ///
    /// # Panics
    /// Instead of that, where the variable `WAYMARK_TEST_FIREFOX` is `required`.
    pub fn firefox() -> Option<Self> {
        static MISSING: OnceLock<Option<String>> = OnceLock::new();
        let missing = MISSING.get_or_init(|| {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let has = |program: &str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
            let programs = [("firefox", "Firefox"), ("geckodriver", "geckodriver")];
            let missing = programs.into_iter().find(|(program, _)| !has(program))?.1;
            let said = format!(
                "the tests in Firefox did not run: there is no {missing} (CONTRIBUTING.md says how to have it)"
            );
            // Not by a macro: what those write is shown of failed tests only.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{said}\n").as_bytes());
            Some(said)
        });
        match missing {
            None => Some(Self { make: Make::Firefox, ..Self::default() }),
            Some(said) if std::env::var("WAYMARK_TEST_FIREFOX").as_deref() == Ok("required") => panic!("{said}"),
            Some(_) => None,
        }
    }
}

/// What geckodriver is asked for.
fn capabilities(options: &BrowserOptions) -> WebDriverResult<FirefoxCapabilities> {
    let mut preferences = FirefoxPreferences::new();
    preferences.set("intl.accept_languages", &options.language)?;
    // It asks for one by itself, also where the page's policy has none, and tells the page that it refused it.
    preferences.set("browser.chrome.site_icons", false)?;
    if !options.storage {
        preferences.set("network.cookie.cookieBehavior", 2)?;
    }
    preferences.set("javascript.options.wasm", options.wasm)?;
    // Names of this machine, one by one: there is no wildcard.
    preferences.set("network.dns.localDomains", "shop.test,other.test")?;
    preferences.set("ui.systemUsesDarkTheme", u8::from(options.dark))?;
    preferences.set("ui.prefersReducedMotion", u8::from(options.reduced_motion))?;
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_headless()?;
    capabilities.set_preferences(preferences)?;
    capabilities.enable_bidi()?;
    Ok(capabilities)
}

impl Firefox {
    /// Starts one with a fresh profile.
    pub(super) async fn start(options: &BrowserOptions) -> (WebDriver, Self) {
        let process = Driver::start(&driver::GECKODRIVER);
        let session = driver::session(&process.address, capabilities(options)).await;
        let bidi = session.bidi().await.unwrap_or_else(|error| panic!("no BiDi: {error}"));
        let events = Mutex::new(bidi.subscribe_raw());
        let firefox = Self { bidi, events, process };
        firefox.send("session.subscribe", json!({ "events": EVENTS })).await.unwrap_or_else(|error| panic!("{error}"));
        let init = format!("() => {{ {} }}", include_str!("init.js"));
        let init = json!({ "functionDeclaration": init });
        firefox.send("script.addPreloadScript", init).await.unwrap_or_else(|error| panic!("{error}"));
        let collector = json!({ "dataTypes": ["request"], "maxEncodedDataSize": 100_000 });
        firefox.send("network.addDataCollector", collector).await.unwrap_or_else(|error| panic!("{error}"));
        (session, firefox)
    }

    /// Where its geckodriver listens.
    pub(super) fn address(&self) -> &str {
        &self.process.address
    }

    /// Gives a tab a viewport of this size in CSS pixels, each of them `scale` pixels of the screen.
    pub(super) async fn viewport(&self, tab: &str, (width, height): (u32, u32), scale: f64) -> Result<(), String> {
        let viewport =
            json!({ "context": tab, "viewport": { "width": width, "height": height }, "devicePixelRatio": scale });
        self.send("browsingContext.setViewport", viewport).await.map(drop)
    }

    /// Gives it a cookie of the site at an address.
    pub(super) async fn set_cookie(&self, url: &str, name: &str, value: &str) -> Result<(), String> {
        let url = reqwest::Url::parse(url).map_err(|error| error.to_string())?;
        let value = json!({ "type": "string", "value": value });
        let cookie = json!({ "name": name, "value": value, "domain": url.host_str() });
        self.send("storage.setCookie", json!({ "cookie": cookie })).await.map(drop)
    }

    /// The value of a script's `return`. WebDriver's own way would run it beside the page: what it sets there no page sees.
    pub(super) async fn eval(&self, tab: &str, script: &str) -> Result<Value, String> {
        let expression = format!("(async () => {{ {script} }})().then((value) => JSON.stringify(value))");
        let evaluate = json!({ "expression": expression, "target": { "context": tab }, "awaitPromise": true });
        let text = returned(&self.send("script.evaluate", evaluate).await?)?;
        text["value"]
            .as_str()
            .map_or(Ok(Value::Null), |text| serde_json::from_str(text).map_err(|error| error.to_string()))
    }

    /// Everything that can be acted on below what an expression gives, in tree order.
    pub(super) async fn named(&self, session: &WebDriver, tab: &str, root: &str) -> Result<Vec<Named>, String> {
        let evaluate = json!({
            "expression": format!("({CANDIDATES})({root})"), "target": { "context": tab }, "awaitPromise": false,
            "serializationOptions": { "maxDomDepth": 0, "maxObjectDepth": 1 },
        });
        let found = returned(&self.send("script.evaluate", evaluate).await?)?;
        let found = found["value"].as_array().ok_or_else(|| format!("nothing at {root}"))?;
        let mut all = Vec::new();
        for (node, is_password) in
            found.iter().map(|node| (&node["sharedId"], node["value"]["attributes"]["type"] == "password"))
        {
            let computed = async |what| {
                let asked = Computed { element: node.as_str().unwrap_or_default(), what };
                let answer = session.handle().cmd(asked).await.map_err(|error| error.to_string())?;
                Ok::<_, String>(
                    answer.value::<Option<String>>().map_err(|error| error.to_string())?.unwrap_or_default(),
                )
            };
            let mut role = computed("computedrole").await?;
            // ARIA has no role for them.
            if role.is_empty() && is_password {
                role = "textbox".to_owned()
            }
            all.extend(Named::active(role, computed("computedlabel").await?, node.clone()));
        }
        Ok(all)
    }

    /// What a function says whose `this` is a node.
    pub(super) async fn call(&self, tab: &str, node: &Value, function: &str) -> Result<Value, String> {
        let function = format!("function () {{ return JSON.stringify(({function}).call(this)); }}");
        let call = json!({ "functionDeclaration": function, "this": { "sharedId": node }, "target": { "context": tab }, "awaitPromise": false });
        let text = returned(&self.send("script.callFunction", call).await?)?;
        serde_json::from_str(text["value"].as_str().unwrap_or("null")).map_err(|error| error.to_string())
    }

    /// What a pointer or the keys do, one after another.
    pub(super) async fn act(&self, tab: &str, kind: &str, actions: Value) -> Result<(), String> {
        let source = json!({ "type": kind, "id": kind, "actions": actions });
        self.send("input.performActions", json!({ "context": tab, "actions": [source] })).await.map(drop)
    }

    /// All that has happened since this was last asked. A command is sent first, as its answer comes after whatever happened before it.
    pub(super) async fn events(&self) -> Result<Vec<RawEvent>, String> {
        self.send("session.status", json!({})).await?;
        let mut events: Vec<RawEvent> = {
            let mut events = self.events.lock().expect("no test panics while it holds the events");
            std::iter::from_fn(|| pin!(events.next()).now_or_never().flatten()).collect()
        };
        // What a page posts is kept by the browser apart.
        let posts =
            events.iter_mut().filter(|event| event.method == EVENTS[0] && event.params["request"]["method"] == "POST");
        for event in posts {
            let wanted = json!({ "dataType": "request", "request": event.params["request"]["request"] });
            let sent = self.send("network.getData", wanted).await;
            event.params["sent"] = sent.unwrap_or_default()["bytes"]["value"].clone();
        }
        Ok(events)
    }

    async fn send(&self, method: &str, params: Value) -> Result<Value, String> {
        self.bidi.send_raw(method, params).await.map_err(|error| format!("{method}: {error}"))
    }
}

/// What a script gave; `Err` says what it threw.
fn returned(answer: &Value) -> Result<Value, String> {
    match answer["type"].as_str() {
        Some("success") => Ok(answer["result"].clone()),
        _ => Err(answer["exceptionDetails"]["text"].to_string()),
    }
}

/// The accessible role or name of an element, as WebDriver has it.
#[derive(Debug)]
struct Computed<'a> {
    element: &'a str,
    /// `computedrole` or `computedlabel`.
    what: &'static str,
}

impl FormatRequestData for Computed<'_> {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(reqwest::Method::GET, format!("session/{session}/element/{}/{}", self.element, self.what))
    }
}
