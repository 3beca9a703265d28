//! How many spares each project is to have.

/// A project's part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Demand {
    /// Spares beyond the minimum, since starts found none.
    pub(super) extra: usize,
    /// Whether spares of it can be made, as far as is known: else others have its part.
    pub(super) able: bool,
}

/// The number for each of these projects, the one used last first: the minimum is dealt out one at
/// a time in that order, again and again; then come the extras, while the maximum allows.
pub(super) fn allot(projects: &[Demand], min: usize, max: usize) -> Vec<usize> {
    let mut numbers = vec![0; projects.len()];
    let able = projects.iter().enumerate().filter(|(_, it)| it.able);
    let able: Vec<usize> = able.map(|(at, _)| at).collect();
    if able.is_empty() {
        return numbers;
    }
    for turn in 0..min.min(max) {
        numbers[able[turn % able.len()]] += 1;
    }
    let mut left = max.saturating_sub(min);
    for (number, project) in numbers.iter_mut().zip(projects).filter(|(_, it)| it.able) {
        let extra = project.extra.min(left);
        *number += extra;
        left -= extra;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(extras: &[usize]) -> Vec<Demand> {
        extras
            .iter()
            .map(|extra| Demand {
                extra: *extra,
                able: *extra < 50,
            })
            .collect()
    }

    #[test]
    fn the_project_used_last_comes_first() {
        for (extras, min, max, expected) in [
            (&[][..], 2, 5, &[][..]),
            (&[0], 2, 5, &[2]),
            (&[0, 0], 2, 5, &[1, 1]),
            (&[0, 0, 0], 2, 5, &[1, 1, 0]),
            (&[9, 9], 2, 5, &[4, 1]),
            (&[1, 9], 2, 5, &[2, 3]),
            (&[9], 0, 0, &[0]),
            (&[0], 7, 5, &[5]),
            (&[2], 0, 5, &[2]),
            (&[99, 0], 2, 5, &[0, 2]),
            (&[99], 2, 5, &[0]),
        ] {
            assert_eq!(
                allot(&with(extras), min, max),
                expected,
                "{extras:?} {min} {max}"
            );
        }
    }

    proptest! {
        #[test]
        fn the_maximum_holds_and_the_minimum_is_reached(
            extras in proptest::collection::vec(0..9_usize, 1..9), min in 0..9_usize, max in 0..9_usize,
        ) {
            let all: usize = allot(&with(&extras), min, max).iter().sum();
            prop_assert!(all <= max);
            prop_assert!(all >= min.min(max));
        }
    }
}
