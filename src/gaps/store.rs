//! SQL of what is missing: one condition a kind, in the order of `model::ALL`.

use super::model::{Line, OfficerGaps};
use crate::{
    args,
    policy::acts::ListGaps,
    store::{Dir, Fault, Page, PageAsk, Scope, Store},
};

/// One text for the letters, for whether there is any, and for how many.
macro_rules! gaps {
    ($today:literal, $begin:literal, $yes:literal, $no:literal, $between:literal, $end:literal) => {
        concat!(
            $begin, "case when l.regime in ('completed', 'amnestied', 'conditional_release') and l.released_on is null", $yes, $no,
            $between, "case when l.regime <> 'support' and l.certificate_on is null", $yes, $no,
            $between, "case when c.status = 'noticed' and l.present_by_on is null", $yes, $no,
            $between, "case when p.birth_on is null", $yes, $no,
            $between, "case when not exists (select 1 from identities ip where ip.person_id = c.person_id)", $yes, $no,
            $between, "case when ct.phone is null", $yes, $no,
            $between, "case when c.hamlet_id is null", $yes, $no,
            $between, "case when l.regime <> 'support' and not exists (select 1 from judgments jm where jm.case_id = c.id)", $yes, $no,
            $between, "case when c.status <> 'noticed' and l.regime <> 'support' and l.pledged_on is null", $yes, $no,
            $between, "case when c.status <> 'noticed' and l.regime in ('completed', 'amnestied') and l.sheet_on is null", $yes, $no,
            $between, "case when c.status <> 'noticed' and l.regime <> 'support' and not exists (select 1 from classifications cf where cf.case_id = c.id)", $yes, $no,
            $between, "case when c.status <> 'noticed' and not exists (select 1 from referrals rl where rl.case_id = c.id and rl.ended_at is null and (rl.to_on is null or rl.to_on >= ", $today, "))", $yes, $no,
            $between, "case when c.status <> 'noticed' and not exists (select 1 from work_statuses wk where wk.case_id = c.id)", $yes, $no,
            $between, "case when c.status <> 'noticed' and not exists (select 1 from needs nd where nd.case_id = c.id)", $yes, $no,
            $end
        )
    };
}

/// The cases with their letters: the columns are worked out where the tokens are filled in, in a join.
const FROM: &str = gaps!(
    "{today}",
    "join people p on p.id = c.person_id join legals l on l.case_id = c.id left join contacts ct on ct.case_id = c.id \
     left join users us on us.id = c.officer_id join cases same on same.id = c.id and (",
    " then 1",
    " else 0 end",
    " + ",
    " > 0)"
);
const EVERYBODY: &str = "join people p on p.id = c.person_id join legals l on l.case_id = c.id left join contacts ct on ct.case_id = c.id \
     left join users us on us.id = c.officer_id";
const LIVE: &str = "c.status in ('noticed', 'active', 'suspended')";

pub async fn list(store: &Store, scope: &Scope<ListGaps>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    const COLUMNS: &str = gaps!(
        "?",
        "c.id, c.code, p.name, p.name_key, us.name as officer, ",
        " then '1'",
        " else '0' end",
        " || ",
        " as flags"
    );
    let list = store.list(scope, "").told_with(COLUMNS, args![store.today()]);
    list.join(FROM).and(LIVE).page(&["p.name_key", "c.id"], Dir::Up, ask).await
}

pub async fn count(store: &Store, scope: &Scope<ListGaps>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").join(FROM).and(LIVE).count().await
}

pub async fn by_officer(store: &Store, scope: &Scope<ListGaps>) -> Result<Vec<OfficerGaps>, Fault> {
    const COLUMNS: &str = concat!(
        gaps!(
            "?",
            "c.officer_id, us.name as officer, count(*) as cases, cast(sum(",
            " then 1",
            " else 0 end",
            " + ",
            ") as bigint) as gaps, "
        ),
        gaps!(
            "?",
            "cast(sum(case when (",
            " then 1",
            " else 0 end",
            " + ",
            ") > 0 then 1 else 0 end) as bigint) as lacking"
        )
    );
    let today = store.today();
    store
        .list(scope, "")
        .told_with(COLUMNS, args![today, today])
        .join(EVERYBODY)
        .and(LIVE)
        .group_by("c.officer_id, us.name, us.name_key")
        .rows("gaps desc, us.name_key, c.officer_id", 0)
        .await
}
