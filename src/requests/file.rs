//! The file that a person gets when she asks what is kept about her: readable pages, the same for programs, and who has
//! opened it. What is in it is said by `base/told.rs`, column by column; other people are left out or blacked out.
//!
//! It holds every case of hers that the asker may take it out of, newest first, up to and with the last day.

use super::pages::{Cover, Leaf, Opened, Section};
use crate::{
    app::Refused,
    base::{
        ids::CaseId,
        lang::Lang,
        refusal::{Check, Invalid},
        sealed::SealedText as _,
        text,
        told::{TABLES, Table},
    },
    cases, families, households,
    policy::{
        Act,
        acts::{
            ListCases, SeeClassification, SeeConsents, SeeDuties, SeeFamily, SeeHealth, SeeHelp, SeeHistory,
            SeeIdentity, SeeLegal, SeeLoans, SeeNeeds, SeeOpenings, SeeOrigin, SeePlans, SeeRequests, SeeRestrictions,
            SeeSentence, SeeVisitNote, TakeSubjectFile,
        },
        subjects::Case,
    },
    store::{Fault, Grant, PageAsk, Period, Store},
    trail,
};
use std::{
    io::{Cursor, Write},
    sync::Arc,
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Which days the file is about, as they are typed. Empty: all.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileDraft {
    pub from_on: String,
    /// It counts whole.
    pub to_on: String,
}

impl FileDraft {
    /// # Errors
    /// By field: what is no day; an end before the beginning.
    pub fn check(&self, today: jiff::civil::Date) -> Result<Period, Invalid> {
        let mut check = Check::default();
        let mut day = |field, typed: &str| match typed.trim() {
            "" => None,
            typed => check.take(field, text::parse_day(typed, today)),
        };
        let (from, to) = (day("from_on", &self.from_on), day("to_on", &self.to_on));
        check.expect(from.zip(to).is_none_or(|(from, to)| from <= to), "to_on", "before_from");
        check.give(Some(Period { from, to }))
    }
}

/// The file, and what is in it.
pub struct File {
    pub bytes: Vec<u8>,
    /// It tells nothing of the past: `du-lieu-ca-nhan-2026-11-23.zip`.
    pub name: String,
    pub cases: usize,
}

/// The part by which a table is walled, if it is by one; `None`: whoever may see the case may see it.
fn may(store: &Store, grant: &Grant<TakeSubjectFile>, table: &Table) -> bool {
    fn see<A: Act<On = Case>>(store: &Store, grant: &Grant<TakeSubjectFile>) -> bool {
        store.may::<TakeSubjectFile, A>(grant)
    }
    match table.name {
        "identities" => see::<SeeIdentity>(store, grant),
        "origins" => see::<SeeOrigin>(store, grant),
        "healths" => see::<SeeHealth>(store, grant),
        "legals" => see::<SeeLegal>(store, grant),
        "sentences" | "judgments" => see::<SeeSentence>(store, grant),
        "classifications" => see::<SeeClassification>(store, grant),
        "corrections" => see::<SeeHistory>(store, grant),
        "relatives" | "households" | "children" | "household_members" | "home_needs" | "family_corrections" => {
            see::<SeeFamily>(store, grant)
        }
        "consents" => see::<SeeConsents>(store, grant),
        "visit_notes" => see::<SeeVisitNote>(store, grant),
        "needs" | "need_answers" | "urgencies" => see::<SeeNeeds>(store, grant),
        "plans" | "plan_goals" | "plan_steps" => see::<SeePlans>(store, grant),
        "helps" | "help_steps" | "work_checks" | "work_statuses" => see::<SeeHelp>(store, grant),
        "loan_lines" | "loan_accounts" | "loan_repayments" => see::<SeeLoans>(store, grant),
        "restrictions" | "restriction_users" => see::<SeeRestrictions>(store, grant),
        "requests" => see::<SeeRequests>(store, grant),
        "duty_terms" | "duty_assessments" | "duty_absences" | "duty_breaches" | "duty_shortenings"
        | "duty_certificates" => see::<SeeDuties>(store, grant),
        "suspensions" => see::<SeeLegal>(store, grant),
        _ => true,
    }
}

/// Makes the file of the person of a case. Each case of hers that goes into it is written down as opened first: no log, no
/// file.
///
/// # Errors
/// [`Refused::Invalid`]: see [`FileDraft::check`].
pub async fn make(store: &Store, grant: Grant<TakeSubjectFile>, draft: &FileDraft) -> Result<File, Refused> {
    let period = draft.check(store.today())?;
    let actor = Arc::new(grant.actor().clone());
    let hers = cases::of_person(store, &store.scope::<ListCases>(&actor)?, grant.id()).await?;
    let mut grants = vec![grant];
    for case in hers {
        if case != grants[0].id()
            && let Ok(grant) = store.permit::<TakeSubjectFile>(&actor, case).await
        {
            grants.push(grant);
        }
    }
    for grant in &grants {
        store.note_opening(grant, None, &["subject_file"]).await?;
    }
    let mut black = Vec::new();
    for grant in &grants {
        black.extend(relatives(store, grant).await?);
    }
    let mut zip = Zip::new();
    let (mut cases_json, mut openings_json) = (Vec::new(), Vec::new());
    let (mut missing, mut pages) = (Vec::new(), 0);
    for (at, grant) in grants.iter().enumerate() {
        let leaf = leaf(store, grant, period, at == 0, &black, &mut missing).await?;
        cases_json.push(leaf.json());
        pages += 1;
        zip.put(&format!("{pages}-thong-tin.html"), leaf.html()?.as_bytes())?;
        openings_json.extend(openings(store, grant, period).await?);
    }
    openings_json.sort_by(|one, other| other.at.cmp(&one.at));
    zip.put("nguoi-da-xem.html", super::pages::openings(&openings_json)?.as_bytes())?;
    let now = store.now();
    let cover = Cover { made_at: now, period, role: actor.role().key(), pages, missing };
    let json = serde_json::json!({
        "made_at": now.to_string(),
        "from": period.from.map(|day| day.to_string()),
        "to": period.to.map(|day| day.to_string()),
        "order": "newest first",
        "cases": cases_json,
        "openings": openings_json,
        "left_out": super::pages::left_out(),
    });
    zip.put("du-lieu.json", serde_json::to_string_pretty(&json).unwrap_or_default().as_bytes())?;
    zip.put("doc-truoc.html", cover.html()?.as_bytes())?;
    let name = format!("du-lieu-ca-nhan-{}.zip", store.today());
    Ok(File { bytes: zip.end()?, name, cases: grants.len() })
}

/// What is blacked out in free text: names and numbers of relatives whom the record names.
async fn relatives(store: &Store, grant: &Grant<TakeSubjectFile>) -> Result<Vec<String>, Fault> {
    let Some(see) = store.also::<TakeSubjectFile, SeeFamily>(grant) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for row in families::written_down(store, &see).await? {
        found.push(row.name.told());
        if let Some(phone) = row.phone.text() {
            found.push(phone.to_owned());
            found.extend(text::Phone::parse(phone).ok().map(|phone| phone.display()));
            found.extend(phone.strip_prefix("+84").map(|rest| format!("0{rest}")));
        }
    }
    for child in households::live_children(store, &see).await? {
        found.push(child.name.told());
    }
    found.retain(|text| text.chars().count() >= 4);
    // The longest first: what contains another is blacked out whole.
    found.sort_by_key(|text| std::cmp::Reverse(text.len()));
    Ok(found)
}

/// The tables of one case; with the first of them what hangs on the person herself.
async fn leaf(
    store: &Store,
    grant: &Grant<TakeSubjectFile>,
    period: Period,
    first: bool,
    black: &[String],
    missing: &mut Vec<&'static str>,
) -> Result<Leaf, Fault> {
    let mut sections = Vec::new();
    for table in TABLES.iter().filter(|table| table.is_told()) {
        if !may(store, grant, table) {
            missing.push(table.title);
            continue;
        }
        let rows = store.told(grant, table, period, first).await?;
        let section = Section::of(table, rows, Lang::Vi, black);
        if !section.rows.is_empty() {
            sections.push(section);
        }
    }
    Ok(Leaf { sections })
}

/// Who has opened a case: role and organisation, the parts, when. A thousand lines at a time.
async fn openings(store: &Store, grant: &Grant<TakeSubjectFile>, period: Period) -> Result<Vec<Opened>, Fault> {
    let Some(see) = store.also::<TakeSubjectFile, SeeOpenings>(grant) else { return Ok(Vec::new()) };
    let (mut all, mut ask) = (Vec::new(), PageAsk { limit: 1000, cursor: None });
    loop {
        let page = trail::told(store, &see, period, &ask).await?;
        all.extend(page.items.into_iter().map(|line| Opened::of(&line, Lang::Vi)));
        match page.next {
            Some(next) => ask.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

/// The case of this code, for whoever may take the file out of it.
pub(crate) async fn case_of(
    store: &Store,
    scope: &crate::store::Scope<ListCases>,
    code: &str,
) -> Result<Option<CaseId>, Fault> {
    cases::of_code(store, scope, &code.trim().to_uppercase()).await
}

/// A zip that is written page by page: what is packed already is not kept unpacked.
struct Zip(ZipWriter<Cursor<Vec<u8>>>);

impl Zip {
    fn new() -> Zip {
        Zip(ZipWriter::new(Cursor::new(Vec::new())))
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let packed = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        self.0.start_file(name, packed).map_err(|error| broken(&error))?;
        self.0.write_all(bytes).map_err(|error| broken(&error))
    }

    fn end(self) -> Result<Vec<u8>, Fault> {
        Ok(self.0.finish().map_err(|error| broken(&error))?.into_inner())
    }
}

fn broken(error: &dyn std::error::Error) -> Fault {
    tracing::error!(%error, "a file could not be packed");
    Fault::Inconsistent("a zip")
}
