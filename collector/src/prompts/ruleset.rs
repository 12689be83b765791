//! What a site has published, parsed and compiled once per change and kept in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use axum::body::Bytes;
use engine::experiment::Goal;
use engine::facts::{Here, Sent};
use engine::frequency::Policy;
use engine::journey::{Definitions, Version};
use engine::nocode::NamedEvent;
use engine::page::PageGroups;
use engine::prompt::{Bundle, Content, Prompt, Theme, is_language, primary};
use engine::rule::{Condition, NameOf, Names, Questions};
use engine::{Key, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::words;
use crate::auth::secret::{self, hex};
use crate::encoding;
use crate::sites::Site;
use crate::store::{self, Conn, Db};

/// Of the languages that a page asks for so many make a difference.
const WANTED: usize = 4;

/// Bundles are kept in so many languages and orders of languages.
const LANGUAGES: usize = 64;

/// Letters of a site's secret: as many as 256 bits need.
const SALT: usize = 43;

/// A named condition that rules may use.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// Its name in rules.
    pub key: Key,
    /// Who belongs to it.
    pub rule: Condition,
}

/// A site's own settings, as their file says them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Named lists of path patterns.
    pub page_groups: PageGroups,
    /// Caps over all interrupting prompts.
    pub policy: Policy,
    /// How prompts look.
    pub theme: Theme,
    /// The language that prompts are written in. Left out: `en`.
    pub language: Language,
    /// Named conditions.
    pub segments: Vec<Segment>,
    /// How the source of a visit is read.
    pub sources: engine::source::Settings,
    /// The traits of persons that pages may know, so that texts can say them. All others stay here.
    pub public_traits: Vec<String>,
    /// Events that need no code.
    pub events: Vec<NamedEvent>,
    /// When a link that somebody passed on has brought somebody.
    pub referral: Referrals,
    /// Whether visitors are known by a cookie too, where the collector is on the site's own domain: it outlives what browsers delete of
    /// their storage.
    pub cookie: bool,
    /// The page's own list that hears what people do with prompts.
    pub data_layer: DataLayer,
    /// As what modules run in pages.
    pub engine: Engine,
    /// Who says in pages what their visitors have agreed to.
    pub consent: ConsentFrom,
}

/// The name of the page's own list that hears what people do with prompts, for Google Tag Manager and whoever else reads it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DataLayer(String);

impl DataLayer {
    /// The usual name.
    const USUAL: &str = "dataLayer";
    /// No list hears anything.
    const NONE: &str = "none";

    /// The list's name where Google's own tags look, also where this one is told nothing.
    pub fn name(&self) -> &str {
        if self.0 == DataLayer::NONE { DataLayer::USUAL } else { &self.0 }
    }

    /// As pages get it: see [`Bundle::data_layer`].
    fn sent(&self) -> Option<String> {
        match self.0.as_str() {
            DataLayer::USUAL => None,
            DataLayer::NONE => Some(String::new()),
            name => Some(name.to_owned()),
        }
    }
}

impl Default for DataLayer {
    fn default() -> Self {
        Self(DataLayer::USUAL.to_owned())
    }
}

impl From<DataLayer> for String {
    fn from(name: DataLayer) -> String {
        name.0
    }
}

impl TryFrom<String> for DataLayer {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$');
        let is_name = (1..=64).contains(&name.len()) && name.chars().all(fits);
        if is_name { Ok(Self(name)) } else { Err("the name of a variable has 1 to 64 letters, digits, _ and $") }
    }
}

/// Who says in pages what their visitors have agreed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentFrom {
    /// The page itself, by `waymark('consent', ...)`. Until it says something, everything is agreed to.
    #[default]
    Page,
    /// Google Consent Mode.
    ConsentMode,
    /// A banner of IAB Europe's Transparency and Consent Framework.
    Tcf,
}

/// As what modules run in pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// WebAssembly, and JavaScript where a page lets none run.
    #[default]
    Auto,
    /// WebAssembly alone: a page that lets none run shows no prompt.
    Wasm,
    /// JavaScript alone: WebAssembly is not even tried.
    Js,
}

/// The language that a site's prompts are written in, as a tag: `en`, `pt-BR`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(pub String);

impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

/// When a link that somebody passed on has brought somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Referrals {
    /// The event that says so. That somebody is identified who was never known before says so too.
    pub event: String,
}

impl Default for Referrals {
    fn default() -> Self {
        Self { event: "Signed Up".to_owned() }
    }
}

/// Everything that decides about a site's visitors.
#[derive(Debug)]
pub struct Ruleset {
    /// Settings.
    pub settings: Settings,
    /// Prompts as the marketer wrote them.
    pub prompts: Vec<Prompt>,
    /// Prompts as pages get them.
    pub bundle: Bundle,
    /// The bundle as JSON: what `GET /w/{key}.json` answers.
    pub json: encoding::Encoded,
    /// The same in other languages, those that were asked for, by the name they are fetched by.
    languages: Mutex<BTreeMap<String, Arc<encoding::Encoded>>>,
    /// Journeys with all their versions.
    pub journeys: Vec<(Key, Definitions)>,
    /// What prompts and segments ask of a person's log.
    pub questions: Questions,
    /// The milestones that published checklists ask for.
    pub tasks: Vec<Key>,
    /// What prompts are for that say so, by their keys; also of those that are on no page any more, since people may still do it.
    pub goals: BTreeMap<Key, Goal>,
    /// The prompts that were published once and are on no page now.
    pub rested: Vec<Key>,
    /// The site's secret, of which lots and codes are made; empty where nobody needs any.
    pub salt: String,
}

impl Ruleset {
    /// Compiles what a site has. What cannot be read any more (written by another release) is left out and logged.
    pub fn new(settings: Settings, prompts: Vec<Prompt>, journeys: Vec<(Key, Vec<Version>)>) -> Ruleset {
        engine::rule::pattern::install(super::pattern::matches);
        let groups = settings.page_groups.clone();
        let sources = crate::source::sources(settings.sources.clone());
        let define = |(key, versions)| Some((key, Definitions::new(versions, groups.clone(), sources.clone())?));
        let journeys = journeys.into_iter().filter_map(define).collect();
        let rules = prompts.iter().map(|prompt| &prompt.rule).chain(settings.segments.iter().map(|s| &s.rule));
        let questions = Questions::new(rules, settings.page_groups.clone(), sources.clone());
        let mut here = Here::default();
        let (mut events, by_lot) = (Vec::new(), settings.policy.holdout > 0.0);
        let sent = |prompt| Prompt::<Sent>::of(prompt, &settings.theme, by_lot, &mut here, &mut events);
        let published = prompts.iter().map(sent).collect();
        let parts = crate::assets::parts();
        let mut bundle = Bundle {
            version: String::new(),
            policy: settings.policy.clone(),
            look: settings.theme.look(&Theme::default()),
            contents: parts.map(|parts| parts.contents.path()).unwrap_or_default(),
            page: parts.map(|parts| parts.page.path()).unwrap_or_default(),
            data_layer: settings.data_layer.sent(),
            language: settings.language.0.clone(),
            rtl: words::is_rtl(&settings.language.0),
            words: words::of(&settings.language.0),
            here,
            events,
            prompts: published,
        };
        let body = |bundle: &Bundle| serde_json::to_vec(bundle).unwrap_or_default();
        bundle.version = hex(&Sha256::digest(body(&bundle))[..6]);
        let json = encoding::Encoded::new(Bytes::from(body(&bundle)));
        let tasks = tasks(&prompts);
        Ruleset {
            settings,
            prompts,
            bundle,
            json,
            languages: Mutex::default(),
            journeys,
            questions,
            tasks,
            goals: BTreeMap::new(),
            rested: Vec::new(),
            salt: String::new(),
        }
    }

    /// The same with one more prompt, or another of the same key: what would be if it were published.
    #[must_use]
    pub fn with(&self, prompt: Prompt) -> Ruleset {
        let mut prompts: Vec<Prompt> = self.prompts.iter().filter(|one| one.key != prompt.key).cloned().collect();
        prompts.push(prompt);
        let made = Ruleset::new(self.settings.clone(), prompts, Vec::new());
        let (journeys, goals, rested) = (self.journeys.clone(), self.goals.clone(), self.rested.clone());
        Ruleset { journeys, goals, rested, salt: self.salt.clone(), ..made }
    }

    /// The same, fetched by pages under another name.
    #[must_use]
    pub fn named(self, version: String) -> Ruleset {
        self.with_bundle(|bundle| bundle.version = version)
    }

    fn with_bundle(self, change: impl FnOnce(&mut Bundle)) -> Ruleset {
        let mut bundle = self.bundle;
        change(&mut bundle);
        let json = encoding::Encoded::new(Bytes::from(serde_json::to_vec(&bundle).unwrap_or_default()));
        Ruleset { bundle, json, languages: Mutex::default(), ..self }
    }

    /// Whether anything is said in more than one language.
    pub fn is_translated(&self) -> bool {
        self.prompts.iter().any(|prompt| !prompt.translations.0.is_empty())
    }

    /// What a page fetches the prompts by that asks for these languages: the version, and behind a `~` those of them that make a
    /// difference.
    pub fn version_in(&self, wanted: &[&str]) -> String {
        let (version, spoken) = (&self.bundle.version, self.spoken(wanted));
        if spoken.is_empty() { version.clone() } else { format!("{version}~{}", spoken.join(",")) }
    }

    /// The bundle in the first of these languages that each text is there in; `None` where that is how it is written.
    pub fn in_languages(&self, wanted: &[&str]) -> Option<Arc<encoding::Encoded>> {
        let spoken = self.spoken(wanted);
        if spoken.is_empty() {
            return None;
        }
        let name = self.version_in(wanted);
        if let Some(known) = self.languages().get(&name) {
            return Some(known.clone());
        }
        let own = self.settings.language.0.as_str();
        let prompts = self.prompts.iter().map(|prompt| prompt.in_languages(&spoken, own)).collect();
        let said = Ruleset::new(self.settings.clone(), prompts, Vec::new());
        // Our own words are in the language that most is said in.
        let said = said.with_bundle(|bundle| {
            bundle.version = name.clone();
            bundle.language = spoken[0].to_owned();
            bundle.rtl = words::is_rtl(spoken[0]);
            bundle.words = words::of(spoken[0]);
        });
        let json = Arc::new(said.json);
        let mut all = self.languages();
        if all.len() < LANGUAGES {
            all.insert(name, json.clone());
        }
        Some(json)
    }

    /// Those of some languages that something is said in, up to the one that everything is written in. So few different orders are left
    /// of all that may be asked for.
    fn spoken<'w>(&self, wanted: &[&'w str]) -> Vec<&'w str> {
        let own = self.settings.language.0.as_str();
        let near = |one: &str, other: &str| primary(one).eq_ignore_ascii_case(primary(other));
        let has = |language: &str| {
            let mut all = self.prompts.iter().flat_map(|prompt| prompt.translations.0.keys());
            all.any(|one| near(one, language))
        };
        let until_own = wanted.iter().take_while(|language| has(language) || !near(own, language));
        until_own.copied().filter(|language| is_language(language) && has(language)).take(WANTED).collect()
    }

    fn languages(&self) -> MutexGuard<'_, BTreeMap<String, Arc<encoding::Encoded>>> {
        self.languages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a published prompt gives people links to pass on.
    pub fn gives_links(&self) -> bool {
        contents(&self.prompts).any(|content| matches!(content, Content::Referral(_)))
    }

    /// Whether anybody draws lots here.
    pub fn has_lots(&self) -> bool {
        self.settings.policy.holdout > 0.0 || self.prompts.iter().any(|prompt| !prompt.experiment.is_none())
    }

    /// The segment of a name.
    pub fn segment(&self, key: &Key) -> Option<&Condition> {
        self.settings.segments.iter().find(|segment| segment.key == *key).map(|segment| &segment.rule)
    }
}

/// What prompts say, in any version of them.
fn contents(prompts: &[Prompt]) -> impl Iterator<Item = &Content> {
    let variants = prompts.iter().flat_map(|prompt| &prompt.experiment.variants);
    variants.filter_map(|variant| variant.content.as_ref()).chain(prompts.iter().map(|prompt| &prompt.content))
}

/// The milestones that checklists ask for, in any version of a prompt.
fn tasks(prompts: &[Prompt]) -> Vec<Key> {
    let lists = contents(prompts).filter_map(|content| match content {
        Content::Checklist(list) => Some(&list.tasks),
        _ => None,
    });
    let mut tasks: Vec<Key> = lists.flatten().map(|task| task.milestone.clone()).collect();
    tasks.sort();
    tasks.dedup();
    tasks
}

impl Ruleset {
    /// What people call what rules ask for by keys.
    pub fn names(&self) -> Names {
        let mut names = Names::default();
        for prompt in &self.prompts {
            names.add(NameOf::Prompt, &prompt.key, &prompt.name);
        }
        for stage in self.journeys.iter().flat_map(|(_, definitions)| &definitions.latest().stages) {
            names.add(NameOf::Stage, &stage.key, &stage.name);
            for milestone in &stage.milestones {
                names.add(NameOf::Milestone, &milestone.key, &milestone.name);
            }
        }
        names
    }
}

/// The rulesets of all sites, each as new as the [`Site`] it is asked for.
#[derive(Debug, Default)]
pub struct Rulesets(RwLock<HashMap<String, (i64, Arc<Ruleset>)>>);

impl Rulesets {
    /// What a site has published.
    pub async fn of(&self, db: &Db, site: &Site) -> store::Result<Arc<Ruleset>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&site.id).cloned();
        if let Some((version, ruleset)) = known
            && version >= site.version
        {
            return Ok(ruleset);
        }
        let mut ruleset = load(&mut db.read().await?.conn(), &site.id).await?;
        if ruleset.salt.is_empty() && (ruleset.has_lots() || ruleset.gives_links()) {
            ruleset.salt = salt(db, &site.id).await?;
        }
        let ruleset = Arc::new(ruleset);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(site.id.clone(), (site.version, ruleset.clone()));
        Ok(ruleset)
    }
}

/// Reads what a site has published.
pub async fn load(conn: &mut Conn<'_>, site_id: &str) -> store::Result<Ruleset> {
    let settings = store::documents::of_kind(conn, site_id, "settings").await?;
    let mut settings: Settings = settings.first().and_then(|(key, body, _)| parse(key, body)).unwrap_or_default();
    let prompts = store::documents::of_kind(conn, site_id, "prompt").await?;
    let prompts: Vec<Prompt> = prompts.iter().filter_map(|(key, body, _)| parse(key, body)).collect();
    let latest = store::work::latest(conn, site_id).await?;
    let is_live = |key: &str| prompts.iter().any(|prompt| prompt.key.as_str() == key);
    let rested: Vec<Prompt> =
        latest.iter().filter(|(key, _)| !is_live(key)).filter_map(|(key, body)| parse(key, body)).collect();
    for group in &mut settings.policy.groups {
        let members = rested.iter().filter(|prompt| group.of.contain(prompt)).map(|prompt| prompt.key.clone());
        group.also.extend(members.collect::<Vec<_>>());
    }
    let mut journeys: Vec<(Key, Vec<Version>)> = Vec::new();
    for (name, active_from, body) in store::states::versions(conn, site_id).await? {
        let Some((key, journey)) = Key::parse(&name).zip(parse(&name, &body)) else { continue };
        let version = Version { active_from: Timestamp(active_from), journey };
        match journeys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, versions)) => versions.push(version),
            None => journeys.push((key, vec![version])),
        }
    }
    let mut ruleset = Ruleset::new(settings, prompts, journeys);
    ruleset.salt = store::lots::salt(conn, site_id).await?.unwrap_or_default();
    ruleset.goals = latest.into_iter().filter_map(|(key, body)| Some((Key::parse(&key)?, goal_of(&body)?))).collect();
    ruleset.rested = rested.into_iter().map(|prompt| prompt.key).collect();
    Ok(ruleset)
}

/// What a prompt is for, by its document.
pub fn goal_of(body: &str) -> Option<Goal> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    serde_json::from_value(body.get("experiment")?.get("goal")?.clone()).ok()
}

/// Reads a site's secret, or makes it.
pub async fn salt(db: &Db, site_id: &str) -> store::Result<String> {
    let made = secret::random(SALT).map_err(|error| store::Error::Io(error.into()))?;
    let mut tx = db.begin().await?;
    let salt = store::lots::keep_salt(&mut tx.conn(), site_id, &made).await?;
    tx.commit().await?;
    Ok(salt)
}

fn parse<T: for<'de> Deserialize<'de>>(name: &str, body: &str) -> Option<T> {
    match serde_json::from_str(body) {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(name, %error, "a published document cannot be read by this release and is left out");
            None
        }
    }
}
