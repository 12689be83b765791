//! Second half of what follows from new events: where they take each subject. A subject whose new events come after all that
//! is known goes on from its state; any other is folded anew from its whole log. Both give the same.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::Timestamp;
use engine::event::name;
use engine::journey::{Definitions, Move, State, fold};
use engine::log::LogEvent;
use engine::rule::Recollection;

use super::attribution::{Affected, attribute_rows};
use super::recollect::{News, recollect};
use super::seen::{self, Seen};
use super::{log, record, referral, traits};
use crate::prompts::Ruleset;
use crate::results::{self, Days};
use crate::sites::Site;
use crate::store::events::{self, EventRow, TEAM};
use crate::store::states::{self, NewState, RECOLLECTION};
use crate::store::{self, Conn, Result, Tx};

/// (site, subject).
type Subject = (String, String);

/// What the sites of a group have published, and when it is there.
pub(super) type Rules = BTreeMap<String, (Arc<Ruleset>, Timestamp)>;

/// What a group of requests brought.
#[derive(Debug)]
pub struct Work<'r> {
    rows: Cow<'r, [EventRow]>,
    wake: BTreeSet<Subject>,
    sites: Rules,
    days: BTreeMap<String, Days>,
}

impl<'r> Work<'r> {
    /// Those of `rows` that are `new`, nearly always all of them; but nothing follows from what the site's own people try out.
    pub fn of(rows: &'r [EventRow], new: &[bool]) -> Self {
        let counts = |(row, new): &(&EventRow, &bool)| **new && row.origin != TEAM;
        let rows = if rows.iter().zip(new).all(|pair| counts(&pair)) {
            Cow::Borrowed(rows)
        } else {
            rows.iter().zip(new).filter(counts).map(|(row, _)| row.clone()).collect()
        };
        Self { rows, wake: BTreeSet::new(), sites: BTreeMap::new(), days: BTreeMap::new() }
    }

    /// A site of the rows, where it is `now`, and subjects of it to look at again.
    pub fn site(&mut self, site: &Site, ruleset: &Arc<Ruleset>, now: Timestamp, wake: &[String]) {
        self.wake.extend(wake.iter().map(|subject| (site.id.clone(), subject.clone())));
        self.sites.insert(site.id.clone(), (ruleset.clone(), now));
        self.days.insert(site.id.clone(), Days::of(&site.timezone));
    }
}

/// Keeps what follows from new events, within the transaction that stored them.
pub async fn apply(tx: &mut Tx, work: Work<'_>) -> Result<()> {
    let mut conn = tx.conn();
    let conn = &mut conn;
    // Whose an event is depends on what others say of identity at the same time: they are let in one after the other.
    let mut sites: BTreeMap<&str, bool> = work.sites.keys().map(|site| (site.as_str(), false)).collect();
    for row in work.rows.iter() {
        let is_of_identity = row.name == name::IDENTIFIED || row.account_id.is_some();
        *sites.entry(&row.site_id).or_default() |= is_of_identity || referral::concerns(row, &work.sites);
    }
    states::enter(conn, &sites).await?;
    let mut affected = attribute_rows(conn, &work.rows).await?;
    let given = referral::notice(conn, &work.rows, &work.sites).await?;
    let new = events::insert(conn, &given).await?;
    let given: Vec<EventRow> = given.into_iter().zip(new).filter(|(_, new)| *new).map(|(row, _)| row).collect();
    affected.merge(attribute_rows(conn, &given).await?);
    let mut seen = Seen::of(work.rows.iter().chain(&given), affected.told);
    let Affected { mut events, mut own, refold, .. } = affected;
    events.values_mut().chain(own.values_mut()).for_each(|events| events.sort_by_key(LogEvent::order));
    let subjects: BTreeSet<Subject> = events.keys().chain(&refold).chain(&work.wake).cloned().collect();
    let subjects: Vec<Subject> = subjects.into_iter().collect();
    let mut stored: BTreeMap<(Subject, String), (i64, String)> = BTreeMap::new();
    let locked: BTreeSet<Subject> = subjects.iter().cloned().chain(seen.browsers()).collect();
    for (site, journey, subject, fingerprint, state) in
        states::lock(conn, &locked.into_iter().collect::<Vec<_>>()).await?
    {
        stored.insert(((site, subject), journey), (fingerprint, state));
    }
    let notes = unnoticed(conn, &work.sites, &subjects).await?;
    states::unfold(conn, &notes).await?;
    let counted_anew = counted_anew(conn, &work.wake).await?;
    let mut saved = Vec::new();
    let mut moved = Vec::new();
    let mut acts = Vec::new();
    for subject in &subjects {
        let Some((ruleset, now)) = work.sites.get(&subject.0) else { continue };
        let new = events.get(subject).map(Vec::as_slice).unwrap_or_default();
        let mut whole: Option<Vec<LogEvent>> = None;
        for (journey, definitions) in &ruleset.journeys {
            let before = stored.get(&(subject.clone(), journey.as_str().to_owned()));
            let state = before.and_then(|before| usable(before, definitions)).filter(|_| !refold.contains(subject));
            let at = Place { site: &subject.0, journey: journey.as_str(), subject: &subject.1 };
            let (state, moves) = match state.filter(|state| new.iter().all(|event| state.takes(definitions, event))) {
                Some(mut state) => {
                    let moves = state.advance(definitions, new, as_of(*now, new));
                    (state, moves)
                }
                None => {
                    let log = match whole.take() {
                        Some(log) => log,
                        None => log::of_subject(conn, &subject.0, &subject.1).await?,
                    };
                    let folded = fold(definitions, &log, as_of(*now, &log));
                    whole = Some(log);
                    states::delete_moves(conn, at.site, at.journey, at.subject, 0).await?;
                    let Some(folded) = folded else {
                        states::delete(conn, at.site, at.journey, at.subject).await?;
                        continue;
                    };
                    folded
                }
            };
            moved.extend(at.rows(&moves));
            let json = serde_json::to_string(&state).unwrap_or_default();
            if before.is_none_or(|(_, before)| *before != json) {
                saved.push(at.state(&state, definitions, json));
            }
        }
        let (site, name) = (subject.0.as_str(), subject.1.as_str());
        let anew = refold.contains(subject);
        let is_made_anew = anew || counted_anew.contains(subject);
        if is_made_anew && whole.is_none() {
            whole = Some(log::of_subject(conn, site, name).await?);
        }
        let events = whole.as_deref().filter(|_| is_made_anew).unwrap_or(new);
        seen.take(subject, events, is_made_anew);
        if !name.starts_with("a:") {
            acts.extend(results::News::of(site, name, events, is_made_anew, ruleset));
        }
        if !ruleset.questions.leaves().is_empty() && (anew || !new.is_empty()) {
            let stored = stored.get(&(subject.clone(), RECOLLECTION.to_owned()));
            let is_account = name.starts_with("a:");
            let events = if is_account { own.get(subject).map(Vec::as_slice).unwrap_or_default() } else { new };
            // What becomes of an account's members changes none of its own events.
            let news = News { site, subject: name, stored, events, anew: anew && !is_account };
            saved.extend(recollect(conn, &ruleset.questions, news, whole.filter(|_| !is_account)).await?);
        }
    }
    results::follow(conn, acts, &work.days).await?;
    let counted_anew: Vec<Subject> = counted_anew.into_iter().collect();
    if !counted_anew.is_empty() {
        traits::find_anew(conn, &counted_anew).await?;
    }
    for (site, person) in &counted_anew {
        store::results::settle(conn, site, person).await?;
    }
    seen.keep(conn).await?;
    states::save(conn, &saved).await?;
    states::insert_moves(conn, &moved).await
}

/// Those among the woken of whom all that lists and numbers go by must be made anew.
async fn counted_anew(conn: &mut Conn<'_>, wake: &BTreeSet<Subject>) -> Result<BTreeSet<Subject>> {
    if wake.is_empty() {
        return Ok(BTreeSet::new());
    }
    let woken: Vec<Subject> = wake.iter().cloned().collect();
    Ok(store::results::due_among(conn, &woken).await?.into_iter().collect())
}

/// Up to when to fold: now, or the last event, which another collector may have dated by a clock that is ahead of ours. What was
/// left out of a fold would never be taken in.
fn as_of(now: Timestamp, log: &[LogEvent]) -> Timestamp {
    log.last().map_or(now, |last| last.at.max(now))
}

/// Notes for these subjects in journeys that were published a moment ago, by another process, and are not in the rulesets yet:
/// without them nobody would look at these subjects again.
async fn unnoticed(conn: &mut Conn<'_>, sites: &Rules, subjects: &[Subject]) -> Result<Vec<NewState>> {
    let mut notes = Vec::new();
    for (site, (ruleset, _)) in sites {
        for journey in states::journeys(conn, site).await? {
            if ruleset.journeys.iter().any(|(known, _)| known.as_str() == journey) {
                continue;
            }
            let here = subjects.iter().filter(|(of, _)| of == site);
            notes.extend(here.map(|(_, subject)| NewState::unfolded(site, &journey, subject)));
        }
    }
    Ok(notes)
}

/// A stored state, if it was folded under these definitions.
fn usable((fingerprint, state): &(i64, String), definitions: &Definitions) -> Option<State> {
    (*fingerprint == i64::from(definitions.fingerprint())).then_some(())?;
    serde_json::from_str(state).ok()
}

/// A subject in a journey of a site.
struct Place<'a> {
    site: &'a str,
    journey: &'a str,
    subject: &'a str,
}

impl Place<'_> {
    fn rows(&self, moves: &[Move]) -> impl Iterator<Item = states::NewMove> {
        moves.iter().map(|it| record::row(self.site, self.journey, self.subject, it))
    }

    fn state(&self, state: &State, definitions: &Definitions, json: String) -> NewState {
        NewState {
            site_id: self.site.to_owned(),
            journey: self.journey.to_owned(),
            subject: self.subject.to_owned(),
            stage: state.stage().as_str().to_owned(),
            entered_at: state.entered_at().0,
            cycle: i64::from(state.cycle()),
            next_due: state.next_due(definitions).map(|due| due.0),
            fingerprint: i64::from(definitions.fingerprint()),
            state: json,
        }
    }
}

/// Whether what is stored of a subject is what its log gives; the name of the journey where it is not, or what else differs.
pub async fn differs(
    conn: &mut Conn<'_>,
    site_id: &str,
    subject: &str,
    ruleset: &Ruleset,
    now: Timestamp,
) -> Result<Option<String>> {
    let log = log::of_subject(conn, site_id, subject).await?;
    let stored = states::moves_of(conn, site_id, subject).await?;
    for (journey, definitions) in &ruleset.journeys {
        let folded = fold(definitions, &log, as_of(now, &log)).map(|(_, moves)| moves).unwrap_or_default();
        let expected: Vec<String> = folded.iter().map(|it| serde_json::to_string(it).unwrap_or_default()).collect();
        let found = stored.iter().filter(|(name, _)| name == journey.as_str()).map(|(_, body)| body);
        if !found.eq(expected.iter()) {
            return Ok(Some(journey.as_str().to_owned()));
        }
    }
    if seen::differs(conn, site_id, subject, &log).await? {
        return Ok(Some("the row in `subject`".to_owned()));
    }
    // One that was made under other rules is not read by anybody.
    let fingerprint = i64::from(ruleset.questions.fingerprint());
    let stored = states::recollection_of(conn, site_id, subject).await?.filter(|(made, _)| *made == fingerprint);
    let Some((_, state)) = stored else { return Ok(None) };
    let log = log::looked_back_on(conn, site_id, subject).await?;
    let expected = serde_json::to_string(&Recollection::of(&ruleset.questions, &log)).unwrap_or_default();
    Ok((state != expected).then(|| RECOLLECTION.to_owned()))
}
