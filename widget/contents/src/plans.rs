//! Plans beside each other: what each costs and brings. The one without a button is the one they have.

use crate::offer::with_code;
use crate::{icons, links};
use engine::prompt::{Content, Offer, Plan};
use view::dom;
use view::frame::{Frame, add_class};
use view::words::own;
use web_sys::HtmlElement;

/// Appends the plans of an offer.
pub fn fill(frame: &mut Frame, content: &Content, offer: &Offer) {
    add_class(&frame.panel, "wide");
    let list = frame.add("ul", "plans", "");
    for plan in &offer.plans {
        let item = dom::make("li", if plan.featured { "plan featured" } else { "plan" }, "");
        dom::put(&list, &item);
        describe(&item, plan);
        let Some(button) = &plan.button else {
            dom::put(&item, &dom::make("p", "current", &own("Your plan")));
            continue;
        };
        if let Some(buy) = links::main(frame, content, button, &with_code(&button.url, offer)) {
            if !plan.featured {
                buy.set_class_name("main second");
            }
            dom::put(&item, &buy);
        }
    }
}

fn describe(item: &HtmlElement, plan: &Plan) {
    if plan.featured {
        dom::put(item, &dom::make("p", "badge", &own("Recommended")));
    }
    dom::put(item, &dom::make("h3", "", &plan.name));
    dom::put(item, &dom::make("p", "price", &plan.price));
    if plan.points.is_empty() {
        return;
    }
    let points = dom::make("ul", "points", "");
    for point in &plan.points {
        let line = dom::make("li", "", "");
        dom::put(&line, &dom::icon(icons::TICK));
        dom::put(&line, &dom::make("span", "", point));
        dom::put(&points, &line);
    }
    dom::put(item, &points);
}
