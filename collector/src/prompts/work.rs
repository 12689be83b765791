//! Prompts in the hands of marketers: drafts that nobody loses, and what becomes of them.
//!
//! A draft is JSON that need not be a whole prompt yet; what is published is checked as files are ([`super::import`]). The one thing
//! to know: whoever saves says which step they saw, and where somebody else was faster nothing is written.

use std::collections::HashMap;

use engine::{Key, Problem};
use serde_json::{Value, json};

use super::files::File;
use super::import::{self, ImportError};
use crate::auth::Member;
use crate::id;
use crate::sites::Site;
use crate::state::App;
use crate::store::work::{VersionRow, WorkRow};
use crate::store::{self, audit};

/// So many steps can be undone.
pub(super) const STEPS: i64 = 100;

/// How far a prompt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Never published.
    Draft,
    /// On the site's pages.
    Live,
    /// It was there, and is not for now.
    Paused,
    /// Put away; its numbers stay.
    Archived,
}

impl Status {
    /// All of them, in the order of lists.
    pub const ALL: [Status; 4] = [Status::Live, Status::Draft, Status::Paused, Status::Archived];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Live => "live",
            Status::Paused => "paused",
            Status::Archived => "archived",
        }
    }

    fn parse(name: &str) -> Status {
        Status::ALL.into_iter().find(|status| status.name() == name).unwrap_or(Status::Draft)
    }
}

/// A prompt in work.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Its name in rules and events.
    pub key: String,
    /// How far it is.
    pub status: Status,
    /// The draft.
    pub body: Value,
    /// Which change of the draft this is.
    pub step: i64,
    /// When it was changed last, by the site's clock.
    pub edited_at: i64,
    /// Who changed it: a member's id; empty for files.
    pub edited_by: String,
    place: i64,
}

impl Work {
    fn of((key, status, body, step, place, edited_at, edited_by): WorkRow) -> Work {
        let body = serde_json::from_str(&body).unwrap_or_default();
        Work { key, status: Status::parse(&status), body, step, edited_at, edited_by, place }
    }
}

/// Why a change was not made.
#[derive(Debug)]
pub enum WorkError {
    /// There is no such prompt.
    Missing,
    /// Somebody else has changed it since: as it is now.
    Conflict(Box<Work>),
    /// Somebody else has published another version of the document since: this one.
    Outdated(String),
    /// It cannot be published like this.
    Mistakes(Vec<Problem>),
    /// The database failed.
    Store(store::Error),
}

impl From<store::Error> for WorkError {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// Who does something, where.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The collector.
    pub app: &'a App,
    /// The site.
    pub site: &'a Site,
    /// Who.
    pub member: &'a Member,
}

impl Desk<'_> {
    /// All prompts, the one that was changed last first.
    pub async fn all(&self) -> store::Result<Vec<Work>> {
        let rows = store::work::all(&mut self.app.db.read().await?.conn(), &self.site.id).await?;
        Ok(rows.into_iter().map(Work::of).collect())
    }

    /// One of them.
    pub async fn one(&self, key: &str) -> Result<Work, WorkError> {
        let row = store::work::one(&mut self.app.db.read().await?.conn(), &self.site.id, key).await?;
        row.map(Work::of).ok_or(WorkError::Missing)
    }

    /// What was published of it, the latest first.
    pub async fn versions(&self, key: &str) -> store::Result<Vec<VersionRow>> {
        store::work::versions(&mut self.app.db.read().await?.conn(), &self.site.id, key).await
    }

    /// What was published of it last, if it ever was.
    pub async fn last(&self, key: &str) -> store::Result<Option<Value>> {
        let body = store::work::last(&mut self.app.db.read().await?.conn(), &self.site.id, key).await?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    /// What was published last of each, by key.
    pub async fn latest(&self) -> store::Result<HashMap<String, Value>> {
        let rows = store::work::latest(&mut self.app.db.read().await?.conn(), &self.site.id).await?;
        Ok(rows.into_iter().filter_map(|(key, body)| Some((key, serde_json::from_str(&body).ok()?))).collect())
    }

    /// Begins a prompt. Its key is made of `wanted`, with a number where that is taken.
    pub async fn begin(&self, wanted: &str, mut body: Value) -> store::Result<String> {
        let wanted = key_of(wanted);
        let mut tx = self.app.db.begin().await?;
        let mut key = wanted.clone();
        for number in 2.. {
            body["key"] = Value::String(key.clone());
            let text = body.to_string();
            if store::work::insert(&mut tx.conn(), &self.site.id, &key, "draft", &text, (self.now(), &self.member.id))
                .await?
            {
                store::work::put_step(&mut tx.conn(), &self.site.id, &key, 1, &text, STEPS).await?;
                break;
            }
            key = format!("{wanted}_{number}");
        }
        self.note(&mut tx, "prompt.begun", &key, "").await?;
        tx.commit().await?;
        Ok(key)
    }

    /// Saves a draft; `seen` is the step that was changed.
    pub async fn save(&self, key: &str, seen: i64, mut body: Value) -> Result<Work, WorkError> {
        let work = self.one(key).await?;
        body["key"] = Value::String(work.key.clone());
        if work.body == body {
            return Ok(work);
        }
        self.change(work, seen, body, None).await
    }

    /// The draft before, or the one after it that was undone. Where there is none it stays as it is.
    pub async fn step_by(&self, key: &str, seen: i64, by: i64) -> Result<Work, WorkError> {
        let work = self.one(key).await?;
        let place = work.place + by;
        let body = store::work::step(&mut self.app.db.read().await?.conn(), &self.site.id, key, place).await?;
        match body.and_then(|body| serde_json::from_str(&body).ok()) {
            Some(body) => self.change(work, seen, body, Some(place)).await,
            None => Ok(work),
        }
    }

    /// Whether there is something to undo, and to redo.
    pub async fn can_step(&self, work: &Work) -> store::Result<(bool, bool)> {
        let (first, last) = store::work::steps(&mut self.app.db.read().await?.conn(), &self.site.id, &work.key).await?;
        Ok((work.place > first, work.place < last))
    }

    async fn change(&self, work: Work, seen: i64, body: Value, to: Option<i64>) -> Result<Work, WorkError> {
        let (key, text) = (&work.key, body.to_string());
        let place = to.unwrap_or(work.place + 1);
        let by = (self.now(), self.member.id.as_str());
        let mut tx = self.app.db.begin().await?;
        if !store::work::change(&mut tx.conn(), &self.site.id, key, (seen, place), &text, by).await? {
            drop(tx);
            return Err(WorkError::Conflict(Box::new(self.one(key).await?)));
        }
        if to.is_none() {
            store::work::put_step(&mut tx.conn(), &self.site.id, key, place, &text, STEPS).await?;
        }
        tx.commit().await?;
        self.one(key).await
    }

    /// What stands against publishing a draft: everything, each with its place.
    pub async fn mistakes(&self, body: &Value) -> store::Result<Vec<Problem>> {
        import::mistakes(&self.app.db, self.site, &file(body)).await
    }

    /// Publishes the draft of a step and answers its version.
    pub async fn publish(&self, key: &str, seen: i64) -> Result<i64, WorkError> {
        let mut tx = self.app.db.begin().await?;
        store::sites::hold(&mut tx.conn(), &self.site.id).await?;
        let work = store::work::one(&mut tx.conn(), &self.site.id, key).await?.map(Work::of);
        let work = work.ok_or(WorkError::Missing)?;
        if work.step != seen {
            return Err(WorkError::Conflict(Box::new(work)));
        }
        self.put(&mut tx, &[file(&work.body)]).await?;
        let versions = store::work::versions(&mut tx.conn(), &self.site.id, key).await?;
        let number = versions.first().map_or(1, |version| version.0);
        self.note(&mut tx, "prompt.published", key, &format!("version {number}")).await?;
        self.done(tx).await?;
        Ok(number)
    }

    /// Publishes the settings, or a journey, in the place of the version that was seen, and writes down that somebody did. With another
    /// version there by now nothing is written.
    pub async fn publish_document(
        &self,
        body: &Value,
        (kind, key, seen): (&str, &str, &str),
        (did, about): (&str, &str),
    ) -> Result<(), WorkError> {
        let mut tx = self.app.db.begin().await?;
        store::sites::hold(&mut tx.conn(), &self.site.id).await?;
        let version = store::documents::version(&mut tx.conn(), &self.site.id, kind, key).await?.unwrap_or_default();
        if version != seen {
            return Err(WorkError::Outdated(version));
        }
        self.put(&mut tx, &[file(body)]).await?;
        self.note(&mut tx, did, about, "").await?;
        self.done(tx).await
    }

    /// Adds one to a list of the settings, such as `page_groups`, to what is there by now; answers their version before and after.
    pub async fn add_to_settings(&self, list: &str, item: &Value, about: &str) -> Result<(String, String), WorkError> {
        let add = |body: &mut Value| match body.get_mut(list).and_then(Value::as_array_mut) {
            Some(all) => all.push(item.clone()),
            None => body[list] = json!([item]),
        };
        self.change_settings(about, add).await
    }

    /// Changes one thing in the settings as they are by now, and writes down that somebody did; answers their version before and after.
    pub async fn change_settings(
        &self,
        about: &str,
        change: impl FnOnce(&mut Value),
    ) -> Result<(String, String), WorkError> {
        let (site, mut tx) = (&self.site.id, self.app.db.begin().await?);
        store::sites::hold(&mut tx.conn(), site).await?;
        let stored = store::documents::of_kind(&mut tx.conn(), site, "settings").await?.into_iter().next();
        let (body, before) = stored.map_or_else(Default::default, |(_, body, version)| (body, version));
        let mut body = serde_json::from_str(&body).unwrap_or_else(|_| json!({ "page_groups": [] }));
        change(&mut body);
        self.put(&mut tx, &[file(&body)]).await?;
        self.note(&mut tx, "settings.changed", about, "").await?;
        let after = store::documents::version(&mut tx.conn(), site, "settings", "site").await?.unwrap_or_default();
        self.done(tx).await?;
        Ok((before, after))
    }

    /// Loads documents as files are, all or none, and writes down that somebody did.
    pub async fn load(&self, files: &[File], (did, about): (&str, &str)) -> Result<(), WorkError> {
        let mut tx = self.app.db.begin().await?;
        self.put(&mut tx, files).await?;
        self.note(&mut tx, did, about, "").await?;
        self.done(tx).await
    }

    async fn put(&self, tx: &mut store::Tx, files: &[File]) -> Result<(), WorkError> {
        match import::import_within(tx, self.site, (self.now(), &self.member.id), files).await {
            Ok(_) => Ok(()),
            Err(ImportError::Mistakes(mistakes)) => {
                Err(WorkError::Mistakes(mistakes.into_iter().map(|mistake| mistake.problem).collect()))
            }
            Err(ImportError::Store(error)) => Err(error.into()),
        }
    }

    /// What was written holds from now on.
    async fn done(&self, tx: store::Tx) -> Result<(), WorkError> {
        tx.commit().await?;
        self.app.sites.refresh(&self.app.db).await?;
        Ok(())
    }

    /// Takes a prompt off the site's pages, for now or for good.
    pub async fn withdraw(&self, key: &str, status: Status) -> Result<(), WorkError> {
        let work = self.one(key).await?;
        let mut tx = self.app.db.begin().await?;
        store::sites::bump(&mut tx.conn(), &self.site.id).await?;
        store::documents::delete(&mut tx.conn(), &self.site.id, "prompt", key).await?;
        store::work::set_status(&mut tx.conn(), &self.site.id, key, status.name()).await?;
        let did = if status == Status::Archived { "prompt.archived" } else { "prompt.paused" };
        self.note(&mut tx, did, &work.key, "").await?;
        self.done(tx).await
    }

    /// Brings an archived prompt back, as it was before it was live.
    pub async fn restore(&self, key: &str) -> Result<(), WorkError> {
        let status = if self.versions(key).await?.is_empty() { Status::Draft } else { Status::Paused };
        let mut tx = self.app.db.begin().await?;
        store::work::set_status(&mut tx.conn(), &self.site.id, key, status.name()).await?;
        self.note(&mut tx, "prompt.restored", key, "").await?;
        tx.commit().await?;
        Ok(())
    }

    /// The body of a version.
    pub async fn version(&self, key: &str, number: i64) -> Result<Value, WorkError> {
        let versions = self.versions(key).await?;
        let version = versions.into_iter().find(|version| version.0 == number).ok_or(WorkError::Missing)?;
        serde_json::from_str(&version.1).map_err(|_| WorkError::Missing)
    }

    /// Writes down that somebody did something.
    pub async fn note(&self, tx: &mut store::Tx, did: &str, about: &str, detail: &str) -> store::Result<()> {
        let now = self.app.clock.now();
        let row =
            (id::new(now).write(), now.0, self.member.id.clone(), did.to_owned(), about.to_owned(), detail.to_owned());
        audit::insert(&mut tx.conn(), &self.site.id, &row).await
    }

    fn now(&self) -> i64 {
        self.site.now(&self.app.clock).0
    }
}

fn file(body: &Value) -> File {
    File { path: String::new(), text: body.to_string() }
}

/// A key of what somebody calls it: small letters, digits and underscores.
fn key_of(wanted: &str) -> String {
    let mut key = String::new();
    for letter in wanted.chars() {
        match letter.to_ascii_lowercase() {
            plain @ ('a'..='z' | '0'..='9') => key.push(plain),
            _ if key.ends_with('_') || key.is_empty() => {}
            _ => key.push('_'),
        }
        if key.len() >= 40 {
            break;
        }
    }
    let key = key.trim_end_matches('_').to_owned();
    if Key::parse(&key).is_some() { key } else { format!("prompt_{key}").trim_end_matches('_').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_can_be_made_of_any_name() {
        for (wanted, key) in [
            ("Spring offer", "spring_offer"),
            ("  NPS – for owners! ", "nps_for_owners"),
            ("", "prompt"),
            ("日本", "prompt"),
            ("2 seats", "2_seats"),
        ] {
            let made = key_of(wanted);
            assert!(Key::parse(&made).is_some(), "{made}");
            if Key::parse(key).is_some() {
                assert_eq!(made, key);
            }
        }
    }
}
