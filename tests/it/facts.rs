//! What a page is told follows from the whole log, also where the collector remembers it instead of reading it: across a
//! changed rule, a late event, a new name, and what a server says of the account.

use harness::{Answer, Client, Site, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

on_both! {
    async fn a_rule_that_is_published_later_looks_back(app: TestApp) {
        let (site, visitor) = (app.site().await, Visitor::random());
        asks(&app, &site, exported(1)).await;
        said(&app, &site, visitor, json!([track("Exported"), track("Imported")])).await.accepted();
        assert!(told(&app, &site, visitor).await, "a rule of one export");
        asks(&app, &site, json!({ "event": { "name": "Imported" } })).await;
        assert!(told(&app, &site, visitor).await, "another event, from before the rule was there");
        asks(&app, &site, exported(2)).await;
        assert!(!told(&app, &site, visitor).await, "one export is not two");
        said(&app, &site, visitor, json!([track("Exported")])).await.accepted();
        assert!(told(&app, &site, visitor).await, "the second one");
        replays(&app, &site).await;
    }

    async fn an_event_that_comes_late_counts_at_its_time(app: TestApp) {
        let (site, visitor, begin) = (app.site().await, Visitor::random(), app.now().0);
        asks(&app, &site, json!({ "event": { "name": "Exported", "count": 2, "within": "2h" } })).await;
        app.advance(3 * HOUR);
        said(&app, &site, visitor, json!([track("Exported")])).await.accepted();
        said(&app, &site, visitor, json!([at(track("Exported"), begin)])).await.accepted();
        assert!(!told(&app, &site, visitor).await, "three hours lie between");
        said(&app, &site, visitor, json!([at(track("Exported"), begin + 2 * HOUR)])).await.accepted();
        assert!(told(&app, &site, visitor).await, "one lies between, though it was told of later");
        app.advance(HOUR);
        assert!(!told(&app, &site, visitor).await, "two hours after the first of the two");
        replays(&app, &site).await;
    }

    async fn what_a_person_and_a_server_say_adds_up(app: TestApp) {
        let (site, visitor) = (app.site().await, Visitor::random());
        asks(&app, &site, exported(3)).await;
        said(&app, &site, visitor, json!([track("Exported")])).await.accepted();
        said(&app, &site, visitor, json!([identify("ann"), group("acme")])).await.accepted();
        // Of the person, and of the account as such.
        app.server_batch(&site.secret, json!([about("user_id", "ann")])).await.accepted();
        assert!(!told(&app, &site, visitor).await, "two");
        app.server_batch(&site.secret, json!([about("account_id", "acme")])).await.accepted();
        assert!(told(&app, &site, visitor).await, "three, by the browser, the person's server and the account's");
        replays(&app, &site).await;
        // What a colleague did is the colleague's.
        let bob = Visitor::random();
        said(&app, &site, bob, json!([identify("bob"), group("acme"), track("Exported")])).await.accepted();
        assert!(!told(&app, &site, bob).await, "his own and the account's are two");
        replays(&app, &site).await;
    }

    async fn two_visits_at_once_each_have_their_own_source(app: TestApp) {
        let (site, laptop) = (app.site().await, Visitor::random());
        let phone = Visitor { visitor: laptop.visitor, device: laptop.device, ..Visitor::random() };
        asks(&app, &site, json!({ "source": { "field": "campaign", "test": { "is": ["spring"] } } })).await;
        said(&app, &site, laptop, json!([page("/?utm_campaign=spring"), track("Exported")])).await.accepted();
        said(&app, &site, phone, json!([page("/?utm_campaign=fall")])).await.accepted();
        assert!(told(&app, &site, laptop).await, "its own campaign, though the other visit was seen last");
        assert!(!told(&app, &site, phone).await);
        replays(&app, &site).await;
    }
}

/// Publishes one prompt with a rule that only the log can answer.
async fn asks(app: &TestApp, site: &Site, rule: Value) {
    let content = json!({ "offer": { "heading": "Hello", "button": { "label": "Go", "url": "/go" } } });
    let prompt = json!({ "key": "hello", "content": content, "placement": "modal", "rule": rule });
    app.import_json(site, &[("hello.json", prompt)]).await;
}

/// Whether the page is told that the rule holds.
async fn told(app: &TestApp, site: &Site, visitor: Visitor) -> bool {
    let answer = said(app, site, visitor, json!([])).await.json();
    let verdicts = answer["facts"]["verdicts"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(verdicts.len(), 1, "{answer}");
    verdicts[0][1].as_bool().unwrap()
}

/// What a page says, with its own clock, which is right.
async fn said(app: &TestApp, site: &Site, visitor: Visitor, events: Value) -> Answer {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session,
        "sent_at": app.now().0, "events": events });
    let request = app.request(Method::POST, "/v1/events").header(ORIGIN, &site.origin).body(batch.to_string());
    Client::try_send(app, request).await.unwrap()
}

fn exported(count: u32) -> Value {
    json!({ "event": { "name": "Exported", "count": count } })
}

fn track(name: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": name })
}

fn page(address: &str) -> Value {
    json!({ "id": event_id(), "type": "page", "url": format!("http://shop.test{address}") })
}

fn about(kind: &str, id: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": "Exported", kind: id })
}

fn identify(user: &str) -> Value {
    json!({ "id": event_id(), "type": "identify", "user_id": user })
}

fn group(account: &str) -> Value {
    json!({ "id": event_id(), "type": "group", "account_id": account })
}

fn at(mut event: Value, at: i64) -> Value {
    event["at"] = json!(at);
    event
}

async fn replays(app: &TestApp, site: &Site) {
    assert_eq!(app.replay(site).await.different, [], "what is remembered is what the log gives");
}
