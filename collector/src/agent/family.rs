//! Device, system and browser, read off the user agent and the client hints that Chromium sends beside it. Families only: versions
//! are frozen in user agents, and no rule should hang on one.

use engine::rule::{Browser, Device, System};

use super::Hints;

/// What only one browser puts into its user agent. The first that is there counts: nearly all of them also say Chrome or Safari.
const SIGNS: [(&str, Browser); 51] = [
    ("FBAN/", Browser::InApp),
    ("FBAV/", Browser::InApp),
    ("FB_IAB", Browser::InApp),
    ("Instagram ", Browser::InApp),
    ("BytedanceWebview", Browser::InApp),
    ("musical_ly", Browser::InApp),
    ("Snapchat", Browser::InApp),
    ("LinkedInApp", Browser::InApp),
    ("Pinterest/", Browser::InApp),
    ("Twitter for", Browser::InApp),
    ("TwitterAndroid", Browser::InApp),
    ("MicroMessenger", Browser::InApp),
    ("KAKAOTALK", Browser::InApp),
    ("NAVER(inapp", Browser::InApp),
    (" Line/", Browser::InApp),
    ("Zalo ", Browser::InApp),
    ("Viber/", Browser::InApp),
    ("Flipboard/", Browser::InApp),
    ("baiduboxapp", Browser::InApp),
    ("Reddit/", Browser::InApp),
    ("GSA/", Browser::InApp),
    ("Electron/", Browser::InApp),
    ("Teams/", Browser::InApp),
    ("EdgA/", Browser::Edge),
    ("EdgiOS/", Browser::Edge),
    ("Edg/", Browser::Edge),
    ("Edge/", Browser::Edge),
    ("OPR/", Browser::Opera),
    ("OPX/", Browser::Opera),
    ("OPT/", Browser::Opera),
    ("OPiOS/", Browser::Opera),
    ("Opera", Browser::Opera),
    ("SamsungBrowser/", Browser::Samsung),
    ("YaBrowser/", Browser::Yandex),
    ("Vivaldi/", Browser::Vivaldi),
    ("Brave/", Browser::Brave),
    ("DuckDuckGo/", Browser::DuckDuckGo),
    ("Ddg/", Browser::DuckDuckGo),
    ("UCBrowser/", Browser::Uc),
    ("Silk/", Browser::Silk),
    ("Whale/", Browser::Other),
    ("coc_coc_browser/", Browser::Other),
    ("MiuiBrowser/", Browser::Other),
    ("HuaweiBrowser/", Browser::Other),
    ("HeyTapBrowser/", Browser::Other),
    ("VivoBrowser/", Browser::Other),
    ("MQQBrowser/", Browser::Other),
    ("SogouMobileBrowser/", Browser::Other),
    ("MetaSr", Browser::Other),
    ("OculusBrowser/", Browser::Other),
    ("Epiphany/", Browser::Other),
];

/// The brands of `Sec-CH-UA` that say more than the user agent does.
const BRANDS: [(&str, Browser); 6] = [
    ("\"Brave\"", Browser::Brave),
    ("\"Microsoft Edge\"", Browser::Edge),
    ("\"Opera", Browser::Opera),
    ("\"Vivaldi\"", Browser::Vivaldi),
    ("\"YaBrowser\"", Browser::Yandex),
    ("\"Samsung Internet\"", Browser::Samsung),
];

/// Televisions and consoles run Android or Linux, and are looked at from afar.
const SCREENS: [&str; 9] = ["TV", "BRAVIA", "Web0S", "AFTS", "AFTM", "AFTT", "PlayStation", "Nintendo", "Xbox"];

impl Hints<'_> {
    fn says(&self, word: &str) -> bool {
        self.agent.contains(word)
    }

    /// The class of the device, as far as the headers tell.
    pub fn device(&self) -> Device {
        let tablet = self.says("iPad") || self.says("Tablet") || self.says("PlayBook") || self.says("Kindle");
        let system = self.system();
        if SCREENS.iter().any(|word| self.says(word)) {
            Device::Desktop
        } else if tablet && system != System::Windows {
            Device::Tablet
        } else if self.mobile == "?1" || self.says("Mobi") || self.says("iPhone") || self.says("Opera Mini") {
            Device::Phone
        } else if system == System::Android {
            // Android says `Mobile` on phones only.
            Device::Tablet
        } else {
            Device::Desktop
        }
    }

    /// The family of the system.
    pub fn system(&self) -> System {
        match self.platform {
            "Windows" => return System::Windows,
            "macOS" | "Mac OS X" => return System::MacOs,
            "Android" => return System::Android,
            "iOS" => return System::Ios,
            "Chrome OS" | "Chromium OS" => return System::ChromeOs,
            "Linux" => return System::Linux,
            _ => {}
        }
        // In this order: iOS says "like Mac OS X", Android says Linux, and Windows Phone said all of them.
        let known = [
            ("Windows", System::Windows),
            ("iPhone", System::Ios),
            ("iPad", System::Ios),
            ("iPod", System::Ios),
            ("Android", System::Android),
            ("Silk/", System::Android),
            ("CrOS", System::ChromeOs),
            // An iPhone that asks for pages made for desktops.
            ("Mobile/15E148", System::Ios),
            ("Macintosh", System::MacOs),
            ("Xbox", System::Windows),
            ("Linux", System::Linux),
            ("X11", System::Linux),
        ];
        known.iter().find(|(word, _)| self.says(word)).map_or(System::Other, |(_, system)| *system)
    }

    /// The family of the browser.
    pub fn browser(&self) -> Browser {
        let sign = SIGNS.iter().find(|(sign, _)| self.says(sign)).map(|(_, browser)| *browser);
        let brand = || BRANDS.iter().find(|(brand, _)| self.brands.contains(brand)).map(|(_, browser)| *browser);
        let engine = || {
            let webkit = self.says("AppleWebKit/");
            if self.says("; wv)") {
                Browser::InApp
            } else if self.says("Firefox/") || self.says("FxiOS/") {
                Browser::Firefox
            } else if self.says("Chrome/") || self.says("CriOS/") {
                Browser::Chrome
            } else if self.says("MSIE ") || self.says("Trident/") {
                Browser::InternetExplorer
            } else if webkit && self.says("Safari/") {
                Browser::Safari
            } else if webkit && matches!(self.system(), System::Ios | System::MacOs) {
                // Apple's engine without Apple's browser around it.
                Browser::InApp
            } else {
                Browser::Other
            }
        };
        sign.or_else(brand).unwrap_or_else(engine)
    }
}
