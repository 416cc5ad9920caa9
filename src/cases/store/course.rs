//! Where a case stands, and what changes on its way.

use super::super::model::{Closure, ContactFields, Continuation, PersonFields};
use super::insert_contact;
use crate::{
    args,
    base::{
        fields::{
            BirthOn, CertificateNo, CertificateOn, ClosedOn, ClosureGroundWord, ClosureNote, ContinuedOn, MovedTo,
            ReopenedOn, SuspendedFromOn, SuspendedReviewOn, SuspendedToOn,
        },
        ids::{CaseId, SuspensionId, UserId},
        sealed::{Field, Sealed, SealedDay as _, SealedText as _},
        text::{self},
        time::Day,
        words::{CaseStatus, Regime},
    },
    policy::AreaCode,
    store::{Fault, Unit},
};
use jiff::civil::Date;

pub async fn status(unit: &mut Unit, case: CaseId) -> Result<CaseStatus, Fault> {
    let row: Option<(CaseStatus,)> = unit.row("select status from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn code_of(unit: &mut Unit, case: CaseId) -> Result<String, Fault> {
    let row: Option<(String,)> = unit.row("select code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn is_sealed(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from cases where id = $1 and status = 'sealed'", args![case]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn correct(
    unit: &mut Unit,
    case: CaseId,
    person: &PersonFields,
    contact: &ContactFields,
) -> Result<(), Fault> {
    let owner = unit.person_of(case).await?;
    let seal = unit.sealer(owner).await?;
    unit.exactly_one(
        "update people set name = $2, name_fold = $3, name_key = $4, aliases = $5, alias_fold = $6, sex = $7, birth_on = $8, \
         birth_precision = $9, birth_year = $10, version = version + 1 where id = $1",
        args![
            owner,
            person.name.as_str(),
            text::fold(&person.name),
            text::name_sort_key(&person.name),
            person.aliases.as_str(),
            text::fold(&person.aliases),
            person.sex.map(|sex| sex.as_str()),
            seal.day::<BirthOn>(owner, person.birth.map(|birth| birth.0))?,
            person.birth.map(|birth| birth.1.as_str()),
            person.birth.map(|birth| i64::from(birth.0.year()))
        ],
    )
    .await?;
    insert_contact(unit, &seal, case, contact).await
}

/// Sets one day of the legal part.
pub async fn set_legal_day<F: Field<Value = Day>>(
    unit: &mut Unit,
    case: CaseId,
    day: Option<Date>,
) -> Result<(), Fault> {
    let (now, column) = (unit.now(), F::COLUMN);
    let day = unit.sealer_of(case).await?.day::<F>(case, day)?;
    unit.exactly_one(
        format!("update legals set {column} = $2, changed_at = $3 where case_id = $1"),
        args![case, day, now],
    )
    .await
}

/// In custody or treatment from that day on.
pub async fn begin_suspension(unit: &mut Unit, case: CaseId, from: Date) -> Result<(), Fault> {
    let id: SuspensionId = unit.new_id();
    let (now, seal) = (unit.now(), unit.sealer_of(case).await?);
    unit.run(
        "insert into suspensions (id, case_id, from_on, made_at) values ($1, $2, $3, $4)",
        args![id, case, seal.day::<SuspendedFromOn>(id, Some(from))?, now],
    )
    .await?;
    Ok(())
}

/// Back in the community on that day.
pub async fn end_suspension(unit: &mut Unit, case: CaseId, on: Date) -> Result<(), Fault> {
    let open: Vec<(SuspensionId,)> =
        unit.rows("select id from suspensions where case_id = $1 and to_on is null", args![case]).await?;
    let seal = unit.sealer_of(case).await?;
    for (id,) in open {
        let to = seal.day::<SuspendedToOn>(id, Some(on))?;
        unit.exactly_one("update suspensions set to_on = $2 where id = $1", args![id, to]).await?;
    }
    Ok(())
}

/// Sets one word or line of the legal part; empty: nothing is said.
pub async fn set_legal_text<F: Field<Value = String>>(unit: &mut Unit, case: CaseId, text: &str) -> Result<(), Fault> {
    let (now, column) = (unit.now(), F::COLUMN);
    let text = unit.sealer_of(case).await?.text_opt::<F>(case, Some(text).filter(|text| !text.is_empty()))?;
    unit.exactly_one(
        format!("update legals set {column} = $2, changed_at = $3 where case_id = $1"),
        args![case, text, now],
    )
    .await
}

pub async fn close(unit: &mut Unit, case: CaseId, closure: &Closure, by: UserId) -> Result<(), Fault> {
    set_legal_day::<ClosedOn>(unit, case, Some(closure.on)).await?;
    set_legal_text::<ClosureGroundWord>(unit, case, closure.ground.as_str()).await?;
    set_legal_text::<ClosureNote>(unit, case, &closure.note).await?;
    set_legal_text::<MovedTo>(unit, case, &closure.moved_to).await?;
    end_all(unit, case, by).await
}

/// A case that was not closed yet ends today, by the paper that cleared the record.
pub async fn close_by_paper(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    let [(_, ground), (_, on), ..] = closure(unit, case).await?;
    if !ground.is_empty() || !on.is_empty() {
        return Ok(());
    }
    let today = unit.today();
    set_legal_day::<ClosedOn>(unit, case, Some(today)).await?;
    set_legal_text::<ClosureGroundWord>(unit, case, crate::base::words::ClosureGround::RecordCleared.as_str()).await
}

/// The paper by which it ended holds no longer: that somebody took the seal off is all that is said of the end.
pub async fn unclear(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    let [(_, ground), ..] = closure(unit, case).await?;
    if ground != crate::base::words::ClosureGround::RecordCleared.as_str() {
        return Ok(());
    }
    let said = format!("Mở niêm phong ngày {}", crate::base::text::show_day(unit.today()));
    set_legal_text::<ClosureGroundWord>(unit, case, crate::base::words::ClosureGround::Other.as_str()).await?;
    set_legal_text::<ClosureNote>(unit, case, &said).await
}

/// How a case was closed: ground, day, note, where to.
pub async fn closure(unit: &mut Unit, case: CaseId) -> Result<[(&'static str, String); 4], Fault> {
    #[derive(sqlx::FromRow)]
    struct Closed {
        case_id: CaseId,
        closed_on: Option<Sealed<ClosedOn>>,
        closure_ground: Option<Sealed<ClosureGroundWord>>,
        closure_note: Option<Sealed<ClosureNote>>,
        moved_to: Option<Sealed<MovedTo>>,
    }
    crate::opens!(Closed { case_id => closed_on, closure_ground, closure_note, moved_to });
    let row: Option<Closed> = unit
        .row(
            "select case_id, closed_on, closure_ground, closure_note, moved_to from legals where case_id = $1",
            args![case],
        )
        .await?;
    let row = unit.opened(row).await?.ok_or(Fault::Inconsistent("a case without its legal part"))?;
    Ok([
        ("closure_ground", row.closure_ground.told().unwrap_or_default()),
        ("closed_on", row.closed_on.day().map(|day| text::show_day(day.0)).unwrap_or_default()),
        ("closure_note", row.closure_note.told().unwrap_or_default()),
        ("moved_to", row.moved_to.told().unwrap_or_default()),
    ])
}

/// Takes the closure off; who was in charge of a case that may be opened again, if she still works here.
pub async fn reopen(unit: &mut Unit, case: CaseId, on: Date, received: bool) -> Result<Option<UserId>, Fault> {
    set_legal_day::<ClosedOn>(unit, case, None).await?;
    set_legal_text::<ClosureGroundWord>(unit, case, "").await?;
    set_legal_text::<ClosureNote>(unit, case, "").await?;
    set_legal_text::<MovedTo>(unit, case, "").await?;
    set_legal_day::<SuspendedReviewOn>(unit, case, None).await?;
    end_suspension(unit, case, on).await?;
    set_legal_day::<ReopenedOn>(unit, case, Some(on)).await?;
    let row: Option<(UserId,)> = unit
        .row(
            "select u.id from cases c join users u on u.id = c.officer_id and u.disabled_at is null and u.role = 'officer' \
             and u.area_code = c.area_code where c.id = $1",
            args![case],
        )
        .await?;
    let officer = row.map(|row| row.0);
    let status = if received { CaseStatus::Active } else { CaseStatus::Noticed };
    unit.exactly_one(
        "update cases set status = $2, officer_id = $3, version = version + 1 where id = $1",
        args![case, status.as_str(), officer],
    )
    .await?;
    Ok(officer)
}

/// Lets a case go on under another regime, by this paper.
pub async fn go_on_as(unit: &mut Unit, case: CaseId, from: Regime, new: &Continuation) -> Result<(), Fault> {
    let (now, seal) = (unit.now(), unit.sealer_of(case).await?);
    unit.exactly_one(
        "update legals set regime = $2, certificate_no = $3, certificate_on = $4, continued_from = $5, continued_on = $6, \
         changed_at = $7 where case_id = $1",
        args![
            case,
            new.regime.as_str(),
            seal.text::<CertificateNo>(case, &new.certificate_no)?,
            seal.day::<CertificateOn>(case, Some(new.certificate_on))?,
            from.as_str(),
            seal.day::<ContinuedOn>(case, Some(new.certificate_on))?,
            now
        ],
    )
    .await
}

/// Ends what is under way on a case: who is in charge, who helps, what is due.
pub async fn end_all(unit: &mut Unit, case: CaseId, by: UserId) -> Result<(), Fault> {
    let (now, today) = (unit.now(), unit.today());
    unit.run("update assignments set to_on = $2 where case_id = $1 and to_on is null", args![case, today]).await?;
    unit.run(
        "update handovers set state = 'withdrawn', answered_at = $2, answered_by = $3, version = version + 1 \
         where case_id = $1 and state = 'waiting'",
        args![case, now, by],
    )
    .await?;
    // The reason of these ends is the closure, which the case tells.
    unit.run(
        "update referrals set ended_at = $2, ended_by = $3, version = version + 1 where case_id = $1 and ended_at is null",
        args![case, now, by],
    )
    .await?;
    unit.run(
        "update follow_ups set dropped_at = $2, version = version + 1 where case_id = $1 and done_at is null and dropped_at is null",
        args![case, now],
    )
    .await?;
    Ok(())
}

pub async fn set_status(unit: &mut Unit, case: CaseId, status: CaseStatus) -> Result<(), Fault> {
    unit.exactly_one("update cases set status = $2, version = version + 1 where id = $1", args![case, status.as_str()])
        .await
}

/// Where a case lies, as its history tells it: commune with its code, hamlet.
pub async fn place_told(unit: &mut Unit, case: CaseId) -> Result<[(&'static str, String); 2], Fault> {
    let row: Option<(String, String, String, Option<String>)> = unit
        .row(
            "select a.kind, a.name, a.code, h.name from cases c join areas a on a.code = c.area_code \
             left join hamlets h on h.id = c.hamlet_id where c.id = $1",
            args![case],
        )
        .await?;
    let (kind, name, code, hamlet) = row.ok_or(Fault::Moved)?;
    let area = format!("{} ({code})", crate::areas::model::full_name(&kind, &name));
    Ok([("area", area), ("hamlet", hamlet.unwrap_or_default())])
}

pub async fn move_to(unit: &mut Unit, case: CaseId, area: &AreaCode, hamlet: Option<&str>) -> Result<(), Fault> {
    let hamlet = super::hamlet(unit, area, hamlet).await?;
    unit.exactly_one(
        "update cases set area_code = $2, hamlet_id = $3, version = version + 1 where id = $1",
        args![case, &area.0, hamlet],
    )
    .await
}
