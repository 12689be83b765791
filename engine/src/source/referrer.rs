//! Reading a referrer. It is whatever a browser sent, or anybody else: reading it never fails, and what names no place is
//! nothing.

/// Longest host name there can be.
const LONGEST_HOST: usize = 253;

/// Who linked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum From<'a> {
    /// A page: its host as [`host_of`] gives it, and its path with the leading `/`.
    Page {
        /// The host.
        host: String,
        /// The path, without query and fragment.
        path: &'a str,
    },
    /// An app: `android-app://com.example/…`.
    App(String),
}

impl From<'_> {
    /// Reads a referrer; `None` if it names neither a page nor an app.
    pub fn parse(referrer: &str) -> Option<From<'_>> {
        let referrer = referrer.trim();
        let (scheme, rest) = match referrer.split_once("://") {
            Some(parts) => parts,
            // A host alone has a dot; `about:blank` and `data:,` have none before their colon.
            None if referrer.split(['/', '?', '#']).next().is_some_and(|h| h.contains('.') && !h.contains(':')) => {
                ("https", referrer)
            }
            None => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "http" | "https" => Some(From::Page { host: host_of(authority)?, path }),
            "android-app" | "ios-app" => {
                let package = authority.to_ascii_lowercase();
                let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
                let named = !package.is_empty() && package.len() <= LONGEST_HOST && package.bytes().all(legal);
                named.then_some(From::App(package))
            }
            _ => None,
        }
    }
}

/// The host in an authority: in small letters, without user, port, `www.` and the last dot. `None` if there is none.
pub fn host_of(authority: &str) -> Option<String> {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '%' | '[' | ']');
    (!host.is_empty() && host.len() <= LONGEST_HOST && !host.contains(odd)).then(|| host.to_owned())
}

/// Whether `host` is `parent` or lies below it: `pay.example.com` below `example.com`, `notexample.com` not. A parent is as a
/// person wrote it: capitals, `www.` and a leading `*.` do not matter.
pub fn is_below(host: &str, parent: &str) -> bool {
    let parent = parent.trim().to_ascii_lowercase();
    let parent = parent.strip_prefix("*.").unwrap_or(&parent);
    let parent = parent.strip_prefix("www.").unwrap_or(parent);
    let head = host.strip_suffix(parent);
    !parent.is_empty() && head.is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_lies_below_its_parents_only() {
        for (host, parent, below) in [
            ("pay.example.com", "example.com", true),
            ("example.com", "example.com", true),
            ("example.com", "www.Example.com", true),
            ("pay.example.com", "*.example.com", true),
            ("example.com", "pay.example.com", false),
            ("notexample.com", "example.com", false),
            ("pay.notexample.com", "example.com", false),
            ("example.com.evil.example", "example.com", false),
            ("example.com", "", false),
            ("example.com", ".", false),
            ("localhost", "localhost", true),
        ] {
            assert_eq!(is_below(host, parent), below, "{host} {parent}");
        }
    }

    #[test]
    fn a_referrer_is_a_page_an_app_or_nothing() {
        let page = |host: &str, path| Some(From::Page { host: host.to_owned(), path });
        for (referrer, from) in [
            ("https://www.Blog.example:8080/a/b?c#d", page("blog.example", "/a/b")),
            ("http://u:p@blog.example", page("blog.example", "")),
            ("https://[2001:db8::7]:80/x", page("2001:db8::7", "/x")),
            ("blog.example/x", page("blog.example", "/x")),
            ("android-app://com.Example/x", Some(From::App("com.example".to_owned()))),
            ("about:blank", None),
            ("data:text/html,a.b", None),
            ("data:a.b,c", None),
            ("localhost", None),
            ("ftp://blog.example/", None),
            ("https://", None),
        ] {
            assert_eq!(From::parse(referrer), from, "{referrer}");
        }
    }
}
