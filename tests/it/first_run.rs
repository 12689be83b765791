//! A first run, with clicks and typing only: from the one-time link to the first visit, what is in the way of it, the demo, keys, files.

use collector::auth::Role;
use harness::{Backend, Browser, BrowserOptions, Pages, TestApp, Visitor, on_both};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use serde_json::{Value, json};

use crate::host::{Host, bar};

const PASSWORD: &str = "correct horse battery";

/// A browser in which somebody is signed in: an owner of the installation, or with a role on the host's site.
async fn signed_in(host: &Host, role: Option<Role>) -> Browser {
    let roles: Vec<_> = role.map(|role| (&host.site, role)).into_iter().collect();
    let cookie = host.app.signed_in("ada@shop.test", &roles).await;
    let browser = Browser::desktop().await;
    browser.sign_in(&host.app.url("/"), &cookie).await;
    browser
}

async fn open(host: &Host, browser: &Browser, page: &str) {
    browser.goto(host.app.url(&format!("/s/{}{page}", host.site.id))).await;
}

#[tokio::test]
async fn from_the_link_to_the_first_visit() {
    let app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let pages = Pages::serve([("/wait", "")]).await;
    let browser = Browser::desktop().await;
    browser.goto(app.running().first.setup_link.clone().unwrap()).await;
    browser.type_into("E-mail address", "ada@shop.test").await;
    browser.type_into("Password", PASSWORD).await;
    browser.type_into("The same again", PASSWORD).await;
    browser.click("Set the password").await;

    // What people write is offered as browsers say it, and nothing is lost on the way.
    browser.says("Your first site").await;
    browser.type_into("Name", "Quay Cycles").await;
    browser.type_into("Address of its pages", &format!("{} www.quay.test", pages.origin())).await;
    assert_ne!(browser.eval("return document.querySelector('#timezone').value").await, "", "the browser's own");
    browser.retype("Time zone", "europe/berlin").await;
    browser.choose("Currency", "CHF").await;
    browser.click("Make the site").await;
    browser.says("Which of these are yours?").await;
    browser.says("https://www.quay.test").await;
    browser.click("https://quay.test").await;
    browser.click("Make the site").await;
    browser.says("Waiting for the first visit").await;
    browser.accessible("waiting").await;
    let sites = app.texts("select name || ' ' || timezone || ' ' || currency from site").await;
    assert_eq!(sites, ["Quay Cycles Europe/Berlin CHF"]);
    let origins = app.texts("select origin from site_origin order by origin").await;
    assert_eq!(origins, [pages.origin(), "https://www.quay.test".to_owned()], "the one that was unticked is not there");

    // What is copied is what a page needs; the page that waits hears of it by itself.
    browser.click("Copy the snippet").await;
    browser.says("Copied").await;
    let snippet = browser.text("#snippet").await;
    pages.put([("/pricing", format!("{snippet}<h1>Pricing</h1>"))]);
    browser.eval("window.here = true").await;
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(pages.url("/pricing")).await;
    browser.says("The first visit came at").await;
    browser.says(&pages.url("/pricing")).await;
    assert_eq!(browser.eval("return window.here === true").await, true, "the page was not loaded again");
    browser.accessible("the first visit").await;
    // Whoever comes later is told the same.
    browser.reload().await;
    browser.says("The first visit came at").await;
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn a_tag_manager_runs_what_it_is_given() {
    let host = Host::with(&[]).await;
    let browser = signed_in(&host, Some(Role::Viewer)).await;
    open(&host, &browser, "/settings/install").await;
    let tag = browser.text("#tag").await;
    // As a container runs it: put into the page by a script, once the page is there.
    let container = format!(
        "<h1>Home</h1><script>addEventListener('load', () => document.body.append(document.createRange().createContextualFragment({})))</script>",
        json!(tag).to_string().replace("</", "<\\/")
    );
    host.pages.put([("/", container)]);
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/")).await;
    browser.says("The first visit came at").await;
}

#[tokio::test]
async fn what_is_in_the_way_is_said_with_what_to_do() {
    let host = Host::with(&[]).await;
    let browser = signed_in(&host, Some(Role::Owner)).await;
    open(&host, &browser, "/settings/install").await;
    let visitor = browser.another(BrowserOptions::default()).await;

    // An address that is not in the list, added by a click.
    let elsewhere = Pages::serve([("/", host.snippet())]).await;
    visitor.goto(elsewhere.url("/")).await;
    browser.says(&format!("A visit came from {}, which is not in your list", elsewhere.origin())).await;
    browser.accessible("a refused visit").await;
    browser.click(&format!("Add {}", elsewhere.origin())).await;
    browser.wait_for("!document.body.innerText.includes('not in your list')").await;
    assert!(browser.url().await.ends_with("/settings/install"), "{}", browser.url().await);
    visitor.goto(elsewhere.url("/")).await;
    browser.says("The first visit came").await;

    // A key that belongs to no site.
    host.pages.put([("/old", host.snippet().replace(&host.site.key, "wk_of_long_ago"))]);
    visitor.goto(host.pages.url("/old")).await;
    browser
        .says(&format!("A page at {} used the key wk_of_long_ago, which belongs to no site", host.pages.origin()))
        .await;
    browser.click(&format!("Dismiss {} wk_of_long_ago", host.pages.origin())).await;
    browser.wait_for("!document.body.innerText.includes('wk_of_long_ago')").await;

    // A policy that lets the script in, and nothing out.
    let visitor = browser.another(BrowserOptions::default()).await;
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"connect-src 'none'\">";
    let strict = format!(
        "<!doctype html><html lang=en><head><title>Strict</title>{policy}</head><body>{}</body></html>",
        host.snippet()
    );
    host.pages.put([("/strict", strict)]);
    visitor.goto(host.pages.url("/strict")).await;
    visitor.wait_for("!!window.waymark?.live").await;
    host.app.advance(11_000);
    browser.says(&format!("Pages of {} fetch the script, but nothing arrives from them", host.pages.origin())).await;
    browser.says("waymark doctor").await;
    browser.accessible("a blocked script").await;
    host.page("/fine", "<h1>Fine</h1>");
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/fine")).await;
    browser.wait_for("!document.body.innerText.includes('nothing arrives from them')").await;
    let log = host.app.texts("select did || ' ' || about from audit").await;
    assert_eq!(log, [format!("origin.allowed {}", elsewhere.origin())]);
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn a_page_that_lets_no_module_run_is_told_of() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    let browser = signed_in(&host, Some(Role::Owner)).await;
    open(&host, &browser, "/settings/install").await;
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'unsafe-inline' {}\">",
        host.app.url("")
    );
    let strict = format!(
        "<!doctype html><html lang=en><head><title>Strict</title>{policy}</head><body>{}</body></html>",
        host.snippet()
    );
    host.pages.put([("/strict", strict)]);
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/strict")).await;
    browser
        .says(&format!("Pages of {} let no WebAssembly run, so they show prompts as JavaScript", host.pages.origin()))
        .await;
    browser.says("'wasm-unsafe-eval'").await;
    browser.accessible("a page without WebAssembly").await;
    browser.click(&format!("Dismiss {}", host.pages.origin())).await;
    browser.wait_for("!document.body.innerText.includes('let no WebAssembly')").await;
    // Whoever shows prompts tells of nothing.
    host.page("/fine", "<h1>Fine</h1>");
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(host.pages.url("/fine")).await;
    visitor.prompt().await.says("Hello").await;
    assert_eq!(host.app.texts("select kind from refusal").await, [""; 0]);
}

#[tokio::test]
async fn the_demo_comes_and_goes_by_a_click() {
    let app = TestApp::live(Backend::Sqlite, |_| {}).await;
    let cookie = app.signed_in("ada@shop.test", &[]).await;
    let browser = Browser::desktop().await;
    browser.sign_in(&app.url("/"), &cookie).await;
    assert_eq!(app.get("/demo/shop/").await.status, 404, "it is not there before");
    browser.goto(app.url("/")).await;
    browser.click("Load the demo").await;
    browser.says("This is the demo").await;
    browser.says("Stages of").await;
    browser.accessible("the demo").await;
    browser.goto(app.url("/s/demo/results/responses")).await;
    browser.says("bank matching").await;
    browser.goto(app.url("/s/demo/people?kind=account")).await;
    browser.says("Quay Cycles").await;
    let shop = browser.another(BrowserOptions::default()).await;
    shop.goto(app.url("/demo/shop/")).await;
    shop.says("Northwind").await;

    let site = app.site().await;
    browser.goto(app.url(&format!("/s/{}/settings", site.id))).await;
    browser.click("Remove the demo").await;
    browser.wait_for("!location.pathname.startsWith('/sites')").await;
    browser.says("Not installed yet").await;
    assert_eq!(app.texts("select id from site").await, [site.id]);
    assert_eq!(app.get("/demo/shop/").await.status, 404);
    assert_eq!(app.get("/w/wk_demo.js").await.status, 404);
    let log = app.texts("select did from audit order by id").await;
    assert_eq!(log, ["demo.loaded", "demo.removed"]);
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn a_key_is_shown_once_used_and_taken_back() {
    let host = Host::with(&[]).await;
    let browser = signed_in(&host, Some(Role::Owner)).await;
    open(&host, &browser, "/settings/keys").await;
    browser.type_into("Name", "Billing server").await;
    browser.click("Make a key").await;
    browser.says("Billing server is ready").await;
    browser.accessible("a new key").await;
    let key = browser.text("#made").await;
    let paid = || json!([{ "type": "track", "name": "Paid", "user_id": "u1" }]);
    host.app.server_batch(&key, paid()).await.accepted();
    open(&host, &browser, "/settings/keys").await;
    assert!(!browser.text("body").await.contains(&key), "it is shown once");
    assert_eq!(host.app.texts(&format!("select name from site_secret where hash like '%{key}%'")).await, [""; 0]);
    browser.wait_for("document.querySelector('tbody tr').innerText.includes('just now')").await;
    browser.says("Send events").await;

    browser.click_css("tbody tr:first-child .sure summary").await;
    browser.click("Revoke Billing server").await;
    browser.wait_for("!document.body.innerText.includes('Billing server')").await;
    let refused = host.app.server_batch(&key, paid()).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_deref()), (401, Some("unknown_key")));
    host.app.server_batch(&host.site.secret, paid()).await.accepted();
    let log = host.app.texts("select did || ' ' || about from audit order by id").await;
    assert_eq!(log, ["key.made Billing server", "key.revoked Billing server"]);
}

#[tokio::test]
async fn files_go_up_with_a_plan() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    let browser = signed_in(&host, Some(Role::Marketer)).await;
    open(&host, &browser, "/settings/files").await;
    let download = "return (await fetch(document.querySelector('a[href$=\"/prompt/hello\"]').href)).text()";
    let text = browser.eval(download).await;
    let mut prompt: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };

    // What was downloaded changes nothing.
    let same = write("same.json", text.as_str().unwrap());
    browser.attach(&[&same]).await;
    browser.click("Show what would change").await;
    browser.says("Nothing would change").await;
    browser.click("Back to the files").await;

    // What cannot be published is told, file by file, and nothing is.
    let torn = write(
        "torn.json",
        r#"{"key": "torn", "content": {"nps": {"question": "?"}}, "placement": "nowhere", "rule": {"segment": "nobody"}}"#,
    );
    browser.attach(&[&torn, &same]).await;
    browser.click("Show what would change").await;
    browser.says("Nothing can be published from these files").await;
    browser.says("torn.json").await;
    browser.accessible("mistakes in files").await;
    browser.click("Choose files again").await;

    prompt["content"]["community"]["heading"] = json!("Good morning");
    let changed = write("changed.json", &prompt.to_string());
    let new = write("new.json", &bar("second", "Second", json!({ "path": "/never" })).to_string());
    browser.attach(&[&changed, &new]).await;
    browser.click("Show what would change").await;
    browser.says("2 documents would change").await;
    browser.says("content.community.heading").await;
    browser.says("Good morning").await;
    browser.accessible("a plan").await;
    let live = || host.app.texts("select body from document where kind = 'prompt' order by key");
    assert!(live().await.len() == 1 && live().await[0].contains("\"Hello\""), "nothing happened yet");
    browser.click("Publish").await;
    browser.says("prompts/second.json").await;
    let now = live().await;
    assert!(now.len() == 2 && now[0].contains("Good morning"), "{now:?}");
    let log = host.app.texts("select did || ' ' || about from audit").await;
    assert_eq!(log, ["files.published hello, second"]);
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn colours_are_chosen_once_for_all_pages() {
    let host = Host::with(&[]).await;
    let browser = signed_in(&host, Some(Role::Viewer)).await;
    open(&host, &browser, "/settings/install").await;
    let paper = async || browser.eval("return getComputedStyle(document.body).backgroundColor").await;
    let light = paper().await;
    browser.click_css(".theme summary").await;
    browser.accessible("the choice of colours").await;
    browser.click("Dark").await;
    browser.wait_for("document.documentElement.dataset.theme === 'dark'").await;
    assert!(browser.url().await.ends_with("/settings/install"), "where it was chosen");
    assert_ne!(paper().await, light);
    open(&host, &browser, "/people").await;
    browser.accessible("dark on a light device").await;
    assert_ne!(paper().await, light);
    browser.click_css(".theme summary").await;
    browser.click("As my device").await;
    browser.wait_for("document.documentElement.dataset.theme === 'auto'").await;
    assert_eq!(paper().await, light);
}

on_both! {
    async fn nothing_is_left_of_the_demo_and_nothing_else_goes(app: TestApp) {
        let site = app.site().await;
        app.import(&site, &["examples/site.json", "examples/journeys", "examples/prompts"]).await;
        let page = json!([{ "type": "page", "url": "http://shop.test/" }]);
        app.browser_batch(&site, Visitor::random(), page.clone()).await.accepted();
        let owner = app.signed_in("root@shop.test", &[]).await;
        app.running().app.sightings.flush(&app.running().app.db, app.now()).await.unwrap();
        let before = rows(&app, &site.id).await;
        let mut first = None;
        for _ in 0..2 {
            assert_eq!(post(&app, "/sites/demo", &owner, "").await.0, 303);
            let people = rows(&app, "demo").await;
            assert_eq!(first.get_or_insert_with(|| people.clone()), &people, "it comes back whole");
            assert!(people.iter().any(|(table, count)| table == "event" && *count > 500), "{people:?}");
            let replay = app.replay(&harness::Site { id: "demo".to_owned(), ..site.clone() }).await;
            assert!(replay.subjects > 60 && replay.different.is_empty(), "{replay:?}");
            // A second click does nothing more.
            assert_eq!(post(&app, "/sites/demo", &owner, "").await.0, 303);
            assert_eq!(rows(&app, "demo").await, people);
            assert_eq!(post(&app, "/sites/demo/remove", &owner, "").await.0, 303);
            for gone in ["demo", "gallery"] {
                assert_eq!(rows(&app, gone).await, []);
            }
            app.advance(1_000);
        }
        assert_eq!(rows(&app, &site.id).await, before, "what is somebody's stays");
        assert_eq!(post(&app, "/sites/demo/remove", &owner, &format!("site={}", site.id)).await.0, 303);
        assert_eq!(rows(&app, &site.id).await, before, "no word takes another site away");
        app.browser_batch(&site, Visitor::random(), page).await.accepted();
    }

    async fn what_strangers_invent_is_shown_to_owners_alone(app: TestApp) {
        let (site, owner) = (app.site().await, app.signed_in("root@shop.test", &[]).await);
        let mia = app.signed_in("mia@shop.test", &[(&site, Role::Owner)]).await;
        let stranger = |origin: &str| harness::Site { key: "wk_invented".to_owned(), origin: origin.to_owned(), ..site.clone() };
        for origin in ["http://shop.test", "https://nobody.example"] {
            let refused = app.browser_batch(&stranger(origin), Visitor::random(), json!([])).await;
            assert_eq!(refused.code().as_deref(), Some("unknown_key"));
        }
        let install = format!("/s/{}/settings/install", site.id);
        let said = async |cookie: &str| get(&app, &install, cookie).await;
        let (of_site, of_all) = (said(&mia).await, said(&owner).await);
        assert!(of_site.contains("wk_invented") && !of_site.contains("nobody.example"), "{of_site}");
        assert!(of_all.contains("http://shop.test") && of_all.contains("nobody.example"), "{of_all}");
        // What is on nobody's pages is not a site owner's to dismiss.
        let forget = format!("/s/{}/refusals/forget", site.id);
        let form = "origin=https://nobody.example&key=wk_invented&back=/settings/install";
        assert_eq!(post(&app, &forget, &mia, form).await.0, 404);
        assert_eq!(post(&app, &forget, &owner, form).await.0, 303);
        assert!(!said(&owner).await.contains("nobody.example"));
    }

    async fn a_key_does_what_it_is_for(app: TestApp) {
        let (site, owner) = (app.site().await, app.signed_in("root@shop.test", &[]).await);
        let keys = format!("/s/{}/settings/keys", site.id);
        let made = async |scope: &str| {
            let (_, page) = post(&app, &keys, &owner, &format!("name=One&scope={scope}")).await;
            let key = page.split("sk_").nth(1).map(|rest| format!("sk_{}", &rest[..32]));
            key.unwrap_or_else(|| panic!("no key in {page}"))
        };
        let (events, preview) = (made("events").await, made("preview").await);
        let paid = || json!([{ "type": "track", "name": "Paid", "user_id": "u1" }]);
        app.server_batch(&events, paid()).await.accepted();
        let refused = app.server_batch(&preview, paid()).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_deref()), (403, Some("forbidden")));
        let asked = async |key: &str| {
            let request = app.request(Method::POST, "/v1/preview").bearer_auth(key).body("{}");
            app.try_send(request).await.unwrap().status.as_u16()
        };
        assert_eq!(asked(&events).await, 403);
        assert_ne!(asked(&preview).await, 403);
        let used = app.texts("select name from site_secret where last_used_at is not null").await;
        assert!(get(&app, &keys, &owner).await.contains("just now"), "{used:?}");
    }

    async fn a_plan_that_is_old_is_made_anew(app: TestApp) {
        let site = app.site().await;
        app.import_json(&site, &[("a.json", bar("one", "One", json!({ "path": "**" })))]).await;
        let mia = app.signed_in("mia@shop.test", &[(&site, Role::Marketer)]).await;
        let publish = format!("/s/{}/settings/files/publish", site.id);
        let text = reqwest::Url::parse_with_params("http://x", [("text", bar("two", "Two", json!({ "path": "**" })).to_string())]).unwrap();
        let form = format!("seen=of-long-ago&path=two.json&{}", text.query().unwrap());
        let (status, page) = post(&app, &publish, &mia, &form).await;
        assert!(status == 200 && page.contains("Somebody has published something meanwhile"), "{page}");
        let live = || app.texts("select key from document where kind = 'prompt' order by key");
        assert_eq!(live().await, ["one"]);
        let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        // As large as an upload may be, which is larger than other forms.
        let form = format!("{}{}", form.replace("of-long-ago", seen), "+".repeat(700_000));
        assert_eq!(post(&app, &publish, &mia, &form).await.0, 303);
        assert_eq!(live().await, ["one", "two"]);
    }
}

/// How many rows each table has of a site, those that have any.
async fn rows(app: &TestApp, site: &str) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for table in app.tables_with("site_id").await {
        let counted = app.texts(&format!("select cast(count(*) as text) from {table} where site_id = '{site}'")).await;
        all.push((table, counted[0].parse().unwrap()));
    }
    let site = app.texts(&format!("select id from site where id = '{site}'")).await.len() as i64;
    all.push(("site".to_owned(), site));
    all.retain(|(_, count)| *count > 0);
    all
}

/// Sends a form of the console and follows no redirect.
async fn post(app: &TestApp, path: &str, cookie: &str, fields: &str) -> (u16, String) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.post(app.url(path)).header(COOKIE, cookie);
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(fields.to_owned());
    let answer = app.try_send(request).await.unwrap();
    (answer.status.as_u16(), answer.text)
}

async fn get(app: &TestApp, path: &str, cookie: &str) -> String {
    app.try_send(app.request(Method::GET, path).header(COOKIE, cookie)).await.unwrap().text
}
