//! What the leaves say that only a page can answer, and those about the browser that asks. Only their form is here; the page's are
//! answered in [`super::page`].

use super::date::Date;
use super::eval::Answer;
use super::test::Test;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// A part of the page passes a test. For an address and a path the slash at the end does not matter to `is` and `glob`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PageIs {
    /// Which part.
    pub part: PagePart,
    /// What it must pass.
    pub test: Test,
}

/// A part of a page. Parameters have a leaf of their own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PagePart {
    /// The path, with its slash at the beginning.
    Path,
    /// The host, without port.
    Host,
    /// What follows `#`, without it.
    Hash,
    /// The whole address. Its query and its fragment count only for a text that names them: has a `?` or a `#` in it (in a regular
    /// expression: `\?` or `#`).
    Url,
    /// The title of the document.
    Title,
}

impl PagePart {
    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            PagePart::Path => "path",
            PagePart::Host => "host",
            PagePart::Hash => "fragment",
            PagePart::Url => "address",
            PagePart::Title => "title",
        }
    }
}

/// A variable of the page passes a test: `{"path": "app.user.plan", "test": …}`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct JsIs {
    /// Names joined by dots, from `window` on. Nothing is called: only what is there is read.
    pub path: String,
    /// What it must pass.
    pub test: Test,
}

/// A cookie that the page may read passes a test.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct CookieIs {
    /// Its name.
    pub name: String,
    /// What its decoded value must pass.
    pub test: Test,
}

/// What time it is in the site's time zone.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NowIs {
    /// The hour, 0 to 23, passes a test: `{"hour": {"between": [9, 16]}}` from nine until five.
    Hour(Test),
    /// One of these days.
    Weekday(Vec<Weekday>),
    /// From the first day to the second, both of them included.
    Date(Date, Date),
}

/// A day of the week.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Its name in rules and in words.
    pub fn name(self) -> &'static str {
        match self {
            Weekday::Monday => "monday",
            Weekday::Tuesday => "tuesday",
            Weekday::Wednesday => "wednesday",
            Weekday::Thursday => "thursday",
            Weekday::Friday => "friday",
            Weekday::Saturday => "saturday",
            Weekday::Sunday => "sunday",
        }
    }
}

/// The calendar at an instant, on the site's clocks; see [`crate::prompt::Zone::calendar`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calendar {
    /// 0 to 23.
    pub hour: u8,
    /// The day of the week.
    pub weekday: Weekday,
    /// The day, as the instant at which it would begin in UTC.
    pub date: Date,
    /// When all this is to be looked at again: the beginning of the next hour, or when the clocks change.
    pub until: Timestamp,
}

/// Something of this visit.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionIs {
    /// How many pages were viewed in it, this one too.
    Pages(Test),
    /// It has lasted at least so long. After exactly this long the condition holds.
    Lasting(Span),
    /// The number of the visit, from 1 on.
    Visit(Test),
    /// The path of the page that it began with.
    Landing(Test),
}

/// What a page knows of its visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit<'a> {
    /// Pages viewed, this one too.
    pub pages: u32,
    /// When it began.
    pub since: Timestamp,
    /// The how manieth of this browser it is, if that is known.
    pub number: Option<u32>,
    /// The address it began with, if that is known.
    pub landing: Option<&'a str>,
}

/// What a visitor may consent to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// That something is kept in the browser.
    Store,
    /// That what they do is remembered.
    Profile,
    /// That what they answer is kept.
    Answer,
}

impl Consent {
    /// Its name in rules and in words.
    pub fn name(self) -> &'static str {
        match self {
            Consent::Store => "store",
            Consent::Profile => "profile",
            Consent::Answer => "answer",
        }
    }
}

/// Something was so long ago.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Less than so long, and not in the future.
    WithinLast(Span),
    /// At least so long.
    OlderThan(Span),
}

impl Age {
    /// Whether an instant has this age now, and until when.
    pub fn answer(self, at: Timestamp, now: Timestamp) -> Answer {
        match self {
            Age::WithinLast(_) if now < at => Answer::until(false, at),
            Age::WithinLast(span) if now < at.after(span) => Answer::until(true, at.after(span)),
            Age::WithinLast(_) => Answer::of(false),
            Age::OlderThan(span) if now < at.after(span) => Answer::until(false, at.after(span)),
            Age::OlderThan(_) => Answer::of(true),
        }
    }
}

/// The family of an operating system.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum System {
    Windows,
    #[serde(rename = "macos")]
    MacOs,
    /// iPhones and iPads.
    Ios,
    Android,
    #[serde(rename = "chromeos")]
    ChromeOs,
    Linux,
    Other,
}

impl System {
    /// Its name in rules and in words.
    pub fn name(self) -> &'static str {
        match self {
            System::Windows => "windows",
            System::MacOs => "macos",
            System::Ios => "ios",
            System::Android => "android",
            System::ChromeOs => "chromeos",
            System::Linux => "linux",
            System::Other => "other",
        }
    }
}

/// The family of a browser.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Browser {
    Chrome,
    Safari,
    Firefox,
    Edge,
    Opera,
    Samsung,
    Brave,
    Vivaldi,
    Yandex,
    #[serde(rename = "duckduckgo")]
    DuckDuckGo,
    Uc,
    Silk,
    InternetExplorer,
    /// A page opened inside another app: Instagram, LinkedIn, a mail program.
    InApp,
    Other,
}

impl Browser {
    /// Its name in rules and in words.
    pub fn name(self) -> &'static str {
        match self {
            Browser::Chrome => "chrome",
            Browser::Safari => "safari",
            Browser::Firefox => "firefox",
            Browser::Edge => "edge",
            Browser::Opera => "opera",
            Browser::Samsung => "samsung",
            Browser::Brave => "brave",
            Browser::Vivaldi => "vivaldi",
            Browser::Yandex => "yandex",
            Browser::DuckDuckGo => "duckduckgo",
            Browser::Uc => "uc",
            Browser::Silk => "silk",
            Browser::InternetExplorer => "internet_explorer",
            Browser::InApp => "in_app",
            Browser::Other => "other",
        }
    }
}
