//! SQL of files.

use super::model::{AttachmentRow, New, PlaceRow};
use crate::{
    args,
    base::{
        fields::{AttachmentKey, AttachmentName, AttachmentNote, AttachmentRemoved},
        ids::{AttachmentId, CaseId, OrganisationId, PersonId, UserId},
        time::At,
    },
    consents,
    policy::acts::{ListAttachments, SeeAttachment},
    store::{Dir, Fault, Grant, KeptFile, Page, PageAsk, Scope, Store, Unit},
};

/// A photograph is there as long as the person agrees to it; every other file is there until it is taken out.
macro_rules! agreed_to {
    () => {
        concat!("(ta.kind <> 'photo_with_consent' or ", consents::agreed!("ta.case_id", "'photo'"), ")")
    };
}

const ROW: &str = concat!(
    "ta.id, ta.case_id, ta.kind, ta.media, ta.bytes, ta.name, ta.note, u.name as by, ta.organisation_id, o.name_vi as organisation, \
     ta.made_at, ta.removed_at, ur.name as removed_by, ta.removed_reason, ta.version, ",
    agreed_to!(),
    " as agreed"
);
const ROW_FROM: &str = "join users u on u.id = ta.by left join users ur on ur.id = ta.removed_by left join organisations o on o.id = ta.organisation_id";

/// Files of a case within the asker's scope, newest first.
pub async fn of_case(
    store: &Store,
    scope: &Scope<ListAttachments>,
    case: CaseId,
    ask: &PageAsk,
) -> Result<Page<AttachmentRow>, Fault> {
    let list = store.list(scope, ROW).join(ROW_FROM).and_arg("ta.case_id = ?", args![case]);
    store.opened_page(list.page(&["ta.made_at", "ta.id"], Dir::Down, ask).await?).await
}

pub async fn one(store: &Store, grant: &Grant<SeeAttachment>) -> Result<Option<AttachmentRow>, Fault> {
    store.opened(store.one(grant, &[ROW], &[ROW_FROM]).await?).await
}

const PLACE: &str = concat!("ta.id, ta.file_hash, case when ", agreed_to!(), " then ta.file_key end as file_key");

pub async fn place(store: &Store, grant: &Grant<SeeAttachment>) -> Result<Option<PlaceRow>, Fault> {
    store.opened(store.one(grant, &[PLACE], &[]).await?).await
}

/// How many bytes a case has, and how many an account has put in since an instant.
pub async fn sizes(unit: &mut Unit, case: CaseId, by: UserId, since: At) -> Result<(i64, i64), Fault> {
    let row: Option<(i64, i64)> = unit
        .row(
            "select (select cast(coalesce(sum(bytes), 0) as bigint) from attachments where case_id = $1 and removed_at is null), \
             (select cast(coalesce(sum(bytes), 0) as bigint) from attachments where by = $2 and made_at >= $3)",
            args![case, by, since],
        )
        .await?;
    Ok(row.unwrap_or_default())
}

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    new: &New,
    file: &KeptFile,
    by: UserId,
    organisation: Option<OrganisationId>,
) -> Result<AttachmentId, Fault> {
    let id: AttachmentId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    let bytes = i64::try_from(new.clean.bytes.len()).unwrap_or(i64::MAX);
    unit.run(
        "insert into attachments (id, case_id, kind, media, bytes, name, note, file_hash, file_key, by, organisation_id, made_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        args![
            id,
            case,
            new.kind.as_str(),
            new.clean.media.as_str(),
            bytes,
            seal.text::<AttachmentName>(id, &new.name)?,
            seal.text_opt::<AttachmentNote>(id, new.note.as_deref())?,
            file.hash.as_str(),
            seal.text::<AttachmentKey>(id, &file.key)?,
            by,
            organisation,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// What decides about taking a file out.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Standing {
    pub case_id: CaseId,
    pub file_hash: String,
    pub removed: bool,
}

pub async fn standing(unit: &mut Unit, id: AttachmentId) -> Result<Standing, Fault> {
    let row: Option<Standing> = unit
        .row("select case_id, file_hash, (removed_at is not null) as removed from attachments where id = $1", args![id])
        .await?;
    row.ok_or(Fault::Moved)
}

/// Destroys the key of a file and says why.
pub async fn remove(unit: &mut Unit, id: AttachmentId, case: CaseId, reason: &str, by: UserId) -> Result<(), Fault> {
    let now = unit.now();
    let reason = unit.sealer_of(case).await?.text::<AttachmentRemoved>(id, reason)?;
    unit.exactly_one(
        "update attachments set file_key = null, removed_at = $2, removed_by = $3, removed_reason = $4, version = version + 1 \
         where id = $1 and removed_at is null",
        args![id, now, by, reason],
    )
    .await
}

/// The files of a person, on all her cases.
pub async fn of_person(unit: &mut Unit, person: PersonId) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> = unit
        .rows(
            "select ta.file_hash from attachments ta join cases c on c.id = ta.case_id where c.person_id = $1 order by ta.id",
            args![person],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Every file that a row stands for.
pub async fn living(store: &Store) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> = store
        .reference("select file_hash from attachments where removed_at is null order by file_hash", args![])
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
