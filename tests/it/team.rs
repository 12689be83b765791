//! The site's own people, who look at their prompts by a signed link: they are told why, and count nowhere.

use collector::ops::debug_link;
use harness::{Answer, Client, Site, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use crate::identity::{everything, group, identify, page, prompt, replays, said, site_with_journey, stages, track, v};

const HOUR: i64 = 3_600_000;

on_both! {
    async fn who_has_a_signed_link_is_told_why(app: TestApp) {
        let site = site_with_journey(&app).await;
        app.import(&site, &["examples/prompts"]).await;
        let (token, visitor) = (token(&app, &site).await, Visitor::random());
        let told = shown(&app, &site, visitor, Some(&token), json!([page()])).await.accepted().json();
        let inside = &told["facts"]["inside"];
        let rules = inside["rules"].as_array().unwrap_or_else(|| panic!("no rules in {told}"));
        let prompts = app.texts(&format!("select key from document where kind = 'prompt' and site_id = '{}'", site.id)).await;
        assert_eq!(rules.len(), prompts.len(), "of every prompt");
        assert!(told.to_string().contains("\"stage\""), "as they were written: {rules:?}");
        assert!(inside["known"].as_array().is_some_and(|known| known.iter().any(|leaf| leaf[2] == "awareness")), "what there is: {inside}");
        assert!(inside["about"].as_array().unwrap().contains(&json!(["Person", "not known"])), "{inside}");
        let other = site_with_journey(&app).await;
        let theirs = self::token(&app, &other).await;
        for not_good in [None, Some(""), Some("1.x"), Some(theirs.as_str())] {
            let told = shown(&app, &site, visitor, not_good, json!([page()])).await.accepted().json();
            assert_eq!(told["facts"]["inside"], Value::Null, "{not_good:?}");
        }
        app.advance(HOUR);
        let told = shown(&app, &site, visitor, Some(&token), json!([page(), track("Trial Started")])).await.accepted().json();
        assert_eq!(told["facts"]["inside"], Value::Null, "its hour is over");
        let sql = format!("select origin from event where name = 'Trial Started' and site_id = '{}'", site.id);
        assert_eq!(app.texts(&sql).await, ["team"], "and whoever has it is still no visitor");
    }

    async fn what_the_team_tries_out_counts_nowhere(app: TestApp) {
        let site = site_with_journey(&app).await;
        let (token, visitor) = (token(&app, &site).await, Visitor::random());
        let events = json!([page(), track("Trial Started"), prompt("offer", "shown"), prompt("offer", "dismissed"), identify("boss"), group("us")]);
        let told = shown(&app, &site, visitor, Some(&token), events).await.accepted().json();
        let capped = |told: &Value| told["facts"]["history"]["prompts"].as_array().map_or(0, Vec::len);
        assert_eq!(capped(&told), 1, "in the visit it is tried out in, caps hold");
        for other in [Visitor { session: event_id(), ..visitor }, Visitor { visitor: event_id(), ..visitor }] {
            let told = shown(&app, &site, other, Some(&token), json!([page()])).await.accepted().json();
            assert_eq!(capped(&told), 0, "in another one they do not");
        }
        let told = shown(&app, &site, visitor, Some(&token), json!([track("Caps Reset")])).await.accepted().json();
        assert_eq!(capped(&told), 0, "set aside");
        let stored = app.texts(&format!("select distinct origin from event where site_id = '{}'", site.id)).await;
        assert_eq!(stored, ["team"], "it is kept all the same");
        for subject in [&v(visitor), "p:boss", "a:us"] {
            assert_eq!(stages(&app, &site, subject).await, [""; 0], "{subject}");
        }
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let summary = collector::people::summary(&app.running().app, &known).await.unwrap();
        assert_eq!((summary.events_today, summary.visitors_today, summary.last_visit), (0, 0, None));
        let list = collector::people::list(&app.running().app, &known, &Default::default()).await.unwrap();
        assert!(list.rows.is_empty(), "nobody was here: {list:?}");
        let told = said(&app, &site, visitor, json!([page(), prompt("offer", "shown"), track("Caps Reset")])).await.accepted().json();
        assert_eq!(capped(&told), 1, "only there is anything set aside");
        // What the same browser does without the link counts as ever.
        said(&app, &site, visitor, json!([track("Trial Started")])).await.accepted();
        assert_eq!(stages(&app, &site, &v(visitor)).await, ["awareness", "evaluation"]);
        replays(&app, &site).await;
    }

    async fn who_is_named_in_a_preview_is_looked_at_and_not_touched(app: TestApp) {
        let site = site_with_journey(&app).await;
        app.import(&site, &["examples/prompts"]).await;
        let (token, customer, tried) = (token(&app, &site).await, Visitor::random(), Visitor::random());
        said(&app, &site, customer, json!([identify("ada"), group("quay"), prompt("offer", "shown")])).await.accepted();
        app.server_batch(&site.secret, json!([{ "type": "track", "name": "Trial Started", "user_id": "ada", "account_id": "quay" }])).await.accepted();
        app.advance(HOUR / 2);
        let before = everything(&app, &site).await;

        // As the page sees it when the customer is signed in there.
        let told = shown(&app, &site, tried, Some(&token), json!([page(), identify("ada"), group("elsewhere"), track("Subscription Started")])).await.accepted().json();
        let about = told["facts"]["inside"]["about"].clone();
        for known in [json!(["Person", "ada"]), json!(["Account", "quay"])] {
            assert!(about.as_array().unwrap().contains(&known), "{known} in {about}: a server's word goes first");
        }
        assert!(about.to_string().contains("Evaluation"), "{about}");
        assert_eq!(told["facts"]["history"]["prompts"][0][0], "offer", "their caps");
        // On the next page of the visit still; in another visit nobody has been named yet.
        let told = shown(&app, &site, tried, Some(&token), json!([page()])).await.accepted().json();
        assert!(told["facts"]["inside"]["about"].as_array().unwrap().contains(&json!(["Person", "ada"])), "{told}");
        let next = Visitor { session: event_id(), ..tried };
        let told = shown(&app, &site, next, Some(&token), json!([page()])).await.accepted().json();
        assert!(told["facts"]["inside"]["about"].as_array().unwrap().contains(&json!(["Person", "not known"])), "{told}");

        assert_eq!(everything(&app, &site).await, before, "nothing of the customer's has changed");
        let visitors = format!("select visitor from identity_edge where user_id = 'ada' and site_id = '{}' order by visitor", site.id);
        assert_eq!(app.texts(&visitors).await, [customer.visitor.to_string()], "nobody else was ada");
        let told = said(&app, &site, tried, json!([page()])).await.accepted().json();
        assert_eq!(told["facts"]["history"]["prompts"], json!([]), "and the browser is nobody's");
        replays(&app, &site).await;
        // The same said without a link makes them one person.
        let told = said(&app, &site, tried, json!([identify("ada")])).await.accepted().json();
        assert_eq!(told["facts"]["history"]["prompts"][0][0], "offer");
        assert_eq!(app.texts(&visitors).await.len(), 2);
    }

    async fn rules_hear_what_is_tried_out(app: TestApp) {
        let site = site_with_journey(&app).await;
        let rule = json!({ "all": [{ "event": { "name": "Demo Requested" } }, { "source": { "field": "campaign", "test": { "is": ["spring"] } } }] });
        let prompt = json!({ "key": "spring", "placement": "modal", "rule": rule,
            "content": { "community": { "heading": "Meet", "links": [{ "label": "Forum", "url": "/forum" }] } } });
        app.import_json(&site, &[("spring.json", prompt)]).await;
        let (token, visitor) = (token(&app, &site).await, Visitor::random());
        let mut view = page();
        view["url"] = json!("http://shop.test/?utm_campaign=spring&utm_source=letter");
        let holds = |told: &Value| told["facts"]["inside"]["known"].as_array().unwrap().iter().map(|leaf| leaf[1] == true).collect::<Vec<_>>();
        let told = shown(&app, &site, visitor, Some(&token), json!([view])).await.accepted().json();
        assert_eq!(holds(&told), [false, true], "{told}");
        let told = shown(&app, &site, visitor, Some(&token), json!([track("Demo Requested")])).await.accepted().json();
        assert_eq!(holds(&told), [true, true], "{told}");
        let told = said(&app, &site, visitor, json!([page()])).await.accepted().json();
        assert_eq!(told["facts"]["verdicts"][0][1], false, "for the visitor nothing of it has happened: {told}");
    }
}

/// The token of a link that the program makes.
pub(crate) async fn token(app: &TestApp, site: &Site) -> String {
    let (running, clock) = (app.running(), collector::Clock::set_to(app.now()));
    let link = debug_link(&running.app.config, &clock, &site.key, "http://shop.test/pricing").await.unwrap();
    running.app.sites.refresh(&running.app.db).await.unwrap();
    link.strip_prefix("http://shop.test/pricing#wm_debug=").unwrap_or_else(|| panic!("{link}")).to_owned()
}

/// As [`said`], from a page that was opened by a link.
pub(crate) async fn shown(app: &TestApp, site: &Site, visitor: Visitor, token: Option<&str>, events: Value) -> Answer {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session, "debug": token,
        "sent_at": app.now().0, "events": events });
    let request = app.request(Method::POST, "/v1/visit").header(ORIGIN, &site.origin).body(batch.to_string());
    Client::try_send(app, request).await.unwrap()
}
