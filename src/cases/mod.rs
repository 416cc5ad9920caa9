//! Cases: one course of care under one regime, from the prison's notice to the last paper.

pub mod api;
mod course;
mod files;
pub mod filters;
pub mod history;
pub mod model;
pub mod parts;
mod store;
pub mod web;

pub use course::{close, go_on, open_again, reopen, take_step};
pub use files::export;
pub(crate) use files::{Brought, TakenBack, bring_in, take_back};

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, Id, UserId},
        refusal::Invalid,
        text,
        words::{CaseStatus, FollowUpKind},
    },
    doubles::{
        self,
        model::{Facts, Known},
    },
    follow_ups,
    policy::Actor,
    policy::acts::{
        Classify, EditCase, ListCases, OpenCase, SeeCase, SeeClassification, SeeHealth, SeeIdentity, SeeLegal,
        SeeOrigin, SeeProtectedNote, SeeSentence,
    },
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use model::{CaseView, ClassificationDraft, Correction, Draft, Filter, Line, NewCase};

/// Opens a case in a commune. The opener is in charge unless another officer is named.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; `officer`: no such active officer in this commune.
pub async fn open(store: &Store, grant: Grant<OpenCase>, draft: &Draft, key: Option<Key>) -> Result<CaseId, Refused> {
    let new = draft.check(store.today())?;
    let seen = doubles_in_reach(store, grant.actor(), &new).await?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                let id = CaseId::from_uuid(id);
                // One that was sealed since is told to nobody, not even to whoever opened it.
                return if store::is_sealed(work, id).await? { Err(Denied::Unknown.into()) } else { Ok(id) };
            }
            if !seen.is_empty() && !new.not_a_double {
                return Err(Invalid::one("not_a_double", "likely_double").into());
            }
            let (area, opener) = (work.id(), work.by()?);
            let officer = match &new.officer {
                Some(username) => Some(
                    store::officer_named(work, &area, username)
                        .await?
                        .ok_or_else(|| Invalid::one("officer", "no_such_officer"))?,
                ),
                // Only an officer can be in charge: a supervisor who opens a case leaves it unassigned.
                None => store::is_officer(work, opener).await?.then_some(opener),
            };
            let id = insert(work, &area, &new, officer, opener).await?;
            let seen: Vec<CaseId> = seen.iter().map(|known| known.id).collect();
            let facts = facts(work.store(), &new)?;
            doubles::note(work, id, &facts, &seen, opener).await?;
            work.keep_key(key.as_ref(), id).await?;
            work.detail(format!("case {id}"));
            work.about(id);
            Ok(id)
        })
        .await
}

/// Records within the asker's own reach that may be the same person's as this new case's: what she is shown before it is
/// opened. Of all others she learns nothing.
pub(crate) async fn doubles_in_reach(store: &Store, actor: &Actor, new: &NewCase) -> Result<Vec<Known>, Fault> {
    match store.scope::<ListCases>(&std::sync::Arc::new(actor.clone())) {
        Ok(scope) => doubles::likely(store, &scope, &facts(store, new)?).await,
        Err(Fault::Denied(_)) => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

/// What is compared of a new case with those that are there.
pub(crate) fn facts(store: &Store, new: &NewCase) -> Result<Facts, Fault> {
    Facts::of(
        store,
        &new.person.name,
        new.person.birth.map(|birth| i64::from(birth.0.year())),
        new.id_number.as_ref().map(model::Identity::as_str),
        new.contact.phone.as_deref(),
    )
}

/// Writes a new case with its parts, and plans it. Also used by the import, which checks its rows itself.
pub(crate) async fn insert(
    unit: &mut Unit,
    area: &crate::policy::AreaCode,
    new: &NewCase,
    officer: Option<UserId>,
    by: UserId,
) -> Result<CaseId, Fault> {
    let code = free_code(unit).await?;
    let id = store::insert(unit, area, new, &code, officer, by).await?;
    follow_ups::replan(unit, id).await?;
    Ok(id)
}

/// A code that no case has. A clash is tried again and never told.
async fn free_code(unit: &mut Unit) -> Result<String, Fault> {
    for _try in 0..50 {
        let mut random = [0_u8; 4];
        unit.dice(&mut random);
        let code = model::code(random);
        if !store::code_is_taken(unit, &code).await? {
            return Ok(code);
        }
    }
    Err(Fault::Inconsistent("no free case code"))
}

/// Cases within the asker's scope, by name or newest first.
pub async fn list(
    store: &Store,
    scope: &Scope<ListCases>,
    filter: &Filter,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    store::list(store, scope, filter, ask).await
}

/// May this actor see no case but a helper's view of it?
pub fn is_helper(store: &Store, actor: &crate::policy::Actor) -> bool {
    !store.can::<SeeLegal>(actor)
}

/// Those of these cases that the asker has in her list, sorted by name: the cases behind a number.
pub async fn among(
    store: &Store,
    scope: &Scope<ListCases>,
    ids: &std::collections::BTreeSet<CaseId>,
    ask: &PageAsk,
) -> Result<Page<model::Line>, Fault> {
    store::among(store, scope, ids, ask).await
}

/// How many cases a list has.
pub async fn count(store: &Store, scope: &Scope<ListCases>, filter: &Filter) -> Result<i64, Fault> {
    store::count(store, scope, filter).await
}

/// Finds people by name without marks, alias, code or hamlet; by exact telephone or ID number where the asker
/// may see those. Each search is one line of the read log, without the words that were looked for.
pub async fn search(store: &Store, scope: &Scope<ListCases>, words: &str, limit: i64) -> Result<Vec<Line>, Refused> {
    let words = text::clean_line(words, 100).map_err(|fault| Invalid::one("q", fault.code()))?;
    let may_see_numbers = store.can::<SeeIdentity>(scope.actor());
    let found = store::search(store, scope, &words, may_see_numbers, limit.clamp(1, 100)).await?;
    store.note_list(scope, &format!("search, {} found", found.len())).await?;
    Ok(found)
}

/// The case of this very code among those that the asker may list, also a closed one.
pub(crate) async fn of_code(store: &Store, scope: &Scope<ListCases>, code: &str) -> Result<Option<CaseId>, Fault> {
    store::of_code(store, scope, code).await
}

/// Every case of the person of this one that the asker may list, newest first.
pub(crate) async fn of_person(store: &Store, scope: &Scope<ListCases>, case: CaseId) -> Result<Vec<CaseId>, Fault> {
    store::of_person(store, scope, case).await
}

/// Writes down, before anything is shown, that a case was opened with these sensitive parts, in one row: if there is a
/// part, or if the case is not one's own. Every surface that shows a case calls this once, or a verb that does.
///
/// # Errors
/// A fault of the database: then nothing is shown.
pub(crate) async fn opened<A: crate::policy::Act<On = crate::policy::subjects::Case>>(
    store: &Store,
    grant: &Grant<A>,
    parts: &[&'static str],
) -> Result<(), Fault> {
    if parts.is_empty() && grant.is(crate::policy::Near::Own) {
        return Ok(());
    }
    store.note_opening(grant, None, parts).await
}

/// Name, code and contact of a case: the head of a form, and all that a helper gets. No part is read.
pub async fn headline(store: &Store, grant: &Grant<SeeCase>) -> Result<model::CaseRow, Fault> {
    let row = store::one(store, grant, false, None, None, None, None).await?;
    opened(store, grant, &[]).await?;
    row.ok_or(Fault::Denied(crate::store::Denied::Unknown))
}

/// Name, birth, contact, hamlet and status of a case, without any part: the head of its smaller pages. `beside` names the
/// parts that the same page reads.
pub(crate) async fn brief(
    store: &Store,
    grant: &Grant<SeeCase>,
    beside: &[&'static str],
) -> Result<model::CaseRow, Fault> {
    let row = written_down(store, grant).await?;
    opened(store, grant, beside).await?;
    Ok(row)
}

/// The hamlet of that name in the commune of a case; a new one is added to its list.
pub(crate) async fn hamlet_named(
    unit: &mut Unit,
    case: CaseId,
    name: Option<&str>,
) -> Result<Option<crate::base::ids::HamletId>, Fault> {
    store::hamlet_of_case(unit, case, name).await
}

/// The same for a surface that writes the opening down itself.
pub(crate) async fn written_down(store: &Store, grant: &Grant<SeeCase>) -> Result<model::CaseRow, Fault> {
    let row = store::one(store, grant, store.may::<SeeCase, SeeLegal>(grant), None, None, None, None).await?;
    row.ok_or(Fault::Denied(crate::store::Denied::Unknown))
}

/// Which sensitive parts a surface shows: what it does not show is neither read nor written down as opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Every part: a program's answer.
    Whole,
    /// The person's page: the papers, the number behind its mask, the group.
    Page,
    /// The same page of a record that is open in an emergency: with what must be known of the person's health.
    Emergency,
    /// The page behind "open this part": sentence, health, origin, what a third person said.
    Restricted,
    /// A paper about the person: the whole number, the papers, the sentences.
    Paper,
    /// A letter about her: the papers only.
    Letter,
    /// A sheet to take along: no sensitive part.
    Sheet,
}

impl View {
    fn shows(self, parts: &[View]) -> bool {
        self == View::Whole || parts.contains(&self)
    }
}

/// One case with the parts of a view that the asker may see. Opening a sensitive part, or a case that is not one's own,
/// is written down before this returns: no log, no read. `beside` names the parts of other features that the same surface
/// reads, so that one opening is one row of the trail.
pub async fn see_as(
    store: &Store,
    grant: &Grant<SeeCase>,
    view: View,
    beside: &[&'static str],
) -> Result<CaseView, Fault> {
    use View::{Emergency, Letter, Page, Paper, Restricted};
    fn part<A: crate::policy::Act<On = crate::policy::subjects::Case>>(
        store: &Store,
        grant: &Grant<SeeCase>,
        shown: bool,
    ) -> Option<Grant<A>> {
        store.also::<SeeCase, A>(grant).filter(|_| shown)
    }
    // Someone who may see no part at all gets the helper's view: no status, no date, no count that comes from one.
    let office = store.may::<SeeCase, SeeLegal>(grant);
    let identity = part::<SeeIdentity>(store, grant, view.shows(&[Page, Emergency, Restricted, Paper]));
    let legal = part::<SeeLegal>(store, grant, view.shows(&[Page, Emergency, Paper, Letter]));
    let health = part::<SeeHealth>(store, grant, view.shows(&[Emergency, Restricted]));
    let origin = part::<SeeOrigin>(store, grant, view.shows(&[Restricted]));
    let row = store::one(store, grant, office, identity.as_ref(), legal.as_ref(), health.as_ref(), origin.as_ref())
        .await?
        .ok_or(crate::store::Denied::Unknown)?;
    let sentences = match part::<SeeSentence>(store, grant, view.shows(&[Restricted, Paper])) {
        Some(grant) => Some(store::sentences(store, &grant).await?),
        None => None,
    };
    let classifications = match part::<SeeClassification>(store, grant, view.shows(&[Page])) {
        Some(grant) => Some(store::classifications(store, &grant).await?),
        None => None,
    };
    let protected_notes = match part::<SeeProtectedNote>(store, grant, view.shows(&[Restricted])) {
        Some(grant) => Some(store::protected_notes(store, &grant).await?),
        None => None,
    };
    let view = CaseView {
        row,
        office,
        identity: identity.is_some(),
        legal: legal.is_some(),
        health: health.is_some(),
        origin: origin.is_some(),
        sentences,
        classifications,
        protected_notes,
    };
    let parts = [view.parts(), beside.to_vec()].concat();
    opened(store, grant, &parts).await?;
    Ok(view)
}

/// The word under which the whole identity number stands in the trail; `identity` is the masked one.
pub(crate) const WHOLE_NUMBER: &str = "identity_number";

/// The whole identity number, on request, for a surface that writes down [`WHOLE_NUMBER`] with whatever else it shows.
pub(crate) async fn identity_number(store: &Store, grant: &Grant<SeeIdentity>) -> Result<Option<String>, Fault> {
    store::identity_number(store, grant).await
}

impl CaseView {
    /// The sensitive parts that were read.
    pub fn parts(&self) -> Vec<&'static str> {
        [
            (self.identity, "identity"),
            (self.legal, "legal"),
            (self.sentences.is_some(), "sentence"),
            (self.health, "health"),
            (self.classifications.is_some(), "classification"),
            (self.origin, "origin"),
            (self.protected_notes.is_some(), "protected_note"),
        ]
        .into_iter()
        .filter_map(|(read, part)| read.then_some(part))
        .collect()
    }
}

/// Corrects name, contact and hamlet.
///
/// # Errors
/// [`Fault::Stale`] if the case has changed since `version` was read.
pub async fn correct(
    store: &Store,
    grant: Grant<EditCase>,
    draft: &Correction,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (person, contact, hamlet) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            must_be_live(work, case).await?;
            let before = store::person_told(work, case).await?;
            let hamlet = store::hamlet_of_case(work, case, hamlet.as_deref()).await?;
            store::correct(work, case, &person, &contact).await?;
            work.set("hamlet_id = ?", crate::args![hamlet]).await?;
            let after = store::person_told(work, case).await?;
            history::keep(work, case, &model::changes("case", &before, &after), by).await?;
            Ok(())
        })
        .await
}

/// Puts the person in a group; the interval of visits changes from that day.
pub async fn classify(
    store: &Store,
    grant: Grant<Classify>,
    draft: &ClassificationDraft,
    key: Option<Key>,
) -> Result<(), Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (case, by) = (work.id(), work.by()?);
            must_be_live(work, case).await?;
            must_be_of_a_sentence(work, case).await?;
            if let Some(organisation) = new.report.as_ref().and_then(|report| report.organisation)
                && !store::was_referred(work, case, organisation).await?
            {
                return Err(Invalid::one("organisation", "not_referred").into());
            }
            let id = store::insert_classification(work, case, &new, by).await?;
            follow_ups::settle(work, case, &[FollowUpKind::Assessment], None).await?;
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Opens a support record beside a case that is about to be sealed: the same person, commune, contact and officer in charge,
/// a code of its own, and nothing of the papers. The two do not name each other.
pub(crate) async fn open_support(unit: &mut Unit, from: CaseId, by: UserId) -> Result<CaseId, Fault> {
    let code = free_code(unit).await?;
    let id = store::insert_support(unit, from, &code, by).await?;
    follow_ups::replan(unit, id).await?;
    Ok(id)
}

/// Ends what is under way on a case that is sealed, as closing does, and shuts its door to everybody.
pub(crate) async fn seal(unit: &mut Unit, case: CaseId, by: UserId) -> Result<(), Fault> {
    store::end_all(unit, case, by).await?;
    store::close_by_paper(unit, case).await?;
    store::set_status(unit, case, CaseStatus::Sealed).await
}

/// A case whose seal was taken off lies in the archive, as a closed one does. It does not say any more that the record was cleared:
/// whether the paper still holds is not for the program to say.
pub(crate) async fn unseal(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    store::unclear(unit, case).await?;
    store::set_status(unit, case, CaseStatus::Closed).await?;
    follow_ups::replan(unit, case).await?;
    Ok(())
}

/// What decides whether somebody may borrow. `group`: only where it may be known.
pub(crate) async fn borrower(
    store: &Store,
    legal: &Grant<SeeLegal>,
    group: Option<&Grant<SeeClassification>>,
) -> Result<(model::Borrower, Option<crate::base::words::Group>), Fault> {
    let row = store::borrower(store, legal).await?.ok_or(Fault::Denied(crate::store::Denied::Unknown))?;
    let group = match group {
        Some(grant) => store::classifications(store, grant).await?.first().map(|newest| newest.grp),
        None => None,
    };
    Ok((row, group))
}

/// What a paper says of a person, within the unit that writes the paper.
pub(crate) async fn papers(unit: &mut Unit, case: CaseId) -> Result<model::Papers, Fault> {
    store::papers(unit, case).await?.ok_or(Fault::Moved)
}

/// Live cases of people who may borrow at all, by id: for the nightly look at all of them.
pub(crate) async fn next_borrowers(
    unit: &mut Unit,
    after: Option<CaseId>,
    limit: i64,
) -> Result<Vec<model::Papers>, Fault> {
    store::next_borrowers(unit, after, limit).await
}

/// A case goes to another commune; the hamlet there is known or is still to be set. The old commune and hamlet stay in its
/// history, by name and code. When it was received, and by what its clocks run, stays as it was.
pub(crate) async fn move_to(
    unit: &mut Unit,
    case: CaseId,
    area: &crate::policy::AreaCode,
    hamlet: Option<&str>,
    by: UserId,
) -> Result<(), Fault> {
    let before = store::place_told(unit, case).await?;
    store::move_to(unit, case, area, hamlet).await?;
    let after = store::place_told(unit, case).await?;
    history::keep(unit, case, &model::changes("case", &before, &after), by).await
}

/// The code of a case, for whoever must find what names it.
pub(crate) async fn code_of(unit: &mut Unit, case: CaseId) -> Result<String, Fault> {
    store::code_of(unit, case).await
}

/// Is the office still looking after this person here?
pub(crate) async fn is_live(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    Ok(store::status(unit, case).await?.is_live())
}

/// Was the person received, whatever became of it?
pub(crate) async fn is_received(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    Ok(store::status(unit, case).await? != crate::base::words::CaseStatus::Noticed)
}

/// An active officer of this commune by her sign-in name: whom one may put in charge.
pub(crate) async fn officer_named(
    unit: &mut Unit,
    area: &crate::policy::AreaCode,
    username: &str,
) -> Result<Option<UserId>, Fault> {
    store::officer_named(unit, area, username).await
}

/// Refuses what only a sentence has: a support record tells of none, and takes none. Whoever is sentenced again is a new case.
pub(crate) async fn must_be_of_a_sentence(unit: &mut Unit, case: CaseId) -> Result<(), Refused> {
    let regime = store::standing(unit, case).await?.regime;
    if regime == crate::base::words::Regime::Support { Err(Invalid::one("", "support_record").into()) } else { Ok(()) }
}

/// Nothing is added to a closed case.
pub(crate) async fn must_be_live(unit: &mut Unit, case: CaseId) -> Result<(), Refused> {
    if store::status(unit, case).await?.is_live() { Ok(()) } else { Err(Invalid::one("", "case_closed").into()) }
}
