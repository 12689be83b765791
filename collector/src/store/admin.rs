//! The administrator's password, one-time set-up links and signed-in sessions. Only hashes are kept.

use super::{Conn, Result, on};

/// The password hash, once a password was set.
pub async fn password_hash(conn: &mut Conn<'_>) -> Result<Option<String>> {
    const SQL: &str = "select password_hash from admin where id = 'admin'";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).fetch_optional(c).await)?;
    Ok(row.map(|(hash,)| hash))
}

/// Sets the password.
pub async fn set_password_hash(conn: &mut Conn<'_>, hash: &str, now_ms: i64) -> Result<()> {
    const SQL: &str = "insert into admin (id, password_hash, updated_at) values ('admin', $1, $2)
        on conflict (id) do update set password_hash = excluded.password_hash, updated_at = excluded.updated_at";
    on!(conn, c => sqlx::query(SQL).bind(hash).bind(now_ms).execute(c).await.map(drop))
}

/// Keeps a one-time link.
pub async fn insert_setup_link(conn: &mut Conn<'_>, token_hash: &str, expires_at: i64) -> Result<()> {
    const SQL: &str = "insert into setup_link (token_hash, expires_at) values ($1, $2)";
    on!(conn, c => sqlx::query(SQL).bind(token_hash).bind(expires_at).execute(c).await.map(drop))
}

/// Whether a one-time link is still good at `now_ms`.
pub async fn setup_link_is_good(conn: &mut Conn<'_>, token_hash: &str, now_ms: i64) -> Result<bool> {
    const SQL: &str = "select expires_at from setup_link where token_hash = $1 and expires_at > $2";
    let row = on!(conn, c => sqlx::query_as::<_, (i64,)>(SQL).bind(token_hash).bind(now_ms).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Uses a one-time link up; false when it was not good, so that of two who try at once only one gets in.
pub async fn take_setup_link(conn: &mut Conn<'_>, token_hash: &str, now_ms: i64) -> Result<bool> {
    const SQL: &str = "delete from setup_link where token_hash = $1 and expires_at > $2";
    let rows =
        on!(conn, c => sqlx::query(SQL).bind(token_hash).bind(now_ms).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets all one-time links: a new one replaces what was printed before.
pub async fn delete_setup_links(conn: &mut Conn<'_>) -> Result<()> {
    const SQL: &str = "delete from setup_link";
    on!(conn, c => sqlx::query(SQL).execute(c).await.map(drop))
}

/// Keeps a session.
pub async fn insert_session(conn: &mut Conn<'_>, token_hash: &str, now_ms: i64, expires_at: i64) -> Result<()> {
    const SQL: &str = "insert into session (token_hash, created_at, expires_at) values ($1, $2, $3)";
    on!(conn, c => sqlx::query(SQL).bind(token_hash).bind(now_ms).bind(expires_at).execute(c).await.map(drop))
}

/// Whether a session is good at `now_ms`.
pub async fn session_is_good(conn: &mut Conn<'_>, token_hash: &str, now_ms: i64) -> Result<bool> {
    const SQL: &str = "select expires_at from session where token_hash = $1 and expires_at > $2";
    let row = on!(conn, c => sqlx::query_as::<_, (i64,)>(SQL).bind(token_hash).bind(now_ms).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Ends one session.
pub async fn delete_session(conn: &mut Conn<'_>, token_hash: &str) -> Result<()> {
    const SQL: &str = "delete from session where token_hash = $1";
    on!(conn, c => sqlx::query(SQL).bind(token_hash).execute(c).await.map(drop))
}

/// Ends every session: after a new password nobody who knew the old one stays signed in.
pub async fn delete_sessions(conn: &mut Conn<'_>) -> Result<()> {
    const SQL: &str = "delete from session";
    on!(conn, c => sqlx::query(SQL).execute(c).await.map(drop))
}

/// Forgets sessions that have run out.
pub async fn delete_expired_sessions(conn: &mut Conn<'_>, now_ms: i64) -> Result<()> {
    const SQL: &str = "delete from session where expires_at <= $1";
    on!(conn, c => sqlx::query(SQL).bind(now_ms).execute(c).await.map(drop))
}
