//! Events through the way in, moves out of the journey: on both databases, against the sample journey as it ships.
//!
//! What a log means is the engine's to test (`cases/journey`). Here it is shown that the stored moves are what the log gives,
//! however the events came: each test ends with a replay.

use harness::{Answer, Site, TestApp, event_id, on_both, poll};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const SAMPLE: [&str; 2] = ["examples/site.json", "examples/journeys"];

on_both! {
    async fn events_move_an_account_from_stage_to_stage(app: TestApp) {
        let site = site_with_journey(&app).await;
        assert_eq!(told(&app, &site, json!([about("acme", "Trial Started")])).await.results(), ["accepted"]);
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"]);

        app.advance(DAY);
        let started = json!([with(about("acme", "Subscription Started"), json!({ "mrr": 49 }))]);
        told(&app, &site, started).await.accepted();
        let milestones = ["Integration Connected", "Teammate Invited", "Invoice Sent"].map(|name| about("acme", name));
        told(&app, &site, json!(milestones)).await.accepted();
        let onward = ["awareness", "evaluation", "onboarding", "adoption"];
        assert_eq!(stages(&app, &site, "a:acme").await, onward);
        assert_eq!(stages(&app, &site, "a:other").await, [""; 0], "nobody else has moved");
        same_as_replayed(&app, &site, 1).await;
    }

    async fn the_order_of_arrival_does_not_matter(app: TestApp) {
        let log = a_customers_year(&app);
        let mut orders = vec![log.clone(), log.iter().rev().cloned().collect()];
        orders.extend((1..log.len()).step_by(3).map(|by| {
            let mut turned = log.clone();
            turned.rotate_left(by);
            turned
        }));
        let mut first: Option<Vec<String>> = None;
        for (index, order) in orders.into_iter().enumerate() {
            let site = site_with_journey(&app).await;
            // One by one, by twos, by threes: how they are batched does not matter either.
            for batch in order.chunks(1 + index % 3) {
                told(&app, &site, json!(batch)).await.accepted();
            }
            let moves = bodies(&app, &site, "a:acme").await;
            assert!(moves.len() >= 8, "the log moves: {moves:?}");
            assert_eq!(*first.get_or_insert_with(|| moves.clone()), moves, "order {index}");
            same_as_replayed(&app, &site, 1).await;
        }
    }

    async fn a_late_event_rewrites_what_it_shows_to_be_wrong(app: TestApp) {
        let site = site_with_journey(&app).await;
        let begin = app.now().0;
        told(&app, &site, json!([at(about("acme", "Trial Started"), begin)])).await.accepted();
        app.advance(2 * DAY);
        told(&app, &site, json!([at(about("acme", "Plan Limit Reached"), begin + DAY + HOUR)])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"], "not from there");

        let renewed = ["Integration Connected", "Teammate Invited", "Invoice Sent", "Subscription Renewed"];
        let mut late = vec![with(at(about("acme", "Subscription Started"), begin + HOUR), json!({ "mrr": 9 }))];
        late.extend(renewed.into_iter().map(|name| at(about("acme", name), begin + DAY)));
        told(&app, &site, json!(late)).await.accepted();
        let stages = stages(&app, &site, "a:acme").await;
        assert_eq!(stages, ["awareness", "evaluation", "onboarding", "adoption", "retention", "expansion"]);
        same_as_replayed(&app, &site, 1).await;
    }

    async fn a_deadline_passes_while_nothing_happens(app: TestApp) {
        let site = site_with_journey(&app).await;
        let begin = app.now().0;
        told(&app, &site, json!([about("acme", "Trial Started"), at(about("acme", "Trial Ended"), begin - 7)])).await.accepted();
        app.advance(29 * DAY);
        told(&app, &site, json!([about("other", "Trial Started")])).await.accepted();
        app.advance(3 * DAY);
        let stay = poll::until("the deadline to be noticed", async || {
            let bodies = bodies(&app, &site, "a:acme").await;
            bodies.last().map(|body| parsed(body)).filter(|last| last["to"] == "churned").ok_or("nothing yet")
        }).await;
        assert_eq!(stay["at"], begin - 7 + 30 * DAY, "the deadline, and not when somebody looked");
        assert!(stay["cause"]["deadline"].is_object(), "{stay}");
        assert_eq!(stages(&app, &site, "a:other").await, ["awareness", "evaluation"], "its deadline lies ahead");
        same_as_replayed(&app, &site, 2).await;

        let paid = with(at(about("acme", "Subscription Started"), begin + DAY), json!({ "mrr": 9 }));
        told(&app, &site, json!([paid])).await.accepted();
        let stages = stages(&app, &site, "a:acme").await;
        assert_eq!(stages, ["awareness", "evaluation", "onboarding"], "a late event retracts a deadline it should have prevented");
        same_as_replayed(&app, &site, 2).await;
    }

    async fn a_clock_that_is_set_back_loses_nothing(app: TestApp) {
        let site = site_with_journey(&app).await;
        told(&app, &site, json!([about("early", "Trial Started")])).await.accepted();
        let before = bodies(&app, &site, "a:early").await;
        assert_eq!(before.len(), 2, "it is in evaluation");
        // Another collector's clock may be behind, too. What comes now belongs before what is known, so all is folded anew.
        app.advance(-HOUR);
        told(&app, &site, json!([about("early", "Webinar Attended")])).await.accepted();
        let after = bodies(&app, &site, "a:early").await;
        assert!(after.iter().any(|body| body.contains("evaluation")), "what happened by the other clock still holds: {after:?}");
        app.advance(2 * HOUR);
        told(&app, &site, json!([about("early", "Webinar Attended")])).await.accepted();
        let at_last = bodies(&app, &site, "a:early").await;
        assert!(at_last.iter().any(|body| body.contains("evaluation")), "{at_last:?}");
        assert_eq!(app.replay(&site).await.different, []);
    }

    async fn a_changed_journey_keeps_the_past(app: TestApp) {
        let site = site_with_journey(&app).await;
        told(&app, &site, json!([about("early", "Trial Started"), about("idle", "Webinar Attended")])).await.accepted();
        let before = bodies(&app, &site, "a:early").await;
        let fingerprints = format!("select distinct cast(fingerprint as text) from journey_state where site_id = '{}' and stage <> ''", site.id);
        let old = app.texts(&fingerprints).await;
        app.advance(DAY);
        let changed_at = app.now().0;

        let mut journey = sample();
        let trial = json!({ "event": { "name": "Trial Started" } });
        let webinar = json!({ "event": { "name": "Webinar Held", "within": "30d" } });
        replace(&mut journey, &trial, &webinar);
        let said = app.import_json(&site, &[("saas.json", journey)]).await;
        assert!(said.contains("saas"), "{said}");
        poll::until("everybody to be folded under the new version", async || {
            let now = app.texts(&fingerprints).await;
            if now.len() == 1 && now != old { Ok(()) } else { Err(format!("{now:?}")) }
        }).await;
        assert_eq!(bodies(&app, &site, "a:early").await, before, "what an earlier version moved stays moved");

        app.advance(DAY);
        told(&app, &site, json!([about("late", "Trial Started"), about("new", "Webinar Held")])).await.accepted();
        assert_eq!(stages(&app, &site, "a:late").await, ["awareness"], "the new version does not ask for a trial");
        assert_eq!(stages(&app, &site, "a:new").await, ["awareness", "evaluation"]);
        let late = json!([at(about("older", "Trial Started"), changed_at - HOUR)]);
        told(&app, &site, late).await.accepted();
        assert_eq!(stages(&app, &site, "a:older").await, ["awareness", "evaluation"], "it happened under the old version");
        same_as_replayed(&app, &site, 5).await;
    }

    async fn a_first_journey_finds_those_who_were_there_before_it(app: TestApp) {
        let site = app.site().await;
        told(&app, &site, json!([about("acme", "Trial Started"), by("u1", "acme", "Invoice Sent")])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, [""; 0], "there is no journey yet");
        app.import(&site, &SAMPLE).await;
        for (subject, expected) in [("a:acme", "evaluation"), ("p:u1", "awareness")] {
            poll::until("the past to be folded", async || {
                let stages = stages(&app, &site, subject).await;
                if stages.last().is_some_and(|last| last == expected) { Ok(()) } else { Err(format!("{subject}: {stages:?}")) }
            }).await;
        }
        same_as_replayed(&app, &site, 2).await;
    }

    async fn the_same_request_twice_counts_once(app: TestApp) {
        let site = site_with_journey(&app).await;
        let views = json!([about("acme", "Upgrade Viewed"), about("acme", "Trial Started")]);
        let mut twice = views.as_array().cloned().unwrap_or_default();
        twice.push(twice[0].clone());
        assert_eq!(told(&app, &site, json!(twice)).await.results(), ["accepted", "accepted", "duplicate"]);
        let moves = bodies(&app, &site, "a:acme").await;
        assert_eq!(told(&app, &site, views).await.results(), ["duplicate", "duplicate"]);
        assert_eq!(stored(&app, &site).await.len(), 2);
        assert_eq!(bodies(&app, &site, "a:acme").await, moves);
        same_as_replayed(&app, &site, 1).await;
    }

    async fn one_bad_event_does_not_lose_its_neighbours(app: TestApp) {
        let site = site_with_journey(&app).await;
        let batch = json!([
            about("acme", "Trial Started"),
            about("acme", " "),
            at(about("acme", "From The Future"), app.now().0 + HOUR),
            { "id": event_id(), "type": "track", "name": "About Nobody" },
            with(about("acme", "Subscription Started"), json!({ "mrr": 9 })),
        ]);
        let results = told(&app, &site, batch).await.results();
        assert_eq!(results, ["accepted", "name_empty", "time_in_future", "subject_missing", "accepted"]);
        assert_eq!(stored(&app, &site).await.len(), 2);
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation", "onboarding"]);
        same_as_replayed(&app, &site, 1).await;
    }

    async fn two_tabs_at_once_store_each_event_once(app: TestApp) {
        let site = site_with_journey(&app).await;
        let events: Vec<Value> = (0..20)
            .map(|n| if n % 4 == 0 { about("acme", "Trial Started") } else { about(&format!("a{n}"), "Trial Started") })
            .collect();
        let mut tabs = tokio::task::JoinSet::new();
        for tab in 0..8 {
            // Each in an order of its own, so that they ask for the same subjects in different orders.
            let mut events = events.clone();
            events.rotate_left(tab * 5 % 20);
            let request = app.server_request(&site.secret, json!(events));
            tabs.spawn(async move { request.send().await.unwrap().json::<Value>().await.unwrap() });
        }
        let mut accepted = 0;
        while let Some(answer) = tabs.join_next().await {
            let answer = answer.unwrap();
            let results = answer["results"].as_array().unwrap_or_else(|| panic!("refused: {answer}"));
            assert_eq!(results.len(), 20);
            accepted += results.iter().filter(|result| result["status"] == "accepted").count();
        }
        assert_eq!(accepted, 20, "each is told to be new exactly once");
        assert_eq!(stored(&app, &site).await.len(), 20);
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"], "and moves once");
        same_as_replayed(&app, &site, 16).await;
    }
}

/// A site on which the sample journey holds.
async fn site_with_journey(app: &TestApp) -> Site {
    let site = app.site().await;
    app.import(&site, &SAMPLE).await;
    site
}

/// What a customer's server says, through the way in.
async fn told(app: &TestApp, site: &Site, events: Value) -> Answer {
    app.server_batch(&site.secret, events).await
}

fn about(account: &str, name: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": name, "account_id": account })
}

fn by(user: &str, account: &str, name: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": name, "user_id": user, "account_id": account })
}

fn at(mut event: Value, at: i64) -> Value {
    event["at"] = json!(at);
    event
}

fn with(mut event: Value, props: Value) -> Value {
    event["props"] = props;
    event
}

/// Sign-up to churn and back: forward moves, a move back by a deadline, a second cycle, two events at one instant.
fn a_customers_year(app: &TestApp) -> Vec<Value> {
    let mrr = json!({ "mrr": 49, "adds_features": true });
    let names = [
        (0, "Trial Started"),
        (5, "Subscription Started"),
        (6, "Integration Connected"),
        (6, "Teammate Invited"),
        (7, "Invoice Sent"),
        (60, "Subscription Renewed"),
        (70, "Plan Limit Reached"),
        (150, "Review Link Followed"),
        (151, "Subscription Upgraded"),
        (152, "Subscription Renewed"),
        (200, "Subscription Ended"),
        (230, "Subscription Started"),
    ];
    let begin = app.now().0 - 365 * DAY;
    let event = |(day, name): (i64, &str)| with(at(about("acme", name), begin + day * DAY), mrr.clone());
    names.into_iter().map(event).collect()
}

fn sample() -> Value {
    let text = std::fs::read(harness::workspace().join("examples/journeys/saas.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// Puts one part of a document in the place of another, everywhere.
fn replace(value: &mut Value, old: &Value, new: &Value) {
    if value == old {
        *value = new.clone();
        return;
    }
    match value {
        Value::Array(list) => list.iter_mut().for_each(|part| replace(part, old, new)),
        Value::Object(map) => map.values_mut().for_each(|part| replace(part, old, new)),
        _ => {}
    }
}

/// The recorded moves of a subject, as they are stored.
async fn bodies(app: &TestApp, site: &Site, subject: &str) -> Vec<String> {
    let (site, subject) = (&site.id, subject);
    app.texts(&format!("select body from journey_move where site_id = '{site}' and subject = '{subject}' order by seq"))
        .await
}

/// Where a subject went, from its first stage on.
async fn stages(app: &TestApp, site: &Site, subject: &str) -> Vec<String> {
    let bodies = bodies(app, site, subject).await;
    bodies.iter().map(|body| parsed(body)["to"].as_str().unwrap().to_owned()).collect()
}

async fn stored(app: &TestApp, site: &Site) -> Vec<String> {
    app.texts(&format!("select id from event where site_id = '{}'", site.id)).await
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

/// Folding the whole log anew gives what is stored, of so many subjects.
async fn same_as_replayed(app: &TestApp, site: &Site, subjects: u64) {
    let report = app.replay(site).await;
    assert_eq!(report.different, [], "what is stored is what the log gives");
    assert_eq!(report.subjects, subjects);
}
