//! Cases that are taken back: what somebody has done on them, and what hangs on them.

use crate::{
    base::ids::{CaseId, PersonId},
    store::{Fault, Unit},
};

/// What people add to a case, each with the word that says so and the rows that show it; `?` stands for the cases.
const WORK: &[(&str, &str)] = &[
    ("visit", "select case_id from visits where case_id in (?)"),
    ("help", "select case_id from helps where case_id in (?)"),
    ("help", "select case_id from loan_lines where case_id in (?)"),
    ("help", "select case_id from work_statuses where case_id in (?)"),
    ("gathering", "select case_id from gathering_guests where case_id in (?)"),
    ("gathering", "select case_id from gatherings where case_id in (?)"),
    ("gathering", "select case_id from gathering_moves where case_id in (?)"),
    ("gathering", "select case_id from opinions where case_id in (?)"),
    ("relative", "select case_id from relatives where case_id in (?)"),
    ("relative", "select case_id from households where case_id in (?)"),
    ("relative", "select case_id from children where case_id in (?)"),
    ("relative", "select case_id from home_needs where case_id in (?)"),
    ("referral", "select case_id from referrals where case_id in (?)"),
    ("need", "select case_id from needs where case_id in (?)"),
    ("plan", "select case_id from plans where case_id in (?)"),
    ("attachment", "select case_id from attachments where case_id in (?)"),
    ("document", "select case_id from documents where case_id in (?)"),
    ("document", "select case_id from document_rows where case_id in (?)"),
    ("postponement", "select case_id from postponements where case_id in (?)"),
    // How a sentence is served here: whoever wrote it down has worked on the case.
    ("change", "select d.case_id from duty_terms d where d.case_id in (?)"),
    ("change", "select d.case_id from duty_assessments d where d.case_id in (?)"),
    ("change", "select d.case_id from duty_absences d where d.case_id in (?)"),
    ("change", "select d.case_id from duty_breaches d where d.case_id in (?)"),
    ("change", "select d.case_id from duty_shortenings d where d.case_id in (?)"),
    ("change", "select d.case_id from duty_certificates d where d.case_id in (?)"),
    ("change", "select s.case_id from suspensions s where s.case_id in (?)"),
    // Who may know her, who had to, and who asks that she be forgotten: people have decided about this case.
    ("change", "select case_id from restrictions where case_id in (?)"),
    ("change", "select case_id from emergencies where case_id in (?)"),
    ("change", "select case_id from erasures where case_id in (?)"),
    ("change", "select case_id from requests where case_id in (?)"),
    ("change", "select case_id from consents where case_id in (?)"),
    ("task", "select case_id from follow_ups where (made_by is not null or done_by is not null) and case_id in (?)"),
    (
        "change",
        "select k.case_id from classifications k join cases c on c.id = k.case_id where k.made_at > c.created_at and c.id in (?)",
    ),
    (
        "change",
        "select n.case_id from protected_notes n join cases c on c.id = n.case_id where n.made_at > c.created_at and c.id in (?)",
    ),
    (
        "change",
        "select s.case_id from sentences s join cases c on c.id = s.case_id where s.made_at > c.created_at and c.id in (?)",
    ),
    ("change", "select c.id from cases c where c.person_id in (select m.kept_id from merges m) and c.id in (?)"),
    ("change", "select q.case_id from case_requests q where q.case_id in (?)"),
    ("change", "select h.case_id from handovers h where h.case_id in (?)"),
    ("change", "select r.case_id from corrections r where r.case_id in (?)"),
    ("change", "select j.case_id from judgments j where j.case_id in (?)"),
    ("change", "select e.case_id from sealings e where e.case_id in (?)"),
    (
        "change",
        "select g.case_id from assignments g join cases c on c.id = g.case_id where g.made_at > c.created_at and c.id in (?)",
    ),
    (
        "change",
        "select c.id from cases c join people p on p.id = c.person_id where (c.version > 1 or p.version > 1) and c.id in (?)",
    ),
];

/// What hangs on a case without anybody's work, in the order in which it goes.
const HANGS: &[&str] = &[
    "delete from digest_rows where case_id in (?)",
    "delete from possible_doubles where case_id in (?)",
    "delete from possible_doubles where other_id in (?)",
    "delete from import_rows where case_id in (?)",
    "delete from follow_ups where case_id in (?)",
    "delete from protected_notes where case_id in (?)",
    "delete from corrections where case_id in (?)",
    "delete from classifications where case_id in (?)",
    "delete from judgments where case_id in (?)",
    "delete from sentences where case_id in (?)",
    "delete from legals where case_id in (?)",
    "delete from contacts where case_id in (?)",
    "delete from assignments where case_id in (?)",
    "delete from cases where id in (?)",
];

const HANGS_ON_PERSON: &[&str] = &[
    "delete from identities where person_id in (?)",
    "delete from origins where person_id in (?)",
    "delete from healths where person_id in (?)",
    "delete from people where id in (?)",
];

/// A statement about some records, and their ids as its values.
fn about<I: crate::base::ids::Id>(sql: &str, ids: &[I]) -> (String, Vec<crate::base::arg::Arg>) {
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    (sql.replace('?', &places.join(", ")), ids.iter().map(|id| id.uuid().into()).collect())
}

/// Which of these cases somebody has worked on, and with what.
pub async fn worked_on(unit: &mut Unit, cases: &[CaseId]) -> Result<Vec<(CaseId, &'static str)>, Fault> {
    let mut found = Vec::new();
    for (word, sql) in WORK {
        let (sql, args) = about(sql, cases);
        let rows: Vec<(CaseId,)> = unit.rows(sql, args).await?;
        found.extend(rows.into_iter().map(|row| (row.0, *word)));
    }
    Ok(found)
}

/// Removes cases with all that hangs on them, and their people unless another case is about them. Who went.
pub async fn remove(unit: &mut Unit, cases: &[CaseId]) -> Result<Vec<PersonId>, Fault> {
    let (sql, args) = about("select person_id from cases where id in (?)", cases);
    let people: Vec<(PersonId,)> = unit.rows(sql, args).await?;
    for sql in HANGS {
        let (sql, args) = about(sql, cases);
        unit.run(sql, args).await?;
    }
    let people: Vec<PersonId> = people.into_iter().map(|row| row.0).collect();
    let (sql, args) = about("select person_id from cases where person_id in (?)", &people);
    let others: Vec<(PersonId,)> = unit.rows(sql, args).await?;
    let alone: Vec<PersonId> =
        people.into_iter().filter(|person| !others.iter().any(|other| other.0 == *person)).collect();
    if alone.is_empty() {
        return Ok(alone);
    }
    for sql in HANGS_ON_PERSON {
        let (sql, args) = about(sql, &alone);
        unit.run(sql, args).await?;
    }
    Ok(alone)
}
