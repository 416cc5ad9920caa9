//! Reports: every number against a diary that is kept beside the program and counted day by day; who gets which; what is told
//! outside.

use crate::{
    both,
    house::{House, TODAY},
    raw::Raw,
    world,
};
use duongve::{
    base::{
        ids::{CaseId, ReferralId},
        text::show_day,
        time::plus_days,
    },
    cases, clearances, livelihood,
    policy::acts,
    referrals,
};
use jiff::civil::Date;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::Value;
use std::collections::BTreeMap;

/// What happened, as somebody would note it down who knows nothing of the program.
#[derive(Clone, Debug, PartialEq)]
enum Event {
    Noticed { term: Date },
    Received,
    Closed(&'static str),
    Reopened,
    Group(&'static str),
    Work(&'static str),
    Met,
    Tried,
    Helped(&'static str),
    Referred(&'static str),
    ReferralEnded(&'static str),
}

/// One case, and what became of it.
pub struct Life {
    pub case: CaseId,
    officer: &'static str,
    regime: &'static str,
    events: Vec<(Date, Event)>,
    referral: Option<(ReferralId, &'static str)>,
    pub sealed: bool,
}

/// How somebody stood at the end of a day.
#[derive(Clone, Debug, Default)]
struct Standing {
    noticed: bool,
    term: Option<Date>,
    received: bool,
    closed: bool,
    since: Option<Date>,
    group: Option<&'static str>,
    work: Option<&'static str>,
    last_met: Option<Date>,
    helpers: Vec<&'static str>,
}

impl Standing {
    fn managed(&self) -> bool {
        self.received && !self.closed
    }
}

impl Life {
    fn on(&self, day: Date) -> Standing {
        let mut at = Standing::default();
        for (on, event) in self.events.iter().filter(|(on, _)| *on <= day) {
            match event {
                Event::Noticed { term } => (at.noticed, at.term) = (true, Some(*term)),
                Event::Received => (at.received, at.since) = (true, Some(*on)),
                Event::Closed(_) => {
                    at.closed = true;
                    at.helpers.clear();
                }
                Event::Reopened => (at.closed, at.since) = (false, Some(*on)),
                Event::Group(group) => at.group = Some(group),
                Event::Work(work) => at.work = Some(work),
                Event::Met => at.last_met = Some(*on),
                Event::Referred(kind) => at.helpers.push(kind),
                Event::ReferralEnded(kind) => at.helpers.retain(|known| known != kind),
                Event::Tried | Event::Helped(_) => {}
            }
        }
        at
    }

    fn within(&self, from: Date, to: Date) -> impl Iterator<Item = &(Date, Event)> {
        self.events.iter().filter(move |(on, _)| from <= *on && *on <= to)
    }
}

/// The numbers of a period, counted from the diary.
fn naive(lives: &[Life], from: Date, to: Date) -> BTreeMap<String, i64> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    let mut add = |key: String, yes: bool| *sums.entry(key).or_default() += i64::from(yes);
    for life in lives {
        let (before, at) = (life.on(plus_days(from, -1)), life.on(to));
        let managed = at.managed();
        add("managed_start".into(), before.managed());
        add("managed_end".into(), managed);
        // Whoever was there at the beginning, and once more each time that somebody came.
        add("managed_over".into(), before.managed());
        for _ in life.within(from, to).filter(|(_, event)| matches!(event, Event::Received | Event::Reopened)) {
            add("managed_over".into(), true);
        }
        add(format!("regime_{}", life.regime), managed);
        add("waiting".into(), at.noticed && !at.received && !at.closed);
        add("late".into(), at.noticed && !at.received && !at.closed && at.term.is_some_and(|term| term < to));
        add(format!("group_{}", at.group.unwrap_or("none").to_lowercase()), managed);
        add(format!("work_{}", at.work.unwrap_or("unknown")), managed);
        add("helper".into(), managed && !at.helpers.is_empty());
        for kind in ["women", "youth"] {
            add(format!("helped_by_{kind}"), managed && at.helpers.contains(&kind));
        }
        let last = at.last_met.filter(|met| at.since.is_some_and(|since| *met >= since)).or(at.since);
        add("unseen".into(), managed && last.is_some_and(|last| plus_days(last, 90) < to));
        add("seen".into(), life.within(from, to).any(|(_, event)| *event == Event::Met));
        for kind in ["training", "counselling", "gift"] {
            add(format!("helped_{kind}"), life.within(from, to).any(|(_, event)| *event == Event::Helped(kind)));
        }
        let mut in_d = false;
        for (on, event) in &life.events {
            let within = from <= *on && *on <= to;
            match event {
                Event::Received => {
                    add("entered".into(), within);
                    add(format!("entered_{}", life.regime), within);
                }
                Event::Reopened => {
                    in_d = false;
                    add("entered".into(), within);
                    add("entered_reopened".into(), within);
                }
                Event::Closed("not_come") => add("not_come".into(), within),
                Event::Closed(ground) => {
                    add("ended".into(), within);
                    add(format!("ended_{ground}"), within);
                    add("reoffended".into(), within && *ground == "new_sentence");
                }
                Event::Group(group) => {
                    add("custody".into(), within && *group == "D" && !in_d);
                    in_d = *group == "D";
                }
                Event::Met => add("visits_met".into(), within),
                Event::Tried => add("visits_tried".into(), within),
                _ => {}
            }
        }
    }
    sums
}

/// One deed on somebody's case, noted down as it is done.
async fn deed(house: &House, life: &mut Life, today: Date, dice: &mut StdRng) {
    if life.sealed {
        return;
    }
    let (store, case) = (house.store(), life.case);
    let at = life.on(today);
    let event = if !at.received {
        if at.closed {
            return;
        }
        let late = at.term.is_some_and(|term| term < today);
        if late && dice.random_bool(0.3) {
            close(house, life, "not_come", today).await
        } else if dice.random_bool(0.5) {
            let draft = cases::model::StepDraft { step: "received".into(), on: show_day(today), ..Default::default() };
            let grant = world::grant::<acts::MoveCase>(house, life.officer, case).await;
            cases::take_step(store, grant, &draft, None).await.unwrap();
            Event::Received
        } else {
            return;
        }
    } else if at.closed {
        if dice.random_bool(0.4) {
            let grant = world::grant::<acts::ReopenCase>(house, "supervisor", case).await;
            let draft = cases::model::ReopeningDraft { reason: "Trở lại địa phương".into() };
            cases::reopen(store, grant, &draft, None).await.unwrap();
            Event::Reopened
        } else {
            return;
        }
    } else {
        match dice.random_range(0..9) {
            0..=2 => {
                let met = dice.random_bool(0.7);
                let mut draft = world::met("home", today);
                draft.met = met.to_string();
                world::visit(house, life.officer, case, &draft).await;
                if met { Event::Met } else { Event::Tried }
            }
            3 => {
                let group = *["A", "B", "C", "D"].choose(dice).unwrap();
                let draft = cases::model::ClassificationDraft {
                    group: group.into(),
                    reason: "theo báo cáo".into(),
                    ..Default::default()
                };
                let grant = world::grant::<acts::Classify>(house, life.officer, case).await;
                cases::classify(store, grant, &draft, None).await.unwrap();
                Event::Group(group)
            }
            4 => {
                let status = *["steady", "unstable", "none", "studying", "unable"].choose(dice).unwrap();
                let draft = livelihood::work::model::Draft { status: status.into(), ..Default::default() };
                let grant = world::grant::<acts::SetWork>(house, life.officer, case).await;
                livelihood::work::set(store, grant, &draft, None).await.unwrap();
                Event::Work(status)
            }
            5 => {
                let kind = *["training", "counselling", "gift"].choose(dice).unwrap();
                let draft = livelihood::model::Draft {
                    kind: kind.into(),
                    what: "một phần".into(),
                    state: "given".into(),
                    ..Default::default()
                };
                let grant = world::grant::<acts::LogHelp>(house, life.officer, case).await;
                livelihood::log(store, grant, &draft, None).await.unwrap();
                Event::Helped(kind)
            }
            6 => match life.referral.take() {
                Some((id, kind)) => {
                    let grant = world::grant::<acts::EndReferral>(house, life.officer, id).await;
                    let reason = referrals::model::EndDraft { reason: "Xong việc".into() };
                    referrals::end(store, grant, &reason, None, None).await.unwrap();
                    Event::ReferralEnded(kind)
                }
                None => {
                    let (kind, helper) = [("women", "partner"), ("youth", "partner2")][dice.random_range(0..2)];
                    let organisation = world::organisation(house, "30577", kind).await;
                    life.referral = Some((world::refer(house, life.officer, case, organisation, helper).await, kind));
                    Event::Referred(kind)
                }
            },
            7 => {
                let ground = *["moved", "died", "new_sentence", "other"].choose(dice).unwrap();
                close(house, life, ground, today).await
            }
            _ => return,
        }
    };
    life.events.push((today, event));
}

async fn close(house: &House, life: &mut Life, ground: &'static str, today: Date) -> Event {
    let grant = world::grant::<acts::CloseCase>(house, life.officer_or_head(), life.case).await;
    let draft = cases::model::ClosureDraft { ground: ground.into(), on: show_day(today), ..Default::default() };
    cases::close(house.store(), grant, &draft, None, None).await.unwrap();
    life.referral = None;
    Event::Closed(ground)
}

impl Life {
    /// Whoever was in charge may not be so any more after a reopening.
    fn officer_or_head(&self) -> &'static str {
        "supervisor"
    }
}

async fn sealed(house: &House, life: &mut Life, today: Date) -> duongve::base::ids::SealingId {
    let draft = clearances::model::SealDraft {
        paper: "certificate".into(),
        paper_no: "Papernumber".into(),
        paper_on: show_day(today),
        help: "no".into(),
        understood: "true".into(),
        ..clearances::model::SealDraft::default()
    };
    let grant = world::grant::<acts::SealCase>(house, "supervisor", life.case).await;
    let done = clearances::seal(house.store(), grant, &draft, None).await.unwrap();
    if !life.on(today).closed {
        life.events.push((today, Event::Closed("record_cleared")));
    }
    life.sealed = true;
    done.seal
}

/// Half a year of a commune; what was done, and the last day.
pub async fn half_a_year(house: &House, seed: u64) -> (Vec<Life>, Date, Vec<duongve::base::ids::SealingId>) {
    let mut dice = StdRng::seed_from_u64(seed);
    let (mut lives, mut seals) = (Vec::new(), Vec::new());
    let mut today = TODAY;
    for round in 0..42_usize {
        house.go_to(today);
        if round < 26 && round % 2 == 0 {
            let regime =
                *["completed", "amnestied", "suspended_sentence", "conditional_release"].choose(&mut dice).unwrap();
            let officer = *["officer", "officer2"].choose(&mut dice).unwrap();
            let mut draft = world::draft(&format!("R{seed}x{round}"), round);
            draft.regime = regime.into();
            draft.received_on = show_day(today);
            let mut first = Event::Received;
            if regime != "suspended_sentence" && dice.random_bool(0.35) {
                let term = plus_days(today, dice.random_range(3..25));
                draft.received_on = String::new();
                draft.noticed_on = show_day(today);
                draft.present_by_on = show_day(term);
                first = Event::Noticed { term };
            }
            let case = world::open(house, officer, &draft).await;
            lives.push(Life { case, officer, regime, events: vec![(today, first)], referral: None, sealed: false });
        } else {
            for life in &mut lives {
                if life.events.last().is_some_and(|(on, _)| *on < today) && dice.random_bool(0.55) {
                    deed(house, life, today, &mut dice).await;
                }
            }
        }
        if round > 14 && round % 6 == 0 {
            let fit = |life: &&mut Life| {
                !life.sealed && life.on(today).received && life.events.last().is_some_and(|(on, _)| *on < today)
            };
            if let Some(life) = lives.iter_mut().find(fit) {
                seals.push(sealed(house, life, today).await);
            }
        }
        today = plus_days(today, dice.random_range(2..7));
    }
    house.go_to(today);
    (lives, today, seals)
}

/// The numbers of a report, by their lines.
pub fn values(report: &Value) -> BTreeMap<String, i64> {
    let indicators = report["indicators"].as_array().unwrap();
    assert_eq!(indicators.len(), 16);
    let lines = indicators.iter().flat_map(|one| one["lines"].as_array().unwrap());
    lines.map(|line| (line["line"].as_str().unwrap().to_owned(), line["value"].as_i64().unwrap())).collect()
}

/// Asks for many periods and compares each number that the diary knows; how many were compared.
async fn compared(house: &House, who: &str, lives: &[Life], last: Date) -> usize {
    let program = house.program(who).await;
    let mut numbers = 0;
    for (period, rule, step) in [
        ("month", "state", 29),
        ("month", "calendar", 31),
        ("quarter", "state", 80),
        ("half_year", "calendar", 170),
        ("year", "state", 300),
    ] {
        let mut on = plus_days(TODAY, -20);
        while on <= plus_days(last, 40) {
            let report =
                program.get(&format!("/api/v1/reports?period={period}&rule={rule}&on={on}")).await.expect(200).json();
            let day = |key: &str| report["days"][key].as_str().unwrap().parse::<Date>().unwrap();
            let (from, to) = (day("from"), day("to"));
            let (told, known) = (values(&report), naive(lives, from, to));
            for (key, value) in &known {
                assert_eq!(told.get(key), Some(value), "{key} of {from} – {to}");
                numbers += 1;
            }
            let balance = told["managed_start"] + told["entered"] - told["ended"];
            assert_eq!(balance, told["managed_end"], "what came and went is the difference, {from} – {to}");
            on = plus_days(on, step);
        }
    }
    numbers
}

both!(every_number_is_the_one_that_a_diary_gives_also_of_sealed_cases, async |house: House| {
    let (mut lives, last, seals) = half_a_year(&house, 5).await;
    assert!(lives.iter().filter(|life| life.sealed).count() >= 3 && lives.len() >= 12);
    let numbers = compared(&house, "supervisor", &lives, last).await;
    assert!(numbers > 600, "{numbers}");
    // The province counts the same: there is nobody elsewhere.
    assert_eq!(compared(&house, "province", &lives, last).await, numbers);
    // No person and no case in what is kept of the sealed.
    let mut raw = Raw::of(&house).await;
    assert!(raw.number("select count(*) from sealed_figures").await > 20);
    // Unsealed by two, the cases are counted by themselves, and nothing is left of what was kept.
    world::deputy(&house).await;
    for seal in seals {
        world::unseal(&house, seal).await;
    }
    assert_eq!(raw.number("select count(*) from sealed_figures").await, 0);
    // Of what ended by a paper, it is said no more that it was cleared.
    for (_, event) in lives.iter_mut().flat_map(|life| &mut life.events) {
        if matches!(event, Event::Closed("record_cleared")) {
            *event = Event::Closed("other");
        }
    }
    assert!(compared(&house, "supervisor", &lives, last).await > 600);
});

both!(the_comparison_notices_a_number_that_is_off_by_one, async |house: House| {
    let (mut lives, last, _) = half_a_year(&house, 9).await;
    lives[0].events.push((last, Event::Tried));
    let program = house.program("supervisor").await;
    let report = program.get(&format!("/api/v1/reports?period=month&rule=state&on={last}")).await.expect(200).json();
    let day = |key: &str| report["days"][key].as_str().unwrap().parse::<Date>().unwrap();
    let known = naive(&lives, day("from"), day("to"));
    assert_ne!(values(&report).get("visits_tried"), known.get("visits_tried"));
});

both!(each_gets_the_report_that_is_hers, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Một", 1)).await;
    world::open(&house, "officer2", &world::draft("Hai", 2)).await;
    world::open(&house, "officer3", &world::draft("Xa", 3)).await;
    let end = async |who: &str, path: &str| {
        let report = house.program(who).await.get(path).await.expect(200).json();
        values(&report)["managed_end"]
    };
    assert_eq!(end("supervisor", "/api/v1/reports").await, 2);
    assert_eq!(end("supervisor3", "/api/v1/reports").await, 1);
    assert_eq!(end("province", "/api/v1/reports").await, 3);
    assert_eq!(end("province", "/api/v1/reports?area=30301").await, 1);
    assert_eq!(end("officer", "/api/v1/reports/mine").await, 1);
    assert_eq!(end("supervisor", "/api/v1/reports?area=30301").await, 0, "not her commune");
    for (who, path, status) in [
        ("officer", "/reports", 403),
        ("council", "/reports", 403),
        ("partner", "/reports", 403),
        ("partner", "/reports/outside", 403),
        ("province", "/reports/mine", 403),
        ("province", "/reports/cases?line=managed_end", 403),
        ("officer", "/reports/export", 403),
        ("council", "/reports/outside", 200),
        ("province", "/reports/export", 200),
        ("supervisor", "/reports/export", 200),
        ("supervisor", "/reports", 200),
        ("officer", "/reports/mine", 200),
    ] {
        assert_eq!(house.as_(who).await.get(path).await.status, status, "{who} {path}");
    }
    // Down to the cases: the officer has her own, the head those of the commune.
    let behind = async |who: &str| house.as_(who).await.get("/reports/cases?line=managed_end").await.expect(200).text();
    let (own, office) = (behind("officer").await, behind("supervisor").await);
    assert!(own.contains("NameMột") && !own.contains("NameHai"), "{own}");
    assert!(office.contains("NameMột") && office.contains("NameHai") && !office.contains("NameXa"), "{office}");
    // A restriction keeps her from the person, and from being counted for her.
    world::deputy(&house).await;
    world::restrict(&house, "deputy", case, "exclusion", &["supervisor"]).await;
    assert_eq!(end("supervisor", "/api/v1/reports").await, 1);
    assert_eq!(end("province", "/api/v1/reports").await, 3, "whoever is above counts all");
    assert!(!behind("supervisor").await.contains("NameMột"));
    house.as_("supervisor").await.get("/reports/cases?line=nonsense").await.expect(422);
});

both!(a_page_says_its_rule_its_definitions_and_draws_what_its_table_says, async |house: House| {
    world::open(&house, "officer", &world::draft("Trang", 1)).await;
    let head = house.as_("supervisor").await;
    let page = head.get("/reports").await.expect(200).text();
    for words in [
        "từ ngày 15 tháng trước đến hết ngày 14",
        "15/11/2026 – 14/12/2026",
        "Mẫu số: cuối kỳ",
        "<svg class=\"chart\"",
        "90 ngày",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("style="), "no inline style");
    let wrong = head.get("/reports?period=free&from=2/2/2026&to=1/1/2026").await.expect(200).text();
    assert!(wrong.contains("error-summary"), "{wrong}");
    // The office sets calendar months: from then on every report says so.
    let rule = [("word", "report_begins"), ("amount", "1"), ("valid_from", "23/11/2026")];
    house.as_("admin").await.post("/areas/91/rules", &rule).await.expect(303);
    let page = head.get("/reports").await.expect(200).text();
    assert!(page.contains("theo tháng dương lịch") && page.contains("01/11/2026 – 30/11/2026"), "{page}");
    let other = [("word", "report_begins"), ("amount", "7"), ("valid_from", "23/11/2026")];
    house.as_("admin").await.post("/areas/91/rules", &other).await.expect(422);
    // So many statements, however many cases there are.
    let count = async || {
        let heard = duongve::store::listen(async { head.get("/reports").await.expect(200) }).await.1;
        heard.len()
    };
    let few = count().await;
    for number in 2..14 {
        let case = world::open(&house, "officer", &world::draft(&format!("Nhiều{number}"), number)).await;
        world::visit(&house, "officer", case, &world::met("home", TODAY)).await;
    }
    assert_eq!(count().await, few);
});

both!(outside_sees_rounded_half_years_and_nothing_else, async |house: House| {
    for number in 0..8 {
        let mut draft = world::draft(&format!("Ngoài{number}"), number);
        draft.received_on = show_day(TODAY);
        let case = world::open(&house, "officer", &draft).await;
        if number < 3 {
            let draft = livelihood::work::model::Draft { status: "steady".into(), ..Default::default() };
            let grant = world::grant::<acts::SetWork>(&house, "officer", case).await;
            livelihood::work::set(house.store(), grant, &draft, None).await.unwrap();
        }
    }
    house.go_to(jiff::civil::date(2026, 12, 20));
    let council = house.program("council").await;
    let report = council.get("/api/v1/reports/outside").await.expect(200).json();
    assert_eq!((&report["days"]["from"], &report["days"]["to"]), (&"2026-06-15".into(), &"2026-12-14".into()));
    let lines = report["parts"][1]["lines"].as_array().unwrap();
    let about = |key: &str| lines.iter().find(|line| line["line"] == key).unwrap()["about"].clone();
    assert_eq!(about("work_steady"), Value::Null, "three are not told");
    assert_eq!(about("work_unknown"), 5);
    for query in ["period=month", "period=year", "rule=calendar", "on=2026-12-19"] {
        council.get(&format!("/api/v1/reports/outside?{query}")).await.expect(422);
    }
    let page = house.as_("council").await.get("/reports/outside").await.expect(200).text();
    assert!(page.contains("dưới 5") && page.contains("bội số của 5"), "{page}");
});

both!(a_case_that_was_handed_over_is_counted_in_each_commune_for_its_own_days, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Chuyển", 1)).await;
    world::visit(&house, "officer", case, &world::met("home", TODAY)).await;
    let moved = plus_days(TODAY, 30);
    house.go_to(moved);
    let handover = world::hand_over(&house, "supervisor", case, "", "30301").await;
    let draft = duongve::handovers::model::AcceptDraft { officer: "officer3".into(), ..Default::default() };
    let grant = world::grant::<acts::AcceptHandover>(&house, "supervisor3", handover).await;
    duongve::handovers::accept(house.store(), grant, &draft, None, None).await.unwrap();
    world::visit(&house, "officer3", case, &world::met("home", moved)).await;
    let told = async |who: &str, on: Date| {
        let path = format!("/api/v1/reports?rule=state&period=month&on={on}");
        let report = house.program(who).await.get(&path).await.expect(200).json();
        let all = values(&report);
        ["managed_start", "entered", "moved_in", "moved_out", "ended", "managed_end", "visits_met"].map(|key| all[key])
    };
    // November, before the move; December, with it. What comes and goes is the difference, in each of them.
    assert_eq!(told("supervisor", TODAY).await, [0, 1, 0, 0, 0, 1, 1]);
    assert_eq!(told("supervisor3", TODAY).await, [0; 7]);
    assert_eq!(told("supervisor", moved).await, [1, 0, 0, 1, 1, 0, 0]);
    assert_eq!(told("supervisor3", moved).await, [0, 1, 1, 0, 0, 1, 1]);
    assert_eq!(told("province", moved).await, [1, 1, 1, 1, 1, 1, 1]);
    // Sealed there, it goes on being counted so.
    let later = plus_days(moved, 30);
    house.go_to(later);
    let draft = clearances::model::SealDraft {
        paper: "certificate".into(),
        paper_no: "Papernumber".into(),
        paper_on: show_day(later),
        help: "no".into(),
        understood: "true".into(),
        ..clearances::model::SealDraft::default()
    };
    let grant = world::grant::<acts::SealCase>(&house, "supervisor3", case).await;
    clearances::seal(house.store(), grant, &draft, None).await.unwrap();
    assert_eq!(told("supervisor", TODAY).await, [0, 1, 0, 0, 0, 1, 1]);
    assert_eq!(told("supervisor", moved).await, [1, 0, 0, 1, 1, 0, 0]);
    assert_eq!(told("supervisor3", moved).await, [0, 1, 1, 0, 0, 1, 1]);
});
