//! The family of a person.

use crate::{
    both,
    cases::{hidden, opened, referred},
};

both!(a_relative_is_added_taken_out_once_and_never_told_to_a_helper, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let officer = house.as_("officer").await;
    let url = format!("/cases/{case}/relatives");
    let refused = officer.post(&url, &[("name", "Nguyễn Thị Tư"), ("phone", "12")]).await.expect(422).text();
    assert!(refused.contains("value=\"Nguyễn Thị Tư\"") && refused.contains("id=\"relation-error\""), "{refused}");
    officer.post(&url, &[("name", "Nguyễn Thị Tư"), ("relation", "mẹ"), ("needs", "bảo hiểm y tế")]).await.expect(303);
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("mẹ: Nguyễn Thị Tư") && page.contains("bảo hiểm y tế"), "{page}");
    let ending = page.split("/relatives/").find_map(|rest| rest.split_once("/ending")).unwrap().0.to_owned();
    let version = hidden(&page, "version");
    let end = format!("/relatives/{ending}/ending");

    let partner = house.as_("partner").await;
    partner.get(&url).await.expect(403);
    partner.post(&url, &[("name", "X"), ("relation", "Y")]).await.expect(403);
    partner.post(&end, &[("version", &version)]).await.expect(404);
    house.as_("officer2").await.post(&end, &[("version", &version)]).await.expect(404);

    officer.post(&end, &[("version", "99")]).await.expect(412);
    officer.post(&end, &[("version", &version)]).await.expect(303);
    assert!(officer.get(&url).await.text().contains("class=\"withdrawn\""));
    officer.post(&end, &[("version", "2")]).await.expect(422);
    assert!(house.as_("supervisor").await.get(&url).await.expect(200).text().contains("Nguyễn Thị Tư"));
});

both!(consent_is_written_down_and_withdrawn_and_the_number_is_gone_at_once, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("offence", "SecretOffence")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let (officer, partner) = (house.as_("officer").await, house.as_("partner").await);
    let url = format!("/cases/{case}/relatives");
    let wife = [("name", "Trần Thị Lụa"), ("relation", "vợ"), ("phone", "0912345670"), ("needs", "vốn bán bánh")];
    officer.post(&url, &wife).await.expect(303);
    officer.post(&url, &[("name", "Nguyễn Thị Tư"), ("relation", "mẹ"), ("needs", "SecretNeed")]).await.expect(303);
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("0912 345 670") && page.contains("Chưa ghi đồng ý"), "{page}");
    let hers = page.split("/relatives/").find_map(|rest| rest.split_once("/consent")).unwrap().0.to_owned();
    let (consent, withdrawal) = (format!("/relatives/{hers}/consent"), format!("/relatives/{hers}/withdrawal"));

    // Before she agrees, a helper hears of nothing; after it of the need, and of no name.
    let helped = format!("/cases/{case}/plans");
    assert!(!partner.get(&helped).await.expect(200).text().contains("vốn bán bánh"));
    partner.post(&consent, &[("version", "1"), ("how", "spoken")]).await.expect(404);
    house.as_("officer2").await.post(&consent, &[("version", "1"), ("how", "spoken")]).await.expect(404);
    officer.post(&consent, &[("version", "1"), ("how", "")]).await.expect(422);
    officer.post(&consent, &[("version", "1"), ("how", "spoken"), ("shares", "true")]).await.expect(303);
    let seen = partner.get(&helped).await.expect(200).text();
    assert!(seen.contains("vợ: vốn bán bánh"), "{seen}");
    assert!(!seen.contains("Lụa") && !seen.contains("345 670") && !seen.contains("Secret"), "{seen}");
    let program = house.program("partner").await;
    let told = program.get(&format!("/api/v1/cases/{case}/family-needs")).await.expect(200).text();
    assert!(told.contains("vốn bán bánh") && !told.contains("Lụa") && !told.contains("Secret"), "{told}");

    // She withdraws: at the next request the number is nowhere, and the helper hears of nothing.
    officer.post(&withdrawal, &[("version", "1")]).await.expect(412);
    officer.post(&withdrawal, &[("version", "2")]).await.expect(303);
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("Đã rút lại đồng ý") && !page.contains("345 670"), "{page}");
    assert!(!partner.get(&helped).await.expect(200).text().contains("vốn bán bánh"));
    let mut raw = crate::raw::Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from relatives where phone is not null").await, 0, "not even sealed");
    officer.post(&withdrawal, &[("version", "3")]).await.expect(422);
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}/relatives")).await.expect(200).json();
    let wife = told["items"].as_array().unwrap().iter().find(|one| one["id"] == hers.as_str()).unwrap();
    assert_eq!((&wife["phone"], &wife["consent"]), (&serde_json::Value::Null, &serde_json::Value::Null), "{wife}");

    // Nor is anything planned for her any more.
    let plan = officer.post(&helped, &[]).await.expect(303).goes_to().split('?').next().unwrap().to_owned();
    let goal = [("version", "1"), ("area", "family"), ("what", "Vợ có vốn"), ("owner", &*format!("relative:{hers}"))];
    officer.post(&format!("{plan}/goals"), &goal).await.expect(422);
});
