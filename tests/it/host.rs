//! A customer's site for browser tests: pages on an origin of their own, a collector that knows them, prompts to show there.
//!
//! Not the example shop: here a test chooses every word, and no cap stands in its way but those it asks for.

use harness::{Backend, Browser, Pages, Site, TestApp, workspace};
use serde_json::{Value, json};

/// What the snippet's documentation lets a page say before the loader is there.
const STUB: &str = "<script>window.waymark = window.waymark || function () { (waymark.q = waymark.q || []).push(arguments); };</script>";

/// A site, its pages and its collector.
pub struct Host {
    pub app: TestApp,
    pub site: Site,
    pub pages: Pages,
}

impl Host {
    /// A site with these prompts, a journey of three stages (see [`journey`]) and no pages yet.
    pub async fn with(prompts: &[Value]) -> Host {
        Host::below("", prompts).await
    }

    /// The same on a collector with this path for pages.
    pub async fn below(path: &str, prompts: &[Value]) -> Host {
        let app = TestApp::live(Backend::Sqlite, |config| config.public_path = path.to_owned()).await;
        // The site names the pages' origin, so the address comes first and the pages follow.
        let pages = Pages::serve([("/wait", "")]).await;
        let site = app.site_at(&[&pages.origin()]).await;
        let host = Host { app, site, pages };
        host.publish(prompts).await;
        host
    }

    /// Publishes these prompts in place of those before.
    pub async fn publish(&self, prompts: &[Value]) {
        let names: Vec<String> = (0..prompts.len()).map(|at| format!("prompt{at}.json")).collect();
        let policy = json!({ "interruptions_per_session": 1000, "interruption_gap": "0s", "groups": [] });
        let settings = json!({ "page_groups": [], "policy": policy, "public_traits": ["first_name"] });
        let mut files = vec![("site.json", settings), ("journey.json", journey())];
        files.extend(names.iter().map(String::as_str).zip(prompts.iter().cloned()));
        self.app.import_json(&self.site, &files).await;
    }

    /// What a page of this site carries: the stub, and the loader.
    pub fn snippet(&self) -> String {
        format!("{STUB}{}", self.app.snippet(&self.site))
    }

    /// Puts a page there: a body with the snippet in front of it.
    pub fn page(&self, path: &str, body: &str) {
        self.pages.put([(path, format!("{}{body}", self.snippet()))]);
    }

    /// One column of the log of events, in the order in which they happened.
    pub async fn events(&self, column: &str, name: &str) -> Vec<String> {
        let query = format!("select {column} from event where name = '{name}' order by id");
        self.app.texts(&query).await
    }

    /// The addresses of the pages that were viewed, without the origin.
    pub async fn viewed(&self) -> Vec<String> {
        let urls = self.events("url", "Page Viewed").await;
        urls.iter().map(|url| url.replace(&self.pages.origin(), "")).collect()
    }

    /// The customer's server tells of an event of an account.
    pub async fn server(&self, name: &str, account: &str) {
        let event = json!({ "type": "track", "name": name, "account_id": account });
        self.app.server_batch(&self.site.secret, json!([event])).await.accepted();
    }
}

/// Waits until the prompt on the page has been looked at for a second. The collector hears of it with what comes next.
pub async fn seen(browser: &Browser) {
    browser.wait_for(r#"Object.values(localStorage).some((kept) => kept.includes('"viewed"'))"#).await;
}

/// The example site of a folder below `examples/`, with its snippet pointed at this site; paths begin with a slash.
pub fn example_files(folder: &str, loader: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(workspace().join("examples").join(folder)).unwrap();
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (format!("/{name}"), std::fs::read_to_string(&path).unwrap().replace("/w/wk_demo.js", loader))
    };
    entries.map(read).collect()
}

/// A bar with one link, so that no cap of the site counts it. `rule` says where and for whom.
pub fn bar(key: &str, heading: &str, rule: Value) -> Value {
    json!({ "key": key, "placement": { "bar": "bottom" }, "rule": rule,
            "frequency": { "per_session": 100, "at_most": 100 },
            "content": { "community": { "heading": heading, "links": [{ "label": "Forum", "url": "https://forum.example/" }] } } })
}

/// Being in this stage of the journey.
pub fn in_stage(stage: &str) -> Value {
    json!({ "stage": { "journey": "steps", "is": [stage] } })
}

/// `first`, by the event `Paid` of a server `second`, by the event `Grew` of anybody `third`.
fn journey() -> Value {
    json!({
        "key": "steps", "name": "Steps",
        "stages": [{ "key": "first", "name": "First" }, { "key": "second", "name": "Second" }, { "key": "third", "name": "Third", "kind": "terminal" }],
        "transitions": [
            { "key": "paid", "from": ["first"], "to": "second", "priority": 1, "when": { "event": { "name": "Paid", "trusted": true } } },
            { "key": "grew", "from": ["second"], "to": "third", "priority": 2, "when": { "event": { "name": "Grew" } } }
        ]
    })
}
