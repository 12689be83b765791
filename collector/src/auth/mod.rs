//! Who may open the console: one administrator with a password, until teams exist.
//!
//! The first start prints a one-time link; whoever opens it sets the password. After that a password opens a session,
//! which is a random text in a cookie. The database holds hashes only: a stolen backup signs nobody in.

pub mod debug_token;
mod password;
pub mod secret;
mod session;

use engine::Span;

use crate::clock::Clock;
use crate::config::Config;
use crate::store::{self, Db};

pub use password::{Password, PasswordError};
pub use session::{Session, cookie_of, ended_cookie};

/// Characters of the token in a one-time link: 190 bits.
const TOKEN_CHARACTERS: usize = 32;

/// A one-time link, while nobody has set a password; the link printed before is no longer good then.
pub async fn offer_setup(db: &Db, config: &Config, public_url: &str, clock: &Clock) -> store::Result<Option<String>> {
    if store::admin::password_hash(&mut db.read().await?.conn()).await?.is_some() {
        return Ok(None);
    }
    new_setup_link(db, config, public_url, clock).await.map(Some)
}

/// A new one-time link: for a first start, and for somebody who lost the password but can reach the machine.
pub async fn new_setup_link(db: &Db, config: &Config, public_url: &str, clock: &Clock) -> store::Result<String> {
    let token = secret::random(TOKEN_CHARACTERS).map_err(|e| store::Error::Io(e.into()))?;
    let good_for = Span(i64::try_from(config.console.setup_minutes).unwrap_or(60).saturating_mul(60_000));
    let mut tx = db.begin().await?;
    store::admin::delete_setup_links(&mut tx.conn()).await?;
    store::admin::insert_setup_link(&mut tx.conn(), &secret::hash(&token), clock.now().after(good_for).0).await?;
    tx.commit().await?;
    Ok(format!("{public_url}/setup?token={token}"))
}

/// Sets the password by a one-time link. False when the link is used up or too old.
pub async fn set_password_by_link(
    db: &Db,
    token: &str,
    password: &Password,
    clock: &Clock,
) -> Result<bool, PasswordError> {
    let hash = password.hash().await?;
    let mut tx = db.begin().await?;
    if !store::admin::take_setup_link(&mut tx.conn(), &secret::hash(token), clock.now().0).await? {
        return Ok(false);
    }
    store::admin::set_password_hash(&mut tx.conn(), &hash, clock.now().0).await?;
    // Nobody who knew the old password stays signed in.
    store::admin::delete_sessions(&mut tx.conn()).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether a one-time link can still be used.
pub async fn link_is_good(db: &Db, token: &str, clock: &Clock) -> store::Result<bool> {
    store::admin::setup_link_is_good(&mut db.read().await?.conn(), &secret::hash(token), clock.now().0).await
}

/// Whether this is the administrator's password. It takes as long where none is set.
pub async fn password_is_right(db: &Db, password: &Password) -> Result<bool, PasswordError> {
    let hash = store::admin::password_hash(&mut db.read().await?.conn()).await?;
    password.matches(hash).await
}
