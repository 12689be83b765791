//! What a page is told: the facts about its visitor, and whether it needs to load what shows prompts. Read after the commit
//! that holds the page's own events, from the one log; so they are never older than the last acknowledged event of any
//! device or server.

mod history;
mod inside;
mod known;
mod lots;
mod opened;
mod preview;
mod reasons;
mod stays;
mod tried;
mod witness;
mod zone;

use std::sync::Arc;

use engine::Uuid;
use engine::facts::{Facts, judge, terms};
use engine::prompt::any_candidate;
use engine::rule::{Device, Request};
use engine::why::Outcome;

use crate::auth::debug_token::Trial;
use crate::error::ApiError;
use crate::id;
use crate::journey;
use crate::prompts::trial;
use crate::sites::Site;
use crate::state::App;
use crate::store::Conn;
use known::{Page, Visitor};

pub use history::Details;
pub use inside::Inside;
pub use known::public_traits;
pub use lots::{Drawn, assign};
pub use opened::Opened;
pub use preview::routes;
pub use reasons::CONSENTS;
pub use stays::Stays;
pub use witness::{Log, Subjects};
pub use zone::zone;

/// Who asks, from which page.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The browser.
    pub visitor: Option<Uuid>,
    /// The device.
    pub device: Option<Uuid>,
    /// The visit.
    pub session: Option<Uuid>,
    /// The address of the page, if it was sent.
    pub page: Option<String>,
    /// The language that the visitor has chosen, as the page says.
    pub chosen: Option<String>,
    /// The language of the page, or of the browser.
    pub language: Option<String>,
    /// The languages that the browser would rather read, best first.
    pub accepted: Vec<String>,
    /// The class of the device.
    pub class: Option<Device>,
    /// What the request says of the browser, and where it is.
    pub request: Request,
    /// Nobody may look up what is known of them, nor remember that they were here. What happened with prompts still counts.
    pub is_stranger: bool,
    /// One of the site's own people, by a signed link that is still good.
    pub team: bool,
    /// The draft that they try, and the token that says so.
    pub trial: Option<(Trial, String)>,
}

/// What a page is told.
#[derive(Debug)]
pub struct Told {
    /// The facts.
    pub facts: Facts,
    /// Whether a prompt could be shown on this page.
    pub needed: bool,
    /// What only the site's own people are told.
    pub inside: Option<Inside>,
}

/// The facts for a page; `None` for a caller who names no visitor without being a stranger.
pub async fn facts(app: &App, site: &Arc<Site>, caller: &Caller) -> Result<Option<Told>, ApiError> {
    let now = site.now(&app.clock);
    // A stranger is somebody new on each page.
    let Some(id) = caller.visitor.or_else(|| caller.is_stranger.then(|| id::new(now))) else { return Ok(None) };
    let mut ruleset = app.rulesets.of(&app.db, site).await?;
    if let Some((trial, token)) = &caller.trial {
        ruleset = trial::with_draft(app, site, ruleset, trial, token).await?;
    }
    let mut reader = app.db.read().await?;
    let visitor = Visitor::read(&mut reader.conn(), site, ruleset.clone(), id, caller, now).await?;
    let said = match visitor.log.subjects.user.as_deref().filter(|_| ruleset.is_translated()) {
        Some(user) => known::language_of(&mut reader.conn(), &site.id, user).await?,
        None => None,
    };
    drop(reader);
    let subjects = &visitor.log.subjects;
    let person = subjects.user.as_deref().unwrap_or(&subjects.visitor);
    let referral = match caller.is_stranger {
        true => None,
        false => journey::referral_code(&app.db, &site.id, &ruleset, person).await?,
    };
    let page = Page::of(caller, &ruleset);
    let seen = page.seen(&visitor);
    let needed = any_candidate(&ruleset.prompts, &seen, &visitor.scene());
    let verdicts = judge(ruleset.prompts.iter().map(|prompt| &prompt.rule), &seen);
    let inside = caller.team.then(|| Inside::of(&ruleset, caller, &visitor, &seen));
    let (terms, drawn) = terms(&ruleset.prompts, &seen, &visitor.scene());
    let Visitor { history, zone, spare_offers, traits, done, .. } = visitor;
    // What they have chosen, what is known of them, what the page is in, what their browser would rather read.
    let wanted = caller.chosen.iter().chain(&said).chain(&caller.language).chain(&caller.accepted);
    let wanted: Vec<&str> = wanted.map(String::as_str).collect();
    let bundle = ruleset.version_in(&wanted);
    let facts = Facts { now, bundle, verdicts, history, terms, spare_offers, drawn, zone, traits, done, referral };
    Ok(Some(Told { facts, needed, inside }))
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
    /// The whole of its rule, line by line: what each part asks for, and what there is. The page's overlay says the same.
    pub lines: Vec<String>,
}

/// What becomes of each prompt on a page now, and why.
pub async fn why(conn: &mut Conn<'_>, app: &App, site: &Arc<Site>, caller: &Caller) -> Result<Vec<Why>, ApiError> {
    let Some(id) = caller.visitor else { return Ok(Vec::new()) };
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let visitor = Visitor::read(conn, site, ruleset.clone(), id, caller, site.now(&app.clock)).await?;
    Ok(reasons::reasons(&ruleset, &Page::of(caller, &ruleset).seen(&visitor), &visitor.scene()))
}
