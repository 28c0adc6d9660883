//! Numbers by name.

/// A sorted list: a tree as the standard library has it is 3 KB of WebAssembly, and there are never so many names that moving them
/// takes long (`limit`, `MAX_SHAPES`).
#[derive(Debug, Default)]
pub(super) struct Names(Vec<(String, usize)>);

impl Names {
    pub(super) fn get(&self, name: &str) -> Option<usize> {
        let at = self.at(name).ok()?;
        self.0.get(at).map(|&(_, number)| number)
    }

    /// Gives a name its number. The one that it had before.
    pub(super) fn insert(&mut self, name: String, number: usize) -> Option<usize> {
        match self.at(&name) {
            Ok(at) => self.0.get_mut(at).map(|(_, known)| std::mem::replace(known, number)),
            Err(at) => {
                self.0.insert(at, (name, number));
                None
            }
        }
    }

    fn at(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }
}
