//! Visits: met or tried, by the officer or by a helper.
//!
//! Whether a visit settles the contact is decided by the assignment or cover on the visit's day, never by role.

pub mod api;
pub mod model;
mod store;
pub mod web;

// Programs that must not compile, tried inside a feature: tests/refused.
#[cfg(refused)]
mod refused {
    include!(env!("DUONGVE_REFUSED_CASE"));
}

use crate::{
    app::Refused,
    base::{
        fields::WithdrawnReason,
        ids::{Id, VisitId},
        refusal::Invalid,
        text,
        words::{FollowUpKind, VisitKind},
    },
    cases, follow_ups, households,
    policy::acts::{LogVisit, SeeCase, SeeFamily, SeeLegal, SeeVisit, SeeVisitNote, WithdrawVisit},
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Store, Under},
};
use jiff::civil::Date;
use model::{Draft, VisitRow, WithdrawalDraft};

/// Logs a visit: writes it, settles what it settles, and plans the case anew.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed; a helper asks for a next day without a live referral;
/// an officer's `next_on` is later than the rule's date (tells it); `whom`: nobody of the family, or no longer, or she has
/// withdrawn her consent; for a helper, whoever does not share with her is nobody.
pub async fn log(store: &Store, grant: Grant<LogVisit>, draft: &Draft, key: Option<Key>) -> Result<VisitId, Refused> {
    let helper = cases::is_helper(store, grant.actor());
    let visit = draft.check(store.today(), helper)?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(VisitId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let organisation = work.grant().actor().organisation();
            if helper && store::asked_since(work, case, by).await?.is_none_or(|since| visit.on < since.0) {
                return Err(Invalid::one("on", "before_the_referral").into());
            }
            if let Some(kin) = visit.whom {
                households::must_be_kin(work, case, "whom", kin, helper).await?;
            }
            let in_charge = store::was_in_charge(&mut **work, case, by, visit.on).await?;
            let id = store::insert(work, case, &visit, by, in_charge, organisation).await?;
            let plan = follow_ups::replan_after_visit(work, case, id, visit.met && in_charge).await?;
            if visit.met && visit.kind != VisitKind::Telephone {
                follow_ups::settle_agreed(work, case, organisation, id, in_charge, by).await?;
            }
            if let Some(next_on) = visit.next_on {
                // Only her own contact binds her, and only while it is to come: who found nobody at an overdue visit must be
                // able to say when she comes again.
                let binds = |due: &&follow_ups::due::Due| {
                    due.kind == FollowUpKind::Contact && in_charge && due.due_on >= visit.on
                };
                let contact = plan.due.iter().find(binds);
                if let Some(contact) = contact.filter(|contact| next_on > contact.due_on) {
                    let latest = text::show_day(contact.due_on);
                    return Err(Invalid::telling("next_on", "later_than_the_rule", latest).into());
                }
                follow_ups::agree_next_visit(work, case, next_on, organisation, id, by).await?;
            }
            work.detail(format!("visit {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// What somebody may agree on for the next time.
#[derive(Clone, Debug)]
pub enum Next {
    /// A helper agrees on what she likes.
    Helper,
    /// Neither in charge nor standing in today: her visit settles no contact, and none binds her.
    NotInCharge,
    /// In charge: not later than this day, if the person is met today, and why; `None`: no rule asks for a contact.
    InCharge(Option<(Date, String)>),
}

/// What the asker may agree on for the next time, if the person is met today.
pub async fn next(store: &Store, grant: &Grant<LogVisit>) -> Result<Next, Fault> {
    let (Some(legal), Some(user)) = (store.also::<LogVisit, SeeLegal>(grant), grant.actor().user()) else {
        return Ok(Next::Helper);
    };
    if !store::was_in_charge(&mut Under(store, grant), grant.id(), user, store.today()).await? {
        return Ok(Next::NotInCharge);
    }
    let next = follow_ups::after_a_visit_today(store, &legal).await?;
    Ok(Next::InCharge(next.map(|(book, due)| (due.due_on, follow_ups::why(&book, grant.actor().lang(), &due)))))
}

/// Takes back a visit that was logged by mistake: it stays, struck out, and what it had settled is open again.
///
/// # Errors
/// [`Refused::Invalid`]: no reason; already taken back. [`Denied::Forbidden`]: a helper takes back only her own.
pub async fn withdraw(
    store: &Store,
    grant: Grant<WithdrawVisit>,
    draft: &WithdrawalDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let reason = text::clean_line(&draft.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let (case, author, withdrawn) = store::case_of(work, id).await?;
            if author != by && cases::is_helper(work.store(), work.grant().actor()) {
                return Err(Denied::Forbidden.into());
            }
            if withdrawn {
                return Err(Invalid::one("", "already_withdrawn").into());
            }
            let reason = work.sealer_of(case).await?.text::<WithdrawnReason>(id, &reason)?;
            work.set("withdrawn_at = ?, withdrawn_by = ?, withdrawn_reason = ?", crate::args![now, by, reason]).await?;
            follow_ups::unsettle(work, id).await?;
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Visits of a case, newest first: all for the office; for a helper those of her own organisation, and what others
/// wrote for the helpers. The officer's note is read only under its own act.
/// Written down as an opening.
pub async fn of_case(store: &Store, grant: &Grant<SeeCase>, ask: &PageAsk) -> Result<Page<VisitRow>, Fault> {
    let page = written_down(store, grant, ask).await?;
    cases::opened(store, grant, &parts(store, grant, &page.items)).await?;
    Ok(page)
}

/// The same for a surface that writes the opening down, with [`parts`] of what was read, before it shows anything.
pub(crate) async fn written_down(
    store: &Store,
    grant: &Grant<SeeCase>,
    ask: &PageAsk,
) -> Result<Page<VisitRow>, Fault> {
    let family = store.also::<SeeCase, SeeFamily>(grant);
    match store.also::<SeeCase, SeeVisitNote>(grant) {
        Some(note) => store::with_notes(store, &note, family.as_ref(), ask).await,
        // The province, by a request: that and when somebody was there, and no word that was written.
        None if !cases::is_helper(store, grant.actor()) => store::without_words(store, grant, ask).await,
        None => {
            let mut page = store::for_helper(store, grant, ask).await?;
            if page.items.iter().any(|row| row.kin().is_some()) {
                let names = households::shared_names(store, grant).await?;
                for row in &mut page.items {
                    row.shared_as = row.kin().and_then(|kin| names.get(&kin).cloned()).unwrap_or_default();
                }
            }
            Ok(page)
        }
    }
}

/// The sensitive parts that these visits tell the holder of this grant of.
pub(crate) fn parts(store: &Store, grant: &Grant<SeeCase>, visits: &[VisitRow]) -> Vec<&'static str> {
    let office = store.may::<SeeCase, SeeVisitNote>(grant);
    let family = visits.iter().any(|visit| visit.whom().is_some() && !visit.called().is_empty());
    let parts = [office.then_some("visit_note"), family.then_some("family")];
    parts.into_iter().flatten().collect()
}

/// How many visits of a case the asker may see.
pub async fn count_of_case(store: &Store, grant: &Grant<SeeCase>) -> Result<i64, Fault> {
    let office = store.may::<SeeCase, SeeVisitNote>(grant) || !cases::is_helper(store, grant.actor());
    store::count(store, grant, office).await
}

/// One visit, with the officer's note where the asker may read it.
pub async fn one(store: &Store, grant: &Grant<SeeVisit>) -> Result<VisitRow, Fault> {
    let mut row = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    match store.onward::<SeeVisit, SeeVisitNote>(grant, row.case_id).await {
        Ok(note) => {
            row.note = store::note(store, &note, row.id).await?;
            let parts: &[&'static str] = if row.note.is_some() { &["visit_note"] } else { &[] };
            cases::opened(store, &note, parts).await?;
        }
        Err(Fault::Denied(_)) => store.note_opening(grant, Some(row.case_id), &[]).await?,
        Err(other) => return Err(other),
    }
    Ok(row)
}
