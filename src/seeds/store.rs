//! SQL of the seeds: what no feature asks for.

use crate::{
    args,
    base::{
        arg::Arg,
        ids::{OrganisationId, UserId},
        text,
    },
    policy::acts::RunJobs,
    store::{Fault, Scope, Store, Unit},
};

/// How the audit says that the demo story came to its end.
const TOLD: &str = "demo story told";

pub async fn note_told(store: &Store, scope: Scope<RunJobs>) -> Result<(), Fault> {
    store
        .sweep(scope, async |work| {
            work.detail(TOLD.to_owned());
            Ok(())
        })
        .await
}

/// `Some(true)`: told to its end · `Some(false)`: something else is in this database · `None`: nobody is.
pub async fn was_told(store: &Store) -> Result<Option<bool>, Fault> {
    let rows: Vec<(i64, i64)> = store
        .reference(
            "select (select count(*) from users), (select count(*) from audit where act = 'job.run' and detail = $1)",
            args![TOLD],
        )
        .await?;
    Ok(rows.first().filter(|(users, _)| *users > 0).map(|(_, told)| *told > 0))
}

/// How many people are in the database.
pub async fn people(store: &Store) -> Result<i64, Fault> {
    let rows: Vec<(i64,)> = store.reference("select count(*) from people", args![]).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// The communes of the province in force, each with its Women's Union.
pub async fn communes(unit: &mut Unit) -> Result<Vec<(String, OrganisationId)>, Fault> {
    unit.rows(
        "select a.code, o.id from areas a join organisations o on o.area_code = a.code and o.kind = 'women' \
         where a.province_code = $1 and a.valid_to is null order by a.code",
        args![super::PROVINCE],
    )
    .await
}

/// An account of a load test.
pub struct NewStaff {
    pub username: String,
    name: String,
    pub role: &'static str,
    pub area: String,
    organisation: Option<OrganisationId>,
}

impl NewStaff {
    pub fn new(
        username: String,
        name: String,
        role: &'static str,
        area: &str,
        organisation: Option<OrganisationId>,
    ) -> NewStaff {
        NewStaff { username, name, role, area: area.to_owned(), organisation }
    }
}

/// Signs in on loopback only, like the cast of the demo.
pub async fn hire(unit: &mut Unit, who: &NewStaff, hash: &str) -> Result<UserId, Fault> {
    let id: UserId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into users (id, username, name, name_key, role, area_code, organisation_id, email, password, must_change, demo, lang, \
         digest_rhythm, password_at, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'vi', 'daily', $12, $12, 1)",
        args![
            id,
            who.username.as_str(),
            who.name.as_str(),
            text::name_sort_key(&who.name),
            who.role,
            who.area.as_str(),
            who.organisation,
            format!("{}@duongve.example", who.username),
            hash,
            false,
            true,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Rows of many people, written table by table.
#[derive(Default)]
pub struct Bulk {
    pub people: Vec<Vec<Arg>>,
    pub identities: Vec<Vec<Arg>>,
    pub cases: Vec<Vec<Arg>>,
    pub contacts: Vec<Vec<Arg>>,
    pub origins: Vec<Vec<Arg>>,
    pub healths: Vec<Vec<Arg>>,
    pub legals: Vec<Vec<Arg>>,
    pub assignments: Vec<Vec<Arg>>,
    pub classifications: Vec<Vec<Arg>>,
    pub referrals: Vec<Vec<Arg>>,
    pub referral_helpers: Vec<Vec<Arg>>,
    pub visits: Vec<Vec<Arg>>,
    pub visit_notes: Vec<Vec<Arg>>,
    pub duty_assessments: Vec<Vec<Arg>>,
    pub follow_ups: Vec<Vec<Arg>>,
}

impl Bulk {
    /// In the order in which the rows point to each other.
    pub async fn write(self, unit: &mut Unit) -> Result<(), Fault> {
        let tables = [
            (
                "people (id, name, name_fold, name_key, aliases, alias_fold, sex, birth_on, birth_year, birth_precision, created_at, version)",
                self.people,
            ),
            ("identities (person_id, number, number_mark, kind, changed_at)", self.identities),
            (
                "cases (id, code, person_id, area_code, status, opened_on, officer_id, never_met, tries, to_supervisor, rule_version, \
                 created_at, version)",
                self.cases,
            ),
            (
                "contacts (case_id, phone, phone_mark, phone_of, address, wishes, visit_safely, changed_at)",
                self.contacts,
            ),
            ("origins (person_id, ethnicity, religion, changed_at)", self.origins),
            ("healths (person_id, note, changed_at)", self.healths),
            (
                "legals (case_id, regime, juvenile, source, certificate_no, released_on, noticed_on, address_checked_on, present_by_on, \
                 received_on, suspended_review_on, closed_on, closure_ground, changed_at)",
                self.legals,
            ),
            ("assignments (id, case_id, officer_id, from_on, to_on, made_by, made_at)", self.assignments),
            ("classifications (id, case_id, grp, since_on, reason, by, made_at)", self.classifications),
            (
                "referrals (id, case_id, organisation_id, purpose, needs, basis, basis_ref, from_on, to_on, made_by, \
                 made_at, version)",
                self.referrals,
            ),
            ("referral_helpers (referral_id, user_id)", self.referral_helpers),
            ("visits (id, case_id, on_day, kind, met, by, in_charge, logged_at, version)", self.visits),
            ("visit_notes (visit_id, case_id, note)", self.visit_notes),
            ("duty_assessments (id, case_id, round_on, made_on, sent_on, content, by, made_at)", self.duty_assessments),
            (
                "follow_ups (id, case_id, kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed, \
                 made_at, done_at, done_visit_id, version)",
                self.follow_ups,
            ),
        ];
        for (into, rows) in tables {
            insert(unit, into, rows).await?;
        }
        Ok(())
    }
}

/// Many rows a statement: a statement costs more than a row.
async fn insert(unit: &mut Unit, into: &'static str, rows: Vec<Vec<Arg>>) -> Result<(), Fault> {
    const ROWS: usize = 50;
    let mut rows = rows.into_iter();
    loop {
        let some: Vec<Vec<Arg>> = rows.by_ref().take(ROWS).collect();
        let Some(width) = some.first().map(Vec::len) else { return Ok(()) };
        let places: Vec<String> = (0..some.len())
            .map(|row| {
                let places: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
                format!("({})", places.join(", "))
            })
            .collect();
        let sql = format!("insert into {into} values {}", places.join(", "));
        unit.run(sql, some.into_iter().flatten().collect()).await?;
    }
}
