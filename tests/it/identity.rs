//! Who is who: what a visitor did counts for the person and the account it turns out to be, two people on one laptop stay two,
//! caps follow the person, and nobody learns anything by naming somebody else's id.

use harness::{Answer, Client, Site, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const SAMPLE: [&str; 2] = ["examples/site.json", "examples/journeys"];

on_both! {
    async fn what_a_visitor_did_before_counts_for_the_person_and_the_account(app: TestApp) {
        let site = site_with_journey(&app).await;
        let visitor = Visitor::random();
        said(&app, &site, visitor, json!([track("Trial Started")])).await.accepted();
        assert_eq!(stages(&app, &site, &v(visitor)).await, ["awareness", "evaluation"]);
        app.advance(HOUR);
        said(&app, &site, visitor, json!([identify("u1"), group("acme")])).await.accepted();
        assert_eq!(stages(&app, &site, "p:u1").await, ["awareness", "evaluation"]);
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"]);
        app.advance(HOUR);
        app.server_batch(&site.secret, json!([paid("u1", "acme")])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation", "onboarding"]);
        assert_eq!(stages(&app, &site, &v(visitor)).await, ["awareness", "evaluation"], "the visitor's own story has ended");
        replays(&app, &site).await;
    }

    async fn two_people_on_one_laptop_stay_two(app: TestApp) {
        let site = site_with_journey(&app).await;
        let laptop = Visitor::random();
        said(&app, &site, laptop, json!([identify("ann"), group("acme"), track("Trial Started")])).await.accepted();
        app.advance(HOUR);
        said(&app, &site, laptop, json!([identify("bob"), group("bobs"), track("Page Left")])).await.accepted();
        app.advance(HOUR);
        said(&app, &site, laptop, json!([identify("ann"), track("Demo Requested")])).await.accepted();
        assert_eq!(stages(&app, &site, "p:ann").await, ["awareness", "evaluation"]);
        assert_eq!(stages(&app, &site, "p:bob").await, ["awareness"]);
        assert_eq!(stages(&app, &site, "a:bobs").await, ["awareness"]);
        assert_eq!(members(&app, &site).await, ["p:ann acme", "p:bob bobs"]);
        replays(&app, &site).await;
    }

    async fn what_a_visitor_joined_is_joined_by_the_first_person_it_was(app: TestApp) {
        let site = site_with_journey(&app).await;
        let laptop = Visitor::random();
        said(&app, &site, laptop, json!([group("acme"), track("Trial Started")])).await.accepted();
        app.advance(HOUR);
        said(&app, &site, laptop, json!([identify("ann")])).await.accepted();
        app.advance(HOUR);
        said(&app, &site, laptop, json!([identify("bob"), track("Page Left")])).await.accepted();
        assert_eq!(members(&app, &site).await, ["p:ann acme"], "the other one has joined nothing");
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"]);
        assert_eq!(stages(&app, &site, "p:bob").await, ["awareness"]);
        replays(&app, &site).await;
    }

    async fn an_event_of_somebody_with_two_accounts_counts_for_neither(app: TestApp) {
        let site = site_with_journey(&app).await;
        let (visitor, begin) = (Visitor::random(), app.now().0);
        said(&app, &site, visitor, json!([identify("u1"), group("acme")])).await.accepted();
        app.advance(2 * HOUR);
        said(&app, &site, visitor, json!([track("Trial Started")])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"]);
        // What joined them to the second account comes late: by then it was not clear any more.
        said(&app, &site, visitor, json!([at(group("globex"), begin + HOUR)])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness"]);
        assert_eq!(stages(&app, &site, "p:u1").await, ["awareness", "evaluation"]);
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let page = collector::people::subject(&app.running().app, &known, "person", "u1", None).await.unwrap().unwrap();
        assert_eq!(page.unattributed, 1, "which people are told");
        replays(&app, &site).await;
    }

    async fn the_order_in_which_identity_arrives_does_not_matter(app: TestApp) {
        let laptop = Visitor::random();
        let phone = Visitor { device: laptop.device, ..Visitor::random() };
        let begin = app.now().0;
        app.advance(2 * DAY);
        // Each is a request of its own: whose, and what.
        let log = [
            (Some(laptop), at(track("Page Left"), begin)),
            (Some(laptop), at(group("acme"), begin + HOUR)),
            (Some(laptop), at(track("Trial Started"), begin + 2 * HOUR)),
            (Some(laptop), at(identify("ann"), begin + 3 * HOUR)),
            (None, at(paid("ann", "acme"), begin + 4 * HOUR)),
            (Some(phone), at(track("Invoice Sent"), begin + 5 * HOUR)),
            (Some(phone), at(identify("ann"), begin + 6 * HOUR)),
            (Some(laptop), at(identify("bob"), begin + 7 * HOUR)),
            (Some(laptop), at(track("Integration Connected"), begin + 8 * HOUR)),
            (Some(laptop), at(group("bobs"), begin + 9 * HOUR)),
            (Some(phone), at(track("Teammate Invited"), begin + 10 * HOUR)),
            (Some(phone), at(track("Integration Connected"), begin + 11 * HOUR)),
            (Some(phone), at(group("globex"), begin + 12 * HOUR)),
            (Some(phone), at(track("Plan Limit Reached"), begin + 13 * HOUR)),
        ];
        let mut in_order: Option<Vec<String>> = None;
        for (index, order) in orders(log.len()).into_iter().enumerate() {
            let site = site_with_journey(&app).await;
            for at in &order {
                let (from, event) = &log[*at];
                let events = json!([event]);
                match from {
                    Some(visitor) => said(&app, &site, *visitor, events).await.accepted(),
                    None => app.server_batch(&site.secret, events).await.accepted(),
                };
            }
            let found = everything(&app, &site).await;
            assert!(found.len() > 12, "the log moves: {found:#?}");
            assert_eq!(*in_order.get_or_insert_with(|| found.clone()), found, "order {index}: {order:?}");
            replays(&app, &site).await;
        }
    }

    async fn a_dismissal_on_one_device_is_kept_on_the_next(app: TestApp) {
        let site = app.site().await;
        let (laptop, phone, stranger) = (Visitor::random(), Visitor::random(), Visitor::random());
        said(&app, &site, laptop, json!([identify("u1"), prompt("offer", "shown"), prompt("offer", "dismissed")])).await.accepted();
        let before = said(&app, &site, phone, json!([page()])).await.accepted();
        assert_eq!(past(&before, "offer"), Value::Null, "nobody knows yet who holds the phone");
        let after = said(&app, &site, phone, json!([identify("u1")])).await.accepted();
        assert_eq!(past(&after, "offer")["dismissed"], app.now().0);
        assert_eq!(past(&after, "offer")["shown"], 1);
        let other = said(&app, &site, stranger, json!([identify("u2")])).await.accepted();
        assert_eq!(past(&other, "offer"), Value::Null, "somebody else's caps are theirs");
    }

    async fn on_one_laptop_each_has_caps_of_their_own(app: TestApp) {
        let site = app.site().await;
        let (laptop, phone) = (Visitor::random(), Visitor::random());
        said(&app, &site, laptop, json!([identify("ann")])).await.accepted();
        app.advance(HOUR);
        said(&app, &site, laptop, json!([prompt("offer", "shown"), prompt("offer", "dismissed")])).await.accepted();
        app.advance(HOUR);
        let bob = said(&app, &site, laptop, json!([identify("bob")])).await.accepted();
        assert_eq!(past(&bob, "offer"), Value::Null, "ann closed it, not he");
        said(&app, &site, laptop, json!([prompt("news", "shown"), prompt("news", "dismissed")])).await.accepted();
        let ann = said(&app, &site, phone, json!([identify("ann")])).await.accepted();
        assert_eq!(past(&ann, "offer")["shown"], 1);
        assert_eq!(past(&ann, "news"), Value::Null, "what bob closed on her laptop is not hers");
    }

    async fn a_reset_keeps_the_caps_of_the_device(app: TestApp) {
        let site = app.site().await;
        let before = Visitor::random();
        said(&app, &site, before, json!([prompt("offer", "shown"), prompt("offer", "dismissed")])).await.accepted();
        let after = Visitor { device: before.device, ..Visitor::random() };
        let answer = said(&app, &site, after, json!([page()])).await.accepted();
        assert_eq!(past(&answer, "offer")["dismissed"], app.now().0);
        let elsewhere = said(&app, &site, Visitor::random(), json!([page()])).await.accepted();
        assert_eq!(past(&elsewhere, "offer"), Value::Null);
    }

    async fn signing_out_keeps_the_caps_of_the_device(app: TestApp) {
        let site = app.site().await;
        let signed_in = Visitor::random();
        let shown = json!([identify("ann"), prompt("offer", "shown"), prompt("offer", "dismissed")]);
        said(&app, &site, signed_in, shown).await.accepted();
        let signed_out = Visitor { device: signed_in.device, ..Visitor::random() };
        let answer = said(&app, &site, signed_out, json!([page()])).await.accepted();
        assert_eq!(past(&answer, "offer")["dismissed"], app.now().0, "whoever closed it sits there still, for all we know");
        let somebody_else = said(&app, &site, signed_out, json!([identify("bob")])).await.accepted();
        assert_eq!(past(&somebody_else, "offer"), Value::Null, "a colleague at the same desk has not closed it");
    }

    async fn naming_somebody_elses_id_tells_nothing_but_verdicts(app: TestApp) {
        let site = site_with_journey(&app).await;
        app.import_json(&site, &[("a.json", secret_offer())]).await;
        let server = json!([
            { "type": "identify", "user_id": "ceo", "traits": { "salary": "a secret number" } },
            { "type": "group", "user_id": "ceo", "account_id": "megacorp", "traits": { "plan": "a secret plan" } },
            paid("ceo", "megacorp"),
        ]);
        app.server_batch(&site.secret, server).await.accepted();
        let answer = said(&app, &site, Visitor::random(), json!([page(), identify("ceo")])).await.accepted();
        let facts = &answer.json()["facts"];
        let mut names: Vec<&String> = facts.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["bundle", "history", "now", "verdicts", "zone"]);
        let verdicts = facts["verdicts"].as_array().unwrap();
        assert!(!verdicts.is_empty(), "the rule asks the log");
        for verdict in verdicts {
            let [id, holds, until] = verdict.as_array().unwrap().as_slice() else { panic!("{verdict}") };
            assert!((id.is_u64() || id.is_string()) && holds.is_boolean() && (until.is_i64() || until.is_null()), "{verdict}");
        }
        for word in ["onboarding", "saas", "salary", "secret", "megacorp", "ceo", "49"] {
            let values = json!([facts["verdicts"], facts["history"]]).to_string();
            assert!(!values.contains(&format!("\"{word}")), "{word} leaks: {}", answer.text);
        }
    }

    async fn a_browser_cannot_pay(app: TestApp) {
        let site = site_with_journey(&app).await;
        let visitor = Visitor::random();
        let mut claim = track("Subscription Started");
        claim["props"] = json!({ "mrr": 49 });
        said(&app, &site, visitor, json!([identify("u1"), group("acme"), track("Trial Started"), claim])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"], "a claim moves nobody");
        app.advance(HOUR);
        app.server_batch(&site.secret, json!([paid("u1", "acme")])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation", "onboarding"]);
        replays(&app, &site).await;
    }

    async fn a_stage_is_set_by_servers_and_holds_while_pinned(app: TestApp) {
        let site = site_with_journey(&app).await;
        let visitor = Visitor::random();
        let set = |stage: &str, until: Option<i64>| json!({ "id": event_id(), "type": "track", "name": "Stage Set",
            "account_id": "acme", "props": { "stage": stage, "pin_until": until } });
        let mut by_browser = track("Stage Set");
        by_browser["props"] = json!({ "stage": "retention" });
        let results = said(&app, &site, visitor, json!([group("acme"), by_browser])).await.results();
        assert_eq!(results, ["accepted", "name_reserved"]);
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness"]);

        app.server_batch(&site.secret, json!([set("retention", Some(app.now().0 + DAY))])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "retention"]);
        app.advance(HOUR);
        let limit = || json!([{ "type": "track", "name": "Plan Limit Reached", "account_id": "acme" }]);
        app.server_batch(&site.secret, limit()).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "retention"], "it is pinned");
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let page = collector::people::subject(&app.running().app, &known, "account", "acme", None).await.unwrap().unwrap();
        let pin = page.stages[0].pin.as_ref().expect("people are told of the pin");
        assert_eq!(pin.held_back, [("Expansion".to_owned(), app.now())], "and of where it holds them back from");
        app.advance(2 * DAY);
        app.server_batch(&site.secret, limit()).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "retention", "expansion"]);
        app.server_batch(&site.secret, json!([set("no_such_stage", None)])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await.len(), 3, "a stage that is not there is nowhere to go");
        replays(&app, &site).await;
    }
}

pub(crate) async fn site_with_journey(app: &TestApp) -> Site {
    let site = app.site().await;
    app.import(&site, &SAMPLE).await;
    site
}

/// What a page says, with its own clock, which is right.
pub(crate) async fn said(app: &TestApp, site: &Site, visitor: Visitor, events: Value) -> Answer {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session,
        "sent_at": app.now().0, "events": events });
    let request = app.request(Method::POST, "/v1/events").header(ORIGIN, &site.origin).body(batch.to_string());
    Client::try_send(app, request).await.unwrap()
}

pub(crate) fn track(name: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": name, "url": "http://shop.test/" })
}

pub(crate) fn page() -> Value {
    json!({ "id": event_id(), "type": "page", "url": "http://shop.test/" })
}

pub(crate) fn identify(user: &str) -> Value {
    json!({ "id": event_id(), "type": "identify", "user_id": user })
}

pub(crate) fn group(account: &str) -> Value {
    json!({ "id": event_id(), "type": "group", "account_id": account })
}

pub(crate) fn prompt(key: &str, action: &str) -> Value {
    json!({ "id": event_id(), "type": "prompt", "prompt": key, "action": action, "url": "http://shop.test/" })
}

/// For servers only.
fn paid(user: &str, account: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": "Subscription Started", "user_id": user, "account_id": account,
        "props": { "mrr": 49 } })
}

pub(crate) fn at(mut event: Value, at: i64) -> Value {
    event["at"] = json!(at);
    event
}

pub(crate) fn v(visitor: Visitor) -> String {
    format!("v:{}", visitor.visitor)
}

/// Shown to customers in onboarding: the page must not learn the stage from that.
fn secret_offer() -> Value {
    let text = std::fs::read(harness::workspace().join("examples/prompts/spring_offer.json")).unwrap();
    let mut offer: Value = serde_json::from_slice(&text).unwrap();
    offer["rule"] = json!({ "all": [{ "stage": { "journey": "saas", "is": ["onboarding"] } }, { "path": "/" }] });
    offer
}

/// What the answer's facts say happened with a prompt.
fn past(answer: &Answer, prompt: &str) -> Value {
    let facts = answer.json();
    let prompts = facts["facts"]["history"]["prompts"].as_array().cloned().unwrap_or_default();
    prompts.into_iter().find(|past| past[0] == prompt).map(|past| past[1].clone()).unwrap_or_default()
}

/// In order, backwards, and shuffled by a fixed seed.
pub(crate) fn orders(of: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![(0..of).collect::<Vec<_>>(), (0..of).rev().collect()];
    let mut chance = 1u64;
    for _ in 0..24 {
        let mut order: Vec<usize> = (0..of).collect();
        for place in (1..of).rev() {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(place, (chance >> 33) as usize % (place + 1));
        }
        orders.push(order);
    }
    orders
}

pub(crate) async fn stages(app: &TestApp, site: &Site, subject: &str) -> Vec<String> {
    let (site, subject) = (&site.id, subject);
    let sql = format!("select body from journey_move where site_id = '{site}' and subject = '{subject}' order by seq");
    let to = |body: &String| serde_json::from_str::<Value>(body).unwrap()["to"].as_str().unwrap().to_owned();
    app.texts(&sql).await.iter().map(to).collect()
}

async fn members(app: &TestApp, site: &Site) -> Vec<String> {
    let sql = "select member || ' ' || account_id from membership where member like 'p:%' and site_id =";
    let mut members = app.texts(&format!("{sql} '{}'", site.id)).await;
    members.sort();
    members
}

/// Every projection of the log: moves, stages, and who belongs where.
pub(crate) async fn everything(app: &TestApp, site: &Site) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "select subject || ' ' || body from journey_move",
        "select subject || ' in ' || stage || ' since ' || cast(entered_at as text) || ' cycle ' || cast(cycle as text) from journey_state",
        "select subject || ' due ' || cast(next_due as text) from journey_state",
        "select member || ' of ' || account_id || ' since ' || cast(at as text) || ' by ' || cast(trusted as text) from membership",
        "select subject || ' is ' || name || ' ' || value || ' by ' || cast(trusted as text) from trait",
    ] {
        let condition = if sql.contains("due") { "next_due is not null and" } else { "" };
        all.extend(app.texts(&format!("{sql} where {condition} site_id = '{}'", site.id)).await);
    }
    all.sort();
    all
}

pub(crate) async fn replays(app: &TestApp, site: &Site) {
    let report = app.replay(site).await;
    assert_eq!(report.different, [], "what is stored is what the log gives");
    assert!(report.subjects > 0);
}
