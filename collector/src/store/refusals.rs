//! Visits that were turned away: which origin or key, when first and last, how often.

use super::{Conn, Result, on};

/// Site id, kind, detail, first and last instant (ms), count.
pub type RefusalRow = (String, String, String, i64, i64, i64);

/// Origin, key, first and last instant (ms), count.
pub type StrayRow = (String, String, i64, i64, i64);

/// Adds `count` refusals of one kind and detail.
pub async fn add(conn: &mut Conn<'_>, site_id: &str, kind: &str, detail: &str, at_ms: i64, count: i64) -> Result<()> {
    const SQL: &str =
        "insert into refusal (site_id, kind, detail, first_at, last_at, count) values ($1, $2, $3, $4, $4, $5)
        on conflict (site_id, kind, detail) do update
        set last_at = excluded.last_at, count = refusal.count + excluded.count";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(kind).bind(detail).bind(at_ms).bind(count).execute(c).await.map(drop))
}

/// The latest refusals of a site, newest first.
pub async fn latest(conn: &mut Conn<'_>, site_id: &str, limit: i64) -> Result<Vec<RefusalRow>> {
    const SQL: &str = "select site_id, kind, detail, first_at, last_at, count from refusal
        where site_id = $1 order by last_at desc, detail limit $2";
    on!(conn, c => sqlx::query_as::<_, RefusalRow>(SQL).bind(site_id).bind(limit).fetch_all(c).await)
}

/// Keeps the newest `keep` refusals of a site: anybody can send an invented origin, so their number is bounded.
pub async fn trim(conn: &mut Conn<'_>, site_id: &str, keep: i64) -> Result<()> {
    const SQL: &str = "delete from refusal where site_id = $1 and last_at <
        (select min(last_at) from (select last_at from refusal where site_id = $1 order by last_at desc limit $2) as kept)";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(keep).execute(c).await.map(drop))
}

/// Forgets a refusal, once its origin was allowed or dismissed.
pub async fn delete(conn: &mut Conn<'_>, site_id: &str, kind: &str, detail: &str) -> Result<()> {
    const SQL: &str = "delete from refusal where site_id = $1 and kind = $2 and detail = $3";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(kind).bind(detail).execute(c).await.map(drop))
}

/// Adds `count` requests of pages of an origin with a key that belongs to no site.
pub async fn add_stray(conn: &mut Conn<'_>, origin: &str, key: &str, at_ms: i64, count: i64) -> Result<()> {
    const SQL: &str = "insert into stray_key (origin, key, first_at, last_at, count) values ($1, $2, $3, $3, $4)
        on conflict (origin, key) do update
        set last_at = excluded.last_at, count = stray_key.count + excluded.count";
    on!(conn, c => sqlx::query(SQL).bind(origin).bind(key).bind(at_ms).bind(count).execute(c).await.map(drop))
}

/// All stray keys, newest first.
pub async fn strays(conn: &mut Conn<'_>) -> Result<Vec<StrayRow>> {
    const SQL: &str = "select origin, key, first_at, last_at, count from stray_key order by last_at desc, origin, key";
    on!(conn, c => sqlx::query_as::<_, StrayRow>(SQL).fetch_all(c).await)
}

/// Keeps the newest `keep` stray keys: anybody can invent one.
pub async fn trim_strays(conn: &mut Conn<'_>, keep: i64) -> Result<()> {
    const SQL: &str = "delete from stray_key where last_at <
        (select min(last_at) from (select last_at from stray_key order by last_at desc limit $1) as kept)";
    on!(conn, c => sqlx::query(SQL).bind(keep).execute(c).await.map(drop))
}

/// Forgets a stray key.
pub async fn delete_stray(conn: &mut Conn<'_>, origin: &str, key: &str) -> Result<()> {
    const SQL: &str = "delete from stray_key where origin = $1 and key = $2";
    on!(conn, c => sqlx::query(SQL).bind(origin).bind(key).execute(c).await.map(drop))
}
