//! What is kept about one person, table by table, as `base/told.rs` says: read for the file that she gets.
//!
//! The statements are made of the two registries alone; the only values in them are the case of a grant and the period.

use super::{Fault, Grant, Store};
use crate::{
    base::{
        arg::Arg,
        fields::{COLUMNS, Class, Column, Whose},
        sealed::{Opens, Shut},
        time::{At, plus_days},
        told::{Shown, Table},
    },
    policy::{Act, subjects::Case},
};
use jiff::civil::Date;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

/// From which day to which: the last day counts whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Period {
    /// The instants between which it lies: from the first on, up to and without the second.
    pub(crate) fn instants(self) -> (At, At) {
        let from = self.from.map_or(At::from_micros(0), |day| At::of(day, 0, 0));
        let to = self.to.map_or(At::from_micros(i64::MAX), |day| At::of(plus_days(day, 1), 0, 0));
        (from, to)
    }

    fn days(self) -> (Date, Date) {
        (self.from.unwrap_or(jiff::civil::date(1, 1, 1)), self.to.unwrap_or(jiff::civil::date(9999, 12, 31)))
    }
}

/// A row as it came: the id that its secrets are bound to, and a text or a secret for each column.
struct Loose {
    key: Uuid,
    cells: Vec<Cell>,
}

enum Cell {
    Plain(Option<String>),
    Secret(Secret),
}

/// A secret of a column that is known by its name only.
struct Secret {
    place: (&'static str, &'static str),
    shut: Option<Vec<u8>>,
    open: Option<Vec<u8>>,
    erased: bool,
}

impl Shut for Secret {
    fn table(&self) -> &'static str {
        self.place.0
    }
    fn column(&self) -> &'static str {
        self.place.1
    }
    fn shut(&self) -> Option<&[u8]> {
        self.shut.as_deref()
    }
    fn take(&mut self, plain: Option<&[u8]>) -> bool {
        self.shut = None;
        self.open = plain.map(<[u8]>::to_vec);
        self.erased = plain.is_none();
        true
    }
}

impl Opens for Loose {
    fn each(&mut self, job: &mut dyn FnMut(Uuid, &mut dyn Shut)) {
        for cell in &mut self.cells {
            if let Cell::Secret(secret) = cell {
                job(self.key, secret);
            }
        }
    }
}

/// Columns are named `p` (plain) or `s` (sealed) and their place.
impl<'r, R: Row> FromRow<'r, R> for Loose
where
    usize: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Loose, sqlx::Error> {
        use sqlx::Column as _;
        let mut cells = Vec::new();
        for (at, column) in row.columns().iter().enumerate().skip(1) {
            cells.push(match column.name().starts_with('s') {
                true => Cell::Secret(Secret { place: ("", ""), shut: row.try_get(at)?, open: None, erased: false }),
                false => Cell::Plain(row.try_get(at)?),
            });
        }
        Ok(Loose { key: row.try_get(0)?, cells })
    }
}

fn column_of(table: &str, name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.table == table && column.name == name)
}

/// Whose the rows of a table are: the same for all of its columns.
fn whose(table: &str) -> Option<Whose> {
    COLUMNS.iter().find(|column| column.table == table).map(|column| column.whose)
}

/// By what a row is known, and by what its secrets are bound.
fn key_of(table: &str) -> &'static str {
    let has = |name: &str| column_of(table, name).is_some();
    match whose(table) {
        _ if has("id") => "id",
        _ if has("visit_id") => "visit_id",
        Some(Whose::Person(column) | Whose::Referral(column) | Whose::Through(_, column)) => column,
        _ => "case_id",
    }
}

/// The condition by which a row belongs to the person, or the case, of `$1`.
fn hers(table: &str) -> Option<String> {
    Some(match whose(table)? {
        Whose::Person(column) => format!("{column} = (select cp.person_id from cases cp where cp.id = $1)"),
        Whose::Case(column) => format!("{column} = $1"),
        Whose::Referral(column) => format!("{column} in (select hr.id from referrals hr where hr.case_id = $1)"),
        Whose::Through(parent, column) => format!("{column} in (select id from {parent} where {})", hers(parent)?),
        Whose::Staff(_) | Whose::Office => return None,
    })
}

/// Does a table hang on the person, and not on one of her cases?
fn is_of_person(table: &str) -> bool {
    match whose(table) {
        Some(Whose::Person(_)) => true,
        Some(Whose::Through(parent, _)) => is_of_person(parent),
        _ => false,
    }
}

fn shown(table: &str, column: &str, how: Shown, at: usize) -> String {
    if column_of(table, column).is_some_and(|column| column.class == Class::S3) {
        return format!("{column} as s{at}");
    }
    let read = match how {
        Shown::Who => format!(
            "(select u.role || '|' || coalesce(o.name_vi, '') from users u left join organisations o \
             on o.id = u.organisation_id where u.id = {table}.{column})"
        ),
        Shown::Organisation => format!("(select o.name_vi from organisations o where o.id = {table}.{column})"),
        Shown::Area => format!("(select a.name from areas a where a.code = {table}.{column})"),
        Shown::Hamlet => format!("(select h.name from hamlets h where h.id = {table}.{column})"),
        Shown::Fund => format!("(select f.name from funds f where f.id = {table}.{column})"),
        Shown::Wording => format!("(select w.text_vi from consent_texts w where w.id = {table}.{column})"),
        _ => format!("cast({column} as text)"),
    };
    format!("{read} as p{at}")
}

impl Store {
    /// The rows of one table about the person of a case (`first`: what hangs on the person herself is read, too), each with
    /// a text for every column that is told, newest first. `None`: nothing stands there.
    pub(crate) async fn told<A: Act<On = Case>>(
        &self,
        grant: &Grant<A>,
        table: &'static Table,
        period: Period,
        first: bool,
    ) -> Result<Vec<Vec<Option<String>>>, Fault> {
        let Some(hers) = hers(table.name) else { return Ok(Vec::new()) };
        if !table.is_told() || (is_of_person(table.name) && !first) {
            return Ok(Vec::new());
        }
        let key = key_of(table.name);
        let columns: Vec<String> =
            table.told.iter().enumerate().map(|(at, told)| shown(table.name, told.column, told.shown, at)).collect();
        let mut sql = format!("select {key} as k, {} from {} where {hers}", columns.join(", "), table.name);
        let mut args = vec![crate::policy::subjects::Key::arg(&grant.id())];
        if table.when.is_empty() {
            sql += &format!(" order by {key}");
        } else {
            if table.when.ends_with("at") {
                let (from, to) = period.instants();
                args.extend(crate::args![from, to]);
                sql += &format!(" and {0} >= $2 and {0} < $3", table.when);
            } else {
                let (from, to) = period.days();
                args.extend([Arg::from(from), Arg::from(to)]);
                sql += &format!(" and {0} >= $2 and {0} <= $3", table.when);
            }
            sql += &format!(" order by {} desc, {key} desc", table.when);
        }
        let mut rows: Vec<Loose> = self.0.db.all(sql.into(), args).await?;
        for row in &mut rows {
            for (cell, told) in row.cells.iter_mut().zip(table.told) {
                if let Cell::Secret(secret) = cell {
                    secret.place = (table.name, told.column);
                }
            }
        }
        let rows = self.opened(rows).await?;
        Ok(rows.into_iter().map(|row| row.cells.into_iter().zip(table.told).map(text).collect()).collect())
    }
}

/// What stands in a cell, as text. A secret whose key is gone says so.
fn text((cell, told): (Cell, &crate::base::told::Told)) -> Option<String> {
    match cell {
        Cell::Plain(text) => text,
        Cell::Secret(Secret { erased: true, .. }) => Some(crate::base::sealed::ERASED.to_owned()),
        Cell::Secret(secret) => {
            let bytes = secret.open?;
            Some(match told.shown {
                Shown::YesNo => u8::from(bytes == [1]).to_string(),
                _ => String::from_utf8_lossy(&bytes).into_owned(),
            })
        }
    }
}
