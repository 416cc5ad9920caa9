//! Community models (mô hình): ways of doing things that a commune tries and others copy. What, where, since when, from whom,
//! how many people, what money, what came of it, who was commended. About no case.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{CommendationId, CommunityModelId, Id, ModelResultId},
        refusal::Invalid,
    },
    policy::{
        AreaCode,
        acts::{AddCommunityModel, ChangeCommunityModel, ListCommunityModels, SeeCommunityModel},
    },
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use model::{CommendationDraft, CommendationRow, Draft, NewModel, ResultDraft, ResultRow, Row};

/// The register, newest first; `area`: one commune of it.
pub async fn list(
    store: &Store,
    scope: &Scope<ListCommunityModels>,
    area: Option<&AreaCode>,
    ask: &PageAsk,
) -> Result<Page<Row>, Fault> {
    store::list(store, scope, area, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListCommunityModels>, area: Option<&AreaCode>) -> Result<i64, Fault> {
    store::count(store, scope, area).await
}

/// The most lines of a file: more than any province has models.
const MOST: i64 = 20_000;

/// The whole register, commune by commune, as a file and a print have it.
pub async fn register(store: &Store, scope: &Scope<ListCommunityModels>) -> Result<Vec<Row>, Fault> {
    store::all(store, scope, MOST).await
}

/// One model, what came of it, who was commended.
pub async fn one(
    store: &Store,
    grant: &Grant<SeeCommunityModel>,
) -> Result<(Row, Vec<ResultRow>, Vec<CommendationRow>), Fault> {
    let row = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    Ok((row, store::results(store, grant).await?, store::commendations(store, grant).await?))
}

/// Writes down a model of the commune.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; copied from one that is not in the commune's register.
pub async fn add(
    store: &Store,
    grant: Grant<AddCommunityModel>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<CommunityModelId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(CommunityModelId::from_uuid(id));
            }
            let (area, by) = (work.id(), work.by()?);
            source(work, &area, None, &new).await?;
            let id = store::insert(work, &area, &new, by).await?;
            work.detail(format!("model {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Refuses a source that is itself or not of the commune.
async fn source(
    unit: &mut Unit,
    area: &AreaCode,
    own: Option<CommunityModelId>,
    new: &NewModel,
) -> Result<(), Refused> {
    let Some(from) = new.copied_from_id else { return Ok(()) };
    if Some(from) == own || !store::is_there(unit, from, area).await? {
        return Err(Invalid::one("copied_from_id", "unknown").into());
    }
    Ok(())
}

/// Puts a model right, or says when it ended.
///
/// # Errors
/// [`Refused::Invalid`]: as when it is added. [`Fault::Stale`]: changed since `version` was read.
pub async fn correct(
    store: &Store,
    grant: Grant<ChangeCommunityModel>,
    draft: &Draft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let id = work.id();
            let area = store::area_of(work, id).await?;
            source(work, &area, Some(id), &new).await?;
            store::change(work, &new).await?;
            Ok(())
        })
        .await
}

/// Writes down what came of it.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ResultDraft::check`].
pub async fn add_result(
    store: &Store,
    grant: Grant<ChangeCommunityModel>,
    draft: &ResultDraft,
    key: Option<Key>,
) -> Result<ModelResultId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(ModelResultId::from_uuid(id));
            }
            let (model, by) = (work.id(), work.by()?);
            let id = store::insert_result(work, model, &new, by).await?;
            work.detail(format!("result {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Writes down who was commended, by whom.
///
/// # Errors
/// [`Refused::Invalid`]: see [`CommendationDraft::check`].
pub async fn commend(
    store: &Store,
    grant: Grant<ChangeCommunityModel>,
    draft: &CommendationDraft,
    key: Option<Key>,
) -> Result<CommendationId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(CommendationId::from_uuid(id));
            }
            let (model, by) = (work.id(), work.by()?);
            let id = store::insert_commendation(work, model, &new, by).await?;
            work.detail(format!("commendation {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}
