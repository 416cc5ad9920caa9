//! SQL of people, cases and their parts.

use super::model::{
    Borrower, CaseRow, ClassificationRow, ContactFields, Filter, LegalFields, Line, NewCase, Papers, PersonFields,
    ProtectedNoteRow, SentenceFields, SentenceRow, Sort,
};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::{
            BirthOn, CertificateNo, CertificateOn, ClassificationReason, ClosedOn, ClosureGroundWord, ClosureNote,
            ContactAddress, ContactPhone, ContactPhoneOf, ContactVisitSafely, ContactWishes, Court, Ethnicity,
            HealthNote, IdentityNumber, Juvenile, LegalSource, NoticedOn, Offence, Penalty, PresentByOn,
            ProtectedNoteText, ProtectedReasonWord, ReceivedOn, ReleasedOn, Religion, SentencedOn,
        },
        ids::{AssignmentId, CaseId, ClassificationId, HamletId, PersonId, ProtectedNoteId, SentenceId, UserId},
        sealed::{Field, Sealed, SealedDay, SealedText as _},
        text::{self, Phone},
        time::Day,
        words::{CaseStatus, ClosureGround, Group, Regime},
    },
    policy::{
        Act, AreaCode,
        acts::{
            ExportCases, ListCases, SeeCase, SeeClassification, SeeHealth, SeeIdentity, SeeLegal, SeeOrigin,
            SeeProtectedNote, SeeSentence,
        },
    },
    store::{Dir, Fault, Grant, List, Page, PageAsk, Scope, Sealer, Store, Unit},
};
use jiff::civil::Date;

const LINE: &str = "c.id, c.person_id, c.code, p.name, p.name_key, p.aliases, p.birth_on, p.birth_precision, hm.name as hamlet, c.area_code, \
     a.name as area, c.status, c.opened_on, c.officer_id, us.name as officer, c.last_contact_on, \
     (select min(f.due_on) from follow_ups f where f.case_id = c.id and f.done_at is null and f.dropped_at is null) as next_due_on, \
     ct.phone";
const LINE_FROM: &str = "join people p on p.id = c.person_id join areas a on a.code = c.area_code \
     left join hamlets hm on hm.id = c.hamlet_id left join users us on us.id = c.officer_id left join contacts ct on ct.case_id = c.id";
/// A helper's line: nothing that comes from a part she may not see.
const HELPER_LINE: &str =
    "c.id, c.person_id, c.code, p.name, p.name_key, hm.name as hamlet, c.area_code, a.name as area, ct.phone";
const HELPER_FROM: &str = "join people p on p.id = c.person_id join areas a on a.code = c.area_code \
     left join hamlets hm on hm.id = c.hamlet_id left join contacts ct on ct.case_id = c.id";

pub async fn list(
    store: &Store,
    scope: &Scope<ListCases>,
    filter: &Filter,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    if super::is_helper(store, scope.actor()) {
        // No filter and no order that comes from a part she may not see.
        let list = filtered(store.list(scope, HELPER_LINE).join(HELPER_FROM), &Filter::default(), scope);
        return store.opened_page(list.page(&["p.name_key", "c.id"], Dir::Up, ask).await?).await;
    }
    let list = filtered(store.list(scope, LINE).join(LINE_FROM), filter, scope);
    match filter.sort {
        Sort::Name => store.opened_page(list.page(&["p.name_key", "c.id"], Dir::Up, ask).await?).await,
        Sort::Opened => {
            let page: Page<Newest> = list.page(&["c.opened_on", "c.id"], Dir::Down, ask).await?;
            store.opened_page(page.map(|newest| newest.line)).await
        }
    }
}

/// A line of the list that is sorted by opening day.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Newest {
    #[sqlx(flatten)]
    line: Line,
}

impl crate::store::Paged for Newest {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        args![self.line.opened_on, self.line.id]
    }
}

pub async fn count(store: &Store, scope: &Scope<ListCases>, filter: &Filter) -> Result<i64, Fault> {
    let everything = Filter::default();
    let filter = if super::is_helper(store, scope.actor()) { &everything } else { filter };
    filtered(store.list(scope, "count(*)"), filter, scope).count().await
}

fn filtered<'a, A: Act>(mut list: List<'a, A>, filter: &Filter, scope: &Scope<A>) -> List<'a, A> {
    list = match filter.status {
        Some(status) => list.and_arg("c.status = ?", args![status.as_str()]),
        None => list.and("c.status in ('noticed', 'active', 'suspended')"),
    };
    if let Some(area) = &filter.area {
        list = list.and_arg("c.area_code = ?", args![&area.0]);
    }
    if filter.mine {
        list = list.and_arg("c.officer_id = ?", args![scope.actor().user()]);
    }
    if filter.unassigned {
        list = list.and("c.officer_id is null");
    }
    if let Some(officer) = filter.officer {
        list = list.and_arg("c.officer_id = ?", args![officer]);
    }
    if let Some(hamlet) = filter.hamlet {
        list = list.and_arg("c.hamlet_id = ?", args![hamlet]);
    }
    list
}

/// `words` as a pattern for `like`: anywhere, its own signs taken literally.
fn anywhere(words: &str) -> String {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

pub async fn search(
    store: &Store,
    scope: &Scope<ListCases>,
    words: &str,
    numbers: bool,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    let list = if super::is_helper(store, scope.actor()) {
        store.list(scope, HELPER_LINE).join(HELPER_FROM)
    } else {
        store.list(scope, LINE).join(LINE_FROM)
    };
    let list = list.and("c.status in ('noticed', 'active', 'suspended')");
    store.opened(found(store, list, words, numbers, limit).await?).await
}

async fn found(
    store: &Store,
    list: List<'_, ListCases>,
    words: &str,
    numbers: bool,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    if let Some(code) = super::model::parse_code(words) {
        return list.and_arg("c.code = ?", args![code]).rows("p.name_key, c.id", limit).await;
    }
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 9 {
        // By the marks: the numbers themselves are sealed.
        let phone =
            store.phone_mark(&Phone::parse(words).map(|phone| phone.as_str().to_owned()).unwrap_or_default())?;
        return if numbers {
            list.and_arg(
                "ct.phone_mark = ? or exists (select 1 from identities i where i.person_id = c.person_id and i.number_mark = ?)",
                args![phone, store.id_mark(&digits)?],
            )
            .rows("p.name_key, c.id", limit)
            .await
        } else {
            list.and_arg("ct.phone_mark = ?", args![phone]).rows("p.name_key, c.id", limit).await
        };
    }
    let pattern = anywhere(&text::fold(words));
    let hamlet = anywhere(&text::fold(words));
    if numbers {
        list.and_arg(
            "p.name_fold like ? escape '\\' or p.alias_fold like ? escape '\\' or hm.name_fold like ? escape '\\'",
            args![pattern.as_str(), pattern.as_str(), hamlet],
        )
        .rows("p.name_key, c.id", limit)
        .await
    } else {
        list.and_arg("p.name_fold like ? escape '\\' or hm.name_fold like ? escape '\\'", args![pattern, hamlet])
            .rows("p.name_key, c.id", limit)
            .await
    }
}

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
        columns.push("i.number as id_number");
        joins.push("left join identities i on i.person_id = c.person_id");
    }
    if legal.is_some() {
        columns.push(
            "l.regime, l.juvenile, l.source, l.certificate_no, l.certificate_on, l.released_on, l.noticed_on, \
             l.address_checked_on, l.present_by_on, l.received_on, l.suspended_review_on, l.closed_on, l.closure_ground",
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
    Ok(store.opened(row).await?.map(|row| row.1.told()))
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
            "select k.id, k.grp, k.since_on, k.reason, u.name as by from classifications k join users u on u.id = k.by \
             where k.case_id = $1 order by k.since_on desc, k.made_at desc, k.id desc",
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

pub async fn status(unit: &mut Unit, case: CaseId) -> Result<CaseStatus, Fault> {
    let row: Option<(CaseStatus,)> = unit.row("select status from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn code_of(unit: &mut Unit, case: CaseId) -> Result<String, Fault> {
    let row: Option<(String,)> = unit.row("select code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn is_sealed(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from cases where id = $1 and status = 'sealed'", args![case]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn code_is_taken(unit: &mut Unit, code: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from cases where code = $1", args![code]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
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

pub async fn insert(
    unit: &mut Unit,
    area: &AreaCode,
    new: &NewCase,
    code: &str,
    officer: Option<UserId>,
    by: UserId,
) -> Result<CaseId, Fault> {
    let (now, today) = (unit.now(), unit.today());
    let person = unit.new_person().await?;
    let seal = unit.sealer(person).await?;
    let case: CaseId = unit.new_id();
    let fields = &new.person;
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
    // These rows are there for everybody: that somebody has one would tell something of her health or her faith.
    let (ethnicity, religion) = (new.ethnicity.as_deref(), new.religion.as_deref());
    keep_origin(unit, &seal, person, ethnicity.unwrap_or_default(), religion.unwrap_or_default()).await?;
    keep_health(unit, &seal, person, new.health.as_deref().unwrap_or_default()).await?;
    if let Some(sentence) = &new.sentence {
        insert_sentence(unit, &seal, case, sentence).await?;
    }
    if let Some(officer) = officer {
        let id: AssignmentId = unit.new_id();
        unit.run(
            "insert into assignments (id, case_id, officer_id, from_on, made_by, made_at) values ($1, $2, $3, $4, $5, $6)",
            args![id, case, officer, today, by, now],
        )
        .await?;
    }
    Ok(case)
}

async fn insert_legal(unit: &mut Unit, seal: &Sealer, case: CaseId, legal: &LegalFields) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "insert into legals (case_id, regime, juvenile, source, certificate_no, certificate_on, released_on, noticed_on, present_by_on, \
         received_on, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
            now
        ],
    )
    .await?;
    Ok(())
}

async fn insert_contact(unit: &mut Unit, seal: &Sealer, case: CaseId, contact: &ContactFields) -> Result<(), Fault> {
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

pub async fn correct(
    unit: &mut Unit,
    case: CaseId,
    person: &PersonFields,
    contact: &ContactFields,
) -> Result<(), Fault> {
    let owner = unit.person_of(case).await?;
    let seal = unit.sealer(owner).await?;
    unit.exactly_one(
        "update people set name = $2, name_fold = $3, name_key = $4, aliases = $5, alias_fold = $6, sex = $7, birth_on = $8, \
         birth_precision = $9, birth_year = $10, version = version + 1 where id = $1",
        args![
            owner,
            person.name.as_str(),
            text::fold(&person.name),
            text::name_sort_key(&person.name),
            person.aliases.as_str(),
            text::fold(&person.aliases),
            person.sex.map(|sex| sex.as_str()),
            seal.day::<BirthOn>(owner, person.birth.map(|birth| birth.0))?,
            person.birth.map(|birth| birth.1.as_str()),
            person.birth.map(|birth| i64::from(birth.0.year()))
        ],
    )
    .await?;
    insert_contact(unit, &seal, case, contact).await
}

/// Sets one day of the legal part.
pub async fn set_legal_day<F: Field<Value = Day>>(
    unit: &mut Unit,
    case: CaseId,
    day: Option<Date>,
) -> Result<(), Fault> {
    let (now, column) = (unit.now(), F::COLUMN);
    let day = unit.sealer_of(case).await?.day::<F>(case, day)?;
    unit.exactly_one(
        format!("update legals set {column} = $2, changed_at = $3 where case_id = $1"),
        args![case, day, now],
    )
    .await
}

pub async fn close(
    unit: &mut Unit,
    case: CaseId,
    ground: ClosureGround,
    on: Date,
    note: &str,
    by: UserId,
) -> Result<(), Fault> {
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.exactly_one(
        "update legals set closed_on = $2, closure_ground = $3, closure_note = $4, changed_at = $5 where case_id = $1",
        args![
            case,
            seal.day::<ClosedOn>(case, Some(on))?,
            seal.text::<ClosureGroundWord>(case, ground.as_str())?,
            seal.text::<ClosureNote>(case, note)?,
            now
        ],
    )
    .await?;
    end_all(unit, case, by).await
}

/// Ends what is under way on a case: who is in charge, who helps, what is due.
pub async fn end_all(unit: &mut Unit, case: CaseId, by: UserId) -> Result<(), Fault> {
    let (now, today) = (unit.now(), unit.today());
    unit.run("update assignments set to_on = $2 where case_id = $1 and to_on is null", args![case, today]).await?;
    // The reason of these ends is the closure, which the case tells.
    unit.run(
        "update referrals set ended_at = $2, ended_by = $3, version = version + 1 where case_id = $1 and ended_at is null",
        args![case, now, by],
    )
    .await?;
    unit.run(
        "update follow_ups set dropped_at = $2, version = version + 1 where case_id = $1 and done_at is null and dropped_at is null",
        args![case, now],
    )
    .await?;
    Ok(())
}

pub async fn set_status(unit: &mut Unit, case: CaseId, status: CaseStatus) -> Result<(), Fault> {
    unit.exactly_one("update cases set status = $2, version = version + 1 where id = $1", args![case, status.as_str()])
        .await
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

async fn contact_of(unit: &mut Unit, case: CaseId) -> Result<ContactFields, Fault> {
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

pub async fn borrower(store: &Store, grant: &Grant<SeeLegal>) -> Result<Option<Borrower>, Fault> {
    let columns = ["c.id, c.status, l.regime, l.certificate_no, l.released_on"];
    let row = store.one(grant, &columns, &["join legals l on l.case_id = c.id"]).await?;
    store.opened(row).await
}

macro_rules! papers {
    ($where:literal) => {
        concat!(
            "select c.id, c.person_id, c.officer_id, c.area_code, p.name, p.birth_on, p.birth_precision, h.name as hamlet, ct.address, \
             l.certificate_no, l.certificate_on, l.released_on from cases c join people p on p.id = c.person_id \
             join legals l on l.case_id = c.id join contacts ct on ct.case_id = c.id left join hamlets h on h.id = c.hamlet_id where ",
            $where
        )
    };
}

pub async fn papers(unit: &mut Unit, case: CaseId) -> Result<Option<Papers>, Fault> {
    let row: Option<Papers> = unit.row(papers!("c.id = $1"), args![case]).await?;
    unit.opened(row).await
}

pub async fn next_borrowers(unit: &mut Unit, after: Option<CaseId>, limit: i64) -> Result<Vec<Papers>, Fault> {
    let after = after.map_or_else(uuid::Uuid::nil, crate::base::ids::Id::uuid);
    let rows: Vec<Papers> = unit
        .rows(
            papers!(
                "c.id > $1 and c.status = 'active' and l.regime in ('completed', 'amnestied') and c.officer_id is not null \
                 and not exists (select 1 from follow_ups f where f.case_id = c.id and f.rule = 'loan_window') order by c.id limit $2"
            ),
            args![after, limit],
        )
        .await?;
    unit.opened(rows).await
}

/// The birth date that later dates are checked against.
pub async fn birth(unit: &mut Unit, case: CaseId) -> Result<Option<Date>, Fault> {
    let person = unit.person_of(case).await?;
    let row: Option<(PersonId, Option<Sealed<BirthOn>>)> =
        unit.row("select id, birth_on from people where id = $1", args![person]).await?;
    Ok(unit.opened(row).await?.and_then(|row| row.1.day()).map(|day| day.0))
}

pub async fn keep_identity(
    unit: &mut Unit,
    seal: &Sealer,
    person: PersonId,
    number: &text::IdNumber,
) -> Result<(), Fault> {
    let (now, mark) = (unit.now(), unit.store().id_mark(number.as_str())?);
    let shut = seal.text::<IdentityNumber>(person, number.as_str())?;
    unit.exactly_one(
        "insert into identities (person_id, number, number_mark, kind, changed_at) values ($1, $2, $3, $4, $5) \
         on conflict (person_id) do update set number = excluded.number, number_mark = excluded.number_mark, kind = excluded.kind, \
         changed_at = excluded.changed_at",
        args![person, shut, mark, if number.old { "old_card" } else { "citizen" }, now],
    )
    .await
}

/// Empty: nothing is known.
pub async fn keep_origin(
    unit: &mut Unit,
    seal: &Sealer,
    person: PersonId,
    ethnicity: &str,
    religion: &str,
) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "insert into origins (person_id, ethnicity, religion, changed_at) values ($1, $2, $3, $4) \
         on conflict (person_id) do update set ethnicity = excluded.ethnicity, religion = excluded.religion, \
         changed_at = excluded.changed_at",
        args![person, seal.text::<Ethnicity>(person, ethnicity)?, seal.text::<Religion>(person, religion)?, now],
    )
    .await
}

/// Empty: nothing is known.
pub async fn keep_health(unit: &mut Unit, seal: &Sealer, person: PersonId, note: &str) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "insert into healths (person_id, note, changed_at) values ($1, $2, $3) \
         on conflict (person_id) do update set note = excluded.note, changed_at = excluded.changed_at",
        args![person, seal.text::<HealthNote>(person, note)?, now],
    )
    .await
}

pub async fn drop_sentences(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    unit.run("delete from sentences where case_id = $1", args![case]).await?;
    Ok(())
}

pub async fn insert_sentence(
    unit: &mut Unit,
    seal: &Sealer,
    case: CaseId,
    sentence: &SentenceFields,
) -> Result<(), Fault> {
    let id: SentenceId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into sentences (id, case_id, offence, penalty, sentenced_on, court, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            id,
            case,
            seal.text::<Offence>(id, &sentence.offence)?,
            seal.text::<Penalty>(id, &sentence.penalty)?,
            seal.day::<SentencedOn>(id, sentence.sentenced_on)?,
            seal.text::<Court>(id, &sentence.court)?,
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_protected_note(
    unit: &mut Unit,
    case: CaseId,
    note: &super::parts::ProtectedNote,
    by: UserId,
) -> Result<(), Fault> {
    let id: ProtectedNoteId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into protected_notes (id, case_id, reason, note, review_on, by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            id,
            case,
            seal.text::<ProtectedReasonWord>(id, note.reason.as_str())?,
            seal.text::<ProtectedNoteText>(id, &note.note)?,
            note.review_on,
            by,
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_classification(
    unit: &mut Unit,
    case: CaseId,
    group: Group,
    since: Date,
    reason: &str,
    by: UserId,
) -> Result<ClassificationId, Fault> {
    let id: ClassificationId = unit.new_id();
    let now = unit.now();
    let reason = unit.sealer_of(case).await?.text::<ClassificationReason>(id, reason)?;
    unit.run(
        "insert into classifications (id, case_id, grp, since_on, reason, by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, case, group.as_str(), since, reason, by, now],
    )
    .await?;
    Ok(id)
}

/// The lines of the list within the exporter's scope, all of them.
pub async fn export_lines(store: &Store, scope: &Scope<ExportCases>) -> Result<Vec<Line>, Fault> {
    let list = store.list(scope, LINE).join(LINE_FROM);
    store.opened(filtered(list, &Filter::default(), scope).rows("p.name_key, c.id", 0).await?).await
}

pub async fn export_regimes(store: &Store, scope: &Scope<SeeLegal>) -> Result<Vec<(CaseId, Regime)>, Fault> {
    let list = store.list(scope, "c.id, l.regime").join("join legals l on l.case_id = c.id");
    list.rows("c.id", 0).await
}

pub async fn export_groups(store: &Store, scope: &Scope<SeeClassification>) -> Result<Vec<(CaseId, Group)>, Fault> {
    let list = store.list(scope, "c.id, k.grp").join("join classifications k on k.case_id = c.id");
    list.rows("k.since_on, k.made_at, k.id", 0).await
}

/// What people add to a case, each with the word that says so and the rows that show it; `?` stands for the cases.
const WORK: &[(&str, &str)] = &[
    ("visit", "select case_id from visits where case_id in (?)"),
    ("help", "select case_id from helps where case_id in (?)"),
    ("help", "select case_id from loan_lines where case_id in (?)"),
    ("relative", "select case_id from relatives where case_id in (?)"),
    ("referral", "select case_id from referrals where case_id in (?)"),
    ("need", "select case_id from needs where case_id in (?)"),
    ("plan", "select case_id from plans where case_id in (?)"),
    ("postponement", "select case_id from postponements where case_id in (?)"),
    // Who may know her, who had to, and who asks that she be forgotten: people have decided about this case.
    ("change", "select case_id from restrictions where case_id in (?)"),
    ("change", "select case_id from emergencies where case_id in (?)"),
    ("change", "select case_id from erasures where case_id in (?)"),
    ("task", "select case_id from follow_ups where (made_by is not null or done_by is not null) and case_id in (?)"),
    (
        "change",
        "select k.case_id from classifications k join cases c on c.id = k.case_id where k.made_at > c.created_at and c.id in (?)",
    ),
    (
        "change",
        "select n.case_id from protected_notes n join cases c on c.id = n.case_id where n.made_at > c.created_at and c.id in (?)",
    ),
    (
        "change",
        "select s.case_id from sentences s join cases c on c.id = s.case_id where s.made_at > c.created_at and c.id in (?)",
    ),
    ("change", "select j.case_id from judgments j where j.case_id in (?)"),
    ("change", "select e.case_id from sealings e where e.case_id in (?)"),
    (
        "change",
        "select g.case_id from assignments g join cases c on c.id = g.case_id where g.made_at > c.created_at and c.id in (?)",
    ),
    (
        "change",
        "select c.id from cases c join people p on p.id = c.person_id where (c.version > 1 or p.version > 1) and c.id in (?)",
    ),
];

/// What hangs on a case without anybody's work, in the order in which it goes.
const HANGS: &[&str] = &[
    "delete from digest_rows where case_id in (?)",
    "delete from import_rows where case_id in (?)",
    "delete from follow_ups where case_id in (?)",
    "delete from protected_notes where case_id in (?)",
    "delete from classifications where case_id in (?)",
    "delete from judgments where case_id in (?)",
    "delete from sentences where case_id in (?)",
    "delete from legals where case_id in (?)",
    "delete from contacts where case_id in (?)",
    "delete from assignments where case_id in (?)",
    "delete from cases where id in (?)",
];
const HANGS_ON_PERSON: &[&str] = &[
    "delete from identities where person_id in (?)",
    "delete from origins where person_id in (?)",
    "delete from healths where person_id in (?)",
    "delete from people where id in (?)",
];

/// A statement about some records, and their ids as its values.
fn about<I: crate::base::ids::Id>(sql: &str, ids: &[I]) -> (String, Vec<crate::base::arg::Arg>) {
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    (sql.replace('?', &places.join(", ")), ids.iter().map(|id| id.uuid().into()).collect())
}

/// Which of these cases somebody has worked on, and with what.
pub async fn worked_on(unit: &mut Unit, cases: &[CaseId]) -> Result<Vec<(CaseId, &'static str)>, Fault> {
    let mut found = Vec::new();
    for (word, sql) in WORK {
        let (sql, args) = about(sql, cases);
        let rows: Vec<(CaseId,)> = unit.rows(sql, args).await?;
        found.extend(rows.into_iter().map(|row| (row.0, *word)));
    }
    Ok(found)
}

/// Removes cases with all that hangs on them, and their people unless another case is about them. Who went.
pub async fn remove(unit: &mut Unit, cases: &[CaseId]) -> Result<Vec<PersonId>, Fault> {
    let (sql, args) = about("select person_id from cases where id in (?)", cases);
    let people: Vec<(PersonId,)> = unit.rows(sql, args).await?;
    for sql in HANGS {
        let (sql, args) = about(sql, cases);
        unit.run(sql, args).await?;
    }
    let people: Vec<PersonId> = people.into_iter().map(|row| row.0).collect();
    let (sql, args) = about("select person_id from cases where person_id in (?)", &people);
    let others: Vec<(PersonId,)> = unit.rows(sql, args).await?;
    let alone: Vec<PersonId> =
        people.into_iter().filter(|person| !others.iter().any(|other| other.0 == *person)).collect();
    if alone.is_empty() {
        return Ok(alone);
    }
    for sql in HANGS_ON_PERSON {
        let (sql, args) = about(sql, &alone);
        unit.run(sql, args).await?;
    }
    Ok(alone)
}
