//! What a list of cases is narrowed to: as it stands in an address, what there is to choose from, and the filters that
//! somebody keeps. A kept filter has no name of its own, its conditions are its words: nothing is typed that could name
//! a person.

mod store;
pub mod web;

use super::model::{Filter, Sort};
use crate::{
    app::Refused,
    base::{
        ids::{HamletId, KeptFilterId, UserId},
        refusal::Invalid,
        words::CaseStatus,
    },
    policy::acts::ListCases,
    store::{Denied, Fault, Scope, Store},
};
use std::str::FromStr;

/// So many filters one may keep: more would be a list to search in.
const MOST: usize = 12;

/// A filter as it stands in an address.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct FilterQuery {
    pub status: String,
    pub mine: String,
    pub unassigned: String,
    pub hamlet: String,
    pub officer: String,
    pub sort: String,
    pub cursor: Option<String>,
}

impl FilterQuery {
    /// What it asks for.
    ///
    /// # Errors
    /// The name of the first word that cannot be read.
    pub fn filter(&self) -> Result<Filter, &'static str> {
        let yes = |typed: &str| typed == "true";
        Ok(Filter {
            status: read::<CaseStatus>(&self.status, "status")?,
            area: None,
            mine: yes(&self.mine),
            unassigned: yes(&self.unassigned),
            hamlet: read::<HamletId>(&self.hamlet, "hamlet")?,
            officer: read::<UserId>(&self.officer, "officer")?,
            sort: sort(&self.sort).ok_or("sort")?,
        })
    }

    /// Is it the list itself?
    pub fn is_plain(&self) -> bool {
        self.address().is_empty()
    }

    /// What stands behind `/cases?`, each filter in one way only; empty: no filter. All its words are our own or ids.
    pub fn address(&self) -> String {
        self.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// Its conditions, as the fields of a form.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let yes = |typed: &str| if typed == "true" { "true" } else { "" };
        let pairs = [
            ("status", self.status.as_str()),
            ("mine", yes(&self.mine)),
            ("unassigned", yes(&self.unassigned)),
            ("hamlet", self.hamlet.as_str()),
            ("officer", self.officer.as_str()),
            ("sort", if self.sort == "name" { "" } else { self.sort.as_str() }),
        ];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The filter behind such an address; what it does not know is left out.
    fn of(address: &str) -> FilterQuery {
        let mut query = FilterQuery::default();
        for (name, value) in address.split('&').filter_map(|pair| pair.split_once('=')) {
            let place = match name {
                "status" => &mut query.status,
                "mine" => &mut query.mine,
                "unassigned" => &mut query.unassigned,
                "hamlet" => &mut query.hamlet,
                "officer" => &mut query.officer,
                "sort" => &mut query.sort,
                _ => continue,
            };
            value.clone_into(place);
        }
        query
    }
}

fn sort(typed: &str) -> Option<Sort> {
    match typed {
        "" | "name" => Some(Sort::Name),
        "opened" => Some(Sort::Opened),
        _ => None,
    }
}

/// Nothing typed is no condition.
fn read<T: FromStr>(typed: &str, name: &'static str) -> Result<Option<T>, &'static str> {
    if typed.is_empty() { Ok(None) } else { typed.parse().map(Some).map_err(|_| name) }
}

/// The hamlets and officers of the cases that the reader's list holds, by name.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub hamlets: Vec<(HamletId, String)>,
    pub officers: Vec<(UserId, String)>,
}

/// What the list can be narrowed to.
pub async fn choices(store: &Store, scope: &Scope<ListCases>) -> Result<Choices, Fault> {
    let mut choices = Choices::default();
    for place in store::places(store, scope).await? {
        if let Some(hamlet) = place.hamlet_id.zip(place.hamlet).filter(|one| !choices.hamlets.contains(one)) {
            choices.hamlets.push(hamlet);
        }
        if let Some(officer) = place.officer_id.zip(place.officer).filter(|one| !choices.officers.contains(one)) {
            choices.officers.push(officer);
        }
    }
    choices.officers.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(choices)
}

/// A filter that its reader keeps.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: KeptFilterId,
    pub query: FilterQuery,
}

/// One's own, oldest first.
pub async fn kept(store: &Store, scope: &Scope<ListCases>) -> Result<Vec<Kept>, Fault> {
    let Some(user) = scope.actor().user() else { return Ok(Vec::new()) };
    let rows = store::kept(store, user).await?;
    Ok(rows.into_iter().map(|(id, address)| Kept { id, query: FilterQuery::of(&address) }).collect())
}

/// Keeps a filter for next time; one that is kept already stays as it is.
///
/// # Errors
/// [`Refused::Invalid`] on `filter`: `empty`: the list itself is no filter; `too_many_filters`; a word that cannot be read.
pub async fn keep(store: &Store, scope: Scope<ListCases>, query: &FilterQuery) -> Result<(), Refused> {
    query.filter().map_err(|name| Invalid::one(name, "unknown"))?;
    let address = query.address();
    if address.is_empty() {
        return Err(Invalid::one("filter", "empty").into());
    }
    // A helper's list has no filter: none of its columns may come from a part that she does not see.
    if super::is_helper(store, scope.actor()) {
        return Err(Fault::Denied(Denied::Forbidden).into());
    }
    let user = scope.actor().user().ok_or(Fault::Inconsistent("a job keeps no filter"))?;
    store
        .sweep(scope, async |sweep| {
            let there = store::of_user(sweep, user).await?;
            if there.contains(&address) {
                return Ok(());
            }
            if there.len() >= MOST {
                return Err(Invalid::one("filter", "too_many_filters").into());
            }
            sweep.detail("filter kept".to_owned());
            store::insert(sweep, user, &address).await?;
            Ok(())
        })
        .await
}

/// Keeps one of one's own no longer; one that is not there is gone already.
pub async fn forget(store: &Store, scope: Scope<ListCases>, id: KeptFilterId) -> Result<(), Refused> {
    let user = scope.actor().user().ok_or(Fault::Inconsistent("a job keeps no filter"))?;
    store
        .sweep(scope, async |sweep| {
            sweep.detail("filter forgotten".to_owned());
            store::delete(sweep, user, id).await?;
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        let query =
            FilterQuery { status: "closed".into(), mine: "true".into(), sort: "name".into(), ..FilterQuery::default() };
        assert_eq!(query.address(), "status=closed&mine=true");
        assert_eq!(FilterQuery::of("status=closed&mine=true&made_up=1").address(), query.address());
        assert!(FilterQuery { cursor: Some("x".into()), ..FilterQuery::default() }.is_plain(), "a page is no filter");
        assert_eq!(FilterQuery { hamlet: "x' or 1=1".into(), ..query }.filter().unwrap_err(), "hamlet");
    }
}
