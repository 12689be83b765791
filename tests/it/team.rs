//! The site's own people, who look at their prompts by a signed link: they are told why, and count nowhere.

use collector::ops::debug_link;
use harness::{Answer, Client, Site, TestApp, Visitor, on_both};
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use crate::identity::{group, identify, page, prompt, replays, said, site_with_journey, stages, track, v};

const HOUR: i64 = 3_600_000;

on_both! {
    async fn who_has_a_signed_link_is_told_why(app: TestApp) {
        let site = site_with_journey(&app).await;
        app.import(&site, &["examples/prompts"]).await;
        let (token, visitor) = (token(&app, &site).await, Visitor::random());
        let told = shown(&app, &site, visitor, Some(&token), json!([page()])).await.accepted().json();
        let why = told["why"].as_array().unwrap_or_else(|| panic!("no reasons in {told}"));
        let prompts = app.texts(&format!("select key from document where kind = 'prompt' and site_id = '{}'", site.id)).await;
        assert_eq!(why.len(), prompts.len(), "of every prompt");
        assert!(why.iter().all(|one| one["words"].as_str().is_some_and(|words| words.ends_with('.'))), "{told}");
        let other = site_with_journey(&app).await;
        let theirs = self::token(&app, &other).await;
        for not_good in [None, Some(""), Some("1.x"), Some(theirs.as_str())] {
            let told = shown(&app, &site, visitor, not_good, json!([page()])).await.accepted().json();
            assert_eq!(told["why"], Value::Null, "{not_good:?}");
        }
        app.advance(HOUR);
        let told = shown(&app, &site, visitor, Some(&token), json!([page()])).await.accepted().json();
        assert_eq!(told["why"], Value::Null, "its hour is over");
    }

    async fn what_the_team_tries_out_counts_nowhere(app: TestApp) {
        let site = site_with_journey(&app).await;
        let (token, visitor) = (token(&app, &site).await, Visitor::random());
        let events = json!([page(), track("Trial Started"), prompt("offer", "shown"), prompt("offer", "dismissed"), identify("boss"), group("us")]);
        let told = shown(&app, &site, visitor, Some(&token), events).await.accepted().json();
        assert_eq!(told["facts"]["history"]["prompts"].as_array().map_or(0, Vec::len), 0, "no cap");
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
        // What the same browser does without the link counts as ever.
        said(&app, &site, visitor, json!([track("Trial Started")])).await.accepted();
        assert_eq!(stages(&app, &site, &v(visitor)).await, ["awareness", "evaluation"]);
        replays(&app, &site).await;
    }
}

/// The token of a link that the program makes.
async fn token(app: &TestApp, site: &Site) -> String {
    let (running, clock) = (app.running(), collector::Clock::set_to(app.now()));
    let link = debug_link(&running.app.config, &clock, &site.key, "http://shop.test/pricing").await.unwrap();
    running.app.sites.refresh(&running.app.db).await.unwrap();
    link.strip_prefix("http://shop.test/pricing#wm_debug=").unwrap_or_else(|| panic!("{link}")).to_owned()
}

/// As [`said`], from a page that was opened by a link.
async fn shown(app: &TestApp, site: &Site, visitor: Visitor, token: Option<&str>, events: Value) -> Answer {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session, "debug": token,
        "sent_at": app.now().0, "events": events });
    let request = app.request(Method::POST, "/v1/visit").header(ORIGIN, &site.origin).body(batch.to_string());
    Client::try_send(app, request).await.unwrap()
}
