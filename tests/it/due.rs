//! One due engine: what is stored is what the rule says, on every surface, after any history. And the traps into which
//! like systems fell, each by name.

use crate::{
    both,
    house::{House, TODAY},
    raw::Raw,
    world::{self, actor, grant},
};
use duongve::{
    app::Refused,
    assignments,
    base::{
        fields,
        ids::{CaseId, FollowUpId, VisitId},
        sealed::{Sealed, SealedDay, SealedText},
        text::show_day,
        time::{At, Day, plus_days},
        words::{CaseStatus, FollowUpKind, Group, Regime, ShorteningState, VisitKind},
    },
    cases::{self, model::Filter},
    duties,
    follow_ups::{
        self,
        due::{self, Classified, Due, Facts, Plan, PostponementFact, VisitFact},
        model::{State, TaskDraft},
        serving::dates::{Serving, Shortening, Term},
    },
    policy::acts,
    referrals,
    store::PageAsk,
    visits,
};
use jiff::civil::{Date, date};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// The legal part, sealed as it is stored.
#[derive(sqlx::FromRow)]
struct LegalRow {
    id: CaseId,
    status: CaseStatus,
    opened_on: Day,
    regime: Regime,
    juvenile: Sealed<fields::Juvenile>,
    noticed_on: Option<Sealed<fields::NoticedOn>>,
    address_checked_on: Option<Sealed<fields::AddressCheckedOn>>,
    present_by_on: Option<Sealed<fields::PresentByOn>>,
    received_on: Option<Sealed<fields::ReceivedOn>>,
    suspended_review_on: Option<Sealed<fields::SuspendedReviewOn>>,
    address_found: Option<Sealed<fields::AddressFoundWord>>,
    informed_on: Option<Sealed<fields::InformedOn>>,
    continued_on: Option<Sealed<fields::ContinuedOn>>,
    reopened_on: Option<Sealed<fields::ReopenedOn>>,
    helper_first: Option<Day>,
    helpers: i64,
}

duongve::opens!(LegalRow {
    id => juvenile, noticed_on, address_checked_on, present_by_on, received_on, suspended_review_on, address_found, informed_on,
        continued_on, reopened_on
});

/// The facts of a case, read by this test's own statements.
async fn facts(house: &House, raw: &mut Raw, case: CaseId, today: Date) -> Facts {
    let id = raw.id(case);
    let rows: Vec<LegalRow> = raw
        .rows(&format!(
            "select c.id, c.status, c.opened_on, l.regime, l.juvenile, l.noticed_on, l.address_checked_on, l.present_by_on, l.received_on, \
             l.suspended_review_on, l.address_found, l.informed_on, l.continued_on, l.reopened_on, (select min(from_on) from referrals where case_id = {id}) as helper_first, (select count(*) from referrals \
             where case_id = {id} and ended_at is null and from_on <= '{today}' and coalesce(to_on, '9000-01-01') >= '{today}') as helpers \
             from cases c join legals l on l.case_id = c.id where c.id = {id}"
        ))
        .await;
    let row = house.store().opened(rows).await.unwrap().remove(0);
    let groups: Vec<(Group, Day)> = raw
        .rows(&format!("select grp, since_on from classifications where case_id = {id} order by since_on, made_at"))
        .await;
    // The group now, since when without a break, and the different one before that.
    let mut runs: Vec<(Group, Date)> = Vec::new();
    for (group, since) in &groups {
        if runs.last().map(|run| run.0) != Some(*group) {
            runs.push((*group, since.0));
        }
    }
    let visits: Vec<(Day, VisitKind, bool, bool)> = raw
        .rows(&format!("select on_day, kind, met, in_charge from visits where case_id = {id} and withdrawn_at is null"))
        .await;
    let put_off: Vec<(FollowUpKind, String, Day, Day)> =
        raw.rows(&format!("select kind, rule, from_on, to_on from postponements where case_id = {id}")).await;
    let date = |day: Option<Day>| day.map(|day| day.0);
    Facts {
        regime: row.regime,
        juvenile: *row.juvenile.value().unwrap(),
        status: row.status,
        opened_on: date(row.reopened_on.day()).unwrap_or(row.opened_on.0),
        address_wrong: matches!(row.address_found.text(), Some("elsewhere" | "not_coming")),
        informed_on: date(row.informed_on.day()),
        continued_on: date(row.continued_on.day()),
        noticed_on: date(row.noticed_on.day()),
        address_checked_on: date(row.address_checked_on.day()),
        present_by_on: date(row.present_by_on.day()),
        received_on: date(row.received_on.day()),
        suspended_review_on: date(row.suspended_review_on.day()),
        group: runs.last().map(|run| Classified { group: run.0, since: run.1 }),
        previous_group: runs.iter().rev().nth(1).map(|run| run.0),
        helper_first_on: date(row.helper_first),
        helper_live: row.helpers > 0,
        assessed_on: groups.last().map(|group| group.1.0),
        visits: visits
            .into_iter()
            .map(|(on, kind, met, in_charge)| VisitFact { on: on.0, kind, met, in_charge })
            .collect(),
        postponements: put_off
            .into_iter()
            .map(|(kind, rule, from, to)| PostponementFact { kind, rule, from_on: from.0, to_on: to.0 })
            .collect(),
        serving: serving(house, raw, case).await,
    }
}

#[derive(sqlx::FromRow)]
struct TermRow {
    id: duongve::base::ids::DutyTermId,
    content: Sealed<fields::DutyTermContent>,
    made_at: At,
}

duongve::opens!(TermRow { id => content });

#[derive(sqlx::FromRow)]
struct SuspensionRow {
    id: duongve::base::ids::SuspensionId,
    from_on: Sealed<fields::SuspendedFromOn>,
    to_on: Option<Sealed<fields::SuspendedToOn>>,
}

duongve::opens!(SuspensionRow { id => from_on, to_on });

/// How a sentence is served in the community, by this test's own statements; whether the regime asks for it is the engine's to
/// say, so it is told of every case.
async fn serving(house: &House, raw: &mut Raw, case: CaseId) -> Serving {
    let id = raw.id(case);
    let terms: Vec<TermRow> = raw
        .rows(&format!("select id, content, made_at from duty_terms where case_id = {id} order by made_at, id"))
        .await;
    let terms = house.store().opened(terms).await.unwrap();
    let suspensions: Vec<SuspensionRow> = raw
        .rows(&format!("select id, from_on, to_on from suspensions where case_id = {id} order by made_at, id"))
        .await;
    let suspensions = house.store().opened(suspensions).await.unwrap();
    let rounds: Vec<(Day,)> = raw.rows(&format!("select round_on from duty_assessments where case_id = {id}")).await;
    let shortenings: Vec<(ShorteningState, Option<Day>, Day)> =
        raw.rows(&format!("select state, decided_on, proposed_on from duty_shortenings where case_id = {id}")).await;
    let certified = raw.number(&format!("select count(*) from duty_certificates where case_id = {id}")).await > 0;
    Serving {
        term: terms.last().map(|last| {
            let told: serde_json::Value = serde_json::from_str(last.content.text()).unwrap();
            let day = |name: &str| told[name].as_str().unwrap().parse().unwrap();
            let known_on = terms[0].made_at.day();
            Term { from: day("from"), until: day("until"), ends: day("ends"), known_on }
        }),
        rounds: rounds.into_iter().map(|row| row.0.0).collect(),
        suspensions: suspensions
            .iter()
            .map(|row| (row.from_on.value().unwrap().0, row.to_on.day().map(|day| day.0)))
            .collect(),
        shortenings: shortenings
            .into_iter()
            .map(|(state, decided, proposed)| Shortening { state, on: decided.unwrap_or(proposed).0 })
            .collect(),
        certified,
    }
}

/// What the rule says of a case today, reckoned anew.
async fn reckoned(house: &House, raw: &mut Raw, case: CaseId) -> Plan {
    let book = follow_ups::rulebook(house.store()).await.unwrap();
    let today = house.store().today();
    due::plan(&facts(house, raw, case, today).await, &book.rules, &book.days, today)
}

/// The open rows that the engine made, as they are stored.
async fn stored(raw: &mut Raw, case: CaseId) -> Vec<Due> {
    let id = raw.id(case);
    let rows: Vec<(FollowUpKind, String, i64, Day, Day, i64, bool, bool, i64)> = raw
        .rows(&format!(
            "select kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed from follow_ups \
             where case_id = {id} and done_at is null and dropped_at is null and made_by is null"
        ))
        .await;
    let due = |(kind, rule, rule_version, base, on, interval_days, halved, family, postponed)| {
        let (base, on, postponed): (Day, Day, i64) = (base, on, postponed);
        let postponed = u32::try_from(postponed).unwrap();
        Due { kind, rule, rule_version, base_on: base.0, due_on: on.0, interval_days, halved, family, postponed }
    };
    let mut rows: Vec<Due> = rows.into_iter().map(due).collect();
    rows.sort_by_key(|item| (item.due_on, item.kind));
    rows
}

/// Stored is reckoned: the follow-ups, and what the case says of its contacts.
pub async fn assert_planned(house: &House, case: CaseId) {
    let mut raw = Raw::of(house).await;
    let mut plan = reckoned(house, &mut raw, case).await;
    let stored = stored(&mut raw, case).await;
    // A month has begun since the case was planned: the night brings its round.
    let rounds = stored.iter().filter(|due| due.kind == FollowUpKind::DutyAssessment);
    let known = rounds.map(|due| due.base_on).max();
    plan.due.retain(|due| due.kind != FollowUpKind::DutyAssessment || known.is_none_or(|last| due.base_on <= last));
    assert_eq!(stored, plan.due, "what is stored and what the rule says");
    let id = raw.id(case);
    let rows: Vec<(Option<Day>, bool, i64, bool, CaseStatus)> = raw
        .rows(&format!("select last_contact_on, never_met, tries, to_supervisor, status from cases where id = {id}"))
        .await;
    let (last, never_met, tries, to_supervisor, status) = rows[0];
    assert_eq!(
        (last.map(|day| day.0), never_met, tries, to_supervisor),
        (plan.last_contact_on, plan.never_met, i64::from(plan.tries), plan.to_supervisor)
    );
    assert_eq!(stored.is_empty(), !status.is_live(), "a live case has something due, a closed one nothing");
}

/// Every open row of a case, tasks too, without what tells one row from its like.
async fn open_set(raw: &mut Raw, case: CaseId) -> Vec<(String, String, Day, Day, i64, bool, i64)> {
    let id = raw.id(case);
    raw.rows(&format!(
        "select kind, rule, base_on, due_on, interval_days, what is not null, postponed from follow_ups where case_id = {id} \
         and done_at is null and dropped_at is null order by kind, rule, due_on, what is not null"
    ))
    .await
}

/// Every page of a list of follow-ups for somebody.
async fn listed(house: &House, name: &str, state: State) -> Vec<follow_ups::model::Line> {
    let scope = house.store().scope::<acts::ListFollowUps>(&actor(house, name).await).unwrap();
    let (mut lines, mut ask) = (Vec::new(), PageAsk { limit: 3, cursor: None });
    loop {
        let page = follow_ups::list(house.store(), &scope, state, &ask).await.unwrap();
        lines.extend(page.items);
        match page.next {
            Some(next) => ask.cursor = Some(next),
            None => return lines,
        }
    }
}

/// Every surface tells the same of the same people: lists, counts, the case, the line of the case list.
pub async fn assert_surfaces(house: &House, name: &str) {
    let (mut raw, today) = (Raw::of(house).await, house.store().today());
    let actor = actor(house, name).await;
    let scope = house.store().scope::<acts::ListCases>(&actor).unwrap();
    let everybody = PageAsk { limit: 100, cursor: None };
    let cases = cases::list(house.store(), &scope, &Filter::default(), &everybody).await.unwrap().items;
    let mut open: Vec<(Day, FollowUpId)> = Vec::new();
    for case in &cases {
        let id = raw.id(case.id);
        let rows: Vec<(Day, FollowUpId)> = raw
            .rows(&format!(
                "select due_on, id from follow_ups where case_id = {id} and done_at is null and dropped_at is null order by due_on, id"
            ))
            .await;
        let grant = house.store().permit::<acts::SeeCase>(&actor, case.id).await.unwrap();
        let shown: Vec<_> = follow_ups::of_case(house.store(), &grant).await.unwrap();
        let shown: Vec<_> = shown.into_iter().map(|row| (row.due_on, row.id)).collect();
        assert_eq!(shown, rows, "the page of a case shows what is open");
        assert_eq!(case.next_due_on, rows.first().map(|row| row.0), "the case list tells the soonest");
        open.extend(rows);
    }
    open.sort();
    let counts = {
        let scope = house.store().scope::<acts::ListFollowUps>(&actor).unwrap();
        follow_ups::counts(house.store(), &scope).await.unwrap()
    };
    let mut walked = Vec::new();
    for (state, counted) in
        [(State::Overdue, counts.overdue), (State::Today, counts.today), (State::Upcoming, counts.upcoming)]
    {
        let lines = listed(house, name, state).await;
        let soon = lines.iter().filter(|line| line.due_on.0 <= plus_days(today, 14)).count();
        assert_eq!(i64::try_from(soon).unwrap(), counted, "{name}: {state:?} is counted as it is listed");
        for line in &lines {
            let late = due::is_late(line.due_on.0, today);
            assert_eq!(late, state == State::Overdue, "late is what is overdue, and nothing else");
        }
        walked.extend(lines.into_iter().map(|line| (line.due_on, line.id)));
    }
    assert_eq!(walked, open, "{name}: the lists, one after another, are all that is open");
}

/// Somebody's random life, told through the verbs.
struct History {
    dice: StdRng,
    case: CaseId,
    /// Who was in charge, from when to when, both days included.
    charges: Vec<(&'static str, Date, Option<Date>)>,
    covers: Vec<(&'static str, &'static str, Date, Date)>,
    referral: Option<duongve::base::ids::ReferralId>,
    trace: Vec<String>,
}

const OFFICERS: [&str; 2] = ["officer", "officer2"];

impl History {
    fn in_charge(&self, name: &str, on: Date) -> bool {
        self.charges.iter().any(|(officer, from, to)| {
            *from <= on
                && to.is_none_or(|to| to >= on)
                && (*officer == name
                    || self
                        .covers
                        .iter()
                        .any(|(away, cover, from, to)| away == officer && *cover == name && *from <= on && *to >= on))
        })
    }

    fn officer(&self) -> &'static str {
        self.charges.last().unwrap().0
    }

    async fn status(&self, house: &House) -> CaseStatus {
        let mut raw = Raw::of(house).await;
        let id = raw.id(self.case);
        let rows: Vec<(CaseStatus,)> = raw.rows(&format!("select status from cases where id = {id}")).await;
        rows[0].0
    }

    /// One step; whatever a rule refuses is a step as well.
    async fn step(&mut self, house: &House) {
        let today = house.store().today();
        match self.dice.random_range(0..100) {
            0..20 => self.visit(house, today).await,
            20..30 => self.serve(house, today).await,
            30..38 => self.withdraw(house).await,
            38..48 => self.classify(house, today).await,
            48..56 => self.hand_over(house, today).await,
            56..62 => self.cover(house, today).await,
            62..70 => self.refer_or_end(house).await,
            70..80 => self.postpone(house).await,
            80..86 => self.task(house, today).await,
            86..94 => self.move_on(house, today).await,
            94..97 => self.go_on(house, today).await,
            _ => self.close(house, today).await,
        }
    }

    async fn visit(&mut self, house: &House, today: Date) {
        let helper = self.referral.is_some() && self.dice.random_bool(0.25);
        let mut visitors = vec!["supervisor"];
        visitors.extend(OFFICERS.iter().copied().filter(|name| {
            *name == self.officer()
                || self.covers.iter().any(|(away, cover, from, to)| {
                    *away == self.officer() && cover == name && *from <= today && *to >= today
                })
        }));
        let name = if helper { "partner" } else { visitors[self.dice.random_range(0..visitors.len())] };
        let on = plus_days(today, -self.dice.random_range(0..25));
        let kind = VisitKind::ALL[self.dice.random_range(0..VisitKind::ALL.len())];
        let met = self.dice.random_bool(0.65);
        let next = self.dice.random_bool(0.2).then(|| plus_days(today, self.dice.random_range(0..5)));
        self.trace.push(format!("{today} {name} visits on {on}: {kind} met {met} next {next:?}"));
        let draft = visits::model::Draft {
            on: show_day(on),
            kind: kind.to_string(),
            met: met.to_string(),
            next_on: next.map(show_day).unwrap_or_default(),
            ..visits::model::Draft::default()
        };
        let mut raw = Raw::of(house).await;
        let before = open_set(&mut raw, self.case).await;
        let grant = grant::<acts::LogVisit>(house, name, self.case).await;
        let id = match visits::log(house.store(), grant, &draft, None).await {
            Ok(id) => id,
            Err(Refused::Invalid(why)) => return self.trace.push(format!("  refused: {why}")),
            Err(other) => panic!("{other}"),
        };
        let sql = format!("select in_charge from visits where id = {}", raw.id(id));
        let rows: Vec<(bool,)> = raw.rows(&sql).await;
        assert_eq!(rows[0].0, !helper && self.in_charge(name, on), "{name} was in charge on {on}");
        if self.dice.random_bool(0.3) {
            self.trace.push("  and takes it back".into());
            take_back(house, id).await;
            let mut after = open_set(&mut raw, self.case).await;
            // A month has begun since the case was planned: its round came with this.
            let known = before.iter().filter(|row| row.0 == "duty_assessment").map(|row| row.2.0).max();
            after.retain(|row| row.0 != "duty_assessment" || known.is_none_or(|last| row.2.0 <= last));
            assert_eq!(after, before, "taken back at once, it is as if it had never been");
        }
    }

    async fn withdraw(&mut self, house: &House) {
        let mut raw = Raw::of(house).await;
        let id = raw.id(self.case);
        let rows: Vec<(VisitId,)> =
            raw.rows(&format!("select id from visits where case_id = {id} and withdrawn_at is null order by id")).await;
        if !rows.is_empty() {
            let visit = rows[self.dice.random_range(0..rows.len())].0;
            self.trace.push(format!("takes back {visit}"));
            take_back(house, visit).await;
        }
    }

    async fn classify(&mut self, house: &House, today: Date) {
        let group = Group::ALL[self.dice.random_range(0..4)];
        let since = plus_days(today, -self.dice.random_range(0..10));
        self.trace.push(format!("{today} group {group} since {since}"));
        let draft = cases::model::ClassificationDraft {
            group: group.to_string(),
            since_on: show_day(since),
            reason: "theo báo cáo".into(),
            ..Default::default()
        };
        let grant = grant::<acts::Classify>(house, "supervisor", self.case).await;
        may_refuse(cases::classify(house.store(), grant, &draft, None).await);
    }

    async fn hand_over(&mut self, house: &House, today: Date) {
        let to = if self.officer() == "officer" { "officer2" } else { "officer" };
        let draft = assignments::model::Draft { officer: to.into(), reason: "nghỉ phép".into() };
        let grant = grant::<acts::Assign>(house, "supervisor", self.case).await;
        if may_refuse(assignments::assign(house.store(), grant, &draft, None).await) {
            self.trace.push(format!("{today} handed over to {to}"));
            self.charges.last_mut().unwrap().2 = Some(today);
            self.charges.push((to, today, None));
        }
    }

    async fn cover(&mut self, house: &House, today: Date) {
        let (away, cover) = if self.dice.random_bool(0.5) { ("officer", "officer2") } else { ("officer2", "officer") };
        let (from, to) =
            (plus_days(today, -self.dice.random_range(0..4)), plus_days(today, self.dice.random_range(0..9)));
        self.trace.push(format!("{today} {cover} covers for {away} from {from} to {to}"));
        world::cover(house, away, cover, from, to).await;
        self.covers.push((away, cover, from, to));
    }

    async fn refer_or_end(&mut self, house: &House) {
        if let Some(referral) = self.referral.take() {
            self.trace.push("the referral ends".into());
            let draft = referrals::model::EndDraft { reason: "đã xong".into() };
            let grant = grant::<acts::EndReferral>(house, "supervisor", referral).await;
            assert!(may_refuse(referrals::end(house.store(), grant, &draft, None, None).await));
        } else if self.status(house).await.is_live() {
            self.trace.push("referred to the women".into());
            let women = world::organisation(house, "30577", "women").await;
            self.referral = Some(world::refer(house, "supervisor", self.case, women, "partner").await);
        }
    }

    async fn postpone(&mut self, house: &House) {
        let mut raw = Raw::of(house).await;
        let id = raw.id(self.case);
        let rows: Vec<(FollowUpId, Day)> = raw
            .rows(&format!(
                "select id, due_on from follow_ups where case_id = {id} and done_at is null and dropped_at is null"
            ))
            .await;
        if rows.is_empty() {
            return;
        }
        let (item, due_on) = rows[self.dice.random_range(0..rows.len())];
        let to = plus_days(due_on.0, self.dice.random_range(0..12));
        let draft = follow_ups::model::PostponementDraft { to_on: show_day(to), reason: "bà con đi làm xa".into() };
        let grant = grant::<acts::PostponeFollowUp>(house, "supervisor", item).await;
        let done = may_refuse(follow_ups::postpone(house.store(), grant, &draft, None, None).await);
        self.trace.push(format!("put off {due_on} to {to}: {done}"));
    }

    async fn task(&mut self, house: &House, today: Date) {
        if !self.status(house).await.is_live() {
            return;
        }
        self.trace.push("a task".into());
        let due_on = show_day(plus_days(today, self.dice.random_range(0..20)));
        let draft = TaskDraft { what: "làm căn cước".into(), due_on, organisation: String::new() };
        let grant = grant::<acts::AddTask>(house, "supervisor", self.case).await;
        may_refuse(follow_ups::add_task(house.store(), grant, &draft, None).await);
    }

    /// Something of a sentence in the community, under whatever regime: of a case of help it is refused, and nothing is
    /// written.
    async fn serve(&mut self, house: &House, today: Date) {
        let (store, ahead) = (house.store(), self.dice.random_range(0..9));
        let day = |days: i64| show_day(plus_days(today, days));
        let (what, done) = match self.dice.random_range(0..7) {
            0 => {
                let draft = duties::model::TermDraft {
                    from_on: day(-ahead * 60),
                    until_on: day(ahead * 20 + 1),
                    ..Default::default()
                };
                let grant = grant::<acts::SetDutyTerm>(house, "supervisor", self.case).await;
                ("term", may_refuse(duties::set_term(store, grant, &draft, None).await))
            }
            1 | 2 => {
                let draft = duties::model::AssessmentDraft {
                    round_on: show_day(today.first_of_month()),
                    result: "good".into(),
                    ..Default::default()
                };
                let grant = grant::<acts::AssessDuty>(house, "supervisor", self.case).await;
                ("assessment", may_refuse(duties::assess(store, grant, &draft, None, None).await))
            }
            3 => {
                let draft = duties::model::AbsenceDraft {
                    from_on: day(ahead),
                    to_on: day(ahead + 2),
                    place: "Cần Thơ".into(),
                    reason: "thăm mẹ".into(),
                    proposal: "grant".into(),
                    over_reason: "mẹ bệnh".into(),
                    ..Default::default()
                };
                let grant = grant::<acts::AskAbsence>(house, "supervisor", self.case).await;
                ("absence", may_refuse(duties::absences::ask(store, grant, &draft, None).await))
            }
            4 => {
                let draft = duties::model::BreachDraft {
                    on: day(0),
                    what: "không báo".into(),
                    measures: "gặp".into(),
                    due_on: day(ahead),
                    ..Default::default()
                };
                let grant = grant::<acts::NoteBreach>(house, "supervisor", self.case).await;
                ("breach", may_refuse(duties::note_breach(store, grant, &draft, None).await))
            }
            5 => {
                let draft = duties::model::ShorteningDraft {
                    state: "not_proposed".into(),
                    note: "xem thêm".into(),
                    ..Default::default()
                };
                let grant = grant::<acts::ConsiderShortening>(house, "supervisor", self.case).await;
                ("shortening", may_refuse(duties::consider(store, grant, &draft, None).await))
            }
            _ => {
                let draft = duties::model::CertificateDraft {
                    number: "7/GCN".into(),
                    how: "handed".into(),
                    ..Default::default()
                };
                let grant = grant::<acts::CertifyCompletion>(house, "supervisor", self.case).await;
                ("certificate", may_refuse(duties::certify(store, grant, &draft, None).await))
            }
        };
        self.trace.push(format!("{today} {what}: {done}"));
        let mut raw = Raw::of(house).await;
        let id = raw.id(self.case);
        let regime: Vec<(Regime,)> = raw.rows(&format!("select regime from legals where case_id = {id}")).await;
        assert!(!done || regime[0].0.carries_duties(), "{what} was written down of a case that carries no duties");
    }

    /// A conditional release is over and goes on as a served sentence, a postponed one as an amnesty.
    async fn go_on(&mut self, house: &House, today: Date) {
        let draft = cases::model::ContinuationDraft { certificate_no: "GCN-7".into(), certificate_on: show_day(today) };
        let grant = grant::<acts::ContinueCase>(house, "supervisor", self.case).await;
        let done = may_refuse(cases::go_on(house.store(), grant, &draft, None, None).await);
        self.trace.push(format!("{today} goes on: {done}"));
    }

    async fn move_on(&mut self, house: &House, today: Date) {
        let step =
            ["address_checked", "informed", "term", "received", "suspended", "resumed"][self.dice.random_range(0..6)];
        let on = match step {
            "suspended" | "term" => plus_days(today, self.dice.random_range(0..20)),
            _ => plus_days(today, -self.dice.random_range(0..5)),
        };
        let draft = cases::model::StepDraft {
            step: step.into(),
            on: show_day(on),
            found: ["", "elsewhere"][self.dice.random_range(0..2)].into(),
            ..Default::default()
        };
        let grant = grant::<acts::MoveCase>(house, "supervisor", self.case).await;
        let done = may_refuse(cases::take_step(house.store(), grant, &draft, None).await);
        self.trace.push(format!("{today} {step} on {on}: {done}"));
    }

    async fn close(&mut self, house: &House, today: Date) {
        let draft = cases::model::ClosureDraft { ground: "moved".into(), on: show_day(today), ..Default::default() };
        let grant = grant::<acts::CloseCase>(house, "supervisor", self.case).await;
        if may_refuse(cases::close(house.store(), grant, &draft, None, None).await) {
            self.trace.push(format!("{today} closed"));
            self.charges.last_mut().unwrap().2 = Some(today);
            self.referral = None;
        }
    }
}

/// Was it done? A refusal that a person can mend is an answer too; anything else is a fault.
#[track_caller]
fn may_refuse<T>(result: Result<T, Refused>) -> bool {
    match result {
        Ok(_) => true,
        Err(Refused::Invalid(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

async fn take_back(house: &House, visit: VisitId) {
    let draft = visits::model::WithdrawalDraft { reason: "ghi nhầm người".into() };
    let grant = grant::<acts::WithdrawVisit>(house, "supervisor", visit).await;
    visits::withdraw(house.store(), grant, &draft, None, None).await.unwrap();
}

async fn live_through(house: &House, seed: u64, steps: usize) {
    let mut dice = StdRng::seed_from_u64(seed);
    let regime = Regime::ALL[dice.random_range(0..Regime::ALL.len())];
    let received = dice.random_bool(0.7);
    let mut draft = world::draft(&format!("Life{seed}"), usize::try_from(seed % 90).unwrap());
    draft.regime = regime.to_string();
    draft.hamlet = String::new();
    if !received {
        draft.received_on = String::new();
        draft.noticed_on = show_day(TODAY);
        draft.present_by_on = if dice.random_bool(0.5) { show_day(plus_days(TODAY, 9)) } else { String::new() };
    }
    house.go_to(TODAY);
    let case = world::open(house, "officer", &draft).await;
    let mut life = History {
        dice,
        case,
        charges: vec![("officer", TODAY, None)],
        covers: Vec::new(),
        referral: None,
        trace: vec![format!("seed {seed}: {regime}, received {received}")],
    };
    for step in 0..steps {
        let ahead = if life.dice.random_bool(0.5) { life.dice.random_range(0..20) * 86_400 } else { 0 };
        house.clock.set(house.clock.now().plus(ahead + 60));
        life.step(house).await;
        let trace = Told(&life.trace);
        owes_only_what_her_regime_asks(house, case).await;
        assert_planned(house, case).await;
        if step % 4 == 3 {
            assert_surfaces(house, "supervisor").await;
            for officer in OFFICERS {
                assert_surfaces(house, officer).await;
            }
        }
        drop(trace);
    }
}

/// Whoever has served her sentence, was amnestied or is helped by her own wish has no assessment, absence, breach, shortening
/// or certificate open, however her case came there.
async fn owes_only_what_her_regime_asks(house: &House, case: CaseId) {
    let mut raw = Raw::of(house).await;
    let id = raw.id(case);
    let open: Vec<(FollowUpKind, Regime)> = raw
        .rows(&format!(
            "select f.kind, l.regime from follow_ups f join legals l on l.case_id = f.case_id where f.case_id = {id} \
             and f.done_at is null and f.dropped_at is null"
        ))
        .await;
    for (kind, regime) in open {
        assert!(!kind.is_duty() || regime.carries_duties(), "{kind} under {regime}");
    }
}

/// Prints the history if what follows fails.
struct Told<'a>(&'a [String]);
impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the history:\n{}", self.0.join("\n"));
        }
    }
}

both!(after_any_history_stored_is_what_the_rule_says_on_every_surface, async |house: House| {
    let from: u64 = std::env::var("DUONGVE_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    for seed in from..from + 12 {
        live_through(&house, seed, 24).await;
    }
});

// The traps.

/// A person received on Monday 02/11/2026, in charge: officer. Returns on 23/11.
async fn received(house: &House, mark: &str) -> CaseId {
    house.go_to(date(2026, 11, 2));
    let draft = cases::model::Draft { received_on: "02/11/2026".into(), ..world::draft(mark, 5) };
    let case = world::open(house, "officer", &draft).await;
    house.go_to(TODAY);
    case
}

async fn next_contact(house: &House, case: CaseId) -> Date {
    let mut raw = Raw::of(house).await;
    let stored = stored(&mut raw, case).await;
    stored.iter().find(|item| item.kind == FollowUpKind::Contact).expect("always a contact").due_on
}

async fn last_contact(house: &House, case: CaseId) -> Option<Date> {
    let mut raw = Raw::of(house).await;
    reckoned(house, &mut raw, case).await.last_contact_on
}

both!(two_good_visits_in_one_window_count_one_person_once, async |house: House| {
    let case = received(&house, "Twice").await;
    world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 19))).await;
    world::visit(&house, "officer", case, &world::met("office", date(2026, 11, 20))).await;
    world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 20))).await;
    assert_planned(&house, case).await;
    let lines = listed(&house, "supervisor", State::Upcoming).await;
    let contacts = lines.iter().filter(|line| line.case_id == case && line.kind == FollowUpKind::Contact).count();
    assert_eq!(contacts, 1, "one person, one next contact");
    let scope = house.store().scope::<acts::ListCases>(&actor(&house, "supervisor").await).unwrap();
    assert_eq!(cases::count(house.store(), &scope, &Filter::default()).await.unwrap(), 1);
    assert_surfaces(&house, "supervisor").await;
});

both!(a_visit_that_is_logged_late_counts_from_its_own_day, async |house: House| {
    let case = received(&house, "Late").await;
    world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 10))).await;
    assert_eq!(last_contact(&house, case).await, Some(date(2026, 11, 10)));
    // 30 days, halved in the first three months: Wednesday 25/11, not 15 days from today.
    assert_eq!(next_contact(&house, case).await, date(2026, 11, 25));
    // An older one that is written down after it changes nothing.
    world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 4))).await;
    assert_eq!(next_contact(&house, case).await, date(2026, 11, 25));
    // And one before the reception is none.
    world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 1))).await;
    assert_eq!(last_contact(&house, case).await, Some(date(2026, 11, 10)));
});

both!(a_visit_in_the_future_is_refused, async |house: House| {
    let case = received(&house, "Future").await;
    let grant = grant::<acts::LogVisit>(&house, "officer", case).await;
    let draft = world::met("home", plus_days(TODAY, 1));
    let refused = visits::log(house.store(), grant, &draft, None).await;
    assert!(matches!(refused, Err(Refused::Invalid(why)) if why.0[0].field == "on"));
});

both!(what_is_due_today_is_late_on_no_surface, async |house: House| {
    let case = received(&house, "Today").await;
    let due_on = next_contact(&house, case).await;
    house.go_to(due_on);
    let today = listed(&house, "officer", State::Today).await;
    assert!(today.iter().any(|line| line.case_id == case && line.kind == FollowUpKind::Contact));
    let overdue = listed(&house, "officer", State::Overdue).await;
    assert!(overdue.iter().all(|line| line.due_on.0 < due_on));
    assert!(!overdue.iter().any(|line| line.kind == FollowUpKind::Contact));
    assert_eq!(due::days_late(due_on, due_on), 0);
    assert_surfaces(&house, "officer").await;
    house.go_to(plus_days(due_on, 1));
    let overdue = listed(&house, "officer", State::Overdue).await;
    assert!(
        overdue.iter().any(|line| line.case_id == case && line.kind == FollowUpKind::Contact),
        "the day after it is"
    );
    assert_surfaces(&house, "officer").await;
});

both!(midnight_is_midnight_in_viet_nam, async |house: House| {
    let case = received(&house, "Midnight").await;
    let evening = date(2026, 11, 24);
    // 23:59 in Viet Nam is 16:59 in UTC: still the 24th, and the 25th is the future.
    house.clock.set(At::of(evening, 23, 59));
    let grant = grant::<acts::LogVisit>(&house, "officer", case).await;
    let refused = visits::log(house.store(), grant, &world::met("home", plus_days(evening, 1)), None).await;
    assert!(matches!(refused, Err(Refused::Invalid(_))));
    world::visit(&house, "officer", case, &world::met("home", evening)).await;
    assert_eq!(last_contact(&house, case).await, Some(evening));
    assert_planned(&house, case).await;
    // One minute later it is the 25th, though UTC still says the 24th.
    house.clock.set(At::of(plus_days(evening, 1), 0, 0));
    assert_eq!(house.store().today(), plus_days(evening, 1));
    world::visit(&house, "officer", case, &world::met("home", plus_days(evening, 1))).await;
    assert_eq!(last_contact(&house, case).await, Some(plus_days(evening, 1)));
    assert_planned(&house, case).await;
});

both!(a_partners_visit_settles_its_own_task_and_no_contact, async |house: House| {
    let case = received(&house, "Partner").await;
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", case, women, "partner").await;
    let before = next_contact(&house, case).await;
    let draft = visits::model::Draft { next_on: show_day(plus_days(TODAY, 3)), ..world::met("home", TODAY) };
    world::visit(&house, "partner", case, &draft).await;
    assert_eq!(next_contact(&house, case).await, before);
    assert_eq!(last_contact(&house, case).await, None, "never met by the office");
    let tasks = listed(&house, "partner", State::Upcoming).await;
    assert_eq!(tasks.len(), 1, "her own next visit is her task");
    house.go_to(plus_days(TODAY, 3));
    world::visit(&house, "partner", case, &world::met("home", plus_days(TODAY, 3))).await;
    assert!(listed(&house, "partner", State::Today).await.is_empty(), "her visit has settled it");
    assert_eq!(next_contact(&house, case).await, before);
    assert_planned(&house, case).await;
});

both!(a_supervisors_visit_settles_nothing_unless_she_is_in_charge, async |house: House| {
    let case = received(&house, "Head").await;
    let before = next_contact(&house, case).await;
    world::visit(&house, "supervisor", case, &world::met("home", TODAY)).await;
    assert_eq!((next_contact(&house, case).await, last_contact(&house, case).await), (before, None));
});

both!(a_telephone_call_settles_nothing, async |house: House| {
    let case = received(&house, "Telephone").await;
    let before = next_contact(&house, case).await;
    world::visit(&house, "officer", case, &world::met("telephone", TODAY)).await;
    assert_eq!((next_contact(&house, case).await, last_contact(&house, case).await), (before, None));
    // Nor does it on the day of a good visit: what that one settled stays settled once.
    world::visit(&house, "officer", case, &world::met("home", TODAY)).await;
    world::visit(&house, "officer", case, &world::met("telephone", TODAY)).await;
    let mut raw = Raw::of(&house).await;
    let sql = format!(
        "select count(*) from follow_ups where case_id = {} and kind = 'contact' and done_at is not null",
        raw.id(case)
    );
    assert_eq!(raw.number(&sql).await, 1);
});

both!(the_one_who_covers_settles_on_the_days_of_her_cover, async |house: House| {
    let case = received(&house, "Cover").await;
    world::cover(&house, "officer", "officer2", plus_days(TODAY, -1), plus_days(TODAY, 1)).await;
    // The first and the last day are hers, the day before and after are not.
    let on = plus_days(TODAY, -1);
    world::visit(&house, "officer2", case, &world::met("home", on)).await;
    assert_eq!(last_contact(&house, case).await, Some(on));
    world::visit(&house, "officer2", case, &world::met("home", plus_days(TODAY, -2))).await;
    assert_eq!(last_contact(&house, case).await, Some(on));
    house.go_to(plus_days(TODAY, 1));
    world::visit(&house, "officer2", case, &world::met("home", plus_days(TODAY, 1))).await;
    assert_eq!(last_contact(&house, case).await, Some(plus_days(TODAY, 1)), "the last day is not dropped");
    house.go_to(plus_days(TODAY, 2));
    let actor = actor(&house, "officer2").await;
    assert!(house.store().permit::<acts::LogVisit>(&actor, case).await.is_err(), "and then it is over");
});

both!(three_tries_without_meeting_go_to_the_supervisor, async |house: House| {
    let case = received(&house, "Tries").await;
    let told = async || {
        let mut raw = Raw::of(&house).await;
        let sql = format!("select to_supervisor, tries from cases where id = {}", raw.id(case));
        let rows: Vec<(bool, i64)> = raw.rows(&sql).await;
        rows[0]
    };
    let tried = |on| visits::model::Draft { met: "false".into(), ..world::met("home", on) };
    let before = next_contact(&house, case).await;
    for (day, expected) in [(10, (false, 1)), (12, (false, 2)), (16, (true, 3))] {
        world::visit(&house, "officer", case, &tried(date(2026, 11, day))).await;
        assert_eq!(told().await, expected);
        assert_eq!(next_contact(&house, case).await, before, "a try settles nothing");
    }
    // A visit that met, logged late, between the tries: only those after it still run.
    world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 12))).await;
    assert_eq!(told().await, (false, 1));
    assert_planned(&house, case).await;
});

both!(a_handover_keeps_what_is_overdue, async |house: House| {
    let case = received(&house, "Handover").await;
    let before = listed(&house, "officer", State::Overdue).await;
    assert!(before.iter().any(|line| line.kind == FollowUpKind::Contact));
    let draft = assignments::model::Draft { officer: "officer2".into(), reason: "nghỉ thai sản".into() };
    let grant = grant::<acts::Assign>(&house, "supervisor", case).await;
    assignments::assign(house.store(), grant, &draft, None).await.unwrap();
    let after = listed(&house, "officer2", State::Overdue).await;
    let same = |lines: &[follow_ups::model::Line]| {
        lines.iter().map(|line| (line.id, line.due_on, line.base_on)).collect::<Vec<_>>()
    };
    assert_eq!(same(&before), same(&after), "not made new, not put off");
    assert!(listed(&house, "officer", State::Overdue).await.is_empty(), "access ends with the assignment");
});

both!(a_visit_taken_back_opens_what_it_had_settled_and_nothing_else, async |house: House| {
    let case = received(&house, "Back").await;
    let mut raw = Raw::of(&house).await;
    let before = open_set(&mut raw, case).await;
    let first = world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 9))).await;
    let between = open_set(&mut raw, case).await;
    let draft = visits::model::Draft { next_on: show_day(TODAY), ..world::met("home", date(2026, 11, 20)) };
    let second = world::visit(&house, "officer", case, &draft).await;
    take_back(&house, second).await;
    assert_eq!(open_set(&mut raw, case).await, between);
    take_back(&house, first).await;
    assert_eq!(open_set(&mut raw, case).await, before);
    // In the other order the end is the same.
    let first = world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 9))).await;
    let second = world::visit(&house, "officer", case, &world::met("home", date(2026, 11, 20))).await;
    take_back(&house, first).await;
    assert_eq!(last_contact(&house, case).await, Some(date(2026, 11, 20)));
    assert_planned(&house, case).await;
    take_back(&house, second).await;
    assert_eq!(open_set(&mut raw, case).await, before);
    assert_surfaces(&house, "officer").await;
});
