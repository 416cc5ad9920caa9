//! SQL of sums.

use super::model::{Asked, Row};
use crate::{
    args,
    base::words::HelpSum,
    policy::acts::SumHelp,
    store::{Fault, Scope, Store},
};

macro_rules! sums {
    ($of:literal) => {
        concat!(
            $of,
            "count(*) as pieces, \
             cast(coalesce(sum(case when hp.state = 'promised' then hp.vnd else 0 end), 0) as bigint) as promised, \
             cast(coalesce(sum(case when hp.state = 'approved' then hp.vnd else 0 end), 0) as bigint) as approved, \
             cast(coalesce(sum(case when hp.state = 'given' then hp.vnd else 0 end), 0) as bigint) as given, \
             cast(coalesce(sum(case when hp.state = 'cancelled' then hp.vnd else 0 end), 0) as bigint) as cancelled, \
             cast(coalesce(sum(case when hp.vnd is null then 1 else 0 end), 0) as bigint) as unvalued"
        )
    };
}

pub async fn rows(store: &Store, scope: &Scope<SumHelp>, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let (columns, join, group, order) = match (asked.by, asked.given) {
        (HelpSum::Person, _) => (
            sums!("c.id as case_id, c.code as code, p.name as word, "),
            "join people p on p.id = c.person_id",
            "c.id, c.code, p.name, p.name_key",
            "p.name_key, c.id",
        ),
        (HelpSum::Fund, _) => (
            sums!("fu.name as word, "),
            "left join funds fu on fu.id = hp.fund_id",
            "fu.id, fu.name",
            "case when fu.name is null then 1 else 0 end, fu.name, fu.id",
        ),
        (HelpSum::Organisation, _) => (
            sums!("o.name_vi as word, "),
            "left join organisations o on o.id = hp.organisation_id",
            "o.id, o.name_vi",
            "case when o.name_vi is null then 1 else 0 end, o.name_vi, o.id",
        ),
        (HelpSum::Whom, _) => (
            sums!(
                "case when hp.child_id is not null then 'child' when hp.relative_id is not null then 'relative' else 'person' end as word, "
            ),
            "",
            "case when hp.child_id is not null then 'child' when hp.relative_id is not null then 'relative' else 'person' end",
            "word desc",
        ),
        (HelpSum::Kind, _) => (sums!("hp.kind as word, "), "", "hp.kind", "hp.kind"),
        (HelpSum::Month, false) => (sums!("hp.promised_on as on_day, "), "", "hp.promised_on", "hp.promised_on"),
        (HelpSum::Month, true) => (sums!("hp.given_on as on_day, "), "", "hp.given_on", "hp.given_on"),
    };
    let days = args![asked.from, asked.to];
    let list = store.list(scope, columns).join(join).group_by(group);
    let list = if asked.given {
        list.and_arg("hp.state = 'given' and hp.given_on >= ? and hp.given_on <= ?", days)
    } else {
        list.and_arg("hp.promised_on >= ? and hp.promised_on <= ?", days)
    };
    list.rows(order, 0).await
}
