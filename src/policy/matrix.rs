//! The table of the policy: Casbin is asked once for every role, act and near, and the answers are kept.
//!
//! The text is checked against the program's own words first (Casbin drops an unknown word without a sound),
//! so a misspelt role, act or near refuses the whole policy and names the line.

use super::{
    actor::Role,
    acts::{self, Act},
};
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// How a record stands to the asker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Near {
    /// Assigned to me, or to one whom I cover today.
    Own,
    /// A live referral names me as a helper.
    Shared,
    /// In my commune.
    Office,
    /// In my province.
    Area,
    /// Anywhere.
    All,
    /// Opened by me in an emergency, a moment ago: one record, never a list.
    Glass,
}

impl Near {
    pub const ALL: &'static [Near] = &[Near::Own, Near::Shared, Near::Office, Near::Area, Near::All, Near::Glass];

    pub const fn as_str(self) -> &'static str {
        match self {
            Near::Own => "own",
            Near::Shared => "shared",
            Near::Office => "office",
            Near::Area => "area",
            Near::All => "all",
            Near::Glass => "glass",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of nears: those that the policy allows for an act, or those in which one record stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach(u8);

impl Reach {
    pub fn add(&mut self, near: Near) {
        self.0 |= near.bit();
    }

    pub const fn has(self, near: Near) -> bool {
        self.0 & near.bit() != 0
    }

    pub const fn meets(self, other: Reach) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn nears(self) -> impl Iterator<Item = Near> {
        Near::ALL.iter().copied().filter(move |near| self.has(*near))
    }
}

/// Why a policy is not taken. Lines count from 1; 0 is the policy as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy refused: {place} line {line}: {reason}")]
pub struct PolicyFault {
    /// `model.conf` or `policy.csv`.
    pub place: &'static str,
    pub line: usize,
    pub reason: String,
}

/// The policy in force, as answers.
#[derive(Debug)]
pub struct Matrix {
    reach: Vec<[Reach; Role::ALL.len()]>,
    hash: String,
}

/// The effect that Casbin must have: deny beats allow, and no line is a no. (Any other text panics inside Casbin.)
const EFFECT: &str = "some(where (p.eft == allow)) && !some(where (p.eft == deny))";

/// The files that the program is built with; an empty database takes these.
pub const BUILT_IN_MODEL: &str = include_str!("../../policies/model.conf");
pub const BUILT_IN_POLICY: &str = include_str!("../../policies/policy.csv");

/// Tables already made in this process, by hash: making one asks Casbin some 2,500 questions.
static MADE: LazyLock<Mutex<HashMap<String, Arc<Matrix>>>> = LazyLock::new(Mutex::default);

impl Matrix {
    /// Checks the two texts and asks Casbin every question.
    pub async fn compile(model: &str, policy: &str) -> Result<Arc<Matrix>, PolicyFault> {
        let hash = hash_of(model, policy);
        let made = MADE.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
        if let Some(matrix) = made {
            return Ok(matrix);
        }
        check_model(model)?;
        check_policy(policy)?;
        let matrix = Arc::new(Matrix { reach: ask_casbin(model, policy).await?, hash: hash.clone() });
        MADE.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, matrix.clone());
        Ok(matrix)
    }

    /// The nears in which this role may do this act.
    pub fn reach<A: Act>(&self, role: Role) -> Reach {
        self.reach_of(A::INDEX, role)
    }

    /// The same by the act's place in [`acts::ALL`].
    pub fn reach_of(&self, act: usize, role: Role) -> Reach {
        self.reach.get(act).map_or(Reach::default(), |roles| roles[role as usize])
    }

    /// SHA-256 of model and policy, in hex.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The whole policy as a Markdown table: one row an act, one column a role.
    pub fn table(&self) -> String {
        let mut out = String::from(
            "# Who may do what, how near\n\nPrinted by `duongve policy show` from the policy; a test compares. `-` is no.\n\n| act | on |",
        );
        for role in Role::ALL {
            out += &format!(" {} |", role.as_str());
        }
        out += "\n| --- | --- |";
        out += &" --- |".repeat(Role::ALL.len());
        out += "\n";
        let mut order: Vec<usize> = (0..acts::ALL.len()).collect();
        order.sort_by_key(|&act| (acts::ALL[act].on, acts::ALL[act].name));
        for act in order {
            out += &format!("| `{}` | {} |", acts::ALL[act].name, acts::ALL[act].on);
            for role in Role::ALL {
                let nears: Vec<&str> = self.reach_of(act, *role).nears().map(Near::as_str).collect();
                out += &format!(" {} |", if nears.is_empty() { "-".to_owned() } else { nears.join(", ") });
            }
            out += "\n";
        }
        out
    }
}

pub fn hash_of(model: &str, policy: &str) -> String {
    let mut hash = Sha256::new();
    hash.update((model.len() as u64).to_be_bytes());
    hash.update(model);
    hash.update(policy);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_model(model: &str) -> Result<(), PolicyFault> {
    let fault = |line, reason: &str| Err(PolicyFault { place: "model.conf", line, reason: reason.to_owned() });
    let mut effect = None;
    for (at, line) in model.lines().enumerate() {
        let Some((key, value)) = line.split_once('=') else { continue };
        let (key, value) = (key.trim(), value.trim());
        let expected = match key {
            "r" => Some("role, act, near"),
            "p" => Some("role, act, near, eft"),
            _ => None,
        };
        if expected.is_some_and(|words| words != value) {
            return fault(at + 1, &format!("`{key}` must be `{}`", expected.unwrap_or_default()));
        }
        if key == "e" {
            effect = Some((at + 1, value));
        }
    }
    match effect {
        Some((_, EFFECT)) => Ok(()),
        Some((line, _)) => fault(line, &format!("the effect must be `{EFFECT}`")),
        None => fault(0, "no policy effect"),
    }
}

fn check_policy(policy: &str) -> Result<(), PolicyFault> {
    let mut rules = 0;
    for (at, line) in policy.lines().enumerate() {
        let fault = |reason: String| PolicyFault { place: "policy.csv", line: at + 1, reason };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let words: Vec<&str> = line.split(',').map(str::trim).collect();
        let [kind, role, act, near, effect] = words[..] else {
            return Err(fault(format!("5 columns wanted (p, role, act, near, effect), {} found", words.len())));
        };
        if kind != "p" {
            return Err(fault(format!("a line begins with `p`, not `{kind}`")));
        }
        if role.parse::<Role>().is_err() {
            return Err(fault(format!("unknown role `{role}`")));
        }
        let Some(known) = acts::ALL.iter().find(|known| known.name == act) else {
            return Err(fault(format!("unknown act `{act}`")));
        };
        if !Near::ALL.iter().any(|known| known.as_str() == near) {
            return Err(fault(format!("unknown near `{near}`")));
        }
        // Whatever an office writes into its policy: an emergency opens one record, so no list, export or digest.
        if near == Near::Glass.as_str() && known.list {
            return Err(fault(format!("`glass` opens one record, and `{act}` is a list")));
        }
        if !matches!(effect, "allow" | "deny") {
            return Err(fault(format!("unknown effect `{effect}`: allow or deny")));
        }
        rules += 1;
    }
    if rules == 0 {
        return Err(PolicyFault {
            place: "policy.csv",
            line: 0,
            reason: "no rule in it: nobody could do anything".into(),
        });
    }
    Ok(())
}

/// Does the matcher want `p.act == r.act` of every line, whatever else it says? Then a line can only ever answer for its own act.
fn lines_answer_for_their_own_act(model: &str) -> bool {
    let matcher = model.lines().find_map(|line| line.trim().strip_prefix("m =")).unwrap_or_default();
    let plain = !matcher.contains(['|', '(', '?', '{', '!', '"', '\'']);
    plain && matcher.split("&&").any(|part| part.split_whitespace().eq(["p.act", "==", "r.act"]))
}

async fn ask_casbin(model: &str, policy: &str) -> Result<Vec<[Reach; Role::ALL.len()]>, PolicyFault> {
    let fault = |place, error: casbin::Error| PolicyFault { place, line: 0, reason: error.to_string() };
    let lines: Vec<Vec<String>> = policy
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(',').skip(1).map(|word| word.trim().to_owned()).collect())
        .collect();
    // Casbin walks all lines for every question: with an act's own lines alone the start is some fifty times faster.
    let by_act = lines_answer_for_their_own_act(model);
    let model = DefaultModel::from_str(model).await.map_err(|error| fault("model.conf", error))?;
    let mut enforcer =
        Enforcer::new(model, MemoryAdapter::default()).await.map_err(|error| fault("model.conf", error))?;
    let mut table = vec![[Reach::default(); Role::ALL.len()]; acts::ALL.len()];
    for (at, (act, row)) in acts::ALL.iter().zip(&mut table).enumerate() {
        if by_act || at == 0 {
            let held = enforcer.get_mut_model();
            held.clear_policy();
            for line in lines.iter().filter(|line| !by_act || line.get(1).is_some_and(|word| word == act.name)) {
                held.add_policy("p", "p", line.clone());
            }
        }
        for role in Role::ALL {
            for near in Near::ALL {
                let yes = enforcer
                    .enforce((role.as_str(), act.name, near.as_str()))
                    .map_err(|error| fault("model.conf", error))?;
                if yes {
                    row[*role as usize].add(*near);
                }
            }
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same questions, every line in every one: the slow way answers the same.
    #[tokio::test]
    async fn lines_of_other_acts_change_no_answer() {
        let denied = "p, officer, case.see, own, deny\np, partner, case.see, own, allow\n";
        let policy = format!("{BUILT_IN_POLICY}\n{denied}");
        let whole = BUILT_IN_MODEL.replace("p.act == r.act", "(p.act == r.act)");
        assert!(lines_answer_for_their_own_act(BUILT_IN_MODEL) && !lines_answer_for_their_own_act(&whole));
        for policy in [BUILT_IN_POLICY, &policy] {
            let fast = ask_casbin(BUILT_IN_MODEL, policy).await.unwrap();
            assert_eq!(fast, ask_casbin(&whole, policy).await.unwrap());
        }
        let either = BUILT_IN_MODEL.replace("p.act == r.act &&", "p.act == r.act ||");
        assert!(!lines_answer_for_their_own_act(&either), "one that lets other acts in is asked whole");
    }
}
