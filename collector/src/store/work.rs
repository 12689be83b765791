//! Prompts as their marketers see them: drafts with their steps, and the versions that were published.

use super::{Conn, Result, on};

/// A prompt in work: key, status, draft (JSON), step, place, when it was changed, by whom.
pub type WorkRow = (String, String, String, i64, i64, i64, String);

/// Number, body (JSON), when it was published, by whom.
pub type VersionRow = (i64, String, i64, String);

/// All of a site, the one that was changed last first.
pub async fn all(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<WorkRow>> {
    const SQL: &str = "select key, status, body, step, place, edited_at, edited_by from prompt_work
        where site_id = $1 order by edited_at desc, key";
    on!(conn, c => sqlx::query_as::<_, WorkRow>(SQL).bind(site_id).fetch_all(c).await)
}

/// One of them.
pub async fn one(conn: &mut Conn<'_>, site_id: &str, key: &str) -> Result<Option<WorkRow>> {
    const SQL: &str = "select key, status, body, step, place, edited_at, edited_by from prompt_work
        where site_id = $1 and key = $2";
    on!(conn, c => sqlx::query_as::<_, WorkRow>(SQL).bind(site_id).bind(key).fetch_optional(c).await)
}

/// Begins one; true when there was none of that key.
pub async fn insert(
    conn: &mut Conn<'_>,
    site_id: &str,
    key: &str,
    status: &str,
    body: &str,
    (now_ms, member): (i64, &str),
) -> Result<bool> {
    const SQL: &str =
        "insert into prompt_work (site_id, key, status, body, step, others_step, place, edited_at, edited_by)
        values ($1, $2, $3, $4, 1, 0, 1, $5, $6) on conflict (site_id, key) do nothing";
    let rows = on!(conn, c => sqlx::query(SQL).bind(site_id).bind(key).bind(status).bind(body).bind(now_ms).bind(member)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Puts another draft in the place of the one whose step is `seen`; false when somebody else has changed it since.
pub async fn change(
    conn: &mut Conn<'_>,
    site_id: &str,
    key: &str,
    (seen, place): (i64, i64),
    body: &str,
    (now_ms, member): (i64, &str),
) -> Result<bool> {
    const SQL: &str = "update prompt_work set body = $5, step = step + 1, place = $4, edited_at = $6, edited_by = $7,
            others_step = case when edited_by = $7 then others_step else step end
        where site_id = $1 and key = $2 and (step = $3 or (edited_by = $7 and others_step <= $3))";
    let rows = on!(conn, c => sqlx::query(SQL).bind(site_id).bind(key).bind(seen).bind(place).bind(body).bind(now_ms)
        .bind(member).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Sets the status.
pub async fn set_status(conn: &mut Conn<'_>, site_id: &str, key: &str, status: &str) -> Result<()> {
    const SQL: &str = "update prompt_work set status = $3 where site_id = $1 and key = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(key).bind(status).execute(c).await.map(drop))
}

/// Keeps a step; those after it, which were undone, go, and so do those of long ago.
pub async fn put_step(conn: &mut Conn<'_>, site_id: &str, key: &str, place: i64, body: &str, kept: i64) -> Result<()> {
    const GONE: &str = "delete from prompt_step where site_id = $1 and key = $2 and (place >= $3 or place <= $4)";
    const SQL: &str = "insert into prompt_step (site_id, key, place, body) values ($1, $2, $3, $4)";
    on!(conn, c => sqlx::query(GONE).bind(site_id).bind(key).bind(place).bind(place - kept).execute(c).await.map(drop))?;
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(key).bind(place).bind(body).execute(c).await.map(drop))
}

/// The draft of a step.
pub async fn step(conn: &mut Conn<'_>, site_id: &str, key: &str, place: i64) -> Result<Option<String>> {
    const SQL: &str = "select body from prompt_step where site_id = $1 and key = $2 and place = $3";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(key).bind(place).fetch_optional(c).await)?;
    Ok(row.map(|(body,)| body))
}

/// The first and the last step that are kept.
pub async fn steps(conn: &mut Conn<'_>, site_id: &str, key: &str) -> Result<(i64, i64)> {
    const SQL: &str = "select cast(coalesce(min(place), 0) as bigint), cast(coalesce(max(place), 0) as bigint)
        from prompt_step where site_id = $1 and key = $2";
    on!(conn, c => sqlx::query_as::<_, (i64, i64)>(SQL).bind(site_id).bind(key).fetch_one(c).await)
}

/// Keeps what is published as the next version, and answers its number.
pub async fn insert_version(
    conn: &mut Conn<'_>,
    site_id: &str,
    key: &str,
    body: &str,
    (now_ms, member): (i64, &str),
) -> Result<i64> {
    const LAST: &str =
        "select cast(coalesce(max(number), 0) as bigint) from prompt_version where site_id = $1 and key = $2";
    const SQL: &str =
        "insert into prompt_version (site_id, key, number, body, at, published_by) values ($1, $2, $3, $4, $5, $6)";
    let (last,) = on!(conn, c => sqlx::query_as::<_, (i64,)>(LAST).bind(site_id).bind(key).fetch_one(c).await)?;
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(key).bind(last + 1).bind(body).bind(now_ms).bind(member)
        .execute(c).await.map(drop))?;
    Ok(last + 1)
}

/// What was published last of a prompt.
pub async fn last(conn: &mut Conn<'_>, site_id: &str, key: &str) -> Result<Option<String>> {
    const SQL: &str = "select body from prompt_version where site_id = $1 and key = $2 order by number desc limit 1";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(key).fetch_optional(c).await)?;
    Ok(row.map(|(body,)| body))
}

/// What was published last of every prompt of a site, also of those that are on no page now: key, body.
pub async fn latest(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str = r#"select v.key, v.body from prompt_version v where v.site_id = $1
        and v.number = (select max(o.number) from prompt_version o where o.site_id = v.site_id and o.key = v.key)"#;
    on!(conn, c => sqlx::query_as::<_, (String, String)>(SQL).bind(site_id).fetch_all(c).await)
}

/// What was published of a prompt, the latest first.
pub async fn versions(conn: &mut Conn<'_>, site_id: &str, key: &str) -> Result<Vec<VersionRow>> {
    const SQL: &str = "select number, body, at, published_by from prompt_version
        where site_id = $1 and key = $2 order by number desc";
    on!(conn, c => sqlx::query_as::<_, VersionRow>(SQL).bind(site_id).bind(key).fetch_all(c).await)
}
