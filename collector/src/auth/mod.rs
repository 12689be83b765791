//! Who may open the console, and do what there.
//!
//! The first start prints a one-time link; whoever opens it becomes the owner and chooses a password. Everybody else is invited, by a
//! link of the same kind. A password opens a session, which is a random text in a cookie. The database holds hashes only: a stolen
//! backup signs nobody in.

pub mod debug_token;
pub mod member;
mod password;
mod role;
pub mod secret;
mod server_key;
mod session;

pub use member::Member;
pub use password::{Password, PasswordError};
pub use role::{May, Role};
pub use server_key::{KeyUses, Scope, ServerKey};
pub use session::{Session, cookie_of, ended_cookie};

/// Characters of the token in a one-time link: 190 bits.
const TOKEN_CHARACTERS: usize = 32;
