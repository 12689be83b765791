//! What became of prompts: exact numbers from scripted visitors, what they answered, and how it leaves as a file.

use std::collections::BTreeMap;

use collector::auth::Role;
use collector::journey::wake;
use collector::results::days::{Days, Period};
use collector::results::figures::{Best, best, of_prompt, overview};
use collector::results::responses::{self, Query};
use collector::results::{Deed, scores::Scored};
use collector::store;
use harness::poll::until;
use harness::{Answer, Site, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use serde_json::{Value, json};

use crate::identity::{at, identify, orders, page, prompt, said};
use crate::team::{shown, token};

const DAY: i64 = 86_400_000;

on_both! {
    async fn everybody_counts_once_whatever_they_came_by(app: TestApp) {
        let site = site_with_prompts(&app).await;
        let [phone, laptop, stranger, shared] = [(); 4].map(|()| Visitor::random());
        // Somebody on two browsers, seen before it is known that they are one.
        for (visitor, events) in [
            (phone, json!([page(), prompt("offer", "shown"), prompt("offer", "viewed")])),
            (laptop, json!([prompt("offer", "shown"), prompt("offer", "clicked"), prompt("offer", "clicked")])),
            (stranger, json!([prompt("offer", "shown"), prompt("offer", "dismissed"), prompt("offer", "shown")])),
        ] {
            said(&app, &site, visitor, events).await.accepted();
        }
        assert_eq!(counted(&app, &site, 1).await["offer"], "shown 3, viewed 1, engaged 1, dismissed 1");
        for visitor in [phone, laptop] {
            said(&app, &site, visitor, json!([identify("ada")])).await.accepted();
        }
        assert_eq!(counted(&app, &site, 1).await["offer"], "shown 2, viewed 1, engaged 1, dismissed 1");
        // One browser, two people: never glued together.
        said(&app, &site, shared, json!([identify("bob"), prompt("offer", "shown")])).await.accepted();
        app.advance(1000);
        said(&app, &site, shared, json!([identify("cy"), prompt("offer", "shown"), prompt("offer", "snoozed")])).await.accepted();
        assert_eq!(counted(&app, &site, 1).await["offer"], "shown 4, viewed 1, engaged 1, dismissed 1, snoozed 1");
        // The team's own are nobody.
        let token = token(&app, &site).await;
        shown(&app, &site, Visitor::random(), Some(&token), json!([prompt("offer", "shown")])).await.accepted();
        assert_eq!(counted(&app, &site, 1).await["offer"], "shown 4, viewed 1, engaged 1, dismissed 1, snoozed 1");

        // Who comes again counts once in every period that holds one of those days.
        app.advance(10 * DAY);
        said(&app, &site, stranger, json!([prompt("offer", "shown"), prompt("offer", "converted")])).await.accepted();
        assert_eq!(counted(&app, &site, 1).await["offer"], "shown 1, converted 1");
        assert_eq!(counted(&app, &site, 7).await["offer"], "shown 1, converted 1");
        assert_eq!(counted(&app, &site, 30).await["offer"], "shown 4, viewed 1, engaged 1, converted 1, dismissed 1, snoozed 1");
        assert_eq!(ended(&app, &site, 10, 30).await["offer"], "shown 4, viewed 1, engaged 1, dismissed 1, snoozed 1", "as it was then");
        assert_eq!(ended(&app, &site, 11, 30).await.get("offer").map_or("", String::as_str), "", "and before");
        folds_the_same(&app, &site).await;
    }

    async fn numbers_do_not_depend_on_the_order_in_which_events_come(app: TestApp) {
        let start = app.now().0;
        let mut expected: Option<(String, String)> = None;
        for order in orders(7).into_iter().take(8) {
            let site = site_with_prompts(&app).await;
            let visitors = [Visitor::random(), Visitor::random()];
            let response = event_id().to_string();
            let story = [
                (0, at(prompt("nps", "shown"), start - 6 * DAY)),
                (0, at(answer("nps", "NPS Answered", json!({ "score": 3, "response": response })), start - 5 * DAY)),
                (0, at(answer("nps", "NPS Answered", json!({ "score": 9, "response": response, "comment": "Fine" })), start - 4 * DAY)),
                (0, at(identify("ada"), start - 3 * DAY)),
                (1, at(prompt("nps", "shown"), start - 2 * DAY)),
                (1, at(identify("ada"), start - DAY)),
                (1, at(prompt("nps", "viewed"), start - 1000)),
            ];
            for place in &order {
                let (who, event) = &story[*place];
                said(&app, &site, visitors[*who], json!([event])).await.accepted();
            }
            let numbers = counted(&app, &site, 7).await["nps"].clone();
            let answers = list(&app, &site, |_| {}).await.rows.into_iter().map(|row| format!("{} {:?} {}", row.who.id, row.score, row.said.len()));
            let found = (numbers, answers.collect::<Vec<_>>().join("; "));
            assert_eq!(found, expected.get_or_insert(("shown 1, viewed 1, engaged 1, answered 1".into(), "ada Some(9) 2".into())).clone(), "{order:?}");
            folds_the_same(&app, &site).await;
        }
    }

    async fn scores_come_to_what_the_formulas_say(app: TestApp) {
        let site = site_with_prompts(&app).await;
        let people = |scores: &[(u8, usize)]| -> Vec<u8> {
            scores.iter().flat_map(|(score, times)| vec![*score; *times]).collect()
        };
        let earlier = people(&[(6, 18), (7, 25), (9, 57)]);
        for (place, score) in earlier.iter().enumerate() {
            // Said before, and said otherwise since: the latest counts.
            answers(&app, &site, &format!("u{place}"), "nps", json!({ "score": 10 - score }), app.now().0 - 2 * DAY).await;
        }
        for (place, score) in earlier.iter().enumerate() {
            answers(&app, &site, &format!("u{place}"), "nps", json!({ "score": score }), app.now().0).await;
        }
        let cookie = app.signed_in("root@shop.test", &[]).await;
        let text = read(&app, &site, &cookie, "/results/prompts/nps?days=7").await;
        for part in ["39", "Between", "<strong>23</strong>", "<strong>53</strong>", "Promoters 57, passives 25, detractors 18", "Nothing to compare with"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(scored(&app, &site, 7).await.n(), 100, "each person once");
        app.advance(7 * DAY);
        let cookie = app.signed_in("again@shop.test", &[]).await;
        for (place, score) in people(&[(6, 19), (7, 27), (9, 74)]).iter().enumerate() {
            answers(&app, &site, &format!("w{place}"), "nps", json!({ "score": score }), app.now().0).await;
        }
        let text = read(&app, &site, &cookie, "/results/prompts/nps?days=7").await;
        for part in ["46", "No detectable change since the 7 days before", "+6.8", "p = 0.51"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // Under ten there is no number.
        for place in 0..9 {
            let props = json!({ "score": 5, "kind": "csat", "question": "how", "band": "satisfied" });
            answers(&app, &site, &format!("c{place}"), "care", props, app.now().0).await;
        }
        let text = read(&app, &site, &cookie, "/results/prompts/care?days=7").await;
        assert!(text.contains("Not enough data: 9 of 10 answers") && !text.contains("100.0 %"), "{text}");
        answers(&app, &site, "c9", "care", json!({ "score": 2, "kind": "csat", "question": "how" }), app.now().0).await;
        let text = read(&app, &site, &cookie, "/results/prompts/care?days=7").await;
        assert!(text.contains("90.0 %") && text.contains("“How satisfied are you?”"), "{text}");
        // What nobody can have answered is no score.
        for wrong in [json!({ "score": 11 }), json!({ "score": 4.5 }), json!({ "score": "9" }), json!({ "score": 6, "kind": "csat" })] {
            answers(&app, &site, "liar", "nps", wrong, app.now().0).await;
        }
        assert_eq!(scored(&app, &site, 7).await.n(), 120);
    }

    async fn versions_are_compared_and_none_wins_by_chance(app: TestApp) {
        let site = site_with_prompts(&app).await;
        let seen = |variant: &str, answers: bool| {
            let mut shown = prompt("offer", "shown");
            shown["props"] = json!({ "variant": variant });
            if answers { json!([prompt("offer", "converted"), shown]) } else { json!([shown]) }
        };
        for place in 0..40 {
            let who = Visitor::random();
            let (variant, does) = if place % 2 == 0 { ("a", place < 4) } else { ("b", place < 30) };
            said(&app, &site, who, seen(variant, does)).await.accepted();
        }
        let known = known(&app, &site);
        let figures = of_prompt(&app.running().app, &known, "offer", period(&app, 1)).await.unwrap().unwrap();
        let numbers: Vec<_> = figures.variants.iter().map(|one| (one.key.as_str(), one.counts.of(Deed::Shown), one.counts.of(Deed::Converted))).collect();
        assert_eq!(numbers, [("a", 20, 2), ("b", 20, 15)]);
        assert!(matches!(best(&figures.variants, Deed::Converted), Best::One(1, _)));
        assert_eq!(best(&figures.variants, Deed::Answered), Best::Nobody);
        let cookie = app.signed_in("root@shop.test", &[]).await;
        let text = read(&app, &site, &cookie, "/results/prompts/offer").await;
        assert!(text.contains("<strong>b</strong> does better than each other version"), "{text}");
        assert!(!text.contains("no detectable difference"), "of what nobody can do with a link nothing is said: {text}");
        folds_the_same(&app, &site).await;
    }

    async fn each_filter_finds_what_it_says(app: TestApp) {
        let site = site_with_prompts(&app).await;
        let now = app.now().0;
        for (user, key, props, ago) in [
            ("ada", "nps", json!({ "score": 3, "comment": "The Bank matching is SLOW" }), 0),
            ("bob", "nps", json!({ "score": 9, "comment": "Quick as a bank" }), 1),
            ("cy", "nps", json!({ "score": 8 }), 2),
            ("dan", "nps", json!({ "score": 2, "comment": "100% slow_er" }), 20),
            ("eve", "care", json!({ "question": "why", "kind": "single", "choice": "price" }), 0),
            ("fay", "care", json!({ "question": "why", "kind": "single", "choice": "other", "other": "The bank" }), 0),
        ] {
            answers(&app, &site, user, key, props, now - ago * DAY).await;
        }
        let cookie = app.signed_in("root@shop.test", &[]).await;
        let ids = async |change: fn(&mut Query)| {
            let mut who: Vec<String> = list(&app, &site, change).await.rows.into_iter().map(|row| row.who.id).collect();
            who.sort();
            who.join(" ")
        };
        assert_eq!(ids(|_| {}).await, "ada bob cy eve fay", "seven days of all prompts");
        assert_eq!(ids(|query| query.prompt = "nps".into()).await, "ada bob cy");
        assert_eq!(ids(|query| query.period.from -= 30).await, "ada bob cy dan eve fay");
        assert_eq!(ids(|query| query.band = "detractor".into()).await, "ada");
        assert_eq!(ids(|query| query.search = "bank".into()).await, "ada bob fay", "in any case of letters");
        assert_eq!(ids(|query| query.search = "SLOW bank".into()).await, "ada", "all of the words");
        assert_eq!(ids(|query| { query.search = "100% _".into(); query.period.from -= 30; }).await, "dan", "no letter is a pattern");
        assert_eq!(ids(|query| query.tag = "price".into()).await, "");

        let text = read(&app, &site, &cookie, "/results/prompts/care/responses").await;
        for part in ["What is the reason?", "The price", "Something else", "The bank", "/people/person/fay"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let text = read(&app, &site, &cookie, "/results/responses?band=promoter&q=quick").await;
        assert!(text.contains("Quick as a bank") && !text.contains("SLOW"), "{text}");
        assert!(read(&app, &site, &cookie, "/results/responses?q=nowhere").await.contains("No answer is like that"));
        let chosen = get(&app, &site, &cookie, "/results/responses?days=90&prompt=care&band=promoter").await;
        assert!(chosen.text.contains("Responses to care") && !chosen.text.contains("/people/person/ada"), "{}", chosen.text);
        assert_eq!(get(&app, &site, &cookie, "/results/prompts/no_such_prompt").await.status, 404);
        assert_eq!(get(&app, &site, &cookie, "/results/prompts/no_such_prompt/responses").await.status, 404);
    }

    async fn a_prompt_may_have_any_key(app: TestApp) {
        let site = app.site().await;
        let cookie = app.signed_in("ina@shop.test", &[(&site, Role::Marketer)]).await;
        for key in ["responses", "tags", "new", "prompts", "export", "templates"] {
            let nps = json!({ "key": key, "name": format!("It is {key}"), "placement": "modal", "content": { "nps": { "question": "?" } } });
            app.import_json(&site, &[("one.json", nps)]).await;
            for page in ["/prompts/{key}", "/results/prompts/{key}", "/results/prompts/{key}/responses"] {
                let text = read(&app, &site, &cookie, &page.replace("{key}", key)).await;
                assert!(text.contains(&format!("It is {key}</h1>")) || text.contains(&format!("Responses to It is {key}</h1>")), "{page} of {key}");
            }
        }
    }

    async fn members_tag_what_people_said_and_viewers_read(app: TestApp) {
        let site = site_with_prompts(&app).await;
        answers(&app, &site, "ada", "nps", json!({ "score": 3, "comment": "Slow" }), app.now().0).await;
        answers(&app, &site, "bob", "nps", json!({ "score": 9 }), app.now().0).await;
        let of = async |user: &str| list(&app, &site, |_| {}).await.rows.into_iter().find(|row| row.who.id == user).unwrap();
        let ada = of("ada").await;
        let back = format!("/s/{}/results/responses", site.id);
        let tag = async |cookie: &str, response: &str, tag: &str, does: &str| {
            let fields = format!("prompt=nps&response={response}&tag={tag}&does={does}&back={back}");
            posted(&app, &format!("/s/{}/results/tags", site.id), cookie, &fields).await
        };
        let viewer = app.signed_in("vic@shop.test", &[(&site, Role::Viewer)]).await;
        assert_eq!(tag(&viewer, &ada.id, "price", "").await.status, 403);
        let text = read(&app, &site, &viewer, "/results/responses").await;
        assert!(text.contains("Slow") && !text.contains("New tag"), "reads, and is offered nothing else: {text}");
        for (role, word) in [(Role::Marketer, "Too+Slow+"), (Role::Csm, "call")] {
            let cookie = app.signed_in(&format!("{}@shop.test", role.name()), &[(&site, role)]).await;
            let answer = tag(&cookie, &ada.id, word, "").await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(back.as_str())), "{answer:?}");
        }
        assert_eq!(of("ada").await.tags, ["call", "too slow"]);
        let tagged = list(&app, &site, |query| query.tag = "Too slow".into()).await;
        assert_eq!(tagged.rows.iter().map(|row| row.who.id.as_str()).collect::<Vec<_>>(), ["ada"]);
        let cookie = app.signed_in("root@shop.test", &[]).await;
        assert_eq!(tag(&cookie, &event_id().to_string(), "x", "").await.status, 404);
        assert_eq!(tag(&cookie, &ada.id, "+", "").await.status, 404, "nothing is no tag");
        // A tag outlives folding anew.
        folds_the_same(&app, &site).await;
        assert_eq!(of("ada").await.tags, ["call", "too slow"]);
        tag(&cookie, &ada.id, "call", "remove").await;
        assert_eq!(of("ada").await.tags, ["too slow"]);
        let elsewhere = posted(&app, &format!("/s/{}/results/tags", site.id), &cookie, &format!("prompt=nps&response={}&tag=x&back=https://evil.example", ada.id)).await;
        assert_eq!(elsewhere.header("location"), Some("/"));
    }

    async fn all_that_a_filter_finds_leaves_as_a_file(app: TestApp) {
        let site = site_with_prompts(&app).await;
        let now = app.now().0;
        let mut events = Vec::new();
        for place in 0..1203 {
            // Many within the same millisecond: the cursor goes by the id too.
            let props = json!({ "score": place % 11, "comment": if place == 7 { "\"quoted\", and\nmore" } else { "plain" }, "response": event_id() });
            events.push(answered(&format!("u{place}"), "nps", props, now - i64::from(place) / 100));
        }
        events.push(answered("=cmd|' /C calc'!A0", "nps", json!({ "score": 1, "comment": "@evil" }), now));
        for slice in events.chunks(100) {
            app.server_batch(&site.secret, json!(slice)).await.accepted();
        }
        let cookie = app.signed_in("root@shop.test", &[]).await;
        // Page by page.
        let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let found = list(&app, &site, |query| query.after.clone_from(&after)).await;
            seen.extend(found.rows.into_iter().map(|row| row.id));
            pages += 1;
            match found.next { Some(next) => after = next, None => break }
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((all, seen.len(), pages), (1204, 1204, 25), "each once");

        let file = get(&app, &site, &cookie, "/results/prompts/nps/responses/export?format=ndjson&days=7").await;
        assert_eq!(file.header("content-type"), Some("application/x-ndjson"));
        assert!(file.header("content-disposition").unwrap().contains("responses-nps.ndjson"));
        let lines: Vec<Value> = file.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 1204);
        let quoted = lines.iter().find(|line| line["who"]["id"] == "u7").unwrap();
        assert_eq!((&quoted["score"], &quoted["band"], &quoted["answers"][1]["answer"]), (&json!(7), &json!("passive"), &json!("\"quoted\", and\nmore")));

        let file = get(&app, &site, &cookie, "/results/responses/export?format=csv&days=7&band=detractor").await;
        assert_eq!(file.text.matches("\r\n").count(), 1 + 1203 / 11 * 7 + 4 + 1, "the head, those of 0 to 6, and one more");
        assert!(file.text.contains("\"'=cmd|' /C calc'!A0\""), "no spreadsheet calculates it");
        assert!(!file.text.contains(",\"=cmd"));
        assert!(file.text.starts_with("\"at\",\"prompt\""));
    }

    async fn days_are_those_of_the_site(app: TestApp) {
        let site = site_with_prompts(&app).await;
        // 23:30 in UTC on the 7th is the 8th in Berlin.
        let late = app.now().0 - 12 * 3_600_000 - 1_800_000;
        said(&app, &site, Visitor::random(), json!([at(prompt("offer", "shown"), late)])).await.accepted();
        assert_eq!(counted(&app, &site, 1).await.get("offer").map_or("", String::as_str), "");
        let cookie = app.signed_in("root@shop.test", &[]).await;
        let saved = posted(&app, &format!("/s/{}/settings", site.id), &cookie, "name=Test&timezone=Europe/Berlin&currency=EUR").await;
        assert_eq!(saved.status, 303, "{saved:?}");
        app.running().app.sites.refresh(&app.running().app.db).await.unwrap();
        woken(&app).await;
        assert_eq!(counted(&app, &site, 1).await["offer"], "shown 1");
        folds_the_same(&app, &site).await;
    }
}

async fn site_with_prompts(app: &TestApp) -> Site {
    let site = app.site().await;
    let nps = json!({ "key": "nps", "placement": "modal", "content": { "nps": { "question": "Would you recommend us?",
        "follow_up": { "question": "Why this score?" } } } });
    let options = json!([{ "id": "price", "label": "The price" }, { "id": "speed", "label": "The speed" }]);
    let care = json!({ "key": "care", "placement": "modal", "content": { "survey": { "questions": [
        { "id": "how", "text": "How satisfied are you?", "ask": { "csat": {} } },
        { "id": "why", "text": "What is the reason?", "ask": { "single": { "options": options, "other": "Something else" } } } ] } } });
    let offer = json!({ "key": "offer", "name": "Spring", "placement": "modal",
        "content": { "community": { "heading": "Meet", "links": [{ "label": "Forum", "url": "/forum" }] } } });
    app.import_json(&site, &[("nps.json", nps), ("care.json", care), ("offer.json", offer)]).await;
    site
}

fn known(app: &TestApp, site: &Site) -> std::sync::Arc<collector::sites::Site> {
    app.running().app.sites.by_id(&site.id).unwrap()
}

/// So many days up to today, where the site is.
fn period(app: &TestApp, days: i64) -> Period {
    let site = app.running().app.sites.all().into_iter().map(|site| site.timezone.clone()).find(|zone| zone != "UTC");
    Period::last(days, Days::of(site.as_deref().unwrap_or("UTC")).day(app.now()))
}

/// The numbers of each prompt that has some, in words.
async fn counted(app: &TestApp, site: &Site, days: i64) -> BTreeMap<String, String> {
    numbers(app, site, period(app, days)).await
}

/// The same of a period that ended so many days ago.
async fn ended(app: &TestApp, site: &Site, ago: i64, days: i64) -> BTreeMap<String, String> {
    numbers(app, site, Period::last(days, period(app, 1).to - ago)).await
}

async fn numbers(app: &TestApp, site: &Site, period: Period) -> BTreeMap<String, String> {
    let lines = overview(&app.running().app, &known(app, site), period).await.unwrap();
    let words = |line: &collector::results::figures::Line| {
        let words = Deed::ALL.into_iter().filter(|deed| line.counts.of(*deed) != 0);
        words.map(|deed| format!("{} {}", deed.name(), line.counts.of(deed))).collect::<Vec<_>>().join(", ")
    };
    lines.into_iter().map(|line| (line.key.clone(), words(&line))).collect()
}

async fn scored(app: &TestApp, site: &Site, days: i64) -> Scored {
    let figures = of_prompt(&app.running().app, &known(app, site), "nps", period(app, days)).await.unwrap().unwrap();
    figures.scores[0].clone()
}

/// The responses of the last seven days, but for what a test asks otherwise.
async fn list(app: &TestApp, site: &Site, change: impl FnOnce(&mut Query)) -> responses::Found {
    let text = String::new;
    let mut query =
        Query { prompt: text(), period: period(app, 7), band: text(), tag: text(), search: text(), after: text() };
    change(&mut query);
    responses::list(&app.running().app, &known(app, site), &query).await.unwrap()
}

/// What is kept is what the log gives: the tally and the responses, folded anew.
pub async fn folds_the_same(app: &TestApp, site: &Site) {
    let before = kept(app, site).await;
    let mut tx = app.running().app.db.begin().await.unwrap();
    store::results::unsettle(&mut tx.conn(), &site.id).await.unwrap();
    tx.commit().await.unwrap();
    woken(app).await;
    assert!(!before.is_empty());
    assert_eq!(kept(app, site).await, before);
}

/// Everybody who has to be counted anew has been: by this test, or by the collector that was at it already.
pub async fn woken(app: &TestApp) {
    let mut settled = wake::Settled::default();
    until("everybody to be counted", async || {
        while wake::due(&app.running().app, &mut settled).await.unwrap() {}
        let due = app.texts("select person from acts_due").await;
        if due.is_empty() { Ok(()) } else { Err(due.join(", ")) }
    })
    .await;
}

async fn kept(app: &TestApp, site: &Site) -> Vec<String> {
    let tally = "select prompt || ' ' || variant || ' ' || what || ' ' || cast(day as text) || ' ' || cast(next_day as text) || ': ' || cast(people as text)
        from prompt_tally where people <> 0 and";
    let mut all = app.texts(&format!("{tally} site_id = '{}'", site.id)).await;
    let answers = "select person || ' ' || prompt || ' ' || id || ' ' || band || ' ' || answers from response where";
    all.extend(app.texts(&format!("{answers} site_id = '{}'", site.id)).await);
    all.sort();
    all
}

fn answer(key: &str, name: &str, props: Value) -> Value {
    let mut event = prompt(key, "answered");
    event["name"] = json!(name);
    event["props"] = props;
    event
}

/// The same as a server says it of somebody.
fn answered(user: &str, key: &str, props: Value, at: i64) -> Value {
    json!({ "id": event_id(), "at": at, "type": "prompt", "prompt": key, "action": "answered", "user_id": user, "props": props })
}

async fn answers(app: &TestApp, site: &Site, user: &str, key: &str, props: Value, at: i64) {
    app.server_batch(&site.secret, json!([answered(user, key, props, at)])).await.accepted();
}

async fn get(app: &TestApp, site: &Site, cookie: &str, path: &str) -> Answer {
    let request = app.request(Method::GET, &format!("/s/{}{path}", site.id)).header(COOKIE, cookie);
    app.try_send(request).await.unwrap()
}

/// A page that opens.
async fn read(app: &TestApp, site: &Site, cookie: &str, path: &str) -> String {
    let answer = get(app, site, cookie, path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.text
}

/// A form; no redirect is followed.
async fn posted(app: &TestApp, path: &str, cookie: &str, fields: &str) -> Answer {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.post(app.url(path)).header(COOKIE, cookie);
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(fields.to_owned());
    app.try_send(request).await.unwrap()
}
