//! What is refused, and how: the console without a session, too much from one sender, more than can be written.

use collector::auth::{May, Role};
use collector::console::access::Need;
use collector::store;
use harness::{Answer, Backend, TestApp, Visitor, event_id, on_both};
use reqwest::Method;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

on_both! {
    async fn no_page_of_the_console_opens_without_a_session(app: TestApp) {
        let pages = collector::console::pages();
        let guarded: Vec<_> = pages.declared().filter(|page| page.need != Need::Nothing).collect();
        assert!(guarded.len() >= 25, "{guarded:?}");
        let site = app.site().await;
        for page in guarded {
            let path = path_of(page.path, &site.id);
            for cookie in ["", "waymark_session=", "waymark_session=nobodys-cookie-of-forty-characters-length", "other=1"] {
                let answer = form(&app, page.method, &path, cookie, "").await;
                let to = answer.header("location").unwrap_or_default();
                match page.method {
                    "GET" => assert!(answer.status == 303 && to.starts_with("/login"), "{path} with {cookie:?}: {answer:?}"),
                    _ => assert_eq!((answer.status.as_u16(), answer.code().as_deref()), (401, Some("signed_out")), "{path}"),
                }
                assert!(!answer.text.contains("Test"), "{path} tells something: {}", answer.text);
            }
        }
    }

    async fn each_page_opens_for_who_may_and_for_nobody_else(app: TestApp) {
        let (site, other) = (app.site().await, app.site_at(&["http://other.test"]).await);
        app.import(&site, &["examples/site.json", "examples/journeys", "examples/prompts"]).await;
        let owner = app.signed_in("root@shop.test", &[]).await;
        let elsewhere = app.signed_in("eve@other.test", &[(&other, Role::Owner)]).await;
        let mut members = Vec::new();
        for role in Role::ALL {
            members.push((role, app.signed_in(&format!("{}@shop.test", role.name()), &[(&site, role)]).await));
        }
        for page in collector::console::pages().declared() {
            let path = path_of(page.path, &site.id);
            let asked = async |cookie: &str| form(&app, page.method, &path, cookie, "").await;
            let is_let_in = |answer: &Answer| {
                assert!(!answer.status.is_server_error(), "{} {path}: {answer:?}", page.method);
                !matches!(answer.status.as_u16(), 401 | 403)
            };
            match page.need {
                Need::Nothing => {}
                Need::Session => assert!(is_let_in(&asked(&elsewhere).await), "{path}"),
                Need::Owner => {
                    assert!(is_let_in(&asked(&owner).await), "{path}");
                    assert_eq!(asked(&members[0].1).await.status, 403, "{path}: of a site is not of the installation");
                }
                Need::Site(may) => {
                    assert!(is_let_in(&asked(&owner).await), "{path}");
                    let stranger = asked(&elsewhere).await;
                    assert_eq!((stranger.status.as_u16(), stranger.code().as_deref()), (404, Some("not_found")), "{path}: another site's owner");
                    for (role, cookie) in &members {
                        let answer = asked(cookie).await;
                        assert_eq!(is_let_in(&answer), role.may(may), "{} {path} as {role}: {answer:?}", page.method);
                    }
                }
            }
        }
        assert!(!Role::Viewer.may(May::Publish));
        // Nobody of them has changed anything of what is not theirs.
        assert_eq!(app.texts(&format!("select origin from site_origin where site_id = '{}'", other.id)).await, ["http://other.test"]);
    }

    async fn whoever_runs_one_site_gets_nobody_elses_account(app: TestApp) {
        let (site, other) = (app.site().await, app.site_at(&["http://other.test"]).await);
        let mia = app.signed_in("mia@shop.test", &[(&site, Role::Owner)]).await;
        let eve = app.signed_in("eve@other.test", &[(&other, Role::Owner)]).await;
        let invite = async |of: &harness::Site, cookie: &str| {
            form(&app, "POST", &format!("/s/{}/settings/team", of.id), cookie, "email=bo@shop.test&role=marketer").await
        };
        let link = |answer: &Answer| answer.text.contains("/setup?token=");
        let first = invite(&site, &mia).await;
        assert!(link(&first), "who was never here gets a link: {first:?}");
        assert!(!link(&invite(&other, &eve).await), "it would open the first site too");
        let bo = app.texts("select id from member where email = 'bo@shop.test'").await;
        let again = form(&app, "POST", &format!("/s/{}/settings/team/link", other.id), &eve, &format!("member={}", bo[0])).await;
        assert_eq!(again.status, 403, "{again:?}");
        let stranger = form(&app, "POST", &format!("/s/{}/settings/team/link", other.id), &eve, "member=mia@shop.test").await;
        assert_eq!(stranger.status, 404, "{stranger:?}");

        // Who owns the installation is on every site's side, and on no site's list.
        let setup = app.running().first.setup_link.clone().expect("a first start offers a link");
        let token = setup.split_once("token=").unwrap().1;
        let ada = format!("token={token}&email=ada@shop.test&password=a long enough password&again=a long enough password");
        assert!(cookie_of(&form(&app, "POST", "/setup", "", &ada).await).is_some());
        let team = format!("/s/{}/settings/team", other.id);
        let invited = form(&app, "POST", &team, &eve, "email=ada@shop.test&role=viewer").await;
        assert!(!link(&invited), "{invited:?}");
        let owner = app.texts("select id from member where email = 'ada@shop.test'").await;
        let link_for = async || form(&app, "POST", &format!("{team}/link"), &eve, &format!("member={}", owner[0])).await.status;
        assert_eq!(link_for().await, 404, "she is none of the team");
        // Nor where an earlier release has put her there.
        let mut tx = app.running().app.db.begin().await.unwrap();
        store::members::set_role(&mut tx.conn(), &other.id, &owner[0], Role::Viewer.name()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(link_for().await, 403);
    }

    async fn a_session_opens_the_console_until_it_ends(app: TestApp) {
        let site = app.site().await;
        let people = format!("/s/{}/people", site.id);
        let link = app.running().first.setup_link.clone().expect("a first start offers a link");
        let token = link.split_once("token=").unwrap().1;
        let password = "a long enough password";
        let set = form(&app, "POST", "/setup", "", &format!("token={token}&email=ada@shop.test&password={password}&again={password}")).await;
        let cookie = cookie_of(&set).expect("whoever set the password is signed in");
        assert_eq!(form(&app, "GET", &people, &cookie, "").await.status, 200);
        let again = form(&app, "POST", "/setup", "", &format!("token={token}&email=ada@shop.test&password={password}&again={password}")).await;
        assert_eq!(cookie_of(&again), None, "the link works once: {again:?}");

        let wrong = form(&app, "POST", "/login", "", "email=ada@shop.test&password=another password").await;
        assert_eq!(cookie_of(&wrong), None, "{wrong:?}");
        let right = form(&app, "POST", "/login", "", &format!("email=Ada@shop.test &password={password}")).await;
        let second = cookie_of(&right).expect("signed in");
        form(&app, "POST", "/logout", &cookie, "").await;
        assert_eq!(form(&app, "GET", &people, &cookie, "").await.status, 303, "signed out");
        assert_eq!(form(&app, "GET", &people, &second, "").await.status, 200, "elsewhere still signed in");
        app.advance(13 * 3_600_000);
        assert_eq!(form(&app, "GET", &people, &second, "").await.status, 303, "a session ends by itself");
    }
}

#[tokio::test]
async fn a_flood_from_one_address_is_told_to_wait() {
    let app = TestApp::with(Backend::Sqlite, |config| {
        config.limits.address_per_second = 1;
        config.limits.address_burst = 3;
    })
    .await;
    let (site, visitor) = (app.site().await, Visitor::random());
    let mut refused = 0;
    for _ in 0..8 {
        let answer = app.browser_batch(&site, visitor, json!([{ "type": "page", "url": "http://shop.test/" }])).await;
        if answer.status != 200 {
            comes_back(&answer, 429, "rate_limited");
            refused += 1;
        }
    }
    assert!((3..=5).contains(&refused), "three at once and one a second: {refused} of 8 were refused");
    let stored = app.texts("select id from event").await.len();
    assert_eq!(stored, 8 - refused, "what was refused was not taken, the rest was");
    for _ in 0..8 {
        let paid = json!([{ "type": "track", "name": "Paid", "user_id": "u1" }]);
        app.server_batch(&site.secret, paid).await.accepted();
    }
}

#[tokio::test]
async fn a_full_queue_refuses_and_loses_nothing() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let app = TestApp::with(backend, |config| config.limits.queue_events = 100).await;
        let site = app.site().await;
        let batch = || {
            (0..100)
                .map(|n| json!({ "id": event_id(), "type": "track", "name": "Paid", "user_id": format!("u{n}") }))
                .collect()
        };
        let mut waiting: Vec<Value> = (0..12).map(|_| batch()).collect();
        let (mut refused, mut rounds) = (0, 0);
        while !waiting.is_empty() {
            let mut senders = tokio::task::JoinSet::new();
            for batch in waiting.drain(..) {
                let (client, request) = (harness::Client::clone(&app), app.server_request(&site.secret, batch.clone()));
                senders.spawn(async move { (batch, client.try_send(request).await.unwrap()) });
            }
            while let Some(answered) = senders.join_next().await {
                let (batch, answer) = answered.unwrap();
                if answer.status == 200 {
                    answer.accepted();
                } else {
                    comes_back(&answer, 503, "queue_full");
                    refused += 1;
                    waiting.push(batch);
                }
            }
            rounds += 1;
            // Nearly every round one gets in; the collector's own look at the writer may be in the way of a batch that fills
            // the whole queue.
            assert!(rounds <= 60, "nothing gets in any more");
        }
        assert!(refused > 0, "the queue was never full");
        assert_eq!(
            app.texts("select id from event").await.len(),
            1200,
            "accepted at first or after a refusal, each once"
        );
    }
}

/// A page's address with something in the place of each parameter.
fn path_of(path: &str, site: &str) -> String {
    path.replace("{site}", site)
        .replace("{kind}", "person")
        .replace("{id}", "u1")
        .replace("{key}", "nps")
        .replace("{name}", "x.css")
}

/// A refusal that says when to try again.
fn comes_back(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_deref()), (status, Some(code)), "{answer:?}");
    let wait: u64 = answer.header("retry-after").and_then(|wait| wait.parse().ok()).expect("whole seconds");
    assert!((1..=4).contains(&wait), "{wait}");
}

/// A request to the console that follows no redirect.
pub async fn form(app: &TestApp, method: &str, path: &str, cookie: &str, fields: &str) -> Answer {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut request = client.request(Method::from_bytes(method.as_bytes()).unwrap(), app.url(path));
    if !cookie.is_empty() {
        request = request.header(COOKIE, cookie);
    }
    if method == "POST" {
        request = request.header("content-type", "application/x-www-form-urlencoded").body(fields.replace(' ', "+"));
    }
    if path.ends_with("/live") {
        // It goes on telling for a while: how it begins says whether it is open.
        let response = request.send().await.unwrap();
        if response.status() != 200 {
            let (status, headers) = (response.status(), response.headers().clone());
            return Answer { status, headers, text: response.text().await.unwrap() };
        }
        return Answer { status: response.status(), headers: response.headers().clone(), text: String::new() };
    }
    app.try_send(request).await.unwrap()
}

/// The session that an answer opens.
fn cookie_of(answer: &Answer) -> Option<String> {
    let line = answer.headers.get(SET_COOKIE)?.to_str().ok()?;
    let (cookie, _) = line.split_once(';')?;
    cookie.split_once('=').filter(|(_, value)| !value.is_empty()).map(|_| cookie.to_owned())
}
