//! Pictures of every page of the console, to look at: `target/screenshots/console/`.

use anyhow::Result;

use crate::{process, test, widget};

/// Builds what is needed and has a browser draw each page, light and dark, on three widths.
pub fn shots() -> Result<()> {
    widget::build()?;
    test::tests(&["shots::", "--include-ignored"])?;
    println!("{}", process::target_dir().join("screenshots/console").display());
    Ok(())
}
