//! Whom a draft would have reached: two hundred visits are recorded, the draft is tried on them and published, and the same visits are
//! made again in a browser. Those who see it are those of whom it was said.

use std::collections::BTreeSet;

use collector::auth::Role;
use harness::{Answer, Backend, Browser, Site, TestApp, Visitor, event_id};
use serde_json::{Value, json};

use crate::host::{Host, bar, in_stage};

/// So many visits.
const VISITS: usize = 200;

/// The origin of those that no browser makes.
const ORIGIN: &str = "http://shop.test";

/// One visit: the pages that it opens, one after the other. A third comes from a campaign, half have signed up, a fifth have just been
/// asked something else, a seventh look at another page.
fn visit(number: usize) -> Vec<String> {
    let campaign = if number.is_multiple_of(3) { "?utm_campaign=spring" } else { "" };
    let last = if number.is_multiple_of(7) { "/about" } else { "/pricing" };
    let pages = [(number.is_multiple_of(2), "/welcome"), (number.is_multiple_of(5), "/docs"), (true, last)];
    let pages = pages.into_iter().filter(|(is_opened, _)| *is_opened);
    pages
        .enumerate()
        .map(|(at, (_, page))| if at == 0 { format!("{page}{campaign}") } else { page.to_owned() })
        .collect()
}

/// Who sees the draft, by what it says of itself: a campaign, a stage, a page, and the site's cap of one interruption a visit.
fn expected() -> BTreeSet<usize> {
    (0..VISITS).filter(|n| n.is_multiple_of(6) && !n.is_multiple_of(7) && !n.is_multiple_of(5)).collect()
}

fn draft() -> Value {
    let rule = json!({ "all": [
        { "path": "/pricing" },
        { "source": { "field": "campaign", "test": { "is": ["spring"] }, "touch": "session" } },
        in_stage("second")
    ] });
    let mut draft = bar("draft", "Spring", rule);
    draft["placement"] = json!({ "corner": "bottom_end" });
    draft["priority"] = json!(10);
    draft
}

/// What else is published: one that interrupts on a page that comes before, and one that shows wherever the draft does not, so that a
/// visit has an end that can be seen.
fn published() -> [(&'static str, Value); 4] {
    let mut rival = bar("rival", "Rival", json!({ "path": "/docs" }));
    rival["placement"] = json!({ "corner": "bottom_end" });
    let other = bar("other", "Other", json!({ "any": [{ "path": "/pricing" }, { "path": "/about" }] }));
    let settings = json!({
        "policy": { "interruptions_per_session": 1, "interruption_gap": "0s", "groups": [] },
        "events": [{ "name": "Signed Up", "when": { "page": "/welcome" } }]
    });
    let journey = json!({
        "key": "steps", "name": "Steps",
        "stages": [{ "key": "first", "name": "First" }, { "key": "second", "name": "Second" }, { "key": "gone", "name": "Gone", "kind": "terminal" }],
        "transitions": [{ "key": "signed_up", "from": ["first"], "to": "second", "priority": 1, "when": { "event": { "name": "Signed Up" } } },
            { "key": "left", "from": ["second"], "to": "gone", "priority": 2, "when": { "event": { "name": "Account Closed" } } }]
    });
    [("site.json", settings), ("journey.json", journey), ("rival.json", rival), ("other.json", other)]
}

/// Records the visits as pages do, and what was shown on them.
async fn record(app: &TestApp, site: &Site) -> Vec<Visitor> {
    let mut visitors = Vec::new();
    for number in 0..VISITS {
        let visitor = Visitor::random();
        for page in visit(number) {
            let url = format!("{}{page}", site.origin);
            let mut events = vec![json!({ "id": event_id(), "type": "page", "url": url })];
            if page.starts_with("/docs") {
                events.push(
                    json!({ "id": event_id(), "type": "prompt", "url": url, "prompt": "rival", "action": "shown",
                                    "props": { "interrupts": true } }),
                );
            }
            app.browser_batch(site, visitor, json!(events)).await.accepted();
        }
        visitors.push(visitor);
    }
    visitors
}

/// The page of a prompt's reach, as somebody without scripts has it.
async fn reach_of(app: &TestApp, site: &Site, cookie: &str, page: &str) -> Answer {
    let request = app.request(reqwest::Method::GET, &format!("/s/{}/prompts/draft/reach{page}", site.id));
    app.try_send(request.header("cookie", cookie)).await.unwrap()
}

/// Keeps the draft as the editor does.
async fn keep(app: &TestApp, site: &Site, draft: &Value) {
    app.import_json(site, &[("draft.json", draft.clone())]).await;
}

/// What happens on a page while a draft waits there calls nothing off but leaving it.
#[tokio::test]
async fn it_waits_on_a_page_whatever_else_happens_there() {
    let app = TestApp::sqlite().await;
    let site = app.site_at(&[ORIGIN]).await;
    app.import_json(&site, &published()).await;
    let url = format!("{ORIGIN}/pricing");
    let (page, other) =
        (json!({ "type": "page", "url": url }), json!({ "type": "track", "name": "Looked", "url": url }));
    let prompt = json!({ "type": "prompt", "url": url, "prompt": "other", "action": "viewed" });
    let left = json!({ "type": "page", "url": format!("{ORIGIN}/about") });
    // Seconds since the visit began, and what happened then.
    for (events, is_seen) in [
        (vec![(0, &page), (60, &left)], true),
        (vec![(0, &page), (2, &prompt), (60, &left)], true),
        (vec![(0, &page), (2, &other), (5, &prompt), (60, &left)], true),
        (vec![(0, &page), (9, &left)], false),
        (vec![(0, &page), (2, &prompt), (9, &left)], false),
        (vec![(0, &page), (9, &page), (15, &left)], false),
    ] {
        let visitor = Visitor::random();
        let mut passed = 0;
        for (second, event) in &events {
            app.advance((second - passed) * 1000);
            passed = *second;
            let mut event = (*event).clone();
            event["id"] = json!(event_id());
            app.browser_batch(&site, visitor, json!([event])).await.accepted();
        }
        app.advance(3_600_000);
        let mut draft = bar("draft", "Waits", json!({ "path": "/pricing" }));
        draft["moment"] = json!({ "dwell": "10s" });
        draft["priority"] = json!(10);
        let running = &app.running().app;
        let now = running.sites.by_id(&site.id).unwrap();
        let reach = collector::reach::reach(running, &now, serde_json::from_value(draft).unwrap()).await.unwrap();
        let name = format!("v:{}", visitor.visitor);
        assert_eq!(reach.shown.contains(&name), is_seen, "{events:?}");
    }
}

#[tokio::test]
async fn those_who_see_it_are_those_of_whom_it_was_said() {
    let host = Host::with(&[]).await;
    host.app.import_json(&host.site, &published()).await;
    let visitors = record(&host.app, &host.site).await;
    let prompt = serde_json::from_value(draft()).unwrap();
    let app = &host.app.running().app;
    let site = app.sites.by_id(&host.site.id).unwrap();
    let reach = collector::reach::reach(app, &site, prompt).await.unwrap();
    let number_of =
        |name: &String| visitors.iter().position(|visitor| *name == format!("v:{}", visitor.visitor)).unwrap();
    let said: BTreeSet<usize> = reach.shown.iter().map(number_of).collect();
    assert_eq!(said, expected());
    assert_eq!((reach.people, reach.doubtful, reach.times), (VISITS, 0, said.len()));

    keep(&host.app, &host.site, &draft()).await;
    for page in ["/welcome", "/docs", "/pricing", "/about"] {
        host.page(page, "<h1>Shop</h1>");
    }
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/wait")).await;
    let mut seen = BTreeSet::new();
    for (number, visitor) in visitors.iter().enumerate() {
        let ids = json!({ "visitor": visitor.visitor, "device": visitor.device, "session": {} });
        let name = format!("waymark.{}", host.site.key);
        browser.eval(&format!("localStorage.clear(); localStorage['{name}'] = JSON.stringify({ids})")).await;
        for page in visit(number) {
            browser.goto(host.pages.url(&page)).await;
            if page == "/welcome" || page.starts_with("/welcome?") {
                continue;
            }
            let shown = browser.prompt().await.text().await;
            if shown.contains("Spring") {
                seen.insert(number);
            }
        }
    }
    assert_eq!(seen, said);
}

#[tokio::test]
async fn the_page_says_the_same_on_both_databases() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let app = TestApp::on(backend).await;
        let site = app.site_at(&[ORIGIN]).await;
        app.import_json(&site, &published()).await;
        keep(&app, &site, &draft()).await;
        let cookie = app.signed_in("mia@shop.test", &[(&site, Role::Viewer)]).await;
        let nobody = reach_of(&app, &site, &cookie, "?now=1").await;
        assert!(nobody.text.contains("Nobody has visited the site"), "{}", nobody.text);
        app.advance(120_000);
        record(&app, &site).await;
        let told = reach_of(&app, &site, &cookie, "?now=1").await.text;
        let count = expected().len();
        for part in [
            format!("<p class=\"value\">{count}</p>"),
            "<td><code>/pricing</code></td>".to_owned(),
            "the audience did not fit on any page".to_owned(),
            "another prompt had just been shown".to_owned(),
            "<td><a href=".to_owned(),
        ] {
            assert!(told.contains(&part), "{part} is missing on {backend:?}: {told}");
        }
        let fits = reach_of(&app, &site, &cookie, "/fits").await.text;
        let of = |place: &str| {
            let (_, rest) =
                fits.split_once(&format!("id=\"fit-{place}\"")).unwrap_or_else(|| panic!("{place}: {fits}"));
            rest.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned()
        };
        let on = |test: &dyn Fn(usize) -> bool| format!("{} people", (0..VISITS).filter(|n| test(*n)).count());
        assert_eq!(of("rule"), on(&|n| n.is_multiple_of(6) && !n.is_multiple_of(7)));
        assert_eq!(of("rule.all[0]"), on(&|n| !n.is_multiple_of(7)));
        assert_eq!(of("rule.all[1]"), on(&|n| n.is_multiple_of(3)));
        assert_eq!(of("rule.all[2]"), on(&|n| n.is_multiple_of(2)));
    }
}
