//! What is printed of a gathering: letters of invitation, and the minutes.
//!
//! A letter goes to a home. It says that somebody is asked to a meeting, where and when, and not why: neither its title nor
//! its kind stands on it.

use super::{body, owes, seen, title, when};
use crate::{
    app::App,
    base::sealed::SealedText as _,
    gatherings::{
        self, Whole,
        model::{GuestRow, PartyRow, Row, opinions::OpinionRow},
    },
    http::{At, Html, Oops, Page},
    policy::acts::{ChangeGathering, SeeGathering, SeeMinutes},
    store::Grant,
};
use askama::Template;

#[derive(Template)]
#[template(path = "gatherings/letters.html")]
pub struct LettersPage {
    page: Page,
    row: Row,
    /// To whom: one letter for each.
    names: Vec<String>,
}

impl LettersPage {
    fn when(&self) -> String {
        when(&self.page, &self.row)
    }

    fn place(&self) -> String {
        self.row.place.told()
    }
}

/// A letter for everybody who is asked and whom the reader may know.
pub async fn letters(app: App, at: At, grant: Grant<ChangeGathering>) -> Result<Html<LettersPage>, Oops> {
    let Whole { row, guests, parties, .. } = gatherings::one(app.store(), &seen(&app, &grant)?).await?;
    let page = Page::of(&app, grant.actor(), &at);
    let bodies = parties.iter().map(|party| body(&page, party.name_vi.as_deref(), party.name_en.as_deref()));
    let names = guests.iter().map(|guest| guest.who().to_owned()).chain(bodies).collect();
    Ok(Html(LettersPage { page, row, names }))
}

#[derive(Template)]
#[template(path = "gatherings/print.html")]
pub struct MinutesPage {
    page: Page,
    row: Row,
    guests: Vec<GuestRow>,
    parties: Vec<PartyRow>,
    opinions: Vec<OpinionRow>,
    came: i64,
}

impl MinutesPage {
    fn title(&self) -> String {
        title(&self.page, &self.row)
    }

    fn when(&self) -> String {
        when(&self.page, &self.row)
    }

    fn body(&self, party: &PartyRow) -> String {
        body(&self.page, party.name_vi.as_deref(), party.name_en.as_deref())
    }

    fn owes(&self, opinion: &OpinionRow) -> String {
        owes(&self.page, opinion)
    }
}

/// The minutes as a paper.
pub async fn print(app: App, at: At, grant: Grant<SeeMinutes>) -> Result<Html<MinutesPage>, Oops> {
    let see = app.store().also::<SeeMinutes, SeeGathering>(&grant).ok_or(Oops::Unknown)?;
    let whole = gatherings::one(app.store(), &see).await?;
    let came = whole.came();
    let Whole { row, guests, parties, opinions, .. } = whole;
    let page = Page::of(&app, see.actor(), &at);
    Ok(Html(MinutesPage { page, row, guests, parties, opinions, came }))
}
