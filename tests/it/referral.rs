//! Who brought whom: the code of a person's link, and the event that the person gets once somebody new has come by it.

use harness::{Answer, Site, TestApp, Visitor, event_id, on_both};
use serde_json::{Value, json};

use crate::identity::{at, group, identify, page, replays, said, site_with_journey, track, v};

const HOUR: i64 = 3_600_000;

on_both! {
    async fn a_person_has_a_code_where_a_prompt_gives_links(app: TestApp) {
        let site = site_with_journey(&app).await;
        let (ann, bob) = (Visitor::random(), Visitor::random());
        let before = said(&app, &site, ann, json!([identify("ann")])).await.accepted();
        assert_eq!(before.json()["facts"]["referral"], Value::Null, "nobody needs one");
        app.import_json(&site, &[("refer.json", refer())]).await;
        let code = code_of(&said(&app, &site, ann, json!([page()])).await.accepted());
        assert!(code.len() == 20 && code.bytes().all(|byte| byte.is_ascii_hexdigit()), "{code}");
        assert_eq!(code_of(&said(&app, &site, ann, json!([page()])).await.accepted()), code, "it stays");
        let elsewhere = said(&app, &site, Visitor::random(), json!([identify("ann")])).await.accepted();
        assert_eq!(code_of(&elsewhere), code, "it is the person's");
        assert_ne!(code_of(&said(&app, &site, bob, json!([identify("bob")])).await.accepted()), code);
        let other = site_with_journey(&app).await;
        app.import_json(&other, &[("refer.json", refer())]).await;
        assert_ne!(code_of(&said(&app, &other, ann, json!([identify("ann")])).await.accepted()), code, "on each site another one");
    }

    async fn whoever_brings_somebody_new_is_credited_once(app: TestApp) {
        let (site, code) = site_with_code(&app).await;
        let friend = Visitor::random();
        said(&app, &site, friend, json!([arrive(&code)])).await.accepted();
        assert_eq!(given(&app, &site).await, [""; 0], "nobody has come of it yet");
        app.advance(HOUR);
        said(&app, &site, friend, json!([identify("friend")])).await.accepted();
        let line = format!("p:ann job {} {}", app.now().0, r#"{"referred":"friend"}"#);
        assert_eq!(given(&app, &site).await, [line.as_str()]);
        app.advance(HOUR);
        // Again, and by other ways.
        said(&app, &site, friend, json!([arrive(&code), identify("friend"), track("Signed Up")])).await.accepted();
        said(&app, &site, Visitor::random(), json!([arrive(&code), identify("friend"), track("Signed Up")])).await.accepted();
        app.server_batch(&site.secret, json!([{ "type": "track", "name": "Signed Up", "user_id": "friend" }])).await.accepted();
        assert_eq!(given(&app, &site).await, [line.as_str()]);
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let ann = collector::people::subject(&app.running().app, &known, "person", "ann", None).await.unwrap().unwrap();
        assert!(ann.timeline.iter().any(|entry| entry.name == "Referral Given" && entry.trusted), "it is part of her story");
        replays(&app, &site).await;
    }

    async fn nobody_is_credited_for_themselves_or_for_those_who_were_there(app: TestApp) {
        let (site, code) = site_with_code(&app).await;
        let (hers, theirs, unknown) = (Visitor::random(), Visitor::random(), Visitor::random());
        said(&app, &site, hers, json!([arrive(&code), track("Signed Up")])).await.accepted();
        app.advance(HOUR);
        // What she did before she said who she is has been hers.
        app.server_batch(&site.secret, json!([{ "type": "identify", "user_id": "old", "traits": { "a": 1 } }])).await.accepted();
        app.advance(HOUR);
        said(&app, &site, theirs, json!([arrive(&code)])).await.accepted();
        app.advance(HOUR);
        said(&app, &site, theirs, json!([identify("old")])).await.accepted();
        said(&app, &site, unknown, json!([arrive("0123456789abcdef0123"), arrive("x"), identify("new")])).await.accepted();
        let credited = given(&app, &site).await;
        assert_eq!(credited.len(), 1, "{credited:?}");
        assert!(credited[0].contains(&hers.visitor.to_string()), "somebody nobody knows has signed up: {credited:?}");
        said(&app, &site, theirs, json!([track("Signed Up")])).await.accepted();
        assert_eq!(given(&app, &site).await.len(), 2, "who was known may sign up still");

        let (own, code) = site_with_code(&app).await;
        let tablet = Visitor::random();
        said(&app, &own, tablet, json!([arrive(&code)])).await.accepted();
        said(&app, &own, tablet, json!([identify("ann"), track("Signed Up")])).await.accepted();
        assert_eq!(given(&app, &own).await, [""; 0], "for herself");
        replays(&app, &own).await;
    }

    async fn in_which_order_it_is_learned_does_not_matter(app: TestApp) {
        let begin = app.now().0;
        app.advance(48 * HOUR);
        for (index, order) in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].into_iter().enumerate() {
            let (site, code) = site_with_code(&app).await;
            let friend = Visitor::random();
            let sign_up = json!({ "id": event_id(), "at": begin + 3 * HOUR, "type": "track", "name": "Signed Up", "user_id": "friend" });
            for what in order {
                match what {
                    0 => said(&app, &site, friend, json!([at(arrive(&code), begin + HOUR)])).await.accepted(),
                    1 => said(&app, &site, friend, json!([at(identify("friend"), begin + 2 * HOUR), group("theirs")])).await.accepted(),
                    _ => app.server_batch(&site.secret, json!([sign_up])).await.accepted(),
                };
            }
            let credited = given(&app, &site).await;
            assert_eq!(credited.len(), 1, "order {index}: {credited:?}");
            assert!(credited[0].starts_with("p:ann job"), "order {index}: {credited:?}");
            replays(&app, &site).await;
        }
    }

    async fn a_site_says_what_signing_up_is_called(app: TestApp) {
        let (site, code) = site_with_code(&app).await;
        app.import_json(&site, &[("site.json", json!({ "page_groups": [], "referral": { "event": "Trial Started" } }))]).await;
        app.running().app.sites.refresh(&app.running().app.db).await.unwrap();
        let friend = Visitor::random();
        said(&app, &site, friend, json!([arrive(&code), track("Signed Up")])).await.accepted();
        assert_eq!(given(&app, &site).await, [""; 0]);
        said(&app, &site, friend, json!([track("Trial Started")])).await.accepted();
        assert_eq!(given(&app, &site).await.len(), 1);
    }

    async fn the_link_of_a_stranger_is_that_of_the_person_it_turns_out_to_be(app: TestApp) {
        let site = site_with_journey(&app).await;
        app.import_json(&site, &[("refer.json", refer())]).await;
        let (stranger, friend) = (Visitor::random(), Visitor::random());
        let code = code_of(&said(&app, &site, stranger, json!([page()])).await.accepted());
        app.advance(HOUR);
        said(&app, &site, friend, json!([arrive(&code), track("Signed Up")])).await.accepted();
        let credited = given(&app, &site).await;
        assert!(credited.len() == 1 && credited[0].starts_with(&v(stranger)), "{credited:?}");
        app.advance(HOUR);
        said(&app, &site, stranger, json!([identify("ann")])).await.accepted();
        let known = app.running().app.sites.by_id(&site.id).unwrap();
        let ann = collector::people::subject(&app.running().app, &known, "person", "ann", None).await.unwrap().unwrap();
        assert!(ann.timeline.iter().any(|entry| entry.name == "Referral Given"));
        replays(&app, &site).await;
    }
}

/// A site where ann has a link; her code.
async fn site_with_code(app: &TestApp) -> (Site, String) {
    let site = site_with_journey(app).await;
    app.import_json(&site, &[("refer.json", refer())]).await;
    let code = code_of(&said(app, &site, Visitor::random(), json!([identify("ann")])).await.accepted());
    (site, code)
}

fn refer() -> Value {
    json!({ "key": "refer", "placement": "modal", "content": { "referral": { "heading": "Tell others", "url": "https://shop.test/" } } })
}

fn arrive(code: &str) -> Value {
    json!({ "id": event_id(), "type": "page", "url": format!("http://shop.test/?wm_ref={code}&a=1") })
}

fn code_of(answer: &Answer) -> String {
    answer.json()["facts"]["referral"].as_str().unwrap_or_else(|| panic!("no code in {}", answer.text)).to_owned()
}

/// Who was credited, by whom, when, for whom.
async fn given(app: &TestApp, site: &Site) -> Vec<String> {
    let columns = "subject || ' ' || origin || ' ' || cast(at as text) || ' ' || props";
    app.texts(&format!(
        "select {columns} from event where site_id = '{}' and name = 'Referral Given' order by at",
        site.id
    ))
    .await
}
