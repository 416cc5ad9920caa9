//! SQL of erasures.

use super::{Asked, Under};
use crate::{
    args,
    base::{
        fields::ErasureReason,
        ids::{CaseId, ErasureId, Id, PersonId, UserId},
    },
    policy::acts::AskErasure,
    store::{Fault, Grant, Store, Unit},
};

pub async fn insert(unit: &mut Unit, case: CaseId, reason: &str, by: UserId) -> Result<ErasureId, Fault> {
    let id: ErasureId = unit.new_id();
    let (now, person) = (unit.now(), unit.person_of(case).await?);
    let reason = unit.sealer(person).await?.text::<ErasureReason>(id, reason)?;
    unit.run(
        "insert into erasures (id, case_id, person_id, reason, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6)",
        args![id, case, person, reason, by, now],
    )
    .await?;
    Ok(id)
}

/// What was asked for this case and is not agreed on yet.
pub async fn asked(unit: &mut Unit, case: CaseId) -> Result<Option<Under>, Fault> {
    unit.row(
        "select id, person_id, asked_by from erasures where case_id = $1 and approved_at is null order by asked_at, id limit 1",
        args![case],
    )
    .await
}

/// The same for the page, with who asked and why.
pub async fn shown(store: &Store, grant: &Grant<AskErasure>) -> Result<Option<Asked>, Fault> {
    let rows: Vec<Asked> = store
        .under(
            grant,
            "select e.id, e.reason, e.asked_by as by_id, u.name as by, e.asked_at from erasures e join users u on u.id = e.asked_by \
             where e.case_id = $1 and e.approved_at is null order by e.asked_at, e.id limit 1",
            args![],
        )
        .await?;
    store.opened(rows.into_iter().next()).await
}

pub async fn approve(unit: &mut Unit, id: ErasureId, by: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "update erasures set approved_by = $2, approved_at = $3 where id = $1 and approved_at is null",
        args![id, by, now],
    )
    .await
}

/// The same for a record that was joined to the person's: it goes by the same word.
pub async fn approve_too(unit: &mut Unit, id: ErasureId, joined: PersonId) -> Result<(), Fault> {
    let own: ErasureId = unit.new_id();
    let reason = unit.sealer(joined).await?.text::<ErasureReason>(own, "")?;
    unit.exactly_one(
        "insert into erasures (id, case_id, person_id, reason, asked_by, asked_at, approved_by, approved_at) \
         select $1, case_id, $2, $3, asked_by, asked_at, approved_by, approved_at from erasures where id = $4",
        args![own, joined, reason, id],
    )
    .await
}

/// Agreed on and not carried out to the end: the program was cut off.
pub async fn under_way(store: &Store) -> Result<Vec<PersonId>, Fault> {
    let rows: Vec<(PersonId,)> = store
        .reference("select distinct person_id from erasures where approved_at is not null and done_at is null", args![])
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Which of these people the database still holds.
pub async fn still_there(store: &Store, people: &[PersonId]) -> Result<Vec<PersonId>, Fault> {
    let mut there = Vec::new();
    for person in people {
        let rows: Vec<(PersonId,)> =
            store.reference("select id from people where id = $1", args![person.uuid()]).await?;
        there.extend(rows.into_iter().map(|row| row.0));
    }
    Ok(there)
}

/// Every table with something of a person in it, children before parents; a test compares it with the registry.
const CHILDREN: &[(&str, &str)] = &[
    ("digest_rows", "case_id in (select id from cases where person_id = $1)"),
    ("merge_moves", "merge_id in (select id from merges where kept_id = $1 or gone_id = $1)"),
    ("merges", "kept_id = $1 or gone_id = $1"),
    (
        "possible_doubles",
        "case_id in (select id from cases where person_id = $1) or other_id in (select id from cases where person_id = $1)",
    ),
    ("case_requests", "case_id in (select id from cases where person_id = $1)"),
    (
        "emergency_readers",
        "emergency_id in (select e.id from emergencies e join cases c on c.id = coalesce(e.case_id, e.shut_case_id) where c.person_id = $1)",
    ),
    ("emergencies", "coalesce(case_id, shut_case_id) in (select id from cases where person_id = $1)"),
    (
        "document_rows",
        "case_id in (select id from cases where person_id = $1) \
         or document_id in (select d.id from documents d join cases c on c.id = d.case_id where c.person_id = $1)",
    ),
    (
        "document_printings",
        "document_id in (select d.id from documents d join cases c on c.id = d.case_id where c.person_id = $1)",
    ),
    ("documents", "case_id in (select id from cases where person_id = $1)"),
    ("attachments", "case_id in (select id from cases where person_id = $1)"),
    ("restriction_users", "restriction_id in (select id from restrictions where person_id = $1)"),
    ("restrictions", "person_id = $1"),
    ("import_rows", "case_id in (select id from cases where person_id = $1)"),
    ("opinions", "case_id in (select id from cases where person_id = $1)"),
    ("gathering_guests", "case_id in (select id from cases where person_id = $1)"),
    ("gathering_moves", "case_id in (select id from cases where person_id = $1)"),
    ("gatherings", "case_id in (select id from cases where person_id = $1)"),
    ("plan_steps", "case_id in (select id from cases where person_id = $1)"),
    ("plan_goals", "case_id in (select id from cases where person_id = $1)"),
    ("plans", "case_id in (select id from cases where person_id = $1)"),
    ("urgencies", "case_id in (select id from cases where person_id = $1)"),
    ("need_answers", "case_id in (select id from cases where person_id = $1)"),
    ("needs", "case_id in (select id from cases where person_id = $1)"),
    ("duty_certificates", "case_id in (select id from cases where person_id = $1)"),
    ("duty_shortenings", "case_id in (select id from cases where person_id = $1)"),
    ("duty_breaches", "case_id in (select id from cases where person_id = $1)"),
    ("duty_absences", "case_id in (select id from cases where person_id = $1)"),
    ("duty_assessments", "case_id in (select id from cases where person_id = $1)"),
    ("duty_terms", "case_id in (select id from cases where person_id = $1)"),
    ("suspensions", "case_id in (select id from cases where person_id = $1)"),
    ("work_statuses", "case_id in (select id from cases where person_id = $1)"),
    ("work_checks", "case_id in (select id from cases where person_id = $1)"),
    ("help_steps", "case_id in (select id from cases where person_id = $1)"),
    ("loan_repayments", "account_id in (select id from loan_accounts where person_id = $1)"),
    ("loan_accounts", "person_id = $1"),
    ("loan_lines", "case_id in (select id from cases where person_id = $1)"),
    ("postponements", "case_id in (select id from cases where person_id = $1)"),
    ("follow_ups", "case_id in (select id from cases where person_id = $1)"),
    ("visit_notes", "case_id in (select id from cases where person_id = $1)"),
    ("visits", "case_id in (select id from cases where person_id = $1)"),
    ("helps", "case_id in (select id from cases where person_id = $1)"),
    (
        "referral_helpers",
        "referral_id in (select r.id from referrals r join cases c on c.id = r.case_id where c.person_id = $1)",
    ),
    ("referrals", "case_id in (select id from cases where person_id = $1)"),
    ("handovers", "case_id in (select id from cases where person_id = $1)"),
    ("assignments", "case_id in (select id from cases where person_id = $1)"),
    ("family_corrections", "case_id in (select id from cases where person_id = $1)"),
    ("home_needs", "case_id in (select id from cases where person_id = $1)"),
    ("household_members", "case_id in (select id from cases where person_id = $1)"),
    ("children", "case_id in (select id from cases where person_id = $1)"),
    ("households", "case_id in (select id from cases where person_id = $1)"),
    ("consents", "case_id in (select id from cases where person_id = $1)"),
    ("relatives", "case_id in (select id from cases where person_id = $1)"),
    ("protected_notes", "case_id in (select id from cases where person_id = $1)"),
    ("corrections", "case_id in (select id from cases where person_id = $1)"),
    ("classifications", "case_id in (select id from cases where person_id = $1)"),
    ("judgments", "case_id in (select id from cases where person_id = $1)"),
    ("sealings", "case_id in (select id from cases where person_id = $1)"),
    ("sentences", "case_id in (select id from cases where person_id = $1)"),
    ("legals", "case_id in (select id from cases where person_id = $1)"),
    ("contacts", "case_id in (select id from cases where person_id = $1)"),
    ("cases", "person_id = $1"),
    ("identities", "person_id = $1"),
    ("origins", "person_id = $1"),
    ("healths", "person_id = $1"),
    ("people", "id = $1"),
];

/// What stays of a person without anything of her: that a request was made, and answered in time.
const EMPTIED: &[(&str, &str)] = &[(
    "requests",
    "case_id = null, person_id = null, asker = null, proof = null, contact = null, what = null, answer = null, \
     extension = null, refusal = null, refusal_basis = null, outcome = null where person_id = $1",
)];

/// Takes every row of a person out of the database.
pub async fn purge(unit: &mut Unit, person: PersonId) -> Result<(), Fault> {
    for (table, emptied) in EMPTIED {
        unit.run(format!("update {table} set {emptied}"), args![person]).await?;
    }
    for (table, whose) in CHILDREN {
        unit.run(format!("delete from {table} where {whose}"), args![person]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fields::{COLUMNS, Class, Whose};
    use std::collections::BTreeSet;

    #[test]
    fn an_erasure_reaches_every_table_with_something_of_a_person() {
        let hers = COLUMNS.iter().filter(|column| {
            matches!(column.whose, Whose::Person(_) | Whose::Case(_) | Whose::Referral(_) | Whose::Through(..))
                // Kept without the reason: that somebody was erased, by whom.
                && column.table != "erasures"
        });
        let hers: BTreeSet<&str> = hers.map(|column| column.table).collect();
        let purged: BTreeSet<&str> = CHILDREN.iter().chain(EMPTIED).map(|(table, _)| *table).collect();
        // A row that stays keeps no secret, and neither the person nor her case.
        for column in COLUMNS.iter().filter(|column| EMPTIED.iter().any(|(table, _)| *table == column.table)) {
            let named = EMPTIED.iter().any(|(_, set)| set.contains(&format!("{} = null", column.name)));
            let hers = column.class == Class::S3 || ["case_id", "person_id"].contains(&column.name);
            assert!(named || !hers, "{}.{} stays after an erasure", column.table, column.name);
        }
        assert_eq!(hers, purged);
    }
}
