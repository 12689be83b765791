//! The real `waymark` program as a process of its own, for tests that kill it.
//!
//! Not the way to test anything else: it has the machine's clock and takes longer to start than [`super::TestApp`].

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use collector::Clock;
use collector::journey::replay::Report;
use collector::store::Db;
use engine::Timestamp;

use super::database::Database;
use super::program::{Ended, Guarded, program, traced};
use super::{Backend, Client, Site, make_site, replayed};
use crate::poll::until;

/// A collector that can be killed. Killed when dropped.
#[derive(Debug)]
pub struct Process {
    /// Speaks to it; also after a restart, since the port stays.
    pub client: Client,
    /// A site that was made before the first start. Its only origin is `http://shop.test`.
    pub site: Site,
    listen: SocketAddr,
    child: Option<Child>,
    trace: Option<PathBuf>,
    database: Database,
}

impl Process {
    /// Makes a database with one site, starts `waymark serve` on it, and waits until it is ready.
    pub async fn start(backend: Backend) -> Self {
        Self::start_as(backend, false).await
    }

    /// As [`Process::start`], with what it asks of the kernel written down: see [`Process::trace`].
    ///
    /// # Panics
    /// When there is no strace, or it may not trace.
    pub async fn start_traced(backend: Backend) -> Self {
        Self::start_as(backend, true).await
    }

    async fn start_as(backend: Backend, traced: bool) -> Self {
        let database = Database::create(backend).await;
        let db = Db::open(&database.url(), 1).await.unwrap_or_else(|error| panic!("{error}"));
        let site = make_site(&db, &["http://shop.test"], Timestamp(0)).await;
        db.close().await;
        let listen = free_address();
        let client = Client::new(format!("http://{listen}"));
        let mut process =
            Self { client, site, listen, child: None, trace: traced.then(|| database.dir().join("trace")), database };
        process.restart().await;
        process
    }

    /// Starts it again on the same port with the same data, and waits until it is ready.
    pub async fn restart(&mut self) {
        self.kill();
        let mut serve = match &self.trace {
            Some(trace) => self.set_up(traced(trace)),
            None => self.program(),
        };
        serve.arg("serve").stdin(Stdio::null());
        let said = std::fs::File::create(self.database.dir().join("said")).expect("the test's folder is ours");
        serve.stdout(said.try_clone().expect("a file can be shared")).stderr(said);
        self.child = Some(serve.spawn().unwrap_or_else(|error| match &self.trace {
            Some(_) => {
                panic!("strace does not start ({error}): install the package strace, as `cargo xtask test` does")
            }
            None => panic!("{}: {error}", program().display()),
        }));
        until("the collector to be ready", async || {
            if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                panic!("the collector ended with {status}: {}", self.said());
            }
            let answer = self.client.try_send(self.client.request(reqwest::Method::GET, "/readyz")).await;
            let answer = answer.map_err(|error| format!("{error}; it said: {}", self.said()))?;
            if answer.status.is_success() { Ok(()) } else { Err(answer.text) }
        })
        .await;
    }

    /// `kill -9`, and waits until the process is gone.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself: gone is what is asked for.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// What `database.url` is.
    pub fn database_url(&self) -> String {
        self.database.url()
    }

    /// The answer of a query that gives one column of text, read beside the collector.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        self.database.texts(query).await
    }

    /// Asks it to end as an operator's `systemctl stop` does (SIGTERM), and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it runs");
        let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "no signal could be sent");
        until("the collector to end", async || match child.try_wait() {
            Ok(Some(status)) => Ok(status),
            Ok(None) => Err("it still runs".to_owned()),
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    /// `waymark import` for the site, of files or folders named from the root of the repository. Returns what it wrote.
    ///
    /// # Panics
    /// When it refuses them.
    pub fn import(&self, paths: &[&str]) -> String {
        let paths: Vec<_> = paths.iter().map(|path| crate::workspace().join(path).display().to_string()).collect();
        let mut arguments = vec!["import", "--site", &self.site.key];
        arguments.extend(paths.iter().map(String::as_str));
        self.command(&arguments)
    }

    /// Folds the whole log of the site anew, beside the collector, and compares with the stages that it keeps.
    pub async fn replay(&self) -> Report {
        let db = Db::open(&self.database.url(), 1).await.unwrap_or_else(|error| panic!("{error}"));
        let report = replayed(&db, &self.site, &Clock::System).await;
        db.close().await;
        report
    }

    /// What a traced process has asked of the kernel so far, one call a line.
    pub fn trace(&self) -> String {
        let trace = self.trace.as_ref().expect("it was started traced");
        let lines = std::fs::read(trace).expect("strace writes where it was told to");
        String::from_utf8_lossy(&lines).into_owned()
    }

    /// Runs the program with other arguments on the same database, to its end. Returns what it wrote.
    ///
    /// # Panics
    /// When it fails.
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = self.program().args(arguments).output();
        let output = output.unwrap_or_else(|error| panic!("{}: {error}", program().display()));
        let ended = Ended::from(output);
        assert!(ended.code == Some(0), "waymark {arguments:?}: {:?}\n{}{}", ended.code, ended.out, ended.err);
        ended.out
    }

    /// As [`Process::command`], for what may fail. It does not stand in the way of what this test itself serves.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = self.program();
        command.args(arguments).stdin(Stdio::null());
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program().display()));
        // What it writes fits into a pipe, so it can end unread.
        let mut child = Guarded(Some(child));
        until(&format!("waymark {arguments:?} to end"), async || match child.0.as_mut().map(Child::try_wait) {
            Some(Ok(None)) => Err("it still runs"),
            _ => Ok(()),
        })
        .await;
        let child = child.0.take().expect("it was there");
        Ended::from(child.wait_with_output().expect("its pipes are ours"))
    }

    /// The program, set up for this database and nothing else: what this run's own variables say is not meant for it.
    fn program(&self) -> Command {
        self.set_up(Command::new(program()))
    }

    fn set_up(&self, mut command: Command) -> Command {
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WAYMARK_")) {
            command.env_remove(name);
        }
        for (name, value) in [
            ("LISTEN", self.listen.to_string()),
            ("DATA_DIR", self.database.dir().display().to_string()),
            ("DATABASE_URL", self.database.url()),
            ("LOG_LEVEL", "warn".to_owned()),
            ("LIMITS_SITE_PER_SECOND", "0".to_owned()),
            ("LIMITS_ADDRESS_PER_SECOND", "0".to_owned()),
        ] {
            command.env(format!("WAYMARK_{name}"), value);
        }
        command.current_dir(self.database.dir());
        command
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.database.dir().join("said")).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port that was free a moment ago. A fixed one, since the collector has to come back to it.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("no free port on the loopback interface");
    listener.local_addr().expect("a bound socket has an address")
}
