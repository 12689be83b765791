//! Where subjects are in their journeys, and the moves that took them there.

use std::collections::BTreeMap;

use super::dialect::{self, Column};
use super::{Conn, Result, on, subjects};

/// Site, journey, subject, fingerprint, state (JSON).
pub type StateRow = (String, String, String, i64, String);

/// What prompts and segments need of a subject's log is kept beside its journeys, under a name that none of them can have, and
/// without a stage.
pub const RECOLLECTION: &str = "*";

/// The fingerprint of no definitions.
const UNFOLDED: i64 = -1;

/// One state as it is written.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of `journey_state` are explained in the migration")]
pub struct NewState {
    pub site_id: String,
    pub journey: String,
    pub subject: String,
    pub stage: String,
    pub entered_at: i64,
    pub cycle: i64,
    pub next_due: Option<i64>,
    pub fingerprint: i64,
    pub state: String,
}

/// One move as it is written.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of `journey_move` are explained in the migration")]
pub struct NewMove {
    pub site_id: String,
    pub journey: String,
    pub subject: String,
    pub seq: i64,
    pub id: String,
    pub at: i64,
    pub body: String,
}

/// Lets a transaction begin its work on these sites, in their order: alone on those marked so, where it may change who is who,
/// beside others on the rest. On SQLite there is one writer, who is alone.
pub async fn enter(conn: &mut Conn<'_>, sites: &BTreeMap<&str, bool>) -> Result<()> {
    for (site_id, alone) in sites {
        dialect::hold_site(conn, site_id, *alone).await?;
    }
    Ok(())
}

/// Reads the states of these (site, subject) pairs in all journeys and keeps others from changing them until the
/// transaction ends.
pub async fn lock(conn: &mut Conn<'_>, subjects: &[(String, String)]) -> Result<Vec<StateRow>> {
    dialect::lock_states(conn, subjects).await
}

/// Journey, stage, entered at, cycle, next due.
pub type StageRow = (String, String, i64, i64, Option<i64>);

/// The stages of a subject in all journeys.
pub async fn stages_of(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Vec<StageRow>> {
    const SQL: &str = "select journey, stage, entered_at, cycle, next_due from journey_state
        where site_id = $1 and subject = $2 and stage <> '' order by journey";
    on!(conn, c => sqlx::query_as::<_, StageRow>(SQL).bind(site_id).bind(subject).fetch_all(c).await)
}

/// The states of a subject: journey, state (JSON).
pub async fn states_of(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str = "select journey, state from journey_state where site_id = $1 and subject = $2 and stage <> ''";
    on!(conn, c => sqlx::query_as::<_, (String, String)>(SQL).bind(site_id).bind(subject).fetch_all(c).await)
}

/// What is remembered of a subject for prompts and segments: fingerprint, state.
pub async fn recollection_of(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Option<(i64, String)>> {
    const SQL: &str =
        "select fingerprint, state from journey_state where site_id = $1 and subject = $2 and journey = $3";
    on!(conn, c => sqlx::query_as::<_, (i64, String)>(SQL).bind(site_id).bind(subject).bind(RECOLLECTION)
        .fetch_optional(c).await)
}

/// Writes states over what was there; no two of one subject in one journey.
pub async fn save(conn: &mut Conn<'_>, states: &[NewState]) -> Result<()> {
    const OVER: &str = "(site_id, subject, journey) do update set stage = excluded.stage, entered_at = excluded.entered_at,
        cycle = excluded.cycle, next_due = excluded.next_due, fingerprint = excluded.fingerprint, state = excluded.state";
    insert(conn, states, OVER).await
}

/// Writes notes that these are to be folded anew; what was there can be read until then.
pub async fn unfold(conn: &mut Conn<'_>, notes: &[NewState]) -> Result<()> {
    insert(conn, notes, "(site_id, subject, journey) do update set fingerprint = excluded.fingerprint").await
}

async fn insert(conn: &mut Conn<'_>, states: &[NewState], conflict: &str) -> Result<()> {
    let text = |of: fn(&NewState) -> &str| Column::Text(states.iter().map(of).collect());
    let number = |of: fn(&NewState) -> i64| Column::Number(states.iter().map(of).collect());
    let columns = [
        ("site_id", text(|s| &s.site_id)),
        ("journey", text(|s| &s.journey)),
        ("subject", text(|s| &s.subject)),
        ("stage", text(|s| &s.stage)),
        ("entered_at", number(|s| s.entered_at)),
        ("cycle", number(|s| s.cycle)),
        ("next_due", Column::NumberOrNull(states.iter().map(|s| s.next_due).collect())),
        ("fingerprint", number(|s| s.fingerprint)),
        ("state", text(|s| &s.state)),
    ];
    dialect::insert_many(conn, "journey_state", &columns, conflict).await
}

/// Forgets the state of a subject in a journey: its log has become empty.
pub async fn delete(conn: &mut Conn<'_>, site_id: &str, journey: &str, subject: &str) -> Result<()> {
    const SQL: &str = "delete from journey_state where site_id = $1 and journey = $2 and subject = $3";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(journey).bind(subject).execute(c).await.map(drop))
}

/// Forgets all that follows from a subject's log, which is gone.
pub async fn forget(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<()> {
    const STATES: &str = "delete from journey_state where site_id = $1 and subject = $2";
    const MOVES: &str = "delete from journey_move where site_id = $1 and subject = $2";
    for sql in [STATES, MOVES] {
        on!(&mut *conn, c => sqlx::query(sql).bind(site_id).bind(subject).execute(c).await.map(drop))?;
    }
    subjects::delete(conn, site_id, subject).await
}

/// Appends moves; no two of one number.
pub async fn insert_moves(conn: &mut Conn<'_>, moves: &[NewMove]) -> Result<()> {
    const CONFLICT: &str =
        "(site_id, subject, journey, seq) do update set id = excluded.id, at = excluded.at, body = excluded.body";
    let text = |of: fn(&NewMove) -> &str| Column::Text(moves.iter().map(of).collect());
    let number = |of: fn(&NewMove) -> i64| Column::Number(moves.iter().map(of).collect());
    let columns = [
        ("site_id", text(|m| &m.site_id)),
        ("journey", text(|m| &m.journey)),
        ("subject", text(|m| &m.subject)),
        ("seq", number(|m| m.seq)),
        ("id", text(|m| &m.id)),
        ("at", number(|m| m.at)),
        ("body", text(|m| &m.body)),
    ];
    dialect::insert_many(conn, "journey_move", &columns, CONFLICT).await
}

/// Forgets the moves from `seq` on: a late event has shown that they did not happen so.
pub async fn delete_moves(conn: &mut Conn<'_>, site_id: &str, journey: &str, subject: &str, seq: i64) -> Result<()> {
    const SQL: &str = "delete from journey_move where site_id = $1 and journey = $2 and subject = $3 and seq >= $4";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(journey).bind(subject).bind(seq).execute(c).await.map(drop))
}

/// The latest moves in a journey since an instant, at most so many: their bodies. Those of visitors who are known as somebody, and of members
/// of accounts, are theirs.
pub async fn moves_since(
    conn: &mut Conn<'_>,
    site_id: &str,
    journey: &str,
    since: i64,
    limit: i64,
) -> Result<Vec<String>> {
    const SQL: &str =
        "select body from journey_move where site_id = $1 and journey = $2 and at >= $3 and subject not in (
            select subject from subject where site_id = $1 and (kind = 'known' or account <> '')
        ) order by at desc limit $4";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(journey).bind(since).bind(limit)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(body,)| body).collect())
}

/// The moves of a subject in all journeys, oldest first: journey, body.
pub async fn moves_of(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str =
        "select journey, body from journey_move where site_id = $1 and subject = $2 order by journey, seq";
    on!(conn, c => sqlx::query_as::<_, (String, String)>(SQL).bind(site_id).bind(subject).fetch_all(c).await)
}

/// Subjects of a site that must be looked at again by `now`, the most overdue first.
pub async fn due(conn: &mut Conn<'_>, site_id: &str, now: i64, limit: i64) -> Result<Vec<String>> {
    const SQL: &str = "select subject, min(next_due) as due from journey_state
        where site_id = $1 and next_due is not null and next_due <= $2 group by subject order by due, subject limit $3";
    let rows =
        on!(conn, c => sqlx::query_as::<_, (String, i64)>(SQL).bind(site_id).bind(now).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(subject, _)| subject).collect())
}

/// Subjects whose state in a journey was folded under other definitions than these.
pub async fn outdated(
    conn: &mut Conn<'_>,
    site_id: &str,
    journey: &str,
    fingerprint: i64,
    limit: i64,
) -> Result<Vec<String>> {
    const SQL: &str = "select subject from journey_state
        where site_id = $1 and journey = $2 and fingerprint <> $3 order by subject limit $4";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(journey).bind(fingerprint).bind(limit)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

/// Whoever the log of a site speaks of: as a sender, by an edge, as an account.
const SPOKEN_OF: &str = "select subject from event where site_id = $1 and origin <> 'team'
    union select 'p:' || user_id from identity_edge where site_id = $1
    union select 'a:' || account_id from membership where site_id = $1";

/// Every subject that has a state or ought to, for a replay: at most `limit` after `after`, in order.
pub async fn subjects(conn: &mut Conn<'_>, site_id: &str, after: &str, limit: i64) -> Result<Vec<String>> {
    let sql = format!(
        "select subject from ({SPOKEN_OF} union select subject from journey_state where site_id = $1) as known
        where subject collate \"C\" > $2 order by subject collate \"C\" limit $3"
    );
    let sql = sqlx::AssertSqlSafe(sql);
    let rows =
        on!(conn, c => sqlx::query_as::<_, (String,)>(sql).bind(site_id).bind(after).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

/// Some who are in a journey, accounts and people before visitors, and how many there are. Visitors who have become people are not
/// among them.
pub async fn some(conn: &mut Conn<'_>, site_id: &str, journey: &str, limit: i64) -> Result<(Vec<String>, i64)> {
    const WHO: &str = "from journey_state where site_id = $1 and journey = $2 and stage <> '' and not exists (
            select 1 from identity_edge e where e.site_id = $1 and e.visitor = substr(subject, 3) and substr(subject, 1, 2) = 'v:'
        )";
    let all = sqlx::AssertSqlSafe(format!("select count(*) {WHO}"));
    let some = sqlx::AssertSqlSafe(format!(
        "select subject {WHO} order by case substr(subject, 1, 2) when 'a:' then 0 when 'p:' then 1 else 2 end, subject limit $3"
    ));
    let count = on!(&mut *conn, c => sqlx::query_scalar::<_, i64>(all).bind(site_id).bind(journey).fetch_one(c).await)?;
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(some).bind(site_id).bind(journey).bind(limit).fetch_all(c).await)?;
    Ok((rows.into_iter().map(|(subject,)| subject).collect(), count))
}

/// Notes for everybody that they have not been folded in a journey that is new: they are next, a slice at a time, like those
/// of a journey that was changed. Until then readers take such a subject for one that nobody has seen.
pub async fn begin(conn: &mut Conn<'_>, site_id: &str, journey: &str) -> Result<()> {
    dialect::hold_site(conn, site_id, true).await?;
    let sql = format!(
        "insert into journey_state (site_id, journey, subject, stage, entered_at, cycle, next_due, fingerprint, state)
        select $1, $2, subject, '', 0, 0, null, {UNFOLDED}, '' from ({SPOKEN_OF}) as known where true on conflict do nothing"
    );
    let sql = sqlx::AssertSqlSafe(sql);
    on!(conn, c => sqlx::query(sql).bind(site_id).bind(journey).execute(c).await.map(drop))
}

/// The journeys of a site, including those that this collector has not noticed yet.
pub async fn journeys(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<String>> {
    const SQL: &str = "select distinct journey from journey_version where site_id = $1";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(journey,)| journey).collect())
}

impl NewState {
    /// The same note as [`begin`] makes, for one subject.
    pub fn unfolded(site_id: &str, journey: &str, subject: &str) -> Self {
        Self {
            site_id: site_id.to_owned(),
            journey: journey.to_owned(),
            subject: subject.to_owned(),
            stage: String::new(),
            entered_at: 0,
            cycle: 0,
            next_due: None,
            fingerprint: UNFOLDED,
            state: String::new(),
        }
    }
}

/// Journey, active from, body.
pub type VersionRow = (String, i64, String);

/// All versions of all journeys of a site, oldest first: journey, active from, body.
pub async fn versions(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<VersionRow>> {
    const SQL: &str =
        "select journey, active_from, body from journey_version where site_id = $1 order by journey, active_from";
    on!(conn, c => sqlx::query_as::<_, VersionRow>(SQL).bind(site_id).fetch_all(c).await)
}

/// Publishes a version from `active_from` on.
pub async fn insert_version(
    conn: &mut Conn<'_>,
    site_id: &str,
    journey: &str,
    version: &str,
    active_from: i64,
    body: &str,
) -> Result<()> {
    const SQL: &str =
        "insert into journey_version (site_id, journey, version, active_from, body) values ($1, $2, $3, $4, $5)
        on conflict (site_id, journey, active_from) do update set version = excluded.version, body = excluded.body";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(journey).bind(version).bind(active_from).bind(body)
        .execute(c).await.map(drop))
}
