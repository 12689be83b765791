//! The log of a subject, assembled through the identity edges: what a fold reads when it cannot just go on.

use std::collections::BTreeMap;

use engine::event::Action;
use engine::identity::{Attribution, Membership, Named, Stretch, attribute, first_account, member_stretches};
use engine::log::{LogEvent, Origin};
use engine::{Key, Props, Timestamp, Uuid};

use super::identity;
use crate::store::events::{self, EventRow, LogRow};
use crate::store::{Conn, Result};

const ALWAYS: Stretch = Stretch { from: Timestamp(i64::MIN), to: Timestamp(i64::MAX) };

/// The whole log of a subject, in its order. `subject` is `v:…`, `p:…` or `a:…`.
pub async fn of_subject(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Vec<LogEvent>> {
    part_of_subject(conn, site_id, subject, ALWAYS).await
}

/// The part of a subject's log that lies within a stretch, in its order.
pub async fn part_of_subject(
    conn: &mut Conn<'_>,
    site_id: &str,
    subject: &str,
    within: Stretch,
) -> Result<Vec<LogEvent>> {
    let mut log = match subject.split_at_checked(2) {
        Some(("v:", visitor)) => {
            of_visitor(conn, site_id, visitor, within).await?.into_iter().map(|(event, _)| event).collect()
        }
        Some(("p:", user)) => {
            of_person(conn, site_id, user, within).await?.into_iter().map(|(event, _)| event).collect()
        }
        Some(("a:", account)) => of_account(conn, site_id, account, within).await?,
        _ => Vec::new(),
    };
    log.sort_by_key(LogEvent::order);
    log.dedup_by_key(|event| event.id);
    Ok(log)
}

/// The log that prompts and segments look back on: an account's own events without those of its members, each of whom looks back
/// on their own; anybody else's whole log.
pub async fn looked_back_on(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Vec<LogEvent>> {
    if !subject.starts_with("a:") {
        return of_subject(conn, site_id, subject).await;
    }
    own_part(conn, site_id, subject, ALWAYS).await
}

/// The part of what was recorded of a subject as such that lies within a stretch, in its order.
pub async fn own_part(conn: &mut Conn<'_>, site_id: &str, subject: &str, within: Stretch) -> Result<Vec<LogEvent>> {
    let mut log: Vec<LogEvent> =
        read(conn, site_id, subject, within).await?.into_iter().map(|(event, _)| event).collect();
    log.sort_by_key(LogEvent::order);
    Ok(log)
}

/// An event, and the account that it names.
type Naming = (LogEvent, Option<String>);

/// A visitor's own log within a stretch; it ends where the visitor becomes a person.
async fn of_visitor(conn: &mut Conn<'_>, site_id: &str, visitor: &str, within: Stretch) -> Result<Vec<Naming>> {
    let edges = identity::edges_of(conn, site_id, visitor).await?;
    let until = edges.first().map_or(within.to, |first| first.min(within.to));
    let log = read(conn, site_id, &format!("v:{visitor}"), Stretch { from: within.from, to: until }).await?;
    Ok(log.into_iter().map(|(event, named)| (LogEvent { anonymous: true, ..event }, named)).collect())
}

/// A person's log within a stretch, with the account that each event names.
async fn of_person(conn: &mut Conn<'_>, site_id: &str, user: &str, within: Stretch) -> Result<Vec<Naming>> {
    let mut log = read(conn, site_id, &format!("p:{user}"), within).await?;
    for (visitor, edges) in identity::visitors_of(conn, site_id, user).await? {
        for stretch in edges.stretches_of(user) {
            let both = Stretch { from: stretch.from.max(within.from), to: stretch.to.min(within.to) };
            let is_before = |event: &LogEvent| edges.first().is_none_or(|first| event.at < first);
            let own = read(conn, site_id, &format!("v:{visitor}"), both).await?.into_iter();
            log.extend(own.map(|(event, named)| (LogEvent { anonymous: is_before(&event), ..event }, named)));
        }
    }
    Ok(log)
}

/// An account's log within a stretch: its own events, and those of its members that count for it.
async fn of_account(conn: &mut Conn<'_>, site_id: &str, account: &str, within: Stretch) -> Result<Vec<LogEvent>> {
    let own = read(conn, site_id, &format!("a:{account}"), within).await?;
    let mut log: Vec<LogEvent> = own.into_iter().map(|(event, _)| event).collect();
    let members = identity::members_of(conn, site_id, account).await?;
    for (member, stretch) in member_stretches(account, &members) {
        let stretch = Stretch { from: stretch.from.max(within.from), to: stretch.to.min(within.to) };
        let memberships: Vec<Membership> = members.iter().filter(|m| m.member == member).cloned().collect();
        let events = match member.split_at_checked(2) {
            Some(("p:", user)) => of_person(conn, site_id, user, stretch).await?,
            Some(("v:", visitor)) => of_visitor(conn, site_id, visitor, stretch).await?,
            _ => Vec::new(),
        };
        let counts =
            |event: &LogEvent, named: &Option<String>| counts_for(&memberships, event, named.as_deref(), account);
        log.extend(events.into_iter().filter(|(event, named)| counts(event, named)).map(|(event, _)| event));
    }
    Ok(log)
}

/// The whole log of a member (`p:…` or `v:…`), in its order, with the account that each event names.
pub async fn of_member(conn: &mut Conn<'_>, site_id: &str, member: &str) -> Result<Vec<Naming>> {
    let mut log = match member.split_at_checked(2) {
        Some(("p:", user)) => of_person(conn, site_id, user, ALWAYS).await?,
        Some(("v:", visitor)) => of_visitor(conn, site_id, visitor, ALWAYS).await?,
        _ => Vec::new(),
    };
    log.sort_by_key(|(event, _)| event.order());
    Ok(log)
}

/// The accounts that a log's events name, by whether servers do, and since when.
pub fn accounts_named(log: &[Naming]) -> BTreeMap<(String, bool), Timestamp> {
    let mut joined: BTreeMap<(String, bool), Timestamp> = BTreeMap::new();
    for (event, account) in log {
        let Some(account) = account else { continue };
        let word = (account.clone(), event.origin.is_trusted());
        joined.entry(word).and_modify(|at| *at = event.at.min(*at)).or_insert(event.at);
    }
    joined
}

/// How many events of a member (`p:…` or `v:…`) count for no account, since the member had several and the events name none, or one
/// that only browsers have spoken of where servers have named others.
pub async fn unattributed(conn: &mut Conn<'_>, site_id: &str, member: &str) -> Result<usize> {
    let memberships = identity::memberships_of_member(conn, site_id, member).await?;
    if memberships.len() < 2 {
        return Ok(0);
    }
    let log = of_member(conn, site_id, member).await?;
    let counts_for_none = |(event, account): &&Naming| {
        let attribution = attribute(&memberships, event.at, named(event, account.as_deref()));
        matches!(attribution, Attribution::Several | Attribution::Doubtful)
    };
    Ok(log.iter().filter(counts_for_none).count())
}

/// Whether a member's event counts for an account: because it says so, or because the member has no other.
fn counts_for(memberships: &[Membership], event: &LogEvent, account_named: Option<&str>, account: &str) -> bool {
    match attribute(memberships, event.at, named(event, account_named)) {
        Attribution::Account(one) => one == account,
        // Before the member joined: the look-back of the first member, which the stretch has allowed.
        Attribution::Nobody => first_account(memberships) == Some(account),
        Attribution::Several | Attribution::Doubtful => false,
    }
}

/// The account that an event names, with who says so.
pub fn named<'a>(event: &LogEvent, account: Option<&'a str>) -> Option<Named<'a>> {
    account.map(|account| Named { account, trusted: event.origin.is_trusted() })
}

async fn read(conn: &mut Conn<'_>, site_id: &str, subject: &str, within: Stretch) -> Result<Vec<Naming>> {
    if within.from >= within.to {
        return Ok(Vec::new());
    }
    let rows = events::of_subject(conn, site_id, subject, within.from.0, within.to.0).await?;
    Ok(rows.into_iter().filter_map(log_event).collect())
}

/// A row of the log as the engine sees it, with the account it names; whether it is anonymous, the edges know. What cannot be read (written by another release) is
/// left out.
pub fn log_event(row: LogRow) -> Option<(LogEvent, Option<String>)> {
    let (id, at, origin, name, props, url, referrer, session, prompt, action, account) = row;
    let event = LogEvent {
        id: Uuid::parse(&id)?,
        at: Timestamp(at),
        origin: origin_of(&origin)?,
        name,
        props: props_of(&props),
        url,
        referrer,
        session: session.as_deref().and_then(Uuid::parse),
        prompt: prompt_of(prompt.as_deref(), action.as_deref()),
        anonymous: false,
    };
    Some((event, account))
}

/// A row that has just been written, as the engine sees it.
pub fn of_row(row: &EventRow) -> Option<LogEvent> {
    Some(LogEvent {
        id: row.id,
        at: Timestamp(row.at),
        origin: origin_of(row.origin)?,
        name: row.name.clone(),
        props: props_of(&row.props),
        url: row.url.clone(),
        referrer: row.referrer.clone(),
        session: row.session,
        prompt: prompt_of(row.prompt.as_deref(), row.action),
        anonymous: false,
    })
}

fn origin_of(text: &str) -> Option<Origin> {
    match text {
        "server" => Some(Origin::Server),
        "csm" => Some(Origin::Csm),
        "web" => Some(Origin::Web),
        "job" => Some(Origin::Job),
        _ => None,
    }
}

fn props_of(json: &str) -> Props {
    if json.is_empty() { Props::default() } else { serde_json::from_str(json).unwrap_or_default() }
}

fn prompt_of(prompt: Option<&str>, action: Option<&str>) -> Option<(Key, Action)> {
    Key::parse(prompt?).zip(Action::parse(action?))
}
