//! The sensitive parts of a case as one form: identity, origin, health, sentence, what a third person said.

use super::{
    history,
    model::{Change, Identity, SentenceFields, changes, line, past_day},
    must_be_live, must_be_of_a_sentence, store,
};
use crate::{
    app::Refused,
    base::{
        refusal::{Check, Invalid},
        text,
        time::plus_days,
        words::ProtectedReason,
    },
    policy::acts::{EditParts, SeeHealth, SeeOrigin},
    store::{Grant, Store},
};
use jiff::civil::Date;

/// The parts as they are typed. Origin and health stand in the form as they are now: emptied, they are taken out.
/// An empty identity number, sentence or note changes nothing.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartsDraft {
    /// A word of `IdentityKind`; empty: as the number says.
    pub id_kind: String,
    pub id_number: String,
    pub ethnicity: String,
    pub religion: String,
    pub health: String,
    pub offence: String,
    pub penalty: String,
    pub court: String,
    pub sentenced_on: String,
    /// `true`: the sentence stands in place of those written before.
    pub replace_sentence: String,
    /// Why the note is protected: a word of [`ProtectedReason`].
    pub reason: String,
    pub note: String,
    /// When it is looked at again: what a third person said is not kept for ever.
    pub review_on: String,
    /// The version of the case that was read.
    pub version: String,
}

/// What a third person said, which the person concerned must not learn from the page.
#[derive(Clone, Debug)]
pub struct ProtectedNote {
    pub reason: ProtectedReason,
    pub note: String,
    pub review_on: Date,
}

#[derive(Clone, Debug)]
struct NewParts {
    id_number: Option<Identity>,
    ethnicity: String,
    religion: String,
    health: String,
    sentence: Option<SentenceFields>,
    note: Option<ProtectedNote>,
}

impl PartsDraft {
    fn check(&self, today: Date, birth: Option<Date>) -> Result<NewParts, Invalid> {
        let mut check = Check::default();
        let id_number =
            check.add(Identity::check(&self.id_kind, &self.id_number, None, birth.map(Date::year))).flatten();
        let ethnicity = line(&mut check, "ethnicity", &self.ethnicity, 40);
        let religion = line(&mut check, "religion", &self.religion, 40);
        let health = check.take("health", text::clean_note_opt(&self.health, 2000)).flatten().unwrap_or_default();
        let offence = line(&mut check, "offence", &self.offence, 200);
        let penalty = line(&mut check, "penalty", &self.penalty, 200);
        let court = line(&mut check, "court", &self.court, 120);
        let sentenced_on = past_day(&mut check, "sentenced_on", &self.sentenced_on, today, birth);
        let has_sentence = !offence.is_empty() || !penalty.is_empty() || !court.is_empty() || sentenced_on.is_some();
        let note = self.protected(&mut check, today);
        check.give(Some(NewParts {
            id_number,
            ethnicity,
            religion,
            health,
            sentence: has_sentence.then_some(SentenceFields { offence, penalty, sentenced_on, court }),
            note,
        }))
    }

    /// A protected note is whole or not there: reason, text and the day of its review.
    fn protected(&self, check: &mut Check, today: Date) -> Option<ProtectedNote> {
        if [&self.reason, &self.note, &self.review_on].iter().all(|typed| typed.trim().is_empty()) {
            return None;
        }
        let reason = check.take("reason", self.reason.parse::<ProtectedReason>().map_err(|_| "not_chosen"));
        let note = check.take("note", text::clean_note(&self.note, 4000));
        let review_on = check.take("review_on", text::parse_day(&self.review_on, today));
        if let Some(review_on) = review_on {
            check.expect(review_on > today, "review_on", "in_the_past");
            check.expect(review_on <= plus_days(today, 366), "review_on", "too_far");
        }
        let ((reason, note), review_on) = reason.zip(note).zip(review_on)?;
        Some(ProtectedNote { reason, note, review_on })
    }
}

/// Adds to the sensitive parts, or puts them right.
///
/// Origin and health change only for someone who may also see them: her empty field means "take it out", another's
/// only that she was shown nothing.
///
/// # Errors
/// [`Refused::Invalid`] by field; the case is closed. [`crate::store::Fault::Stale`]: changed since `version` was read.
pub async fn edit(
    store: &Store,
    grant: Grant<EditParts>,
    draft: &PartsDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let sees_origin = store.may::<EditParts, SeeOrigin>(&grant);
    let sees_health = store.may::<EditParts, SeeHealth>(&grant);
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            must_be_live(work, case).await?;
            let birth = store::birth(work, case).await?;
            let person = work.person_of(case).await?;
            let seal = work.sealer(person).await?;
            let new = draft.check(work.today(), birth)?;
            let mut changed = Vec::new();
            if let Some(number) = &new.id_number {
                let before = store::identity(work, person).await?.unwrap_or_default();
                store::keep_identity(work, &seal, person, number).await?;
                changed.extend(differs("identity", "id_number", &before, number.as_str()));
            }
            let (ethnicity, religion, health) = store::origin_and_health(work, person).await?;
            if sees_origin || !new.ethnicity.is_empty() || !new.religion.is_empty() {
                store::keep_origin(work, &seal, person, &new.ethnicity, &new.religion).await?;
                changed.extend(differs("origin", "ethnicity", &ethnicity, &new.ethnicity));
                changed.extend(differs("origin", "religion", &religion, &new.religion));
            }
            if sees_health || !new.health.is_empty() {
                store::keep_health(work, &seal, person, &new.health).await?;
                changed.extend(differs("health", "health", &health, &new.health));
            }
            if let Some(sentence) = &new.sentence {
                must_be_of_a_sentence(work, case).await?;
                let before = store::sentence_lines(work, case).await?.join("; ");
                if draft.replace_sentence == "true" {
                    store::drop_sentences(work, case).await?;
                }
                store::insert_sentence(work, &seal, case, sentence).await?;
                let after = store::sentence_lines(work, case).await?.join("; ");
                changed.extend(differs("sentence", "sentence", &before, &after));
            }
            let mut parts: Vec<&str> = changed.iter().map(|change| change.part).collect();
            parts.dedup();
            if let Some(note) = &new.note {
                store::insert_protected_note(work, case, note, by).await?;
                parts.push("protected_note");
            }
            history::keep(work, case, &changed, by).await?;
            work.set("created_at = created_at", vec![]).await?;
            work.detail(parts.join(" "));
            Ok(())
        })
        .await
}

/// One field of a part, if it says something else now.
fn differs(part: &'static str, field: &'static str, before: &str, after: &str) -> Vec<Change> {
    changes(part, &[(field, before.to_owned())], &[(field, after.to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_protected_note_is_whole_or_not_there() {
        let today = date(2026, 11, 23);
        assert!(PartsDraft::default().check(today, None).unwrap().note.is_none());
        let half = PartsDraft { note: "người hàng xóm kể".into(), ..PartsDraft::default() };
        let refused = half.check(today, None).unwrap_err().0;
        let fields: Vec<_> = refused.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["reason", "review_on"]);
    }

    #[test]
    fn nobody_was_sentenced_before_birth() {
        let draft = PartsDraft { sentenced_on: "01/01/1980".into(), ..PartsDraft::default() };
        let refused = draft.check(date(2026, 11, 23), Some(date(1991, 1, 1))).unwrap_err();
        assert_eq!(refused, Invalid::one("sentenced_on", "before_birth"));
    }
}
