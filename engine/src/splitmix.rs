//! Even bits without randomness: what lots and shuffled options are drawn from. No secret stays one behind it.

/// The finaliser of splitmix64: spreads every bit of what goes in over all of what comes out.
pub fn splitmix(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::splitmix;

    #[test]
    fn it_gives_what_the_published_one_does() {
        // The first three numbers of the generator that starts at 1234567: it adds the constant itself before each.
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        let numbers = [0, 1, 2].map(|n| splitmix(1_234_567_u64.wrapping_add(step.wrapping_mul(n))));
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
