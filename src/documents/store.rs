//! SQL of papers, their numbers and their templates.

use super::model::{BodyRow, CellsRow, DocumentRow, Made, Prepared, PrintingRow, Template, TemplateRow};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::{DocumentBody, DocumentCells, DocumentHash, DocumentWithdrawn},
        ids::{CaseId, DocumentId, DocumentPrintingId, DocumentRowId, DocumentTemplateId, UserId},
        words::DocumentKind,
    },
    policy::{
        AreaCode,
        acts::{IssueDocument, ListDocuments, SeeDocument},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Sealer, Store, Unit},
};
use jiff::civil::Date;

/// The newest version of a kind that is in force on a day; `None`: what is built in.
pub async fn template(unit: &mut Unit, kind: DocumentKind, on: Date) -> Result<Option<Template>, Fault> {
    let row: Option<(i64, String)> = unit
        .row(
            "select version, body from document_templates where kind = $1 and valid_from <= $2 order by version desc limit 1",
            args![kind.as_str(), on],
        )
        .await?;
    Ok(row.map(|(version, body)| Template { version, body }))
}

const TEMPLATE: &str = "select t.kind, t.version, t.valid_from, t.body, u.name as by, t.made_at from document_templates t \
                        join users u on u.id = t.made_by";

/// Every version of a kind but the built-in one, newest first.
pub async fn templates(store: &Store, kind: DocumentKind) -> Result<Vec<TemplateRow>, Fault> {
    store.reference(format!("{TEMPLATE} where t.kind = $1 order by t.version desc"), args![kind.as_str()]).await
}

/// The version of each kind that is in force on a day, where it is not the built-in one.
pub async fn in_force(store: &Store, on: Date) -> Result<Vec<TemplateRow>, Fault> {
    store
        .reference(
            format!(
                "{TEMPLATE} where t.version = (select max(x.version) from document_templates x where x.kind = t.kind \
                 and x.valid_from <= $1) order by t.kind"
            ),
            args![on],
        )
        .await
}

/// Puts another version beside the others; which one it is.
pub async fn insert_template(
    unit: &mut Unit,
    kind: DocumentKind,
    from: Date,
    body: &str,
    by: UserId,
) -> Result<i64, Fault> {
    let (id, now): (DocumentTemplateId, _) = (unit.new_id(), unit.now());
    let row: Option<(i64,)> = unit
        .row("select coalesce(max(version), 1) + 1 from document_templates where kind = $1", args![kind.as_str()])
        .await?;
    let version = row.map_or(2, |row| row.0);
    unit.run(
        "insert into document_templates (id, kind, version, valid_from, body, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, kind.as_str(), version, from, body, by, now],
    )
    .await?;
    Ok(version)
}

/// The next number of a commune's series. It is given with the paper or not at all: a unit that is undone gives it back.
pub async fn next_number(unit: &mut Unit, area: &AreaCode, kind: DocumentKind, year: i64) -> Result<i64, Fault> {
    unit.run(
        "insert into document_series (area_code, kind, year, last) values ($1, $2, $3, 1) \
         on conflict (area_code, kind, year) do update set last = document_series.last + 1",
        args![area.0.as_str(), kind.as_str(), year],
    )
    .await?;
    let row: Option<(i64,)> = unit
        .row(
            "select last from document_series where area_code = $1 and kind = $2 and year = $3",
            args![area.0.as_str(), kind.as_str(), year],
        )
        .await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

/// Commune and province of a case or of a commune, by name.
pub async fn places(unit: &mut Unit, area: &AreaCode) -> Result<(String, String, String, String), Fault> {
    let row: Option<(String, String, Option<String>, Option<String>)> = unit
        .row(
            "select a.kind, a.name, p.kind, p.name from areas a left join areas p on p.code = a.province_code where a.code = $1",
            args![area.0.as_str()],
        )
        .await?;
    let (kind, name, province_kind, province) = row.ok_or(Fault::Moved)?;
    Ok((kind, name, province_kind.unwrap_or_default(), province.unwrap_or_default()))
}

pub async fn area_of(unit: &mut Unit, case: CaseId) -> Result<AreaCode, Fault> {
    let row: Option<(AreaCode,)> = unit.row("select area_code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

async fn sealer(unit: &mut Unit, case: Option<CaseId>) -> Result<Sealer, Fault> {
    match case {
        Some(case) => unit.sealer_of(case).await,
        None => unit.store().note_sealer(),
    }
}

/// Where a new paper stands.
pub struct Place<'a> {
    pub area: &'a AreaCode,
    pub case: Option<CaseId>,
    pub year: i64,
    pub number: i64,
    pub template: &'a Template,
    pub template_hash: &'a str,
}

pub async fn insert(
    unit: &mut Unit,
    place: &Place<'_>,
    prepared: &Prepared,
    made: &Made,
    by: UserId,
) -> Result<DocumentId, Fault> {
    let id: DocumentId = unit.new_id();
    let (now, today) = (unit.now(), unit.today());
    let seal = sealer(unit, place.case).await?;
    unit.run(
        "insert into documents (id, area_code, case_id, kind, year, number, on_day, template_version, template_hash, hash, parts, \
         body, by, made_at, printings, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 1)",
        args![
            id,
            place.area.0.as_str(),
            place.case,
            prepared.kind.as_str(),
            place.year,
            place.number,
            today,
            place.template.version,
            place.template_hash,
            seal.text::<DocumentHash>(id, &made.hash)?,
            prepared.parts.join(" ").as_str(),
            seal.text::<DocumentBody>(id, &made.body)?,
            by,
            now
        ],
    )
    .await?;
    for (rank, case, cells) in &made.rows {
        let row: DocumentRowId = unit.new_id();
        let cells = serde_json::to_string(cells).map_err(|_| Fault::Inconsistent("cells of a paper"))?;
        let cells = unit.sealer_of(*case).await?.text::<DocumentCells>(row, &cells)?;
        let rank = i64::try_from(*rank).unwrap_or(i64::MAX);
        unit.run(
            "insert into document_rows (id, document_id, rank, case_id, cells) values ($1, $2, $3, $4, $5)",
            args![row, id, rank, *case, cells],
        )
        .await?;
    }
    Ok(id)
}

macro_rules! row {
    () => {
        "dc.id, dc.area_code, dc.case_id, c.code, p.name, dc.kind, dc.year, dc.number, dc.on_day, dc.template_version, dc.hash, \
         dc.parts, dc.by as by_id, u.name as by, dc.made_at, dc.printings, dc.withdrawn_at, uw.name as withdrawn_by, \
         dc.withdrawn_reason, dc.replaced_by, dc.version"
    };
}
macro_rules! row_from {
    () => {
        "join users u on u.id = dc.by left join users uw on uw.id = dc.withdrawn_by left join people p on p.id = c.person_id"
    };
}

pub async fn list(
    store: &Store,
    scope: &Scope<ListDocuments>,
    kind: Option<DocumentKind>,
    ask: &PageAsk,
) -> Result<Page<DocumentRow>, Fault> {
    let list = store.list(scope, row!()).join(row_from!());
    let list = match kind {
        Some(kind) => list.and_arg("dc.kind = ?", args![kind.as_str()]),
        None => list,
    };
    store.opened_page(list.page(&["dc.made_at", "dc.id"], Dir::Down, ask).await?).await
}

pub async fn count(store: &Store, scope: &Scope<ListDocuments>, kind: Option<DocumentKind>) -> Result<i64, Fault> {
    let list = store.list(scope, "count(*)");
    match kind {
        Some(kind) => list.and_arg("dc.kind = ?", args![kind.as_str()]),
        None => list,
    }
    .count()
    .await
}

/// The papers of a case, newest first.
pub async fn of_case(store: &Store, grant: &Grant<IssueDocument>) -> Result<Vec<DocumentRow>, Fault> {
    let rows: Vec<DocumentRow> = store
        .under(
            grant,
            concat!(
                "select ",
                row!(),
                " from documents dc join cases c on c.id = dc.case_id ",
                row_from!(),
                " where dc.case_id = $1 order by dc.made_at desc, dc.id desc limit 400"
            ),
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn one(store: &Store, grant: &Grant<SeeDocument>) -> Result<Option<DocumentRow>, Fault> {
    store.opened(store.one(grant, &[row!()], &[row_from!()]).await?).await
}

pub async fn body(store: &Store, grant: &Grant<SeeDocument>) -> Result<Option<BodyRow>, Fault> {
    store.opened(store.one(grant, &["dc.id, dc.body"], &[]).await?).await
}

/// The rows of people whom the asker may know: each behind the wall of its own case.
pub async fn cells(store: &Store, grant: &Grant<SeeDocument>) -> Result<Vec<CellsRow>, Fault> {
    let rows: Vec<CellsRow> = store
        .under(
            grant,
            concat!(
                "select r.id, r.rank, r.cells from document_rows r join cases c on c.id = r.case_id where r.document_id = $1 \
                 and c.status <> 'sealed' and ",
                crate::policy::subjects::unbarred!("$2", "c.person_id"),
                " order by r.rank"
            ),
            args![grant.actor().user()],
        )
        .await?;
    store.opened(rows).await
}

pub async fn printings(store: &Store, grant: &Grant<SeeDocument>) -> Result<Vec<PrintingRow>, Fault> {
    store
        .under(
            grant,
            "select pr.copy, u.name as by, pr.at from document_printings pr join users u on u.id = pr.by \
             where pr.document_id = $1 order by pr.copy desc limit 100",
            args![],
        )
        .await
}

/// Counts one more time at the printer; the how-many-eth it is, from 1.
pub async fn count_printing(unit: &mut Unit, id: DocumentId, by: UserId) -> Result<(DocumentPrintingId, i64), Fault> {
    unit.exactly_one("update documents set printings = printings + 1 where id = $1", args![id]).await?;
    let row: Option<(i64,)> = unit.row("select printings from documents where id = $1", args![id]).await?;
    let copy = row.ok_or(Fault::Moved)?.0;
    let (printing, now): (DocumentPrintingId, _) = (unit.new_id(), unit.now());
    unit.run(
        "insert into document_printings (id, document_id, copy, by, at) values ($1, $2, $3, $4, $5)",
        args![printing, id, copy, by, now],
    )
    .await?;
    Ok((printing, copy))
}

/// Which time it was.
pub async fn copy_of(unit: &mut Unit, printing: DocumentPrintingId) -> Result<i64, Fault> {
    let row: Option<(i64,)> = unit.row("select copy from document_printings where id = $1", args![printing]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

/// What decides whether a paper may be taken back.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Standing {
    pub case_id: Option<CaseId>,
    pub kind: DocumentKind,
    pub withdrawn: bool,
}

pub async fn standing(unit: &mut Unit, id: DocumentId) -> Result<Option<Standing>, Fault> {
    unit.row("select case_id, kind, (withdrawn_at is not null) as withdrawn from documents where id = $1", args![id])
        .await
}

pub async fn withdraw(
    unit: &mut Unit,
    id: DocumentId,
    case: Option<CaseId>,
    reason: &str,
    replaced_by: Option<DocumentId>,
    by: UserId,
) -> Result<(), Fault> {
    let now = unit.now();
    let reason: Arg = sealer(unit, case).await?.text::<DocumentWithdrawn>(id, reason)?;
    unit.exactly_one(
        "update documents set withdrawn_at = $2, withdrawn_by = $3, withdrawn_reason = $4, replaced_by = $5, version = version + 1 \
         where id = $1 and withdrawn_at is null",
        args![id, now, by, reason, replaced_by],
    )
    .await
}
