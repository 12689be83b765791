//! The versions of a prompt side by side. None is called the better one unless chance can be ruled out.

use maud::{Markup, html};

use super::{share, word};
use crate::console::words::{count, decimal};
use crate::results::Deed;
use crate::results::figures::{Best, Line, Variant, best};

/// What is compared.
const COMPARED: [Deed; 2] = [Deed::Answered, Deed::Converted];

/// Nothing where there is one version.
pub fn section(line: &Line, variants: &[Variant]) -> Markup {
    if variants.is_empty() {
        return html! {};
    }
    let compared = || COMPARED.into_iter().filter(|deed| !line.cannot(*deed));
    html! {
        section aria-labelledby="variants" {
            h2 #variants { "By version" }
            p.hint { "People by the version that they saw last." }
            table.figures.versions {
                thead { tr {
                    th scope="col" { "Version" }
                    th.figure scope="col" title=(Deed::Shown.meaning()) { (word(Deed::Shown)) }
                    @for deed in compared() {
                        th.figure scope="col" title=(deed.meaning()) { (word(deed)) }
                        th.figure scope="col" title="Of the people who were shown it" { "of shown" }
                    }
                } }
                tbody { @for variant in variants { tr {
                    th scope="row" { (variant.key) }
                    td.figure { (count(variant.counts.of(Deed::Shown))) }
                    @for deed in compared() {
                        td.figure { (count(variant.counts.of(deed))) }
                        td.figure { (share(variant.counts.share(deed))) }
                    }
                } } }
            }
            @for deed in compared() { p.verdict { (verdict(variants, deed)) } }
        }
    }
}

fn verdict(variants: &[Variant], deed: Deed) -> Markup {
    let word = word(deed);
    html! {
        strong { (word) ": " }
        @match best(variants, deed) {
            Best::TooFew(people) => { "not enough data: " (people) " of 10 people saw one of the versions." },
            Best::Nobody => "no detectable difference between the versions.",
            Best::One(place, p) => {
                strong { (variants[place].key) } " does better than each other version (p "
                @if p < 0.001 { "< 0.001" } @else { "= " (decimal(p, 3)) }
                ")."
            }
        }
    }
}
