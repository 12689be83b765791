//! The SQLite file as a file: copy it while it is in use, check it, set it aside.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::Error;
pub use super::open::sqlite_path as path_of;

/// What goes wrong with the file.
#[derive(Debug)]
pub enum FileError {
    /// No database, or somebody else's.
    NotWaymark,
    /// SQLite's own check found something.
    Damaged(String),
    /// Another process has it open.
    InUse,
    /// The operating system refused.
    Io(String),
}

/// Writes everything that is committed in `from` to the new file `to`, which appears only when it is complete and on disk.
pub async fn copy(from: &Path, to: &Path) -> Result<(), FileError> {
    let partial = beside(to, "partial");
    let _ = std::fs::remove_file(&partial);
    let mut conn = connect(from).await?;
    let text = partial.to_str().ok_or_else(|| FileError::Io("the file name is not valid text".to_owned()))?.to_owned();
    let copied = sqlx::query("vacuum into $1").bind(text).execute(&mut conn).await;
    close(conn).await;
    copied.map_err(|e| describe(&e))?;
    let io = |e: std::io::Error| FileError::Io(e.to_string());
    std::fs::File::open(&partial).and_then(|f| f.sync_all()).map_err(io)?;
    std::fs::rename(&partial, to).map_err(io)
}

/// Whether this is a Waymark database in good order.
pub async fn check(path: &Path) -> Result<(), FileError> {
    if !path.is_file() {
        return Err(FileError::NotWaymark);
    }
    let mut conn = connect(path).await?;
    let ours: Result<(i64,), Error> =
        sqlx::query_as("select count(*) from sqlite_schema where name in ('_sqlx_migrations', 'site')")
            .fetch_one(&mut conn)
            .await;
    let whole: Result<(String,), Error> = sqlx::query_as("pragma quick_check(1)").fetch_one(&mut conn).await;
    close(conn).await;
    match (ours, whole) {
        (Ok((2,)), Ok((word,))) if word == "ok" => Ok(()),
        (Ok((2,)), Ok((word,))) => Err(FileError::Damaged(word)),
        (Ok(_), _) => Err(FileError::NotWaymark),
        (Err(error), _) => Err(describe(&error)),
    }
}

/// Moves the database out of the way, if there is one; answers its new name. Refuses while anybody has it open.
pub async fn set_aside(path: &Path) -> Result<Option<PathBuf>, FileError> {
    if !path.exists() {
        return Ok(None);
    }
    // Leaving WAL mode needs the file for oneself alone, so it finds every other process; and it folds the log in.
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_millis(200));
    let mut conn = options.connect().await.map_err(|e| describe(&e))?;
    let alone: Result<(String,), Error> = sqlx::query_as("pragma journal_mode = delete").fetch_one(&mut conn).await;
    close(conn).await;
    match alone {
        Ok((mode,)) if mode == "delete" => {}
        Ok(_) => return Err(FileError::InUse),
        Err(error) => return Err(describe(&error)),
    }
    let kept = (1..).map(|n| beside(path, &format!("before-restore-{n}"))).find(|name| !name.exists());
    let kept = kept.ok_or_else(|| FileError::Io("no free name was found".to_owned()))?;
    std::fs::rename(path, &kept).map_err(|e| FileError::Io(e.to_string()))?;
    Ok(Some(kept))
}

async fn connect(path: &Path) -> Result<SqliteConnection, FileError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .collation("C", |a, b| a.as_bytes().cmp(b.as_bytes()))
        .busy_timeout(Duration::from_secs(10));
    options.connect().await.map_err(|e| describe(&e))
}

async fn close(conn: SqliteConnection) {
    if let Err(error) = sqlx::Connection::close(conn).await {
        tracing::debug!(%error, "closing");
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

/// 5 and 6 are "busy" and "locked", 11 "malformed", 26 "not a database", each with extended forms above the low byte.
fn describe(error: &Error) -> FileError {
    let code = match error {
        Error::Database(database) => database.code().and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xff),
        _ => None,
    };
    match code {
        Some(5 | 6) => FileError::InUse,
        Some(11) => FileError::Damaged(error.to_string()),
        Some(26) => FileError::NotWaymark,
        _ => FileError::Io(error.to_string()),
    }
}
