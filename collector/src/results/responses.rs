//! Responses: who answered what, in words, with the team's tags.

use std::collections::{BTreeMap, HashMap};

use engine::Timestamp;

use super::answers::Answered;
use super::days::{Days, Period};
use super::figures::title_of;
use super::questions::{Questions, Said, questions};
use crate::console::view::Who;
use crate::error::ApiError;
use crate::people;
use crate::sites::Site;
use crate::state::App;
use crate::store::results::{self, ResponseRow, Wanted};
use crate::store::{self, Conn, Tx};

/// Responses on a page.
pub const PAGE: usize = 50;

/// Longest tag, in characters.
pub const LONGEST_TAG: usize = 40;

/// Words that are searched for; further ones would only cost time.
const MOST_WORDS: usize = 12;

/// What a score can mean, in the order of lists.
pub const BANDS: [&str; 8] =
    ["promoter", "passive", "detractor", "satisfied", "neutral", "dissatisfied", "easy", "difficult"];

/// Which responses.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Of this prompt; empty: of all.
    pub prompt: String,
    /// In these days.
    pub period: Period,
    /// One of [`BANDS`]; empty: any.
    pub band: String,
    /// With this tag; empty: any.
    pub tag: String,
    /// Words that must all have been written.
    pub search: String,
    /// Where the page before ended, as it said in [`Found::next`].
    pub after: String,
}

/// One page of them, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// At most [`PAGE`].
    pub rows: Vec<Response>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Its id: what tags name.
    pub id: String,
    /// Whose.
    pub who: Who,
    /// To which prompt.
    pub prompt: String,
    /// What that is called.
    pub title: String,
    /// The last answer.
    pub at: Timestamp,
    /// The first score, and what it means; empty without one.
    pub score: Option<u8>,
    /// See [`Response::score`].
    pub band: String,
    /// Whether nothing more was to come.
    pub finished: bool,
    /// The answers.
    pub said: Vec<Said>,
    /// The team's tags.
    pub tags: Vec<String>,
}

/// What is needed to put responses into words, read once for each prompt.
#[derive(Debug, Default)]
pub(super) struct Dictionary(HashMap<String, (Questions, String)>);

/// One page.
pub async fn list(app: &App, site: &Site, query: &Query) -> Result<Found, ApiError> {
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let mut rows = page(&mut conn, site, query, &query.after, PAGE + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(cursor_of);
    let mut dictionary = Dictionary::default();
    let mut found = dictionary.in_words(&mut conn, &site.id, rows).await?;
    for response in &mut found {
        response.who = people::who(&mut conn, &site.id, &subject_of(&response.who)).await?;
    }
    Ok(Found { rows: found, next })
}

/// The tags of a site, the most used first.
pub async fn tags(app: &App, site: &Site) -> Result<Vec<(String, i64)>, ApiError> {
    Ok(results::tags(&mut app.db.read().await?.conn(), &site.id).await?)
}

/// Notes a tag, or takes it away; false where there is no such response, or the tag says nothing.
pub async fn tag(
    tx: &mut Tx,
    site: &Site,
    (prompt, response): (&str, &str),
    tag: &str,
    by: Option<(i64, &str)>,
) -> Result<bool, store::Error> {
    let tag = tag_of(tag);
    let mut conn = tx.conn();
    if tag.is_empty() || !results::has_response(&mut conn, &site.id, prompt, response).await? {
        return Ok(false);
    }
    match by {
        Some(by) => results::insert_tag(&mut conn, &site.id, response, &tag, by).await?,
        None => results::delete_tag(&mut conn, &site.id, response, &tag).await?,
    }
    Ok(true)
}

/// A tag as it is kept: small letters, one space between words, at most [`LONGEST_TAG`] characters.
fn tag_of(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let short: String = words.join(" ").to_lowercase().chars().take(LONGEST_TAG).collect();
    short.trim_end().to_owned()
}

/// Rows after a cursor, the newest first.
pub(super) async fn page(
    conn: &mut Conn<'_>,
    site: &Site,
    query: &Query,
    after: &str,
    limit: usize,
) -> Result<Vec<ResponseRow>, store::Error> {
    let (from, to) = Days::of(&site.timezone).bounds(query.period);
    let words = query.search.split_whitespace().take(MOST_WORDS);
    let wanted = Wanted {
        prompt: query.prompt.clone(),
        from: from.0,
        to: to.0,
        band: query.band.clone(),
        tag: tag_of(&query.tag),
        words: words.map(people::contains).collect(),
    };
    let (at, id) = cursor(after).unwrap_or((i64::MAX, ""));
    results::responses(conn, &site.id, &wanted, (at, id), limit as i64).await
}

/// Where a page that ends with this row ends.
pub(super) fn cursor_of(row: &ResponseRow) -> String {
    format!("{}.{}", row.at, row.id)
}

fn cursor(text: &str) -> Option<(i64, &str)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id))
}

fn subject_of(who: &Who) -> String {
    format!("{}{}", if who.kind == "person" { "p:" } else { "v:" }, who.id)
}

impl Dictionary {
    /// Responses in words and with their tags, of people without names.
    pub(super) async fn in_words(
        &mut self,
        conn: &mut Conn<'_>,
        site_id: &str,
        rows: Vec<ResponseRow>,
    ) -> Result<Vec<Response>, ApiError> {
        let ids: Vec<(String, String)> = rows.iter().map(|row| (site_id.to_owned(), row.id.clone())).collect();
        let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (response, tag) in results::tags_of(conn, &ids).await? {
            tags.entry(response).or_default().push(tag);
        }
        tags.values_mut().for_each(|tags| tags.sort());
        let mut found = Vec::new();
        for row in rows {
            if !self.0.contains_key(&row.prompt) {
                let title = title_of(conn, site_id, &row.prompt).await?.unwrap_or_else(|| row.prompt.clone());
                self.0.insert(row.prompt.clone(), (questions(conn, site_id, &row.prompt).await?, title));
            }
            let (questions, title) = &self.0[&row.prompt];
            let answered = Answered::read(&row);
            let (kind, id) = match row.person.split_at_checked(2) {
                Some(("p:", id)) => ("person", id),
                Some((_, id)) => ("visitor", id),
                None => ("visitor", ""),
            };
            found.push(Response {
                who: Who { kind: kind.to_owned(), id: id.to_owned(), name: None },
                title: title.clone(),
                at: Timestamp(row.at),
                score: answered.given.iter().find_map(|given| given.score),
                said: answered.given.iter().flat_map(|given| questions.said(given)).collect(),
                tags: tags.get(&row.id).cloned().unwrap_or_default(),
                finished: answered.finished,
                id: row.id,
                prompt: row.prompt,
                band: row.band,
            });
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_same_however_it_is_typed() {
        assert_eq!(tag_of("  Price  too high "), "price too high");
        assert_eq!(tag_of(&"ä".repeat(60)).chars().count(), LONGEST_TAG);
        assert_eq!(tag_of(" \n"), "");
        assert_eq!(cursor("17.0198-a.b"), Some((17, "0198-a.b")));
        assert_eq!(cursor("x"), None);
    }
}
