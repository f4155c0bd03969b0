//! Short stretches of arrays, written eight at a time: what is too many is overwritten by the stretch after it.
//! Most visits and most visitors have fewer rows than that, so that a stretch costs no loop.

use std::ops::Range;

/// Places that an array must have beyond the last stretch.
pub(crate) const AHEAD: usize = 8;

/// Makes room for `count` values that are about to be written.
pub(crate) fn make_room<T: Clone + Default>(values: &mut Vec<T>, count: usize) {
    values.resize(count + AHEAD, T::default());
}

/// Writes `value` to `places`.
pub(crate) fn fill<T: Copy>(to: &mut [T], places: Range<usize>, value: T) {
    to[places.start..places.start + AHEAD].fill(value);
    if places.len() > AHEAD {
        to[places.start + AHEAD..places.end].fill(value);
    }
}

/// Writes what `turn` makes of the values at `places` of `from` to `to`, from place `at` on.
pub(crate) fn copy<F: Copy, T>(
    from: &[F],
    places: Range<usize>,
    to: &mut [T],
    at: usize,
    turn: impl Fn(F) -> T,
) {
    let (mut place, mut at) = (places.start, at);
    while place < places.end {
        // The last stretch of all has nothing behind it.
        let eight = place..from.len().min(place + AHEAD);
        match (from[eight.clone()].first_chunk::<AHEAD>(), to[at..].first_chunk_mut::<AHEAD>()) {
            (Some(from), Some(to)) => {
                for (to, from) in to.iter_mut().zip(from) {
                    *to = turn(*from);
                }
            }
            _ => to[at..].iter_mut().zip(&from[eight]).for_each(|(to, from)| *to = turn(*from)),
        }
        (place, at) = (place + AHEAD, at + AHEAD);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn stretches_one_after_another_are_what_simple_loops_would_write(
            from in proptest::collection::vec(0_u8..200, 1..60),
            cuts in proptest::collection::vec((0_usize..60, 0_usize..30), 1..12),
        ) {
            let within = |(start, length): &(usize, usize)| {
                let start = start % from.len();
                start..from.len().min(start + length)
            };
            let stretches: Vec<Range<usize>> = cuts.iter().map(within).filter(|places| !places.is_empty()).collect();
            let count = stretches.iter().map(ExactSizeIterator::len).sum();
            let (mut copied, mut filled) = (vec![], vec![]);
            make_room(&mut copied, count);
            make_room(&mut filled, count);
            let mut at = 0;
            for places in &stretches {
                copy(&from, places.clone(), &mut copied, at, |value| u32::from(value) + 1);
                fill(&mut filled, at..at + places.len(), places.start);
                at += places.len();
            }
            let expected: Vec<u32> =
                stretches.iter().flat_map(|places| &from[places.clone()]).map(|value| u32::from(*value) + 1).collect();
            prop_assert_eq!(&copied[..count], &expected);
            let expected: Vec<usize> =
                stretches.iter().flat_map(|places| std::iter::repeat_n(places.start, places.len())).collect();
            prop_assert_eq!(&filled[..count], &expected);
        }
    }
}
