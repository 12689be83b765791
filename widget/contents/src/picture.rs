//! A picture above the words. Its room is kept while it is on its way; one that does not come leaves none.

use engine::prompt::Image;
use view::dom;
use view::frame::Frame;
use view::host::guarded;
use web_sys::HtmlElement;

/// Appends the picture, if there is one.
pub fn put(frame: &mut Frame, image: Option<&Image>) {
    let Some(image) = image else { return };
    let picture = make(image);
    dom::put(&frame.panel, &picture);
}

/// The picture alone.
pub fn make(image: &Image) -> HtmlElement {
    let picture = dom::make("img", "picture", "");
    dom::say(&picture, "alt", &image.alt);
    dom::say(&picture, "decoding", "async");
    let gone = picture.clone();
    dom::listen(&picture, "error", &guarded(move |_| gone.remove()));
    dom::say(&picture, "src", &image.url);
    picture
}
