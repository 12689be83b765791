//! What a decision costs, natively and in a browser, and how that grows with the number of prompts.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use base64::Engine as _;
use bench::figures::{Goal, digits, goals, publish, table};
use decide::Scene;
use harness::{Browser, Pages};
use serde_json::Value;

/// What a page runs to measure.
const MEASURE: &str = include_str!("../src/decide.js");

/// Microseconds a decision.
#[derive(Clone, Copy)]
struct Cost {
    /// The first one of a page; none natively, where nothing is compiled at that moment.
    first: Option<f64>,
    decide: f64,
    tell: f64,
}

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
    // The collector's matcher for regular expressions comes with its first ruleset.
    collector::prompts::Ruleset::new(Default::default(), Vec::new(), Vec::new());
    let native: Vec<Cost> = decide::SIZES.into_iter().map(natively).collect::<Result<_, _>>()?;
    let (wasm, browser) = in_browser().await?;
    let costs = || decide::SIZES.into_iter().zip(native.iter().zip(&wasm));
    let rows: Vec<Vec<String>> = costs()
        .map(|(prompts, (native, wasm))| {
            let figures = [native.decide, native.tell, wasm.decide, wasm.tell, wasm.first.unwrap_or(f64::NAN)];
            [prompts.to_string()].into_iter().chain(figures.map(digits)).collect()
        })
        .collect();
    let head = ["Prompts", "native, us", "with reasons", "browser, us", "with reasons", "the first of a page"];
    let of = |prompts: usize| costs().find(|(size, _)| *size == prompts).map_or(f64::NAN, |(_, (_, wasm))| wasm.decide);
    let growth = (of(4000) / 4000.0) / (of(100) / 100.0);
    publish(
        "decisions",
        &format!(
            "## Decisions\n\n\
             `engine::prompt::choose` over published prompts with rules of five conditions, two that the collector has answered and three \
             that the page answers, no two of them alike. Half of the rules fail at the last condition only, the others hold, so that \
             every rule is asked to its end; a tenth has a regular expression or asks for something done before; one prompt in five was \
             shown before. \"With reasons\" keeps for each other prompt why it was not chosen. The same scene natively and in {browser}, \
             there compiled and shrunk as the widget is, with its allocator and the browser's own regular expressions. Microseconds a \
             decision, best of a hundred goes of 10 ms; the first decision of a page is one, and the module's functions and the \
             expressions are compiled in it.\n\n{}\n{}",
            goals(&[
                ("1000 prompts in the browser, us".to_owned(), Goal::AtMost(500.0), of(1000)),
                ("Cost of one prompt, of 4000 against of 100".to_owned(), Goal::AtMost(1.5), growth),
            ]),
            table(&head, &rows)
        ),
    )
}

fn natively(prompts: usize) -> Result<Cost, String> {
    let scene = Scene::new(prompts).filter(Scene::stands).ok_or("the scene is not what it should be")?;
    let decide = best(|| {
        black_box(black_box(&scene).decide());
    });
    let tell = best(|| {
        black_box(black_box(&scene).decide_telling());
    });
    Ok(Cost { first: None, decide, tell })
}

/// Microseconds, of the best of many short goes: what disturbs can only slow down.
fn best(run: impl Fn()) -> f64 {
    const GOES: usize = 100;
    const GO: Duration = Duration::from_millis(10);
    let go = || {
        let begun = Instant::now();
        let mut times = 0u32;
        while begun.elapsed() < GO {
            run();
            times += 1;
        }
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(times)
    };
    (0..GOES).map(|_| go()).fold(f64::INFINITY, f64::min)
}

/// The same in a browser, each number of prompts on a page of its own; and which browser that is.
async fn in_browser() -> Result<(Vec<Cost>, String), String> {
    let folder = std::env::var_os("WAYMARK_DECIDE").map(PathBuf::from);
    let folder = folder.ok_or("run `cargo xtask bench decisions`, which compiles the scene for the browser")?;
    let glue = String::from_utf8(read(&folder.join("waymark.js"))?).map_err(|e| e.to_string())?;
    let module = base64::engine::general_purpose::STANDARD.encode(read(&folder.join("small.wasm"))?);
    let pages = Pages::serve([("/", String::new()), ("/glue.js", glue)]).await;
    let browser = Browser::desktop().await;
    let mut costs = Vec::new();
    for prompts in decide::SIZES {
        browser.goto(pages.url("/")).await;
        let seen = browser.eval(&format!("{MEASURE}\nreturn measure('/glue.js', '{module}', {prompts});")).await;
        let figure = |name: &str| seen[name].as_f64().unwrap_or(f64::NAN);
        costs.push(Cost { first: Some(figure("first")), decide: figure("decide"), tell: figure("tell") });
    }
    let version = browser.cdp("Browser.getVersion", Value::Null).await;
    Ok((costs, version["product"].as_str().unwrap_or("a browser").replace('/', " ")))
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}
