//! Cases by the list: narrowed, searched, counted, taken out as a file.

use super::super::model::{Filter, Line, Sort};
use crate::{
    args,
    base::{
        ids::CaseId,
        text::{self, Phone},
        words::{Group, Regime},
    },
    policy::{
        Act,
        acts::{ExportCases, ListCases, SeeClassification, SeeLegal},
    },
    store::{Dir, Fault, List, Page, PageAsk, Scope, Store},
};
use std::collections::BTreeSet;

const LINE: &str = "c.id, c.person_id, c.code, p.name, p.name_key, p.aliases, p.birth_on, p.birth_precision, hm.name as hamlet, c.area_code, \
     a.name as area, c.status, c.opened_on, c.officer_id, us.name as officer, c.last_contact_on, \
     (select min(f.due_on) from follow_ups f where f.case_id = c.id and f.done_at is null and f.dropped_at is null) as next_due_on, \
     ct.phone";

const LINE_FROM: &str = "join people p on p.id = c.person_id join areas a on a.code = c.area_code \
     left join hamlets hm on hm.id = c.hamlet_id left join users us on us.id = c.officer_id left join contacts ct on ct.case_id = c.id";

/// A helper's line: nothing that comes from a part she may not see.
const HELPER_LINE: &str =
    "c.id, c.person_id, c.code, p.name, p.name_key, hm.name as hamlet, c.area_code, a.name as area, ct.phone";

const HELPER_FROM: &str = "join people p on p.id = c.person_id join areas a on a.code = c.area_code \
     left join hamlets hm on hm.id = c.hamlet_id left join contacts ct on ct.case_id = c.id";

pub async fn list(
    store: &Store,
    scope: &Scope<ListCases>,
    filter: &Filter,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    if crate::cases::is_helper(store, scope.actor()) {
        // No filter and no order that comes from a part she may not see.
        let list = filtered(store.list(scope, HELPER_LINE).join(HELPER_FROM), &Filter::default(), scope);
        return store.opened_page(list.page(&["p.name_key", "c.id"], Dir::Up, ask).await?).await;
    }
    let list = filtered(store.list(scope, LINE).join(LINE_FROM), filter, scope);
    match filter.sort {
        Sort::Name => store.opened_page(list.page(&["p.name_key", "c.id"], Dir::Up, ask).await?).await,
        Sort::Opened => {
            let page: Page<Newest> = list.page(&["c.opened_on", "c.id"], Dir::Down, ask).await?;
            store.opened_page(page.map(|newest| newest.line)).await
        }
    }
}

/// A line of the list that is sorted by opening day.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Newest {
    #[sqlx(flatten)]
    line: Line,
}

impl crate::store::Paged for Newest {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        args![self.line.opened_on, self.line.id]
    }
}

/// Those of these cases that are in the asker's list. Birth and telephone stay shut.
pub async fn among(
    store: &Store,
    scope: &Scope<ListCases>,
    ids: &BTreeSet<CaseId>,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    if ids.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let places = vec!["?"; ids.len()].join(", ");
    let list = store.list(scope, LINE).join(LINE_FROM);
    let list = list.and_arg(&format!("c.id in ({places})"), ids.iter().map(|id| (*id).into()).collect());
    list.page(&["p.name_key", "c.id"], Dir::Up, ask).await
}

pub async fn of_code(store: &Store, scope: &Scope<ListCases>, code: &str) -> Result<Option<CaseId>, Fault> {
    let rows: Vec<(CaseId,)> = store.list(scope, "c.id").and_arg("c.code = ?", args![code]).rows("c.id", 1).await?;
    Ok(rows.first().map(|row| row.0))
}

pub async fn of_person(store: &Store, scope: &Scope<ListCases>, case: CaseId) -> Result<Vec<CaseId>, Fault> {
    let list = store
        .list(scope, "c.id")
        .and_arg("c.person_id = (select oc.person_id from cases oc where oc.id = ?)", args![case]);
    let rows: Vec<(CaseId,)> = list.rows("c.opened_on desc, c.id", 100).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn count(store: &Store, scope: &Scope<ListCases>, filter: &Filter) -> Result<i64, Fault> {
    let everything = Filter::default();
    let filter = if crate::cases::is_helper(store, scope.actor()) { &everything } else { filter };
    filtered(store.list(scope, "count(*)"), filter, scope).count().await
}

fn filtered<'a, A: Act>(mut list: List<'a, A>, filter: &Filter, scope: &Scope<A>) -> List<'a, A> {
    list = match filter.status {
        Some(status) => list.and_arg("c.status = ?", args![status.as_str()]),
        None => list.and("c.status in ('noticed', 'active', 'suspended')"),
    };
    if let Some(area) = &filter.area {
        list = list.and_arg("c.area_code = ?", args![&area.0]);
    }
    if filter.mine {
        list = list.and_arg("c.officer_id = ?", args![scope.actor().user()]);
    }
    if filter.unassigned {
        list = list.and("c.officer_id is null");
    }
    if let Some(officer) = filter.officer {
        list = list.and_arg("c.officer_id = ?", args![officer]);
    }
    if let Some(hamlet) = filter.hamlet {
        list = list.and_arg("c.hamlet_id = ?", args![hamlet]);
    }
    list
}

/// `words` as a pattern for `like`: anywhere, its own signs taken literally.
fn anywhere(words: &str) -> String {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

pub async fn search(
    store: &Store,
    scope: &Scope<ListCases>,
    words: &str,
    numbers: bool,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    let list = if crate::cases::is_helper(store, scope.actor()) {
        store.list(scope, HELPER_LINE).join(HELPER_FROM)
    } else {
        store.list(scope, LINE).join(LINE_FROM)
    };
    let list = list.and("c.status in ('noticed', 'active', 'suspended')");
    store.opened(found(store, list, words, numbers, limit).await?).await
}

async fn found(
    store: &Store,
    list: List<'_, ListCases>,
    words: &str,
    numbers: bool,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    if let Some(code) = super::super::model::parse_code(words) {
        return list.and_arg("c.code = ?", args![code]).rows("p.name_key, c.id", limit).await;
    }
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 9 {
        // By the marks: the numbers themselves are sealed.
        let phone =
            store.phone_mark(&Phone::parse(words).map(|phone| phone.as_str().to_owned()).unwrap_or_default())?;
        return if numbers {
            list.and_arg(
                "ct.phone_mark = ? or exists (select 1 from identities i where i.person_id = c.person_id and i.number_mark = ?)",
                args![phone, store.id_mark(&digits)?],
            )
            .rows("p.name_key, c.id", limit)
            .await
        } else {
            list.and_arg("ct.phone_mark = ?", args![phone]).rows("p.name_key, c.id", limit).await
        };
    }
    let pattern = anywhere(&text::fold(words));
    let hamlet = anywhere(&text::fold(words));
    if numbers {
        list.and_arg(
            "p.name_fold like ? escape '\\' or p.alias_fold like ? escape '\\' or hm.name_fold like ? escape '\\'",
            args![pattern.as_str(), pattern.as_str(), hamlet],
        )
        .rows("p.name_key, c.id", limit)
        .await
    } else {
        list.and_arg("p.name_fold like ? escape '\\' or hm.name_fold like ? escape '\\'", args![pattern, hamlet])
            .rows("p.name_key, c.id", limit)
            .await
    }
}

/// The lines of the list within the exporter's scope, all of them.
pub async fn export_lines(store: &Store, scope: &Scope<ExportCases>) -> Result<Vec<Line>, Fault> {
    let list = store.list(scope, LINE).join(LINE_FROM);
    store.opened(filtered(list, &Filter::default(), scope).rows("p.name_key, c.id", 0).await?).await
}

pub async fn export_regimes(store: &Store, scope: &Scope<SeeLegal>) -> Result<Vec<(CaseId, Regime)>, Fault> {
    let list = store.list(scope, "c.id, l.regime").join("join legals l on l.case_id = c.id");
    list.rows("c.id", 0).await
}

pub async fn export_groups(store: &Store, scope: &Scope<SeeClassification>) -> Result<Vec<(CaseId, Group)>, Fault> {
    let list = store.list(scope, "c.id, k.grp").join("join classifications k on k.case_id = c.id");
    list.rows("k.since_on, k.made_at, k.id", 0).await
}
