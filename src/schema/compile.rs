//! From the text of a schema to its table of nodes. Nothing recurses: each schema that is met is given
//! its node and waits in a row.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::constant::fingerprint;
use super::cycle::check_cycles;
use super::document::{Dialect, Documents, Place};
use super::format;
use super::node::{Bounds, Constants, Contains, InPlace, Member, Node, NodeId, Program};
use super::outline::outline;
use super::regex::Pattern;
use super::{SchemaOptions, keyword};
use crate::json::{Decimal, Tree, Types, sorted_keys};

/// How many schemas a document may bring in with all that it refers to.
const MAX_SCHEMAS: usize = 1 << 14;
/// How large all patterns of a schema may be together, in states of their automata: about 16 bytes each.
const MAX_PATTERN_SIZE: usize = 1 << 20;

/// The compiled form. Errors begin with the JSON Pointer of the place.
pub(super) fn compile(tree: Tree, options: &SchemaOptions) -> Result<Program, String> {
    let mut documents = Documents::default();
    for (uri, text) in &options.resources {
        documents.add(uri, text, options.default_dialect).map_err(|error| format!("{uri}: {error}"))?;
    }
    let root = documents.add_tree("", tree, options.default_dialect)?;
    let mut compiler = Compiler {
        documents,
        options,
        program: Program::default(),
        ids: BTreeMap::new(),
        waiting: Vec::new(),
        dynamic_names: Vec::new(),
        pattern_size: 0,
    };
    compiler.node(root);
    compiler.run()?;
    check_cycles(&compiler.program.nodes)?;
    let mut program = compiler.program;
    program.outline = outline(&program);
    Ok(program)
}

struct Compiler<'o> {
    documents: Documents,
    options: &'o SchemaOptions,
    program: Program,
    /// By the key of their place.
    ids: BTreeMap<String, NodeId>,
    waiting: Vec<(NodeId, Place)>,
    dynamic_names: Vec<String>,
    /// How large all patterns are together.
    pattern_size: usize,
}

impl Compiler<'_> {
    /// The node of the schema at a place; it is compiled when its turn comes.
    fn node(&mut self, place: Place) -> NodeId {
        if let Some(&id) = self.ids.get(&place.key()) {
            return id;
        }
        let id = self.program.nodes.len();
        self.program.nodes.push(Node::default());
        self.ids.insert(place.key(), id);
        self.waiting.push((id, place));
        id
    }

    fn run(&mut self) -> Result<(), String> {
        while !self.waiting.is_empty() {
            while !self.waiting.is_empty() {
                for (id, place) in std::mem::take(&mut self.waiting) {
                    self.fill(id, &place)?;
                }
            }
            self.dynamic_anchors();
        }
        Ok(())
    }

    fn fill(&mut self, id: NodeId, place: &Place) -> Result<(), String> {
        if self.program.nodes.len() > MAX_SCHEMAS {
            return Err(format!("{}: more than {MAX_SCHEMAS} schemas", place.pointer));
        }
        let node = self.schema(place)?;
        if let Some(slot) = self.program.nodes.get_mut(id) {
            *slot = node;
        }
        Ok(())
    }

    /// Every anchor that a `$dynamicRef` may lead to: those of the resources that are reached at all.
    fn dynamic_anchors(&mut self) {
        for (number, name) in self.dynamic_names.clone().iter().enumerate() {
            let nodes = &self.program.nodes;
            let reached = |resource: usize| nodes.iter().any(|node| node.resource == resource);
            let anchors = self.documents.dynamic_anchors.iter();
            let anchors = anchors.filter(|(known, resource, _)| known == name && reached(*resource));
            let anchors: Vec<_> = anchors.map(|(_, resource, place)| (*resource, place.clone())).collect();
            let anchors = anchors.into_iter().map(|(resource, place)| (resource, self.node(place))).collect();
            if let Some(known) = self.program.dynamic_anchors.get_mut(number) {
                *known = anchors;
            }
        }
    }

    fn schema(&mut self, place: &Place) -> Result<Node, String> {
        let resource = self.documents.resource_of(place);
        let document = self.documents.document(place);
        let tree = document.as_ref().and_then(|document| document.at(&place.pointer));
        let uri = self.documents.resources.get(resource).map_or("", |resource| resource.uri.as_str());
        let shown = if place.document == self.options.resources.len() { "" } else { uri };
        let mut node = Node { place: format!("{shown}#{}", place.pointer), resource, ..Node::default() };
        match tree {
            Some(Tree::Bool(true)) => {}
            Some(Tree::Bool(false)) => node.refuses_as = Some(keyword::above(&place.pointer)),
            Some(tree @ Tree::Object(keywords)) => self.keywords(&mut node, place, tree, keywords)?,
            Some(tree) => return Err(wrong(&place.pointer, "a schema is an object or a boolean", tree)),
            None => return Err(format!("{}: there is no schema", place.pointer)),
        }
        Ok(node)
    }

    fn keywords(
        &mut self,
        node: &mut Node,
        place: &Place,
        tree: &Tree,
        keywords: &[(String, Tree)],
    ) -> Result<(), String> {
        let resource = self.documents.resources.get(node.resource);
        let (dialect, validates) =
            resource.map_or((Dialect::default(), true), |resource| (resource.dialect, resource.validates));
        if dialect == Dialect::Draft7
            && let Some(reference) = tree.member("$ref")
        {
            return self.reference(node, &place.within(&["$ref"]), reference);
        }
        for (name, value) in keywords {
            let at = place.within(&[name]);
            let mut here = Keyword { compiler: self, node, place, at: &at, tree, value, dialect };
            let known = here.assertion(name, validates)? || here.applicator(name)?;
            if known || keyword::asserts_nothing(name, dialect) || self.options.annotate_unknown_keywords {
                continue;
            }
            return Err(keyword::unknown(&at.pointer, name));
        }
        Ok(())
    }

    fn reference(&mut self, node: &mut Node, at: &Place, value: &Tree) -> Result<(), String> {
        let target = self.target(node, at, value)?;
        let target = self.node(target);
        node.in_place.push(InPlace::Must(target));
        Ok(())
    }

    fn dynamic_reference(&mut self, node: &mut Node, at: &Place, value: &Tree) -> Result<(), String> {
        let target = self.target(node, at, value)?;
        let default = self.node(target.clone());
        let name =
            value.as_str().and_then(|reference| reference.split_once('#')).map_or("", |(_, name)| name);
        let document = self.documents.document(&target);
        let anchor =
            document.as_ref().and_then(|document| document.at(&target.pointer)?.member("$dynamicAnchor"));
        if anchor.and_then(Tree::as_str) != Some(name) {
            node.in_place.push(InPlace::Must(default));
            return Ok(());
        }
        let number = self.dynamic_names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.dynamic_names.push(name.to_owned());
            self.program.dynamic_anchors.push(Vec::new());
            self.dynamic_names.len().saturating_sub(1)
        });
        node.in_place.push(InPlace::DynamicRef { name: number, default });
        Ok(())
    }

    fn pattern(&mut self, source: &str, at: &str) -> Result<Pattern, String> {
        let pattern = Pattern::new(source).map_err(|reason| format!("{at}: {reason}"))?;
        self.pattern_size = self.pattern_size.saturating_add(pattern.size());
        if self.pattern_size > MAX_PATTERN_SIZE {
            return Err(format!("{at}: the patterns of the schema are too large together"));
        }
        Ok(pattern)
    }

    fn target(&mut self, node: &Node, at: &Place, value: &Tree) -> Result<Place, String> {
        let Place { pointer, .. } = at;
        let reference = value.as_str().ok_or_else(|| wrong(pointer, "a reference is a string", value))?;
        let found = self.documents.find(node.resource, reference);
        found.ok_or_else(|| format!("{pointer}: `{reference}` leads to no schema that is registered"))
    }
}

/// One keyword of one schema, on its way into the node.
struct Keyword<'k, 'o> {
    compiler: &'k mut Compiler<'o>,
    node: &'k mut Node,
    place: &'k Place,
    at: &'k Place,
    tree: &'k Tree,
    value: &'k Tree,
    dialect: Dialect,
}

impl Keyword<'_, '_> {
    /// Keywords of the validation vocabulary, and `format`. Whether it was one.
    fn assertion(&mut self, name: &str, validates: bool) -> Result<bool, String> {
        let at = &self.at.pointer;
        let (node, value) = (&mut *self.node, self.value);
        if !validates && keyword::VALIDATION.contains(&name) {
            return Ok(true);
        }
        match name {
            "type" => node.types = Some(types(value, at)?),
            "const" => node.constants.push(constants("const", std::slice::from_ref(value), at)?),
            "enum" => node.constants.push(constants("enum", array(value, at)?, at)?),
            "multipleOf" => {
                let divisor = decimal(value, at)?.divisor();
                let reason = "expected a number above zero with at most 18 digits";
                node.number.multiple_of = Some(divisor.ok_or_else(|| format!("{at}: {reason}"))?);
            }
            "minimum" => node.number.minimum = Some(decimal(value, at)?),
            "maximum" => node.number.maximum = Some(decimal(value, at)?),
            "exclusiveMinimum" => node.number.exclusive_minimum = Some(decimal(value, at)?),
            "exclusiveMaximum" => node.number.exclusive_maximum = Some(decimal(value, at)?),
            "minLength" => node.string.length.min = Some(count(value, at)?),
            "maxLength" => node.string.length.max = Some(count(value, at)?),
            "pattern" => {
                let pattern = self.compiler.pattern(text(value, at)?, at)?;
                self.node.string.pattern = Some(pattern);
            }
            "minItems" => node.array.count.min = Some(count(value, at)?),
            "maxItems" => node.array.count.max = Some(count(value, at)?),
            "uniqueItems" => node.array.unique = boolean(value, at)?,
            "minContains" | "maxContains" => {
                count(value, at)?;
            }
            "minProperties" => node.object.count.min = Some(count(value, at)?),
            "maxProperties" => node.object.count.max = Some(count(value, at)?),
            "required" => {
                for name in names(value, at)? {
                    let slot = slot(node, name);
                    node.object.required.push(slot);
                }
            }
            "dependentRequired" => {
                for (name, needed) in members(value, at)? {
                    dependent_required(node, name, names(needed, at)?);
                }
            }
            "format" => {
                let name = text(value, at)?;
                if self.compiler.options.assert_format {
                    node.string.format = format::named(name);
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Keywords that hold schemas or lead to them. Whether it was one.
    fn applicator(&mut self, name: &str) -> Result<bool, String> {
        let modern = self.dialect == Dialect::Draft202012;
        match name {
            "$ref" => self.compiler.reference(self.node, self.at, self.value)?,
            "$dynamicRef" if modern => self.compiler.dynamic_reference(self.node, self.at, self.value)?,
            "$defs" | "definitions" => {
                self.map()?;
            }
            "allOf" => {
                let schemas = self.list()?;
                self.node.in_place.extend(schemas.into_iter().map(InPlace::Must));
            }
            "anyOf" => {
                let schemas = self.list()?;
                self.node.in_place.push(InPlace::AnyOf(schemas));
            }
            "oneOf" => {
                let schemas = self.list()?;
                self.node.in_place.push(InPlace::OneOf(schemas));
            }
            "not" => {
                let schema = self.one();
                self.node.in_place.push(InPlace::Not(schema));
            }
            "if" => {
                let condition = self.one();
                let mut branch = |name: &str| {
                    let place = self.place.within(&[name]);
                    self.tree.member(name).map(|_| self.compiler.node(place))
                };
                let (then, otherwise) = (branch("then"), branch("else"));
                self.node.in_place.push(InPlace::If { condition, then, otherwise });
            }
            "then" | "else" | "contentSchema" => {
                self.one();
            }
            "dependentSchemas" if modern => {
                for (name, schema) in self.map()? {
                    let slot = slot(self.node, &name);
                    self.node.in_place.push(InPlace::Dependent(slot, schema));
                }
            }
            "dependencies" => self.dependencies()?,
            "properties" => {
                for (name, schema) in self.map()? {
                    member(self.node, &name).node = Some(schema);
                }
            }
            "patternProperties" => {
                for (source, schema) in self.map()? {
                    let pattern = self.compiler.pattern(&source, &self.at.within(&[&source]).pointer)?;
                    self.node.object.patterns.push((pattern, schema));
                }
            }
            "additionalProperties" => self.node.object.additional = Some(self.one()),
            "propertyNames" => self.node.object.names = Some(self.one()),
            "unevaluatedProperties" if modern => self.node.object.unevaluated = Some(self.one()),
            "unevaluatedItems" if modern => self.node.array.unevaluated = Some(self.one()),
            "prefixItems" if modern => self.node.array.prefix = self.list()?,
            "items" if !modern && matches!(self.value, Tree::Array(_)) => {
                self.node.array.prefix = self.schemas()?;
            }
            "items" => self.node.array.items = Some(self.one()),
            "additionalItems" if !modern => {
                let schema = self.one();
                if matches!(self.tree.member("items"), Some(Tree::Array(_))) {
                    self.node.array.items = Some(schema);
                }
            }
            "contains" => {
                let node = self.one();
                let bound = |name: &str| match self.tree.member(name).filter(|_| modern) {
                    Some(value) => count(value, &self.place.within(&[name]).pointer).map(Some),
                    None => Ok(None),
                };
                let count =
                    Bounds { min: Some(bound("minContains")?.unwrap_or(1)), max: bound("maxContains")? };
                self.node.array.contains = Some(Contains { node, count, evaluates: modern });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn one(&mut self) -> NodeId {
        self.compiler.node(self.at.clone())
    }

    /// At least one schema.
    fn list(&mut self) -> Result<Vec<NodeId>, String> {
        filled(self.value, &self.at.pointer)?;
        self.schemas()
    }

    fn schemas(&mut self) -> Result<Vec<NodeId>, String> {
        let count = array(self.value, &self.at.pointer)?.len();
        Ok((0..count).map(|index| self.compiler.node(self.at.within(&[&index.to_string()]))).collect())
    }

    fn map(&mut self) -> Result<Vec<(String, NodeId)>, String> {
        let members = members(self.value, &self.at.pointer)?;
        let schemas =
            members.iter().map(|(name, _)| (name.clone(), self.compiler.node(self.at.within(&[name]))));
        Ok(schemas.collect())
    }

    /// Draft 7: names that must be there as well, or a schema.
    fn dependencies(&mut self) -> Result<(), String> {
        for (name, value) in members(self.value, &self.at.pointer)? {
            if let Tree::Array(_) = value {
                dependent_required(self.node, name, names(value, &self.at.pointer)?);
            } else {
                let schema = self.compiler.node(self.at.within(&[name]));
                let slot = slot(self.node, name);
                self.node.in_place.push(InPlace::Dependent(slot, schema));
            }
        }
        Ok(())
    }
}

fn dependent_required(node: &mut Node, name: &str, needed: Vec<&str>) {
    let slot_of_name = slot(node, name);
    let needed = needed.into_iter().map(|name| slot(node, name)).collect();
    node.object.dependent_required.push((slot_of_name, needed));
}

/// The number of a property whose presence matters.
fn slot(node: &mut Node, name: &str) -> usize {
    let free = node.object.slots;
    let slot = *member(node, name).slot.get_or_insert(free);
    node.object.slots = free.max(slot.saturating_add(1));
    slot
}

fn member<'n>(node: &'n mut Node, name: &str) -> &'n mut Member {
    let members = &mut node.object.members;
    let at = members.binary_search_by(|member| member.name.as_str().cmp(name)).unwrap_or_else(|at| {
        members.insert(at, Member { name: name.to_owned(), node: None, slot: None });
        at
    });
    #[expect(clippy::indexing_slicing, reason = "found or inserted a line above")]
    &mut members[at]
}

fn types(value: &Tree, at: &str) -> Result<Types, String> {
    let single = std::slice::from_ref(value);
    let names = if let Tree::Array(_) = value { filled(value, at)? } else { single };
    names.iter().try_fold(Types::NONE, |types, name| {
        let one = name.as_str().and_then(Types::named);
        Ok(types.and(one.ok_or_else(|| format!("{at}: expected the name of a JSON type"))?))
    })
}

fn constants(keyword: &'static str, values: &[Tree], at: &str) -> Result<Constants, String> {
    let value = |(at, value)| Some((Cow::Owned(fingerprint(value)?), at));
    let allowed: Option<Vec<_>> = values.iter().enumerate().map(value).collect();
    let allowed = allowed.ok_or_else(|| format!("{at}: a number is longer or larger than can be judged"))?;
    let allowed = sorted_keys(allowed).into_iter().map(|(value, _)| value.into_owned()).collect();
    Ok(Constants { keyword, allowed })
}

fn decimal(value: &Tree, at: &str) -> Result<Decimal, String> {
    let Tree::Number(text) = value else { return Err(wrong(at, "expected a number", value)) };
    let decimal = Decimal::parse(text.as_bytes());
    decimal.ok_or_else(|| format!("{at}: the number is longer or larger than can be judged"))
}

/// An integer from zero on; `2.0` is one.
fn count(value: &Tree, at: &str) -> Result<usize, String> {
    let decimal = decimal(value, at)?;
    decimal.to_count().ok_or_else(|| format!("{at}: expected a count"))
}

fn boolean(value: &Tree, at: &str) -> Result<bool, String> {
    match value {
        Tree::Bool(value) => Ok(*value),
        _ => Err(wrong(at, "expected a boolean", value)),
    }
}

fn text<'t>(value: &'t Tree, at: &str) -> Result<&'t str, String> {
    value.as_str().ok_or_else(|| wrong(at, "expected a string", value))
}

fn names<'t>(value: &'t Tree, at: &str) -> Result<Vec<&'t str>, String> {
    array(value, at)?.iter().map(|name| text(name, at)).collect()
}

fn members<'t>(value: &'t Tree, at: &str) -> Result<&'t [(String, Tree)], String> {
    match value {
        Tree::Object(members) => Ok(members),
        _ => Err(wrong(at, "expected an object", value)),
    }
}

fn array<'t>(value: &'t Tree, at: &str) -> Result<&'t [Tree], String> {
    match value {
        Tree::Array(items) => Ok(items),
        _ => Err(wrong(at, "expected an array", value)),
    }
}

fn filled<'t>(value: &'t Tree, at: &str) -> Result<&'t [Tree], String> {
    match array(value, at)? {
        [] => Err(format!("{at}: the array is empty")),
        items => Ok(items),
    }
}

fn wrong(at: &str, expected: &str, found: &Tree) -> String {
    let at = if at.is_empty() { "/" } else { at };
    format!("{at}: {expected}, found {}", found.type_name())
}
