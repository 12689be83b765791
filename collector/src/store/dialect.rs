//! What the two databases say differently, all of it: writing many rows at once, and locking what will be changed.
//!
//! A statement costs 41 to 64 microseconds and a row within one 5 to 10, so many rows go into one statement, in a few fixed
//! sizes, so that few statements are prepared. PostgreSQL takes columns as arrays (`unnest`), SQLite takes rows.

use std::collections::HashSet;

use engine::Uuid;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, FromRow, PgConnection, Sqlite, SqliteConnection};

use super::events::EventRow;
use super::states::StateRow;
use super::{Conn, Result};

const EVENT_COLUMNS: &str = "site_id, id, subject, at, received_at, created_at, origin, name, props, url, referrer, session, \
    device, prompt, action, user_id, account_id, flags, opened";
const EVENT_WIDTH: usize = 19;

/// Most rows in one statement.
const CHUNK_MAX: usize = 128;

/// Cuts rows into chunks, each with the number of rows that its statement has room for: a power of two, so that few
/// statements are prepared. Room that is left over stays unbound, which SQLite reads as null.
fn chunks<T>(rows: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    rows.chunks(CHUNK_MAX).map(|chunk| (chunk.len().next_power_of_two(), chunk))
}

/// `(?, ?), (?, ?)` for `rows` rows of `width` columns. Not `$1`: SQLite takes that for a name, and finding 2000 names by
/// their numbers costs ten times what storing the rows costs.
fn placeholders(rows: usize, width: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(", "));
    vec![row; rows].join(", ")
}

/// The tables with rows of sites, so that none is forgotten that a later release adds.
pub(super) async fn tables_of_sites(conn: &mut Conn<'_>) -> Result<Vec<String>> {
    const SQLITE: &str = "select t.name from sqlite_master t join pragma_table_info(t.name) c
        where t.type = 'table' and c.name = 'site_id' order by t.name";
    const POSTGRES: &str = "select cast(table_name as text) from information_schema.columns
        where column_name = 'site_id' and table_schema = current_schema() order by table_name";
    let rows: Vec<(String,)> = match conn {
        Conn::Sqlite(c) => sqlx::query_as(SQLITE).fetch_all(&mut **c).await?,
        Conn::Postgres(c) => sqlx::query_as(POSTGRES).fetch_all(&mut **c).await?,
    };
    Ok(rows.into_iter().map(|(table,)| table).collect())
}

/// Answers of each row whether it was new.
pub(super) async fn insert_events(conn: &mut Conn<'_>, rows: &[EventRow]) -> Result<Vec<bool>> {
    match conn {
        Conn::Sqlite(c) => {
            let mut new = Vec::with_capacity(rows.len());
            for (room, chunk) in chunks(rows) {
                new.extend(insert_events_sqlite(c, room, chunk).await?);
            }
            Ok(new)
        }
        Conn::Postgres(c) => Ok(are_in(insert_events_postgres(c, rows).await?, rows)),
    }
}

/// Of each row whether it is among those that were stored, by site and id; of two equal ones the first is.
fn are_in(stored: Vec<(String, String)>, rows: &[EventRow]) -> Vec<bool> {
    if stored.len() == rows.len() {
        return vec![true; rows.len()];
    }
    let mut stored: HashSet<(String, String)> = stored.into_iter().collect();
    rows.iter().map(|row| stored.remove(&(row.site_id.to_string(), row.id.write()))).collect()
}

/// Nearly always all rows are new, so that is tried first: asking which ones were stored costs as much again as storing them.
/// A statement that fails for a duplicate leaves nothing behind, and the transaction as it was.
async fn insert_events_sqlite(c: &mut SqliteConnection, room: usize, rows: &[EventRow]) -> Result<Vec<bool>> {
    let values = placeholders(room, EVENT_WIDTH);
    let sql = format!("insert into event ({EVENT_COLUMNS}) select * from (values {values}) where column1 is not null");
    match bind_events(sqlx::query(AssertSqlSafe(sql.clone())), rows).execute(&mut *c).await {
        Ok(_) => return Ok(vec![true; rows.len()]),
        Err(error) if error.as_database_error().is_some_and(|error| error.is_unique_violation()) => {}
        Err(error) => return Err(error),
    }
    let sql = format!("{sql} on conflict do nothing returning site_id, id");
    let stored = bind_events(sqlx::query(AssertSqlSafe(sql)), rows).fetch_all(c).await?;
    let stored = stored.iter().map(FromRow::from_row).collect::<Result<_>>()?;
    Ok(are_in(stored, rows))
}

type SqliteQuery<'q> = Query<'q, Sqlite, SqliteArguments>;

fn bind_events<'q>(mut query: SqliteQuery<'q>, rows: &'q [EventRow]) -> SqliteQuery<'q> {
    for row in rows {
        query = query
            .bind(&*row.site_id)
            .bind(row.id.write())
            .bind(&row.subject)
            .bind(row.at)
            .bind(row.received_at)
            .bind(row.created_at)
            .bind(row.origin)
            .bind(&row.name)
            .bind(&row.props)
            .bind(&row.url)
            .bind(&row.referrer)
            .bind(row.session.map(Uuid::write))
            .bind(row.device.map(Uuid::write))
            .bind(row.prompt.as_deref())
            .bind(row.action)
            .bind(row.user_id.as_deref())
            .bind(row.account_id.as_deref())
            .bind(row.flags)
            .bind(row.opened.as_deref());
    }
    query
}

async fn insert_events_postgres(c: &mut PgConnection, rows: &[EventRow]) -> Result<Vec<(String, String)>> {
    let sql = format!(
        "insert into event ({EVENT_COLUMNS}) select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], \
         $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], \
         $14::text[], $15::text[], $16::text[], $17::text[], $18::bigint[], $19::text[]) on conflict do nothing returning site_id, id"
    );
    fn column<'r, T>(rows: &'r [EventRow], value: impl Fn(&'r EventRow) -> T) -> Vec<T> {
        rows.iter().map(value).collect()
    }
    sqlx::query_as::<_, (String, String)>(AssertSqlSafe(sql))
        .bind(column(rows, |r| &*r.site_id))
        .bind(column(rows, |r| r.id.write()))
        .bind(column(rows, |r| r.subject.as_str()))
        .bind(column(rows, |r| r.at))
        .bind(column(rows, |r| r.received_at))
        .bind(column(rows, |r| r.created_at))
        .bind(column(rows, |r| r.origin))
        .bind(column(rows, |r| r.name.as_str()))
        .bind(column(rows, |r| r.props.as_str()))
        .bind(column(rows, |r| r.url.as_str()))
        .bind(column(rows, |r| r.referrer.as_str()))
        .bind(column(rows, |r| r.session.map(Uuid::write)))
        .bind(column(rows, |r| r.device.map(Uuid::write)))
        .bind(column(rows, |r| r.prompt.as_deref()))
        .bind(column(rows, |r| r.action))
        .bind(column(rows, |r| r.user_id.as_deref()))
        .bind(column(rows, |r| r.account_id.as_deref()))
        .bind(column(rows, |r| r.flags))
        .bind(column(rows, |r| r.opened.as_deref()))
        .fetch_all(c)
        .await
}

/// One column of many rows.
pub(super) enum Column<'r> {
    Text(Vec<&'r str>),
    Bytes(Vec<&'r [u8]>),
    RealOrNull(Vec<Option<f64>>),
    Number(Vec<i64>),
    NumberOrNull(Vec<Option<i64>>),
}

/// Writes many rows, given by columns: `insert into {table} … on conflict {conflict}`. No two rows of a call may be in conflict
/// with each other: PostgreSQL refuses that.
pub(super) async fn insert_many(
    conn: &mut Conn<'_>,
    table: &str,
    columns: &[(&str, Column<'_>)],
    conflict: &str,
) -> Result<()> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let (names, rows) = (names.join(", "), columns.first().map_or(0, |(_, column)| column.len()));
    match conn {
        Conn::Sqlite(c) => {
            for (room, chunk) in chunks(&Vec::from_iter(0..rows)) {
                let sql = format!(
                    "insert into {table} ({names}) select * from (values {}) where column1 is not null on conflict {conflict}",
                    placeholders(room, columns.len())
                );
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for row in chunk {
                    for (_, column) in columns {
                        query = match column {
                            Column::Text(values) => query.bind(values[*row]),
                            Column::Bytes(values) => query.bind(values[*row]),
                            Column::RealOrNull(values) => query.bind(values[*row]),
                            Column::Number(values) => query.bind(values[*row]),
                            Column::NumberOrNull(values) => query.bind(values[*row]),
                        };
                    }
                }
                query.execute(&mut **c).await?;
            }
        }
        Conn::Postgres(_) if rows == 0 => {}
        Conn::Postgres(c) => {
            let array = |(at, (_, column)): (usize, &(&str, Column<'_>))| format!("${}::{}[]", at + 1, column.kind());
            let arrays: Vec<String> = columns.iter().enumerate().map(array).collect();
            let sql = format!(
                "insert into {table} ({names}) select * from unnest({}) on conflict {conflict}",
                arrays.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (_, column) in columns {
                query = match column {
                    Column::Text(values) => query.bind(values),
                    Column::Bytes(values) => query.bind(values),
                    Column::RealOrNull(values) => query.bind(values),
                    Column::Number(values) => query.bind(values),
                    Column::NumberOrNull(values) => query.bind(values),
                };
            }
            query.execute(&mut **c).await?;
        }
    }
    Ok(())
}

impl Column<'_> {
    fn len(&self) -> usize {
        match self {
            Column::Text(values) => values.len(),
            Column::Bytes(values) => values.len(),
            Column::RealOrNull(values) => values.len(),
            Column::Number(values) => values.len(),
            Column::NumberOrNull(values) => values.len(),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Column::Text(_) => "text",
            Column::Bytes(_) => "bytea",
            Column::RealOrNull(_) => "double precision",
            Column::Number(_) | Column::NumberOrNull(_) => "bigint",
        }
    }
}

/// Waits until nobody else is at work on this site, or, if not `alone`, nobody who has to be; holds until the transaction ends.
pub(super) async fn hold_site(conn: &mut Conn<'_>, site_id: &str, alone: bool) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            const ALONE: &str = "select pg_advisory_xact_lock(hashtextextended($1, 1))";
            const TOGETHER: &str = "select pg_advisory_xact_lock_shared(hashtextextended($1, 1))";
            sqlx::query(if alone { ALONE } else { TOGETHER }).bind(site_id).execute(&mut **c).await.map(drop)
        }
    }
}

/// Reads the states of these (site, subject) pairs, and locks the subjects until the transaction ends: two collectors on one
/// database must not fold the same subject at once. SQLite has one writer, and so nothing to lock.
pub(super) async fn lock_states(conn: &mut Conn<'_>, subjects: &[(String, String)]) -> Result<Vec<StateRow>> {
    const COLUMNS: &str = "s.site_id, s.journey, s.subject, s.fingerprint, s.state";
    match conn {
        Conn::Sqlite(c) => {
            let mut found = Vec::new();
            for (room, chunk) in chunks(subjects) {
                let sql = format!(
                    "with wanted(site_id, subject) as (values {}) select {COLUMNS} from wanted w \
                     join journey_state s on s.site_id = w.site_id and s.subject = w.subject",
                    placeholders(room, 2)
                );
                let mut query = sqlx::query_as::<_, StateRow>(AssertSqlSafe(sql));
                for (site, subject) in chunk {
                    query = query.bind(site).bind(subject);
                }
                found.extend(query.fetch_all(&mut **c).await?);
            }
            Ok(found)
        }
        Conn::Postgres(c) => {
            let sites: Vec<&str> = subjects.iter().map(|(site, _)| site.as_str()).collect();
            let names: Vec<&str> = subjects.iter().map(|(_, subject)| subject.as_str()).collect();
            // A subject without a row yet has nothing to lock, so the lock is on its name; in one order, against deadlocks; and on one of
            // 1024 keys, since the server has room for some thousands of locks in all.
            const LOCK: &str = "select pg_advisory_xact_lock(7, k) from (select distinct \
                (hashtextextended(site || '/' || subject, 0) & 1023)::int as k \
                from unnest($1::text[], $2::text[]) as w(site, subject) order by k) as keys";
            sqlx::query(LOCK).bind(&sites).bind(&names).execute(&mut **c).await?;
            let sql = format!(
                "select {COLUMNS} from unnest($1::text[], $2::text[]) as w(site_id, subject) \
                 join journey_state s on s.site_id = w.site_id and s.subject = w.subject"
            );
            sqlx::query_as::<_, StateRow>(AssertSqlSafe(sql)).bind(&sites).bind(&names).fetch_all(&mut **c).await
        }
    }
}

/// The rows whose `key` column is one of `keys`: (key, rest) for each. `select` names the columns, `table` the table.
pub(super) async fn keyed<R>(
    conn: &mut Conn<'_>,
    select: &str,
    table: &str,
    key: &str,
    keys: &[(String, String)],
) -> Result<Vec<R>>
where
    R: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin,
{
    let mut found = Vec::new();
    match conn {
        Conn::Sqlite(c) => {
            for (room, chunk) in chunks(keys) {
                let sql = format!(
                    "with wanted(site_id, k) as (values {}) select {select} from wanted w \
                     join {table} t on t.site_id = w.site_id and t.{key} = w.k",
                    placeholders(room, 2)
                );
                let mut query = sqlx::query_as::<_, R>(AssertSqlSafe(sql));
                for (site, key) in chunk {
                    query = query.bind(site).bind(key);
                }
                found.extend(query.fetch_all(&mut **c).await?);
            }
        }
        Conn::Postgres(c) => {
            let sites: Vec<&str> = keys.iter().map(|(site, _)| site.as_str()).collect();
            let names: Vec<&str> = keys.iter().map(|(_, key)| key.as_str()).collect();
            let sql = format!(
                "select {select} from unnest($1::text[], $2::text[]) as w(site_id, k) \
                 join {table} t on t.site_id = w.site_id and t.{key} = w.k"
            );
            found = sqlx::query_as::<_, R>(AssertSqlSafe(sql)).bind(&sites).bind(&names).fetch_all(&mut **c).await?;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_few_sizes_and_none_is_lost() {
        for n in 0..350 {
            let rows: Vec<usize> = (0..n).collect();
            assert_eq!(chunks(&rows).flat_map(|(_, chunk)| chunk).copied().collect::<Vec<_>>(), rows);
            assert!(
                chunks(&rows).all(|(room, chunk)| room.is_power_of_two() && (chunk.len()..=CHUNK_MAX).contains(&room))
            );
        }
        assert_eq!(placeholders(2, 2), "(?, ?), (?, ?)");
    }

    fn row(id: usize) -> EventRow {
        EventRow {
            site_id: "site".into(),
            id: Uuid::v7(id as i64, [0; 10]),
            subject: "v:1".to_owned(),
            at: 1,
            received_at: 1,
            created_at: None,
            origin: "web",
            name: "Opened".to_owned(),
            props: String::new(),
            url: String::new(),
            referrer: String::new(),
            session: None,
            device: None,
            prompt: None,
            action: None,
            user_id: None,
            account_id: None,
            flags: 0,
            opened: None,
        }
    }

    #[tokio::test]
    async fn of_many_rows_the_new_ones_are_named_and_room_left_over_stays_empty() {
        let dir = tempfile::tempdir().unwrap();
        let db = crate::store::Db::open(&format!("sqlite:{}", dir.path().join("log.db").display()), 1).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        // All new; some known; one twice; more than a chunk; nothing.
        for (ids, first, new) in [
            (vec![1, 2, 3], vec![true, true, true], 3),
            (vec![2, 4, 3], vec![false, true, false], 1),
            (vec![5, 5], vec![true, false], 1),
            ((1..300).collect(), vec![false, false, false, false, false, true], 294),
            (vec![], vec![], 0),
        ] {
            let rows: Vec<EventRow> = ids.iter().copied().map(row).collect();
            let inserted = insert_events(&mut tx.conn(), &rows).await.unwrap();
            assert_eq!(inserted[..first.len()], first, "{ids:?}");
            assert_eq!((inserted.len(), inserted.iter().filter(|new| **new).count()), (ids.len(), new), "{ids:?}");
        }
        tx.commit().await.unwrap();
        let events = crate::store::people::events_since(&mut db.read().await.unwrap().conn(), "site", 0).await;
        assert_eq!(events.unwrap(), 299, "every row is there once");
    }
}
