//! Emergencies ("mở khẩn cấp"): an officer or a head opens one live record that she has not, by its exact code, for half an
//! hour, and says why. Whoever answers for the record hears of it at once, and until she has said so.
//!
//! It is a near of the gate (`glass`), so it opens one record and no list, no export, no digest; no restriction is changed
//! under it. It also opens a record that a list of those who alone may keeps from her: those who are told read that first.
//! Who is excluded by name opens nothing: to her it is a code that no record has, and the heads find her try in their list.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::{App, Refused},
    base::{
        fields::AcknowledgedNote,
        ids::{CaseId, EmergencyId, Id},
        refusal::Invalid,
        text,
        waiting::Waiting,
    },
    mails,
    policy::{
        Role,
        acts::{AcknowledgeEmergency, ListEmergencies, OpenEmergency, SeeEmergency},
        subjects::Staff,
    },
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use model::{AcknowledgementDraft, Draft, LATE_SECONDS, Line, NewEmergency, Reader, TRIES_AN_HOUR, Whole};

/// Opens the live record of a code for half an hour. The try is kept with its reason whether there is such a record or not,
/// and only then does the answer tell: `None` for a code that no record has, whose record is closed or sealed, or from whose
/// person she is excluded by name.
///
/// Told by mail, codes only: the other heads of the record's commune who may know the person; for the opening of a head,
/// and where there is no such head, the inspectors too.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; `too_many_emergencies`: five tries within the hour.
pub async fn open(
    app: &App,
    grant: Grant<OpenEmergency>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<Option<CaseId>, Refused> {
    let new = draft.check()?;
    app.store()
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(store::case_of(work, EmergencyId::from_uuid(id)).await?);
            }
            let by = work.by()?;
            // Of two tries at once, the second counts the first.
            work.lock::<Staff>(&by).await?;
            let hour_ago = work.now().plus(-3600);
            if store::tries_since(work, by, hour_ago).await? >= TRIES_AN_HOUR {
                return Err(Invalid::one("", "too_many_emergencies").into());
            }
            let found = store::case_of_code(work, &new.code, by).await?;
            let opens = found.filter(|found| found.live && !found.excluded);
            let (case, restricted) = (opens.map(|found| found.id), opens.is_some_and(|found| found.restricted));
            // A try that opened nothing still names a case: it goes when the case is erased or sealed.
            let shut = found.filter(|_| opens.is_none());
            let id = store::insert(work, &new, by, case, shut.map(|shut| shut.id), restricted).await?;
            if let Some(shut) = shut.filter(|shut| shut.live) {
                // Kept as a try that opened nothing, so that her own list tells her no more than the answer did.
                let mut readers = store::heads(work, shut.id, by).await?;
                readers.extend(store::inspectors(work).await?);
                for reader in &readers {
                    store::add_reader(work, id, reader.id).await?;
                }
            }
            if let Some(case) = case {
                let is_head = work.grant().actor().role() == Role::Supervisor;
                let mut readers = store::heads(work, case, by).await?;
                if readers.is_empty() || is_head {
                    readers.extend(store::inspectors(work).await?);
                }
                tell(work, app, id, &new, restricted, &readers).await?;
                work.detail(format!("emergency {id} case {case}{}", if restricted { " restricted" } else { "" }));
            } else {
                work.detail(format!("emergency {id}, nothing opened"));
            }
            work.keep_key(key.as_ref(), id).await?;
            Ok(case)
        })
        .await
}

async fn tell(
    unit: &mut Unit,
    app: &App,
    id: EmergencyId,
    new: &NewEmergency,
    restricted: bool,
    readers: &[Reader],
) -> Result<(), Fault> {
    let url = app.settings().public_url.trim_end_matches('/');
    for reader in readers {
        store::add_reader(unit, id, reader.id).await?;
        if let Some(address) = &reader.email {
            let link = format!("{url}/emergencies/{id}");
            let letter = model::letter(reader.lang, &new.code, unit.now(), restricted, &link);
            mails::put(unit, url, reader.id, address, &letter).await?;
        }
    }
    Ok(())
}

/// Openings and tries within the asker's scope, newest first: her own, those that she was told of; the inspector all.
pub async fn list(store: &Store, scope: &Scope<ListEmergencies>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// One opening with its reason.
pub async fn one(store: &Store, grant: &Grant<SeeEmergency>) -> Result<Whole, Fault> {
    store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}

/// How many openings of others wait for the asker's word, and how many of them for more than 72 hours.
pub async fn waiting(store: &Store, scope: &Scope<ListEmergencies>) -> Result<Waiting, Fault> {
    store::waiting(store, scope, store.now().plus(-LATE_SECONDS)).await
}

/// Says that one has heard of an opening, with a word on it. The first word counts for all who were told.
///
/// # Errors
/// [`Refused::Invalid`]: acknowledged already, or nothing was opened; a note that is too long.
pub async fn acknowledge(
    store: &Store,
    grant: Grant<AcknowledgeEmergency>,
    draft: &AcknowledgementDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let note = text::clean_note_opt(&draft.note, 500).map_err(|fault| Invalid::one("note", fault.code()))?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let case = store::waiting_case(work, id).await?;
            let case = case.ok_or_else(|| Invalid::one("", "already_acknowledged"))?;
            let note = work.sealer_of(case).await?.text_opt::<AcknowledgedNote>(id, note.as_deref())?;
            work.set("acknowledged_at = ?, acknowledged_by = ?, acknowledged_note = ?", crate::args![now, by, note])
                .await?;
            Ok(())
        })
        .await
}
