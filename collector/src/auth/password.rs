//! Passwords: argon2id, off the threads that answer requests.

use std::fmt;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::error::ApiError;
use crate::store;

/// Longer ones only serve to keep the processor busy.
const CHARACTERS_MAX: usize = 256;

/// A password as somebody typed it. It has no readable `Debug`.
#[derive(Clone)]
pub struct Password(String);

/// What goes wrong around passwords.
#[derive(Debug)]
pub enum PasswordError {
    /// The database.
    Store(store::Error),
    /// Hashing itself.
    Hashing(String),
}

impl Password {
    /// A new password; `Err` is a sentence for the one who chose it.
    pub fn choose(text: &str, again: &str, characters_min: usize) -> Result<Self, String> {
        let characters = text.chars().count();
        if characters < characters_min {
            return Err(format!("Use at least {characters_min} characters: three or four words are easy to remember."));
        }
        if characters > CHARACTERS_MAX {
            return Err(format!("Use at most {CHARACTERS_MAX} characters."));
        }
        if text != again {
            return Err("The two passwords are not the same. Type them again.".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// A password to compare; `None` for one that is too long to be anybody's.
    pub fn given(text: &str) -> Option<Self> {
        (text.chars().count() <= CHARACTERS_MAX).then(|| Self(text.to_owned()))
    }

    /// The text to keep: algorithm, cost, salt and hash.
    pub(super) async fn hash(&self) -> Result<String, PasswordError> {
        let password = self.0.clone();
        aside(move || {
            let hash = Argon2::default()
                .hash_password(password.as_bytes())
                .map_err(|e| PasswordError::Hashing(e.to_string()))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether it is the one that was kept. Where none was, a hash is made all the same, so that time tells nothing.
    pub(super) async fn matches(&self, kept: Option<String>) -> Result<bool, PasswordError> {
        let Some(kept) = kept else {
            return self.hash().await.map(|_| false);
        };
        let password = self.0.clone();
        aside(move || {
            let hash = PasswordHash::new(&kept).map_err(|e| PasswordError::Hashing(e.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

impl From<store::Error> for PasswordError {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Store(error) => error.into(),
            PasswordError::Hashing(why) => Self::Internal(why),
        }
    }
}

/// Runs what takes tens of milliseconds where it holds nobody up.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
) -> Result<T, PasswordError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| PasswordError::Hashing(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash() {
        let password = Password::choose("correct horse battery", "correct horse battery", 12).unwrap();
        let kept = password.hash().await.unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(password.matches(Some(kept.clone())).await.unwrap());
        assert!(!Password::given("correct horse batterx").unwrap().matches(Some(kept)).await.unwrap());
        assert!(!password.matches(None).await.unwrap());
        assert_eq!(format!("{password:?}"), "Password(..)");
    }

    #[test]
    fn a_bad_choice_is_explained() {
        for (text, again, hint) in [
            ("short", "short", "at least 12"),
            ("a password of mine", "another", "not the same"),
            (&*"x".repeat(257), &*"x".repeat(257), "at most"),
        ] {
            assert!(Password::choose(text, again, 12).unwrap_err().contains(hint), "{text}");
        }
    }
}
