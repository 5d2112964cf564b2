//! Who follows whom: the best assignment.

/// Scores of every pair that may be one device, nats against "unrelated": `scores[row][column]`, `None` where it
/// cannot be. Rows are those that ended, columns those that began.
pub type Scores = Vec<Vec<Option<f64>>>;

/// The matching with the largest sum of scores, in which anyone may stay unmatched at score 0 (shortest augmenting
/// paths, Jonker and Volgenant 1987). For each row its column.
#[must_use]
pub fn assign(scores: &Scores) -> Vec<Option<usize>> {
    let rows = scores.len();
    let columns = scores.first().map_or(0, Vec::len);
    // Every row has a column of its own that stands for "nobody": cost 0 for it, out of reach for the others.
    let width = columns + rows;
    let cost = |row: usize, column: usize| -> f64 {
        if column < columns {
            let score = scores.get(row).and_then(|r| r.get(column)).copied();
            score.flatten().map_or(OUT_OF_REACH, |s| -s)
        } else if column - columns == row {
            0.0
        } else {
            OUT_OF_REACH
        }
    };
    let mut row_price = vec![0.0; rows + 1];
    let mut price = vec![0.0; width + 1];
    // Index 0 is the start of a path; rows and columns count from 1.
    let mut taken_by = vec![0usize; width + 1];
    for row in 1..=rows {
        let mut least = vec![f64::INFINITY; width + 1];
        let mut seen = vec![false; width + 1];
        let mut back = vec![0usize; width + 1];
        if let Some(start) = taken_by.first_mut() {
            *start = row;
        }
        let mut at = 0;
        loop {
            mark(&mut seen, at);
            let from = value(&taken_by, at);
            let (mut step, mut next) = (f64::INFINITY, 0);
            for column in 1..=width {
                if value(&seen, column) {
                    continue;
                }
                let reduced =
                    cost(from - 1, column - 1) - value(&row_price, from) - value(&price, column);
                if let (Some(l), Some(b)) = (least.get_mut(column), back.get_mut(column)) {
                    if reduced < *l {
                        *l = reduced;
                        *b = at;
                    }
                    if *l < step {
                        step = *l;
                        next = column;
                    }
                }
            }
            for column in 0..=width {
                if value(&seen, column) {
                    let owner = value(&taken_by, column);
                    if let Some(p) = row_price.get_mut(owner) {
                        *p += step;
                    }
                    if let Some(p) = price.get_mut(column) {
                        *p -= step;
                    }
                } else if let Some(l) = least.get_mut(column) {
                    *l -= step;
                }
            }
            at = next;
            if value(&taken_by, at) == 0 {
                break;
            }
        }
        while at != 0 {
            let before = value(&back, at);
            let owner = value(&taken_by, before);
            if let Some(t) = taken_by.get_mut(at) {
                *t = owner;
            }
            at = before;
        }
    }
    let mut out = vec![None; rows];
    for column in 1..=columns {
        let row = value(&taken_by, column);
        let score = (row > 0)
            .then(|| scores.get(row - 1)?.get(column - 1).copied().flatten())
            .flatten();
        if score.is_some_and(|s| s > 0.0)
            && let Some(place) = out.get_mut(row - 1)
        {
            *place = Some(column - 1);
        }
    }
    out
}

/// Cost of a pair that cannot be: above any sum of scores that occurs.
const OUT_OF_REACH: f64 = 1e6;

pub(super) fn value<T: Copy + Default>(of: &[T], at: usize) -> T {
    of.get(at).copied().unwrap_or_default()
}

pub(super) fn mark(seen: &mut [bool], at: usize) {
    if let Some(s) = seen.get_mut(at) {
        *s = true;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every assignment, by hand: its pairs and the sum of its scores.
    fn all(
        scores: &Scores,
        row: usize,
        used: &mut Vec<bool>,
        out: &mut Vec<(Vec<Option<usize>>, f64)>,
        now: &mut Vec<Option<usize>>,
        sum: f64,
    ) {
        if row == scores.len() {
            out.push((now.clone(), sum));
            return;
        }
        now.push(None);
        all(scores, row + 1, used, out, now, sum);
        now.pop();
        for c in 0..used.len() {
            if let (false, Some(s)) = (used[c], scores[row][c]) {
                used[c] = true;
                now.push(Some(c));
                all(scores, row + 1, used, out, now, sum + s);
                now.pop();
                used[c] = false;
            }
        }
    }

    pub fn enumerate(scores: &Scores) -> Vec<(Vec<Option<usize>>, f64)> {
        let mut out = Vec::new();
        let columns = scores.first().map_or(0, Vec::len);
        all(
            scores,
            0,
            &mut vec![false; columns],
            &mut out,
            &mut Vec::new(),
            0.0,
        );
        out
    }

    pub fn matrix() -> impl Strategy<Value = Scores> {
        (1usize..4, 1usize..5).prop_flat_map(|(r, c)| {
            let cell = prop::option::weighted(0.8, -4.0..6.0);
            prop::collection::vec(prop::collection::vec(cell, c), r)
        })
    }

    proptest! {
        #[test]
        fn no_matching_is_better(scores in matrix()) {
            let best = enumerate(&scores).into_iter().map(|a| a.1).fold(0.0, f64::max);
            let got = assign(&scores);
            let mut used = std::collections::BTreeSet::new();
            let mut sum = 0.0;
            for (row, column) in got.iter().enumerate() {
                if let Some(c) = column {
                    prop_assert!(used.insert(*c));
                    sum += scores[row][*c].unwrap();
                }
            }
            prop_assert!((sum - best).abs() < 1e-9, "{sum} {best}");
        }
    }

    #[test]
    fn nobody_is_matched_at_a_loss() {
        assert_eq!(assign(&vec![vec![Some(-0.1)]]), [None]);
        assert_eq!(assign(&Vec::new()), []);
    }
}
