//! Idempotency keys.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use super::{Node, Write, write};

/// Generates a key, unless the caller has set one.
pub fn fill_key(key: &mut Option<String>) {
    key.get_or_insert_with(new_key);
}

/// Returns whether there is a value by which a server can recognize a retry.
pub fn is_filled(value: &dyn Write) -> bool {
    match write::tree(value) {
        Node::Null => false,
        Node::Text(text) | Node::Word(text) | Node::Digits(text) => !text.is_empty(),
        _ => true,
    }
}

/// Returns a key in the format of a random UUID (version 4).
pub(crate) fn new_key() -> String {
    let bits = u128::from(random(0)) << 64 | u128::from(random(1));
    let version = 0x4_u128 << 76;
    let variant = 0x2_u128 << 62;
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | version | variant;
    let text = format!("{bits:032x}");
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

/// Returns 64 bits: a hash, keyed with the system's randomness, of values that differ each time. It includes time and
/// process, because a copy of a process, or of a machine, has the same keys.
fn random(part: u8) -> u64 {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u8(part);
    hasher.write_u64(COUNTER.fetch_add(1, Ordering::Relaxed));
    hasher.write_u32(std::process::id());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    hasher.write_u128(now.unwrap_or_default().as_nanos());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_are_uuids_and_never_the_same() {
        let keys: BTreeSet<String> = (0..10_000).map(|_| new_key()).collect();
        assert_eq!(keys.len(), 10_000);
        let mut seen = [0_u128; 2];
        for key in &keys {
            let lengths: Vec<usize> = key.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
            assert_eq!(&key[14..15], "4", "{key}");
            assert!(matches!(&key[19..20], "8" | "9" | "a" | "b"), "{key}");
            let bits = u128::from_str_radix(&key.replace('-', ""), 16).unwrap();
            seen = [seen[0] | bits, seen[1] | !bits];
        }
        // Every other bit is now one and now zero.
        assert_eq!(seen[0] & seen[1], !(0xf << 76) & !(0x3 << 62));
    }

    #[test]
    fn the_callers_key_stays() {
        let mut key = Some("mine".to_owned());
        fill_key(&mut key);
        assert_eq!(key.as_deref(), Some("mine"));
        let (mut one, mut other) = (None, None);
        fill_key(&mut one);
        fill_key(&mut other);
        assert!(one.is_some());
        assert_ne!(one, other);
    }

    #[test]
    fn what_is_filled_in() {
        assert!(!is_filled(&None::<String>));
        assert!(!is_filled(&Some(String::new())));
        assert!(is_filled(&Some("x".to_owned())));
        assert!(is_filled(&Some(7_i64)));
    }
}
