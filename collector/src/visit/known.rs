//! Everything that is known here of a visitor and their page, read once: what they are told and why nothing shows must follow from
//! the same.

use std::sync::Arc;

use engine::experiment::Unit;
use engine::frequency::History;
use engine::prompt::{self, Scene, Signals, Zone, is_language};
use engine::rule::OnPage;
use engine::{Key, Props, Timestamp, Uuid, Value};

use super::history::Past;
use super::tried::Tried;
use super::witness::{Log, Seen};
use super::zone::zone;
use super::{Caller, history, lots};
use crate::journey;
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::store::{Conn, Result};

/// A visitor, as the log knows them.
#[derive(Debug)]
pub struct Visitor {
    /// What rules ask of the log.
    pub log: Log,
    /// What happened between them and the site's prompts.
    pub history: History,
    /// Who draws their lots.
    pub unit: Unit,
    /// The site's clocks.
    pub zone: Option<Zone>,
    /// Whether it is no time to sell to them.
    pub spare_offers: bool,
    /// What texts may say of them.
    pub traits: Props,
    /// What they have done of what published checklists ask for.
    pub done: Vec<Key>,
    ruleset: Arc<Ruleset>,
    now: Timestamp,
}

impl Visitor {
    /// Reads a visitor. Where a site has neither lots nor checklists nor public traits, that is four statements.
    pub async fn read(
        conn: &mut Conn<'_>,
        site: &Site,
        ruleset: Arc<Ruleset>,
        id: Uuid,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Visitor> {
        let tried = Tried::read(conn, &site.id, caller).await?;
        let log = Log::read(conn, site, ruleset.clone(), id, caller, &tried, now).await?;
        let past = history::of(conn, &site.id, &log.subjects, caller, now).await?;
        let past = tried.look_back(past, &[log.subjects.visitor.clone(), log.subjects.person().to_owned()]);
        let unit = lots::unit(conn, &site.id, &ruleset, &log.subjects, &past).await?;
        let Past { history, .. } = past;
        let traits = public_traits(conn, &site.id, &ruleset, log.subjects.user.as_deref()).await?;
        Ok(Visitor {
            zone: zone(&site.timezone, now),
            spare_offers: log.stays.is_behind(&ruleset, now),
            done: log.stays.done(&ruleset.tasks),
            log,
            history,
            unit,
            traits,
            ruleset,
            now,
        })
    }

    /// When it was read, in the site's time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What a choice depends on, as far as it is known here: the page has been open for no time, and nothing happened on it. What
    /// they have agreed to only the page knows.
    pub fn scene(&self) -> Scene<'_> {
        let page =
            prompt::Page { signals: Signals { since: self.now, ..Signals::default() }, ..prompt::Page::default() };
        Scene {
            history: &self.history,
            policy: &self.ruleset.settings.policy,
            unit: &self.unit,
            zone: self.zone,
            consents: &[],
            spare_offers: self.spare_offers,
            page,
            now: self.now,
        }
    }
}

/// The traits of a person that pages may know. What a server said of one stands before what the person's browser claims.
pub async fn public_traits(
    conn: &mut Conn<'_>,
    site_id: &str,
    ruleset: &Ruleset,
    person: Option<&str>,
) -> Result<Props> {
    let mut public = Props::default();
    let names = &ruleset.settings.public_traits;
    let Some(person) = person.filter(|_| !names.is_empty()) else { return Ok(public) };
    for journey::Trait { name, value, .. } in journey::traits_of(conn, site_id, person).await? {
        if names.contains(&name)
            && public.get(&name).is_none()
            && let Ok(value) = serde_json::from_str::<Value>(&value)
        {
            public.0.push((name, value));
        }
    }
    Ok(public)
}

/// The language that a person is to be spoken to in, by the traits that it usually stands in.
pub async fn language_of(conn: &mut Conn<'_>, site_id: &str, person: &str) -> Result<Option<String>> {
    let traits = journey::traits_of(conn, site_id, person).await?;
    let said =
        |name: &str| traits.iter().find(|one| one.name == name).and_then(|one| serde_json::from_str(&one.value).ok());
    let tag: Option<String> = ["language", "locale", "lang"].into_iter().find_map(said);
    Ok(tag.map(|tag| tag.replace('_', "-")).filter(|tag| is_language(tag)))
}

/// What a visit said of its page. Of the device and the language the page itself decides: a desktop may be a tablet in disguise, and
/// a language may follow the browser's. Of the hour it does not depend what a page must load: it may come while the page is open.
#[derive(Debug)]
pub struct Page<'a>(OnPage<'a>);

impl<'a> Page<'a> {
    /// The page that a caller is on.
    pub fn of(caller: &'a Caller, ruleset: &'a Ruleset) -> Page<'a> {
        let known = OnPage::new(caller.page.as_deref(), &ruleset.settings.page_groups);
        Page(OnPage { device: caller.class, language: caller.language.as_deref(), hash: None, ..known })
    }

    /// The page, beside the log.
    pub fn seen(&self, visitor: &'a Visitor) -> Seen<'a> {
        Seen { page: self.0, log: &visitor.log }
    }
}
