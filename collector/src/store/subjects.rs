//! Who is there: a row for each visitor, person and account, and the words they are found by.

use super::dialect::Column;
use super::{Conn, Result, dialect, on};

/// One row of `subject`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of `subject` are explained in the migration")]
pub struct SubjectRow {
    pub site_id: String,
    pub subject: String,
    pub kind: String,
    pub first_seen: i64,
    pub last_seen: i64,
    pub name: String,
    pub email: String,
    pub account: String,
}

/// Of a row `t`.
pub(super) const COLUMNS: &str = "t.site_id, t.subject, t.kind, t.first_seen, t.last_seen, t.name, t.email, t.account";

/// The rows of these (site, subject) pairs, as far as there are any.
pub async fn of(conn: &mut Conn<'_>, subjects: &[(String, String)]) -> Result<Vec<SubjectRow>> {
    dialect::keyed(conn, COLUMNS, "subject", "subject", subjects).await
}

/// Keeps rows in place of what they were; no two of one subject.
pub async fn save(conn: &mut Conn<'_>, rows: &[SubjectRow]) -> Result<()> {
    const OVER: &str = "(site_id, subject) do update set kind = excluded.kind, first_seen = excluded.first_seen,
        last_seen = excluded.last_seen, name = excluded.name, email = excluded.email, account = excluded.account";
    let text = |of: fn(&SubjectRow) -> &str| Column::Text(rows.iter().map(of).collect());
    let number = |of: fn(&SubjectRow) -> i64| Column::Number(rows.iter().map(of).collect());
    let columns = [
        ("site_id", text(|row| &row.site_id)),
        ("subject", text(|row| &row.subject)),
        ("kind", text(|row| &row.kind)),
        ("first_seen", number(|row| row.first_seen)),
        ("last_seen", number(|row| row.last_seen)),
        ("name", text(|row| &row.name)),
        ("email", text(|row| &row.email)),
        ("account", text(|row| &row.account)),
    ];
    dialect::insert_many(conn, "subject", &columns, OVER).await
}

/// Forgets a subject and the words it was found by.
pub async fn delete(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<()> {
    const SQL: &str = "delete from subject where site_id = $1 and subject = $2";
    delete_words(conn, site_id, subject).await?;
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(subject).execute(c).await.map(drop))
}

/// Forgets the words that a subject was found by.
pub async fn delete_words(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<()> {
    const SQL: &str = "delete from subject_word where site_id = $1 and subject = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(subject).execute(c).await.map(drop))
}

/// Keeps words that subjects are found by: site, word, subject.
pub async fn put_words(conn: &mut Conn<'_>, words: &[(String, String, String)]) -> Result<()> {
    let columns = [
        ("site_id", Column::Text(words.iter().map(|(site, ..)| site.as_str()).collect())),
        ("word", Column::Bytes(words.iter().map(|(_, word, _)| word.as_bytes()).collect())),
        ("subject", Column::Text(words.iter().map(|(.., subject)| subject.as_str()).collect())),
    ];
    dialect::insert_many(conn, "subject_word", &columns, "do nothing").await
}

/// The words that a subject is found by, in order.
pub async fn words_of(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Vec<String>> {
    const SQL: &str = "select word from subject_word where site_id = $1 and subject = $2 order by word";
    let rows = on!(conn, c => sqlx::query_as::<_, (Vec<u8>,)>(SQL).bind(site_id).bind(subject).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(word,)| String::from_utf8_lossy(&word).into_owned()).collect())
}

/// When a browser sent its first event and its last.
pub async fn sent(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Option<(i64, i64)>> {
    const SQL: &str = "select min(at), max(at) from event where site_id = $1 and subject = $2 and origin <> 'team'";
    let (first, last) = on!(conn, c => sqlx::query_as::<_, (Option<i64>, Option<i64>)>(SQL).bind(site_id).bind(subject)
        .fetch_one(c).await)?;
    Ok(first.zip(last))
}
