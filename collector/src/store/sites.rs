//! Sites, and the origins that may send for them.

use sqlx::AssertSqlSafe;

use super::{Conn, Result, dialect, on};

/// A site as it is stored: id, key, name, timezone, currency, clock offset in ms, version.
pub type SiteRow = (String, String, String, String, String, i64, i64);

/// All sites, by id.
pub async fn all(conn: &mut Conn<'_>) -> Result<Vec<SiteRow>> {
    const SQL: &str = "select id, key, name, timezone, currency, clock_offset_ms, version from site order by id";
    on!(conn, c => sqlx::query_as::<_, SiteRow>(SQL).fetch_all(c).await)
}

/// Version of every site, by id: what a collector polls to see whether its copy is old.
pub async fn versions(conn: &mut Conn<'_>) -> Result<Vec<(String, i64)>> {
    const SQL: &str = "select id, version from site order by id";
    on!(conn, c => sqlx::query_as::<_, (String, i64)>(SQL).fetch_all(c).await)
}

/// All (site, origin) pairs.
pub async fn origins(conn: &mut Conn<'_>) -> Result<Vec<(String, String)>> {
    const SQL: &str = "select site_id, origin from site_origin order by site_id, origin";
    on!(conn, c => sqlx::query_as::<_, (String, String)>(SQL).fetch_all(c).await)
}

/// Makes a site; true when there was none of that id. Its version begins at the instant, so that a site of an id that was there before is
/// newer than whatever somebody keeps of the old one.
pub async fn insert(conn: &mut Conn<'_>, id: &str, key: &str, name: &str, timezone: &str, now_ms: i64) -> Result<bool> {
    const SQL: &str = "insert into site (id, key, name, timezone, clock_offset_ms, version, created_at)
        values ($1, $2, $3, $4, 0, $5, $5) on conflict (id) do nothing";
    let rows = on!(conn, c => sqlx::query(SQL).bind(id).bind(key).bind(name).bind(timezone).bind(now_ms)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Allows an origin to send for a site.
pub async fn insert_origin(conn: &mut Conn<'_>, site_id: &str, origin: &str) -> Result<()> {
    const SQL: &str =
        "insert into site_origin (site_id, origin) values ($1, $2) on conflict (site_id, origin) do nothing";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(origin).execute(c).await.map(drop))
}

/// Moves a site's clock to `offset_ms` ahead of the world, and says so to the other collectors.
pub async fn advance_clock(conn: &mut Conn<'_>, site_id: &str, by_ms: i64) -> Result<()> {
    const SQL: &str = "update site set clock_offset_ms = clock_offset_ms + $2, version = version + 1 where id = $1";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(by_ms).execute(c).await.map(drop))
}

/// Takes a site away, with every row of every table that says it belongs to it.
pub async fn delete(conn: &mut Conn<'_>, site_id: &str) -> Result<()> {
    const SQL: &str = "delete from site where id = $1";
    for table in dialect::tables_of_sites(conn).await? {
        let sql = format!("delete from {table} where site_id = $1");
        on!(&mut *conn, c => sqlx::query(AssertSqlSafe(sql)).bind(site_id).execute(c).await.map(drop))?;
    }
    on!(conn, c => sqlx::query(SQL).bind(site_id).execute(c).await.map(drop))
}

/// Tells every collector that something of the site changed.
pub async fn bump(conn: &mut Conn<'_>, site_id: &str) -> Result<()> {
    const SQL: &str = "update site set version = version + 1 where id = $1";
    on!(conn, c => sqlx::query(SQL).bind(site_id).execute(c).await.map(drop))
}

/// Keeps others from publishing for a site until this transaction ends: whoever holds it too waits.
pub async fn hold(conn: &mut Conn<'_>, site_id: &str) -> Result<()> {
    const SQL: &str = "update site set version = version where id = $1";
    on!(conn, c => sqlx::query(SQL).bind(site_id).execute(c).await.map(drop))
}

/// Takes an origin off a site's list.
pub async fn delete_origin(conn: &mut Conn<'_>, site_id: &str, origin: &str) -> Result<()> {
    const SQL: &str = "delete from site_origin where site_id = $1 and origin = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(origin).execute(c).await.map(drop))
}

/// Sets what a site is called, where its days begin, and what its amounts are in.
pub async fn describe(conn: &mut Conn<'_>, site_id: &str, name: &str, timezone: &str, currency: &str) -> Result<()> {
    const SQL: &str = "update site set name = $2, timezone = $3, currency = $4 where id = $1";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(name).bind(timezone).bind(currency).execute(c).await.map(drop))
}
