//! The main job, from one end to the other: a page with the snippet, a real browser, the right prompt for the right person, a
//! stored answer, a stage that moves, and the next page with the next prompt.
//!
//! It is told in the demo shop as it ships; in the same shop with every key, stage, campaign and event name replaced by random words, so that
//! nothing in the product can know the story; and by each way in which pages come to carry the widget.

use std::collections::{BTreeSet, HashMap};

use harness::browser::Exchange;
use harness::{Backend, Browser, BrowserOptions, Client, Pages, Site, TestApp, workspace};
use serde_json::{Value, json};

use crate::ways::Delivery;

const DAY: i64 = 86_400_000;

/// Where the story is told, and in which words.
pub struct Scene {
    app: TestApp,
    site: Site,
    /// Address of the shop, with a slash at its end.
    shop: String,
    words: Words,
    /// Serve the shop, which comes to carry the widget in this way; the demo site serves its own.
    pages: Option<(Pages, Delivery)>,
}

/// What each name of the example files is called here.
#[derive(Default)]
pub struct Words(HashMap<String, String>);

impl Words {
    fn get<'a>(&'a self, word: &'a str) -> &'a str {
        self.0.get(word).map_or(word, String::as_str)
    }

    /// Every text in a document that is one of the words.
    fn rename(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.get(text).to_owned(),
            Value::Array(list) => list.iter_mut().for_each(|member| self.rename(member)),
            Value::Object(map) => map.values_mut().for_each(|member| self.rename(member)),
            _ => {}
        }
    }
}

impl Scene {
    /// The demo site, as `waymark serve --demo examples` makes it.
    pub async fn demo() -> Scene {
        let app = TestApp::live(Backend::Sqlite, |config| config.demo = workspace().join("examples")).await;
        let secret = app.running().first.demo_secret.clone().expect("a first start tells the demo's secret key");
        let origin = app.url("");
        let site = Site { id: "demo".into(), key: "wk_demo".into(), secret, origin: origin.clone() };
        Scene { app, site, shop: format!("{origin}/demo/shop/"), words: Words::default(), pages: None }
    }

    /// Another site with the same shop, in which nothing is called what it is called in the examples.
    async fn renamed() -> Scene {
        let mut words = HashMap::new();
        for (index, word) in names().into_iter().enumerate() {
            let random = uuid::Uuid::new_v4().simple().to_string();
            let is_key = word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            // Keys stay keys; names of events are words with a space.
            let new = if is_key { format!("w{index}_{}", &random[..6]) } else { format!("W{index} {}", &random[..6]) };
            words.insert(word, new);
        }
        Scene::elsewhere(Words(words), Delivery::Script, "").await
    }

    /// Another site with the same shop, on a collector with this path for pages.
    pub async fn elsewhere(words: Words, way: Delivery, path: &str) -> Scene {
        let app = TestApp::live(Backend::Sqlite, |config| config.public_path = path.to_owned()).await;
        // The site names the pages' origin: so the address comes first and the pages follow.
        let pages = Pages::serve([("/", "")]).await;
        let site = app.site_at(&[&pages.origin()]).await;
        let mut files = Vec::new();
        for (name, mut document) in example_documents() {
            words.rename(&mut document);
            files.push((name, document));
        }
        let files: Vec<(&str, Value)> =
            files.iter().map(|(name, document)| (name.as_str(), document.clone())).collect();
        app.import_json(&site, &files).await;
        Scene { app, site, shop: pages.url("/"), words, pages: Some((pages, way)) }
    }

    /// The owner puts on the pages what the console offers.
    async fn install(&self, owner: &Browser) {
        if let Some((pages, way)) = &self.pages {
            let carried = way.carried(owner, &self.app, &self.site).await;
            if *way != Delivery::Package {
                pages.put(shop_files(&self.words, &carried.head));
            }
            pages.put(carried.files);
            pages.under(carried.policy);
        }
    }

    /// A page of the shop. As an application it has routes where the shop has files.
    fn page(&self, path: &str) -> String {
        let is_application = matches!(self.pages, Some((_, Delivery::Package)));
        let path = if is_application { path.replace("index.html", "").replace(".html", "") } else { path.to_owned() };
        format!("{}{path}", self.shop)
    }

    /// The next day comes: through the demo's own address on the demo site, elsewhere by the collector's clock.
    async fn days(&self, days: i64) {
        if self.site.key == "wk_demo" {
            let body = json!({ "advance_ms": days * DAY }).to_string();
            let client: &Client = &self.app;
            let request = client.request(reqwest::Method::POST, "/demo/clock").body(body);
            let answer = client.try_send(request).await.expect("the collector answers");
            assert_eq!(answer.status, 204, "{}", answer.text);
        } else {
            self.app.advance(days * DAY);
        }
    }

    /// The shop's server tells of an event of the account.
    async fn server(&self, name: &str, props: Value) {
        let event =
            json!({ "type": "track", "name": self.words.get(name), "account_id": "quay-cycles", "props": props });
        self.app.server_batch(&self.site.secret, json!([event])).await.accepted();
    }
}

/// All names of the example files that are not the product's own.
fn names() -> Vec<String> {
    let own = ["Page Viewed", "NPS Answered", "Review Link Followed"];
    let mut names: Vec<String> = vec!["spring".into()];
    let mut take = |value: &Value| names.extend(value.as_str().map(str::to_owned));
    for (_, document) in example_documents() {
        visit(&document, &mut |key, value| {
            let is_name = matches!(key, "key" | "journey")
                || (key == "name" && value.as_str().is_some_and(|n| !own.contains(&n)));
            if is_name || key == "since_event" {
                take(value);
            }
        });
    }
    names.sort();
    names.dedup();
    names
}

fn visit(value: &Value, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(map) => {
            for (key, member) in map {
                see(key, member);
                visit(member, see);
            }
        }
        Value::Array(list) => list.iter().for_each(|member| visit(member, see)),
        _ => {}
    }
}

fn example_documents() -> Vec<(String, Value)> {
    let examples = workspace().join("examples");
    let mut files = vec![examples.join("site.json")];
    for folder in ["prompts", "journeys"] {
        files.extend(std::fs::read_dir(examples.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    };
    files.into_iter().map(read).collect()
}

/// What the pages of the example shop carry.
const SNIPPET: &str = "<script async fetchpriority=\"high\" src=\"/w/wk_demo.js\"></script>";

/// The example shop's files, with something else in place of its snippet, its events renamed, and without the demo's panel.
fn shop_files(words: &Words, carried: &str) -> HashMap<String, String> {
    let folder = workspace().join("examples/shop");
    let mut files = HashMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("demo.") {
            continue;
        }
        let plain = std::fs::read_to_string(path).unwrap();
        let mut text = plain.replace(SNIPPET, carried);
        assert!(!name.ends_with(".html") || text != plain, "{name} has no snippet to take out");
        for (word, new) in &words.0 {
            text = text
                .replace(&format!("'{word}'"), &format!("'{new}'"))
                .replace(&format!("\"{word}\""), &format!("\"{new}\""));
        }
        files.insert(format!("/{name}"), text);
    }
    files
}

#[tokio::test]
async fn the_story_in_the_demo_shop() {
    let scene = Scene::demo().await;
    tell(&scene, "demo", BrowserOptions::default()).await;
}

#[tokio::test]
async fn the_story_with_every_name_replaced() {
    let scene = Scene::renamed().await;
    tell(&scene, "renamed", BrowserOptions::default()).await;
}

#[tokio::test]
async fn the_story_by_the_tag_manager() {
    let scene = Scene::elsewhere(Words::default(), Delivery::TagManager, "").await;
    tell(&scene, "tag-manager", BrowserOptions::default()).await;
}

#[tokio::test]
async fn the_story_by_the_template_for_the_tag_manager() {
    let scene = Scene::elsewhere(Words::default(), Delivery::Template, "").await;
    tell(&scene, "template", BrowserOptions::default()).await;
}

#[tokio::test]
async fn the_story_under_a_strict_policy() {
    let scene = Scene::elsewhere(Words::default(), Delivery::Strict, "").await;
    tell(&scene, "strict", BrowserOptions::default()).await;
}

#[tokio::test]
async fn the_story_where_no_webassembly_runs() {
    let scene = Scene::elsewhere(Words::default(), Delivery::JavaScript, "").await;
    tell(&scene, "javascript", BrowserOptions::default()).await;
}

#[tokio::test]
async fn the_story_by_the_package_in_an_application() {
    let routes = [("./plan.html?plan=team".to_owned(), "./plan?plan=team".to_owned())];
    let scene = Scene::elsewhere(Words(routes.into()), Delivery::Package, "").await;
    tell(&scene, "package", BrowserOptions::default()).await;
}

/// Below a path of the operator's: nothing is asked of the usual ones, and no name says what it is for.
#[tokio::test]
async fn the_story_below_another_path() {
    let scene = Scene::elsewhere(Words::default(), Delivery::Script, "/assets/m").await;
    let asked = tell(&scene, "path", BrowserOptions::default()).await;
    let collector = scene.app.url("");
    let paths: BTreeSet<_> = asked.iter().filter_map(|one| one.url.strip_prefix(&collector)).collect();
    let of_pages: Vec<_> = paths.iter().filter(|path| path.starts_with("/assets/m/")).collect();
    for part in [&format!("/{}.js", scene.site.key), &format!("/{}.json", scene.site.key), "/v", ".wasm"] {
        assert!(of_pages.iter().any(|path| path.contains(part)), "{part} is not there: {of_pages:?}");
    }
    let said =
        ["analytic", "beacon", "collect", "event", "metric", "pixel", "popup", "survey", "track", "visit", "waymark"];
    for path in &of_pages {
        assert!(!said.iter().any(|word| path.contains(word)), "{path}");
    }
    let usual = ["/w/", "/a/", "/i/", "/v1/"];
    assert!(!paths.iter().any(|path| usual.iter().any(|usual| path.starts_with(usual))), "{paths:?}");
    let before = scene.app.get(&format!("/w/{}.js", scene.site.key)).await;
    assert_eq!(before.status, 200, "pages with the line of before go on to work");
}

/// Tells it in browsers like this one, and says what the visitor's has asked for.
pub async fn tell(scene: &Scene, shots: &str, options: BrowserOptions) -> Vec<Exchange> {
    // Still, so that each picture shows the prompt as it is and not on its way in.
    let browser = Browser::new(BrowserOptions { reduced_motion: true, ..options }).await;
    let campaign = scene.words.get("spring").to_owned();
    set_password(scene, &browser).await;
    scene.install(&browser).await;

    // Somebody without the campaign gets nothing on the pricing page.
    let other = browser.another(BrowserOptions::default()).await;
    other.goto(scene.page("index.html")).await;
    other.click_css("[data-demo-request]").await;
    other.settled().await;
    other.goto(scene.page("pricing.html")).await;
    other.no_prompt().await;

    // Somebody comes from the e-mail, browses without the query, asks for a demo, and gets the offer on the pricing page.
    browser.goto(scene.page(&format!("index.html?utm_campaign={campaign}&utm_medium=email"))).await;
    browser.no_prompt().await;
    browser.goto(scene.page("docs.html")).await;
    browser.settled().await;
    browser.goto(scene.page("index.html")).await;
    browser.click_css("[data-demo-request]").await;
    browser.settled().await;
    browser.goto(scene.page("pricing.html")).await;
    let offer = browser.prompt().await;
    offer.says("20 % off your first year").await;
    assert_eq!(offer.mode().await, "closed");
    shoot(&browser, &format!("{shots}-offer")).await;

    // Its button leads to the plan, and the coupon is filled in there.
    offer.click("See the Team plan").await;
    browser
        .wait_for(
            "/[/]plan([.]html)?$/.test(location.pathname) && document.querySelector('#coupon')?.value === 'SPRING20'",
        )
        .await;

    // They sign up.
    browser.goto(scene.page("account.html")).await;
    browser.type_into("Work e-mail", "ada@quay.example").await;
    browser.type_into("Company", "Quay Cycles").await;
    browser.click_css("[data-sign-up] button[type=submit]").await;
    browser.wait_for("document.querySelector('[data-account-id]')?.textContent === 'quay-cycles'").await;
    browser.settled().await;

    // The billing system says that they pay: at once the offer is gone.
    scene.server("Subscription Started", json!({ "mrr": 49 })).await;
    browser.goto(scene.page("pricing.html")).await;
    browser.no_prompt().await;

    // Their servers tell the rest, up to retention.
    for name in ["Integration Connected", "Teammate Invited", "Invoice Sent", "Subscription Renewed"] {
        scene.server(name, json!({})).await;
    }

    // The score and the comment.
    browser.goto(scene.page("index.html")).await;
    let nps = browser.prompt().await;
    nps.says("How likely are you to recommend Northwind Ledger").await;
    shoot(&browser, &format!("{shots}-nps")).await;
    nps.click("3").await;
    nps.says("What is the main reason for your score?").await;
    shoot(&browser, &format!("{shots}-nps-follow-up")).await;
    nps.type_into("What is the main reason for your score?", "The bank matching is slow").await;
    nps.click("Send").await;
    nps.says("We read every answer").await;
    browser.settled().await;

    // Nobody is bothered twice: not again, and not with the next prompt on the same day.
    browser.goto(scene.page("index.html")).await;
    browser.no_prompt().await;

    // The next day the review prompt comes, whatever the score was.
    scene.days(1).await;
    browser.goto(scene.page("index.html")).await;
    let review = browser.prompt().await;
    review.says("Would you tell others what you think?").await;
    shoot(&browser, &format!("{shots}-review")).await;
    review.click("G2").await;
    browser.tab(0).await;
    browser.settled().await;

    dismissed(scene, &browser, &campaign).await;
    person_page(scene, &browser).await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    let replay = scene.app.replay(&scene.site).await;
    assert!(replay.subjects > 0 && replay.different.is_empty(), "{replay:?}");
    browser.network().await
}

/// Somebody else dismisses the offer: it waits out its seven days.
async fn dismissed(scene: &Scene, browser: &Browser, campaign: &str) {
    let visitor = browser.another(BrowserOptions::default()).await;
    visitor.goto(scene.page(&format!("index.html?utm_campaign={campaign}&utm_medium=email"))).await;
    visitor.click_css("[data-demo-request]").await;
    visitor.settled().await;
    visitor.goto(scene.page("pricing.html")).await;
    let offer = visitor.prompt().await;
    offer.click("Not now").await;
    visitor.prompt_gone().await;
    visitor.settled().await;
    for days in [0, 6] {
        scene.days(days).await;
        visitor.goto(scene.page("pricing.html")).await;
        visitor.no_prompt().await;
    }
    scene.days(1).await;
    visitor.goto(scene.page("pricing.html")).await;
    visitor.prompt().await.says("20 % off your first year").await;
}

const OWNER: &str = "ada@shop.test";
const PASSWORD: &str = "correct horse battery";

/// The owner sets the console's password by the link that the first start printed; it is good for an hour.
async fn set_password(scene: &Scene, browser: &Browser) {
    let link = scene.app.running().first.setup_link.clone();
    browser.goto(link.expect("a first start offers a link to set the password")).await;
    browser.type_into("E-mail address", OWNER).await;
    browser.type_into("Password", PASSWORD).await;
    browser.type_into("The same again", PASSWORD).await;
    browser.click("Set the password").await;
    browser.wait_for("location.pathname.startsWith('/s/')").await;
}

/// The console's page about the person tells all of it, each move with its trigger.
async fn person_page(scene: &Scene, browser: &Browser) {
    let console = browser.another(BrowserOptions::default()).await;
    let page = format!("/s/{}/people/person/u_ada-quay-example", scene.site.id);
    console.goto(scene.app.url(&page)).await;
    console.type_into("E-mail address", OWNER).await;
    console.type_into("Password", PASSWORD).await;
    console.click("Sign in").await;
    console.wait_for("location.pathname.includes('/people/person/')").await;
    let text = console.text("body").await;
    let word = |name: &str| scene.words.get(name).to_owned();
    for expected in ["Evaluation", "Onboarding", "Adoption", "Retention", "Advocacy"] {
        assert!(text.contains(&word(expected)), "the move to {expected} is missing: {text}");
    }
    for expected in ["Demo Requested", "Subscription Started", "Invoice Sent", "Subscription Renewed", "Advocacy"] {
        assert!(text.contains(&word(expected)), "the event {expected} is missing: {text}");
    }
    for expected in ["NPS Answered", "The bank matching is slow", "Review Link Followed", "Prompt Shown"] {
        assert!(text.contains(expected), "{expected} is missing: {text}");
    }
    console.screenshot("person-page").await;
}

/// The prompt as it is on a desktop, and on a phone of 360 px.
async fn shoot(browser: &Browser, name: &str) {
    browser.screenshot(&format!("story-{name}-desktop")).await;
    let BrowserOptions { width, height, .. } = BrowserOptions::phone();
    browser.viewport(width, height, 2.0).await;
    browser.screenshot(&format!("story-{name}-360")).await;
    let BrowserOptions { width, height, .. } = BrowserOptions::default();
    browser.viewport(width, height, 1.0).await;
}
