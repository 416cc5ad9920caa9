//! Lists within a scope: the wall is put in first and always; added conditions are bracketed, so none can widen it.

use super::{
    Fault, Scope,
    db::{Db, Row},
    statement::Statement,
};
use crate::{
    base::{arg::Arg, time::At},
    policy::{Act, Actor, Subject},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, marker::PhantomData, sync::Arc};

/// How many rows, and after which.
#[derive(Clone, Debug)]
pub struct PageAsk {
    /// 1 to 100.
    pub limit: i64,
    /// Where the page before ended: what [`Page::next`] said.
    pub cursor: Option<String>,
}

impl Default for PageAsk {
    fn default() -> Self {
        PageAsk { limit: 25, cursor: None }
    }
}

/// Some rows of a list, and where it goes on.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

impl<T: Paged> Page<T> {
    /// A page from rows of which one more was asked for than is shown.
    pub(crate) fn cut(mut items: Vec<T>, limit: i64) -> Page<T> {
        let more = items.len() as i64 > limit;
        items.truncate(usize::try_from(limit).unwrap_or(25));
        let next = if more { items.last().map(|item| write_cursor(&item.key())) } else { None };
        Page { items, next }
    }
}

impl<T: Paged> Page<T> {
    /// The cursor of whatever comes after this row.
    pub(crate) fn cursor_after(item: &T) -> String {
        write_cursor(&item.key())
    }
}

impl<T> Page<T> {
    pub fn map<U>(self, job: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(job).collect(), next: self.next }
    }
}

/// A row that knows the values that its list is sorted by.
pub trait Paged {
    fn key(&self) -> Vec<Arg>;
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dir {
    Up,
    Down,
}

/// A list under way.
#[must_use]
pub struct List<'a, A: Act> {
    db: &'a Db,
    columns: Cow<'static, str>,
    joins: Cow<'static, str>,
    group: &'static str,
    statement: Statement,
    actor: Arc<Actor>,
    act: PhantomData<A>,
}

impl<'a, A: Act> List<'a, A> {
    pub(super) fn new(db: &'a Db, scope: &Scope<A>, columns: &'static str, now: At) -> List<'a, A> {
        let mut statement = Statement::new(now);
        statement.push_for(scope.actor(), &scope.wall());
        let actor = scope.shared_actor();
        List { db, columns: columns.into(), joins: "".into(), group: "", statement, actor, act: PhantomData }
    }

    /// Other tables that the columns come from: `left join users u on u.id = c.officer_id`. `{me}` and its like stand for
    /// the asker, as in a subject's conditions.
    pub fn join(mut self, joins: &'static str) -> Self {
        self.joins =
            if joins.contains('{') { self.statement.aside_for(&self.actor, joins).into() } else { joins.into() };
        self
    }

    pub fn and(mut self, condition: &'static str) -> Self {
        self.statement.push(" and (");
        self.statement.push(condition);
        self.statement.push(")");
        self
    }

    /// A condition with values: each `?` stands for the next of `args`.
    pub fn and_arg(mut self, condition: &str, args: Vec<Arg>) -> Self {
        self.statement.push(" and (");
        self.statement.push_args(condition, args);
        self.statement.push(")");
        self
    }

    /// Other columns, with values: each `?` stands for the next of `args`.
    pub fn told_with(mut self, columns: &'static str, args: Vec<Arg>) -> Self {
        self.columns = self.statement.aside(columns, args).into();
        self
    }

    /// Sums instead of rows.
    pub fn group_by(mut self, columns: &'static str) -> Self {
        self.group = columns;
        self
    }

    /// Rows in this order; at most `limit`.
    pub async fn rows<T: Row>(self, order: &'static str, limit: i64) -> Result<Vec<T>, Fault> {
        let sql = self.sql(order, limit);
        self.db.all(sql.into(), self.statement.args()).await
    }

    /// One page, sorted by `keys` (fixed column names; the last one unique).
    pub async fn page<T: Row + Paged>(
        mut self,
        keys: &[&'static str],
        dir: Dir,
        ask: &PageAsk,
    ) -> Result<Page<T>, Fault> {
        let limit = ask.limit.clamp(1, 100);
        let mark = mark(keys, dir);
        if let Some(cursor) = &ask.cursor {
            let own = cursor.strip_prefix(mark.as_str()).ok_or(Fault::Cursor)?;
            let after = read_cursor(own).filter(|args| args.len() == keys.len()).ok_or(Fault::Cursor)?;
            let places = vec!["?"; keys.len()].join(", ");
            let sign = if dir == Dir::Up { ">" } else { "<" };
            self = self.and_arg(&format!("({}) {sign} ({places})", keys.join(", ")), after);
        }
        let down = if dir == Dir::Up { "" } else { " desc" };
        let order: Vec<String> = keys.iter().map(|key| format!("{key}{down}")).collect();
        let sql = self.sql(&order.join(", "), limit + 1);
        let items: Vec<T> = self.db.all(sql.into(), self.statement.args()).await.map_err(|fault| match fault {
            // Values of another kind than the columns: a cursor that was made up.
            Fault::Sql(sqlx::Error::Database(error))
                if ask.cursor.is_some() && matches!(error.code().as_deref(), Some("42883" | "42804")) =>
            {
                Fault::Cursor
            }
            other => other,
        })?;
        let page = Page::cut(items, limit);
        Ok(Page { items: page.items, next: page.next.map(|next| format!("{mark}{next}")) })
    }

    /// How many rows the list has.
    pub async fn count(mut self) -> Result<i64, Fault> {
        self.columns = "count(*)".into();
        let sql = self.sql("", 0);
        let row: Option<(i64,)> = self.db.maybe(sql.into(), self.statement.args()).await?;
        Ok(row.map_or(0, |row| row.0))
    }

    fn sql(&self, order: &str, limit: i64) -> String {
        let mut sql = format!(
            "select {} from {} {} where {}",
            self.columns,
            <A::On as Subject>::FROM,
            self.joins,
            self.statement.sql()
        );
        if !self.group.is_empty() {
            sql += &format!(" group by {}", self.group);
        }
        if !order.is_empty() {
            sql += &format!(" order by {order}");
        }
        if limit > 0 {
            sql += &format!(" limit {limit}");
        }
        sql
    }
}

/// What a cursor begins with: it goes on only with the list and the order that it came from.
fn mark(keys: &[&str], dir: Dir) -> String {
    let hash = Sha256::digest(format!("{} {dir:?}", keys.join(",")));
    format!("{:02x}{:02x}.", hash[0], hash[1])
}

/// The values of a row's key, as text for a URL. It holds ids, days and sort keys of a row that was shown, no name.
fn write_cursor(key: &[Arg]) -> String {
    let words: Vec<String> = key
        .iter()
        .map(|arg| match arg {
            Arg::Uuid(value) => format!("u{}", value.map(|id| id.simple().to_string()).unwrap_or_default()),
            Arg::Int(value) => format!("i{}", value.map(|number| number.to_string()).unwrap_or_default()),
            Arg::Text(value) => format!("t{}", URL_SAFE_NO_PAD.encode(value.as_deref().unwrap_or_default())),
            Arg::Bytes(value) => format!("b{}", URL_SAFE_NO_PAD.encode(value.as_deref().unwrap_or_default())),
            Arg::Day(value) => format!("d{}", value.map(|day| day.to_string()).unwrap_or_default()),
            Arg::Bool(value) => format!("o{value}"),
        })
        .collect();
    words.join(".")
}

/// The values that a cursor holds.
pub(crate) fn read_cursor(text: &str) -> Option<Vec<Arg>> {
    text.split('.')
        .map(|word| {
            let (kind, value) = word.split_at_checked(1)?;
            Some(match kind {
                "u" => Arg::Uuid(Some(uuid::Uuid::parse_str(value).ok()?)),
                "i" => Arg::Int(Some(value.parse().ok()?)),
                "t" => Arg::Text(Some(String::from_utf8(URL_SAFE_NO_PAD.decode(value).ok()?).ok()?)),
                "b" => Arg::Bytes(Some(URL_SAFE_NO_PAD.decode(value).ok()?)),
                "d" => Arg::from(value.parse::<Date>().ok()?),
                "o" => Arg::Bool(value.parse().ok()?),
                _ => return None,
            })
        })
        .collect()
}
