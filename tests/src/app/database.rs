//! A database for one test: an SQLite file in a folder of its own, or a PostgreSQL database with a random name.
//!
//! The PostgreSQL server is not started here: `cargo xtask test` starts a throw-away one and names it.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::Backend;

/// Names the PostgreSQL server of this run: an address with the right to create databases.
const POSTGRES: &str = "WAYMARK_TEST_POSTGRES";

/// Gone, with everything in it, when dropped.
#[derive(Debug)]
pub(super) struct Database {
    dir: TempDir,
    postgres: Option<OwnDatabase>,
}

#[derive(Debug)]
struct OwnDatabase {
    server: String,
    name: String,
}

impl Database {
    pub(super) async fn create(backend: Backend) -> Self {
        let dir = tempfile::Builder::new().prefix("waymark-test-").tempdir().expect("no temporary directory");
        let postgres = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(OwnDatabase::create().await),
        };
        Self { dir, postgres }
    }

    /// The folder for the collector's files.
    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// What the configuration's `database.url` is to be.
    pub(super) fn url(&self) -> String {
        match &self.postgres {
            None => format!("sqlite:{}", self.dir().join("waymark.db").display()),
            Some(own) => own.url(),
        }
    }

    /// The tables that have a column of this name.
    pub(super) async fn tables_with(&self, column: &str) -> Vec<String> {
        let of_them = match &self.postgres {
            None => {
                "select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name"
            }
            Some(_) => {
                "select table_name from information_schema.columns where table_schema = current_schema() and column_name"
            }
        };
        self.texts(&format!("{of_them} = '{column}' order by 1")).await
    }

    /// The answer of a query that gives one column of text, beside the collector and without it.
    pub(super) async fn texts(&self, query: &str) -> Vec<String> {
        let sql = AssertSqlSafe(query.to_owned());
        let rows = match &self.postgres {
            None => {
                let url = format!("{}?mode=ro", self.url());
                let mut connection =
                    SqliteConnection::connect(&url).await.expect("the database file opens for reading");
                sqlx::query_scalar(sql).fetch_all(&mut connection).await
            }
            Some(own) => {
                let mut connection = PgConnection::connect(&own.url()).await.expect("the test's database answers");
                sqlx::query_scalar(sql).fetch_all(&mut connection).await
            }
        };
        rows.unwrap_or_else(|error| panic!("{error} in: {query}"))
    }
}

impl OwnDatabase {
    async fn create() -> Self {
        let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
            panic!(
                "{POSTGRES} is not set, so there is no PostgreSQL to test on: run `cargo xtask test`, which starts one"
            )
        });
        let own = Self { server, name: format!("test_{}", uuid::Uuid::new_v4().simple()) };
        own.run(&format!("create database {}", own.name))
            .await
            .unwrap_or_else(|error| panic!("no database for this test: {error}"));
        own
    }

    /// The server's address with the path replaced by our name.
    fn url(&self) -> String {
        let (front, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let host = front.rsplit_once('/').map_or(front, |(host, _)| host);
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        format!("{host}/{}{query}", self.name)
    }

    async fn run(&self, sql: &str) -> sqlx::Result<()> {
        let mut connection = PgConnection::connect(&self.server).await?;
        connection.execute(AssertSqlSafe(sql.to_owned())).await.map(drop)
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let own = Self { server: std::mem::take(&mut self.server), name: std::mem::take(&mut self.name) };
        if own.server.is_empty() {
            return;
        }
        // A thread with a runtime of its own: a destructor cannot wait inside the test's.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let dropped = runtime.block_on(own.run(&format!("drop database if exists {} with (force)", own.name)));
            std::mem::forget(own);
            dropped.map_err(std::io::Error::other)
        });
        if let Ok(Err(error)) = dropping.join() {
            eprintln!("a test database stays behind until its server stops: {error}");
        }
    }
}
