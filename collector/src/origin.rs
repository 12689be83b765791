//! Web origins: which page may send for which site.
//!
//! An origin is scheme, host and port as a browser writes them in its `Origin` header. A site's list
//! holds such origins, or `https://*.example.com` for every host below a domain (not the domain itself).

use std::fmt;

/// One line of a site's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    scheme: String,
    /// Without the leading `*.`.
    host: String,
    port: Option<u16>,
    below: bool,
}

impl OriginPattern {
    /// Reads what a person wrote: `https://shop.example`, `http://localhost:3000`, `https://*.example.com`.
    /// A path is forgiven, since people paste addresses. The sentence in `Err` says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written = text.trim().to_ascii_lowercase();
        let Some((scheme, rest)) = written.split_once("://") else {
            return Err(format!("\"{text}\" needs http:// or https:// before the host."));
        };
        if scheme != "http" && scheme != "https" {
            return Err(format!("\"{text}\" starts with {scheme}://; only http:// and https:// pages can send."));
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = split_port(authority).ok_or_else(|| format!("\"{text}\" has a port that is no number."))?;
        let (host, below) = match host.strip_prefix("*.") {
            Some(host) => (host, true),
            None => (host, false),
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'[' | b']' | b':');
        if host.is_empty() || host.starts_with('.') || !host.bytes().all(plain) {
            return Err(format!(
                "\"{text}\" has no host that a browser could send: write https://www.example.com or https://*.example.com."
            ));
        }
        let port = port.filter(|port| *port != default_port(scheme));
        Ok(Self { scheme: scheme.to_owned(), host: host.to_owned(), port, below })
    }

    /// Whether a page of this origin (as the browser sent it) is meant.
    pub fn matches(&self, origin: &str) -> bool {
        let Ok(page) = Self::parse(origin) else { return false };
        if page.below || page.scheme != self.scheme || page.port != self.port {
            return false;
        }
        if !self.below {
            return page.host == self.host;
        }
        page.host.strip_suffix(&self.host).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.'))
    }
}

/// What somebody may have meant who wrote addresses as people do, several with spaces or commas between them: each as it is, with the scheme
/// that they left out; beside a bare domain the one with `www.`, and the other way round. The sentence in `Err` says what is wrong with
/// the first that is no address.
pub fn meant(text: &str) -> Result<Vec<OriginPattern>, String> {
    let mut all: Vec<OriginPattern> = Vec::new();
    for word in text.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
        let one = forgiving(word)?;
        let twin = one.twin();
        for pattern in [Some(one), twin].into_iter().flatten() {
            if !all.contains(&pattern) {
                all.push(pattern);
            }
        }
    }
    Ok(all)
}

/// One address as people write it, with the scheme that they left out.
pub fn forgiving(text: &str) -> Result<OriginPattern, String> {
    OriginPattern::parse(&with_scheme(text.trim()))
}

/// On this machine hardly anybody has a certificate; everywhere else everybody should.
fn with_scheme(word: &str) -> String {
    if word.contains("://") {
        return word.to_owned();
    }
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let host = split_port(host).map_or(host, |(host, _)| host);
    format!("{}://{word}", if is_local(host) { "http" } else { "https" })
}

fn is_local(host: &str) -> bool {
    host.starts_with('[')
        || host.split('.').all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        || !host.contains('.')
        || host.ends_with(".localhost")
}

impl OriginPattern {
    /// The same domain with `www.`, or without; `None` where nobody would look for it: `app.example.com`, `localhost`, a pattern.
    fn twin(&self) -> Option<Self> {
        if self.below || is_local(&self.host) {
            return None;
        }
        let labels: Vec<&str> = self.host.split('.').collect();
        let host = match labels.as_slice() {
            ["www", _, ..] if labels.len() > 2 => self.host["www.".len()..].to_owned(),
            [_, _] => format!("www.{}", self.host),
            // `example.co.uk` is a domain of two words too.
            [_, second, top] if second.len() <= 3 && top.len() == 2 => format!("www.{}", self.host),
            _ => return None,
        };
        Some(Self { host, ..self.clone() })
    }

    /// Whether it is this origin itself, and not a pattern for many.
    pub fn names(&self, origin: &str) -> bool {
        !self.below && self.matches(origin)
    }
}

/// The host in an origin or an address; `None` where there is none.
pub fn host_of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    split_port(authority).map(|(host, _)| host).filter(|host| !host.is_empty())
}

/// The origin that an address begins with; `None` where it is none of a page.
pub fn of_address(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    (matches!(scheme, "http" | "https") && end > 0).then(|| &address[..scheme.len() + 3 + end])
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.below { "*." } else { "" };
        write!(f, "{}://{star}{}", self.scheme, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// `host:port` or `host`; an IPv6 host keeps its brackets. `None` for a port that is no number.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_brackets = authority.rfind(']').map_or(0, |end| end + 1);
    match authority[after_brackets..].rfind(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(after_brackets + colon);
            Some((host, Some(port[1..].parse().ok()?)))
        }
        None => Some((authority, None)),
    }
}

fn default_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_whole_origin() {
        for (pattern, origin, expected) in [
            ("https://shop.example", "https://shop.example", true),
            ("https://shop.example/", "https://shop.example", true),
            ("https://Shop.Example:443/pricing?x#y", "https://shop.example", true),
            ("http://shop.example:80", "http://shop.example", true),
            ("https://shop.example", "http://shop.example", false),
            ("https://shop.example", "https://shop.example:8443", false),
            ("https://shop.example", "https://www.shop.example", false),
            ("https://shop.example", "https://shop.example.evil.com", false),
            ("https://shop.example", "null", false),
            ("https://shop.example", "", false),
            ("http://localhost:3000", "http://localhost:3000", true),
            ("http://localhost:3000", "http://localhost:3001", false),
            ("http://[::1]:8080", "http://[::1]:8080", true),
            ("https://*.example.com", "https://www.example.com", true),
            ("https://*.example.com", "https://a.b.example.com", true),
            ("https://*.example.com", "https://example.com", false),
            ("https://*.example.com", "https://.example.com", false),
            ("https://*.example.com", "https://badexample.com", false),
            ("https://*.example.com", "https://www.example.com.evil.com", false),
            ("https://*.example.com", "http://www.example.com", false),
            ("https://*.example.com:8443", "https://www.example.com:8443", true),
            ("https://*.example.com", "https://*.example.com", false),
        ] {
            let pattern = OriginPattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(origin), expected, "{pattern} against {origin}");
        }
    }

    #[test]
    fn what_people_write_is_understood() {
        for (text, expected) in [
            ("www.shop.test", "https://www.shop.test https://shop.test"),
            ("shop.test", "https://shop.test https://www.shop.test"),
            ("https://www.shop.test/pricing", "https://www.shop.test https://shop.test"),
            ("http://shop.co.uk", "http://shop.co.uk http://www.shop.co.uk"),
            ("app.shop.test", "https://app.shop.test"),
            ("localhost:3000, 127.0.0.1:80", "http://localhost:3000 http://127.0.0.1"),
            ("*.shop.test", "https://*.shop.test"),
            ("shop.test\r\nwww.shop.test", "https://shop.test https://www.shop.test"),
            ("", ""),
        ] {
            let all: Vec<String> = meant(text).unwrap().iter().map(OriginPattern::to_string).collect();
            assert_eq!(all.join(" "), expected, "{text}");
        }
        assert!(meant("shop.test https://sh$op").unwrap_err().contains("sh$op"));
    }

    #[test]
    fn an_address_begins_with_its_origin() {
        for (address, origin) in [
            ("https://a.example/pricing?x", Some("https://a.example")),
            ("http://a.example:3000", Some("http://a.example:3000")),
            ("about:blank", None),
            ("file:///a", None),
            ("https:///a", None),
        ] {
            assert_eq!(of_address(address), origin, "{address}");
        }
    }

    #[test]
    fn what_cannot_be_an_origin_is_explained() {
        for (text, hint) in [
            ("shop.example", "needs http://"),
            ("ftp://shop.example", "only http://"),
            ("https://", "no host"),
            ("https://*.", "no host"),
            ("https://sh op.example", "no host"),
            ("https://shop.example:port", "no number"),
        ] {
            let sentence = OriginPattern::parse(text).unwrap_err();
            assert!(sentence.contains(hint), "{text}: {sentence}");
        }
    }
}
