//! `duongve seed`: many invented people, for load tests.

use super::{Failed, demo::new_password, say};
use crate::{
    app::App,
    base::time::{At, Clock},
    config::{self, Flags, Settings},
    seeds::load,
    serve::open_store,
};
use jiff::civil::Date;

#[derive(clap::Args)]
pub struct Args {
    /// How many people
    #[arg(long, value_name = "N")]
    people: u32,
    /// The first commune has just this many people, all of its first officer, four in five referred to its partner: the
    /// same ones at every N, to compare lists of a small and a large database
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=100))]
    caseload: Option<u32>,
    /// Where the generator begins: the same number, seed and day give the same people
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The day on which it is [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// Print the sign-ins as one line of JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(flags: Flags, args: Args) -> Result<(), Failed> {
    let settings = Settings::gather(flags)?;
    settings.make_folders()?;
    let today = args.today.unwrap_or_else(|| Clock::system().today());
    let store = open_store(&settings, Clock::still(At::of(today, 7, 30)), Some(args.seed)).await?;
    let app = App::new(store, settings);
    let there = load::people_there(&app).await?;
    if there > 0 {
        let database = app.settings().database_shown();
        return Err(Failed::Refused(format!(
            "{database} has {there} people already; seed fills an empty database only"
        )));
    }
    let password = config::given_demo_password().unwrap_or_else(new_password);
    let people = usize::try_from(args.people).map_err(|_| Failed::Usage("--people: too many".to_owned()))?;
    let caseload = args.caseload.and_then(|caseload| usize::try_from(caseload).ok());
    let sign_ins = load::fill(&app, people, caseload, args.seed, &password).await?;
    app.store().close().await;
    if args.json {
        return say(&serde_json::json!({"people": people, "password": password, "users": sign_ins}).to_string());
    }
    say(&format!("{people} invented people; password of all accounts: {password}"))?;
    say("The accounts work on this machine only. In the first commune, and for the province:")?;
    for one in sign_ins {
        say(&format!("  {:<22} {:<11} {}", one.username, one.role, one.area))?;
    }
    Ok(())
}
