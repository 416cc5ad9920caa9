//! Gatherings: planned, moved, held and minuted; who is asked and who sees of it; what is said, and the answer that is owed.

use crate::{
    both,
    cases::hidden,
    house::{House, TODAY},
    raw::Raw,
    world::{self, grant},
};
use duongve::{
    base::{ids::GatheringId, text::show_day, time::plus_days},
    gatherings,
    policy::acts,
};
use serde_json::json;

async fn newest(house: &House) -> GatheringId {
    Raw::of(house).await.rows::<(GatheringId,)>("select id from gatherings order by made_at desc, id desc").await[0].0
}

both!(a_reunion_is_planned_moved_held_and_minuted, async |house: House| {
    let officer = house.as_("officer").await;
    let case = world::open(&house, "officer", &world::draft("Vui", 1)).await;
    let page = officer.get("/gatherings").await.expect(200).text();
    assert!(page.contains("Chưa có buổi nào"), "{page}");
    let (soon, later) = (show_day(plus_days(TODAY, 3)), show_day(plus_days(TODAY, 5)));
    let empty = [("kind", "reunion"), ("on", ""), ("at", "25h"), ("place", ""), ("leader", "Chị Ba")];
    let page = officer.post("/gatherings", &empty).await.expect(422).text();
    assert!(page.contains("Không phải là giờ") && page.contains("value=\"25h\""), "what was typed is kept: {page}");
    let form = [
        ("kind", "reunion"),
        ("on", &*soon),
        ("at", "8h30"),
        ("place", "Nhà văn hóa ấp Phước Lộc"),
        ("leader", "Chị Ba"),
        ("outsiders", "20"),
    ];
    let there = officer.post("/gatherings", &form).await.expect(303).goes_to().to_owned();
    let there = there.split('?').next().unwrap().to_owned();
    let page = officer.get(&there).await.expect(200).text();
    assert!(
        page.contains("Họp mặt người hoàn lương") && page.contains("08:30") && page.contains("Đã lên lịch"),
        "{page}"
    );
    let asked = [("cases", &*case.to_string())];
    officer.post(&format!("{there}/guests"), &asked).await.expect(303);
    // Before its day nobody came, and nothing is written down.
    let version = hidden(&officer.get(&format!("{there}/minutes")).await.expect(200).text(), "version");
    let early = [("minutes", "Vui vẻ"), ("version", &*version)];
    officer.post(&format!("{there}/minutes"), &early).await.expect(422);
    let same = [("on", &*soon), ("at", "8:30"), ("reason", "Mưa"), ("version", &*version)];
    officer.post(&format!("{there}/moves"), &same).await.expect(422);
    let without = [("on", &*later), ("reason", ""), ("version", &*version)];
    officer.post(&format!("{there}/moves"), &without).await.expect(422);
    let moved = [("on", &*later), ("at", "14h"), ("reason", "Mưa lớn"), ("version", &*version)];
    officer.post(&format!("{there}/moves"), &moved).await.expect(303);
    officer.post(&format!("{there}/moves"), &moved).await.expect(412);
    let page = officer.get(&there).await.expect(200).text();
    assert!(page.contains("Mưa lớn") && page.contains("14:00") && page.contains("NameVui"), "{page}");

    // The letter to her home says where and when, and nothing of why.
    let page = officer.get(&format!("{there}/letters")).await.expect(200).text();
    let letter = page.split("stack sheet").nth(1).and_then(|from| from.split("</section>").next()).unwrap();
    assert!(letter.contains("NameVui") && letter.contains("Nhà văn hóa") && letter.contains("14:00"), "{letter}");
    for word in ["hoàn lương", "án phạt", "tù", "Công an", "đối tượng", "reunion"] {
        assert!(!letter.to_lowercase().contains(&word.to_lowercase()), "{word}: {letter}");
    }

    house.go_to(plus_days(TODAY, 5));
    let officer = house.as_("officer").await;
    let guests: Vec<(uuid::Uuid,)> = Raw::of(&house).await.rows("select id from gathering_guests").await;
    let guest = guests[0].0.to_string();
    let came = [("listed", &*guest), ("came", &guest), ("outsiders_came", "17")];
    officer.post(&format!("{there}/attendance"), &came).await.expect(303);
    let version = hidden(&officer.get(&format!("{there}/minutes")).await.expect(200).text(), "version");
    let minutes = [("minutes", "Bà con kể chuyện nuôi bò"), ("version", &*version)];
    officer.post(&format!("{there}/minutes"), &minutes).await.expect(303);
    let page = officer.get(&format!("{there}/record")).await.expect(200).text();
    assert!(page.contains("nuôi bò") && page.contains("NameVui") && page.contains("17"), "{page}");
    let version = hidden(&officer.get(&format!("{there}/minutes")).await.expect(200).text(), "version");
    officer.post(&format!("{there}/cancellation"), &[("reason", "Thôi"), ("version", &*version)]).await.expect(422);
    let page = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(page.contains("Họp mặt người hoàn lương") && page.contains("Đã đến"), "it stands on her page: {page}");
});

both!(nobody_has_to_come_and_an_absence_makes_nothing, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Vắng", 1)).await;
    let before = async |table: &str| Raw::of(&house).await.number(&format!("select count(*) from {table}")).await;
    let (tasks, corrections) = (before("follow_ups").await, before("corrections").await);
    let meeting = world::gather(&house, "officer", "").await;
    world::invite(&house, "officer", meeting, &[case], &[]).await;
    let program = house.program("officer").await;
    let told = program.get(&format!("/api/v1/gatherings/{meeting}")).await.expect(200).json();
    let guest = &told["guests"][0]["id"];
    let marked = program.post(&format!("/api/v1/gatherings/{meeting}/attendance"), &json!({"absent": [guest]})).await;
    assert_eq!(marked.expect(201).json()["guests"][0]["came"], false);
    assert_eq!((before("follow_ups").await, before("corrections").await), (tasks, corrections), "nothing follows");
    let page = house.as_("officer").await.get(&format!("/cases/{case}/gatherings")).await.expect(200).text();
    assert!(page.contains("Không đến") && page.contains("không phải vi phạm") && !page.contains("chip late"), "{page}");
});

both!(each_sees_of_the_guests_whom_she_may_know, async |house: House| {
    let women = world::organisation(&house, "30577", "women").await;
    let youth = world::organisation(&house, "30577", "youth").await;
    let (mine, hers) = (
        world::open(&house, "officer", &world::draft("Mình", 1)).await,
        world::open(&house, "officer2", &world::draft("Bạn", 2)).await,
    );
    let kept = world::open(&house, "officer2", &world::draft("Kín", 3)).await;
    let sealed = world::open(&house, "officer", &world::draft("Niêm", 4)).await;
    world::refer(&house, "officer", mine, women, "partner").await;
    let meeting = world::gather(&house, "officer", "Họp mặt cuối năm").await;
    world::invite(&house, "officer", meeting, &[mine, sealed], &[women.to_string()]).await;
    world::invite(&house, "officer2", meeting, &[hers, kept], &[]).await;
    world::deputy(&house).await;
    world::restrict(&house, "supervisor", kept, "exclusion", &["supervisor"]).await;
    world::seal(&house, "supervisor", sealed).await;
    let names = ["NameMình", "NameBạn", "NameKín", "NameNiêm"];
    let known: &[(&str, &[&str])] = &[
        ("officer", &["NameMình"]),
        ("officer2", &["NameBạn", "NameKín"]),
        ("supervisor", &["NameMình", "NameBạn"]),
        ("partner", &["NameMình"]),
        ("helper", &[]),
    ];
    for (who, sees) in known {
        let page = house.as_(who).await.get(&format!("/gatherings/{meeting}")).await.expect(200).text();
        let told = house.program(who).await.get(&format!("/api/v1/gatherings/{meeting}")).await.expect(200).json();
        for name in names {
            assert_eq!(page.contains(name), sees.contains(&name), "{who} {name}: {page}");
        }
        assert_eq!(told["guests"].as_array().unwrap().len(), sees.len(), "{who}: neither name nor count");
    }
    for who in ["partner2", "council", "lender", "officer3", "province"] {
        house.as_(who).await.get(&format!("/gatherings/{meeting}")).await.expect(404);
    }
    // Nobody asks somebody else's person, and no organisation is asked to what is a family's own.
    let officer = house.program("officer").await;
    let path = format!("/api/v1/gatherings/{meeting}/guests");
    for body in [json!({"cases": [hers]}), json!({"cases": [sealed]}), json!({"bodies": [uuid::Uuid::nil()]})] {
        assert_eq!(officer.post(&path, &body).await.expect(422).json()["errors"][0]["code"], "unknown", "{body}");
    }
    let talk = world::talk(&house, "officer", mine, "Nhà").await;
    let path = format!("/api/v1/gatherings/{talk}/guests");
    let refused = officer.post(&path, &json!({"bodies": [youth]})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "family_only");
    for who in ["officer2", "partner", "helper", "council"] {
        house.as_(who).await.get(&format!("/gatherings/{talk}")).await.expect(404);
    }
    // The report counts whom its reader may know, and somebody who is sealed without a name; above the commune there are figures
    // and no list.
    Raw::of(&house).await.run(came(&house)).await;
    for (who, people) in [("supervisor", 3), ("province", 4)] {
        let report = house.program(who).await.get("/api/v1/reports").await.expect(200).json();
        let told = crate::reports::values(&report);
        let told = ["came", "meetings_reunion", "meetings_dialogue"].map(|key| told[key]);
        assert_eq!(told, [people, 1, 1], "{who}");
    }
});

fn came(house: &House) -> &'static str {
    if house.store().is_postgres() {
        "update gathering_guests set came = true"
    } else {
        "update gathering_guests set came = 1"
    }
}

both!(a_dialogue_with_a_family_is_planned_on_her_page_and_minuted, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Nhà", 1)).await;
    let officer = house.as_("officer").await;
    let family = [("name", "Trần Thị Mẹ"), ("relation", "mẹ"), ("phone", ""), ("needs", "")];
    officer.post(&format!("/cases/{case}/relatives"), &family).await.expect(303);
    let relatives: Vec<(uuid::Uuid,)> = Raw::of(&house).await.rows("select id from relatives").await;
    let mother = relatives[0].0.to_string();
    let form = officer.get(&format!("/cases/{case}/dialogues/new")).await.expect(200).text();
    assert!(form.contains("Trần Thị Mẹ"), "{form}");
    let today = show_day(TODAY);
    let draft = [("on", &*today), ("at", "9h"), ("place", "Tại nhà"), ("leader", "Anh Tư"), ("relatives", &*mother)];
    officer.post(&format!("/cases/{case}/dialogues"), &draft).await.expect(303);
    let talk = newest(&house).await;
    let there = format!("/gatherings/{talk}");
    let page = officer.get(&there).await.expect(200).text();
    assert!(page.contains("Trần Thị Mẹ") && page.contains("Đối thoại với thân nhân"), "{page}");
    let version = hidden(&officer.get(&format!("{there}/minutes")).await.expect(200).text(), "version");
    let minutes = [("minutes", "Mẹ mong con có việc"), ("version", &*version)];
    officer.post(&format!("{there}/minutes"), &minutes).await.expect(303);
    // It stands in the timeline of the case, for the office.
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}/timeline")).await.expect(200).json();
    let entry = told["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "gathering").unwrap();
    assert_eq!((&entry["what"]["dialogue"], &entry["what"]["minuted"]), (&json!(true), &json!(true)), "{entry}");
    let page = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(page.contains("Đối thoại với thân nhân") && page.contains(&there), "{page}");
    // Whoever withdrew is asked no more.
    let version: Vec<(i64,)> = Raw::of(&house).await.rows("select version from relatives").await;
    let version = version[0].0.to_string();
    officer.post(&format!("/relatives/{mother}/withdrawal"), &[("version", &version)]).await.expect(303);
    officer.post(&format!("/cases/{case}/dialogues"), &draft).await.expect(422);
    // With the case it is sealed: nobody reads of it any more.
    world::seal(&house, "supervisor", case).await;
    for who in ["officer", "supervisor"] {
        house.as_(who).await.get(&there).await.expect(404);
        assert!(!house.as_(who).await.get("/gatherings").await.expect(200).text().contains(&there), "{who}");
    }
});

both!(what_a_person_says_is_answered_by_a_task_of_her_case, async |house: House| {
    let women = world::organisation(&house, "30577", "women").await;
    let case = world::open(&house, "officer", &world::draft("Nói", 1)).await;
    let meeting = world::gather(&house, "officer", "").await;
    let officer = house.program("officer").await;
    let to = format!("/api/v1/gatherings/{meeting}/opinions");
    let said = |owes: &str| json!({"case": case, "text": "Xin học nghề may", "owes": owes, "due_on": TODAY});
    let refused = officer.post(&to, &said(&format!("organisation:{women}"))).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "no_referral", "it does not help her");
    let refused = officer.post(&to, &said("council")).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "not_of_this_case");
    let third = json!({"text": "Ông Năm lấy trộm", "about": "Ông Năm"});
    officer.post(&to, &third).await.expect(422);
    let page = house.as_("officer").await.get(&format!("/gatherings/{meeting}/opinions")).await.expect(200).text();
    assert!(page.contains("không nhận tin báo về người khác"), "{page}");

    world::refer(&house, "officer", case, women, "partner").await;
    let mine = officer.post(&to, &said("in_charge")).await.expect(201).json();
    let theirs = officer.post(&to, &said(&format!("organisation:{women}"))).await.expect(201).json();
    // Both are tasks, on every surface that has tasks.
    let due = officer.get("/api/v1/follow-ups?state=today").await.expect(200).text();
    assert_eq!(due.matches("Xin học nghề may").count(), 2, "{due}");
    let home = house.as_("partner").await.get("/").await.expect(200).text();
    assert!(home.contains("Xin học nghề may") && home.contains("/opinion\""), "{home}");
    let tasks: Vec<(uuid::Uuid,)> =
        Raw::of(&house).await.rows("select id from follow_ups where rule = 'opinion' order by made_at, id").await;
    let task = tasks[0].0.to_string();
    let refused = officer.post(&format!("/api/v1/follow-ups/{task}/completion"), &json!({"note": "xong"})).await;
    assert_eq!(refused.expect(422).json()["errors"][0]["code"], "needs_answer");
    let goes = house.as_("officer").await.get(&format!("/follow-ups/{task}/opinion")).await.expect(303);
    assert_eq!(goes.goes_to(), format!("/opinions/{}", mine["id"].as_str().unwrap()));

    // The helper answers hers, and only hers.
    let (mine, theirs) = (mine["id"].as_str().unwrap(), theirs["id"].as_str().unwrap());
    let partner = house.as_("partner").await;
    partner.get(&format!("/opinions/{mine}")).await.expect(404);
    let page = partner.get(&format!("/opinions/{theirs}")).await.expect(200).text();
    let answer = [("kind", "answered"), ("answer", "Lớp may mở thứ Hai"), ("version", &*hidden(&page, "version"))];
    house.as_("helper").await.post(&format!("/opinions/{theirs}/answer"), &answer).await.expect(404);
    partner.post(&format!("/opinions/{theirs}/answer"), &answer).await.expect(303);
    partner.post(&format!("/opinions/{theirs}/answer"), &answer).await.expect(412);
    let open = "select count(*) from follow_ups where rule = 'opinion' and done_at is null and dropped_at is null";
    assert_eq!(Raw::of(&house).await.number(open).await, 1, "its task is done");
    let stale = house.as_("officer").await.get(&format!("/opinions/{mine}")).await.expect(200).text();
    let beyond =
        [("kind", "beyond"), ("answer", "Đã chuyển Sở Lao động, số 12"), ("version", &*hidden(&stale, "version"))];
    house.as_("officer").await.post(&format!("/opinions/{mine}/answer"), &beyond).await.expect(303);
    assert_eq!(Raw::of(&house).await.number(open).await, 0);
});

both!(an_answer_that_hangs_on_no_case_is_owed_by_whoever_owes_it, async |house: House| {
    let women = world::organisation(&house, "30577", "women").await;
    let meeting = world::gather(&house, "officer", "").await;
    let second = world::user_id(&house, "officer2").await;
    for (text, owes) in [
        ("Đèn đường hỏng", "council".to_owned()),
        ("Cần lớp may", format!("organisation:{women}")),
        ("Giờ làm việc", format!("officer:{second}")),
    ] {
        world::said(&house, "officer", meeting, "", text, &owes).await;
    }
    let all = ["Đèn đường hỏng", "Cần lớp may", "Giờ làm việc"];
    for (who, path, sees) in [
        ("council", "/opinions", &all[..1]),
        ("partner", "/opinions", &all[1..2]),
        ("helper", "/opinions", &all[1..2]),
        ("partner2", "/opinions", &[][..]),
        ("officer2", "/opinions?mine=true", &all[2..]),
        ("officer", "/opinions?mine=true", &[][..]),
        ("supervisor", "/opinions", &all[..]),
        ("supervisor3", "/opinions", &[][..]),
    ] {
        let page = house.as_(who).await.get(path).await.expect(200).text();
        for text in all {
            assert_eq!(page.contains(text), sees.contains(&text), "{who} {text}: {page}");
        }
    }
    house.go_to(plus_days(TODAY, 1));
    for (who, waiting, late) in
        [("supervisor", 3, 3), ("officer2", 1, 1), ("officer", 0, 0), ("partner", 1, 1), ("council", 1, 1)]
    {
        let scope = house.store().scope::<acts::ListOpinions>(&world::actor(&house, who).await).unwrap();
        let owed = gatherings::opinions::waiting(house.store(), &scope).await.unwrap();
        assert_eq!((owed.waiting, owed.late), (waiting, late), "{who}");
    }
    // It stands on the first page of whoever owes it, on the head's overview and in her digest.
    for (who, path, stands) in [
        ("officer2", "/", true),
        ("officer", "/", false),
        ("partner", "/", true),
        ("council", "/loan-lists", true),
        ("supervisor", "/overview", true),
        ("supervisor", "/digests/preview", true),
    ] {
        let page = house.as_(who).await.get(path).await.expect(200).text();
        assert_eq!(page.contains("Ý kiến chờ trả lời"), stands, "{who} {path}: {page}");
    }
    // The council answers its own; it sees the day and the place, and no guest.
    let council = house.program("council").await;
    let owed = council.get("/api/v1/opinions").await.expect(200).json();
    let id = owed["items"][0]["id"].as_str().unwrap().to_owned();
    let answer = json!({"kind": "beyond", "answer": "Đã gửi điện lực, công văn 7"});
    council.post(&format!("/api/v1/opinions/{id}/answer"), &answer).await.expect(428);
    let told = council.post_if(&format!("/api/v1/opinions/{id}/answer"), "\"1\"", &answer).await.expect(200).json();
    assert_eq!(told["answer_kind"], "beyond");
    let seen = council.get(&format!("/api/v1/gatherings/{meeting}")).await.expect(200).json();
    assert!(seen["minutes"].is_null() && seen["bodies"].is_null() && seen["place"] == "Nhà văn hóa", "{seen}");
});

both!(a_page_asks_few_statements_however_long_it_is, async |house: House| {
    let meeting = world::gather(&house, "officer", "Họp mặt").await;
    let asked = async || {
        let officer = house.as_("officer").await;
        let mut counts = Vec::new();
        for path in [format!("/gatherings/{meeting}"), "/gatherings".to_owned(), "/opinions".to_owned()] {
            let (answer, heard) = duongve::store::listen(officer.get(&path)).await;
            answer.expect(200);
            let known = ["from sessions", "person_keys", "from audit where seq"];
            counts.push(
                heard
                    .iter()
                    .filter(|sql| sql.starts_with("select") && !known.iter().any(|word| sql.contains(word)))
                    .count(),
            );
        }
        counts
    };
    let before = asked().await;
    for number in 0..12 {
        let case = world::open(&house, "officer", &world::draft(&format!("N{number}"), number)).await;
        world::invite(&house, "officer", meeting, &[case], &[]).await;
        world::said(&house, "officer", meeting, "", &format!("Ý {number}"), "council").await;
        world::gather(&house, "officer", &format!("Buổi {number}")).await;
    }
    assert_eq!(asked().await, before);
    assert!(before.iter().all(|count| *count <= 5), "{before:?}");
});

both!(a_key_makes_one_meeting_and_one_opinion, async |house: House| {
    let program = house.program("officer").await;
    let key = "01900000-0000-7000-8000-0000000000aa";
    let body = json!({"kind": "club", "on": TODAY, "place": "Đình", "leader": "Anh Tư"});
    let first = program.post_keyed("/api/v1/gatherings", key, &body).await.expect(201).json();
    let again = program.post_keyed("/api/v1/gatherings", key, &body).await.expect(201).json();
    assert_eq!(first["id"], again["id"]);
    let path = format!("/api/v1/gatherings/{}/opinions", first["id"].as_str().unwrap());
    let key = "01900000-0000-7000-8000-0000000000ab";
    for _ in 0..2 {
        program.post_keyed(&path, key, &json!({"text": "Mượn sân đá banh"})).await.expect(201);
    }
    assert_eq!(Raw::of(&house).await.number("select count(*) from opinions").await, 1);
    let see = grant::<acts::SeeGathering>(&house, "officer", first["id"].as_str().unwrap().parse().unwrap()).await;
    assert_eq!(gatherings::one(house.store(), &see).await.unwrap().opinions.len(), 1);
});
