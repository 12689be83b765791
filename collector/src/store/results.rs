//! What became of prompts: who did what on which day, counted; responses with their tags.

use super::dialect::Column;
use super::{Conn, Result, dialect, on};

/// Site, person, prompt, acts (JSON).
pub type ActsRow = (String, String, String, String);

/// A number of the tally, and by how much it grows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the columns of `prompt_tally` are explained in the migration")]
pub struct Tallied {
    pub site_id: String,
    pub variant: String,
    pub prompt: String,
    pub what: String,
    pub day: i64,
    pub next_day: i64,
}

/// One row of `response`.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `response` are explained in the migration")]
pub struct ResponseRow {
    pub person: String,
    pub prompt: String,
    pub id: String,
    pub at: i64,
    pub band: String,
    pub finished: i64,
    pub words: String,
    pub answers: String,
}

/// Which responses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Of this prompt; empty: of all.
    pub prompt: String,
    /// From this instant on.
    pub from: i64,
    /// Before this one.
    pub to: i64,
    /// Of this band; empty: of any.
    pub band: String,
    /// With this tag; empty: with any or none.
    pub tag: String,
    /// Patterns for `like … escape '\'`, all of which must be in what was written.
    pub words: Vec<String>,
}

/// The acts of these (site, person) pairs.
pub async fn acts_of(conn: &mut Conn<'_>, people: &[(String, String)]) -> Result<Vec<ActsRow>> {
    dialect::keyed(conn, "t.site_id, t.person, t.prompt, t.acts", "prompt_acts", "person", people).await
}

/// Keeps acts; no two of one person and prompt.
pub async fn put_acts(conn: &mut Conn<'_>, rows: &[ActsRow]) -> Result<()> {
    let text = |of: fn(&ActsRow) -> &str| Column::Text(rows.iter().map(of).collect());
    let columns = [
        ("site_id", text(|row| &row.0)),
        ("person", text(|row| &row.1)),
        ("prompt", text(|row| &row.2)),
        ("acts", text(|row| &row.3)),
    ];
    dialect::insert_many(conn, "prompt_acts", &columns, "(site_id, person, prompt) do update set acts = excluded.acts")
        .await
}

/// Forgets the acts of a person with a prompt.
pub async fn delete_acts(conn: &mut Conn<'_>, site_id: &str, person: &str, prompt: &str) -> Result<()> {
    const SQL: &str = "delete from prompt_acts where site_id = $1 and person = $2 and prompt = $3";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(person).bind(prompt).execute(c).await.map(drop))
}

/// Lets numbers grow or shrink. In one order everywhere, so that two collectors never wait for each other.
pub async fn tally(conn: &mut Conn<'_>, rows: &[(Tallied, i64)]) -> Result<()> {
    const CONFLICT: &str = "(site_id, variant, prompt, what, day, next_day)
        do update set people = prompt_tally.people + excluded.people";
    let text = |of: fn(&Tallied) -> &str| Column::Text(rows.iter().map(|(row, _)| of(row)).collect());
    let columns = [
        ("site_id", text(|row| &row.site_id)),
        ("variant", text(|row| &row.variant)),
        ("prompt", text(|row| &row.prompt)),
        ("what", text(|row| &row.what)),
        ("day", Column::Number(rows.iter().map(|(row, _)| row.day).collect())),
        ("next_day", Column::Number(rows.iter().map(|(row, _)| row.next_day).collect())),
        ("people", Column::Number(rows.iter().map(|(_, by)| *by).collect())),
    ];
    dialect::insert_many(conn, "prompt_tally", &columns, CONFLICT).await
}

/// How many people did what with each prompt from one day to another, that one included: prompt, what, people.
pub async fn tallied(conn: &mut Conn<'_>, site_id: &str, from: i64, to: i64) -> Result<Vec<(String, String, i64)>> {
    const SQL: &str = "select prompt, what, cast(sum(people) as bigint) from prompt_tally
        where site_id = $1 and variant = '' and day >= $2 and day <= $3 and next_day > $3
        group by prompt, what having sum(people) > 0";
    on!(conn, c => sqlx::query_as::<_, (String, String, i64)>(SQL).bind(site_id).bind(from).bind(to).fetch_all(c).await)
}

/// The same of one prompt, for those of a variant; empty: for all.
pub async fn tallied_of(
    conn: &mut Conn<'_>,
    site_id: &str,
    (prompt, variant): (&str, &str),
    from: i64,
    to: i64,
) -> Result<Vec<(String, i64)>> {
    const SQL: &str = "select what, cast(sum(people) as bigint) from prompt_tally
        where site_id = $1 and variant = $2 and prompt = $3 and day >= $4 and day <= $5 and next_day > $5
        group by what having sum(people) > 0";
    on!(conn, c => sqlx::query_as::<_, (String, i64)>(SQL).bind(site_id).bind(variant).bind(prompt).bind(from).bind(to)
        .fetch_all(c).await)
}

/// The same in steps of so many days from the first day on, of a prompt or of all (empty): what, which step, people.
pub async fn tallied_by(
    conn: &mut Conn<'_>,
    site_id: &str,
    prompt: &str,
    (from, to, step): (i64, i64, i64),
) -> Result<Vec<(String, i64, i64)>> {
    const OF_ALL: &str = "select what, (day - $2) / $4, cast(sum(people) as bigint) from prompt_tally
        where site_id = $1 and variant = '' and day >= $2 and day <= $3
        and next_day >= $2 + ((day - $2) / $4 + 1) * $4 group by 1, 2 having sum(people) > 0";
    const OF_ONE: &str = "select what, (day - $2) / $4, cast(sum(people) as bigint) from prompt_tally
        where site_id = $1 and variant = '' and prompt = $5 and day >= $2 and day <= $3
        and next_day >= $2 + ((day - $2) / $4 + 1) * $4 group by 1, 2 having sum(people) > 0";
    let sql = if prompt.is_empty() { OF_ALL } else { OF_ONE };
    on!(conn, c => {
        let query = sqlx::query_as::<_, (String, i64, i64)>(sql).bind(site_id).bind(from).bind(to).bind(step);
        if prompt.is_empty() { query.fetch_all(c).await } else { query.bind(prompt).fetch_all(c).await }
    })
}

/// The variants of a prompt that anybody has ever seen.
pub async fn variants(conn: &mut Conn<'_>, site_id: &str, prompt: &str) -> Result<Vec<String>> {
    // From one variant to the next, without reading what lies between.
    const SQL: &str = "select min(variant) from prompt_tally where site_id = $1 and variant > $2";
    const HAS: &str = "select count(*) from (select 1 from prompt_tally
        where site_id = $1 and variant = $2 and prompt = $3 and people > 0 limit 1) as one";
    let mut found = Vec::new();
    let mut last = String::new();
    loop {
        let (next,) =
            on!(conn, c => sqlx::query_as::<_, (Option<String>,)>(SQL).bind(site_id).bind(&last).fetch_one(c).await)?;
        let Some(next) = next else { return Ok(found) };
        let (has,) =
            on!(conn, c => sqlx::query_as::<_, (i64,)>(HAS).bind(site_id).bind(&next).bind(prompt).fetch_one(c).await)?;
        if has > 0 {
            found.push(next.clone());
        }
        last = next;
    }
}

/// A response.
pub async fn response(
    conn: &mut Conn<'_>,
    site_id: &str,
    person: &str,
    (prompt, id): (&str, &str),
) -> Result<Option<ResponseRow>> {
    const SQL: &str = "select person, prompt, id, at, band, finished, words, answers from response
        where site_id = $1 and person = $2 and prompt = $3 and id = $4";
    on!(conn, c => sqlx::query_as::<_, ResponseRow>(SQL).bind(site_id).bind(person).bind(prompt).bind(id)
        .fetch_optional(c).await)
}

/// Keeps a response in place of what it was.
pub async fn put_response(conn: &mut Conn<'_>, site_id: &str, row: &ResponseRow) -> Result<()> {
    const SQL: &str = "insert into response (site_id, person, prompt, id, at, band, finished, words, answers)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (site_id, person, prompt, id) do update
        set at = excluded.at, band = excluded.band, finished = excluded.finished, words = excluded.words, answers = excluded.answers";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(&row.person).bind(&row.prompt).bind(&row.id).bind(row.at)
        .bind(&row.band).bind(row.finished).bind(&row.words).bind(&row.answers).execute(c).await.map(drop))
}

/// Forgets the responses of a person.
pub async fn delete_responses(conn: &mut Conn<'_>, site_id: &str, person: &str) -> Result<()> {
    const SQL: &str = "delete from response where site_id = $1 and person = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(person).execute(c).await.map(drop))
}

/// The newest responses, those after the cursor (at, id) of the page before.
pub async fn responses(
    conn: &mut Conn<'_>,
    site_id: &str,
    wanted: &Wanted,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<ResponseRow>> {
    let mut sql = String::from(
        "select r.person, r.prompt, r.id, r.at, r.band, r.finished, r.words, r.answers from response r
        where r.site_id = $1 and r.at >= $2 and r.at < $3 and r.at <= $4 and (r.at < $4 or r.id collate \"C\" < $5)",
    );
    let mut texts: Vec<&str> = Vec::new();
    let mut also = |condition: &str, text| {
        texts.push(text);
        sql.push_str(&condition.replace("$x", &format!("${}", 6 + texts.len())));
    };
    if !wanted.prompt.is_empty() {
        also(" and r.prompt = $x", &wanted.prompt);
    }
    if !wanted.band.is_empty() {
        also(" and r.band = $x", &wanted.band);
    }
    if !wanted.tag.is_empty() {
        also(
            " and r.id in (select t.response_id from response_tag t where t.site_id = $1 and t.tag = $x)",
            &wanted.tag,
        );
    }
    for pattern in &wanted.words {
        also(" and r.words like $x escape '\\'", pattern);
    }
    sql.push_str(" order by r.at desc, r.id collate \"C\" desc limit $6");
    on!(conn, c => {
        let mut query = sqlx::query_as::<_, ResponseRow>(sqlx::AssertSqlSafe(sql)).bind(site_id).bind(wanted.from).bind(wanted.to)
            .bind(before.0).bind(before.1).bind(limit);
        for text in texts {
            query = query.bind(text);
        }
        query.fetch_all(c).await
    })
}

/// The tags of these (site, response) pairs: response, tag.
pub async fn tags_of(conn: &mut Conn<'_>, responses: &[(String, String)]) -> Result<Vec<(String, String)>> {
    dialect::keyed(conn, "t.response_id, t.tag", "response_tag", "response_id", responses).await
}

/// All tags of a site, the most used first, at most 50.
pub async fn tags(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<(String, i64)>> {
    const SQL: &str =
        "select tag, count(*) from response_tag where site_id = $1 group by tag order by 2 desc, tag limit 50";
    on!(conn, c => sqlx::query_as::<_, (String, i64)>(SQL).bind(site_id).fetch_all(c).await)
}

/// Whether there is a response of this id.
pub async fn has_response(conn: &mut Conn<'_>, site_id: &str, prompt: &str, id: &str) -> Result<bool> {
    const SQL: &str = "select count(*) from response where site_id = $1 and prompt = $2 and id = $3";
    let (count,) =
        on!(conn, c => sqlx::query_as::<_, (i64,)>(SQL).bind(site_id).bind(prompt).bind(id).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Notes a tag; one that is there stays as it is.
pub async fn insert_tag(
    conn: &mut Conn<'_>,
    site_id: &str,
    response: &str,
    tag: &str,
    (now_ms, member): (i64, &str),
) -> Result<()> {
    const SQL: &str = "insert into response_tag (site_id, response_id, tag, at, tagged_by) values ($1, $2, $3, $4, $5)
        on conflict (site_id, response_id, tag) do nothing";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(response).bind(tag).bind(now_ms).bind(member)
        .execute(c).await.map(drop))
}

/// Takes a tag away.
pub async fn delete_tag(conn: &mut Conn<'_>, site_id: &str, response: &str, tag: &str) -> Result<()> {
    const SQL: &str = "delete from response_tag where site_id = $1 and response_id = $2 and tag = $3";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(response).bind(tag).execute(c).await.map(drop))
}

/// People whose acts must be folded anew.
pub async fn due(conn: &mut Conn<'_>, site_id: &str, limit: i64) -> Result<Vec<String>> {
    const SQL: &str = "select person from acts_due where site_id = $1 limit $2";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// Those of these (site, person) pairs who are.
pub async fn due_among(conn: &mut Conn<'_>, people: &[(String, String)]) -> Result<Vec<(String, String)>> {
    dialect::keyed(conn, "t.site_id, t.person", "acts_due", "person", people).await
}

/// They were.
pub async fn settle(conn: &mut Conn<'_>, site_id: &str, person: &str) -> Result<()> {
    const SQL: &str = "delete from acts_due where site_id = $1 and person = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(person).execute(c).await.map(drop))
}

/// Everybody must: days are other ones now.
pub async fn unsettle(conn: &mut Conn<'_>, site_id: &str) -> Result<()> {
    const SQL: &str = "insert into acts_due (site_id, person) select distinct site_id, person from prompt_acts
        where site_id = $1 on conflict do nothing";
    on!(conn, c => sqlx::query(SQL).bind(site_id).execute(c).await.map(drop))
}

/// Everybody who had to do with a prompt must: it is for something else now.
pub async fn unsettle_prompt(conn: &mut Conn<'_>, site_id: &str, prompt: &str) -> Result<()> {
    const SQL: &str = "insert into acts_due (site_id, person) select site_id, person from prompt_acts
        where site_id = $1 and prompt = $2 on conflict do nothing";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(prompt).execute(c).await.map(drop))
}

/// One must: their log has changed.
pub async fn mark(conn: &mut Conn<'_>, site_id: &str, person: &str) -> Result<()> {
    const SQL: &str = "insert into acts_due (site_id, person) values ($1, $2) on conflict do nothing";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(person).execute(c).await.map(drop))
}
