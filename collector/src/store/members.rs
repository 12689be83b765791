//! Who works here: members, their roles, one-time links and signed-in sessions. Of passwords, links and cookies only hashes are kept.

use super::{Conn, Result, on};

/// A member as it is stored: id, address, name, password hash, 1 for an owner of the installation.
pub type MemberRow = (String, String, String, Option<String>, i64);

/// Somebody with a role on a site: id, address, name, role, 1 where they have a password.
pub type TeamRow = (String, String, String, String, i64);

/// The member of an address.
pub async fn by_email(conn: &mut Conn<'_>, email: &str) -> Result<Option<MemberRow>> {
    const SQL: &str = "select id, email, name, password_hash, is_owner from member where email = $1";
    on!(conn, c => sqlx::query_as::<_, MemberRow>(SQL).bind(email).fetch_optional(c).await)
}

/// The member of an id.
pub async fn by_id(conn: &mut Conn<'_>, id: &str) -> Result<Option<MemberRow>> {
    const SQL: &str = "select id, email, name, password_hash, is_owner from member where id = $1";
    on!(conn, c => sqlx::query_as::<_, MemberRow>(SQL).bind(id).fetch_optional(c).await)
}

/// The owners of the installation, the first one first.
pub async fn owners(conn: &mut Conn<'_>) -> Result<Vec<MemberRow>> {
    const SQL: &str =
        "select id, email, name, password_hash, is_owner from member where is_owner = 1 order by created_at, id";
    on!(conn, c => sqlx::query_as::<_, MemberRow>(SQL).fetch_all(c).await)
}

/// Makes a member; true when nobody had the id or the address.
pub async fn insert(
    conn: &mut Conn<'_>,
    id: &str,
    email: &str,
    name: &str,
    is_owner: bool,
    now_ms: i64,
) -> Result<bool> {
    const SQL: &str = "insert into member (id, email, name, password_hash, is_owner, created_at)
        values ($1, $2, $3, null, $4, $5) on conflict do nothing";
    let rows = on!(conn, c => sqlx::query(SQL).bind(id).bind(email).bind(name).bind(i64::from(is_owner)).bind(now_ms)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Sets an address; nothing happens where it is somebody else's. True when it is theirs now.
pub async fn set_email(conn: &mut Conn<'_>, id: &str, email: &str) -> Result<bool> {
    const SQL: &str = "update member set email = $2 where id = $1
        and not exists (select 1 from member other where other.email = $2 and other.id <> $1)";
    let rows = on!(conn, c => sqlx::query(SQL).bind(id).bind(email).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Sets what the others call them.
pub async fn set_name(conn: &mut Conn<'_>, id: &str, name: &str) -> Result<()> {
    const SQL: &str = "update member set name = $2 where id = $1";
    on!(conn, c => sqlx::query(SQL).bind(id).bind(name).execute(c).await.map(drop))
}

/// Sets a password.
pub async fn set_password_hash(conn: &mut Conn<'_>, id: &str, hash: &str) -> Result<()> {
    const SQL: &str = "update member set password_hash = $2 where id = $1";
    on!(conn, c => sqlx::query(SQL).bind(id).bind(hash).execute(c).await.map(drop))
}

/// Who has a role on a site, by name and address.
pub async fn team(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<TeamRow>> {
    const SQL: &str = "select m.id, m.email, m.name, r.role,
        cast(case when m.password_hash is null then 0 else 1 end as bigint)
        from member_role r join member m on m.id = r.member_id where r.site_id = $1 order by m.name, m.email";
    on!(conn, c => sqlx::query_as::<_, TeamRow>(SQL).bind(site_id).fetch_all(c).await)
}

/// The sites of a member, with the role on each.
pub async fn roles(conn: &mut Conn<'_>, member_id: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str = "select site_id, role from member_role where member_id = $1 order by site_id";
    on!(conn, c => sqlx::query_as::<_, (String, String)>(SQL).bind(member_id).fetch_all(c).await)
}

/// Gives a member a role on a site, in place of the one before.
pub async fn set_role(conn: &mut Conn<'_>, site_id: &str, member_id: &str, role: &str) -> Result<()> {
    const SQL: &str = "insert into member_role (site_id, member_id, role) values ($1, $2, $3)
        on conflict (site_id, member_id) do update set role = excluded.role";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(member_id).bind(role).execute(c).await.map(drop))
}

/// Takes a member off a site.
pub async fn delete_role(conn: &mut Conn<'_>, site_id: &str, member_id: &str) -> Result<()> {
    const SQL: &str = "delete from member_role where site_id = $1 and member_id = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(member_id).execute(c).await.map(drop))
}

/// Keeps a one-time link.
pub async fn insert_link(conn: &mut Conn<'_>, token_hash: &str, member_id: &str, expires_at: i64) -> Result<()> {
    const SQL: &str = "insert into member_link (token_hash, member_id, expires_at) values ($1, $2, $3)";
    on!(conn, c => sqlx::query(SQL).bind(token_hash).bind(member_id).bind(expires_at).execute(c).await.map(drop))
}

/// Whose a one-time link is, if it is good at `now_ms`.
pub async fn of_link(conn: &mut Conn<'_>, token_hash: &str, now_ms: i64) -> Result<Option<String>> {
    const SQL: &str = "select member_id from member_link where token_hash = $1 and expires_at > $2";
    let row =
        on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(token_hash).bind(now_ms).fetch_optional(c).await)?;
    Ok(row.map(|(member,)| member))
}

/// Uses a one-time link up; false when it was not good, so that of two who try at once only one gets in.
pub async fn take_link(conn: &mut Conn<'_>, token_hash: &str, now_ms: i64) -> Result<bool> {
    const SQL: &str = "delete from member_link where token_hash = $1 and expires_at > $2";
    let rows =
        on!(conn, c => sqlx::query(SQL).bind(token_hash).bind(now_ms).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(rows > 0)
}

/// Until when the one-time link of a member is good.
pub async fn link_of(conn: &mut Conn<'_>, member_id: &str) -> Result<Option<i64>> {
    const SQL: &str = "select max(expires_at) from member_link where member_id = $1";
    let row = on!(conn, c => sqlx::query_as::<_, (Option<i64>,)>(SQL).bind(member_id).fetch_one(c).await)?;
    Ok(row.0)
}

/// Forgets the one-time links of a member: a new one replaces what they were given before.
pub async fn delete_links(conn: &mut Conn<'_>, member_id: &str) -> Result<()> {
    const SQL: &str = "delete from member_link where member_id = $1";
    on!(conn, c => sqlx::query(SQL).bind(member_id).execute(c).await.map(drop))
}

/// Keeps a session.
pub async fn insert_session(
    conn: &mut Conn<'_>,
    token_hash: &str,
    member_id: &str,
    now_ms: i64,
    expires_at: i64,
) -> Result<()> {
    const SQL: &str = "insert into session (token_hash, member_id, created_at, expires_at) values ($1, $2, $3, $4)";
    on!(conn, c => sqlx::query(SQL).bind(token_hash).bind(member_id).bind(now_ms).bind(expires_at)
        .execute(c).await.map(drop))
}

/// Whose a session is, if it is good at `now_ms`.
pub async fn of_session(conn: &mut Conn<'_>, token_hash: &str, now_ms: i64) -> Result<Option<MemberRow>> {
    const SQL: &str = "select m.id, m.email, m.name, m.password_hash, m.is_owner from session s
        join member m on m.id = s.member_id where s.token_hash = $1 and s.expires_at > $2";
    on!(conn, c => sqlx::query_as::<_, MemberRow>(SQL).bind(token_hash).bind(now_ms).fetch_optional(c).await)
}

/// Ends one session.
pub async fn delete_session(conn: &mut Conn<'_>, token_hash: &str) -> Result<()> {
    const SQL: &str = "delete from session where token_hash = $1";
    on!(conn, c => sqlx::query(SQL).bind(token_hash).execute(c).await.map(drop))
}

/// Ends every session of a member: after a new password nobody who knew the old one stays signed in.
pub async fn delete_sessions(conn: &mut Conn<'_>, member_id: &str) -> Result<()> {
    const SQL: &str = "delete from session where member_id = $1";
    on!(conn, c => sqlx::query(SQL).bind(member_id).execute(c).await.map(drop))
}

/// Forgets sessions and links that have run out.
pub async fn delete_expired(conn: &mut Conn<'_>, now_ms: i64) -> Result<()> {
    const SESSIONS: &str = "delete from session where expires_at <= $1";
    const LINKS: &str = "delete from member_link where expires_at <= $1";
    on!(conn, c => sqlx::query(SESSIONS).bind(now_ms).execute(c).await.map(drop))?;
    on!(conn, c => sqlx::query(LINKS).bind(now_ms).execute(c).await.map(drop))
}
