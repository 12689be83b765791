//! What the way in costs: servers that do a little more each, under the same load, taking turns.
//!
//! Set `WAYMARK_BENCH_ROWS` for a log of another length, `WAYMARK_BENCH_SECONDS` for another time a measurement,
//! `WAYMARK_BENCH_ONLY` for the measurements whose name contains that.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use bench::batch::{Ids, Sender, Shape};
use bench::figures::{Goal, digits, goals, median, publish, table};
use bench::load::{Ask, CONNECTIONS, Seen, send};
use bench::machine;
use bench::scene::Site;
use bench::server::{Kind, Server, on_server_core};

const PROGRAM: &str = env!("CARGO_BIN_EXE_waymark-bench-server");
const ROUNDS: usize = 3;
const EVENTS: [usize; 2] = [1, 20];

/// One server under one kind of load.
struct Case {
    name: &'static str,
    kind: Kind,
    sender: Sender,
    site: Site,
    ids: Ids,
}

const fn case(name: &'static str, kind: Kind, sender: Sender, site: Site) -> Case {
    Case { name, kind, sender, site, ids: Ids::Ordered }
}

const CASES: [Case; 12] = [
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
    Case { ids: Ids::Random, ..case("stored, durable, random ids", Kind::Durable, Sender::Server, Site::Plain) },
];

/// What is read instead of stored.
const READS: [(&str, Kind, Ask); 2] =
    [("axum, hello", Kind::Bare, Ask::Hello), ("bundle, 304", Kind::Durable, Ask::Bundle(Site::Story))];

/// Rows a second of SQLite alone.
const RAW: &str = "SQLite alone";

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

    let (mut results, mut raw) = (Results::new(), Vec::new());
    for round in 1..=ROUNDS {
        for case in CASES.iter().filter(|case| case.name.contains(&only)) {
            let server = Server::start(PROGRAM, case.kind, folder.path(), pinned)?;
            for events in EVENTS {
                let shape = Shape { site: case.site, sender: case.sender, ids: case.ids, events };
                let seen = send(&server, Ask::Store(shape), time)?;
                tell(round, case.name, events, &seen);
                results.entry((case.name, events)).or_default().push(seen);
            }
        }
        for (name, kind, ask) in READS.into_iter().filter(|(name, ..)| name.contains(&only)) {
            let seen = send(&Server::start(PROGRAM, kind, folder.path(), pinned)?, ask, time)?;
            tell(round, name, 1, &seen);
            results.entry((name, 1)).or_default().push(seen);
        }
        if RAW.contains(&only) {
            raw.push(rows_without_server(folder.path(), time, pinned)?);
            eprintln!("round {round}: {RAW}: {:.0} rows/s", raw[raw.len() - 1]);
        }
    }
    if only.is_empty() {
        publish("ingest", &section(&results, median(raw), rows, pinned))?;
    }
    Ok(())
}

fn tell(round: usize, name: &str, events: usize, seen: &Seen) {
    let Seen { requests, seconds, cpu, written, p50, p99 } = seen;
    let rate = requests / seconds;
    eprintln!(
        "round {round}: {name} x {events}: {cpu:.1} us a request, {rate:.0} requests/s, p50 {p50:.2} ms, p99 {p99:.2} ms, \
         {written:.0} bytes written"
    );
}

/// What SQLite does alone, on the servers' core, in rows a second.
fn rows_without_server(folder: &Path, time: Duration, pinned: bool) -> Result<f64, String> {
    let mut command = on_server_core(PROGRAM, pinned);
    command.arg("raw").arg(folder).arg(time.as_secs().to_string());
    let done = command.output().map_err(|e| format!("{PROGRAM} does not start: {e}"))?;
    let said = String::from_utf8_lossy(&done.stdout);
    said.trim().parse().map_err(|_| format!("SQLite alone: {}", String::from_utf8_lossy(&done.stderr)))
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

fn section(results: &Results, raw: f64, rows: u64, pinned: bool) -> String {
    let figure = |name: &'static str, events: usize, of: fn(&Seen) -> f64| {
        median(results.get(&(name, events)).map(|seen| seen.iter().map(of).collect()).unwrap_or_default())
    };
    let cpu = |case: usize, events| figure(CASES[case].name, events, |seen| seen.cpu);
    let rate = |case: usize, events| figure(CASES[case].name, events, |seen| seen.requests / seen.seconds);
    let read = |which: usize| figure(READS[which].0, 1, |seen| seen.cpu);
    let kilobytes =
        |case: usize, events: usize| figure(CASES[case].name, events, |seen| seen.written) / 1024.0 / events as f64;
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
                    digits(figure(name, events, |s| s.written) / 1024.0 / events as f64),
                ]);
                cells
            })
            .collect::<Vec<_>>()
    };
    const HEAD: [&str; 8] = [
        "Server",
        "CPU a request, us",
        "CPU an event, us",
        "requests/s",
        "events/s",
        "p50, ms",
        "p99, ms",
        "written an event, KB",
    ];
    let goal = |what: &str, goal: Goal, figure: f64| (what.to_owned(), goal, figure);
    let judged = [
        goal("1. Nothing stored, against bare axum: CPU, 1 event", Goal::AtMost(1.25), cpu(1, 1) / cpu(0, 1)),
        goal("1. The same, 20 events", Goal::AtMost(1.3), cpu(1, 20) / cpu(0, 20)),
        goal("2. Durable, against nothing stored: CPU, 1 event", Goal::AtMost(3.5), cpu(2, 1) / cpu(1, 1)),
        goal(
            "3. Durable, against synchronous=normal: requests/s, 1 event",
            Goal::AtLeast(0.9),
            rate(2, 1) / rate(3, 1),
        ),
        goal("3. Group commit, against none: requests/s, 1 event", Goal::AtLeast(5.0), rate(2, 1) / rate(4, 1)),
        goal("4. Durable, against SQLite alone: events/s, 20 events", Goal::AtLeast(0.6), rate(2, 20) * 20.0 / raw),
        goal("5. Written an event, KB: 20 events", Goal::AtMost(2.0), kilobytes(2, 20)),
        goal("5. The same, 1 event, random ids", Goal::AtMost(12.0), kilobytes(11, 1)),
        goal("7. The bundle's 304, against axum's hello: CPU", Goal::AtMost(1.1), read(1) / read(0)),
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
         the facts about its visitor; the others are a server's, whose answer says what became of each event. \
         SQLite alone, without a server: {} rows/s. A GET of hello: {} us, of the bundle that the asker has already (304): {} us.\n\n\
         ### Goals\n\n{}\n### 1 event a request\n\n{}\n### 20 events a request\n\n{}",
        bench::batch::EVENT_BYTES,
        digits(rows as f64),
        digits(raw),
        digits(read(0)),
        digits(read(1)),
        goals(&judged),
        table(&HEAD, &rows_of(1)),
        table(&HEAD, &rows_of(20)),
    )
}
