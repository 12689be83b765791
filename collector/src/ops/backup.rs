//! `waymark backup` and `waymark restore`.
//!
//! On SQLite a backup is one file with everything in it, made while Waymark runs. PostgreSQL has better tools of its own,
//! so there we print the line to run.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::store::file::{self, FileError};

/// Copies the database to `to`; the sentence says what was written.
pub async fn backup(config: &Config, to: &Path) -> Result<String, String> {
    let url = config.database_url();
    let Some(from) = file::path_of(&url) else {
        return Err(format!(
            "PostgreSQL makes its own backups; run this line (it asks for the password where one is needed):\n  \
             pg_dump --format=custom --file={} '{}'",
            to.display(),
            without_password(&url)
        ));
    };
    if !from.exists() {
        return Err(format!("There is no database at {}: name its folder with --data-dir.", from.display()));
    }
    if to.exists() {
        return Err(format!("{} exists already: choose a name that is free, nothing is overwritten.", to.display()));
    }
    file::copy(&from, to).await.map_err(|e| sentence(&e, &from))?;
    let bytes = std::fs::metadata(to).map_or(0, |m| m.len());
    Ok(format!(
        "{} holds everything up to now ({bytes} bytes). `waymark restore {}` brings it back.",
        to.display(),
        to.display()
    ))
}

/// Puts the backup `from` in the place of the database. What was there stays beside it under another name.
pub async fn restore(config: &Config, from: &Path) -> Result<String, String> {
    let url = config.database_url();
    let Some(database) = file::path_of(&url) else {
        return Err(format!(
            "PostgreSQL restores its own backups; stop Waymark and run this line:\n  \
             pg_restore --clean --if-exists --dbname='{}' {}",
            without_password(&url),
            from.display()
        ));
    };
    file::check(from).await.map_err(|e| sentence(&e, from))?;
    if let Some(folder) = database.parent() {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}.", folder.display()))?;
    }
    let kept = file::set_aside(&database).await.map_err(|e| sentence(&e, &database))?;
    file::copy(from, &database).await.map_err(|e| sentence(&e, from))?;
    let mut text = format!("{} is the database now.", from.display());
    if let Some(kept) = kept {
        text += &format!(" What was there before is kept as {}.", kept.display());
    }
    Ok(text)
}

fn sentence(error: &FileError, path: &Path) -> String {
    let path: PathBuf = path.to_owned();
    match error {
        FileError::NotWaymark => {
            format!("{} is not a backup of Waymark: choose a file that `waymark backup` wrote.", path.display())
        }
        FileError::Damaged(what) => format!("{} is damaged ({what}): use an older backup.", path.display()),
        FileError::InUse => format!("Waymark still runs on {}: stop it first, nothing was changed.", path.display()),
        FileError::Io(why) => format!("{}: {why}. Nothing was lost; mend that and try again.", path.display()),
    }
}

/// An address that may stand in a terminal's history.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or(login);
            format!("{scheme}://{user}@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Db;

    #[test]
    fn a_password_is_not_printed() {
        for (url, shown) in [
            ("postgres://waymark:s3cret@db.example/waymark", "postgres://waymark@db.example/waymark"),
            ("postgres://waymark:p@ss@db.example/waymark", "postgres://waymark@db.example/waymark"),
            ("postgres://localhost/waymark", "postgres://localhost/waymark"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[tokio::test]
    async fn what_was_backed_up_comes_back_and_nothing_is_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::for_testing(dir.path());
        let db = Db::open(&config.database_url(), 2).await.unwrap();
        let to = dir.path().join("backup.db");
        let mut tx = db.begin().await.unwrap();
        crate::store::sites::insert(&mut tx.conn(), "s", "wk_1", "Shop", "UTC", 1).await.unwrap();
        tx.commit().await.unwrap();
        backup(&config, &to).await.expect("while it runs");
        assert!(backup(&config, &to).await.unwrap_err().contains("exists already"));

        let mut tx = db.begin().await.unwrap();
        crate::store::sites::insert(&mut tx.conn(), "later", "wk_2", "Later", "UTC", 1).await.unwrap();
        tx.commit().await.unwrap();
        assert!(restore(&config, &to).await.unwrap_err().contains("stop it first"), "not under a running collector");
        db.close().await;

        let said = restore(&config, &to).await.unwrap();
        assert!(said.contains("is kept as"), "{said}");
        let db = Db::open(&config.database_url(), 2).await.unwrap();
        let sites = crate::store::sites::all(&mut db.read().await.unwrap().conn()).await.unwrap();
        assert_eq!(sites.iter().map(|s| s.0.as_str()).collect::<Vec<_>>(), ["s"]);

        let stranger = dir.path().join("notes.txt");
        std::fs::write(&stranger, "not a database").unwrap();
        assert!(restore(&config, &stranger).await.unwrap_err().contains("not a backup"));
    }
}
