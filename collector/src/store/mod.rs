//! The only SQL. One function per statement, one text for both databases.
//!
//! A statement is written once and runs on SQLite and on PostgreSQL: a [`Conn`] is one of the two,
//! and [`on!`] repeats the same sqlx call for whichever it is. So the text keeps to the dialect both
//! speak: `$1` binds, lower case, `on conflict`, bigint numbers and instants, text ids made by us,
//! sums cast to bigint, `nulls first|last` said, ordered text keys `collate "C"`.
//!
//! This layer never decides and knows no feature. An absent row is an `Option`, a duplicate is a count.
//!
//! ```ignore
//! let mut tx = db.begin().await?;                       // the one writer on SQLite
//! sites::set_clock_offset(&mut tx.conn(), "demo", 86_400_000).await?;
//! tx.commit().await?;                                    // dropped without this: rolled back
//! let site = sites::all(&mut db.read().await?.conn()).await?;
//! ```

pub mod assets;
pub mod audit;
mod dialect;
pub mod documents;
pub mod events;
pub mod file;
pub mod identity;
pub mod inspect;
pub mod keys;
pub mod lots;
pub mod members;
mod open;
pub mod people;
pub mod pictures;
pub mod reach;
pub mod referrals;
pub mod refusals;
pub mod results;
pub mod sightings;
pub mod sites;
pub mod states;
pub mod subjects;
pub mod visits;
pub mod work;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

pub use open::OpenError;
/// What a statement can fail with.
pub use sqlx::Error;
/// What a statement answers.
pub type Result<T> = std::result::Result<T, Error>;

/// The database of this installation. Cheap to clone; clones share the connections.
#[derive(Clone, Debug)]
pub struct Db(Pools);

#[derive(Clone, Debug)]
enum Pools {
    /// One connection that writes, some that only read.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
    },
    Postgres(PgPool),
}

/// One connection, whichever database it leads to. Functions of this layer take `&mut Conn<'_>`.
#[derive(Debug)]
pub enum Conn<'a> {
    /// A connection to the SQLite file.
    Sqlite(&'a mut SqliteConnection),
    /// A connection to PostgreSQL.
    Postgres(&'a mut PgConnection),
}

/// Runs the same sqlx call on whichever database `$conn: &mut Conn` is: in `$body`, `$c` is the connection.
#[macro_export]
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite(c) => {
                let $c = &mut **c;
                $body
            }
            $crate::store::Conn::Postgres(c) => {
                let $c = &mut **c;
                $body
            }
        }
    };
}
pub use crate::on;

/// A connection for reading. On SQLite it cannot write; hold it for one page, not for one report.
#[derive(Debug)]
pub struct Reader(ReaderKind);

#[derive(Debug)]
enum ReaderKind {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    /// The connection itself.
    pub fn conn(&mut self) -> Conn<'_> {
        match &mut self.0 {
            ReaderKind::Sqlite(c) => Conn::Sqlite(c),
            ReaderKind::Postgres(c) => Conn::Postgres(c),
        }
    }
}

/// A transaction that may write. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx(TxKind);

#[derive(Debug)]
enum TxKind {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// The connection inside the transaction.
    pub fn conn(&mut self) -> Conn<'_> {
        match &mut self.0 {
            TxKind::Sqlite(tx) => Conn::Sqlite(tx),
            TxKind::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    /// Makes it durable: when this returns `Ok`, it survives a power cut.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            TxKind::Sqlite(tx) => tx.commit().await,
            TxKind::Postgres(tx) => tx.commit().await,
        }
    }

    /// Undoes it now. Dropping does the same a little later.
    pub async fn rollback(self) -> Result<()> {
        match self.0 {
            TxKind::Sqlite(tx) => tx.rollback().await,
            TxKind::Postgres(tx) => tx.rollback().await,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "here they are opened")]
impl Db {
    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader> {
        Ok(Reader(match &self.0 {
            Pools::Sqlite { read, .. } => ReaderKind::Sqlite(read.acquire().await?),
            Pools::Postgres(pool) => ReaderKind::Postgres(pool.acquire().await?),
        }))
    }

    /// Begins a transaction that may write. On SQLite there is one writer: this waits for it, and takes the
    /// file's write lock at once (`begin immediate`), so that it cannot fail half way for being late.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(match &self.0 {
            Pools::Sqlite { write, .. } => TxKind::Sqlite(write.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => TxKind::Postgres(pool.begin().await?),
        }))
    }

    /// Whether this is SQLite: a file of ours, which we check, copy and fold together ourselves.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.0, Pools::Sqlite { .. })
    }

    /// Closes every connection; on SQLite folds the write-ahead log into the file first, so that what is left is one file.
    pub async fn close(self) {
        match self.0 {
            Pools::Sqlite { write, read } => {
                read.close().await;
                if let Err(error) = sqlx::query("pragma wal_checkpoint(truncate)").execute(&write).await {
                    tracing::warn!(%error, "the write-ahead log was not folded into the database; the next start does it");
                }
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Whether the transaction lost a race that doing it again wins: a deadlock (40P01) or a serialisation failure (40001)
/// on PostgreSQL, a lock held by a foreign process on SQLite.
pub fn is_retryable(error: &Error) -> bool {
    let Error::Database(database) = error else { return false };
    matches!(database.code().as_deref(), Some("40P01" | "40001" | "5" | "517"))
}
