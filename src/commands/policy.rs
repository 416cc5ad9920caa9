//! `duongve policy`: the table in force, a check of a changed file, and putting it in force on every node.

use super::{Failed, open, say};
use crate::{
    base::words::UnknownWord,
    config::Flags,
    policy::{Actor, AreaCode, Matrix, PolicyFault, acts::ReloadPolicy, matrix},
    store::Fault,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The province whose policy it is: a policy is for the whole database.
const WHOLE: &str = "91";

#[derive(clap::Subcommand)]
pub enum Command {
    /// Print the whole policy as a Markdown table
    Show {
        /// The policy that the program was built with, instead of the one in force; needs no database
        #[arg(long)]
        built_in: bool,
    },
    /// Say whether a policy would be taken, and its hash; changes nothing
    Check(Files),
    /// Put a policy in force, on every server of this database, for people who are signed in too
    Reload(Files),
}

#[derive(clap::Args)]
pub struct Files {
    /// The policy, as policies/policy.csv
    file: PathBuf,
    /// Casbin's model, as policies/model.conf [default: the one that the program was built with]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(flags: Flags, command: Command) -> Result<(), Failed> {
    match command {
        Command::Show { built_in: true } => {
            let built_in = Matrix::compile(matrix::BUILT_IN_MODEL, matrix::BUILT_IN_POLICY).await;
            say(built_in.map_err(Fault::from)?.table().trim_end())
        }
        Command::Show { built_in: false } => {
            let app = open(flags).await?;
            say(app.store().policy_table().trim_end())
        }
        Command::Check(files) => {
            let (model, policy) = files.read()?;
            let matrix = Matrix::compile(&model, &policy).await.map_err(|fault| files.told(&fault))?;
            files.answer(None, matrix.hash())
        }
        Command::Reload(files) => reload(flags, &files).await,
    }
}

async fn reload(flags: Flags, files: &Files) -> Result<(), Failed> {
    let (model, policy) = files.read()?;
    let app = open(flags).await?;
    let actor = Arc::new(Actor::system("command line"));
    let area: AreaCode =
        WHOLE.parse().map_err(|UnknownWord| Failed::Refused("no area to reload a policy for".to_owned()))?;
    let grant = app.store().permit::<ReloadPolicy>(&actor, area).await?;
    let version = match app.store().reload_policy(grant, &model, &policy).await {
        Err(Fault::Policy(fault)) => return Err(files.told(&fault)),
        other => other?,
    };
    let (_, hash) = app.store().policy_version();
    files.answer(Some(version), &hash)
}

impl Files {
    fn read(&self) -> Result<(String, String), Failed> {
        let model = match &self.model {
            Some(file) => text(file)?,
            None => matrix::BUILT_IN_MODEL.to_owned(),
        };
        Ok((model, text(&self.file)?))
    }

    /// Why it was refused, with the file's own name and the line.
    fn told(&self, fault: &PolicyFault) -> Failed {
        let file = match (&self.model, fault.place) {
            (Some(model), "model.conf") => model,
            _ => &self.file,
        };
        let line = if fault.line > 0 { format!(" line {}", fault.line) } else { String::new() };
        Failed::Refused(format!("{}{line}: {}", file.display(), fault.reason.replace('\n', " ")))
    }

    fn answer(&self, version: Option<i64>, hash: &str) -> Result<(), Failed> {
        match (self.json, version) {
            (true, _) => say(&serde_json::json!({"version": version, "hash": hash}).to_string()),
            (false, Some(version)) => say(&format!("in force: version {version}, hash {hash}")),
            (false, None) => say(&format!("sound: hash {hash}; nothing was changed")),
        }
    }
}

fn text(file: &Path) -> Result<String, Failed> {
    std::fs::read_to_string(file)
        .map_err(|error| Failed::Refused(format!("{} cannot be read: {error}", file.display())))
}
