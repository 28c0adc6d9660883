use super::Schema;
use crate::json::Tree;
use crate::misuse::Misuse;

/// A schema as a configuration holds it: in place, or as a string with its text.
#[derive(Debug)]
pub struct RawSchema {
    /// Where it stands in the configuration.
    place: String,
    tree: Tree,
}

impl RawSchema {
    pub(crate) fn new(place: String, tree: Tree) -> Self {
        Self { place, tree }
    }

    /// The string, where it is one.
    pub fn text(&self) -> Option<&str> {
        self.tree.as_str()
    }

    /// Compiles it.
    ///
    /// # Errors
    /// [`Misuse::SchemaInvalid`] with the JSON Pointer of its place in the configuration, and that of
    /// what cannot be honoured within the schema.
    pub fn compile(self) -> Result<Schema, Misuse> {
        let compiled = match self.tree {
            Tree::String(text) => Schema::compile(&text),
            tree => Schema::compile_tree(tree),
        };
        compiled.map_err(|misuse| match misuse {
            Misuse::SchemaInvalid(reason) => Misuse::SchemaInvalid(format!("{}: {reason}", self.place)),
            other => other,
        })
    }
}
