//! Consent of the person ("đồng ý"): to which wording, of what, passed on to whom, when and how; and its withdrawal, which
//! ends at once what rested on it.
//!
//! What a law sets as a task of the state needs no consent (Luật 91/2025, Điều 19), and none is written down for it: a referral by
//! decision names the decision. Consent is for the rest: to be passed on to an organisation, photographs, to be shown as an example.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::ConsentWithdrawal,
        ids::{CaseId, ConsentId, ConsentTextId, Id},
        refusal::Invalid,
        text,
        words::ConsentGroup,
    },
    cases,
    policy::acts::{AddConsentText, GiveConsent, SeeConsent, SeeConsents, WithdrawConsent},
    referrals,
    store::{Denied, Fault, Grant, Key, Store, Unit},
};
use model::{ConsentRow, Draft, NewText, TextDraft, TextRow, WithdrawalDraft};

/// Every wording, the newest of each group first.
pub async fn texts(store: &Store) -> Result<Vec<TextRow>, Fault> {
    store::texts(store).await
}

/// The wordings that are in force today, one of each group.
pub async fn in_force(store: &Store) -> Result<Vec<TextRow>, Fault> {
    let today = store.today();
    let mut found: Vec<TextRow> = Vec::new();
    for text in store::texts(store).await? {
        if text.from_on.0 <= today && found.last().is_none_or(|last| last.grp != text.grp) {
            found.push(text);
        }
    }
    found.sort_by_key(|text| text.grp);
    Ok(found)
}

/// Brings a new wording into force on a day. What was agreed to before stays with the wording that it was agreed to.
///
/// # Errors
/// [`Refused::Invalid`]: see [`TextDraft::check`].
pub async fn add_text(
    store: &Store,
    grant: Grant<AddConsentText>,
    draft: &TextDraft,
    key: Option<Key>,
) -> Result<ConsentTextId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(ConsentTextId::from_uuid(id));
            }
            let by = work.by()?;
            let id = store::insert_text(work, &new, Some(by)).await?;
            work.detail(format!("consent text {id} {} from {}", new.group, new.from_on));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Puts a first wording in, with the reference data.
pub(crate) async fn first_text(unit: &mut Unit, new: &NewText) -> Result<(), Fault> {
    store::insert_text(unit, new, None).await?;
    Ok(())
}

/// Writes down what the person agrees to: one row for each thing, with the wording that is in force.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; `organisation`: of another commune; the case is closed.
pub async fn give(
    store: &Store,
    grant: Grant<GiveConsent>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<ConsentId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(ConsentId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            if let Some(organisation) = new.organisation
                && !store::serves(work, case, organisation).await?
            {
                return Err(Invalid::one("organisation", "not_chosen").into());
            }
            let mut first = None;
            for group in &new.groups {
                let text = store::text_of(work, *group).await?;
                let text = text.ok_or_else(|| Invalid::one("groups", "no_consent_text"))?;
                let id = store::insert(work, case, *group, &text, &new, by).await?;
                first = first.or(Some(id));
            }
            let id = first.ok_or_else(|| Invalid::one("groups", "not_chosen"))?;
            work.detail(new.groups.iter().map(|group| group.as_str()).collect::<Vec<_>>().join(" "));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// She agrees no longer. If nothing else of hers may be passed on to that organisation, the referrals to it by consent end in the
/// same unit of work: its helpers see nothing at their next request, and a mail about her that waits for them never goes. It
/// can be done in a closed case, too.
///
/// # Errors
/// [`Refused::Invalid`]: withdrawn already. [`Fault::Stale`]: changed since `version` was read.
pub async fn withdraw(
    store: &Store,
    grant: Grant<WithdrawConsent>,
    draft: &WithdrawalDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let words = text::clean_note_opt(&draft.words, 500).map_err(|fault| Invalid::one("words", fault.code()))?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let (case, person, organisation, withdrawn) = store::standing(work, id).await?;
            if withdrawn {
                return Err(Invalid::one("", "already_withdrawn_consent").into());
            }
            let words = work.sealer_of(case).await?.text_opt::<ConsentWithdrawal>(id, words.as_deref())?;
            work.set("withdrawn_at = ?, withdrawn_by = ?, withdrawal = ?", crate::args![now, by, words]).await?;
            let mut ended = 0;
            if let Some(organisation) = organisation
                && !store::still_agrees(work, person, organisation, id).await?
            {
                ended = referrals::end_by_consent(work, person, organisation, by).await?;
            }
            work.detail(format!("{ended} referrals ended"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// What the person of a case has agreed to, in force first. Written down by whoever shows it.
pub async fn of_case(store: &Store, grant: &Grant<SeeConsents>) -> Result<Vec<ConsentRow>, Fault> {
    store::of_case(store, grant).await
}

/// The same as [`is_given`], for a statement that reads something beside it.
pub(crate) use store::agreed;

/// Has the person of a case agreed to this, and not withdrawn? For whoever keeps a photograph of her.
pub async fn is_given(unit: &mut Unit, case: CaseId, group: ConsentGroup) -> Result<bool, Fault> {
    store::is_given(unit, case, group).await
}

/// The case on which a consent was written down.
pub(crate) async fn case_of(store: &Store, grant: &Grant<SeeConsent>) -> Result<CaseId, Fault> {
    store::case_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}
