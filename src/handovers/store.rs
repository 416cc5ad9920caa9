//! SQL of handovers.

use super::model::{CaseLine, Line, Place, Whole};
use crate::{
    areas::model::full_name,
    args,
    base::{
        fields::{
            ContactAddress, ContactPhone, ContactPhoneOf, ContactVisitSafely, ContactWishes, FollowUpWhat,
            HandoverReason, HelpWhat, PledgedOn, ReceivedOn, SheetOn, StepWhat,
        },
        ids::{CaseId, FollowUpId, HandoverId, HelpId, StepId, UserId},
        sealed::Sealed,
        time::Day,
        waiting::Waiting,
        words::{CaseStatus, FollowUpKind, HelpKind, HelpState, IdentityKind, Purpose, Regime},
    },
    policy::{
        AreaCode,
        acts::{EditStaff, HandOverMany, ListHandovers, SeeHandover, SeeHandovers},
        subjects::unbarred,
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Reads, Scope, Store, Unit},
};

/// Where a case is now; it goes nowhere yet.
pub async fn place(unit: &mut Unit, case: CaseId) -> Result<Place, Fault> {
    let row: Option<Place> = unit
        .row(
            "select c.id as case_id, c.area_code as area, c.officer_id as officer, c.area_code as to_area, \
             c.officer_id as to_officer, 'waiting' as state from cases c where c.id = $1",
            args![case],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

pub async fn standing(unit: &mut Unit, id: HandoverId) -> Result<Place, Fault> {
    let row: Option<Place> = unit
        .row(
            "select ho.case_id, c.area_code as area, c.officer_id as officer, ho.to_area, \
             (select u.id from users u where u.id = ho.to_officer_id and u.disabled_at is null and u.role = 'officer' \
             and u.area_code = ho.to_area) as to_officer, ho.state \
             from handovers ho join cases c on c.id = ho.case_id where ho.id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

pub async fn is_waiting(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from handovers where case_id = $1 and state = 'waiting'", args![case]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// Is this a case of the commune whose person this head may know?
pub async fn is_hers(unit: &mut Unit, case: CaseId, area: &AreaCode, by: UserId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            concat!(
                "select count(*) from cases c where c.id = $1 and c.area_code = $2 and c.status <> 'sealed' and ",
                unbarred!("$3", "c.person_id")
            ),
            args![case, &area.0, by],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// Has a commune somebody who could answer?
pub async fn has_head(unit: &mut Unit, area: &AreaCode) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from users where area_code = $1 and role = 'supervisor' and disabled_at is null",
            args![&area.0],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    from: &Place,
    to_area: &AreaCode,
    to_officer: Option<UserId>,
    reason: &str,
    by: UserId,
) -> Result<HandoverId, Fault> {
    let id: HandoverId = unit.new_id();
    let now = unit.now();
    let reason = unit.sealer_of(case).await?.text::<HandoverReason>(id, reason)?;
    unit.run(
        "insert into handovers (id, case_id, from_area, to_area, from_officer_id, to_officer_id, state, reason, made_by, made_at, \
         version) values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9, 1)",
        args![id, case, &from.area.0, &to_area.0, from.officer, to_officer, reason, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn reason(unit: &mut Unit, id: HandoverId) -> Result<String, Fault> {
    let row: Option<(HandoverId, Sealed<HandoverReason>)> =
        unit.row("select id, reason from handovers where id = $1", args![id]).await?;
    Ok(unit.opened(row).await?.map(|(_, reason)| reason.told()).unwrap_or_default())
}

pub async fn take_back_from(unit: &mut Unit, officer: UserId, by: Option<UserId>) -> Result<u64, Fault> {
    let now = unit.now();
    unit.run(
        "update handovers set state = 'withdrawn', answered_at = $2, answered_by = $3, version = version + 1 \
         where to_officer_id = $1 and state = 'waiting'",
        args![officer, now, by],
    )
    .await
}

macro_rules! line {
    () => {
        "ho.id, ho.case_id, c.code, p.name, c.area_code as lies_in, ho.from_area, fa.name as from_place, ho.to_area, \
         ta.name as to_place, fo.name as from_officer, tu.name as to_officer, ho.state, mb.name as by, ho.made_at, \
         ab.name as answered_by, ho.answered_at, ho.version"
    };
}
macro_rules! line_from {
    () => {
        "join people p on p.id = c.person_id join areas fa on fa.code = ho.from_area join areas ta on ta.code = ho.to_area \
         left join users fo on fo.id = ho.from_officer_id left join users tu on tu.id = ho.to_officer_id \
         join users mb on mb.id = ho.made_by left join users ab on ab.id = ho.answered_by"
    };
}

pub async fn list(
    store: &Store,
    scope: &Scope<ListHandovers>,
    waiting: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let list = store.list(scope, line!()).join(line_from!());
    let list = match waiting {
        Some(true) => list.and("ho.state = 'waiting' and c.status <> 'closed'"),
        Some(false) => list.and("ho.state <> 'waiting' or c.status = 'closed'"),
        None => list,
    };
    list.page(&["ho.made_at", "ho.id"], Dir::Down, ask).await
}

/// Those that wait, and of them those that have waited for longer than the rule in force allows.
pub async fn waiting(store: &Store, scope: &Scope<ListHandovers>) -> Result<Waiting, Fault> {
    let rows = store
        .list(scope, "")
        .told_with(
            "count(*) as waiting, count(*) filter (where ho.made_at < ? - 86400000000 * (select ru.amount from rules ru \
             where ru.word = 'handover_answer' and ru.valid_from <= ? order by ru.version desc limit 1)) as late",
            args![store.now(), store.today()],
        )
        .and("ho.state = 'waiting' and c.status <> 'closed'")
        .rows("", 0)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

pub async fn of_case(store: &Store, grant: &Grant<SeeHandovers>) -> Result<Vec<Line>, Fault> {
    store
        .under(
            grant,
            concat!(
                "select ",
                line!(),
                " from handovers ho join cases c on c.id = ho.case_id ",
                line_from!(),
                " where ho.case_id = $1 order by ho.made_at desc, ho.id desc limit 100"
            ),
            args![],
        )
        .await
}

pub async fn one(store: &Store, grant: &Grant<SeeHandover>) -> Result<Option<Whole>, Fault> {
    store.opened(store.one(grant, &[line!(), "ho.reason, ho.answer, ho.sheet"], &[line_from!()]).await?).await
}

/// Every other commune with an active head.
pub async fn destinations(store: &Store, own: &AreaCode) -> Result<Vec<(String, String)>, Fault> {
    let rows: Vec<(String, String, String)> = store
        .reference(
            "select a.code, a.kind, a.name from areas a where a.code <> $1 and exists (select 1 from users u \
             where u.area_code = a.code and u.role = 'supervisor' and u.disabled_at is null) order by a.name_fold, a.code",
            args![&own.0],
        )
        .await?;
    Ok(rows.into_iter().map(|(code, kind, name)| (code, full_name(&kind, &name))).collect())
}

pub async fn to_send(store: &Store, grant: &Grant<HandOverMany>, officer: &str) -> Result<Vec<CaseLine>, Fault> {
    store
        .under(
            grant,
            concat!(
                "select c.id, c.code, p.name, hm.name as hamlet, u.name as officer from cases c join people p on p.id = c.person_id \
                 left join hamlets hm on hm.id = c.hamlet_id left join users u on u.id = c.officer_id where c.area_code = $1 \
                 and c.status not in ('closed', 'sealed') and ($2 = '' or u.username = $2) and ",
                unbarred!("$3", "c.person_id"),
                " and not exists (select 1 from handovers ho where ho.case_id = c.id and ho.state = 'waiting') \
                 order by p.name_key, c.id limit 500"
            ),
            args![officer, grant.actor().user()],
        )
        .await
}

/// Live cases of an account.
pub async fn in_charge_of(store: &Store, grant: &Grant<EditStaff>) -> Result<i64, Fault> {
    let rows: Vec<(i64,)> = store
        .under(
            grant,
            "select count(*) from cases where officer_id = $1 and status not in ('closed', 'sealed')",
            args![],
        )
        .await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// What stands at the head of a sheet.
#[derive(sqlx::FromRow)]
pub struct Head {
    case_id: CaseId,
    pub name: String,
    pub code: String,
    pub birth_year: Option<i64>,
    pub status: CaseStatus,
    pub opened_on: Day,
    pub area_kind: String,
    pub area_name: String,
    pub hamlet: Option<String>,
    pub officer: Option<String>,
    pub last_contact_on: Option<Day>,
    pub id_kind: Option<IdentityKind>,
    regime: Regime,
    pub received_on: Option<Sealed<ReceivedOn>>,
    pub pledged_on: Option<Sealed<PledgedOn>>,
    pub sheet_on: Option<Sealed<SheetOn>>,
    pub phone: Option<Sealed<ContactPhone>>,
    pub phone_of: Sealed<ContactPhoneOf>,
    pub address: Sealed<ContactAddress>,
    pub wishes: Sealed<ContactWishes>,
    pub visit_safely: Sealed<ContactVisitSafely>,
}

crate::opens!(Head {
    case_id => received_on, pledged_on, sheet_on, phone, phone_of, address, wishes, visit_safely
});

impl Head {
    /// Are a pledge and an information sheet asked for? The regime itself is not told.
    pub fn has_sheet(&self) -> bool {
        self.regime.has_sheet() && self.received_on.is_some()
    }
}

pub async fn head(from: &mut impl Reads, id: HandoverId) -> Result<Head, Fault> {
    let row: Option<Head> = from
        .row(
            "select c.id as case_id, p.name, c.code, p.birth_year, c.status, c.opened_on, a.kind as area_kind, a.name as area_name, \
             hm.name as hamlet, u.name as officer, c.last_contact_on, i.kind as id_kind, l.regime, l.received_on, l.pledged_on, \
             l.sheet_on, ct.phone, ct.phone_of, ct.address, ct.wishes, ct.visit_safely \
             from handovers ho join cases c on c.id = ho.case_id join people p on p.id = c.person_id \
             join areas a on a.code = c.area_code join legals l on l.case_id = c.id join contacts ct on ct.case_id = c.id \
             left join hamlets hm on hm.id = c.hamlet_id left join users u on u.id = c.officer_id \
             left join identities i on i.person_id = c.person_id where ho.id = $1",
            args![id],
        )
        .await?;
    from.store().opened(row).await?.ok_or(Fault::Inconsistent("a handover without its case"))
}

#[derive(sqlx::FromRow)]
pub struct DueRow {
    id: FollowUpId,
    pub kind: FollowUpKind,
    pub what: Option<Sealed<FollowUpWhat>>,
    pub due_on: Day,
}

crate::opens!(DueRow { id => what });

pub async fn due(from: &mut impl Reads, id: HandoverId) -> Result<Vec<DueRow>, Fault> {
    let rows: Vec<DueRow> = from
        .rows(
            "select f.id, f.kind, f.what, f.due_on from follow_ups f join handovers ho on ho.case_id = f.case_id \
             where ho.id = $1 and f.done_at is null and f.dropped_at is null order by f.due_on, f.id limit 40",
            args![id],
        )
        .await?;
    from.store().opened(rows).await
}

#[derive(sqlx::FromRow)]
pub struct HelpLine {
    id: HelpId,
    pub kind: HelpKind,
    pub state: HelpState,
    pub what: Sealed<HelpWhat>,
    pub vnd: Option<i64>,
    pub organisation: Option<String>,
}

crate::opens!(HelpLine { id => what });

/// Help that was promised or approved and is not there yet.
pub async fn helps(from: &mut impl Reads, id: HandoverId) -> Result<Vec<HelpLine>, Fault> {
    let rows: Vec<HelpLine> = from
        .rows(
            "select hp.id, hp.kind, hp.state, hp.what, hp.vnd, o.name_vi as organisation from helps hp \
             join handovers ho on ho.case_id = hp.case_id left join organisations o on o.id = hp.organisation_id \
             where ho.id = $1 and hp.state in ('promised', 'approved') order by hp.made_at, hp.id limit 40",
            args![id],
        )
        .await?;
    from.store().opened(rows).await
}

#[derive(sqlx::FromRow)]
pub struct StepLine {
    id: StepId,
    pub what: Sealed<StepWhat>,
    pub due_on: Day,
}

crate::opens!(StepLine { id => what });

/// Steps of the plan in force that are not done, but those towards what stands behind a wall of its own.
pub async fn steps(from: &mut impl Reads, id: HandoverId) -> Result<Vec<StepLine>, Fault> {
    let rows: Vec<StepLine> = from
        .rows(
            "select s.id, s.what, s.due_on from plan_steps s join handovers ho on ho.case_id = s.case_id \
             join plans pl on pl.id = s.plan_id join plan_goals g on g.id = s.goal_id left join follow_ups f on f.id = s.follow_up_id \
             where ho.id = $1 and pl.state = 'approved' and s.dropped_at is null and g.area not in ('health', 'family', 'law') \
             and f.done_at is null order by s.due_on, s.id limit 40",
            args![id],
        )
        .await?;
    from.store().opened(rows).await
}

/// Who helps, for what, and the names of the helpers.
pub async fn helpers(from: &mut impl Reads, id: HandoverId) -> Result<Vec<(String, Purpose, String)>, Fault> {
    let today = from.today();
    let rows: Vec<(String, Purpose, String)> = from
        .rows(
            "select o.name_vi, r.purpose, u.name from referrals r join handovers ho on ho.case_id = r.case_id \
             join organisations o on o.id = r.organisation_id join referral_helpers h on h.referral_id = r.id \
             join users u on u.id = h.user_id where ho.id = $1 and r.ended_at is null and r.from_on <= $2 \
             and (r.to_on is null or r.to_on >= $2) order by o.name_vi, r.id, u.name_key limit 80",
            args![id, today],
        )
        .await?;
    let mut told: Vec<(String, Purpose, String)> = Vec::new();
    for (organisation, purpose, name) in rows {
        match told.last_mut().filter(|last| (&last.0, last.1) == (&organisation, purpose)) {
            Some(last) => last.2 = format!("{}, {name}", last.2),
            None => told.push((organisation, purpose, name)),
        }
    }
    Ok(told)
}
