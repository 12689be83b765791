//! The latest values of traits, kept beside the log for people and for texts. Rules do not read them: they remember for themselves,
//! by the same order of words.

use std::collections::BTreeMap;

use engine::event::name;
use engine::log::LogEvent;
use engine::{Props, Timestamp, Value};

use crate::store::events::EventRow;
use crate::store::identity::{self, NewTrait, TraitRow};
use crate::store::{Conn, Result};

/// A trait as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trait {
    /// Its name.
    pub name: String,
    /// Its value, JSON.
    pub value: String,
    /// Who said it.
    pub word: Word,
    /// When.
    pub at: Timestamp,
}

/// How a trait was said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Word {
    /// Somebody of whom it was not known yet answered a prompt.
    Stranger,
    /// Somebody who is known answered a prompt.
    Answer,
    /// A page, by `identify` or `group`.
    Page,
    /// A server with the secret key.
    Server,
}

impl Word {
    /// As it is stored.
    fn number(self) -> i64 {
        self as i64 - 2
    }

    fn of_number(number: i64) -> Word {
        match number {
            ..=-2 => Word::Stranger,
            -1 => Word::Answer,
            0 => Word::Page,
            1.. => Word::Server,
        }
    }

    fn of_answer(event: &LogEvent) -> Word {
        match (event.origin.is_trusted(), event.anonymous) {
            (true, _) => Word::Server,
            (false, true) => Word::Stranger,
            (false, false) => Word::Answer,
        }
    }
}

/// Which trait of whom: site, subject, name, by which word.
type Which = (String, String, String, i64);

/// New values, of each the latest.
#[derive(Default)]
pub(super) struct News(BTreeMap<Which, (i64, String)>);

impl News {
    /// Takes what identify and group bring.
    pub fn said(&mut self, rows: &[EventRow]) {
        for row in rows.iter().filter(|row| !row.props.is_empty()) {
            let subject = match (row.name.as_str(), &row.user_id, &row.account_id) {
                (name::IDENTIFIED, Some(user), _) => format!("p:{user}"),
                (name::GROUPED, _, Some(account)) => format!("a:{account}"),
                _ => continue,
            };
            let Ok(Props(traits)) = serde_json::from_str::<Props>(&row.props) else { continue };
            let word = if row.origin == "web" { Word::Page } else { Word::Server };
            for (name, value) in traits {
                let value = serde_json::to_string(&value).unwrap_or_default();
                self.put((row.site_id.to_string(), subject.clone(), name, word.number()), row.at, value);
            }
        }
    }

    /// Takes what an answer to a prompt says of its subject.
    pub fn answered(&mut self, site_id: &str, subject: &str, event: &LogEvent) {
        let Some((name, value)) = event.answered_trait() else { return };
        let which = (site_id.to_owned(), subject.to_owned(), name.to_owned(), Word::of_answer(event).number());
        self.put(which, event.at.0, serde_json::to_string(value).unwrap_or_default());
    }

    fn put(&mut self, which: Which, at: i64, value: String) {
        if self.0.get(&which).is_none_or(|(known, _)| *known <= at) {
            self.0.insert(which, (at, value));
        }
    }

    /// Whose they are: site and subject.
    pub fn subjects(&self) -> impl Iterator<Item = (String, String)> {
        self.0.keys().map(|(site, subject, ..)| (site.clone(), subject.clone()))
    }

    /// Keeps them.
    pub async fn keep(self, conn: &mut Conn<'_>) -> Result<()> {
        let row = |((site, subject, name, word), (at, value))| row((site, subject, name, word, value, at));
        identity::put_traits(conn, &self.0.into_iter().map(row).collect::<Vec<NewTrait>>()).await
    }
}

/// Keeps anew by what the traits of these (site, subject) pairs are found.
pub(super) async fn find_anew(conn: &mut Conn<'_>, subjects: &[(String, String)]) -> Result<()> {
    let rows = identity::traits_of_all(conn, subjects).await?;
    identity::put_traits(conn, &rows.into_iter().map(row).collect::<Vec<NewTrait>>()).await
}

fn row((site_id, subject, name, trusted, value, at): TraitRow) -> NewTrait {
    let (word, number) = serde_json::from_str(&value).map_or((String::new(), None), |value| found_by(&value));
    NewTrait { site_id, subject, name, trusted, value, word, number, at }
}

/// Most characters of a text that a trait is found by.
const WORD: usize = 100;

/// By what a trait is found: its value in lower case, and as a number if it is one. Lists are not found.
pub fn found_by(value: &Value) -> (String, Option<f64>) {
    match value {
        Value::Text(text) => (text.trim().chars().flat_map(char::to_lowercase).take(WORD).collect(), None),
        Value::Number(number) => (number.to_string(), Some(*number)),
        Value::Bool(flag) => (flag.to_string(), None),
        Value::List(_) | Value::Null | Value::Other => (String::new(), None),
    }
}

/// Reads from its log what a member has answered, since other events are its own now.
pub(super) async fn answered_anew<'e>(
    conn: &mut Conn<'_>,
    site_id: &str,
    member: &str,
    log: impl Iterator<Item = &'e LogEvent>,
) -> Result<()> {
    identity::delete_answered(conn, site_id, member).await?;
    let mut news = News::default();
    log.for_each(|event| news.answered(site_id, member, event));
    news.keep(conn).await
}

/// The traits of a subject by name, each by the word that counts, and beside a server's what a page claims later.
pub async fn traits_of(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Vec<Trait>> {
    let whose = (site_id.to_owned(), subject.to_owned());
    Ok(traits_of_all(conn, std::slice::from_ref(&whose)).await?.remove(&whose).unwrap_or_default())
}

/// The same of many (site, subject) pairs.
pub async fn traits_of_all(
    conn: &mut Conn<'_>,
    subjects: &[(String, String)],
) -> Result<BTreeMap<(String, String), Vec<Trait>>> {
    let mut said: BTreeMap<(String, String), BTreeMap<String, Vec<Trait>>> = BTreeMap::new();
    for (site, subject, name, word, value, at) in identity::traits_of_all(conn, subjects).await? {
        let (word, at) = (Word::of_number(word), Timestamp(at));
        let by_name = said.entry((site, subject)).or_default();
        by_name.entry(name.clone()).or_default().push(Trait { name, value, word, at });
    }
    let all = |by_name: BTreeMap<String, Vec<Trait>>| by_name.into_values().flat_map(standing).collect();
    Ok(said.into_iter().map(|(subject, by_name)| (subject, all(by_name))).collect())
}

/// What the first of these names says that is a text and not empty.
pub fn text_of(traits: &[Trait], name: &str) -> Option<String> {
    let value = traits.iter().find(|known| known.name == name).map(|known| &known.value);
    value.and_then(|json| serde_json::from_str::<String>(json).ok()).filter(|text| !text.trim().is_empty())
}

/// Of what was said of one trait, what stands: the server's word, and the claim that a rule would believe beside it.
fn standing(mut said: Vec<Trait>) -> Vec<Trait> {
    said.sort_by_key(|one| (std::cmp::Reverse(one.word), one.at));
    let of = |word: Word| said.iter().find(|one| one.word == word);
    let (server, page) = (of(Word::Server), of(Word::Page));
    let claim = page.filter(|page| server.is_none_or(|server| page.at >= server.at));
    let claim = match (server, claim) {
        // An answer takes back what a page has said, but nothing that a server has.
        (Some(_), None) => None,
        (_, claim) => of(Word::Answer).filter(|answer| claim.is_none_or(|claim| answer.at >= claim.at)).or(claim),
    };
    let stranger = of(Word::Stranger).filter(|_| server.is_none() && claim.is_none());
    server.into_iter().chain(claim).chain(stranger).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_counts_stands() {
        use Word::*;
        for (said, expected) in [
            (&[(Server, 5)][..], &[(Server, 5)][..]),
            (&[(Server, 5), (Page, 6)], &[(Server, 5), (Page, 6)]),
            (&[(Server, 5), (Page, 4)], &[(Server, 5)]),
            (&[(Server, 5), (Answer, 6)], &[(Server, 5)]),
            (&[(Server, 5), (Page, 6), (Answer, 7)], &[(Server, 5), (Answer, 7)]),
            (&[(Page, 5), (Answer, 6)], &[(Answer, 6)]),
            (&[(Page, 5), (Answer, 4)], &[(Page, 5)]),
            (&[(Page, 5), (Stranger, 6)], &[(Page, 5)]),
            (&[(Answer, 5), (Stranger, 6)], &[(Answer, 5)]),
            (&[(Stranger, 6)], &[(Stranger, 6)]),
        ] {
            let one = |(word, at): &(Word, i64)| Trait {
                name: String::new(),
                value: String::new(),
                word: *word,
                at: Timestamp(*at),
            };
            let stands: Vec<(Word, i64)> =
                standing(said.iter().map(one).collect()).iter().map(|one| (one.word, one.at.0)).collect();
            assert_eq!(stands, expected, "{said:?}");
        }
        assert!([Stranger, Answer, Page, Server].into_iter().all(|word| Word::of_number(word.number()) == word));
    }
}
