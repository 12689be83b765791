//! Looking at a database without changing it: for `waymark doctor`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use engine::Timestamp;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::file::{self, FileError};
use super::open::MIGRATIONS;
use super::{Conn, Error, documents, on, sites};

/// A database that can be used.
#[derive(Debug, Default)]
pub struct Inspected {
    /// What it is: the file, or PostgreSQL with its version.
    pub name: String,
    /// Migrations of this release that it has not seen.
    pub pending: usize,
    /// Its own idea of now, where it has one.
    pub clock: Option<Timestamp>,
    /// The sites in it.
    pub sites: Vec<KnownSite>,
}

/// A site, as far as a page's snippet is concerned.
#[derive(Debug)]
pub struct KnownSite {
    /// Its public key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its list.
    pub origins: Vec<String>,
    /// Its settings as they are stored; empty where it has none.
    pub settings: String,
}

/// Why a database cannot be used.
#[derive(Debug)]
pub enum Unfit {
    /// No file there yet.
    Missing(PathBuf),
    /// Anything else, as a sentence.
    Broken(String),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "{} is not there.", path.display()),
            Self::Broken(sentence) => f.write_str(sentence),
        }
    }
}

impl From<Error> for Unfit {
    fn from(error: Error) -> Self {
        Self::Broken(format!("it does not answer ({error})."))
    }
}

/// Opens the database, checks it, reads what a report needs.
pub async fn inspect(url: &str) -> Result<Inspected, Unfit> {
    if let Some(path) = file::path_of(url) {
        if !path.exists() {
            return Err(Unfit::Missing(path));
        }
        file::check(&path).await.map_err(|error| {
            Unfit::Broken(match error {
                FileError::NotWaymark => {
                    format!("{} is not a database of Waymark: name the right file with --database.", path.display())
                }
                FileError::Damaged(what) => format!("{} is damaged ({what}): restore a backup.", path.display()),
                FileError::InUse => format!("{} is locked by another program.", path.display()),
                FileError::Io(why) => format!("{} cannot be read ({why}).", path.display()),
            })
        })?;
        let mut conn = SqliteConnectOptions::new().filename(&path).read_only(true).connect().await?;
        return read(&mut Conn::Sqlite(&mut conn), format!("{}", path.display()), None).await;
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| {
        Unfit::Broken("the address is not understood: write sqlite:FILE or postgres://user@host/name.".to_owned())
    })?;
    let mut conn = options.connect().await?;
    let (version, now): (String, i64) = sqlx::query_as(
        "select current_setting('server_version'), (extract(epoch from clock_timestamp()) * 1000)::bigint",
    )
    .fetch_one(&mut conn)
    .await?;
    read(&mut Conn::Postgres(&mut conn), format!("PostgreSQL {version}"), Some(Timestamp(now))).await
}

async fn read(conn: &mut Conn<'_>, name: String, clock: Option<Timestamp>) -> Result<Inspected, Unfit> {
    const DONE: &str = "select version from _sqlx_migrations where success";
    let known = MIGRATIONS.iter().count();
    let Ok(done) = on!(&mut *conn, c => sqlx::query_as::<_, (i64,)>(DONE).fetch_all(c).await) else {
        // An empty PostgreSQL database: nothing in it yet, and nothing wrong.
        return Ok(Inspected { name, pending: known, clock, sites: Vec::new() });
    };
    if done.iter().any(|(version,)| !MIGRATIONS.version_exists(*version)) {
        return Err(Unfit::Broken("it was made by a newer release of Waymark: use that release.".to_owned()));
    }
    let origins = sites::origins(conn).await?;
    let mut sites = Vec::new();
    for (id, key, name, ..) in sites::all(conn).await? {
        let own = origins.iter().filter(|(site, _)| *site == id).map(|(_, origin)| origin.clone()).collect();
        let settings = documents::of_kind(conn, &id, "settings").await?;
        let settings = settings.into_iter().next().map(|(_, body, _)| body).unwrap_or_default();
        sites.push(KnownSite { key, name, origins: own, settings });
    }
    Ok(Inspected { name, pending: known.saturating_sub(done.len()), clock, sites })
}
