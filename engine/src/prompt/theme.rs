//! How prompts look: a few tokens, from which everything else follows. What is left out is as we designed it, and most of that
//! follows the page: its font, its direction, whether it is dark.

use super::Image;
use serde::{Deserialize, Serialize};

/// The tokens of a site's or a prompt's look.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Theme {
    /// Light, dark, or as the page is.
    #[serde(skip_serializing_if = "Scheme::is_auto")]
    pub scheme: Scheme,
    /// The colours on light ground.
    #[serde(skip_serializing_if = "Colors::is_none")]
    pub light: Colors,
    /// The colours on dark ground.
    #[serde(skip_serializing_if = "Colors::is_none")]
    pub dark: Colors,
    /// A CSS font family. Left out: the page's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<String>,
    /// The size of ordinary text in px, 14 to 20. Left out: 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u8>,
    /// The roundness of corners in px, 0 to 28. Left out: 12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<u8>,
    /// The width of a card in px, 280 to 520. Left out: 360.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u16>,
    /// Whether it lies flat: without a shadow.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub flat: bool,
    /// The site's logo, above the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
    /// Whether prompts say who makes them possible.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub powered_by: bool,
}

/// Whether prompts are light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// As the page is, also when it changes.
    #[default]
    Auto,
    /// Light on any page.
    Light,
    /// Dark on any page.
    Dark,
}

impl Scheme {
    pub(super) fn is_auto(&self) -> bool {
        *self == Scheme::Auto
    }
}

/// Colours, each `#rrggbb`. Left out: ours.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Colors {
    /// The ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    /// Text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ink: Option<String>,
    /// Text that explains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft: Option<String>,
    /// Lines around things.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The ground of what can be pressed but is not the main thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<String>,
    /// The ground of the main thing to press, links, what is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// Text on the accent. Left out: black or white, whichever is easier to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

impl Colors {
    /// These, and where they say nothing, those of the site. A text colour was chosen for the accent that it was given with.
    pub fn over(&self, site: &Colors) -> Colors {
        let or = |own: &Option<String>, site: &Option<String>| own.as_ref().or(site.as_ref()).cloned();
        let has_accent = self.accent.is_some() || self.on.is_some();
        Colors {
            paper: or(&self.paper, &site.paper),
            ink: or(&self.ink, &site.ink),
            soft: or(&self.soft, &site.soft),
            line: or(&self.line, &site.line),
            fill: or(&self.fill, &site.fill),
            accent: or(&self.accent, &site.accent),
            on: if has_accent { self.on.clone() } else { site.on.clone() },
        }
    }

    fn is_none(&self) -> bool {
        *self == Colors::default()
    }
}
