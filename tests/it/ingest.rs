//! What each request to the way in gets, as data: `cases/ingest/*.json`, one runner, both databases.
//!
//! A case is one exchange, or several `steps` that belong together. Everything that is not said is as a page
//! (`"as": "browser"`) or a customer's server (`"as": "server"`) would send it.
//!
//! In texts, `{key}`, `{secret}`, `{now}`, `{now+1000}`, `{id:a}` (an event id, the same for the same letter within a
//! case) and `{visitor}` are replaced; `{"$repeat": "x", "times": 3}` is `"xxx"`, `{"$copies": 3, "of": …}` an array.

mod case;
mod fill;

use std::fmt::Write;
use std::path::Path;

use case::{Case, Expect, Request};
use fill::Fill;
use flate2::Compression;
use flate2::write::GzEncoder;
use harness::{Answer, TestApp, on_both, workspace};
use reqwest::Method;
use serde_json::{Value, json};

on_both! {
    async fn every_case_gets_its_answer(app: TestApp) {
        let files = cases();
        assert!(files.len() >= 6, "the cases are not where they are looked for");
        let mut wrong = String::new();
        for (file, case) in &files {
            if let Err(difference) = run(&app, case).await {
                writeln!(wrong, "\n{file}: {}\n{difference}", case.name).unwrap();
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }
}

/// All cases with the name of their file, in a stable order.
fn cases() -> Vec<(String, Case)> {
    let folder = workspace().join("tests/cases/ingest");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<(String, Case)> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let cases: Vec<Case> =
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
    cases.into_iter().map(|case| (name.clone(), case)).collect()
}

/// Plays a case on a site of its own. `Err` says what came instead.
async fn run(app: &TestApp, case: &Case) -> Result<(), String> {
    let fill = Fill::new(app.site().await, app.now());
    for (at, step) in case.steps().enumerate() {
        let request = build(app, &fill, &step.request);
        let answer = app.try_send(request).await.map_err(|error| format!("  step {at}: {error}"))?;
        compare(&fill, &step.expect, &answer).map_err(|difference| {
            format!("  step {at}: {difference}\n  the answer: {} {}", answer.status, answer.text)
        })?;
    }
    Ok(())
}

fn build(app: &TestApp, fill: &Fill, request: &Request) -> reqwest::RequestBuilder {
    let method = Method::from_bytes(request.method.as_bytes()).unwrap();
    let mut builder = app.request(method, &fill.text(&request.path));
    let mut headers = request.sender.headers();
    for (name, value) in &request.headers {
        headers.retain(|(known, _)| known != name);
        headers.extend(value.clone().map(|value| (name.clone(), value)));
    }
    for (name, value) in headers {
        builder = builder.header(name, fill.text(&value));
    }
    match body(fill, request) {
        Some(body) => builder.body(body),
        None => builder,
    }
}

fn body(fill: &Fill, request: &Request) -> Option<Vec<u8>> {
    let mut bytes = match (&request.body, &request.text, &request.hex) {
        (Some(body), None, None) => {
            let mut body = fill.value(body);
            request.sender.complete(&mut body, fill);
            body.to_string().into_bytes()
        }
        (None, Some(text), None) => fill.text(text).into_bytes(),
        (None, None, Some(hex)) => {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        }
        (None, None, None) => return None,
        _ => panic!("a request has one of body, text and hex"),
    };
    if request.gzip {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        std::io::Write::write_all(&mut encoder, &bytes).unwrap();
        bytes = encoder.finish().unwrap();
    }
    Some(bytes)
}

fn compare(fill: &Fill, expect: &Expect, answer: &Answer) -> Result<(), String> {
    let same = |what: &str, wanted: &Value, got: Value| {
        if *wanted == got { Ok(()) } else { Err(format!("{what} is {got} instead of {wanted}")) }
    };
    let body = answer.json();
    same("the status", &json!(expect.status), json!(answer.status.as_u16()))?;
    if let Some(code) = &expect.code {
        same("the code", &json!(code), body["code"].clone())?;
        same("the content type", &json!("application/problem+json"), json!(answer.header("content-type")))?;
        same("the status in the body", &json!(expect.status), body["status"].clone())?;
        let detail = body["detail"].as_str().unwrap_or_default();
        if !detail.ends_with('.') {
            return Err(format!("the detail is no sentence: {detail:?}"));
        }
    }
    if let Some(at) = &expect.at {
        same("the place", &json!(at), body["at"].clone())?;
    }
    if let Some(results) = &expect.results {
        let got = body["results"].as_array().into_iter().flatten().map(result).collect::<Vec<_>>();
        same("the list of results", &json!(results), json!(got))?;
    }
    for (name, value) in &expect.headers {
        same(
            &format!("the header {name}"),
            &json!(value.as_deref().map(|value| fill.text(value))),
            json!(answer.header(name)),
        )?;
    }
    for (pointer, value) in &expect.body {
        same(pointer, &fill.value(value), body.pointer(pointer).cloned().unwrap_or_default())?;
    }
    Ok(())
}

/// `accepted`, `duplicate`, or code and place of a rejection. A rejection without a sentence is none.
fn result(result: &Value) -> String {
    match (&result["status"], &result["code"], &result["at"], &result["message"]) {
        (Value::String(status), Value::String(code), Value::String(at), Value::String(sentence))
            if status == "rejected" && sentence.ends_with(['.', '?']) =>
        {
            format!("{code} at {at}")
        }
        (Value::String(status), Value::Null, ..) if status != "rejected" && result["id"].is_string() => status.clone(),
        _ => result.to_string(),
    }
}
