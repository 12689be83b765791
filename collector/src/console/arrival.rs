//! Whether anything has come from a site's pages yet, and what is in the way: a sentence each, with what to do. The first page shows it,
//! and the page on how to install, where it follows by itself what happens.

use engine::Timestamp;
use engine::event::name;
use maud::{Markup, html};

use super::access::Here;
use super::words::{Calendar, ago, times};
use crate::auth::May;
use crate::error::ApiError;
use crate::origin::{self, OriginPattern};
use crate::prompts::Engine;
use crate::refusals;
use crate::sightings::{self, Silent};
use crate::state::App;
use crate::store;
use crate::store::refusals::{RefusalRow, StrayRow};

/// What forms call an origin whose pages send nothing.
pub const SILENT: &str = "silent";

/// As many of each kind as anybody reads.
const SHOWN: usize = 10;

/// What is known of a site's pages.
#[derive(Debug, Default)]
pub struct Arrival {
    /// When the first page was viewed, by the site's clock, and which.
    pub first: Option<(Timestamp, String)>,
    refused: Vec<RefusalRow>,
    silent: Vec<Silent>,
    /// Stray keys on pages of this site.
    strays: Vec<StrayRow>,
    /// Stray keys on pages of nobody's, for those who run all of it.
    others: Vec<StrayRow>,
    /// As what modules are to run.
    engine: Engine,
}

/// Reads it, with what was seen up to now.
pub async fn read(app: &App, here: &Here) -> Result<Arrival, ApiError> {
    look(app, here, None).await
}

/// Reads it again. What the first visit was never changes, and where there was none the log is not asked before a page has come.
pub async fn read_again(app: &App, here: &Here, before: Arrival) -> Result<Arrival, ApiError> {
    look(app, here, Some(before)).await
}

async fn look(app: &App, here: &Here, before: Option<Arrival>) -> Result<Arrival, ApiError> {
    let now = app.clock.now();
    app.refusals.flush(&app.db).await?;
    app.sightings.flush(&app.db, now).await?;
    let site = &here.site;
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let seen = store::sightings::of_site(&mut conn, &site.id).await?;
    let has_come = seen.iter().any(|(.., came_at)| came_at.is_some());
    let first = match before {
        Some(Arrival { first: Some(first), .. }) => Some(first),
        Some(_) if !has_come => None,
        _ => {
            let first = store::sightings::first_visit(&mut conn, &site.id, name::PAGE_VIEWED).await?;
            first.map(|(at, url)| (Timestamp(at), url))
        }
    };
    let mut refused = store::refusals::latest(&mut conn, &site.id, 100).await?;
    // One that has been allowed since is no news, also when it was written down after that.
    refused.retain(|(_, kind, origin, ..)| (kind == refusals::ORIGIN) != site.allows(origin));
    let engine = app.rulesets.of(&app.db, site).await?.settings.engine;
    refused.retain(|(_, kind, ..)| kind != refusals::MODULE || engine != Engine::Js);
    refused.truncate(SHOWN);
    let mut silent = sightings::silent(seen, now);
    silent.retain(|one| site.allows(&one.origin));
    silent.truncate(SHOWN);
    let strays = store::refusals::strays(&mut conn).await?;
    let (mut strays, mut others): (Vec<_>, Vec<_>) = strays.into_iter().partition(|row| site.allows(&row.0));
    let sites = app.sites.all();
    others.retain(|row| here.member.is_owner && !sites.iter().any(|site| site.allows(&row.0)));
    strays.truncate(SHOWN);
    others.truncate(SHOWN);
    Ok(Arrival { first, refused, silent, strays, others, engine })
}

impl Arrival {
    /// Whether the first visit came, in a sentence.
    pub fn state(&self, app: &App, here: &Here) -> Markup {
        let calendar = Calendar::of(&here.site.timezone);
        match &self.first {
            Some((at, url)) => html! {
                p.state.good {
                    span.sign aria-hidden="true" { "✓" } " "
                    span { "The first visit came " (calendar.when(here.site.now(&app.clock), *at)) " from " span.address { (url) } "." }
                }
            },
            None => html! {
                p.state.waiting {
                    span.sign aria-hidden="true" { "◌" } " "
                    span { "Waiting for the first visit. Open a page of your site that has the snippet, and this turns green by itself." }
                }
            },
        }
    }

    /// What is in the way, each with what to do; nothing where nothing is. `back` is the page to go on to; only that on how to install
    /// speaks of pages that are nobody's.
    pub fn troubles(&self, app: &App, here: &Here, back: &str) -> Vec<Markup> {
        let now = app.clock.now();
        let page = Page { app, here, back, now };
        let refused = self.refused.iter().map(|row| match row.1.as_str() {
            refusals::MODULE => page.powerless(row, self.engine),
            refusals::NEITHER => page.neither(row),
            _ => page.refused(row),
        });
        let silent = self.silent.iter().map(|one| page.silent(one));
        let strays = self.strays.iter().map(|row| page.stray(row, true));
        let others = self.others.iter().filter(|_| !back.is_empty()).map(|row| page.stray(row, false));
        refused.chain(strays).chain(silent).chain(others).collect()
    }
}

/// What all the sentences of a page have in common.
struct Page<'a> {
    app: &'a App,
    here: &'a Here,
    back: &'a str,
    now: Timestamp,
}

impl Page<'_> {
    fn refused(&self, (_, _, origin, first, last, seen): &RefusalRow) -> Markup {
        let here = self.here;
        let can_be_allowed = OriginPattern::parse(origin).is_ok();
        // Whoever may see that site knows best what its snippet is.
        let theirs = here.sites.iter().find(|site| site.id != here.site.id && site.allows(origin));
        let said = html! {
            p { "A visit came from " strong { (origin) } ", which is not in your list." }
            p.hint {
                (self.often(*seen, *first, *last, here.site.now(&self.app.clock)))
                @if let Some(site) = theirs {
                    "It is an address of " (site.name) ": its pages seem to have the snippet of " (here.site.name) "."
                } @else if can_be_allowed {
                    "Is it one of yours? Then add it. If not, somebody copied your snippet, and there is nothing to do."
                } @else {
                    "Such a page has no address of its own (a file, a sandboxed frame), so it cannot be added: serve it from a host."
                }
            }
        };
        let origin = [("origin", origin.as_str())];
        let add = if can_be_allowed { self.button(May::Run, "/settings/origins/allow", &origin, "Add") } else { None };
        self.trouble(&said, &[add, self.dismiss(&origin)])
    }

    fn powerless(&self, (_, _, origin, first, last, seen): &RefusalRow, engine: Engine) -> Markup {
        let shows = engine != Engine::Wasm;
        let said = html! {
            p { "Pages of " strong { (origin) } " let no WebAssembly run, so they show "
                @if shows { "prompts as JavaScript." } @else { "no prompt." }
            }
            p.hint {
                (self.often(*seen, *first, *last, self.here.site.now(&self.app.clock)))
                @if shows { "That is larger, and each browser finds it out by violating the policy, once a week. " }
                "Add " code { "'wasm-unsafe-eval'" } " to the " code { "script-src" } " of their Content-Security-Policy, or use JavaScript on all pages of this site."
            }
        };
        let named = [("origin", origin.as_str()), ("kind", refusals::MODULE)];
        let js = self.button(May::Publish, "/settings/engine", &named[..1], "Use JavaScript");
        self.trouble(&said, &[js, self.dismiss(&named)])
    }

    fn neither(&self, (_, _, origin, first, last, seen): &RefusalRow) -> Markup {
        let own = origin::of_address(&self.app.public_url).unwrap_or(&self.app.public_url);
        let said = html! {
            p { "Pages of " strong { (origin) } " let neither WebAssembly nor the JavaScript in its place run, so they show no prompt." }
            p.hint {
                (self.often(*seen, *first, *last, self.here.site.now(&self.app.clock)))
                "Add " code { (own) } ", without a path, to the " code { "script-src" } " of their Content-Security-Policy; with "
                code { "'wasm-unsafe-eval'" } " beside it prompts run as WebAssembly."
            }
        };
        self.trouble(&said, &[self.dismiss(&[("origin", origin.as_str()), ("kind", refusals::NEITHER)])])
    }

    fn stray(&self, (origin, key, first, last, seen): &StrayRow, is_own: bool) -> Markup {
        let said = html! {
            p { "A page at " strong { (origin) } " used the key " code { (key) } ", which belongs to no site." }
            p.hint {
                (self.often(*seen, *first, *last, self.now))
                @if is_own { "The snippet there is old or cut off: put the one of " (self.here.site.name) " in its place." }
                @else { "The address is in no site's list either, so it may be of none of yours. Only owners of the installation see this." }
            }
        };
        let named = [("origin", origin.as_str()), ("key", key.as_str())];
        self.trouble(&said, &[self.dismiss(&named)])
    }

    fn silent(&self, Silent { origin, asked, asked_at, is_new }: &Silent) -> Markup {
        let said = html! {
            p { "Pages of " strong { (origin) } " fetch the script, but nothing arrives from them" @if !is_new { " any more" } "." }
            p.hint {
                "Fetched " (times(*asked)) ", last " (ago(self.now, *asked_at)) ". Most likely a Content-Security-Policy of the page blocks it: add the line " @if self.back.is_empty() { "under Settings, Install. " } @else { "below. " }
                code { "waymark doctor " (origin) "/" } " says what exactly is missing."
            }
        };
        let named = [("origin", origin.as_str()), ("kind", SILENT)];
        self.trouble(&said, &[self.dismiss(&named)])
    }

    fn often(&self, seen: i64, first: i64, last: i64, now: Timestamp) -> String {
        let last = ago(now, Timestamp(last));
        if seen == 1 {
            return format!("Once, {last}. ");
        }
        let first = Calendar::of(&self.here.site.timezone).moment(Timestamp(first));
        let mut times = times(seen);
        times[..1].make_ascii_uppercase();
        format!("{times} since {first}, last {last}. ")
    }

    fn trouble(&self, said: &Markup, buttons: &[Option<Markup>]) -> Markup {
        html! {
            div.refusal {
                div { (said) }
                @if buttons.iter().any(Option::is_some) { div.actions { @for button in buttons.iter().flatten() { (button) } } }
            }
        }
    }

    fn dismiss(&self, named: &[(&str, &str)]) -> Option<Markup> {
        self.button(May::Run, "/refusals/forget", named, "Dismiss")
    }

    /// For those who may.
    fn button(&self, may: May, to: &str, named: &[(&str, &str)], word: &str) -> Option<Markup> {
        self.here.may(may).then(|| html! {
            form method="post" action=(self.here.to(to)) {
                @for (name, value) in named { input type="hidden" name=(name) value=(value); }
                input type="hidden" name="back" value=(self.back);
                button.quiet type="submit" aria-label={ (word) @for (_, value) in named.iter().filter(|(name, _)| *name != "kind") { " " (value) } } { (word) }
            }
        })
    }
}
