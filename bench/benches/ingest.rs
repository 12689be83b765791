//! What the way in costs: servers that do a little more each, under the same load, taking turns.
//!
//! Set `WAYMARK_BENCH_ROWS` for a log of another length, `WAYMARK_BENCH_SECONDS` for another time a measurement,
//! `WAYMARK_BENCH_ONLY` for the measurements whose name contains that.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use bench::batch::Sender;
use bench::figures::{Goal, digits, median, publish, table};
use bench::load::{CONNECTIONS, Load, Seen, send};
use bench::machine;
use bench::scene::Site;
use bench::server::{Kind, Server};

const PROGRAM: &str = env!("CARGO_BIN_EXE_waymark-bench-server");
const ROUNDS: usize = 3;
const EVENTS: [usize; 2] = [1, 20];

/// One server under one kind of load.
struct Case {
    name: &'static str,
    kind: Kind,
    sender: Sender,
    site: Site,
}

const fn case(name: &'static str, kind: Kind, sender: Sender, site: Site) -> Case {
    Case { name, kind, sender, site }
}

const CASES: [Case; 11] = [
    case("bare axum, the same JSON parsed", Kind::Bare, Sender::Server, Site::Plain),
    case("checked, nothing stored", Kind::Nothing, Sender::Server, Site::Plain),
    case("stored, durable", Kind::Durable, Sender::Server, Site::Plain),
    case("stored, synchronous=normal", Kind::Normal, Sender::Server, Site::Plain),
    case("stored, no group commit", Kind::Ungrouped, Sender::Server, Site::Plain),
    case("stored, durable, journey", Kind::Durable, Sender::Server, Site::Journey),
    case("page, nothing stored, facts", Kind::Nothing, Sender::Page, Site::Plain),
    case("page, nothing stored, facts, prompts", Kind::Nothing, Sender::Page, Site::Story),
    case("page, stored, facts", Kind::Durable, Sender::Page, Site::Plain),
    case("page, stored, facts, journey", Kind::Durable, Sender::Page, Site::Journey),
    case("page, stored, facts, journey, prompts", Kind::Durable, Sender::Page, Site::Story),
];

/// What was seen, by case and events a request, one a round.
type Results = BTreeMap<(&'static str, usize), Vec<Seen>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let set =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let rows = set("WAYMARK_BENCH_ROWS", 2_000_000);
    let time = Duration::from_secs(set("WAYMARK_BENCH_SECONDS", 3));
    let only = std::env::var("WAYMARK_BENCH_ONLY").unwrap_or_default();
    let pinned = machine::take_load_core();

    let folder = tempfile::Builder::new().prefix("waymark-bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.map_err(|e| format!("no folder for the database: {e}"))?;
    prepare(folder.path(), rows)?;

    let mut results = Results::new();
    for round in 1..=ROUNDS {
        for case in CASES.iter().filter(|case| case.name.contains(&only)) {
            let server = Server::start(PROGRAM, case.kind, folder.path(), pinned)?;
            for events in EVENTS {
                let seen = send(&server, Load { site: case.site, sender: case.sender, events, time })?;
                eprintln!(
                    "round {round}: {} x {events}: {:.1} us a request, {:.0} requests/s, p50 {:.2} ms, p99 {:.2} ms",
                    case.name,
                    seen.cpu,
                    seen.requests / seen.seconds,
                    seen.p50,
                    seen.p99
                );
                results.entry((case.name, events)).or_default().push(seen);
            }
        }
    }
    if only.is_empty() {
        publish("ingest", &section(&results, rows, pinned))?;
    }
    Ok(())
}

fn prepare(folder: &Path, rows: u64) -> Result<(), String> {
    let began = Instant::now();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut command = Command::new(PROGRAM);
    command.arg("prepare").arg(folder).arg(examples).arg(rows.to_string());
    let status = command.status().map_err(|e| format!("{PROGRAM} does not start: {e}"))?;
    eprintln!("a log of {rows} events, made in {:.0} s", began.elapsed().as_secs_f64());
    if status.success() { Ok(()) } else { Err("the database was not made".to_owned()) }
}

fn section(results: &Results, rows: u64, pinned: bool) -> String {
    let figure = |name: &'static str, events: usize, of: fn(&Seen) -> f64| {
        median(results.get(&(name, events)).map(|seen| seen.iter().map(of).collect()).unwrap_or_default())
    };
    let cpu = |case: usize, events| figure(CASES[case].name, events, |seen| seen.cpu);
    let rate = |case: usize, events| figure(CASES[case].name, events, |seen| seen.requests / seen.seconds);
    let rows_of = |events: usize| {
        CASES
            .iter()
            .map(|case| {
                let name = case.name;
                let cpu = figure(name, events, |seen| seen.cpu);
                let rate = figure(name, events, |seen| seen.requests / seen.seconds);
                let mut cells = vec![name.to_owned(), digits(cpu), digits(cpu / events as f64), digits(rate)];
                cells.extend([
                    digits(rate * events as f64),
                    digits(figure(name, events, |s| s.p50)),
                    digits(figure(name, events, |s| s.p99)),
                ]);
                cells
            })
            .collect::<Vec<_>>()
    };
    const HEAD: [&str; 7] =
        ["Server", "CPU a request, us", "CPU an event, us", "requests/s", "events/s", "p50, ms", "p99, ms"];
    let goal = |what: &str, goal: Goal, figure: f64| {
        let mut cells = vec![what.to_owned()];
        cells.extend(goal.judge(figure));
        cells
    };
    let goals = [
        goal("1. Nothing stored, against bare axum: CPU, 1 event", Goal::AtMost(1.25), cpu(1, 1) / cpu(0, 1)),
        goal("1. The same, 20 events", Goal::AtMost(1.3), cpu(1, 20) / cpu(0, 20)),
        goal("2. Durable, against nothing stored: CPU, 1 event", Goal::AtMost(3.5), cpu(2, 1) / cpu(1, 1)),
        goal(
            "3. Durable, against synchronous=normal: requests/s, 1 event",
            Goal::AtLeast(0.9),
            rate(2, 1) / rate(3, 1),
        ),
        goal("3. Group commit, against none: requests/s, 1 event", Goal::AtLeast(5.0), rate(2, 1) / rate(4, 1)),
        goal("Journey fold, against durable without it: CPU, 1 event", Goal::AtMost(2.0), cpu(5, 1) / cpu(2, 1)),
        goal("The same, 20 events", Goal::AtMost(2.0), cpu(5, 20) / cpu(2, 20)),
    ];
    let cores = if pinned {
        "the server on one core, the load on another (`taskset`)"
    } else {
        "server and load not kept apart"
    };
    format!(
        "## The way in\n\n\
         {CONNECTIONS} connections, kept open, each sending when it was answered; {cores}. Events of {} bytes, ids ordered by time; \
         a visitor sends 20 requests, then the next one comes. SQLite, a log of {} events before. {ROUNDS} rounds in which the servers \
         take turns; medians. CPU is the server's, user and system, all threads. \"Page\" is a browser's batch, which is answered with \
         the facts about its visitor; the others are a server's, whose answer says what became of each event.\n\n\
         ### Goals\n\n{}\n### 1 event a request\n\n{}\n### 20 events a request\n\n{}",
        bench::batch::EVENT_BYTES,
        digits(rows as f64),
        table(&["Goal", "asked", "found", ""], &goals),
        table(&HEAD, &rows_of(1)),
        table(&HEAD, &rows_of(20)),
    )
}
