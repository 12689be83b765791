//! Opening the database, and bringing it to this release's shape.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use super::{Db, Error, Pools};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Pages of 4 KB that the write-ahead log may hold before SQLite folds it in: 32 MB. Folding more often costs
/// throughput, folding later makes readers slower.
const CHECKPOINT_PAGES: &str = "8000";

/// Why the database did not open. Shown to an operator as it is: one sentence, and what to do.
#[derive(Debug)]
pub enum OpenError {
    /// The address of the database is not one we understand.
    Url(String),
    /// The folder of the SQLite file cannot be made or written.
    Folder(PathBuf, String),
    /// The database was made by a newer Waymark.
    Newer,
    /// Anything else that the database said.
    Database(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => write!(
                f,
                "The database address \"{url}\" is not understood: write sqlite:path/to/file.db or postgres://user:password@host/name."
            ),
            Self::Folder(path, why) => write!(
                f,
                "Cannot write to {} ({why}): make it writable for this user, or choose another folder with --data-dir.",
                path.display()
            ),
            Self::Newer => write!(
                f,
                "The database was made by a newer release of Waymark: start that release, or restore a backup made before the upgrade."
            ),
            Self::Database(why) => {
                write!(f, "The database did not open: {why}. Run `waymark doctor` to see which part fails.")
            }
        }
    }
}

impl std::error::Error for OpenError {}

impl Db {
    /// Opens `url` (`sqlite:path` or `postgres://...`), makes it where it is missing, and applies what migrations are new.
    /// `readers` is the number of reading connections (SQLite), or of all connections (PostgreSQL).
    pub async fn open(url: &str, readers: u32) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            open_sqlite(url, readers).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url, readers).await
        } else {
            Err(OpenError::Url(url.to_owned()))
        }
    }
}

/// The file behind a `sqlite:` address.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    let path = path.split('?').next().unwrap_or(path);
    (!path.is_empty()).then(|| PathBuf::from(path))
}

async fn open_sqlite(url: &str, readers: u32) -> Result<Db, OpenError> {
    let path = sqlite_path(url).ok_or_else(|| OpenError::Url(url.to_owned()))?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| OpenError::Folder(folder.to_owned(), e.kind().to_string()))?;
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        // PostgreSQL's name for byte order, so that `collate "C"` is one text for both.
        .collation("C", |a, b| a.as_bytes().cmp(b.as_bytes()));

    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.clone().pragma("wal_autocheckpoint", CHECKPOINT_PAGES).optimize_on_close(true, None))
        .await
        .map_err(|error| describe_sqlite(&path, &error))?;
    MIGRATIONS.run(&write).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => describe_sqlite(&path, &error),
        other => describe_migration(&other),
    })?;
    assert_durable(&write).await?;

    let read = SqlitePoolOptions::new()
        .max_connections(readers.max(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.create_if_missing(false).read_only(true))
        .await
        .map_err(|error| describe_sqlite(&path, &error))?;
    Ok(Db(Pools::Sqlite { write, read }))
}

/// An acknowledged event must survive a power cut, which no kill -9 in a test can show: so the setting itself is checked.
async fn assert_durable(write: &SqlitePool) -> Result<(), OpenError> {
    let (synchronous,): (i64,) =
        sqlx::query_as("pragma synchronous").fetch_one(write).await.map_err(|e| OpenError::Database(e.to_string()))?;
    let (journal,): (String,) =
        sqlx::query_as("pragma journal_mode").fetch_one(write).await.map_err(|e| OpenError::Database(e.to_string()))?;
    if synchronous == 2 && journal == "wal" {
        return Ok(());
    }
    Err(OpenError::Database(format!(
        "it runs with synchronous={synchronous} and journal_mode={journal} instead of 2 and wal, so a power cut could lose events"
    )))
}

async fn open_postgres(url: &str, connections: u32) -> Result<Db, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::Url(url.to_owned()))?;
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(connections.max(2))
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.application_name("waymark").statement_cache_capacity(256))
        .await
        .map_err(|e| OpenError::Database(e.to_string()))?;
    MIGRATIONS.run(&pool).await.map_err(|error| describe_migration(&error))?;
    Ok(Db(Pools::Postgres(pool)))
}

fn describe_migration(error: &MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => OpenError::Newer,
        other => OpenError::Database(other.to_string()),
    }
}

/// 8, 14 and their extended forms are SQLite's "read-only" and "cannot open": the folder is at fault, not the data.
fn describe_sqlite(path: &Path, error: &Error) -> OpenError {
    let code = match error {
        Error::Database(database) => database.code().and_then(|code| code.parse::<i64>().ok()),
        _ => None,
    };
    match code.map(|code| code & 0xff) {
        Some(8) => OpenError::Folder(path.to_owned(), "it is read-only".to_owned()),
        Some(14) => OpenError::Folder(path.to_owned(), "the file cannot be opened".to_owned()),
        _ => OpenError::Database(error.to_string()),
    }
}
