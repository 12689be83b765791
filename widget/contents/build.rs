//! Makes the stylesheet.

#[path = "../sheet.rs"]
mod sheet;

fn main() -> std::io::Result<()> {
    sheet::make()
}
