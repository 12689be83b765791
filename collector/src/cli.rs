//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use collector::config::{Config, ConfigError, Sources};

/// On-site prompts that know where each customer is on the journey.
#[derive(Debug, Parser)]
#[command(name = "waymark", version, about, after_help = AFTER_HELP, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub settings: Settings,
}

const AFTER_HELP: &str = "\
Settings come from, strongest first: flags, the environment, the file, the defaults.
  file         --config FILE, else ./waymark.toml where it exists; unknown names are errors
  environment  WAYMARK_ and the name in capitals: WAYMARK_PUBLIC_URL, WAYMARK_LIMITS_QUEUE_EVENTS
  flags        below, and --set NAME=VALUE for every other: --set limits.queue_events=50000
Every name with its default: waymark settings";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take events, serve the widget and the console, until Ctrl-C or SIGTERM
    Serve {
        /// Make a demo site from this folder of examples (shop, spa, prompts, journeys)
        #[arg(long, value_name = "FOLDER")]
        demo: Option<PathBuf>,
        /// Print a new one-time link that sets the administrator's password
        #[arg(long)]
        new_password: bool,
    },
    /// Check prompts and journeys in files and publish them, all or none
    Import {
        /// Files, or folders whose .json files are meant
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Public key (wk_...) of the site; not needed where there is only one
        #[arg(long)]
        site: Option<String>,
    },
    /// Copy the database into one file, also while Waymark runs
    Backup {
        /// The file to write; it must not exist
        to: PathBuf,
    },
    /// Put a backup in the place of the database; what was there is kept beside it
    Restore {
        /// A file that `waymark backup` wrote
        from: PathBuf,
    },
    /// Check database, port, clock and public address, and what a page needs to run the widget
    Doctor {
        /// A page that should run the widget
        page: Option<String>,
    },
    /// Print a link by which you see on a page why each prompt shows or does not; good for an hour, and counted nowhere
    DebugLink {
        /// Public key (wk_...) of the site
        site: String,
        /// Address of the page
        page: String,
    },
    /// Print every setting with the value it has
    Settings,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Settings {
    /// Configuration file (TOML)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Address under which browsers reach this: https://waymark.example.com
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// sqlite:FILE or postgres://...
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Folder of everything that is kept in files [default: ./waymark-data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// Any setting by its name: limits.queue_events=50000
    #[arg(long, global = true, value_name = "NAME=VALUE")]
    set: Vec<String>,
}

impl Settings {
    /// The configuration of flags, environment and file.
    pub fn load(
        &self,
        demo: Option<&PathBuf>,
        environment: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Config, ConfigError> {
        let unreadable = |path: &PathBuf, e: std::io::Error| ConfigError {
            place: path.display().to_string(),
            message: format!("this file cannot be read ({}); name another with --config.", e.kind()),
        };
        let usual = PathBuf::from("waymark.toml");
        let path = self.config.clone().or_else(|| usual.exists().then_some(usual));
        let file = match path {
            Some(path) => Some((path.clone(), std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?)),
            None => None,
        };
        let mut flags = Vec::new();
        for written in &self.set {
            let (name, value) = written.split_once('=').ok_or_else(|| ConfigError {
                place: format!("--set {written}"),
                message: "write NAME=VALUE, such as limits.queue_events=50000".to_owned(),
            })?;
            flags.push((format!("--set {written}"), name.trim().to_owned(), value.to_owned()));
        }
        let demo = demo.map(|path| path.display().to_string());
        for (written, name, value) in [
            ("--listen", "listen", &self.listen),
            ("--public-url", "public_url", &self.public_url),
            ("--database", "database.url", &self.database),
            ("--data-dir", "data_dir", &self.data_dir),
            ("--demo", "demo", &demo),
        ] {
            if let Some(value) = value {
                flags.push((written.to_owned(), name.to_owned(), value.clone()));
            }
        }
        let environment = environment.filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?)));
        Config::load(&Sources { file, environment: environment.collect(), flags })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_reach_the_configuration_wherever_they_stand() {
        let cli = Cli::parse_from(["waymark", "serve", "--listen", "127.0.0.1:9", "--set", "limits.queue_events=7"]);
        let config = cli.settings.load(None, std::iter::empty()).unwrap();
        assert_eq!((config.listen.port(), config.limits.queue_events), (9, 7));
        let cli = Cli::parse_from(["waymark", "--set", "queue_events", "doctor"]);
        assert_eq!(cli.settings.load(None, std::iter::empty()).unwrap_err().place, "--set queue_events");
    }
}
