//! Mẫu số 01 as a paper: the list as it is now, under the commune's next number.

use super::{
    model::LineRow,
    store::{self},
};
use crate::{
    app::Refused,
    base::{
        ids::{DocumentId, Id},
        lang::Lang,
        refusal::Invalid,
        text,
        words::{DocumentKind, LoanListState},
    },
    documents::{
        self,
        model::{Prepared, Row},
    },
    policy::acts::PrintLoanList,
    store::{Grant, Key, Store},
};

/// The heads of the table, as the form has them.
const HEADS: &[&str] = &[
    "loans-form-no",
    "loans-name",
    "loans-form-birth",
    "loans-form-address",
    "loans-form-certificate",
    "loans-form-completed",
    "loans-form-purpose",
    "loans-vnd",
    "loans-months",
];

pub(crate) fn heads(lang: Lang) -> Vec<String> {
    HEADS.iter().map(|key| lang.say(key)).collect()
}

/// What stands in the row of a line.
pub(crate) fn cells(at: usize, line: &LineRow, lang: Lang) -> Vec<String> {
    let paper = line.paper();
    let day = |day: Option<crate::base::time::Day>| day.map(|day| text::show_day(day.0)).unwrap_or_default();
    let dated = [paper.certificate_no.clone(), day(paper.certificate_on)];
    let certificate: Vec<String> = dated.into_iter().filter(|said| !said.is_empty()).collect();
    vec![
        (at + 1).to_string(),
        paper.name,
        paper.birth,
        paper.address,
        certificate.join(", "),
        day(paper.completed_on),
        format!("{}: {}", lang.say(line.purpose.key()), line.what.text()),
        text::show_vnd(line.vnd),
        line.months.to_string(),
    ]
}

/// Issues a signed list as a paper. Each line is sealed under the key of its own person.
///
/// # Errors
/// [`Refused::Invalid`]: nobody has signed it yet; nobody stands on it.
pub async fn issue(store: &Store, grant: Grant<PrintLoanList>, key: Option<Key>) -> Result<DocumentId, Refused> {
    let printer = grant.actor().name().to_owned();
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(DocumentId::from_uuid(id));
            }
            let (list, by) = (work.id(), work.by()?);
            if matches!(store::state(work, list).await?, LoanListState::Draft | LoanListState::Returned) {
                return Err(Invalid::one("", "list_is_not_signed").into());
            }
            let lines = store::lines_within(work, list).await?;
            let lines = work.opened(lines).await?;
            if lines.is_empty() {
                return Err(Invalid::one("", "list_is_empty").into());
            }
            let (area, number, fund) = store::named(work, list).await?;
            let prepared = prepared(&lines, number, fund);
            let id = documents::write_in(work, &area, None, &prepared, &printer, by).await?;
            work.detail(format!("{} {id}, {} lines", prepared.kind, lines.len()));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

fn prepared(lines: &[LineRow], number: String, fund: String) -> Prepared {
    let lang = Lang::Vi;
    let mut rows: Vec<Row> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| Row { case: Some(line.case_id), cells: cells(at, line, lang) })
        .collect();
    let total: i64 = lines.iter().map(|line| line.vnd).sum();
    let mut last = vec!["\u{a0}".to_owned(); HEADS.len()];
    last[1] = lang.say("livelihood-total");
    last[7] = text::show_vnd(total);
    rows.push(Row { case: None, cells: last });
    let facts = [(lang.say("loans-number"), number), (lang.say("loans-fund"), fund)];
    Prepared::table(DocumentKind::LoanList, &lang.say("loans-form-title"), &facts, heads(lang), rows).showing(&["loan"])
}
