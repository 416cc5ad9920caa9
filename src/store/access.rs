//! Who may see one record now, account by account: the conditions of the gate, with each account's own columns where the
//! asker's values stand. So the page of who may open a person cannot say otherwise than the door does.

use super::{Fault, Grant, StandingRow, Store, gate, statement::Statement};
use crate::{
    base::{ids::UserId, time::At},
    policy::{Act, Near, Role, Subject},
};

/// An account that may see a record now, or would if no restriction kept it.
#[derive(Clone, Debug)]
pub struct Reader {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub organisation: Option<String>,
    /// As what; empty: a restriction keeps her from it.
    pub nears: Vec<Near>,
    pub glass_until: Option<At>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UserId,
    username: String,
    name: String,
    role: Role,
    organisation: Option<String>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

impl Store {
    /// Every enabled account that stands near enough to the record of a grant to see it, those that a restriction keeps from
    /// it too. One statement.
    pub(crate) async fn readers<A: Act>(&self, grant: &Grant<A>) -> Result<Vec<Reader>, Fault> {
        let mut statement = Statement::new(self.now());
        statement.push("select su.id, su.username, su.name, su.role, so.name_vi as organisation");
        for column in gate::standing_columns::<A::On>() {
            statement.push(", ");
            statement.push_for_session(&column);
        }
        statement.push(" from ");
        statement.push(A::On::FROM);
        statement.push(
            " join users su on su.disabled_at is null left join organisations so on so.id = su.organisation_id where ",
        );
        statement.push(A::On::KEY);
        statement.push_args(" = ? order by su.name_key, su.id", vec![crate::policy::subjects::Key::arg(&grant.id())]);
        let rows: Vec<Row> = self.0.db.all(statement.sql(), statement.args()).await?;
        let policy = self.in_force();
        let reader = |row: Row| {
            let standing = row.standing.standing();
            let (nears, kept) = gate::seen_by::<A::On>(row.role, standing, &policy);
            (kept || !nears.is_empty()).then(|| Reader {
                id: row.id,
                username: row.username,
                name: row.name,
                role: row.role,
                organisation: row.organisation,
                glass_until: standing.glass_until().filter(|_| nears.contains(&Near::Glass)),
                nears,
            })
        };
        Ok(rows.into_iter().filter_map(reader).collect())
    }
}
