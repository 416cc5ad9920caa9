//! Numbers for whoever is outside: rounded to multiples of 5, one to four never told, and nothing from which they could be
//! worked out. Pure. Why it is so: `docs/decisions/0022`.
//!
//! Fixed and not random: asked twice, the same is said. There is one kind of period (half a year by the office's rule), so that
//! no period lies within another; what comes in and goes out is not told, since it is the difference of two stocks. What people
//! are added up from is told by rounded parts, and a sum with a small part in it is made of what is told and not of what is true.

use super::fold::Figures;
use std::collections::BTreeMap;

/// What is told of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Nobody,
    /// One to four.
    Few,
    /// Rounded to a multiple of 5.
    About(i64),
    /// Another number could be worked out with it.
    Withheld,
}

/// Has what is managed by two ways of looking at it: is she helped by an organisation, has she work. Both come to the same.
const BY_HELP: [&str; 2] = ["helper", "no_helper"];
const BY_WORK: [&str; 6] =
    ["work_steady", "work_unstable", "work_none", "work_studying", "work_unable", "work_unknown"];

/// Numbers that stand by themselves.
pub const ALONE: [&str; 15] = [
    "visits_met",
    "seen",
    "helped_counselling",
    "helped_legal_advice",
    "helped_residence",
    "helped_id_card",
    "helped_papers",
    "helped_training",
    "helped_job",
    "helped_loan",
    "helped_grant",
    "helped_tools",
    "helped_animals",
    "helped_gift",
    "lent_policy_credit",
];

/// Every number of the form, in its order.
pub fn keys() -> impl Iterator<Item = &'static str> {
    ["managed_end"].into_iter().chain(BY_HELP).chain(BY_WORK).chain(ALONE)
}

/// The exact numbers of one commune.
pub fn exact(figures: &Figures) -> BTreeMap<&'static str, i64> {
    let without = figures.get("managed_end") - figures.get("helper");
    keys().map(|key| (key, if key == "no_helper" { without } else { figures.get(key) })).collect()
}

impl Told {
    fn of(n: i64) -> Told {
        match n {
            ..=0 => Told::Nobody,
            1..=4 => Told::Few,
            n => Told::About((n + 2) / 5 * 5),
        }
    }

    /// Between which numbers the true one lies, for whoever knows the rule.
    pub fn bounds(self) -> (i64, i64) {
        match self {
            Told::Nobody => (0, 0),
            Told::Few => (1, 4),
            Told::About(n) => ((n - 2).max(5), n + 2),
            Told::Withheld => (0, i64::MAX / 1_000_000),
        }
    }

    /// Halves of what it stands for in a sum.
    fn halves(self) -> i64 {
        match self {
            Told::Nobody | Told::Withheld => 0,
            Told::Few => 5,
            Told::About(n) => 2 * n,
        }
    }
}

/// The sum of what is told, told itself: it says nothing that its parts do not say.
fn sum(parts: impl IntoIterator<Item = Told>) -> Told {
    let mut halves = 0;
    for part in parts {
        if part == Told::Withheld {
            return Told::Withheld;
        }
        halves += part.halves();
    }
    Told::of((halves + 1) / 2)
}

/// What is told of one commune.
pub fn told(exact: &BTreeMap<&'static str, i64>) -> BTreeMap<&'static str, Told> {
    let n = |key: &str| exact.get(key).copied().unwrap_or(0);
    let mut all: BTreeMap<&'static str, Told> = keys().map(|key| (key, Told::of(n(key)))).collect();
    let parts = |keys: &[&'static str]| keys.iter().map(|key| Told::of(n(key))).collect::<Vec<_>>();
    let (help, work) = (parts(&BY_HELP), parts(&BY_WORK));
    if gives_away(&help, &work) {
        all.extend(BY_HELP.map(|key| (key, Told::Withheld)));
    }
    if help.iter().chain(&work).any(|part| *part == Told::Few) {
        all.insert("managed_end", sum(work));
    }
    all
}

/// Do two ways of adding up the same people leave only one number possible for a part of one to four?
fn gives_away(one: &[Told], other: &[Told]) -> bool {
    let range = |parts: &[Told]| {
        parts.iter().map(|part| part.bounds()).fold((0, 0), |(low, high), (from, to)| (low + from, high + to))
    };
    let (a, b) = (range(one), range(other));
    let (low, high) = (a.0.max(b.0), a.1.min(b.1));
    [(one, a), (other, b)].into_iter().any(|(parts, (least, most))| {
        let few = parts.contains(&Told::Few);
        let (from, to) = ((low - (most - 4)).max(1), (high - (least - 1)).min(4));
        few && from >= to
    })
}

/// What is told of a province: made of what is told of its communes.
pub fn together(communes: &[BTreeMap<&'static str, Told>]) -> BTreeMap<&'static str, Told> {
    let of = |key: &str| communes.iter().filter_map(|told| told.get(key).copied()).collect::<Vec<_>>();
    keys().map(|key| (key, sum(of(key)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

    type Exact = BTreeMap<&'static str, i64>;

    /// A commune that is as dangerous as communes are: most numbers are small.
    fn commune(dice: &mut StdRng) -> Exact {
        let mut small = || if dice.random_bool(0.3) { 0 } else { dice.random_range(0..9) };
        let mut all: Exact = ALONE.iter().map(|key| (*key, small())).collect();
        all.extend(BY_WORK.map(|key| (key, small())));
        let managed: i64 = BY_WORK.iter().map(|key| all[key]).sum();
        let helper = if managed == 0 { 0 } else { dice.random_range(0..=managed) };
        all.extend([("managed_end", managed), ("helper", helper), ("no_helper", managed - helper)]);
        all
    }

    /// One question of somebody who knows the rule and everything that is told: what is left for one part when the other parts
    /// are taken from a sum. A singleton is a number that was worked out.
    fn differenced(
        target: &str,
        told: &BTreeMap<&'static str, Told>,
        range: impl Fn(Told) -> (i64, i64),
    ) -> (i64, i64) {
        let total = [&BY_HELP[..], &BY_WORK[..]].map(|parts| {
            let all = parts.iter().map(|key| range(told[key]));
            all.fold((0, 0), |(low, high), (from, to)| (low + from, high + to))
        });
        let mut whole = (total[0].0.max(total[1].0), total[0].1.min(total[1].1));
        let small = BY_HELP.iter().chain(&BY_WORK).any(|key| matches!(told[key], Told::Few | Told::Withheld));
        if !small {
            let said = range(told["managed_end"]);
            whole = (whole.0.max(said.0), whole.1.min(said.1));
        }
        // Whoever knows the rule knows that a sum with a small part in it is not told as it is.
        let (mut low, mut high) = if target == "managed_end" { whole } else { range(told[target]) };
        for parts in [&BY_HELP[..], &BY_WORK[..]].into_iter().filter(|parts| parts.contains(&target)) {
            let others = parts.iter().filter(|key| **key != target).map(|key| range(told[key]));
            let (least, most) = others.fold((0, 0), |(low, high), (from, to)| (low + from, high + to));
            (low, high) = (low.max(whole.0 - most), high.min(whole.1 - least));
        }
        (low, high)
    }

    /// How many of so many questions give a number from one to four. `range`: what the asker takes a told number for.
    fn recovered(
        queries: usize,
        tell: impl Fn(&Exact) -> BTreeMap<&'static str, Told>,
        range: impl Fn(Told) -> (i64, i64) + Copy,
    ) -> usize {
        let mut dice = StdRng::seed_from_u64(25);
        let all: Vec<&str> = keys().collect();
        let mut found = 0;
        for _ in 0..queries {
            let exact = commune(&mut dice);
            let told = tell(&exact);
            let target = *all.choose(&mut dice).unwrap();
            let (low, high) = differenced(target, &told, range);
            assert!(
                low <= exact[target] && exact[target] <= high,
                "the asker reckons soundly: {target} {told:?} {exact:?}"
            );
            found += usize::from(low == high && (1..=4).contains(&exact[target]));
        }
        found
    }

    /// Figure 25 of the security figures: 10,000 differencing queries, no number from one to four recovered.
    #[test]
    fn ten_thousand_differencing_queries_recover_no_small_number() {
        assert_eq!(recovered(10_000, told, Told::bounds), 0);
        // The plants: rounding off, and only small ones hidden while sums are true: both give numbers away.
        let plain = |exact: &Exact| exact.iter().map(|(key, n)| (*key, Told::About(*n))).collect();
        let as_said = |told: Told| match told {
            Told::About(n) => (n, n),
            other => other.bounds(),
        };
        let all = recovered(10_000, plain, as_said);
        assert!(all > 2_000, "{all}");
        let hidden = |exact: &Exact| {
            let hide = |n: i64| if (1..=4).contains(&n) { Told::Few } else { Told::About(n) };
            exact.iter().map(|(key, n)| (*key, hide(*n))).collect()
        };
        let some = recovered(10_000, hidden, as_said);
        assert!(some > 0, "{some}");
    }

    /// The same with both ways of adding up told whatever comes of it: four and four make eight.
    #[test]
    fn two_ways_of_adding_up_are_not_both_told_where_they_give_a_number_away() {
        let mut exact: Exact = keys().map(|key| (key, 0)).collect();
        exact.extend([("managed_end", 8), ("helper", 8), ("work_steady", 4), ("work_none", 4)]);
        let both: BTreeMap<_, _> = keys().map(|key| (key, Told::of(exact[key]))).collect();
        assert_eq!(differenced("work_steady", &both, Told::bounds), (4, 4), "given away");
        let safe = told(&exact);
        assert_eq!((safe["helper"], safe["no_helper"]), (Told::Withheld, Told::Withheld));
        assert_eq!(differenced("work_steady", &safe, Told::bounds), (1, 4));
    }

    #[test]
    fn a_province_says_nothing_that_its_communes_do_not_say() {
        let mut dice = StdRng::seed_from_u64(7);
        for _ in 0..200 {
            let one: Vec<Exact> = (0..5).map(|_| commune(&mut dice)).collect();
            let told_of = |exact: &[Exact]| exact.iter().map(told).collect::<Vec<_>>();
            // Another world in which every small number is another: where all communes look the same, so does the province.
            let other: Vec<Exact> = one
                .iter()
                .map(|exact| {
                    let mut other = exact.clone();
                    for key in ALONE {
                        if (1..=4).contains(&other[key]) {
                            other.insert(key, dice.random_range(1..=4));
                        }
                    }
                    other
                })
                .collect();
            assert_eq!(told_of(&one), told_of(&other));
            assert_eq!(together(&told_of(&one)), together(&told_of(&other)));
        }
    }

    #[test]
    fn the_same_is_said_each_time_and_small_numbers_never() {
        for n in 0..500 {
            assert_eq!(Told::of(n), Told::of(n));
            match Told::of(n) {
                Told::Nobody => assert_eq!(n, 0),
                Told::Few => assert!((1..=4).contains(&n)),
                Told::About(told) => assert!(told % 5 == 0 && (n - told).abs() <= 2),
                Told::Withheld => panic!("{n}"),
            }
        }
    }
}
