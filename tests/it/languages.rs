//! In which language prompts speak, and that what is ours in them speaks it too.

use harness::{Browser, BrowserOptions};
use serde_json::{Value, json};

use crate::host::{Host, seen};

/// One question in several languages. In Polish only the question is translated.
fn nps() -> Value {
    json!({ "key": "nps", "placement": { "corner": "bottom_end" }, "rule": { "path": "**" },
            "frequency": { "per_session": 100, "at_most": 100, "after_dismissal": "0s" },
            "content": { "nps": { "question": "Would you recommend us?", "follow_up": { "question": "Why?" } } },
            "translations": {
                "de": { "Would you recommend us?": "Würden Sie uns empfehlen?", "Why?": "Warum?" },
                "fr": { "Would you recommend us?": "Nous recommanderiez-vous ?", "Why?": "Pourquoi ?" },
                "pl": { "Would you recommend us?": "Czy nas polecisz?" },
                "ar": { "Would you recommend us?": "هل توصي بنا؟", "Why?": "لماذا؟" } } })
}

async fn browser(language: &str) -> Browser {
    Browser::new(BrowserOptions { language: language.to_owned(), reduced_motion: true, ..BrowserOptions::default() })
        .await
}

const DIRECTION: &str =
    "[...root.querySelectorAll('[lang]')].map((one) => one.lang + ' ' + getComputedStyle(one).direction).join()";

/// What somebody's language is: the one that they chose, then by what they are known for, then the page, then the browser, then the site. Nobody is shown nothing.
#[tokio::test]
async fn the_first_language_that_there_is_is_spoken() {
    let host = Host::with(&[nps()]).await;
    let known = "<script>waymark('identify', 'ada', { locale: 'fr_FR' })</script>";
    let chosen = "<script>waymark('identify', 'grace', { locale: 'fr_FR' }); waymark('language', 'pl')</script>";
    // The browser's, the page's, who it is; what is asked, what is ours, in which language and direction it says that it is.
    for (of_browser, of_page, who, question, ours, expected) in [
        ("en-US", "", "", "Would you recommend us?", "Extremely likely", "en ltr"),
        ("de-AT", "", "", "Würden Sie uns empfehlen?", "Sehr wahrscheinlich", "de-AT ltr"),
        ("de-AT", "fr", "", "Nous recommanderiez-vous ?", "Très probable", "fr ltr"),
        ("de-AT", "en", "", "Would you recommend us?", "Extremely likely", "en ltr"),
        ("de-AT", "en", known, "Nous recommanderiez-vous ?", "Très probable", "fr-FR ltr"),
        ("de-AT", "en", chosen, "Czy nas polecisz?", "Bardzo prawdopodobne", "pl ltr"),
        ("sv", "nonsense!", "", "Would you recommend us?", "Extremely likely", "en ltr"),
        ("pl", "", "", "Czy nas polecisz?", "Bardzo prawdopodobne", "pl ltr"),
        ("ar", "", "", "هل توصي بنا؟", "محتمل جدًا", "ar rtl"),
    ] {
        let what = format!("{of_browser} {of_page} {who}");
        host.pages.put([("/", format!("<!doctype html><html lang='{of_page}'>{}{who}<h1>Shop</h1>", host.snippet()))]);
        let browser = browser(of_browser).await;
        browser.goto(host.pages.url("/")).await;
        let prompt = browser.prompt().await;
        prompt.says(question).await;
        prompt.says(ours).await;
        assert_eq!(prompt.eval(DIRECTION).await, json!(expected), "{what}");
        prompt.accessible(&what).await;
    }
}

/// What is on the screen changes with it and counts once; what somebody has begun to answer stays as it is.
#[tokio::test]
async fn a_page_may_change_its_language_while_it_is_open() {
    let host = Host::with(&[nps()]).await;
    host.pages.put([("/", format!("<!doctype html><html lang=en>{}<h1>Shop</h1>", host.snippet()))]);
    let browser = browser("en-US").await;
    browser.goto(host.pages.url("/")).await;
    let prompt = browser.prompt().await;
    prompt.says("Would you recommend us?").await;
    browser.eval("document.documentElement.lang = 'de'").await;
    prompt.says("Würden Sie uns empfehlen?").await;
    prompt.says("Sehr wahrscheinlich").await;
    browser.screenshot("language-switched").await;
    seen(&browser).await;
    // What somebody says that they speak stands above what the page is in.
    browser.eval("waymark('language', 'ar')").await;
    prompt.says("هل توصي بنا؟").await;
    assert_eq!(prompt.eval(DIRECTION).await, json!("ar rtl"));
    browser.eval("document.documentElement.lang = 'fr'; waymark('language')").await;
    prompt.says("Nous recommanderiez-vous ?").await;
    prompt.click("9").await;
    prompt.says("Pourquoi ?").await;
    browser.eval("waymark('language', 'pl')").await;
    browser.settled().await;
    prompt.says("Pourquoi ?").await;
    prompt.click("Envoyer").await;
    prompt.says("Merci pour votre réponse.").await;
    // More than a second until the thanks have gone: what was seen in one language is not seen again in another.
    browser.prompt_gone().await;
    browser.settled().await;
    let log = host.app.texts("select name from event where prompt = 'nps' order by name").await;
    assert_eq!(log, ["NPS Answered", "Prompt Shown", "Prompt Viewed"]);
}

/// Every kind of prompt in German: nothing of ours is English in it.
#[tokio::test]
async fn nothing_of_ours_is_left_in_english() {
    let contents = json!({
        "nps": { "nps": { "question": "Empfehlen?", "follow_up": { "question": "Warum?" } } },
        "offer": { "offer": { "heading": "Rabatt", "body": "", "button": { "label": "Los", "url": "https://shop.test/" }, "coupon": { "code": "MAI", "ends": 4_102_444_800_000_i64, "countdown": true },
            "plans": [{ "name": "Team", "price": "9", "featured": true, "points": [] }] } },
        "share": { "share": { "heading": "Teilen", "text": "Schau", "url": "https://shop.test/", "to": ["x", "copy"] } },
        "notice": { "notice": { "heading": "Neu", "body": "" } },
        "survey": { "survey": { "questions": [
            { "id": "mail", "text": "Adresse?", "ask": { "email": {} } },
            { "id": "many", "text": "Welche?", "required": true, "ask": { "multiple": { "options": [{ "id": "a", "label": "A" }, { "id": "b", "label": "B" }], "min": 2 } } },
            { "id": "how", "text": "Wie war es?", "ask": { "csat": {} } },
            { "id": "when", "text": "Wann?", "required": true, "ask": { "date": { "min": "2030-01-31" } } }] } }
    });
    let german: Value = serde_json::from_str(include_str!("../../collector/data/words/de.json")).unwrap();
    let english: Vec<&str> =
        german.as_object().unwrap().keys().map(String::as_str).filter(|word| word.len() > 4).collect();
    let host = Host::with(&[]).await;
    host.page("/", "<h1>Laden</h1>");
    let browser = browser("de").await;
    for (key, content) in contents.as_object().unwrap() {
        let prompt = json!({ "key": key, "placement": "modal", "rule": { "path": "**" }, "content": content,
                             "frequency": { "per_session": 100, "at_most": 100, "after_dismissal": "0s" } });
        host.app.import_json(&host.site, &[("site.json", json!({ "language": "de", "policy": { "interruptions_per_session": 1000, "interruption_gap": "0s" } })), ("prompt.json", prompt)]).await;
        browser.goto(host.pages.url(&format!("/?{key}"))).await;
        browser.prompt().await;
        let all = "[...root.querySelectorAll('*')].flatMap((one) => [one.getAttribute('aria-label') || '', ...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data)]).join('|')";
        let said = browser.prompt().await.eval(all).await;
        let said = said.as_str().unwrap();
        for word in &english {
            let word = word.split("{").next().unwrap().trim();
            assert!(
                word.len() < 5 || !said.split('|').any(|text| text.trim().starts_with(word)),
                "{key}: {word:?} in {said}"
            );
        }
    }
}
