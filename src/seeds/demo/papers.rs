//! Papers and files of the demo story.

use super::{
    Story,
    rows::{self, Step, offset},
};
use crate::{
    app::Refused,
    attachments,
    base::text,
    documents, duties,
    policy::acts::{AddAttachment, IssueAreaDocument, IssueDocument, PrintDocument, PrintLoanList, SeeDocument},
    reports,
    store::Fault,
};

impl Story<'_> {
    pub(super) async fn papers(&mut self, step: &Step) -> Result<(), Refused> {
        match step.what.as_str() {
            "paper" => self.paper(step).await,
            "list_paper" => self.list_paper(step).await,
            "round_paper" => self.round_paper(step).await,
            "report_paper" => self.report_paper(step).await,
            _ => self.file(step).await,
        }
    }

    /// `a`: the kind · `b`: to whom, or who helps · `note`: what was spoken of, found, or agreed. Printed at once.
    async fn paper(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = documents::model::Draft {
            kind: step.a.clone(),
            recipient: step.b.clone(),
            helper: step.b.clone(),
            reason: step.note.clone(),
            content: step.note.clone(),
            tasks: step.note.clone(),
            circumstances: step.note.clone(),
            ..Default::default()
        };
        let (kind, typed, _) = draft.check()?;
        let grant = self.grant::<IssueDocument>(step).await?;
        let prepared = documents::from_case(self.store, &grant, kind, typed).await?;
        let id = documents::issue(self.store, grant, &prepared, None, None).await?;
        let print = self.store.permit::<PrintDocument>(self.actor(&step.who)?, id).await?;
        documents::print(self.store, print, None).await?;
        Ok(())
    }

    /// `a`: the fund.
    async fn list_paper(&mut self, step: &Step) -> Result<(), Refused> {
        let list = *self.last_list.get(&step.a).ok_or(Fault::Inconsistent("a list of the demo story"))?;
        let grant = self.store.permit::<PrintLoanList>(self.actor(&step.who)?, list).await?;
        let id = crate::loans::papers::issue(self.store, grant, None).await?;
        let see = self.store.permit::<SeeDocument>(self.actor(&step.who)?, id).await?;
        documents::read(self.store, &see).await?;
        Ok(())
    }

    /// Of the newest round that is written down.
    async fn round_paper(&mut self, step: &Step) -> Result<(), Refused> {
        duties::papers::issue(self.store, self.grant::<IssueDocument>(step).await?, "", None).await?;
        Ok(())
    }

    /// `a`: a day of the month that is reported on.
    async fn report_paper(&mut self, step: &Step) -> Result<(), Refused> {
        let actor = self.actor(&step.who)?;
        let query = reports::model::window::Query {
            period: "month".to_owned(),
            on: rows::typed_opt(self.today, offset(&step.a)?),
            ..Default::default()
        };
        let grant = self.store.permit::<IssueAreaDocument>(actor, actor.area().clone()).await?;
        reports::papers::issue(self.store, grant, &query, None).await?;
        Ok(())
    }

    /// `a`: what it is about · `b`: its name · `note`: a remark.
    async fn file(&mut self, step: &Step) -> Result<(), Refused> {
        let text = page(&text::fold(&step.note));
        let draft = attachments::model::Draft {
            kind: step.a.clone(),
            name: step.b.clone(),
            note: step.note.clone(),
            no_id_card: "true".to_owned(),
            file: text.into_bytes(),
        };
        attachments::add(self.store, self.grant::<AddAttachment>(step).await?, draft, None).await?;
        Ok(())
    }
}

/// A page with one line on it.
fn page(line: &str) -> String {
    let draw = format!("BT /F1 16 Tf 72 770 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{draw}\nendstream", draw.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(format!("{:010} 00000 n \n", file.len()));
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let table = file.len();
    file += &format!(
        "xref\n0 6\n0000000000 65535 f \n{}trailer << /Root 1 0 R /Size 6 >>\nstartxref\n{table}\n%%EOF\n",
        places.concat()
    );
    file
}
