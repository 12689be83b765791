//! Laying file, environment and flags over the defaults.
//!
//! The defaults, written as TOML, are also the list of what can be set: a name that is not among them is unknown, and
//! the kind of its default says how a text from the environment or a flag is read. So there is no second list to forget.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use toml::{Table, Value};

use super::Config;
use crate::addresses;
use crate::mail::Mailer;

/// What an operator gave, from weak to strong.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Name and content of the configuration file, if there is one.
    pub file: Option<(PathBuf, String)>,
    /// The environment; names without `WAYMARK_` in front are not ours.
    pub environment: Vec<(String, String)>,
    /// Flags: how it was written (`--listen`), the path (`listen`), the value.
    pub flags: Vec<(String, String, String)>,
}

/// What is wrong with the configuration: the place, and a sentence.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// `waymark.toml`, `WAYMARK_LISTEN` or `--listen`.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message.trim_end())
    }
}

impl std::error::Error for ConfigError {}

const PREFIX: &str = "WAYMARK_";

impl Config {
    /// The configuration that the sources give together.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut table = defaults();
        let known = paths(&table);

        if let Some((path, text)) = &sources.file {
            let error =
                |e: &dyn fmt::Display| ConfigError { place: path.display().to_string(), message: e.to_string() };
            // Read as a whole first: only then the message shows line and column.
            toml::from_str::<Config>(text).map_err(|e| error(&e))?;
            merge(&mut table, toml::from_str(text).map_err(|e| error(&e))?);
        }
        for (name, text) in &sources.environment {
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            let wanted = rest.to_ascii_lowercase();
            let path = known.keys().find(|path| path.replace('.', "_") == wanted);
            set(&mut table, &known, name, path.map_or(wanted.as_str(), String::as_str), text)?;
        }
        for (written, path, text) in &sources.flags {
            set(&mut table, &known, written, path, text)?;
        }
        let config: Self = table.try_into().map_err(|e: toml::de::Error| ConfigError {
            place: "configuration".to_owned(),
            message: e.message().to_owned(),
        })?;
        config.check()?;
        Ok(config)
    }

    /// What no type can say.
    fn check(&self) -> Result<(), ConfigError> {
        let fail =
            |place: &str, message: &str| Err(ConfigError { place: place.to_owned(), message: message.to_owned() });
        let url = &self.public_url;
        if !(url.is_empty() || url.starts_with("https://") || url.starts_with("http://")) {
            return fail("public_url", "write the whole address: https://waymark.example.com");
        }
        let host = url.split_once("://").map_or("", |(_, rest)| rest.trim_end_matches('/'));
        if !url.is_empty()
            && (host.is_empty() || host.contains(|c: char| !c.is_ascii_alphanumeric() && !".-_:[]".contains(c)))
        {
            return fail("public_url", "only scheme, host and port belong here: https://waymark.example.com");
        }
        if let Some(why) = addresses::unfit(&self.public_path) {
            return fail("public_path", why);
        }
        if self.metrics.access == super::MetricsAccess::Token && self.metrics.token.len() < 16 {
            return fail("metrics.token", "with access = \"token\" it needs at least 16 characters");
        }
        Mailer::new(&self.mail).map_err(|(place, message)| ConfigError { place: place.to_owned(), message })?;
        Ok(())
    }
}

/// The defaults as TOML: every name there is.
fn defaults() -> Table {
    // Plain structs of texts, numbers and lists always have a TOML form; a test walks it.
    Table::try_from(Config::default()).unwrap_or_default()
}

/// `database.url` -> its default, for every leaf.
fn paths(table: &Table) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    for (name, value) in table {
        match value {
            Value::Table(section) => {
                leaves.extend(section.iter().map(|(key, value)| (format!("{name}.{key}"), value.clone())));
            }
            leaf => {
                leaves.insert(name.clone(), leaf.clone());
            }
        }
    }
    leaves
}

fn merge(into: &mut Table, from: Table) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Table(section)), Value::Table(values)) => section.extend(values),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

/// Sets one leaf from a text, and tries the result at once, so that the error names this place and no other.
fn set(
    table: &mut Table,
    known: &BTreeMap<String, Value>,
    place: &str,
    path: &str,
    text: &str,
) -> Result<(), ConfigError> {
    let error = |message: String| ConfigError { place: place.to_owned(), message };
    let Some(default) = known.get(path) else {
        let near = nearest(known, path);
        return Err(error(format!("there is no setting of this name. Did you mean {near}?")));
    };
    let value = match default {
        Value::Integer(_) => {
            Value::Integer(text.parse().map_err(|_| error(format!("\"{text}\" is not a whole number")))?)
        }
        Value::Array(_) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Value::String(part.to_owned()))
                .collect(),
        ),
        _ => Value::String(text.to_owned()),
    };
    match path.split_once('.') {
        Some((section, key)) => {
            if let Some(Value::Table(section)) = table.get_mut(section) {
                section.insert(key.to_owned(), value);
            }
        }
        None => {
            table.insert(path.to_owned(), value);
        }
    }
    table.clone().try_into::<Config>().map(drop).map_err(|e| error(e.message().to_owned()))
}

/// The known path that shares most of its letters with the unknown one.
fn nearest<'a>(known: &'a BTreeMap<String, Value>, path: &str) -> &'a str {
    let shared = |known: &str| {
        let front = known.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        let back = known.bytes().rev().zip(path.bytes().rev()).take_while(|(a, b)| a == b).count();
        front + back
    };
    known.keys().max_by_key(|known| shared(known)).map_or("listen", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MetricsAccess;

    fn load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str, &str)]) -> Result<Config, ConfigError> {
        Config::load(&Sources {
            file: (!file.is_empty()).then(|| (PathBuf::from("waymark.toml"), file.to_owned())),
            environment: environment.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            flags: flags.iter().map(|(w, p, v)| ((*w).to_owned(), (*p).to_owned(), (*v).to_owned())).collect(),
        })
    }

    #[test]
    fn every_setting_has_a_name_and_the_defaults_survive_the_way_through_toml() {
        let table = defaults();
        assert!(paths(&table).len() >= 20, "{:?}", paths(&table).keys());
        assert_eq!(load("", &[], &[]).unwrap(), Config::default());
    }

    #[test]
    fn environment_beats_file_and_flags_beat_both() {
        let file = "listen = \"127.0.0.1:1\"\n[limits]\nqueue_events = 1\nsite_burst = 1\naddress_burst = 1";
        let env = [("WAYMARK_LIMITS_QUEUE_EVENTS", "2"), ("WAYMARK_LIMITS_SITE_BURST", "2"), ("PATH", "/bin")];
        let flags = [("--set", "limits.queue_events", "3")];
        let config = load(file, &env, &flags).unwrap();
        let got = (config.limits.queue_events, config.limits.site_burst, config.limits.address_burst);
        assert_eq!(got, (3, 2, 1), "flag, environment, file");
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.limits.connections, 10_000, "what nobody set keeps its default");
    }

    #[test]
    fn texts_become_what_the_setting_is() {
        let env = [
            ("WAYMARK_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1/32"),
            ("WAYMARK_METRICS_ACCESS", "off"),
            ("WAYMARK_DATABASE_URL", "postgres://localhost/waymark"),
        ];
        let config = load("", &env, &[("--listen", "listen", "0.0.0.0:80")]).unwrap();
        assert_eq!(config.trusted_proxies.len(), 2);
        assert_eq!(config.metrics.access, MetricsAccess::Off);
        assert_eq!(config.database_url(), "postgres://localhost/waymark");
        assert_eq!(config.listen.to_string(), "0.0.0.0:80");
    }

    #[test]
    fn mistakes_name_their_place() {
        for (file, env, flag, place, hint) in [
            ("lisen = \"x\"", ("", ""), ("", "", ""), "waymark.toml", "line 1"),
            ("[limits]\nqueue = 1", ("", ""), ("", "", ""), "waymark.toml", "queue_events"),
            ("", ("WAYMARK_LISEN", "x"), ("", "", ""), "WAYMARK_LISEN", "listen"),
            ("", ("WAYMARK_LISTEN", "x"), ("", "", ""), "WAYMARK_LISTEN", "socket address"),
            ("", ("WAYMARK_LIMITS_CONNECTIONS", "many"), ("", "", ""), "WAYMARK_LIMITS_CONNECTIONS", "whole number"),
            ("", ("WAYMARK_LIMITS_CONNECTIONS", "-1"), ("", "", ""), "WAYMARK_LIMITS_CONNECTIONS", "-1"),
            ("", ("", ""), ("--set limits.queue", "limits.queue", "1"), "--set limits.queue", "limits.queue_events"),
            ("", ("WAYMARK_METRICS_ACCESS", "some"), ("", "", ""), "WAYMARK_METRICS_ACCESS", "loopback"),
            ("public_url = \"example.com\"", ("", ""), ("", "", ""), "public_url", "https://"),
            ("", ("", ""), ("--public-url", "public_url", "https://x.example/w"), "public_url", "only scheme"),
            ("public_path = \"m\"", ("", ""), ("", "", ""), "public_path", "/m"),
            ("", ("WAYMARK_PUBLIC_PATH", "/static/m"), ("", "", ""), "public_path", "choose another"),
            ("[metrics]\naccess = \"token\"", ("", ""), ("", "", ""), "metrics.token", "16 characters"),
        ] {
            let env: Vec<_> = [env].into_iter().filter(|e| !e.0.is_empty()).collect();
            let flags: Vec<_> = [flag].into_iter().filter(|f| !f.0.is_empty()).collect();
            let error = load(file, &env, &flags).unwrap_err();
            assert_eq!(error.place, place, "{error}");
            assert!(error.message.contains(hint), "{place}: {error} should mention {hint}");
        }
    }
}
