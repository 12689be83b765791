//! Sessions: a random text in a cookie, its hash in the database.

use axum::http::{HeaderMap, HeaderValue, header};
use engine::Span;

use super::{Member, secret};
use crate::state::App;
use crate::store;

/// A browser that may open the console.
#[derive(Debug)]
pub struct Session {
    token: String,
    /// Whose it is.
    pub member: Member,
}

impl Session {
    /// Opens one, after the password was right.
    pub async fn open(app: &App, member: Member) -> store::Result<Self> {
        let token = secret::random(super::TOKEN_CHARACTERS).map_err(|e| store::Error::Io(e.into()))?;
        let (now, expires) = (app.clock.now(), app.clock.now().after(lifetime(app)));
        let mut tx = app.db.begin().await?;
        store::members::insert_session(&mut tx.conn(), &secret::hash(&token), &member.id, now.0, expires.0).await?;
        tx.commit().await?;
        Ok(Self { token, member })
    }

    /// The session of a request, if it carries a good one.
    pub async fn of(app: &App, headers: &HeaderMap) -> store::Result<Option<Self>> {
        let Some(token) = cookie(headers, cookie_name(app)) else { return Ok(None) };
        let mut reader = app.db.read().await?;
        let found = store::members::of_session(&mut reader.conn(), &secret::hash(token), app.clock.now().0).await?;
        Ok(found.map(|row| Self { token: token.to_owned(), member: Member::of(row) }))
    }

    /// Ends it.
    pub async fn end(self, app: &App) -> store::Result<()> {
        let mut tx = app.db.begin().await?;
        store::members::delete_session(&mut tx.conn(), &secret::hash(&self.token)).await?;
        tx.commit().await
    }
}

/// The `Set-Cookie` line of a session.
pub fn cookie_of(app: &App, session: &Session) -> HeaderValue {
    set_cookie(app, &session.token, lifetime(app).0 / 1_000)
}

/// The `Set-Cookie` line that takes the cookie away.
pub fn ended_cookie(app: &App) -> HeaderValue {
    set_cookie(app, "", 0)
}

fn set_cookie(app: &App, token: &str, seconds: i64) -> HeaderValue {
    let secure = if is_https(app) { "; Secure" } else { "" };
    let line = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", cookie_name(app));
    // Letters, digits and punctuation only; a header value cannot refuse them.
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static("waymark_session=; Max-Age=0"))
}

/// `__Host-` makes browsers refuse a cookie of this name that a neighbouring host has set.
fn cookie_name(app: &App) -> &'static str {
    if is_https(app) { "__Host-waymark_session" } else { "waymark_session" }
}

fn is_https(app: &App) -> bool {
    app.public_url.starts_with("https://")
}

fn lifetime(app: &App) -> Span {
    Span::hours(i64::try_from(app.config.console.session_hours).unwrap_or(12))
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE);
    let mut pairs = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=')).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        for (line, expected) in [
            ("waymark_session=abc", Some("abc")),
            ("a=b; waymark_session=abc; c=d", Some("abc")),
            ("waymark_session_old=x", None),
            ("x_waymark_session=x", None),
            ("waymark_session=", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(line));
            assert_eq!(cookie(&headers, "waymark_session"), expected, "{line}");
        }
    }
}
