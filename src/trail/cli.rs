//! `duongve audit`: is the trail as it was written, and where does it end? Nothing of a case is printed.

use super::{
    checkpoints,
    key::{self, Public},
    model::Fingerprint,
    store,
    verify::{self, Report, Witness},
};
use crate::{
    app::App,
    policy::acts::RunJobs,
    store::{Fault, Scope},
};
use std::path::PathBuf;

/// The arguments of `duongve audit`.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Look at every row of the trail: exit status 0 sound, 1 something is wrong and named
    Verify(VerifyArgs),
    /// The fingerprint of the trail's end as it is now
    Head(HeadArgs),
    /// Swear to the trail's end now, beside the checkpoints of every five minutes
    Checkpoint,
}

#[derive(Clone, Debug, clap::Args)]
pub struct VerifyArgs {
    /// Hold it against what somebody outside has: a file of checkpoints, a saved digest, or a fingerprint
    #[arg(long, value_name = "FILE or FINGERPRINT")]
    against: Vec<String>,
    /// The public key that checkpoints must be signed with [default: that of this office's keyring]
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug, clap::Args)]
pub struct HeadArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Why it could not be looked at, or what is wrong with the trail, in one line.
#[derive(Debug, thiserror::Error)]
pub enum NotSound {
    #[error("{0}")]
    Wrong(String),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Runs a command; what it has to say.
///
/// # Errors
/// [`NotSound::Wrong`]: the trail is not as it was written, and how; a file that cannot be read; a fault of the database.
pub async fn run(app: &App, scope: Scope<RunJobs>, command: &Command) -> Result<String, NotSound> {
    match command {
        Command::Verify(args) => verify_all(app, args).await,
        Command::Head(args) => head(app, args).await,
        Command::Checkpoint => Ok(match checkpoints::now(app, scope).await? {
            Some(point) => point.line(),
            None => "nothing is new since the last checkpoint".to_owned(),
        }),
    }
}

async fn head(app: &App, args: &HeadArgs) -> Result<String, NotSound> {
    let (head, rows) = app.store().chain_head().await?;
    let mark = Fingerprint::of(head.seq, &head.hash);
    let unchained = app.store().unchained().await?;
    Ok(if args.json {
        serde_json::json!({"fingerprint": mark.to_string(), "rows": rows, "unchained": unchained}).to_string()
    } else {
        mark.to_string()
    })
}

async fn verify_all(app: &App, args: &VerifyArgs) -> Result<String, NotSound> {
    let begun = std::time::Instant::now();
    let key = match &args.key {
        Some(hex) => {
            Public::from_hex(hex).ok_or_else(|| NotSound::Wrong("--key: 64 hexadecimal letters".to_owned()))?
        }
        None => key::signing_key(app.store())?.public(),
    };
    let outside = witness(app, &args.against)?;
    let kept = store::checkpoints(app.store()).await?;
    let report = verify::verify(app.store(), &kept, &outside, &key).await?;
    let unchained = app.store().unchained().await?;
    let told = tell(&report, unchained, &outside, begun.elapsed(), args.json);
    match report.wrong {
        None => Ok(told),
        Some(_) => Err(NotSound::Wrong(told)),
    }
}

/// What the file beside the database and `--against` hold.
fn witness(app: &App, against: &[String]) -> Result<Witness, NotSound> {
    let mut text = std::fs::read_to_string(&app.settings().checkpoint_file).unwrap_or_default();
    for one in against {
        let said = match one.parse::<Fingerprint>() {
            Ok(_mark) => one.clone(),
            Err(_) => std::fs::read_to_string(PathBuf::from(one))
                .map_err(|error| NotSound::Wrong(format!("--against {one}: {error}")))?,
        };
        if Witness::read(&said).is_empty() {
            return Err(NotSound::Wrong(format!("--against {one}: no checkpoint and no fingerprint in it")));
        }
        text += &format!("\n{said}");
    }
    Ok(Witness::read(&text))
}

fn tell(report: &Report, unchained: i64, outside: &Witness, took: std::time::Duration, json: bool) -> String {
    let mark = Fingerprint::of(report.head.seq, &report.head.hash).to_string();
    let (rows, witnesses) = (report.head.seq, outside.checkpoints.len() + outside.fingerprints.len());
    let millis = took.as_millis();
    if json {
        return serde_json::json!({
            "sound": report.wrong.is_none(), "rows": rows, "fingerprint": mark, "checkpoints": report.checkpoints,
            "outside": witnesses, "unchained": unchained, "uncovered": report.uncovered,
            "wrong": report.wrong.map(|wrong| wrong.to_string()), "row": report.wrong.map(|wrong| wrong.seq), "ms": millis,
        })
        .to_string();
    }
    match &report.wrong {
        Some(wrong) => format!("the trail is not sound: {wrong}; sound up to row {rows}"),
        None => format!(
            "sound: {rows} rows, {} checkpoints, {witnesses} outside, {} rows after the last checkpoint, {unchained} not chained yet, \
             {millis} ms; fingerprint {mark}",
            report.checkpoints, report.uncovered
        ),
    }
}
