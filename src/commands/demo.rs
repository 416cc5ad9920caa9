//! `duongve demo`: an embedded database with the demo story, the server and the scheduler, with one command.

use super::{Failed, say, serve};
use crate::{
    app::App,
    base::time::{At, Clock},
    config::{self, Flags, MailSettings, Settings},
    jobs,
    policy::{Actor, acts::RunJobs},
    seeds::demo,
    serve::open_store,
    staff,
    store::Store,
};
use jiff::civil::Date;
use std::{path::PathBuf, sync::Arc};

#[derive(clap::Args)]
pub struct Args {
    /// The day on which the story ends and the clock goes on, at 07:30 [default: today, on the machine's own clock]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// Print address, folder and sign-ins as one line of JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(flags: Flags, args: Args) -> Result<(), Failed> {
    let (settings, temporary) = settings(flags)?;
    // The port is taken first: a demo that cannot be reached need not be told.
    let (listener, settings) = serve::listen(settings).await?;
    let clock = match args.today {
        Some(today) => Clock::still(At::of(today, 7, 30)),
        None => Clock::system(),
    };
    tell_if_empty(&settings, clock.today()).await?;
    let store = open_store(&settings, clock.clone(), None).await?;
    let app = App::new(store, settings);
    let password = config::given_demo_password().unwrap_or_else(new_password);
    let scope = app.store().scope::<RunJobs>(&Arc::new(Actor::system("demo")))?;
    staff::renew_demo(&app, scope, &password).await?;
    // Whoever goes on after some days finds the digests of the latest period, too.
    jobs::tick(&app).await?;
    if args.today.is_some() {
        clock.run();
    }
    if args.json {
        tell_json(&app, &password)?
    } else {
        tell(&app, &password)?
    }
    let done = serve::answer(app, listener).await;
    if let Some(dir) = temporary {
        std::fs::remove_dir_all(dir)?;
    }
    done
}

/// The settings of a demo: in a folder of its own unless one is named, with mails as files in it. The second value is
/// a folder that goes away with the demo.
fn settings(flags: Flags) -> Result<(Settings, Option<PathBuf>), Failed> {
    let mut flags = flags.with_file()?;
    let temporary = match &flags.data_dir {
        Some(_) => None,
        None => Some(config::temporary_folder()?),
    };
    flags.data_dir = flags.data_dir.or_else(|| temporary.clone());
    flags.config = None;
    let mut settings = Settings::gather(flags)?;
    settings.demo = true;
    settings.sign_in.demo_without_factor = true;
    // A folder that goes away takes them along.
    settings.checkpoint_file = settings.data_dir.join("checkpoints");
    if settings.mail == MailSettings::None {
        settings.mail = MailSettings::Folder(settings.data_dir.join("mail"));
    }
    settings.make_folders()?;
    Ok((settings, temporary))
}

/// Tells the story in an empty database; one in which it was told goes on.
async fn tell_if_empty(settings: &Settings, today: Date) -> Result<(), Failed> {
    let clock = Clock::still(demo::beginning(today));
    let store = Store::open(&settings.database, &settings.keys, clock, Some(demo::SEED)).await?;
    match demo::was_told(&store).await? {
        Some(true) => {}
        Some(false) => {
            return Err(Failed::Refused(format!(
                "{} holds no whole demo: a demo that was cut short, or real accounts. Choose another --data-dir or --database",
                settings.database_shown()
            )));
        }
        None => {
            tracing::info!("telling the demo story");
            crate::seeds::reference(&store).await?;
            let app = App::new(store.clone(), settings.clone());
            demo::tell(&app, today, &new_password()).await?;
            // This morning's digests belong to the story.
            jobs::tick(&app).await?;
        }
    }
    // Opened again without the seed: what happens from now on has ids that nobody can foresee.
    store.close().await;
    Ok(())
}

/// Eighteen letters, easy to type: about 80 bits.
pub fn new_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
    let random: [u8; 18] = rand::random();
    let letters = random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    let mut password = String::new();
    for (at, letter) in letters.enumerate() {
        if at > 0 && at % 6 == 0 {
            password.push('-');
        }
        password.push(letter);
    }
    password
}

fn tell(app: &App, password: &str) -> Result<(), Failed> {
    let settings = app.settings();
    say(&format!("Đường Về, the demo: http://{}", settings.listen))?;
    say(&format!("folder:             {}", settings.data_dir.display()))?;
    say(&format!("today:              {}", app.store().today()))?;
    say(&format!("password of all:    {password}"))?;
    say("\nEveryone here is invented. The accounts work on this machine only:")?;
    for (username, name, role, area, kind) in demo::sign_ins() {
        say(&format!("  {username:<12} {role:<11} {area:<6} {name}{}{kind}", if kind.is_empty() { "" } else { ", " }))?;
    }
    Ok(())
}

fn tell_json(app: &App, password: &str) -> Result<(), Failed> {
    let settings = app.settings();
    let users: Vec<serde_json::Value> = demo::sign_ins()
        .map(|(username, name, role, area, _)| {
            serde_json::json!({"username": username, "name": name, "role": role, "area": area})
        })
        .collect();
    let line = serde_json::json!({
        "address": format!("http://{}", settings.listen), "data_dir": settings.data_dir, "today": app.store().today().to_string(),
        "password": password, "users": users,
    });
    say(&line.to_string())
}
