//! The overdue digest: what it says is what the list says, and only its reader sees it.

use crate::{
    both,
    office::{NAMES, actor, codes, furnish, mails, number, sql, tick, to},
};
use duongve::{
    digests,
    follow_ups::{self, model::State},
    policy::acts::{ComposeDigest, ListCases, ListFollowUps},
    store::PageAsk,
};
use std::collections::BTreeSet;

/// The address of the newest digest on a person's page.
async fn newest(person: &crate::house::Person<'_>) -> String {
    let page = person.get("/digests").await.expect(200).text();
    let at = page.find("href=\"/digests/0").expect("a digest is there") + 6;
    page[at..].split('"').next().unwrap().to_owned()
}

both!(the_digest_is_the_list_that_its_reader_sees, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    let boss = actor(&house.app, "supervisor").await;
    let scope = house.store().scope::<ListFollowUps>(&boss).unwrap();
    let ask = PageAsk { limit: 100, cursor: None };
    let listed = follow_ups::list(house.store(), &scope, State::Overdue, &ask).await.unwrap().items;
    let counts = follow_ups::counts(house.store(), &scope).await.unwrap();
    let listed_codes: BTreeSet<String> = listed.iter().map(|line| line.code.clone()).collect();
    assert!(listed.len() >= 4 && listed_codes.len() == 4, "{listed_codes:?}");
    assert_eq!(counts.overdue as usize, listed.len());

    let compose = house.store().scope::<ComposeDigest>(&boss).unwrap();
    let cases = house.store().scope::<ListCases>(&boss).unwrap();
    let composed = digests::compose(house.store(), &compose, &cases).await.unwrap();
    assert_eq!(composed.figures.overdue, counts.overdue);
    let named: BTreeSet<String> = composed.rows.iter().map(|row| row.code.clone()).collect();
    assert_eq!(named, listed_codes);
    assert_eq!(composed.rows.len(), listed.len());
    assert_eq!(composed.rows[0].officer_id, None, "what nobody has comes first");
    assert!(composed.rows[1..].is_sorted_by(|a, b| a.officer_id.is_none() || a.days_late >= b.days_late));
    assert_eq!(composed.figures.unassigned, 1);
    assert_eq!(composed.figures.never_met, 4);
    for groups in [&composed.hamlets, &composed.officers] {
        assert_eq!(groups.iter().map(|group| group.overdue).sum::<i64>(), counts.overdue);
        assert_eq!(groups.iter().map(|group| group.open).sum::<i64>(), composed.figures.open);
        assert_eq!(groups.iter().map(|group| group.never_met).sum::<i64>(), composed.figures.never_met);
        assert_eq!(groups.iter().map(|group| group.unassigned).sum::<i64>(), composed.figures.unassigned);
        assert_eq!(groups.iter().map(|group| group.postponed).sum::<i64>(), composed.figures.postponed);
    }

    let supervisor = house.as_("supervisor").await;
    let address = newest(&supervisor).await;
    assert_eq!(number(&house, "select count(*) from digests where opened_at is not null").await, 0);
    let page = supervisor.get(&address).await.expect(200).text();
    assert_eq!(codes(&page), listed_codes);
    assert!(page.contains(&format!("<dd>{}</dd>", counts.overdue)));
    assert_eq!(number(&house, "select count(*) from digests where opened_at is not null").await, 1);
    let preview = supervisor.get("/digests/preview").await.expect(200).text();
    assert_eq!(codes(&preview), listed_codes);
});

both!(nobody_opens_or_previews_the_digest_of_another, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    let address = newest(&house.as_("supervisor").await).await;
    let other = house.as_("supervisor3").await;
    let refused = other.get(&address).await.expect(404);
    let absent = other.get("/digests/00000000-0000-7000-8000-000000000000").await.expect(404);
    assert_eq!(refused.bytes, absent.bytes);
    let mine = codes(&other.get(&newest(&other).await).await.expect(200).text());
    let preview = codes(&other.get("/digests/preview").await.expect(200).text());
    assert_eq!(mine.len(), 1);
    assert_eq!(mine, preview);
    for username in ["officer", "province", "partner", "admin", "inspector", "council"] {
        let person = house.as_(username).await;
        person.get(&address).await.expect(404);
        person.get("/digests").await.expect(403);
        person.get("/digests/preview").await.expect(403);
        person.get("/digests/rhythm").await.expect(403);
        let actor = actor(&house.app, username).await;
        let args = digests::cli::Args { as_: username.to_owned(), dry_run: true, json: false };
        let refused = digests::cli::run(&house.app, actor, &args, &mut Vec::new()).await;
        assert!(refused.is_err(), "{username}");
    }
});

both!(rows_are_walled_again_when_the_case_has_moved, async |house: crate::house::House| {
    let cases = furnish(&house).await;
    tick(&house).await;
    let supervisor = house.as_("supervisor").await;
    let address = newest(&supervisor).await;
    assert_eq!(codes(&supervisor.get(&address).await.text()).len(), 4);
    let id = cases[0].to_string();
    let literal = if house.store().is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.replace('-', "")) };
    sql(&house, &format!("update cases set area_code = '30301' where id = {literal}")).await;
    assert_eq!(codes(&supervisor.get(&address).await.expect(200).text()).len(), 3);
    // She now heads the other commune: no row of the old one, and no officer of it by name.
    sql(&house, "update users set area_code = '30301' where username = 'supervisor'").await;
    let page = supervisor.get(&address).await.expect(200).text();
    assert_eq!(codes(&page).len(), 1, "only the case that moved with her");
    assert!(!page.contains("Trần Ngọc Diễm"));
});

both!(a_mail_names_nobody, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    let all = mails(&house);
    assert_eq!(all.len(), 6, "two heads, three officers, the counts of the week for the province");
    for mail in &all {
        let whole = format!("{} {}", mail.subject, mail.text);
        assert!(whole.contains("quá hạn") || whole.contains("Quá hạn"), "{whole}");
        for name in NAMES {
            for part in [*name, name.rsplit_once(' ').unwrap().1] {
                let alone = whole.split(|c: char| !c.is_alphanumeric()).any(|word| word == part);
                assert!(!whole.contains(name) && !alone, "{name}: {whole}");
            }
        }
        assert!(!whole.contains("Trộm cắp") && !whole.contains("Phước"), "{whole}");
        assert!(mail.message_id.ends_with("@127.0.0.1>"), "{}", mail.message_id);
    }
    let mail = &to(&house, "supervisor")[0];
    let address = newest(&house.as_("supervisor").await).await;
    assert!(mail.text.contains(&format!("http://127.0.0.1:8080{address}\n")), "{}", mail.text);
    assert_eq!(codes(&mail.text).len(), 4);
    assert!(codes(&to(&house, "officer")[0].text).is_empty());
});

both!(nothing_overdue_is_told_too, async |house: crate::house::House| {
    tick(&house).await;
    let mail = to(&house, "supervisor").remove(0);
    assert_eq!(mail.subject, "[Đường Về] Không có việc quá hạn, 23/11/2026");
    let supervisor = house.as_("supervisor").await;
    let page = supervisor.get(&newest(&supervisor).await).await.expect(200).text();
    assert!(page.contains("Hôm nay không có việc nào quá hạn."));
    assert!(to(&house, "officer").is_empty(), "nothing to do: no reminder");
});

both!(a_dry_run_stores_and_sends_nothing, async |house: crate::house::House| {
    furnish(&house).await;
    let boss = actor(&house.app, "supervisor").await;
    let mut out = Vec::new();
    let args = digests::cli::Args { as_: "supervisor".to_owned(), dry_run: true, json: true };
    digests::cli::run(&house.app, boss.clone(), &args, &mut out).await.unwrap();
    let told: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let scope = house.store().scope::<ListFollowUps>(&boss).unwrap();
    let counts = follow_ups::counts(house.store(), &scope).await.unwrap();
    assert_eq!(told["counts"]["overdue"], counts.overdue);
    assert_eq!(told["counts"]["unassigned"], 1);
    let mut plain = Vec::new();
    digests::cli::run(&house.app, boss, &digests::cli::Args { json: false, ..args }, &mut plain).await.unwrap();
    let plain = String::from_utf8(plain).unwrap();
    assert_eq!(codes(&plain).len(), 4);
    for name in NAMES {
        assert!(!plain.contains(name) && !String::from_utf8_lossy(&out).contains(name));
    }
    assert_eq!(number(&house, "select (select count(*) from digests) + (select count(*) from mails)").await, 0);
});

both!(a_head_chooses_when_her_digest_comes, async |house: crate::house::House| {
    let supervisor = house.as_("supervisor").await;
    let page = supervisor.get("/digests/rhythm").await.expect(200).text();
    assert!(page.contains("value=\"daily\" checked"), "{page}");
    supervisor.post("/digests/rhythm", &[("rhythm", "hourly")]).await.expect(422);
    supervisor.post("/digests/rhythm", &[("rhythm", "none")]).await.expect(303);
    assert!(supervisor.get("/digests/rhythm").await.text().contains("value=\"none\" checked"));
    tick(&house).await;
    assert!(to(&house, "supervisor").is_empty());
    assert_eq!(to(&house, "supervisor3").len(), 1, "another's rhythm is as it was");
    assert_eq!(number(&house, "select count(*) from audit where act = 'digest.rhythm'").await, 1);
});
