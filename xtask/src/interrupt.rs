//! What must not outlive us when somebody presses Ctrl-C or ends us: the running step and the throw-away database.
//!
//! Nothing is installed until the first thing is registered; until then the usual signal behaviour holds.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// What is to be done before the process goes.
#[derive(Clone)]
pub enum Cleanup {
    /// End the process group with this id.
    EndGroup(u32),
    /// Stop the PostgreSQL server of this guard and remove its folder.
    StopPostgres { pg_ctl: PathBuf, folder: PathBuf, user: Option<u32> },
}

/// Keeps a clean-up registered; dropping it takes the clean-up back without running it.
#[must_use = "the clean-up is taken back at once"]
pub struct Registered(u64);

static PENDING: Mutex<(u64, Vec<(u64, Cleanup)>)> = Mutex::new((0, Vec::new()));

/// Has `cleanup` done if an interrupt comes while the returned value lives. The last registered goes first.
pub fn on_interrupt(cleanup: Cleanup) -> Registered {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // A handler can only be refused where another one is: then that one decides, and the guards' Drop still works.
        let _ = ctrlc::set_handler(|| {
            for (_, cleanup) in pending().1.drain(..).rev() {
                cleanup.perform();
            }
            std::process::exit(130);
        });
    });
    let mut pending = pending();
    pending.0 += 1;
    let id = pending.0;
    pending.1.push((id, cleanup));
    Registered(id)
}

impl Drop for Registered {
    fn drop(&mut self) {
        pending().1.retain(|(id, _)| *id != self.0);
    }
}

impl Cleanup {
    /// Does it now. A clean-up that fails has nobody left to tell.
    pub fn perform(self) {
        match self {
            Cleanup::EndGroup(id) => {
                let _ = quiet(Command::new("kill").args(["-TERM", "--", &format!("-{id}")])).status();
            }
            Cleanup::StopPostgres { pg_ctl, folder, user } => {
                let mut stop = Command::new(pg_ctl);
                stop.args(["stop", "--mode=immediate", "--wait", "--pgdata"]).arg(folder.join("data"));
                crate::postgres::as_user(&mut stop, user, &folder);
                let _ = quiet(&mut stop).status();
                let _ = std::fs::remove_dir_all(folder);
            }
        }
    }
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn pending() -> MutexGuard<'static, (u64, Vec<(u64, Cleanup)>)> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}
