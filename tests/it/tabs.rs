//! Two tabs that do the same at the same instant, as when a browser starts with what was open last: one person, one visit, and
//! nothing that happened is lost.
//!
//! The one thing to know: a tab sees what another one wrote some milliseconds later. So these tests do not hope for a
//! coincidence: both tabs wait, awake, for the same moment. Each tab is a process of its own, since neither opened the other.

use harness::poll::until;
use harness::{Backend, Browser, Pages, Site, TestApp};
use serde_json::json;

/// How often each of them is tried: a race that is lost every fifth time is still a race.
const ROUNDS: usize = 10;

/// Runs what it is told when the clock says so. Nothing else of a tab may be at work then, so it does not let go of the thread.
const BARRIER: &str = "<script>
    new BroadcastChannel('barrier').onmessage = ({ data: { moment, script } }) => {
        while (Date.now() < moment);
        (0, eval)(script);
    };
</script>";

/// Pages on a new origin, where nobody was before, and a browser with two tabs there beside its first.
struct Tabs<'a> {
    app: &'a mut TestApp,
    browser: &'a Browser,
    /// Ends with this value.
    _pages: Pages,
    origin: String,
    site: Site,
}

impl<'a> Tabs<'a> {
    /// `name` is what the pages' host is called. `/a` and `/b` take part in the barrier and have the loader in a function `start`,
    /// `/c` and `/d` have it as anybody's page has it, `/wait` has none.
    async fn open(app: &'a mut TestApp, browser: &'a Browser, name: &str) -> Self {
        let pages = Pages::serve([("/wait", "")]).await;
        let origin = pages.origin().replace("127.0.0.1", name);
        let site = app.site_at(&[&origin]).await;
        let loader = app.get(&format!("/w/{}.js", site.key)).await.text;
        let held = format!("{BARRIER}<script>const start = () => {{ {loader} }}</script>");
        let snippet = app.snippet(&site);
        pages.put([("/a", held.clone()), ("/b", held), ("/c", snippet.clone()), ("/d", snippet)]);
        let tabs = Self { app, browser, _pages: pages, origin, site };
        browser.goto(tabs.url("/wait")).await;
        tabs.both("/a", "/b").await;
        for tab in [1, 2] {
            browser.tab(tab).await;
            browser.wait_for("window.opener === null && typeof start === 'function'").await;
        }
        browser.tab(0).await;
        tabs
    }

    /// Opens two tabs as a link to nowhere near does: they have nothing to do with this page.
    async fn both(&self, one: &str, two: &str) {
        let urls = [self.url(one), self.url(two)].map(|url| format!("window.open('{url}', '_blank', 'noopener')"));
        self.browser.eval(&urls.join("; ")).await;
        until("two tabs", async || match self.browser.tabs().await {
            3 => Ok(()),
            tabs => Err(format!("{tabs} tabs")),
        })
        .await;
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Makes this somebody who was here before.
    async fn known(&self) {
        self.browser.goto(self.url("/c")).await;
        self.arrive("Page Viewed", 1).await;
        self.browser.settled().await;
        self.browser.goto(self.url("/wait")).await;
    }

    /// Lets both tabs run this at the same moment, soon enough for nothing else to happen, late enough for both to hear of it.
    async fn at_once(&self, script: &str) {
        self.browser.tab(0).await;
        let moment = format!("{{ moment: Date.now() + 50, script: {} }}", json!(script));
        self.browser.eval(&format!("new BroadcastChannel('barrier').postMessage({moment})")).await;
    }

    /// Waits in both tabs.
    async fn wait_for(&self, expression: &str) {
        for tab in [1, 2] {
            self.browser.tab(tab).await;
            self.browser.wait_for(expression).await;
        }
        self.browser.tab(0).await;
    }

    /// Waits until this many events with this name are stored.
    async fn arrive(&self, name: &str, count: usize) {
        let query = format!("select id from event where name = '{name}' and url like '{}/%'", self.origin);
        until(&format!("{count} of {name}"), async || match self.app.texts(&query).await.len() {
            there if there >= count => Ok(()),
            there => Err(there.to_string()),
        })
        .await;
    }

    /// How many different values a column has in what these pages told.
    async fn distinct(&self, column: &str) -> usize {
        let query = format!("select distinct {column} from event where url like '{}/%'", self.origin);
        self.app.texts(&query).await.len()
    }

    /// All who were here are one, in so many visits.
    async fn are_one(&self, sessions: usize) {
        let counted = (self.distinct("subject").await, self.distinct("device").await, self.distinct("session").await);
        assert_eq!(counted, (1, 1, sessions), "visitors, devices, sessions at {}", self.origin);
    }

    async fn close(self) {
        for tab in [2, 1] {
            self.browser.close_tab(tab).await;
        }
    }
}

/// An origin that is secure, where a browser has locks, and one that is not.
const HOSTS: [(&str, bool); 2] = [("127.0.0.1", true), ("shop.test", false)];

#[tokio::test]
async fn a_browser_that_was_never_here_is_one_visitor_in_one_visit() {
    let mut app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let browser = Browser::desktop().await;
    for (name, is_secure) in HOSTS {
        for _ in 0..ROUNDS {
            let tabs = Tabs::open(&mut app, &browser, name).await;
            let has_locks = browser.eval("return isSecureContext && 'locks' in navigator").await;
            assert_eq!(has_locks, json!(is_secure), "{name}");
            tabs.at_once("start()").await;
            tabs.arrive("Page Viewed", 2).await;
            tabs.are_one(1).await;
            tabs.close().await;
        }
    }
    assert_eq!(browser.console_errors().await, []);
}

/// As somebody does it who opens two links, without a barrier.
#[tokio::test]
async fn two_links_opened_at_once_are_one_visitor_in_one_visit() {
    let mut app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let browser = Browser::desktop().await;
    for _ in 0..ROUNDS {
        let tabs = Tabs::open(&mut app, &browser, "127.0.0.1").await;
        for tab in [2, 1] {
            browser.close_tab(tab).await;
        }
        tabs.both("/c", "/d").await;
        tabs.arrive("Page Viewed", 2).await;
        tabs.are_one(1).await;
        tabs.close().await;
    }
}

#[tokio::test]
async fn a_visit_that_ended_is_followed_by_one() {
    let mut app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let browser = Browser::desktop().await;
    for (name, _) in HOSTS {
        for _ in 0..ROUNDS {
            let tabs = Tabs::open(&mut app, &browser, name).await;
            tabs.known().await;
            let last = format!("JSON.parse(localStorage['waymark.{}']).session.at", tabs.site.key);
            browser
                .eval(&format!(
                    "const kept = JSON.parse(localStorage['waymark.{key}']); kept.session.at -= 31 * 60000;
                     localStorage['waymark.{key}'] = JSON.stringify(kept)",
                    key = tabs.site.key
                ))
                .await;
            tabs.wait_for(&format!("{last} < Date.now() - 30 * 60000")).await;
            tabs.at_once("start()").await;
            tabs.arrive("Page Viewed", 3).await;
            tabs.are_one(2).await;
            tabs.close().await;
        }
    }
}

/// The collector is away, both tabs have something to tell, and both end before it comes back, as they do when a system is short of memory.
#[tokio::test]
async fn neither_tab_writes_over_what_the_other_keeps() {
    let mut app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let browser = Browser::desktop().await;
    for round in 1..=ROUNDS {
        let tabs = Tabs::open(&mut app, &browser, "127.0.0.1").await;
        tabs.known().await;
        tabs.app.stop().await;
        browser.eval("told = 0; new BroadcastChannel('told').onmessage = () => { told++ }").await;
        // And then nothing else runs there, ever: no second try, no last words.
        let hang = "new BroadcastChannel('told').postMessage(1); for (;;);";
        tabs.at_once(&format!("start(); waymark('track', 'Ordered'); waymark('track', 'Paid'); {hang}")).await;
        browser.wait_for("told === 2").await;
        browser.kill_tab(2).await;
        browser.kill_tab(1).await;
        tabs.app.restart().await;
        browser.goto(tabs.url("/d")).await;
        tabs.arrive("Page Viewed", 4).await;
        browser.settled().await;
        let query = format!("select name from event where url like '{}/%' order by name", tabs.origin);
        let viewed = "Page Viewed";
        let expected = ["Ordered", "Ordered", viewed, viewed, viewed, viewed, "Paid", "Paid"];
        assert_eq!(tabs.app.texts(&query).await, expected, "round {round}");
        tabs.are_one(1).await;
        let waits = "Object.values(localStorage).some((kept) => kept.includes('Ordered'))";
        assert_eq!(browser.eval(&format!("return {waits}")).await, json!(false), "what is stored is not sent again");
    }
}
