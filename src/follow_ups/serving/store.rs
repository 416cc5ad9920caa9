//! SQL of what the due engine asks of a sentence that is served in the community.

use super::{
    Kept,
    dates::{Serving, Shortening, Term},
};
use crate::{
    args,
    base::{
        fields::{DutyTermContent, SuspendedFromOn, SuspendedToOn},
        ids::{CaseId, DutyTermId, FollowUpId, SuspensionId, UserId},
        sealed::{Sealed, SealedDay as _},
        time::{At, Day},
        words::{FollowUpKind, Regime, ShorteningState},
    },
    store::{Fault, Reads, Unit},
};
use jiff::civil::Date;

#[derive(sqlx::FromRow)]
struct TermRow {
    id: DutyTermId,
    content: Sealed<DutyTermContent>,
    made_at: At,
}

crate::opens!(TermRow { id => content });

#[derive(sqlx::FromRow)]
struct SuspensionRow {
    id: SuspensionId,
    from_on: Sealed<SuspendedFromOn>,
    to_on: Option<Sealed<SuspendedToOn>>,
}

crate::opens!(SuspensionRow { id => from_on, to_on });

/// What is known of it; nothing is asked of a case that carries no duties.
pub async fn facts(unit: &mut impl Reads, case: CaseId, regime: Regime) -> Result<Serving, Fault> {
    if !regime.carries_duties() {
        return Ok(Serving::default());
    }
    let rounds: Vec<(Day,)> =
        unit.rows("select round_on from duty_assessments where case_id = $1 order by round_on", args![case]).await?;
    let shortenings: Vec<(ShorteningState, Day)> = unit
        .rows(
            "select state, coalesce(decided_on, proposed_on) from duty_shortenings where case_id = $1 order by made_at, id",
            args![case],
        )
        .await?;
    let certified: Option<(i64,)> =
        unit.row("select count(*) from duty_certificates where case_id = $1", args![case]).await?;
    Ok(Serving {
        term: term(unit, case).await?,
        rounds: rounds.into_iter().map(|row| row.0.0).collect(),
        suspensions: suspensions(unit, case).await?,
        shortenings: shortenings.into_iter().map(|(state, on)| Shortening { state, on: on.0 }).collect(),
        certified: certified.is_some_and(|row| row.0 > 0),
    })
}

async fn term(unit: &mut impl Reads, case: CaseId) -> Result<Option<Term>, Fault> {
    let rows: Vec<TermRow> = unit
        .rows("select id, content, made_at from duty_terms where case_id = $1 order by made_at, id", args![case])
        .await?;
    let rows = unit.store().opened(rows).await?;
    let Some((first, last)) = rows.first().zip(rows.last()) else { return Ok(None) };
    if last.content.is_erased() {
        return Ok(None);
    }
    let kept: Kept =
        serde_json::from_str(last.content.text()).map_err(|_| Fault::Inconsistent("a term of a sentence"))?;
    Ok(Some(Term { from: kept.from.0, until: kept.until.0, ends: kept.ends.0, known_on: first.made_at.day() }))
}

async fn suspensions(unit: &mut impl Reads, case: CaseId) -> Result<Vec<(Date, Option<Date>)>, Fault> {
    let rows: Vec<SuspensionRow> = unit
        .rows("select id, from_on, to_on from suspensions where case_id = $1 order by made_at, id", args![case])
        .await?;
    let rows = unit.store().opened(rows).await?;
    let days = |row: &SuspensionRow| {
        let from = row.from_on.value()?.0;
        Some((from, row.to_on.day().map(|day| day.0)))
    };
    Ok(rows.iter().filter_map(days).collect())
}

/// The round that was asked for is written down.
pub async fn settle_round(unit: &mut Unit, case: CaseId, round: Date, by: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update follow_ups set done_at = $3, done_by = $4, version = version + 1 where case_id = $1 \
         and kind = 'duty_assessment' and base_on = $2 and done_at is null and dropped_at is null",
        args![case, round, now, by],
    )
    .await?;
    Ok(())
}

/// A task of a duty that a verb asks for, about a day.
pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    kind: FollowUpKind,
    (base_on, due_on): (Date, Date),
    by: UserId,
) -> Result<FollowUpId, Fault> {
    let id: FollowUpId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into follow_ups (id, case_id, kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed, \
         made_by, made_at, version) values ($1, $2, $3, $3, 0, $4, $5, 0, $6, $6, 0, $7, $8, 1)",
        args![id, case, kind.as_str(), base_on, due_on, false, by, now],
    )
    .await?;
    Ok(id)
}

/// What stands open of duties that the case carries no longer.
pub async fn drop_all(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update follow_ups set dropped_at = $2, version = version + 1 where case_id = $1 and done_at is null and dropped_at is null \
         and kind in ('duty_assessment', 'absence_decision', 'absence_return', 'breach', 'shortening', 'completion')",
        args![case, now],
    )
    .await?;
    Ok(())
}
