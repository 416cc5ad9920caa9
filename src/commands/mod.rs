//! The command line: one file a command. Says what to do and with which settings; the doing is the features' own.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 done, 1 refused or failed with one clear
//! line, 2 wrong usage.

mod audit;
mod backup;
mod config;
mod demo;
mod digest;
mod export;
mod import;
mod keys;
mod migrate;
mod policy;
mod restore;
mod seed;
mod serve;
mod subject_file;
mod user;

use crate::{
    app::{App, Refused},
    base::{lang::Lang, time::Clock},
    config::{Flags, Settings, SettingsFault},
    digests,
    policy::Actor,
    staff::sign_in,
    store::{Denied, Fault},
    trail,
};
use clap::{Parser, Subcommand};
use std::{io::Write, process::ExitCode, sync::Arc};

/// Đường Về: case management for people who come home from a sentence
#[derive(Parser)]
#[command(name = "duongve", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
    /// What is logged to standard error: a level, or target=level with commas
    #[arg(
        long,
        env = "DUONGVE_LOG",
        value_name = "FILTER",
        global = true,
        default_value = "info,tokio_cron_scheduler=warn"
    )]
    log: String,
}

#[derive(Subcommand)]
enum Command {
    /// Invented people to look around in: story, server and scheduler with one command
    Demo(demo::Args),
    /// The server and the scheduler
    Serve(serve::Args),
    /// Bring the database's schema and reference data up to date
    Migrate,
    /// Fill an empty database with many invented people, for load tests
    Seed(seed::Args),
    /// Who may do what: show it, check a changed file, put it in force
    #[command(subcommand)]
    Policy(policy::Command),
    /// Print the settings, without secrets
    Config(config::Args),
    /// Root key and keyring
    #[command(subcommand)]
    Keys(keys::Command),
    /// Accounts
    #[command(subcommand)]
    User(user::Command),
    /// Bring in a commune's list, as a signed-in user
    #[command(subcommand)]
    Import(import::Command),
    /// Write out what one may see, as a signed-in user
    #[command(subcommand)]
    Export(export::Command),
    /// What is kept about one person, as a file for her
    SubjectFile(crate::requests::cli::Args),
    /// Is the trail of who did what as it was written?
    #[command(subcommand)]
    Audit(trail::cli::Command),
    /// Copy database and keyring, shut to keys that are elsewhere
    Backup(backup::Args),
    /// Put a backup back into an empty place, or try one
    Restore(restore::Args),
    /// What one's own overdue digest says now
    Digest(digests::cli::Args),
    /// Reads one file from outside behind bars; started by the program itself
    #[command(hide = true)]
    Cage,
}

/// Why a command was not done, in one line.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Words that do not fit each other: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// Refused or failed: exit status 1.
    #[error("{0}")]
    Refused(String),
}

impl Failed {
    fn status(&self) -> ExitCode {
        ExitCode::from(match self {
            Failed::Usage(_) => 2,
            Failed::Refused(_) => 1,
        })
    }
}

impl From<SettingsFault> for Failed {
    fn from(fault: SettingsFault) -> Failed {
        Failed::Usage(fault.to_string())
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Failed {
        Failed::Refused(match fault {
            Fault::Denied(Denied::Unknown) => "there is no such record".to_owned(),
            Fault::Denied(Denied::Forbidden) => "the policy does not allow it".to_owned(),
            Fault::Schema(reason) => reason,
            other => with_causes(&other),
        })
    }
}

impl From<Refused> for Failed {
    /// In English, as the command line speaks as long as nobody has signed in.
    fn from(refused: Refused) -> Failed {
        Failed::told(Lang::En, refused)
    }
}

impl Failed {
    /// A refusal in the language of whoever has signed in.
    fn told(lang: Lang, refused: Refused) -> Failed {
        Failed::Refused(match refused {
            Refused::Fault(Fault::Denied(Denied::Unknown)) => lang.say("oops-unknown"),
            Refused::Fault(Fault::Denied(Denied::Forbidden)) => lang.say("oops-forbidden"),
            Refused::Fault(fault) => return fault.into(),
            Refused::Invalid(invalid) => {
                let lines: Vec<String> = invalid.0.iter().map(|refusal| sentence(lang, refusal)).collect();
                lines.join("; ")
            }
        })
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Failed {
        Failed::Refused(error.to_string())
    }
}

/// A refusal as the pages say it, with its field.
fn sentence(lang: Lang, refusal: &crate::base::refusal::Refusal) -> String {
    let key = format!("fault-{}", refusal.code.replace('_', "-"));
    let value = refusal.value.clone().unwrap_or_default();
    let said = lang.with(&key, &[("value", value.into())]);
    let said = if said == key { refusal.code.replace('_', " ") } else { said };
    if refusal.field.is_empty() { said } else { format!("{}: {said}", refusal.field) }
}

/// An error and what caused it, once each, on one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.contains(&text) {
            line += &format!(": {text}");
        }
        cause = error.source();
    }
    line.replace('\n', " ")
}

/// The whole program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Before there is a thread or a log: the cage is this process and nothing else.
    if matches!(cli.command, Command::Cage) {
        return crate::imports::cage::main();
    }
    let done = start_log(&cli.log).and_then(|()| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(run(cli))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("duongve: {failed}");
            failed.status()
        }
    }
}

async fn run(cli: Cli) -> Result<(), Failed> {
    match cli.command {
        Command::Demo(args) => demo::run(cli.flags, args).await,
        Command::Serve(args) => serve::run(cli.flags, args).await,
        Command::Migrate => migrate::run(cli.flags).await,
        Command::Seed(args) => seed::run(cli.flags, args).await,
        Command::Policy(command) => policy::run(cli.flags, command).await,
        Command::Config(args) => config::run(cli.flags, args),
        Command::Keys(command) => keys::run(cli.flags, command).await,
        Command::User(command) => user::run(cli.flags, command).await,
        Command::Import(command) => import::run(cli.flags, command).await,
        Command::Export(command) => export::run(cli.flags, command).await,
        Command::SubjectFile(args) => subject_file::run(cli.flags, args).await,
        Command::Audit(command) => audit::run(cli.flags, command).await,
        Command::Backup(args) => backup::run(cli.flags, args).await,
        Command::Restore(args) => restore::run(cli.flags, args).await,
        Command::Digest(args) => digest::run(cli.flags, args).await,
        Command::Cage => Err(Failed::Usage("the cage is not for people".to_owned())),
    }
}

/// Lines for people and journals, to standard error; never personal data.
fn start_log(filter: &str) -> Result<(), Failed> {
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .map_err(|error| Failed::Usage(format!("--log {filter}: {error}")))?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();
    Ok(())
}

/// The program as a command needs it: settings, folders, database, reference data.
pub async fn open(flags: Flags) -> Result<App, Failed> {
    let settings = Settings::gather(flags)?;
    settings.make_folders()?;
    let store = crate::serve::open_store(&settings, Clock::system(), None).await?;
    // A database from an old copy brings nobody back who was erased.
    let again = crate::jobs::forget_again(&store).await?;
    if again > 0 {
        tracing::warn!(people = again, "erased again: this database came from an older copy");
    }
    Ok(App::new(store, settings))
}

/// The same for a command that acts as a user: nobody reads cases by having a shell.
pub async fn open_as(flags: Flags, username: &str) -> Result<(App, Arc<Actor>), Failed> {
    let app = open(flags).await?;
    let password = ask_password(&format!("Password of {username}"), false)?;
    let given = crate::config::given_code();
    let actor = match sign_in::act_as(&app, username, &password, given.as_deref()).await {
        Err(Refused::Invalid(invalid)) if given.is_none() && invalid.0.iter().any(|one| one.code == "code_needed") => {
            let code = ask_code()?;
            sign_in::act_as(&app, username, &password, Some(&code)).await?
        }
        other => other?,
    };
    Ok((app, actor))
}

/// The code of the second factor, typed on the terminal.
fn ask_code() -> Result<String, Failed> {
    rpassword::prompt_password("Code of the second factor: ").map_err(|error| {
        Failed::Refused(format!("no terminal to ask for the code on ({error}); DUONGVE_CODE gives one"))
    })
}

/// One line of result. A reader that has gone away (`| head`) is no failure.
pub fn say(line: &str) -> Result<(), Failed> {
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// A password: `DUONGVE_PASSWORD`, or typed on the terminal, a new one twice.
///
/// # Errors
/// No terminal to ask on; two that differ.
pub fn ask_password(question: &str, twice: bool) -> Result<String, Failed> {
    if let Some(given) = crate::config::given_password() {
        return Ok(given);
    }
    let ask = |question: String| {
        rpassword::prompt_password(question).map_err(|error| {
            Failed::Refused(format!("no terminal to ask for the password on ({error}); DUONGVE_PASSWORD gives one"))
        })
    };
    let first = ask(format!("{question}: "))?;
    if twice && ask(format!("{question}, once more: "))? != first {
        return Err(Failed::Refused("the two passwords differ".to_owned()));
    }
    Ok(first)
}
