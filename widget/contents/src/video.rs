//! A video behind its poster. Before somebody presses play nothing of it is fetched, and nobody elsewhere hears of the visitor.

use crate::{icons, links, picture};
use engine::event::Action;
use engine::prompt::{Content, Video, VideoSource};
use view::frame::{Frame, add_class};
use view::words::own;
use view::{Did, dom};
use web_sys::HtmlElement;

/// Fills the frame with the poster.
pub fn fill(frame: &mut Frame, content: &Content, video: &Video) {
    frame.words(&video.heading, &video.body);
    let screen = frame.add("div", "screen", "");
    let poster = frame.button(&screen, "poster", "");
    let spoken = match &video.length {
        Some(length) => [own("Play").as_str(), ": ", &video.heading, ", ", length].concat(),
        None => [own("Play").as_str(), ": ", &video.heading].concat(),
    };
    dom::say(&poster, "aria-label", &spoken);
    if let Some(image) = &video.poster {
        let picture = picture::make(image);
        dom::put(&poster, &picture);
    }
    let play = dom::make("span", "play", "");
    dom::put(&play, &dom::icon(icons::PLAY));
    dom::put(&poster, &play);
    if let Some(length) = &video.length {
        dom::put(&poster, &dom::make("span", "length", length));
    }
    let (tell, name) = (frame.tell, content.event_name(Action::Clicked));
    let (source, title, panel) = (video.source.clone(), video.heading.clone(), frame.panel.clone());
    frame.on(&poster, "click", move |_| {
        let player = player(&source, &title);
        screen.set_text_content(None);
        dom::put(&screen, &player);
        add_class(&panel, "playing");
        dom::focus(&player);
        tell(Did::named(Action::Clicked, name, &[]));
    });
    let main = video.button.as_ref().and_then(|button| links::main(frame, content, button, &button.url));
    frame.actions(main, video.decline.as_deref());
}

fn player(source: &VideoSource, title: &str) -> HtmlElement {
    let (tag, url) = match source {
        VideoSource::Youtube(id) => {
            ("iframe", ["https://www.youtube-nocookie.com/embed/", id, "?autoplay=1&rel=0&playsinline=1"].concat())
        }
        VideoSource::Vimeo(id) => ("iframe", ["https://player.vimeo.com/video/", id, "?autoplay=1&dnt=1"].concat()),
        VideoSource::File(url) => ("video", url.clone()),
    };
    let player = dom::make(tag, "", "");
    dom::say(&player, "title", title);
    let said: &[(&str, &str)] = if tag == "video" {
        &[("controls", ""), ("autoplay", ""), ("playsinline", ""), ("tabindex", "0")]
    } else {
        &[
            ("allow", "autoplay; encrypted-media; fullscreen; picture-in-picture"),
            ("allowfullscreen", ""),
            ("referrerpolicy", "strict-origin-when-cross-origin"),
        ]
    };
    for (name, value) in said {
        dom::say(&player, name, value);
    }
    dom::say(&player, "src", &url);
    player
}
