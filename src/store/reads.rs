//! Questions about one record that are asked within a unit of work, which has it locked, and elsewhere under a grant.

use super::{Fault, Grant, Row, Store, Unit};
use crate::{base::arg::Arg, policy::Act};
use jiff::civil::Date;

/// Reads what hangs on one record; `$1` of every statement is that record's id.
pub trait Reads {
    fn store(&self) -> &Store;
    fn today(&self) -> Date;
    fn rows<T: Row>(&mut self, sql: &'static str, args: Vec<Arg>)
    -> impl Future<Output = Result<Vec<T>, Fault>> + Send;

    fn row<T: Row>(
        &mut self,
        sql: &'static str,
        args: Vec<Arg>,
    ) -> impl Future<Output = Result<Option<T>, Fault>> + Send {
        let rows = self.rows(sql, args);
        async { Ok(rows.await?.into_iter().next()) }
    }
}

impl Reads for Unit {
    fn store(&self) -> &Store {
        Unit::store(self)
    }

    fn today(&self) -> Date {
        Unit::today(self)
    }

    async fn rows<T: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>, Fault> {
        Unit::rows(self, sql, args).await
    }
}

/// The record of a grant, whatever id a statement is given for `$1`.
pub struct Under<'a, A: Act>(pub &'a Store, pub &'a Grant<A>);

impl<A: Act> Reads for Under<'_, A> {
    fn store(&self) -> &Store {
        self.0
    }

    fn today(&self) -> Date {
        self.0.today()
    }

    async fn rows<T: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>, Fault> {
        self.0.under(self.1, sql, args.into_iter().skip(1).collect()).await
    }
}
