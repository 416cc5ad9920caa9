//! Referrals: who may help, for how long.

use crate::{
    both,
    cases::{opened, referred, user},
};
use jiff::civil::date;

both!(a_withdrawn_referral_shuts_the_page_at_the_next_request, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let referral = referred(&house, &case, &["partner"], &[]).await;
    let partner = house.as_("partner").await;
    let page = format!("/cases/{case}");
    partner.get(&page).await.expect(200);
    partner.get(&format!("/referrals/{referral}/ending")).await.expect(403);
    let officer = house.as_("officer").await;
    officer.post(&format!("/referrals/{referral}/ending"), &[("reason", " ")]).await.expect(422);
    officer.post(&format!("/referrals/{referral}/ending"), &[("reason", "người được hỗ trợ đổi ý")]).await.expect(303);
    partner.get(&page).await.expect(404);
    let visit = [("on", "23/11/2026"), ("kind", "home"), ("met", "true")];
    partner.post(&format!("{page}/visits"), &visit).await.expect(404);
    assert!(!partner.get("/cases").await.expect(200).text().contains("Nguyễn Văn Đức"));
    officer.post(&format!("/referrals/{referral}/ending"), &[("reason", "lần nữa")]).await.expect(422);
});

both!(a_referral_that_has_run_out_shows_nobody, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[("to_on", "24/11/2026")]).await;
    let page = format!("/cases/{case}");
    house.go_to(date(2026, 11, 24));
    assert!(house.as_("partner").await.get(&page).await.expect(200).text().contains("24/11/2026"));
    house.go_to(date(2026, 11, 25));
    house.as_("partner").await.get(&page).await.expect(404);
    assert!(!house.as_("partner").await.get("/cases").await.expect(200).text().contains("Nguyễn Văn Đức"));
});

both!(helpers_are_of_one_organisation_of_the_commune, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let officer = house.as_("officer").await;
    let form = officer.get(&format!("/cases/{case}/referrals/new")).await.expect(200).text();
    assert!(form.contains("Nguyễn Thị Lan") && form.contains("Chau Phi Rum") && form.contains("Phụ nữ"), "{form}");
    let url = format!("/cases/{case}/referrals");
    let (woman, youth) = (user(&house, "partner").await, user(&house, "partner2").await);
    let basis = [("purpose", "loan"), ("basis", "decision"), ("basis_ref", "Số 12/QĐ-CAX")];
    let with = |more: &[(&'static str, &str)]| {
        let mut all: Vec<(&str, String)> = basis.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        all.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all
    };
    let post = async |form: Vec<(&str, String)>| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        officer.post(&url, &form).await
    };
    let mixed = post(with(&[("helpers", &woman), ("helpers", &youth)])).await.expect(422).text();
    assert!(mixed.contains("id=\"helpers-error\"") && mixed.contains("Số 12/QĐ-CAX"), "{mixed}");
    post(with(&[])).await.expect(422);
    let officers = user(&house, "officer2").await;
    post(with(&[("helpers", &officers)])).await.expect(422);
    post(with(&[("helpers", &woman), ("to_on", "01/01/2020")])).await.expect(422);
    house.as_("partner").await.get(&format!("/cases/{case}")).await.expect(404);
    post(with(&[("helpers", &woman)])).await.expect(303);
    house.as_("partner").await.get(&format!("/cases/{case}")).await.expect(200);
    house.as_("helper").await.get(&format!("/cases/{case}")).await.expect(404);
});
