//! The drivers of this test process: one chromedriver, started when first needed, gone with the process; a geckodriver for each Firefox,
//! since it drives no second one.
//!
//! Not a browser: each `Browser` is a session of its own, with its own Chromium or Firefox and its own profile.
//!
//! The one thing to know: Rust runs no destructor for a static, and a test may be killed. So a driver
//! runs under a small shell that reads from a pipe we hold. When this process ends, however it ends, the
//! pipe closes and the shell kills the whole process group and removes its files.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use thirtyfour::prelude::*;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Browsers cost a second to start and a core to run. Two tests at a time may have some.
const TESTS_WITH_BROWSERS: usize = 2;

/// A driver, and how it is spoken to.
pub(super) struct Program {
    command: &'static [&'static str],
    /// What it says when it listens, up to the port.
    ready: &'static str,
    /// How to come by it.
    missing: &'static str,
}

const CHROMEDRIVER: Program = Program {
    command: &["chromedriver", "--port=0", "--log-level=SEVERE"],
    ready: "successfully on port ",
    missing: "install chromium and chromium-driver, or run `cargo xtask test`, which does",
};

/// Both ports are any that are free: its own, and that of Firefox.
pub(super) const GECKODRIVER: Program = Program {
    command: &["geckodriver", "--port=0", "--websocket-port=0"],
    ready: "Listening on 127.0.0.1:",
    missing: "run `cargo install geckodriver`",
};

/// Runs its arguments, waits at the end of its standard input, then takes the driver and every browser of it along.
const GUARDED: &str = r#"
"$@" &
read -r _
trap '' TERM
kill -TERM 0
rm -rf "$TMPDIR"
kill -KILL 0
"#;

static SEATS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(TESTS_WITH_BROWSERS)));

/// The right to have browsers, shared by all browsers of one test.
pub(super) type Seat = Arc<OwnedSemaphorePermit>;

/// Waits for a seat. One test takes one seat however many browsers it opens, or two tests that
/// each hold one browser and want a second would wait for each other for ever.
pub(super) async fn seat() -> Seat {
    let permit = Arc::clone(&SEATS).acquire_owned().await;
    Arc::new(permit.expect("the semaphore is never closed"))
}

/// Where chromedriver listens, e.g. `http://127.0.0.1:40123`.
pub(super) fn address() -> &'static str {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    &DRIVER.get_or_init(|| Driver::start(&CHROMEDRIVER)).address
}

/// A session of the driver at an address, so a browser.
pub(super) async fn session<C>(address: &str, capabilities: WebDriverResult<C>) -> WebDriver
where
    C: Into<Capabilities>,
{
    let session = WebDriver::new(address, capabilities.expect("the capabilities are constant")).await;
    session.unwrap_or_else(|error| panic!("no browser session: {error}"))
}

/// Ends a session of the driver at an address, and with it its browser and its profile.
///
/// By hand, since this runs in a destructor: the async client's open connections belong to a runtime that
/// may be over, or whose only thread waits here.
pub(super) fn end(address: &str, session: &str) {
    let host = address.trim_start_matches("http://");
    let request = format!("DELETE /session/{session} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let ended = TcpStream::connect(host).and_then(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(request.as_bytes())?;
        // The answer comes when the browser is gone.
        stream.read(&mut [0; 16])
    });
    if let Err(error) = ended {
        eprintln!("a browser stays open until the tests end: {error}");
    }
}

/// A driver that runs. It ends with this value.
#[derive(Debug)]
pub(super) struct Driver {
    pub(super) address: String,
    /// Holds the pipe. What matters is that it closes when the process ends.
    guard: Child,
}

impl Driver {
    pub(super) fn start(program: &Program) -> Self {
        let name = program.command.first().copied().unwrap_or_default();
        let files = tempfile::Builder::new()
            .prefix("waymark-browsers-")
            .tempdir()
            .expect("no temporary directory for browser profiles")
            .keep();
        let mut guard = Command::new("sh")
            .args(["-c", GUARDED, name])
            .args(program.command)
            .env("TMPDIR", &files)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("no shell to start {name} with: {error}"));
        let stdout = guard.stdout.take().expect("standard output was asked for");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port = lines
            .by_ref()
            .find_map(|line| line.split_once(program.ready).map(|(_, port)| port.trim_end_matches('.').to_owned()))
            .unwrap_or_else(|| panic!("{name} did not start: {}", program.missing));
        // A full pipe would stop the driver in the middle of a test.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address: format!("http://127.0.0.1:{port}"), guard }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("a driver stays until the tests end: {error}");
        }
    }
}
