//! Addresses of pages, split by hand: a URL library would cost every visitor 72 KB. Reading never fails; what is not
//! there is empty.

use crate::id::Key;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::borrow::Cow;

/// The parts of an address, borrowed from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Url<'a> {
    /// Host without port, as written: `www.example.com`.
    pub host: &'a str,
    /// Path with its leading `/`; `/` if the address has none.
    pub path: &'a str,
    /// Query without `?`.
    pub query: &'a str,
    /// Fragment without `#`.
    pub hash: &'a str,
}

impl<'a> Url<'a> {
    /// Splits an absolute address or one that starts at its path.
    pub fn parse(address: &'a str) -> Url<'a> {
        let (rest, hash) = address.split_once('#').unwrap_or((address, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        // An address that starts at its path may hold another one: /go/https://elsewhere.example.
        let after_scheme = rest
            .split_once(':')
            .filter(|(scheme, _)| !scheme.contains('/'))
            .and_then(|(_, rest)| rest.strip_prefix("//"));
        let (authority, path) = match after_scheme {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None => ("", rest),
        };
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = host.split_once(':').map_or(host, |(name, _)| name);
        Url { host, path: if path.is_empty() { "/" } else { path }, query, hash }
    }

    /// The decoded value of a query parameter; the first one if it is given twice.
    pub fn param(&self, name: &str) -> Option<String> {
        self.value(name).map(Cow::into_owned)
    }

    /// As [`Url::param`], borrowed where nothing had to be decoded: a page asks this once for each rule that names a parameter.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut pairs = self.query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.find(|(key, _)| decode(key) == name).map(|(_, value)| decode(value))
    }
}

/// The address without its query and fragment, each of which is kept only if `wanted` names it: has a `?` or a `#` in it.
pub(crate) fn as_named<'a>(address: &'a str, wanted: &str) -> Cow<'a, str> {
    let (rest, hash) = address.split_at(address.find('#').unwrap_or(address.len()));
    let page = &rest[..rest.find('?').unwrap_or(rest.len())];
    match (wanted.contains('?'), wanted.contains('#')) {
        (true, true) => address.into(),
        (true, false) => rest.into(),
        (false, true) => [page, hash].concat().into(),
        (false, false) => page.into(),
    }
}

/// Percent and `+` decoding of a query component. What is not valid UTF-8 afterwards is replaced, never refused.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return text.into();
    }
    let digit = |byte: Option<&u8>| byte.and_then(|b| (*b as char).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (byte, used) = match (bytes[at], digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => ((high * 16 + low) as u8, 3),
            (b'+', ..) => (b' ', 1),
            (other, ..) => (other, 1),
        };
        out.push(byte);
        at += used;
    }
    String::from_utf8_lossy(&out).into_owned().into()
}

/// A pattern for paths: `*` stands for anything within a segment, `**` for anything. Query and fragment are no part of
/// a path; case (ASCII) and a trailing `/` do not matter.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct PathPattern(String);

impl PathPattern {
    /// Reads a pattern; `None` if it starts with neither `/` nor `*`, is longer than 512 bytes or names a query.
    pub fn parse(text: &str) -> Option<PathPattern> {
        let legal = text.starts_with(['/', '*']) && text.len() <= 512 && !text.contains(['?', '#']);
        legal.then(|| PathPattern(text.to_owned()))
    }

    /// Whether the pattern stands for this path.
    pub fn matches(&self, path: &str) -> bool {
        glob(trim(&self.0), trim(path))
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A path or an address without the slash at its end.
pub(crate) fn trim(path: &str) -> &str {
    if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path }
}

/// Wildcard matching that remembers the last star of either kind and so needs at most `pattern * path` steps.
pub(crate) fn glob(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
    let (mut p, mut s) = (0, 0);
    let (mut narrow, mut wide) = (None, None);
    loop {
        if pattern[p..].starts_with(b"**") {
            p += 2;
            (wide, narrow) = (Some((p, s)), None);
            continue;
        }
        match (pattern.get(p), path.get(s)) {
            (Some(b'*'), _) => {
                p += 1;
                narrow = Some((p, s));
                continue;
            }
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {
                p += 1;
                s += 1;
                continue;
            }
            _ => {}
        }
        // A mismatch: let the nearest star take one more byte.
        match (narrow, wide) {
            (Some((after, from)), _) if path.get(from).is_some_and(|b| *b != b'/') => {
                narrow = Some((after, from + 1));
                (p, s) = (after, from + 1);
            }
            (_, Some((after, from))) if from < path.len() => {
                wide = Some((after, from + 1));
                narrow = None;
                (p, s) = (after, from + 1);
            }
            _ => return false,
        }
    }
}

impl<'de> Deserialize<'de> for PathPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        PathPattern::parse(&text).ok_or_else(|| {
            de::Error::custom("write a path that starts with / or *, such as /pricing or /docs/**, without ? or #")
        })
    }
}

/// A named list of patterns: pricing, docs, help.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PageGroup {
    /// The name that rules use.
    pub key: Key,
    /// A page belongs to the group if any of these stands for its path.
    pub paths: Vec<PathPattern>,
}

/// The page groups of a site.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageGroups(pub Vec<PageGroup>);

impl PageGroups {
    /// Whether the path belongs to the group; a group that does not exist has no pages.
    pub fn contains(&self, group: &Key, path: &str) -> bool {
        let group = self.0.iter().find(|g| g.key == *group);
        group.is_some_and(|g| g.paths.iter().any(|p| p.matches(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_falls_into_its_parts() {
        for (address, host, path, query, hash) in [
            ("https://shop.example/pricing?a=1#top", "shop.example", "/pricing", "a=1", "top"),
            ("https://user:pw@shop.example:8080", "shop.example", "/", "", ""),
            ("https://shop.example?x=a/b", "shop.example", "/", "x=a/b", ""),
            ("/docs/?q=1", "", "/docs/", "q=1", ""),
            ("", "", "/", "", ""),
            ("https://shop.example/#/route?x=1", "shop.example", "/", "", "/route?x=1"),
        ] {
            assert_eq!(Url::parse(address), Url { host, path, query, hash }, "{address}");
        }
    }

    #[test]
    fn query_parameters_are_decoded() {
        let url = Url::parse("/?utm_campaign=spring+sale%21&bad=%zz&empty&u=%C3%BC&utm_campaign=2");
        for (name, value) in [("utm_campaign", "spring sale!"), ("bad", "%zz"), ("empty", ""), ("u", "ü")] {
            assert_eq!(url.param(name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(url.param("none"), None);
    }

    #[test]
    fn of_an_address_counts_what_is_named() {
        let address = "https://x.example/a?b=1#c";
        for (wanted, expected) in [
            ("https://x.example/a", "https://x.example/a"),
            ("?b=1", "https://x.example/a?b=1"),
            ("#c", "https://x.example/a#c"),
            ("?#", address),
        ] {
            assert_eq!(as_named(address, wanted), expected, "{wanted}");
        }
        assert_eq!(as_named("/a#b?c", "?"), "/a");
    }

    #[test]
    fn stars_stand_for_a_segment_or_for_anything() {
        for (pattern, path, matches) in [
            ("/pricing", "/pricing", true),
            ("/pricing", "/Pricing/", true),
            ("/pricing", "/pricing/team", false),
            ("/pricing*", "/pricing.html", true),
            ("/docs/*", "/docs/setup", true),
            ("/docs/*", "/docs/setup/linux", false),
            ("/docs/**", "/docs/setup/linux", true),
            ("**/pricing*", "/demo/shop/pricing.html", true),
            ("/**/edit", "/a/b/edit", true),
            ("/**/edit", "/a/b/edit/c", false),
            ("/*/x/**/y", "/a/x/b/c/y", true),
            ("/*/x/**/y", "/a/b/x/c/y", false),
            ("**", "/anything/at/all", true),
            ("/", "/", true),
            ("/", "/a", false),
            ("/a*b*c", "/axxbyyc", true),
            ("/a*b*c", "/axx/byyc", false),
            ("/a**b*c", "/a/bx/bc", true),
        ] {
            assert_eq!(PathPattern::parse(pattern).unwrap().matches(path), matches, "{pattern} {path}");
        }
        for bad in ["pricing", "", "/a?b", "/a#b"] {
            assert_eq!(PathPattern::parse(bad), None, "{bad}");
        }
    }
}
