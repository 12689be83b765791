//! Making the demo site, once, and bringing its prompts and journeys up to date at each start.

use std::path::PathBuf;

use super::{KEY, SITE};
use crate::auth::secret;
use crate::clock::Clock;
use crate::config::Config;
use crate::ops;
use crate::sites::Sites;
use crate::store::{self, Db};

/// Makes the demo site where it is missing and imports the examples. Answers its secret key when it was made just now; the
/// key cannot be read again later.
pub async fn prepare(db: &Db, config: &Config, public_url: &str, clock: &Clock) -> Result<Option<String>, String> {
    let made =
        make(db, public_url, clock).await.map_err(|e| format!("The demo site was not made: the database said {e}."))?;
    let folders: Vec<PathBuf> = ["prompts", "journeys", "site.json"]
        .iter()
        .map(|name| config.demo.join(name))
        .filter(|path| path.exists())
        .collect();
    if !folders.is_empty() {
        let sites =
            Sites::load(db).await.map_err(|e| format!("The demo site cannot be read: the database said {e}."))?;
        let site = sites.by_id(SITE).ok_or("The demo site was removed while it was made: start again.")?;
        // Not inside the macro: where nobody listens to the log, its arguments are never evaluated.
        let said = ops::publish(db, clock, &site, &folders).await?;
        tracing::info!("{said}");
    }
    Ok(made)
}

async fn make(db: &Db, public_url: &str, clock: &Clock) -> store::Result<Option<String>> {
    let now = clock.now().0;
    let mut tx = db.begin().await?;
    let is_new = store::sites::insert(&mut tx.conn(), SITE, KEY, "Demo shop", "UTC", now).await?;
    for origin in own_origins(public_url) {
        store::sites::insert_origin(&mut tx.conn(), SITE, &origin).await?;
    }
    let mut key = None;
    if is_new {
        let made = secret::random(32).map_err(|e| store::Error::Io(e.into()))?;
        let made = format!("sk_{made}");
        store::sites::insert_secret(&mut tx.conn(), SITE, &secret::hash(&made), now).await?;
        key = Some(made);
    }
    store::sites::bump(&mut tx.conn(), SITE).await?;
    tx.commit().await?;
    Ok(key)
}

/// Our own address, by both names where it is this machine's: people type localhost as readily as they click 127.0.0.1.
fn own_origins(public_url: &str) -> Vec<String> {
    let mut origins = vec![public_url.to_owned()];
    for (one, other) in [("//127.0.0.1", "//localhost"), ("//localhost", "//127.0.0.1")] {
        if public_url.contains(one) {
            origins.push(public_url.replace(one, other));
        }
    }
    origins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_demo_site_is_made_once_and_its_secret_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::for_testing(dir.path());
        config.demo = dir.path().join("examples");
        let db = Db::open(&config.database_url(), 1).await.unwrap();
        let first = prepare(&db, &config, "http://127.0.0.1:8080", &Clock::System).await.unwrap();
        assert!(first.is_some_and(|key| key.len() == 35 && key.starts_with("sk_")));
        let second = prepare(&db, &config, "http://127.0.0.1:9090", &Clock::System).await.unwrap();
        assert_eq!(second, None);
        let sites = Sites::load(&db).await.unwrap();
        let demo = sites.by_key(KEY).unwrap();
        for origin in ["http://127.0.0.1:8080", "http://localhost:8080", "http://127.0.0.1:9090"] {
            assert!(demo.allows(origin), "{origin}");
        }
    }
}
