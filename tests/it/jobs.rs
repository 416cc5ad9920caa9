//! The clockwork: nothing skipped, nothing done twice.

use crate::{
    both,
    office::{actor, furnish, number, second_node, sql, tick, to},
};
use duongve::{base::time::At, follow_ups, policy::acts::ListCases};
use jiff::civil::date;

both!(a_week_of_outage_gives_one_digest_that_says_so, async |house: crate::house::House| {
    furnish(&house).await;
    house.go_to(date(2026, 11, 12));
    tick(&house).await;
    assert_eq!(to(&house, "supervisor").len(), 1);
    assert!(!to(&house, "supervisor")[0].text.contains("gộp"));
    // Down from Friday 13 to Monday 23; comes up at noon.
    house.clock.set(At::of(date(2026, 11, 23), 12, 0));
    tick(&house).await;
    let mails = to(&house, "supervisor");
    assert_eq!(mails.len(), 2);
    let said = "Bản tin này gộp 6 kỳ trước chưa gửi được, từ 13/11/2026 đến 20/11/2026.";
    let told: Vec<_> = mails.iter().filter(|mail| mail.text.contains(said)).collect();
    assert_eq!(told.len(), 1, "{mails:?}");
    assert!(told[0].subject.ends_with("23/11/2026"), "{}", told[0].subject);
    assert_eq!(to(&house, "officer").len(), 2, "one reminder before, one after");
    let open = "select count(*) from jobs where done_at is null";
    assert_eq!(number(&house, open).await, 0);
    let merged = "select count(*) from jobs where kind = 'digest' and outcome = 'merged'";
    assert_eq!(number(&house, merged).await, 12, "six periods of two heads");
    let supervisor = house.as_("supervisor").await;
    let page = supervisor.get("/digests").await.text();
    assert_eq!(page.matches("href=\"/digests/0").count(), 2);
    // The next morning stands for itself alone.
    house.go_to(date(2026, 11, 25));
    tick(&house).await;
    assert_eq!(to(&house, "supervisor").iter().filter(|mail| mail.text.contains("gộp")).count(), 1);
});

both!(two_nodes_and_two_ticks_compose_once, async |house: crate::house::House| {
    furnish(&house).await;
    let other = second_node(&house).await;
    let (a, b, c) =
        tokio::join!(duongve::jobs::tick(&house.app), duongve::jobs::tick(&other), duongve::jobs::tick(&house.app));
    for ticked in [a, b, c] {
        ticked.unwrap();
    }
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from digests").await, 2);
    assert_eq!(number(&house, "select count(*) from mails").await, 6);
    assert_eq!(number(&house, "select count(*) from mails where sent_at is null or attempts <> 1").await, 0);
    assert_eq!(number(&house, "select count(*) from jobs where done_at is null or attempts > 1").await, 0);
});

both!(weekly_means_the_first_working_day_of_the_week, async |house: crate::house::House| {
    furnish(&house).await;
    house.go_to(date(2026, 8, 27));
    house.as_("supervisor").await.post("/digests/rhythm", &[("rhythm", "weekly")]).await.expect(303);
    tick(&house).await;
    let mut got = Vec::new();
    // Monday 31/08 to Wednesday 02/09 are holidays.
    for day in [28, 29, 30, 31] {
        house.go_to(date(2026, 8, day));
        tick(&house).await;
    }
    for day in 1..=11 {
        house.go_to(date(2026, 9, day));
        tick(&house).await;
        got.push(to(&house, "supervisor").len());
    }
    assert_eq!(got, [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2], "Thursday 03/09, then Monday 07/09");
});

both!(a_holiday_has_no_morning, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    assert_eq!(to(&house, "officer").len(), 1);
    // Tuesday 24/11/2026, the day of culture.
    house.go_to(date(2026, 11, 24));
    tick(&house).await;
    assert_eq!((to(&house, "officer").len(), to(&house, "supervisor").len()), (1, 1));
    house.clock.set(At::of(date(2026, 11, 25), 7, 29));
    tick(&house).await;
    assert_eq!(to(&house, "officer").len(), 1);
    house.go_to(date(2026, 11, 25));
    tick(&house).await;
    assert_eq!((to(&house, "officer").len(), to(&house, "supervisor").len()), (2, 2));
    assert!(!to(&house, "supervisor").iter().any(|mail| mail.text.contains("gộp")), "a holiday is no missed period");
});

both!(a_clock_that_jumps_back_repeats_nothing, async |house: crate::house::House| {
    furnish(&house).await;
    for day in [23, 25, 23, 24, 25, 26] {
        house.go_to(date(2026, 11, day));
        tick(&house).await;
    }
    assert_eq!(to(&house, "supervisor").len(), 3);
    assert_eq!(number(&house, "select count(*) from digests").await, 6);
    assert_eq!(number(&house, "select count(*) from digests where missed > 0").await, 0);
});

/// Makes the last step of a digest fail.
async fn break_mails(house: &crate::house::House) {
    let text = if house.store().is_postgres() {
        "create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$; \
         create trigger broken before insert on mails for each row execute function broken()"
    } else {
        "create trigger broken before insert on mails begin select raise(abort, 'broken'); end"
    };
    sql(house, text).await;
}

both!(a_job_that_is_cut_off_is_done_once_later, async |house: crate::house::House| {
    furnish(&house).await;
    break_mails(&house).await;
    tick(&house).await;
    let all =
        "select (select count(*) from digests) + (select count(*) from digest_rows) + (select count(*) from mails)";
    assert_eq!(number(&house, all).await, 0, "a digest without its mail is no digest");
    assert_eq!(number(&house, "select count(*) from jobs where done_at is null").await, 6);
    let table = if house.store().is_postgres() { " on mails" } else { "" };
    sql(&house, &format!("drop trigger broken{table}")).await;
    tick(&house).await;
    assert_eq!(number(&house, all).await, 0, "it waits a minute");
    house.clock.set(At::of(date(2026, 11, 23), 7, 31));
    tick(&house).await;
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from digests").await, 2);
    assert_eq!((to(&house, "supervisor").len(), to(&house, "officer").len()), (1, 1));
    assert_eq!(number(&house, "select max(attempts) from jobs").await, 2);
});

both!(a_worker_that_died_loses_its_job_to_another, async |house: crate::house::House| {
    furnish(&house).await;
    break_mails(&house).await;
    tick(&house).await;
    let table = if house.store().is_postgres() { " on mails" } else { "" };
    sql(&house, &format!("drop trigger broken{table}")).await;
    // It had claimed them and was never seen again: the lease still runs for two minutes.
    let until = At::of(date(2026, 11, 23), 7, 33).micros();
    sql(&house, &format!("update jobs set lease_until = {until}, worker = 'gone' where done_at is null")).await;
    house.clock.set(At::of(date(2026, 11, 23), 7, 32));
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from digests").await, 0);
    house.clock.set(At::of(date(2026, 11, 23), 7, 33));
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from digests").await, 2);
});

both!(the_nightly_proof_finds_a_defect_and_mends_it, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    let differing = "select coalesce(sum(differing), 0)::bigint from replan_runs";
    let differing = if house.store().is_postgres() { differing.to_owned() } else { differing.replace("::bigint", "") };
    assert_eq!(number(&house, &differing).await, 0, "what the verbs stored is what the engine says");
    assert_eq!(number(&house, "select max(planned) from replan_runs").await, 5);
    let right = number(&house, "select count(*) from follow_ups where kind = 'contact' and interval_days = 99").await;
    assert_eq!(right, 0);
    sql(&house, "update follow_ups set interval_days = 99 where kind = 'contact'").await;
    house.go_to(date(2026, 11, 24));
    tick(&house).await;
    assert_eq!(number(&house, &differing).await, 5);
    assert_eq!(number(&house, "select count(*) from follow_ups where interval_days = 99").await, 0);
    house.go_to(date(2026, 11, 25));
    tick(&house).await;
    assert_eq!(number(&house, &differing).await, 5, "mended: the next night finds nothing");
    assert_eq!(number(&house, "select count(*) from replan_runs where done_at is null").await, 0);
});

both!(a_change_of_rules_is_told_until_every_case_is_planned_anew, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    let boss = actor(&house.app, "supervisor").await;
    let scope = house.store().scope::<ListCases>(&boss).unwrap();
    assert_eq!(follow_ups::recalculating(house.store(), &scope).await.unwrap(), 0);
    let change = [("word", "first_contact"), ("amount", "3"), ("valid_from", "23/11/2026")];
    house.as_("admin").await.post("/areas/91/rules", &change).await.expect(303);
    assert_eq!(follow_ups::recalculating(house.store(), &scope).await.unwrap(), 4);
    let supervisor = house.as_("supervisor").await;
    assert!(supervisor.get("/digests/preview").await.text().contains("Đang tính lại hạn của 4 hồ sơ"));
    assert!(supervisor.get("/overview").await.text().contains("Đang tính lại hạn của 4 hồ sơ"));
    let oldest = "select count(*) from follow_ups where rule_version > 1 and dropped_at is null";
    assert_eq!(number(&house, oldest).await, 0);
    tick(&house).await;
    assert_eq!(follow_ups::recalculating(house.store(), &scope).await.unwrap(), 0);
    assert!(number(&house, oldest).await > 0);
    assert_eq!(number(&house, "select count(*) from replan_runs where done_at is null").await, 0);
    assert_eq!(number(&house, "select count(*) from replan_runs where differing > 0").await, 0);
    // A case that slipped in with the older rules is found too.
    sql(&house, "update cases set rule_version = 1 where hamlet_id is null").await;
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from cases where rule_version = 1").await, 0);
});

both!(old_keys_and_ended_sessions_are_thrown_away, async |house: crate::house::House| {
    furnish(&house).await;
    let bytes = if house.store().is_postgres() { "'\\x01'::bytea" } else { "x'01'" };
    let id = |n: u8| {
        if house.store().is_postgres() {
            format!("'00000000-0000-7000-8000-0000000000{n:02x}'::uuid")
        } else {
            format!("x'000000000000700080000000000000{n:02x}'")
        }
    };
    for (n, day) in [(1, date(2026, 10, 20)), (2, date(2026, 11, 1))] {
        let at = At::of(day, 8, 0).micros();
        let values = format!("({0}, {0}, '/x', {bytes}, {at})", id(n));
        sql(&house, &format!("insert into idempotency (user_id, key, route, hash, at) values {values}")).await;
    }
    let officer = house.as_("officer").await;
    let week_ago = At::of(date(2026, 11, 16), 7, 30).micros();
    let old = format!("select count(*) from sessions where expires_at < {week_ago}");
    assert!(number(&house, &old).await > 0, "people signed in in September");
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from idempotency").await, 1);
    assert_eq!(number(&house, &old).await, 0);
    officer.get("/password").await.expect(200);
});

both!(the_clockwork_wakes_by_itself_and_stops, async |house: crate::house::House| {
    let clockwork = duongve::jobs::start(house.app.clone()).await.unwrap();
    for _wait in 0..100 {
        if number(&house, "select count(*) from digests").await == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    clockwork.stop().await.unwrap();
    assert_eq!(number(&house, "select count(*) from digests").await, 2);
    house.go_to(date(2026, 11, 25));
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    assert_eq!(number(&house, "select count(*) from digests").await, 2, "nobody wakes it any more");
});
