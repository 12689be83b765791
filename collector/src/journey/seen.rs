//! Who is there: the row that lists and counts go by for each visitor, person and account, kept with the events that it follows from.
//!
//! Of a visitor it tells what the browser sent, of anybody else what counts for them. The one thing to know: the last instant is kept by
//! the minute, so that of the events of a visit nearly none changes anything.

use std::collections::{BTreeMap, BTreeSet};

use engine::log::LogEvent;

use super::traits::{text_of, traits_of_all};
use crate::store::events::EventRow;
use crate::store::subjects::{self, SubjectRow};
use crate::store::{Conn, Result, identity};

/// (site, subject).
type Named = (String, String);
/// The first instant and the last, in milliseconds.
type Span = (i64, i64);

const MINUTE: i64 = 60_000;
/// Most characters that are kept of a name or an e-mail address.
const TEXT: usize = 200;
/// Most words that somebody is found by, and characters of each.
const WORDS: usize = 30;
const WORD: usize = 40;

/// What a group of requests brought.
#[derive(Debug, Default)]
pub(super) struct Seen {
    more: BTreeMap<Named, Span>,
    anew: BTreeMap<Named, Option<Span>>,
    told: BTreeSet<Named>,
}

impl Seen {
    /// What browsers sent, and of whom something was said.
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r EventRow>, told: BTreeSet<Named>) -> Self {
        let mut seen = Self { told, ..Self::default() };
        for row in rows.into_iter().filter(|row| row.subject.starts_with("v:")) {
            let browser = (row.site_id.to_string(), row.subject.clone());
            let span = seen.more.entry(browser).or_insert((row.at, row.at));
            *span = widened(*span, (row.at, row.at));
        }
        seen
    }

    /// The browsers that sent something.
    pub fn browsers(&self) -> impl Iterator<Item = Named> {
        self.more.keys().filter(|(_, subject)| subject.starts_with("v:")).cloned()
    }

    /// Takes new events of a subject, or all there are if it is made `anew`.
    pub fn take(&mut self, subject: &Named, events: &[LogEvent], anew: bool) {
        let span = span_of(events);
        if anew {
            self.anew.insert(subject.clone(), span);
        } else if let Some(span) = span.filter(|_| !subject.1.starts_with("v:")) {
            self.more.insert(subject.clone(), span);
        }
    }

    /// Keeps what follows. The subjects must be locked: what is known of them is read, and written back.
    pub async fn keep(mut self, conn: &mut Conn<'_>) -> Result<()> {
        for ((site, subject), span) in self.anew.iter_mut().filter(|((_, subject), _)| subject.starts_with("v:")) {
            *span = subjects::sent(conn, site, subject).await?;
        }
        let all: BTreeSet<&Named> = self.more.keys().chain(self.anew.keys()).chain(&self.told).collect();
        let all: Vec<Named> = all.into_iter().cloned().collect();
        let rows = subjects::of(conn, &all).await?.into_iter();
        let known: BTreeMap<Named, SubjectRow> =
            rows.map(|row| ((row.site_id.clone(), row.subject.clone()), row)).collect();
        let is_read =
            |who: &&Named| !known.contains_key(*who) || self.told.contains(*who) || self.anew.contains_key(*who);
        let read: Vec<Named> = all.iter().filter(is_read).cloned().collect();
        let mut said = said_of(conn, &read).await?;
        let (mut saved, mut words) = (Vec::new(), Vec::new());
        for who in all {
            let before = known.get(&who);
            let span = match (self.anew.get(&who), self.more.get(&who), before) {
                (Some(anew), ..) => *anew,
                (None, Some(more), Some(row)) => Some(widened(*more, (row.first_seen, row.last_seen))),
                (None, Some(more), None) => Some(*more),
                (None, None, before) => before.map(|row| (row.first_seen, row.last_seen)),
            };
            let Some(span) = span else {
                if before.is_some() {
                    subjects::delete(conn, &who.0, &who.1).await?;
                }
                continue;
            };
            let row = match (said.remove(&who), before) {
                (None, Some(before)) => at(before.clone(), span),
                (said, _) => at(said.unwrap_or_else(|| nobody(&who)), span),
            };
            if before == Some(&row) {
                continue;
            }
            if before.is_none_or(|before| (&before.name, &before.email) != (&row.name, &row.email)) {
                if before.is_some() {
                    subjects::delete_words(conn, &who.0, &who.1).await?;
                }
                words.extend(words_of(&row).into_iter().map(|word| (who.0.clone(), word, who.1.clone())));
            }
            saved.push(row);
        }
        subjects::save(conn, &saved).await?;
        subjects::put_words(conn, &words).await
    }
}

fn widened(one: Span, other: Span) -> Span {
    (one.0.min(other.0), one.1.max(other.1))
}

fn span_of(events: &[LogEvent]) -> Option<Span> {
    let at = || events.iter().map(|event| event.at.0);
    at().min().zip(at().max())
}

fn at(row: SubjectRow, (first, last): Span) -> SubjectRow {
    SubjectRow { first_seen: first, last_seen: last.div_euclid(MINUTE) * MINUTE, ..row }
}

fn nobody((site_id, subject): &Named) -> SubjectRow {
    let kind = match subject.get(..2) {
        Some("p:") => "person",
        Some("a:") => "account",
        _ => "visitor",
    };
    SubjectRow {
        site_id: site_id.clone(),
        subject: subject.clone(),
        kind: kind.to_owned(),
        first_seen: 0,
        last_seen: 0,
        name: String::new(),
        email: String::new(),
        account: String::new(),
    }
}

/// The rows of these subjects but for their instants: by their traits, their edges and where they belong.
async fn said_of(conn: &mut Conn<'_>, subjects: &[Named]) -> Result<BTreeMap<Named, SubjectRow>> {
    let mut rows: BTreeMap<Named, SubjectRow> = subjects.iter().map(|who| (who.clone(), nobody(who))).collect();
    let of = |kinds: &[&str]| -> Vec<Named> {
        subjects.iter().filter(|(_, subject)| kinds.iter().any(|kind| subject.starts_with(kind))).cloned().collect()
    };
    for (who, traits) in traits_of_all(conn, subjects).await? {
        let text = |name: &str| text_of(&traits, name).unwrap_or_default().trim().chars().take(TEXT).collect();
        if let Some(row) = rows.get_mut(&who) {
            (row.name, row.email) = (text("name"), text("email"));
        }
    }
    let browsers: Vec<Named> = of(&["v:"]).into_iter().map(|(site, subject)| (site, subject[2..].to_owned())).collect();
    for (site, visitor, ..) in identity::edges_of_visitors(conn, &browsers).await? {
        if let Some(row) = rows.get_mut(&(site, format!("v:{visitor}"))) {
            row.kind = "known".to_owned();
        }
    }
    let mut joined: BTreeMap<Named, (i64, i64, String)> = BTreeMap::new();
    for (site, member, account, since, trusted) in identity::memberships_of(conn, &of(&["v:", "p:"])).await? {
        let last = joined.entry((site, member)).or_default();
        *last = last.clone().max((trusted, since, account));
    }
    for (who, (.., account)) in joined {
        if let Some(row) = rows.get_mut(&who) {
            row.account = format!("a:{account}");
        }
    }
    Ok(rows)
}

/// What somebody is found by.
fn words_of(row: &SubjectRow) -> BTreeSet<String> {
    let id = row.subject.get(2..).unwrap_or_default();
    if row.subject.starts_with("v:") {
        // What a visitor is called: nobody reads more of its id.
        let end = id.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        return words(&id[end..]).into_iter().collect();
    }
    [row.name.as_str(), &row.email, id].into_iter().flat_map(words).take(WORDS).collect()
}

/// The words of a text as they are compared: in lower case, each no longer than is kept.
pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().flat_map(char::to_lowercase).take(WORD).collect()).collect()
}

/// Whether what is kept of a subject is not what its log gives.
pub(super) async fn differs(conn: &mut Conn<'_>, site_id: &str, subject: &str, log: &[LogEvent]) -> Result<bool> {
    let who = (site_id.to_owned(), subject.to_owned());
    let span = if subject.starts_with("v:") { subjects::sent(conn, site_id, subject).await? } else { span_of(log) };
    let said = said_of(conn, std::slice::from_ref(&who)).await?.remove(&who);
    let expected = said.zip(span).map(|(row, span)| at(row, span));
    let expected_words: Vec<String> = expected.iter().flat_map(words_of).collect();
    let found = subjects::of(conn, std::slice::from_ref(&who)).await?.pop();
    let found_words = subjects::words_of(conn, site_id, subject).await?;
    Ok(found != expected || found_words != expected_words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_is_found_by() {
        let row = |subject: &str, name: &str, email: &str| SubjectRow {
            name: name.to_owned(),
            email: email.to_owned(),
            ..nobody(&("s".to_owned(), subject.to_owned()))
        };
        for (row, expected) in [
            (row("p:u_1", "Ada Hale", "ada@Shop.test"), &["1", "ada", "hale", "shop", "test", "u"][..]),
            (row("a:quay-cycles", "", ""), &["cycles", "quay"]),
            (row("v:01a2006d-a343-7cf2-8145-3ecba3ec1CCF", "", ""), &["1ccf"]),
            (row("p:Ä", "  ", "…"), &["ä"]),
            (row("p:-", "", ""), &[]),
        ] {
            assert_eq!(Vec::from_iter(words_of(&row)), expected, "{row:?}");
        }
        assert_eq!(words(&"x".repeat(50)), ["x".repeat(WORD)]);
        assert_eq!(words_of(&row("p:1", &"a b c d ".repeat(50), "e@f")).len(), 4, "the first thirty only");
    }
}
