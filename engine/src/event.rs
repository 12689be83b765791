//! The wire contract of an event, both directions, and its limits. The widget and other people's servers write
//! [`Event`]; the collector reads it, [`check`](Event::check)s it, and from then on holds a [`Fact`], which cannot be
//! incomplete.

mod text;

pub use text::{Text, Token};

use crate::id::{Key, Uuid};
use crate::problem::Problem;
use crate::time::Timestamp;
use core::fmt;
use serde::{Deserialize, Serialize};

/// Most events in a batch.
pub const MAX_EVENTS: usize = 100;
/// Most bytes of one event as JSON.
pub const MAX_EVENT_BYTES: usize = 32 * 1024;
/// Most bytes of an event's name, and of a user or account id.
pub const MAX_NAME: usize = 128;
/// Most bytes of a token that proves who somebody is.
pub const MAX_TOKEN: usize = 4 * 1024;
/// Most traits that one event may say.
pub const MAX_TRAITS: usize = 200;
/// Longer addresses are cut here: the tail of a long query is not worth a lost visit.
pub const MAX_URL: usize = 2048;

/// The log's own names for what the product itself records.
pub mod name {
    #![expect(missing_docs, reason = "the names say it")]
    pub const PAGE_VIEWED: &str = "Page Viewed";
    pub const IDENTIFIED: &str = "Identified";
    pub const GROUPED: &str = "Grouped";
    pub const STAGE_SET: &str = "Stage Set";
    pub const REFERRAL_GIVEN: &str = "Referral Given";
    pub const CAPS_RESET: &str = "Caps Reset";
}

/// What a body to the collector holds. `P` is how the caller holds properties: untouched JSON in the collector, a
/// JavaScript object in the widget.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "P: Deserialize<'de>, E: Deserialize<'de>"))]
pub struct Batch<'a, P, E = Event<'a, P>> {
    /// The site's write key; from a server it is in the `Authorization` header instead.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Text<'a>>,
    /// When the sender's clock said it sent this: with `at` it cancels a clock that is wrong by a constant.
    #[serde(default)]
    pub sent_at: Option<Timestamp>,
    /// The browser. Absent from servers.
    #[serde(default)]
    pub visitor: Option<Uuid>,
    /// The device, which outlives a `reset` of the visitor.
    #[serde(default)]
    pub device: Option<Uuid>,
    /// The visit: ends after 30 minutes without a signal.
    #[serde(default)]
    pub session: Option<Uuid>,
    /// The language the page is in.
    #[serde(borrow, default)]
    pub language: Option<Text<'a>>,
    /// The page that asks. Its events may be from before, or from another tab.
    #[serde(borrow, default)]
    pub url: Option<Text<'a>>,
    /// What the visitor has agreed to, by its name, as the page has it.
    #[serde(default)]
    pub given: Option<P>,
    /// How many fingers its screen can tell apart: an iPad says that it is a Mac.
    #[serde(default)]
    pub touches: Option<u32>,
    /// Whether the ids were made a moment ago, since the browser had kept none. Left out where it may keep nothing.
    #[serde(default)]
    pub fresh: Option<bool>,
    /// What lets the site's own people see why: then they are told more, and count nowhere.
    #[serde(borrow, default)]
    pub debug: Option<Token<'a>>,
    /// At most [`MAX_EVENTS`].
    pub events: Vec<E>,
    #[serde(skip)]
    #[doc(hidden)]
    pub props: core::marker::PhantomData<P>,
}

/// One event as it travels.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "P: Deserialize<'de>"))]
pub struct Event<'a, P> {
    /// Made by the sender, ordered by time (UUID version 7). The same id sent twice is stored once.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// When it happened by the sender's clock.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// What kind of fact it is; says which of the other fields must be there.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// `track`: the event's name. `prompt`: a name of its own for what happened, such as `Review Link Followed`.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
    /// `identify`: who it is. From servers on any event: whom it is about.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Text<'a>>,
    /// `group`: the company. From servers on any event: which account it is about.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Text<'a>>,
    /// `identify`: what proves that it is so, made by the site's own server. It travels, but nobody asks for it yet.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token<'a>>,
    /// The page it happened on.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Text<'a>>,
    /// `page`: what linked to it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<Text<'a>>,
    /// `prompt`: which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Key>,
    /// `prompt`: what happened with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// Properties: a JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub props: Option<P>,
    /// `identify` and `group`: traits of the person or the account: a JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<P>,
}

/// The kinds of event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something happened that has a name.
    Track,
    /// A page was opened, or a single-page application changed its address.
    Page,
    /// The visitor said who they are.
    Identify,
    /// The person said which company they belong to.
    Group,
    /// Something happened with a prompt.
    Prompt,
}

/// What happened with a prompt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing stands against it, and for the first time it was drawn by lot what is seen of it, if anything. Recorded before it is
    /// shown, and also where nothing is.
    Eligible,
    /// Painted. Recorded before it is painted, so that a reload cannot show it twice.
    Shown,
    /// On a screen that somebody looks at, for a second.
    Viewed,
    /// A link or button in it was used.
    Clicked,
    /// Closed without an answer.
    Dismissed,
    /// Put off: the person wants to be reminded later.
    Snoozed,
    /// Turned down for good: this prompt, never again.
    Declined,
    /// "Don't ask me again": none of the site's prompts, but for what must be seen.
    Muted,
    /// A question was answered.
    Answered,
    /// What the prompt is for was done: link followed, offer taken.
    Converted,
}

impl Action {
    /// All there are.
    pub const ALL: [Action; 10] = [
        Action::Eligible,
        Action::Shown,
        Action::Viewed,
        Action::Clicked,
        Action::Dismissed,
        Action::Snoozed,
        Action::Declined,
        Action::Muted,
        Action::Answered,
        Action::Converted,
    ];

    /// The action as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Eligible => "eligible",
            Action::Shown => "shown",
            Action::Viewed => "viewed",
            Action::Clicked => "clicked",
            Action::Dismissed => "dismissed",
            Action::Snoozed => "snoozed",
            Action::Declined => "declined",
            Action::Muted => "muted",
            Action::Answered => "answered",
            Action::Converted => "converted",
        }
    }

    /// Reads what [`Action::as_str`] writes.
    pub fn parse(text: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.as_str() == text)
    }

    /// The event's name in the log.
    pub fn event_name(self) -> &'static str {
        match self {
            Action::Eligible => "Prompt Eligible",
            Action::Shown => "Prompt Shown",
            Action::Viewed => "Prompt Viewed",
            Action::Clicked => "Prompt Clicked",
            Action::Dismissed => "Prompt Dismissed",
            Action::Snoozed => "Prompt Snoozed",
            Action::Declined => "Prompt Declined",
            Action::Muted => "Prompts Muted",
            Action::Answered => "Prompt Answered",
            Action::Converted => "Prompt Converted",
        }
    }
}

/// Who sends: it decides what an event must name and what is believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sender {
    /// A page with the public write key: names a visitor, is believed nothing of value.
    Browser,
    /// A server with the secret key: names a person or an account, is trusted.
    Server,
}

/// An event that has passed its check.
#[derive(Debug)]
pub struct Fact<'a, P> {
    /// The event's id, if the sender gave one.
    pub id: Option<Uuid>,
    /// When it happened by the sender's clock.
    pub at: Option<Timestamp>,
    /// What happened.
    pub body: Body<'a>,
    /// `identify` and `group` from anybody, any event from servers.
    pub user_id: Option<Text<'a>>,
    /// See `user_id`.
    pub account_id: Option<Text<'a>>,
    /// `identify`: what proves that it is so.
    pub token: Option<Token<'a>>,
    /// The page it happened on.
    pub url: Option<Text<'a>>,
    /// Properties, or the traits of `identify` and `group`.
    pub props: Option<P>,
}

/// What happened.
#[derive(Debug)]
#[expect(missing_docs, reason = "see Kind")]
pub enum Body<'a> {
    Track { name: Text<'a> },
    Page { referrer: Option<Text<'a>> },
    Identify,
    Group,
    Prompt { prompt: Key, action: Action, name: Option<Text<'a>> },
}

impl Body<'_> {
    /// The event's name in the log.
    pub fn name(&self) -> &str {
        match self {
            Body::Track { name } => name.as_str(),
            Body::Page { .. } => name::PAGE_VIEWED,
            Body::Identify => name::IDENTIFIED,
            Body::Group => name::GROUPED,
            Body::Prompt { name: Some(name), .. } => name.as_str(),
            Body::Prompt { action, .. } => action.event_name(),
        }
    }
}

impl<'a, P> Event<'a, P> {
    /// Turns what was sent into a fact, or says what is missing. `place` is the event's place in the batch.
    ///
    /// # Errors
    /// `name_empty`, `name_too_long`, `name_reserved`, `id_missing`, `user_id_missing`, `account_id_missing`, `prompt_missing`,
    /// `action_missing`, `nul_character`, `subject_missing`, `token_too_long`.
    pub fn check(self, sender: Sender, place: impl fmt::Display) -> Result<Fact<'a, P>, Problem> {
        let problem = |field: &str, code, message: &str| Problem::new(format!("{place}.{field}"), code, message);
        let texts = [
            ("name", &self.name),
            ("user_id", &self.user_id),
            ("account_id", &self.account_id),
            ("url", &self.url),
            ("referrer", &self.referrer),
        ];
        for (field, text) in texts {
            let Some(text) = text.as_ref().map(Text::as_str) else {
                continue;
            };
            if text.contains('\0') {
                return Err(problem(field, "nul_character", "The character U+0000 cannot be stored."));
            }
            if field == "url" || field == "referrer" {
                continue;
            }
            if text.trim().is_empty() {
                return Err(problem(field, "name_empty", "This must not be empty."));
            }
            if text.len() > MAX_NAME {
                return Err(problem(field, "name_too_long", "This must be at most 128 bytes long."));
            }
        }
        if self.token.as_ref().is_some_and(|token| token.0.as_str().len() > MAX_TOKEN) {
            return Err(problem("token", "token_too_long", "A token has at most 4 KB."));
        }
        let Event { id, at, kind, name, user_id, account_id, token, url, referrer, prompt, action, props, traits } =
            self;
        if sender == Sender::Browser && name.as_ref().is_some_and(|name| is_reserved(name.as_str())) {
            let message = "This name belongs to events that only a server with the secret key may send.";
            return Err(problem("name", "name_reserved", message));
        }
        let body = match kind {
            Kind::Track => {
                Body::Track { name: name.ok_or_else(|| problem("name", "name_empty", "A track event needs a name."))? }
            }
            Kind::Page => Body::Page { referrer },
            Kind::Identify if user_id.is_none() => {
                return Err(problem("user_id", "user_id_missing", "identify needs a user_id."));
            }
            Kind::Identify => Body::Identify,
            Kind::Group if account_id.is_none() => {
                return Err(problem("account_id", "account_id_missing", "group needs an account_id."));
            }
            Kind::Group => Body::Group,
            Kind::Prompt => Body::Prompt {
                prompt: prompt.ok_or_else(|| problem("prompt", "prompt_missing", "Which prompt was it?"))?,
                action: action.ok_or_else(|| problem("action", "action_missing", "What happened with it?"))?,
                name,
            },
        };
        match sender {
            Sender::Browser if id.is_none() => {
                return Err(problem(
                    "id",
                    "id_missing",
                    "Events from a browser carry an id, or a retry would count twice.",
                ));
            }
            Sender::Server if user_id.is_none() && account_id.is_none() => {
                let message = "A server event names the user_id or account_id it is about.";
                return Err(problem("user_id", "subject_missing", message));
            }
            _ => {}
        }
        let props = match kind {
            Kind::Identify | Kind::Group => traits,
            Kind::Track | Kind::Page | Kind::Prompt => props,
        };
        Ok(Fact { id, at, body, user_id, account_id, token, url, props })
    }
}

/// Names a browser may not send as a `track` event: they would set a stage by hand or imitate what the product records.
pub fn is_reserved(text: &str) -> bool {
    [name::PAGE_VIEWED, name::IDENTIFIED, name::GROUPED, name::STAGE_SET, name::REFERRAL_GIVEN].contains(&text)
}

/// What the collector answers for one event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Outcome {
    /// Stored, and the commit that holds it is on disk.
    Accepted {
        /// The event's id.
        id: Uuid,
    },
    /// It had been stored before.
    Duplicate {
        /// The event's id.
        id: Uuid,
    },
    /// Not stored, and sending it again will not help.
    Rejected {
        /// The event's id if it could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Uuid>,
        /// What is wrong, and where.
        #[serde(flatten)]
        problem: Problem,
    },
}
