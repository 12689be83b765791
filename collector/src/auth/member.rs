//! Somebody who works here.

use engine::{Span, Timestamp};

use super::{Password, PasswordError, Role, TOKEN_CHARACTERS, secret};
use crate::clock::Clock;
use crate::config::Config;
use crate::id;
use crate::store::members::MemberRow;
use crate::store::{self, Db};

/// The address of the first member until they have said theirs.
pub const NAMELESS: &str = "owner";

/// Whoever types somebody's address again and again fills their inbox no faster.
const BETWEEN_LETTERS: Span = Span(5 * 60_000);

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Ours.
    pub id: String,
    /// What they sign in with.
    pub email: String,
    /// What the others call them; empty where nobody has said.
    pub name: String,
    /// Owner of the installation, who may do everything on every site.
    pub is_owner: bool,
}

impl Member {
    pub(super) fn of((id, email, name, _, is_owner): MemberRow) -> Member {
        Member { id, email, name, is_owner: is_owner == 1 }
    }

    /// What to call them.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }

    /// What they are on a site; `None` where they have no business.
    pub async fn role_on(&self, db: &Db, site_id: &str) -> store::Result<Option<Role>> {
        if self.is_owner {
            return Ok(Some(Role::Owner));
        }
        let roles = store::members::roles(&mut db.read().await?.conn(), &self.id).await?;
        let role = roles.iter().find(|(site, _)| site == site_id);
        Ok(role.and_then(|(_, role)| Role::parse(role)))
    }

    /// Whose address and password these are. It takes as long where there is nobody of that address.
    pub async fn of_password(db: &Db, email: &str, password: &Password) -> Result<Option<Member>, PasswordError> {
        let row = store::members::by_email(&mut db.read().await?.conn(), &address(email)).await?;
        let is_right = password.matches(row.as_ref().and_then(|row| row.3.clone())).await?;
        Ok(row.filter(|_| is_right).map(Member::of))
    }

    /// Whose a one-time link is, if it can still be used.
    pub async fn of_link(db: &Db, token: &str, clock: &Clock) -> store::Result<Option<Member>> {
        let mut reader = db.read().await?;
        let mut conn = reader.conn();
        let Some(id) = store::members::of_link(&mut conn, &secret::hash(token), clock.now().0).await? else {
            return Ok(None);
        };
        Ok(store::members::by_id(&mut conn, &id).await?.map(Member::of))
    }

    /// Whether this installation is new.
    pub async fn nobody_has_a_password(db: &Db) -> store::Result<bool> {
        let owners = store::members::owners(&mut db.read().await?.conn()).await?;
        Ok(owners.iter().all(|owner| owner.3.is_none()))
    }

    /// Whether they have yet to say what they sign in with.
    pub fn is_nameless(&self) -> bool {
        self.email == NAMELESS
    }
}

/// An address as it is compared: without the space around it, in lower case.
pub fn address(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Whether it looks like one: who mistyped it is told, whether it exists nobody can know.
pub fn is_address(typed: &str) -> bool {
    let parts = typed.split_once('@');
    let is_written = !typed.contains(|c: char| c.is_whitespace() || c.is_control());
    is_written
        && typed.len() <= 254
        && parts.is_some_and(|(who, host)| !who.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// A one-time link for the first member, while they have no password.
pub async fn offer_setup(db: &Db, config: &Config, public_url: &str, clock: &Clock) -> store::Result<Option<String>> {
    let owner = first_owner(db, clock).await?;
    if owner.3.is_some() {
        return Ok(None);
    }
    new_link(db, public_url, clock, &owner.0, asked(config)).await.map(Some)
}

/// A one-time link for the first owner, who lost the password but can reach the machine.
pub async fn new_setup_link(db: &Db, config: &Config, public_url: &str, clock: &Clock) -> store::Result<String> {
    let owner = first_owner(db, clock).await?;
    new_link(db, public_url, clock, &owner.0, asked(config)).await
}

async fn first_owner(db: &Db, clock: &Clock) -> store::Result<MemberRow> {
    let owners = store::members::owners(&mut db.read().await?.conn()).await?;
    if let Some(owner) = owners.into_iter().next() {
        return Ok(owner);
    }
    let mut tx = db.begin().await?;
    // Of two collectors that start at once the second one finds the first one's.
    store::members::insert(&mut tx.conn(), NAMELESS, NAMELESS, "", true, clock.now().0).await?;
    let made = store::members::by_id(&mut tx.conn(), NAMELESS).await?;
    tx.commit().await?;
    Ok(made.unwrap_or_else(|| (NAMELESS.to_owned(), NAMELESS.to_owned(), String::new(), None, 1)))
}

/// Invites somebody to a site, or gives who is there already another role; an owner of the installation needs none. The link is `None` for
/// who has a password, and for who was invited to another site before, see [`is_of_one_site`].
pub async fn invite(
    db: &Db,
    config: &Config,
    public_url: &str,
    clock: &Clock,
    (site_id, email, role): (&str, &str, Role),
) -> store::Result<Option<String>> {
    let email = address(email);
    let mut tx = db.begin().await?;
    let id = id::new(clock.now()).write();
    store::members::insert(&mut tx.conn(), &id, &email, "", false, clock.now().0).await?;
    let member = store::members::by_email(&mut tx.conn(), &email).await?;
    let Some(member) = member.filter(|member| member.4 != 1) else { return Ok(None) };
    store::members::set_role(&mut tx.conn(), site_id, &member.0, role.name()).await?;
    tx.commit().await?;
    if member.3.is_some() || !is_of_one_site(db, &member.0).await? {
        return Ok(None);
    }
    new_link(db, public_url, clock, &member.0, handed_over(config)).await.map(Some)
}

/// Whether a member gets to one site and nowhere else: whoever holds a link of theirs chooses the password, and with it gets everywhere the
/// member gets.
pub async fn is_of_one_site(db: &Db, member_id: &str) -> store::Result<bool> {
    let mut reader = db.read().await?;
    let roles = store::members::roles(&mut reader.conn(), member_id).await?;
    let member = store::members::by_id(&mut reader.conn(), member_id).await?.map(Member::of);
    Ok(roles.len() == 1 && member.is_some_and(|member| !member.is_owner))
}

/// A new one-time link for a member, good for so long; those before are no longer good.
pub async fn new_link(
    db: &Db,
    public_url: &str,
    clock: &Clock,
    member_id: &str,
    good_for: Span,
) -> store::Result<String> {
    let token = secret::random(TOKEN_CHARACTERS).map_err(|e| store::Error::Io(e.into()))?;
    let expires = clock.now().after(good_for).0;
    let mut tx = db.begin().await?;
    store::members::delete_links(&mut tx.conn(), member_id).await?;
    store::members::insert_link(&mut tx.conn(), &secret::hash(&token), member_id, expires).await?;
    tx.commit().await?;
    Ok(format!("{public_url}/setup?token={token}"))
}

/// How long a link is good that somebody has asked for, and waits for.
pub fn asked(config: &Config) -> Span {
    Span(i64::try_from(config.console.setup_minutes).unwrap_or(60).saturating_mul(60_000))
}

/// How long a link is good that somebody else hands over: it may be read after a weekend.
pub fn handed_over(config: &Config) -> Span {
    Span::hours(i64::try_from(config.console.invite_hours).unwrap_or(72))
}

/// A one-time link for whoever has this address, and says so by asking for it. `None`: nobody has, or was sent one just now.
pub async fn asked_for_link(
    db: &Db,
    config: &Config,
    public_url: &str,
    clock: &Clock,
    email: &str,
) -> store::Result<Option<String>> {
    let mut reader = db.read().await?;
    let Some(member) = store::members::by_email(&mut reader.conn(), &address(email)).await? else { return Ok(None) };
    let good_until = store::members::link_of(&mut reader.conn(), &member.0).await?;
    drop(reader);
    // An invitation is good for longer than that, and is no letter that they have asked for.
    let made_at = good_until.map(|at| Timestamp(at).before(asked(config)));
    if made_at.is_some_and(|at| at <= clock.now() && clock.now().since(at) < BETWEEN_LETTERS) {
        return Ok(None);
    }
    new_link(db, public_url, clock, &member.0, asked(config)).await.map(Some)
}

/// Sets the password by a one-time link, and the address where there is none yet. `None`: the link is used up or too old.
pub async fn set_password_by_link(
    db: &Db,
    token: &str,
    email: &str,
    password: &Password,
    clock: &Clock,
) -> Result<Option<Member>, PasswordError> {
    let hash = password.hash().await?;
    let Some(member) = Member::of_link(db, token, clock).await? else { return Ok(None) };
    let mut tx = db.begin().await?;
    if !store::members::take_link(&mut tx.conn(), &secret::hash(token), clock.now().0).await? {
        return Ok(None);
    }
    if member.is_nameless() {
        store::members::set_email(&mut tx.conn(), &member.id, &address(email)).await?;
    }
    store::members::set_password_hash(&mut tx.conn(), &member.id, &hash).await?;
    // Nobody who knew the old password stays signed in.
    store::members::delete_sessions(&mut tx.conn(), &member.id).await?;
    tx.commit().await?;
    Ok(Some(member))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_address_is_noticed() {
        for (typed, expected) in [
            ("ada@example.com", true),
            ("ada@localhost", true),
            ("ada", false),
            ("@example.com", false),
            ("ada@", false),
            ("a@b@c", false),
            ("ada lovelace@example.com", false),
        ] {
            assert_eq!(is_address(typed), expected, "{typed}");
        }
        assert_eq!(address(" Ada@Example.COM "), "ada@example.com");
    }
}
