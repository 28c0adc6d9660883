//! Remembers from what something was made, so that it is not made again for nothing.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A fingerprint over files and words. It guards against stale output, not against people, and
/// may change with the compiler: the cost is one build too many.
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub(crate) fn new() -> Self {
        Self(DefaultHasher::new())
    }

    pub(crate) fn word(mut self, word: &str) -> Self {
        word.hash(&mut self.0);
        self
    }

    /// Adds a file's content; a file that is not there counts as such.
    pub(crate) fn file(mut self, path: &Path) -> Self {
        fs::read(path).ok().hash(&mut self.0);
        self
    }

    pub(crate) fn finish(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// A file that holds the fingerprint of the last success.
pub(crate) struct Stamp(PathBuf);

impl Stamp {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn matches(&self, fingerprint: &str) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|text| text.trim_end() == fingerprint)
    }

    pub(crate) fn write(&self, fingerprint: &str) -> Result<(), Failure> {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&self.0, format!("{fingerprint}\n")))
            .map_err(|error| Failure::new(format!("could not write {}: {error}.", self.0.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a scratch folder");
        folder
    }

    #[test]
    fn a_stamp_matches_only_what_it_was_written_for() {
        let folder = scratch("match");
        let stamp = Stamp::at(folder.join("not/yet/there"));
        assert!(!stamp.matches("one"));
        stamp.write("one").unwrap();
        assert!(stamp.matches("one"));
        assert!(!stamp.matches("two"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_fingerprint_sees_content_words_and_absence() {
        let folder = scratch("fingerprint");
        let file = folder.join("input");
        let take = || Fingerprint::new().word("1.0").file(&file).finish();
        let absent = take();
        fs::write(&file, "").unwrap();
        let empty = take();
        fs::write(&file, "content").unwrap();
        let full = take();
        assert!(absent != empty && empty != full && absent != full);
        assert_eq!(full, take());
        assert_ne!(full, Fingerprint::new().word("1.1").file(&file).finish());
        fs::remove_dir_all(folder).unwrap();
    }
}
