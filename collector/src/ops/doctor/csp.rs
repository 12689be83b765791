//! Reading a page's Content-Security-Policy: would our widget run there?
//!
//! Only what the widget needs is asked: its script from our host, WebAssembly, and a connection to our host. What a page
//! sends is the same in a browser, so the rules are those of CSP level 3 for host, scheme and keyword sources.

/// One policy. A page may have several; each must allow a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy(Vec<(String, Vec<String>)>);

/// What the widget needs and a policy forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The script itself, from our host.
    Script,
    /// Compiling WebAssembly.
    Wasm,
    /// Sending to our host.
    Connect,
    /// The page is sandboxed without scripts.
    Scripts,
}

impl Policy {
    /// The policies of a header line, or of a meta element's content.
    pub fn parse_list(text: &str) -> Vec<Self> {
        text.split(',').map(Self::parse).filter(|policy| !policy.0.is_empty()).collect()
    }

    fn parse(text: &str) -> Self {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for directive in text.split(';') {
            let mut words = directive.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
            // Of two directives of one name the first counts.
            if directives.iter().all(|(known, _)| *known != name) {
                directives.push((name, words.map(str::to_owned).collect()));
            }
        }
        Self(directives)
    }

    /// What is missing for a widget that is served from `host` (an origin) on a page of `page` (an origin). `nonce` is the
    /// one that the page's snippet carries.
    pub fn missing(&self, host: &str, page: &str, nonce: Option<&str>) -> Vec<Missing> {
        let mut missing = Vec::new();
        if self.directive("sandbox").is_some_and(|words| !words.iter().any(|w| w.eq_ignore_ascii_case("allow-scripts")))
        {
            missing.push(Missing::Scripts);
        }
        let script = self.first(&["script-src-elem", "script-src", "default-src"]);
        if script.is_some_and(|sources| !allows_script(sources, host, page, nonce)) {
            missing.push(Missing::Script);
        }
        // WebAssembly is asked of script-src, never of script-src-elem.
        let compile = self.first(&["script-src", "default-src"]);
        let wasm = |word: &String| {
            word.eq_ignore_ascii_case("'wasm-unsafe-eval'") || word.eq_ignore_ascii_case("'unsafe-eval'")
        };
        if compile.is_some_and(|sources| !sources.iter().any(wasm)) {
            missing.push(Missing::Wasm);
        }
        if self.first(&["connect-src", "default-src"]).is_some_and(|sources| !allows_host(sources, host, page)) {
            missing.push(Missing::Connect);
        }
        missing
    }

    /// The name of the directive that decides about a thing on this page: where an owner has to add the missing word.
    pub fn deciding(&self, missing: Missing) -> &'static str {
        let present = |names: &[&'static str]| names.iter().copied().find(|name| self.directive(name).is_some());
        match missing {
            Missing::Scripts => "sandbox",
            Missing::Script => present(&["script-src-elem", "script-src"]).unwrap_or("script-src"),
            Missing::Wasm => "script-src",
            Missing::Connect => "connect-src",
        }
    }

    fn directive(&self, name: &str) -> Option<&[String]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, words)| words.as_slice())
    }

    fn first(&self, names: &[&str]) -> Option<&[String]> {
        names.iter().find_map(|name| self.directive(name))
    }
}

fn allows_script(sources: &[String], host: &str, page: &str, nonce: Option<&str>) -> bool {
    let nonced = nonce.is_some_and(|nonce| sources.iter().any(|word| *word == format!("'nonce-{nonce}'")));
    // 'strict-dynamic' makes browsers ignore every host: only a nonce (or a script that has one) opens the door.
    let strict = sources.iter().any(|word| word.eq_ignore_ascii_case("'strict-dynamic'"));
    nonced || (!strict && allows_host(sources, host, page))
}

fn allows_host(sources: &[String], host: &str, page: &str) -> bool {
    sources.iter().any(|source| source_matches(&source.to_ascii_lowercase(), host, page))
}

/// Whether one source expression covers an origin. Our paths lie below it, so a source with a path must end in `/w/`, `/a/`
/// or `/v1/` to be of use; few people write one, and it is read as not covering.
fn source_matches(source: &str, host: &str, page: &str) -> bool {
    let Some((host_scheme, host_rest)) = host.split_once("://") else { return false };
    if source == "*" {
        return true;
    }
    if source == "'self'" {
        return host == page;
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return covers_scheme(scheme, host_scheme);
    }
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, source),
    };
    let page_scheme = page.split_once("://").map_or("https", |(scheme, _)| scheme);
    if !covers_scheme(scheme.unwrap_or(page_scheme), host_scheme) {
        return false;
    }
    let rest = match rest.split_once('/') {
        None | Some((_, "")) => rest.trim_end_matches('/'),
        Some(_) => return false,
    };
    let port_of = |scheme: &str| if scheme == "https" { "443" } else { "80" };
    let split = |authority: &str, default: &str| match authority.rsplit_once(':') {
        Some((name, port)) if port == "*" || port.bytes().all(|b| b.is_ascii_digit()) => {
            (name.to_owned(), port.to_owned())
        }
        _ => (authority.to_owned(), default.to_owned()),
    };
    let (name, port) = split(rest, port_of(host_scheme));
    let (host_name, host_port) = split(host_rest, port_of(host_scheme));
    let named = match name.strip_prefix("*.") {
        Some(below) => host_name.strip_suffix(below).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.')),
        None => name == host_name,
    };
    named && (port == "*" || port == host_port)
}

/// A policy's `http:` covers https too.
fn covers_scheme(allowed: &str, actual: &str) -> bool {
    allowed == actual || (allowed == "http" && actual == "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "https://waymark.example.com";
    const PAGE: &str = "https://shop.example";

    fn missing(policy: &str) -> Vec<Missing> {
        Policy::parse_list(policy).iter().flat_map(|p| p.missing(HOST, PAGE, Some("abc"))).collect()
    }

    #[test]
    fn a_policy_is_read_as_a_browser_does() {
        use Missing::{Connect, Script, Scripts, Wasm};
        for (policy, expected) in [
            ("", &[][..]),
            ("img-src 'self'", &[]),
            ("default-src 'self'", &[Script, Wasm, Connect]),
            ("default-src *", &[Wasm]),
            ("default-src https: 'wasm-unsafe-eval'", &[]),
            ("script-src https://waymark.example.com 'wasm-unsafe-eval'; connect-src https://waymark.example.com", &[]),
            ("script-src waymark.example.com 'unsafe-eval'; connect-src waymark.example.com:443", &[]),
            ("script-src *.example.com 'wasm-unsafe-eval'; connect-src *.example.com/", &[]),
            ("script-src *.waymark.example.com 'wasm-unsafe-eval'", &[Script]),
            ("script-src https://waymark.example.com; connect-src 'self'", &[Wasm, Connect]),
            ("SCRIPT-SRC https://WAYMARK.example.com 'WASM-unsafe-eval'", &[]),
            ("script-src 'strict-dynamic' 'nonce-abc' 'wasm-unsafe-eval'", &[]),
            ("script-src 'strict-dynamic' 'nonce-other' https://waymark.example.com 'wasm-unsafe-eval'", &[Script]),
            ("script-src-elem https://waymark.example.com; script-src 'none'", &[Wasm]),
            ("script-src http://waymark.example.com 'wasm-unsafe-eval'", &[]),
            ("script-src https://waymark.example.com:8443 'wasm-unsafe-eval'", &[Script]),
            ("script-src https://waymark.example.com:* 'wasm-unsafe-eval'", &[]),
            ("sandbox; script-src * 'wasm-unsafe-eval'", &[Scripts]),
            ("sandbox allow-scripts", &[]),
            ("connect-src 'none'; connect-src *", &[Connect]),
            ("connect-src *, connect-src 'self'", &[Connect]),
        ] {
            assert_eq!(missing(policy), expected, "{policy}");
        }
    }

    #[test]
    fn our_own_page_is_self() {
        assert_eq!(Policy::parse("default-src 'self' 'wasm-unsafe-eval'").missing(PAGE, PAGE, None), []);
    }
}
