//! What a page is told beside verdicts: what is public of a person, what they have done, whether it is a time to sell, where they are;
//! and what of the published prompts is none of its business.

use harness::{Answer, Backend, Client, Site, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

const DAY: i64 = 86_400_000;

on_both! {
    async fn of_a_person_pages_learn_what_is_public(app: TestApp) {
        let site = app.site().await;
        app.import_json(&site, &[("site.json", json!({ "public_traits": ["first_name", "seats"] }))]).await;
        let visitor = Visitor::random();
        let traits = json!({ "first_name": "Ann", "salary": 90000 });
        let claimed = json!({ "id": event_id(), "type": "identify", "user_id": "ann", "traits": traits });
        let told = facts(&app, &site, visitor, json!([claimed])).await;
        assert_eq!(told["traits"], json!({ "first_name": "Ann" }));
        let said = json!([{ "type": "identify", "user_id": "ann", "traits": { "seats": 25, "first_name": "Anna", "plan": "secret" } }]);
        app.server_batch(&site.secret, said).await.accepted();
        let told = facts(&app, &site, visitor, json!([])).await;
        assert_eq!((&told["traits"]["first_name"], &told["traits"]["seats"]), (&json!("Anna"), &json!(25.0)), "{told}");
        assert_eq!(told["traits"].as_object().unwrap().len(), 2, "{told}");
        let nobody = facts(&app, &site, Visitor::random(), json!([])).await;
        assert_eq!(nobody["traits"], Value::Null);
        assert_eq!(nobody["zone"], json!({ "ahead": 0 }));
    }

    async fn checklists_are_told_what_is_done_and_nothing_else(app: TestApp) {
        let site = app.site().await;
        let visitor = Visitor::random();
        app.import_json(&site, &[("steps.json", steps())]).await;
        facts(&app, &site, visitor, json!([identify("ann"), track("Connected"), track("Invited")])).await;
        assert_eq!(facts(&app, &site, visitor, json!([])).await["done"], Value::Null, "nobody asks for it");
        app.import_json(&site, &[("list.json", checklist())]).await;
        assert_eq!(facts(&app, &site, visitor, json!([])).await["done"], json!(["connected"]));
        assert_eq!(facts(&app, &site, Visitor::random(), json!([])).await["done"], Value::Null);
    }

    async fn who_is_late_in_a_stage_is_spared_offers(app: TestApp) {
        let site = app.site().await;
        app.import_json(&site, &[("steps.json", steps()), ("offer.json", offer(None))]).await;
        let (customer, prospect) = (Visitor::random(), Visitor::random());
        facts(&app, &site, customer, json!([identify("ann")])).await;
        facts(&app, &site, prospect, json!([track("Looked")])).await;
        app.advance(3 * DAY);
        let told = said(&app, &site, customer, json!([])).await.json();
        assert_eq!((&told["facts"]["spare_offers"], &told["needed"]), (&Value::Null, &json!(true)), "not late yet");
        app.advance(1);
        let told = said(&app, &site, customer, json!([])).await.json();
        assert_eq!((&told["facts"]["spare_offers"], &told["needed"]), (&json!(true), &json!(false)), "{told}");
        let told = said(&app, &site, prospect, json!([])).await.json();
        assert_eq!(told["needed"], true, "nobody's customer yet");
        // On the next stage there is no hurry; and some offers are right for people who are late.
        app.import_json(&site, &[("offer.json", offer(Some("They are late for want of seats.")))]).await;
        assert_eq!(said(&app, &site, customer, json!([])).await.json()["needed"], true);
        app.import_json(&site, &[("offer.json", offer(None))]).await;
        facts(&app, &site, customer, json!([track("Invited")])).await;
        let told = said(&app, &site, customer, json!([])).await.json();
        assert_eq!((&told["facts"]["spare_offers"], &told["needed"]), (&Value::Null, &json!(true)));
    }

    async fn what_was_written_for_colleagues_is_not_published(app: TestApp) {
        let site = app.site().await;
        let nps = json!({ "key": "nps", "placement": "modal", "content": { "nps": { "question": "?" } } });
        let files = [("offer.json", offer(Some("A word among us."))), ("nps.json", nps), ("steps.json", steps())];
        app.import_json(&site, &files).await;
        let bundle = app.get(&format!("/w/{}.json", site.key)).await;
        assert!(!bundle.text.contains("among us"), "{}", bundle.text);
        let prompts = bundle.json()["prompts"].clone();
        assert_eq!((&prompts[1]["key"], &prompts[1]["offer_anyway"]), (&json!("offer"), &json!("")), "that there is a reason");
        assert_eq!((&prompts[0]["key"], &prompts[0]["frequency"]["gap"]), (&json!("nps"), &json!("90d")), "what is usual is said");
        for (settings, mistake) in [
            (json!({ "policy": { "holdout": 2 } }), "site.json: policy.holdout: "),
            (json!({ "policy": { "per_page": 0 } }), "site.json: policy: "),
            (json!({ "theme": { "size": 40 } }), "site.json: theme.size: "),
            (json!({ "public_traits": ["name", " "] }), "site.json: public_traits[1]: "),
            (json!({ "public_traits": [], "polcy": {} }), "site.json: polcy: "),
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("site.json"), settings.to_string()).unwrap();
            let said = app.try_import(&site, &[&folder.path().display().to_string()]).await.unwrap_err();
            assert!(said.contains(mistake), "{settings}: {said}");
        }
    }
}

#[tokio::test]
async fn a_country_is_known_by_a_trusted_proxy_alone() {
    for (proxies, named, expected) in [(true, true, true), (true, false, false), (false, true, false)] {
        let app = TestApp::with(Backend::Sqlite, |config| {
            config.trusted_proxies = if proxies { vec!["127.0.0.1/32".parse().unwrap()] } else { Vec::new() };
            config.country_header = if named { "CF-IPCountry".to_owned() } else { String::new() };
        });
        let app = app.await;
        let site = app.site().await;
        let rule = json!({ "all": [{ "country": ["de"] }, { "system": ["linux"] }, { "browser": ["chrome"] }] });
        let prompt =
            json!({ "key": "hello", "placement": "modal", "content": { "nps": { "question": "?" } }, "rule": rule });
        app.import_json(&site, &[("hello.json", prompt)]).await;
        let page = json!([{ "id": event_id(), "type": "page", "url": "http://shop.test/" }]);
        let request = app.browser_request(&site, Visitor::random(), page).header("cf-ipcountry", "DE");
        let verdicts = app.try_send(request).await.unwrap().accepted().json()["facts"]["verdicts"].clone();
        // What is not known is no verdict.
        let told = verdicts.as_array().unwrap().iter().any(|verdict| verdict[1] == true);
        assert_eq!(told, expected, "proxies {proxies}, named {named}: {verdicts}");
        let request = app.browser_request(&site, Visitor::random(), json!([])).header("cf-ipcountry", "AT");
        let verdicts = app.try_send(request).await.unwrap().json()["facts"]["verdicts"].clone();
        assert!(verdicts.as_array().unwrap().iter().all(|verdict| verdict[1] == false), "{verdicts}");
    }
}

/// Three days for the first stage, and two milestones.
fn steps() -> Value {
    let milestone =
        |key: &str, event: &str| json!({ "key": key, "name": event, "done_when": { "event": { "name": event } } });
    json!({
        "key": "steps", "name": "Steps",
        "stages": [
            { "key": "start", "name": "Start", "delay_after": "3d", "stuck_after": "9d",
              "milestones": [milestone("connected", "Connected"), milestone("invited", "Invited"), milestone("paid", "Paid")] },
            { "key": "end", "name": "End", "kind": "terminal" }
        ],
        "transitions": [{ "key": "on", "from": ["start"], "to": "end", "priority": 1, "when": { "event": { "name": "Invited" } } }]
    })
}

fn checklist() -> Value {
    let task = |milestone: &str| json!({ "milestone": milestone, "label": "Do it" });
    let content = json!({ "checklist": { "heading": "First steps", "tasks": [task("connected"), task("paid")] } });
    json!({ "key": "list", "placement": "modal", "content": content })
}

fn offer(anyway: Option<&str>) -> Value {
    let content = json!({ "offer": { "heading": "More", "button": { "label": "Buy", "url": "/buy" } } });
    let mut offer = json!({ "key": "offer", "placement": "modal", "content": content });
    if let Some(why) = anyway {
        offer["offer_anyway"] = why.into();
    }
    offer
}

async fn facts(app: &TestApp, site: &Site, visitor: Visitor, events: Value) -> Value {
    said(app, site, visitor, events).await.json()["facts"].clone()
}

/// What a page says, with its own clock, which is right.
async fn said(app: &TestApp, site: &Site, visitor: Visitor, events: Value) -> Answer {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session,
        "sent_at": app.now().0, "events": events });
    let request = app.request(Method::POST, "/v1/events").header(ORIGIN, &site.origin).body(batch.to_string());
    Client::try_send(app, request).await.unwrap().accepted()
}

fn identify(user: &str) -> Value {
    json!({ "id": event_id(), "type": "identify", "user_id": user })
}

fn track(name: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": name, "url": "http://shop.test/" })
}
