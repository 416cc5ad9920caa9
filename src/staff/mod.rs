//! Accounts: who may sign in, as what, and how sign-in goes.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::{App, Refused},
    base::{
        ids::{Id, UserId},
        lang::Lang,
        refusal::Invalid,
    },
    policy::{
        Actor, Role,
        acts::{AddStaff, EditStaff, ListColleagues, ListStaff, RunJobs},
    },
    store::{Fault, Grant, Key, NewSession, Page, PageAsk, Scope, SessionKind, Store},
};
use model::{Colleague, Draft, Line};
use std::sync::Arc;

/// Makes an account in an area. Its first password must be changed at the first sign-in.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; `username`: taken; `organisation`: not of this area.
pub async fn add(
    app: &App,
    grant: Grant<AddStaff>,
    draft: &Draft,
    demo: bool,
    key: Option<Key>,
) -> Result<UserId, Refused> {
    let new = draft.check()?;
    let hash = app.passwords().hash(new.password.clone()).await?;
    app.store()
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(UserId::from_uuid(id));
            }
            let area = work.id();
            let of_a_commune =
                matches!(new.role, Role::Officer | Role::Supervisor | Role::Council | Role::Partner | Role::Lender);
            if of_a_commune && area.0.len() != 5 {
                return Err(Invalid::one("area", "not_a_commune").into());
            }
            if store::username_is_taken(work, &new.username).await? {
                return Err(Invalid::one("username", "taken").into());
            }
            if let Some(organisation) = new.organisation
                && !store::organisation_is_of(work, organisation, &area).await?
            {
                return Err(Invalid::one("organisation", "not_of_this_commune").into());
            }
            let id = store::insert(work, &area, &new, &hash, demo).await?;
            work.detail(format!("staff {id} {}", new.role.as_str()));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Accounts within the asker's scope, by name.
pub async fn list(store: &Store, scope: &Scope<ListStaff>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// Active officers and helpers of one's own commune, by name.
pub async fn colleagues(store: &Store, scope: &Scope<ListColleagues>, roles: &[Role]) -> Result<Vec<Colleague>, Fault> {
    Ok(store::colleagues(store, scope).await?.into_iter().filter(|one| roles.contains(&one.role)).collect())
}

/// Shuts an account: its sessions end at once, and the cases of an officer become unassigned, never silently hers.
pub async fn disable(store: &Store, grant: Grant<EditStaff>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            let (id, now) = (work.id(), work.now());
            if work.grant().actor().user() == Some(id) {
                return Err(Invalid::one("", "not_yourself").into());
            }
            work.set("disabled_at = ?", crate::args![now]).await?;
            store::end_sessions(work, id).await?;
            let cases = crate::assignments::end_all_of(work, id).await?;
            work.detail(format!("{cases} cases unassigned"));
            Ok(())
        })
        .await
}

/// Opens a shut account again. Its cases stay with whoever has them now.
pub async fn enable(store: &Store, grant: Grant<EditStaff>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.set("disabled_at = null", vec![]).await?;
            Ok(())
        })
        .await
}

/// Gives an account a first password again; it must be changed at the next sign-in, and its sessions end.
pub async fn reset_password(app: &App, grant: Grant<EditStaff>, password: &str) -> Result<(), Refused> {
    let password = model::password(password, "").map_err(|code| Invalid::one("password", code))?;
    let hash = app.passwords().hash(password).await?;
    app.store()
        .write(grant, async |work| {
            let id = work.id();
            work.set("password = ?, must_change = ?", crate::args![hash, true]).await?;
            store::end_sessions(work, id).await?;
            Ok(())
        })
        .await
}

/// Gives every account of the demo one password, of any length: these accounts sign in on loopback only. Their sessions end.
pub(crate) async fn renew_demo(app: &App, scope: Scope<RunJobs>, password: &str) -> Result<(), Fault> {
    let hash = app.passwords().hash(model::as_hashed(password)).await?;
    app.store()
        .sweep(scope, async |work| {
            let accounts = store::renew_demo(work, &hash).await?;
            work.detail(format!("password of {accounts} demo accounts"));
            Ok(())
        })
        .await
}

/// Checks name and password and makes a session. The same answer and the same time for an unknown name.
///
/// # Errors
/// [`Refused::Invalid`] `wrong_sign_in`, whatever it was that did not fit.
pub async fn sign_in(
    app: &App,
    username: &str,
    password: &str,
    kind: SessionKind,
    from_loopback: bool,
) -> Result<(NewSession, UserId), Refused> {
    let wrong = || Refused::Invalid(Invalid::one("", "wrong_sign_in"));
    // A name that no account can have is not looked up; the answer takes as long.
    let account = match model::username(username) {
        Ok(username) => app.store().sign_in_account(&username).await?,
        Err(_) => None,
    };
    let hash = account.as_ref().map(|account| account.password.clone());
    let right = app.passwords().verify(model::as_hashed(password), hash).await?;
    let named = account.as_ref().map(|account| account.id);
    // The demo's accounts share a printed password: they work on this machine only.
    let fits =
        |account: &crate::store::SignIn| right && account.disabled_at.is_none() && (!account.demo || from_loopback);
    let Some(account) = account.filter(fits) else {
        app.store().note_failed_sign_in(named);
        return Err(wrong());
    };
    Ok((app.store().start_session(account.id, kind).await?, account.id))
}

/// Signs in for one command of the command line: nobody reads cases by having a shell. The session ends with the command's
/// own last word ([`Store::end_session`]); the audit names the user.
///
/// # Errors
/// [`Refused::Invalid`] `wrong_sign_in`; `must_change_first` while the first password is still in use.
pub async fn act_as(app: &App, username: &str, password: &str) -> Result<Arc<Actor>, Refused> {
    let (session, _user) = sign_in(app, username, password, SessionKind::Bearer, true).await?;
    let visitor = app.store().enter(&session.token, SessionKind::Bearer).await?;
    app.store().end_session(&session.token).await?;
    let visitor = visitor.ok_or(Fault::Moved)?;
    if visitor.must_change {
        return Err(Invalid::one("", "must_change_first").into());
    }
    Ok(visitor.actor)
}

/// Whoever holds this session proves again who she is, before a grave act. The session goes on under a new token.
///
/// # Errors
/// [`Refused::Invalid`]: the password is wrong.
pub async fn confirm(app: &App, actor: &Actor, token: &str, password: &str) -> Result<String, Refused> {
    let account = app.store().sign_in_account(actor.username()).await?.ok_or(Fault::Moved)?;
    if !app.passwords().verify(model::as_hashed(password), Some(account.password)).await? {
        return Err(Invalid::one("password", "wrong_password").into());
    }
    Ok(app.store().prove_again(token).await?.ok_or(Fault::Moved)?)
}

/// Changes one's own password; every session of the account ends, also this one.
///
/// # Errors
/// [`Refused::Invalid`]: the present password is wrong; the new one is too short or the same.
pub async fn change_password(app: &App, actor: &Actor, present: &str, fresh: &str) -> Result<(), Refused> {
    let user = actor.user().ok_or(Fault::Inconsistent("a job has no password"))?;
    let fresh = model::password(fresh, actor.username()).map_err(|code| Invalid::one("fresh", code))?;
    let account = app.store().sign_in_account(actor.username()).await?.ok_or(Fault::Moved)?;
    if !app.passwords().verify(model::as_hashed(present), Some(account.password)).await? {
        return Err(Invalid::one("present", "wrong_password").into());
    }
    if model::as_hashed(present) == fresh {
        return Err(Invalid::one("fresh", "same_password").into());
    }
    let hash = app.passwords().hash(fresh).await?;
    Ok(app.store().set_own_password(user, &hash).await?)
}

/// Changes the language of one's own pages.
pub async fn change_language(store: &Store, actor: &Actor, lang: Lang) -> Result<(), Fault> {
    match actor.user() {
        Some(user) => store.set_own_language(user, lang).await,
        None => Ok(()),
    }
}
