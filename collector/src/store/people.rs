//! What the console's pages count and list.

use super::{Conn, Result, on};

/// Events, distinct subjects of kind `v:`, since an instant.
pub async fn activity(conn: &mut Conn<'_>, site_id: &str, since: i64) -> Result<(i64, i64)> {
    const SQL: &str = "select count(*), count(distinct case when substr(subject, 1, 2) = 'v:' then subject end)
        from event where site_id = $1 and received_at >= $2 and origin <> 'team'";
    on!(conn, c => sqlx::query_as::<_, (i64, i64)>(SQL).bind(site_id).bind(since).fetch_one(c).await)
}

/// When the last page was viewed.
pub async fn last_visit(conn: &mut Conn<'_>, site_id: &str) -> Result<Option<i64>> {
    const SQL: &str = "select max(received_at) from event where site_id = $1 and origin = 'web'";
    let row = on!(conn, c => sqlx::query_as::<_, (Option<i64>,)>(SQL).bind(site_id).fetch_one(c).await)?;
    Ok(row.0)
}

/// Subjects in each stage: journey, stage, kind (`v`, `p`, `a`), count. Nobody counts twice: a visitor that has become a person counts
/// as that person, a member of an account with the account.
pub async fn stages(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<(String, String, String, i64)>> {
    const SQL: &str = "select journey, stage, substr(subject, 1, 1) as kind, count(*) from journey_state
        where site_id = $1 and stage <> '' and not exists (
            select 1 from identity_edge e where e.site_id = $1 and e.visitor = substr(subject, 3) and substr(subject, 1, 2) = 'v:'
        ) and not exists (select 1 from membership m where m.site_id = $1 and m.member = subject) group by journey, stage, substr(subject, 1, 1) order by journey, stage, kind";
    on!(conn, c => sqlx::query_as::<_, (String, String, String, i64)>(SQL).bind(site_id).fetch_all(c).await)
}

/// Subjects whose id, name or e-mail address contains a pattern, latest activity first: subject, last event. `kind` is `v:`, `p:`, `a:` or empty;
/// the page starts after (`before`, `after_subject`).
pub async fn list(
    conn: &mut Conn<'_>,
    site_id: &str,
    kind: &str,
    pattern: &str,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    const SQL: &str = "with named(subject) as (
            select subject from trait where site_id = $1 and name in ('name', 'email') and lower(value) like $3 escape '\\'
        )
        select subject, cast(max(last) as bigint) as last from (
            select subject, max(at) as last from event
            where site_id = $1 and ($2 = '' or substr(subject, 1, 2) = $2) and (lower(subject) like $3 escape '\\' or subject in (select subject from named))
            and origin <> 'team' group by subject
            union all
            select 'p:' || user_id as subject, max(at) as last from identity_edge
            where site_id = $1 and ($2 = '' or $2 = 'p:') and (lower('p:' || user_id) like $3 escape '\\' or 'p:' || user_id in (select subject from named))
            group by user_id
            union all
            select 'a:' || account_id as subject, max(at) as last from membership
            where site_id = $1 and ($2 = '' or $2 = 'a:') and (lower('a:' || account_id) like $3 escape '\\' or 'a:' || account_id in (select subject from named))
            group by account_id
        ) as seen
        group by subject having max(last) < $4 or (max(last) = $4 and subject > $5)
        order by 2 desc, subject limit $6";
    on!(conn, c => sqlx::query_as::<_, (String, i64)>(SQL).bind(site_id).bind(kind).bind(pattern).bind(before.0).bind(before.1)
        .bind(limit).fetch_all(c).await)
}

/// The account that a person (`p:…`) or a visitor whom nobody has identified (`v:…`) joined last; by a server's word if there is one.
pub async fn account_of(conn: &mut Conn<'_>, site_id: &str, member: &str) -> Result<Option<String>> {
    const SQL: &str = "select account_id from membership where site_id = $1 and member = $2 order by trusted desc, at desc, account_id desc limit 1";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(member).fetch_optional(c).await)?;
    Ok(row.map(|(account,)| account))
}

/// How many people are known by a user id, and how many accounts anybody belongs to.
pub async fn known(conn: &mut Conn<'_>, site_id: &str) -> Result<(i64, i64)> {
    const SQL: &str = "select (select count(distinct user_id) from identity_edge where site_id = $1),
        (select count(distinct account_id) from membership where site_id = $1)";
    on!(conn, c => sqlx::query_as::<_, (i64, i64)>(SQL).bind(site_id).fetch_one(c).await)
}

/// The people who said last who they are: their user ids.
pub async fn latest(conn: &mut Conn<'_>, site_id: &str, limit: i64) -> Result<Vec<String>> {
    const SQL: &str = "select user_id from (
            select user_id, max(at) as last from identity_edge where site_id = $1 group by user_id
        ) known order by last desc, user_id limit $2";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// The names of traits, as far as five thousand of them tell.
pub async fn trait_names(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<String>> {
    const SQL: &str =
        "select distinct name from (select name from trait where site_id = $1 limit 5000) latest order by name";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}
