//! What an empty database is filled with: reference data (areas, holidays, rules, organisations), the cast, the demo
//! story, and many invented people for load tests.

pub mod demo;
pub mod load;
mod store;

use crate::{
    args,
    base::{
        ids::{FundId, OrganisationId},
        text,
        time::Day,
    },
    policy::{Actor, acts::RunJobs},
    store::{Fault, Store, Unit},
};
use std::sync::Arc;

const AREAS: &str = include_str!("../../seeds/reference/areas.csv");
const HOLIDAYS: &str = include_str!("../../seeds/reference/holidays.csv");
const RULES: &str = include_str!("../../seeds/reference/rules.csv");
const QUESTIONS: &str = include_str!("../../seeds/reference/questions.csv");
const CONSENTS: &str = include_str!("../../seeds/reference/consents.csv");
const FUNDS: &str = include_str!("../../seeds/reference/funds.csv");
const ORGANISATIONS: &str = include_str!("../../seeds/reference/organisations.csv");

/// The province whose communes the program is made for.
const PROVINCE: &str = "91";

/// Puts the reference data in, once; what is there already stays as it is.
pub async fn reference(store: &Store) -> Result<(), Fault> {
    let scope = store.scope::<RunJobs>(&Arc::new(Actor::system("seed")))?;
    store
        .sweep(scope, async |work| {
            let (there,): (i64,) =
                work.row("select count(*) from areas", args![]).await?.ok_or(Fault::Inconsistent("count"))?;
            if there > 0 {
                return Ok(());
            }
            areas(work).await?;
            holidays(work).await?;
            rules(work).await?;
            questions(work).await?;
            consents(work).await?;
            organisations(work).await?;
            funds(work).await?;
            work.detail("reference data".to_owned());
            Ok(())
        })
        .await
}

fn rows(file: &'static str) -> impl Iterator<Item = Result<csv::StringRecord, Fault>> {
    csv::Reader::from_reader(file.as_bytes())
        .into_records()
        .map(|row| row.map_err(|_| Fault::Inconsistent("a reference file")))
}

fn cell(row: &csv::StringRecord, at: usize) -> &str {
    row.get(at).unwrap_or_default()
}

fn day(row: &csv::StringRecord, at: usize) -> Result<Day, Fault> {
    cell(row, at).parse().map(Day).map_err(|_| Fault::Inconsistent("a day of a reference file"))
}

async fn areas(unit: &mut Unit) -> Result<(), Fault> {
    // Provinces first: a commune points to its province.
    for provinces in [true, false] {
        for row in rows(AREAS) {
            let row = row?;
            let province = cell(&row, 3);
            if province.is_empty() == provinces {
                let above = (!province.is_empty()).then_some(province);
                unit.run(
                    "insert into areas (code, name, name_fold, kind, province_code, valid_from, legal_basis) values ($1, $2, $3, $4, $5, $6, $7)",
                    args![cell(&row, 0), cell(&row, 1), text::fold(cell(&row, 1)), cell(&row, 2), above, day(&row, 4)?, cell(&row, 5)],
                )
                .await?;
            }
        }
    }
    Ok(())
}

async fn holidays(unit: &mut Unit) -> Result<(), Fault> {
    for row in rows(HOLIDAYS) {
        let row = row?;
        unit.run(
            "insert into holidays (on_day, kind, name_vi, name_en, legal_basis) values ($1, $2, $3, $4, $5)",
            args![day(&row, 0)?, cell(&row, 1), cell(&row, 2), cell(&row, 3), cell(&row, 4)],
        )
        .await?;
    }
    Ok(())
}

async fn rules(unit: &mut Unit) -> Result<(), Fault> {
    for row in rows(RULES) {
        let row = row?;
        let amount: i64 = cell(&row, 1).parse().map_err(|_| Fault::Inconsistent("a number of a reference file"))?;
        unit.run(
            "insert into rules (word, version, amount, unit, valid_from, legal_basis, name_vi, name_en) values ($1, 1, $2, $3, $4, $5, $6, $7)",
            args![cell(&row, 0), amount, cell(&row, 2), day(&row, 3)?, cell(&row, 4), cell(&row, 5), cell(&row, 6)],
        )
        .await?;
    }
    Ok(())
}

/// What is asked about needs: a set is a version, which holds from its day until the next one's.
async fn questions(unit: &mut Unit) -> Result<(), Fault> {
    let number = |row: &csv::StringRecord, at: usize| -> Result<i64, Fault> {
        cell(row, at).parse().map_err(|_| Fault::Inconsistent("a number of a reference file"))
    };
    let (now, mut sets) = (unit.now(), Vec::new());
    for row in rows(QUESTIONS) {
        let row = row?;
        let version = number(&row, 0)?;
        if !sets.contains(&version) {
            sets.push(version);
            unit.run(
                "insert into question_sets (version, valid_from, made_at) values ($1, $2, $3)",
                args![version, day(&row, 5)?, now],
            )
            .await?;
        }
        unit.run(
            "insert into questions (version, word, area, kind, rank, valid_from, asks_vi, asks_en) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                number(&row, 0)?,
                cell(&row, 1),
                cell(&row, 2),
                cell(&row, 3),
                number(&row, 4)?,
                day(&row, 5)?,
                cell(&row, 6),
                cell(&row, 7)
            ],
        )
        .await?;
    }
    Ok(())
}

/// What people are asked to agree to, in its first wording.
async fn consents(unit: &mut Unit) -> Result<(), Fault> {
    for row in rows(CONSENTS) {
        let row = row?;
        let group = cell(&row, 0).parse().map_err(|_| Fault::Inconsistent("a word of a reference file"))?;
        let text = crate::consents::model::NewText {
            group,
            from_on: day(&row, 1)?.0,
            text_vi: cell(&row, 2).to_owned(),
            text_en: cell(&row, 3).to_owned(),
        };
        crate::consents::first_text(unit, &text).await?;
    }
    Ok(())
}

/// Each commune of the province has each of the mass organisations.
async fn organisations(unit: &mut Unit) -> Result<(), Fault> {
    let communes: Vec<(String, String, String)> =
        unit.rows("select code, kind, name from areas where province_code = $1 order by code", args![PROVINCE]).await?;
    for (code, kind, name) in communes {
        let place = crate::areas::model::full_name(&kind, &name);
        let place = place.strip_prefix("Xã").map_or_else(|| place.clone(), |rest| format!("xã{rest}"));
        let place = place.strip_prefix("Phường").map_or_else(|| place.clone(), |rest| format!("phường{rest}"));
        let place = place.strip_prefix("Đặc khu").map_or_else(|| place.clone(), |rest| format!("đặc khu{rest}"));
        for row in rows(ORGANISATIONS) {
            let row = row?;
            let id: OrganisationId = unit.new_id();
            unit.run(
                "insert into organisations (id, area_code, kind, name_vi, name_en) values ($1, $2, $3, $4, $5)",
                args![
                    id,
                    code.as_str(),
                    cell(&row, 0),
                    format!("{} {place}", cell(&row, 1)),
                    format!("{}, {name}", cell(&row, 2))
                ],
            )
            .await?;
        }
    }
    Ok(())
}

/// The funds that are there for every commune of the province.
async fn funds(unit: &mut Unit) -> Result<(), Fault> {
    for row in rows(FUNDS) {
        let row = row?;
        let (id, now): (FundId, _) = (unit.new_id(), unit.now());
        unit.run(
            "insert into funds (id, area_code, kind, name, terms, head_approves, from_on, made_at, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
            args![id, PROVINCE, cell(&row, 0), cell(&row, 1), cell(&row, 2), false, day(&row, 3)?, now],
        )
        .await?;
    }
    Ok(())
}

/// Sign-in name, name, role, area, kind of organisation.
pub type Part = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// The named cast of the demo and of the tests, in two communes. Invented people only.
const CAST: &[Part] = &[
    ("admin", "Lê Thị Quản", "admin", "91", ""),
    ("officer", "Kim Sa Rươl", "officer", "30577", ""),
    ("officer2", "Trần Ngọc Diễm", "officer", "30577", ""),
    ("officer3", "Bùi Tấn Đạt", "officer", "30301", ""),
    ("supervisor", "Lê Quốc Bảo", "supervisor", "30577", ""),
    ("supervisor3", "Ngô Thị Ý", "supervisor", "30301", ""),
    ("province", "Võ Thành Nhân", "province", "91", ""),
    ("partner", "Nguyễn Thị Lan", "partner", "30577", "women"),
    ("helper", "Néang Sóc Kha", "partner", "30577", "women"),
    ("partner2", "Chau Phi Rum", "partner", "30577", "youth"),
    ("council", "Phan Văn Hậu", "council", "30577", ""),
    ("lender", "Đoàn Thị Mai", "lender", "30577", ""),
    ("inspector", "Huỳnh Công Tâm", "inspector", "91", ""),
];

/// Makes the cast, all with one password. Their accounts work on loopback only.
pub async fn cast(app: &crate::app::App, password: &str) -> Result<(), crate::app::Refused> {
    hire(app, CAST, password).await
}

async fn hire(app: &crate::app::App, cast: &[Part], password: &str) -> Result<(), crate::app::Refused> {
    use crate::policy::{
        AreaCode,
        acts::{AddStaff, ListOrganisations},
    };
    let system = Arc::new(Actor::system("demo"));
    let scope = app.store().scope::<ListOrganisations>(&system)?;
    for (username, name, role, area, kind) in cast {
        let area = AreaCode((*area).to_owned());
        let organisation = crate::organisations::of_area(app.store(), &scope, &area)
            .await?
            .into_iter()
            .find(|one| one.kind == *kind)
            .map(|one| one.id.to_string())
            .unwrap_or_default();
        let grant = app.store().permit::<AddStaff>(&system, area).await?;
        let draft = crate::staff::model::Draft {
            username: (*username).to_owned(),
            name: (*name).to_owned(),
            role: (*role).to_owned(),
            organisation,
            email: format!("{username}@duongve.example"),
            password: password.to_owned(),
        };
        crate::staff::add(app, grant, &draft, true, None).await?;
    }
    Ok(())
}
