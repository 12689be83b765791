//! From a configuration to a running collector, and back to nothing without losing an event.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::addresses::Addresses;
use crate::assets::Assets;
use crate::auth::KeyUses;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo;
use crate::ingest::{Writer, writer};
use crate::journey::wake;
use crate::limits::Limits;
use crate::loader::Loaders;
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::prompts::Rulesets;
use crate::reach::Samples;
use crate::refusals::Refusals;
use crate::server::{self, Phase};
use crate::sightings::Sightings;
use crate::sites::Sites;
use crate::state::{App, Health, Parts};
use crate::store::{self, Db, OpenError};

/// Why a collector did not start: one sentence for an operator, with what to do.
#[derive(Debug)]
pub enum StartError {
    /// The listening address cannot be had.
    Listen(SocketAddr, std::io::Error),
    /// The database did not open.
    Database(OpenError),
    /// It opened, and then a statement failed.
    Store(store::Error),
    /// The demo site could not be made.
    Demo(String),
    /// No e-mail can be sent by these settings.
    Mail(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => match error.kind() {
                std::io::ErrorKind::AddrInUse => write!(
                    f,
                    "{address} is already taken by another program: stop that one, or choose another port with --listen {}:{}.",
                    address.ip(),
                    address.port().wrapping_add(1).max(1024)
                ),
                std::io::ErrorKind::PermissionDenied => write!(
                    f,
                    "This user may not listen on {address}: choose a port above 1023 with --listen {}:8080, and put a proxy in front.",
                    address.ip()
                ),
                _ => {
                    write!(f, "Cannot listen on {address} ({error}): choose an address of this machine with --listen.")
                }
            },
            Self::Database(error) => error.fmt(f),
            Self::Store(error) => {
                write!(f, "The database failed at start: {error}. Run `waymark doctor` to see which part.")
            }
            Self::Demo(why) | Self::Mail(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for StartError {}

impl From<store::Error> for StartError {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// A collector that takes requests. Dropped without [`Running::stop`], it ends like a killed process.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, with the real port.
    pub addr: SocketAddr,
    /// Its parts, for the program that started it.
    pub app: App,
    /// What a first start has to say, once.
    pub first: FirstStart,
    phase: watch::Sender<Phase>,
    serving: JoinHandle<()>,
    writing: JoinHandle<()>,
    housekeeping: JoinHandle<()>,
}

/// Secrets that exist in readable form only at a first start.
#[derive(Debug, Default)]
pub struct FirstStart {
    /// The one-time link that sets the administrator's password.
    pub setup_link: Option<String>,
    /// The demo site's secret key.
    pub demo_secret: Option<String>,
}

/// Starts a collector: listens first (a taken port is the commonest mistake and must touch nothing), then opens the
/// database, then serves.
pub async fn start(config: Config, clock: Clock) -> Result<Running, StartError> {
    let listener = TcpListener::bind(config.listen).await.map_err(|e| StartError::Listen(config.listen, e))?;
    let addr = listener.local_addr().map_err(|e| StartError::Listen(config.listen, e))?;
    let db = Db::open(&config.database_url(), config.database.connections).await.map_err(StartError::Database)?;

    let public_url = config.public_url(addr);
    let mut first = FirstStart {
        setup_link: crate::auth::member::offer_setup(&db, &config, &public_url, &clock).await?,
        ..FirstStart::default()
    };
    if !config.demo.as_os_str().is_empty() {
        first.demo_secret = demo::prepare(&db, &config, &public_url, &clock).await.map_err(StartError::Demo)?;
    }
    let assets = Assets::embedded();
    assets.keep(&db, clock.now()).await?;

    let (writer, queue) = Writer::new(config.limits.queue_events);
    let app = App::new(Parts {
        rulesets: Rulesets::default(),
        writer,
        sites: Sites::load(&db).await?,
        limits: Limits::new(&config.limits),
        loaders: Loaders::default(),
        samples: Samples::default(),
        // The settings were looked at when they were read.
        mail: Mailer::new(&config.mail).map_err(|(_, message)| StartError::Mail(message))?,
        refusals: Refusals::default(),
        sightings: Sightings::default(),
        key_uses: KeyUses::default(),
        metrics: Metrics::install(),
        health: Health::default(),
        addresses: Addresses::new(&public_url, &config.public_path),
        public_url,
        assets,
        clock,
        config,
        db,
    });
    let (phase, watched) = watch::channel(Phase::Running);
    let writing = tokio::spawn(writer::run(app.clone(), queue));
    let housekeeping = tokio::spawn(keep_house(app.clone()));
    let serving = tokio::spawn({
        let (app, router) = (app.clone(), server::router(app.clone()));
        async move { server::serve(listener, router, &app.config.limits, &app.config.timeouts, watched).await }
    });
    Ok(Running { addr, app, first, phase, serving, writing, housekeeping })
}

impl Running {
    /// Stops as SIGTERM does: not ready any more, no new connections, open requests finish, what was accepted is
    /// committed, the write-ahead log is folded in.
    pub async fn stop(self) {
        self.app.health.drain();
        // Load balancers see "not ready" before the door closes.
        tokio::time::sleep(Duration::from_secs(self.app.config.timeouts.notice_seconds)).await;
        self.phase.send_replace(Phase::Draining);
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the server ended badly");
        }
        self.housekeeping.abort();
        let _ = self.housekeeping.await;
        // What was accepted is committed before the writer ends.
        self.app.writer.close();
        if let Err(error) = self.writing.await {
            tracing::error!(%error, "the writer ended badly");
        }
        let kept = async {
            self.app.refusals.flush(&self.app.db).await?;
            self.app.sightings.flush(&self.app.db, self.app.clock.now()).await?;
            self.app.key_uses.flush(&self.app.db).await
        };
        if let Err(error) = kept.await {
            tracing::warn!(%error, "what was refused and seen last was not kept");
        }
        self.app.db.clone().close().await;
    }
}

/// Slices of subjects that are woken in one go.
const WAKES: usize = 20;

/// What has to be done now and then: see changes that other collectors made, keep refusals, probe the database.
async fn keep_house(app: App) {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut settled = wake::Settled::default();
    for tick in 0u64.. {
        second.tick().await;
        let done = async {
            app.sites.refresh(&app.db).await?;
            app.refusals.flush(&app.db).await?;
            app.sightings.flush(&app.db, app.clock.now()).await?;
            app.key_uses.flush(&app.db).await?;
            // So many slices that the rest of the house is kept too.
            for _ in 0..WAKES {
                if !wake::due(&app, &mut settled).await? {
                    break;
                }
            }
            if app.health.since_commit().is_none_or(|age| age > Duration::from_secs(5)) {
                probe(&app).await?;
            }
            if tick % 600 == 0 {
                let mut tx = app.db.begin().await?;
                store::members::delete_expired(&mut tx.conn(), app.clock.now().0).await?;
                tx.commit().await?;
                app.assets.keep(&app.db, app.clock.now()).await?;
            }
            Ok::<(), store::Error>(())
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "housekeeping failed; it is tried again");
        }
        if tick % 60 == 0 {
            settled.forget();
        }
        if tick % 10 == 0 {
            app.limits.tidy();
            app.metrics.tidy();
        }
    }
}

/// Lets the writer commit nothing, so that "ready" means that the way events go is open. Without a site there are no events,
/// and the database alone has to answer.
async fn probe(app: &App) -> store::Result<()> {
    match app.sites.all().into_iter().next() {
        // A full queue is no news: the writer commits, or "ready" says that it does not.
        Some(site) => drop(app.writer.wake(site, Vec::new()).await),
        None => {
            app.db.begin().await?.commit().await?;
            app.health.committed();
        }
    }
    Ok(())
}
