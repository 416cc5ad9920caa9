//! The lists that an office prints, as workbooks: tasks, a loan list, the register of papers. Each goes out under the right to
//! take it out and the right to read it, and each is one line of the log.

use super::{Cell, File, Format, Table, footer, to_xlsx};
use crate::base::sealed::SealedText as _;
use crate::{
    app::Refused,
    base::{
        lang::Lang,
        text,
        time::{Day, days_between},
    },
    documents::{self, model::DocumentRow},
    follow_ups::{
        self,
        model::{Line, State},
    },
    loans,
    policy::{
        Actor,
        acts::{ExportDocuments, ExportFollowUps, ExportLoanList, ListDocuments, ListFollowUps, SeeLoanList},
    },
    store::{Denied, Fault, Grant, PageAsk, Scope, Store},
};
use std::sync::Arc;

/// No list of an office is longer.
const MOST: usize = 20_000;

fn day(day: Day) -> Cell {
    Cell::Text(text::show_day(day.0))
}

/// The last line of every file, and its bytes.
fn file(store: &Store, actor: &Actor, mut table: Table, stem: &str, lang: Lang) -> Result<File, Fault> {
    let (today, records) = (store.today(), table.rows.len());
    table.footer = footer(store, actor, "exports-list-footer", records, lang);
    let stem = lang.say(stem);
    let bytes = to_xlsx(&table, &stem)?;
    Ok(File { bytes, records, name: format!("{stem}-{today}.{}", Format::Xlsx.as_str()) })
}

/// The open tasks of the asker's scope: overdue, today, ahead.
pub async fn follow_ups(store: &Store, scope: &Scope<ExportFollowUps>, lang: Lang) -> Result<File, Refused> {
    let actor = Arc::new(scope.actor().clone());
    let read = store.scope::<ListFollowUps>(&actor)?;
    let mut lines: Vec<Line> = Vec::new();
    for state in [State::Overdue, State::Today, State::Upcoming] {
        let mut ask = PageAsk { limit: 100, cursor: None };
        while lines.len() < MOST {
            let page = follow_ups::list(store, &read, state, &ask).await?;
            lines.extend(page.items);
            let Some(next) = page.next else { break };
            ask.cursor = Some(next);
        }
    }
    store.note_list(scope, &format!("{} xlsx", lines.len())).await?;
    let today = store.today();
    let rows = lines.iter().map(|line| {
        let late = days_between(line.due_on.0, today).max(0);
        let what = line.what.text().unwrap_or_default();
        vec![
            Cell::Text(line.code.clone()),
            Cell::Text(line.name.clone()),
            Cell::Text(line.hamlet.clone().unwrap_or_default()),
            Cell::Text(lang.say(line.kind.key())),
            Cell::Text(what.to_owned()),
            day(line.due_on),
            Cell::Number(late),
            Cell::Text(line.officer.clone().unwrap_or_default()),
        ]
    });
    const HEADS: [&str; 8] = [
        "exports-column-code",
        "exports-column-name",
        "exports-column-hamlet",
        "exports-list-task",
        "exports-list-what",
        "exports-column-next-due",
        "exports-column-days-late",
        "exports-column-officer",
    ];
    let table = Table::of(HEADS.iter().map(|key| lang.say(key)).collect(), rows.collect());
    Ok(file(store, &actor, table, "exports-list-tasks-file", lang)?)
}

/// The lines of a loan list that the asker may know, but for what was not confirmed.
pub async fn loan_list(store: &Store, grant: &Grant<ExportLoanList>, lang: Lang) -> Result<File, Refused> {
    let see = store.also::<ExportLoanList, SeeLoanList>(grant).ok_or(Denied::Forbidden)?;
    store.note_opening(grant, None, &["loan"]).await?;
    let (_list, mut lines) = loans::lists::one(store, &see).await?;
    lines.retain(|line| line.struck_at.is_none());
    let rows = lines.iter().enumerate().map(|(at, line)| loans::papers::cells(at, line, lang)).collect();
    let table = Table::of_text(loans::papers::heads(lang), rows);
    Ok(file(store, grant.actor(), table, "exports-list-loans-file", lang)?)
}

/// The register of papers: number, day, whose, by whom; nothing of what stands on them.
pub async fn documents(store: &Store, scope: &Scope<ExportDocuments>, lang: Lang) -> Result<File, Refused> {
    let actor = Arc::new(scope.actor().clone());
    let read = store.scope::<ListDocuments>(&actor)?;
    let mut found: Vec<DocumentRow> = Vec::new();
    let mut ask = PageAsk { limit: 100, cursor: None };
    while found.len() < MOST {
        let page = documents::list(store, &read, None, &ask).await?;
        found.extend(page.items);
        let Some(next) = page.next else { break };
        ask.cursor = Some(next);
    }
    store.note_list(scope, &format!("{} xlsx", found.len())).await?;
    let rows = found.into_iter().map(|one| {
        let state = match (one.replaced_by.is_some(), one.withdrawn_at.is_some()) {
            (true, _) => "documents-replaced",
            (_, true) => "documents-withdrawn",
            _ => "documents-holds",
        };
        let number = one.numbered();
        vec![
            lang.say(one.kind.key()),
            number,
            text::show_day(one.on_day.0),
            one.code.unwrap_or_default(),
            one.name.unwrap_or_default(),
            one.by,
            lang.say(state),
        ]
    });
    const HEADS: [&str; 7] = [
        "documents-kind",
        "documents-export-number",
        "documents-export-day",
        "documents-export-code",
        "documents-export-name",
        "documents-export-by",
        "documents-export-state",
    ];
    let table = Table::of_text(HEADS.iter().map(|key| lang.say(key)).collect(), rows.collect());
    Ok(file(store, &actor, table, "documents-export-file", lang)?)
}
