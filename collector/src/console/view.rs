//! What the pages show, as plain values: `people` fills them from the log, the pages only lay them out.
//!
//! Texts in here were made by visitors and are never trusted; maud escapes each.

use engine::Timestamp;
use serde::Deserialize;

use crate::people::Word;

/// The numbers of a site, for the first page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// When the last visit of a browser came, by the site's clock.
    pub last_visit: Option<Timestamp>,
    /// Events of the last 24 hours.
    pub events_today: i64,
    /// Visitors with an event in the last 24 hours.
    pub visitors_today: i64,
    /// Persons known by a user id.
    pub persons: i64,
    /// Accounts.
    pub accounts: i64,
    /// How many subjects are in each stage now, in the order of the journey: journey, stage, count.
    pub stages: Vec<(String, String, i64)>,
}

/// What the list of people was asked for, as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PeopleQuery {
    /// The beginnings of words of a name, an e-mail address or an id; empty for all.
    #[serde(rename = "q")]
    pub search: String,
    /// `visitor`, `person` or `account`; empty for all.
    pub kind: String,
    /// Where they are: `journey:stage`, or `journey` for any stage of it; empty for anywhere.
    pub stage: String,
    /// How they get on there: `on_track`, `delayed` or `stuck`; empty for all.
    pub pace: String,
    /// A trait they have; empty for any.
    #[serde(rename = "trait")]
    pub named: String,
    /// What it says: `is`, `above` or `below`; empty for anything.
    pub test: String,
    /// What it is compared with.
    pub value: String,
    /// Who says so: `server`; empty for anybody.
    pub by: String,
    /// Seen within so many days; empty for ever.
    pub days: String,
    /// Where the page before ended, as it said in [`PeoplePage::next`].
    pub after: Option<String>,
}

/// One page of the list, latest activity first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeoplePage {
    /// At most 50.
    pub rows: Vec<PeopleRow>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// One visitor, person or account in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct PeopleRow {
    /// Who.
    pub who: Who,
    /// Where they are, in the first journey that says so.
    pub stage: Option<String>,
    /// Their latest event.
    pub last_seen: Timestamp,
}

/// A visitor, person or account: enough to name it and to link to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// `visitor`, `person` or `account`.
    pub kind: String,
    /// Visitor id, user id or account id.
    pub id: String,
    /// A name from the traits, where there is one.
    pub name: Option<String>,
}

/// Everything on one page about one visitor, person or account.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectPage {
    /// Who it is.
    pub who: Who,
    /// Where they are now, one line for each journey.
    pub stages: Vec<StageNow>,
    /// Moves along the journeys, newest first, each with its cause.
    pub moves: Vec<MoveView>,
    /// What happened, newest first.
    pub timeline: Vec<Entry>,
    /// Cursor of the older part of the timeline, if there is one.
    pub older: Option<String>,
    /// What is known about them.
    pub traits: Vec<TraitView>,
    /// Events that count for no account, since there are several.
    pub unattributed: usize,
    /// Whom they belong to and who belongs to them: visitors of a person, persons of an account, and back.
    pub members: Vec<Who>,
}

/// A stage that somebody is in.
#[derive(Clone, Debug, PartialEq)]
pub struct StageNow {
    /// The journey's name.
    pub journey: String,
    /// The stage's name.
    pub stage: String,
    /// Since when.
    pub since: Timestamp,
    /// Which round of the map; the first is 1.
    pub cycle: i64,
    /// What holds them there.
    pub pin: Option<PinView>,
}

/// Somebody has put them into their stage, to stay there for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct PinView {
    /// Until when.
    pub until: Timestamp,
    /// Where they would have moved since, and when.
    pub held_back: Vec<(String, Timestamp)>,
}

/// A recorded move and what moved it.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveView {
    /// When, by event time.
    pub at: Timestamp,
    /// The journey's name.
    pub journey: String,
    /// From where; `None` for the first stage.
    pub from: Option<String>,
    /// Where to.
    pub to: String,
    /// What made it happen.
    pub cause: Cause,
}

/// What made a move happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// An event: its id, its name and when it happened.
    Event {
        /// The event's id; the timeline marks it.
        id: String,
        /// `Subscription Started`.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// Time passed: what ran out, and the event it was counted from.
    Timer {
        /// In words: `30d in evaluation`.
        what: String,
    },
    /// The journey's first stage: nothing had to happen.
    Start,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The event's id.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// `Page`, `Identify` or the event's name.
    pub name: String,
    /// The page it happened on, without its query where that is long.
    pub url: Option<String>,
    /// Properties and traits, as text.
    pub details: Vec<(String, String)>,
    /// Sent by a server with the secret key.
    pub trusted: bool,
    /// Whose it is, where the page is about somebody else (an account's member, a person's visitor).
    pub by: Option<Who>,
}

/// A trait and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitView {
    /// Its name.
    pub name: String,
    /// Its value, as text.
    pub value: String,
    /// Who said it.
    pub word: Word,
    /// When it was set.
    pub at: Timestamp,
}
