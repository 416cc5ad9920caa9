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
