//! Decisions a second, natively and in a browser.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use base64::Engine as _;
use bench::figures::{digits, publish, table};
use harness::Browser;

/// What the program asks of its system, as far as it needs it.
const WASI: &str = include_str!("../src/wasi.js");

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let native: Vec<f64> = decide::SIZES.into_iter().map(decide::decisions_a_second).collect();
    let (printed, browser) = in_browser(&compile()?).await?;
    let wasm = |prompts: usize| {
        let mut lines = printed.lines().filter_map(|line| line.split_once(' '));
        lines
            .find(|(size, _)| size.parse() == Ok(prompts))
            .and_then(|(_, figure)| figure.parse().ok())
            .unwrap_or(f64::NAN)
    };
    let rows: Vec<Vec<String>> = decide::SIZES
        .into_iter()
        .zip(native)
        .map(|(prompts, native)| {
            let wasm: f64 = wasm(prompts);
            let micros = |rate: f64| digits(1e6 / rate);
            vec![prompts.to_string(), digits(native), micros(native), digits(wasm), micros(wasm), digits(native / wasm)]
        })
        .collect();
    let head = ["Prompts", "native: decisions/s", "us each", "browser: decisions/s", "us each", "native to browser"];
    publish(
        "decisions",
        &format!(
            "## Decisions\n\n\
             `engine::prompt::choose` over published prompts with rules of five conditions, three quarters of which fail only at the last; \
             one in five was shown before. The same program natively and as WebAssembly (the widget's profile, made for size, without \
             wasm-opt) in {browser}. Best of three goes of 0.4 s.\n\n{}",
            table(&head, &rows)
        ),
    )
}

/// The program for a browser.
fn compile() -> Result<PathBuf, String> {
    const TARGET: &str = "wasm32-wasip1";
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "waymark-bench-decide", "--bin", "waymark-bench-decide"]);
    command.args(["--profile", "widget", "--target", TARGET]);
    let status = command.status().map_err(|e| format!("cargo does not start: {e}"))?;
    if !status.success() {
        return Err(format!("the program was not compiled; perhaps `rustup target add {TARGET}` is missing"));
    }
    Ok(harness::target_dir().join(TARGET).join("widget").join("waymark-bench-decide.wasm"))
}

/// What the program prints in a browser, and which browser that is.
async fn in_browser(program: &Path) -> Result<(String, String), String> {
    let wasm = std::fs::read(program).map_err(|e| format!("{}: {e}", program.display()))?;
    let browser = Browser::desktop().await;
    browser.goto("about:blank").await;
    let wasm = base64::engine::general_purpose::STANDARD.encode(wasm);
    let printed = browser.eval(&format!("{WASI}\nreturn run({wasm:?});")).await;
    let version = browser.cdp("Browser.getVersion", serde_json::Value::Null).await;
    let printed = printed.as_str().ok_or("the browser printed nothing")?.to_owned();
    Ok((printed, version["product"].as_str().unwrap_or("a browser").replace('/', " ")))
}
