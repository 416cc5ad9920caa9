//! A record opened in an emergency: one, by its code, for half an hour, with a reason, told at once.

use crate::{
    both,
    cases::{opened, user},
    house::{Answer, House, TODAY},
    office::{mails, tick, to},
    raw::Raw,
    world,
};
use duongve::{
    base::{lang::Lang, time::At},
    policy::acts,
    store::{Denied, Fault},
};

const NAME: &str = "Trần Văn Kín";
const REASON: &str = "Bà con ngất ngoài chợ, cần gọi người nhà ngay";

async fn code_of(house: &House, case: &str) -> String {
    let mut raw = Raw::of(house).await;
    let sql = format!("select code from cases where id = {}", raw.id(case));
    raw.rows::<(String,)>(&sql).await.remove(0).0
}

async fn break_glass(house: &House, name: &str, code: &str) -> Answer {
    let form = [("code", code), ("kind", "health"), ("reason", REASON)];
    house.as_(name).await.post("/emergencies", &form).await
}

/// So many minutes and seconds after the story began; people sign in again.
fn later(house: &House, minutes: i64, seconds: i64) {
    house.clock.set(At::of(TODAY, 7, 30).plus(minutes * 60 + seconds));
}

both!(one_record_for_half_an_hour_told_at_once, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME), ("health", "tiểu đường"), ("offence", "Trộm cắp")]).await;
    let other = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let (code, page) = (code_of(&house, &case).await, format!("/cases/{case}"));
    let officer2 = house.as_("officer2").await;
    officer2.get(&page).await.expect(404);
    let form = officer2.get("/emergencies/new").await.expect(200).text();
    assert!(!form.contains(NAME));
    let answer = break_glass(&house, "officer2", &code.to_lowercase()).await.expect(303);
    assert!(answer.goes_to().starts_with(&page), "{}", answer.goes_to());

    later(&house, 10, 1);
    let seen = officer2.get(&page).await.expect(200).text();
    let banner = Lang::Vi.with("emergencies-banner", &[("n", 20_i64.into())]);
    assert!(seen.contains(NAME) && seen.contains("tiểu đường") && seen.contains(&banner), "{seen}");
    for under in ["referrals", "relatives", "helps", "assignments", "visits/new"] {
        let text = officer2.get(&format!("{page}/{under}")).await.expect(200).text();
        assert!(text.contains(&banner), "{under}: the banner stands on every page of the record");
    }
    // It opens; it changes nothing but a visit that is logged, and shows neither offence nor origin.
    for shut in
        ["correction", "steps", "closure", "classifications", "parts", "restrictions", "referrals/new", "tasks/new"]
    {
        officer2.get(&format!("{page}/{shut}")).await.expect(403);
    }
    let visit = [("on", "23/11/2026"), ("kind", "elsewhere"), ("met", "true")];
    officer2.post(&format!("{page}/visits"), &visit).await.expect(303);
    let whole = house.program("officer2").await.get(&format!("/api/v1/cases/{case}")).await.expect(200).text();
    assert!(whole.contains(NAME) && !whole.contains("Trộm cắp"), "{whole}");
    // No other record, no list, no search, no count, no file.
    officer2.get(&format!("/cases/{other}")).await.expect(404);
    for list in ["/", "/cases"] {
        assert!(!officer2.get(list).await.expect(200).text().contains(NAME), "{list}");
    }
    // A file asks who she is again; having said so she gets it, without this record.
    let file = "/cases/export?format=csv";
    assert!(officer2.get(file).await.expect(303).goes_to().starts_with("/confirmation?next="));
    let fresh = world::session(&house, "officer2", duongve::store::SessionKind::Cookie).await;
    assert!(!house.holding(&fresh).get(file).await.expect(200).text().contains(NAME));
    assert!(!officer2.post("/case-searches", &[("q", &code)]).await.expect(200).text().contains(NAME));
    let listed = house.program("officer2").await.get("/api/v1/cases?count=true").await.expect(200).json();
    assert_eq!(listed["count"], 0);
    // Nobody else has it by that.
    assert!(!house.as_("officer").await.get(&page).await.expect(200).text().contains(&banner));

    // The head's mail was in the outbox with the opening itself, and goes out within the minute: the code, no name.
    house.clock.set(At::of(TODAY, 7, 30).plus(10 * 60 + 30));
    let mut raw = Raw::of(&house).await;
    let same = "select count(*) from mails m join emergencies e on e.opened_at = m.made_at";
    assert_eq!(raw.number(same).await, 1);
    duongve::mails::send_due(&house.app).await.unwrap();
    let mail = to(&house, "supervisor").remove(0);
    assert!(mail.subject.contains(&code) && mail.text.contains(&code), "{mail:?}");
    assert!(mails(&house).iter().all(|mail| !mail.text.contains(NAME) && !mail.text.contains("Diễm")));

    later(&house, 29, 59);
    officer2.get(&page).await.expect(200);
    later(&house, 30, 0);
    let unknown = officer2.get("/cases/01900000-0000-4000-8000-ffffffffffff").await.expect(404);
    assert_eq!(officer2.get(&page).await.expect(404).bytes, unknown.bytes);
    officer2.post(&format!("{page}/visits"), &visit).await.expect(404);
    let opened = "select count(*) from audit where act = 'case.see' and outcome = 'opened' and detail like '%health%'";
    assert!(raw.number(opened).await >= 2, "every opening is a line of the trail");
    assert_eq!(raw.number("select count(*) from audit where act = 'emergency.open' and outcome = 'done'").await, 1);
});

both!(an_unknown_a_closed_and_a_sealed_code_get_one_answer, async |house: House| {
    let closed = opened(&house, "officer", &[("name", NAME)]).await;
    let sealed = opened(&house, "officer", &[("name", "Lê Văn Ẩn")]).await;
    let (closed_code, sealed_code) = (code_of(&house, &closed).await, code_of(&house, &sealed).await);
    let mut raw = Raw::of(&house).await;
    for (case, status) in [(&closed, "closed"), (&sealed, "sealed")] {
        let sql = format!("update cases set status = '{status}' where id = {}", raw.id(case));
        raw.run(&sql).await;
    }
    let unknown = duongve::cases::model::code([9, 8, 7, 6]);
    assert!(![&closed_code, &sealed_code].contains(&&unknown));
    let mut answers = Vec::new();
    for code in [&unknown, &closed_code, &sealed_code] {
        let answer = break_glass(&house, "officer2", code).await.expect(422).text();
        assert!(answer.contains(&Lang::Vi.say("fault-nothing-opened")), "{answer}");
        let key = crate::cases::hidden(&answer, "_key");
        answers.push(answer.replace(code.as_str(), "").replace(&key, ""));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "the same bytes but for the code that was typed");
    house.as_("officer2").await.get(&format!("/cases/{closed}")).await.expect(404);
    // Without a good reason nothing is looked up: known and unknown codes get the same, and nothing is written.
    let short = async |code: &str| {
        let form = [("code", code), ("kind", "health"), ("reason", "gấp lắm")];
        let answer = house.as_("officer2").await.post("/emergencies", &form).await.expect(422).text();
        let key = crate::cases::hidden(&answer, "_key");
        answer.replace(code, "").replace(&key, "")
    };
    let live = opened(&house, "officer", &[("name", "Võ Thị Còn")]).await;
    assert_eq!(short(&code_of(&house, &live).await).await, short(&unknown).await);
    assert_eq!(raw.number("select count(*) from emergencies").await, 3, "every real try was kept");
    assert_eq!(raw.number("select count(*) from emergencies where case_id is not null").await, 0);
    assert_eq!(raw.number("select count(*) from mails").await, 0);
    // Five within the hour, whatever they opened.
    for code in [&unknown, &unknown] {
        break_glass(&house, "officer2", code).await.expect(422);
    }
    let stopped = break_glass(&house, "officer2", &code_of(&house, &live).await).await.expect(422).text();
    assert!(stopped.contains(&Lang::Vi.say("fault-too-many-emergencies")), "{stopped}");
    house.as_("officer2").await.get(&format!("/cases/{live}")).await.expect(404);
    house.clock.set(At::of(TODAY, 8, 31));
    let again = house
        .holding(&world::session(&house, "officer2", duongve::store::SessionKind::Cookie).await)
        .token()
        .to_owned();
    let form = [("code", code_of(&house, &live).await), ("kind", "health".into()), ("reason", REASON.into())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    house.holding(&again).post("/emergencies", &form).await.expect(303);
});

both!(it_asks_who_you_are_again_and_only_officers_and_heads_may, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let code = code_of(&house, &case).await;
    for other in ["partner", "council", "admin", "province", "inspector", "lender"] {
        break_glass(&house, other, &code).await.expect(403);
    }
    let officer2 = house.as_("officer2").await;
    later(&house, 11, 0);
    let form = [("code", code.as_str()), ("kind", "health"), ("reason", REASON)];
    let asked = officer2.post("/emergencies", &form).await.expect(401).text();
    assert!(asked.contains(r#"action="/confirmation""#), "{asked}");
    assert_eq!(Raw::of(&house).await.number("select count(*) from emergencies").await, 0);
    // A record that one has is simply shown: no emergency, nobody is told.
    later(&house, 0, 0);
    assert_eq!(break_glass(&house, "officer", &code).await.expect(303).goes_to(), format!("/cases/{case}"));
    assert_eq!(Raw::of(&house).await.number("select count(*) from emergencies").await, 0);
});

both!(a_restricted_record_opens_too_and_that_is_said_first, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let code = code_of(&house, &case).await;
    world::deputy(&house).await;
    let case_id = case.parse().unwrap();
    world::restrict(&house, "supervisor", case_id, "only", &["officer", "supervisor"]).await;
    break_glass(&house, "officer2", &code).await.expect(303);
    house.as_("officer2").await.get(&format!("/cases/{case}")).await.expect(200);
    duongve::mails::send_due(&house.app).await.unwrap();
    let mail = to(&house, "supervisor").remove(0);
    assert!(mail.text.contains(&Lang::Vi.say("emergencies-mail-restricted")), "{mail:?}");
    assert!(to(&house, "deputy").is_empty(), "a head who may not know the person is not told either");
    house.as_("deputy").await.get("/emergencies").await.expect(200);
    let told = house.as_("supervisor").await.get("/emergencies").await.expect(200).text();
    assert!(told.contains(&code) && told.contains(&Lang::Vi.say("emergencies-restricted")), "{told}");
    assert!(!house.as_("deputy").await.get("/emergencies").await.expect(200).text().contains(&code));
});

both!(whoever_is_excluded_by_name_opens_nothing_and_learns_nothing, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let code = code_of(&house, &case).await;
    world::deputy(&house).await;
    world::restrict(&house, "supervisor", case.parse().unwrap(), "exclusion", &["officer2", "deputy"]).await;
    let nobodys = duongve::cases::model::code([9, 9, 9, 9]);
    let officer2 = house.as_("officer2").await;
    let same = async |code: &str| {
        let answer = break_glass(&house, "officer2", code).await.expect(422);
        answer.text().replace(code, "CODE")
    };
    let (shut, unknown) = (same(&code).await, same(&nobodys).await);
    // The form's own key is another one each time.
    let plain = |page: &str| page.lines().filter(|line| !line.contains("_key")).collect::<Vec<_>>().join("\n");
    assert_eq!(plain(&shut), plain(&unknown), "the answer of a code that no record has");
    officer2.get(&format!("/cases/{case}")).await.expect(404);
    let own = officer2.get("/emergencies").await.expect(200).text();
    assert!(!own.contains(&Lang::Vi.say("emergencies-restricted")) && own.contains(&code), "{own}");
    // The head who may know the person finds the try, the one who may not does not.
    assert!(house.as_("supervisor").await.get("/emergencies").await.expect(200).text().contains(&code));
    assert!(!house.as_("deputy").await.get("/emergencies").await.expect(200).text().contains(&code));
    assert!(house.as_("inspector").await.get("/emergencies").await.expect(200).text().contains(&code));
    let rows = "select count(*) from emergencies where case_id is null";
    assert_eq!(Raw::of(&house).await.number(rows).await, 2);
    // An opening that is under way ends with the exclusion.
    break_glass(&house, "supervisor3", &code).await.expect(303);
    let there = house.as_("supervisor3").await;
    there.get(&format!("/cases/{case}")).await.expect(200);
    let foreign = world::user_id(&house, "supervisor3").await;
    let mut raw = Raw::of(&house).await;
    let (user, person) = (raw.id(foreign), raw.id(case.parse::<duongve::base::ids::CaseId>().unwrap()));
    raw.run(&format!(
        "update restriction_users set user_id = {user} where user_id = (select id from users where username = 'officer2') \
         and restriction_id in (select id from restrictions where case_id = {person})"
    ))
    .await;
    there.get(&format!("/cases/{case}")).await.expect(404);
    break_glass(&house, "officer2", &code).await.expect(303);
    // When the case is sealed, the try that opened nothing is told no more either: its code would name a sealed case.
    let inspector = house.as_("inspector").await;
    assert!(inspector.get("/emergencies").await.expect(200).text().contains(&code));
    raw.run(&format!("update cases set status = 'sealed' where id = {person}")).await;
    let after = inspector.get("/emergencies").await.expect(200).text();
    assert!(!after.contains(&code) && after.contains(&nobodys), "{after}");
});

both!(it_stands_in_the_digest_until_somebody_has_acknowledged_it, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let code = code_of(&house, &case).await;
    break_glass(&house, "officer2", &code).await.expect(303);
    let listed = house.program("supervisor").await.get("/api/v1/emergencies").await.expect(200).json();
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let page = format!("/emergencies/{id}");
    house.as_("officer2").await.get(&page).await.expect(200);
    house.as_("officer2").await.post(&format!("{page}/acknowledgement"), &[]).await.expect(403);
    for other in ["officer", "officer3", "supervisor3", "partner"] {
        house.as_(other).await.get(&page).await.expect(404);
    }
    let seen = house.as_("supervisor").await.get(&page).await.expect(200).text();
    assert!(seen.contains(REASON) && seen.contains("Trần Ngọc Diễm") && !seen.contains(NAME), "{seen}");
    // Four days later it is late, and the digest says so; the digest of another commune does not.
    house.go_to(jiff::civil::date(2026, 11, 27));
    tick(&house).await;
    let what = Lang::Vi.say("owed-emergencies");
    let late = Lang::Vi.with("owed-line-late", &[("x", what.clone().into()), ("n", 1.into()), ("late", 1.into())]);
    assert!(to(&house, "supervisor").iter().any(|mail| mail.text.contains(&late)));
    assert!(!to(&house, "supervisor3").iter().any(|mail| mail.text.contains(&what)));
    let late = house.as_("supervisor").await.get("/emergencies").await.expect(200).text();
    assert!(late.contains(&Lang::Vi.say("emergencies-late")), "{late}");
    let acknowledgement = format!("{page}/acknowledgement");
    house.as_("supervisor").await.post(&acknowledgement, &[("note", "đã hỏi lại, đúng việc")]).await.expect(303);
    house.as_("supervisor").await.post(&acknowledgement, &[]).await.expect(422);
    house.as_("inspector").await.get(&page).await.expect(200);
    let boss = world::actor(&house, "supervisor").await;
    let scope = house.store().scope::<acts::ListEmergencies>(&boss).unwrap();
    let waiting = duongve::emergencies::waiting(house.store(), &scope).await.unwrap();
    assert_eq!((waiting.waiting, waiting.late), (0, 0));
});

both!(the_opening_of_a_head_is_answered_for_above_her, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let code = code_of(&house, &case).await;
    break_glass(&house, "supervisor3", &code).await.expect(303);
    house.as_("supervisor3").await.get(&format!("/cases/{case}")).await.expect(200);
    duongve::mails::send_due(&house.app).await.unwrap();
    assert_eq!((to(&house, "supervisor").len(), to(&house, "inspector").len()), (1, 1));
    let id =
        house.program("inspector").await.get("/api/v1/emergencies").await.expect(200).json()["items"][0]["id"].clone();
    let call = format!("/api/v1/emergencies/{}/acknowledgement", id.as_str().unwrap());
    house.program("supervisor3").await.post(&call, &serde_json::json!({})).await.expect(403);
    let done = house.program("inspector").await.post(&call, &serde_json::json!({"note": "đã hỏi"})).await.expect(200);
    assert!(done.json()["acknowledged_at"].is_string());
    // A head who has no other beside her: the inspector hears of it.
    let far = opened(&house, "officer", &[("name", "Lê Văn Ẩn")]).await;
    world::deputy(&house).await;
    world::restrict(&house, "supervisor", far.parse().unwrap(), "only", &["officer", "deputy"]).await;
    break_glass(&house, "supervisor", &code_of(&house, &far).await).await.expect(303);
    let told = "select count(*) from emergency_readers";
    assert_eq!(Raw::of(&house).await.number(told).await, 4, "head and inspector, deputy and inspector");
    assert_eq!(user(&house, "deputy").await.len(), 36);
});

both!(no_policy_makes_a_list_of_it, async |house: House| {
    let admin = world::actor(&house, "admin").await;
    let grant = house.store().permit::<acts::ReloadPolicy>(&admin, "91".parse().unwrap()).await.unwrap();
    for act in ["case.list", "case.export", "digest.compose", "follow_up.list"] {
        let text = format!("{}\np, officer, {act}, glass, allow\n", duongve::policy::matrix::BUILT_IN_POLICY);
        let fault = duongve::policy::Matrix::compile(duongve::policy::matrix::BUILT_IN_MODEL, &text).await.unwrap_err();
        assert!(fault.reason.contains("glass"), "{fault}");
    }
    drop(grant);
    // And a grant that was given is not good any more when the half hour is over.
    let case = world::open(&house, "officer", &world::draft("Kính", 7)).await;
    let code = code_of(&house, &case.to_string()).await;
    break_glass(&house, "officer2", &code).await.expect(303);
    let grant = world::grant::<acts::LogVisit>(&house, "officer2", case).await;
    assert!(grant.glass_until().is_some() && grant.is(duongve::policy::Near::Glass));
    house.clock.set(At::of(TODAY, 8, 0));
    let refused = duongve::visits::log(house.store(), grant, &world::met("home", TODAY), None).await;
    assert!(matches!(refused, Err(duongve::app::Refused::Fault(Fault::Moved))));
    let actor = world::actor(&house, "officer2").await;
    let gone = house.store().permit::<acts::SeeCase>(&actor, case).await;
    assert!(matches!(gone, Err(Fault::Denied(Denied::Unknown))));
});
