//! The gate: the only file where a grant or a scope can be made.
//!
//! It stands inside `store` because Rust's privacy then lets the store alone open it (docs/decisions/0001).
//! Keep it small: whatever is in here can let anybody in.

use crate::policy::{Act, Actor, Matrix, Near, Reach, Subject, acts::ActInfo};
use std::{marker::PhantomData, sync::Arc};

/// Why there is no grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// It does not exist, or the asker may not see it: the same answer.
    #[error("not found")]
    Unknown,
    /// The asker may see it, and may not do this.
    #[error("forbidden")]
    Forbidden,
}

/// The policy in force: its version in the database, and its answers.
#[derive(Clone, Debug)]
pub struct InForce {
    pub(super) version: i64,
    pub(super) matrix: Arc<Matrix>,
}

/// Proof that this actor may do this act to this record. Used up by the verb that it is given to.
#[must_use]
#[derive(Debug)]
pub struct Grant<A: Act> {
    actor: Arc<Actor>,
    id: <A::On as Subject>::Id,
    standing: Reach,
    policy: InForce,
    act: PhantomData<A>,
}

/// Proof that this actor may do this act to a list, and the wall around that list.
#[must_use]
#[derive(Debug)]
pub struct Scope<A: Act> {
    actor: Arc<Actor>,
    reach: Reach,
    policy: InForce,
    mine: bool,
    act: PhantomData<A>,
}

/// The nears in which a record stands to an actor; read by the store from the database.
pub(super) struct Standing(Reach);

impl Standing {
    /// Of a record that exists: every record is `all`.
    pub(super) fn of(own: bool, shared: bool, office: bool, area: bool) -> Standing {
        let mut reach = Reach::default();
        reach.add(Near::All);
        for (yes, near) in [(own, Near::Own), (shared, Near::Shared), (office, Near::Office), (area, Near::Area)] {
            if yes {
                reach.add(near);
            }
        }
        Standing(reach)
    }
}

/// May this actor do `A` to the record that stands so? `None`: there is no such record.
pub(super) fn decide<A: Act>(
    actor: &Arc<Actor>,
    id: <A::On as Subject>::Id,
    standing: Option<Standing>,
    policy: InForce,
) -> Result<Grant<A>, Denied> {
    let Some(Standing(standing)) = standing else { return Err(Denied::Unknown) };
    if !policy.matrix.reach::<<A::On as Subject>::See>(actor.role()).meets(standing) && !is_job(actor) {
        return Err(Denied::Unknown);
    }
    if !policy.matrix.reach::<A>(actor.role()).meets(standing) {
        return Err(Denied::Forbidden);
    }
    Ok(Grant { actor: actor.clone(), id, standing, policy, act: PhantomData })
}

/// The wall for a list, if there is any near in which the actor may do `A`.
pub(super) fn scope<A: Act>(actor: &Arc<Actor>, policy: InForce) -> Result<Scope<A>, Denied> {
    let reach = policy.matrix.reach::<A>(actor.role());
    if reach.is_empty() {
        return Err(Denied::Forbidden);
    }
    Ok(Scope { actor: actor.clone(), reach, policy, mine: false, act: PhantomData })
}

/// Jobs have no page to see; their acts are allowed one by one.
fn is_job(actor: &Actor) -> bool {
    actor.user().is_none()
}

impl<A: Act> Grant<A> {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The record that was decided on.
    pub fn id(&self) -> <A::On as Subject>::Id {
        self.id.clone()
    }

    /// Stands the record in this near to the actor?
    pub fn is(&self, near: Near) -> bool {
        self.standing.has(near)
    }

    /// As what the asker was let in: the nearest near that the record stands in and the policy allows.
    pub(super) fn ground(&self) -> &'static str {
        let reach = self.policy.matrix.reach::<A>(self.actor.role());
        reach.nears().find(|near| self.standing.has(*near)).map_or("", Near::as_str)
    }

    pub(super) fn shared_actor(&self) -> Arc<Actor> {
        self.actor.clone()
    }

    pub(super) fn policy(&self) -> &InForce {
        &self.policy
    }

    pub(super) fn may<B: Act<On = A::On>>(&self) -> bool {
        self.policy.matrix.reach::<B>(self.actor.role()).meets(self.standing)
    }

    pub(super) fn also<B: Act<On = A::On>>(&self) -> Option<Grant<B>> {
        self.may::<B>().then(|| Grant {
            actor: self.actor.clone(),
            id: self.id.clone(),
            standing: self.standing,
            policy: self.policy.clone(),
            act: PhantomData,
        })
    }
}

impl<A: Act> Scope<A> {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Only what is mine of it: can only narrow.
    pub fn mine(mut self) -> Scope<A> {
        self.mine = true;
        self
    }

    pub(super) fn policy(&self) -> &InForce {
        &self.policy
    }

    /// How near the records of the list stand: every near that the policy allows.
    pub(super) fn ground(&self) -> String {
        if self.mine {
            return Near::Own.as_str().to_owned();
        }
        self.reach.nears().map(Near::as_str).collect::<Vec<_>>().join(" ")
    }

    /// The conditions that a row must meet: one of the nears, and mine if so narrowed.
    pub(super) fn wall(&self) -> String {
        wall::<A::On>(self.reach, self.mine)
    }
}

impl InForce {
    /// The acts that a role may do at all, and how near.
    pub(super) fn acts_of(&self, actor: &Actor) -> Vec<(&'static ActInfo, Reach)> {
        crate::policy::acts::ALL
            .iter()
            .enumerate()
            .map(|(index, act)| (act, self.matrix.reach_of(index, actor.role())))
            .filter(|(_, reach)| !reach.is_empty())
            .collect()
    }
}

/// A subject's condition for one near.
pub(super) const fn condition<S: Subject>(near: Near) -> &'static str {
    match near {
        Near::Own => S::OWN,
        Near::Shared => S::SHARED,
        Near::Office => S::OFFICE,
        Near::Area => S::AREA,
        Near::All => "1 = 1",
    }
}

fn wall<S: Subject>(reach: Reach, mine: bool) -> String {
    let nears: Vec<String> = reach.nears().map(|near| format!("({})", condition::<S>(near))).collect();
    let any = nears.join(" or ");
    if mine { format!("({any}) and ({})", S::OWN) } else { format!("({any})") }
}
