//! The sensitive parts of a person and a case.

use super::super::model::{Identity, NewClassification, SentenceFields, SentenceRow};
use crate::{
    args,
    base::{
        fields::{
            BirthOn, ClassificationReason, ClassificationReport, Court, Ethnicity, HealthNote, IdentityNumber, Offence,
            Penalty, ProtectedNoteText, ProtectedReasonWord, Religion, SentencedOn,
        },
        ids::{CaseId, ClassificationId, OrganisationId, PersonId, ProtectedNoteId, SentenceId, UserId},
        sealed::{Sealed, SealedDay as _},
    },
    store::{Fault, Sealer, Unit},
};
use jiff::civil::Date;

/// The birth date that later dates are checked against.
pub async fn birth(unit: &mut Unit, case: CaseId) -> Result<Option<Date>, Fault> {
    let person = unit.person_of(case).await?;
    let row: Option<(PersonId, Option<Sealed<BirthOn>>)> =
        unit.row("select id, birth_on from people where id = $1", args![person]).await?;
    Ok(unit.opened(row).await?.and_then(|row| row.1.day()).map(|day| day.0))
}

pub async fn keep_identity(unit: &mut Unit, seal: &Sealer, person: PersonId, number: &Identity) -> Result<(), Fault> {
    let (now, mark) = (unit.now(), unit.store().id_mark(number.as_str())?);
    let shut = seal.text::<IdentityNumber>(person, number.as_str())?;
    unit.exactly_one(
        "insert into identities (person_id, number, number_mark, kind, changed_at) values ($1, $2, $3, $4, $5) \
         on conflict (person_id) do update set number = excluded.number, number_mark = excluded.number_mark, kind = excluded.kind, \
         changed_at = excluded.changed_at",
        args![person, shut, mark, number.kind.as_str(), now],
    )
    .await
}

/// Empty: nothing is known.
pub async fn keep_origin(
    unit: &mut Unit,
    seal: &Sealer,
    person: PersonId,
    ethnicity: &str,
    religion: &str,
) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "insert into origins (person_id, ethnicity, religion, changed_at) values ($1, $2, $3, $4) \
         on conflict (person_id) do update set ethnicity = excluded.ethnicity, religion = excluded.religion, \
         changed_at = excluded.changed_at",
        args![person, seal.text::<Ethnicity>(person, ethnicity)?, seal.text::<Religion>(person, religion)?, now],
    )
    .await
}

/// Empty: nothing is known.
pub async fn keep_health(unit: &mut Unit, seal: &Sealer, person: PersonId, note: &str) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "insert into healths (person_id, note, changed_at) values ($1, $2, $3) \
         on conflict (person_id) do update set note = excluded.note, changed_at = excluded.changed_at",
        args![person, seal.text::<HealthNote>(person, note)?, now],
    )
    .await
}

pub async fn drop_sentences(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    unit.run("delete from sentences where case_id = $1", args![case]).await?;
    Ok(())
}

pub async fn insert_sentence(
    unit: &mut Unit,
    seal: &Sealer,
    case: CaseId,
    sentence: &SentenceFields,
) -> Result<(), Fault> {
    let id: SentenceId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into sentences (id, case_id, offence, penalty, sentenced_on, court, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            id,
            case,
            seal.text::<Offence>(id, &sentence.offence)?,
            seal.text::<Penalty>(id, &sentence.penalty)?,
            seal.day::<SentencedOn>(id, sentence.sentenced_on)?,
            seal.text::<Court>(id, &sentence.court)?,
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_protected_note(
    unit: &mut Unit,
    case: CaseId,
    note: &super::super::parts::ProtectedNote,
    by: UserId,
) -> Result<(), Fault> {
    let id: ProtectedNoteId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into protected_notes (id, case_id, reason, note, review_on, by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            id,
            case,
            seal.text::<ProtectedReasonWord>(id, note.reason.as_str())?,
            seal.text::<ProtectedNoteText>(id, &note.note)?,
            note.review_on,
            by,
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_classification(
    unit: &mut Unit,
    case: CaseId,
    new: &NewClassification,
    by: UserId,
) -> Result<ClassificationId, Fault> {
    let id: ClassificationId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    let report = new.report.as_ref();
    unit.run(
        "insert into classifications (id, case_id, grp, since_on, reason, report_on, report, organisation_id, by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            id,
            case,
            new.group.as_str(),
            new.since_on,
            seal.text::<ClassificationReason>(id, &new.reason)?,
            report.map(|report| report.on),
            seal.text_opt::<ClassificationReport>(id, report.map(|report| report.text.as_str()))?,
            report.and_then(|report| report.organisation),
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Was this organisation ever asked to help the person of this case?
pub async fn was_referred(unit: &mut Unit, case: CaseId, organisation: OrganisationId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row("select count(*) from referrals where case_id = $1 and organisation_id = $2", args![case, organisation])
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// The identity number that is known of a person, with the word of its kind.
pub async fn identity(unit: &mut Unit, person: PersonId) -> Result<Option<String>, Fault> {
    let row: Option<(PersonId, Sealed<IdentityNumber>)> =
        unit.row("select person_id, number from identities where person_id = $1", args![person]).await?;
    Ok(unit.opened(row).await?.map(|row| row.1.told()))
}

/// Origin and health as they are written down now: ethnicity, religion, health.
pub async fn origin_and_health(unit: &mut Unit, person: PersonId) -> Result<(String, String, String), Fault> {
    #[derive(sqlx::FromRow)]
    struct Origin {
        person_id: PersonId,
        ethnicity: Sealed<Ethnicity>,
        religion: Sealed<Religion>,
    }
    crate::opens!(Origin { person_id => ethnicity, religion });
    let origin: Option<Origin> =
        unit.row("select person_id, ethnicity, religion from origins where person_id = $1", args![person]).await?;
    let origin = unit.opened(origin).await?;
    let health: Option<(PersonId, Sealed<HealthNote>)> =
        unit.row("select person_id, note from healths where person_id = $1", args![person]).await?;
    let health = unit.opened(health).await?.map(|row| row.1.told()).unwrap_or_default();
    let (ethnicity, religion) = origin.map(|row| (row.ethnicity.told(), row.religion.told())).unwrap_or_default();
    Ok((ethnicity, religion, health))
}

/// The sentences of a case as they stand, each in one line.
pub async fn sentence_lines(unit: &mut Unit, case: CaseId) -> Result<Vec<String>, Fault> {
    let rows: Vec<SentenceRow> = unit
        .rows(
            "select id, offence, penalty, sentenced_on, court from sentences where case_id = $1 order by made_at, id",
            args![case],
        )
        .await?;
    Ok(unit.store().opened(rows).await?.iter().map(SentenceRow::line).collect())
}
