//! What is due, as the officer, her head and a helper find it on their first page; and what they do about it.

use crate::{both, house::House};
use duongve::{
    base::time::At,
    policy::{
        Actor, AreaCode,
        acts::{ListOrganisations, OpenCase, Refer},
    },
    store::SessionKind,
};
use std::sync::Arc;

/// The hidden fields of a form on a page.
pub struct SeenForm {
    pub token: String,
    pub key: String,
}

impl SeenForm {
    pub fn of(page: &str) -> SeenForm {
        let main = page.split("<main").nth(1).unwrap();
        SeenForm { token: hidden(main, "_token"), key: hidden(main, "_key") }
    }
}

/// The value of the first hidden field of that name.
#[track_caller]
pub fn hidden(page: &str, name: &str) -> String {
    let start = format!(r#"name="{name}" value=""#);
    let rest = page.split_once(&start).unwrap_or_else(|| panic!("{name} in {page}")).1;
    rest.split('"').next().unwrap().to_owned()
}

/// One of the cast, as the door would know her.
pub async fn actor(house: &House, username: &str) -> (String, Arc<Actor>) {
    let token = house.as_(username).await.token().to_owned();
    let visitor = house.store().enter(&token, SessionKind::Cookie).await.unwrap().unwrap();
    (token, visitor.actor)
}

/// A case under the help regime, received on that day and opened on it; its id. The clock goes back there and returns.
pub async fn open_case(house: &House, officer: &str, name: &str, received_on: &str) -> String {
    let (_, actor) = actor(house, officer).await;
    let grant = house.store().permit::<OpenCase>(&actor, actor.area().clone()).await.unwrap();
    let draft = duongve::cases::model::Draft {
        name: name.to_owned(),
        regime: "completed".to_owned(),
        received_on: received_on.to_owned(),
        phone: "0900000142".to_owned(),
        hamlet: "Phước Lộc".to_owned(),
        ..Default::default()
    };
    let received = duongve::base::text::parse_day(received_on, crate::house::TODAY).unwrap();
    house.clock.set(At::of(received, 7, 30));
    let case = duongve::cases::open(house.store(), grant, &draft, None).await.unwrap().to_string();
    house.clock.set(At::of(crate::house::TODAY, 7, 30));
    case
}

/// Names `partner` (Hội Phụ nữ) as a helper; the id of her organisation.
pub async fn refer_to_partner(house: &House, case: &str) -> String {
    let (_, officer) = actor(house, "officer").await;
    let (_, partner) = actor(house, "partner").await;
    let scope = house.store().scope::<ListOrganisations>(&officer).unwrap();
    let area = AreaCode("30577".to_owned());
    let women = duongve::organisations::of_area(house.store(), &scope, &area).await.unwrap();
    let women = women.into_iter().find(|one| Some(one.id) == partner.organisation()).unwrap().id.to_string();
    let draft = duongve::referrals::model::Draft {
        organisation: women.clone(),
        helpers: vec![partner.user().unwrap().to_string()],
        purpose: "livelihood".to_owned(),
        basis: "consent".to_owned(),
        basis_ref: "Phiếu đồng ý 01".to_owned(),
        ..Default::default()
    };
    let grant = house.store().permit::<Refer>(&officer, case.parse().unwrap()).await.unwrap();
    duongve::referrals::refer(house.store(), grant, &draft, None).await.unwrap();
    women
}

/// Adds a task through its form, agreed with an organisation or the officer's own.
async fn add_task(house: &House, case: &str, what: &str, due_on: &str, organisation: &str) {
    let officer = house.as_("officer").await;
    let form = SeenForm::of(&officer.get(&format!("/cases/{case}/tasks/new")).await.expect(200).text());
    let fields = [("_key", form.key.as_str()), ("what", what), ("due_on", due_on), ("organisation", organisation)];
    let answer = officer.post(&format!("/cases/{case}/tasks"), &fields).await.expect(303);
    assert_eq!(answer.goes_to(), format!("/cases/{case}?done=task-added"));
}

both!(the_officer_sees_what_is_late_and_why, async |house: House| {
    open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let other = open_case(&house, "officer2", "Phạm Thị Huyền", "01/11/2026").await;
    let page = house.as_("officer").await.get("/").await.expect(200).text();
    for part in [
        "Nguyễn Văn Đức",
        "Phước Lộc",
        "Trễ 14 ngày",
        "Chưa gặp lần nào.",
        r#"href="tel:+84900000142""#,
        r##"href="#late""##,
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(
        page.contains("Lần gặp đầu tiên sau khi tiếp nhận") && page.contains("cài đặt của đơn vị, bản 1"),
        "{page}"
    );
    assert!(!page.contains("Phạm Thị Huyền") && !page.contains(&other), "another officer's case");
    assert!(!page.contains("/postponement"), "so late that it cannot wait any longer");
});

both!(the_head_sees_the_commune_with_its_officers_and_can_narrow_it, async |house: House| {
    open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    open_case(&house, "officer2", "Phạm Thị Huyền", "01/11/2026").await;
    open_case(&house, "officer3", "Lâm Thị Sa Rây", "01/11/2026").await;
    let head = house.as_("supervisor").await;
    let page = head.get("/").await.expect(200).text();
    for part in ["Nguyễn Văn Đức", "Kim Sa Rươl", "Phạm Thị Huyền", "Trần Ngọc Diễm", r#"href="/?mine=true""#]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("Lâm Thị Sa Rây"), "another commune");
    let mine = head.get("/?mine=true").await.expect(200).text();
    assert!(!mine.contains("Nguyễn Văn Đức") && mine.contains("Hôm nay không có việc đến hạn"), "{mine}");
});

both!(a_helper_sees_only_what_was_agreed_with_her, async |house: House| {
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let women = refer_to_partner(&house, &case).await;
    let partner = house.as_("partner").await;
    assert!(!partner.get("/").await.expect(200).text().contains("Nguyễn Văn Đức"), "the officer's contact is not hers");
    add_task(&house, &case, "Xem đàn gà sau một tuần", "23/11/2026", &women).await;
    add_task(&house, &case, "Việc riêng của cán bộ", "23/11/2026", "").await;
    let (page, heard) = duongve::store::listen(partner.get("/")).await;
    let page = page.expect(200).text();
    for part in ["Nguyễn Văn Đức", "Xem đàn gà sau một tuần", "Đã hẹn với chị/anh.", "Hôm nay"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    for part in ["Việc riêng của cán bộ", "Kim Sa Rươl", "Vì sao", "Chưa gặp lần nào", "cài đặt", "/postponement"]
    {
        assert!(!page.contains(part), "{part} in {page}");
    }
    let lists: String = heard.into_iter().filter(|sql| sql.contains("from follow_ups")).collect();
    assert!(
        !lists.contains("officer_id,") && !lists.contains("tries") && !lists.contains("last_contact_on"),
        "{lists}"
    );
    let helper = house.as_("helper").await.get("/").await.expect(200).text();
    assert!(!helper.contains("Xem đàn gà"), "of the same organisation, but not named");

    let follow_up = page.split("/follow-ups/").nth(1).unwrap().split('/').next().unwrap();
    let main = page.split("<main").nth(1).unwrap();
    let key = hidden(main, "_key");
    let fields = [("_key", key.as_str()), ("to", "/?state=today")];
    let to =
        partner.post(&format!("/follow-ups/{follow_up}/completion"), &fields).await.expect(303).goes_to().to_owned();
    assert_eq!(to, "/?state=today&done=follow-up-completed");
    let again = partner.post(&format!("/follow-ups/{follow_up}/completion"), &fields).await.expect(303);
    assert_eq!(again.goes_to(), to, "a double tap is one word");
    let page = partner.get(&to).await.expect(200).text();
    assert!(page.contains("Đã ghi là xong.") && !page.contains("Xem đàn gà"), "{page}");
    house.as_("partner2").await.post(&format!("/follow-ups/{follow_up}/completion"), &fields).await.expect(404);
});

both!(a_contact_is_put_off_with_a_reason_and_within_the_rule, async |house: House| {
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "16/11/2026").await;
    refer_to_partner(&house, &case).await;
    let officer = house.as_("officer").await;
    let page = officer.get("/").await.expect(200).text();
    let follow_up = page.split("/postponement").next().unwrap().rsplit("/follow-ups/").next().unwrap().to_owned();
    let path = format!("/follow-ups/{follow_up}/postponement");
    let form = officer.get(&format!("{path}?to=%2F%3Fstate%3Dtoday")).await.expect(200).text();
    assert!(form.contains("Chậm nhất 26/11/2026.") && form.contains(r#"max="2026-11-26""#), "{form}");
    assert_eq!(hidden(&form, "to"), "/?state=today");
    let key = SeenForm::of(&form).key;
    let far = [("_key", key.as_str()), ("to_on", "27/11/2026"), ("reason", "Đi làm xa"), ("to", "//elsewhere.example")];
    let refused = officer.post(&path, &far).await.expect(422).text();
    assert!(refused.contains("Hoãn được chậm nhất đến 26/11/2026.") && refused.contains("Đi làm xa"), "{refused}");
    assert!(!refused.contains("elsewhere.example"));
    let fine = [("_key", key.as_str()), ("to_on", "25/11/2026"), ("reason", "Đi làm xa"), ("to", "/")];
    assert_eq!(officer.post(&path, &fine).await.expect(303).goes_to(), "/?done=follow-up-postponed");
    let page = officer.get("/").await.expect(200).text();
    assert!(
        page.contains("25/11/2026") && page.contains("Đã hoãn") && page.contains("Hôm nay không có việc đến hạn"),
        "{page}"
    );
    // A contact is settled by a visit and by nothing else, and the page says so.
    let refused =
        officer.post(&format!("/follow-ups/{follow_up}/completion"), &[("note", "gặp rồi"), ("to", "/")]).await;
    let refused = refused.expect(422).text();
    assert!(
        refused.contains("Lần thăm định kỳ chỉ xong khi ghi lần thăm.") && refused.contains("gặp rồi"),
        "{refused}"
    );
});

both!(a_task_without_words_or_in_the_past_is_refused_at_its_field, async |house: House| {
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "16/11/2026").await;
    let officer = house.as_("officer").await;
    let fields = [("what", ""), ("due_on", "1/1/2026"), ("organisation", "")];
    let refused = officer.post(&format!("/cases/{case}/tasks"), &fields).await.expect(422).text();
    for part in [r#"id="what-error""#, r#"id="due_on-error""#, r#"value="2026-01-01""#] {
        assert!(refused.contains(part), "{part} in {refused}");
    }
});

both!(long_lists_go_on_page_by_page_and_a_page_asks_little, async |house: House| {
    for number in 0..27 {
        open_case(&house, "officer", &format!("Người Số {number:02}"), "01/11/2026").await;
    }
    open_case(&house, "officer", "Đến Hạn Hôm Nay", "16/11/2026").await;
    let officer = house.as_("officer").await;
    officer.get("/").await.expect(200);
    let (page, heard) = duongve::store::listen(officer.get("/")).await;
    let page = page.expect(200).text();
    let owed = duongve::base::words::Owing::ALL.len();
    assert!(heard.len() <= 5 + owed, "session, four more, and one for each thing that waits beside: {heard:#?}");
    // For each of the 27 the first contact, and a helper to be assigned.
    assert!(page.contains("<b>54</b>"), "all are counted: {page}");
    let late = page.split(r#"id="late""#).nth(1).unwrap().split("</section>").next().unwrap();
    assert_eq!(late.matches("<li class=\"late\">").count(), 25);
    let mut seen: Vec<String> = due_tasks(late);
    let mut rest = late.to_owned();
    while let Some(more) = rest.split(r#"href="/?state=overdue"#).nth(1) {
        let more = more.split('"').next().unwrap().replace("&#38;", "&");
        rest = officer.get(&format!("/?state=overdue{more}")).await.expect(200).text();
        assert!(!rest.contains("Đến Hạn Hôm Nay"));
        seen.extend(due_tasks(&rest));
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (54, 54), "each once");
    officer.get("/?state=overdue&cursor=nonsense").await.expect(400);
});

/// The tasks on a page: person and what is asked, which in that story are different for each.
fn due_tasks(page: &str) -> Vec<String> {
    let items = page.split("<li class=\"late\">").skip(1);
    items.map(|item| item.split("<p class=\"why\">").next().unwrap().to_owned()).collect()
}

/// How many open tasks of one kind the case has.
async fn open_tasks(house: &crate::house::House, case: duongve::base::ids::CaseId) -> usize {
    let grant = crate::world::grant::<duongve::policy::acts::SeeCase>(house, "officer", case).await;
    let open = duongve::follow_ups::of_case(house.store(), &grant).await.unwrap();
    open.iter().filter(|row| row.rule == "agreed_visit").count()
}

both!(an_appointment_is_kept_by_a_met_visit_of_its_own_side_and_by_nothing_else, async |house: crate::house::House| {
    use crate::world;
    let today = crate::house::TODAY;
    let case = world::open(&house, "officer", &world::draft("Hẹn", 5)).await;
    let mut first = world::met("home", today);
    first.next_on = "25/11/2026".into();
    let first = world::visit(&house, "officer", case, &first).await;
    assert_eq!(open_tasks(&house, case).await, 1);
    // Not met, by telephone, or from before the appointment: it stands.
    let tried = duongve::visits::model::Draft { met: "false".into(), ..world::met("home", today) };
    world::visit(&house, "officer", case, &tried).await;
    world::visit(&house, "officer", case, &world::met("telephone", today)).await;
    world::visit(&house, "officer", case, &world::met("home", jiff::civil::date(2026, 11, 20))).await;
    world::visit(&house, "supervisor", case, &world::met("home", today)).await;
    assert_eq!(open_tasks(&house, case).await, 1, "it is still agreed on");
    let kept = world::visit(&house, "officer", case, &world::met("home", today)).await;
    assert_eq!(open_tasks(&house, case).await, 0, "kept");
    // The visit at which it was agreed is struck out, then the one that kept it: it does not come back.
    for visit in [first, kept] {
        let reason = duongve::visits::model::WithdrawalDraft { reason: "nhầm hồ sơ".into() };
        let grant = world::grant::<duongve::policy::acts::WithdrawVisit>(&house, "officer", visit).await;
        duongve::visits::withdraw(house.store(), grant, &reason, None, None).await.unwrap();
    }
    assert_eq!(open_tasks(&house, case).await, 0, "nobody agreed on it any more");
});
