//! `waymark debug-link`: a link by which the site's own people see on a page why each prompt shows there or does not.

use crate::clock::Clock;
use crate::config::Config;
use crate::origin::host_of;
use crate::prompts::trial;
use crate::sites::Sites;
use crate::store::{self, Db};

/// Makes a link to a page of a site, good for an hour.
pub async fn debug_link(config: &Config, clock: &Clock, key: &str, page: &str) -> Result<String, String> {
    if host_of(page).is_none() {
        return Err(format!("\"{page}\" is no address of a page: write https://www.example.com/pricing."));
    }
    let db = Db::open(&config.database_url(), 1).await.map_err(|e| e.to_string())?;
    let link = link_to(&db, clock, key, page).await;
    db.close().await;
    link
}

async fn link_to(db: &Db, clock: &Clock, key: &str, page: &str) -> Result<String, String> {
    let failed = |e: store::Error| format!("No link was made: the database said {e}.");
    let sites = Sites::load(db).await.map_err(failed)?;
    let site = sites.by_key(key).ok_or_else(|| format!("No site has the key {key}: compare it with the console."))?;
    trial::link(db, clock, &site, page, None).await.map_err(failed)
}
