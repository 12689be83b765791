//! Chance with a seed, so that a failure can be repeated.

/// SplitMix64: small, seeded, good enough to choose when to kill.
pub(super) struct Random(u64);

impl Random {
    /// Seeded by `WAYMARK_SEED`, else by a fixed number; said aloud, so that a failure can be repeated.
    pub(super) fn from_environment() -> Self {
        let seed = std::env::var("WAYMARK_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
        println!("WAYMARK_SEED={seed}");
        Self(seed)
    }

    /// Another one, seeded by this one.
    pub(super) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// An index into something of this length.
    pub(super) fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits fit") % bound
    }

    /// One of several.
    pub(super) fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.index(of.len())]
    }
}
