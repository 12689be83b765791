//! How long the server takes for each page of the console, and how large it is, on a site with a million events.
//!
//! Set `WAYMARK_BENCH_EVENTS` for another number of events, `WAYMARK_BENCH_FOLDER` for a folder whose database is kept and used again,
//! `WAYMARK_BENCH_ONLY` for the pages whose name contains that.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use bench::figures::{Goal, digits, goals, publish, table};
use bench::server::{Kind, Server};
use bench::town::{self, ACCOUNTS, LASTED, PEOPLE, SITE, VISITORS};
use harness::Client;

const PROGRAM: &str = env!("CARGO_BIN_EXE_waymark-bench-server");
/// How often each page is asked for.
const TIMES: usize = 200;
/// A page that takes longer than this in all is asked for less often.
const PATIENCE: Duration = Duration::from_secs(20);

/// Milliseconds for a page, and for counts over the visits of a month, at p95.
const PAGE: f64 = 50.0;
const COUNT: f64 = 200.0;
/// Most bytes of a page.
const BYTES: f64 = 100_000.0;

/// A page, and the addresses of it that are asked for in turns.
struct Case {
    name: &'static str,
    addresses: Vec<String>,
    goal: f64,
}

/// What was seen of a page.
struct Seen {
    name: &'static str,
    goal: f64,
    times: usize,
    first: f64,
    p50: f64,
    p95: f64,
    bytes: f64,
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
    let events = std::env::var("WAYMARK_BENCH_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let only = std::env::var("WAYMARK_BENCH_ONLY").unwrap_or_default();
    let passing = tempfile::Builder::new().prefix("waymark-bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"));
    let passing = passing.map_err(|error| format!("no folder for the database: {error}"))?;
    let kept = std::env::var_os("WAYMARK_BENCH_FOLDER").map(PathBuf::from);
    let folder = kept.as_deref().unwrap_or(passing.path());
    let cookie = build(folder, events)?;

    let server = Server::start(PROGRAM, Kind::Durable, folder, false)?;
    let client = Client::new(format!("http://{}", server.address));
    let mut seen = Vec::new();
    for case in cases().into_iter().filter(|case| case.name.contains(&only)) {
        let found = look(&client, &cookie, &case).await?;
        let Seen { name, times, first, p50, p95, bytes, .. } = &found;
        eprintln!(
            "{name}: first {first:.1} ms, p50 {p50:.1} ms, p95 {p95:.1} ms, {:.0} KB, {times} times",
            bytes / 1000.0
        );
        seen.push(found);
    }
    if only.is_empty() {
        publish("console", &section(&seen, events))?;
    }
    Ok(())
}

/// The town's database in a folder, and by which cookie its owner is known.
fn build(folder: &Path, events: u64) -> Result<String, String> {
    let note = folder.join("cookie");
    if let Ok(cookie) = std::fs::read_to_string(&note) {
        return Ok(cookie);
    }
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut command = Command::new(PROGRAM);
    command.arg("town").arg(folder).arg(examples).arg(events.to_string());
    let made = command.output().map_err(|error| format!("{PROGRAM} does not start: {error}"))?;
    let cookie = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    if !made.status.success() || cookie.is_empty() {
        return Err(format!("the town was not built: {}", String::from_utf8_lossy(&made.stderr)));
    }
    eprintln!("a town of {events} events, built in {:.0} s", began.elapsed().as_secs_f64());
    std::fs::write(note, &cookie).map_err(|error| error.to_string())?;
    Ok(cookie)
}

fn cases() -> Vec<Case> {
    let all = |name, addresses: Vec<String>, goal| Case { name, addresses, goal };
    let page = |name, address: &str| all(name, vec![address.to_owned()], PAGE);
    let people = || (0..PEOPLE).step_by(37);
    let mut cases = vec![
        page("Home", ""),
        page("People", "/people"),
        page("People of one kind", "/people?kind=person"),
        all(
            "People by name",
            ["ada", "weber", "jonas berg", "hale"].map(|q| format!("/people?q={}", q.replace(' ', "+"))).into(),
            PAGE,
        ),
        all("People by e-mail", people().map(|n| format!("/people?kind=person&q={n}%40company")).collect(), PAGE),
        page("People whom nobody is like", "/people?q=nobody+is+called+so"),
        all(
            "A person",
            people()
                .map(|n| format!("/people/person/{}", town::user(n)))
                .filter(|address| !address.ends_with("u0000"))
                .collect(),
            PAGE,
        ),
        all(
            "An account",
            (1..ACCOUNTS).step_by(7).map(|n| format!("/people/account/{}", town::account(n))).collect(),
            PAGE,
        ),
        page("The busiest account", "/people/account/company-000"),
        all(
            "Why somebody sees what",
            people().map(|n| format!("/people/person/{}/why?url=/pricing", town::user(n))).collect(),
            PAGE,
        ),
        page("Prompts", "/prompts"),
        page("A new prompt", "/templates"),
    ];
    let parts = [
        "content",
        "look",
        "languages",
        "audience",
        "moment",
        "frequency",
        "schedule",
        "experiment",
        "goal",
        "consent",
    ];
    cases.push(all("A prompt, each part", parts.map(|part| format!("/prompts/nps?part={part}")).into(), PAGE));
    cases.extend([
        page("Publish", "/prompts/nps/publish"),
        page("Versions", "/prompts/nps/versions"),
        page("Reach", "/prompts/nps/reach"),
        all(
            "Live counts beside a rule",
            vec!["/prompts/nps/reach/fits".to_owned(), "/prompts/spring_offer/reach/fits".to_owned()],
            COUNT,
        ),
        all("Figures of the reach", vec!["/prompts/nps/reach/figures".to_owned()], COUNT),
        all("Reach of all prompts", vec!["/reaches".to_owned()], COUNT),
        page("Results", "/results?days=30"),
        page("Results of 90 days", "/results?days=90"),
        page("Results of a prompt", "/results/prompts/nps?days=30"),
        page("Who missed it", "/results/prompts/nps/missed"),
        page("Responses", "/results/responses"),
        page("Responses with a word", "/results/responses?q=bank+matching"),
        page("Responses of a prompt", "/results/prompts/nps/responses?band=detractor"),
        page("Journey", "/journey"),
        page("Editor of a journey", "/journey/saas/edit"),
        page("Settings", "/settings"),
        page("Install", "/settings/install"),
        page("Keys", "/settings/keys"),
        page("Team", "/settings/team"),
        page("Files", "/settings/files"),
        page("Rules of a site", "/settings/rules/segments"),
        page("Activity log", "/settings/log"),
    ]);
    cases
}

/// Asks for a page again and again, one after the other.
async fn look(client: &Client, cookie: &str, case: &Case) -> Result<Seen, String> {
    let (mut times, mut bytes) = (Vec::new(), 0);
    let began = Instant::now();
    while times.len() < TIMES && (times.len() < 5 || began.elapsed() < PATIENCE) {
        let address = format!("/s/{SITE}{}", case.addresses[times.len() % case.addresses.len()]);
        let request = client.request(hyper::Method::GET, &address).header("cookie", cookie);
        let sent = Instant::now();
        let answer = client.try_send(request).await.map_err(|error| format!("{address}: {error}"))?;
        times.push(sent.elapsed().as_secs_f64() * 1000.0);
        if answer.status != 200 {
            return Err(format!("{address} answers {}: {}", answer.status, answer.text));
        }
        bytes = bytes.max(answer.text.len());
    }
    let first = times.first().copied().unwrap_or(f64::NAN);
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() - 1) as f64 * share).ceil() as usize).copied().unwrap_or(f64::NAN);
    let (p50, p95) = (at(0.5), at(0.95));
    Ok(Seen { name: case.name, goal: case.goal, times: times.len(), first, p50, p95, bytes: bytes as f64 })
}

fn section(seen: &[Seen], events: u64) -> String {
    let worst = |goal: f64, of: fn(&Seen) -> f64| {
        let those = seen.iter().filter(|one| one.goal == goal);
        those.max_by(|a, b| of(a).total_cmp(&of(b))).map_or(("none", f64::NAN), |one| (one.name, of(one)))
    };
    let (slowest, page) = worst(PAGE, |one| one.p95);
    let (dearest, count) = worst(COUNT, |one| one.p95);
    let first = seen.iter().find(|one| one.goal == COUNT).map_or(f64::NAN, |one| one.first);
    let largest = seen.iter().map(|one| one.bytes).fold(0.0, f64::max);
    let judged = [
        (format!("The slowest page ({slowest}), p95, ms"), Goal::AtMost(PAGE), page),
        (format!("Counts over the visits of 30 days ({dearest}), p95, ms"), Goal::AtMost(COUNT), count),
        ("The first of them after the page that asks for it, ms".to_owned(), Goal::AtMost(COUNT), first),
        ("The largest page, KB".to_owned(), Goal::AtMost(BYTES / 1000.0), largest / 1000.0),
    ];
    let row = |one: &Seen| {
        let figures = [one.p50, one.p95, one.first, one.bytes / 1000.0].map(digits);
        [one.name.to_owned()].into_iter().chain(figures).chain([one.times.to_string()]).collect::<Vec<_>>()
    };
    format!(
        "## The console's pages\n\n\
         A site with {} events of {} days: {} browsers, {} people, {} accounts, one of which has far more than the others; three prompts \
         and a journey, SQLite. Each page is asked for {TIMES} times, one after the other, by somebody who is signed in, after the \
         pages that stand above it in the table; pages that have several addresses by each of them in turns. Milliseconds from the question \
         to the end of the answer, over the loopback, on all cores of the machine; HTML before it is compressed. \"First\" is the first time after the server has \
         started.\n\n{}\n{}",
        digits(events as f64),
        LASTED.0 / 86_400_000,
        digits(VISITORS as f64),
        digits(PEOPLE as f64),
        digits(ACCOUNTS as f64),
        goals(&judged),
        table(
            &["Page", "p50, ms", "p95, ms", "first, ms", "HTML, KB", "times"],
            &seen.iter().map(row).collect::<Vec<_>>()
        ),
    )
}
