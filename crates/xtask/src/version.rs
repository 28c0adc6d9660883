//! Version numbers as tools print them.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Reads `1.2.3` or `v1.2.3`; anything else, pre-releases included, is no version here.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.').map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        });
        let version = Self::new(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }

    /// Finds the version in what `tool --version` prints: `0.8.7`, `wasm-bindgen 0.2.129 (…)`.
    pub(crate) fn find(output: &str) -> Option<Self> {
        output.split_whitespace().find_map(Self::parse)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_tools_print() {
        assert_eq!(Version::find("v20.19.5\n"), Some(Version::new(20, 19, 5)));
        assert_eq!(Version::find("0.8.7\n"), Some(Version::new(0, 8, 7)));
        assert_eq!(
            Version::find("wasm-bindgen 0.2.129 (abcdef012 2026-01-01)"),
            Some(Version::new(0, 2, 129))
        );
    }

    #[test]
    fn refuses_what_is_no_plain_version() {
        for text in ["", "v", "1.2", "1.2.3.4", "1.2.x", "1.2.3-beta.1", "+1.2.3", "1..3", "99999999999.0.0"]
        {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn orders_by_number_not_by_text() {
        assert!(Version::new(20, 9, 0) < Version::new(20, 19, 0));
        assert!(Version::new(9, 99, 99) < Version::new(20, 0, 0));
        assert_eq!(Version::new(20, 19, 0).to_string(), "20.19.0");
    }
}
