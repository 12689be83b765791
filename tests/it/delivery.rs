//! Getting there and back: single-page navigation, stale and fresh, two tabs, the snippet twice, an origin that is not allowed.
//! A collector that is away has a file of its own.

mod away;

use std::time::Duration;

use harness::poll::{until, until_within};
use harness::{Browser, BrowserOptions, Pages, Visitor};
use serde_json::{Value, json};

use crate::host::{Host, bar, example_files, in_stage};

fn on_path(path: &str) -> Value {
    json!({ "path": path })
}

fn everywhere() -> Value {
    json!({ "path": "**" })
}

#[tokio::test]
async fn a_single_page_application_is_a_page_per_address() {
    let host = Host::with(&[bar("prices", "Questions about prices?", on_path("/pricing"))]).await;
    let files = example_files("spa", &host.app.url(&format!("/w/{}.js", host.site.key)));
    let index = files.iter().find(|(path, _)| path == "/index.html").unwrap().1.clone();
    host.pages.put([("/", index.clone()), ("/pricing", index.clone()), ("/docs", index)]);
    host.pages.put(files);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.no_prompt().await;

    browser.click("Pricing").await;
    browser.prompt().await.says("Questions about prices?").await;
    browser.click("Docs").await;
    browser.prompt_gone().await;
    browser.click("Help").await;
    browser.wait_for("document.querySelector('#route').textContent === 'help'").await;
    browser.no_prompt().await;
    browser.back().await;
    browser.wait_for("document.querySelector('#route').textContent === 'docs'").await;
    // A fragment that is no route is no page.
    browser.eval("location.hash = 'section'").await;
    browser.eval("history.replaceState(null, '', location.href)").await;
    browser.click("Change the query only").await;
    browser.settled().await;
    let sorted = browser.eval("return location.pathname + location.search").await;

    assert_eq!(host.viewed().await, ["/", "/pricing", "/docs", "/docs#/help", "/docs", sorted.as_str().unwrap()]);
    let referrers = host.events("referrer", "Page Viewed").await;
    let referrers: Vec<_> = referrers.iter().map(|url| url.replace(&host.pages.origin(), "")).collect();
    assert_eq!(
        referrers,
        ["", "/", "/pricing", "/docs", "/docs#/help", "/docs"],
        "each page was reached from the one before"
    );
    let sessions = host.app.texts("select distinct session from event").await;
    assert_eq!(sessions.len(), 1, "one visit");
    assert_eq!(browser.console_errors().await, []);
}

/// The person of these tests, from the page's side: known at once, member of a company.
fn signed_in(user: &str) -> String {
    format!("<script>waymark('identify', '{user}'); waymark('group', 'acme');</script><h1>Shop</h1>")
}

async fn two_stages() -> Host {
    let prompts = [
        bar("old", "For beginners", in_stage("first")),
        bar("new", "For customers", in_stage("second")),
        bar("late", "For friends", in_stage("third")),
    ];
    let host = Host::with(&prompts).await;
    host.page("/", &signed_in("ada"));
    host
}

#[tokio::test]
async fn what_a_server_said_holds_on_the_next_page_though_the_prompts_are_cached() {
    let host = two_stages().await;
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("For beginners").await;
    browser.settled().await;

    browser.forget_network().await;
    host.server("Paid", "acme").await;
    browser.reload().await;
    let prompt = browser.prompt().await;
    assert!(
        prompt.text().await.contains("For customers"),
        "the first prompt after the reload: {}",
        prompt.text().await
    );
    browser.settled().await;
    let fetched: Vec<_> =
        browser.network().await.into_iter().filter(|one| one.url.contains(".json") && one.bytes > 2000).collect();
    assert_eq!(fetched, [], "the prompts themselves were there already");

    // Another device of the same person counts the same.
    let other = browser.another(BrowserOptions::phone()).await;
    other.goto(host.pages.url("/")).await;
    other.prompt().await.says("For customers").await;
    other.eval("waymark('track', 'Grew')").await;
    other.prompt().await.says("For friends").await;
    other.settled().await;
    browser.reload().await;
    browser.prompt().await.says("For friends").await;
    assert_eq!(browser.console_errors().await, []);
    let replay = host.app.replay(&host.site).await;
    assert!(replay.subjects > 0 && replay.different.is_empty(), "{replay:?}");
}

/// Without a reload: what the page itself says takes the prompt away and brings the next one.
#[tokio::test]
async fn an_event_of_the_page_changes_what_is_shown_there() {
    let host = two_stages().await;
    host.server("Paid", "acme").await;
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("For customers").await;
    browser.eval("waymark('track', 'Grew')").await;
    browser.prompt().await.says("For friends").await;
}

/// What is published meanwhile is shown on the next page, not a minute later.
#[tokio::test]
async fn what_was_published_is_shown_on_the_next_page() {
    let host = Host::with(&[bar("one", "Before", everywhere())]).await;
    host.page("/", "<h1>Shop</h1>");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Before").await;
    browser.settled().await;
    host.publish(&[bar("two", "After", everywhere())]).await;
    browser.reload().await;
    let prompt = browser.prompt().await;
    assert!(prompt.text().await.contains("After"), "{}", prompt.text().await);
}

#[tokio::test]
async fn two_tabs_at_once_show_one_prompt_and_lose_no_visit() {
    two_tabs_at_once(BrowserOptions::default()).await;
}

/// Two tabs of one browser load the same page at the same instant; a card may be shown once in a visit.
pub async fn two_tabs_at_once(options: BrowserOptions) {
    let mut card = bar("card", "Once", json!({ "not": on_path("/quiet") }));
    card["placement"] = json!({ "corner": "bottom_end" });
    card["frequency"] = json!({ "per_session": 1, "at_most": 1 });
    let host = Host::with(&[card]).await;
    for path in ["/quiet", "/a", "/b"] {
        host.page(path, "<h1>Shop</h1>");
    }
    let browser = Browser::new(options).await;
    // Somebody who was here before; a browser that never was is the matter of `tabs`.
    browser.goto(host.pages.url("/quiet")).await;
    browser.no_prompt().await;
    browser.new_tab().await;
    browser.goto(host.pages.url("/wait")).await;
    // Both leave for a page with the snippet when the clock says so.
    let start = browser.eval("return Date.now() + 1500").await;
    for (tab, path) in [(1, "/b"), (0, "/a")] {
        browser.tab(tab).await;
        assert_eq!(
            browser.eval("return document.hidden").await,
            json!(false),
            "a hidden tab would show nothing anyway"
        );
        browser.eval(&format!("setTimeout(() => {{ location.href = '{path}' }}, {start} - Date.now())")).await;
    }
    for (tab, path) in [(0, "/a"), (1, "/b")] {
        browser.tab(tab).await;
        browser.wait_for(&format!("location.pathname === '{path}'")).await;
        browser.settled().await;
    }
    let shown = until_within(Duration::from_secs(10), "the prompt to be told", async || {
        let shown = host.events("url", "Prompt Shown").await;
        if shown.is_empty() { Err("none".to_owned()) } else { Ok(shown) }
    })
    .await;
    assert_eq!(shown.len(), 1);
    // The tab that yielded asks again after a second, and its page again on a reload: the cap holds.
    for tab in [0, 1] {
        browser.tab(tab).await;
        browser.reload().await;
        browser.no_prompt().await;
    }
    assert_eq!(host.events("id", "Prompt Shown").await.len(), 1, "shown in one tab only");
    let mut viewed = host.viewed().await;
    viewed.sort();
    assert_eq!(viewed, ["/a", "/a", "/b", "/b", "/quiet"], "each page once for each time it was loaded");
    let visitors = host.app.texts("select distinct subject from event where name = 'Page Viewed'").await;
    assert_eq!(visitors.len(), 1, "{visitors:?}");
    assert_eq!(host.app.texts("select distinct session from event").await.len(), 1);
}

#[tokio::test]
async fn a_page_that_comes_back_is_a_page_view() {
    back_and_forward(BrowserOptions::default()).await;
}

/// Browsers keep a page that was left as it was, and give it back by the back button: nothing is loaded, and it is a page all the same.
pub async fn back_and_forward(options: BrowserOptions) {
    let host = Host::with(&[bar("third", "Third", json!({ "session": { "pages": { "at_least": 3 } } }))]).await;
    let body = "<h1>Shop</h1><script>addEventListener('pageshow', (event) => { kept = event.persisted })</script>";
    let browser = Browser::new(options).await;
    for path in ["/a", "/b"] {
        host.page(path, body);
        browser.goto(host.pages.url(path)).await;
        browser.no_prompt().await;
        // Firefox keeps no page that holds a lock, as the loader does for a moment where it was never before.
        browser.wait_for("(await navigator.locks.query()).held.length === 0").await;
    }
    browser.back().await;
    browser.wait_for("location.pathname === '/a' && kept").await;
    browser.prompt().await.says("Third").await;
    browser.settled().await;
    browser.forward().await;
    browser.wait_for("location.pathname === '/b' && kept").await;
    browser.prompt().await.says("Third").await;
    browser.settled().await;
    // This one was left with a prompt on it: Chromium kept it, Firefox loads it.
    browser.back().await;
    browser.wait_for("location.pathname === '/a'").await;
    browser.prompt().await.says("Third").await;
    browser.settled().await;
    assert_eq!(host.viewed().await, ["/a", "/b", "/a", "/b", "/a"]);
    assert_eq!(browser.console_errors().await, []);
    assert_eq!(browser.page_errors().await, [""; 0]);
}

#[tokio::test]
async fn the_snippet_twice_is_the_snippet_once() {
    let host = Host::with(&[bar("hello", "Hello", everywhere())]).await;
    let again = format!(
        "{}<h1>Shop</h1><script>addEventListener('load', () => setTimeout(() => {{
            const tag = document.createElement('script'); tag.src = '{}'; tag.onload = () => {{ third = true }}; document.head.append(tag);
        }}, 300))</script>",
        host.snippet(),
        host.app.url(&format!("/w/{}.js?by=tag-manager", host.site.key))
    );
    host.page("/", &again);
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    // Looking for the prompt fails where there are two.
    browser.prompt().await.says("Hello").await;
    browser.wait_for("window.third").await;
    browser.settled().await;
    browser.prompt().await.says("Hello").await;
    assert_eq!(host.viewed().await, ["/"]);
    assert_eq!(host.events("id", "Prompt Shown").await.len(), 1);
    browser.eval("waymark('track', 'Ordered')").await;
    browser.settled().await;
    assert_eq!(host.events("id", "Ordered").await.len(), 1);
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn an_origin_that_is_not_in_the_list_is_named_in_the_console() {
    let host = Host::with(&[bar("hello", "Hello", everywhere())]).await;
    let elsewhere = Pages::serve([("/", format!("{}<h1>Copied</h1>", host.snippet()))]).await;
    let browser = Browser::desktop().await;
    browser.goto(elsewhere.url("/")).await;
    browser.no_prompt().await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    assert_eq!(host.viewed().await, Vec::<String>::new());
    let of_the_browser = |message: &str| message.contains("CORS") || message.contains("Failed to load resource");
    let errors = browser.console_errors().await;
    assert!(errors.iter().all(|error| of_the_browser(&error.message)), "{errors:?}");

    let console = browser.another(BrowserOptions::default()).await;
    console.goto(host.app.running().first.setup_link.clone().unwrap()).await;
    console.type_into("E-mail address", "ada@shop.test").await;
    console.type_into("Password", "correct horse battery").await;
    console.type_into("The same again", "correct horse battery").await;
    console.click("Set the password").await;
    console.wait_for("location.pathname.startsWith('/s/')").await;
    console.says(&format!("A visit came from {}, which is not in your list", elsewhere.origin())).await;
    // Allowed from there, the same page works.
    console.click(&format!("Add {}", elsewhere.origin())).await;
    console.wait_for("!document.body.innerText.includes('which is not in your list')").await;
    browser.goto(elsewhere.url("/")).await;
    browser.prompt().await.says("Hello").await;
}

/// What cannot be written down, or is too large, is no event; and it stands in nobody's way.
#[tokio::test]
async fn what_cannot_be_sent_is_dropped_alone() {
    let host = Host::with(&[bar("hello", "Hello", everywhere())]).await;
    host.page("/", "<h1>Home</h1>");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
    browser
        .eval(
            "const round = {}; round.round = round;
            waymark('track', 'Circle', round); waymark('track', 'Big', { n: 10n });
            waymark('track', 'Huge', { text: 'x'.repeat(70000) }); waymark('track', 'Wide', { text: '\u{6587}'.repeat(19000) });
            for (const n of [1, 2, 3]) waymark('track', 'Fine', { n, text: 'x'.repeat(20000) });
            window.dataLayer = { push() { throw new Error('broken'); } };
            waymark('track', 'Last', null)",
        )
        .await;
    until("all that can be sent to come", async || {
        let names = host
            .app
            .texts("select name from event where name in ('Circle', 'Big', 'Huge', 'Wide', 'Fine', 'Last') order by id")
            .await;
        if names == ["Fine", "Fine", "Fine", "Last"] { Ok(()) } else { Err(format!("{names:?}")) }
    })
    .await;
    browser.prompt().await.click("No thanks").await;
    browser.prompt_gone().await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, []);
}

/// As above without a browser, to the digit: the same request again, and one event of a batch that is wrong.
#[tokio::test]
async fn what_is_sent_twice_moves_a_stage_once() {
    let host = Host::with(&[]).await;
    let visitor = Visitor::random();
    let page = |id: uuid::Uuid| json!({ "id": id, "at": host.app.now().0, "type": "page", "url": host.pages.url("/") });
    let identified = json!({ "type": "identify", "id": harness::event_id(), "at": host.app.now().0, "user_id": "ada" });
    let bad = json!({ "type": "track", "id": harness::event_id(), "at": host.app.now().0, "name": "" });
    let batch = json!([page(harness::event_id()), identified, bad]);
    let first = host.app.browser_batch(&host.site, visitor, batch.clone()).await.results();
    assert_eq!(first[..2], ["accepted", "accepted"]);
    assert_ne!(first[2], "accepted");
    for _ in 0..3 {
        let again = host.app.browser_batch(&host.site, visitor, batch.clone()).await.results();
        assert_eq!(again[..2], ["duplicate", "duplicate"]);
    }
    let paid = json!([{ "type": "track", "id": harness::event_id(), "name": "Paid", "user_id": "ada" }]);
    for _ in 0..2 {
        host.app.server_batch(&host.site.secret, paid.clone()).await.results();
    }
    assert_eq!(host.app.texts("select name from event order by name").await, ["Identified", "Page Viewed", "Paid"]);
    assert_eq!(host.app.texts("select stage from journey_state where subject = 'p:ada'").await, ["second"]);
    let moves =
        host.app.texts("select body from journey_move where subject = 'p:ada' and body like '%\"second\"%'").await;
    assert_eq!(moves.len(), 1, "{moves:?}");
}
