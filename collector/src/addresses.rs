//! Where pages find the script, the prompts and the modules, and where they send what happened: below paths of Waymark's own, or all below one
//! that the operator has chosen, with names that say nothing, since lists of blockers go by paths.
//!
//! The one thing to know: the chosen path is another way to the same routes. Those of our own stay for servers, and for pages that were loaded
//! before.

/// Where a page posts its visits.
pub const VISIT: &str = "/v1/visit";

/// The script and the prompts of a site.
const SITE: &str = "/w/";

/// How keys of sites begin.
const KEY: &str = "wk_";

/// What pages call [`VISIT`] below a path of the operator's.
const SHORT_VISIT: &str = "/v";

/// What else pages ask for, by the same names below that path.
const OTHERS: [&str; 3] = ["/a/", "/i/", "/v1/refused"];

/// First parts of paths that mean something else here.
const TAKEN: [&str; 16] = [
    "a", "demo", "forgot", "healthz", "i", "login", "logout", "metrics", "readyz", "s", "setup", "sites", "static",
    "theme", "v1", "w",
];

/// The addresses that pages are told.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The address for browsers, and behind it the path that was chosen.
    base: String,
    /// Empty, or `/` and names; without a slash at the end.
    path: String,
}

impl Addresses {
    /// Those below a public address and, unless it is empty, a path.
    pub fn new(public_url: &str, path: &str) -> Addresses {
        Addresses { base: format!("{public_url}{path}"), path: path.to_owned() }
    }

    /// The path that was chosen; empty where none was.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether no path was chosen.
    pub fn are_usual(&self) -> bool {
        self.path.is_empty()
    }

    /// What the loader puts before whatever it asks for.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The script of a site: what a page's snippet names.
    pub fn script(&self, key: &str) -> String {
        format!("{}{}{key}.js", self.base, if self.path.is_empty() { SITE } else { "/" })
    }

    /// The path that scripts of sites stand below.
    pub fn script_path(&self) -> String {
        if self.path.is_empty() { SITE.to_owned() } else { format!("{}/", self.path) }
    }

    /// A picture.
    pub fn picture(&self, file: &str) -> String {
        format!("{}/i/{file}", self.base)
    }

    /// The path that a cookie of a visitor is sent to.
    pub fn cookie_path(&self) -> &str {
        if self.path.is_empty() { "/v1" } else { &self.path }
    }

    /// The loader's text, asking by these addresses.
    pub fn told(&self, loader: &str) -> String {
        if self.path.is_empty() {
            return loader.to_owned();
        }
        let quoted = |from: &str, to: &str, text: String| text.replace(&format!("\"{from}\""), &format!("\"{to}\""));
        quoted(SITE, "/", quoted(VISIT, SHORT_VISIT, loader.to_owned()))
    }

    /// Which route is meant by a path below the chosen one; `None` for every other.
    pub fn route(&self, path: &str) -> Option<String> {
        let rest = path.strip_prefix(&self.path).filter(|rest| !self.path.is_empty() && rest.starts_with('/'))?;
        match rest {
            SHORT_VISIT => Some(VISIT.to_owned()),
            _ if rest[1..].starts_with(KEY) => Some(format!("{SITE}{}", &rest[1..])),
            _ => OTHERS.iter().any(|other| rest.starts_with(other)).then(|| rest.to_owned()),
        }
    }
}

/// Why a path cannot be chosen, in a sentence.
pub fn unfit(path: &str) -> Option<&'static str> {
    let mut names = path.split('/').skip(1);
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    match path {
        "" => None,
        _ if !path.starts_with('/') || path.len() > 100 || !path.split('/').skip(1).all(is_name) => {
            Some("write a path of letters, digits, - and _, without a slash at the end: /m")
        }
        _ if names.next().is_some_and(|first| TAKEN.contains(&first)) => {
            Some("this path has a meaning of its own here; choose another first part")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = r#"f(u+"/v1/visit");f(u+"/w/"+k+".json");l("/a/overlay")"#;

    #[test]
    fn without_a_path_everything_has_its_usual_name() {
        let usual = Addresses::new("https://ask.shop.example", "");
        assert_eq!(usual.script("wk_1"), "https://ask.shop.example/w/wk_1.js");
        assert_eq!(usual.picture("1.png"), "https://ask.shop.example/i/1.png");
        assert_eq!((usual.base(), usual.cookie_path()), ("https://ask.shop.example", "/v1"));
        assert_eq!(usual.told(LOADER), LOADER);
        for path in ["/", "/v", "/v1/visit", "/wk_1.js", ""] {
            assert_eq!(usual.route(path), None, "{path}");
        }
    }

    #[test]
    fn below_a_path_nothing_has() {
        let own = Addresses::new("https://ask.shop.example", "/m");
        assert_eq!(own.script("wk_1"), "https://ask.shop.example/m/wk_1.js");
        assert_eq!(own.picture("1.png"), "https://ask.shop.example/m/i/1.png");
        assert_eq!((own.base(), own.cookie_path()), ("https://ask.shop.example/m", "/m"));
        assert_eq!(own.told(LOADER), r#"f(u+"/v");f(u+"/"+k+".json");l("/a/overlay")"#);
        for (path, route) in [
            ("/m/wk_1.js", Some("/w/wk_1.js")),
            ("/m/wk_1.json", Some("/w/wk_1.json")),
            ("/m/v", Some("/v1/visit")),
            ("/m/a/core-1.wasm", Some("/a/core-1.wasm")),
            ("/m/i/1.png", Some("/i/1.png")),
            ("/m/v1/refused", Some("/v1/refused")),
            ("/m/v1/events", None),
            ("/m/s/demo", None),
            ("/m/", None),
            ("/m", None),
            ("/music/v", None),
            ("/v1/visit", None),
        ] {
            assert_eq!(own.route(path).as_deref(), route, "{path}");
        }
    }

    #[test]
    fn a_path_is_names_that_mean_nothing_else() {
        for (path, fits) in [
            ("", true),
            ("/m", true),
            ("/assets/2-B_c", true),
            ("m", false),
            ("/", false),
            ("/m/", false),
            ("/m//n", false),
            ("/m?n", false),
            ("/..", false),
            ("/s", false),
            ("/v1/x", false),
        ] {
            assert_eq!(unfit(path).is_none(), fits, "{path}");
        }
    }
}
