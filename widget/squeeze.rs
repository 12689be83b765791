/// Takes from a stylesheet what only people read: comments, and room between things. Knows as much of CSS as our own need: no
/// strings with spaces or comments in them.
pub fn squeeze(style: &str) -> String {
    let mut bare = String::new();
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        bare += before;
        rest = comment.split_once("*/").expect("a comment in the stylesheet does not end").1;
    }
    bare += rest;
    let mut small = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    for sign in ["{", "}", ";", ",", ">"] {
        for spaced in [format!(" {sign}"), format!("{sign} ")] {
            small = small.replace(&spaced, sign);
        }
    }
    small.replace(": ", ":").replace(";}", "}")
}
