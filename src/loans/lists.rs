//! The list: the head signs it, the People's Committee confirms or returns it, the head sends it, the lender answers.

use super::{
    content,
    model::{AnswerDraft, DecideDraft, LineRow, ListRow, SignDraft},
    store,
};
use crate::{
    app::Refused,
    base::{
        ids::LoanListId,
        refusal::Invalid,
        text,
        words::{LoanAnswer, LoanListState},
    },
    livelihood,
    policy::{
        acts::{
            AnswerLoanLine, ConfirmLoanList, ListLoanLines, ListLoanLists, SeeLoanLine, SeeLoanList, SendLoanList,
            SignLoanList,
        },
        subjects,
    },
    store::{Denied, Fault, Grant, Page, PageAsk, Scope, Store},
};

/// The lists that the asker may see, newest first; `waiting`: only those that wait for the People's Committee, or the others.
pub async fn list(
    store: &Store,
    scope: &Scope<ListLoanLists>,
    waiting: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<ListRow>, Fault> {
    store::lists(store, scope, waiting, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListLoanLists>) -> Result<i64, Fault> {
    store::count_lists(store, scope).await
}

/// How many of them wait for the People's Committee.
pub async fn waiting(store: &Store, scope: &Scope<ListLoanLists>) -> Result<i64, Fault> {
    store::count_waiting(store, scope).await
}

/// How many confirmed lines wait for the lender's answer.
pub async fn waiting_lines(store: &Store, scope: &Scope<ListLoanLines>) -> Result<i64, Fault> {
    store::count_waiting_lines(store, scope).await
}

/// One list with the lines that the asker may know. That it was looked at is written down first.
pub async fn one(store: &Store, grant: &Grant<SeeLoanList>) -> Result<(ListRow, Vec<LineRow>), Fault> {
    let list = store::list_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let lines = store::lines_of_list(store, grant).await?;
    store.note_opening(grant, None, &["loan"]).await?;
    Ok((list, lines))
}

/// Signs a list under its number and hands it to the People's Committee. What the paper says of each person is what stands in
/// her record now, and stays so.
///
/// # Errors
/// [`Refused::Invalid`]: no number; nobody stands on it; it is signed already. [`Fault::Stale`]: changed meanwhile.
pub async fn sign(
    store: &Store,
    grant: Grant<SignLoanList>,
    draft: &SignDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let number = text::clean_line(&draft.number, 60).map_err(|fault| Invalid::one("number", fault.code()))?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            in_state(store::state(work, id).await?, &[LoanListState::Draft, LoanListState::Returned])?;
            let lines = store::lines_within(work, id).await?;
            if lines.is_empty() {
                return Err(Invalid::one("", "list_is_empty").into());
            }
            for line in &lines {
                let content = content(work, line.case_id).await?;
                store::keep_content(work, line.case_id, line.id, &content).await?;
            }
            work.set(
                "state = 'signed', number = ?, signed_by = ?, signed_at = ?",
                crate::args![number.as_str(), by, now],
            )
            .await?;
            work.detail(format!("{} lines", lines.len()));
            Ok(())
        })
        .await
}

/// The People's Committee confirms a list, all of it or without some lines, or returns it with a word.
///
/// # Errors
/// [`Refused::Invalid`]: see [`DecideDraft::check`]; it does not wait for the People's Committee; a line of another list;
/// none would be left. [`Fault::Stale`]: changed meanwhile.
pub async fn decide(
    store: &Store,
    grant: Grant<ConfirmLoanList>,
    draft: &DecideDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let decision = draft.check()?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            in_state(store::state(work, id).await?, &[LoanListState::Signed])?;
            if decision.confirmed {
                for line in &decision.struck {
                    if !store::strike(work, id, *line, by).await? {
                        return Err(Invalid::one("struck", "no_such_line").into());
                    }
                }
                if store::lines_within(work, id).await?.is_empty() {
                    return Err(Invalid::one("struck", "list_is_empty").into());
                }
            }
            let state = if decision.confirmed { LoanListState::Confirmed } else { LoanListState::Returned };
            let comment = work.store().note_sealer()?;
            let comment = comment.text_opt::<crate::base::fields::LoanListComment>(id, decision.comment.as_deref())?;
            work.set(
                "state = ?, comment = ?, decided_by = ?, decided_at = ?",
                crate::args![state.as_str(), comment, by, now],
            )
            .await?;
            work.detail(format!("{state}, {} struck", decision.struck.len()));
            Ok(())
        })
        .await
}

/// Sends a confirmed list to the lender: from now on it has its lines.
///
/// # Errors
/// [`Refused::Invalid`]: it is not confirmed. [`Fault::Stale`]: changed meanwhile.
pub async fn send(store: &Store, grant: Grant<SendLoanList>, version: Option<i64>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            in_state(store::state(work, id).await?, &[LoanListState::Confirmed])?;
            work.set("state = 'sent', sent_by = ?, sent_at = ?", crate::args![by, now]).await?;
            Ok(())
        })
        .await
}

fn in_state(state: LoanListState, wanted: &[LoanListState]) -> Result<(), Invalid> {
    if wanted.contains(&state) { Ok(()) } else { Err(Invalid::one("", "list_stands_elsewhere")) }
}

/// Confirmed lines that were sent to the asker, oldest first: those that wait for an answer, or the others.
pub async fn lines(
    store: &Store,
    scope: &Scope<ListLoanLines>,
    waiting: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<LineRow>, Fault> {
    store::sent_lines(store, scope, waiting, ask).await
}

/// How many of them.
pub async fn count_lines(store: &Store, scope: &Scope<ListLoanLines>) -> Result<i64, Fault> {
    store::count_lines(store, scope).await
}

/// One line. That it was looked at is written down first.
pub async fn line(store: &Store, grant: &Grant<SeeLoanLine>) -> Result<LineRow, Fault> {
    let line = store::line(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    store.note_opening(grant, Some(line.case_id), &["loan"]).await?;
    Ok(line)
}

/// Writes down what the lender said. A loan that was paid out is an account of the lender's and stands in the ledger of help.
/// When the last line is answered, the list is.
///
/// # Errors
/// [`Refused::Invalid`]: see [`AnswerDraft::check`]; the line was not sent, or is answered. [`Fault::Stale`]: changed meanwhile.
pub async fn answer(
    store: &Store,
    grant: Grant<AnswerLoanLine>,
    draft: &AnswerDraft,
    version: Option<i64>,
) -> Result<LoanListId, Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let line = store::find_line(work, id).await?;
            work.lock::<subjects::LoanList>(&line.list_id).await?;
            if !line.waits_for_answer() {
                return Err(Invalid::one("", "line_waits_for_nothing").into());
            }
            let new = draft.check(line.vnd, work.today())?;
            let note = work.sealer_of(line.case_id).await?;
            let note = note.text_opt::<crate::base::fields::LoanAnswerNote>(id, new.note.as_deref())?;
            work.set(
                "answer = ?, answered_on = ?, answered_by = ?, answer_note = ?",
                crate::args![new.answer.as_str(), new.on, by, note],
            )
            .await?;
            if new.answer == LoanAnswer::Granted {
                store::insert_account(work, &line, &new).await?;
                if line.carried_at.is_some() {
                    // Hers and the lender's: nothing of it stands in the record that goes on.
                    store::part_from(work, line.case_id).await?;
                } else {
                    let what = line.what.text().to_owned();
                    livelihood::lent(work, line.case_id, line.fund_id, what, new.vnd, new.on, by).await?;
                }
            }
            store::close_answered(work, line.list_id, now).await?;
            work.detail(format!("{} of {}", new.answer, line.list_id));
            Ok(line.list_id)
        })
        .await
}
