//! `waymark serve`: start, say where everything is, wait to be stopped, drain.

use std::fmt::Write as _;
use std::path::Path;

use crate::clock::Clock;
use crate::config::Config;
use crate::console::snippet;
use crate::start::{Running, start};
use crate::{auth, demo};

/// Serves until Ctrl-C or SIGTERM, then drains. `new_password` prints a one-time link even where a password is set.
pub async fn serve(config: Config, clock: Clock, new_password: bool) -> Result<(), String> {
    let with_demo = !config.demo.as_os_str().is_empty();
    if with_demo && !Path::new(&config.demo).is_dir() {
        return Err(format!(
            "There is no folder {}: give --demo the examples folder of Waymark's source.",
            config.demo.display()
        ));
    }
    let mut running = start(config, clock).await.map_err(|e| e.to_string())?;
    if new_password && running.first.setup_link.is_none() {
        let app = &running.app;
        let link = auth::member::new_setup_link(&app.db, &app.config, &app.public_url, &app.clock).await;
        running.first.setup_link = Some(link.map_err(|e| format!("No link was made: the database said {e}."))?);
    }
    print!("{}", greeting(&running, with_demo));
    stopped().await;
    tracing::info!("stopping: finishing what is open");
    running.stop().await;
    tracing::info!("stopped");
    Ok(())
}

fn greeting(running: &Running, with_demo: bool) -> String {
    let url = &running.app.public_url;
    let mut text = String::from("\n");
    // Writing to a String cannot fail.
    if with_demo {
        let _ = writeln!(text, "  Example shop  {url}/demo/shop/");
    }
    let _ = writeln!(text, "  Console       {url}/");
    if with_demo {
        let _ = writeln!(text, "  Snippet       {}", snippet(&running.app.addresses, demo::KEY));
    }
    if let Some(link) = &running.first.setup_link {
        let minutes = running.app.config.console.setup_minutes;
        let _ = writeln!(
            text,
            "\n  Set the console's password within {minutes} minutes, by this link, which works once:\n  {link}"
        );
    }
    if let Some(secret) = &running.first.demo_secret {
        let _ =
            writeln!(text, "\n  The demo site's secret key, shown this once, for events from your server:\n  {secret}");
    }
    if running.app.assets.parts().is_none() {
        let _ = writeln!(
            text,
            "\n  This binary was built without the widget, so pages get none: run `cargo xtask run` instead."
        );
    }
    let _ = writeln!(text, "\n  Ctrl-C stops it; nothing that was accepted is lost.\n");
    text
}

/// Returns at the first Ctrl-C or SIGTERM.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "SIGTERM cannot be heard; only Ctrl-C stops gently"),
        }
    }
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "Ctrl-C cannot be heard");
        std::future::pending::<()>().await;
    }
}
