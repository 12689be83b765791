//! Events that need no code: pages that the collector names, clicks, forms and elements that the page itself looks for.

use harness::poll::until;
use harness::{Browser, Site, TestApp, Visitor, event_id, on_both};
use serde_json::{Value, json};

use crate::host::{Host, bar};
use crate::identity::{replays, said, site_with_journey, stages, v};

/// Bytes that the script costs, compressed, on a site that has something to look for: itself and a short list.
const MOST: i64 = 450;

on_both! {
    async fn a_page_that_is_opened_has_a_name_by_which_things_move(app: TestApp) {
        let site = site_with_journey(&app).await;
        let named = |name: &str, page: &str| json!({ "name": name, "when": { "page": page } });
        let events = json!([named("Demo Requested", "/demo/*"), named("Demo Page", "/demo/**"), named("Docs", "/docs")]);
        app.import_json(&site, &[("site.json", settings(events))]).await;
        let visitor = Visitor::random();
        let page = |path: &str| json!({ "id": event_id(), "at": app.now().0, "type": "page", "url": format!("http://shop.test{path}") });

        let view = page("/demo/thanks?a=1");
        let answer = said(&app, &site, visitor, json!([view, view.clone(), page("/elsewhere")])).await;
        assert_eq!(answer.results(), ["accepted", "duplicate", "accepted"], "and of nothing else");
        assert_eq!(answer.json()["named"], Value::Null, "nothing of the page that it is on");
        let answer = said(&app, &site, visitor, json!([view])).await;
        assert_eq!(answer.results(), ["duplicate"]);
        assert_eq!(answer.json()["named"], json!(["Demo Requested", "Demo Page"]), "what happens on this page now");

        let columns = "name || ' ' || origin || ' ' || cast(at as text) || ' ' || url";
        let sql = format!("select {columns} from event where site_id = '{}' and name like 'Demo%' order by id", site.id);
        let line = |name: &str| format!("{name} web {} http://shop.test/demo/thanks?a=1", app.now().0);
        let mut stored = app.texts(&sql).await;
        stored.sort();
        assert_eq!(stored, [line("Demo Page"), line("Demo Requested")], "each once");
        let ids = app.texts(&format!("select id from event where site_id = '{}' and name like 'Demo%'", site.id)).await;
        assert!(ids.iter().all(|id| id.as_str() > view["id"].as_str().unwrap()), "after the page, within its instant: {ids:?}");
        assert_eq!(stages(&app, &site, &v(visitor)).await, ["awareness", "evaluation"], "it is a trigger");
        replays(&app, &site).await;
    }

    async fn only_sites_with_something_to_look_for_pay_for_looking(app: TestApp) {
        let site = app.site().await;
        let plain = loader(&app, &site).await;
        let page = json!([{ "name": "Docs", "when": { "page": "/docs" } }]);
        app.import_json(&site, &[("site.json", settings(page))]).await;
        assert_eq!(loader(&app, &site).await, plain, "pages are named by the collector");
        app.import_json(&site, &[("site.json", settings(json!([{ "name": "Bought", "when": { "click": "#buy" } }])))]).await;
        let looking = loader(&app, &site).await;
        assert!(looking > plain && looking - plain <= MOST, "{looking} instead of {plain} bytes");
        app.import_json(&site, &[("site.json", settings(json!([])))]).await;
        assert_eq!(loader(&app, &site).await, plain, "and no longer than that");
    }
}

#[tokio::test]
async fn a_page_tells_of_clicks_forms_and_what_comes_into_view() {
    let host = Host::with(&[]).await;
    let events = json!([
        { "name": "Buy Clicked", "when": { "click": "#buy" } },
        { "name": "Bad", "when": { "click": "[[" } },
        { "name": "Bad", "when": { "visible": "[[" } },
        { "name": "Contact Sent", "when": { "submit": "form.contact" } },
        { "name": "Footer Seen", "when": { "visible": "#footer" } },
        { "name": "Late Seen", "when": { "visible": ".late" } },
        { "name": "Never Seen", "when": { "visible": ".nowhere" } },
    ]);
    host.app.import_json(&host.site, &[("site.json", settings(events))]).await;
    host.page(
        "/",
        "<button id=buy><b>Buy</b></button><button id=other>Other</button>
         <form class=contact onsubmit='return false'><button>Send</button></form>
         <div style='height: 5000px'></div><div id=footer>The end</div>",
    );
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.wait_for("window.waymark && window.waymark.live").await;
    browser.eval("document.querySelector('#other').click()").await;
    assert_eq!(counted(&host, "Footer Seen").await, 0);
    browser.click_css("#buy b").await;
    browser.click_css("form button").await;
    stored(&host, &["Buy Clicked", "Contact Sent"]).await;
    assert_eq!(counted(&host, "Footer Seen").await, 0, "it is far below");

    browser.eval("scrollTo(0, 9999)").await;
    stored(&host, &["Buy Clicked", "Contact Sent", "Footer Seen"]).await;
    browser.eval("scrollTo(0, 0)").await;
    browser.eval("document.querySelector('#buy').insertAdjacentHTML('afterend', '<p class=late>Late</p>')").await;
    stored(&host, &["Buy Clicked", "Contact Sent", "Footer Seen", "Late Seen"]).await;
    browser.eval("scrollTo(0, 9999)").await;
    browser.click_css("#buy").await;
    stored(&host, &["Buy Clicked", "Buy Clicked", "Contact Sent", "Footer Seen", "Late Seen"]).await;
    assert_eq!(host.events("origin", "Buy Clicked").await, ["web", "web"], "claims of a browser");
}

/// The collector names pages; a prompt that waits for such a name comes on the page that has it, and on no other.
#[tokio::test]
async fn what_a_page_is_called_is_a_moment_on_it() {
    let host = Host::with(&[]).await;
    let mut prompt = bar("demo", "Any questions?", json!({ "path": "**" }));
    prompt["moment"] = json!({ "event": { "name": "Demo Page" } });
    let events = json!([{ "name": "Demo Page", "when": { "page": "/demo/*" } }]);
    let plain = loader(&host.app, &host.site).await;
    host.app.import_json(&host.site, &[("site.json", settings(events)), ("demo.json", prompt)]).await;
    let more = loader(&host.app, &host.site).await;
    assert!(more > plain && more - plain <= 150, "{more} instead of {plain} bytes");
    ["/", "/demo/a", "/demo/b"].into_iter().for_each(|path| host.page(path, "<h1>Shop</h1>"));
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.no_prompt().await;
    browser.goto(host.pages.url("/demo/a")).await;
    browser.prompt().await.says("Any questions?").await;
    // Within one page, too.
    browser.goto(host.pages.url("/")).await;
    browser.no_prompt().await;
    browser.eval("history.pushState(null, '', '/demo/b')").await;
    browser.prompt().await.click("No thanks").await;
    browser.eval("history.pushState(null, '', '/')").await;
    browser.no_prompt().await;
    assert_eq!(counted(&host, "Demo Page").await, 2);
}

/// Waits until these events, and no others that are named so, are stored.
async fn stored(host: &Host, expected: &[&str]) {
    let names = "('Buy Clicked', 'Contact Sent', 'Footer Seen', 'Late Seen', 'Never Seen', 'Bad')";
    until("the events to be stored", async || {
        let mut found = host.app.texts(&format!("select name from event where name in {names}")).await;
        found.sort();
        if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}")) }
    })
    .await;
}

async fn counted(host: &Host, name: &str) -> usize {
    host.events("id", name).await.len()
}

fn settings(events: Value) -> Value {
    let text = std::fs::read(harness::workspace().join("examples/site.json")).unwrap();
    let mut settings: Value = serde_json::from_slice(&text).unwrap();
    settings["events"] = events;
    settings
}

/// Bytes of the loader, compressed.
async fn loader(app: &TestApp, site: &Site) -> i64 {
    app.running().app.sites.refresh(&app.running().app.db).await.unwrap();
    let request = app.request(reqwest::Method::GET, &format!("/w/{}.js", site.key)).header("accept-encoding", "br");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "br");
    i64::try_from(response.bytes().await.unwrap().len()).unwrap()
}
