//! What SQLite can do by itself: one thread, rusqlite, the collector's own table with its indexes, groups as the collector
//! commits them. No requests, no checks, nobody who waits for an answer.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use uuid::Uuid;

/// Rows in one transaction: as many as 64 connections with 20 events each let the collector have.
const GROUP: usize = 1000;
/// Events of one visitor, as the load sends them.
const EVENTS_A_VISITOR: usize = 400;

/// Writes for so long; rows a second.
pub fn write(database: &Path, time: Duration) -> rusqlite::Result<f64> {
    let mut db = Connection::open(database)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "wal_autocheckpoint", 8000)?;
    let (began, mut rows) = (Instant::now(), 0);
    let mut subject = String::new();
    let props = format!(r#"{{"amount":129.5,"currency":"EUR","note":"{}"}}"#, "n".repeat(60));
    while began.elapsed() < time {
        let group = db.transaction()?;
        {
            let mut insert = group.prepare_cached(
                "insert into event (site_id, id, subject, at, received_at, created_at, origin, name, props, url, referrer, \
                 session, device, prompt, action, user_id, account_id, flags) \
                 values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?;
            for _ in 0..GROUP {
                if rows % EVENTS_A_VISITOR == 0 {
                    subject = format!("p:{}", Uuid::new_v4());
                }
                let id = Uuid::now_v7();
                let at = id.get_timestamp().map_or(0, |time| time.to_unix().0 * 1000);
                let none = None::<&str>;
                insert.execute(params![
                    "plain",
                    id.to_string(),
                    subject,
                    at.cast_signed(),
                    at.cast_signed(),
                    at.cast_signed(),
                    "server",
                    "Report Opened",
                    props,
                    "https://shop.example/app/reports",
                    "",
                    none,
                    none,
                    none,
                    none,
                    subject.get(2..),
                    none,
                    0
                ])?;
                rows += 1;
            }
        }
        group.commit()?;
    }
    Ok(rows as f64 / began.elapsed().as_secs_f64())
}
