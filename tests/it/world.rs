//! A small world for the tests of the gate: people in two communes, each part of each case marked with a word that is
//! nowhere else (a canary), and a record of every kind that a URL can name, with what is known of who stands how near.
//!
//! The relations are written down here by hand, on purpose: they must not come from the code that they test.

use crate::{
    house::{House, TODAY},
    raw::Raw,
};
use duongve::{
    assignments, attachments,
    base::{
        fields,
        ids::{
            AbsenceId, AttachmentId, CaseId, DocumentId, EmergencyId, FollowUpId, GatheringId, HandoverId, Id,
            LoanAccountId, LoanLineId, LoanListId, MailId, OrganisationId, ReferralId, RestrictionId, UserId, VisitId,
        },
    },
    case_requests, cases, clearances, community_models, documents, duties, emergencies, families, follow_ups, funds,
    gatherings, handovers, households, livelihood, loans, plans,
    policy::{Act, Actor, AreaCode, Subject, acts},
    referrals, requests, restrictions, staff,
    store::{Grant, Origin, SessionKind, Stage, Start, Store},
    visits,
};
use std::{collections::BTreeMap, sync::Arc};

/// Sign-in name, role, area, kind of organisation: the cast as its story tells it.
pub const PEOPLE: &[(&str, &str, &str, &str)] = &[
    ("officer", "officer", "30577", ""),
    ("officer2", "officer", "30577", ""),
    ("officer3", "officer", "30301", ""),
    ("supervisor", "supervisor", "30577", ""),
    ("supervisor3", "supervisor", "30301", ""),
    ("province", "province", "91", ""),
    ("partner", "partner", "30577", "women"),
    ("helper", "partner", "30577", "women"),
    ("partner2", "partner", "30577", "youth"),
    ("council", "council", "30577", ""),
    ("lender", "lender", "30577", ""),
    ("admin", "admin", "91", ""),
    ("inspector", "inspector", "91", ""),
];

pub fn role_of(name: &str) -> &'static str {
    PEOPLE.iter().find(|person| person.0 == name).map(|person| person.1).expect("one of the cast")
}

pub fn area_of(name: &str) -> &'static str {
    PEOPLE.iter().find(|person| person.0 == name).map(|person| person.2).expect("one of the cast")
}

/// One of the cast as the verbs see her: through a session, as everybody.
pub async fn actor(house: &House, name: &str) -> Arc<Actor> {
    // A calendar's session is none of the five that an account may have: fifty writers at once are one account here.
    let token = session(house, name, SessionKind::Calendar).await;
    let visitor = house.store().enter(&token, SessionKind::Calendar).await.unwrap();
    // It has done its work.
    house.store().end_session(&token).await.unwrap();
    visitor.expect("a live session").actor
}

/// A new session without the price of a password.
pub async fn session(house: &House, name: &str, kind: SessionKind) -> String {
    session_in(house.store(), name, kind).await
}

/// The same in a database that is not the house's own.
pub async fn session_in(store: &Store, name: &str, kind: SessionKind) -> String {
    let account = store.sign_in_account(name).await.unwrap().expect("one of the cast");
    store.start_session(&whole(account.id, kind)).await.unwrap().token
}

/// A session that has been signed in for wholly, with every factor.
pub fn whole(user: UserId, kind: SessionKind) -> Start {
    Start { user, kind, stage: Stage::Whole, factor: true, origin: Origin::here() }
}

pub async fn user_id(house: &House, name: &str) -> UserId {
    house.store().sign_in_account(name).await.unwrap().expect("one of the cast").id
}

/// The grant of one of the cast for a record.
pub async fn grant<A: Act>(house: &House, name: &str, id: <A::On as Subject>::Id) -> Grant<A> {
    let actor = actor(house, name).await;
    match house.store().permit::<A>(&actor, id.clone()).await {
        Ok(grant) => grant,
        Err(fault) => panic!("{name} may not {} on {id}: {fault}", A::NAME),
    }
}

pub async fn organisation(house: &House, area: &str, kind: &str) -> OrganisationId {
    let mut raw = Raw::of(house).await;
    let rows: Vec<(OrganisationId,)> =
        raw.rows(&format!("select id from organisations where area_code = '{area}' and kind = '{kind}'")).await;
    rows[0].0
}

/// A case that is received, with a word of its own in every part.
pub fn draft(mark: &str, number: usize) -> cases::model::Draft {
    cases::model::Draft {
        name: format!("Nguyễn Văn Name{mark}"),
        aliases: format!("Alias{mark}"),
        sex: "male".into(),
        birth: "1990".into(),
        phone: format!("09012345{number:02}"),
        phone_of: format!("Phoneof{mark}"),
        address: format!("Address{mark}"),
        wishes: format!("Wishes{mark}"),
        visit_safely: format!("Safely{mark}"),
        hamlet: format!("Ấp Hamlet{mark}"),
        regime: "completed".into(),
        source: format!("Source{mark}"),
        certificate_no: format!("Certificate{mark}"),
        received_on: duongve::base::text::show_day(TODAY),
        id_number: format!("0910900012{number:02}"),
        ethnicity: format!("Ethnicity{mark}"),
        religion: format!("Religion{mark}"),
        health: format!("Health{mark}"),
        offence: format!("Offence{mark}"),
        penalty: format!("Penalty{mark}"),
        court: format!("Court{mark}"),
        not_a_double: "true".into(),
        ..cases::model::Draft::default()
    }
}

/// Opens a case by an officer, who is in charge then.
pub async fn open(house: &House, officer: &str, draft: &cases::model::Draft) -> CaseId {
    let grant = grant::<acts::OpenCase>(house, officer, AreaCode(area_of(officer).to_owned())).await;
    cases::open(house.store(), grant, draft, None).await.expect("the case opens")
}

pub async fn refer(
    house: &House,
    officer: &str,
    case: CaseId,
    organisation: OrganisationId,
    helper: &str,
) -> ReferralId {
    let draft = referrals::model::Draft {
        organisation: organisation.to_string(),
        helpers: vec![user_id(house, helper).await.to_string()],
        purpose: "livelihood".into(),
        needs: "cần vốn nuôi bò".into(),
        basis: "consent".into(),
        basis_ref: "Biên bản 12".into(),
        ..referrals::model::Draft::default()
    };
    referrals::refer(house.store(), grant::<acts::Refer>(house, officer, case).await, &draft, None).await.unwrap()
}

pub fn met(kind: &str, on: jiff::civil::Date) -> visits::model::Draft {
    visits::model::Draft {
        on: duongve::base::text::show_day(on),
        kind: kind.into(),
        met: "true".into(),
        ..visits::model::Draft::default()
    }
}

pub async fn visit(house: &House, name: &str, case: CaseId, draft: &visits::model::Draft) -> VisitId {
    visits::log(house.store(), grant::<acts::LogVisit>(house, name, case).await, draft, None).await.expect("logged")
}

/// A second head of the first commune, as a deputy is: nobody of the cast.
pub async fn deputy(house: &House) {
    head(house, "deputy").await;
}

pub async fn head(house: &House, username: &str) {
    let draft = staff::model::Draft {
        username: username.into(),
        name: "Phạm Thị Phó".into(),
        role: "supervisor".into(),
        email: format!("{username}@duongve.example"),
        password: crate::house::PASSWORD.into(),
        ..staff::model::Draft::default()
    };
    let grant = grant::<acts::AddStaff>(house, "admin", AreaCode("30577".into())).await;
    staff::add(&house.app, grant, &draft, true, None).await.unwrap();
}

/// Keeps these from a person, or everybody but these.
pub async fn restrict(house: &House, head: &str, case: CaseId, kind: &str, names: &[&str]) -> RestrictionId {
    let mut users = Vec::new();
    for name in names {
        users.push(user_id(house, name).await.to_string());
    }
    let draft = restrictions::model::Draft { kind: kind.into(), users, reason: "ReasonRestriction".into() };
    let grant = grant::<acts::SetRestriction>(house, head, case).await;
    restrictions::set(house.store(), grant, &draft, None).await.expect("the restriction is made")
}

/// Opens a case in an emergency.
pub async fn break_glass(house: &House, name: &str, case: CaseId) {
    let mut raw = Raw::of(house).await;
    let sql = format!("select code from cases where id = {}", raw.id(case));
    let code = raw.rows::<(String,)>(&sql).await.remove(0).0;
    let draft =
        emergencies::model::Draft {
            code, kind: "health".into(), reason: "ReasonEmergency: cần gọi người nhà".into()
        };
    let actor = actor(house, name).await;
    let grant = house.store().permit::<acts::OpenEmergency>(&actor, actor.area().clone()).await.unwrap();
    assert_eq!(emergencies::open(&house.app, grant, &draft, None).await.unwrap(), Some(case));
}

/// Seals a case by a certificate; nothing of it goes on.
pub async fn seal(house: &House, head: &str, case: CaseId) -> clearances::Sealed {
    let draft = clearances::model::SealDraft {
        paper: "certificate".into(),
        paper_no: "Papernumber".into(),
        paper_on: duongve::base::text::show_day(TODAY),
        help: "no".into(),
        understood: "true".into(),
        ..clearances::model::SealDraft::default()
    };
    clearances::seal(house.store(), grant::<acts::SealCase>(house, head, case).await, &draft, None).await.unwrap()
}

/// The head asks for a seal to be taken off, her deputy agrees.
pub async fn unseal(house: &House, seal: duongve::base::ids::SealingId) {
    let reason = clearances::model::UnsealDraft { reason: "Giấy chứng nhận cấp nhầm người".into() };
    let by = grant::<acts::AskUnsealing>(house, "supervisor", seal).await;
    clearances::ask_unsealing(&house.app, by, &reason).await.unwrap();
    let by = grant::<acts::ApproveUnsealing>(house, "deputy", seal).await;
    clearances::approve_unsealing(house.store(), by).await.unwrap();
}

/// How one record stands to the cast: whose it is, who is named, in which commune it lies.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub label: &'static str,
    pub id: String,
    /// In charge of it.
    pub own: &'static [&'static str],
    /// Named helpers in a live referral that reach it.
    pub shared: &'static [&'static str],
    /// Its commune, or none: it belongs to people, not to a place.
    pub area: Option<&'static str>,
    /// A restriction keeps these from it, however near they stand.
    pub barred: &'static [&'static str],
    /// These have it open in an emergency.
    pub glass: &'static [&'static str],
}

impl Record {
    /// The nears in which it stands to somebody, in the words of the policy.
    pub fn nears(&self, name: &str) -> Vec<&'static str> {
        let glass: &[&str] = if self.glass.contains(&name) { &["glass"] } else { &[] };
        if self.barred.contains(&name) {
            return glass.to_vec();
        }
        let mut nears = vec!["all"];
        nears.extend(glass);
        if self.own.contains(&name) {
            nears.push("own");
        }
        if self.shared.contains(&name) {
            nears.push("shared");
        }
        if let Some(area) = self.area {
            if area_of(name) == area {
                nears.push("office");
            }
            // Every commune of this world lies in province 91.
            if area_of(name) == "91" {
                nears.push("area");
            }
        }
        nears
    }
}

/// A canary: a word, in which part of which case it stands.
#[derive(Clone, Debug)]
pub struct Canary {
    pub case: &'static str,
    pub part: &'static str,
    pub word: String,
}

pub struct World {
    /// By the name of the path's parameter.
    pub records: BTreeMap<&'static str, Vec<Record>>,
    pub canaries: Vec<Canary>,
}

/// The cases: label, officer in charge, named helpers of a live referral, commune.
const CASES: &[(&str, &[&str], &[&str], &str)] = &[
    ("Own", &["officer"], &["partner"], "30577"),
    ("Office", &["officer2"], &[], "30577"),
    // Was shared with partner2 until her referral ended.
    ("Ended", &["officer2"], &[], "30577"),
    ("Foreign", &["officer3"], &[], "30301"),
    // Kept from the head, and from the helper who is named in a live referral.
    ("Kept", &["officer2"], &["partner"], "30577"),
    // Opened a moment ago by an officer and by a head who do not have it.
    ("Glass", &["officer2"], &[], "30577"),
    // Stands on a loan list that was confirmed and sent, and has a loan.
    // The province may open it, by a request.
    ("Lent", &["officer"], &["province"], "30577"),
    // Serves a suspended sentence, and asks to be away.
    ("Serving", &["officer"], &[], "30577"),
    // Sealed: it stands to nobody any more.
    ("Sealed", &["officer2"], &[], "30577"),
];

/// Whom a restriction keeps from a case.
fn barred(label: &str) -> &'static [&'static str] {
    match label {
        "Kept" => &["supervisor", "partner"],
        "Sealed" => EVERYBODY,
        _ => &[],
    }
}

const EVERYBODY: &[&str] = &[
    "officer",
    "officer2",
    "officer3",
    "supervisor",
    "supervisor3",
    "province",
    "partner",
    "helper",
    "partner2",
    "council",
    "lender",
    "admin",
    "inspector",
];

/// Who has a case open in an emergency.
fn glass(label: &str) -> &'static [&'static str] {
    if label == "Glass" { &["officer", "supervisor3"] } else { &[] }
}

/// What a helper with a live referral may read of a case.
pub const HELPERS_PARTS: &[&str] = &[
    "Name",
    "Hamlet",
    "Phoneof",
    "Address",
    "Wishes",
    "Safely",
    "Sharednote",
    "Partnernote",
    "Task",
    "Partnerstep",
    "Partneropinion",
    "Sharedneed",
];

/// What the People's Committee reads of a request to be away.
pub const AWAY_PARTS: &[&str] = &["Name", "Hamlet", "Awayplace", "Awayreason"];

/// What stands on a loan list.
pub const LOAN_PARTS: &[&str] = &["Name", "Hamlet", "Address", "Certificate", "Loan"];

impl World {
    pub async fn build(house: &House) -> World {
        let mut world = World { records: BTreeMap::new(), canaries: Vec::new() };
        let women = organisation(house, "30577", "women").await;
        let youth = organisation(house, "30577", "youth").await;
        let mut ids = Vec::new();
        for (number, (label, own, _, _)) in CASES.iter().enumerate() {
            ids.push((*label, world.case(house, label, own[0], number).await));
        }
        let id = |label: &str| ids.iter().find(|(known, _)| *known == label).unwrap().1;

        let live = refer(house, "officer", id("Own"), women, "partner").await;
        let ended = refer(house, "officer2", id("Ended"), youth, "partner2").await;
        let partners = visits::model::Draft { shared_note: "PartnernoteOwn".into(), ..met("home", TODAY) };
        let partners = visit(house, "partner", id("Own"), &partners).await;
        let task = world.task(house, "officer", id("Own"), Some(women), "TaskOwn").await;
        let gone = world.task(house, "officer2", id("Ended"), Some(youth), "TaskEnded").await;
        let grant = grant::<acts::EndReferral>(house, "officer2", ended).await;
        let reason = referrals::model::EndDraft { reason: "Bà con không cần nữa".into() };
        referrals::end(house.store(), grant, &reason, None, None).await.unwrap();
        world.canaries.push(Canary { case: "Own", part: "Partnernote", word: "PartnernoteOwn".into() });
        world.canaries.push(Canary { case: "Own", part: "Task", word: "TaskOwn".into() });
        world.canaries.push(Canary { case: "Ended", part: "Task", word: "TaskEnded".into() });

        for (label, case) in &ids {
            let (_, own, shared, area) = CASES.iter().find(|known| known.0 == *label).unwrap();
            let visit = world.office_visit(house, own[0], *case, label).await;
            let planned = planned_contact(house, *case).await;
            let area = Some(*area);
            let (barred, glass) = (barred(label), glass(label));
            world.add("case", Record { label, id: case.to_string(), own, shared, area, barred, glass });
            // A helper sees the visits and tasks of her own organisation only.
            world.add("visit", Record { label, id: visit.to_string(), own, shared: &[], area, barred, glass });
            world.add("follow_up", Record { label, id: planned.to_string(), own, shared: &[], area, barred, glass });
        }
        let hers = |id: String| Record {
            label: "Agreed",
            id,
            own: &["officer"],
            shared: &["partner"],
            area: Some("30577"),
            ..Record::default()
        };
        let over =
            |id: String| Record { label: "Over", id, own: &["officer2"], area: Some("30577"), ..Record::default() };
        world.add("visit", hers(partners.to_string()));
        world.add("follow_up", hers(task.to_string()));
        world.add("follow_up", over(gone.to_string()));
        world.add("referral", hers(live.to_string()));
        world.add("referral", over(ended.to_string()));
        world.places(house, women, youth).await;
        world.papers(house, id("Own"), id("Foreign")).await;
        world.helps(house, id("Own"), id("Foreign")).await;
        world.plans(house, id("Own"), id("Foreign"), women).await;
        world.funds(house).await;
        world.loans(house, id("Lent"), id("Office"), id("Foreign")).await;
        world.absences(house, id("Serving"), id("Foreign")).await;
        world.attachments(house, id("Own"), id("Foreign")).await;
        world.documents(house, id("Own"), id("Foreign")).await;
        world.gatherings(house, id("Own"), id("Kept"), id("Foreign"), women).await;
        world.community_models(house).await;
        world.walls(house, id("Own"), id("Kept"), id("Glass"), women).await;
        let seal = seal(house, "supervisor", id("Sealed")).await.seal.to_string();
        world.requests(house, id("Own"), id("Foreign"), id("Kept"), seal.parse().unwrap()).await;
        world.doubles(house, id("Own"), id("Office"), id("Foreign")).await;
        world.asked(house, id("Lent"), id("Foreign")).await;
        world.handovers(house, id("Own"), id("Foreign")).await;
        world.add("sealing", Record { label: "Sealed", id: seal, area: Some("30577"), ..Record::default() });
        world
    }

    fn add(&mut self, param: &'static str, record: Record) {
        self.records.entry(param).or_default().push(record);
    }

    async fn case(&mut self, house: &House, label: &'static str, officer: &str, number: usize) -> CaseId {
        let draft = draft(label, 10 + number);
        let case = open(house, officer, &draft).await;
        let grouped = cases::model::ClassificationDraft {
            group: "B".into(),
            since_on: String::new(),
            reason: format!("Groupreason{label}"),
            report: format!("Groupreport{label}"),
            report_on: duongve::base::text::show_day(TODAY),
            organisation: String::new(),
        };
        let grant = grant::<acts::Classify>(house, officer, case).await;
        cases::classify(house.store(), grant, &grouped, None).await.unwrap();
        for part in [
            "Name",
            "Alias",
            "Phoneof",
            "Address",
            "Wishes",
            "Safely",
            "Hamlet",
            "Source",
            "Certificate",
            "Ethnicity",
            "Religion",
            "Health",
            "Offence",
            "Penalty",
            "Court",
            "Groupreason",
            "Groupreport",
            "Policenote",
            "Sharednote",
            "Relative",
        ] {
            self.canaries.push(Canary { case: label, part, word: format!("{part}{label}") });
        }
        self.canaries.push(Canary { case: label, part: "Number", word: draft.id_number });
        case
    }

    async fn office_visit(&mut self, house: &House, officer: &str, case: CaseId, label: &str) -> VisitId {
        let draft = visits::model::Draft {
            note: format!("Policenote{label}"),
            shared_note: format!("Sharednote{label}"),
            ..met("home", TODAY)
        };
        visit(house, officer, case, &draft).await
    }

    async fn task(
        &self,
        house: &House,
        officer: &str,
        case: CaseId,
        organisation: Option<OrganisationId>,
        what: &str,
    ) -> FollowUpId {
        let draft = follow_ups::model::TaskDraft {
            what: what.into(),
            due_on: duongve::base::text::show_day(TODAY),
            organisation: organisation.map(|id| id.to_string()).unwrap_or_default(),
        };
        let grant = grant::<acts::AddTask>(house, officer, case).await;
        follow_ups::add_task(house.store(), grant, &draft, None).await.unwrap()
    }

    /// Areas, organisations, and two accounts that may be shut and opened as the walk likes.
    async fn places(&mut self, house: &House, women: OrganisationId, youth: OrganisationId) {
        for (label, code) in [("Own", "30577"), ("Foreign", "30301")] {
            self.add(
                "area",
                Record { label, id: code.into(), own: &[], shared: &[], area: Some(code), ..Record::default() },
            );
        }
        let far = organisation(house, "30301", "women").await;
        self.add(
            "organisation",
            Record {
                label: "Women",
                id: women.to_string(),
                own: &["partner", "helper"],
                shared: &[],
                area: Some("30577"),
                ..Record::default()
            },
        );
        self.add(
            "organisation",
            Record {
                label: "Youth",
                id: youth.to_string(),
                own: &["partner2"],
                shared: &[],
                area: Some("30577"),
                ..Record::default()
            },
        );
        self.add(
            "organisation",
            Record {
                label: "Far",
                id: far.to_string(),
                own: &[],
                shared: &[],
                area: Some("30301"),
                ..Record::default()
            },
        );
        for (label, username, area) in [("Near", "walker", "30577"), ("Far", "walker3", "30301")] {
            let grant = grant::<acts::AddStaff>(house, "admin", AreaCode(area.into())).await;
            let draft = staff::model::Draft {
                username: username.into(),
                name: "Lê Văn Thử".into(),
                role: "officer".into(),
                email: format!("{username}@duongve.example"),
                password: "một mật khẩu để thử thôi".into(),
                ..staff::model::Draft::default()
            };
            let id = staff::add(&house.app, grant, &draft, true, None).await.unwrap();
            self.add(
                "staff",
                Record { label, id: id.to_string(), own: &[], shared: &[], area: Some(area), ..Record::default() },
            );
        }
    }

    /// Records that jobs make, or verbs that come later: written straight into their tables.
    async fn papers(&mut self, house: &House, own: CaseId, foreign: CaseId) {
        let mut raw = Raw::of(house).await;
        let (head, admin) = (user_id(house, "supervisor").await, user_id(house, "admin").await);
        let fresh =
            |number: u128| UserId::from_uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number));
        for (label, owners, case, area) in [
            ("Own", &["officer"] as &'static [&'static str], own, "30577"),
            ("Foreign", &["officer3"], foreign, "30301"),
        ] {
            let draft = families::model::Draft {
                name: format!("Relative{label}"),
                relation: "mother".into(),
                ..families::model::Draft::default()
            };
            let grant = grant::<acts::AddRelative>(house, owners[0], case).await;
            let id = families::add(house.store(), grant, &draft, None).await.unwrap();
            self.add(
                "relative",
                Record { label, id: id.to_string(), own: owners, shared: &[], area: Some(area), ..Record::default() },
            );
            self.home(house, case, label, owners, area).await;
        }
        let digest = fresh(3);
        let sql = format!(
            "insert into digests (id, user_id, area_code, on_day, composed_at, open_count, overdue_count, oldest_days, never_met_count, \
             unassigned_count, postponed_count, to_supervisor_count, missed, recalculating, fingerprint) values ({}, {}, '30577', '2026-11-20', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '')",
            raw.id(digest),
            raw.id(head),
        );
        raw.run(&sql).await;
        self.add(
            "digest",
            Record {
                label: "Head",
                id: digest.to_string(),
                own: &["supervisor"],
                shared: &[],
                area: None,
                ..Record::default()
            },
        );
        let (bulletin, reader) = (fresh(7), user_id(house, "province").await);
        let sql = format!(
            "insert into bulletins (id, user_id, area_code, on_day, composed_at, missed) values ({}, {}, '91', '2026-11-23', 1, 0)",
            raw.id(bulletin),
            raw.id(reader),
        );
        raw.run(&sql).await;
        self.add(
            "bulletin",
            Record {
                label: "Province",
                id: bulletin.to_string(),
                own: &["province"],
                shared: &[],
                area: None,
                ..Record::default()
            },
        );
        for (number, label, maker, area) in
            [(5, "Near", "supervisor", "30577"), (6, "Far", "supervisor3", "30301")] as [(u128, &str, &str, &str); 2]
        {
            let (id, by) = (fresh(number), user_id(house, maker).await);
            let empty = if house.store().is_postgres() { "''::bytea" } else { "x''" };
            let sql = format!(
                "insert into imports (id, area_code, file_hash, opened, refused, made_by, made_at) values ({}, '{area}', {empty}, 0, 0, {}, 1)",
                raw.id(id),
                raw.id(by),
            );
            raw.run(&sql).await;
            let own: &'static [&'static str] = if label == "Near" { &["supervisor"] } else { &["supervisor3"] };
            self.add(
                "import",
                Record { label, id: id.to_string(), own, shared: &[], barred: &[], glass: &[], area: Some(area) },
            );
        }
        let mail = MailId::from_uuid(fresh(4).uuid());
        let seal = house.store().outbox_sealer().unwrap();
        let shut = [
            seal.text::<fields::MailAddress>(mail, "a@duongve.example"),
            seal.text::<fields::MailSubject>(mail, "s"),
            seal.text::<fields::MailBody>(mail, "b"),
        ];
        let shut = shut.map(|shut| raw.bytes(&shut.unwrap())).join(", ");
        let sql = format!(
            "insert into mails (id, user_id, address, subject, body, message_id, made_at, next_at, attempts, last_error, dead_at) \
             values ({}, {}, {shut}, 'm', 1, 1, 1, 'refused', 2)",
            raw.id(mail),
            raw.id(admin),
        );
        raw.run(&sql).await;
        self.add(
            "mail",
            Record {
                label: "Admin",
                id: mail.to_string(),
                own: &["admin"],
                shared: &[],
                area: None,
                ..Record::default()
            },
        );
    }
}

impl World {
    /// A household, a child whose guardian shares what it needs, and what the household needs and does not share.
    async fn home(
        &mut self,
        house: &House,
        case: CaseId,
        label: &'static str,
        own: &'static [&'static str],
        area: &'static str,
    ) {
        let by = own[0];
        let draft = households::model::ChildDraft {
            name: format!("Child{label}"),
            school: format!("School{label}"),
            ..Default::default()
        };
        let grant_of_child = grant::<acts::AddChild>(house, by, case).await;
        let child = households::children::add(house.store(), grant_of_child, &draft, None).await.unwrap();
        let draft = households::model::HouseholdDraft {
            address: format!("Household{label}"),
            with_person: "true".into(),
            members: vec![format!("child:{child}")],
            ..Default::default()
        };
        let add = grant::<acts::AddHousehold>(house, by, case).await;
        let household = households::add(house.store(), add, &draft, None).await.unwrap();
        let agreed =
            families::model::ConsentDraft { how: "spoken".into(), shares: "true".into(), ..Default::default() };
        let consent = grant::<acts::ChangeChild>(house, by, child).await;
        households::children::consent(house.store(), consent, &agreed, None, None).await.unwrap();
        let mut needs = Vec::new();
        for (whose, what) in [
            (format!("household:{household}"), format!("Homeneed{label}")),
            (format!("child:{child}"), format!("Sharedneed{label}")),
        ] {
            let draft = households::model::NeedDraft { whose, kind: "books".into(), what, level: "some".into() };
            let add = grant::<acts::AddHomeNeed>(house, by, case).await;
            needs.push(households::needs::add(&house.app, add, &draft, None).await.unwrap());
        }
        let record = |id: String| Record { label, id, own, area: Some(area), ..Record::default() };
        self.add("household", record(household.to_string()));
        self.add("child", record(child.to_string()));
        self.add("home_need", record(needs[0].to_string()));
        let mut raw = Raw::of(house).await;
        let draft = households::model::NeedDraft {
            whose: format!("household:{household}"),
            kind: "food".into(),
            what: format!("Homeneed{label}"),
            level: "urgent".into(),
        };
        let add = grant::<acts::AddHomeNeed>(house, by, case).await;
        households::needs::add(&house.app, add, &draft, None).await.unwrap();
        let sql = format!("select id from urgencies where case_id = {}", raw.id(case));
        let urgent: Vec<(uuid::Uuid,)> = raw.rows(&sql).await;
        self.add("urgency", record(urgent[0].0.to_string()));
        for part in ["Child", "School", "Household", "Homeneed", "Sharedneed"] {
            self.canaries.push(Canary { case: label, part, word: format!("{part}{label}") });
        }
    }

    /// A restriction on a person, one that the head herself may not read, and an opening in an emergency.
    async fn walls(&mut self, house: &House, own: CaseId, kept: CaseId, glass: CaseId, women: OrganisationId) {
        deputy(house).await;
        refer(house, "officer2", kept, women, "partner").await;
        let (officer, office) = (&["officer"] as &'static [&'static str], Some("30577"));
        let on_own = restrict(house, "supervisor", own, "exclusion", &["partner2"]).await;
        let hers = restrict(house, "supervisor", kept, "exclusion", &["supervisor", "partner"]).await;
        self.add(
            "restriction",
            Record { label: "Own", id: on_own.to_string(), own: officer, area: office, ..Record::default() },
        );
        let record = Record {
            label: "Kept",
            id: hers.to_string(),
            own: &["officer2"],
            area: office,
            barred: barred("Kept"),
            ..Record::default()
        };
        self.add("restriction", record);
        for name in ["officer", "supervisor3"] {
            break_glass(house, name, glass).await;
        }
        let mut raw = Raw::of(house).await;
        for (name, label) in [("officer", "Officers"), ("supervisor3", "Heads")] {
            let by = raw.id(user_id(house, name).await);
            let rows: Vec<(EmergencyId,)> = raw.rows(&format!("select id from emergencies where user_id = {by}")).await;
            let own: &[&str] = if name == "officer" { &["officer"] } else { &["supervisor3"] };
            let id = rows[0].0.to_string();
            self.add("emergency", Record { label, id, own, shared: &["supervisor"], ..Record::default() });
        }
    }

    /// Requests about data: on cases of both communes, on one that is kept from the head, by the number of a seal, and of
    /// somebody of whom nothing is known.
    async fn requests(
        &mut self,
        house: &House,
        own: CaseId,
        foreign: CaseId,
        kept: CaseId,
        seal: duongve::base::ids::SealingId,
    ) {
        let draft = |label: &str| requests::model::Draft {
            asked_by: "unknown".into(),
            kind: "see".into(),
            way: "letter".into(),
            asker: format!("Asker{label}"),
            what: format!("Asked{label}"),
            ..requests::model::Draft::default()
        };
        let store = house.store();
        for (label, by, case, own, area) in [
            ("Own", "officer", own, &["officer"] as &'static [&'static str], "30577"),
            ("Foreign", "officer3", foreign, &["officer3"], "30301"),
            ("Kept", "officer2", kept, &["officer2"], "30577"),
        ] {
            let grant = grant::<acts::TakeRequest>(house, by, case).await;
            let id = requests::take(store, grant, &draft(label), None).await.unwrap().to_string();
            self.add(
                "request",
                Record { label, id, own, area: Some(area), barred: barred(label), ..Record::default() },
            );
            self.canaries.push(Canary { case: label, part: "Asker", word: format!("Asker{label}") });
            self.canaries.push(Canary { case: label, part: "Asked", word: format!("Asked{label}") });
        }
        for (label, by, case, owner, area) in [
            ("Own", "officer", own, &["officer"] as &'static [&'static str], "30577"),
            ("Foreign", "officer3", foreign, &["officer3"], "30301"),
            ("Kept", "officer2", kept, &["officer2"], "30577"),
        ] {
            let draft = duongve::consents::model::Draft {
                groups: vec!["photo".into()],
                how: "signed".into(),
                paper: format!("Paper{label}"),
                ..duongve::consents::model::Draft::default()
            };
            let grant = grant::<acts::GiveConsent>(house, by, case).await;
            let id = duongve::consents::give(store, grant, &draft, None).await.unwrap().to_string();
            let barred = barred(label);
            self.add("consent", Record { label, id, own: owner, area: Some(area), barred, ..Record::default() });
            self.canaries.push(Canary { case: label, part: "Paper", word: format!("Paper{label}") });
        }
        let grant_for = grant::<acts::TakeSealedRequest>(house, "supervisor", seal).await;
        let id = requests::take_sealed(store, grant_for, &draft("Seal"), None).await.unwrap().to_string();
        self.add("request", Record { label: "Seal", id, area: Some("30577"), ..Record::default() });
        let grant_for = grant::<acts::ReceiveRequest>(house, "officer2", AreaCode("30577".into())).await;
        let id = requests::receive(store, grant_for, &draft("Loose"), None).await.unwrap().to_string();
        self.add(
            "request",
            Record { label: "Loose", id, own: &["officer2"], area: Some("30577"), ..Record::default() },
        );
    }

    /// Help of the office, help of the women's organisation, help in another commune.
    async fn helps(&mut self, house: &House, own: CaseId, foreign: CaseId) {
        for (label, by, case, shared, area) in [
            ("Agreed", "partner", own, &["partner"] as &'static [&'static str], "30577"),
            ("Own", "officer", own, &[], "30577"),
            ("Foreign", "officer3", foreign, &[], "30301"),
        ] {
            let draft = livelihood::model::Draft {
                kind: "gift".into(),
                what: format!("Help{label}"),
                ..livelihood::model::Draft::default()
            };
            let grant = grant::<acts::LogHelp>(house, by, case).await;
            let id = livelihood::log(house.store(), grant, &draft, None).await.unwrap();
            let owner: &'static [&'static str] = if area == "30577" { &["officer"] } else { &["officer3"] };
            self.add(
                "help",
                Record { label, id: id.to_string(), own: owner, shared, area: Some(area), ..Record::default() },
            );
        }
        self.canaries.push(Canary { case: "Own", part: "Help", word: "HelpOwn".into() });
        self.canaries.push(Canary { case: "Foreign", part: "Help", word: "HelpForeign".into() });
    }

    /// A plan in force in the one commune, with a step of the helper's organisation, and a draft in the other.
    async fn plans(&mut self, house: &House, own: CaseId, foreign: CaseId, women: OrganisationId) {
        for (label, by, case, area) in [("Own", "officer", own, "30577"), ("Foreign", "officer3", foreign, "30301")] {
            let found = plans::model::NeedDraft {
                area: "health".into(),
                level: "some".into(),
                note: format!("Neednote{label}"),
                answers: vec![("health_worry".into(), format!("Needanswer{label}"))],
            };
            plans::needs::ask(&house.app, grant::<acts::AskNeeds>(house, by, case).await, &found, None).await.unwrap();
            let begin = grant::<acts::WritePlan>(house, by, case).await;
            let plan = plans::begin(house.store(), begin, None).await.unwrap();
            let goal = plans::model::GoalDraft {
                area: "family".into(),
                what: format!("Goal{label}"),
                owner: "officer".into(),
                ..plans::model::GoalDraft::default()
            };
            let change = async || grant::<acts::ChangePlan>(house, by, plan).await;
            let goal = plans::add_goal(house.store(), change().await, &goal, None, None).await.unwrap();
            let helper = format!("helper:{women}");
            let hers = if label == "Own" { &*helper } else { "person" };
            for (what, owner) in [(format!("Step{label}"), "officer"), (format!("Partnerstep{label}"), hers)] {
                let step = plans::model::StepDraft {
                    goal: goal.to_string(),
                    what,
                    due_on: duongve::base::text::show_day(TODAY),
                    owner: owner.into(),
                    version: String::new(),
                };
                plans::add_step(house.store(), change().await, &step, None, None).await.unwrap();
            }
            if label == "Own" {
                let agreed = plans::model::AgreementDraft { how: "signed".into(), ..Default::default() };
                plans::agree(house.store(), change().await, &agreed, None, None).await.unwrap();
                let submit = grant::<acts::SubmitPlan>(house, by, plan).await;
                plans::submit(house.store(), submit, None, None).await.unwrap();
                let decision = plans::model::DecisionDraft {
                    verdict: "approved".into(),
                    comment: format!("Plancomment{label}"),
                    ..Default::default()
                };
                let decide = grant::<acts::DecidePlan>(house, "supervisor", plan).await;
                plans::decide(house.store(), decide, &decision, None, None).await.unwrap();
                self.canaries.push(Canary { case: label, part: "Plancomment", word: format!("Plancomment{label}") });
            }
            let owner: &'static [&'static str] = if area == "30577" { &["officer"] } else { &["officer3"] };
            self.add("plan", Record { label, id: plan.to_string(), own: owner, area: Some(area), ..Record::default() });
            for part in ["Neednote", "Needanswer", "Goal", "Step", "Partnerstep"] {
                self.canaries.push(Canary { case: label, part, word: format!("{part}{label}") });
            }
        }
    }
}

/// Sends a case to an officer of the commune, or to another commune.
pub async fn hand_over(house: &House, head: &str, case: CaseId, officer: &str, area: &str) -> HandoverId {
    let draft = handovers::model::Draft {
        officer: officer.into(),
        to_area: area.into(),
        reason: "ReasonHandover".into(),
        version: String::new(),
    };
    let grant = grant::<acts::HandOver>(house, head, case).await;
    handovers::send(house.store(), grant, &draft, None, None).await.unwrap()
}

impl World {
    /// The province asked for a case of each commune; the one that was lent to is open to it.
    async fn asked(&mut self, house: &House, given: CaseId, foreign: CaseId) {
        let mut raw = Raw::of(house).await;
        for (label, case, area) in [("Given", given, "30577"), ("Foreign", foreign, "30301")] {
            let sql = format!("select code from cases where id = {}", raw.id(case));
            let draft = case_requests::model::Draft {
                code: raw.rows::<(String,)>(&sql).await.remove(0).0,
                document_no: "12/CV".into(),
                reason: "ReasonRequest".into(),
                until_on: duongve::base::text::show_day(TODAY),
            };
            let ask = grant::<acts::AskCase>(house, "province", AreaCode("91".into())).await;
            let id = case_requests::ask(house.store(), ask, &draft, None).await.unwrap();
            if label == "Given" {
                let yes = case_requests::model::DecisionDraft { verdict: "approved".into(), ..Default::default() };
                let decide = grant::<acts::DecideCaseRequest>(house, "supervisor", id).await;
                case_requests::decide(house.store(), decide, &yes, None).await.unwrap();
            }
            let own: &'static [&'static str] = &["province"];
            self.add("case_request", Record { label, id: id.to_string(), own, area: Some(area), ..Record::default() });
        }
    }

    /// A pair of the one commune, and one of both.
    async fn doubles(&mut self, house: &House, own: CaseId, office: CaseId, foreign: CaseId) {
        let mut raw = Raw::of(house).await;
        let pairs = [("Both", own, office, Some("30577"), 31_u128), ("Across", own, foreign, Some("91"), 32)];
        for (label, case, other, area, number) in pairs {
            let id = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number);
            let sql = format!(
                "insert into possible_doubles (id, case_id, other_id, why, state, found_at, version) \
                 values ({}, {}, {}, 'name year', 'open', 1, 1)",
                raw.id(id),
                raw.id(case),
                raw.id(other)
            );
            raw.run(&sql).await;
            self.add("possible_double", Record { label, id: id.to_string(), area, ..Record::default() });
        }
    }

    /// One case that waits for a colleague, and one from the other commune that was taken back: nobody there has it.
    async fn handovers(&mut self, house: &House, own: CaseId, foreign: CaseId) {
        let inside = hand_over(house, "supervisor", own, "officer2", "").await.to_string();
        let own: &'static [&'static str] = &["officer2"];
        self.add("handover", Record { label: "Inside", id: inside, own, area: Some("30577"), ..Record::default() });
        let back = hand_over(house, "supervisor3", foreign, "", "30577").await;
        let draft = handovers::model::AnswerDraft { reason: "nhầm".into(), version: String::new() };
        let grant = grant::<acts::WithdrawHandover>(house, "supervisor3", back).await;
        handovers::withdraw(house.store(), grant, &draft, None).await.unwrap();
        let id = back.to_string();
        self.add("handover", Record { label: "Back", id, area: Some("30301"), ..Record::default() });
    }
}

/// Issues a paper of a case.
pub async fn issue(house: &House, name: &str, case: CaseId, draft: &documents::model::Draft) -> DocumentId {
    let grant = grant::<acts::IssueDocument>(house, name, case).await;
    let (kind, typed, replaces) = draft.check().unwrap();
    let prepared = documents::from_case(house.store(), &grant, kind, typed).await.unwrap();
    documents::issue(house.store(), grant, &prepared, replaces.as_ref(), None).await.unwrap()
}

/// A picture of one pixel, with a text in it that is taken out.
pub fn png() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, &crc.sum().to_be_bytes()].concat()
    };
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
        chunk(b"tEXt", "Comment\0Mật70999kín ở số 5".as_bytes()),
        chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 2, 0, 1]),
        chunk(b"IEND", b""),
    ]
    .concat()
}

/// A PDF that does nothing and says this.
pub fn pdf(says: &str) -> Vec<u8> {
    format!("%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n% {says}\ntrailer << /Root 1 0 R >>\n%%EOF\n").into_bytes()
}

/// A file put with a case.
pub async fn attach(house: &House, name: &str, case: CaseId, called: &str, file: Vec<u8>) -> AttachmentId {
    let draft = attachments::model::Draft {
        kind: "request".into(),
        name: called.into(),
        note: String::new(),
        no_id_card: "true".into(),
        file,
    };
    let grant = grant::<acts::AddAttachment>(house, name, case).await;
    attachments::add(house.store(), grant, draft, None).await.unwrap()
}

impl World {
    /// A file of the office, one of the helper's organisation, one in the other commune.
    async fn attachments(&mut self, house: &House, own: CaseId, foreign: CaseId) {
        for (label, by, case, shared, area) in [
            ("Agreed", "partner", own, &["partner"] as &'static [&'static str], "30577"),
            ("Own", "officer", own, &[], "30577"),
            ("Foreign", "officer3", foreign, &[], "30301"),
        ] {
            let id = attach(house, by, case, &format!("Filename{label}.png"), png()).await.to_string();
            let owner: &'static [&'static str] = if area == "30577" { &["officer"] } else { &["officer3"] };
            self.add("attachment", Record { label, id, own: owner, shared, area: Some(area), ..Record::default() });
        }
        for label in ["Own", "Foreign"] {
            self.canaries.push(Canary { case: label, part: "Filename", word: format!("Filename{label}") });
        }
    }

    /// A paper of a case in each commune, and one of the commune alone that tells of the case.
    async fn documents(&mut self, house: &House, own: CaseId, foreign: CaseId) {
        for (label, by, case, area) in [("Own", "officer", own, "30577"), ("Foreign", "officer3", foreign, "30301")] {
            let draft = documents::model::Draft {
                kind: "reception_minutes".into(),
                content: format!("Papercontent{label}"),
                ..Default::default()
            };
            let id = issue(house, by, case, &draft).await.to_string();
            let owner: &'static [&'static str] = if area == "30577" { &["officer"] } else { &["officer3"] };
            self.add("document", Record { label, id, own: owner, area: Some(area), ..Record::default() });
            self.canaries.push(Canary { case: label, part: "Papercontent", word: format!("Papercontent{label}") });
        }
        let rows = vec![documents::model::Row { case: Some(own), cells: vec!["1".into(), "PaperrowOwn".into()] }];
        let heads = vec!["STT".into(), "Họ tên".into()];
        let kind = duongve::base::words::DocumentKind::MonthlyReport;
        let paper = documents::model::Prepared::table(kind, "Báo cáo tháng 11", &[], heads, rows);
        let grant = grant::<acts::IssueAreaDocument>(house, "supervisor", AreaCode("30577".into())).await;
        let id = documents::issue_for_area(house.store(), grant, &paper, None).await.unwrap().to_string();
        self.add(
            "document",
            Record { label: "Commune", id, own: &["supervisor"], area: Some("30577"), ..Record::default() },
        );
        self.canaries.push(Canary { case: "Own", part: "Paperrow", word: "PaperrowOwn".into() });
    }
}

/// Puts somebody on the list of the state's credit.
pub async fn borrow(house: &House, officer: &str, case: CaseId, what: &str) -> LoanLineId {
    let mut raw = Raw::of(house).await;
    let fund: Vec<(uuid::Uuid,)> = raw.rows("select id from funds where kind = 'policy_credit'").await;
    let draft = loans::model::Draft {
        fund_id: fund[0].0.to_string(),
        purpose: "business".into(),
        vnd: "9 triệu".into(),
        months: "12".into(),
        what: what.into(),
    };
    loans::ask(house.store(), grant::<acts::AskLoan>(house, officer, case).await, &draft, None).await.unwrap()
}

pub async fn list_of(house: &House, line: LoanLineId) -> LoanListId {
    let mut raw = Raw::of(house).await;
    let id = raw.id(line);
    raw.rows::<(LoanListId,)>(&format!("select list_id from loan_lines where id = {id}")).await.remove(0).0
}

/// Signed by the head: the People's Committee has it.
pub async fn signed(house: &House, list: LoanListId) {
    let sign = loans::model::SignDraft { number: "07/DS-CAX".into(), ..Default::default() };
    let by = grant::<acts::SignLoanList>(house, "supervisor", list).await;
    loans::lists::sign(house.store(), by, &sign, None).await.unwrap();
}

/// Signed by the head, confirmed by the People's Committee, sent to the lender.
pub async fn sent(house: &House, list: LoanListId) {
    signed(house, list).await;
    confirmed(house, list).await;
}

/// Confirmed by the People's Committee, sent to the lender.
pub async fn confirmed(house: &House, list: LoanListId) {
    let store = house.store();
    let decide = loans::model::DecideDraft { verdict: "confirmed".into(), ..Default::default() };
    let by = grant::<acts::ConfirmLoanList>(house, "council", list).await;
    loans::lists::decide(store, by, &decide, None).await.unwrap();
    loans::lists::send(store, grant::<acts::SendLoanList>(house, "supervisor", list).await, None).await.unwrap();
}

/// The lender has lent what was asked for.
pub async fn lent(house: &House, line: LoanLineId) {
    let answer = loans::model::AnswerDraft { answer: "granted".into(), ..Default::default() };
    let by = grant::<acts::AnswerLoanLine>(house, "lender", line).await;
    loans::lists::answer(house.store(), by, &answer, None).await.unwrap();
}

impl World {
    /// A fund of each commune.
    async fn funds(&mut self, house: &House) {
        const HERE: &[&str] =
            &["officer", "officer2", "supervisor", "partner", "helper", "partner2", "council", "lender"];
        const THERE: &[&str] = &["officer3", "supervisor3"];
        for (label, head, area, own) in
            [("Own", "supervisor", "30577", HERE), ("Foreign", "supervisor3", "30301", THERE)]
        {
            let draft = funds::model::Draft {
                kind: "local".into(),
                name: format!("Quỹ {label}"),
                ..funds::model::Draft::default()
            };
            let grant = grant::<acts::AddFund>(house, head, AreaCode(area.into())).await;
            let id = funds::add(house.store(), grant, &draft, None).await.unwrap().to_string();
            self.add("fund", Record { label, id, own, area: Some(area), ..Record::default() });
        }
    }

    /// A list that was sent, with a loan on it; one that is being drawn up; one in the other commune.
    async fn loans(&mut self, house: &House, given: CaseId, drawn: CaseId, foreign: CaseId) {
        let line = borrow(house, "officer", given, "LoanLent").await;
        let list = list_of(house, line).await;
        sent(house, list).await;
        lent(house, line).await;
        let rows = |label, id: String, own, shared, area| Record {
            label,
            id,
            own,
            shared,
            area: Some(area),
            ..Record::default()
        };
        const COUNCIL: &[&str] =
            &["council", "lender", "officer", "officer2", "supervisor", "partner", "helper", "partner2"];
        self.add("loan_list", rows("Sent", list.to_string(), &[], COUNCIL, "30577"));
        self.add("loan_line", rows("Lent", line.to_string(), &["officer"], COUNCIL, "30577"));
        let open = borrow(house, "officer2", drawn, "LoanOffice").await;
        self.add("loan_list", rows("Draft", list_of(house, open).await.to_string(), &[], &[], "30577"));
        self.add("loan_line", rows("Office", open.to_string(), &["officer2"], &[], "30577"));
        let far = borrow(house, "officer3", foreign, "LoanForeign").await;
        self.add("loan_list", rows("Foreign", list_of(house, far).await.to_string(), &[], &[], "30301"));
        self.add("loan_line", rows("Foreign", far.to_string(), &["officer3"], &[], "30301"));
        let accounts: Vec<(LoanAccountId,)> = Raw::of(house).await.rows("select id from loan_accounts").await;
        self.add("loan_account", rows("Lent", accounts[0].0.to_string(), &[], &[], "30577"));
        for label in ["Lent", "Office", "Foreign"] {
            self.canaries.push(Canary { case: label, part: "Loan", word: format!("Loan{label}") });
        }
    }
}

/// Somebody who serves a sentence in the community asks to be away.
pub async fn asks_away(house: &House, officer: &str, case: CaseId, mark: &str) -> AbsenceId {
    let mut raw = Raw::of(house).await;
    raw.run(&format!("update legals set regime = 'suspended_sentence' where case_id = {}", raw.id(case))).await;
    let draft = duties::model::AbsenceDraft {
        from_on: duongve::base::text::show_day(duongve::base::time::plus_days(TODAY, 4)),
        to_on: duongve::base::text::show_day(duongve::base::time::plus_days(TODAY, 6)),
        place: format!("Awayplace{mark}"),
        reason: format!("Awayreason{mark}"),
        proposal: "grant".into(),
        ..duties::model::AbsenceDraft::default()
    };
    let grant = grant::<acts::AskAbsence>(house, officer, case).await;
    duties::absences::ask(house.store(), grant, &draft, None).await.expect("the request is written down")
}

impl World {
    /// A request of each commune; the first waits for the People's Committee.
    async fn absences(&mut self, house: &House, own: CaseId, foreign: CaseId) {
        const COUNCIL: &[&str] =
            &["council", "lender", "officer", "officer2", "supervisor", "partner", "helper", "partner2"];
        const THERE: &[&str] = &["officer3", "supervisor3"];
        for (label, officer, case, shared, area) in
            [("Serving", "officer", own, COUNCIL, "30577"), ("Foreign", "officer3", foreign, THERE, "30301")]
        {
            let id = asks_away(house, officer, case, label).await.to_string();
            let owner: &'static [&'static str] = if area == "30577" { &["officer"] } else { &["officer3"] };
            self.add("absence", Record { label, id, own: owner, shared, area: Some(area), ..Record::default() });
            for part in ["Awayplace", "Awayreason"] {
                self.canaries.push(Canary { case: label, part, word: format!("{part}{label}") });
            }
        }
    }
}

/// A meeting of the commune in a week; its guests are asked by whoever has them.
pub async fn gather(house: &House, who: &str, title: &str) -> GatheringId {
    let draft = gatherings::model::Draft {
        kind: "reunion".into(),
        title: title.into(),
        on: duongve::base::text::show_day(TODAY),
        place: "Nhà văn hóa".into(),
        leader: "Chị Ba".into(),
        ..Default::default()
    };
    let grant = grant::<acts::PlanGathering>(house, who, AreaCode(area_of(who).into())).await;
    gatherings::plan(house.store(), grant, &draft, None).await.unwrap()
}

/// Asks the people of these cases, and these bodies, to a meeting.
pub async fn invite(house: &House, who: &str, gathering: GatheringId, cases: &[CaseId], bodies: &[String]) {
    let draft = gatherings::model::InviteDraft {
        cases: cases.iter().map(ToString::to_string).collect(),
        bodies: bodies.to_vec(),
        ..Default::default()
    };
    let grant = grant::<acts::ChangeGathering>(house, who, gathering).await;
    gatherings::guests::invite(house.store(), grant, &draft, None).await.unwrap();
}

/// A dialogue with the family of a person, with a word of its own in each of its secrets.
pub async fn talk(house: &House, who: &str, case: CaseId, mark: &str) -> GatheringId {
    let draft = gatherings::model::Draft {
        title: format!("Talktitle{mark}"),
        on: duongve::base::text::show_day(TODAY),
        place: format!("Talkplace{mark}"),
        leader: format!("Talkleader{mark}"),
        ..Default::default()
    };
    let by = grant::<acts::PlanDialogue>(house, who, case).await;
    let id = gatherings::plan_dialogue(house.store(), by, &draft, &Default::default(), None).await.unwrap();
    let draft = gatherings::model::MinutesDraft { minutes: format!("Talkminutes{mark}"), ..Default::default() };
    let by = grant::<acts::ChangeGathering>(house, who, id).await;
    gatherings::minute(house.store(), by, &draft, None).await.unwrap();
    id
}

/// What was said at a meeting, and who owes the answer by today.
pub async fn said(
    house: &House,
    by: &str,
    gathering: GatheringId,
    who: &str,
    text: &str,
    owes: &str,
) -> duongve::base::ids::OpinionId {
    let draft = gatherings::model::opinions::Draft {
        who: who.into(),
        text: text.into(),
        owes: owes.into(),
        due_on: if owes.is_empty() { String::new() } else { duongve::base::text::show_day(TODAY) },
    };
    let grant = grant::<acts::ChangeGathering>(house, by, gathering).await;
    gatherings::opinions::raise(house.store(), grant, &draft, None).await.unwrap()
}

impl World {
    /// A meeting of the commune to which the women's organisation is asked, and where it and the council owe an answer; dialogues
    /// with families; a meeting of the other commune.
    async fn gatherings(&mut self, house: &House, own: CaseId, kept: CaseId, foreign: CaseId, women: OrganisationId) {
        const HERE: &[&str] =
            &["officer", "officer2", "supervisor", "partner", "helper", "partner2", "council", "lender"];
        const THERE: &[&str] = &["officer3", "supervisor3"];
        // Asked as the women are; or, as whoever belongs to no organisation, as the council is.
        const WOMEN: &[&str] = &["partner", "helper"];
        const COUNCIL: &[&str] = &["officer", "officer2", "supervisor", "council", "lender"];
        const BOTH: &[&str] = &["partner", "helper", "officer", "officer2", "supervisor", "council", "lender"];
        let (here, there) = (Some("30577"), Some("30301"));
        let commune = gather(house, "officer", "Họp mặt cuối năm").await;
        invite(house, "officer", commune, &[own], &[women.to_string()]).await;
        invite(house, "officer2", commune, &[kept], &[]).await;
        let hers = said(house, "officer", commune, "", "Cần lớp may", &format!("organisation:{women}")).await;
        let councils = said(house, "officer", commune, "", "Đường tối", "council").await;
        let (who, owes) = (own.to_string(), format!("organisation:{women}"));
        let agreed = said(house, "officer", commune, &who, "PartneropinionOwn", &owes).await;
        self.canaries.push(Canary { case: "Own", part: "Partneropinion", word: "PartneropinionOwn".into() });
        let far = gather(house, "officer3", "Họp mặt xã bên").await;
        invite(house, "officer3", far, &[foreign], &[]).await;
        let rows = |label, id: String, own, shared, area| Record { label, id, own, shared, area, ..Record::default() };
        self.add("gathering", rows("Commune", commune.to_string(), HERE, BOTH, here));
        self.add("gathering", rows("Foreign", far.to_string(), THERE, &[], there));
        self.add("opinion", rows("Womens", hers.to_string(), HERE, WOMEN, here));
        self.add("opinion", rows("Councils", councils.to_string(), HERE, COUNCIL, here));
        self.add("opinion", rows("Agreed", agreed.to_string(), &["officer"], &["partner"], here));
        let distant = said(house, "officer3", far, "", "Cầu yếu", "").await;
        self.add("opinion", rows("Foreign", distant.to_string(), THERE, &[], there));
        for (label, by, case, area) in
            [("Own", "officer", own, here), ("Kept", "officer2", kept, here), ("Foreign", "officer3", foreign, there)]
        {
            let id = talk(house, by, case, label).await;
            let opinion = said(house, by, id, "", &format!("Talkopinion{label}"), "in_charge").await;
            let owner: &'static [&'static str] = match label {
                "Own" => &["officer"],
                "Kept" => &["officer2"],
                _ => &["officer3"],
            };
            let record = |id: String| Record {
                label,
                id,
                own: owner,
                area,
                barred: if label == "Kept" { barred("Kept") } else { &[] },
                ..Record::default()
            };
            self.add("gathering", record(id.to_string()));
            self.add("opinion", record(opinion.to_string()));
            for part in ["Talktitle", "Talkplace", "Talkleader", "Talkminutes", "Talkopinion"] {
                self.canaries.push(Canary { case: label, part, word: format!("{part}{label}") });
            }
        }
    }

    /// A model of each commune.
    async fn community_models(&mut self, house: &House) {
        for (label, by, area) in [("Own", "officer", "30577"), ("Foreign", "officer3", "30301")] {
            let draft = community_models::model::Draft {
                name: format!("Mô hình {label}"),
                since_on: "01/03/2025".into(),
                ..Default::default()
            };
            let grant = grant::<acts::AddCommunityModel>(house, by, AreaCode(area.into())).await;
            let id = community_models::add(house.store(), grant, &draft, None).await.unwrap().to_string();
            self.add("community_model", Record { label, id, area: Some(area), ..Record::default() });
        }
    }
}

/// The contact that is open for a case.
pub async fn planned_contact(house: &House, case: CaseId) -> FollowUpId {
    let mut raw = Raw::of(house).await;
    let sql = format!(
        "select id from follow_ups where case_id = {} and kind = 'contact' and done_at is null and dropped_at is null",
        raw.id(case)
    );
    let rows: Vec<(FollowUpId,)> = raw.rows(&sql).await;
    assert_eq!(rows.len(), 1, "a live case has one open contact");
    rows[0].0
}

/// Lets `cover` stand in for `officer`.
pub async fn cover(house: &House, officer: &str, cover: &str, from: jiff::civil::Date, to: jiff::civil::Date) {
    let draft = assignments::model::CoverDraft {
        officer: officer.into(),
        cover: cover.into(),
        from_on: duongve::base::text::show_day(from),
        to_on: duongve::base::text::show_day(to),
    };
    let grant = grant::<acts::AddCover>(house, "supervisor", AreaCode("30577".into())).await;
    assignments::add_cover(house.store(), grant, &draft, None).await.unwrap();
}
