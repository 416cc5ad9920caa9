//! What is missing, for whoever can fill it in; and the numbers of a helper, of the People's Committee and of the lender.

use crate::{
    both,
    house::{House, TODAY},
    world,
};
use duongve::base::time::plus_days;

both!(each_line_leads_to_the_form_that_fills_it_and_then_it_is_gone, async |house: House| {
    let mut draft = world::draft("Thiếu", 1);
    (draft.phone, draft.id_number) = (String::new(), String::new());
    let case = world::open(&house, "officer", &draft).await;
    world::open(&house, "officer2", &world::draft("Khác", 2)).await;
    let program = house.program("officer").await;
    let missing = async || {
        let list = program.get("/api/v1/gaps?count=true").await.expect(200).json();
        assert_eq!(list["count"], 1, "{list}");
        let words = list["items"][0]["missing"].as_array().unwrap().clone();
        words.into_iter().map(|word| word.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = missing().await;
    for word in ["released_on", "identity", "phone", "judgment", "pledge", "sheet", "group", "helper", "work", "needs"]
    {
        assert!(before.iter().any(|known| known == word), "{word}: {before:?}");
    }
    assert!(!before.iter().any(|known| known == "hamlet" || known == "present_by_on"), "{before:?}");
    let page = house.as_("officer").await.get("/gaps").await.expect(200).text();
    assert!(page.contains(&format!("/cases/{case}/work")) && !page.contains("NameKhác"), "{page}");
    for form in
        ["papers", "steps", "correction", "parts", "judgment", "classifications", "referrals/new", "work", "needs"]
    {
        house.as_("officer").await.get(&format!("/cases/{case}/{form}")).await.expect(200);
    }
    program
        .post(&format!("/api/v1/cases/{case}/work"), &serde_json::json!({"status": "steady", "note": "lò gạch"}))
        .await
        .expect(201);
    let told = program.get(&format!("/api/v1/cases/{case}/work")).await.expect(200).json();
    assert_eq!((&told["items"][0]["status"], &told["items"][0]["note"]), (&"steady".into(), &"lò gạch".into()));
    assert_eq!(missing().await.len(), before.len() - 1);
    let later = plus_days(TODAY, 1).to_string();
    let wrong = serde_json::json!({"status": "steady", "since_on": later});
    program.post(&format!("/api/v1/cases/{case}/work"), &wrong).await.expect(422);
    // The head sees with whom how much is missing; nobody else has such a list.
    let counts = house.program("supervisor").await.get("/api/v1/gap-counts").await.expect(200).json();
    assert_eq!(counts["items"].as_array().unwrap().len(), 2, "{counts}");
    let page = house.as_("supervisor").await.get("/gaps").await.expect(200).text();
    assert!(page.contains("Theo cán bộ") && page.contains("NameKhác"), "{page}");
    for who in ["province", "partner", "council", "lender", "admin", "inspector"] {
        house.as_(who).await.get("/gaps").await.expect(403);
    }
});

both!(a_helper_has_the_numbers_of_those_who_were_given_to_her, async |house: House| {
    let women = world::organisation(&house, "30577", "women").await;
    let case = world::open(&house, "officer", &world::draft("Một", 1)).await;
    let other = world::open(&house, "officer", &world::draft("Hai", 2)).await;
    world::refer(&house, "officer", case, women, "partner").await;
    // Of the same organisation, but named to somebody else.
    world::refer(&house, "officer", other, women, "helper").await;
    world::visit(&house, "partner", case, &world::met("home", TODAY)).await;
    world::visit(&house, "helper", other, &world::met("home", TODAY)).await;
    for (who, case) in [("partner", case), ("partner", case), ("helper", other), ("officer", case)] {
        crate::report_numbers::helped(&house, who, case, "gift", None).await;
    }
    let told = house.program("partner").await.get("/api/v1/organisation-figures").await.expect(200).json();
    assert_eq!(
        (&told["live"], &told["ended"], &told["visits"], &told["seen"]),
        (&1.into(), &0.into(), &1.into(), &1.into())
    );
    let helped = (&told["helps"], &told["helped"], &told["tasks"], &told["overdue"], &told["done"]);
    assert_eq!(helped, (&2.into(), &1.into(), &0.into(), &0.into(), &0.into()), "of her organisation, for her people");
    let page = house.as_("partner").await.get("/organisation-figures").await.expect(200).text();
    assert!(page.contains("Người đang được giao giúp đỡ") && page.contains("từ ngày 15"), "{page}");
    for who in ["officer", "supervisor", "province", "council"] {
        house.as_(who).await.get("/organisation-figures").await.expect(403);
    }
});

both!(council_and_lender_begin_with_what_waits_for_them, async |house: House| {
    for (who, says) in [("council", "/loan-lists"), ("lender", "/loan-lines")] {
        let person = house.as_(who).await;
        let place = person.get("/").await.expect(303).goes_to().to_owned();
        assert_eq!(place, "/waiting", "{who}");
        let page = person.get("/waiting").await.expect(200).text();
        assert!(page.contains(&format!("href=\"{says}\"")), "{who}: {page}");
    }
    assert_eq!(house.as_("officer").await.get("/waiting").await.expect(303).goes_to(), "/");
    // A list that the head has signed waits for the council, and once it is sent its line for the lender; no name of anybody.
    let case = world::open(&house, "officer", &world::draft("Vay", 1)).await;
    let line = world::borrow(&house, "officer", case, "Nuôi bò").await;
    let list = world::list_of(&house, line).await;
    let waits = async |who: &str, href: &str| {
        let page = house.as_(who).await.get("/waiting").await.expect(200).text();
        assert!(!page.contains("NameVay"), "{who}: {page}");
        let row =
            page.split("<li>").find(|row| row.contains("class=\"who\"") && row.contains(&format!("href=\"{href}\"")));
        let count = row.unwrap().split("<span class=\"chip").nth(1).unwrap().split('>').nth(1).unwrap();
        count.split('<').next().unwrap().parse::<i64>().unwrap()
    };
    assert_eq!((waits("council", "/loan-lists").await, waits("lender", "/loan-lines").await), (0, 0));
    world::signed(&house, list).await;
    assert_eq!((waits("council", "/loan-lists").await, waits("lender", "/loan-lines").await), (1, 0));
    world::confirmed(&house, list).await;
    assert_eq!((waits("council", "/loan-lists").await, waits("lender", "/loan-lines").await), (0, 1));
});
