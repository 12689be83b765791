//! No content, placement or moment, nothing that happens with a prompt, and no reason against one without a case.

use crate::{choose, content, frequency, missing, why};
use engine::event::Action;
use engine::frequency::{Capped, Members, Stop};
use engine::prompt::{
    Category, Content, Corner, Edge, Missing, Moment, Placement, Prompt, Purpose, Reason, Says, ShareTo, VideoSource,
    Wish,
};
use engine::rule::Consent;
use std::collections::BTreeSet;

names!(content_name, CONTENTS, Content,
    Content::Nps(_) => "nps",
    Content::Review(_) => "review",
    Content::Offer(_) => "offer",
    Content::Community(_) => "community",
    Content::Survey(_) => "survey",
    Content::Form(_) => "form",
    Content::Notice(_) => "notice",
    Content::Video(_) => "video",
    Content::Share(_) => "share",
    Content::Referral(_) => "referral",
    Content::Checklist(_) => "checklist",
    Content::Walkthrough(_) => "walkthrough",
);

names!(category, CATEGORIES, Category,
    Category::Survey => "survey",
    Category::Form => "form",
    Category::Review => "review",
    Category::Offer => "offer",
    Category::Community => "community",
    Category::Notice => "notice",
    Category::Guide => "guide",
);

names!(purpose, PURPOSES, Purpose,
    Purpose::Announcement => "announcement",
    Purpose::Tip => "tip",
    Purpose::Renewal => "renewal",
    Purpose::Help => "help",
    Purpose::Booking => "booking",
    Purpose::Beta => "beta",
    Purpose::Launch => "launch",
    Purpose::Webinar => "webinar",
);

names!(wish, WISHES, Wish,
    Wish::Lead => "lead",
    Wish::Testimonial => "testimonial",
    Wish::Help => "help",
);

names!(share_to, SHARED_TO, ShareTo,
    ShareTo::X => "x",
    ShareTo::LinkedIn => "linked_in",
    ShareTo::Facebook => "facebook",
    ShareTo::Copy => "copy",
);

names!(source, SOURCES, VideoSource,
    VideoSource::Youtube(_) => "youtube",
    VideoSource::Vimeo(_) => "vimeo",
    VideoSource::File(_) => "file",
);

names!(placement, PLACEMENTS, Placement,
    Placement::Modal => "modal",
    Placement::Corner(Corner::BottomEnd) => "corner.bottom_end",
    Placement::Corner(Corner::BottomStart) => "corner.bottom_start",
    Placement::Corner(Corner::TopEnd) => "corner.top_end",
    Placement::Corner(Corner::TopStart) => "corner.top_start",
    Placement::Bar(Edge::Top) => "bar.top",
    Placement::Bar(Edge::Bottom) => "bar.bottom",
    Placement::Inline(_) => "inline",
);

names!(moment, MOMENTS, Moment,
    Moment::AtOnce => "at_once",
    Moment::Dwell(_) => "dwell",
    Moment::TimeOnSite(_) => "time_on_site",
    Moment::Scroll(_) => "scroll",
    Moment::PagesViewed(_) => "pages_viewed",
    Moment::Inactivity(_) => "inactivity",
    Moment::ExitIntent => "exit_intent",
    Moment::Click(_) => "click",
    Moment::ElementVisible(_) => "element_visible",
    Moment::Event(_) => "event",
    Moment::Call => "call",
    Moment::Push => "push",
);

names!(action, ACTIONS, Action,
    Action::Eligible => "eligible",
    Action::Shown => "shown",
    Action::Viewed => "viewed",
    Action::Clicked => "clicked",
    Action::Dismissed => "dismissed",
    Action::Snoozed => "snoozed",
    Action::Declined => "declined",
    Action::Muted => "muted",
    Action::Answered => "answered",
    Action::Converted => "converted",
);

names!(reason, REASONS, Reason,
    Reason::Ended => "ended",
    Reason::NotBefore(_) => "not_before",
    Reason::Hours(_) => "hours",
    Reason::Moment(_) => "moment",
    Reason::Waiting => "waiting",
    Reason::Cancelled => "cancelled",
    Reason::Rule => "rule",
    Reason::Held => "held",
    Reason::Absent => "absent",
    Reason::Unknown(Missing::Fact) => "unknown fact",
    Reason::Unknown(Missing::Zone) => "unknown zone",
    Reason::Unknown(Missing::Page) => "unknown page",
    Reason::Unknown(Missing::Unit) => "unknown unit",
    Reason::Consent(Consent::Store) => "consent to store",
    Reason::Consent(Consent::Profile) => "consent to profile",
    Reason::Consent(Consent::Answer) => "consent to answer",
    Reason::Guarded => "guarded",
    Reason::Capped(_) => "capped",
    Reason::Taken => "taken",
    Reason::Uncovered => "uncovered",
    Reason::HeldOut { by_site: false } => "held_out",
    Reason::HeldOut { by_site: true } => "held_out_by_site",
    Reason::Outranked => "outranked",
);

names!(capped, CAPS, Capped,
    Capped::PerSession => "per_session",
    Capped::AtMost(None) => "at_most, for ever",
    Capped::AtMost(Some(_)) => "at_most, in this round",
    Capped::Window(_) => "window",
    Capped::Gap(_) => "gap",
    Capped::Dismissed(_) => "dismissed",
    Capped::Snoozed(_) => "snoozed",
    Capped::Stopped(Stop::Closed, _) => "stopped by closed",
    Capped::Stopped(Stop::Declined, _) => "stopped by declined",
    Capped::Stopped(Stop::Answered, _) => "stopped by answered",
    Capped::Stopped(Stop::Converted, _) => "stopped by converted",
    Capped::Muted => "muted",
    Capped::Interruptions => "interruptions",
    Capped::InterruptionGap(_) => "interruption_gap",
    Capped::SitePerPage => "site_per_page",
    Capped::SitePerSession => "site_per_session",
    Capped::Group(..) => "group",
);

names!(members, MEMBERS, Members,
    Members::Category(Category::Survey) => "survey",
    Members::Category(Category::Form) => "form",
    Members::Category(Category::Review) => "review",
    Members::Category(Category::Offer) => "offer",
    Members::Category(Category::Community) => "community",
    Members::Category(Category::Notice) => "notice",
    Members::Category(Category::Guide) => "guide",
    Members::Tag(_) => "tag",
);

/// The names of these.
fn named<'a, T: 'a>(of: impl IntoIterator<Item = &'a T>, name: fn(&T) -> &'static str) -> BTreeSet<&'static str> {
    of.into_iter().map(name).collect()
}

#[test]
fn every_part_of_a_prompt_has_a_case() {
    let (chosen, counted) = (choose::all(), frequency::all());
    let prompts: Vec<&Prompt> = chosen.iter().flat_map(choose::Case::prompts).collect();
    let of_prompts = |name: fn(&Prompt) -> &'static str| prompts.iter().map(|prompt| name(prompt)).collect();
    let reasons: Vec<Reason> = chosen.iter().flat_map(choose::Case::reasons).collect();
    let caps: Vec<Capped> = counted.iter().filter_map(frequency::Case::cap).collect();
    let actions: Vec<Action> = counted.iter().flat_map(frequency::Case::actions).collect();
    let groups = counted.iter().filter_map(frequency::Case::policy).flat_map(|policy| &policy.groups);
    crate::report(
        [
            missing("content that is chosen", CONTENTS, &of_prompts(|prompt| content_name(&prompt.content))),
            missing("placement", PLACEMENTS, &of_prompts(|prompt| placement(&prompt.placement))),
            missing("moment", MOMENTS, &of_prompts(|prompt| moment(&prompt.moment))),
            missing("words of moments", MOMENTS, &why::said().iter().map(|prompt| moment(&prompt.moment)).collect()),
            missing("reason", REASONS, &named(&reasons, reason)),
            missing("cap", CAPS, &named(&caps, capped)),
            missing("action in a history", ACTIONS, &named(&actions, action)),
            missing("members of a group", MEMBERS, &groups.map(|group| members(&group.of)).collect()),
        ]
        .concat(),
    );
}

#[test]
fn every_part_of_a_content_has_a_case() {
    let contents = content::all();
    let (mut purposes, mut wishes) = (BTreeSet::new(), BTreeSet::new());
    let (mut shared, mut sources) = (BTreeSet::new(), BTreeSet::new());
    for content in &contents {
        match content {
            Content::Notice(notice) => _ = purposes.insert(purpose(&notice.purpose)),
            Content::Form(form) => _ = wishes.insert(wish(&form.wish)),
            Content::Share(share) => shared.extend(named(&share.to, share_to)),
            Content::Video(video) => _ = sources.insert(source(&video.source)),
            _ => {}
        }
    }
    crate::report(
        [
            missing("content", CONTENTS, &named(&contents, content_name)),
            missing("category", CATEGORIES, &contents.iter().map(|content| category(&content.category())).collect()),
            missing("purpose", PURPOSES, &purposes),
            missing("wish", WISHES, &wishes),
            missing("way to share", SHARED_TO, &shared),
            missing("source of a video", SOURCES, &sources),
        ]
        .concat(),
    );
}
