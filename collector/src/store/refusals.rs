//! Visits that were turned away: which origin, when first and last, how often.

use super::{Conn, Result, on};

/// Site id, kind, detail, first and last instant (ms), count.
pub type RefusalRow = (String, String, String, i64, i64, i64);

/// Adds `count` refusals of one kind and detail.
pub async fn add(conn: &mut Conn<'_>, site_id: &str, kind: &str, detail: &str, at_ms: i64, count: i64) -> Result<()> {
    const SQL: &str =
        "insert into refusal (site_id, kind, detail, first_at, last_at, count) values ($1, $2, $3, $4, $4, $5)
        on conflict (site_id, kind, detail) do update
        set last_at = excluded.last_at, count = refusal.count + excluded.count";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(kind).bind(detail).bind(at_ms).bind(count).execute(c).await.map(drop))
}

/// The latest refusals, newest first.
pub async fn latest(conn: &mut Conn<'_>, limit: i64) -> Result<Vec<RefusalRow>> {
    const SQL: &str = "select site_id, kind, detail, first_at, last_at, count from refusal
        order by last_at desc, detail limit $1";
    on!(conn, c => sqlx::query_as::<_, RefusalRow>(SQL).bind(limit).fetch_all(c).await)
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
