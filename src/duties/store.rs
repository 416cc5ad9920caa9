//! SQL of the records of a sentence served in the community.

use super::model::{
    AbsenceRow, AssessmentRow, BreachRow, CertificateRow, NewAbsence, NewAssessment, NewBreach, NewCertificate,
    NewShortening, RoundLine, RoundSum, ShorteningRow,
};
use crate::{
    args,
    base::{
        fields::{
            AbsenceContent, AbsenceDecisionContent, BreachContent, CertificateContent, DutyAssessmentContent,
            DutyTermContent, ShorteningContent,
        },
        ids::{
            AbsenceId, BreachId, CaseId, CertificateId, DutyAssessmentId, DutyTermId, FollowUpId, ShorteningId, UserId,
        },
        words::ShorteningState,
    },
    follow_ups::serving::Kept,
    policy::{
        Act,
        acts::{ExportDuties, ListAbsences, ListDuties, SeeAbsence, SeeDuties},
        subjects::FollowUp,
    },
    store::{Dir, Fault, Grant, List, Page, PageAsk, Scope, Store, Unit},
};
use jiff::civil::Date;

fn json<T: serde::Serialize>(content: &T) -> Result<String, Fault> {
    serde_json::to_string(content).map_err(|_| Fault::Inconsistent("a record of a sentence"))
}

const ASSESSMENTS: &str = "select a.id, a.round_on, a.made_on, a.sent_on, a.content, u.name as by, a.made_at from duty_assessments a \
     join users u on u.id = a.by where a.case_id = $1 order by a.round_on desc, a.id";
const BREACHES: &str = "select b.id, b.on_day, b.due_on, b.settled_on, b.task_id, b.content, u.name as by, b.made_at \
     from duty_breaches b join users u on u.id = b.by where b.case_id = $1 order by b.on_day desc, b.id desc";
const SHORTENINGS: &str = "select s.id, s.state, s.proposed_on, s.decided_on, s.months, s.content, u.name as by, s.made_at \
     from duty_shortenings s join users u on u.id = s.by where s.case_id = $1 order by s.proposed_on desc, s.id desc";
const CERTIFICATES: &str = "select k.id, k.given_on, k.how, k.content, u.name as by, k.made_at from duty_certificates k \
     join users u on u.id = k.by where k.case_id = $1 order by k.made_at desc, k.id desc";
macro_rules! absence {
    () => {
        "ab.id, ab.case_id, c.code, p.name, hm.name as hamlet, ab.state, ab.asked_on, ab.from_on, ab.to_on, ab.proposal, ab.content, \
         ab.decision, ab.decided_on, ud.name as decider, ab.returned_on, ub.name as by, ab.task_id, ab.return_task_id, ab.version"
    };
}
macro_rules! absence_from {
    () => {
        "join people p on p.id = c.person_id left join hamlets hm on hm.id = c.hamlet_id join users ub on ub.id = ab.by \
         left join users ud on ud.id = ab.decided_by"
    };
}
const ABSENCES: &str = concat!(
    "select ",
    absence!(),
    " from duty_absences ab join cases c on c.id = ab.case_id ",
    absence_from!(),
    " where ab.case_id = $1 order by ab.from_on desc, ab.id desc"
);

pub async fn assessments(store: &Store, grant: &Grant<SeeDuties>) -> Result<Vec<AssessmentRow>, Fault> {
    store.opened(store.under(grant, ASSESSMENTS, args![]).await?).await
}

pub async fn breaches(store: &Store, grant: &Grant<SeeDuties>) -> Result<Vec<BreachRow>, Fault> {
    store.opened(store.under(grant, BREACHES, args![]).await?).await
}

pub async fn shortenings(store: &Store, grant: &Grant<SeeDuties>) -> Result<Vec<ShorteningRow>, Fault> {
    store.opened(store.under(grant, SHORTENINGS, args![]).await?).await
}

pub async fn certificates(store: &Store, grant: &Grant<SeeDuties>) -> Result<Vec<CertificateRow>, Fault> {
    store.opened(store.under(grant, CERTIFICATES, args![]).await?).await
}

pub async fn absences(store: &Store, grant: &Grant<SeeDuties>) -> Result<Vec<AbsenceRow>, Fault> {
    store.opened(store.under(grant, ABSENCES, args![]).await?).await
}

pub async fn assessments_within(unit: &mut Unit, case: CaseId) -> Result<Vec<AssessmentRow>, Fault> {
    let rows: Vec<AssessmentRow> = unit.rows(ASSESSMENTS, args![case]).await?;
    unit.opened(rows).await
}

pub async fn breaches_within(unit: &mut Unit, case: CaseId) -> Result<Vec<BreachRow>, Fault> {
    let rows: Vec<BreachRow> = unit.rows(BREACHES, args![case]).await?;
    unit.opened(rows).await
}

pub async fn shortenings_within(unit: &mut Unit, case: CaseId) -> Result<Vec<ShorteningRow>, Fault> {
    let rows: Vec<ShorteningRow> = unit.rows(SHORTENINGS, args![case]).await?;
    unit.opened(rows).await
}

pub async fn absences_within(unit: &mut Unit, case: CaseId) -> Result<Vec<AbsenceRow>, Fault> {
    let rows: Vec<AbsenceRow> = unit.rows(ABSENCES, args![case]).await?;
    unit.opened(rows).await
}

pub async fn certificates_within(unit: &mut Unit, case: CaseId) -> Result<Vec<CertificateRow>, Fault> {
    let rows: Vec<CertificateRow> = unit.rows(CERTIFICATES, args![case]).await?;
    unit.opened(rows).await
}

pub async fn drop_breach(unit: &mut Unit, case: CaseId, id: BreachId) -> Result<(), Fault> {
    unit.exactly_one("delete from duty_breaches where id = $1 and case_id = $2", args![id, case]).await
}

pub async fn drop_shortening(unit: &mut Unit, case: CaseId, id: ShorteningId) -> Result<(), Fault> {
    unit.exactly_one("delete from duty_shortenings where id = $1 and case_id = $2", args![id, case]).await
}

pub async fn drop_certificate(unit: &mut Unit, case: CaseId, id: CertificateId) -> Result<(), Fault> {
    unit.exactly_one("delete from duty_certificates where id = $1 and case_id = $2", args![id, case]).await
}

/// Is anything written down of a sentence that was served in the community?
pub async fn has_any(store: &Store, grant: &Grant<SeeDuties>) -> Result<bool, Fault> {
    let rows: Vec<(i64,)> = store
        .under(
            grant,
            "select (select count(*) from duty_terms where case_id = $1) + (select count(*) from duty_assessments where case_id = $1) \
             + (select count(*) from duty_absences where case_id = $1) + (select count(*) from duty_breaches where case_id = $1) \
             + (select count(*) from duty_shortenings where case_id = $1) + (select count(*) from duty_certificates where case_id = $1)",
            args![],
        )
        .await?;
    Ok(rows.first().is_some_and(|row| row.0 > 0))
}

pub async fn insert_term(unit: &mut Unit, case: CaseId, kept: &Kept, by: UserId) -> Result<(), Fault> {
    let id: DutyTermId = unit.new_id();
    let now = unit.now();
    let content = unit.sealer_of(case).await?.text::<DutyTermContent>(id, &json(kept)?)?;
    unit.run(
        "insert into duty_terms (id, case_id, content, by, made_at) values ($1, $2, $3, $4, $5)",
        args![id, case, content, by, now],
    )
    .await?;
    Ok(())
}

pub async fn insert_assessment(
    unit: &mut Unit,
    case: CaseId,
    new: &NewAssessment,
    by: UserId,
) -> Result<DutyAssessmentId, Fault> {
    let id: DutyAssessmentId = unit.new_id();
    let now = unit.now();
    let content = unit.sealer_of(case).await?.text::<DutyAssessmentContent>(id, &json(&new.content)?)?;
    unit.run(
        "insert into duty_assessments (id, case_id, round_on, made_on, sent_on, content, by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, case, new.round, new.made_on, new.sent_on, content, by, now],
    )
    .await?;
    Ok(id)
}

/// `false`: the case has no such assessment.
pub async fn change_assessment(
    unit: &mut Unit,
    case: CaseId,
    id: DutyAssessmentId,
    new: &NewAssessment,
) -> Result<bool, Fault> {
    let content = unit.sealer_of(case).await?.text::<DutyAssessmentContent>(id, &json(&new.content)?)?;
    let rows = unit
        .run(
            "update duty_assessments set made_on = $3, sent_on = $4, content = $5 where id = $2 and case_id = $1 and round_on = $6",
            args![case, id, new.made_on, new.sent_on, content, new.round],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn set_sent(unit: &mut Unit, case: CaseId, id: DutyAssessmentId, on: Date) -> Result<(), Fault> {
    unit.exactly_one("update duty_assessments set sent_on = $3 where id = $2 and case_id = $1", args![case, id, on])
        .await
}

pub async fn insert_absence(
    unit: &mut Unit,
    case: CaseId,
    new: &NewAbsence,
    task: FollowUpId,
    by: UserId,
) -> Result<AbsenceId, Fault> {
    let id: AbsenceId = unit.new_id();
    let now = unit.now();
    let content = unit.sealer_of(case).await?.text::<AbsenceContent>(id, &json(&new.content)?)?;
    unit.run(
        "insert into duty_absences (id, case_id, state, asked_on, from_on, to_on, proposal, content, task_id, by, made_at, version) \
         values ($1, $2, 'requested', $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        args![id, case, new.asked_on, new.from, new.to, new.proposal.as_str(), content, task, by, now],
    )
    .await?;
    Ok(id)
}

/// The sealed text of a decision.
pub async fn decision(
    unit: &mut Unit,
    case: CaseId,
    id: AbsenceId,
    decided: &super::model::Decided,
) -> Result<crate::base::arg::Arg, Fault> {
    unit.sealer_of(case).await?.text::<AbsenceDecisionContent>(id, &json(decided)?)
}

const ABSENCE: &str = absence!();
const ABSENCE_FROM: &str = absence_from!();

pub async fn absence(store: &Store, grant: &Grant<SeeAbsence>) -> Result<Option<AbsenceRow>, Fault> {
    store.opened(store.one(grant, &[ABSENCE], &[ABSENCE_FROM]).await?).await
}

/// Which request it is, within a unit of work.
pub async fn find_absence(unit: &mut Unit, id: AbsenceId) -> Result<AbsenceRow, Fault> {
    let sql = format!(
        "select {ABSENCE} from duty_absences ab join cases c on c.id = ab.case_id {ABSENCE_FROM} where ab.id = $1"
    );
    let row: Option<AbsenceRow> = unit.row(sql, args![id]).await?;
    unit.opened(row).await?.ok_or(Fault::Moved)
}

fn waiting<'a>(list: List<'a, ListAbsences>, waiting: Option<bool>) -> List<'a, ListAbsences> {
    // What is asked for no longer waits for nobody: the sentence was served meanwhile, or the case is closed.
    const WAITS: &str = "ab.state = 'requested' and exists (select 1 from follow_ups t where t.id = ab.task_id \
                         and t.done_at is null and t.dropped_at is null)";
    const OTHER: &str = "ab.state <> 'requested' or not exists (select 1 from follow_ups t where t.id = ab.task_id \
                         and t.done_at is null and t.dropped_at is null)";
    match waiting {
        Some(true) => list.and(WAITS),
        Some(false) => list.and(OTHER),
        None => list,
    }
}

pub async fn list_absences(
    store: &Store,
    scope: &Scope<ListAbsences>,
    waits: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<AbsenceRow>, Fault> {
    let list = waiting(store.list(scope, ABSENCE).join(ABSENCE_FROM), waits);
    let dir = if waits == Some(true) { Dir::Up } else { Dir::Down };
    store.opened_page(list.page(&["ab.from_on", "ab.id"], dir, ask).await?).await
}

pub async fn count_absences(store: &Store, scope: &Scope<ListAbsences>, waits: Option<bool>) -> Result<i64, Fault> {
    waiting(store.list(scope, "count(*)"), waits).count().await
}

pub async fn insert_breach(
    unit: &mut Unit,
    case: CaseId,
    new: &NewBreach,
    task: FollowUpId,
    by: UserId,
) -> Result<BreachId, Fault> {
    let id: BreachId = unit.new_id();
    let now = unit.now();
    let content = unit.sealer_of(case).await?.text::<BreachContent>(id, &json(&new.content)?)?;
    unit.run(
        "insert into duty_breaches (id, case_id, on_day, due_on, task_id, content, by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, case, new.on, new.due_on, task, content, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn settle_breach(
    unit: &mut Unit,
    case: CaseId,
    id: BreachId,
    on: Date,
    content: &super::model::Broken,
) -> Result<(), Fault> {
    let content = unit.sealer_of(case).await?.text::<BreachContent>(id, &json(content)?)?;
    unit.exactly_one(
        "update duty_breaches set settled_on = $3, content = $4 where id = $2 and case_id = $1",
        args![case, id, on, content],
    )
    .await
}

pub async fn insert_shortening(
    unit: &mut Unit,
    case: CaseId,
    new: &NewShortening,
    by: UserId,
) -> Result<ShorteningId, Fault> {
    let id: ShorteningId = unit.new_id();
    let now = unit.now();
    let content = unit.sealer_of(case).await?.text::<ShorteningContent>(id, &json(&new.content)?)?;
    unit.run(
        "insert into duty_shortenings (id, case_id, state, proposed_on, months, content, by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, case, new.state.as_str(), new.on, new.months, content, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn decide_shortening(
    unit: &mut Unit,
    case: CaseId,
    court: &super::model::Court,
    content: &super::model::Considered,
) -> Result<(), Fault> {
    let content = unit.sealer_of(case).await?.text::<ShorteningContent>(court.id, &json(content)?)?;
    unit.exactly_one(
        "update duty_shortenings set state = $3, decided_on = $4, months = coalesce($5, months), content = $6 \
         where id = $2 and case_id = $1 and state = 'proposed'",
        args![case, court.id, court.state.as_str(), court.on, court.months, content],
    )
    .await
}

/// The months that were granted.
pub fn granted(rows: &[ShorteningRow]) -> i64 {
    rows.iter().filter(|row| row.state == ShorteningState::Granted).filter_map(|row| row.months).sum()
}

pub async fn insert_certificate(
    unit: &mut Unit,
    case: CaseId,
    new: &NewCertificate,
    by: UserId,
) -> Result<CertificateId, Fault> {
    let id: CertificateId = unit.new_id();
    let now = unit.now();
    let content = unit.sealer_of(case).await?.text::<CertificateContent>(id, &json(&new.content)?)?;
    unit.run(
        "insert into duty_certificates (id, case_id, given_on, how, content, by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, case, new.given_on, new.how.as_str(), content, by, now],
    )
    .await?;
    Ok(id)
}

/// What was asked for of a round and is not dropped, with what was written down.
fn of_round<'a, A: Act<On = FollowUp>>(
    store: &'a Store,
    scope: &Scope<A>,
    columns: &'static str,
    round: Date,
) -> List<'a, A> {
    store
        .list(scope, columns)
        .join(
            "join people p on p.id = c.person_id join legals l on l.case_id = c.id left join hamlets hm on hm.id = c.hamlet_id \
             left join users us on us.id = c.officer_id left join duty_assessments da on da.case_id = f.case_id and da.round_on = f.base_on",
        )
        .and("f.kind = 'duty_assessment' and f.dropped_at is null")
        .and_arg("f.base_on = ?", args![round])
}

const ROUND: &str = "f.id, f.rule, f.base_on, f.due_on, f.done_at, f.case_id, c.code, p.name, p.name_key, hm.name as hamlet, l.regime, \
                     c.officer_id, us.name as officer, da.made_on, da.sent_on";

/// `open`: only those that are not done, only those that are.
pub async fn round(
    store: &Store,
    scope: &Scope<ListDuties>,
    round: Date,
    open: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<RoundLine>, Fault> {
    let list = of_round(store, scope, ROUND, round);
    let list = match open {
        Some(true) => list.and("f.done_at is null"),
        Some(false) => list.and("f.done_at is not null"),
        None => list,
    };
    list.page(&["p.name_key", "f.id"], Dir::Up, ask).await
}

pub async fn whole_round(store: &Store, scope: &Scope<ExportDuties>, round: Date) -> Result<Vec<RoundLine>, Fault> {
    of_round(store, scope, ROUND, round).rows("p.name_key, f.id", 0).await
}

pub async fn round_sum(store: &Store, scope: &Scope<ListDuties>, round: Date) -> Result<RoundSum, Fault> {
    let today = store.today();
    let rows: Vec<RoundSum> = of_round(store, scope, "", round)
        .told_with(
            "count(*) as asked, count(f.done_at) as done, count(*) filter (where f.done_at is null and f.due_on < ?) as late, \
             count(da.sent_on) as sent",
            args![today],
        )
        .rows("", 0)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}
