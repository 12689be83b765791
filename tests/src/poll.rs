//! Waiting for a condition. The only place where a test lets time pass.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long a condition may take before a test fails. Long, since a loaded machine must not fail a
/// test; it costs nothing where the condition comes true.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Short against what a test waits for, long against what asking costs.
const PAUSE: Duration = Duration::from_millis(15);

/// Asks `condition` until it answers `Ok`; its last `Err` says in the panic what was seen instead.
///
/// # Panics
/// After [`PATIENCE`], naming `what` was waited for.
pub async fn until<T, E: std::fmt::Display>(what: &str, condition: impl AsyncFnMut() -> Result<T, E>) -> T {
    until_within(PATIENCE, what, condition).await
}

/// As [`until`], with a patience of its own.
///
/// # Panics
/// After `patience`, naming `what` was waited for.
pub async fn until_within<T, E: std::fmt::Display>(
    patience: Duration,
    what: &str,
    mut condition: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let begun = Instant::now();
    loop {
        match condition().await {
            Ok(value) => return value,
            Err(seen) if begun.elapsed() > patience => {
                panic!("waited {patience:?} for {what}; last seen: {seen}")
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}
