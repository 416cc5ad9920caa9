//! Help to make a living: whose it is, and how far it comes.

use crate::{
    both,
    cases::{hidden, opened, referred},
};

both!(help_is_promised_then_given_and_seen_by_its_own_organisation_only, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    referred(&house, &case, &["partner2"], &[]).await;
    let url = format!("/cases/{case}/helps");
    let (partner, other, officer) =
        (house.as_("partner").await, house.as_("partner2").await, house.as_("officer").await);

    let chickens = [("kind", "animals"), ("what", "30 con vịt xiêm"), ("vnd", "1,5 triệu"), ("fund", "quỹ hội")];
    partner.post(&url, &chickens).await.expect(303);
    officer.post(&url, &[("kind", "papers"), ("what", "làm lại căn cước"), ("state", "given")]).await.expect(303);
    let bad =
        partner.post(&url, &[("kind", "gift"), ("what", "quà"), ("given_on", "20/11/2026")]).await.expect(422).text();
    assert!(bad.contains("id=\"given_on-error\"") && bad.contains("value=\"quà\""), "{bad}");

    let hers = partner.get(&url).await.expect(200).text();
    assert!(hers.contains("30 con vịt xiêm") && hers.contains("1.500.000") && !hers.contains("căn cước"), "{hers}");
    let others = other.get(&url).await.expect(200).text();
    assert!(!others.contains("vịt xiêm") && !others.contains("căn cước"), "{others}");
    let offices = officer.get(&url).await.expect(200).text();
    assert!(
        offices.contains("30 con vịt xiêm") && offices.contains("căn cước") && offices.contains("Phụ nữ"),
        "{offices}"
    );

    let help = hers.split("/helps/").find_map(|rest| rest.split_once("/state")).unwrap().0.to_owned();
    let (change, version) = (format!("/helps/{help}/state"), hidden(&hers, "version"));
    other.post(&change, &[("state", "given"), ("version", &version)]).await.expect(404);
    house.as_("helper").await.post(&change, &[("state", "given"), ("version", &version)]).await.expect(404);
    partner.post(&change, &[("state", "given"), ("given_on", "24/11/2026"), ("version", &version)]).await.expect(422);
    partner.post(&change, &[("state", "given"), ("version", "7")]).await.expect(412);
    partner.post(&change, &[("state", "given"), ("version", &version)]).await.expect(303);
    officer.post(&change, &[("state", "cancelled"), ("version", "2")]).await.expect(422);
    assert!(partner.get(&format!("/cases/{case}")).await.text().contains("30 con vịt xiêm"));
});
