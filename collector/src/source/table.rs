//! Looking up a place. A host is looked for as it is, then without its first label, and so on; each of these as it is, then with
//! any country in place of its own. So `m.search.yahoo.com.mx` is found, and `google.com.evil.example` is not.

use engine::source::{Asked, Class, Place};

include!(concat!(env!("OUT_DIR"), "/places.rs"));

/// A key of a table: a stretch of `TEXT`, what it stands for, and whose it is.
struct Entry {
    at: u16,
    len: u8,
    kind: u8,
    place: u16,
}

/// Kind of an entry: the host alone, not those below it.
const ALONE: u8 = 1;
/// Kind of an entry: any country follows.
const COUNTRY: u8 = 2;

/// What stands before a country's own label: `google.co.uk`, `google.com.tr`.
const SECOND: [&str; 6] = ["com", "co", "net", "org", "ne", "or"];

impl Entry {
    fn text(&self) -> &'static str {
        text(self.at, self.len)
    }

    fn place(&self) -> Option<Place> {
        let (at, len, class) = *PLACES.get(usize::from(self.place))?;
        Some(Place { name: text(at, len), class })
    }
}

fn text(at: u16, len: u8) -> &'static str {
    let at = usize::from(at);
    TEXT.get(at..at + usize::from(len)).unwrap_or_default()
}

/// Finds what is asked for.
pub fn find(asked: Asked<'_>) -> Option<Place> {
    match asked {
        Asked::Host(host, path) => host_place(host, path),
        Asked::App(package) => exactly(APPS, package, 0)?.place(),
        Asked::Name(name) => exactly(NAMES, name, 0)?.place(),
    }
}

fn exactly(table: &'static [Entry], key: &str, kind: u8) -> Option<&'static Entry> {
    let at = table.binary_search_by(|entry| (entry.text(), entry.kind).cmp(&(key, kind)));
    table.get(at.ok()?)
}

fn host_place(host: &str, path: &str) -> Option<Place> {
    let mut parent = host;
    loop {
        let alone: &[u8] = if parent.len() == host.len() { &[ALONE, 0] } else { &[0] };
        let ways = || forms(parent).flat_map(|(name, country)| alone.iter().map(move |kind| (name, kind | country)));
        let of_path = ways().find_map(|(name, kind)| with_path(name, path, kind));
        let entry = of_path.or_else(|| ways().find_map(|(name, kind)| exactly(HOSTS, name, kind)));
        if let Some(entry) = entry {
            return entry.place();
        }
        parent = parent.split_once('.')?.1;
    }
}

/// How a host may be written in the list: as it is, and without its country. A label of two letters is a country by rule.
fn forms(host: &str) -> impl Iterator<Item = (&str, u8)> {
    let name = host
        .rsplit_once('.')
        .filter(|(_, country)| country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase()));
    let short = name.and_then(|(name, _)| name.rsplit_once('.')).filter(|(_, second)| SECOND.contains(second));
    let country = |name: Option<(_, _)>| name.map(|(name, _)| (name, COUNTRY));
    [Some((host, 0)), country(name), country(short)].into_iter().flatten()
}

/// The longest path of this host that the page lies on or below.
fn with_path(name: &str, path: &str, kind: u8) -> Option<&'static Entry> {
    // Browsers tell other sites no more than "/".
    if path.len() < 2 {
        return None;
    }
    let from = PATHS.partition_point(|entry| entry.text() < name);
    let of_host = PATHS.get(from..)?.iter().take_while(|entry| entry.text().starts_with(name));
    let below = |known: &str| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let matching = of_host.filter(|entry| {
        let known = entry.text().strip_prefix(name).filter(|known| known.starts_with('/'));
        entry.kind == kind && known.is_some_and(below)
    });
    matching.max_by_key(|entry| entry.len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(host: &str, path: &str) -> Option<&'static str> {
        find(Asked::Host(host, path)).map(|place| place.name)
    }

    #[test]
    fn every_key_of_the_list_is_found() {
        for entry in HOSTS {
            let host = match entry.kind & COUNTRY {
                0 => entry.text().to_owned(),
                _ => format!("{}.ke", entry.text()),
            };
            assert!(find(Asked::Host(&host, "/")).is_some(), "{host}");
        }
        assert!(HOSTS.iter().all(|entry| entry.text().len() == usize::from(entry.len)));
        assert!([APPS, NAMES, HOSTS].iter().all(|table| table.is_sorted_by_key(|entry| (entry.text(), entry.kind))));
        assert!(PLACES.iter().all(|(at, len, _)| !text(*at, *len).is_empty()));
    }

    #[test]
    fn a_host_is_found_below_its_parents_and_in_its_countries() {
        for (host, path, expected) in [
            ("google.com", "/", Some("Google")),
            ("google.co.uk", "/", Some("Google")),
            ("google.com.tr", "/", Some("Google")),
            ("google.de", "/search", Some("Google")),
            ("google.cat", "/", Some("Google")),
            ("google.com", "/shopping/x", Some("Google Shopping")),
            ("google.de", "/shopping", Some("Google Shopping")),
            ("google.com", "/shoppingmall", Some("Google")),
            ("docs.google.com", "/", Some("Google Docs")),
            ("cloud.google.com", "/", None),
            ("mail.google.com", "/", Some("Gmail")),
            ("uk.search.yahoo.com", "/", Some("Yahoo")),
            ("search.yahoo.com.mx", "/", Some("Yahoo")),
            ("finance.yahoo.com", "/", Some("Yahoo Finance")),
            ("l.facebook.com", "/", Some("Facebook")),
            ("x.com", "/", Some("X")),
            ("x.com", "/i/grok", Some("Grok")),
            ("x.com", "/i/grokking", Some("X")),
            ("x.com", "/i/grokking/1", Some("X")),
            ("wix.com", "/", None),
            ("mobile.x.com", "/", None),
            ("notgoogle.com", "/", None),
            ("google.com.evil.example", "/", None),
            ("google.evil.example", "/", None),
            ("google.zip", "/", None),
            ("com", "/", None),
            ("", "", None),
            (".", "/", None),
            ("..uk", "/", None),
        ] {
            assert_eq!(name(host, path), expected, "{host}{path}");
        }
    }

    #[test]
    fn the_list_is_large_and_its_tables_are_small() {
        let entries = HOSTS.len() + PATHS.len() + APPS.len() + NAMES.len();
        let bytes = TEXT.len() + entries * size_of::<Entry>() + size_of_val(PLACES);
        println!("{} places, {} hosts, {entries} keys, {bytes} bytes", PLACES.len(), HOSTS.len());
        assert!(PLACES.len() > 800 && HOSTS.len() > 1400, "{} places, {} hosts", PLACES.len(), HOSTS.len());
        assert!(bytes < 64_000, "{bytes}");
    }
}
