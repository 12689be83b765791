//! A real collector for one test, in this process, on a free port, with a database of its own.
//!
//! Not a mock: it is started with the call that the binary makes. For tests that kill it see [`Process`].
//!
//! The one thing to know: its clock stands at [`START`] until the test moves it.

mod client;
mod database;
mod process;
mod program;

use std::net::SocketAddr;

use collector::auth::{self, Member, Role, secret};
use collector::journey::replay::{self, Report};
use collector::sites::Sites;
use collector::store::{self, Db};
use collector::{Clock, Config, Running};
use engine::{Span, Timestamp};
use serde_json::Value;

pub use client::{Answer, Client, USER_AGENT, Visitor, event_id};
pub use process::Process;
pub use program::Ended;

use database::Database;

/// When tests begin: a Thursday in January 2026, at noon UTC.
pub const START: Timestamp = Timestamp(1_767_873_600_000);

/// Where a collector keeps its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database of its own on the server of this run.
    Postgres,
}

/// A site with fresh keys.
#[derive(Debug, Clone)]
pub struct Site {
    /// The id in the database.
    pub id: String,
    /// The public write key, `wk_…`.
    pub key: String,
    /// The secret write key, `sk_…`.
    pub secret: String,
    /// The first of its origins.
    pub origin: String,
}

/// A running collector. Derefs to a [`Client`] of it. Ends when dropped.
#[derive(Debug)]
pub struct TestApp {
    client: Client,
    clock: Clock,
    config: Config,
    running: Option<Running>,
    // Last, so that the collector is gone before its database is.
    database: Database,
}

impl TestApp {
    /// On SQLite.
    pub async fn sqlite() -> Self {
        Self::on(Backend::Sqlite).await
    }

    /// On PostgreSQL.
    pub async fn postgres() -> Self {
        Self::on(Backend::Postgres).await
    }

    /// On either.
    pub async fn on(backend: Backend) -> Self {
        Self::with(backend, |_| {}).await
    }

    /// On either, with a configuration that differs from [`Config::for_testing`].
    pub async fn with(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::at(backend, Clock::set_to(START), change).await
    }

    /// With a clock that runs: for pages in a browser, whose own clock does. Can be moved ahead all the same.
    pub async fn live(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::at(backend, Clock::running(), change).await
    }

    async fn at(backend: Backend, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::create(backend).await;
        let mut config = Config::for_testing(database.dir());
        config.database.url = database.url();
        change(&mut config);
        let running = run(&config, &clock).await;
        Self {
            client: Client::new(format!("http://{}", running.addr)),
            clock,
            config,
            running: Some(running),
            database,
        }
    }

    /// Makes a site for pages of `http://shop.test`, which no test opens: for tests without a browser.
    pub async fn site(&self) -> Site {
        self.site_at(&["http://shop.test"]).await
    }

    /// Makes a site with these origins.
    pub async fn site_at(&self, origins: &[&str]) -> Site {
        let app = &self.running().app;
        let site = make_site(&app.db, origins, self.clock.now()).await;
        app.sites.refresh(&app.db).await.unwrap_or_else(|error| panic!("the new site is not seen: {error}"));
        site
    }

    /// Somebody with these roles on these sites, or an owner of the installation if there are none, signed in: the session's cookie.
    pub async fn signed_in(&self, email: &str, roles: &[(&Site, Role)]) -> String {
        let session = self.begin_session(email, roles).await;
        let session = session.unwrap_or_else(|error| panic!("{email} cannot sign in: {error}"));
        let app = &self.running().app;
        let line = auth::cookie_of(app, &session);
        let line = line.to_str().unwrap_or_default();
        line.split_once(';').map_or(line, |(cookie, _)| cookie).to_owned()
    }

    async fn begin_session(&self, email: &str, roles: &[(&Site, Role)]) -> store::Result<auth::Session> {
        let app = &self.running().app;
        let is_owner = roles.is_empty();
        let mut tx = app.db.begin().await?;
        store::members::insert(&mut tx.conn(), email, email, "", is_owner, self.clock.now().0).await?;
        for (site, role) in roles {
            store::members::set_role(&mut tx.conn(), &site.id, email, role.name()).await?;
        }
        tx.commit().await?;
        let member = Member { id: email.to_owned(), email: email.to_owned(), name: String::new(), is_owner };
        auth::Session::open(app, member).await
    }

    /// Publishes prompts, journeys and settings as `waymark import` does, from files or folders named from the root of the
    /// repository. Returns what it says.
    ///
    /// # Panics
    /// When something is wrong with a file.
    pub async fn import(&self, site: &Site, paths: &[&str]) -> String {
        self.try_import(site, paths).await.unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// As [`TestApp::import`]; `Err` holds every mistake, one a line.
    pub async fn try_import(&self, site: &Site, paths: &[&str]) -> Result<String, String> {
        let app = &self.running().app;
        let known = app.sites.by_id(&site.id).expect("a site of this collector");
        let paths: Vec<_> = paths.iter().map(|path| crate::workspace().join(path)).collect();
        let said = collector::ops::publish(&app.db, &self.clock, &known, &paths).await;
        app.sites.refresh(&app.db).await.unwrap_or_else(|error| panic!("the import is not seen: {error}"));
        said
    }

    /// As [`TestApp::import`], of documents that a test writes itself: file name and content.
    pub async fn import_json(&self, site: &Site, files: &[(&str, Value)]) -> String {
        let folder = tempfile::tempdir_in(self.database.dir()).expect("the test's folder is ours");
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content.to_string()).expect("the test's folder is ours");
        }
        self.import(site, &[&folder.path().display().to_string()]).await
    }

    /// What a page of this site carries, as the console tells its owner to paste it.
    pub fn snippet(&self, site: &Site) -> String {
        let script = self.running().app.addresses.script(&site.key);
        format!("<script async fetchpriority=\"high\" src=\"{script}\"></script>")
    }

    /// The collector itself.
    pub fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs but between `stop` and `restart`")
    }

    /// Folds the whole log of a site anew and compares with the stages that the collector keeps.
    pub async fn replay(&self, site: &Site) -> Report {
        replayed(&self.running().app.db, site, &self.clock).await
    }

    /// What time it is for the collector.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the collector's clock, in milliseconds.
    pub fn advance(&self, ms: i64) {
        self.clock.advance(Span(ms));
    }

    /// Stops as SIGTERM does, and starts again on the same port with the same data.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.running = Some(run(&self.config, &self.clock).await);
    }

    /// Stops as SIGTERM does and leaves the port free until [`TestApp::restart`]. Returns the port's address.
    pub async fn stop(&mut self) -> SocketAddr {
        if let Some(running) = self.running.take() {
            self.config.listen = running.addr;
            running.stop().await;
        }
        self.config.listen
    }

    /// The answer of a query that gives one column of text, on a connection of its own. For what no address shows.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        self.database.texts(query).await
    }

    /// The tables that have a column of this name.
    pub async fn tables_with(&self, column: &str) -> Vec<String> {
        self.database.tables_with(column).await
    }
}

impl std::ops::Deref for TestApp {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

async fn run(config: &Config, clock: &Clock) -> Running {
    collector::start(config.clone(), clock.clone())
        .await
        .unwrap_or_else(|error| panic!("the collector did not start: {error}"))
}

async fn replayed(db: &Db, site: &Site, clock: &Clock) -> Report {
    let sites = Sites::load(db).await.unwrap_or_else(|error| panic!("the sites cannot be read: {error}"));
    let site = sites.by_id(&site.id).expect("the site is stored");
    replay::check(db, &site, clock).await.unwrap_or_else(|error| panic!("the log cannot be folded: {error}"))
}

async fn make_site(db: &Db, origins: &[&str], now: Timestamp) -> Site {
    let name = uuid::Uuid::new_v4().simple().to_string();
    let site = Site {
        key: format!("wk_{}", &name[..20]),
        secret: format!("sk_{name}"),
        origin: origins.first().copied().unwrap_or_default().to_owned(),
        id: name,
    };
    let stored = async {
        let mut tx = db.begin().await?;
        store::sites::insert(&mut tx.conn(), &site.id, &site.key, "Test", "UTC", now.0).await?;
        for origin in origins {
            store::sites::insert_origin(&mut tx.conn(), &site.id, origin).await?;
        }
        store::keys::insert(&mut tx.conn(), &site.id, &secret::hash(&site.secret), ("", "all", ""), now.0).await?;
        tx.commit().await
    };
    stored.await.unwrap_or_else(|error: store::Error| panic!("no site for this test: {error}"));
    site
}

/// Runs the same test on both databases: `on_both!(async fn name(app: TestApp) { … });` makes `name::sqlite` and
/// `name::postgres`. Attributes such as `#[should_panic]` go to both.
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {
        $(mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($app: $crate::TestApp) $body

            #[tokio::test]
            $(#[$attribute])*
            async fn sqlite() {
                body($crate::TestApp::sqlite().await).await;
            }

            #[tokio::test]
            $(#[$attribute])*
            async fn postgres() {
                body($crate::TestApp::postgres().await).await;
            }
        })+
    };
}
