//! The rows of a new case.

use super::super::model::{ContactFields, LegalFields, NewCase, PersonFields};
use super::{insert_sentence, keep_health, keep_identity, keep_origin};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::{
            BirthOn, CertificateNo, CertificateOn, ContactAddress, ContactPhone, ContactPhoneOf, ContactVisitSafely,
            ContactWishes, Juvenile, LegalSource, MovedFrom, MovedInOn, NoticedOn, PresentByOn, ReceivedOn, ReleasedOn,
        },
        ids::{AssignmentId, CaseId, HamletId, PersonId, UserId},
        sealed::{Sealed, SealedText as _},
        text::{self},
        words::{CaseStatus, Regime},
    },
    policy::{AreaCode, subjects::unbarred},
    store::{Fault, Sealer, Unit},
};

pub async fn insert(
    unit: &mut Unit,
    area: &AreaCode,
    new: &NewCase,
    code: &str,
    officer: Option<UserId>,
    by: UserId,
) -> Result<CaseId, Fault> {
    let person = insert_person(unit, &new.person).await?;
    let seal = unit.sealer(person).await?;
    // These rows are there for everybody: that somebody has one would tell something of her health or her faith.
    let (ethnicity, religion) = (new.ethnicity.as_deref(), new.religion.as_deref());
    keep_origin(unit, &seal, person, ethnicity.unwrap_or_default(), religion.unwrap_or_default()).await?;
    keep_health(unit, &seal, person, new.health.as_deref().unwrap_or_default()).await?;
    insert_course(unit, person, area, new, code, officer, by).await
}

async fn insert_person(unit: &mut Unit, fields: &PersonFields) -> Result<PersonId, Fault> {
    let now = unit.now();
    let person = unit.new_person().await?;
    let seal = unit.sealer(person).await?;
    unit.run(
        "insert into people (id, name, name_fold, name_key, aliases, alias_fold, sex, birth_on, birth_year, birth_precision, created_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        args![
            person,
            fields.name.as_str(),
            text::fold(&fields.name),
            text::name_sort_key(&fields.name),
            fields.aliases.as_str(),
            text::fold(&fields.aliases),
            fields.sex.map(|sex| sex.as_str()),
            seal.day::<BirthOn>(person, fields.birth.map(|birth| birth.0))?,
            fields.birth.map(|birth| i64::from(birth.0.year())),
            fields.birth.map(|birth| birth.1.as_str()),
            now
        ],
    )
    .await?;
    Ok(person)
}

/// A case for somebody who is known: her first, or a further one.
pub async fn insert_course(
    unit: &mut Unit,
    person: PersonId,
    area: &AreaCode,
    new: &NewCase,
    code: &str,
    officer: Option<UserId>,
    by: UserId,
) -> Result<CaseId, Fault> {
    let (now, today) = (unit.now(), unit.today());
    let seal = unit.sealer(person).await?;
    let case: CaseId = unit.new_id();
    let hamlet = hamlet(unit, area, new.hamlet.as_deref()).await?;
    let legal = &new.legal;
    let status = if legal.received_on.is_some() { CaseStatus::Active } else { CaseStatus::Noticed };
    unit.run(
        "insert into cases (id, code, person_id, area_code, hamlet_id, status, opened_on, officer_id, never_met, tries, \
         to_supervisor, rule_version, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, 0, $11, 1)",
        args![case, code, person, &area.0, hamlet, status.as_str(), today, officer, true, false, now],
    )
    .await?;
    insert_contact(unit, &seal, case, &new.contact).await?;
    insert_legal(unit, &seal, case, legal).await?;
    if let Some(number) = &new.id_number {
        keep_identity(unit, &seal, person, number).await?;
    }
    if let Some(sentence) = &new.sentence {
        insert_sentence(unit, &seal, case, sentence).await?;
    }
    if let Some(officer) = officer {
        put_in_charge(unit, case, officer, by).await?;
    }
    Ok(case)
}

async fn insert_legal(unit: &mut Unit, seal: &Sealer, case: CaseId, legal: &LegalFields) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "insert into legals (case_id, regime, juvenile, source, certificate_no, certificate_on, released_on, noticed_on, present_by_on, \
         received_on, moved_in_on, moved_from, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            case,
            legal.regime.as_str(),
            seal.seal::<Juvenile>(case, &legal.juvenile)?,
            seal.text::<LegalSource>(case, &legal.source)?,
            seal.text::<CertificateNo>(case, &legal.certificate_no)?,
            seal.day::<CertificateOn>(case, legal.certificate_on)?,
            seal.day::<ReleasedOn>(case, legal.released_on)?,
            seal.day::<NoticedOn>(case, legal.noticed_on)?,
            seal.day::<PresentByOn>(case, legal.present_by_on)?,
            seal.day::<ReceivedOn>(case, legal.received_on)?,
            seal.day::<MovedInOn>(case, legal.moved_in_on)?,
            seal.text_opt::<MovedFrom>(case, Some(legal.moved_from.as_str()).filter(|from| !from.is_empty()))?,
            now
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_contact(
    unit: &mut Unit,
    seal: &Sealer,
    case: CaseId,
    contact: &ContactFields,
) -> Result<(), Fault> {
    let now = unit.now();
    let mark = contact.phone.as_deref().map(|phone| unit.store().phone_mark(phone)).transpose()?;
    unit.run(
        "insert into contacts (case_id, phone, phone_of, address, wishes, visit_safely, changed_at, phone_mark) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (case_id) do update set phone = excluded.phone, phone_mark = excluded.phone_mark, phone_of = excluded.phone_of, address = excluded.address, \
         wishes = excluded.wishes, visit_safely = excluded.visit_safely, changed_at = excluded.changed_at",
        args![
            case,
            seal.text_opt::<ContactPhone>(case, contact.phone.as_deref())?,
            seal.text::<ContactPhoneOf>(case, &contact.phone_of)?,
            seal.text::<ContactAddress>(case, &contact.address)?,
            seal.text::<ContactWishes>(case, &contact.wishes)?,
            seal.text::<ContactVisitSafely>(case, &contact.visit_safely)?,
            now,
            Arg::Bytes(mark)
        ],
    )
    .await?;
    Ok(())
}

/// A record of support for the person of another case: where she lives, how she is reached, who looks after her.
pub async fn insert_support(unit: &mut Unit, from: CaseId, code: &str, by: UserId) -> Result<CaseId, Fault> {
    let (now, today) = (unit.now(), unit.today());
    let person = unit.person_of(from).await?;
    let seal = unit.sealer(person).await?;
    let case: CaseId = unit.new_id();
    unit.exactly_one(
        "insert into cases (id, code, person_id, area_code, hamlet_id, status, opened_on, officer_id, never_met, tries, \
         to_supervisor, rule_version, created_at, version) select $1, $2, person_id, area_code, hamlet_id, 'active', $3, officer_id, $4, 0, \
         $5, 0, $6, 1 from cases where id = $7",
        args![case, code, today, true, false, now, from],
    )
    .await?;
    let contact = contact_of(unit, from).await?;
    insert_contact(unit, &seal, case, &contact).await?;
    let legal = LegalFields {
        regime: Regime::Support,
        juvenile: false,
        source: String::new(),
        certificate_no: String::new(),
        certificate_on: None,
        released_on: None,
        noticed_on: None,
        present_by_on: None,
        received_on: Some(today),
        moved_in_on: None,
        moved_from: String::new(),
    };
    insert_legal(unit, &seal, case, &legal).await?;
    let id: AssignmentId = unit.new_id();
    unit.run(
        "insert into assignments (id, case_id, officer_id, from_on, made_by, made_at) \
         select $1, id, officer_id, $3, $4, $5 from cases where id = $2 and officer_id is not null",
        args![id, case, today, by, now],
    )
    .await?;
    Ok(case)
}

pub(super) async fn contact_of(unit: &mut Unit, case: CaseId) -> Result<ContactFields, Fault> {
    #[derive(sqlx::FromRow)]
    struct Contact {
        case_id: CaseId,
        phone: Option<Sealed<ContactPhone>>,
        phone_of: Sealed<ContactPhoneOf>,
        address: Sealed<ContactAddress>,
        wishes: Sealed<ContactWishes>,
        visit_safely: Sealed<ContactVisitSafely>,
    }
    crate::opens!(Contact { case_id => phone, phone_of, address, wishes, visit_safely });
    let row: Option<Contact> = unit
        .row(
            "select case_id, phone, phone_of, address, wishes, visit_safely from contacts where case_id = $1",
            args![case],
        )
        .await?;
    let row = unit.opened(row).await?.ok_or(Fault::Inconsistent("a case without its contact"))?;
    Ok(ContactFields {
        phone: row.phone.told(),
        phone_of: row.phone_of.told(),
        address: row.address.told(),
        wishes: row.wishes.told(),
        visit_safely: row.visit_safely.told(),
    })
}

/// An active officer of this commune by her sign-in name.
pub async fn officer_named(unit: &mut Unit, area: &AreaCode, username: &str) -> Result<Option<UserId>, Fault> {
    let row: Option<(UserId,)> = unit
        .row(
            "select id from users where username = $1 and area_code = $2 and role = 'officer' and disabled_at is null",
            args![username, &area.0],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

pub async fn is_officer(unit: &mut Unit, user: UserId) -> Result<bool, Fault> {
    let row: Option<(UserId,)> =
        unit.row("select id from users where id = $1 and role = 'officer'", args![user]).await?;
    Ok(row.is_some())
}

pub async fn code_is_taken(unit: &mut Unit, code: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from cases where code = $1", args![code]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// The hamlet of that name in the commune; a new one is added to its list.
pub async fn hamlet(unit: &mut Unit, area: &AreaCode, name: Option<&str>) -> Result<Option<HamletId>, Fault> {
    let Some(name) = name else { return Ok(None) };
    let known: Option<(HamletId,)> = unit
        .row(
            "select id from hamlets where area_code = $1 and name_fold = $2 and valid_to is null order by valid_from desc limit 1",
            args![&area.0, text::fold(name)],
        )
        .await?;
    if let Some((id,)) = known {
        return Ok(Some(id));
    }
    let id: HamletId = unit.new_id();
    let folded = text::fold(name);
    let kind = ["khom", "khu pho"].into_iter().find(|kind| folded.starts_with(kind)).unwrap_or("ap");
    let today = unit.today();
    unit.run(
        "insert into hamlets (id, area_code, name, name_fold, kind, valid_from) values ($1, $2, $3, $4, $5, $6)",
        args![id, &area.0, name, folded.as_str(), kind, today],
    )
    .await?;
    Ok(Some(id))
}

pub async fn hamlet_of_case(unit: &mut Unit, case: CaseId, name: Option<&str>) -> Result<Option<HamletId>, Fault> {
    let row: Option<(AreaCode,)> = unit.row("select area_code from cases where id = $1", args![case]).await?;
    hamlet(unit, &row.ok_or(Fault::Moved)?.0, name).await
}

/// The commune of a case.
pub async fn area_of(unit: &mut Unit, case: CaseId) -> Result<AreaCode, Fault> {
    let row: Option<(AreaCode,)> = unit.row("select area_code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

/// May this colleague know this person?
pub async fn may_know(unit: &mut Unit, person: PersonId, user: UserId) -> Result<bool, Fault> {
    let sql = concat!("select id from people where id = $1 and ", unbarred!("$2", "$1"));
    let row: Option<(PersonId,)> = unit.row(sql, args![person, user]).await?;
    Ok(row.is_some())
}

/// Puts an officer in charge from today on.
pub async fn put_in_charge(unit: &mut Unit, case: CaseId, officer: UserId, by: UserId) -> Result<(), Fault> {
    let id: AssignmentId = unit.new_id();
    let (now, today) = (unit.now(), unit.today());
    unit.run(
        "insert into assignments (id, case_id, officer_id, from_on, made_by, made_at) values ($1, $2, $3, $4, $5, $6)",
        args![id, case, officer, today, by, now],
    )
    .await?;
    Ok(())
}
