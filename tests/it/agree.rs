//! The engine in a browser, with the browser's own regular expressions: every shared case means there what it means natively and through
//! the collector, and so does any rule that nobody has written down.

mod rules;

use base64::Engine as _;
use harness::{Browser, Pages, TestApp, workspace};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// What a page runs before it is asked anything.
const BEGIN: &str = "const glue = await import('/glue.js');
    if (!window.begun) window.begun = WebAssembly.compile(Uint8Array.from(atob(CODE), (letter) => letter.charCodeAt(0)));
    glue.initSync({ module: await window.begun });";

/// What it runs for a module of its own for `test`.
const ANEW: &str = "const own = await import('/glue.js?' + test); own.initSync({ module: await window.begun });";

/// The same for the module as JavaScript.
const PLAIN: [&str; 2] =
    ["const glue = await import('/plain.js'); glue.default();", "const own = glue; own.default();"];

/// A browser on a page that has the module, also as JavaScript.
async fn module() -> (Pages, Browser) {
    let folder = workspace().join("target/cases");
    let read = |name: &str| {
        let read = std::fs::read(folder.join(name));
        read.unwrap_or_else(|error| panic!("{name}: {error}; `cargo xtask cases` compiles the cases for the browser"))
    };
    let code = base64::engine::general_purpose::STANDARD.encode(read("waymark_bg.wasm"));
    let text = |name: &str| String::from_utf8(read(name)).unwrap();
    let page = format!("<script>CODE = '{code}'</script>");
    let pages = Pages::serve([("/glue.js", text("waymark.js")), ("/plain.js", text("plain.js")), ("/", page)]).await;
    let browser = Browser::desktop().await;
    browser.goto(pages.url("/")).await;
    (pages, browser)
}

/// All files of cases that the engine runs itself: their names without the ending, and what they say.
fn files() -> Vec<[String; 2]> {
    let kinds = [
        "choose",
        "experiment",
        "frequency",
        "journey",
        "prompt",
        "prompt/check",
        "rules",
        "rules/check",
        "score",
        "survey",
        "why",
    ];
    let mut files = Vec::new();
    for kind in kinds {
        for entry in std::fs::read_dir(workspace().join("tests/cases").join(kind)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "json") {
                let name = format!("{kind}/{}", path.file_stem().unwrap().to_string_lossy());
                files.push([name, std::fs::read_to_string(&path).unwrap()]);
            }
        }
    }
    files
}

#[tokio::test]
async fn every_case_holds_in_the_browser() {
    each_case_holds([BEGIN, ANEW]).await;
}

/// As JavaScript, where numbers of 64 bits are two of 32, and memory that grows is moved.
#[tokio::test]
async fn every_case_holds_as_javascript() {
    each_case_holds(PLAIN).await;
}

async fn each_case_holds([begin, anew]: [&str; 2]) {
    let (_pages, browser) = module().await;
    // A test that fails may leave the module in the middle of something, so each has one of its own.
    let run = async |files: &[[String; 2]]| {
        let files = serde_json::to_string(files).unwrap();
        let said = browser
            .eval(&format!(
                "{begin}
                const wrong = [];
                for (const test of glue.tests()) {{
                    {anew}
                    for (const [name, text] of {files}) own.hand_in(name, text);
                    try {{ own.run(test); }} catch (error) {{ wrong.push(test + ': ' + (error.message || error)); }}
                }}
                return {{ tests: glue.tests(), wrong }};"
            ))
            .await;
        let wrong: Vec<String> = serde_json::from_value(said["wrong"].clone()).unwrap();
        let tests: Vec<String> = serde_json::from_value(said["tests"].clone()).unwrap();
        (tests, wrong)
    };
    let mut files = files();
    let (tests, wrong) = run(&files).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tests.len() >= 16, "{tests:?}");

    // A case that expects something else is found there too.
    let routes = files.iter_mut().find(|[name, _]| name == "rules/patterns").expect("the cases of patterns");
    let turned = routes[1].replace("\"yes\"", "\"maybe\"").replace("\"no\"", "\"yes\"").replace("\"maybe\"", "\"no\"");
    assert_ne!(routes[1], turned);
    routes[1] = turned;
    let (_, wrong) = run(&files).await;
    let found = |test: &str| wrong.iter().any(|one| one.starts_with(&format!("{test}: ")));
    assert!(
        found("rules::rules_hold_as_their_cases_say") && !found("choose::one_prompt_wins_as_its_cases_say"),
        "{wrong:?}"
    );
}

/// So many batches of so many rules, each about somebody else.
const BATCHES: [usize; 2] = [20, 40];

#[tokio::test]
async fn browser_and_collector_agree_on_any_rule() {
    let (_pages, browser) = module().await;
    let app = TestApp::sqlite().await;
    let site = app.site().await;
    let mut runner = TestRunner::default();
    let mut draw =
        |what: &dyn Fn() -> proptest::strategy::BoxedStrategy<Value>| what().new_tree(&mut runner).unwrap().current();
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..BATCHES[0] {
        let facts = draw(&|| rules::facts().boxed());
        let mut asked = Vec::new();
        while asked.len() < BATCHES[1] {
            let rule = draw(&|| rules::rule().boxed());
            if rules::can_be_saved(&rule) {
                asked.push(rule);
            }
        }
        let prompts: Vec<Value> = asked
            .iter()
            .enumerate()
            .map(|(at, rule)| crate::preview::dialog(&format!("p{at}"), rule, json!({})))
            .collect();
        let body = json!({ "now": crate::preview::NOW, "policy": {}, "prompts": prompts, "facts": facts });
        let answer = crate::preview::ask(&app, Some(&site.secret), &body.to_string()).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text);
        let told = answer.json();
        let there: Vec<&Value> = told["prompts"].as_array().unwrap().iter().map(|prompt| &prompt["rule"]).collect();

        let body = json!({ "rules": asked, "facts": facts }).to_string();
        let said = browser.eval(&format!("{BEGIN} return glue.ask({})", json!(body))).await;
        let here: Vec<Value> = serde_json::from_str(said.as_str().unwrap()).unwrap();
        assert_eq!(here.len(), there.len());
        for ((rule, here), there) in asked.iter().zip(&here).zip(there) {
            assert_eq!(here, there, "{rule}\nagainst {facts}");
            *seen.entry(here["holds"].as_str().unwrap().to_owned()).or_default() += 1;
            *seen.entry(format!("until {}", here["until"].is_i64())).or_default() += 1;
        }
    }
    // They are no empty questions.
    assert!(
        ["yes", "no", "unknown", "until true"].iter().all(|kind| seen.get(*kind).is_some_and(|count| *count > 20)),
        "{seen:?}"
    );
}
