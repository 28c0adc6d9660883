//! Schema documents: which resources they hold, and what their names are.

use std::rc::Rc;

use super::meta::METASCHEMAS;
use super::names::Names;
use super::uri::{decode, resolve, split_fragment};
use crate::json::Tree;
use crate::pointer::escape_token;
use crate::table::read_tree;

/// A version of JSON Schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// Draft 2020-12.
    #[default]
    Draft202012,
    /// Draft 7.
    Draft7,
}

impl Dialect {
    fn named(uri: &str) -> Option<Self> {
        let rest = uri.strip_suffix('#').unwrap_or(uri).strip_prefix("http")?;
        match rest.strip_prefix('s').unwrap_or(rest) {
            "://json-schema.org/draft/2020-12/schema" => Some(Self::Draft202012),
            "://json-schema.org/draft-07/schema" => Some(Self::Draft7),
            _ => None,
        }
    }
}

/// How many schemas a document may bring in with all that it refers to.
pub(super) const MAX_SCHEMAS: usize = 1 << 14;

/// What the names of the specification's own vocabularies begin with.
const VOCABULARIES: &str = "https://json-schema.org/draft/2020-12/vocab/";

const UNKNOWN_DIALECT: &str = "only draft 2020-12 and draft 7 are implemented";

pub(super) type ResourceId = usize;

/// A schema with a URI of its own: a document, or a part of one that has an `$id`.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) uri: String,
    document: usize,
    pointer: String,
    pub(super) dialect: Dialect,
    /// Whether the keywords of the validation vocabulary assert anything.
    pub(super) validates: bool,
}

/// Where a schema stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) document: usize,
    /// JSON Pointer within the document.
    pub(super) pointer: String,
}

impl Place {
    /// A text of its own for every place, to find it by.
    pub(super) fn key(&self) -> String {
        format!("{}{}", self.document, self.pointer)
    }

    pub(super) fn within(&self, tokens: &[&str]) -> Self {
        let mut pointer = self.pointer.clone();
        for token in tokens {
            pointer.push('/');
            pointer.push_str(&escape_token(token));
        }
        Self { document: self.document, pointer }
    }
}

/// All documents, by the names that references use.
#[derive(Debug, Default)]
pub(super) struct Documents {
    trees: Vec<Rc<Tree>>,
    pub(super) resources: Vec<Resource>,
    /// By the key of their place.
    roots: Names,
    uris: Names,
    /// By the number of their resource and their name, as the number of their place.
    anchors: Names,
    places: Vec<Place>,
    /// With their resource: a `$dynamicRef` may lead to any of its name.
    pub(super) dynamic_anchors: Vec<(String, ResourceId, Place)>,
    /// The first mistake in what was added.
    mistake: Option<String>,
}

impl Documents {
    /// Reads a document and registers all that it names.
    pub(super) fn add(&mut self, uri: &str, text: &[u8], dialect: Dialect) -> Result<(), String> {
        self.add_tree(uri, read_tree(text)?, dialect).map(drop)
    }

    /// Registers a document that has been read, and all that it names. Gives its root.
    pub(super) fn add_tree(&mut self, uri: &str, tree: Tree, dialect: Dialect) -> Result<Place, String> {
        let root = Place { document: self.trees.len(), pointer: String::new() };
        let tree = Rc::new(tree);
        self.trees.push(Rc::clone(&tree));
        let resource = self.resource(&tree, split_fragment(uri).0.to_owned(), &root, (dialect, true));
        self.register(&tree, &root, resource);
        // Its own `$id` may have given it another name; it goes by both.
        let named = self.resource_of(&root);
        self.uris.insert(split_fragment(uri).0.to_owned(), named);
        self.mistake.take().map_or(Ok(root), Err)
    }

    fn refuse(&mut self, place: &Place, reason: &str) {
        self.mistake.get_or_insert_with(|| format!("{}{reason}", place.pointer));
    }

    fn resource(
        &mut self,
        tree: &Tree,
        uri: String,
        place: &Place,
        inherited: (Dialect, bool),
    ) -> ResourceId {
        let schema = tree.member("$schema").and_then(Tree::as_str);
        let (dialect, validates) =
            schema.map_or(Ok(inherited), |schema| self.dialect(schema)).unwrap_or_else(|reason| {
                self.refuse(place, &format!("/$schema: {reason}"));
                inherited
            });
        let id = self.resources.len();
        self.limit(id, place);
        let Place { document, pointer } = place.clone();
        self.resources.push(Resource { uri: uri.clone(), document, pointer, dialect, validates });
        self.roots.insert(place.key(), id);
        if self.uris.get(&uri).is_none() {
            self.uris.insert(uri, id);
        }
        id
    }

    /// The dialect that a `$schema` names: one of ours, or a metaschema registered beforehand.
    fn dialect(&self, schema: &str) -> Result<(Dialect, bool), String> {
        if let Some(dialect) = Dialect::named(schema) {
            return Ok((dialect, true));
        }
        let id = self.uris.get(schema.strip_suffix('#').unwrap_or(schema));
        let metaschema = id.and_then(|id| self.resources.get(id)).ok_or(UNKNOWN_DIALECT)?;
        let tree = self.trees.get(metaschema.document).and_then(|tree| tree.at(&metaschema.pointer));
        let Some(Tree::Object(vocabularies)) = tree.and_then(|tree| tree.member("$vocabulary")) else {
            return Ok((metaschema.dialect, true));
        };
        let mut validates = false;
        for (name, needed) in vocabularies {
            let own = name.strip_prefix(VOCABULARIES);
            if matches!(needed, Tree::Bool(true)) && own.is_none() {
                return Err(format!("the vocabulary {name} is needed and not implemented"));
            }
            validates |= own == Some("validation");
        }
        Ok((metaschema.dialect, validates))
    }

    /// Registers the names in a schema and in those within. As deep as JSON may nest, which is limited.
    fn register(&mut self, tree: &Tree, place: &Place, resource: ResourceId) {
        let Tree::Object(keywords) = tree else { return };
        if self.mistake.is_some() {
            return;
        }
        let resource = self.identify(tree, place, resource);
        for (keyword, value) in keywords {
            match (subschemas(keyword), value) {
                (Subschemas::One, Tree::Object(_)) => {
                    self.register(value, &place.within(&[keyword]), resource);
                }
                (Subschemas::One | Subschemas::List, Tree::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        self.register(item, &place.within(&[keyword, &format!("{index}")]), resource);
                    }
                }
                (Subschemas::Map, Tree::Object(members)) => {
                    for (name, member) in members {
                        self.register(member, &place.within(&[keyword, name]), resource);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes note of `$id` and anchors, and gives the resource to which the schema belongs.
    fn identify(&mut self, tree: &Tree, place: &Place, mut resource: ResourceId) -> ResourceId {
        let Some(parent) = self.resources.get(resource) else { return resource };
        let inherited = (parent.dialect, parent.validates);
        let draft7 = parent.dialect == Dialect::Draft7;
        // In draft 7 a reference makes everything beside it void.
        if draft7 && tree.member("$ref").is_some() && !place.pointer.is_empty() {
            return resource;
        }
        if let Some(id) = tree.member("$id").and_then(Tree::as_str) {
            let uri = resolve(&parent.uri, id);
            let (uri, fragment) = split_fragment(&uri);
            if !id.starts_with('#') {
                let known = self.uris.get(uri).and_then(|id| self.resources.get(id));
                if known
                    .is_some_and(|known| (known.document, &known.pointer) != (place.document, &place.pointer))
                {
                    self.refuse(place, "/$id: another schema has this URI");
                }
                let new = self.resource(tree, uri.to_owned(), place, inherited);
                self.uris.insert(uri.to_owned(), new);
                resource = new;
            }
            if let Some(name) = fragment.filter(|name| draft7 && !name.is_empty()) {
                self.anchor(resource, name, place);
            }
        }
        for (keyword, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
            if let Some(name) = tree.member(keyword).and_then(Tree::as_str).filter(|_| !draft7) {
                self.anchor(resource, name, place);
                if dynamic {
                    self.dynamic_anchors.push((name.to_owned(), resource, place.clone()));
                }
            }
        }
        resource
    }

    fn anchor(&mut self, resource: ResourceId, name: &str, place: &Place) {
        let known = self.anchors.insert(format!("{resource}#{name}"), self.places.len());
        if known.is_some_and(|known| self.places.get(known) != Some(place)) {
            self.refuse(place, &format!(": another schema has the anchor `{name}`"));
        }
        self.limit(self.places.len(), place);
        self.places.push(place.clone());
    }

    fn limit(&mut self, count: usize, place: &Place) {
        if count > MAX_SCHEMAS {
            self.refuse(place, &format!(": more than {MAX_SCHEMAS} schemas"));
        }
    }

    /// The document that a place is in.
    pub(super) fn document(&self, place: &Place) -> Option<Rc<Tree>> {
        self.trees.get(place.document).cloned()
    }

    /// The resource that a place belongs to: the nearest above it.
    pub(super) fn resource_of(&self, place: &Place) -> ResourceId {
        let mut place = place.clone();
        loop {
            if let Some(resource) = self.roots.get(&place.key()) {
                return resource;
            }
            match place.pointer.bytes().rposition(|byte| byte == b'/') {
                Some(end) => place.pointer.truncate(end),
                None => return 0,
            }
        }
    }

    /// Where a reference in a resource leads. `None` where it leads nowhere: nothing is ever fetched.
    pub(super) fn find(&mut self, from: ResourceId, reference: &str) -> Option<Place> {
        let uri = resolve(&self.resources.get(from)?.uri, reference);
        let (base, fragment) = split_fragment(&uri);
        let id = if let Some(id) = self.uris.get(base) {
            id
        } else {
            let &(uri, text) = METASCHEMAS.iter().find(|(uri, _)| *uri == base)?;
            self.add(uri, text.as_bytes(), Dialect::Draft202012).ok()?;
            self.uris.get(uri)?
        };
        let resource = self.resources.get(id)?;
        let root = Place { document: resource.document, pointer: resource.pointer.clone() };
        let fragment = decode(fragment.unwrap_or_default());
        if fragment.is_empty() {
            Some(root)
        } else if fragment.starts_with('/') {
            let place = Place { pointer: format!("{}{fragment}", root.pointer), ..root };
            self.document(&place)?.at(&place.pointer).is_some().then_some(place)
        } else {
            self.places.get(self.anchors.get(&format!("{id}#{fragment}"))?).cloned()
        }
    }
}

/// How a keyword holds schemas.
enum Subschemas {
    None,
    One,
    List,
    Map,
}

fn subschemas(keyword: &str) -> Subschemas {
    match keyword {
        "additionalItems"
        | "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "items"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Subschemas::One,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Subschemas::List,
        "$defs" | "definitions" | "dependencies" | "dependentSchemas" | "patternProperties"
        | "properties" => Subschemas::Map,
        _ => Subschemas::None,
    }
}
