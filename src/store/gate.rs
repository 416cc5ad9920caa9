//! The gate: the only file where a grant or a scope can be made.
//!
//! It stands inside `store` because Rust's privacy then lets the store alone open it (docs/decisions/0001).
//! Keep it small: whatever is in here can let anybody in.

use crate::{
    base::time::At,
    policy::{Act, Actor, Matrix, Near, Reach, Subject, acts::ActInfo},
};
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
    standing: Standing,
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
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// Every near but `glass`.
    near: Reach,
    /// No restriction stands against the actor.
    unbarred: bool,
    /// Until when she has it open in an emergency.
    glass_until: Option<At>,
}

impl Standing {
    /// Of a record that exists: every record is `all`.
    pub(super) fn of(nears: [(bool, Near); 4], unbarred: bool, glass_until: Option<At>) -> Standing {
        let mut near = Reach::default();
        near.add(Near::All);
        for (_, one) in nears.into_iter().filter(|(yes, _)| *yes) {
            near.add(one);
        }
        Standing { near, unbarred, glass_until }
    }

    pub(super) fn glass_until(self) -> Option<At> {
        self.glass_until
    }

    /// The nears without the emergency: none, if a restriction stands against her. Jobs of the program know nobody.
    fn plain(self, actor: &Actor) -> Reach {
        if self.unbarred || is_job(actor) { self.near } else { Reach::default() }
    }

    fn reach(self, actor: &Actor) -> Reach {
        let mut reach = self.plain(actor);
        if self.glass_until.is_some() {
            reach.add(Near::Glass);
        }
        reach
    }
}

/// As what somebody of this role may see the record that stands so to her; and whether only a restriction keeps her from it.
pub(super) fn seen_by<S: Subject>(
    role: crate::policy::Role,
    standing: Standing,
    policy: &InForce,
) -> (Vec<Near>, bool) {
    let reach = policy.matrix.reach::<S::See>(role);
    let mut stands = if standing.unbarred { standing.near } else { Reach::default() };
    if standing.glass_until.is_some() {
        stands.add(Near::Glass);
    }
    let nears: Vec<Near> = reach.nears().filter(|near| stands.has(*near)).collect();
    let kept = nears.is_empty() && !standing.unbarred && reach.meets(standing.near);
    (nears, kept)
}

/// May this actor do `A` to the record that stands so? `None`: there is no such record.
pub(super) fn decide<A: Act>(
    actor: &Arc<Actor>,
    id: <A::On as Subject>::Id,
    standing: Option<Standing>,
    policy: InForce,
) -> Result<Grant<A>, Denied> {
    let Some(standing) = standing else { return Err(Denied::Unknown) };
    let reach = standing.reach(actor);
    if !policy.matrix.reach::<<A::On as Subject>::See>(actor.role()).meets(reach) && !is_job(actor) {
        return Err(Denied::Unknown);
    }
    if !policy.matrix.reach::<A>(actor.role()).meets(reach) {
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
        self.standing.reach(&self.actor).has(near)
    }

    /// Until when the record is open in an emergency, if it is by nothing else that the actor sees it.
    pub fn glass_until(&self) -> Option<At> {
        let by_right = self.policy.matrix.reach::<<A::On as Subject>::See>(self.actor.role());
        self.standing.glass_until.filter(|_| !by_right.meets(self.standing.plain(&self.actor)))
    }

    /// As what the asker was let in: the nearest near that the record stands in and the policy allows.
    pub(super) fn ground(&self) -> &'static str {
        let reach = self.policy.matrix.reach::<A>(self.actor.role());
        reach.nears().find(|near| self.is(*near)).map_or("", Near::as_str)
    }

    pub(super) fn shared_actor(&self) -> Arc<Actor> {
        self.actor.clone()
    }

    pub(super) fn policy(&self) -> &InForce {
        &self.policy
    }

    pub(super) fn may<B: Act<On = A::On>>(&self) -> bool {
        self.policy.matrix.reach::<B>(self.actor.role()).meets(self.standing.reach(&self.actor))
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

    pub(super) fn shared_actor(&self) -> Arc<Actor> {
        self.actor.clone()
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

    /// The conditions that a row must meet: one of the nears and no restriction against the asker, and mine if so narrowed.
    pub(super) fn wall(&self) -> String {
        wall::<A::On>(self.reach, self.mine, is_job(&self.actor))
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
const fn condition<S: Subject>(near: Near) -> &'static str {
    match near {
        Near::Own => S::OWN,
        Near::Shared => S::SHARED,
        Near::Office => S::OFFICE,
        Near::Area => S::AREA,
        // No list is open in an emergency: the policy is refused that says so.
        Near::Glass => "1 = 0",
        Near::All => "1 = 1",
    }
}

/// What is read of one record to make its standing: the columns of `StandingRow`.
pub(super) fn standing_columns<S: Subject>() -> [String; 6] {
    let yes = |condition: &str, name: &str| format!("({condition}) is true as {name}");
    [
        yes(S::OWN, "own"),
        yes(S::SHARED, "shared"),
        yes(S::OFFICE, "office"),
        yes(S::AREA, "area"),
        yes(S::UNBARRED, "unbarred"),
        format!("{} as glass_until", S::GLASS),
    ]
}

fn wall<S: Subject>(reach: Reach, mine: bool, job: bool) -> String {
    let nears: Vec<String> = reach.nears().map(|near| format!("({})", condition::<S>(near))).collect();
    let mut wall = format!("({})", nears.join(" or "));
    if !job {
        wall += &format!(" and {}", S::UNBARRED);
    }
    if mine {
        wall += &format!(" and ({})", S::OWN);
    }
    wall
}
