//! The facts of the demo story, from `seeds/demo/`. Every day in them is an offset from "today": no date stands there.

use crate::{
    base::{
        text,
        time::plus_days,
        words::{Precision, Regime, UnknownWord},
    },
    cases,
    store::Fault,
};
use jiff::civil::Date;

const PEOPLE: &str = include_str!("../../../seeds/demo/people.csv");
const STEPS: &str = include_str!("../../../seeds/demo/steps.csv");

/// An invented person and what the prison's notice says.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Person {
    /// Its key in the file of steps.
    pub person: String,
    name: String,
    aliases: String,
    sex: String,
    born: i64,
    born_known: String,
    pub area: String,
    hamlet: String,
    phone: String,
    phone_of: String,
    address: String,
    wishes: String,
    visit_safely: String,
    regime: String,
    juvenile: String,
    source: String,
    certificate_no: String,
    certificate_on: Option<i64>,
    released: Option<i64>,
    noticed: i64,
    /// The term to present, as the certificate says; none: it says none.
    present: Option<i64>,
    id_number: String,
    ethnicity: String,
    religion: String,
    health: String,
    offence: String,
    penalty: String,
    court: String,
    sentenced: i64,
}

/// What somebody did on a day. `a` to `d` depend on `what`: the story's own verbs say which they are.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Step {
    /// Empty: about no one person (a cover).
    pub person: String,
    pub day: i64,
    pub what: String,
    /// Sign-in name of the one who did it.
    pub who: String,
    pub a: String,
    pub b: String,
    pub c: String,
    pub d: String,
    pub note: String,
    pub shared: String,
}

pub fn people() -> Result<Vec<Person>, Fault> {
    read(PEOPLE)
}

/// In the order in which they happen.
pub fn steps() -> Result<Vec<Step>, Fault> {
    let mut steps: Vec<Step> = read(STEPS)?;
    steps.sort_by_key(|step| step.day);
    Ok(steps)
}

fn read<T: serde::de::DeserializeOwned>(file: &'static str) -> Result<Vec<T>, Fault> {
    csv::Reader::from_reader(file.as_bytes())
        .into_deserialize()
        .map(|row| {
            row.map_err(|error| {
                tracing::error!(%error, "a row of the demo story");
                Fault::Inconsistent("a row of the demo story")
            })
        })
        .collect()
}

/// The day that lies so many days from today, as it is typed into a form.
pub fn typed(today: Date, offset: i64) -> String {
    plus_days(today, offset).to_string()
}

/// The same for a field that may be empty.
pub fn typed_opt(today: Date, offset: Option<i64>) -> String {
    offset.map(|offset| typed(today, offset)).unwrap_or_default()
}

/// An offset of a step's `a` to `d`.
pub fn offset(field: &str) -> Result<Option<i64>, Fault> {
    match field {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| Fault::Inconsistent("an offset of the demo story")),
    }
}

impl Person {
    /// Does this regime ask for the information sheet?
    pub fn has_sheet(&self) -> bool {
        self.regime.parse::<Regime>().is_ok_and(Regime::has_sheet)
    }

    /// What the officer types when the notice has come.
    pub fn draft(&self, today: Date, officer: &str) -> Result<cases::model::Draft, Fault> {
        let known: Precision = self.born_known.parse().map_err(|UnknownWord| Fault::Inconsistent("born_known"))?;
        let owned = |text: &str| text.to_owned();
        Ok(cases::model::Draft {
            name: owned(&self.name),
            aliases: owned(&self.aliases),
            sex: owned(&self.sex),
            birth: text::show_birth(plus_days(today, self.born), known),
            phone: owned(&self.phone),
            phone_of: owned(&self.phone_of),
            address: owned(&self.address),
            wishes: owned(&self.wishes),
            visit_safely: owned(&self.visit_safely),
            hamlet: owned(&self.hamlet),
            regime: owned(&self.regime),
            juvenile: owned(&self.juvenile),
            source: owned(&self.source),
            certificate_no: owned(&self.certificate_no),
            certificate_on: typed_opt(today, self.certificate_on),
            released_on: typed_opt(today, self.released),
            noticed_on: typed(today, self.noticed),
            present_by_on: typed_opt(today, self.present),
            received_on: String::new(),
            moved_in_on: String::new(),
            moved_from: String::new(),
            id_kind: String::new(),
            id_number: owned(&self.id_number),
            ethnicity: owned(&self.ethnicity),
            religion: owned(&self.religion),
            health: owned(&self.health),
            offence: owned(&self.offence),
            penalty: owned(&self.penalty),
            sentenced_on: typed(today, self.sentenced),
            court: owned(&self.court),
            officer: owned(officer),
            not_a_double: "true".to_owned(),
        })
    }
}
