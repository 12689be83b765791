//! `waymark debug-link`: a link by which the site's own people see on a page why each prompt shows there or does not.

use crate::auth::debug_token;
use crate::clock::Clock;
use crate::config::Config;
use crate::origin::host_of;
use crate::prompts::ruleset;
use crate::sites::Sites;
use crate::store::{self, Db};

/// The parameter that carries the token, behind the `#`, where no server's log sees it.
const PARAM: &str = "wm_debug";

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
    let before = store::lots::salt(&mut db.read().await.map_err(failed)?.conn(), &site.id).await.map_err(failed)?;
    let salt = match before {
        Some(salt) => salt,
        None => {
            // The first of its kind: whoever runs on this database has to learn of it.
            let salt = ruleset::salt(db, &site.id).await.map_err(failed)?;
            let mut tx = db.begin().await.map_err(failed)?;
            store::sites::bump(&mut tx.conn(), &site.id).await.map_err(failed)?;
            tx.commit().await.map_err(failed)?;
            salt
        }
    };
    Ok(with_token(page, &debug_token::make(&salt, &site.id, site.now(clock))))
}

/// A page's address with a token. One that has a fragment keeps it, and takes the token into its query.
fn with_token(page: &str, token: &str) -> String {
    match page.split_once('#') {
        None => format!("{page}#{PARAM}={token}"),
        Some((page, fragment)) => {
            let joint = if page.contains('?') { '&' } else { '?' };
            format!("{page}{joint}{PARAM}={token}#{fragment}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_stands_where_the_page_finds_it() {
        for (page, link) in [
            ("https://shop.example/", "https://shop.example/#wm_debug=t"),
            ("https://shop.example/?a=1", "https://shop.example/?a=1#wm_debug=t"),
            ("https://shop.example/#/cart", "https://shop.example/?wm_debug=t#/cart"),
            ("https://shop.example/?a=1#top", "https://shop.example/?a=1&wm_debug=t#top"),
        ] {
            assert_eq!(with_token(page, "t"), link);
        }
    }
}
