//! The trail: who reads it, and that it cannot be bent.

use crate::{
    both,
    house::{House, Kind},
    raw::Raw,
    world,
};
use duongve::{
    base::time::At,
    jobs,
    policy::acts,
    store::{
        Fault,
        chain::{Head, Link, START, Stop, Walk},
    },
    trail::{
        checkpoints::Checkpoint,
        key::{Signer, signing_key},
        model::Fingerprint,
        verify::{self, Report, Source, What, Witness},
    },
};
use rand::{Rng, SeedableRng, rngs::StdRng};

both!(the_inspector_reads_who_opened_a_part_and_nobody_else_does, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Vết", 3)).await;
    house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(200);
    let inspector = house.as_("inspector").await;
    assert_eq!(inspector.get("/").await.expect(303).goes_to(), "/trail");
    let page = inspector.get(&format!("/trail?user=supervisor&record={case}")).await.expect(200).text();
    assert!(page.contains("case.see") && page.contains("identity") && page.contains("Lê Quốc Bảo"), "{page}");
    assert!(!page.contains("NameVết"), "the trail names no person");
    for other in ["officer", "supervisor", "province", "admin", "partner"] {
        house.as_(other).await.get("/trail").await.expect(403);
    }
});

/// A chain in memory.
struct Rows(Vec<Link>);

impl Source for Rows {
    async fn walk(&self) -> Result<Result<Head, Stop>, Fault> {
        let mut walk = Walk::from(Head::NONE);
        for row in &self.0 {
            if let Err(stop) = walk.step(row.seq, &row.prev, &row.hash, &row.entry()) {
                return Ok(Err(stop));
            }
        }
        Ok(Ok(walk.head()))
    }

    async fn links(&self, after: i64, limit: i64) -> Result<Vec<Link>, Fault> {
        let rows = self.0.iter().filter(|row| row.seq > after);
        Ok(rows.take(usize::try_from(limit).unwrap()).cloned().collect())
    }

    async fn hash_at(&self, seq: i64) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.0.iter().find(|row| row.seq == seq).map(|row| row.hash.clone()))
    }

    async fn row_with_hash(&self, hash: &[u8]) -> Result<Option<i64>, Fault> {
        Ok(self.0.iter().find(|row| row.hash == hash).map(|row| row.seq))
    }

    async fn end(&self) -> Result<i64, Fault> {
        Ok(self.0.last().map_or(0, |row| row.seq))
    }
}

/// Hashes from one row on, as somebody without the key can.
fn chain_anew(rows: &mut [Link], from: usize) {
    let mut hasher = duongve::store::chain::Hasher::default();
    for at in from..rows.len() {
        let (prev, seq) = if at == 0 { (START.to_vec(), 1) } else { (rows[at - 1].hash.clone(), rows[at - 1].seq + 1) };
        rows[at].seq = seq;
        rows[at].hash = hasher.hash(&prev, seq, &rows[at].entry()).to_vec();
        rows[at].prev = prev;
    }
}

fn number_anew(rows: &mut [Link]) {
    for (seq, row) in (1..).zip(rows) {
        row.seq = seq;
    }
}

/// Another text or number in one column.
fn edit(row: &mut Link, dice: &mut StdRng) -> &'static str {
    let mut text = |text: &mut String| match text.pop() {
        Some('~') | None => text.push_str("~~"),
        Some(_) if dice.random_bool(0.5) => text.push('~'),
        Some(_) => {}
    };
    let other = uuid::Uuid::from_u128(rand::random());
    match rand::random_range(0..17) {
        0 => {
            row.seq += 1;
            "seq"
        }
        1 => {
            row.id = other;
            "id"
        }
        2 => {
            row.at = At::from_micros(row.at.micros() ^ 1);
            "at"
        }
        3 => {
            row.user_id = if row.user_id.is_some() { None } else { Some(other) };
            "user_id"
        }
        4 => {
            text(&mut row.actor);
            "actor"
        }
        5 => {
            text(&mut row.session);
            "session"
        }
        6 => {
            text(&mut row.act);
            "act"
        }
        7 => {
            text(&mut row.subject);
            "subject"
        }
        8 => {
            text(&mut row.subject_id);
            "subject_id"
        }
        9 => {
            row.case_id = Some(other);
            "case_id"
        }
        10 => {
            text(&mut row.purpose);
            "purpose"
        }
        11 => {
            text(&mut row.outcome);
            "outcome"
        }
        12 => {
            text(&mut row.detail);
            "detail"
        }
        13 => {
            row.policy_version += 1;
            "policy_version"
        }
        14 => {
            text(&mut row.request);
            "request"
        }
        15 => {
            row.prev[7] ^= 4;
            "prev"
        }
        _ => {
            row.hash[9] ^= 1;
            "hash"
        }
    }
}

/// A chain of real rows: a day of the house.
async fn day_of(house: &House) -> Vec<Link> {
    // Many come in that morning.
    for _ in 0..20 {
        world::session(house, "officer", duongve::store::SessionKind::Cookie).await;
    }
    for number in 0..6 {
        let mark = format!("Ngày{number}");
        let case = world::open(house, "officer", &world::draft(&mark, number)).await;
        house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(200);
        world::visit(house, "officer", case, &world::met("home", crate::house::TODAY)).await;
    }
    house.store().chain().await.unwrap();
    house.store().links(0, 1_000_000).await.unwrap()
}

/// Checkpoints at every fifteenth row and at the last.
fn checkpoints(rows: &[Link], signer: &Signer) -> Vec<Checkpoint> {
    let mut points = Vec::new();
    for end in (15..rows.len()).step_by(15).chain([rows.len()]) {
        let head = verify::head_of(&rows[..end]);
        points.push(Checkpoint::sworn(points.len() as i64 + 1, At::from_micros(7), head, head.seq, signer));
    }
    points
}

/// Bends a sound chain in one way; what was done, and the first row that it touches.
fn bend(rows: &mut Vec<Link>, points: &mut Vec<Checkpoint>, how: usize, dice: &mut StdRng) -> (String, i64) {
    let at = dice.random_range(0..rows.len());
    let seq = at as i64 + 1;
    match how {
        0 => {
            let column = edit(&mut rows[at], dice);
            (format!("edit {column} of {seq}"), seq)
        }
        1 => {
            let until = (at + dice.random_range(1..4)).min(rows.len());
            rows.drain(at..until);
            let anew = dice.random_bool(0.5);
            if anew {
                number_anew(rows);
            }
            (format!("delete {seq}, {} rows, numbered anew: {anew}", until - at), seq)
        }
        2 => {
            let mut row = rows[at].clone();
            row.id = uuid::Uuid::from_u128(rand::random());
            row.detail = "put in".into();
            rows.insert(at, row);
            let hashed = dice.random_bool(0.5);
            number_anew(rows);
            if hashed {
                let (mine, _) = rows.split_at_mut(at + 1);
                chain_anew(mine, at);
            }
            (format!("insert at {seq}, hashed: {hashed}"), seq)
        }
        3 => {
            let other = (at + dice.random_range(1..rows.len())) % rows.len();
            rows.swap(at, other);
            number_anew(rows);
            (format!("swap {seq} and {}", other + 1), seq.min(other as i64 + 1))
        }
        4 => {
            rows.truncate(at);
            let with_points = dice.random_bool(0.5);
            if with_points {
                points.retain(|point| point.seq <= at as i64);
            }
            (format!("cut from {seq}, checkpoints too: {with_points}"), seq)
        }
        _ => {
            edit_content(&mut rows[at]);
            chain_anew(rows, at);
            (format!("rewrite from {seq}"), seq)
        }
    }
}

fn edit_content(row: &mut Link) {
    row.detail.push('~');
}

async fn looked_at(rows: Vec<Link>, points: &[Checkpoint], outside: &Witness, signer: &Signer) -> Report {
    verify::verify(&Rows(rows), points, outside, &signer.public()).await.unwrap()
}

/// Ten thousand ways to bend a chain, all found; each names no row after the first that was touched, and for what is
/// found by the chain itself exactly that row.
#[tokio::test]
async fn ten_thousand_random_tampers_are_all_found() {
    let house = House::new(Kind::Sqlite).await;
    let rows = day_of(&house).await;
    assert!(rows.len() > 42, "{} rows", rows.len());
    let signer = Signer::new(&[7; 32]).unwrap();
    let points = checkpoints(&rows, &signer);
    // What the file beside the database holds.
    let outside = Witness::read(&points.iter().map(Checkpoint::line).collect::<Vec<_>>().join("\n"));
    assert_eq!(outside.checkpoints, points);
    assert_eq!(looked_at(rows.clone(), &points, &outside, &signer).await.wrong, None, "untouched it is sound");
    let mut dice = StdRng::seed_from_u64(20);
    let mut exact = 0;
    for round in 0..10_000 {
        let (mut bent, mut kept) = (rows.clone(), points.clone());
        let how = round % 6;
        let (told, first) = bend(&mut bent, &mut kept, how, &mut dice);
        assert!(bent != rows, "{told}: nothing was bent");
        let wrong = looked_at(bent, &kept, &outside, &signer).await.wrong;
        let wrong = wrong.unwrap_or_else(|| panic!("not found: {told}"));
        let fits = match (how, wrong.what) {
            (0, What::Edited | What::Missing { .. } | What::Moved { .. } | What::Inserted { .. }) => wrong.seq == first,
            (1, What::Missing { .. }) => wrong.seq == first,
            (1, What::Cut { .. }) => wrong.seq == first,
            (2, What::Inserted { .. }) => wrong.seq == first,
            (3, What::Moved { .. } | What::Edited | What::Missing { .. } | What::Inserted { .. }) => wrong.seq == first,
            (4, What::Cut { .. }) => wrong.seq == first,
            // Not the row itself, but between which two checkpoints: the first of them is sound.
            (5, What::Rewritten { until }) => wrong.seq <= first && first <= until,
            _ => false,
        };
        exact += i64::from(fits);
        assert!(wrong.seq <= first + 1, "{told}: {wrong} names a row behind the first that was touched");
    }
    println!("10,000 tampers, 10,000 found, {exact} named by their kind and their first row");
    assert!(exact >= 9_900, "only {exact} were named by their kind and their first row");
}

/// The plant: whoever has the key can rewrite everything, and only what others hold tells.
#[tokio::test]
async fn a_chain_rewritten_with_the_key_is_found_only_by_what_somebody_outside_holds() {
    let house = House::new(Kind::Sqlite).await;
    let rows = day_of(&house).await;
    let signer = Signer::new(&[7; 32]).unwrap();
    let digest = Fingerprint::of(rows[40].seq, &rows[40].hash);
    let mut bent = rows.clone();
    edit_content(&mut bent[12]);
    chain_anew(&mut bent, 12);
    let sworn_anew = checkpoints(&bent, &signer);
    let alone = looked_at(bent.clone(), &sworn_anew, &Witness::default(), &signer).await;
    assert_eq!(alone.wrong, None, "with the key it fits in itself");
    let letter = Witness::read(&format!("Dấu nhật ký / audit mark: {digest}.\n"));
    let wrong = looked_at(bent.clone(), &sworn_anew, &letter, &signer).await.wrong.expect("the digest tells");
    assert_eq!((wrong.seq, wrong.what), (1, What::Rewritten { until: 41 }));
    // Signed with another key it is found at once.
    let forged = checkpoints(&bent, &Signer::new(&[8; 32]).unwrap());
    let wrong = looked_at(bent, &forged, &Witness::default(), &signer).await.wrong.expect("a forged signature");
    assert!(matches!(wrong.what, What::BadSignature { checkpoint: 1 }), "{wrong}");
}

/// `duongve audit verify` on the house's own database.
async fn verified(house: &House) -> Report {
    let signer = signing_key(house.store()).unwrap();
    let file = std::fs::read_to_string(&house.app.settings().checkpoint_file).unwrap();
    let mut raw = Raw::of(house).await;
    let kept: Vec<Checkpoint> =
        raw.rows("select number, at, seq, head, rows, signer, signature from checkpoints order by number").await;
    verify::verify(house.store(), &kept, &Witness::read(&file), &signer.public()).await.unwrap()
}

async fn without_guard(raw: &mut Raw) {
    match raw {
        Raw::Sqlite(_) => {
            raw.run("drop trigger audit_is_not_changed").await;
            raw.run("drop trigger audit_is_not_deleted").await;
        }
        Raw::Postgres(_) => raw.run("alter table audit disable trigger user").await,
    }
}

both!(rows_of_the_database_are_guarded_and_what_is_done_past_the_guard_is_found, async |house: House| {
    day_of(&house).await;
    jobs::tick(&house.app).await.unwrap();
    // The morning's own rows came after its checkpoint; five minutes later they are sworn to as well.
    house.clock.set(house.store().now().plus(301));
    jobs::tick(&house.app).await.unwrap();
    let sound = verified(&house).await;
    assert_eq!((sound.wrong, sound.uncovered, sound.checkpoints), (None, 0, 2), "sound, and sworn to the end");
    let mut raw = Raw::of(&house).await;
    for sql in ["update audit set detail = 'x' where seq = 20", "delete from audit where seq = 20"] {
        assert!(raw.tried(sql).await.is_err(), "{sql}");
    }
    without_guard(&mut raw).await;
    let columns = [
        "id",
        "at",
        "user_id",
        "actor",
        "session",
        "act",
        "subject",
        "subject_id",
        "case_id",
        "purpose",
        "outcome",
        "detail",
        "policy_version",
        "request",
        "prev",
        "hash",
    ];
    for (number, column) in columns.into_iter().enumerate() {
        let seq = 20 + number as i64;
        raw.run(&format!("create table kept as select * from audit where seq = {seq}")).await;
        let (text, bytes, id) = match raw {
            Raw::Sqlite(_) => ("'~' || ", "x'ff'", "x'00000000000000000000000000000007'"),
            Raw::Postgres(_) => ("'~' || ", "'\\xff'::bytea", "'00000000-0000-0000-0000-000000000007'::uuid"),
        };
        let other = match column {
            "at" | "policy_version" => format!("{column} + 1"),
            "id" | "user_id" | "case_id" => id.to_owned(),
            "prev" | "hash" => bytes.to_owned(),
            _ => format!("{text}{column}"),
        };
        raw.run(&format!("update audit set {column} = {other} where seq = {seq}")).await;
        let wrong = verified(&house).await.wrong.unwrap_or_else(|| panic!("{column} was changed and not found"));
        assert_eq!((wrong.seq, wrong.what), (seq, What::Edited), "{column}");
        raw.run(&format!("update audit set {column} = (select {column} from kept) where seq = {seq}")).await;
        raw.run("drop table kept").await;
        assert_eq!(verified(&house).await.wrong, None, "{column} as it was");
    }
    raw.run("delete from audit where seq = 31").await;
    let wrong = verified(&house).await.wrong.unwrap();
    assert_eq!((wrong.seq, wrong.what), (31, What::Missing { until: 31 }));
    raw.run("delete from audit where seq > 25").await;
    let wrong = verified(&house).await.wrong.unwrap();
    assert_eq!(wrong.seq, 26);
    assert!(matches!(wrong.what, What::Cut { .. }), "{wrong}");
    raw.run("delete from checkpoints").await;
    assert!(
        matches!(verified(&house).await.wrong.unwrap().what, What::Cut { .. }),
        "the file beside the database tells"
    );
});

both!(units_that_are_undone_leave_no_hole_in_the_chain, async |house: House| {
    let house = std::sync::Arc::new(house);
    let case = world::open(&house, "officer", &world::draft("Chuỗi", 1)).await;
    let units: Vec<_> = (0..90)
        .map(|number| {
            let house = house.clone();
            tokio::spawn(async move {
                let grant = world::grant::<acts::EditCase>(&house, "officer", case).await;
                house
                    .store()
                    .write(grant, async |work| -> Result<(), Fault> {
                        work.detail(format!("unit {number}"));
                        match number % 3 {
                            0 => Ok(()),
                            1 => Err(Fault::Stale),
                            _ => panic!("a job that panics"),
                        }
                    })
                    .await
            })
        })
        .collect();
    for unit in units {
        let _done_or_not = unit.await;
    }
    house.store().chain().await.unwrap();
    let walked = house.store().walk_chain().await.unwrap().expect("the chain is sound");
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from audit where detail like 'unit %'").await, 30);
    assert_eq!(raw.number("select count(*) from audit").await, walked.seq, "no hole");
});

both!(two_programs_on_one_database_make_one_chain, async |house: House| {
    let other = duongve::store::Store::open(
        &house.app.settings().database,
        &house.app.settings().keys,
        house.clock.clone(),
        None,
    )
    .await
    .unwrap();
    let user = world::user_id(&house, "officer").await;
    for _round in 0..20 {
        for store in [house.store(), &other] {
            store.start_session(&crate::world::whole(user, duongve::store::SessionKind::Cookie)).await.unwrap();
        }
    }
    let (one, two) = tokio::join!(house.store().chain(), other.chain());
    let left = house.store().chain().await.unwrap();
    if house.kind == Kind::Postgres {
        assert!(one.unwrap() + two.unwrap() + left >= 40, "each row was chained once");
    }
    assert_eq!(house.store().unchained().await.unwrap(), 0);
    let walked = house.store().walk_chain().await.unwrap().expect("one sound chain");
    assert!(walked.seq >= 40);
    other.close().await;
});

both!(a_running_program_chains_within_a_second, async |house: House| {
    let clockwork = jobs::start(house.app.clone()).await.unwrap();
    let user = world::user_id(&house, "officer").await;
    house.store().start_session(&crate::world::whole(user, duongve::store::SessionKind::Cookie)).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1000)).await;
    assert_eq!(house.store().unchained().await.unwrap(), 0);
    clockwork.stop().await.unwrap();
});
