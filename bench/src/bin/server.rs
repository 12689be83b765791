//! The servers that are measured, one for each [`Kind`]. Says where it listens, and ends when its standard input does.
//!
//! `waymark-bench-server prepare FOLDER EXAMPLES ROWS` makes the database that the others use; `… raw FOLDER SECONDS` writes to it
//! without any server, and says how many rows a second. `… town FOLDER EXAMPLES EVENTS` makes another one, for the console's pages, and
//! says by which cookie its owner is known.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::{get, post};
use bench::server::Kind;
use bench::{scene, town};
use collector::addresses::Addresses;
use collector::assets::Assets;
use collector::config::{ConsoleConfig, LimitsConfig};
use collector::ingest::{Writer, writer};
use collector::limits::Limits;
use collector::loader::Loaders;
use collector::mail::Mailer;
use collector::metrics::Metrics;
use collector::prompts::Rulesets;
use collector::reach::Samples;
use collector::refusals::Refusals;
use collector::server::{self, Phase};
use collector::sites::Sites;
use collector::state::{Health, Parts};
use collector::store::file::path_of;
use collector::store::{Conn, Db};
use collector::{App, Clock, Config};
use engine::event::Batch;
use mimalloc::MiMalloc;
use serde_json::value::RawValue;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// The allocator of the product, for all servers alike.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["prepare", folder, examples, rows] => prepare(Path::new(folder), Path::new(examples), rows).await,
        ["town", folder, examples, events] => build(Path::new(folder), Path::new(examples), events).await,
        ["raw", folder, seconds] => raw(Path::new(folder), seconds),
        [kind, folder] => match Kind::parse(kind) {
            Some(kind) => serve(kind, Path::new(folder)).await,
            None => Err(format!("there is no server {kind}").into()),
        },
        _ => Err("waymark-bench-server KIND FOLDER | prepare FOLDER EXAMPLES ROWS | raw FOLDER SECONDS | town FOLDER EXAMPLES EVENTS".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// As in production, but the buckets are too large to run dry, and whoever has signed in stays so.
fn config(folder: &Path) -> Config {
    const PLENTY: u32 = 10_000_000;
    let limits = LimitsConfig {
        site_per_second: PLENTY,
        site_burst: PLENTY,
        address_per_second: PLENTY,
        address_burst: PLENTY,
        ..LimitsConfig::default()
    };
    let console = ConsoleConfig { session_hours: 24 * 365, ..ConsoleConfig::default() };
    Config { limits, console, ..Config::for_testing(folder) }
}

async fn prepare(folder: &Path, examples: &Path, rows: &str) -> Result<(), Failure> {
    let db = Db::open(&config(folder).database_url(), 1).await?;
    scene::prepare(&db, examples, rows.parse()?).await?;
    db.close().await;
    Ok(())
}

async fn build(folder: &Path, examples: &Path, events: &str) -> Result<(), Failure> {
    println!("{}", town::build(config(folder), examples, events.parse()?).await?);
    Ok(())
}

fn raw(folder: &Path, seconds: &str) -> Result<(), Failure> {
    let database = path_of(&config(folder).database_url()).ok_or("the database is no file")?;
    println!("{}", bench::raw::write(&database, Duration::from_secs(seconds.parse()?))?);
    Ok(())
}

async fn serve(kind: Kind, folder: &Path) -> Result<(), Failure> {
    let folder: PathBuf = folder.to_owned();
    if kind == Kind::Durable {
        let running = collector::start(config(&folder), Clock::System).await?;
        println!("{}", running.addr);
        asked_to_stop().await?;
        running.stop().await;
        return Ok(());
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    if kind == Kind::Bare {
        tokio::spawn(async move { axum::serve(listener, bare()).await });
        return asked_to_stop().await;
    }
    let (app, queue) = assemble(config(&folder)).await?;
    if kind == Kind::Normal {
        relax(&app.db).await?;
    }
    let writing = tokio::spawn(write(kind, app.clone(), queue));
    let (_running, phase) = watch::channel(Phase::Running);
    let serving = app.clone();
    tokio::spawn(async move {
        let router = server::router(serving.clone());
        server::serve(listener, router, &serving.config.limits, &serving.config.timeouts, phase).await;
    });
    asked_to_stop().await?;
    app.writer.close();
    writing.await?;
    app.db.clone().close().await;
    Ok(())
}

async fn asked_to_stop() -> Result<(), Failure> {
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

fn bare() -> Router {
    async fn parse(body: Bytes) -> StatusCode {
        match serde_json::from_slice::<Batch<'_, &RawValue>>(&body) {
            Ok(batch) if !batch.events.is_empty() => StatusCode::NO_CONTENT,
            _ => StatusCode::BAD_REQUEST,
        }
    }
    Router::new().route("/v1/events", post(parse)).route("/hello", get(async || "hello"))
}

/// The collector's parts, as its own start puts them together, but with the writer's work left to the caller.
async fn assemble(config: Config) -> Result<(App, writer::Queue), Failure> {
    let db = Db::open(&config.database_url(), config.database.connections).await?;
    let (writer, queue) = Writer::new(config.limits.queue_events);
    let app = App::new(Parts {
        public_url: "http://127.0.0.1".to_owned(),
        addresses: Addresses::new("http://127.0.0.1", ""),
        clock: Clock::System,
        sites: Sites::load(&db).await?,
        rulesets: Rulesets::default(),
        writer,
        assets: Assets::embedded(),
        loaders: Loaders::default(),
        limits: Limits::new(&config.limits),
        samples: Samples::default(),
        mail: Mailer::default(),
        refusals: Refusals::default(),
        sightings: Default::default(),
        key_uses: Default::default(),
        metrics: Metrics::install(),
        health: Health::default(),
        config,
        db,
    });
    Ok((app, queue))
}

async fn write(kind: Kind, app: App, mut queue: writer::Queue) {
    match kind {
        Kind::Nothing => {
            while let Some(job) = queue.next().await {
                let stored = vec![true; job.rows.len()];
                job.answer(Ok(stored));
            }
        }
        Kind::Ungrouped => {
            while let Some(job) = queue.next().await {
                writer::write_group(&app, vec![job]).await;
            }
        }
        _ => writer::run(app, queue).await,
    }
}

/// Sets the one writing connection to `synchronous=normal`, which SQLite refuses inside a transaction: so out of ours, and
/// into a new one for it to end.
async fn relax(db: &Db) -> Result<(), Failure> {
    let mut tx = db.begin().await?;
    if let Conn::Sqlite(c) = tx.conn() {
        for sql in ["commit", "pragma synchronous=normal", "begin immediate"] {
            sqlx::query(sql).execute(&mut *c).await?;
        }
    }
    Ok(tx.commit().await?)
}
