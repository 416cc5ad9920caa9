//! Figures of sentences in the community, by commune and for some days: for reports. A case under its seal is in none of them.

use super::store;
use crate::{
    base::{
        fields::{ClosedOn, ContinuedOn, ReceivedOn},
        ids::CaseId,
        sealed::{Sealed, SealedDay as _},
        time::Day,
        words::Regime,
    },
    policy::{Act, AreaCode, subjects::Area},
    store::{Fault, Scope, Store},
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is counted of the days between two, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Absences granted, by the day of the decision.
    AbsencesGranted,
    /// People with a breach, by its day.
    PeopleWithBreaches,
    /// Probations shortened, by the day of the court's decision.
    Shortened,
    /// Assessments written, by their day.
    Assessed,
    /// Certificates of completion written down, by their day.
    Certified,
}

/// How many in each commune of the scope; one without any is left out.
pub async fn counted<A: Act<On = Area>>(
    store: &Store,
    scope: &Scope<A>,
    measure: Measure,
    (from, to): (Date, Date),
) -> Result<Vec<(AreaCode, i64)>, Fault> {
    store::figure(store, scope, measure, (from, to)).await
}

/// How long a case was under which regime.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Course {
    pub id: CaseId,
    pub code: AreaCode,
    pub opened_on: Day,
    pub regime: Regime,
    pub continued_from: Option<Regime>,
    pub continued_on: Option<Sealed<ContinuedOn>>,
    pub received_on: Option<Sealed<ReceivedOn>>,
    pub closed_on: Option<Sealed<ClosedOn>>,
}

crate::opens!(Course { id => continued_on, received_on, closed_on });

impl Course {
    /// The regime on a day; `None`: not yet received here, or closed by then.
    pub fn regime_on(&self, day: Date) -> Option<Regime> {
        let received = self.received_on.day()?.0;
        if received > day || self.opened_on.0 > day || self.closed_on.day().is_some_and(|closed| closed.0 <= day) {
            return None;
        }
        match (self.continued_from, self.continued_on.day()) {
            (Some(before), Some(since)) if since.0 > day => Some(before),
            _ => Some(self.regime),
        }
    }
}

/// How many people were under each regime on a day (of a period: its last), in each commune of the scope.
pub async fn under_regimes<A: Act<On = Area>>(
    store: &Store,
    scope: &Scope<A>,
    day: Date,
) -> Result<BTreeMap<(AreaCode, Regime), i64>, Fault> {
    let mut sums = BTreeMap::new();
    for course in store::courses(store, scope).await? {
        if let Some(regime) = course.regime_on(day) {
            *sums.entry((course.code.clone(), regime)).or_insert(0) += 1;
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_case_counts_under_the_regime_of_that_day() {
        let course = Course {
            id: crate::base::ids::Id::from_uuid(uuid::Uuid::from_u128(1)),
            code: AreaCode("30577".into()),
            opened_on: Day(date(2026, 3, 1)),
            regime: Regime::Completed,
            continued_from: Some(Regime::ConditionalRelease),
            continued_on: Some(Sealed::known(Day(date(2026, 9, 1)))),
            received_on: Some(Sealed::known(Day(date(2026, 3, 5)))),
            closed_on: Some(Sealed::known(Day(date(2026, 12, 1)))),
        };
        assert_eq!(course.regime_on(date(2026, 3, 4)), None, "not received yet");
        assert_eq!(course.regime_on(date(2026, 8, 31)), Some(Regime::ConditionalRelease));
        assert_eq!(course.regime_on(date(2026, 9, 1)), Some(Regime::Completed));
        assert_eq!(course.regime_on(date(2026, 12, 1)), None, "closed by then");
    }
}
