//! Whose word counts: a server's before a browser's about who belongs where, both before an answer to a prompt; and how much anybody
//! may say at all.

use harness::{Site, TestApp, Visitor, event_id, on_both};
use serde_json::{Value, json};

use crate::identity::{
    at, everything, group, identify, orders, page, replays, said, site_with_journey, stages, track, v,
};

const HOUR: i64 = 3_600_000;

on_both! {
    async fn who_names_somebody_elses_id_cannot_move_them_elsewhere(app: TestApp) {
        let site = site_with_journey(&app).await;
        app.server_batch(&site.secret, json!([joined("u1", "acme")])).await.accepted();
        app.advance(HOUR);
        let mallory = Visitor::random();
        said(&app, &site, mallory, json!([identify("u1"), group("evil"), track("Trial Started")])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"], "the claim to be u1 stands until it is checked");
        app.advance(HOUR);
        // What names the person only counts for the account that a server has named.
        app.server_batch(&site.secret, json!([about("u1", "Subscription Started")])).await.accepted();
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation", "onboarding"]);
        assert_eq!(stages(&app, &site, "a:evil").await, [""; 0], "nobody of theirs has done anything");
        assert_eq!(doubtful(&app, &site, "u1").await, 1, "people are told of the claim");
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let list = collector::console::view::PeopleQuery { kind: "person".into(), ..Default::default() };
        let list = collector::people::list(&app.running().app, &known, &list).await.unwrap();
        assert_eq!(list.rows[0].stage.as_deref(), Some("Onboarding"), "by the account that the server has named");
        replays(&app, &site).await;
    }

    async fn a_claim_counts_until_a_server_says_otherwise(app: TestApp) {
        let site = site_with_journey(&app).await;
        let (laptop, begin) = (Visitor::random(), app.now().0);
        app.advance(10 * HOUR);
        said(&app, &site, laptop, json!([
            at(identify("u1"), begin),
            at(group("claimed"), begin + HOUR),
            at(track("Trial Started"), begin + 2 * HOUR),
            at(track("Trial Started"), begin + 6 * HOUR),
        ])).await.accepted();
        assert_eq!(stages(&app, &site, "a:claimed").await, ["awareness", "evaluation"]);
        // It comes late, and is of an hour between the two.
        app.server_batch(&site.secret, json!([at(joined("u1", "acme"), begin + 5 * HOUR)])).await.accepted();
        assert_eq!(stages(&app, &site, "a:claimed").await, ["awareness", "evaluation"], "as long as nobody knew better");
        assert_eq!(stages(&app, &site, "a:acme").await, ["awareness", "evaluation"]);
        let since = |account: &str| format!("select cast(min(entered_at) as text) from journey_state where subject = 'a:{account}' and stage <> '' and site_id = '{}'", site.id);
        assert_eq!(app.texts(&since("acme")).await, [(begin + 6 * HOUR).to_string()]);
        assert_eq!(app.texts(&since("claimed")).await, [(begin + 2 * HOUR).to_string()]);
        replays(&app, &site).await;
    }

    async fn in_which_order_words_arrive_does_not_matter(app: TestApp) {
        let (laptop, phone) = (Visitor::random(), Visitor::random());
        let begin = app.now().0;
        app.advance(48 * HOUR);
        let log = [
            (Some(phone), at(answer("size", json!("small")), begin)),
            (Some(laptop), at(answer("role", json!("dev")), begin + 1)),
            (Some(laptop), at(track("Trial Started"), begin + HOUR)),
            (Some(laptop), at(identify("ann"), begin + 2 * HOUR)),
            (Some(laptop), at(group("claimed"), begin + 3 * HOUR)),
            (Some(laptop), at(track("Demo Requested"), begin + 4 * HOUR)),
            (None, at(joined("ann", "acme"), begin + 5 * HOUR)),
            (Some(laptop), at(group("other"), begin + 6 * HOUR)),
            (Some(laptop), at(answer("role", json!("boss")), begin + 6 * HOUR + 1)),
            (None, at(about("ann", "Subscription Started"), begin + 7 * HOUR)),
            (Some(phone), at(identify("ann"), begin + 8 * HOUR)),
            (Some(phone), at(track("Integration Connected"), begin + 9 * HOUR)),
            (Some(phone), at(identify("bob"), begin + 10 * HOUR)),
            (Some(phone), at(answer("role", json!("cook")), begin + 10 * HOUR + 1)),
            (None, at(joined("ann", "claimed"), begin + 11 * HOUR)),
            (Some(laptop), at(track("Teammate Invited"), begin + 12 * HOUR)),
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
            assert!(found.len() > 20, "the log moves: {found:#?}");
            assert_eq!(*in_order.get_or_insert_with(|| found.clone()), found, "order {index}: {order:?}");
            replays(&app, &site).await;
        }
        let found = in_order.unwrap_or_default();
        for line in ["p:ann is role \"boss\" by -1", "p:bob is role \"cook\" by -1", "p:ann is size \"small\" by -2"] {
            assert!(found.iter().any(|one| one == line), "{line}: {found:#?}");
        }
    }

    async fn an_answer_says_a_trait_that_rules_and_people_see(app: TestApp) {
        let site = site_with_journey(&app).await;
        app.import_json(&site, &[("ask.json", for_role("boss"))]).await;
        let visitor = Visitor::random();
        let before = said(&app, &site, visitor, json!([page()])).await.accepted();
        assert_eq!(verdict(&before.json()), Value::Bool(false));
        let stranger = said(&app, &site, visitor, json!([answer("role", json!("boss"))])).await.accepted();
        assert_eq!(verdict(&stranger.json()), Value::Bool(true), "of whoever sits there");
        assert_eq!(traits(&app, &site, "visitor", &visitor.visitor.to_string()).await, ["role boss Stranger"]);

        app.advance(HOUR);
        let known = said(&app, &site, visitor, json!([identify("ann")])).await.accepted();
        assert_eq!(verdict(&known.json()), Value::Bool(true), "it is kept");
        assert_eq!(traits(&app, &site, "person", "ann").await, ["role boss Stranger"]);

        app.advance(HOUR);
        let server = json!([{ "type": "identify", "user_id": "bob", "traits": { "role": "cook" } }]);
        app.server_batch(&site.secret, server).await.accepted();
        let (phone, tablet) = (Visitor::random(), Visitor::random());
        said(&app, &site, phone, json!([answer("role", json!("boss"))])).await.accepted();
        app.advance(HOUR);
        let bob = said(&app, &site, phone, json!([identify("bob")])).await.accepted();
        assert_eq!(verdict(&bob.json()), Value::Bool(false), "bob is known to be something else");
        let bob = said(&app, &site, phone, json!([answer("role", json!("boss"))])).await.accepted();
        assert_eq!(verdict(&bob.json()), Value::Bool(false), "and no answer takes back what a server said");
        assert_eq!(traits(&app, &site, "person", "bob").await, ["role cook Server"]);

        let claimed = json!([{ "id": event_id(), "type": "identify", "user_id": "cem", "traits": { "role": "cook" } }, answer("role", json!("boss"))]);
        app.advance(HOUR);
        let cem = said(&app, &site, tablet, claimed).await.accepted();
        assert_eq!(verdict(&cem.json()), Value::Bool(true), "a later answer goes before an earlier claim");
        assert_eq!(traits(&app, &site, "person", "cem").await, ["role boss Answer"]);
        replays(&app, &site).await;
    }

    async fn a_browser_is_not_endlessly_many_people(app: TestApp) {
        let site = site_with_journey(&app).await;
        let visitor = Visitor::random();
        let people = |from: usize, to: usize| json!((from..to).map(|n| identify(&format!("u{n}"))).collect::<Vec<_>>());
        let first = people(0, 50);
        assert_eq!(said(&app, &site, visitor, first.clone()).await.results(), ["accepted"; 50]);
        app.advance(HOUR);
        let beyond = json!([track("Trial Started"), identify("u50"), identify("u49"), track("Demo Requested")]);
        let results = said(&app, &site, visitor, beyond).await.results();
        assert_eq!(results, ["accepted", "too_many_identities", "accepted", "accepted"]);
        assert_eq!(said(&app, &site, visitor, first).await.results(), ["duplicate"; 50]);
        assert_eq!(said(&app, &site, Visitor::random(), people(60, 70)).await.results(), ["accepted"; 10], "others are not concerned");
        replays(&app, &site).await;
    }

    async fn who_comes_back_every_day_is_known_every_day(app: TestApp) {
        let site = site_with_journey(&app).await;
        let visitor = Visitor::random();
        for _ in 0..70 {
            said(&app, &site, visitor, json!([identify("ann")])).await.accepted();
            app.advance(24 * HOUR);
        }
        let edges = app.texts(&format!("select event_id from identity_edge where site_id = '{}'", site.id)).await;
        assert!(edges.len() < 60, "what changed nothing is forgotten in time: {}", edges.len());
        said(&app, &site, visitor, json!([at(identify("bob"), app.now().0 - 36 * HOUR)])).await.accepted();
        let first = format!("select cast(min(at) as text) from identity_edge where site_id = '{}'", site.id);
        assert_eq!(app.texts(&first).await, [harness::app::START.0.to_string()], "and what changed something is not");
        assert_eq!(stages(&app, &site, &v(visitor)).await, [""; 0]);
        assert_eq!(stages(&app, &site, "p:bob").await, ["awareness"]);
        replays(&app, &site).await;
    }

    async fn a_person_has_so_many_traits(app: TestApp) {
        let site = app.site().await;
        let traits = |from: usize, to: usize| {
            let traits: serde_json::Map<_, _> = (from..to).map(|n| (format!("t{n}"), json!(n))).collect();
            json!([{ "id": event_id(), "type": "identify", "user_id": "u1", "traits": traits }, track("Seen")])
        };
        let visitor = Visitor::random();
        for (from, to, expected) in [
            (0, 201, "too_many_traits"),
            (0, 200, "accepted"),
            (100, 300, "accepted"),
            (300, 500, "accepted"),
            (0, 100, "accepted"),
            (499, 501, "too_many_traits"),
        ] {
            let results = said(&app, &site, visitor, traits(from, to)).await.results();
            assert_eq!(results, [expected, "accepted"], "{from} to {to}");
        }
        app.server_batch(&site.secret, json!([traits(600, 800)[0]])).await.accepted();
    }
}

/// For servers: a person belongs to an account.
fn joined(user: &str, account: &str) -> Value {
    json!({ "id": event_id(), "type": "group", "user_id": user, "account_id": account })
}

/// For servers: something of a person, whose account it does not know.
fn about(user: &str, name: &str) -> Value {
    json!({ "id": event_id(), "type": "track", "name": name, "user_id": user, "props": { "mrr": 49 } })
}

fn answer(name: &str, value: Value) -> Value {
    json!({ "id": event_id(), "type": "prompt", "prompt": "ask", "action": "answered", "url": "http://shop.test/",
        "props": { "trait": name, "trait_value": value } })
}

/// A prompt for people of a role.
fn for_role(role: &str) -> Value {
    let text = std::fs::read(harness::workspace().join("examples/prompts/spring_offer.json")).unwrap();
    let mut prompt: Value = serde_json::from_slice(&text).unwrap();
    prompt["rule"] = json!({ "trait": { "of": "person", "name": "role", "test": { "is": [role] } } });
    prompt
}

/// What the facts say of the one thing that is asked.
fn verdict(answer: &Value) -> Value {
    let verdicts = answer["facts"]["verdicts"].as_array().unwrap();
    assert_eq!(verdicts.len(), 1, "{answer}");
    verdicts[0][1].clone()
}

/// What people see of somebody's traits: name, value, by whose word.
async fn traits(app: &TestApp, site: &Site, kind: &str, id: &str) -> Vec<String> {
    let known = app.running().app.sites.by_id(&site.id).unwrap();
    let page = collector::people::subject(&app.running().app, &known, kind, id, None).await.unwrap().unwrap();
    page.traits.iter().map(|one| format!("{} {} {:?}", one.name, one.value, one.word)).collect()
}

async fn doubtful(app: &TestApp, site: &Site, user: &str) -> usize {
    let known = app.running().app.sites.by_id(&site.id).unwrap();
    collector::people::subject(&app.running().app, &known, "person", user, None).await.unwrap().unwrap().unattributed
}
