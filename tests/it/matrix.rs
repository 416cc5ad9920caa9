//! The policy as a table: printed, refused with a line, put in force everywhere at once.

use crate::both;
use casbin::{CoreApi, DefaultModel, Enforcer, StringAdapter};
use duongve::{
    base::time::Clock,
    policy::{
        Matrix, Near, PolicyFault, Role,
        acts::{self, ReloadPolicy},
        matrix::{BUILT_IN_MODEL, BUILT_IN_POLICY},
    },
    store::{SessionKind, Store},
};

async fn table(policy: &str) -> String {
    Matrix::compile(BUILT_IN_MODEL, policy).await.expect("a sound policy").table()
}

async fn refused(model: &str, policy: &str) -> PolicyFault {
    Matrix::compile(model, policy).await.expect_err("must be refused")
}

/// The lines that say something, with their place in the file.
fn rules() -> Vec<(usize, &'static str)> {
    BUILT_IN_POLICY.lines().enumerate().filter(|(_, line)| line.starts_with("p,")).collect()
}

/// The policy with one line put in the place of another.
fn with_line(at: usize, line: &str) -> String {
    let mut lines: Vec<&str> = BUILT_IN_POLICY.lines().collect();
    lines[at] = line;
    lines.join("\n")
}

#[tokio::test]
async fn the_printed_matrix_is_the_policy() {
    let printed = std::fs::read_to_string("policies/matrix.md").unwrap();
    let now = table(BUILT_IN_POLICY).await;
    let differing: Vec<_> = printed.lines().zip(now.lines()).filter(|(printed, now)| printed != now).take(3).collect();
    assert!(printed.trim_end() == now.trim_end(), "duongve policy show --built-in > policies/matrix.md: {differing:?}");
}

#[tokio::test]
async fn the_table_says_what_casbin_says() {
    let matrix = Matrix::compile(BUILT_IN_MODEL, BUILT_IN_POLICY).await.unwrap();
    let lines: Vec<&str> = rules().into_iter().map(|(_, line)| line).collect();
    let model = DefaultModel::from_str(BUILT_IN_MODEL).await.unwrap();
    let casbin = Enforcer::new(model, StringAdapter::new(lines.join("\n"))).await.unwrap();
    let mut allowed = 0;
    for (at, act) in acts::ALL.iter().enumerate() {
        for role in Role::ALL {
            let reach = matrix.reach_of(at, *role);
            for near in Near::ALL {
                let yes = casbin.enforce((role.as_str(), act.name, near.as_str())).unwrap();
                assert_eq!(reach.has(*near), yes, "{} {} {}", role.as_str(), act.name, near.as_str());
                allowed += usize::from(yes);
            }
        }
    }
    assert_eq!(allowed, lines.len(), "each line of the built-in policy allows one thing, and none says it twice");
}

#[tokio::test]
async fn every_line_counts() {
    // Every other line turned round, then the rest: each line that says deny takes its own field from the table, and none
    // other. (Two policies instead of one for each line: compiling one asks Casbin some 2,500 questions.)
    for half in [0, 1] {
        let mut lines: Vec<String> = BUILT_IN_POLICY.lines().map(str::to_owned).collect();
        for (nth, (at, line)) in rules().into_iter().enumerate() {
            if nth % 2 == half {
                lines[at] = line.replace("allow", "deny");
            }
        }
        let matrix = Matrix::compile(BUILT_IN_MODEL, &lines.join("\n")).await.unwrap();
        for (nth, (_, line)) in rules().into_iter().enumerate() {
            let [_, role, act, near, _] = line.split(", ").collect::<Vec<_>>()[..] else { panic!("{line}") };
            let act = acts::ALL.iter().position(|known| known.name == act).unwrap();
            let near = *Near::ALL.iter().find(|known| known.as_str() == near).unwrap();
            assert_eq!(matrix.reach_of(act, role.parse().unwrap()).has(near), nth % 2 != half, "{line}");
        }
    }
    let (at, line) = rules()[0];
    assert_ne!(table(&with_line(at, "")).await, table(BUILT_IN_POLICY).await, "{line} taken out");
}

#[tokio::test]
async fn a_deny_beats_an_allow_wherever_it_stands() {
    let first = format!("p, officer, visit.withdraw, own, deny\n{BUILT_IN_POLICY}");
    let last = format!("{BUILT_IN_POLICY}\np, officer, visit.withdraw, own, deny\n");
    for policy in [first, last] {
        let row = table(&policy).await;
        let row = row.lines().find(|line| line.starts_with("| `visit.withdraw`")).unwrap();
        assert!(row.starts_with("| `visit.withdraw` | visit | - |"), "{row}");
    }
}

#[tokio::test]
async fn a_word_that_nobody_knows_refuses_the_whole_policy_and_names_its_line() {
    let (at, _) = rules()[4];
    for (line, reason) in [
        ("p, oficer, visit.log, own, allow", "unknown role `oficer`"),
        ("p, officer, visit.lock, own, allow", "unknown act `visit.lock`"),
        ("p, officer, visit.log, near, allow", "unknown near `near`"),
        ("p, officer, visit.log, own, yes", "unknown effect `yes`: allow or deny"),
        ("p, officer, visit.log, own", "5 columns wanted (p, role, act, near, effect), 4 found"),
        ("p, officer, visit.log, own, allow, x", "5 columns wanted (p, role, act, near, effect), 6 found"),
        ("g, officer, visit.log, own, allow", "a line begins with `p`, not `g`"),
    ] {
        let fault = refused(BUILT_IN_MODEL, &with_line(at, line)).await;
        assert_eq!((fault.place, fault.line, fault.reason.as_str()), ("policy.csv", at + 1, reason));
    }
}

#[tokio::test]
async fn a_policy_without_a_rule_is_refused() {
    for empty in ["", "\n\n", "# nobody\n"] {
        assert!(refused(BUILT_IN_MODEL, empty).await.reason.contains("no rule"));
    }
}

#[tokio::test]
async fn a_model_that_would_allow_what_nobody_said_is_refused() {
    let open = BUILT_IN_MODEL
        .replace("some(where (p.eft == allow)) && !some(where (p.eft == deny))", "some(where (p.eft == allow))");
    assert_eq!(refused(&open, BUILT_IN_POLICY).await.place, "model.conf");
    let wide = BUILT_IN_MODEL.replace("r = role, act, near", "r = role, act");
    let fault = refused(&wide, BUILT_IN_POLICY).await;
    assert_eq!((fault.place, fault.line > 0), ("model.conf", true));
    assert_eq!(refused("", BUILT_IN_POLICY).await.place, "model.conf");
}

/// The built-in policy without what an admin may see of accounts.
fn without_staff_list() -> String {
    BUILT_IN_POLICY.replace("p, admin, staff.list, all, allow\n", "")
}

both!(a_reload_on_one_node_is_seen_by_the_next_request_on_another, async |house: crate::house::House| {
    // The house is the one node, with somebody signed in on it; the other is a second program on the same database.
    let token = house.as_("admin").await.token().to_owned();
    let other = Store::open(
        &house.app.settings().database,
        &house.app.settings().keys,
        Clock::still(house.store().now()),
        None,
    )
    .await
    .unwrap();
    house.as_("admin").await.get("/staff").await.expect(200);

    let admin = other.enter(&token, SessionKind::Cookie).await.unwrap().unwrap().actor;
    let area = || "91".parse().unwrap();
    let grant = other.permit::<ReloadPolicy>(&admin, area()).await.unwrap();
    let version = other.reload_policy(grant, BUILT_IN_MODEL, &without_staff_list()).await.unwrap();
    assert_eq!(version, 2);
    house.as_("admin").await.get("/staff").await.expect(403);
    assert_eq!(house.store().policy_version(), other.policy_version());

    // And back again, from the house; the other node learns it with its next request.
    let grant = house.store().permit::<ReloadPolicy>(&admin, area()).await.unwrap();
    house.store().reload_policy(grant, BUILT_IN_MODEL, BUILT_IN_POLICY).await.unwrap();
    house.as_("admin").await.get("/staff").await.expect(200);
    other.enter(&token, SessionKind::Cookie).await.unwrap().unwrap();
    assert_eq!(other.policy_version().0, 3);
    other.close().await;
});

both!(an_unsound_policy_changes_nothing, async |house: crate::house::House| {
    let token = house.as_("admin").await.token().to_owned();
    let admin = house.store().enter(&token, SessionKind::Cookie).await.unwrap().unwrap().actor;
    let before = house.store().policy_version();
    let grant = house.store().permit::<ReloadPolicy>(&admin, "91".parse().unwrap()).await.unwrap();
    let refused = house.store().reload_policy(grant, BUILT_IN_MODEL, "p, oficer, case.see, own, allow").await;
    assert!(refused.unwrap_err().to_string().contains("line 1"));
    assert_eq!(house.store().policy_version(), before);
    let again = Store::open(
        &house.app.settings().database,
        &house.app.settings().keys,
        Clock::still(house.store().now()),
        None,
    )
    .await
    .unwrap();
    assert_eq!(again.policy_version(), before);
    again.close().await;
});

both!(the_row_is_in_force_not_the_built_in_file, async |house: crate::house::House| {
    let token = house.as_("admin").await.token().to_owned();
    let admin = house.store().enter(&token, SessionKind::Cookie).await.unwrap().unwrap().actor;
    let grant = house.store().permit::<ReloadPolicy>(&admin, "91".parse().unwrap()).await.unwrap();
    house.store().reload_policy(grant, BUILT_IN_MODEL, &without_staff_list()).await.unwrap();
    // A start on a database whose policy differs from the file only warns.
    let again = Store::open(
        &house.app.settings().database,
        &house.app.settings().keys,
        Clock::still(house.store().now()),
        None,
    )
    .await
    .unwrap();
    assert_eq!(again.policy_version(), house.store().policy_version());
    assert_ne!(again.policy_table().trim_end(), table(BUILT_IN_POLICY).await.trim_end());
    again.close().await;
});
