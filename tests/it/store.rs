//! What a commit promises: whole or not at all, whoever hangs up, panics or comes at the same time.

use crate::{
    both,
    house::{House, TODAY},
    raw::Raw,
    world,
};
use duongve::{
    base::ids::{CaseId, Id},
    cases,
    policy::{AreaCode, acts},
    serve,
    store::{Fault, Key, SessionKind},
    visits,
};
use rand::{Rng, SeedableRng};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

async fn case_of(house: &House) -> CaseId {
    world::open(house, "officer", &world::draft("Store", 1)).await
}

/// One unit of work that writes two rows which belong together: two hamlets of one name, with a pause between them.
async fn pair(house: &House, name: String, pause: Duration, end: End) -> Result<(), Fault> {
    let grant = world::grant::<acts::OpenCase>(house, "officer", AreaCode("30577".into())).await;
    pair_under(house, grant, name, pause, end).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Fine,
    Refuse,
    Panic,
}

async fn pair_under(
    house: &House,
    grant: duongve::store::Grant<acts::OpenCase>,
    name: String,
    pause: Duration,
    end: End,
) -> Result<(), Fault> {
    house
        .store()
        .write(grant, async |work| {
            for half in ["first", "second"] {
                let id: CaseId = work.new_id();
                let sql = "insert into hamlets (id, area_code, name, name_fold, kind, valid_from) values ($1, '30577', $2, $3, 'ap', $4)";
                work.run(sql, duongve::args![id.uuid(), format!("{name} {half}"), name.as_str(), TODAY]).await?;
                if half == "first" {
                    tokio::time::sleep(pause).await;
                }
            }
            match end {
                End::Fine => Ok(()),
                End::Refuse => Err(Fault::Stale),
                End::Panic => panic!("a job that panics"),
            }
        })
        .await
}

/// Every name is there twice or not at all; how many pairs there are.
async fn whole_pairs(house: &House) -> i64 {
    let mut raw = Raw::of(house).await;
    let halves = raw
        .number("select count(*) from (select name_fold from hamlets where name_fold like 'pair %' group by name_fold having count(*) <> 2) x")
        .await;
    assert_eq!(halves, 0, "half of a unit was committed");
    raw.number("select count(distinct name_fold) from hamlets where name_fold like 'pair %'").await
}

both!(a_unit_that_is_given_up_anywhere_leaves_nothing_and_harms_nobody, async |house: House| {
    let house = Arc::new(house);
    let mut dice = rand::rngs::StdRng::seed_from_u64(3);
    let (done, tries) = (Arc::new(AtomicUsize::new(0)), 400);
    for round in 0..tries {
        // The grant is asked for first, so that what is cut is the unit of work: its begin, middle or commit.
        let grant = world::grant::<acts::OpenCase>(&house, "officer", AreaCode("30577".into())).await;
        let (home, counter) = (house.clone(), done.clone());
        let unit = tokio::spawn(async move {
            let pause = Duration::from_micros(100);
            pair_under(&home, grant, format!("pair {round}"), pause, End::Fine).await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
        });
        tokio::time::sleep(Duration::from_micros(dice.random_range(0..4000))).await;
        unit.abort();
        let _cut_or_done = unit.await;
        if round % 20 == 0 {
            // Somebody else comes right after, and is served.
            let next = pair(&house, format!("pair after {round}"), Duration::ZERO, End::Fine);
            tokio::time::timeout(Duration::from_secs(20), next).await.expect("the lane is free").expect("and works");
        }
    }
    let whole = whole_pairs(&house).await;
    let acknowledged = i64::try_from(done.load(Ordering::SeqCst)).unwrap() + tries / 20;
    assert!(whole >= acknowledged, "{acknowledged} were acknowledged, {whole} are there");
    assert!(whole < tries + tries / 20, "some were cut");
});

both!(one_that_fails_or_panics_in_a_group_is_undone_alone, async |house: House| {
    let house = Arc::new(house);
    let units: Vec<_> = (0..60)
        .map(|number| {
            let house = house.clone();
            let end = match number % 3 {
                0 => End::Fine,
                1 => End::Refuse,
                _ => End::Panic,
            };
            (end, tokio::spawn(async move { pair(&house, format!("pair {number}"), Duration::ZERO, end).await }))
        })
        .collect();
    for (end, unit) in units {
        match (end, unit.await) {
            (End::Fine, Ok(Ok(()))) | (End::Refuse, Ok(Err(Fault::Stale))) => {}
            (End::Panic, Err(error)) => assert!(error.is_panic()),
            (_, other) => panic!("unexpected: {other:?}"),
        }
    }
    assert_eq!(whole_pairs(&house).await, 20);
});

/// How often a race is run: a few times here, a thousand times by `bin/soak races`.
fn rounds(usual: i64) -> i64 {
    std::env::var("DUONGVE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

both!(of_fifty_writers_with_one_version_exactly_one_wins, async |house: House| {
    let house = Arc::new(house);
    let case = case_of(&house).await;
    let actor = world::actor(&house, "officer").await;
    let mut raw = Raw::of(&house).await;
    for version in 1..=rounds(4) {
        let writers: Vec<_> = (0..50)
            .map(|number| {
                let (house, actor) = (house.clone(), actor.clone());
                tokio::spawn(async move {
                    let grant = house.store().permit::<acts::EditCase>(&actor, case).await.unwrap();
                    let draft =
                        cases::model::Correction { name: format!("Người Thứ {number}"), ..Default::default() };
                    (number, cases::correct(house.store(), grant, &draft, Some(version)).await)
                })
            })
            .collect();
        let mut won = Vec::new();
        for writer in writers {
            match writer.await.unwrap() {
                (number, Ok(())) => won.push(number),
                (_, Err(duongve::app::Refused::Fault(Fault::Stale))) => {}
                (_, Err(other)) => panic!("{other}"),
            }
        }
        assert_eq!(won.len(), 1, "version {version}");
        let stands = format!("select count(*) from people where name = 'Người Thứ {}'", won[0]);
        assert_eq!(raw.number(&stands).await, 1, "the one that was told so stands");
    }
    assert_eq!(raw.number("select version from cases").await, rounds(4) + 1);
});

both!(a_key_sent_a_hundred_times_at_once_logs_one_visit, async |house: House| {
    let house = Arc::new(house);
    let case = case_of(&house).await;
    let actor = world::actor(&house, "officer").await;
    let mut raw = Raw::of(&house).await;
    for round in 1..=rounds(1) {
        let number = u128::try_from(round).unwrap() + 76;
        let key = Key::new(uuid::Uuid::from_u128(number), "/cases/{case}/visits", b"the same body");
        let senders: Vec<_> = (0..100)
            .map(|_| {
                let (house, key, actor) = (house.clone(), key.clone(), actor.clone());
                tokio::spawn(async move {
                    let grant = house.store().permit::<acts::LogVisit>(&actor, case).await.unwrap();
                    visits::log(house.store(), grant, &world::met("home", TODAY), Some(key)).await.unwrap()
                })
            })
            .collect();
        let mut ids = std::collections::HashSet::new();
        for sender in senders {
            ids.insert(sender.await.unwrap());
        }
        assert_eq!(ids.len(), 1, "every sender was told the same visit");
        assert_eq!(raw.number("select count(*) from visits").await, round);
    }
    // The same key with another body is a mistake, and says so.
    let grant = world::grant::<acts::LogVisit>(&house, "officer", case).await;
    let other = Key::new(uuid::Uuid::from_u128(77), "/cases/{case}/visits", b"another body");
    let refused = visits::log(house.store(), grant, &world::met("home", TODAY), Some(other)).await;
    assert!(matches!(refused, Err(duongve::app::Refused::Fault(Fault::KeyReused))));
});

/// Looks whether visits are whole: each has its note, its audit line and its key, and nothing else has one.
pub async fn whole_visits(raw: &mut Raw) -> i64 {
    let visits = raw.number("select count(*) from visits").await;
    for (what, sql) in [
        ("notes", "select count(*) from visit_notes n join visits v on v.id = n.visit_id"),
        ("audit lines", "select count(*) from audit where act = 'visit.log' and outcome = 'done'"),
        ("keys that know their visit", "select count(*) from idempotency i join visits v on v.id = i.new_id"),
        ("keys", "select count(*) from idempotency"),
    ] {
        assert_eq!(raw.number(sql).await, visits, "{what}");
    }
    visits
}

both!(a_thousand_clients_that_hang_up_in_the_middle_leave_nothing_half_done, async |house: House| {
    let mut cases = Vec::new();
    for number in 0..20 {
        cases.push(world::open(&house, "officer", &world::draft(&format!("Hang{number}"), number)).await);
    }
    let told = Arc::new(AtomicUsize::new(0));
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve::serve(house.app.clone(), listener, async {
        let _told = stopped.await;
    }));
    let form_token = duongve::http::request::form_token(&token);
    let clients: Vec<_> = (0..1000_u128)
        .map(|number| {
            let (case, told) = (cases[usize::try_from(number % 20).unwrap()], told.clone());
            let body = format!(
                "on=23/11/2026&kind=home&met=true&note=n{number}&_token={form_token}&_key={}",
                uuid::Uuid::from_u128(number + 1)
            );
            let request = format!(
                "POST /cases/{case}/visits HTTP/1.1\r\nhost: {address}\r\ncookie: __Host-sid={token}\r\nsec-fetch-site: same-origin\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            tokio::spawn(async move {
                let mut dice = rand::rngs::StdRng::seed_from_u64(number as u64);
                tokio::time::sleep(Duration::from_millis(dice.random_range(0..1500))).await;
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(request.as_bytes()).await.unwrap();
                if number % 10 == 0 {
                    // One in ten waits for its answer.
                    let mut answer = [0; 12];
                    stream.read_exact(&mut answer).await.unwrap();
                    // Or is told that there is no room just now, and then nothing was done.
                    assert!(matches!(&answer[9..], b"303" | b"503"), "{}", String::from_utf8_lossy(&answer));
                    told.fetch_add(usize::from(&answer[9..] == b"303"), Ordering::SeqCst);
                } else {
                    tokio::time::sleep(Duration::from_micros(dice.random_range(0..3000))).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    drop(stop);
    server.await.unwrap().unwrap();
    let mut raw = Raw::of(&house).await;
    // What is still under way ends by itself: nobody's hanging up has stopped it.
    let mut before = -1;
    while before != raw.number("select count(*) from visits").await {
        before = raw.number("select count(*) from visits").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let whole = whole_visits(&mut raw).await;
    let told = i64::try_from(told.load(Ordering::SeqCst)).unwrap();
    assert!(told > 20 && whole >= told, "{told} were told that it is done, {whole} are there");
    for case in &cases {
        crate::due::assert_planned(&house, *case).await;
    }
    world::visit(&house, "officer", cases[0], &world::met("home", TODAY)).await;
});
