//! From what was sent to what is stored: each event is checked, dated, and given its subject; or it is rejected with a code.

use std::fmt;
use std::sync::Arc;

use engine::event::{Body, Event, Fact, MAX_TRAITS, MAX_URL, Outcome, Sender, Text, name};
use engine::nocode::{NamedEvent, names_of_page};
use engine::{Problem, Props, Span, Timestamp, Uuid};
use serde_json::value::RawValue;

use super::agreed::Agreed;
use super::body::{Received, Tried};
use crate::id;
use crate::store::events::{EventRow, TEAM};

/// An event is late when it comes more than this after it happened.
const LATE: Span = Span::hours(1);
/// A browser's event is not dated back further than this.
const OLDEST_FROM_BROWSER: Span = Span::days(7);
/// A server's clock may be ahead by this much.
const SERVER_AHEAD: Span = Span(5 * 60_000);

/// Most bytes of the name of a trait; no more than [`LONGEST_NUMBER`], or it would not be looked at.
const LONGEST_NAME: usize = 256;

/// No number of more digits is within bounds; shorter properties without an exponent hold none that is not.
const LONGEST_NUMBER: usize = 300;

/// `late` in the column `flags`.
pub const FLAG_LATE: i64 = 1;
/// `clamped` in the column `flags`.
pub const FLAG_CLAMPED: i64 = 2;
/// `no usable clock` in the column `flags`.
pub const FLAG_NO_CLOCK: i64 = 4;

/// What became of a batch before it is written.
#[derive(Debug)]
pub struct Accepted {
    /// What to write.
    pub rows: Vec<EventRow>,
    /// Per event sent: the row that holds it, or why there is none.
    pub fates: Vec<Fate>,
}

impl Accepted {
    /// Refuses rows for which there is a reason: the field it is about, its code, a sentence.
    pub fn refuse(&mut self, mut why: impl FnMut(&EventRow) -> Option<(&'static str, &'static str, &'static str)>) {
        let mut rows = std::mem::take(&mut self.rows).into_iter();
        for (index, fate) in self.fates.iter_mut().enumerate() {
            let Fate::Row(id) = fate else { continue };
            let Some(row) = rows.next() else { break };
            match why(&row) {
                None => self.rows.push(row),
                Some((field, code, sentence)) => {
                    metrics::counter!("waymark_events_total", "result" => "rejected", "code" => code).increment(1);
                    *fate = Fate::Rejected(Some(*id), Problem::new(format!("events[{index}].{field}"), code, sentence));
                }
            }
        }
    }

    /// Adds what follows from the pages that were opened: the events that the site has named so. They stand after all that was sent.
    pub fn name_pages(&mut self, events: &[NamedEvent]) {
        let mut named = Vec::new();
        for row in self.rows.iter().filter(|row| row.name == name::PAGE_VIEWED) {
            let event = |name: &str| EventRow {
                id: id::following(row.id, name),
                name: name.to_owned(),
                props: String::new(),
                referrer: String::new(),
                opened: None,
                ..row.clone()
            };
            named.extend(names_of_page(events, &row.url).into_iter().map(event));
        }
        self.rows.append(&mut named);
    }
}

/// What became of one event.
#[derive(Debug)]
pub enum Fate {
    /// It is the next row, with this id.
    Row(Uuid),
    /// It is not taken.
    Rejected(Option<Uuid>, Problem),
}

/// Who sent the batch, and when it came.
#[derive(Clone, Debug)]
pub struct Context {
    /// The site's id.
    pub site_id: Arc<str>,
    /// A page or a server.
    pub sender: Sender,
    /// Nobody sits before it.
    pub crawler: bool,
    /// One of the site's own people sits before it, who is to count nowhere.
    pub team: bool,
    /// What the visitor has agreed to.
    pub agreed: Agreed,
    /// When it came, in the site's time.
    pub received: Timestamp,
    /// What the browser says of itself, kept with the pages that it opens.
    pub opened: Option<Arc<str>>,
}

/// Checks every event of a batch.
pub fn accept(batch: Received<'_>, context: &Context) -> Accepted {
    let (rows, fates) = (Vec::with_capacity(batch.events.len()), Vec::with_capacity(batch.events.len()));
    let mut accepted = Accepted { rows, fates };
    let sent = Sent {
        context,
        visitor: batch.visitor.filter(|_| context.sender == Sender::Browser).map(|visitor| format!("v:{visitor}")),
        session: batch.session,
        device: batch.device,
        sent_at: batch.sent_at,
    };
    for (index, Tried(event)) in batch.events.into_iter().enumerate() {
        let row = event.map_err(|unread| (unread.id, unread.problem)).and_then(|event| {
            let id = event.id;
            if context.crawler {
                let sentence = "This comes from a crawler or a monitor, which is not counted and sees no prompts.";
                return Err((id, Problem::new(format!("events[{index}]"), "crawler", sentence)));
            }
            sent.row(event, index).map_err(|problem| (id, problem))
        });
        accepted.fates.push(match row {
            Ok(row) => {
                let fate = Fate::Row(row.id);
                accepted.rows.push(row);
                fate
            }
            Err((id, problem)) => {
                metrics::counter!("waymark_events_total", "result" => "rejected", "code" => problem.code).increment(1);
                Fate::Rejected(id, problem)
            }
        });
    }
    accepted
}

/// What the answer says of each event, once it is known of each row whether it was new.
pub fn outcomes(fates: Vec<Fate>, new: &[bool]) -> Vec<Outcome> {
    let mut new = new.iter();
    let outcome = |fate| match fate {
        Fate::Rejected(id, problem) => Outcome::Rejected { id, problem },
        Fate::Row(id) if new.next() == Some(&true) => Outcome::Accepted { id },
        Fate::Row(id) => Outcome::Duplicate { id },
    };
    fates.into_iter().map(outcome).collect()
}

/// What holds for all events of a batch.
struct Sent<'c> {
    context: &'c Context,
    /// The visitor as a subject.
    visitor: Option<String>,
    session: Option<Uuid>,
    device: Option<Uuid>,
    sent_at: Option<Timestamp>,
}

impl Sent<'_> {
    fn row(&self, event: Event<'_, &RawValue>, index: usize) -> Result<EventRow, Problem> {
        // Written only into a problem.
        let place = format_args!("events[{index}]");
        let fact = event.check(self.context.sender, place)?;
        let agreed = self.context.agreed;
        let is_of_prompt = matches!(fact.body, Body::Prompt { .. });
        if let Some(problem) = agreed.against(index).filter(|_| !is_of_prompt) {
            return Err(problem);
        }
        let subject = self.subject(&fact, place)?;
        let (at, flags) = self.date(fact.at, place)?;
        let props = fact.props.map(RawValue::get).unwrap_or_default();
        if !props.is_empty() && !props.starts_with('{') {
            return Err(Problem::new(format!("{place}.props"), "wrong_type", "Properties and traits are an object."));
        }
        if is_suspect(props) {
            let props = serde_json::from_str::<Props>(props).map_err(|error| {
                let message = format!("The properties cannot be read: {error}.");
                Problem::new(format!("{place}.props"), "props_unreadable", message)
            })?;
            if matches!(fact.body, Body::Identify | Body::Group) {
                check_traits(&props, place)?;
            }
        }
        let received = self.context.received;
        let (prompt, action) = match &fact.body {
            Body::Prompt { prompt, action, .. } => (Some(prompt.as_str().to_owned()), Some(action.as_str())),
            _ => (None, None),
        };
        let opened = matches!(fact.body, Body::Page { .. }).then(|| self.context.opened.clone()).flatten();
        let referrer = match &fact.body {
            Body::Page { referrer } => cut(referrer.as_ref()),
            _ => String::new(),
        };
        let owned = |text: Option<Text<'_>>| text.map(|text| text.0.into_owned());
        Ok(EventRow {
            site_id: self.context.site_id.clone(),
            id: fact.id.unwrap_or_else(|| id::new(received)),
            subject,
            at: at.0,
            received_at: received.0,
            created_at: fact.at.map(|at| at.0),
            origin: match (self.context.sender, self.context.team) {
                (Sender::Server, _) => "server",
                (Sender::Browser, true) => TEAM,
                (Sender::Browser, false) => "web",
            },
            name: fact.body.name().to_owned(),
            props: props.to_owned(),
            // Campaigns and names stand behind the path.
            url: if agreed.profile { cut(fact.url.as_ref()) } else { without_query(cut(fact.url.as_ref())) },
            referrer,
            session: self.session,
            device: self.device,
            prompt,
            action,
            user_id: owned(fact.user_id),
            account_id: owned(fact.account_id),
            flags,
            opened,
        })
    }

    /// Whose event it is by its own words: a browser's is its visitor's, a server's the person's or else the account's.
    fn subject(&self, fact: &Fact<'_, &RawValue>, place: fmt::Arguments<'_>) -> Result<String, Problem> {
        match (self.context.sender, &self.visitor, &fact.user_id, &fact.account_id) {
            (Sender::Browser, Some(visitor), ..) => Ok(visitor.clone()),
            (Sender::Browser, None, ..) if !self.context.agreed.store => Err(Problem::new(
                place.to_string(),
                "not_agreed",
                "Nothing may be kept of this visitor, so that they opened a page is answered and not recorded.",
            )),
            (Sender::Browser, None, ..) => Err(Problem::new(
                "visitor",
                "visitor_missing",
                format!("{place} comes from a page but names no visitor."),
            )),
            (Sender::Server, _, Some(user), _) => Ok(["p:", user.as_str()].concat()),
            (Sender::Server, _, None, Some(account)) => Ok(["a:", account.as_str()].concat()),
            (Sender::Server, _, None, None) => {
                let message = "A server event names the user_id or account_id it is about.";
                Err(Problem::new(place.to_string(), "subject_missing", message))
            }
        }
    }

    /// When it happened. A browser's clock may be wrong by a constant, which the time of sending cancels; a server's is
    /// believed, but not about the future.
    fn date(&self, at: Option<Timestamp>, place: fmt::Arguments<'_>) -> Result<(Timestamp, i64), Problem> {
        let received = self.context.received;
        let (at, mut flags) = match (self.context.sender, at, self.sent_at) {
            (Sender::Server, Some(at), _) if at > received.after(SERVER_AHEAD) => {
                let message = "The event lies more than 5 minutes in the future.";
                return Err(Problem::new(format!("{place}.at"), "time_in_future", message));
            }
            (Sender::Server, Some(at), _) if at.0 < 0 => {
                return Err(Problem::new(
                    format!("{place}.at"),
                    "time_out_of_range",
                    "Times are milliseconds since 1970.",
                ));
            }
            (Sender::Server, Some(at), _) => (at.min(received), if at > received { FLAG_CLAMPED } else { 0 }),
            (Sender::Server, None, _) => (received, 0),
            (Sender::Browser, Some(at), Some(sent)) if sent >= at => {
                let derived = received.before(sent.since(at));
                let clamped = derived.max(received.before(OLDEST_FROM_BROWSER));
                (clamped, if clamped == derived { 0 } else { FLAG_CLAMPED })
            }
            (Sender::Browser, Some(at), Some(_)) if at > received => (received, FLAG_CLAMPED | FLAG_NO_CLOCK),
            (Sender::Browser, ..) => (received, FLAG_NO_CLOCK),
        };
        if at < received.before(LATE) {
            flags |= FLAG_LATE;
        }
        Ok((at, flags))
    }
}

/// Whether there are as many traits as one event may say, with names that can be kept.
fn check_traits(Props(traits): &Props, place: fmt::Arguments<'_>) -> Result<(), Problem> {
    let problem = |code, message| Err(Problem::new(format!("{place}.traits"), code, message));
    if traits.len() > MAX_TRAITS {
        return problem("too_many_traits", "An event may say at most 200 traits.");
    }
    if traits.iter().any(|(name, _)| name.len() > LONGEST_NAME) {
        return problem("name_too_long", "The name of a trait has at most 256 bytes.");
    }
    Ok(())
}

/// Whether JSON that has the right form may still hold what cannot be read: half a character, such as an emoji cut in two, or a
/// number beyond all bounds. What is stored must mean something to the rules.
fn is_suspect(json: &str) -> bool {
    let exponent = |pair: &[u8]| pair[0].is_ascii_digit() && pair[1].eq_ignore_ascii_case(&b'e');
    json.contains("\\u") || json.len() > LONGEST_NUMBER || json.as_bytes().windows(2).any(exponent)
}

/// An address up to its path.
fn without_query(mut url: String) -> String {
    url.truncate(url.find(['?', '#']).unwrap_or(url.len()));
    url
}

/// An address, cut to what is worth keeping, at a whole character.
fn cut(text: Option<&Text<'_>>) -> String {
    let text = text.map(Text::as_str).unwrap_or_default();
    let mut end = text.len().min(MAX_URL);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
