//! Consent of the person: to which wording, of what, to whom; and its withdrawal.

use crate::{
    both,
    cases::{hidden, opened, referred},
    house::{House, TODAY},
    raw::Raw,
    world,
};
use duongve::{
    base::{
        fields,
        ids::{Id, MailId},
        time::plus_days,
        words::ConsentGroup,
    },
    consents,
    policy::acts,
};

async fn consent_ids(house: &House) -> Vec<(String, uuid::Uuid)> {
    Raw::of(house).await.rows("select grp, id from consents order by grp").await
}

both!(consent_is_given_to_a_wording_and_its_withdrawal_ends_at_once_what_rested_on_it, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let women = world::organisation(&house, "30577", "women").await.to_string();
    let (officer, partner) = (house.as_("officer").await, house.as_("partner").await);
    let url = format!("/cases/{case}/consents");
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("Chưa ghi sự đồng ý nào") && page.contains("Điều 19"), "{page}");
    assert!(!page.contains("checked") && !page.contains("selected"), "nothing is ticked beforehand: {page}");
    let refused = officer.post(&url, &[("paper", "CanaryPaper")]).await.expect(422).text();
    assert!(refused.contains("id=\"groups-error\"") && refused.contains("CanaryPaper"), "{refused}");
    let alone = [("groups", "contact"), ("how", "signed")];
    assert!(officer.post(&url, &alone).await.expect(422).text().contains("id=\"organisation-error\""));
    let far = world::organisation(&house, "30301", "women").await.to_string();
    officer.post(&url, &[("groups", "contact"), ("how", "signed"), ("organisation", &far)]).await.expect(422);
    let given =
        [("groups", "contact"), ("groups", "needs"), ("groups", "photo"), ("how", "signed"), ("organisation", &*women)];
    officer.post(&url, &given).await.expect(303);
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("lời văn số 1") && page.contains("Hội Liên hiệp Phụ nữ"), "{page}");

    // Two referrals to it: one by consent, one by decision of the office; a mail waits that names her.
    let by_consent = referred(&house, &case, &["partner"], &[]).await;
    let code: (String,) = Raw::of(&house).await.rows("select code from cases").await.remove(0);
    partner.get(&format!("/cases/{case}")).await.expect(200);
    let mut raw = Raw::of(&house).await;
    let seal = house.store().outbox_sealer().unwrap();
    for name in ["partner", "officer"] {
        let id = MailId::from_uuid(uuid::Uuid::now_v7());
        let body = format!("{} hôm nay", code.0);
        let shut = [
            seal.text::<fields::MailAddress>(id, "a@duongve.example"),
            seal.text::<fields::MailSubject>(id, "Nhắc việc"),
            seal.text::<fields::MailBody>(id, &body),
        ];
        let shut = shut.map(|shut| raw.bytes(&shut.unwrap())).join(", ");
        let user = world::user_id(&house, name).await;
        let sql = format!(
            "insert into mails (id, user_id, address, subject, body, message_id, made_at, next_at, attempts, last_error) \
             values ({}, {}, {shut}, 'm{name}', 1, 1, 0, '')",
            raw.id(id),
            raw.id(user),
        );
        raw.run(&sql).await;
    }
    assert_eq!(raw.number("select count(*) from mails where sent_at is null").await, 2);

    let ids = consent_ids(&house).await;
    let of = |group: &str| ids.iter().find(|(grp, _)| grp == group).unwrap().1;
    let withdraw = |id: uuid::Uuid| format!("/consents/{id}/withdrawal");
    partner.post(&withdraw(of("contact")), &[("version", "1")]).await.expect(404);
    house.as_("officer2").await.post(&withdraw(of("contact")), &[("version", "1")]).await.expect(404);
    officer.post(&withdraw(of("contact")), &[("version", "7")]).await.expect(412);
    officer.post(&withdraw(of("contact")), &[("version", "1"), ("words", "Thôi")]).await.expect(303);
    partner.get(&format!("/cases/{case}")).await.expect(200);
    // The last thing that was passed on to that organisation: now the referral has nothing to rest on.
    officer.post(&withdraw(of("needs")), &[("version", "1"), ("words", "Không muốn nữa")]).await.expect(303);
    partner.get(&format!("/cases/{case}")).await.expect(404);
    assert!(!partner.get("/cases").await.expect(200).text().contains("Nguyễn Văn Đức"));
    assert_eq!(raw.number("select count(*) from referrals where ended_at is not null").await, 1, "{by_consent}");
    assert_eq!(raw.number("select count(*) from mails where sent_at is null").await, 1, "the officer's own mail goes");
    officer.post(&withdraw(of("needs")), &[("version", "2")]).await.expect(422);
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("Không muốn nữa") && page.contains("Đã rút lại"), "{page}");
    let case_page = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(case_page.contains(&url), "the person's page leads there");

    // What rests on a decision goes on.
    let helper = crate::cases::user(&house, "partner").await;
    let decided =
        [("purpose", "livelihood"), ("basis", "decision"), ("basis_ref", "QĐ 12"), ("helpers", helper.as_str())];
    officer.post(&format!("/cases/{case}/referrals"), &decided).await.expect(303);
    officer.post(&url, &given).await.expect(303);
    for (group, id) in consent_ids(&house).await {
        let live = raw
            .number(&format!("select count(*) from consents where withdrawn_at is null and id = {}", raw.id(id)))
            .await;
        if live == 1 && group != "photo" {
            officer.post(&withdraw(id), &[("version", "1")]).await.expect(303);
        }
    }
    partner.get(&format!("/cases/{case}")).await.expect(200);
});

both!(an_old_consent_keeps_the_wording_that_it_was_given_to, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Lời", 1)).await;
    let (officer, admin) = (house.as_("officer").await, house.as_("admin").await);
    let url = format!("/cases/{case}/consents");
    officer.post(&url, &[("groups", "photo"), ("how", "spoken")]).await.expect(303);
    officer.get("/consent-texts").await.expect(403);
    officer.post("/consent-texts", &[]).await.expect(403);
    let day = |days| duongve::base::text::show_day(plus_days(TODAY, days));
    let text = |from: &str| {
        vec![
            ("group", "photo".to_owned()),
            ("text_vi", "Lời văn mới về ảnh".to_owned()),
            ("text_en", "New wording about pictures".to_owned()),
            ("from_on", from.to_owned()),
        ]
    };
    let send = async |from: String| {
        let fields = text(&from);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        admin.post("/consent-texts", &fields).await
    };
    assert!(send(day(-1)).await.expect(422).text().contains("id=\"from_on-error\""));
    send(day(2)).await.expect(303);
    assert!(admin.get("/consent-texts").await.expect(200).text().contains("Lời văn mới về ảnh"));
    assert!(!officer.get(&url).await.expect(200).text().contains("Lời văn mới"), "not before its day");
    house.go_to(plus_days(TODAY, 2));
    let officer = house.as_("officer").await;
    officer.post(&url, &[("groups", "photo"), ("how", "spoken")]).await.expect(303);
    let grant = world::grant::<acts::SeeConsents>(&house, "officer", case).await;
    let rows = consents::of_case(house.store(), &grant).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 1]);
    assert!(rows.iter().all(consents::model::ConsentRow::is_as_given) && rows[0].text_hash != rows[1].text_hash);
    // A wording that somebody bends in the table is seen.
    let mut raw = Raw::of(&house).await;
    raw.run("update consent_texts set text_vi = 'bẻ cong' where number = 1 and grp = 'photo'").await;
    assert!(officer.get(&url).await.expect(200).text().contains("lời văn đã khác với lúc đồng ý"));
});

both!(photographs_and_publicity_ask_whether_it_was_agreed_to, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Ảnh", 1)).await;
    let asked = async |group: ConsentGroup| -> bool {
        let grant = world::grant::<acts::EditCase>(&house, "officer", case).await;
        let said: Result<bool, duongve::store::Fault> =
            house.store().write(grant, async |work| consents::is_given(work, case, group).await).await;
        said.unwrap()
    };
    assert!(!asked(ConsentGroup::Photo).await, "nobody agrees by saying nothing");
    let program = house.program("officer").await;
    let url = format!("/api/v1/cases/{case}/consents");
    let made =
        program.post(&url, &serde_json::json!({"groups": ["photo"], "how": "signed", "paper": "Biên bản 3"})).await;
    let made = made.expect(201).json();
    assert!(asked(ConsentGroup::Photo).await && !asked(ConsentGroup::Publicity).await);
    let told = program.get(&url).await.expect(200).json();
    assert_eq!(
        (told["items"].as_array().unwrap().len(), told["items"][0]["text_hash"].as_str().unwrap().len()),
        (1, 64)
    );
    let path = format!("/api/v1/consents/{}/withdrawal", made["id"].as_str().unwrap());
    program.post(&path, &serde_json::json!({})).await.expect(428);
    let page = house.as_("officer").await.get(&format!("/cases/{case}/consents")).await.expect(200).text();
    let form = [("version", &*hidden(&page, "version"))];
    house
        .as_("officer")
        .await
        .post(&format!("/consents/{}/withdrawal", made["id"].as_str().unwrap()), &form)
        .await
        .expect(303);
    assert!(!asked(ConsentGroup::Photo).await);
    for name in ["partner", "province", "inspector", "admin", "officer2"] {
        house.as_(name).await.get(&format!("/cases/{case}/consents")).await.expect(404);
    }
});
