//! The `waymark` program: reads the command line and does one thing.
//!
//! Whatever goes wrong ends in one sentence that says what to do, and in a status other than 0.

mod cli;

use std::process::ExitCode;

use clap::Parser;
use collector::config::LogFormat;
use collector::{Clock, Config, ops};
use mimalloc::MiMalloc;
use tracing_subscriber::EnvFilter;

use cli::{Cli, Command};

/// A request is many small pieces of memory that live for microseconds: the system's allocator took a fifth of its time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, String> {
    let demo = if let Command::Serve { demo, .. } = &cli.command { demo.as_ref() } else { None };
    let config = cli.settings.load(demo, std::env::vars_os()).map_err(|e| e.to_string())?;
    match cli.command {
        Command::Serve { new_password, .. } => {
            log(&config)?;
            runtime()?.block_on(ops::serve(config, Clock::System, new_password))?;
        }
        Command::Import { paths, site } => {
            log(&config)?;
            println!("{}", runtime()?.block_on(ops::import(&config, &paths, site.as_deref()))?);
        }
        Command::Backup { to } => println!("{}", runtime()?.block_on(ops::backup(&config, &to))?),
        Command::Restore { from } => println!("{}", runtime()?.block_on(ops::restore(&config, &from))?),
        Command::Doctor { page } => {
            let report = ops::doctor(&runtime()?, &config, page.as_deref());
            print!("{report}");
            return Ok(if report.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::DebugLink { site, page } => {
            println!("{}", runtime()?.block_on(ops::debug_link(&config, &Clock::System, &site, &page))?);
        }
        Command::Settings => print!("{}", toml::to_string(&config).map_err(|e| e.to_string())?),
    }
    Ok(ExitCode::SUCCESS)
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|e| {
        format!("The operating system gives no threads ({e}): raise the limits of this user or container.")
    })
}

/// The log goes to standard error; standard output is for what was asked.
fn log(config: &Config) -> Result<(), String> {
    let filter = EnvFilter::try_new(&config.log.level).map_err(|e| {
        format!("log.level: \"{}\" is not understood ({e}): write info, or collector=debug.", config.log.level)
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log.format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}
