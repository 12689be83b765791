//! Who sees which version, and who sees nothing: the same for one unit on every page and device, and once decided, for good. The unit
//! is the account if it is known, else the person, else the visitor.

use harness::{Answer, Browser, BrowserOptions, Client, Site, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use crate::host::Host;

const HOUR: i64 = 3_600_000;

on_both! {
    async fn a_unit_is_the_account_else_the_person_else_the_visitor(app: TestApp) {
        let mut app = app;
        let site = app.site().await;
        let [laptop, phone, colleague] = [Visitor::random(), Visitor::random(), Visitor::random()];
        let nothing = said(&app, &site, laptop, json!([page()])).await;
        assert_eq!(nothing.json()["facts"]["terms"], Value::Null, "nothing is drawn here");
        tried_out(&app, &site, json!({ "variants": letters() })).await;
        let of = async |visitor, events| place(&said(&app, &site, visitor, events).await);
        let visitor = of(laptop, json!([page()])).await;
        assert_eq!(of(laptop, json!([])).await, visitor, "on each page the same");
        assert_ne!(of(phone, json!([])).await, visitor);
        let person = of(laptop, json!([identify("ann")])).await;
        assert_ne!(person, visitor);
        assert_eq!(of(phone, json!([identify("ann")])).await, person, "on each device the same");
        let account = of(laptop, json!([group("acme")])).await;
        assert_ne!(account, person);
        assert_eq!(of(phone, json!([])).await, account);
        assert_eq!(of(colleague, json!([identify("bob"), group("acme")])).await, account, "for each of its people the same");
        assert_ne!(of(Visitor::random(), json!([identify("eve"), group("globex")])).await, account);
        app.restart().await;
        assert_eq!(place(&said(&app, &site, phone, json!([])).await), account, "the secret is kept");
        let other = app.site().await;
        tried_out(&app, &other, json!({ "variants": letters() })).await;
        let elsewhere = said(&app, &other, Visitor::random(), json!([identify("ann"), group("acme")])).await;
        assert_ne!(place(&elsewhere), account, "each site has a secret of its own");
    }

    async fn what_was_drawn_first_stays(app: TestApp) {
        let site = app.site().await;
        tried_out(&app, &site, json!({ "variants": letters() })).await;
        let [laptop, phone, tablet] = [Visitor::random(), Visitor::random(), Visitor::random()];
        // The phone drew before the laptop did; who holds it, nobody knows yet.
        said(&app, &site, phone, json!([drew("c", 0, 3)])).await;
        app.advance(HOUR);
        said(&app, &site, laptop, json!([drew("b", 0, 7)])).await;
        app.advance(HOUR);
        let ann = said(&app, &site, laptop, json!([identify("ann")])).await;
        assert_eq!(sees(&ann), "b", "the visitor's is the person's");
        app.advance(HOUR);
        for device in [phone, tablet, laptop] {
            let ann = said(&app, &site, device, json!([identify("ann")])).await;
            assert_eq!(sees(&ann), "b", "what was hers first stays on every device");
        }
        // Somebody else at the laptop.
        let bob = said(&app, &site, laptop, json!([identify("bob")])).await;
        assert!(is_new(&bob));
        // Signed out, it is still the device on which it was drawn.
        let signed_out = Visitor { device: phone.device, ..Visitor::random() };
        let anybody = said(&app, &site, signed_out, json!([page()])).await;
        assert_eq!(sees(&anybody), "c");
        let bob = said(&app, &site, signed_out, json!([identify("bob")])).await;
        assert!(is_new(&bob), "and what was drawn there is not his");
        // Another epoch, another lot; and back.
        tried_out(&app, &site, json!({ "variants": letters(), "epoch": 1 })).await;
        let anew = said(&app, &site, laptop, json!([identify("ann")])).await;
        assert!(is_new(&anew));
        said(&app, &site, laptop, json!([drew("d", 1, 9)])).await;
        tried_out(&app, &site, json!({ "variants": letters() })).await;
        let ann = said(&app, &site, tablet, json!([])).await;
        assert_eq!(sees(&ann), "b");
    }

    async fn an_account_sees_one_version_whoever_joins(app: TestApp) {
        let site = app.site().await;
        tried_out(&app, &site, json!({ "variants": letters() })).await;
        let [ann, bob, eve, kim] = [Visitor::random(), Visitor::random(), Visitor::random(), Visitor::random()];
        // Eve drew before anybody did, but nobody knew her; of Kim somebody knew who she was, but not that she would join.
        said(&app, &site, eve, json!([drew("a", 0, 1)])).await;
        said(&app, &site, kim, json!([identify("kim"), drew("d", 0, 4)])).await;
        app.advance(HOUR);
        said(&app, &site, ann, json!([identify("ann"), group("acme"), drew("b", 0, 2)])).await;
        app.advance(HOUR);
        let of = async |visitor, events| said(&app, &site, visitor, events).await;
        assert_eq!(sees(&of(bob, json!([identify("bob"), group("acme")])).await), "b");
        assert_eq!(sees(&of(eve, json!([identify("eve"), group("acme")])).await), "b", "she sees what her colleagues see");
        assert_eq!(sees(&of(kim, json!([group("acme")])).await), "b", "what she drew long before she joined is hers alone");
        for member in [ann, bob, eve, kim] {
            assert_eq!(sees(&of(member, json!([])).await), "b", "and changes nothing for them");
        }
        assert!(is_new(&of(Visitor::random(), json!([identify("dan"), group("globex")])).await));
    }

    async fn whom_the_site_holds_out_it_goes_on_to_hold_out(app: TestApp) {
        let site = app.site().await;
        let policy = |share: f64| json!({ "page_groups": [], "policy": { "holdout": share, "groups": [] } });
        tried_out(&app, &site, json!({})).await;
        app.import_json(&site, &[("site.json", policy(0.5))]).await;
        // A visitor and the person it becomes, of whom one would be held out and the other not.
        let mut found = [false; 2];
        for number in 0..64 {
            let (visitor, user) = (Visitor::random(), format!("user{number}"));
            let person = said(&app, &site, Visitor::random(), json!([identify(&user)])).await;
            let before = said(&app, &site, visitor, json!([page()])).await;
            assert_eq!(before.json()["needed"], true, "who is held out is counted first");
            let (drawn, is_out) = (drawn(&before), is_held_out(&before));
            let after = said(&app, &site, visitor, json!([recorded(drawn)])).await;
            assert_eq!(after.json()["needed"], !is_out, "and loads nothing from then on");
            let known = said(&app, &site, visitor, json!([identify(&user)])).await;
            if is_held_out(&person) != is_out {
                found[usize::from(is_out)] = true;
                assert_eq!(is_held_out(&known), is_out, "as the visitor was, so is the person");
                let phone = said(&app, &site, Visitor::random(), json!([identify(&user)])).await;
                assert_eq!(is_held_out(&phone), is_out);
                assert_eq!(phone.json()["needed"], !is_out);
                if is_out {
                    // When the site holds out nobody any more, nothing is left of it.
                    app.import_json(&site, &[("site.json", policy(0.0))]).await;
                    let freed = said(&app, &site, visitor, json!([])).await;
                    let freed = freed.json();
                    assert_eq!((&freed["facts"]["terms"], &freed["needed"]), (&Value::Null, &json!(true)));
                    app.import_json(&site, &[("site.json", policy(0.5))]).await;
                }
            }
            if found == [true, true] {
                return;
            }
        }
        panic!("of 64 people none was on the other side of the line: {found:?}");
    }
}

#[tokio::test]
async fn one_person_sees_one_version_on_every_device() {
    let host = Host::with(&[in_versions("try", json!("identified"))]).await;
    let laptop = Browser::desktop().await;
    let phone = laptop.another(BrowserOptions::phone()).await;
    for user in ["ann", "bob", "eve"] {
        host.page(&format!("/{user}"), &format!("<script>waymark('identify', '{user}')</script><h1>Shop</h1>"));
        let page = host.pages.url(&format!("/{user}"));
        laptop.goto(&page).await;
        let seen = version(&laptop).await;
        laptop.settled().await;
        phone.goto(&page).await;
        assert_eq!(version(&phone).await, seen, "{user} on the phone");
        phone.settled().await;
        // On another page, and after all that the browser kept is gone.
        laptop.goto(format!("{page}?again")).await;
        assert_eq!(version(&laptop).await, seen, "{user} again");
        laptop.settled().await;
        forget(&host, &laptop).await;
        laptop.goto(&page).await;
        assert_eq!(version(&laptop).await, seen, "{user} in a browser that knows nothing any more");
        laptop.settled().await;
        forget(&host, &laptop).await;
        forget(&host, &phone).await;
    }
    // Each of the three was decided once.
    let drawn = host.events("props", "Prompt Eligible").await;
    assert_eq!(drawn.len(), 3, "{drawn:?}");
    let seen = host.events("props", "Prompt Shown").await;
    assert!(seen.iter().all(|props| props.contains("\"variant\"")), "{seen:?}");
}

#[tokio::test]
async fn what_a_visitor_saw_the_person_goes_on_to_see() {
    let host = Host::with(&[in_versions("try", json!({ "not": { "path": "/in" } }))]).await;
    host.page("/", "<h1>Shop</h1>");
    let first = Browser::desktop().await;
    let phone = first.another(BrowserOptions::phone()).await;
    for user in ["ann", "bob", "eve"] {
        host.page(&format!("/{user}"), &format!("<script>waymark('identify', '{user}')</script><h1>Shop</h1>"));
        first.goto(host.pages.url("/")).await;
        let seen = version(&first).await;
        first.settled().await;
        first.goto(host.pages.url(&format!("/{user}"))).await;
        assert_eq!(version(&first).await, seen, "{user}, known now");
        first.settled().await;
        forget(&host, &phone).await;
        // There somebody is known before anything is shown: the first page says who it is, and shows nothing.
        host.pages.put([(
            "/in",
            format!("{}<script>waymark('identify', '{user}'); waymark('track', 'In')</script>", host.snippet()),
        )]);
        phone.goto(host.pages.url("/in")).await;
        phone.settled().await;
        phone.goto(host.pages.url(&format!("/{user}"))).await;
        assert_eq!(version(&phone).await, seen, "{user} on the phone");
        phone.settled().await;
        forget(&host, &first).await;
    }
}

/// All that the browser kept is gone. On a page without us: one that is left would write down what it knows.
async fn forget(host: &Host, browser: &Browser) {
    browser.goto(host.pages.url("/wait")).await;
    browser.eval("localStorage.clear(); sessionStorage.clear()").await;
}

/// Which version is on the screen.
async fn version(browser: &Browser) -> String {
    let prompt = browser.prompt().await;
    prompt.says("Version ").await;
    let text = prompt.text().await;
    let at = text.find("Version ").unwrap();
    text[at..].chars().take("Version a".len()).collect()
}

/// Eight versions, so that two people seldom see the same one by chance.
fn in_versions(key: &str, rule: Value) -> Value {
    let variant = |letter: char| json!({ "key": letter.to_string(), "weight": 1, "content": { "nps": { "question": format!("Version {letter}?") } } });
    let variants: Vec<Value> = ('a'..='h').map(variant).collect();
    json!({ "key": key, "placement": { "bar": "bottom" }, "rule": rule, "content": { "nps": { "question": "Version z?" } },
            "frequency": { "per_session": 100, "at_most": 100, "gap": "0s" }, "experiment": { "variants": variants } })
}

/// Publishes a prompt that is tried out so.
async fn tried_out(app: &TestApp, site: &Site, experiment: Value) {
    let content = json!({ "offer": { "heading": "Hello", "button": { "label": "Go", "url": "/go" } } });
    let prompt = json!({ "key": "try", "content": content, "placement": "modal", "experiment": experiment });
    app.import_json(site, &[("try.json", prompt)]).await;
}

fn letters() -> Value {
    ["a", "b", "c", "d"].iter().map(|key| json!({ "key": key, "weight": 1 })).collect()
}

/// What a page says, with its own clock, which is right.
async fn said(app: &TestApp, site: &Site, visitor: Visitor, events: Value) -> Answer {
    let Visitor { visitor, device, session } = visitor;
    let batch = json!({ "key": site.key, "visitor": visitor, "device": device, "session": session,
        "sent_at": app.now().0, "events": events });
    let request = app.request(Method::POST, "/v1/events").header(ORIGIN, &site.origin).body(batch.to_string());
    Client::try_send(app, request).await.unwrap().accepted()
}

/// What the page is told of the one prompt.
fn term(answer: &Answer) -> Value {
    let terms = &answer.json()["facts"]["terms"];
    assert_eq!(terms[0]["prompt"], "try", "{}", answer.text);
    terms[0].clone()
}

/// The version that they see, decided before.
fn sees(answer: &Answer) -> String {
    let term = term(answer);
    assert!(!is_new(answer), "not decided yet: {term}");
    let version = term["version"].as_u64().unwrap_or_else(|| panic!("no version: {term}"));
    letters()[version as usize]["key"].as_str().unwrap().to_owned()
}

/// Whether it is decided now for the first time.
fn is_new(answer: &Answer) -> bool {
    term(answer)["is_first"] == true
}

fn is_held_out(answer: &Answer) -> bool {
    term(answer)["held_out"] == true
}

/// What is drawn now for the first time, as it is recorded.
fn drawn(answer: &Answer) -> Value {
    let drawn = &answer.json()["facts"]["drawn"][0];
    assert_eq!(drawn[0], "try", "{}", answer.text);
    drawn[1].clone()
}

/// Where the unit stands in the line of those whom the prompt may cover, which no two share but by a rare chance.
fn place(answer: &Answer) -> u64 {
    drawn(answer)["place"].as_u64().unwrap()
}

fn page() -> Value {
    json!({ "id": event_id(), "type": "page", "url": "http://shop.test/" })
}

fn identify(user: &str) -> Value {
    json!({ "id": event_id(), "type": "identify", "user_id": user })
}

fn group(account: &str) -> Value {
    json!({ "id": event_id(), "type": "group", "account_id": account })
}

fn drew(variant: &str, epoch: u32, place: u32) -> Value {
    recorded(json!({ "epoch": epoch, "place": place, "variant": variant }))
}

fn recorded(props: Value) -> Value {
    json!({ "id": event_id(), "type": "prompt", "prompt": "try", "action": "eligible", "url": "http://shop.test/", "props": props })
}
