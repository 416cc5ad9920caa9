//! SQL of consents and of the texts that they are given to.

use super::model::{ConsentRow, NewConsent, NewText, TextRow, hash};
use crate::{
    args,
    base::{
        fields::ConsentPaper,
        ids::{CaseId, ConsentId, ConsentTextId, OrganisationId, PersonId, UserId},
        words::ConsentGroup,
    },
    policy::acts::{SeeConsent, SeeConsents},
    store::{Fault, Grant, Store, Unit},
};

const TEXTS: &str =
    "select id, grp, number, from_on, text_vi, text_en, hash from consent_texts order by grp, number desc";

/// Every wording, the newest of each group first.
pub async fn texts(store: &Store) -> Result<Vec<TextRow>, Fault> {
    store.reference(TEXTS, args![]).await
}

/// The wording of a group that is in force today.
pub async fn text_of(unit: &mut Unit, group: ConsentGroup) -> Result<Option<TextRow>, Fault> {
    let today = unit.today();
    unit.row(
        "select id, grp, number, from_on, text_vi, text_en, hash from consent_texts where grp = $1 and from_on <= $2 \
         order by from_on desc, number desc limit 1",
        args![group.as_str(), today],
    )
    .await
}

pub async fn insert_text(unit: &mut Unit, new: &NewText, by: Option<UserId>) -> Result<ConsentTextId, Fault> {
    let id: ConsentTextId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into consent_texts (id, grp, number, from_on, text_vi, text_en, hash, made_by, made_at) \
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8 from consent_texts where grp = $2",
        args![
            id,
            new.group.as_str(),
            new.from_on,
            &new.text_vi,
            &new.text_en,
            hash(new.group, &new.text_vi, &new.text_en),
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// The organisation is of the case's commune.
pub async fn serves(unit: &mut Unit, case: CaseId, organisation: OrganisationId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from organisations o join cases c on c.area_code = o.area_code where o.id = $2 and c.id = $1",
            args![case, organisation],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    group: ConsentGroup,
    text: &TextRow,
    new: &NewConsent,
    by: UserId,
) -> Result<ConsentId, Fault> {
    let id: ConsentId = unit.new_id();
    let now = unit.now();
    let (seal, person) = (unit.sealer_of(case).await?, unit.person_of(case).await?);
    unit.run(
        "insert into consents (id, case_id, person_id, grp, organisation_id, text_id, text_hash, how, given_on, paper, made_by, \
         made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        args![
            id,
            case,
            person,
            group.as_str(),
            new.organisation,
            text.id,
            text.hash.clone(),
            new.how.as_str(),
            new.given_on,
            seal.text_opt::<ConsentPaper>(id, new.paper.as_deref())?,
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Case, person, organisation of a consent, and whether it was withdrawn.
pub async fn standing(
    unit: &mut Unit,
    id: ConsentId,
) -> Result<(CaseId, PersonId, Option<OrganisationId>, bool), Fault> {
    let row: Option<(CaseId, PersonId, Option<OrganisationId>, bool)> = unit
        .row(
            "select case_id, person_id, organisation_id, withdrawn_at is not null from consents where id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

/// Does the person still agree to something that is passed on to this organisation?
pub async fn still_agrees(
    unit: &mut Unit,
    person: PersonId,
    organisation: OrganisationId,
    but: ConsentId,
) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from consents where person_id = $1 and organisation_id = $2 and id <> $3 and withdrawn_at is null \
             and grp in ('contact', 'needs', 'livelihood', 'family')",
            args![person, organisation, but],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// Has the person of a case agreed to this, and not withdrawn? As SQL over the expressions of case and group.
macro_rules! agreed {
    ($case:literal, $group:literal) => {
        concat!(
            "exists (select 1 from consents n join cases nc on nc.person_id = n.person_id where nc.id = ",
            $case,
            " and n.grp = ",
            $group,
            " and n.withdrawn_at is null)"
        )
    };
}

pub(crate) use agreed;

pub async fn is_given(unit: &mut Unit, case: CaseId, group: ConsentGroup) -> Result<bool, Fault> {
    let row: Option<(bool,)> =
        unit.row(concat!("select ", agreed!("$1", "$2"), " as given"), args![case, group.as_str()]).await?;
    Ok(row.is_some_and(|row| row.0))
}

pub async fn of_case(store: &Store, grant: &Grant<SeeConsents>) -> Result<Vec<ConsentRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select n.id, n.grp, o.name_vi as organisation, t.text_vi, t.text_en, t.number, n.text_hash, n.how, n.given_on, n.paper, \
             u.name as by, n.withdrawn_at, n.withdrawal, n.version from consents n join consent_texts t on t.id = n.text_id \
             join users u on u.id = n.made_by left join organisations o on o.id = n.organisation_id where n.case_id = $1 \
             order by case when n.withdrawn_at is null then 0 else 1 end, n.made_at desc, n.id desc",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn case_of(store: &Store, grant: &Grant<SeeConsent>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["cn.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}
