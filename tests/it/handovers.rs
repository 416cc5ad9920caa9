//! Handing over: nothing changes before it is accepted, everything that was due goes along, the old access ends at once.

use crate::{
    both,
    cases::{hidden, opened},
    house::{House, TODAY},
    raw::Raw,
    world::{self, grant},
};
use duongve::{
    base::{ids::CaseId, lang::Lang, time::plus_days},
    follow_ups, handovers,
    policy::acts,
    referrals,
};
use jiff::civil::date;
use rand::{Rng, SeedableRng, rngs::StdRng};

/// The id of the newest handover.
async fn newest(house: &House) -> String {
    let mut raw = Raw::of(house).await;
    let rows: Vec<(uuid::Uuid,)> = raw.rows("select id from handovers order by made_at desc, id desc limit 1").await;
    rows[0].0.to_string()
}

async fn send(house: &House, case: &str, to: (&str, &str)) -> String {
    let head = house.as_("supervisor").await;
    let url = format!("/cases/{case}/handovers");
    let version = hidden(&head.get(&url).await.expect(200).text(), "version");
    let form = [to, ("reason", "chuyển địa bàn"), ("version", &version)];
    head.post(&url, &form).await.expect(303);
    newest(house).await
}

async fn version_of(house: &House, who: &str, id: &str) -> String {
    hidden(&house.as_(who).await.get(&format!("/handovers/{id}")).await.expect(200).text(), "version")
}

/// What is open and what is late in the whole province: how many, and the days late in all.
async fn sums(house: &House) -> (i64, i64, i64) {
    let mut raw = Raw::of(house).await;
    let rows: Vec<(String,)> = match house.store().is_postgres() {
        true => raw.rows("select due_on::text from follow_ups where done_at is null and dropped_at is null").await,
        false => raw.rows("select due_on from follow_ups where done_at is null and dropped_at is null").await,
    };
    let today = house.store().today();
    let late = rows.iter().map(|row| {
        let due: jiff::civil::Date = row.0.parse().unwrap();
        duongve::base::time::days_between(due, today).max(0)
    });
    let late: Vec<i64> = late.collect();
    (rows.len() as i64, late.iter().filter(|days| **days > 0).count() as i64, late.iter().sum())
}

both!(until_it_is_accepted_the_old_officer_stays_and_then_the_new_one_has_it_all, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("wishes", "gọi sau 17 giờ")]).await;
    let page = format!("/cases/{case}");
    house.go_to(date(2026, 12, 14));
    let before = sums(&house).await;
    assert!(before.1 > 0, "something is late");
    house.as_("officer").await.post(&format!("{page}/handovers"), &[("officer", "officer2")]).await.expect(403);
    let id = send(&house, &case, ("officer", "officer2")).await;
    let sheet = format!("/handovers/{id}");
    // Nothing has changed; the taking officer sees the sheet and not the case, somebody else neither.
    house.as_("officer").await.get(&page).await.expect(200);
    house.as_("officer2").await.get(&page).await.expect(404);
    let shown = house.as_("officer2").await.get(&sheet).await.expect(200).text();
    assert!(shown.contains("Nguyễn Văn Đức") && shown.contains("gọi sau 17 giờ"), "{shown}");
    assert!(house.as_("officer2").await.get("/handovers").await.expect(200).text().contains("Nguyễn Văn Đức"));
    house.as_("officer3").await.get(&sheet).await.expect(404);
    let twice = [("officer", "officer2"), ("reason", "x"), ("version", "99")];
    house.as_("supervisor").await.post(&format!("{page}/handovers"), &twice).await.expect(412);
    // The head cannot accept in the officer's stead.
    let version = version_of(&house, "officer2", &id).await;
    house.as_("supervisor").await.post(&format!("{sheet}/acceptance"), &[("version", &version)]).await.expect(403);
    house.as_("officer2").await.post(&format!("{sheet}/acceptance"), &[("version", &version)]).await.expect(303);
    house.as_("officer").await.get(&page).await.expect(404);
    house.as_("officer2").await.get(&page).await.expect(200);
    assert_eq!(sums(&house).await, before, "nothing that was due is lost");
    house.as_("officer2").await.post(&format!("{sheet}/acceptance"), &[("version", "2")]).await.expect(422);
    let kept = house.as_("officer2").await.get(&sheet).await.expect(200).text();
    assert!(kept.contains(&Lang::Vi.with("handovers-sheet-kept", &[("x", "14/12/2026".into())])), "{kept}");
    let history = house.as_("officer2").await.get(&format!("{page}/assignments")).await.expect(200).text();
    assert!(history.contains("Trần Ngọc Diễm") && history.contains("chuyển địa bàn"), "{history}");
});

both!(the_head_of_the_other_commune_accepts_and_names_who_is_in_charge, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Trần Thị Hoa")]).await;
    let id: CaseId = case.parse().unwrap();
    let page = format!("/cases/{case}");
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", id, women, "partner").await;
    let task = follow_ups::model::TaskDraft {
        what: "Đưa đi học nghề".into(),
        due_on: "24/11/2026".into(),
        organisation: women.to_string(),
    };
    follow_ups::add_task(house.store(), grant::<acts::AddTask>(&house, "officer", id).await, &task, None)
        .await
        .unwrap();
    let list = world::list_of(&house, world::borrow(&house, "officer", id, "Nuôi bò").await).await;
    world::cover(&house, "officer", "officer2", TODAY, plus_days(TODAY, 60)).await;
    house.as_("officer2").await.get(&page).await.expect(200);
    house.go_to(date(2026, 12, 14));
    let before = sums(&house).await;
    let handover = send(&house, &case, ("to_area", "30301")).await;
    let sheet = format!("/handovers/{handover}");
    // The officer of the other commune has nothing yet; its head has the sheet and not the case.
    house.as_("officer3").await.get(&sheet).await.expect(404);
    house.as_("supervisor3").await.get(&page).await.expect(404);
    let shown = house.as_("supervisor3").await.get(&sheet).await.expect(200).text();
    assert!(shown.contains("Trần Thị Hoa") && shown.contains("Đưa đi học nghề"), "{shown}");
    let version = version_of(&house, "supervisor3", &handover).await;
    let accept = format!("{sheet}/acceptance");
    let head = house.as_("supervisor3").await;
    head.post(&accept, &[("version", &version)]).await.expect(422);
    let refused = head.post(&accept, &[("version", &version), ("officer", "officer"), ("hamlet", "Ấp Mới")]).await;
    assert!(refused.expect(422).text().contains("Ấp Mới"), "what was typed is kept");
    head.post(&accept, &[("version", &version), ("officer", "officer3"), ("hamlet", "Ấp Mới")]).await.expect(303);

    // Everybody of the old commune has lost it at once: officer, cover, head, helper.
    for name in ["officer", "officer2", "supervisor", "partner"] {
        house.as_(name).await.get(&page).await.expect(404);
    }
    for name in ["officer3", "supervisor3"] {
        let seen = house.as_(name).await.get(&page).await.expect(200).text();
        assert!(seen.contains("Ấp Mới") && seen.contains("Đưa đi học nghề"), "{seen}");
    }
    assert_eq!(sums(&house).await, before, "nothing that was due is lost");
    // What was agreed with a helper of the old commune is the officer's own now; she is on no list there that nobody has signed.
    let mut raw = Raw::of(&house).await;
    let theirs =
        "select count(*) from follow_ups where organisation_id is not null and done_at is null and dropped_at is null";
    assert_eq!(raw.number(theirs).await, 0);
    let tasks = house.program("officer3").await.get("/api/v1/follow-ups?state=overdue").await.expect(200).json();
    let kinds: Vec<_> =
        tasks["items"].as_array().unwrap().iter().filter(|one| one["what"] == "Đưa đi học nghề").collect();
    assert!(kinds.len() == 1 && kinds[0]["kind"] == "task", "{tasks}");
    assert_eq!(raw.number("select count(*) from loan_lines where withdrawn_at is null").await, 0);
    let list = house.as_("supervisor").await.get(&format!("/loan-lists/{list}")).await.expect(200).text();
    assert!(!list.contains("Trần Thị Hoa"), "{list}");
    // What is left there: that it was handed over, and no name.
    let left = house.as_("supervisor").await.get(&sheet).await.expect(200).text();
    assert!(!left.contains("Trần Thị Hoa") && left.contains(&Lang::Vi.say("handovers-elsewhere")), "{left}");
    assert!(!house.as_("supervisor").await.get("/handovers").await.expect(200).text().contains("Trần Thị Hoa"));
    let told = house.program("supervisor").await.get(&format!("/api/v1/handovers/{handover}")).await.expect(200).json();
    assert!(told["name"].is_null() && told["sheet"].is_null() && told["state"] == "accepted", "{told}");
    let kept = house.as_("officer3").await.get(&sheet).await.expect(200).text();
    assert!(kept.contains("Hội"), "the sheet is as it was: who helped stands on it: {kept}");
    let history = house.as_("officer3").await.get(&format!("{page}/history")).await.expect(200).text();
    assert!(history.contains("(30577)") && history.contains("(30301)"), "the old commune by name and code: {history}");
    let mut raw = Raw::of(&house).await;
    assert_eq!(
        raw.number("select count(*) from referrals where ended_at is not null and ended_reason is not null").await,
        1
    );
});

both!(it_is_returned_with_a_reason_or_taken_back_and_nothing_has_changed, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Tám")]).await;
    let page = format!("/cases/{case}");
    let before = sums(&house).await;
    let handover = send(&house, &case, ("to_area", "30301")).await;
    let sheet = format!("/handovers/{handover}");
    let version = version_of(&house, "supervisor3", &handover).await;
    let head = house.as_("supervisor3").await;
    head.post(&format!("{sheet}/return"), &[("version", &version), ("reason", " ")]).await.expect(422);
    head.post(&format!("{sheet}/return"), &[("version", &version), ("reason", "không ở đây")]).await.expect(303);
    head.get(&sheet).await.expect(404);
    let told = house.as_("supervisor").await.get(&sheet).await.expect(200).text();
    assert!(told.contains("không ở đây") && told.contains("Lê Văn Tám"), "{told}");
    let again = send(&house, &case, ("officer", "officer2")).await;
    let form = [("version", "1"), ("reason", "nhầm người")];
    house.as_("officer2").await.post(&format!("/handovers/{again}/withdrawal"), &form).await.expect(403);
    house.as_("supervisor").await.post(&format!("/handovers/{again}/withdrawal"), &form).await.expect(303);
    house.as_("officer2").await.get(&format!("/handovers/{again}")).await.expect(404);
    house.as_("officer").await.get(&page).await.expect(200);
    assert_eq!(sums(&house).await, before);
    // Whoever it was meant for is shut: it comes back by itself.
    let third = send(&house, &case, ("officer", "officer2")).await;
    let id = crate::cases::user(&house, "officer2").await;
    house.as_("admin").await.post(&format!("/staff/{id}/disabling"), &[]).await.expect(303);
    let told = house.program("supervisor").await.get(&format!("/api/v1/handovers/{third}")).await.expect(200).json();
    assert_eq!(told["state"], "withdrawn");
});

both!(an_officer_who_leaves_hands_over_all_and_each_is_answered_by_itself, async |house: House| {
    let mut cases = Vec::new();
    for name in ["Một", "Hai", "Ba"] {
        cases.push(opened(&house, "officer", &[("name", name)]).await);
    }
    let foreign = world::open(&house, "officer3", &world::draft("Xa", 1)).await.to_string();
    let head = house.as_("supervisor").await;
    let form = head.get("/areas/30577/handovers/new?officer=officer").await.expect(200).text();
    assert_eq!(form.matches(" checked").count(), 3, "{form}");
    let url = "/areas/30577/handovers";
    let mut fields = vec![("officer", "officer2"), ("reason", "chuyển công tác"), ("cases", foreign.as_str())];
    head.post(url, &fields).await.expect(422);
    fields.pop();
    head.post(url, &fields).await.expect(422);
    fields.extend(cases.iter().map(|case| ("cases", case.as_str())));
    head.post(url, &fields).await.expect(303);
    let program = house.program("officer2").await;
    let listed = program.get("/api/v1/handovers").await.expect(200).json();
    let items = listed["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 3);
    let taker = house.as_("officer2").await;
    for (at, item) in items.iter().enumerate() {
        let id = item["id"].as_str().unwrap();
        let what = if at == 0 { "return" } else { "acceptance" };
        let reason: &[(&str, &str)] = if at == 0 { &[("reason", "quá đông")] } else { &[] };
        let form = [&[("version", "1")], reason].concat();
        taker.post(&format!("/handovers/{id}/{what}"), &form).await.expect(303);
    }
    let mut raw = Raw::of(&house).await;
    let of = "select count(*) from cases c join users u on u.id = c.officer_id where u.username = ";
    assert_eq!((raw.number(&format!("{of}'officer'")).await, raw.number(&format!("{of}'officer2'")).await), (1, 2));
});

both!(a_list_of_those_who_alone_may_goes_along, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Phạm Văn Kín")]).await;
    let id: CaseId = case.parse().unwrap();
    world::restrict(&house, "supervisor", id, "only", &["officer", "supervisor"]).await;
    let page = format!("/cases/{case}");
    let handover = send(&house, &case, ("to_area", "30301")).await;
    let sheet = format!("/handovers/{handover}");
    // Taken back, the other head is off the list again.
    house
        .as_("supervisor")
        .await
        .post(&format!("{sheet}/withdrawal"), &[("version", "1"), ("reason", "x")])
        .await
        .expect(303);
    let named = async || Raw::of(&house).await.number("select count(*) from restriction_users").await;
    assert_eq!(named().await, 2);
    let handover = send(&house, &case, ("to_area", "30301")).await;
    let sheet = format!("/handovers/{handover}");
    house.as_("supervisor3").await.get(&sheet).await.expect(200);
    let form = [("version", "1"), ("officer", "officer3")];
    house.as_("supervisor3").await.post(&format!("{sheet}/acceptance"), &form).await.expect(303);
    for name in ["officer3", "supervisor3"] {
        house.as_(name).await.get(&page).await.expect(200);
    }
    assert_eq!(named().await, 4, "nobody came off it");
    assert_eq!(Raw::of(&house).await.number("select count(*) from restrictions where ended_at is null").await, 1);
});

both!(whatever_is_moved_the_sum_of_what_is_due_stays, async |house: House| {
    let mut dice = StdRng::seed_from_u64(9);
    let women = world::organisation(&house, "30577", "women").await;
    let mut cases = Vec::new();
    for number in 0..12 {
        let officer = ["officer", "officer2"][number % 2];
        let case = world::open(&house, officer, &world::draft(&format!("Dời{number}"), number)).await;
        if dice.random_bool(0.5) {
            let referral = world::refer(&house, officer, case, women, "partner").await;
            let task = follow_ups::model::TaskDraft {
                what: "việc".into(),
                due_on: duongve::base::text::show_day(plus_days(TODAY, dice.random_range(0..30))),
                organisation: women.to_string(),
            };
            let add = grant::<acts::AddTask>(&house, officer, case).await;
            follow_ups::add_task(house.store(), add, &task, None).await.unwrap();
            if dice.random_bool(0.3) {
                let draft = referrals::model::EndDraft { reason: "thôi".into() };
                let end = grant::<acts::EndReferral>(&house, officer, referral).await;
                referrals::end(house.store(), end, &draft, None, None).await.unwrap();
            }
        }
        if dice.random_bool(0.5) {
            world::visit(&house, officer, case, &world::met("home", TODAY)).await;
        }
        cases.push((case, officer));
    }
    house.go_to(plus_days(TODAY, 75));
    let before = sums(&house).await;
    assert!(before.1 > 10, "{before:?}");
    for (case, officer) in &cases {
        let inside = dice.random_bool(0.4);
        let other = if *officer == "officer" { "officer2" } else { "officer" };
        let draft = handovers::model::Draft {
            officer: if inside { other.into() } else { String::new() },
            to_area: if inside { String::new() } else { "30301".into() },
            reason: "dời".into(),
            version: String::new(),
        };
        let give = grant::<acts::HandOver>(&house, "supervisor", *case).await;
        let id = handovers::send(house.store(), give, &draft, None, None).await.unwrap();
        assert_eq!(sums(&house).await, before, "sent");
        let taker = if inside { other } else { "supervisor3" };
        let draft = handovers::model::AcceptDraft { officer: "officer3".into(), ..Default::default() };
        let take = grant::<acts::AcceptHandover>(&house, taker, id).await;
        handovers::accept(house.store(), take, &draft, None, None).await.unwrap();
        assert_eq!(sums(&house).await, before, "accepted");
    }
});

both!(the_page_of_who_may_open_says_yes_exactly_when_opening_does, async |house: House| {
    let world = world::World::build(&house).await;
    let mut told = 0;
    for record in &world.records["case"] {
        let Some(teller) = ["supervisor", "supervisor3", "officer2"]
            .into_iter()
            .find(|name| record.nears(name).iter().any(|near| matches!(*near, "own" | "office")))
        else {
            continue;
        };
        if record.barred.contains(&teller) {
            continue;
        }
        let url = format!("/api/v1/cases/{}/readers", record.id);
        let answer = house.program(teller).await.get(&url).await;
        if answer.status != 200 {
            // Nobody has a sealed one, and so nobody has its page.
            assert_eq!(record.label, "Sealed");
            continue;
        }
        let readers = answer.json();
        for (name, ..) in world::PEOPLE {
            let opens = house.as_(name).await.get(&format!("/cases/{}", record.id)).await.status == 200;
            let said = readers.as_array().unwrap().iter().find(|one| one["username"] == *name);
            let says = said.is_some_and(|one| one["may_open"] == true);
            assert_eq!(says, opens, "{name} {}: {said:?}", record.label);
            told += 1;
        }
        let page = house.as_(teller).await.get(&format!("/cases/{}/openings", record.id)).await.expect(200).text();
        assert!(page.contains(&Lang::Vi.say("trail-access")), "{page}");
    }
    assert!(told > 60, "{told}");
});
