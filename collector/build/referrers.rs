//! Turns `data/referrers.txt` into the tables that `collector::source` looks hosts up in: one text, and entries of six bytes that
//! point into it, sorted, so that the binary carries no pointer for each of the hosts and finds one in eleven steps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Bits of an entry's kind; `collector::source::table` has the same.
const ALONE: u8 = 1;
const COUNTRY: u8 = 2;

const CLASSES: [&str; 10] =
    ["Search", "Social", "Video", "Shopping", "Mail", "Ai", "Shortener", "Store", "Gateway", "Other"];

/// What a table's key stands for: the place, by its number.
type Keys = BTreeMap<(String, u8), u16>;

#[derive(Default)]
struct List {
    /// Name and class of each place.
    places: Vec<(String, String)>,
    hosts: Keys,
    /// Hosts with a path.
    paths: Keys,
    apps: Keys,
    names: Keys,
}

/// The generated code, or the line that cannot be read.
pub fn code(data: &str) -> Result<String, String> {
    let list = read(data)?;
    let mut text = String::new();
    let mut code = String::new();
    let mut table = |name: &str, keys: &Keys, code: &mut String| -> Result<(), String> {
        let _ = write!(code, "static {name}: &[Entry] = &[");
        for ((key, kind), place) in keys {
            let (at, len) = put(&mut text, key)?;
            let _ = write!(code, "Entry {{ at: {at}, len: {len}, kind: {kind}, place: {place} }},");
        }
        code.push_str("];\n");
        Ok(())
    };
    for (name, keys) in [("HOSTS", &list.hosts), ("PATHS", &list.paths), ("APPS", &list.apps), ("NAMES", &list.names)] {
        table(name, keys, &mut code)?;
    }
    code.push_str("static PLACES: &[(u16, u8, Class)] = &[");
    for (name, class) in &list.places {
        let (at, len) = put(&mut text, name)?;
        let _ = write!(code, "({at}, {len}, Class::{class}),");
    }
    let _ = write!(code, "];\nstatic TEXT: &str = {text:?};\npub const EDITION: u32 = {};\n", fnv(data));
    Ok(code)
}

/// Where a key lies in the text; what is there already is not put twice.
fn put(text: &mut String, key: &str) -> Result<(u16, u8), String> {
    let at = text.find(key).unwrap_or_else(|| {
        text.push_str(key);
        text.len() - key.len()
    });
    let at = u16::try_from(at).map_err(|_| "more than 64 KB of hosts: make `at` wider")?;
    Ok((at, u8::try_from(key.len()).map_err(|_| format!("{key} is too long"))?))
}

fn read(data: &str) -> Result<List, String> {
    let (mut list, mut class) = (List::default(), None);
    for (number, line) in data.lines().enumerate() {
        let wrong = |what: &str| format!("data/referrers.txt:{}: {what}", number + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let known = CLASSES.iter().find(|class| class.to_ascii_lowercase() == name);
            class = Some(*known.ok_or_else(|| wrong("no such class"))?);
            continue;
        }
        let (name, tokens) = line.split_once(": ").ok_or_else(|| wrong("expected `Name: token token`"))?;
        let class = class.ok_or_else(|| wrong("a place before the first [class]"))?;
        let place = u16::try_from(list.places.len()).map_err(|_| wrong("too many places"))?;
        list.places.push((name.to_owned(), class.to_owned()));
        let (own, tokens) = tokens.strip_prefix("~ ").map_or((true, tokens), |rest| (false, rest));
        let small = name.to_lowercase();
        for name in [small.replace(' ', ""), small].into_iter().filter(|_| own) {
            list.names.entry((name, 0)).or_insert(place);
        }
        for token in tokens.split_whitespace() {
            add(&mut list, token, place).map_err(|what| wrong(&what))?;
        }
    }
    Ok(list)
}

fn add(list: &mut List, token: &str, place: u16) -> Result<(), String> {
    if token.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(format!("{token}: hosts are written small"));
    }
    let (keys, key, kind) = if let Some(package) = token.strip_prefix("app:") {
        (&mut list.apps, package.to_owned(), 0)
    } else if !token.contains('.') {
        // A name that somebody has given on purpose goes before one that only follows from the place's.
        list.names.insert((token.to_owned(), 0), place);
        return Ok(());
    } else {
        let (rest, alone) = token.strip_prefix('=').map_or((token, 0), |rest| (rest, ALONE));
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, country) = host.strip_suffix(".{}").map_or((host, 0), |name| (name, COUNTRY));
        if host.starts_with("www.") || host.is_empty() || host.contains(['{', ':', '=']) {
            return Err(format!("{token}: cannot be read"));
        }
        let keys = if path.is_empty() { &mut list.hosts } else { &mut list.paths };
        (keys, format!("{host}{path}"), alone | country)
    };
    match keys.insert((key, kind), place) {
        Some(other) if other != place => Err(format!("{token}: {} has it too", list.places[usize::from(other)].0)),
        Some(_) => Err(format!("{token}: written twice")),
        None => Ok(()),
    }
}

/// FNV-1a: tells one edition of the list from another.
fn fnv(data: &str) -> u32 {
    data.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
