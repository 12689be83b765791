//! Who brought whom. A person gets a code for links to pass on; a page that is opened by such a link says who has passed it on; and when
//! its visitor turns out to be somebody new, or signs up, the one who passed it on gets the event `Referral Given`.
//!
//! It is given once for whoever came, never taken back, and to nobody for themselves. In whatever order the page, the sign-up and the
//! identification arrive: each of them looks whether the others are there.

use std::collections::BTreeSet;

use engine::event::name;
use engine::identity::LOOK_BACK;
use engine::page::Url;
use engine::prompt::REFERRAL_PARAM;
use engine::{Props, Timestamp, Uuid, Value};

use super::apply::Rules;
use super::identity;
use crate::auth::secret;
use crate::id;
use crate::prompts::Ruleset;
use crate::store::events::EventRow;
use crate::store::referrals::{self, ReferralRow};
use crate::store::{self, Conn, Db, Result};

/// Bytes of a code: nobody guesses 80 bits.
const CODE: usize = 10;

/// (site, visitor).
type Named = (String, String);

/// The code of a person (`p:…`), or of a visitor whom nobody has identified (`v:…`); none where no published prompt gives links.
pub async fn code(db: &Db, site_id: &str, ruleset: &Ruleset, subject: &str) -> Result<Option<String>> {
    if !ruleset.gives_links() || ruleset.salt.is_empty() {
        return Ok(None);
    }
    let code = secret::hex(&secret::keyed(&ruleset.salt, &["referral", subject].join("\u{1f}"))[..CODE]);
    if referrals::subject_of(&mut db.read().await?.conn(), site_id, &code).await?.is_none() {
        let mut tx = db.begin().await?;
        referrals::insert_code(&mut tx.conn(), site_id, &code, subject).await?;
        tx.commit().await?;
    }
    Ok(Some(code))
}

/// The code that an address carries.
fn code_of(row: &EventRow) -> Option<String> {
    (row.name == name::PAGE_VIEWED && row.url.contains(REFERRAL_PARAM)).then_some(())?;
    Url::parse(&row.url).param(REFERRAL_PARAM).filter(|code| code.len() == 2 * CODE)
}

/// Whether it is the event by which somebody signs up.
fn is_sign_up(row: &EventRow, rules: &Rules) -> bool {
    rules.get(&*row.site_id).is_some_and(|(ruleset, _)| row.name == ruleset.settings.referral.event)
}

/// Whether an event may have to do with it, so that nobody else may look at the same time.
pub(super) fn concerns(row: &EventRow, rules: &Rules) -> bool {
    code_of(row).is_some() || is_sign_up(row, rules)
}

/// Keeps by whose links new page views came, and makes the events that follow from new rows.
pub(super) async fn notice(conn: &mut Conn<'_>, rows: &[EventRow], rules: &Rules) -> Result<Vec<EventRow>> {
    let mut looked_at: BTreeSet<Named> = BTreeSet::new();
    for row in rows {
        let site = row.site_id.to_string();
        let visitor = row.subject.strip_prefix("v:");
        if let Some((visitor, code)) = visitor.zip(code_of(row)) {
            if referrals::subject_of(conn, &site, &code).await?.is_some() {
                let came = (site.clone(), visitor.to_owned(), code, row.at, row.id.write());
                referrals::insert(conn, &came).await?;
                looked_at.insert((site, visitor.to_owned()));
            }
        } else if is_sign_up(row, rules) {
            let user = match visitor {
                Some(visitor) => {
                    looked_at.insert((site.clone(), visitor.to_owned()));
                    let edges = identity::edges_of(conn, &site, visitor).await?;
                    edges.owner_at(Timestamp(row.at)).map(str::to_owned)
                }
                None => row.subject.strip_prefix("p:").map(str::to_owned),
            };
            if let Some(user) = user {
                let browsers = store::identity::visitors_of(conn, &site, &user).await?;
                looked_at.extend(browsers.into_iter().map(|visitor| (site.clone(), visitor)));
            }
        } else if row.name == name::IDENTIFIED {
            looked_at.extend(visitor.map(|visitor| (site, visitor.to_owned())));
        }
    }
    let mut given = Vec::new();
    if looked_at.is_empty() {
        return Ok(given);
    }
    let looked_at: Vec<Named> = looked_at.into_iter().collect();
    for came in referrals::of_visitors(conn, &looked_at).await? {
        let Some((ruleset, now)) = rules.get(&came.0) else { continue };
        if let Some(row) = follow(conn, &came, &ruleset.settings.referral.event, *now).await?
            && given.iter().all(|known: &EventRow| known.id != row.id)
        {
            given.push(row);
        }
    }
    Ok(given)
}

/// The event that follows from somebody's coming by a link, if it is time and it was not given before.
async fn follow(
    conn: &mut Conn<'_>,
    (site, visitor, code, at, _): &ReferralRow,
    sign_up: &str,
    now: Timestamp,
) -> Result<Option<EventRow>> {
    let Some(giver) = referrals::subject_of(conn, site, code).await? else { return Ok(None) };
    let came = Timestamp(*at);
    let edges = identity::edges_of(conn, site, visitor).await?;
    let person = edges.owner_at(came).or(edges.owner()).map(str::to_owned);
    let browsers = match &person {
        Some(user) => store::identity::visitors_of(conn, site, user).await?,
        None => vec![visitor.clone()],
    };
    let giver_is = match giver.split_at_checked(2) {
        Some(("v:", browser)) => identity::edges_of(conn, site, browser).await?.owner().map(str::to_owned),
        Some(("p:", user)) => Some(user.to_owned()),
        _ => return Ok(None),
    };
    let is_self = giver.strip_prefix("v:").is_some_and(|browser| browsers.iter().any(|one| one == browser));
    if is_self || giver_is.is_some() && giver_is == person {
        return Ok(None);
    }
    for browser in &browsers {
        if referrals::is_there(conn, site, &id::of_referral(site, browser).write()).await? {
            return Ok(None);
        }
    }
    let (from, to) = (came.0, came.after(LOOK_BACK).0);
    let subjects = browsers.iter().map(|browser| format!("v:{browser}"));
    let mut signed_up: Option<i64> = None;
    for subject in subjects.chain(person.iter().map(|user| format!("p:{user}"))) {
        let first = referrals::first_named(conn, site, &subject, sign_up, from, to).await?;
        signed_up = signed_up.into_iter().chain(first).min();
    }
    let when = match (signed_up, &person) {
        (Some(when), _) => Some(when),
        // Somebody whom nobody knew before the link.
        (None, Some(user)) => {
            let since = referrals::known_since(conn, site, user).await?;
            since.filter(|since| (from..to).contains(since))
        }
        (None, None) => None,
    };
    let whom = person.unwrap_or_else(|| visitor.clone());
    Ok(when.map(|when| event(site, visitor, giver, Timestamp(when), &whom, now)))
}

fn event(site: &str, visitor: &str, giver: String, at: Timestamp, whom: &str, now: Timestamp) -> EventRow {
    let props = Props(vec![("referred".to_owned(), Value::Text(whom.to_owned()))]);
    let id: Uuid = id::of_referral(site, visitor);
    EventRow {
        site_id: site.into(),
        id,
        subject: giver,
        at: at.0,
        received_at: now.0,
        created_at: None,
        origin: "job",
        name: name::REFERRAL_GIVEN.to_owned(),
        props: serde_json::to_string(&props).unwrap_or_default(),
        url: String::new(),
        referrer: String::new(),
        session: None,
        device: None,
        prompt: None,
        action: None,
        user_id: None,
        account_id: None,
        flags: 0,
        opened: None,
    }
}
