//! The small drawings beside links and notices: one line each, on a square of 24. All are our own; none is anybody's mark. The name of
//! a platform is in the link's text.

use crate::address::host;
use engine::prompt::Purpose;

/// Leads out of the page.
pub const OUT: &str = "M8 16L17 7M9.5 7H17v7.5";
/// It is so, or it is done.
pub const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";
/// To the clipboard.
pub const COPY: &str = "M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9";
/// Onwards, in the direction of the text.
pub const ON: &str = "M9.5 6l6 6-6 6";
/// A filled triangle: its inside is painted too.
pub const PLAY: &str = "M8.5 6.2v11.6L18 12z";

const STAR: &str = "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z";
const QUADRANT: &str = "M4 4h16v16H4zM12 4v16M4 12h16M16 8v.01";
const SEARCH: &str = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.4 15.4L20 20M7.9 10.7l1.9 1.9 3.4-3.7";
const SHIELD: &str = "M12 3.5l7 2.6v5.2c0 4.4-2.9 7.6-7 9.2-4.1-1.6-7-4.8-7-9.2V6.1zM9 12l2.2 2.2 4-4.2";
const ROCKET: &str = "M12 3c3 2 4.4 5 4.4 8.5L15 15.5H9l-1.4-4C7.6 8 9 5 12 3zM7.7 11.5L5 14v3.5l3.6-2M16.3 11.5L19 14v3.5l-3.6-2M12 9v.01M10.4 18.5L12 21l1.6-2.5";
const PIN: &str = "M12 21c4.2-4.6 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2.3 6.4 6.5 11zM12 7.7a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z";
const BAG: &str = "M6 8.5h12l1 11.5H5zM9 11V7.2a3 3 0 0 1 6 0V11";
const PHONE: &str =
    "M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3zM11 18h2";

const BUBBLE: &str =
    "M20.5 11.5a8 8 0 0 1-8.5 7.5 9 9 0 0 1-3.4-.7L4 19.5l1.3-3.7a7 7 0 0 1-1.8-4.3A8 8 0 0 1 12 4a8 8 0 0 1 8.5 7.5z";
const CHAT: &str = "M20.5 11.5a8 8 0 0 1-8.5 7.5 9 9 0 0 1-3.4-.7L4 19.5l1.3-3.7a7 7 0 0 1-1.8-4.3A8 8 0 0 1 12 4a8 8 0 0 1 8.5 7.5zM8.3 11.6v.01M12 11.6v.01M15.7 11.6v.01";
const FORUM: &str = "M3.5 4.5h12v8.5H9L6 16v-3H3.5zM18.5 9h2v8.5H18v3l-3-3h-4.5V16";
const FILM: &str = "M3.5 6h17v12h-17zM10.3 9.2v5.6L15 12z";
const CODE: &str = "M8.5 7l-5 5 5 5M15.5 7l5 5-5 5M13.5 4.5l-3 15";
const PEOPLE: &str = "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3 19.4C3 16.2 5.6 14 9 14s6 2.2 6 5.4M15.5 4.9a3.2 3.2 0 0 1 0 5.8M17.4 14.4c2.2.6 3.6 2.4 3.6 5";
const AT: &str =
    "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM15.5 8.5v5a2.3 2.3 0 0 0 4.6 0V12a8.1 8.1 0 1 0-3.2 6.4";
const CAMERA: &str = "M3.5 7.5h4L9 5h6l1.5 2.5h4V19h-17zM12 9.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z";
const PAGES: &str = "M5 4h9.5L19 8.5V20H5zM14 4v5h5M8.5 13h7M8.5 16.3h5";
const SOUND: &str = "M4.5 15v-3a7.5 7.5 0 0 1 15 0v3M4.5 14h3v5.5h-3zM16.5 14h3v5.5h-3z";
const MAIL: &str = "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.2L20.5 7";
const CALENDAR: &str = "M4.5 6h15v13.5h-15zM4.5 10.5h15M8.5 3.5V8M15.5 3.5V8M9.3 15l1.9 1.9 3.5-3.7";

/// Review platforms. A name that ends in a dot is one below several countries' domains.
const PLATFORMS: &[(&str, &str)] = &[
    ("g2.com", QUADRANT),
    ("capterra.", SEARCH),
    ("getapp.", SEARCH),
    ("softwareadvice.", SEARCH),
    ("trustpilot.com", SHIELD),
    ("producthunt.com", ROCKET),
    ("play.google.com", PHONE),
    ("apps.apple.com", BAG),
    ("itunes.apple.com", BAG),
    ("google.", PIN),
    ("g.page", PIN),
    ("goo.gl", PIN),
];

/// Where people meet.
const PLACES: &[(&str, &str)] = &[
    ("slack.com", CHAT),
    ("discord.com", CHAT),
    ("discord.gg", CHAT),
    ("t.me", CHAT),
    ("telegram.me", CHAT),
    ("whatsapp.com", CHAT),
    ("wa.me", CHAT),
    ("matrix.to", CHAT),
    ("zulipchat.com", CHAT),
    ("chat.", CHAT),
    ("reddit.com", FORUM),
    ("stackoverflow.com", FORUM),
    ("discourse.group", FORUM),
    ("circle.so", FORUM),
    ("forum.", FORUM),
    ("community.", FORUM),
    ("discuss.", FORUM),
    ("youtube.com", FILM),
    ("youtu.be", FILM),
    ("twitch.tv", FILM),
    ("vimeo.com", FILM),
    ("tiktok.com", FILM),
    ("github.com", CODE),
    ("gitlab.com", CODE),
    ("codeberg.org", CODE),
    ("bitbucket.org", CODE),
    ("facebook.com", PEOPLE),
    ("linkedin.com", PEOPLE),
    ("skool.com", PEOPLE),
    ("meetup.com", PEOPLE),
    ("x.com", AT),
    ("twitter.com", AT),
    ("bsky.app", AT),
    ("threads.net", AT),
    ("mastodon.", AT),
    ("instagram.com", CAMERA),
    ("pinterest.", CAMERA),
    ("spotify.com", SOUND),
    ("podcasts.apple.com", SOUND),
    ("lu.ma", CALENDAR),
    ("luma.com", CALENDAR),
    ("eventbrite.", CALENDAR),
    ("substack.com", PAGES),
    ("medium.com", PAGES),
    ("docs.", PAGES),
    ("blog.", PAGES),
    ("wiki.", PAGES),
];

/// Beside a review platform: its own drawing if we have one, else a star.
pub fn of_platform(url: &str) -> &'static str {
    found(PLATFORMS, host(url)).unwrap_or(STAR)
}

/// Beside a community.
pub fn of_place(url: &str) -> &'static str {
    let is_mail = url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    if is_mail { MAIL } else { found(PLACES, host(url)).unwrap_or(BUBBLE) }
}

/// Beside a notice.
pub fn of_purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Announcement => "M4 10v4h3l8 4.5v-13L7 10zM18.3 9.4a3.8 3.8 0 0 1 0 5.2M8.2 14.6l1.2 5H12l-.9-3.7",
        Purpose::Tip => "M9.5 17.5c0-2-3-3.4-3-7a5.5 5.5 0 0 1 11 0c0 3.6-3 5-3 7zM10 20.5h4",
        Purpose::Renewal => "M19.5 12a7.5 7.5 0 0 1-13.2 4.9M4.5 12a7.5 7.5 0 0 1 13.2-4.9M18 3.3v4h-4M6 20.7v-4h4",
        Purpose::Help => {
            "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.6 9.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2 1-1.2 1.9M12 16.8v.01"
        }
        Purpose::Booking => CALENDAR,
        Purpose::Beta => {
            "M9.5 3.5h5M10.5 3.5v6L5 18.6a1.3 1.3 0 0 0 1.1 1.9h11.8a1.3 1.3 0 0 0 1.1-1.9L13.5 9.5v-6M8 14.5h8"
        }
        Purpose::Launch => ROCKET,
        Purpose::Webinar => "M4 5h16v11H4zM8.5 20h7M12 16v4M10.4 8v5l4.2-2.5z",
    }
}

fn found(known: &[(&str, &'static str)], host: &str) -> Option<&'static str> {
    known.iter().find(|(name, _)| is_at(host, name)).map(|(_, path)| *path)
}

/// Whether a host is this one or below it: `m.x.com` is at `x.com`, `netflix.com` is not.
fn is_at(host: &str, name: &str) -> bool {
    let mut rest = host;
    loop {
        let is_it = if name.ends_with('.') { rest.starts_with(name) } else { rest == name };
        match rest.split_once('.') {
            _ if is_it => return true,
            Some((_, above)) => rest = above,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_recognised_by_its_whole_name() {
        for (url, expected) in [
            ("https://www.g2.com/products/acme/reviews", QUADRANT),
            ("https://www.capterra.com/p/1/", SEARCH),
            ("https://www.capterra.com.de/p/1/", SEARCH),
            ("https://de.trustpilot.com/review/acme", SHIELD),
            ("https://www.producthunt.com/posts/acme", ROCKET),
            ("https://play.google.com/store/apps/details?id=a", PHONE),
            ("https://www.google.co.uk/maps/place/x", PIN),
            ("https://g.page/r/abc/review", PIN),
            ("https://apps.apple.com/app/id1", BAG),
            ("https://notg2.com/", STAR),
            ("https://reviews.example/?at=g2.com", STAR),
            ("/reviews", STAR),
        ] {
            assert_eq!(of_platform(url), expected, "{url}");
        }
        for (url, expected) in [
            ("https://acme.slack.com/", CHAT),
            ("https://netflix.com/", BUBBLE),
            ("https://x.com/acme", AT),
            ("https://forum.acme.example/", FORUM),
            ("https://community.acme.example/", FORUM),
            ("https://github.com/acme", CODE),
            ("mailto:hi@acme.example", MAIL),
            ("/community", BUBBLE),
        ] {
            assert_eq!(of_place(url), expected, "{url}");
        }
    }
}
