//! The package for bundlers: it says what the widget hears and hears what the widget says; twice is once; while a server renders, nothing.

use std::path::Path;
use std::process::Command;

use engine::event::Action;
use harness::{Browser, workspace};
use serde_json::json;

use crate::host::{Host, bar};
use crate::ways::application;

const SOURCE: &str = "widget/npm/index.ts";

fn read(path: &str) -> String {
    std::fs::read_to_string(workspace().join(path)).unwrap_or_else(|_| panic!("{path} is missing"))
}

/// What Node.js says, started at the root; its complaint fails the test.
fn node(folder: &str, args: &[&str]) -> String {
    let output = Command::new("node").args(args).current_dir(workspace().join(folder)).output().unwrap();
    let [said, complaint] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success() && complaint.is_empty(), "{said}{complaint}");
    said
}

/// The first words of lines that begin with `before`.
fn words<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let after = text.lines().filter_map(|line| line.strip_prefix(before));
    let mut words: Vec<_> = after.filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next()).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words
}

/// Neither has a word that the other lacks.
#[test]
fn it_says_what_the_widget_hears() {
    let loader = read("widget/js/loader.js");
    let calls = loader.split_once("const calls = {\n").unwrap().1.split_once("\n  };\n").unwrap().0;
    let heard = words(calls, "    ");
    assert!(heard.contains(&"identify") && heard.len() >= 10, "{heard:?}");
    let source = read(SOURCE);
    let mut said = words(&source, "export function ");
    said.retain(|name| *name != "init");
    assert_eq!(said, heard);
    // Each under its own name; only `on` listens by itself, so that it can be ended.
    for name in said.iter().filter(|name| **name != "on") {
        assert!(source.contains(&format!("  say('{name}'")), "{name}");
    }
}

#[test]
fn it_hears_what_the_widget_says() {
    let source = read(SOURCE);
    let mut told = words(&source, "  | Did<'");
    told.extend(words(&source, "  | { readonly action: '"));
    told.sort_unstable();
    let mut happens: Vec<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
    happens.extend(["failed", "unreadable"]);
    happens.sort_unstable();
    assert_eq!(told, happens);
}

/// Right uses pass; each that is marked as wrong is refused, or the compiler says that nothing is wrong there.
#[test]
fn wrong_uses_do_not_compile() {
    let compiler = "widget/node_modules/typescript/bin/tsc";
    node(".", &[compiler, "--project", "widget/npm/tsconfig.uses.json"]);
    node("examples/vite", &["node_modules/typescript/bin/tsc", "--noEmit"]);
    assert!(read("widget/npm/uses.ts").matches("@ts-expect-error").count() >= 10);
}

/// Whatever a page may call, called where there is none.
#[test]
fn while_a_server_renders_it_does_nothing() {
    let script = "import * as waymark from './target/dist/npm/index.js';
        const before = Object.keys(globalThis).length;
        waymark.init({ address: 'https://ask.example.com', key: 'wk_1' });
        for (const name of ['identify', 'group', 'track', 'page', 'show', 'close', 'consent', 'language', 'reset', 'debug']) waymark[name]('a', {});
        waymark.on('shown', () => { throw 'heard'; })();
        console.log(Object.keys(waymark).length, Object.keys(globalThis).length - before);";
    assert_eq!(node(".", &["--input-type=module", "--eval", script]), "12 0\n");
}

/// The example as a server renders it.
#[test]
fn the_example_is_rendered_by_a_server() {
    let script = "import { render } from './target/examples/vite-server/server.js';
        for (const page of ['/', '/pricing', '/plan?coupon=SPRING20', '/account']) console.log(render(page));";
    let html = node(".", &["--input-type=module", "--eval", script]);
    for part in ["Invoices that get paid", "Choose Team", "value=\"SPRING20\"", "Open a workspace"] {
        assert!(html.contains(part), "{part} is missing: {html}");
    }
}

/// A page that imports the package as it is, without a bundler.
fn plain_page(host: &Host, beside: String, script: &str) {
    let module = std::fs::read_to_string(workspace().join(Path::new("target/dist/npm/index.js"))).unwrap();
    let page =
        format!("{beside}<h1>Shop</h1><script type=module>import * as waymark from '/package.js'; {script}</script>");
    host.pages.put([("/package.js", module), ("/", page)]);
}

fn init(host: &Host) -> String {
    let path = host.app.running().app.addresses.path();
    let path = if path.is_empty() { String::new() } else { format!(", path: '{path}'") };
    format!("waymark.init({{ address: '{}/', key: '{}'{path} }});", host.app.url(""), host.site.key)
}

/// As React does in strict mode, and beside the line; said before and after, heard until it is ended.
#[tokio::test]
async fn twice_is_once_and_nothing_said_is_lost() {
    for (beside, path) in [(false, ""), (true, ""), (false, "/m")] {
        let host = Host::below(path, &[bar("hello", "Hello", json!({ "path": "**" }))]).await;
        let init = init(&host);
        let script = format!(
            "window.heard = [];
             waymark.track('Early', {{ n: 1 }});
             {init} {init}
             waymark.identify(17, {{ plan: 'free' }});
             const deaf = waymark.on('dismissed', () => heard.push('ended'));
             waymark.on('shown', ({{ prompt, props }}) => heard.push(prompt, props.interrupts));
             waymark.on('viewed', () => {{ deaf(); heard.push('viewed'); }});
             window.again = () => {{ {init} waymark.track('Late'); }};"
        );
        plain_page(&host, if beside { host.snippet() } else { String::new() }, &script);
        let browser = Browser::desktop().await;
        browser.goto(host.pages.url("/")).await;
        browser.prompt().await.says("Hello").await;
        browser.wait_for("heard.includes('viewed')").await;
        browser.eval("again()").await;
        browser.prompt().await.click("No thanks").await;
        browser.prompt_gone().await;
        browser.settled().await;
        assert_eq!(browser.eval("return heard").await, json!(["hello", false, "viewed"]), "beside: {beside}");
        let scripts =
            "return performance.getEntriesByType('resource').filter(({ name }) => /wk_[^/]*js$/.test(name)).length";
        assert_eq!(browser.eval(scripts).await, json!(1), "beside: {beside}");
        assert_eq!(host.viewed().await, ["/"], "beside: {beside}");
        for name in ["Early", "Late", "Identified", "Prompt Shown"] {
            assert_eq!(host.events("name", name).await, [name], "beside: {beside}");
        }
        assert_eq!(browser.console_errors().await, []);
    }
}

/// Where a page lets nobody name scripts, and where nobody has said from where.
#[tokio::test]
async fn it_throws_nothing_where_it_may_not_load() {
    let host = Host::with(&[bar("hello", "Hello", json!({ "path": "**" }))]).await;
    plain_page(&host, String::new(), "");
    let browser = Browser::desktop().await;
    browser.goto(host.pages.url("/")).await;
    let absent = "const waymark = await import('/package.js'); waymark.init({ address: undefined, key: undefined }); waymark.track('Said'); return [window.waymark.q.length, document.scripts.length]";
    assert_eq!(browser.eval(&format!("return (async () => {{ {absent} }})()")).await, json!([1, 1]));

    let collector = host.app.url("");
    let strict = format!(
        "<!doctype html><html lang=en><title>Strict</title><meta http-equiv='Content-Security-Policy' content=\"default-src 'none';
         script-src 'self' {collector} 'wasm-unsafe-eval'; connect-src {collector}; require-trusted-types-for 'script'; trusted-types 'none'\">
         <script type=module src='/own.js'></script><h1>Shop</h1></html>"
    );
    let own = format!("import * as waymark from '/package.js'; {} {}", init(&host), init(&host));
    host.pages.put([("/strict", strict), ("/own.js", own)]);
    browser.goto(host.pages.url("/strict")).await;
    browser.prompt().await.says("Hello").await;
    browser.settled().await;
    assert_eq!(host.viewed().await, ["/strict"]);
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
}

/// The example as it is built, and as it is while one works on it, where React runs each effect twice: it says once who has signed up, what
/// was clicked, and who has gone.
#[tokio::test]
async fn the_example_says_who_is_there() {
    for built in ["vite", "vite-development"] {
        let host = Host::with(&[]).await;
        host.pages.put(application(built, &host.app, &host.site));
        let browser = Browser::desktop().await;
        browser.goto(host.pages.url("/account")).await;
        browser.type_into("Work e-mail", "ada@quay.example").await;
        browser.type_into("Company", "Quay Cycles").await;
        browser.click_css("[data-sign-up] button").await;
        browser.wait_for("document.querySelector('[data-account-id]')").await;
        browser.click("Pricing").await;
        browser.click("Request a demo").await;
        browser.settled().await;
        browser.click("Account").await;
        browser.click("Log out").await;
        browser.settled().await;
        browser.click("Pricing").await;
        browser.click("Request a demo").await;
        browser.settled().await;
        for name in ["Identified", "Signed Up"] {
            assert_eq!(host.events("name", name).await, [name], "{built}");
        }
        let asked = host.app.texts("select distinct subject from event where name = 'Demo Requested'").await;
        assert_eq!(asked.len(), 2, "{built}: who is somebody else after signing out: {asked:?}");
        assert_eq!(
            browser.eval("return document.querySelectorAll('script[src*=\"/w/\"]').length").await,
            json!(1),
            "{built}"
        );
        assert_eq!(browser.console_errors().await, [], "{built}");
    }
}
