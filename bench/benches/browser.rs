//! What a prompt costs a page, in a browser that is made slow: cases that take turns in one run.
//!
//! Set `WAYMARK_BENCH_RUNS` for another number of runs, `WAYMARK_BENCH_KEEP` for a folder that keeps, of each case's last run, when
//! the page's requests were made (`.txt`) and what its scripts did (`.cpuprofile`, which the browser's developer tools can open).

use std::collections::BTreeMap;
use std::process::ExitCode;

use bench::browser::shop::{Case, Shop};
use bench::browser::visit::{self, Seen, visit};
use bench::figures::{Goal, digits, goals, median, publish, table};

/// Each case so many times.
const RUNS: usize = 16;

/// What was seen, one a run.
type Results = BTreeMap<Case, Vec<Seen>>;

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
    let runs = std::env::var("WAYMARK_BENCH_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(RUNS);
    let shop = Shop::open().await?;
    let mut results = Results::new();
    for run in 0..runs {
        // Another one begins each time.
        for turn in 0..Case::ALL.len() {
            let case = Case::ALL[(run + turn) % Case::ALL.len()];
            let seen = visit(&shop, case).await?;
            eprintln!("run {}: {}: {seen:.1?}", run + 1, case.name());
            results.entry(case).or_default().push(seen);
        }
    }
    let viewed = shop.viewed_nothing().await;
    publish("browser", &section(&results, runs, viewed))
}

fn section(results: &Results, runs: usize, viewed: usize) -> String {
    let of = |case: Case, figure: fn(&Seen) -> f64| {
        median(results.get(&case).map(|seen| seen.iter().map(figure).collect()).unwrap_or_default())
    };
    // Figures of the page as a whole are held against those of the page alone.
    let over = |case, figure| of(case, figure) - of(Case::Bare, figure);
    let mut judged = Vec::new();
    for case in [Case::New, Case::Returning] {
        let mut goal = |what: &str, goal, figure| judged.push((format!("{}: {what}", case.name()), goal, figure));
        goal("prompt in the document, ms", Goal::AtMost(900.0), of(case, |seen| seen.shown));
        let handwritten = of(Case::Handwritten, |seen| seen.shown);
        goal("the same, against the script of 1 KB", Goal::AtMost(1.5), of(case, |seen| seen.shown) / handwritten);
        goal("total blocking time, ms", Goal::AtMost(0.0), of(case, |seen| seen.blocked));
        goal("our scripts on the main thread, ms", Goal::AtMost(30.0), of(case, |seen| seen.scripts));
        let largest = of(case, |seen| seen.largest) / of(Case::Bare, |seen| seen.largest);
        goal("largest contentful paint, against the shop alone", Goal::AtMost(1.05), largest);
        goal("JavaScript heap over the shop alone, MB", Goal::AtMost(0.4), over(case, |seen| seen.heap) / 1e6);
        goal("WebAssembly memory, MiB", Goal::AtMost(1.0), of(case, |seen| seen.memory) / f64::from(1 << 20));
    }
    let nothing = Case::Nothing.name();
    judged.push((format!("{nothing}: bytes in all"), Goal::AtMost(4000.0), of(Case::Nothing, |seen| seen.bytes)));
    judged.push((format!("{nothing}: page views stored, a visit"), Goal::AtLeast(1.0), viewed as f64 / runs as f64));

    let rows: Vec<Vec<String>> = Case::ALL
        .into_iter()
        .map(|case| {
            let cell = |figure: fn(&Seen) -> f64, unit: f64| match of(case, figure) / unit {
                none if none.is_nan() => String::new(),
                figure => digits(figure),
            };
            let scripts = if case.shows() { cell(|seen| seen.scripts, 1.0) } else { String::new() };
            vec![
                case.name().to_owned(),
                cell(|seen| seen.shown, 1.0),
                cell(|seen| seen.contentful, 1.0),
                cell(|seen| seen.largest, 1.0),
                cell(|seen| seen.blocked, 1.0),
                scripts,
                cell(|seen| seen.busy, 1.0),
                cell(|seen| seen.heap, 1e6),
                cell(|seen| seen.memory, f64::from(1 << 20)),
                cell(|seen| seen.bytes, 1.0),
            ]
        })
        .collect();
    const HEAD: [&str; 10] = [
        "Page",
        "prompt in the document, ms",
        "first contentful paint, ms",
        "largest, ms",
        "total blocking time, ms",
        "scripts of the prompt, ms",
        "main thread in all, ms",
        "heap, MB",
        "wasm memory, MiB",
        "bytes",
    ];
    format!(
        "## In the browser\n\n\
         The example shop's front page, opened in Chromium with a fresh profile, a new process and an empty cache; the processor slowed \
         {} times, {} ms for each request, {} KB/s in and {} KB/s out. {runs} runs in which the cases take turns; medians, times since \
         the navigation began. The script of 1 KB is written by hand (`bench/src/browser/handwritten`), fetches its configuration and \
         shows the same question without rules, caps, storage, keyboard or design. \"Scripts\" is what the profiler sees of the prompt's \
         scripts and of whatever they call, on a visit of its own, compiling left out; \"main thread in all\" is the page as a whole, \
         layout and paint included. Bytes are those of the prompt's own requests, heads included.\n\n{}\n{}",
        visit::SLOWER,
        visit::LATENCY,
        visit::DOWN / 1000,
        visit::UP / 1000,
        goals(&judged),
        table(&HEAD, &rows)
    )
}
