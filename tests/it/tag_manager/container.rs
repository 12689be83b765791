//! The container that can be imported: it hangs together, its tag is the console's own, and filled in it works.

use std::collections::BTreeSet;

use harness::TagManager;
use harness::workspace;
use serde_json::{Value, json};

use super::{page, shop};
use crate::ways::offered;

/// All pages, as containers name it.
const ALL_PAGES: &str = "2147479553";

fn container() -> Value {
    let text = std::fs::read_to_string(workspace().join("examples/gtm/container.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()
}

fn parameter<'a>(of: &'a Value, key: &str) -> &'a str {
    let all = of["parameter"].as_array().unwrap();
    all.iter().find(|one| one["key"] == key).unwrap_or_else(|| panic!("{of} has no {key}"))["value"].as_str().unwrap()
}

fn list<'a>(of: &'a Value, what: &str) -> &'a Vec<Value> {
    of["containerVersion"][what].as_array().unwrap()
}

fn texts(of: &[Value], field: &str) -> BTreeSet<String> {
    of.iter().map(|one| one[field].as_str().unwrap().to_owned()).collect()
}

/// The names that stand between double braces.
fn references(text: &str) -> BTreeSet<String> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}").map(|(name, _)| name.to_owned())).collect()
}

#[test]
fn it_hangs_together() {
    let all = container();
    assert_eq!(all["exportFormatVersion"], 2);
    let (tags, variables, triggers) = (list(&all, "tag"), list(&all, "variable"), list(&all, "trigger"));
    let mut known = texts(variables, "name");
    known.extend(texts(list(&all, "builtInVariable"), "name"));
    // The event of a trigger's own is always there.
    known.insert("_event".to_owned());
    let unknown: Vec<_> = references(&all.to_string()).into_iter().filter(|name| !known.contains(name)).collect();
    assert_eq!(unknown, Vec::<String>::new());
    let mut triggers = texts(triggers, "triggerId");
    triggers.insert(ALL_PAGES.to_owned());
    for tag in tags {
        let fires = tag["firingTriggerId"].as_array().unwrap();
        assert!(fires.iter().all(|one| triggers.contains(one.as_str().unwrap())), "{tag}");
    }
    for (of, id) in [("tag", "tagId"), ("variable", "variableId"), ("trigger", "triggerId")] {
        assert_eq!(texts(list(&all, of), id).len(), list(&all, of).len(), "{id} twice");
        assert_eq!(texts(list(&all, of), "name").len(), list(&all, of).len(), "a name of {of} twice");
    }
    // What waits for somebody's own account does nothing until they have been there.
    let analytics = tags.iter().find(|tag| tag["type"] == "gaawe").unwrap();
    assert_eq!(analytics["paused"], true);
}

/// Each word that is told of a prompt has its variable, and goes on to the reports; each event fires the trigger.
#[test]
fn it_takes_what_prompts_say() {
    let all = container();
    let told: BTreeSet<String> = super::layer::WORDS.iter().map(|word| (*word).to_owned()).collect();
    let variables = list(&all, "variable").iter().filter(|one| one["type"] == "v");
    let read: BTreeSet<String> = variables.map(|one| parameter(one, "name").to_owned()).collect();
    assert_eq!(read, told);
    let analytics = list(&all, "tag").iter().find(|tag| tag["type"] == "gaawe").unwrap();
    let rows =
        analytics["parameter"].as_array().unwrap().iter().find(|one| one["key"] == "eventSettingsTable").unwrap();
    let sent: BTreeSet<String> = rows["list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["map"][0]["value"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(sent, told);
    let filter = &list(&all, "trigger")[0]["customEventFilter"][0];
    assert_eq!((&filter["type"], parameter(filter, "arg1")), (&json!("MATCH_REGEX"), "^waymark_prompt_.*"));
}

/// Imported and filled in, with consent as it says: held back while that is denied.
#[tokio::test]
async fn filled_in_it_works() {
    let (host, browser) = shop().await;
    let all = container();
    let tag = list(&all, "tag").iter().find(|tag| tag["type"] == "html").unwrap();
    assert_eq!((parameter(tag, "supportDocumentWrite"), &tag["firingTriggerId"]), ("false", &json!([ALL_PAGES])));
    let filled = parameter(tag, "html")
        .replace("{{Waymark address}}", &host.app.url(""))
        .replace("{{Waymark site key}}", &host.site.key);
    assert_eq!(filled, offered(&browser, &host.app, &host.site, "tag").await, "the console's own");

    assert_eq!(tag["consentSettings"]["consentStatus"], "NEEDED");
    let needed = tag["consentSettings"]["consentType"]["list"].as_array().unwrap();
    let needed: Vec<&str> = needed.iter().map(|one| one["value"].as_str().unwrap()).collect();
    let tags = TagManager::default().html_with_consent(TagManager::ALL_PAGES, &filled, &needed);
    page(&host, "/", &tags, "<h1>Shop</h1>");
    let denied = "<script>dataLayer = []; (function () { dataLayer.push(arguments); })('consent', 'default', { functionality_storage: 'denied' });</script>";
    host.pages.put([("/denied", format!("{denied}{}<h1>Shop</h1>", tags.snippet()))]);
    browser.goto(host.pages.url("/denied")).await;
    browser.no_prompt().await;
    assert_eq!(host.viewed().await, Vec::<String>::new());
    browser.goto(host.pages.url("/")).await;
    browser.prompt().await.says("Hello").await;
    assert_eq!(browser.console_errors().await, []);
}
