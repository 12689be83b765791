//! The process that is measured. Each kind of server does a little more than the one before, so that what each step costs
//! can be read off.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::machine::{self, SERVER_CORE};

/// What the server does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bare axum: reads the JSON into the same borrowed structs and answers 204.
    Bare,
    /// The collector with all its checks and its whole answer, and a writer that says "stored" at once.
    Nothing,
    /// The collector as it is.
    Durable,
    /// The collector with SQLite's `synchronous=normal`, which loses acknowledged events in a power cut. Not a setting.
    Normal,
    /// The collector with each request in a transaction of its own.
    Ungrouped,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Bare, Kind::Nothing, Kind::Durable, Kind::Normal, Kind::Ungrouped];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Bare => "bare",
            Kind::Nothing => "nothing",
            Kind::Durable => "durable",
            Kind::Normal => "normal",
            Kind::Ungrouped => "ungrouped",
        }
    }

    /// The kind of a name.
    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A server in a process of its own. Dropped, it ends.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts `program`, on its own core if `pinned`, and waits until it listens.
    pub fn start(program: &str, kind: Kind, folder: &Path, pinned: bool) -> Result<Self, String> {
        let mut command = on_server_core(program, pinned);
        command.arg(kind.name()).arg(folder);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{program} does not start: {e}"))?;
        let mut line = String::new();
        let said = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        match line.trim().parse() {
            Ok(address) => Ok(Self { child, address }),
            Err(_) => Err(format!("the {} server said {line:?} ({said:?}) and not where it listens", kind.name())),
        }
    }

    /// CPU it has used, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        machine::cpu_us(self.child.id()).unwrap_or(f64::NAN)
    }

    /// Bytes it has sent to the disk.
    pub fn written(&self) -> f64 {
        machine::written(self.child.id()).unwrap_or(f64::NAN)
    }

    /// Its process, for a profiler.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

/// How `program` is started on the servers' core, or anywhere if not `pinned`.
pub fn on_server_core(program: &str, pinned: bool) -> Command {
    if !pinned {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &SERVER_CORE.to_string(), program]);
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        // It stops when its standard input ends, and folds its log in.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
