//! A hash that is the same on every machine and with every version of Rust, for numbers that are stored in files.

/// FNV-1a over texts. The end of each text is hashed, too.
pub(crate) struct TextHash(u64);

impl TextHash {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) fn value(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::TextHash;

    /// Stored hashes must stay the same.
    #[test]
    fn values_do_not_change() {
        let hash = |texts: &[&str]| {
            let mut hash = TextHash::new();
            texts.iter().for_each(|text| hash.add(text));
            hash.value()
        };
        assert_eq!(hash(&[""]), 0xaf63_bd4c_8601_b7df);
        assert_ne!(hash(&["ab", ""]), hash(&["a", "b"]));
    }
}
