//! One visit to one page by a browser with a fresh profile, on a processor and a network that are slow.
//!
//! The visit is made in a new tab, whose process has compiled nothing yet, with an empty cache. Nothing is asked of the page while
//! it loads, since that would be more for it to do. What scripts cost is seen on a second visit: looking that closely slows them down.

use std::collections::HashSet;
use std::time::Duration;

use harness::Browser;
use harness::browser::End;
use serde_json::{Value, json};

use super::shop::{Case, Shop};

/// How many times slower the processor is.
pub const SLOWER: u32 = 4;
/// What each request waits, in milliseconds.
pub const LATENCY: u32 = 150;
/// Bytes a second that come in; 1.6 Mbit/s.
pub const DOWN: u32 = 200_000;
/// Bytes a second that go out; 0.75 Mbit/s.
pub const UP: u32 = 93_750;

/// After the page has loaded; twice as long as anything that is measured takes.
const REST: Duration = Duration::from_millis(2000);

/// Microseconds between two looks at what runs.
const LOOKS: u32 = 250;

/// Every request of the page: when it was made, when its answer began and ended, and for what; and when the page was read.
const REQUESTS: &str = "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
    .map((one) => [one.startTime, one.responseStart, one.responseEnd].map((at) => at.toFixed().padStart(6)).join('') + ' ' + one.name)
    .concat('read: ' + performance.getEntriesByType('navigation')[0].domContentLoadedEventStart.toFixed())
    .join('\\n')";

/// What was seen. Times in milliseconds since the navigation began, sizes in bytes.
#[derive(Clone, Copy, Default, Debug)]
pub struct Seen {
    /// When the prompt was in the document.
    pub shown: f64,
    /// By how much tasks were longer than 50 ms, in all.
    pub blocked: f64,
    /// When something was painted.
    pub contentful: f64,
    /// When the largest thing was painted.
    pub largest: f64,
    /// What the main thread did in all, in milliseconds.
    pub busy: f64,
    /// What the scripts that ask for the score did on the main thread, in milliseconds.
    pub scripts: f64,
    /// JavaScript's heap after collection.
    pub heap: f64,
    /// WebAssembly's memories.
    pub memory: f64,
    /// What the guest's requests brought, heads included.
    pub bytes: f64,
}

/// Visits the page of a case.
pub async fn visit(shop: &Shop, case: Case) -> Result<Seen, String> {
    let browser = Browser::desktop().await;
    let first = if case == Case::Returning { shop.url(case) } else { shop.blank() };
    browser.goto(first).await;
    if case == Case::Returning {
        browser.wait_for("document.querySelector('waymark-prompt')").await;
    }
    browser.settled().await;

    let mut seen = Seen::default();
    slow_tab(&browser).await;
    watched(&browser, shop, case, &mut seen).await?;
    if case.shows() {
        if case != Case::Returning {
            let all = json!({ "origin": shop.origin(), "storageTypes": "all" });
            browser.cdp("Storage.clearDataForOrigin", all).await;
        }
        slow_tab(&browser).await;
        profiled(&browser, shop, case, &mut seen).await?;
    }
    Ok(seen)
}

/// Goes on in a new tab and makes it slow.
async fn slow_tab(browser: &Browser) {
    browser.new_tab().await;
    browser.close_tab(0).await;
    browser.cdp("Network.clearBrowserCache", Value::Null).await;
    let conditions =
        json!({ "offline": false, "latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP });
    browser.cdp("Network.emulateNetworkConditions", conditions).await;
    browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await;
}

async fn open(browser: &Browser, shop: &Shop, case: Case) {
    browser.goto(shop.url(case)).await;
    tokio::time::sleep(REST).await;
    browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await;
}

/// The visit that is timed.
async fn watched(browser: &Browser, shop: &Shop, case: Case, seen: &mut Seen) -> Result<(), String> {
    let watch = json!({ "source": include_str!("watch.js") });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", watch).await;
    browser.cdp("Performance.enable", Value::Null).await;
    browser.forget_network().await;
    open(browser, shop, case).await;

    let metrics = browser.cdp("Performance.getMetrics", Value::Null).await;
    let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
    let busy = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
    seen.busy = busy.and_then(|metric| metric["value"].as_f64()).unwrap_or(f64::NAN) * 1000.0;

    let requests = browser.eval(REQUESTS).await;
    keep(case, "txt", requests.as_str().unwrap_or_default())?;
    let noted = browser.eval("return window[Symbol.for('bench.seen')]").await;
    let time = |name: &str| noted[name].as_f64().unwrap_or(f64::NAN);
    (seen.shown, seen.contentful, seen.largest) = (time("nps"), time("contentful"), time("largest"));
    if case.shows() == seen.shown.is_nan() {
        return Err(format!("{}: a prompt was seen at {} ms", case.name(), seen.shown));
    }
    let tasks = noted["tasks"].as_array().cloned().unwrap_or_default();
    seen.blocked = sum(tasks.iter().filter_map(|task| task[1].as_f64()).map(|took| (took - 50.0).max(0.0)));

    let exchanges = browser.network().await;
    let guest: Vec<_> = exchanges.iter().filter(|one| shop.is_guest(&one.url)).collect();
    if let Some(wrong) = guest.iter().find(|one| one.cached || one.end != End::Finished || one.status != 200) {
        return Err(format!("{}: not fetched: {wrong:?}", case.name()));
    }
    seen.bytes = sum(guest.iter().map(|one| one.bytes as f64));

    for _ in 0..2 {
        browser.cdp("HeapProfiler.collectGarbage", Value::Null).await;
    }
    let heap = browser.cdp("Runtime.getHeapUsage", Value::Null).await;
    seen.heap = heap["usedSize"].as_f64().unwrap_or(f64::NAN);
    seen.memory = memory(browser).await;
    Ok(())
}

/// The sizes of all WebAssembly memories of the page.
async fn memory(browser: &Browser) -> f64 {
    let prototype = browser.cdp("Runtime.evaluate", json!({ "expression": "WebAssembly.Memory.prototype" })).await;
    let object = &prototype["result"]["objectId"];
    let found = browser.cdp("Runtime.queryObjects", json!({ "prototypeObjectId": object })).await;
    let sum = "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }";
    let object = &found["objects"]["objectId"];
    let asked = json!({ "objectId": object, "functionDeclaration": sum, "returnByValue": true });
    browser.cdp("Runtime.callFunctionOn", asked).await["result"]["value"].as_f64().unwrap_or(f64::NAN)
}

/// The visit that shows what the guest's scripts do.
async fn profiled(browser: &Browser, shop: &Shop, case: Case, seen: &mut Seen) -> Result<(), String> {
    browser.cdp("Profiler.enable", Value::Null).await;
    browser.cdp("Profiler.setSamplingInterval", json!({ "interval": LOOKS })).await;
    browser.cdp("Profiler.start", Value::Null).await;
    open(browser, shop, case).await;
    let profile = browser.cdp("Profiler.stop", Value::Null).await;
    let profile = &profile["profile"];
    keep(case, "cpuprofile", &profile.to_string())?;
    seen.scripts = spent(profile, |url| shop.is_guest(url));
    if seen.scripts > 0.0 { Ok(()) } else { Err(format!("{}: no script was seen at work", case.name())) }
}

/// Milliseconds in which a function of one of these scripts was at work, or what it had called.
fn spent(profile: &Value, is_counted: impl Fn(&str) -> bool) -> f64 {
    let list = |name: &str| profile[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut counted = HashSet::new();
    // A node comes before its children.
    for node in list("nodes") {
        let id = node["id"].as_u64();
        if counted.contains(&id) || is_counted(node["callFrame"]["url"].as_str().unwrap_or_default()) {
            counted.insert(id);
            counted.extend(node["children"].as_array().into_iter().flatten().map(Value::as_u64));
        }
    }
    // What was seen at one look lasts until the next one.
    let lasted = list("timeDeltas").iter().skip(1).map(|micros| micros.as_f64().unwrap_or_default());
    let looks = list("samples").iter().zip(lasted);
    sum(looks.filter(|(node, _)| counted.contains(&node.as_u64())).map(|(_, micros)| micros)) / 1000.0
}

/// Of nothing 0, and not, as the standard library has it, -0.
fn sum(figures: impl Iterator<Item = f64>) -> f64 {
    figures.fold(0.0, |sum, figure| sum + figure)
}

/// Keeps what somebody wants to look into.
fn keep(case: Case, kind: &str, text: &str) -> Result<(), String> {
    let Ok(folder) = std::env::var("WAYMARK_BENCH_KEEP") else {
        return Ok(());
    };
    let file = format!("{folder}/{}.{kind}", case.name().replace([' ', ','], "_"));
    std::fs::write(&file, text).map_err(|error| format!("{file}: {error}"))
}
