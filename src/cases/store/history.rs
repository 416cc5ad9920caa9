//! What was put right: the legal part as a whole, and every correction of a case.

use super::{
    super::model::{Change, CorrectionRow, CourseRow, LegalFields, Standing},
    contact_of,
};
use crate::{
    args,
    base::{
        fields::{
            AddressFoundWord, BirthOn, CertificateNo, CertificateOn, CorrectionAfter, CorrectionBefore, InformedOn,
            Juvenile, LegalSource, MovedFrom, MovedInOn, NoticedOn, PledgedOn, PresentByOn, ReceivedOn, ReleasedOn,
            SheetOn,
        },
        ids::{CaseId, CorrectionId, PersonId, UserId},
        sealed::{Sealed, SealedDay, SealedText},
        text,
        words::{CaseStatus, Precision, Regime, Sex},
    },
    policy::acts::{ListCases, SeeHistory},
    store::{Fault, Grant, Scope, Store, Unit},
};

/// The legal part as a unit of work reads it.
#[derive(sqlx::FromRow)]
struct Legal {
    case_id: CaseId,
    status: CaseStatus,
    regime: Regime,
    juvenile: Sealed<Juvenile>,
    source: Sealed<LegalSource>,
    certificate_no: Sealed<CertificateNo>,
    certificate_on: Option<Sealed<CertificateOn>>,
    released_on: Option<Sealed<ReleasedOn>>,
    noticed_on: Option<Sealed<NoticedOn>>,
    address_found: Option<Sealed<AddressFoundWord>>,
    informed_on: Option<Sealed<InformedOn>>,
    present_by_on: Option<Sealed<PresentByOn>>,
    received_on: Option<Sealed<ReceivedOn>>,
    pledged_on: Option<Sealed<PledgedOn>>,
    sheet_on: Option<Sealed<SheetOn>>,
    moved_in_on: Option<Sealed<MovedInOn>>,
    moved_from: Option<Sealed<MovedFrom>>,
}

crate::opens!(Legal {
    case_id => juvenile, source, certificate_no, certificate_on, released_on, noticed_on, address_found, informed_on, present_by_on,
        received_on, pledged_on, sheet_on, moved_in_on, moved_from
});

async fn read_legal(unit: &mut Unit, case: CaseId) -> Result<Legal, Fault> {
    let row: Option<Legal> = unit
        .row(
            "select c.id as case_id, c.status, l.regime, l.juvenile, l.source, l.certificate_no, l.certificate_on, l.released_on, \
             l.noticed_on, l.address_found, l.informed_on, l.present_by_on, l.received_on, l.pledged_on, l.sheet_on, l.moved_in_on, \
             l.moved_from from cases c join legals l on l.case_id = c.id where c.id = $1",
            args![case],
        )
        .await?;
    unit.opened(row).await?.ok_or(Fault::Inconsistent("a case without its legal part"))
}

/// Where a case stands, for its next step.
pub async fn standing(unit: &mut Unit, case: CaseId) -> Result<Standing, Fault> {
    let row = read_legal(unit, case).await?;
    Ok(Standing {
        status: row.status,
        regime: row.regime,
        noticed_on: row.noticed_on.day().map(|day| day.0),
        released_on: row.released_on.day().map(|day| day.0),
        present_by_on: row.present_by_on.day().map(|day| day.0),
        address_found: row.address_found.text().and_then(|word| word.parse().ok()),
        informed_on: row.informed_on.day().map(|day| day.0),
        received_on: row.received_on.day().map(|day| day.0),
        pledged_on: row.pledged_on.day().map(|day| day.0),
        sheet_on: row.sheet_on.day().map(|day| day.0),
    })
}

/// The legal part as it can be put right.
pub async fn legal(unit: &mut Unit, case: CaseId) -> Result<LegalFields, Fault> {
    let row = read_legal(unit, case).await?;
    Ok(LegalFields {
        regime: row.regime,
        juvenile: row.juvenile.value().copied().unwrap_or_default(),
        source: row.source.told(),
        certificate_no: row.certificate_no.told(),
        certificate_on: row.certificate_on.day().map(|day| day.0),
        released_on: row.released_on.day().map(|day| day.0),
        noticed_on: row.noticed_on.day().map(|day| day.0),
        present_by_on: row.present_by_on.day().map(|day| day.0),
        received_on: row.received_on.day().map(|day| day.0),
        moved_in_on: row.moved_in_on.day().map(|day| day.0),
        moved_from: row.moved_from.told().unwrap_or_default(),
    })
}

pub async fn keep_legal(unit: &mut Unit, case: CaseId, legal: &LegalFields) -> Result<(), Fault> {
    let (now, seal) = (unit.now(), unit.sealer_of(case).await?);
    unit.exactly_one(
        "update legals set regime = $2, juvenile = $3, source = $4, certificate_no = $5, certificate_on = $6, released_on = $7, \
         noticed_on = $8, present_by_on = $9, received_on = $10, moved_in_on = $11, moved_from = $12, changed_at = $13 where case_id = $1",
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
    .await
}

/// Name, birth, contact and hamlet as they stand, each with the name of its field.
pub async fn person_told(unit: &mut Unit, case: CaseId) -> Result<[(&'static str, String); 10], Fault> {
    #[derive(sqlx::FromRow)]
    struct Person {
        id: PersonId,
        name: String,
        aliases: String,
        sex: Option<Sex>,
        birth_on: Option<Sealed<BirthOn>>,
        birth_precision: Option<Precision>,
        hamlet: Option<String>,
    }
    crate::opens!(Person { id => birth_on });
    let row: Option<Person> = unit
        .row(
            "select p.id, p.name, p.aliases, p.sex, p.birth_on, p.birth_precision, hm.name as hamlet from cases c \
             join people p on p.id = c.person_id left join hamlets hm on hm.id = c.hamlet_id where c.id = $1",
            args![case],
        )
        .await?;
    let row = unit.opened(row).await?.ok_or(Fault::Inconsistent("a case without its person"))?;
    let contact = contact_of(unit, case).await?;
    let birth = row.birth_on.day().zip(row.birth_precision).map(|(day, known)| text::show_birth(day.0, known));
    Ok([
        ("name", row.name),
        ("aliases", row.aliases),
        ("sex", row.sex.map(|sex| sex.as_str().to_owned()).unwrap_or_default()),
        ("birth", birth.unwrap_or_default()),
        ("phone", contact.phone.unwrap_or_default()),
        ("phone_of", contact.phone_of),
        ("address", contact.address),
        ("wishes", contact.wishes),
        ("visit_safely", contact.visit_safely),
        ("hamlet", row.hamlet.unwrap_or_default()),
    ])
}

pub async fn insert_correction(unit: &mut Unit, case: CaseId, change: &Change, by: UserId) -> Result<(), Fault> {
    let id: CorrectionId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into corrections (id, case_id, part, field, before, after, by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            id,
            case,
            change.part,
            change.field,
            seal.text::<CorrectionBefore>(id, &change.before)?,
            seal.text::<CorrectionAfter>(id, &change.after)?,
            by,
            now
        ],
    )
    .await?;
    Ok(())
}

/// The corrections of these parts, newest first; an empty word stands for a part that the asker may not see.
pub async fn corrections(
    store: &Store,
    grant: &Grant<SeeHistory>,
    parts: [&str; 6],
) -> Result<Vec<CorrectionRow>, Fault> {
    let [one, two, three, four, five, six] = parts;
    let rows = store
        .under(
            grant,
            "select r.id, r.part, r.field, r.before, r.after, u.name as by, r.made_at from corrections r join users u on u.id = r.by \
             where r.case_id = $1 and r.part in ($2, $3, $4, $5, $6, $7) order by r.made_at desc, r.id desc",
            args![one, two, three, four, five, six],
        )
        .await?;
    store.opened(rows).await
}

/// The cases of one person within the asker's reach, newest first.
pub async fn courses(store: &Store, scope: &Scope<ListCases>, person: PersonId) -> Result<Vec<CourseRow>, Fault> {
    store
        .list(scope, "c.id, c.code, c.status, c.opened_on, a.name as area")
        .join("join areas a on a.code = c.area_code")
        .and_arg("c.person_id = ?", args![person])
        .rows("c.opened_on desc, c.id", 0)
        .await
}
