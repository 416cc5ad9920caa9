//! SQL of community models.

use super::model::{CommendationRow, NewCommendation, NewModel, NewResult, ResultRow, Row};
use crate::{
    args,
    base::{
        fields::{CommendedWhom, ModelAbout, ModelResultWhat},
        ids::{CommendationId, CommunityModelId, ModelResultId, UserId},
    },
    policy::{
        AreaCode,
        acts::{ChangeCommunityModel, ListCommunityModels, SeeCommunityModel},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit, Work},
};

const ROW: &str = "mo.id, mo.area_code, a.name as area, mo.name, mo.hamlet, mo.about, mo.since_on, mo.until_on, mo.copied_from_id, \
                   mf.name as copied_name, mo.copied_from, mo.people, mo.vnd, \
                   (select count(*) from community_models mc where mc.copied_from_id = mo.id) as copies, \
                   (select count(*) from model_results mr where mr.model_id = mo.id) as results, \
                   (select count(*) from commendations cd where cd.model_id = mo.id) as commendations, mo.version";
const ROW_FROM: &str =
    "join areas a on a.code = mo.area_code left join community_models mf on mf.id = mo.copied_from_id";

pub async fn list(
    store: &Store,
    scope: &Scope<ListCommunityModels>,
    area: Option<&AreaCode>,
    ask: &PageAsk,
) -> Result<Page<Row>, Fault> {
    let list = store.list(scope, ROW).join(ROW_FROM);
    let list = match area {
        Some(area) => list.and_arg("mo.area_code = ?", args![&area.0]),
        None => list,
    };
    store.opened_page(list.page(&["mo.since_on", "mo.id"], Dir::Down, ask).await?).await
}

pub async fn count(store: &Store, scope: &Scope<ListCommunityModels>, area: Option<&AreaCode>) -> Result<i64, Fault> {
    let list = store.list(scope, "count(*)");
    match area {
        Some(area) => list.and_arg("mo.area_code = ?", args![&area.0]).count().await,
        None => list.count().await,
    }
}

/// The whole register, as a file has it.
pub async fn all(store: &Store, scope: &Scope<ListCommunityModels>, limit: i64) -> Result<Vec<Row>, Fault> {
    let rows = store.list(scope, ROW).join(ROW_FROM).rows("a.name, mo.since_on, mo.id", limit).await?;
    store.opened(rows).await
}

pub async fn one(store: &Store, grant: &Grant<SeeCommunityModel>) -> Result<Option<Row>, Fault> {
    store.opened(store.one(grant, &[ROW], &[ROW_FROM]).await?).await
}

pub async fn results(store: &Store, grant: &Grant<SeeCommunityModel>) -> Result<Vec<ResultRow>, Fault> {
    let rows: Vec<ResultRow> = store
        .under(
            grant,
            "select r.id, r.on_day, r.what, r.people, r.vnd, u.name as by from model_results r join users u on u.id = r.by \
             where r.model_id = $1 order by r.on_day desc, r.id desc limit 200",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn commendations(store: &Store, grant: &Grant<SeeCommunityModel>) -> Result<Vec<CommendationRow>, Fault> {
    let rows: Vec<CommendationRow> = store
        .under(
            grant,
            "select id, to_whom, by_whom, number, on_day from commendations where model_id = $1 order by on_day desc, id desc limit 200",
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// Stands this model in the register of that commune?
pub async fn is_there(unit: &mut Unit, id: CommunityModelId, area: &AreaCode) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from community_models where id = $1 and area_code = $2", args![id, &area.0]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn area_of(unit: &mut Unit, id: CommunityModelId) -> Result<AreaCode, Fault> {
    let row: Option<(AreaCode,)> = unit.row("select area_code from community_models where id = $1", args![id]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn insert(unit: &mut Unit, area: &AreaCode, new: &NewModel, by: UserId) -> Result<CommunityModelId, Fault> {
    let id: CommunityModelId = unit.new_id();
    let now = unit.now();
    let about = unit.store().note_sealer()?.text_opt::<ModelAbout>(id, new.about.as_deref())?;
    unit.run(
        "insert into community_models (id, area_code, name, hamlet, about, since_on, until_on, copied_from_id, copied_from, people, \
         vnd, made_by, made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)",
        args![
            id,
            &area.0,
            new.name.as_str(),
            new.hamlet.as_str(),
            about,
            new.since_on,
            new.until_on,
            new.copied_from_id,
            new.copied_from.as_str(),
            new.people,
            new.vnd,
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

pub async fn change(work: &mut Work<ChangeCommunityModel>, new: &NewModel) -> Result<(), Fault> {
    let about = work.store().note_sealer()?.text_opt::<ModelAbout>(work.id(), new.about.as_deref())?;
    work.set(
        "name = ?, hamlet = ?, about = ?, since_on = ?, until_on = ?, copied_from_id = ?, copied_from = ?, people = ?, vnd = ?",
        args![
            new.name.as_str(),
            new.hamlet.as_str(),
            about,
            new.since_on,
            new.until_on,
            new.copied_from_id,
            new.copied_from.as_str(),
            new.people,
            new.vnd
        ],
    )
    .await
}

pub async fn insert_result(
    unit: &mut Unit,
    model: CommunityModelId,
    new: &NewResult,
    by: UserId,
) -> Result<ModelResultId, Fault> {
    let id: ModelResultId = unit.new_id();
    let now = unit.now();
    let what = unit.store().note_sealer()?.text::<ModelResultWhat>(id, &new.what)?;
    unit.run(
        "insert into model_results (id, model_id, on_day, what, people, vnd, by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, model, new.on, what, new.people, new.vnd, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn insert_commendation(
    unit: &mut Unit,
    model: CommunityModelId,
    new: &NewCommendation,
    by: UserId,
) -> Result<CommendationId, Fault> {
    let id: CommendationId = unit.new_id();
    let now = unit.now();
    let to_whom = unit.store().note_sealer()?.text::<CommendedWhom>(id, &new.to_whom)?;
    unit.run(
        "insert into commendations (id, model_id, to_whom, by_whom, number, on_day, by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, model, to_whom, new.by_whom.as_str(), new.number.as_str(), new.on, by, now],
    )
    .await?;
    Ok(id)
}
