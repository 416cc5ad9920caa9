//! SQL of reviews.

use super::model::{Line, Open, Past, Status, Verdict, line_id};
use crate::{
    args,
    base::{
        fields::{ReviewNote, VerdictNote},
        ids::{ReviewId, UserId},
        time::At,
    },
    policy::acts::ListReview,
    store::{Dir, Fault, Page, PageAsk, Scope, Store, Unit},
};

pub async fn status(store: &Store, months: i64) -> Result<Status, Fault> {
    let open: Vec<Open> = store
        .reference(
            "select r.begun_at, count(*) as accounts, sum(case when l.verdict is null then 1 else 0 end) as waiting \
             from reviews r join review_lines l on l.review_id = r.id where r.signed_at is null group by r.begun_at",
            args![],
        )
        .await?;
    let since: Vec<(Option<At>,)> = store
        .reference(
            "select coalesce((select max(signed_at) from reviews), (select min(created_at) from users)) as since \
             from policy where id = 1",
            args![],
        )
        .await?;
    Ok(Status::of(open.first().copied(), since.first().and_then(|row| row.0), months))
}

pub async fn past(store: &Store) -> Result<Vec<Past>, Fault> {
    let rows: Vec<Past> = store
        .reference(
            "select r.id, r.number, r.signed_at, u.name as by, r.note, \
             (select count(*) from review_lines l where l.review_id = r.id) as accounts, \
             (select count(*) from review_lines l where l.review_id = r.id and l.verdict <> 'keep') as marked \
             from reviews r join users u on u.id = r.signed_by where r.signed_at is not null order by r.number desc limit 10",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn list(store: &Store, scope: &Scope<ListReview>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    let page = store
        .list(
            scope,
            "s.id, s.username, s.name, s.name_key, rl.role, rl.area_code, ar.name as area, rl.disabled, rl.last_sign_in_at, \
             cast(case when rl.verdict is null then 0 else 1 end as bigint) as judged, rl.verdict, rl.review_id, rl.note, ju.name as by",
        )
        .join(
            "join review_lines rl on rl.user_id = s.id join reviews rv on rv.id = rl.review_id \
             join areas ar on ar.code = rl.area_code left join users ju on ju.id = rl.by",
        )
        .and("rv.signed_at is null")
        .page(&["cast(case when rl.verdict is null then 0 else 1 end as bigint)", "s.name_key", "s.id"], Dir::Up, ask)
        .await?;
    store.opened_page(page).await
}

pub async fn open_one(unit: &mut Unit) -> Result<Option<ReviewId>, Fault> {
    let row: Option<(ReviewId,)> = unit.row("select id from reviews where signed_at is null", args![]).await?;
    Ok(row.map(|row| row.0))
}

/// Of two that begin at once one is refused: the number is given once.
pub async fn begin(unit: &mut Unit, by: UserId) -> Result<(ReviewId, u64), Fault> {
    let (id, now): (ReviewId, At) = (unit.new_id(), unit.now());
    unit.run(
        "insert into reviews (id, number, begun_at, begun_by, version) \
         select $1, coalesce(max(number), 0) + 1, $2, $3, 1 from reviews",
        args![id, now, by],
    )
    .await?;
    let accounts = unit
        .run(
            "insert into review_lines (review_id, user_id, role, area_code, disabled, last_sign_in_at) \
             select $1, u.id, u.role, u.area_code, u.disabled_at is not null, u.used_at from users u",
            args![id],
        )
        .await?;
    Ok((id, accounts))
}

pub async fn judge(
    unit: &mut Unit,
    review: ReviewId,
    of: UserId,
    verdict: Verdict,
    note: Option<&str>,
    by: UserId,
) -> Result<(), Fault> {
    let now = unit.now();
    let note = unit.store().note_sealer()?.text_opt::<VerdictNote>(line_id(review, of), note)?;
    unit.exactly_one(
        "update review_lines set verdict = $3, note = $4, by = $5, at = $6 where review_id = $1 and user_id = $2",
        args![review, of, verdict.as_str(), note, by, now],
    )
    .await
}

pub async fn waiting(unit: &mut Unit, review: ReviewId) -> Result<i64, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from review_lines where review_id = $1 and verdict is null", args![review]).await?;
    Ok(row.map_or(0, |row| row.0))
}

pub async fn sign(unit: &mut Unit, review: ReviewId, by: UserId, note: Option<&str>) -> Result<(), Fault> {
    let now = unit.now();
    let note = unit.store().note_sealer()?.text_opt::<ReviewNote>(review, note)?;
    unit.exactly_one(
        "update reviews set signed_at = $2, signed_by = $3, note = $4, version = version + 1 where id = $1 and signed_at is null",
        args![review, now, by, note],
    )
    .await
}
