//! What visitors have agreed to, part by part: what is kept of them, who says it, and that it may change while a page is open.

use harness::Browser;
use harness::poll::until;
use serde_json::{Value, json};

use crate::host::{Host, bar, seen};

const STUB: &str = "window.waymark = window.waymark || function () { (waymark.q = waymark.q || []).push(arguments); };";

/// What a browser keeps of ours.
const KEPT: &str = "return Object.keys(localStorage).filter((key) => key.startsWith('waymark'))";

fn everywhere() -> Value {
    json!({ "path": "**" })
}

/// An NPS that anybody may answer.
fn nps() -> Value {
    json!({ "key": "nps", "placement": { "bar": "bottom" }, "rule": everywhere(), "frequency": { "per_session": 1, "at_most": 1 },
            "content": { "nps": { "question": "Would you recommend us?" } } })
}

/// A site with these prompts and settings.
async fn site(prompts: &[Value], consent: &str) -> Host {
    let host = Host::with(prompts).await;
    let policy = json!({ "interruptions_per_session": 1000, "interruption_gap": "0s", "groups": [] });
    let settings = json!({ "policy": policy, "consent": consent });
    host.app.import_json(&host.site, &[("site.json", settings)]).await;
    host
}

/// A page that runs this script before the snippet.
fn says(host: &Host, path: &str, script: &str) {
    host.pages.put([(path, format!("<script>{script}</script>{}<h1>Shop</h1>", host.app.snippet(&host.site)))]);
}

/// What the page that is open has sent as its visits, one after the other.
async fn visits(browser: &Browser) -> Vec<Value> {
    browser.settled().await;
    let all = browser.network().await;
    let bodies = all.iter().filter(|one| one.url.ends_with("/v1/visit")).filter_map(|one| one.sent.as_deref());
    bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
}

/// The names in the log. Whether it was long enough to be seen, nobody waits for.
async fn names(host: &Host) -> Vec<String> {
    let mut names = host.app.texts("select distinct name from event where name <> 'Prompt Viewed'").await;
    names.sort();
    names
}

#[tokio::test]
async fn where_nothing_may_be_kept_a_page_names_nobody_and_takes_an_answer() {
    let host = site(&[nps()], "page").await;
    says(&host, "/", &format!("{STUB} waymark('consent', {{ store: false }})"));
    let browser = Browser::desktop().await;
    for at in 1..=2 {
        browser.goto(host.pages.url("/")).await;
        let prompt = browser.prompt().await;
        let first = &visits(&browser).await[0];
        for name in ["visitor", "device", "session"] {
            assert_eq!(first[name], Value::Null, "{name} in {first}");
        }
        prompt.click("9").await;
        until("the answer", async || match host.events("id", "NPS Answered").await.len() {
            found if found == at => Ok(()),
            found => Err(found.to_string()),
        })
        .await;
        assert_eq!(browser.eval(KEPT).await, json!([]));
        assert_eq!(browser.eval("return document.cookie").await, json!(""));
        browser.forget_network().await;
    }
    assert_eq!(host.viewed().await, Vec::<String>::new(), "that nobody looked at a page is not recorded");
    let who = host.app.texts("select distinct subject from event where name = 'NPS Answered'").await;
    assert_eq!(who.len(), 2, "nothing relates two pages");
    // Whoever has seen it on this page is in peace on it, though nothing is kept.
    browser.prompt().await.click("Close").await;
    browser.eval("history.pushState(null, '', '/next')").await;
    browser.no_prompt().await;
    assert_eq!(browser.console_errors().await, []);
}

#[tokio::test]
async fn without_a_profile_only_what_concerns_prompts_is_kept() {
    let host = site(&[nps(), bar("known", "We know you", json!("identified"))], "page").await;
    says(
        &host,
        "/",
        &format!(
            "{STUB} waymark('consent', {{ profile: false }}); waymark('identify', 'ada', {{ first_name: 'Ada' }}); waymark('track', 'Ordered')"
        ),
    );
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/?utm_campaign=spring&email=ada@shop.test#top")).await;
    browser.prompt().await.click("9").await;
    browser.prompt().await.says("Thank").await;
    browser.settled().await;
    assert_eq!(names(&host).await, ["NPS Answered", "Prompt Shown"]);
    assert_eq!(host.app.texts("select distinct url from event").await, [host.pages.url("/")]);
    let sent: Vec<String> = browser.network().await.into_iter().filter_map(|one| one.sent).collect();
    assert!(
        sent.iter().all(|body| !body.contains("ada\"") && !body.contains("Ordered")),
        "it is not even sent: {sent:?}"
    );
    // Who allows it again is who they are, and so they see what is for them; what was asked before is not asked again.
    browser.reload().await;
    browser.no_prompt().await;
    browser.eval("waymark('consent', { profile: true }); waymark('identify', 'ada', { first_name: 'Ada' })").await;
    browser.prompt().await.says("We know you").await;
    browser.settled().await;
    assert_eq!(host.viewed().await, ["/?utm_campaign=spring&email=ada@shop.test"], "the page that is open");
    // And takes it back.
    browser.eval("waymark('consent', { profile: false })").await;
    browser.prompt_gone().await;
    browser.eval("waymark('track', 'Looked around')").await;
    browser.settled().await;
    assert_eq!(host.events("id", "Looked around").await, Vec::<String>::new());
}

/// Said several times before the script comes, said as soon as it is there, said later in other words: a page is opened once, by whoever
/// was here before.
#[tokio::test]
async fn a_page_is_one_page_whatever_is_said_on_it() {
    let host = site(&[], "page").await;
    host.page("/", "<h1>Shop</h1>");
    let asked = "waymark('consent', { store: null, profile: null })";
    let agreed = "waymark('consent', { store: true, profile: true })";
    says(&host, "/before", &format!("{STUB} {asked}; waymark('language', 'de'); {agreed}"));
    // At the very moment at which the loader takes over, and so before anything is sent.
    let takes_over = format!("queueMicrotask(() => {{ said = waymark.live; {agreed} }})");
    let over = format!(
        "{STUB} {asked}; {{ let own = waymark; Object.defineProperty(window, 'waymark', {{ get: () => own, set(now) {{ own = now; {takes_over} }} }}); }}"
    );
    says(&host, "/over", &over);
    says(&host, "/later", &format!("{STUB} {asked}; waymark('identify', 'ada')"));
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    for path in ["/before", "/over", "/later", "/"] {
        browser.goto(host.pages.url(path)).await;
        browser.settled().await;
        browser.eval(agreed).await;
        browser.settled().await;
        browser.eval("waymark('language', 'fr')").await;
        browser.settled().await;
        browser.eval("document.documentElement.lang = 'fr'").await;
        browser.eval("document.documentElement.lang = 'fr'").await;
        browser.settled().await;
    }
    assert_eq!(host.viewed().await, ["/", "/before", "/over", "/later", "/"]);
    let visitors = host.app.texts("select distinct subject from event where name = 'Page Viewed'").await;
    assert_eq!(visitors.len(), 1, "{visitors:?}");
    assert_eq!(host.events("user_id", "Identified").await, ["ada"]);
    let edges = host.app.texts("select visitor from identity_edge").await;
    assert_eq!(
        edges.iter().map(|id| format!("v:{id}")).collect::<Vec<_>>(),
        visitors,
        "they, and nobody who was made up"
    );
    let pages =
        browser.eval(&format!("return JSON.parse(localStorage['waymark.{}']).session.pages", host.site.key)).await;
    assert_eq!(pages, json!(5));
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

/// What the page asks for by itself waits for no banner.
#[tokio::test]
async fn what_a_page_asks_for_shows_before_anybody_was_asked() {
    let mut asked = nps();
    asked["rule"] = json!({ "path": "/nowhere" });
    let host = site(&[asked, bar("other", "Other", json!({ "path": "/nowhere" }))], "page").await;
    says(&host, "/", &format!("{STUB} waymark('consent', {{ store: null, profile: null }})"));
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    browser.eval("waymark('show', 'nps')").await;
    browser.prompt().await.says("recommend").await;
}

/// Who has said no goes by another id from then on, and the page knows nothing of who it was before.
#[tokio::test]
async fn after_a_no_nobody_is_who_they_were() {
    let host = site(&[nps()], "page").await;
    host.page("/", "<h1>Shop</h1>");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    let prompt = browser.prompt().await;
    seen(&browser).await;
    let before = visits(&browser).await[0].clone();
    browser.forget_network().await;
    browser.eval("waymark('consent', { store: false })").await;
    browser.settled().await;
    prompt.click("9").await;
    browser.settled().await;
    let after = visits(&browser).await;
    assert!(after.len() > 1, "{after:?}");
    for visit in after {
        for name in ["visitor", "device", "session"] {
            assert!(!before[name].is_null());
            assert_ne!(visit[name], before[name], "{name}");
        }
    }
    assert_eq!(browser.eval(KEPT).await, json!([]));
    assert_eq!(host.viewed().await, ["/"]);
    for told in ["Prompt Viewed", "NPS Answered"] {
        assert_eq!(host.events("id", told).await.len(), 1, "{told}");
    }
}

/// Banners that remember a choice say it while the page's first request is on its way: what was answered to nobody is asked again.
#[tokio::test]
async fn a_yes_that_comes_while_the_page_is_told_of_is_heard() {
    let mut once = nps();
    once["frequency"] = json!({ "at_most": 1 });
    let host = site(&[once], "page").await;
    says(&host, "/", &format!("{STUB} waymark('consent', {{ store: null, profile: null }})"));
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/wait")).await;
    browser.slow(1000.0).await;
    browser.goto(host.pages.url("/")).await;
    browser.wait_for("performance.getEntriesByType('resource').length > 0 && waymark.live").await;
    browser.eval("waymark('consent', { store: true, profile: true })").await;
    until("the page to be stored", async || match host.viewed().await.as_slice() {
        [page] if page == "/" => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
    browser.slow(0.0).await;
    browser.settled().await;
    assert_eq!(host.viewed().await, ["/"]);
}

/// Without an id that lasts nobody takes part in an experiment: on the next page they would be somebody else in it.
#[tokio::test]
async fn nobody_is_drawn_by_lot_who_has_no_id() {
    let mut tried = nps();
    tried["experiment"] = json!({ "variants": [{ "key": "a", "weight": 1 }, { "key": "b", "weight": 1 }] });
    let host = site(&[tried], "page").await;
    says(&host, "/no", &format!("{STUB} waymark('consent', {{ store: false }})"));
    says(&host, "/yes", STUB);
    let browser = Browser::desktop().await;
    let drawn = async || host.app.texts("select id from event where action = 'eligible'").await.len();
    for _ in 0..3 {
        browser.goto(host.pages.url("/no")).await;
        browser.settled().await;
    }
    assert_eq!(drawn().await, 0);
    for _ in 0..3 {
        browser.goto(host.pages.url("/yes")).await;
        browser.settled().await;
    }
    assert_eq!(drawn().await, 1);
}

#[tokio::test]
async fn what_may_be_kept_comes_and_goes() {
    let host = site(&[nps()], "page").await;
    says(&host, "/", &format!("{STUB} waymark('consent', {{ store: null }})"));
    says(&host, "/asked", STUB);
    let browser = Browser::desktop().await;
    let visitor = format!("return JSON.parse(localStorage['waymark.{}']).visitor", host.site.key);
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("recommend").await;
    assert_eq!(browser.eval(KEPT).await, json!([]));
    browser.eval("waymark('consent', { store: true })").await;
    browser.settled().await;
    let first = browser.eval(&visitor).await;
    assert_eq!(host.viewed().await, ["/"], "once");
    // What happens before anybody was asked waits; so does who it is.
    browser.goto(host.pages.url("/")).await;
    browser
        .eval("waymark('consent', { profile: null }); waymark('identify', 'ada'); waymark('track', 'Ordered')")
        .await;
    browser.settled().await;
    assert_eq!(host.events("id", "Ordered").await, Vec::<String>::new());
    browser.eval("waymark('consent', { store: true, profile: true })").await;
    browser.settled().await;
    assert_eq!(host.events("user_id", "Identified").await, ["ada"]);
    assert_eq!(host.events("id", "Ordered").await.len(), 1);
    assert_eq!(host.viewed().await, ["/", "/"]);
    // What happens after a no does not.
    browser.eval("waymark('consent', { profile: false }); waymark('track', 'Ordered')").await;
    browser.settled().await;
    browser.eval("waymark('consent', { profile: true })").await;
    browser.settled().await;
    assert_eq!(host.events("id", "Ordered").await.len(), 1);
    // On the next page nothing is said at first. What is there stays there, and is taken up once it may be.
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    assert_eq!(browser.eval(&visitor).await, first);
    browser.eval("waymark('consent', { store: true })").await;
    browser.settled().await;
    assert_eq!(browser.eval(&visitor).await, first);
    browser.no_prompt().await;
    assert_eq!(host.viewed().await, ["/", "/", "/"], "each page once, whatever was agreed to on it");
    // A no removes it, now.
    browser.eval("waymark('consent', { store: false })").await;
    assert_eq!(browser.eval(KEPT).await, json!([]));
    browser.goto(host.pages.url("/asked")).await;
    browser.settled().await;
    assert_ne!(browser.eval(&visitor).await, first, "somebody new");
}

#[tokio::test]
async fn global_privacy_control_is_a_no_to_a_profile() {
    let prompts = [bar("profiled", "For those we know", json!({ "consent": "profile" })), nps()];
    let host = site(&prompts, "page").await;
    says(
        &host,
        "/",
        &format!("{STUB} waymark('consent', {{ store: true, profile: true }}); waymark('track', 'Ordered')"),
    );
    let browser = Browser::desktop().await;
    let gpc = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })";
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": gpc })).await;
    browser.cdp("Network.setExtraHTTPHeaders", json!({ "headers": { "Sec-GPC": "1" } })).await;
    browser.goto(host.pages.url("/?utm_campaign=spring")).await;
    browser.prompt().await.click("9").await;
    browser.settled().await;
    assert_eq!(names(&host).await, ["NPS Answered", "Prompt Shown"]);
    browser.eval("waymark('consent', { profile: true })").await;
    browser.prompt().await.says("Thank").await;
    assert_eq!(browser.console_errors().await, []);
}

/// What a page says before the snippet, and what comes then; after each whether something may be kept, and a profile made.
type Banner = (&'static str, &'static str, &'static [(&'static str, [bool; 2])]);

const NO: [bool; 2] = [false, false];
const HALF: [bool; 2] = [true, false];
const YES: [bool; 2] = [true, true];

/// How pages speak to Google Consent Mode.
const GTAG: &str = "window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }
    const all = (state) => ({ functionality_storage: state, personalization_storage: state, analytics_storage: state });";

/// The tag manager's own state, as far as anybody reads it.
const STATE: &str = "const runs = []; let state = 2;
    window.google_tag_data = { ics: { getConsentState: () => state, addListener: (_, run) => runs.push(run) } };
    window.decide = (now) => { state = now; runs.forEach((run) => run()); };";

const CONSENT_MODE: [Banner; 6] = [
    (
        "denied by default",
        "gtag('consent', 'default', all('denied'))",
        &[
            ("", NO),
            (
                "gtag('consent', 'update', { functionality_storage: 'granted', personalization_storage: 'denied' })",
                HALF,
            ),
            ("gtag('consent', 'update', all('granted'))", YES),
            ("gtag('consent', 'update', all('denied'))", NO),
        ],
    ),
    ("granted by default", "gtag('consent', 'default', all('granted'))", &[("", YES)]),
    (
        "denied somewhere",
        "gtag('consent', 'default', { region: ['DE'], analytics_storage: 'denied' });
         gtag('consent', 'default', { analytics_storage: 'granted' })",
        &[("", NO), ("gtag('consent', 'update', { analytics_storage: 'granted' })", YES)],
    ),
    (
        "analytics is all that it speaks of",
        "gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'granted' })",
        &[("", YES)],
    ),
    (
        "nothing is said",
        "",
        &[("gtag('event', 'looked'); dataLayer.push(null, 7, 'consent', ['consent'], ['consent', 'update'])", NO)],
    ),
    ("by the tag manager", STATE, &[("", NO), ("decide(1)", YES), ("decide(2)", NO)]),
];

#[tokio::test]
async fn google_consent_mode_is_followed() {
    let host = site(&[], "consent_mode").await;
    let browser = Browser::desktop().await;
    for (what, before, changes) in CONSENT_MODE {
        browser.goto(host.pages.url("/wait")).await;
        browser.eval("localStorage.clear()").await;
        says(&host, "/", &format!("{GTAG} {before}"));
        browser.goto(host.pages.url("/")).await;
        for (change, expected) in changes {
            browser.eval(change).await;
            browser.settled().await;
            let given = visits(&browser).await.last().unwrap()["given"].clone();
            assert_eq!(
                [&given["store"], &given["profile"]].map(|said| said == &json!(true)),
                *expected,
                "{what}: {change}"
            );
            assert_eq!(!browser.eval(KEPT).await.as_array().unwrap().is_empty(), expected[0], "{what}: {change}");
        }
        assert_eq!(browser.page_errors().await, Vec::<String>::new(), "{what}");
    }
}

/// Banners deny by default on each page, and a moment later say what the visitor has chosen before: they stay who they are.
#[tokio::test]
async fn a_default_that_denies_forgets_nobody() {
    let host = site(&[], "consent_mode").await;
    says(&host, "/", &format!("{GTAG} gtag('consent', 'default', all('denied'))"));
    let browser = Browser::desktop().await;
    let visitor = format!("return JSON.parse(localStorage['waymark.{}']).visitor", host.site.key);
    let mut known = Vec::new();
    for _ in 0..3 {
        browser.goto(host.pages.url("/")).await;
        browser.settled().await;
        browser.eval("gtag('consent', 'update', all('granted'))").await;
        browser.settled().await;
        known.push(browser.eval(&visitor).await);
    }
    assert!(known[0].is_string() && known.iter().all(|one| *one == known[0]), "{known:?}");
    assert_eq!(host.viewed().await, ["/", "/", "/"]);
    browser.goto(host.pages.url("/")).await;
    browser.settled().await;
    browser.eval("gtag('consent', 'update', all('denied'))").await;
    assert_eq!(browser.eval(KEPT).await, json!([]), "that is their word");
}

/// A banner of the TCF, early and late.
#[tokio::test]
async fn a_banner_of_the_tcf_is_followed() {
    let api = "window.tcf = { runs: [], data: { eventStatus: 'cmpuishown', gdprApplies: true, purpose: { consents: {} } } };
               window.__tcfapi = (command, version, run) => { tcf.runs.push(run); run(tcf.data, true); };
               window.choose = (data) => tcf.runs.forEach((run) => run({ eventStatus: 'useractioncomplete', gdprApplies: true, ...data }, true));";
    let late = format!("addEventListener('DOMContentLoaded', () => {{ {api} }})");
    let purposes = |list: &[u8]| {
        let consents: Vec<String> = list.iter().map(|purpose| format!("{purpose}: true")).collect();
        format!("choose({{ purpose: {{ consents: {{ {} }} }} }})", consents.join(", "))
    };
    let host = site(&[], "tcf").await;
    let browser = Browser::desktop().await;
    for (what, before) in [("early", api), ("late", late.as_str())] {
        browser.goto(host.pages.url("/wait")).await;
        browser.eval("localStorage.clear()").await;
        says(&host, "/", before);
        browser.goto(host.pages.url("/")).await;
        for (change, expected) in [
            (String::new(), NO),
            (purposes(&[1]), HALF),
            (purposes(&[1, 5, 6]), YES),
            (purposes(&[5, 6]), NO),
            ("choose({ gdprApplies: false })".to_owned(), YES),
            ("tcf.runs.forEach((run) => run(null, false))".to_owned(), YES),
        ] {
            browser.eval(&change).await;
            let given = visits(&browser).await.last().unwrap()["given"].clone();
            assert_eq!(
                [&given["store"], &given["profile"]].map(|said| said == &json!(true)),
                expected,
                "{what}: {change}"
            );
            assert_eq!(!browser.eval(KEPT).await.as_array().unwrap().is_empty(), expected[0], "{what}: {change}");
        }
        assert_eq!(browser.page_errors().await, Vec::<String>::new(), "{what}");
    }
    // Where there is no such banner at all, nothing is agreed to.
    says(&host, "/", "");
    browser.goto(host.pages.url("/")).await;
    assert_eq!(visits(&browser).await[0]["given"]["store"], Value::Null);
}
