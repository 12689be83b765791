//! A throw-away PostgreSQL server: a fresh cluster in a scratch folder, on a free port of this machine, gone with its guard.
//!
//! PostgreSQL refuses to run as root, so root lends it another user. Durability stays switched on, as in production.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::interrupt::{self, Cleanup};
use crate::{machine, process};

/// The variable the tests read the server's address from.
pub const VARIABLE: &str = "WAYMARK_TEST_POSTGRES";

/// A running server; dropping it stops the server and removes its data.
pub struct Postgres {
    /// `postgres://…` of the database `postgres`, for a user who may create others.
    pub url: String,
    cleanup: Cleanup,
    _on_interrupt: interrupt::Registered,
}

impl Postgres {
    /// Makes a cluster and starts it; returns when it answers.
    pub fn start() -> Result<Self> {
        let initdb = machine::find("initdb").context("PostgreSQL is missing: install the package postgresql")?;
        // Beside initdb stand the programs of the same version.
        let pg_ctl = fs::canonicalize(&initdb)?.with_file_name("pg_ctl");
        let user = unprivileged_user()?;
        let folder = scratch_folder(user)?;
        // From here on the guard removes the folder, also when starting fails half-way.
        let cleanup = Cleanup::StopPostgres { pg_ctl: pg_ctl.clone(), folder: folder.clone(), user };
        let mut server = Self { url: String::new(), _on_interrupt: interrupt::on_interrupt(cleanup.clone()), cleanup };

        let data = folder.join("data");
        let mut init = Command::new(initdb);
        init.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--pgdata"]).arg(&data);
        process::read(as_user(&mut init, user, &folder)).context("cannot make a PostgreSQL cluster for the tests")?;

        let port = free_port()?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' \
             -c shared_buffers=64MB -c max_connections=200"
        );
        let mut start = Command::new(pg_ctl);
        start.args(["start", "--wait", "--silent", "--options", &options, "--log"]).arg(folder.join("log"));
        start.arg("--pgdata").arg(&data);
        // The server keeps the streams it is given: a pipe would never end.
        start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = as_user(&mut start, user, &folder).status().context("cannot start pg_ctl")?;
        if !started.success() {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            bail!("PostgreSQL for the tests did not start: {}", log.trim());
        }
        server.url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(server)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.cleanup.clone().perform();
    }
}

/// Has `command` run as that user (or as ourselves), in a folder that user may enter.
pub fn as_user<'command>(command: &'command mut Command, user: Option<u32>, folder: &Path) -> &'command mut Command {
    command.current_dir(folder);
    #[cfg(unix)]
    if let Some(id) = user {
        use std::os::unix::process::CommandExt;
        command.uid(id).gid(id);
    }
    #[cfg(not(unix))]
    let _ = user;
    command
}

/// Whose server it shall be: nobody else's unless we are root; then that of the user `postgres`, or of `nobody`.
fn unprivileged_user() -> Result<Option<u32>> {
    if !machine::is_root() {
        return Ok(None);
    }
    let id = ["postgres", "nobody"].iter().find_map(|name| process::read(Command::new("id").args(["-u", name])).ok());
    let id =
        id.context("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody` to lend it")?;
    Ok(Some(id.parse()?))
}

fn scratch_folder(user: Option<u32>) -> Result<PathBuf> {
    let folder =
        tempfile::Builder::new().prefix("waymark-postgres-").tempdir().context("cannot make a scratch folder")?.keep();
    #[cfg(unix)]
    std::os::unix::fs::chown(&folder, user, user).context("cannot give the scratch folder away")?;
    #[cfg(not(unix))]
    let _ = user;
    Ok(folder)
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
