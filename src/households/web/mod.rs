//! Pages and forms of households, children and what they need.

mod children;
mod household;
mod needs;

pub use children::{
    add_child, change_child, child_consent, child_correction, child_ending, child_withdrawal, new_child,
};
pub use household::{
    add_household, change_household, household_consent, household_correction, household_ending, household_withdrawal,
    new_household,
};
pub use needs::{add_need, meet, new_need};

use super::{
    Home, Names,
    model::{ChildRow, CorrectionRow, HouseholdRow, Kin, NeedRow, Whose},
};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        ids::RelativeId,
        words::{AgreementHow, KinKind},
    },
    cases::{self, model::CaseRow},
    families::{self, model::RelativeRow},
    http::{At, Html, Oops, Page, Typed, go},
    policy::acts::{
        AddChild, AddHomeNeed, AddHousehold, ChangeChild, ChangeHousehold, MeetHomeNeed, SeeCase, SeeFamily,
    },
    store::{Grant, Store},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// How each of the family is called: relation and name.
pub(crate) fn names(relatives: &[RelativeRow], children: &[ChildRow]) -> Names {
    let relative =
        |one: &RelativeRow| (Kin::Relative(one.id), format!("{} ({})", one.name.text(), one.relation.text()));
    let child = |one: &ChildRow| (Kin::Child(one.id), one.name.told());
    relatives.iter().map(relative).chain(children.iter().map(child)).collect()
}

/// The choices of a form: `relative:<id>` and `child:<id>`, those for whom something may be written down.
pub(crate) fn choices(relatives: &[RelativeRow], children: &[ChildRow], names: &Names) -> Vec<(String, String)> {
    let there = |kin: Kin| names.get(&kin).map(|name| (kin.to_string(), name.clone()));
    let relatives = relatives.iter().filter(|one| one.ended_at.is_none() && one.withdrawn_at.is_none());
    let children = children.iter().filter(|one| one.ended_at.is_none() && one.withdrawn_at.is_none());
    let kin = relatives.map(|one| Kin::Relative(one.id)).chain(children.map(|one| Kin::Child(one.id)));
    kin.filter_map(there).collect()
}

/// For whom of the family a visit or a piece of help may be, as choices of a form: by name for whoever may see the family, for
/// a helper those who share with her, by relation or class. The opening is written down by the form.
pub(crate) async fn whom(store: &Store, page: &Page, see: &Grant<SeeCase>) -> Result<Vec<(String, String)>, Oops> {
    if let Some(grant) = store.also::<SeeCase, SeeFamily>(see) {
        let relatives = families::written_down(store, &grant).await?;
        let children = super::live_children(store, &grant).await?;
        return Ok(choices(&relatives, &children, &names(&relatives, &children)));
    }
    let (relatives, children) = super::shared_kin(store, see).await?;
    let relatives = relatives.into_iter().map(|one| (Kin::Relative(one.id).to_string(), one.relation.told()));
    let children = children.into_iter().map(|one| {
        let word = page.say(KinKind::Child.key());
        let called = one.grade.told().map_or_else(|| word.clone(), |grade| format!("{word}, {grade}"));
        (Kin::Child(one.id).to_string(), called)
    });
    Ok(relatives.chain(children).collect())
}

/// Everything that the pages of one family are made from.
struct Family {
    case: CaseRow,
    relatives: Vec<RelativeRow>,
    home: Home,
    names: Names,
}

/// Read as one opening of the family.
async fn family(store: &Store, grant: &Grant<SeeFamily>) -> Result<Family, Oops> {
    let see = store.also::<SeeFamily, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &["family"]).await?;
    let relatives = families::written_down(store, grant).await?;
    let home = super::written_down(store, grant).await?;
    let names = names(&relatives, &home.children);
    Ok(Family { case, relatives, home, names })
}

impl Family {
    /// Who may speak for others: relatives who are there and agree to be called.
    fn speakers(&self) -> Vec<(String, String)> {
        let there = self.relatives.iter().filter(|one| one.ended_at.is_none() && one.withdrawn_at.is_none());
        there.map(|one| (one.id.to_string(), format!("{} ({})", one.name.text(), one.relation.text()))).collect()
    }
}

#[derive(Template)]
#[template(path = "households/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    family: Family,
    may_add: bool,
    may_add_child: bool,
    may_add_need: bool,
    may_change: bool,
    may_change_child: bool,
    may_meet: bool,
    hows: Vec<(&'static str, String)>,
}

impl ListPage {
    fn name(&self, kin: Kin) -> String {
        self.family.names.get(&kin).cloned().unwrap_or_else(|| self.page.say(kin.kind().key()))
    }

    fn at(&self, at: &crate::base::time::At) -> String {
        self.page.instant(*at)
    }

    fn speaker(&self, speaker: &Option<RelativeId>) -> String {
        match speaker {
            Some(id) => self.name(Kin::Relative(*id)),
            None => self.family.case.name.clone(),
        }
    }

    fn place(&self, one: &HouseholdRow) -> String {
        let address = one.address.text().filter(|address| !address.is_empty());
        let parts: Vec<&str> = address.into_iter().chain(one.hamlet.as_deref()).collect();
        if parts.is_empty() { self.page.say("households-no-place") } else { parts.join(", ") }
    }

    fn members(&self, one: &HouseholdRow) -> String {
        let there = self.family.home.members.iter().filter(|member| member.household_id == one.id);
        let kin = there.filter_map(|member| Kin::of(member.relative_id, member.child_id));
        let person = one.with_person.then(|| self.family.case.name.clone());
        person.into_iter().chain(kin.map(|kin| self.name(kin))).collect::<Vec<_>>().join(", ")
    }

    /// In which class, at which school, born when.
    fn child(&self, one: &ChildRow) -> String {
        let page = &self.page;
        let born = one.born_year.text().map(|year| page.x("households-born", year));
        let parts = [born, one.grade.told(), one.school.told()];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// What was put right in the record of one, newest first.
    fn corrections(&self, whose: Whose) -> Vec<&CorrectionRow> {
        self.family.home.corrections.iter().filter(|row| row.whose() == Some(whose)).collect()
    }

    fn of_household(&self, one: &HouseholdRow) -> Vec<&CorrectionRow> {
        self.corrections(Whose::Household(one.id))
    }

    fn of_child(&self, one: &ChildRow) -> Vec<&CorrectionRow> {
        self.corrections(Whose::Kin(Kin::Child(one.id)))
    }

    /// A field of a correction, and what stood or stands in it.
    fn corrected(&self, row: &CorrectionRow) -> (String, String, String) {
        let page = &self.page;
        let key = match row.field.as_str() {
            "hamlet" => "cases-hamlet",
            "address" => "cases-address",
            "with_person" => "households-with-person",
            "speaker" => "households-speaker",
            "members" => "households-who",
            "name" => "households-child-name",
            "born_year" => "households-born-year",
            "school" => "households-school",
            "grade" => "households-grade",
            _ => "households-guardian",
        };
        let shown = |told: &str| match (row.field.as_str(), told) {
            ("with_person", told) => page.say(if told == "true" { "told-yes" } else { "told-no" }),
            ("speaker" | "guardian", "") => self.family.case.name.clone(),
            (_, "") => "–".to_owned(),
            _ => told.to_owned(),
        };
        (page.say(key), shown(row.before.text()), shown(row.after.text()))
    }

    fn whose(&self, need: &NeedRow) -> String {
        match need.whose() {
            Some(Whose::Kin(kin)) => self.name(kin),
            Some(Whose::Household(id)) => {
                let household = self.family.home.households.iter().find(|one| one.id == id);
                let place = household.map(|one| self.place(one)).unwrap_or_default();
                format!("{}: {place}", self.page.say("kin-kind-household"))
            }
            None => String::new(),
        }
    }
}

/// Households, children and their needs.
pub async fn list(app: App, at: At, grant: Grant<SeeFamily>) -> Result<Html<ListPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeFamily>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let family = family(store, grant).await?;
    let (live, actor) = (family.case.is_live(), grant.actor());
    let glass = grant.glass_until().is_some();
    let page = Page::of(app, actor, at);
    Ok(ListPage {
        may_add: live && store.may::<SeeFamily, AddHousehold>(grant),
        may_add_child: live && store.may::<SeeFamily, AddChild>(grant),
        may_add_need: live && store.may::<SeeFamily, AddHomeNeed>(grant),
        may_change: live && !glass && store.can::<ChangeHousehold>(actor),
        may_change_child: live && !glass && store.can::<ChangeChild>(actor),
        may_meet: live && !glass && store.can::<MeetHomeNeed>(actor),
        hows: AgreementHow::ALL.iter().map(|how| (how.as_str(), page.say(how.key()))).collect(),
        page,
        typed,
        family,
    })
}

/// Back to the page of the family: with thanks, or with what is wrong.
async fn after(
    app: &App,
    at: &At,
    family: Grant<SeeFamily>,
    typed: Typed,
    done: Result<(), Refused>,
    thanks: &str,
) -> Result<Response, Oops> {
    match done {
        Ok(()) => Ok(go(&format!("/cases/{}/households", family.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, family.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(app, at, &family, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn version(typed: &str) -> Result<Option<i64>, Oops> {
    typed.parse().map(Some).map_err(|_| Oops::NoVersion)
}
