//! `POST /v1/preview`: the shared cases of rules, choices and caps, run through the collector. They run natively in
//! `engine/tests/cases/`; what a rule means must not depend on who asks.

use std::collections::BTreeMap;

use harness::{Answer, Client, Site, TestApp, on_both, workspace};
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Map, Value, json};

/// The instant at which every case is asked.
pub const NOW: i64 = 1_750_000_000_000;

#[tokio::test]
async fn rules_hold_as_their_cases_say() {
    let preview = Preview::new().await;
    for (name, case) in cases("rules") {
        let facts = case.get("facts").cloned().unwrap_or(json!({}));
        let prompts = [dialog("p", &case["condition"], json!({}))];
        let body = json!({ "now": NOW, "policy": {}, "prompts": prompts, "facts": facts });
        let told = preview.told(&name, body).await;
        let rule = &told["prompts"][0]["rule"];
        assert_eq!(rule["holds"], case["expect"], "{name}: {rule}");
        if case.get("until").is_some() {
            assert_eq!(rule["until"], then(&case["until"]), "{name}: {rule}");
        }
        if let Some(words) = case.get("words") {
            assert_eq!(rule["lines"], *words, "{name}");
        }
        // It is shown exactly if it holds.
        let code = match case["expect"].as_str() {
            Some("yes") => "shows",
            Some("no") => "rule",
            _ => "unknown",
        };
        assert_eq!(told["prompts"][0]["code"], code, "{name}: {told}");
    }
}

#[tokio::test]
async fn one_prompt_wins_as_its_cases_say() {
    let preview = Preview::new().await;
    for (name, case) in cases("choose") {
        let expected = ["name", "winner", "variant", "losers", "drawn", "next", "needed", "why"];
        let mut body = case.clone();
        expected.iter().for_each(|field| drop(body.remove(*field)));
        body.insert("now".into(), NOW.into());
        body.entry("policy").or_insert_with(|| json!({}));
        let told = preview.told(&name, Value::Object(body)).await;
        assert_eq!(told["winner"], case["winner"], "{name}: {told}");
        assert_eq!(told["variant"], case.get("variant").cloned().unwrap_or_default(), "{name}: {told}");
        assert_eq!(told["needed"], case["needed"], "{name}: {told}");
        assert_eq!(told["next"], then(&case["next"]), "{name}: {told}");
        let drawn = told["drawn"].as_array().unwrap().iter();
        let mut drawn: Vec<Value> = drawn.map(|lot| json!([lot["prompt"], lot["epoch"], lot["arm"]])).collect();
        drawn.sort_by_key(|lot| lot[0].to_string());
        assert_eq!(json!(drawn), case.get("drawn").cloned().unwrap_or(json!([])), "{name}: {told}");
        for (key, said) in case.get("why").and_then(Value::as_object).into_iter().flatten() {
            let told = told["prompts"].as_array().unwrap().iter().find(|prompt| prompt["prompt"] == *key).unwrap();
            assert_eq!(json!([told["outcome"], told["words"]]), *said, "{name}: {key}");
        }
        let losers = told["prompts"].as_array().unwrap().iter().filter(|prompt| prompt["code"] != "shows");
        let losers: BTreeMap<&str, Reason> =
            losers.map(|prompt| (prompt["prompt"].as_str().unwrap(), Reason::told(prompt))).collect();
        let wanted = case["losers"].as_object().unwrap();
        let wanted: BTreeMap<&str, Reason> =
            wanted.iter().map(|(key, reason)| (key.as_str(), Reason::expected(reason))).collect();
        assert_eq!(losers, wanted, "{name}");
    }
}

#[tokio::test]
async fn caps_hold_as_their_cases_say() {
    /// Stands against nothing.
    fn never() -> Value {
        json!({ "per_session": 1000, "at_most": 1000, "gap": "0s", "after_dismissal": "0s", "snooze": "0s", "stop_on": [] })
    }
    let preview = Preview::new().await;
    for (name, case) in cases("frequency") {
        let everybody = json!({ "all": [] });
        let mut history = case["history"].clone();
        for one in history.as_array_mut().unwrap() {
            one.as_object_mut().unwrap().entry("prompt").or_insert("p".into());
        }
        let (policy, prompts) = match case.get("frequency") {
            // What must be seen ignores the site's caps.
            Some(frequency) => {
                let mut prompt = dialog("p", &everybody, frequency.clone());
                prompt["mandatory"] = true.into();
                let usual = case.get("usual_gap").cloned().unwrap_or("0s".into());
                prompt["frequency"].as_object_mut().unwrap().entry("gap").or_insert(usual);
                (json!({}), json!([prompt]))
            }
            None => {
                let mut prompts = case.get("prompts").cloned().unwrap_or(json!([dialog("p", &everybody, never())]));
                for prompt in prompts.as_array_mut().unwrap() {
                    prompt["frequency"] = never();
                }
                (case["policy"].clone(), prompts)
            }
        };
        let shown = case.get("on_page").cloned().unwrap_or(0.into());
        let body = json!({ "now": NOW, "policy": policy, "prompts": prompts, "history": history, "shown": shown });
        let told = preview.told(&name, body).await;
        let told = told["prompts"].as_array().unwrap().iter().find(|prompt| prompt["prompt"] == "p").unwrap().clone();
        // Of several that nothing stands against one wins.
        let code = Reason::told(&told);
        if case["expect"] == "allowed" {
            assert!(["shows", "outranked"].contains(&code.code.as_str()), "{name}: {told}");
        } else {
            assert_eq!(code, Reason::expected(&json!({ "capped": case["expect"] })), "{name}");
        }
    }
}

on_both! {
    async fn a_preview_speaks_of_what_it_was_told_alone(app: TestApp) {
        let site = app.site().await;
        let frequent = json!({ "per_session": 9, "at_most": 9, "gap": "0s" });
        let published = dialog("p", &json!({ "path": "/elsewhere" }), frequent);
        let settings = json!({ "page_groups": [{ "key": "docs", "paths": ["/docs/*"] }], "policy": { "holdout": 0.9999999 } });
        app.import_json(&site, &[("p.json", published), ("site.json", settings)]).await;
        let prompt = dialog("p", &json!({ "page_group": "docs" }), json!({}));
        let facts = json!({ "page": { "url": "https://shop.test/docs/a" } });
        let unit = json!({ "seed": "0000000000000001" });
        // What it does not say of the site, the site says.
        let asked = json!({ "prompts": [prompt.clone()], "facts": facts, "unit": unit });
        let told = ask(&app, Some(&site.secret), &asked.to_string()).await.json();
        assert_eq!(told["prompts"][0]["code"], "held_out_by_site", "{told}");
        assert_eq!(told["now"], app.now().0);
        assert_eq!(told["drawn"][0]["arm"], "site_holdout", "{told}");
        let asked = json!({ "prompts": [prompt], "facts": facts, "unit": unit, "policy": {} });
        let told = ask(&app, Some(&site.secret), &asked.to_string()).await.json();
        assert_eq!(told["winner"], "p", "{told}");
        assert_eq!(told["prompts"][0]["rule"]["lines"], json!(["yes: the page is one of \"docs\" (/docs/a)"]));
        let kept = app.texts(&format!("select id from event where site_id = '{}'", site.id)).await;
        assert_eq!(kept, Vec::<String>::new());
    }

    async fn what_cannot_be_previewed_is_said_with_its_place(app: TestApp) {
        let site = app.site().await;
        let prompt = dialog("p", &json!({ "all": [] }), json!({}));
        let nobody = ask(&app, None, "{}").await;
        assert_eq!((nobody.status.as_u16(), nobody.code().as_deref()), (401, Some("unknown_key")));
        let public = ask(&app, Some(&site.key), "{}").await;
        assert_eq!((public.status.as_u16(), public.code().as_deref()), (401, Some("unknown_key")));
        let cut = ask(&app, Some(&site.secret), "{\"prompts\": [").await;
        assert_eq!((cut.status.as_u16(), cut.code().as_deref()), (400, Some("not_json")));
        for (body, at, code) in [
            (json!({ "prompts": [prompt], "facts": { "page": { "ulr": "/" } } }), "facts.page.ulr", "unknown_field"),
            (json!({ "prompts": [prompt], "on_page_for": "soon" }), "on_page_for", "wrong_value"),
            (json!({ "prompts": [prompt], "history": [{ "prompt": "p", "did": "sneezed", "ago": "1d" }] }), "history[0].did", "wrong_value"),
            (json!({ "prompts": [{ "key": "p" }] }), "prompts[0]", "wrong_value"),
            (json!({}), ".", "wrong_value"),
        ] {
            let answer = ask(&app, Some(&site.secret), &body.to_string()).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_deref()), (422, Some("invalid")), "{body}");
            let problem = &answer.json()["problems"][0];
            assert_eq!((problem["at"].as_str(), problem["code"].as_str()), (Some(at), Some(code)), "{body}: {problem}");
            assert!(problem["message"].as_str().unwrap().ends_with(['.', '?']), "{problem}");
        }
    }
}

/// A collector with a site that has published nothing.
struct Preview {
    app: TestApp,
    site: Site,
}

impl Preview {
    async fn new() -> Preview {
        let app = TestApp::sqlite().await;
        let site = app.site().await;
        Preview { app, site }
    }

    async fn told(&self, name: &str, body: Value) -> Value {
        let answer = ask(&self.app, Some(&self.site.secret), &without_nulls(body).to_string()).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        answer.json()
    }
}

pub async fn ask(app: &TestApp, secret: Option<&str>, body: &str) -> Answer {
    let mut request = app.request(Method::POST, "/v1/preview").body(body.to_owned());
    if let Some(secret) = secret {
        request = request.header(AUTHORIZATION, format!("Bearer {secret}"));
    }
    Client::try_send(app, request).await.unwrap()
}

/// What a case leaves out is left out.
fn without_nulls(mut body: Value) -> Value {
    if let Value::Object(fields) = &mut body {
        fields.retain(|_, value| !value.is_null());
    }
    body
}

/// A dialog with a link.
pub fn dialog(key: &str, rule: &Value, frequency: Value) -> Value {
    let content = json!({ "community": { "heading": "Meet", "links": [{ "label": "Forum", "url": "/forum" }] } });
    json!({ "key": key, "placement": "modal", "content": content, "rule": rule, "frequency": frequency })
}

/// Every case of one kind, with its file and name.
fn cases(kind: &str) -> Vec<(String, Map<String, Value>)> {
    let mut paths: Vec<_> = std::fs::read_dir(workspace().join("tests/cases").join(kind)).unwrap().collect();
    paths.sort_by_key(|entry| entry.as_ref().unwrap().path());
    let files = paths.into_iter().map(|entry| entry.unwrap().path());
    let mut all = Vec::new();
    for path in files.filter(|path| path.extension().is_some_and(|end| end == "json")) {
        let read: Vec<Map<String, Value>> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        all.extend(read.into_iter().map(|case| (format!("{kind}/{file}: {}", case["name"]), case)));
    }
    assert!(all.len() > 20, "only {} cases in {kind}", all.len());
    all
}

/// Why a prompt does not show, as it is answered.
#[derive(PartialEq, Debug)]
struct Reason {
    code: String,
    of: Option<String>,
    until: Value,
}

impl Reason {
    fn told(prompt: &Value) -> Reason {
        let text = |field: &str| prompt[field].as_str().map(str::to_owned);
        Reason { code: text("code").unwrap(), of: text("of"), until: prompt["until"].clone() }
    }

    /// As a case writes it: a word; a word and until when; a word, what it is about, and until when.
    fn expected(said: &Value) -> Reason {
        let Some((word, about)) = said.as_object().and_then(|said| said.iter().next()) else {
            return Reason { code: said.as_str().unwrap().to_owned(), of: None, until: Value::Null };
        };
        let reason = |of: Option<String>, until: &Value| Reason { code: word.clone(), of, until: then(until) };
        match (word.as_str(), about) {
            ("capped", about) => Reason::expected(about),
            ("consent", about) => reason(about.as_str().map(str::to_owned), &Value::Null),
            (_, Value::Array(parts)) => {
                let of = parts[0].as_str().map_or_else(|| parts[0].to_string(), str::to_owned);
                reason(Some(of), &parts[1])
            }
            (_, until) => reason(None, until),
        }
    }
}

/// The instant so long after now; null for never.
fn then(offset: &Value) -> Value {
    let Some(mut rest) = offset.as_str() else { return Value::Null };
    let mut instant = NOW;
    while !rest.is_empty() {
        let sign = if rest.starts_with('-') { -1 } else { 1 };
        let bare = rest.trim_start_matches(['-', '+']);
        let (part, next) = bare.split_at(bare.find(['-', '+']).unwrap_or(bare.len()));
        instant += sign * engine::Span::parse(part).unwrap_or_else(|| panic!("{part}")).0;
        rest = next;
    }
    instant.into()
}
