//! Who may not know a person, or who alone may: everywhere, at once, and never so that nobody is left.

use crate::{
    both,
    cases::{AREA, hidden, opened, referred, user},
    house::House,
    office::{codes, mails, tick, to},
    raw::Raw,
    world,
};
use duongve::{base::lang::Lang, policy::acts, store::PageAsk};
use jiff::civil::date;

const NAME: &str = "Trần Văn Kín";

/// Restricts as a head would, on the page.
async fn restrict(house: &House, head: &str, case: &str, kind: &str, names: &[&str]) -> crate::house::Answer {
    let mut ids = Vec::new();
    for name in names {
        ids.push(user(house, name).await);
    }
    let mut form = vec![("kind", kind), ("reason", "Người nhà của cán bộ, tránh lộ")];
    form.extend(ids.iter().map(|id| ("users", id.as_str())));
    house.as_(head).await.post(&format!("/cases/{case}/restrictions"), &form).await
}

fn says(answer: &crate::house::Answer, code: &str) -> bool {
    answer.text().contains(&Lang::Vi.say(&format!("fault-{code}")))
}

both!(an_excluded_cover_sees_her_nowhere_and_sees_her_again_when_it_ends, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME), ("received_on", "01/10/2026")]).await;
    opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("received_on", "01/10/2026")]).await;
    referred(&house, &case, &["partner", "helper"], &[]).await;
    let page = format!("/cases/{case}");
    let supervisor = house.as_("supervisor").await;
    let empty = supervisor.get(&format!("{page}/restrictions")).await.expect(200).text();
    assert!(empty.contains(&Lang::Vi.say("restrictions-none")), "{empty}");
    house.as_("partner").await.get(&page).await.expect(200);
    restrict(&house, "officer", &case, "exclusion", &["partner"]).await.expect(403);
    restrict(&house, "supervisor", &case, "exclusion", &["partner"]).await.expect(303);

    let partner = house.as_("partner").await;
    let unknown = partner.get("/cases/01900000-0000-4000-8000-ffffffffffff").await.expect(404);
    assert_eq!(partner.get(&page).await.expect(404).bytes, unknown.bytes);
    assert!(!partner.get("/cases").await.expect(200).text().contains(NAME));
    assert!(!partner.post("/case-searches", &[("q", "kin")]).await.expect(200).text().contains(NAME));
    assert!(!partner.get("/").await.expect(200).text().contains(NAME));
    let program = house.program("partner").await;
    program.get(&format!("/api/v1/cases/{case}")).await.expect(404);
    assert_eq!(program.get("/api/v1/cases?count=true").await.expect(200).json()["count"], 0);
    // Another of the same organisation, the officer and the head are not shut out.
    house.as_("helper").await.get(&page).await.expect(200);
    house.as_("officer").await.get(&page).await.expect(200);
    let shown = supervisor.get(&format!("{page}/restrictions")).await.expect(200).text();
    assert!(shown.contains("Nguyễn Thị Lan") && shown.contains("Người nhà của cán bộ"), "{shown}");
    let seen = house.as_("officer").await.get(&format!("{page}/restrictions")).await.expect(200).text();
    assert!(seen.contains("Nguyễn Thị Lan") && !seen.contains("/ending"), "the officer in charge reads it: {seen}");

    let restriction = shown
        .split("/restrictions/")
        .find_map(|rest| rest.strip_suffix("/ending").or(rest.split("/ending").next().filter(|id| id.len() == 36)))
        .unwrap();
    let ending = format!("/restrictions/{restriction}/ending");
    house.as_("officer").await.get(&ending).await.expect(403);
    partner.get(&ending).await.expect(404);
    supervisor.get(&ending).await.expect(200);
    supervisor.post(&ending, &[("reason", " ")]).await.expect(422);
    supervisor.post(&ending, &[("reason", "không còn cần")]).await.expect(303);
    supervisor.post(&ending, &[("reason", "lần nữa")]).await.expect(422);
    partner.get(&page).await.expect(200);
    let mut raw = Raw::of(&house).await;
    let done = "select count(*) from audit where outcome = 'done' and act in ('restriction.set', 'restriction.end')";
    assert_eq!(raw.number(done).await, 2);
    assert_eq!(raw.number("select count(*) from audit where act = 'restriction.list' and outcome = 'opened'").await, 2);
});

both!(only_these_means_nobody_else_of_the_commune, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME), ("received_on", "01/10/2026")]).await;
    world::deputy(&house).await;
    let page = format!("/cases/{case}");
    house.as_("deputy").await.get(&page).await.expect(200);
    restrict(&house, "supervisor", &case, "only", &["officer", "supervisor"]).await.expect(303);
    house.as_("deputy").await.get(&page).await.expect(404);
    house.as_("supervisor").await.get(&page).await.expect(200);
    // Two lists: whoever is kept out by one of them is kept out.
    restrict(&house, "supervisor", &case, "exclusion", &["supervisor", "deputy"]).await.expect(422);
    // The digest, its mail, its page, the counts and the file of the deputy leave her out; the head's have her.
    house.go_to(date(2026, 12, 14));
    tick(&house).await;
    for (name, sees) in [("supervisor", 1), ("deputy", 0)] {
        assert_eq!(codes(&to(&house, name)[0].text).len(), sees, "{name}: mail");
        let who = world::actor(&house, name).await;
        let digests = house.store().scope::<acts::ListDigests>(&who).unwrap();
        let digest = duongve::digests::list(house.store(), &digests, &PageAsk::default()).await.unwrap().items[0].id;
        let person = house.as_(name).await;
        let opened = person.get(&format!("/digests/{digest}")).await.expect(200).text();
        assert_eq!(codes(&opened).len(), sees, "{name}: digest");
        let file = person.get("/cases/export?format=csv").await.expect(200).text();
        assert_eq!(codes(&file).len(), sees, "{name}: file");
        let counts = house.program(name).await.get("/api/v1/follow-up-counts").await.expect(200).json();
        let text = counts.to_string();
        assert_eq!(text.contains("\"overdue\":2"), sees == 1, "{name}: {text}");
    }
    // The province has figures and no list: she is counted there.
    let counts = house.program("province").await.get("/api/v1/follow-up-counts").await.expect(200).json().to_string();
    assert!(counts.contains("\"overdue\":2"), "{counts}");
    assert!(mails(&house).iter().all(|mail| !mail.text.contains(NAME)));
});

both!(an_old_digest_is_walled_again, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME), ("received_on", "01/10/2026")]).await;
    world::deputy(&house).await;
    house.go_to(date(2026, 12, 14));
    tick(&house).await;
    assert_eq!(codes(&to(&house, "deputy")[0].text).len(), 1);
    let who = world::actor(&house, "deputy").await;
    let digests = house.store().scope::<acts::ListDigests>(&who).unwrap();
    let digest = duongve::digests::list(house.store(), &digests, &PageAsk::default()).await.unwrap().items[0].id;
    restrict(&house, "supervisor", &case, "exclusion", &["deputy"]).await.expect(303);
    let opened = house.as_("deputy").await.get(&format!("/digests/{digest}")).await.expect(200).text();
    assert_eq!(codes(&opened).len(), 0, "{opened}");
});

both!(somebody_is_always_left, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let refused = restrict(&house, "supervisor", &case, "exclusion", &["officer"]).await.expect(422);
    assert!(says(&refused, "shuts-out-officer"), "{}", refused.text());
    let refused = restrict(&house, "supervisor", &case, "exclusion", &["supervisor"]).await.expect(422);
    assert!(says(&refused, "leaves-no-head"), "{}", refused.text());
    let refused = restrict(&house, "supervisor", &case, "only", &["officer"]).await.expect(422);
    assert!(says(&refused, "leaves-no-head"), "{}", refused.text());
    let refused = restrict(&house, "supervisor", &case, "only", &["officer3"]).await.expect(422);
    assert!(says(&refused, "not-of-the-office"), "{}", refused.text());
    assert!(refused.text().contains("Người nhà của cán bộ, tránh lộ"), "what was typed is kept");
    // On leave from tomorrow: her cover may not be shut out either.
    world::cover(&house, "officer", "officer2", date(2026, 11, 24), date(2026, 11, 27)).await;
    let refused = restrict(&house, "supervisor", &case, "exclusion", &["officer2"]).await.expect(422);
    assert!(says(&refused, "shuts-out-cover"), "{}", refused.text());
    let nobodys = opened(&house, "supervisor", &[("name", "Chưa Ai Nhận")]).await;
    let refused = restrict(&house, "supervisor", &nobodys, "exclusion", &["officer", "officer2"]).await.expect(422);
    assert!(says(&refused, "leaves-no-officer"), "{}", refused.text());
    restrict(&house, "supervisor", &nobodys, "exclusion", &["officer"]).await.expect(303);
    assert_eq!(Raw::of(&house).await.number("select count(*) from restrictions").await, 1, "a refusal leaves nothing");
});

both!(a_head_may_shut_herself_out_while_another_remains, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    world::deputy(&house).await;
    let answer = restrict(&house, "supervisor", &case, "exclusion", &["supervisor"]).await.expect(303);
    assert!(answer.goes_to().starts_with("/cases?done="), "{}", answer.goes_to());
    house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(404);
    house.as_("supervisor").await.get(&format!("/cases/{case}/restrictions")).await.expect(404);
    house.as_("deputy").await.get(&format!("/cases/{case}/restrictions")).await.expect(200);
});

both!(nobody_is_brought_in_who_may_not_know, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    restrict(&house, "supervisor", &case, "exclusion", &["officer2", "partner"]).await.expect(303);
    let supervisor = house.as_("supervisor").await;
    let url = format!("/cases/{case}/assignments");
    let version = hidden(&supervisor.get(&url).await.expect(200).text(), "version");
    let refused = supervisor.post(&url, &[("officer", "officer2"), ("version", &version)]).await.expect(422);
    assert!(says(&refused, "may-not-know"), "{}", refused.text());
    let leave = [("officer", "officer"), ("cover", "officer2"), ("from_on", "23/11/2026"), ("to_on", "24/11/2026")];
    let refused = supervisor.post(&format!("/areas/{AREA}/covers"), &leave).await.expect(422).text();
    assert!(refused.contains("id=\"cover-error\"") && !refused.contains(NAME), "{refused}");
    let helper = user(&house, "partner").await;
    let form = [("purpose", "livelihood"), ("basis", "consent"), ("basis_ref", "số 5"), ("helpers", helper.as_str())];
    let refused = house.as_("officer").await.post(&format!("/cases/{case}/referrals"), &form).await.expect(422);
    assert!(says(&refused, "may-not-know"), "{}", refused.text());
    let program = house.program("supervisor").await;
    let body = serde_json::json!({"officer": "officer2"});
    let answer = program.post(&format!("/api/v1/cases/{case}/assignments"), &body).await;
    assert_eq!((answer.status.as_u16(), answer.json()["errors"][0]["code"].as_str()), (422, Some("may_not_know")));
});

both!(when_the_heads_change_somebody_can_still_end_it, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let other = opened(&house, "officer", &[("name", "Lê Văn Ẩn")]).await;
    world::deputy(&house).await;
    restrict(&house, "supervisor", &case, "only", &["officer", "supervisor"]).await.expect(303);
    let disabling = format!("/staff/{}/disabling", user(&house, "supervisor").await);
    let admin = house.as_("admin").await;
    // The deputy is excluded by name from another: the head cannot go before somebody else can see that one.
    restrict(&house, "supervisor", &other, "exclusion", &["deputy"]).await.expect(303);
    admin.post(&disabling, &[]).await.expect(422);
    house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(200);
    world::head(&house, "deputy2").await;
    house.as_("deputy2").await.get(&format!("/cases/{case}")).await.expect(404);
    admin.post(&disabling, &[]).await.expect(303);
    // Her list of those who alone may has passed on to the heads who remain.
    house.as_("deputy").await.get(&format!("/cases/{case}")).await.expect(200);
    house.as_("deputy2").await.get(&format!("/cases/{other}")).await.expect(200);
    house.as_("deputy").await.get(&format!("/cases/{other}")).await.expect(404);
});

both!(restrictions_for_programs, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME)]).await;
    let program = house.program("supervisor").await;
    let url = format!("/api/v1/cases/{case}/restrictions");
    let body =
        serde_json::json!({"kind": "exclusion", "users": [user(&house, "officer2").await], "reason": "bà con họ hàng"});
    let made = program.post(&url, &body).await.expect(201).json();
    let listed = program.get(&url).await.expect(200).json();
    assert_eq!(listed["items"][0]["id"], made["id"]);
    assert_eq!(listed["items"][0]["users"][0]["name"], "Trần Ngọc Diễm");
    let one = format!("/api/v1/restrictions/{}", made["id"].as_str().unwrap());
    program.get(&one).await.expect(200);
    house.program("officer2").await.get(&one).await.expect(404);
    let ended = program.post(&format!("{one}/ending"), &serde_json::json!({"reason": "nhầm người"})).await.expect(200);
    assert!(ended.json()["ended_at"].is_string());
    program.post(&url, &serde_json::json!({})).await.expect(422);
});
