//! Seeded randomness: the same parts always give the same stream, on every machine.

/// A stream of pseudo-random numbers (SplitMix64).
pub(crate) struct Stream(u64);

impl Stream {
    /// The stream that belongs to `parts`, e.g. a seed, a site and a visitor.
    pub(crate) fn of(parts: &[u64]) -> Self {
        Self(parts.iter().fold(0x243f_6a88_85a3_08d3, |state, &part| mix(state ^ mix(part))))
    }

    /// Sixty-four random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// A number from 0 to 1, 1 excluded.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}

const fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// Draws positions with given weights in constant time (Walker's alias method).
pub(crate) struct Weighted(Vec<Cell>);

struct Cell {
    kept: f64,
    other: u32,
}

impl Weighted {
    /// Draws position `i` with a probability proportional to `weights[i]`.
    pub(crate) fn new(weights: &[f64]) -> Self {
        let scale = weights.len() as f64 / weights.iter().sum::<f64>();
        let mut cells: Vec<Cell> =
            weights.iter().map(|weight| Cell { kept: weight * scale, other: 0 }).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..cells.len()).partition(|&position| cells[position].kept < 1.0);
        while let (Some(under), Some(&over)) = (small.pop(), large.last()) {
            cells[under].other = over as u32;
            cells[over].kept -= 1.0 - cells[under].kept;
            if cells[over].kept < 1.0 {
                large.pop();
                small.push(over);
            }
        }
        for left in small.into_iter().chain(large) {
            cells[left].kept = 1.0;
        }
        Self(cells)
    }

    /// Weights of `1 / rank^1.05`: few are drawn very often, most hardly ever.
    pub(crate) fn zipf(count: usize) -> Self {
        let weights: Vec<f64> = (1..=count).map(|rank| (rank as f64).powf(-1.05)).collect();
        Self::new(&weights)
    }

    /// Draws a position.
    pub(crate) fn draw(&self, stream: &mut Stream) -> u32 {
        let position = stream.below(self.0.len() as u32);
        let cell = &self.0[position as usize];
        if stream.unit() < cell.kept { position } else { cell.other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_drawn_as_often_as_their_weights_say() {
        let weighted = Weighted::new(&[1.0, 2.0, 5.0]);
        let mut stream = Stream::of(&[7]);
        let mut drawn = [0_u32; 3];
        for _ in 0..80_000 {
            drawn[weighted.draw(&mut stream) as usize] += 1;
        }
        for (count, expected) in drawn.into_iter().zip([10_000, 20_000, 50_000]) {
            assert!(count.abs_diff(expected) < 500, "{drawn:?}");
        }
    }
}
