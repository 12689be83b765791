//! What an operator can set, and what holds if nothing is set.
//!
//! One precedence, lowest first: the defaults below, the file (`--config`, else `waymark.toml` where it exists), the
//! environment (`WAYMARK_` and the path in capitals: `WAYMARK_DATABASE_URL`), the flags (`--listen`, or
//! `--set database.url=...`). An unknown name anywhere is an error that says where it stands. There is no `Option` in
//! here: an empty text means "work it out", and each field says what that gives.

mod layers;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

pub use layers::{ConfigError, Sources};

/// Everything that can be set. See [`Config::for_testing`] for a small one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The address under which browsers reach this collector, without a slash at the end: `https://waymark.example.com`.
    /// Empty: `http://` and the listening address. Snippets, links and cookies are made from it, never from a request.
    pub public_url: String,
    /// The path below which pages find the script and all that it asks for, where it is not to be `/w/`, `/a/` and `/v1/`: `/m`.
    /// Empty: those.
    pub public_path: String,
    /// Folder of everything that is kept in files.
    pub data_dir: PathBuf,
    /// Networks whose `X-Forwarded-For` is believed: the reverse proxy in front of us. Empty: nobody's is.
    pub trusted_proxies: Vec<IpNet>,
    /// Header in which a trusted proxy says the visitor's country, as two letters: `cf-ipcountry`, `x-vercel-ip-country`. It must
    /// overwrite what a visitor sends under that name. Empty: nobody's country is known; none is computed from an address.
    pub country_header: String,
    /// Folder of the example sites, prompts and journeys; with it the demo site is made at each start, from there and not from the binary.
    /// Empty: the demo is there only while somebody has loaded it in the console. Never set it on a collector that real people use.
    pub demo: PathBuf,
    /// Where everything is stored.
    pub database: Database,
    /// How much at once.
    pub limits: LimitsConfig,
    /// How long at most.
    pub timeouts: Timeouts,
    /// Who may sign in, and for how long.
    pub console: ConsoleConfig,
    /// By what e-mails are sent: invitations and new passwords.
    pub mail: MailConfig,
    /// Who may read `/metrics`.
    pub metrics: MetricsConfig,
    /// What is written to standard error.
    pub log: LogConfig,
}

/// Where everything is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite:path/to/file.db` or `postgres://user:password@host/name`. Empty: `waymark.db` in the data folder.
    pub url: String,
    /// Connections that read (SQLite), or all connections (PostgreSQL).
    pub connections: u32,
}

/// How much at once. A rate of 0 means no limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Open connections; more wait to be accepted.
    pub connections: usize,
    /// Largest body from a browser, in bytes.
    pub browser_body_bytes: usize,
    /// Largest body from a server with its secret key, in bytes; also after decompression.
    pub server_body_bytes: usize,
    /// Events that may wait for the writer; more are answered 503.
    pub queue_events: usize,
    /// Requests a second that one site may send for long, and how many it may send at once after a pause.
    pub site_per_second: u32,
    /// See `site_per_second`.
    pub site_burst: u32,
    /// Requests a second from one address (an office behind one address is many people), and at once after a pause.
    pub address_per_second: u32,
    /// See `address_per_second`.
    pub address_burst: u32,
    /// Attempts to sign in a minute from one address.
    pub logins_per_minute: u32,
}

/// How long at most, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// Until all headers of a request have arrived.
    pub header_seconds: u64,
    /// Until its whole body has arrived.
    pub body_seconds: u64,
    /// That a connection may stay open without a request. Longer than the proxy's own, or it meets closed doors.
    pub idle_seconds: u64,
    /// Between saying "not ready" and closing the door at SIGTERM: the interval at which a load balancer asks. 0 without one.
    pub notice_seconds: u64,
    /// That open requests get to finish after SIGTERM.
    pub drain_seconds: u64,
}

/// Who may sign in, and for how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleConfig {
    /// Hours that a browser stays signed in.
    pub session_hours: u64,
    /// Minutes that a one-time link is good that somebody has asked for: the first one, and for a lost password.
    pub setup_minutes: u64,
    /// Hours that an invitation is good, and a link that an owner makes for somebody else.
    pub invite_hours: u64,
    /// Fewest characters of a password.
    pub password_characters: usize,
}

/// By what e-mails are sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// `smtps://user:password@smtp.example.com`, or `smtp://user:password@smtp.example.com?tls=required` where encryption is agreed on after
    /// the greeting; special characters of the password as `%40`. Empty: no e-mails are sent, and links are passed on by hand.
    pub smtp: String,
    /// Who sends them: `Waymark <waymark@example.com>`.
    pub from: String,
}

/// Who may read `/metrics`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Who may read them.
    pub access: MetricsAccess,
    /// For `access = "token"`: what `Authorization: Bearer` must carry.
    pub token: String,
}

/// Who may read `/metrics`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricsAccess {
    /// Nobody: the address answers 404.
    Off,
    /// Programs on this machine that come directly, not through a proxy.
    Loopback,
    /// Whoever has the token.
    Token,
    /// Everybody.
    Open,
}

/// What is written to standard error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// How it looks.
    pub format: LogFormat,
    /// What is said: `info`, or by module, as in `info,collector::ingest=debug`.
    pub level: String,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

impl Config {
    /// A collector for a test: a free port, files in `dir`, no rate limits.
    pub fn for_testing(dir: &Path) -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            data_dir: dir.to_owned(),
            limits: LimitsConfig {
                site_per_second: 0,
                address_per_second: 0,
                logins_per_minute: 0,
                ..LimitsConfig::default()
            },
            timeouts: Timeouts { drain_seconds: 5, ..Timeouts::default() },
            log: LogConfig { level: "warn".to_owned(), ..LogConfig::default() },
            ..Self::default()
        }
    }

    /// The database's address: as set, or the file in the data folder.
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite:{}", self.data_dir.join("waymark.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// The address for browsers, without a slash at the end. `bound` is where we listen, with the real port.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        if self.public_url.is_empty() {
            format!("http://{bound}")
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }
}

impl Timeouts {
    /// Until all headers of a request have arrived.
    pub fn header(&self) -> Duration {
        Duration::from_secs(self.header_seconds)
    }
    /// Until its whole body has arrived.
    pub fn body(&self) -> Duration {
        Duration::from_secs(self.body_seconds)
    }
    /// That a connection may stay open without a request.
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }
    /// That open requests get to finish.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: String::new(),
            public_path: String::new(),
            data_dir: PathBuf::from("./waymark-data"),
            trusted_proxies: Vec::new(),
            country_header: String::new(),
            demo: PathBuf::new(),
            database: Database::default(),
            limits: LimitsConfig::default(),
            timeouts: Timeouts::default(),
            console: ConsoleConfig::default(),
            mail: MailConfig::default(),
            metrics: MetricsConfig::default(),
            log: LogConfig::default(),
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { url: String::new(), connections: 8 }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            connections: 10_000,
            browser_body_bytes: 64 * 1024,
            server_body_bytes: 500 * 1024,
            queue_events: 20_000,
            site_per_second: 5_000,
            site_burst: 20_000,
            address_per_second: 50,
            address_burst: 500,
            logins_per_minute: 10,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { header_seconds: 10, body_seconds: 20, idle_seconds: 75, notice_seconds: 0, drain_seconds: 20 }
    }
}

impl Default for ConsoleConfig {
    fn default() -> Self {
        Self { session_hours: 12, setup_minutes: 60, invite_hours: 72, password_characters: 12 }
    }
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self { access: MetricsAccess::Loopback, token: String::new() }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}
