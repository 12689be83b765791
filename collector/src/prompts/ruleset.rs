//! What a site has published, parsed and compiled once per change and kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use engine::facts::publish;
use engine::frequency::Policy;
use engine::journey::{Definitions, Version};
use engine::page::PageGroups;
use engine::prompt::{Bundle, Prompt};
use engine::rule::{Condition, Questions};
use engine::{Key, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::auth::secret::hex;
use crate::encoding;
use crate::sites::Site;
use crate::store::{self, Db};

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
    /// Named conditions.
    pub segments: Vec<Segment>,
    /// How the source of a visit is read.
    pub sources: engine::source::Settings,
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
    /// Journeys with all their versions.
    pub journeys: Vec<(Key, Definitions)>,
    /// What prompts and segments ask of a person's log.
    pub questions: Questions,
}

impl Ruleset {
    /// Compiles what a site has. What cannot be read any more (written by another release) is left out and logged.
    pub fn new(settings: Settings, prompts: Vec<Prompt>, journeys: Vec<(Key, Vec<Version>)>) -> Ruleset {
        let groups = settings.page_groups.clone();
        let sources = crate::source::sources(settings.sources.clone());
        let define = |(key, versions)| Some((key, Definitions::new(versions, groups.clone(), sources.clone())?));
        let journeys = journeys.into_iter().filter_map(define).collect();
        let rules = prompts.iter().map(|prompt| &prompt.rule).chain(settings.segments.iter().map(|s| &s.rule));
        let questions = Questions::new(rules, settings.page_groups.clone(), sources.clone());
        let published = prompts.iter().map(|prompt| Prompt { rule: publish(&prompt.rule), ..prompt.clone() }).collect();
        let mut bundle = Bundle {
            version: String::new(),
            policy: settings.policy.clone(),
            page_groups: settings.page_groups.clone(),
            prompts: published,
        };
        let body = |bundle: &Bundle| serde_json::to_vec(bundle).unwrap_or_default();
        bundle.version = hex(&Sha256::digest(body(&bundle))[..6]);
        let json = encoding::Encoded::new(Bytes::from(body(&bundle)));
        Ruleset { settings, prompts, bundle, json, journeys, questions }
    }

    /// The segment of a name.
    pub fn segment(&self, key: &Key) -> Option<&Condition> {
        self.settings.segments.iter().find(|segment| segment.key == *key).map(|segment| &segment.rule)
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
        let ruleset = Arc::new(load(db, &site.id).await?);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(site.id.clone(), (site.version, ruleset.clone()));
        Ok(ruleset)
    }
}

/// Reads what a site has published.
pub async fn load(db: &Db, site_id: &str) -> store::Result<Ruleset> {
    let mut reader = db.read().await?;
    let mut conn = reader.conn();
    let settings = store::documents::of_kind(&mut conn, site_id, "settings").await?;
    let settings = settings.first().and_then(|(key, body, _)| parse(key, body)).unwrap_or_default();
    let prompts = store::documents::of_kind(&mut conn, site_id, "prompt").await?;
    let prompts = prompts.iter().filter_map(|(key, body, _)| parse(key, body)).collect();
    let mut journeys: Vec<(Key, Vec<Version>)> = Vec::new();
    for (name, active_from, body) in store::states::versions(&mut conn, site_id).await? {
        let Some((key, journey)) = Key::parse(&name).zip(parse(&name, &body)) else { continue };
        let version = Version { active_from: Timestamp(active_from), journey };
        match journeys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, versions)) => versions.push(version),
            None => journeys.push((key, vec![version])),
        }
    }
    Ok(Ruleset::new(settings, prompts, journeys))
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
