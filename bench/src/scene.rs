//! The sites that the load is sent to, and the log that is there before it comes.

use std::path::{Path, PathBuf};

use collector::auth::secret;
use collector::sites::Sites;
use collector::store::{self, Conn, Db};
use collector::{Clock, ops};

/// A site of the benchmark: what it has published decides what an event sets in motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// Has published nothing: an event is stored, and that is all.
    Plain,
    /// Has published the example journey.
    Journey,
    /// Has published the example journey and the example prompts.
    Story,
}

impl Site {
    const ALL: [Site; 3] = [Site::Plain, Site::Journey, Site::Story];

    /// Its id.
    pub fn id(self) -> &'static str {
        match self {
            Site::Plain => "plain",
            Site::Journey => "journey",
            Site::Story => "story",
        }
    }

    /// Its public key.
    pub fn key(self) -> String {
        format!("wk_bench_{}", self.id())
    }

    /// Its secret key.
    pub fn secret(self) -> String {
        format!("sk_bench_{}", self.id())
    }

    /// What it has published, below the examples' folder.
    fn files(self) -> &'static [&'static str] {
        match self {
            Site::Plain => &[],
            Site::Journey => &["site.json", "journeys"],
            Site::Story => &["site.json", "journeys", "prompts"],
        }
    }
}

/// Makes the sites, and a log of `rows` events that came before.
pub async fn prepare(db: &Db, examples: &Path, rows: u64) -> Result<(), String> {
    let failed = |error: store::Error| error.to_string();
    for site in Site::ALL {
        let mut tx = db.begin().await.map_err(failed)?;
        store::sites::insert(&mut tx.conn(), site.id(), &site.key(), site.id(), "UTC", 0).await.map_err(failed)?;
        store::keys::insert(&mut tx.conn(), site.id(), &secret::hash(&site.secret()), ("", "all", ""), 0)
            .await
            .map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        let files: Vec<PathBuf> = site.files().iter().map(|name| examples.join(name)).collect();
        if !files.is_empty() {
            let sites = Sites::load(db).await.map_err(failed)?;
            let made = sites.by_id(site.id()).ok_or("the site was not made")?;
            ops::publish(db, &Clock::System, &made, &files).await?;
        }
    }
    fill(db, rows).await.map_err(failed)
}

/// Visitors with 20 events each, as old as the ids say; in slices, as an import would.
async fn fill(db: &Db, rows: u64) -> store::Result<()> {
    const SLICE: u64 = 50_000;
    // 1.7e12 ms is the end of 2023: before everything that the load will send.
    const SQL: &str = "with recursive n(n) as (select $1 union all select n + 1 from n where n + 1 < $1 + $2)
        insert into event (site_id, id, subject, at, received_at, created_at, origin, name, props, url, referrer, session,
            device, prompt, action, user_id, account_id, flags)
        select case n % 60 / 20 when 0 then 'plain' when 1 then 'journey' else 'story' end,
            printf('%08x-%04x-7000-8000-%012x', (1700000000000 + n) >> 16, (1700000000000 + n) & 65535, n),
            printf('v:%08x-0000-4000-8000-%012x', (n / 20 * 2654435761) & 4294967295, n / 20),
            1700000000000 + n, 1700000000000 + n, 1700000000000 + n, 'web', 'Report Opened',
            '{\"amount\":129.5,\"currency\":\"EUR\",\"note\":\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\"}',
            'https://shop.example/app/reports', '', printf('%08x-0000-4000-8000-%012x', n / 20, n / 20),
            printf('%08x-0000-4000-8000-%012x', n / 40, n / 40), null, null, null, null, 0 from n";
    let mut done = 0;
    while done < rows {
        let slice = SLICE.min(rows - done);
        let mut tx = db.begin().await?;
        if let Conn::Sqlite(c) = tx.conn() {
            let (from, count) = (i64::try_from(done).unwrap_or_default(), i64::try_from(slice).unwrap_or_default());
            sqlx::query(SQL).bind(from).bind(count).execute(c).await?;
        }
        tx.commit().await?;
        done += slice;
    }
    Ok(())
}
