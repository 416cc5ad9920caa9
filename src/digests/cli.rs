//! `duongve digest`: what one's own digest says. It is composed for whoever signs in, and for nobody else.

use super::model::Composed;
use crate::{
    app::{App, Refused},
    policy::{
        Actor,
        acts::{ComposeDigest, ListCases},
    },
    store::Fault,
};
use std::{io::Write, sync::Arc};

/// The arguments of `duongve digest`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Sign-in name: the digest is hers, and her password is asked for.
    #[arg(long = "as", visible_alias = "for", value_name = "NAME")]
    pub as_: String,
    /// Shows what the digest would say now; nothing is stored and nothing is sent.
    #[arg(long, required = true)]
    pub dry_run: bool,
    /// Prints JSON.
    #[arg(long)]
    pub json: bool,
}

/// Composes the digest of `actor`, who has signed in, and prints it. No name stands in it.
///
/// # Errors
/// [`Fault::Denied`] if the policy gives her no digest; a fault of the database; an output that is closed.
pub async fn run(app: &App, actor: Arc<Actor>, args: &Args, out: &mut impl Write) -> Result<(), Refused> {
    let scope = app.store().scope::<ComposeDigest>(&actor)?;
    let cases = app.store().scope::<ListCases>(&actor)?;
    let composed = super::compose(app.store(), &scope, &cases).await?;
    let text = if args.json {
        json(&composed, app)
    } else {
        let letter = super::letter_now(app, actor.lang(), &composed);
        format!("{}\n\n{}", letter.subject, letter.body)
    };
    out.write_all(text.as_bytes()).map_err(|error| {
        tracing::debug!(%error, "the output is closed");
        Refused::Fault(Fault::Unavailable)
    })
}

fn json(composed: &Composed, app: &App) -> String {
    let rows: Vec<serde_json::Value> = composed
        .rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "case_id": row.case_id, "code": row.code, "kind": row.kind, "days_late": row.days_late,
                "officer_id": row.officer_id,
            })
        })
        .collect();
    let digest = serde_json::json!({ "on": app.store().today(), "counts": composed.figures, "rows": rows, "owed": composed.owed });
    format!("{digest:#}\n")
}
