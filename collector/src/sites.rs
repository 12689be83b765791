//! The sites of this installation, kept in memory and never more than a second old.
//!
//! Every request asks "whose key is this", so the answer is a lookup and not a statement. Collectors that share a
//! database poll each site's version; a change made through this process is seen at once ([`Sites::refresh`]).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use engine::{Span, Timestamp};

use crate::auth::{Scope, ServerKey, secret};
use crate::clock::Clock;
use crate::origin::OriginPattern;
use crate::store::{self, Db};

/// One website.
#[derive(Clone, Debug)]
pub struct Site {
    /// Ours; never shown to browsers.
    pub id: String,
    /// The public write key, `wk_...`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// IANA name of its time zone.
    pub timezone: String,
    /// What its amounts are in where they do not say: a code of ISO 4217. Empty where nobody has said.
    pub currency: String,
    /// How far its clock is ahead of the world; zero everywhere but in the demo site.
    pub clock_offset: Span,
    /// Grows with every change of the site or its documents: who keeps something made from them compares it.
    pub version: i64,
    /// Whose pages may send.
    pub origins: Vec<OriginPattern>,
}

impl Site {
    /// Whether a page of this origin may send for the site.
    pub fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|pattern| pattern.matches(origin))
    }

    /// Whether the list has a page's origin by its whole name.
    pub fn names(&self, origin: &str) -> bool {
        self.origins.iter().any(|pattern| pattern.names(origin))
    }

    /// The instant it is on this site.
    pub fn now(&self, clock: &Clock) -> Timestamp {
        clock.now().after(self.clock_offset)
    }
}

#[derive(Debug, Default)]
struct Directory {
    by_key: HashMap<String, Arc<Site>>,
    by_id: HashMap<String, Arc<Site>>,
    by_secret: HashMap<String, ServerKey>,
    versions: Vec<(String, i64)>,
}

/// All sites, by public key, by secret key and by id.
#[derive(Debug, Default)]
pub struct Sites {
    now: RwLock<Arc<Directory>>,
    /// Held while they are read: who began earlier would else put in place what was read later by another.
    reading: tokio::sync::Mutex<()>,
}

impl Sites {
    /// The sites as they are stored now.
    pub async fn load(db: &Db) -> store::Result<Self> {
        let sites = Self::default();
        sites.refresh(db).await?;
        Ok(sites)
    }

    /// Reads the sites again if one has changed; true if so.
    pub async fn refresh(&self, db: &Db) -> store::Result<bool> {
        let _alone = self.reading.lock().await;
        let mut reader = db.read().await?;
        let mut conn = reader.conn();
        let versions = store::sites::versions(&mut conn).await?;
        if versions == self.now().versions {
            return Ok(false);
        }
        // Sites first: what changes after this line bumps a version that the next poll finds different.
        let rows = store::sites::all(&mut conn).await?;
        let origins = store::sites::origins(&mut conn).await?;
        let keys = store::keys::all(&mut conn).await?;

        let mut directory = Directory::default();
        for (id, key, name, timezone, currency, clock_offset_ms, version) in rows {
            let own = origins.iter().filter(|(site, _)| *site == id);
            let origins = own.filter_map(|(_, origin)| OriginPattern::parse(origin).ok()).collect();
            let clock_offset = Span(clock_offset_ms);
            let site = Arc::new(Site { id, key, name, timezone, currency, clock_offset, version, origins });
            directory.versions.push((site.id.clone(), version));
            directory.by_key.insert(site.key.clone(), site.clone());
            directory.by_id.insert(site.id.clone(), site);
        }
        for (id, hash, scope) in keys {
            if let Some((site, scope)) = directory.by_id.get(&id).cloned().zip(Scope::parse(&scope)) {
                directory.by_secret.insert(hash.clone(), ServerKey { site, scope, hash });
            }
        }
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(directory);
        Ok(true)
    }

    /// The site of a public write key.
    pub fn by_key(&self, key: &str) -> Option<Arc<Site>> {
        self.now().by_key.get(key).cloned()
    }

    /// What is known of a server's key. Looked up by its hash, so how long it takes tells nothing about the key.
    pub fn by_secret(&self, key: &str) -> Option<ServerKey> {
        self.now().by_secret.get(&secret::hash(key)).cloned()
    }

    /// The site of an id.
    pub fn by_id(&self, id: &str) -> Option<Arc<Site>> {
        self.now().by_id.get(id).cloned()
    }

    /// All sites, by name.
    pub fn all(&self) -> Vec<Arc<Site>> {
        let mut all: Vec<_> = self.now().by_id.values().cloned().collect();
        all.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        all
    }

    fn now(&self) -> Arc<Directory> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
