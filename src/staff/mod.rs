//! Accounts: who may sign in, as what, and how sign-in goes.

pub mod api;
pub mod codes;
pub mod factors;
pub mod model;
pub mod passkeys;
pub mod secret;
pub mod sign_in;
mod store;
mod throttle;
pub mod web;

use crate::{
    app::{App, Refused},
    base::{
        ids::{Id, UserId},
        lang::Lang,
        refusal::Invalid,
    },
    mails::{self, Letter},
    policy::{
        Actor, AreaCode, Role,
        acts::{AddStaff, EditStaff, ListColleagues, ListStaff, RunJobs},
    },
    store::{Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit, Work},
};
use model::{Colleague, Draft, Line};

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
    let place = crate::areas::name(app.store(), &grant.id()).await?;
    let new = draft.check(&place, app.settings().sign_in.password_classes, demo)?;
    let hash = app.passwords().hash(new.password.clone()).await?;
    app.store()
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(UserId::from_uuid(id));
            }
            let area = work.id();
            if !fits(new.role, &area) {
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
            if demo && new.role.always_needs_factor() {
                factors::give_demo(work, id).await?;
            }
            work.detail(format!("staff {id} {}", new.role.as_str()));
            if new.role == Role::Supervisor {
                crate::restrictions::pass_on(work, &area).await?;
            }
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

/// Shuts an account: its sessions end at once, and the cases of an officer become unassigned, never silently hers. Of a
/// head, the lists of those who alone may know a person pass on to the heads who remain.
///
/// # Errors
/// [`Refused::Invalid`]: one's own account; `restricted_without_head`: those who remain are excluded from a person by name.
pub async fn disable(store: &Store, grant: Grant<EditStaff>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            let (id, now) = (work.id(), work.now());
            if work.grant().actor().user() == Some(id) {
                return Err(Invalid::one("", "not_yourself").into());
            }
            if store::is_last_admin(work, id).await? {
                return Err(Invalid::one("", "last_admin").into());
            }
            work.set("disabled_at = ?", crate::args![now]).await?;
            work.end_sessions(id, None).await?;
            let by = work.grant().actor().user();
            crate::handovers::take_back_from(work, id, by).await?;
            let cases = crate::assignments::end_all_of(work, id).await?;
            let lists = pass_on_after(work, id).await?;
            work.detail(format!("{cases} cases unassigned, {lists} restrictions passed on"));
            Ok(())
        })
        .await
}

/// Opens a shut account again. Its cases stay with whoever has them now.
pub async fn enable(store: &Store, grant: Grant<EditStaff>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            // Counted from today, so that the next night does not find it dormant again.
            let now = work.now();
            work.set("disabled_at = null, used_at = ?", crate::args![now]).await?;
            let id = work.id();
            pass_on_after(work, id).await?;
            Ok(())
        })
        .await
}

/// An account of a head was shut or opened: what that does to restricted people.
async fn pass_on_after(unit: &mut Unit, user: UserId) -> Result<usize, Refused> {
    match store::role_and_area(unit, user).await? {
        (Role::Supervisor, area) => crate::restrictions::pass_on(unit, &area).await,
        _ => Ok(0),
    }
}

/// Gives an account another role; its sessions end, so that nobody goes on with what she may not do any more. An officer's
/// cases become unassigned.
///
/// # Errors
/// [`Refused::Invalid`]: `not_yourself`; an unknown role; a place or an organisation that does not fit the role.
pub async fn change_role(app: &App, grant: Grant<EditStaff>, role: &str) -> Result<(), Refused> {
    let role: Role = role.parse().map_err(|_| Invalid::one("role", "unknown_role"))?;
    app.store()
        .write(grant, async |work| {
            let id = work.id();
            not_oneself(work)?;
            let was = store::account(work, id).await?.ok_or(Fault::Moved)?;
            if role == Role::System || !fits(role, &was.area_code) {
                return Err(Invalid::one("role", "not_a_commune").into());
            }
            if (role == Role::Partner) != was.organisation_id.is_some() {
                return Err(Invalid::one("role", "partners_have_one").into());
            }
            work.set("role = ?", crate::args![role.as_str()]).await?;
            work.end_sessions(id, None).await?;
            let cases = if was.role == Role::Officer && role != Role::Officer {
                let by = work.grant().actor().user();
                crate::handovers::take_back_from(work, id, by).await?;
                crate::assignments::end_all_of(work, id).await?
            } else {
                0
            };
            if was.role == Role::Supervisor || role == Role::Supervisor {
                crate::restrictions::pass_on(work, &was.area_code).await?;
            }
            tell(app, work, id, "role-changed").await?;
            work.detail(format!("role {} to {}, {cases} cases unassigned", was.role.as_str(), role.as_str()));
            Ok(())
        })
        .await
}

/// A reset that was begun: the one-time link, told to whoever began it only where no mail can tell it to its holder.
#[derive(Clone, Debug)]
pub struct Begun {
    pub link: Option<String>,
}

/// Begins the setting of a new password by its holder: a link for one use within half an hour, by mail; told here only
/// where the account has no mail address, to be handed over in person. Nobody but its holder sees or picks the password.
/// The second factor stays; sessions end; what too many tries have shut is open again.
///
/// # Errors
/// [`Refused::Invalid`] `not_yourself`.
pub async fn begin_reset(app: &App, grant: Grant<EditStaff>) -> Result<Begun, Refused> {
    app.store()
        .write(grant, async |work| {
            let id = work.id();
            not_oneself(work)?;
            let account = store::account(work, id).await?.ok_or(Fault::Moved)?;
            let by = work.grant().actor().user();
            let token = sign_in::open_reset(work, id, by).await?;
            sign_in::forget_tries(work, &account.username).await?;
            work.end_sessions(id, None).await?;
            let link = format!("{}/reset?code={token}", app.settings().public_url);
            work.detail("link for a new password".to_owned());
            match account.email {
                Some(_) => {
                    tell_with(app, work, id, "reset", &link).await?;
                    Ok(Begun { link: None })
                }
                None => Ok(Begun { link: Some(link) }),
            }
        })
        .await
}

/// Takes the second factor of an account away, for whoever has lost it; she sets up a new one at the next sign-in. The
/// password stays; sessions end; she is told by mail.
///
/// # Errors
/// [`Refused::Invalid`] `not_yourself`.
pub async fn reset_factor(app: &App, grant: Grant<EditStaff>) -> Result<(), Refused> {
    app.store()
        .write(grant, async |work| {
            let id = work.id();
            not_oneself(work)?;
            let account = store::account(work, id).await?.ok_or(Fault::Moved)?;
            let gone = factors::forget(work, id).await?;
            sign_in::forget_tries(work, &account.username).await?;
            sign_in::forget_devices(work, id).await?;
            work.end_sessions(id, None).await?;
            tell(app, work, id, "factor-reset").await?;
            work.detail(format!("{gone} second factors taken away"));
            Ok(())
        })
        .await
}

/// Ends every session of an account.
pub async fn end_sessions(store: &Store, grant: Grant<EditStaff>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            let id = work.id();
            let ended = work.end_sessions(id, None).await?;
            work.detail(format!("{ended} sessions ended"));
            Ok(())
        })
        .await
}

/// An account as its administrator sees it: the account, what it has as a second factor, its live sessions.
pub async fn account(
    app: &App,
    grant: &Grant<EditStaff>,
) -> Result<(Line, factors::Held, Vec<sign_in::Session>), Fault> {
    let line = store::line(app.store(), grant).await?.ok_or(Fault::Moved)?;
    let held = factors::held(app.store(), line.id).await?;
    let sessions = sign_in::sessions(app.store(), line.id, &app.settings().sign_in).await?;
    Ok((line, held, sessions))
}

/// Shuts the accounts that nobody has signed in to for so many days (45 unless told); officers' cases become unassigned.
/// The last admin's account stays open, and the demo's are left alone. Gives how many were shut.
pub(crate) async fn shut_dormant(unit: &mut Unit, days: i64) -> Result<u64, Fault> {
    let mut shut = 0;
    for id in store::dormant(unit, unit.now().plus(-days * 86_400)).await? {
        if !store::shut(unit, id).await? {
            continue;
        }
        match pass_on_after(unit, id).await {
            Ok(_lists) => {}
            // A head without whom nobody could see a restricted person stays.
            Err(Refused::Invalid(_)) => {
                store::open_again(unit, id).await?;
                continue;
            }
            Err(Refused::Fault(fault)) => return Err(fault),
        }
        unit.end_sessions(id, None).await?;
        crate::handovers::take_back_from(unit, id, None).await?;
        crate::assignments::end_all_of(unit, id).await?;
        unit.note_own(id, "staff.dormant", &format!("{days} days")).await?;
        shut += 1;
    }
    Ok(shut)
}

fn not_oneself(work: &Work<EditStaff>) -> Result<(), Invalid> {
    if work.grant().actor().user() == Some(work.id()) { Err(Invalid::one("", "not_yourself")) } else { Ok(()) }
}

/// Tells the holder of an account by mail what happened to it, if there is an address.
pub(crate) async fn tell(app: &App, unit: &mut Unit, user: UserId, what: &str) -> Result<(), Fault> {
    tell_with(app, unit, user, what, "").await
}

async fn tell_with(app: &App, unit: &mut Unit, user: UserId, what: &str, link: &str) -> Result<(), Fault> {
    let Some(account) = store::account(unit, user).await? else { return Ok(()) };
    let Some(address) = account.email else { return Ok(()) };
    let letter = Letter {
        subject: account.lang.say(&format!("staff-mail-{what}")),
        body: account.lang.with(&format!("staff-mail-{what}-body"), &[("x", link.to_owned().into())]),
    };
    mails::put(unit, &app.settings().public_url, user, &address, &letter).await?;
    Ok(())
}

/// What [`add`] would refuse whatever the password is, told before one is thought of. Changes nothing.
///
/// # Errors
/// As [`add`], but for the password and the organisation's place.
pub async fn check_new(app: &App, grant: &Grant<AddStaff>, draft: &Draft) -> Result<(), Refused> {
    let place = crate::areas::name(app.store(), &grant.id()).await?;
    let mut refused = draft.check(&place, 1, false).err().unwrap_or_default();
    refused.0.retain(|refusal| refusal.field != "password");
    if !refused.0.is_empty() {
        return Err(refused.into());
    }
    if draft.role.parse().is_ok_and(|role| !fits(role, &grant.id())) {
        return Err(Invalid::one("area", "not_a_commune").into());
    }
    if app.store().sign_in_account(draft.username.trim()).await?.is_some() {
        return Err(Invalid::one("username", "taken").into());
    }
    Ok(())
}

/// Which roles work in a commune, and nowhere else.
fn fits(role: Role, area: &AreaCode) -> bool {
    let of_a_commune = matches!(role, Role::Officer | Role::Supervisor | Role::Council | Role::Partner | Role::Lender);
    !of_a_commune || area.0.len() == 5
}

/// Gives every account of the demo one password, of any length: these accounts sign in on loopback only. Their sessions end.
pub(crate) async fn renew_demo(app: &App, scope: Scope<RunJobs>, password: &str) -> Result<(), Fault> {
    let hash = app.passwords().hash(secret::as_hashed(password)).await?;
    app.store()
        .sweep(scope, async |work| {
            let accounts = store::renew_demo(work, &hash).await?;
            work.detail(format!("password of {accounts} demo accounts"));
            Ok(())
        })
        .await
}

/// Changes the language of one's own pages.
pub async fn change_language(store: &Store, actor: &Actor, lang: Lang) -> Result<(), Fault> {
    match actor.user() {
        Some(user) => store.set_own_language(user, lang).await,
        None => Ok(()),
    }
}
