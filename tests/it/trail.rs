//! The inspector reads who did what.

use crate::{both, world};

both!(the_inspector_reads_who_opened_a_part_and_nobody_else_does, async |house: crate::house::House| {
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
