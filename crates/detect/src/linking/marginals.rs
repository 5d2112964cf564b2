//! The probability of each link over all assignments.

use super::assign::{Scores, mark, value};

/// Most tracklets on the smaller side of a group whose assignments are all summed up.
const SUMMED: usize = 10;
/// Rounds of messages in larger groups: they settle geometrically.
const ROUNDS: usize = 30;
/// Scores beyond this are certain, nats.
const CERTAIN: f64 = 30.0;

/// The probability of every link over all assignments, unmatched ones included: `[row][column]`.
///
/// Exact for every group of tracklets that can be linked with one another, where its smaller side has ten or fewer;
/// belief propagation for data association (Williams and Lau 2014) in larger ones.
#[must_use]
pub fn probabilities(scores: &Scores) -> Vec<Vec<f64>> {
    let columns = scores.first().map_or(0, Vec::len);
    let odds: Vec<Vec<f64>> = scores
        .iter()
        .map(|row| {
            let odds = row.iter().map(|s| s.map_or(0.0, |s| s.min(CERTAIN).exp()));
            odds.collect()
        })
        .collect();
    let mut out = vec![vec![0.0; columns]; odds.len()];
    for (rows, columns) in groups(&odds) {
        let of = |row: &usize, column: &usize| entry(&odds, *row, *column);
        let group: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| columns.iter().map(|column| of(row, column)).collect())
            .collect();
        let p = if columns.len() <= SUMMED {
            summed(&group)
        } else if rows.len() <= SUMMED {
            transposed(&summed(&transposed(&group)))
        } else {
            propagated(&group)
        };
        for (row, p) in rows.iter().zip(p) {
            for (column, p) in columns.iter().zip(p) {
                if let Some(place) = out.get_mut(*row).and_then(|r| r.get_mut(*column)) {
                    *place = p;
                }
            }
        }
    }
    out
}

fn entry(of: &[Vec<f64>], row: usize, column: usize) -> f64 {
    of.get(row).map_or(0.0, |r| value(r, column))
}

fn transposed(of: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let width = of.first().map_or(0, Vec::len);
    (0..width)
        .map(|column| of.iter().map(|row| value(row, column)).collect())
        .collect()
}

/// Rows and columns that hang together by possible links.
fn groups(odds: &[Vec<f64>]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut seen = vec![false; odds.len()];
    let mut out = Vec::new();
    for start in 0..odds.len() {
        if value(&seen, start) {
            continue;
        }
        mark(&mut seen, start);
        let (mut rows, mut columns) = (vec![start], Vec::new());
        let mut at = 0;
        while let Some(&row) = rows.get(at) {
            at += 1;
            for (column, o) in odds.get(row).into_iter().flatten().enumerate() {
                if *o <= 0.0 || columns.contains(&column) {
                    continue;
                }
                columns.push(column);
                for other in 0..odds.len() {
                    if entry(odds, other, column) > 0.0 && !value(&seen, other) {
                        mark(&mut seen, other);
                        rows.push(other);
                    }
                }
            }
        }
        if !columns.is_empty() {
            rows.sort_unstable();
            columns.sort_unstable();
            out.push((rows, columns));
        }
    }
    out
}

/// All assignments summed up, row by row, over the sets of columns taken.
fn summed(odds: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns = odds.first().map_or(0, Vec::len);
    let sets = 1usize << columns;
    let step = |from: &[f64], row: &[f64], forward: bool| -> Vec<f64> {
        let mut to = vec![0.0; sets];
        for set in 0..sets {
            let mut sum = value(from, set);
            for (column, o) in row.iter().enumerate() {
                let taken = set >> column & 1 == 1;
                // Forward a set was reached by taking one of its columns; backward it goes on to take another.
                if taken == forward {
                    sum += o * value(from, set ^ (1 << column));
                }
            }
            if let Some(place) = to.get_mut(set) {
                *place = sum;
            }
        }
        // Only ratios matter.
        let most = to.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        to.iter_mut().for_each(|x| *x /= most);
        to
    };
    let mut after = vec![vec![1.0; sets]];
    for row in odds.iter().rev() {
        let next = after.last().map_or_else(Vec::new, |a| step(a, row, false));
        after.push(next);
    }
    after.pop();
    let mut before = vec![0.0; sets];
    if let Some(none) = before.first_mut() {
        *none = 1.0;
    }
    let mut out = Vec::with_capacity(odds.len());
    for row in odds {
        let rest = after.pop().unwrap_or_default();
        let mut with = vec![0.0; columns];
        let mut all = 0.0;
        for (set, b) in before.iter().enumerate() {
            all += b * value(&rest, set);
            for (column, (w, o)) in with.iter_mut().zip(row).enumerate() {
                if set >> column & 1 == 0 {
                    *w += b * o * value(&rest, set | 1 << column);
                }
            }
        }
        all += with.iter().sum::<f64>();
        out.push(
            with.iter()
                .map(|w| w / all.max(f64::MIN_POSITIVE))
                .collect(),
        );
        before = step(&before, row, true);
    }
    out
}

/// A pair that can be linked.
struct Possible {
    column: usize,
    odds: f64,
    /// What the row says to the column: how much it claims it.
    claim: f64,
    /// What the column says to the row: how free it is for it.
    free: f64,
}

/// Belief propagation: exact where no two alternatives form a circle. Most pairs cannot be linked and are left out.
fn propagated(odds: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns = odds.first().map_or(0, Vec::len);
    let possible = |(column, odds): (usize, &f64)| Possible {
        column,
        odds: *odds,
        claim: 0.0,
        free: 1.0,
    };
    let mut rows: Vec<Vec<Possible>> = odds
        .iter()
        .map(|row| {
            let pairs = row.iter().enumerate().filter(|(_, odds)| **odds > 0.0);
            pairs.map(possible).collect()
        })
        .collect();
    let all = |row: &[Possible]| 1.0 + row.iter().map(|p| p.odds * p.free).sum::<f64>();
    for _ in 0..ROUNDS {
        let mut sums = vec![0.0; columns];
        for row in &mut rows {
            let all = all(row);
            for p in row {
                p.claim = p.odds / (all - p.odds * p.free).max(f64::MIN_POSITIVE);
                if let Some(sum) = sums.get_mut(p.column) {
                    *sum += p.claim;
                }
            }
        }
        for p in rows.iter_mut().flatten() {
            p.free = 1.0 / (1.0 + (value(&sums, p.column) - p.claim).max(0.0));
        }
    }
    rows.iter()
        .map(|row| {
            let all = all(row);
            let mut out = vec![0.0; columns];
            for p in row {
                if let Some(place) = out.get_mut(p.column) {
                    *place = p.odds * p.free / all;
                }
            }
            out
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::assign::tests::{enumerate, matrix};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn probabilities_are_those_of_the_enumeration(scores in matrix()) {
            let every = enumerate(&scores);
            let total: f64 = every.iter().map(|a| a.1.exp()).sum();
            let got = probabilities(&scores);
            for (row, of_row) in got.iter().enumerate() {
                for (column, p) in of_row.iter().enumerate() {
                    let with: f64 = every
                        .iter()
                        .filter(|a| a.0[row] == Some(column))
                        .map(|a| a.1.exp())
                        .sum();
                    prop_assert!((p - with / total).abs() < 1e-9, "{p} {}", with / total);
                }
                prop_assert!(of_row.iter().sum::<f64>() <= 1.0 + 1e-9);
            }
        }
    }

    #[test]
    fn larger_groups_are_propagated_exactly_where_there_are_no_circles() {
        // A path: row i may link to columns i and i + 1.
        let n = 9;
        let path: Vec<Vec<f64>> = (0..n)
            .map(|i| {
                let odds = |c: usize| {
                    if c == i || c == i + 1 {
                        1.5 + i as f64
                    } else {
                        0.0
                    }
                };
                (0..=n).map(odds).collect()
            })
            .collect();
        for (a, b) in summed(&path).iter().zip(propagated(&path)) {
            for (a, b) in a.iter().zip(b) {
                assert!((a - b).abs() < 1e-6, "{a} {b}");
            }
        }
    }

    #[test]
    fn many_that_claim_one_share_it() {
        let p = probabilities(&vec![vec![Some(40.0)]; 200]);
        let sum: f64 = p.iter().flatten().sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }

    #[test]
    fn one_pair_is_the_logistic() {
        let p = probabilities(&vec![vec![Some(2.0)]]);
        assert!((p[0][0] - 1.0 / (1.0 + (-2.0f64).exp())).abs() < 1e-12);
    }
}
