//! What a page is told: the facts about its visitor, and whether it needs to load what shows prompts. Read after the commit
//! that holds the page's own events, from the one log; so they are never older than the last acknowledged event of any
//! device or server.

mod history;
mod reasons;
mod witness;

use std::sync::Arc;

use engine::facts::Facts;
use engine::prompt::any_candidate;
use engine::rule::OnPage;
use engine::{Timestamp, Uuid};

use crate::error::ApiError;
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::state::App;
use crate::store::Conn;
use witness::{Log, Seen};

/// Who asks, from which page.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The browser.
    pub visitor: Option<Uuid>,
    /// The device.
    pub device: Option<Uuid>,
    /// The visit.
    pub session: Option<Uuid>,
    /// The address of the page, if it was sent.
    pub page: Option<String>,
}

impl Caller {
    /// The log, and what this visit said of its page. Of the device and the language the page itself decides: a desktop may be
    /// a tablet in disguise, and a language may follow the browser's.
    fn seen<'a>(&'a self, ruleset: &'a Ruleset, log: &'a Log) -> Seen<'a> {
        let page = OnPage {
            address: self.page.as_deref(),
            groups: &ruleset.settings.page_groups,
            device: None,
            language: None,
        };
        Seen { page, log }
    }
}

/// What a page is told.
#[derive(Debug)]
pub struct Told {
    /// The facts.
    pub facts: Facts,
    /// Whether a prompt could be shown on this page.
    pub needed: bool,
}

/// The facts for a page; `None` for a caller without a visitor.
pub async fn facts(app: &App, site: &Arc<Site>, caller: &Caller) -> Result<Option<Told>, ApiError> {
    let Some(visitor) = caller.visitor else { return Ok(None) };
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let now = site.now(&app.clock);
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let log = Log::read(&mut conn, site, ruleset.clone(), visitor, caller.session, now).await?;
    let history = history::of(&mut conn, &site.id, &log.subjects, caller, now).await?;
    drop(reader);
    let rules = ruleset.prompts.iter().map(|prompt| &prompt.rule);
    let verdicts = Facts::judge(rules, &log);
    let seen = caller.seen(&ruleset, &log);
    let needed = any_candidate(&ruleset.prompts, &seen, &history, &ruleset.settings.policy, now);
    let facts = Facts { now, bundle: ruleset.bundle.version.clone(), verdicts, history };
    Ok(Some(Told { facts, needed }))
}

/// Why a prompt does not show on a page now, or that it does.
#[derive(Clone, Debug)]
pub struct Why {
    /// The prompt.
    pub prompt: String,
    /// In a word.
    pub outcome: Outcome,
    /// In a sentence.
    pub words: String,
}

/// What becomes of a prompt on a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It shows.
    Shows,
    /// It will, when its moment comes.
    Waits,
    /// It would, but a cap or another prompt stands before it.
    Held,
    /// It is not meant for this visitor or page.
    NotMeant,
}

impl Outcome {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Shows => "shows",
            Outcome::Waits => "waits",
            Outcome::Held => "held",
            Outcome::NotMeant => "not_meant",
        }
    }
}

/// What becomes of each prompt on a page now, and why.
pub async fn why(conn: &mut Conn<'_>, app: &App, site: &Arc<Site>, caller: &Caller) -> Result<Vec<Why>, ApiError> {
    let Some(visitor) = caller.visitor else { return Ok(Vec::new()) };
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let now: Timestamp = site.now(&app.clock);
    let log = Log::read(conn, site, ruleset.clone(), visitor, caller.session, now).await?;
    let history = history::of(conn, &site.id, &log.subjects, caller, now).await?;
    let seen = caller.seen(&ruleset, &log);
    Ok(reasons::reasons(&ruleset, &seen, &history, now))
}
