//! The rows that reports are made of, read past the program, and plain loops that count them.

use crate::{
    house::{House, TODAY},
    raw::Raw,
};
use duongve::{
    base::{
        ids::{CaseId, FundId, GatheringId, LoanAccountId, LoanListId, PersonId},
        time::{At, Day},
    },
    policy::AreaCode,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What stands in the tables, read past the program.
pub struct Rows {
    cases: Vec<(CaseId, PersonId, AreaCode)>,
    sealings: Vec<(CaseId, At, String, Day)>,
    assignments: Vec<(CaseId, Day, Option<Day>)>,
    helps: Vec<(CaseId, String, Day, Option<i64>, Option<FundId>)>,
    funds: Vec<(FundId, String)>,
    lists: Vec<(LoanListId, Option<At>, Option<At>, String)>,
    lines: Vec<(CaseId, LoanListId, Option<At>)>,
    accounts: Vec<(LoanAccountId, PersonId, AreaCode, FundId, i64, Day)>,
    repayments: Vec<(LoanAccountId, Day, String)>,
    absences: Vec<(CaseId, String, Option<Day>)>,
    breaches: Vec<(CaseId, Day)>,
    shortenings: Vec<(CaseId, String, Option<Day>)>,
    reviews: Vec<(CaseId, Day, Option<At>)>,
    meetings: Vec<(GatheringId, AreaCode, String, Day, Option<i64>)>,
    guests: Vec<(GatheringId, Option<bool>)>,
    models: Vec<(AreaCode, Day, Option<Day>, Option<i64>, Option<i64>)>,
}

impl Rows {
    pub async fn read(house: &House) -> Rows {
        let mut raw = Raw::of(house).await;
        Rows {
            cases: raw.rows("select id, person_id, area_code from cases").await,
            sealings: raw.rows("select case_id, sealed_at, paper, paper_on from sealings where ended_at is null").await,
            assignments: raw.rows("select case_id, from_on, to_on from assignments").await,
            helps: raw.rows("select case_id, kind, given_on, vnd, fund_id from helps where state = 'given'").await,
            funds: raw.rows("select id, kind from funds").await,
            lists: raw.rows("select id, signed_at, decided_at, state from loan_lists").await,
            lines: raw.rows("select case_id, list_id, struck_at from loan_lines where withdrawn_at is null").await,
            accounts: raw
                .rows("select id, person_id, area_code, fund_id, vnd, disbursed_on from loan_accounts")
                .await,
            repayments: raw
                .rows("select account_id, on_day, standing from loan_repayments order by on_day, made_at")
                .await,
            absences: raw.rows("select case_id, state, decided_on from duty_absences").await,
            breaches: raw.rows("select case_id, on_day from duty_breaches").await,
            shortenings: raw.rows("select case_id, state, decided_on from duty_shortenings").await,
            reviews: raw
                .rows("select case_id, base_on, done_at from follow_ups where kind = 'clearance_review' and (done_at is not null or dropped_at is null)")
                .await,
            meetings: raw
                .rows("select id, area_code, kind, on_day, outsiders_came from gatherings where cancelled_at is null")
                .await,
            guests: raw.rows("select gathering_id, came from gathering_guests where withdrawn_at is null").await,
            models: raw.rows("select area_code, since_on, until_on, people, vnd from community_models").await,
        }
    }

    /// The numbers of a commune, or of all, in a period. Everybody was received on the first day of the story; whoever was
    /// sealed was let go on that day. `suspended`: whose sentence is.
    pub fn counted(&self, area: &str, (from, to): (Date, Date), suspended: &[CaseId]) -> BTreeMap<String, i64> {
        let here = |of: &AreaCode| area.is_empty() || of.0 == area;
        let within = |day: Date| from <= day && day <= to;
        let at_within = |at: &Option<At>| at.is_some_and(|at| within(at.day()));
        let day_within = |day: &Option<Day>| day.is_some_and(|day| within(day.0));
        let person: BTreeMap<CaseId, PersonId> =
            self.cases.iter().filter(|row| here(&row.2)).map(|row| (row.0, row.1)).collect();
        let of = |case: &CaseId| person.contains_key(case);
        let gone = |case: &CaseId| self.sealings.iter().any(|row| row.0 == *case && row.1.day() <= to);
        let managed: Vec<CaseId> = person.keys().filter(|case| TODAY <= to && !gone(case)).copied().collect();
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        let mut put = |key: &str, n: usize| *sums.entry(key.to_owned()).or_default() += i64::try_from(n).unwrap();

        put("managed_end", managed.len());
        put("community_suspended_sentence", managed.iter().filter(|case| suspended.contains(case)).count());
        let in_charge = |case: &&CaseId| {
            self.assignments.iter().any(|row| row.0 == **case && row.1.0 <= to && row.2.is_none_or(|end| end.0 > to))
        };
        put("officer", managed.iter().filter(in_charge).count());

        let given: Vec<_> = self.helps.iter().filter(|row| of(&row.0) && within(row.2.0)).collect();
        for kind in ["counselling", "legal_advice", "residence", "id_card", "papers", "training", "job", "gift"] {
            let people: BTreeSet<PersonId> =
                given.iter().filter(|row| row.1 == kind).map(|row| person[&row.0]).collect();
            put(&format!("helped_{kind}"), people.len());
        }
        let of_kind = |fund: FundId| self.funds.iter().find(|row| row.0 == fund).unwrap().1.as_str();
        let mut funded = BTreeSet::new();
        for row in &given {
            let Some(fund) = row.4 else { continue };
            if of_kind(fund) == "local" {
                funded.insert(person[&row.0]);
            }
            put("funded_vnd", usize::try_from(row.3.unwrap_or(0)).unwrap());
        }
        put("funded_local", funded.len());

        let (mut proposed, mut confirmed) = (BTreeSet::new(), BTreeSet::new());
        for (case, list, struck) in self.lines.iter().filter(|row| of(&row.0)) {
            let (_, signed, decided, state) = self.lists.iter().find(|row| row.0 == *list).unwrap();
            if at_within(signed) {
                proposed.insert(person[case]);
            }
            if at_within(decided) && struck.is_none() && ["confirmed", "sent", "answered"].contains(&&**state) {
                confirmed.insert(person[case]);
            }
        }
        put("proposed", proposed.len());
        put("confirmed", confirmed.len());
        let mut borrowers = BTreeSet::new();
        for (account, who, _, _, vnd, on) in self.accounts.iter().filter(|row| here(&row.2)) {
            if within(on.0) {
                borrowers.insert(*who);
                put("lent_vnd", usize::try_from(*vnd).unwrap());
            }
            let last = self.repayments.iter().rfind(|row| row.0 == *account && row.1.0 <= to);
            put("overdue", usize::from(last.is_some_and(|row| row.2 == "overdue")));
        }
        put("lent_policy_credit", borrowers.len());

        let due: BTreeSet<_> =
            self.reviews.iter().filter(|row| of(&row.0) && within(row.1.0)).map(|row| (row.0, row.1.0)).collect();
        put("review_due", due.len());
        put("review_done", self.reviews.iter().filter(|row| of(&row.0) && at_within(&row.2)).count());
        let papers = self.sealings.iter().filter(|row| of(&row.0) && row.2 == "certificate" && within(row.3.0));
        put("cleared_certificate", papers.count());

        let breaches: Vec<_> = self.breaches.iter().filter(|row| of(&row.0) && within(row.1.0)).collect();
        put("breaches", breaches.len());
        put("breached", breaches.iter().map(|row| person[&row.0]).collect::<BTreeSet<_>>().len());
        let granted = |state: &str| ["granted", "returned"].contains(&state);
        let absences = self.absences.iter().filter(|row| of(&row.0) && granted(&row.1) && day_within(&row.2));
        put("absences", absences.count());
        let shortened = self.shortenings.iter().filter(|row| of(&row.0) && row.1 == "granted" && day_within(&row.2));
        put("shortened", shortened.count());

        put("came", 0);
        for kind in ["reunion", "dialogue"] {
            let held: Vec<_> =
                self.meetings.iter().filter(|row| here(&row.1) && row.2 == kind && within(row.3.0)).collect();
            put(&format!("meetings_{kind}"), held.len());
            for meeting in held {
                let guests = self.guests.iter().filter(|row| row.0 == meeting.0 && row.1 == Some(true)).count();
                put("came", guests + usize::try_from(meeting.4.unwrap_or(0)).unwrap());
            }
        }
        for key in ["models", "models_people", "models_vnd"] {
            put(key, 0);
        }
        for (_, since, until, people, vnd) in self.models.iter().filter(|row| here(&row.0)) {
            if since.0 <= to && until.is_none_or(|until| until.0 >= to) {
                put("models", 1);
                put("models_people", usize::try_from(people.unwrap_or(0)).unwrap());
                put("models_vnd", usize::try_from(vnd.unwrap_or(0)).unwrap());
            }
        }
        sums
    }
}
