//! The keys of servers: their hashes, what they may do, when they were used.

use super::{Conn, Result, on};

/// A key as it is listed: hash, name, scope, who made it, when, when it was last used.
pub type KeyRow = (String, String, String, String, i64, Option<i64>);

/// What a key is called, what it may do, which member made it.
pub type KeyWords<'a> = (&'a str, &'a str, &'a str);

/// All keys: site, hash, scope.
pub async fn all(conn: &mut Conn<'_>) -> Result<Vec<(String, String, String)>> {
    const SQL: &str = "select site_id, hash, scope from site_secret order by site_id, hash";
    on!(conn, c => sqlx::query_as::<_, (String, String, String)>(SQL).fetch_all(c).await)
}

/// The keys of a site, the latest first.
pub async fn of_site(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<KeyRow>> {
    const SQL: &str = "select hash, name, scope, made_by, created_at, last_used_at from site_secret
        where site_id = $1 order by created_at desc, hash";
    on!(conn, c => sqlx::query_as::<_, KeyRow>(SQL).bind(site_id).fetch_all(c).await)
}

/// Keeps the hash of a key.
pub async fn insert(conn: &mut Conn<'_>, site_id: &str, hash: &str, words: KeyWords<'_>, now_ms: i64) -> Result<()> {
    const SQL: &str = "insert into site_secret (site_id, hash, name, scope, made_by, created_at)
        values ($1, $2, $3, $4, $5, $6) on conflict (hash) do nothing";
    let (name, scope, made_by) = words;
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(hash).bind(name).bind(scope).bind(made_by).bind(now_ms)
        .execute(c).await.map(drop))
}

/// Takes a key back; its name, if the site had it.
pub async fn delete(conn: &mut Conn<'_>, site_id: &str, hash: &str) -> Result<Option<String>> {
    const SQL: &str = "delete from site_secret where site_id = $1 and hash = $2 returning name";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(hash).fetch_optional(c).await)?;
    Ok(row.map(|(name,)| name))
}

/// Notes that a key was used.
pub async fn used(conn: &mut Conn<'_>, hash: &str, at_ms: i64) -> Result<()> {
    const SQL: &str = "update site_secret set last_used_at = $2
        where hash = $1 and (last_used_at is null or last_used_at < $2)";
    on!(conn, c => sqlx::query(SQL).bind(hash).bind(at_ms).execute(c).await.map(drop))
}
