//! Funds, loans and work of the demo story.

use super::{
    Story,
    rows::{self, Step, offset},
};
use crate::{
    app::Refused,
    base::words::FundKind,
    funds, livelihood,
    loans::{self, model},
    policy::acts::{
        AddFund, AnswerLoanLine, AskLoan, ChangeHelp, ConfirmLoanList, ListFunds, ListLoanAccounts, LogHelp,
        ReportLoan, SeeCase, SeeLoanLine, SendLoanList, SignLoanList,
    },
    store::{Fault, PageAsk},
};
use std::sync::Arc;

impl Story<'_> {
    pub(super) async fn money(&mut self, step: &Step) -> Result<(), Refused> {
        match step.what.as_str() {
            "fund" => self.fund(step).await,
            "loan" => self.loan(step).await,
            "list_signed" | "list_confirmed" | "list_sent" => self.list(step).await,
            "loan_answer" => self.loan_answer(step).await,
            "repaid" => self.repaid(step).await,
            "work" => self.work(step).await,
            _ => self.work_seen(step).await,
        }
    }

    /// `a`: by what the steps name it · `b`: the most · `c`: interest · `d`: months · `note`: its name · `shared`: its rules.
    async fn fund(&mut self, step: &Step) -> Result<(), Refused> {
        let actor = self.actor(&step.who)?;
        let draft = funds::model::Draft {
            kind: FundKind::Local.to_string(),
            name: step.note.clone(),
            most: step.b.clone(),
            rate: step.c.clone(),
            months: step.d.clone(),
            terms: step.shared.clone(),
            head_approves: "true".to_owned(),
            ..Default::default()
        };
        let grant = self.store.permit::<AddFund>(actor, actor.area().clone()).await?;
        let id = funds::add(self.store, grant, &draft, None).await?;
        self.funds.insert(step.a.clone(), id);
        Ok(())
    }

    /// `a`: the fund; `credit`: the state's · `b`: the sum · `c`: months · `d`: purpose · `note`: what for.
    async fn loan(&mut self, step: &Step) -> Result<(), Refused> {
        let fund = match self.funds.get(&step.a) {
            Some(fund) => *fund,
            None => {
                let scope = self.store.scope::<ListFunds>(self.actor(&step.who)?)?;
                let all = funds::giving(self.store, &scope).await?;
                let credit = all.iter().find(|fund| fund.kind == FundKind::PolicyCredit).map(|fund| fund.id);
                credit.ok_or(Fault::Inconsistent("a fund of the demo story"))?
            }
        };
        let draft = model::Draft {
            fund_id: fund.to_string(),
            purpose: step.d.clone(),
            vnd: step.b.clone(),
            months: step.c.clone(),
            what: step.note.clone(),
        };
        let line = loans::ask(self.store, self.grant::<AskLoan>(step).await?, &draft, None).await?;
        let see = self.store.permit::<SeeLoanLine>(self.actor(&step.who)?, line).await?;
        let list = loans::lists::line(self.store, &see).await?.list_id;
        self.last_line.insert(step.person.clone(), line);
        self.last_list.insert(step.a.clone(), list);
        Ok(())
    }

    /// `a`: the fund · `b`: the number.
    async fn list(&self, step: &Step) -> Result<(), Refused> {
        let list = *self.last_list.get(&step.a).ok_or(Fault::Inconsistent("a list of the demo story"))?;
        let actor = self.actor(&step.who)?;
        match step.what.as_str() {
            "list_signed" => {
                let draft = model::SignDraft { number: step.b.clone(), ..Default::default() };
                let grant = self.store.permit::<SignLoanList>(actor, list).await?;
                loans::lists::sign(self.store, grant, &draft, None).await
            }
            "list_confirmed" => {
                let draft = model::DecideDraft { verdict: "confirmed".to_owned(), ..Default::default() };
                let grant = self.store.permit::<ConfirmLoanList>(actor, list).await?;
                loans::lists::decide(self.store, grant, &draft, None).await
            }
            _ => {
                let grant = self.store.permit::<SendLoanList>(actor, list).await?;
                loans::lists::send(self.store, grant, None).await
            }
        }
    }

    /// `a`: granted or refused · `b`: what was lent · `c`: the day by which all is paid back · `note`: a word.
    async fn loan_answer(&self, step: &Step) -> Result<(), Refused> {
        let line = *self.last_line.get(&step.person).ok_or(Fault::Inconsistent("a line of the demo story"))?;
        let draft = model::AnswerDraft {
            answer: step.a.clone(),
            vnd: step.b.clone(),
            due_on: rows::typed_opt(self.today, offset(&step.c)?),
            note: step.note.clone(),
            ..Default::default()
        };
        let grant = self.store.permit::<AnswerLoanLine>(self.actor(&step.who)?, line).await?;
        loans::lists::answer(self.store, grant, &draft, None).await.map(|_list| ())
    }

    /// `a`: paid back this time · `b`: how it stands. Of the newest loan of the person.
    async fn repaid(&self, step: &Step) -> Result<(), Refused> {
        let scope = self.store.scope::<ListLoanAccounts>(self.actor(&step.who)?)?;
        let all = loans::accounts::list(self.store, &scope, &PageAsk { limit: 100, cursor: None }).await?;
        let see = self.store.permit::<SeeCase>(self.actor("supervisor")?, self.case(step)?).await?;
        let person = crate::cases::see_as(self.store, &see, crate::cases::View::Page, &[]).await?.row.person_id;
        let account = all.items.iter().find(|account| account.person_id == person);
        let account = account.ok_or(Fault::Inconsistent("a loan of the demo story"))?.id;
        let draft = model::ReportDraft { vnd: step.a.clone(), standing: step.b.clone(), ..Default::default() };
        let grant = self.store.permit::<ReportLoan>(self.actor(&step.who)?, account).await?;
        loans::accounts::report(self.store, grant, &draft, None).await
    }

    fn case(&self, step: &Step) -> Result<crate::base::ids::CaseId, Fault> {
        self.cases.get(&step.person).copied().ok_or(Fault::Inconsistent("a case of the demo story"))
    }

    /// `a`: where · `b`: the wage · `c`: the first day · `note`: what.
    async fn work(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = livelihood::model::Draft {
            kind: "job".to_owned(),
            what: step.note.clone(),
            state: "given".to_owned(),
            employer: step.a.clone(),
            wage: step.b.clone(),
            starts_on: rows::typed_opt(self.today, offset(&step.c)?),
            ..Default::default()
        };
        let id = livelihood::log(self.store, self.grant::<LogHelp>(step).await?, &draft, None).await?;
        self.last_help.insert(step.person.clone(), id);
        Ok(())
    }

    /// `a`: at work or not · `note`: a word. The first question that is open.
    async fn work_seen(&self, step: &Step) -> Result<(), Refused> {
        let id = *self.last_help.get(&step.person).ok_or(Fault::Inconsistent("a help of the demo story"))?;
        let all = livelihood::ledger(self.store, &self.grant::<SeeCase>(step).await?).await?;
        let open = all.iter().find(|entry| entry.row.id == id).into_iter().flat_map(|entry| &entry.checks);
        let check = open.into_iter().find(|check| check.at_work.is_none()).map(|check| check.id);
        let draft = livelihood::model::CheckDraft {
            check: check.ok_or(Fault::Inconsistent("no question of work is open"))?.to_string(),
            at_work: step.a.clone(),
            on: String::new(),
            note: step.note.clone(),
        };
        let grant = self.store.permit::<ChangeHelp>(&Arc::clone(self.actor(&step.who)?), id).await?;
        livelihood::check_work(self.store, grant, &draft).await
    }
}
