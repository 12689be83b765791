//! Those who came lately, with all that rules may ask of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use engine::journey::{Move, fold};
use engine::log::LogEvent;
use engine::{Key, Timestamp, Uuid};

use super::{LOOKED_BACK, Reach};
use crate::journey;
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::state::App;
use crate::store::{Conn, Result, people, reach, states};
use crate::visit::{Opened, Subjects};

/// Most browsers that are looked at: no more than can be gone through while somebody waits. Of a share near one half, the interval that
/// 500 leave is 4 in a hundred to either side.
const BROWSERS: i64 = 500;

/// Most events that are kept in memory; then as many are looked at as there are.
const EVENTS: usize = 200_000;

/// Those who came lately.
#[derive(Debug)]
pub struct Sample {
    /// Since when they came.
    pub from: Timestamp,
    /// Up to when.
    pub to: Timestamp,
    /// How many browsers came.
    pub came: usize,
    /// How many of them are looked at.
    pub looked_at: usize,
    /// Who they are, each once.
    pub people: Vec<Person>,
    /// What was published then.
    pub ruleset: Arc<Ruleset>,
    /// Whom each of that reaches, once somebody has asked.
    pub of_published: OnceLock<Arc<Vec<(Key, Reach)>>>,
}

/// Somebody who came.
#[derive(Debug)]
pub struct Person {
    /// Who it is now.
    pub subjects: Subjects,
    /// All they did, in its order.
    pub log: Vec<LogEvent>,
    /// What their browsers said of themselves, by the page view.
    pub opened: HashMap<Uuid, Opened>,
    /// How many pages they opened.
    pub views: usize,
    /// Their way through the journeys.
    pub moves: Moves,
    /// What is known of their account.
    pub account: Option<Arc<Account>>,
}

/// The way through each journey.
pub type Moves = Vec<(Key, Vec<Move>)>;

/// What is known of an account.
#[derive(Debug)]
pub struct Account {
    /// What servers said of it as such, in its order.
    pub log: Vec<LogEvent>,
    /// Its way through the journeys.
    pub moves: Moves,
}

impl Sample {
    /// Reads them.
    pub async fn take(app: &App, site: &Site, ruleset: Arc<Ruleset>, now: Timestamp) -> Result<Sample> {
        let (from, to) = (now.before(LOOKED_BACK), now);
        let mut reader = app.db.read().await?;
        let conn = &mut reader.conn();
        let came = usize::try_from(people::browsers_since(conn, &site.id, from.0).await?).unwrap_or_default();
        let browsers = reach::some(conn, &site.id, from.0, BROWSERS).await?;
        let mut people: BTreeMap<String, Person> = BTreeMap::new();
        let mut accounts: BTreeMap<String, Arc<Account>> = BTreeMap::new();
        let (mut looked_at, mut events) = (0, 0);
        for browser in &browsers {
            if events > EVENTS {
                break;
            }
            looked_at += 1;
            let Some(id) = browser.strip_prefix("v:").and_then(Uuid::parse) else { continue };
            let subjects = Subjects::of(conn, &site.id, id).await?;
            let name = subjects.person().to_owned();
            if !people.contains_key(&name) {
                let account = match &subjects.account {
                    Some(name) => Some(account(conn, &site.id, name, &mut accounts).await?),
                    None => None,
                };
                let log = journey::of_subject(conn, &site.id, &name).await?;
                events += log.len();
                let (moves, opened) = (moves(&ruleset, &log, now), HashMap::new());
                people.insert(name.clone(), Person { subjects, log, opened, views: 0, moves, account });
            }
            let opened = reach::opened(conn, &site.id, browser, from.0).await?;
            if let Some(person) = people.get_mut(&name) {
                person
                    .opened
                    .extend(opened.iter().filter_map(|(id, said)| Some((Uuid::parse(id)?, Opened::read(said)))));
            }
        }
        let mut people: Vec<Person> = people.into_values().collect();
        for person in &mut people {
            person.views = person.log.iter().filter(|event| is_view(event) && event.at >= from).count();
        }
        Ok(Sample { from, to, came, looked_at, people, ruleset, of_published: OnceLock::new() })
    }
}

/// Whether somebody opened a page.
pub fn is_view(event: &LogEvent) -> bool {
    event.name == engine::event::name::PAGE_VIEWED
}

async fn account(
    conn: &mut Conn<'_>,
    site_id: &str,
    name: &str,
    known: &mut BTreeMap<String, Arc<Account>>,
) -> Result<Arc<Account>> {
    if let Some(account) = known.get(name) {
        return Ok(account.clone());
    }
    // What all its members did may be long, and where that took it is kept.
    let mut moves: BTreeMap<Key, Vec<Move>> = BTreeMap::new();
    for (journey, body) in states::moves_of(conn, site_id, name).await? {
        if let Some((journey, it)) = Key::parse(&journey).zip(serde_json::from_str(&body).ok()) {
            moves.entry(journey).or_default().push(it);
        }
    }
    let log = journey::looked_back_on(conn, site_id, name).await?;
    let account = Arc::new(Account { moves: moves.into_iter().collect(), log });
    known.insert(name.to_owned(), account.clone());
    Ok(account)
}

fn moves(ruleset: &Ruleset, log: &[LogEvent], now: Timestamp) -> Moves {
    let one = |(key, definitions): &(Key, _)| Some((key.clone(), fold(definitions, log, now)?.1));
    ruleset.journeys.iter().filter_map(one).collect()
}
