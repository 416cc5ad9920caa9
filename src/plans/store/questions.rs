//! SQL of the sets of questions: nobody's secret, and never changed.

use crate::plans::model::{NewSet, Question, QuestionSet};
use crate::{
    args,
    base::{ids::UserId, time::Day},
    store::{Fault, Store, Unit},
};

pub async fn sets(store: &Store) -> Result<Vec<QuestionSet>, Fault> {
    store
        .reference(
            "select s.version, s.valid_from, u.name as by, s.made_at, \
             (select count(*) from questions q where q.version = s.version) as questions \
             from question_sets s left join users u on u.id = s.made_by order by s.version desc",
            args![],
        )
        .await
}

pub async fn of_set(store: &Store, version: i64) -> Result<Vec<Question>, Fault> {
    store
        .reference(
            "select version, word, area, kind, asks_vi, asks_en from questions where version = $1 order by rank, word",
            args![version],
        )
        .await
}

/// The newest set, whether its day has come or not.
#[derive(sqlx::FromRow)]
pub struct Newest {
    pub version: i64,
    pub valid_from: Day,
}

pub async fn newest(unit: &mut Unit) -> Result<Newest, Fault> {
    let row: Option<Newest> =
        unit.row("select version, valid_from from question_sets order by version desc limit 1", args![]).await?;
    row.ok_or(Fault::Inconsistent("no set of questions"))
}

pub async fn insert(unit: &mut Unit, version: i64, new: &NewSet, by: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "insert into question_sets (version, valid_from, made_by, made_at) values ($1, $2, $3, $4)",
        args![version, new.valid_from, by, now],
    )
    .await?;
    for (rank, row) in (1_i64..).zip(&new.rows) {
        unit.run(
            "insert into questions (version, word, area, kind, rank, valid_from, asks_vi, asks_en) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                version,
                row.word.as_str(),
                row.area.as_str(),
                row.kind.as_str(),
                rank,
                new.valid_from,
                row.vi.as_str(),
                row.en.as_str()
            ],
        )
        .await?;
    }
    Ok(())
}
