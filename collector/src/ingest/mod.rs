//! The way in: `POST /v1/visit` and `POST /v1/events`. [`body`] reads what was sent, [`accept`] turns it into rows and
//! verdicts on each event, [`writer`] makes the rows durable, and only then the answer goes out.

pub mod accept;
pub mod agreed;
pub mod body;
mod cookie;
mod handler;
mod names;
mod quota;
mod refused;
pub mod sender;
mod unknown;
pub mod writer;

pub use handler::routes;
pub use writer::Writer;
