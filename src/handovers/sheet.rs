//! The one-page sheet, read under a grant for the handover or within the unit of work that accepts it.

use super::{
    model::{Sheet, SheetDue, SheetHelp, SheetHelper, SheetStep},
    store,
};
use crate::{
    base::{
        ids::HandoverId,
        sealed::{SealedDay as _, SealedText as _},
        time::Day,
    },
    store::{Fault, Reads},
};

/// What the sheet of this handover says now.
pub async fn of(from: &mut impl Reads, id: HandoverId) -> Result<Sheet, Fault> {
    let today = from.today();
    let head = store::head(from, id).await?;
    let due = store::due(from, id).await?;
    let helps = store::helps(from, id).await?;
    let steps = store::steps(from, id).await?;
    let helpers = store::helpers(from, id).await?;
    let missing = |there: bool, key: &str| (!there).then(|| format!("handovers-paper-{key}"));
    let papers = [
        Some(head.id_kind.map_or_else(|| "handovers-paper-identity-unknown".to_owned(), |kind| kind.key().to_owned())),
        missing(!head.has_sheet() || head.pledged_on.is_some(), "pledge-missing"),
        missing(!head.has_sheet() || head.sheet_on.is_some(), "sheet-missing"),
    ];
    Ok(Sheet {
        on: Day(today),
        name: head.name,
        code: head.code,
        birth_year: head.birth_year,
        status: head.status.key().to_owned(),
        opened_on: head.opened_on,
        received_on: head.received_on.day(),
        place: crate::areas::model::full_name(&head.area_kind, &head.area_name),
        hamlet: head.hamlet.unwrap_or_default(),
        officer: head.officer.unwrap_or_default(),
        phone: head.phone.told().unwrap_or_default(),
        phone_of: head.phone_of.told(),
        address: head.address.told(),
        wishes: head.wishes.told(),
        visit_safely: head.visit_safely.told(),
        last_contact_on: head.last_contact_on,
        papers: papers.into_iter().flatten().collect(),
        due: due
            .into_iter()
            .map(|row| SheetDue { kind: row.kind, what: row.what.told().unwrap_or_default(), due_on: row.due_on })
            .collect(),
        helps: helps
            .into_iter()
            .map(|row| SheetHelp {
                kind: row.kind,
                state: row.state,
                what: row.what.told(),
                vnd: row.vnd,
                organisation: row.organisation.unwrap_or_default(),
            })
            .collect(),
        steps: steps.into_iter().map(|row| SheetStep { what: row.what.told(), due_on: row.due_on }).collect(),
        helpers: helpers
            .into_iter()
            .map(|(organisation, purpose, names)| SheetHelper { organisation, purpose, names })
            .collect(),
    })
}

impl Sheet {
    /// As it is kept.
    pub(super) fn kept(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|_| Fault::Inconsistent("a sheet that cannot be written"))
    }
}
