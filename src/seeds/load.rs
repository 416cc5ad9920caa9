//! Many invented people in proportion, for load tests: 102 communes with officers, supervisors and partners, and for each
//! person some ten visits and five follow-ups.
//!
//! Written straight into the tables, in batches; only what is due is worked out by the engine, case by case. The same for
//! the same number, seed and day.

use super::store::{self, Bulk, NewStaff};
use crate::{
    app::{App, Refused},
    args,
    base::{
        fields::{
            AddressCheckedOn, BirthOn, CertificateNo, ClassificationReason, ClosedOn, ClosureGroundWord,
            ContactAddress, ContactPhone, ContactPhoneOf, ContactVisitSafely, ContactWishes, DutyAssessmentContent,
            Ethnicity, HealthNote, IdentityNumber, Juvenile, LegalSource, NoticedOn, PresentByOn, ReceivedOn,
            ReferralBasisRef, ReferralNeeds, ReleasedOn, Religion, SuspendedReviewOn, VisitNote,
        },
        ids::{
            AssignmentId, CaseId, ClassificationId, DutyAssessmentId, FollowUpId, OrganisationId, ReferralId, UserId,
            VisitId,
        },
        text,
        time::{At, plus_days},
        words::{CaseStatus, Group, Regime, VisitKind},
    },
    cases,
    follow_ups::{self, serving::dates::rhythm},
    policy::{Actor, acts::RunJobs},
    store::{Fault, Sealer, Unit},
};
use jiff::civil::Date;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use std::{collections::HashSet, sync::Arc};

/// So many people are written in one unit of work.
const BATCH: usize = 200;
/// An officer has at most so many cases, whatever the size of the whole.
const CASELOAD: usize = 40;

const FAMILY: &[&str] =
    &["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Chau", "Néang", "Ngô", "Dương", "Lý", "Mách"];
const MIDDLE: &[&str] =
    &["Văn", "Thị", "Minh", "Hoàng", "Thanh", "Ngọc", "Hữu", "Sóc", "Kim", "Đa", "Quốc", "Thành", "Phước", "Mỹ"];
const GIVEN: &[&str] = &[
    "An", "Bình", "Chiến", "Dũng", "Đức", "Giang", "Hà", "Hòa", "Kha", "Khánh", "Lan", "Lợi", "Mai", "Nam", "Ngà",
    "Phong", "Phúc", "Quân", "Rươl", "Sang", "Tâm", "Thảo", "Thi", "Trí", "Tuấn", "Út", "Vân", "Việt", "Xuân", "Ý",
];
const NOTES: &[&str] =
    &["Đi làm đều, tinh thần ổn định.", "Chưa có việc, muốn học nghề.", "Gia đình đầm ấm.", "Sức khỏe khá hơn trước."];

/// One of each role, to sign in with.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SignIn {
    pub username: String,
    pub role: &'static str,
    pub area: String,
}

/// A commune and who works there.
struct Commune {
    code: String,
    officers: Vec<UserId>,
    women: OrganisationId,
    helper: UserId,
}

/// Fills an empty database with `people` invented people. The accounts have one password and work on loopback only. The
/// store's clock must stand still, so that ids are the same at every run.
///
/// With a `caseload` the first commune has just so many people, all of one officer, four in five of them referred to the
/// commune's partner: the same ones, whatever `people` is, so that lists of a small and of a large house can be compared.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn fill(
    app: &App,
    people: usize,
    caseload: Option<usize>,
    seed: u64,
    password: &str,
) -> Result<Vec<SignIn>, Refused> {
    let hash = app.passwords().hash(password.to_owned()).await?;
    let mut maker =
        Maker { dice: StdRng::seed_from_u64(seed), codes: HashSet::new(), made: 0, caseload: caseload.unwrap_or(0) };
    let system = Arc::new(Actor::system("seed"));
    let scope = app.store().scope::<RunJobs>(&system)?;
    let (communes, sign_ins) = app
        .store()
        .sweep(scope, async |work| {
            let staff = maker.staff(work, people, &hash).await?;
            work.detail("accounts for a load test".to_owned());
            Ok::<_, Fault>(staff)
        })
        .await?;
    // How many accounts there are must not change whom the dice make.
    maker.dice = StdRng::seed_from_u64(seed.wrapping_add(1));
    while maker.made < people {
        let scope = app.store().scope::<RunJobs>(&system)?;
        let until = people.min(maker.made + BATCH);
        app.store()
            .sweep(scope, async |work| {
                maker.batch(work, &communes, until).await?;
                work.detail(format!("{until} of {people} invented people"));
                Ok::<_, Fault>(())
            })
            .await?;
        tracing::debug!(made = maker.made, people, "seed");
    }
    Ok(sign_ins)
}

/// How many people are there already: the seed goes into an empty database only.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn people_there(app: &App) -> Result<i64, Fault> {
    store::people(app.store()).await
}

struct Maker {
    dice: StdRng,
    codes: HashSet<String>,
    made: usize,
    /// So many people, the first ones, are the whole of the first commune.
    caseload: usize,
}

/// A person's course so far, in days from today.
struct Course {
    regime: Regime,
    status: CaseStatus,
    group: Option<Group>,
    received: Option<i64>,
    opened: i64,
    visits: Vec<i64>,
}

impl Maker {
    fn one_of<T: Copy>(&mut self, list: &[T]) -> Result<T, Fault> {
        list.choose(&mut self.dice).copied().ok_or(Fault::Inconsistent("an empty list of the seed"))
    }

    fn name(&mut self) -> Result<String, Fault> {
        Ok(format!("{} {} {}", self.one_of(FAMILY)?, self.one_of(MIDDLE)?, self.one_of(GIVEN)?))
    }

    /// Officers, a supervisor and a partner for each commune; one province, admin and inspector.
    async fn staff(
        &mut self,
        unit: &mut Unit,
        people: usize,
        hash: &str,
    ) -> Result<(Vec<Commune>, Vec<SignIn>), Fault> {
        let areas = store::communes(unit).await?;
        let officers = people.div_ceil(areas.len().max(1)).div_ceil(CASELOAD).max(1);
        let mut communes = Vec::new();
        let mut sign_ins = Vec::new();
        for (code, women) in areas {
            let mut hired = Vec::new();
            for number in 1..=officers {
                let who = NewStaff::new(format!("officer-{code}-{number}"), self.name()?, "officer", &code, None);
                hired.push(self.hire(unit, &mut sign_ins, who, hash, communes.is_empty() && number == 1).await?);
            }
            let supervisor = NewStaff::new(format!("supervisor-{code}"), self.name()?, "supervisor", &code, None);
            self.hire(unit, &mut sign_ins, supervisor, hash, communes.is_empty()).await?;
            let partner = NewStaff::new(format!("partner-{code}"), self.name()?, "partner", &code, Some(women));
            let helper = self.hire(unit, &mut sign_ins, partner, hash, communes.is_empty()).await?;
            communes.push(Commune { code, officers: hired, women, helper });
        }
        for role in ["province", "admin", "inspector"] {
            let who = NewStaff::new(role.to_owned(), self.name()?, role, super::PROVINCE, None);
            self.hire(unit, &mut sign_ins, who, hash, true).await?;
        }
        Ok((communes, sign_ins))
    }

    async fn hire(
        &mut self,
        unit: &mut Unit,
        sign_ins: &mut Vec<SignIn>,
        who: NewStaff,
        hash: &str,
        told: bool,
    ) -> Result<UserId, Fault> {
        if told {
            sign_ins.push(SignIn { username: who.username.clone(), role: who.role, area: who.area.clone() });
        }
        store::hire(unit, &who, hash).await
    }

    /// Writes the next people up to the number `until`, then plans their cases.
    async fn batch(&mut self, unit: &mut Unit, communes: &[Commune], until: usize) -> Result<(), Fault> {
        let mut bulk = Bulk::default();
        let mut made = Vec::new();
        unit.expect_people(until - self.made).await?;
        while self.made < until {
            let (commune, officer) = self.place(communes)?;
            made.push(self.person(unit, &mut bulk, commune, officer).await?);
            self.made += 1;
        }
        bulk.write(unit).await?;
        for case in made {
            follow_ups::replan(unit, case).await?;
        }
        Ok(())
    }

    /// Where the next person lives, and who is in charge of her.
    fn place<'a>(&self, communes: &'a [Commune]) -> Result<(&'a Commune, UserId), Fault> {
        let (first, others) = communes.split_first().ok_or(Fault::Inconsistent("no commune"))?;
        let (commune, round) = if self.caseload == 0 {
            (communes.get(self.made % communes.len()), self.made / communes.len())
        } else if self.made < self.caseload {
            (Some(first), 0)
        } else {
            let made = self.made - self.caseload;
            (others.get(made % others.len().max(1)), made / others.len().max(1))
        };
        let commune = commune.ok_or(Fault::Inconsistent("one commune alone"))?;
        let officer = commune.officers.get(round % commune.officers.len().max(1));
        Ok((commune, *officer.ok_or(Fault::Inconsistent("no officer"))?))
    }

    /// Somebody of the caseload that is the same in every house: in care, so that she stands in every list.
    fn of_caseload(&self) -> bool {
        self.made < self.caseload
    }

    fn course(&mut self) -> Result<Course, Fault> {
        let regime = match self.dice.random_range(0..100) {
            0..60 => Regime::Completed,
            60..72 => Regime::Amnestied,
            72..80 => Regime::ConditionalRelease,
            80..90 => Regime::SuspendedSentence,
            90..95 => Regime::NonCustodialReform,
            95..98 => Regime::PostSentenceSupervision,
            _ => Regime::Postponed,
        };
        let status = match self.dice.random_range(0..100) {
            0..6 => CaseStatus::Noticed,
            6..9 => CaseStatus::Suspended,
            9..13 => CaseStatus::Closed,
            _ => CaseStatus::Active,
        };
        if status == CaseStatus::Noticed {
            let opened = -self.dice.random_range(1..25);
            return Ok(Course { regime, status, group: None, received: None, opened, visits: vec![] });
        }
        let group = match self.dice.random_range(0..100) {
            0..40 => Some(Group::A),
            40..75 => Some(Group::B),
            75..88 => Some(Group::C),
            _ => None,
        };
        let interval = match group {
            _ if !regime.is_help() => 30,
            Some(Group::A) => 90,
            Some(Group::C) => 14,
            _ => 30,
        };
        // Two in three were seen in time.
        let last = -self.dice.random_range(0..interval + interval / 2);
        let received = last - self.dice.random_range(200..400);
        let count = self.dice.random_range(10..13);
        let first = received + 5;
        let visits = (0..count).map(|at| first + (last - first) * at / (count - 1)).collect();
        Ok(Course { regime, status, group, received: Some(received), opened: received - 12, visits })
    }

    /// One person with all that hangs on the case, put into the bulk.
    async fn person(
        &mut self,
        unit: &mut Unit,
        bulk: &mut Bulk,
        commune: &Commune,
        officer: UserId,
    ) -> Result<CaseId, Fault> {
        let mut course = self.course()?;
        while self.of_caseload() && course.status != CaseStatus::Active {
            course = self.course()?;
        }
        let (today, name) = (unit.today(), self.name()?);
        let day = |offset: i64| plus_days(today, offset);
        let person = unit.new_person().await?;
        let seal = unit.sealer(person).await?;
        let case: CaseId = unit.new_id();
        let born = day(-365 * self.dice.random_range(20..60) - self.dice.random_range(0..365));
        let at = unit.now();
        bulk.people.push(args![
            person,
            name.as_str(),
            text::fold(&name),
            text::name_sort_key(&name),
            "",
            "",
            "male",
            seal.day::<BirthOn>(person, Some(born))?,
            i64::from(born.year()),
            "day",
            at,
            1
        ]);
        let number = format!("089{:09}", self.made);
        let mark = unit.store().id_mark(&number)?;
        bulk.identities.push(args![person, seal.text::<IdentityNumber>(person, &number)?, mark, "citizen", at]);
        bulk.origins.push(args![person, seal.text::<Ethnicity>(person, "")?, seal.text::<Religion>(person, "")?, at]);
        bulk.healths.push(args![person, seal.text::<HealthNote>(person, "")?, at]);
        let closed = course.status == CaseStatus::Closed;
        let in_charge = (!closed).then_some(officer);
        bulk.cases.push(args![
            case,
            self.code(),
            person,
            commune.code.as_str(),
            course.status.as_str(),
            day(course.opened),
            in_charge,
            true,
            0,
            false,
            0,
            at,
            1
        ]);
        let phone = format!("+8490{:07}", self.made % 10_000_000);
        bulk.contacts.push(args![
            case,
            seal.text::<ContactPhone>(case, &phone)?,
            unit.store().phone_mark(&phone)?,
            seal.text::<ContactPhoneOf>(case, "")?,
            seal.text::<ContactAddress>(case, "")?,
            seal.text::<ContactWishes>(case, "")?,
            seal.text::<ContactVisitSafely>(case, "")?,
            at
        ]);
        let noticed = day(course.opened);
        let review = (course.status == CaseStatus::Suspended).then(|| day(self.dice.random_range(-10..60)));
        bulk.legals.push(args![
            case,
            course.regime.as_str(),
            seal.seal::<Juvenile>(case, &false)?,
            seal.text::<LegalSource>(case, "")?,
            seal.text::<CertificateNo>(case, "")?,
            seal.day::<ReleasedOn>(case, course.received.map(|on| day(on - 3)))?,
            seal.day::<NoticedOn>(case, Some(noticed))?,
            seal.day::<AddressCheckedOn>(case, course.received.map(|on| day(on - 9)))?,
            seal.day::<PresentByOn>(case, Some(day(course.opened + 14)))?,
            seal.day::<ReceivedOn>(case, course.received.map(day))?,
            seal.day::<SuspendedReviewOn>(case, review)?,
            seal.day::<ClosedOn>(case, closed.then(|| day(-1)))?,
            seal.text_opt::<ClosureGroundWord>(case, closed.then_some("served"))?,
            at
        ]);
        let assigned: AssignmentId = unit.new_id();
        let ended = closed.then(|| day(-1));
        bulk.assignments.push(args![assigned, case, officer, noticed, ended, officer, at]);
        self.helped(unit, bulk, commune, officer, (case, &seal), &course)?;
        self.seen(unit, bulk, officer, (case, &seal), &course)?;
        Ok(case)
    }

    fn code(&mut self) -> String {
        loop {
            let code = cases::model::code(self.dice.random());
            if self.codes.insert(code.clone()) {
                return code;
            }
        }
    }

    /// Classification, and the referral to the Women's Union: live for one in five.
    fn helped(
        &mut self,
        unit: &mut Unit,
        bulk: &mut Bulk,
        commune: &Commune,
        officer: UserId,
        (case, seal): (CaseId, &Sealer),
        course: &Course,
    ) -> Result<(), Fault> {
        let Some(received) = course.received else { return Ok(()) };
        let (today, at) = (unit.today(), unit.now());
        if let Some(group) = course.group {
            let since = plus_days(today, received.max(-self.dice.random_range(30..120)));
            let id: ClassificationId = unit.new_id();
            bulk.classifications.push(args![
                id,
                case,
                group.as_str(),
                since,
                seal.text::<ClassificationReason>(id, "Theo báo cáo")?,
                officer,
                at
            ]);
        }
        let referral: ReferralId = unit.new_id();
        let from = plus_days(today, received + 2);
        let drawn = course.status == CaseStatus::Active && self.dice.random_range(0..5) == 0;
        let live = if self.of_caseload() { self.made % 5 != 4 } else { drawn };
        let to = (!live).then(|| plus_days(today, received + 90));
        bulk.referrals.push(args![
            referral,
            case,
            commune.women,
            "livelihood",
            seal.text::<ReferralNeeds>(referral, "Tìm việc làm")?,
            "decision",
            seal.text::<ReferralBasisRef>(referral, "12/QĐ-UBND")?,
            from,
            to,
            officer,
            at,
            1
        ]);
        bulk.referral_helpers.push(args![referral, commune.helper]);
        Ok(())
    }

    /// Visits by the officer in charge, and what the last three or four of them settled.
    fn seen(
        &mut self,
        unit: &mut Unit,
        bulk: &mut Bulk,
        officer: UserId,
        (case, seal): (CaseId, &Sealer),
        course: &Course,
    ) -> Result<(), Fault> {
        let today = unit.today();
        if let Some((rhythm, received)) = rhythm(course.regime).zip(course.received) {
            // Every assessment since the reception; one person in five has missed the newest.
            let mut round = rhythm.first_after(plus_days(today, received));
            while round <= today {
                if rhythm.next(round) <= today || !self.made.is_multiple_of(5) {
                    let id: DutyAssessmentId = unit.new_id();
                    let said = seal.text::<DutyAssessmentContent>(id, r#"{"result":"good","note":""}"#)?;
                    bulk.duty_assessments.push(args![
                        id,
                        case,
                        round,
                        round,
                        round,
                        said,
                        officer,
                        At::of(round, 9, 0)
                    ]);
                }
                round = rhythm.next(round);
            }
        }
        let rule = if course.regime.is_help() { "contact_b" } else { "contact_duty" };
        let settled = course.visits.len().saturating_sub(3 + self.made % 2);
        for (at, offset) in course.visits.iter().enumerate() {
            let on: Date = plus_days(today, *offset);
            let logged = At::of(on, 16, 0);
            let visit: VisitId = unit.new_id();
            let kind = self.one_of(&[VisitKind::Home, VisitKind::Home, VisitKind::Office, VisitKind::Elsewhere])?;
            bulk.visits.push(args![visit, case, on, kind.as_str(), true, officer, true, logged, 1]);
            bulk.visit_notes.push(args![visit, case, seal.text::<VisitNote>(visit, self.one_of(NOTES)?)?]);
            if at >= settled {
                let id: FollowUpId = unit.new_id();
                bulk.follow_ups
                    .push(args![id, case, "contact", rule, 1, on, on, 30, false, false, 0, logged, logged, visit, 1]);
            }
        }
        Ok(())
    }
}
