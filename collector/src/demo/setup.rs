//! Making the demo site, once, and bringing its prompts and journeys up to date at each start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::Span;

use super::{KEY, SITE, gallery};
use crate::assets;
use crate::auth::secret;
use crate::clock::Clock;
use crate::config::Config;
use crate::ops;
use crate::prompts::files::{self, File};
use crate::sites::{Site, Sites};
use crate::store::{self, Db};

/// So long before the demo is made were its prompts published: longer than anybody in it has been there.
const PAST: Span = Span::days(120);

/// Makes the demo site where it is missing and imports the examples. Answers its secret key when it was made just now; the
/// key cannot be read again later.
pub async fn prepare(db: &Db, config: &Config, public_url: &str, clock: &Clock) -> Result<Option<String>, String> {
    let (site, made) = site(db, SITE, KEY, "Demo shop", public_url, clock).await?;
    let documents = documents(&config.demo, &["prompts", "journeys", "site.json"])?;
    if !documents.is_empty() {
        // Not inside the macro: where nobody listens to the log, its arguments are never evaluated.
        // The demo's customers have months behind them, so its prompts do, too.
        let then = if made.is_some() { Clock::set_to(clock.now().before(PAST)) } else { clock.clone() };
        let said = ops::publish_files(db, &then, &site, &documents).await?;
        tracing::info!("{said}");
    }
    gallery::prepare(db, config, public_url, clock).await?;
    Ok(made)
}

/// Documents of the examples by their names, files or folders: those of the folder that the operator named, else those in the binary.
pub fn documents(folder: &Path, names: &[&str]) -> Result<Vec<File>, String> {
    if !folder.as_os_str().is_empty() {
        let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).filter(|path| path.exists()).collect();
        return files::read(&paths);
    }
    let is_meant = |file: &str| {
        names.iter().any(|name| file.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let meant = assets::examples().iter().filter(|file| file.name.ends_with(".json") && is_meant(file.name));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(meant.map(|file| File { path: file.name.to_owned(), text: text(file.plain) }).collect())
}

/// Makes a site of the demo where it is missing. Answers it, and its secret key when it was made just now.
pub async fn site(
    db: &Db,
    id: &str,
    key: &str,
    name: &str,
    public_url: &str,
    clock: &Clock,
) -> Result<(Arc<Site>, Option<String>), String> {
    let made = make(db, id, key, name, public_url, clock).await;
    let made = made.map_err(|e| format!("The demo site was not made: the database said {e}."))?;
    let sites = Sites::load(db).await.map_err(|e| format!("The demo site cannot be read: the database said {e}."))?;
    let site = sites.by_id(id).ok_or("The demo site was removed while it was made: start again.")?;
    Ok((site, made))
}

async fn make(
    db: &Db,
    id: &str,
    key: &str,
    name: &str,
    public_url: &str,
    clock: &Clock,
) -> store::Result<Option<String>> {
    let now = clock.now().0;
    let mut tx = db.begin().await?;
    let is_new = store::sites::insert(&mut tx.conn(), id, key, name, "UTC", now).await?;
    if is_new {
        store::sites::describe(&mut tx.conn(), id, name, "UTC", "EUR").await?;
    }
    for origin in own_origins(public_url) {
        store::sites::insert_origin(&mut tx.conn(), id, &origin).await?;
    }
    let mut secret_key = None;
    if is_new {
        let made = secret::random(32).map_err(|e| store::Error::Io(e.into()))?;
        let made = format!("sk_{made}");
        store::keys::insert(&mut tx.conn(), id, &secret::hash(&made), ("The demo's own", "all", ""), now).await?;
        secret_key = Some(made);
    }
    store::sites::bump(&mut tx.conn(), id).await?;
    tx.commit().await?;
    Ok(secret_key)
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
