//! `duongve user`: accounts, for the first admin and for when nobody can sign in. There is no account by default.

use super::{Failed, ask_password, open, say};
use crate::{
    app::App,
    base::{ids::UserId, words::UnknownWord},
    config::Flags,
    organisations,
    policy::{
        Actor, AreaCode,
        acts::{AddStaff, EditStaff, ListOrganisations, ListStaff},
    },
    staff::{self, model::Draft},
    store::{Denied, Fault, Grant, PageAsk},
};
use std::sync::Arc;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Make an account; its first password must be changed at the first sign-in
    Add(Add),
    /// Shut an account: its sessions end, an officer's cases are nobody's
    Disable { username: String },
    /// Open a shut account again
    Enable { username: String },
    /// Print a link for one use, within half an hour, by which the holder sets a new password
    #[command(visible_alias = "password")]
    Reset { username: String },
    /// Take the second factor of an account away; its holder sets up a new one at the next sign-in
    ResetFactor { username: String },
    /// Give an account another role; its sessions end
    Role { username: String, role: String },
    /// Every account
    List {
        /// As JSON, one account a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Args)]
pub struct Add {
    /// Sign-in name: small letters, digits, dot, dash
    username: String,
    /// officer, supervisor, province, council, partner, lender, admin or inspector
    #[arg(long)]
    role: String,
    /// Code of the commune (five digits) or of the province (two)
    #[arg(long, value_name = "CODE")]
    area: String,
    /// Kind of the organisation of that commune; partners only: women, youth, farmers, veterans, front, …
    #[arg(long, value_name = "KIND")]
    organisation: Option<String>,
    /// Name as colleagues read it [default: the sign-in name]
    #[arg(long)]
    name: Option<String>,
    /// Where digests and reminders go
    #[arg(long)]
    email: Option<String>,
}

pub async fn run(flags: Flags, command: Command) -> Result<(), Failed> {
    let app = open(flags).await?;
    let actor = Arc::new(Actor::system("command line"));
    let done = match command {
        Command::Add(args) => add(&app, &actor, args).await,
        Command::Disable { username } => {
            staff::disable(app.store(), account(&app, &actor, &username).await?).await?;
            say(&format!("{username} is shut"))
        }
        Command::Enable { username } => {
            staff::enable(app.store(), account(&app, &actor, &username).await?).await?;
            say(&format!("{username} is open"))
        }
        Command::Reset { username } => match staff::begin_reset(&app, account(&app, &actor, &username).await?).await? {
            staff::Begun { link: Some(link) } => say(&link),
            staff::Begun { link: None } => {
                say(&format!("{username} gets a link by mail; it works once, within half an hour"))
            }
        },
        Command::ResetFactor { username } => {
            staff::reset_factor(&app, account(&app, &actor, &username).await?).await?;
            say(&format!("{username} sets up a new second factor at the next sign-in"))
        }
        Command::Role { username, role } => {
            staff::change_role(&app, account(&app, &actor, &username).await?, &role).await?;
            say(&format!("{username} is {role}; sessions have ended"))
        }
        Command::List { json } => list(&app, &actor, json).await,
    };
    app.store().close().await;
    done
}

async fn add(app: &App, actor: &Arc<Actor>, args: Add) -> Result<(), Failed> {
    let area: AreaCode = args.area.parse().map_err(|UnknownWord| {
        Failed::Refused(format!("--area {}: the code of a commune (five digits) or a province (two)", args.area))
    })?;
    let grant = app.store().permit::<AddStaff>(actor, area.clone()).await.map_err(|fault| match fault {
        Fault::Denied(Denied::Unknown) => Failed::Refused(format!("--area {}: no such area", area.0)),
        other => other.into(),
    })?;
    let organisation = match &args.organisation {
        Some(kind) => organisation(app, actor, &area, kind).await?,
        None => String::new(),
    };
    let mut draft = Draft {
        name: args.name.unwrap_or_else(|| args.username.clone()),
        username: args.username,
        role: args.role,
        organisation,
        email: args.email.unwrap_or_default(),
        password: String::new(),
    };
    // Whatever is wrong is told before anybody thinks of a password.
    staff::check_new(app, &grant, &draft).await?;
    draft.password = ask_password(&format!("First password for {}", draft.username), true)?;
    staff::add(app, grant, &draft, false, None).await?;
    say(&format!("{} can sign in, and must change the password at the first sign-in", draft.username))
}

async fn organisation(app: &App, actor: &Arc<Actor>, area: &AreaCode, kind: &str) -> Result<String, Failed> {
    let scope = app.store().scope::<ListOrganisations>(actor)?;
    let there = organisations::of_area(app.store(), &scope, area).await?;
    there.iter().find(|one| one.kind == kind).map(|one| one.id.to_string()).ok_or_else(|| {
        let kinds: Vec<&str> = there.iter().map(|one| one.kind.as_str()).collect();
        Failed::Refused(format!("--organisation {kind}: not in {}; there are: {}", area.0, kinds.join(", ")))
    })
}

async fn account(app: &App, actor: &Arc<Actor>, username: &str) -> Result<Grant<EditStaff>, Failed> {
    let account = app.store().sign_in_account(&username.to_ascii_lowercase()).await?;
    let id: UserId =
        account.map(|account| account.id).ok_or_else(|| Failed::Refused(format!("no account {username}")))?;
    Ok(app.store().permit::<EditStaff>(actor, id).await?)
}

async fn list(app: &App, actor: &Arc<Actor>, json: bool) -> Result<(), Failed> {
    let scope = app.store().scope::<ListStaff>(actor)?;
    let mut ask = PageAsk { limit: 100, cursor: None };
    loop {
        let page = staff::list(app.store(), &scope, &ask).await?;
        for one in &page.items {
            let shut = one.disabled_at.is_some();
            if json {
                let line = serde_json::json!({
                    "username": one.username, "name": one.name, "role": one.role, "area": one.area_code.0,
                    "organisation": one.organisation, "email": one.email, "must_change": one.must_change, "disabled": shut,
                });
                say(&line.to_string())?;
            } else {
                let state = if shut { "  (shut)" } else { "" };
                let (role, area) = (one.role.as_str(), &one.area_code.0);
                say(&format!("{:<16} {role:<11} {area:<6} {}{state}", one.username, one.name))?;
            }
        }
        if page.next.is_none() {
            return Ok(());
        }
        ask.cursor = page.next;
    }
}
