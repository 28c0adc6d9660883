//! How many bytes of bodies this isolate holds at once. It has 128 MB for everything, each body is there twice while it
//! is relayed, and the memory of WebAssembly never shrinks.

use std::cell::Cell;

/// More than the largest body that a source may allow.
const MOST: usize = 32 * 1024 * 1024;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// The bytes of one delivery, given back when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Bytes(usize);

impl Bytes {
    /// Takes so many bytes more, if they fit.
    pub(crate) fn take(&mut self, count: usize) -> bool {
        let held = HELD.get().saturating_add(count);
        if held > MOST {
            return false;
        }
        HELD.set(held);
        self.0 = self.0.saturating_add(count);
        true
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        HELD.set(HELD.get().saturating_sub(self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_is_given_back() {
        let (mut one, mut other) = (Bytes::default(), Bytes::default());
        assert!(one.take(MOST - 1));
        assert!(!other.take(2));
        assert!(other.take(1));
        assert!(!one.take(1));
        drop(one);
        assert!(other.take(MOST - 1));
        drop(other);
        assert!(Bytes::default().take(MOST));
    }
}
