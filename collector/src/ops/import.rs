//! `waymark import`: files of prompts, journeys and settings, checked together and published all or none.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::prompts::files::{self, File};
use crate::prompts::import::{self, ImportError, Imported, Mistake};
use crate::sites::{Site, Sites};
use crate::store::Db;

/// Imports files and folders for a site, named by its public key, or the only one there is. A collector that runs on the
/// same database publishes them within a second.
pub async fn import(config: &Config, paths: &[PathBuf], key: Option<&str>) -> Result<String, String> {
    let db = Db::open(&config.database_url(), 1).await.map_err(|e| e.to_string())?;
    let said = import_into(&db, paths, key).await;
    db.close().await;
    said
}

async fn import_into(db: &Db, paths: &[PathBuf], key: Option<&str>) -> Result<String, String> {
    let sites = Sites::load(db).await.map_err(|e| format!("The sites cannot be read: the database said {e}."))?;
    let site = choose(&sites, key)?;
    publish(db, &Clock::System, &site, paths).await
}

/// Checks files and publishes them for a site. `Err` holds every mistake, one a line.
pub async fn publish(db: &Db, clock: &Clock, site: &Site, paths: &[PathBuf]) -> Result<String, String> {
    let files = files::read(paths)?;
    if files.is_empty() {
        return Err("No .json file was found there; nothing was imported.".to_owned());
    }
    publish_files(db, clock, site, &files).await
}

/// Publishes what files say that were read already.
pub async fn publish_files(db: &Db, clock: &Clock, site: &Site, files: &[File]) -> Result<String, String> {
    match import::import(db, site, site.now(clock).0, files).await {
        Ok(done) => Ok(sentence(&done, site)),
        Err(ImportError::Mistakes(mistakes)) => Err(list(&mistakes)),
        Err(ImportError::Store(error)) => Err(format!("Nothing was imported: the database said {error}.")),
    }
}

fn sentence(done: &Imported, site: &Site) -> String {
    if done.changed.is_empty() {
        return format!("All {} were published already; nothing changed.", done.unchanged);
    }
    format!("Published for {}: {} ({} unchanged).", site.name, done.changed.join(", "), done.unchanged)
}

/// Every mistake with its place, and what that means.
fn list(mistakes: &[Mistake]) -> String {
    let mut text = String::new();
    for Mistake { file, problem } in mistakes {
        let place = if problem.at.is_empty() { String::new() } else { format!("{}: ", problem.at) };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{file}: {place}{}", problem.message);
    }
    let count = if mistakes.len() == 1 { "One mistake".to_owned() } else { format!("{} mistakes", mistakes.len()) };
    let _ = write!(text, "{count}; nothing was imported.");
    text
}

fn choose(sites: &Sites, key: Option<&str>) -> Result<Arc<Site>, String> {
    if let Some(key) = key {
        return sites.by_key(key).ok_or_else(|| format!("No site has the key {key}: compare it with the console."));
    }
    match sites.all().as_slice() {
        [] => Err("There is no site to import for: make one in the console first.".to_owned()),
        [one] => Ok(one.clone()),
        many => {
            let keys: Vec<&str> = many.iter().map(|site| site.key.as_str()).collect();
            Err(format!("There are several sites: choose one with --site ({}).", keys.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Problem;

    #[test]
    fn all_mistakes_are_listed_with_their_places() {
        let mistake = |file: &str, at: &str| Mistake {
            file: file.to_owned(),
            problem: Problem::new(at, "unknown_stage", "There is no stage \"trail\"."),
        };
        let text = list(&[mistake("a.json", "rule.stage"), mistake("b.json", "")]);
        assert!(text.starts_with("a.json: rule.stage: There is no stage"), "{text}");
        assert!(text.contains("\nb.json: There is no stage") && text.ends_with("2 mistakes; nothing was imported."));
    }

    #[tokio::test]
    async fn the_site_is_found_or_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::for_testing(dir.path());
        let paths = [dir.path().to_owned()];
        assert!(import(&config, &paths, None).await.unwrap_err().contains("make one in the console"));
        let db = Db::open(&config.database_url(), 1).await.unwrap();
        for (id, key) in [("one", "wk_1"), ("two", "wk_2")] {
            let mut tx = db.begin().await.unwrap();
            crate::store::sites::insert(&mut tx.conn(), id, key, id, "UTC", 1).await.unwrap();
            tx.commit().await.unwrap();
            let said = import_into(&db, &paths, None).await.unwrap_err();
            let hint = if id == "one" { "No .json file" } else { "wk_1, wk_2" };
            assert!(said.contains(hint), "{said}");
        }
        assert!(import_into(&db, &paths, Some("wk_3")).await.unwrap_err().contains("wk_3"));
        db.close().await;
    }
}
