//! One case with the parts that the asker may see.

use super::super::model::{CaseRow, ClassificationRow, ProtectedNoteRow, SentenceRow};
use crate::{
    args,
    base::{fields::IdentityNumber, ids::PersonId, sealed::Sealed},
    policy::acts::{
        SeeCase, SeeClassification, SeeHealth, SeeIdentity, SeeLegal, SeeOrigin, SeeProtectedNote, SeeSentence,
    },
    store::{Fault, Grant, Store},
};

const BASE: &str = "c.id, c.code, c.person_id, p.name, p.aliases, c.area_code, a.name as area, hm.name as hamlet, ct.phone, \
     ct.phone_of, ct.address, ct.wishes, ct.visit_safely, c.version";

const BASE_FROM: &str = "join people p on p.id = c.person_id join areas a on a.code = c.area_code \
     left join hamlets hm on hm.id = c.hamlet_id join contacts ct on ct.case_id = c.id";

const OFFICE: &str = "c.status, p.sex, p.birth_on, p.birth_precision, c.opened_on, c.officer_id, us.name as officer, \
     c.last_contact_on, c.never_met, c.tries, c.to_supervisor";

/// The record and its parts, one statement; a part's table is named only where its grant is held.
pub async fn one(
    store: &Store,
    grant: &Grant<SeeCase>,
    office: bool,
    identity: Option<&Grant<SeeIdentity>>,
    legal: Option<&Grant<SeeLegal>>,
    health: Option<&Grant<SeeHealth>>,
    origin: Option<&Grant<SeeOrigin>>,
) -> Result<Option<CaseRow>, Fault> {
    let mut columns = vec![BASE];
    let mut joins = vec![BASE_FROM];
    if office {
        columns.push(OFFICE);
        joins.push("left join users us on us.id = c.officer_id");
    }
    if identity.is_some() {
        columns.push("i.number as id_number, i.kind as id_kind");
        joins.push("left join identities i on i.person_id = c.person_id");
    }
    if legal.is_some() {
        columns.push(
            "l.regime, l.juvenile, l.source, l.certificate_no, l.certificate_on, l.released_on, l.noticed_on, \
             l.address_checked_on, l.address_found, l.informed_on, l.present_by_on, l.received_on, l.pledged_on, l.sheet_on, \
             l.moved_in_on, l.moved_from, l.continued_from, l.continued_on, l.reopened_on, l.suspended_review_on, l.closed_on, \
             l.closure_ground, l.closure_note, l.moved_to",
        );
        joins.push("left join legals l on l.case_id = c.id");
    }
    if health.is_some() {
        columns.push("he.note as health");
        joins.push("left join healths he on he.person_id = c.person_id");
    }
    if origin.is_some() {
        columns.push("og.ethnicity, og.religion");
        joins.push("left join origins og on og.person_id = c.person_id");
    }
    store.opened(store.one(grant, &columns, &joins).await?).await
}

pub async fn identity_number(store: &Store, grant: &Grant<SeeIdentity>) -> Result<Option<String>, Fault> {
    let row: Option<(PersonId, Sealed<IdentityNumber>)> =
        store.one(grant, &["i.person_id, i.number"], &["join identities i on i.person_id = c.person_id"]).await?;
    Ok(store.opened(row).await?.map(|row| row.1.told()).filter(|number| !number.is_empty()))
}

pub async fn sentences(store: &Store, grant: &Grant<SeeSentence>) -> Result<Vec<SentenceRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select id, offence, penalty, sentenced_on, court from sentences where case_id = $1 order by made_at, id",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn classifications(store: &Store, grant: &Grant<SeeClassification>) -> Result<Vec<ClassificationRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select k.id, k.grp, k.since_on, k.reason, k.report_on, k.report, o.name_vi as organisation, u.name as by \
             from classifications k join users u on u.id = k.by left join organisations o on o.id = k.organisation_id where k.case_id = $1 order by k.since_on desc, k.made_at desc, k.id desc",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn protected_notes(store: &Store, grant: &Grant<SeeProtectedNote>) -> Result<Vec<ProtectedNoteRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select n.id, n.reason, n.note, n.review_on, u.name as by, n.made_at from protected_notes n join users u on u.id = n.by \
             where n.case_id = $1 order by n.made_at desc, n.id desc",
            args![],
        )
        .await?;
    store.opened(rows).await
}
