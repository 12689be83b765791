//! Click ids: what advertising, affiliate and mail platforms append to links by themselves. One stands for the tags that
//! nobody wrote: which place, and what medium.

use super::place::Class;

/// A click id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Click {
    /// The parameter of the address.
    pub param: &'static str,
    /// Whose it is.
    pub platform: &'static str,
    /// What kind of place that is.
    pub class: Class,
    /// The medium that it stands for where `utm_medium` is missing: `cpc` means paid.
    pub medium: &'static str,
}

const fn click(param: &'static str, platform: &'static str, class: Class, medium: &'static str) -> Click {
    Click { param, platform, class, medium }
}

/// The known ones. If an address has several, the first of this order counts: what means paid goes before what does not.
pub const CLICKS: &[Click] = &[
    click("gclid", "Google", Class::Search, "cpc"),
    // In place of gclid where Apple's privacy rules forbid to follow one person.
    click("gbraid", "Google", Class::Search, "cpc"),
    click("wbraid", "Google", Class::Search, "cpc"),
    click("gad_source", "Google", Class::Search, "cpc"),
    click("gad_campaignid", "Google", Class::Search, "cpc"),
    click("dclid", "Google Display", Class::Other, "display"),
    click("msclkid", "Bing", Class::Search, "cpc"),
    click("yclid", "Yandex", Class::Search, "cpc"),
    click("bd_vid", "Baidu", Class::Search, "cpc"),
    click("qhclickid", "360 Search", Class::Search, "cpc"),
    click("n_ad", "Naver", Class::Search, "cpc"),
    click("vmcid", "Yahoo", Class::Search, "cpc"),
    // On unpaid links too; a site that posts more than it pays gives it another channel by a rule of its own.
    click("fbclid", "Facebook", Class::Social, "cpc"),
    click("ttclid", "TikTok", Class::Social, "cpc"),
    click("twclid", "X", Class::Social, "cpc"),
    click("li_fat_id", "LinkedIn", Class::Social, "cpc"),
    click("ScCid", "Snapchat", Class::Social, "cpc"),
    click("sccid", "Snapchat", Class::Social, "cpc"),
    click("rdt_cid", "Reddit", Class::Social, "cpc"),
    click("epik", "Pinterest", Class::Social, "cpc"),
    click("qclid", "Quora", Class::Social, "cpc"),
    click("rb_clickid", "VK", Class::Social, "cpc"),
    click("ndclid", "Nextdoor", Class::Social, "cpc"),
    click("tblci", "Taboola", Class::Other, "cpc"),
    click("dicbo", "Outbrain", Class::Other, "cpc"),
    click("obclid", "Outbrain", Class::Other, "cpc"),
    click("cto_pld", "Criteo", Class::Other, "retargeting"),
    click("irclickid", "Impact", Class::Other, "affiliate"),
    click("awc", "Awin", Class::Other, "affiliate"),
    click("cjevent", "CJ", Class::Other, "affiliate"),
    click("sscid", "ShareASale", Class::Other, "affiliate"),
    click("ranSiteID", "Rakuten Advertising", Class::Other, "affiliate"),
    click("tduid", "Tradedoubler", Class::Other, "affiliate"),
    click("clickref", "Partnerize", Class::Other, "affiliate"),
    click("mc_cid", "Mailchimp", Class::Mail, "email"),
    click("mc_eid", "Mailchimp", Class::Mail, "email"),
    click("mkt_tok", "Marketo", Class::Mail, "email"),
    click("_hsenc", "HubSpot", Class::Mail, "email"),
    click("_hsmi", "HubSpot", Class::Mail, "email"),
    click("_kx", "Klaviyo", Class::Mail, "email"),
    click("ml_subscriber", "MailerLite", Class::Mail, "email"),
    click("vero_id", "Vero", Class::Mail, "email"),
    // Free: an unpaid result or share has these too.
    click("srsltid", "Google Shopping", Class::Shopping, "organic"),
    click("ysclid", "Yandex", Class::Search, "organic"),
    click("igshid", "Instagram", Class::Social, "social"),
    click("igsh", "Instagram", Class::Social, "social"),
];
