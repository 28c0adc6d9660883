//! From the text of a schema to its table of nodes. Nothing recurses: each schema that is met is given
//! its node and waits in a row.

mod values;

use super::cycle::check_cycles;
use super::document::{Dialect, Documents, MAX_SCHEMAS, Place};
use super::format;
use super::names::Names;
use super::node::{Bounds, Contains, InPlace, Member, Node, NodeId, Program};
use super::outline::outline;
use super::regex::Pattern;
use super::{SchemaOptions, keyword};
use crate::json::Tree;

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
        ids: Names::default(),
        waiting: Vec::new(),
        dynamic_names: Vec::new(),
        pattern_size: 0,
        mistake: None,
    };
    compiler.node(root);
    compiler.run();
    let Compiler { mut program, mistake, .. } = compiler;
    if let Some(mistake) = mistake {
        return Err(mistake);
    }
    check_cycles(&program.nodes)?;
    program.outline = outline(&program);
    Ok(program)
}

struct Compiler<'o> {
    documents: Documents,
    options: &'o SchemaOptions,
    program: Program,
    /// By the key of their place.
    ids: Names,
    waiting: Vec<(NodeId, Place)>,
    dynamic_names: Vec<String>,
    /// How large all patterns are together.
    pattern_size: usize,
    /// The first mistake. Kept until the end, with harmless values in place of what was not there: an early return after
    /// every keyword, with everything dropped that was made before, is several KB of WebAssembly.
    mistake: Option<String>,
}

impl Compiler<'_> {
    /// The node of the schema at a place; it is compiled when its turn comes.
    fn node(&mut self, place: Place) -> NodeId {
        if let Some(id) = self.ids.get(&place.key()) {
            return id;
        }
        let id = self.program.nodes.len();
        self.program.nodes.push(Node::default());
        self.ids.insert(place.key(), id);
        self.waiting.push((id, place));
        id
    }

    fn run(&mut self) {
        while !self.waiting.is_empty() {
            while !self.waiting.is_empty() {
                for (id, place) in std::mem::take(&mut self.waiting) {
                    if self.mistake.is_some() {
                        return;
                    }
                    self.fill(id, &place);
                }
            }
            self.dynamic_anchors();
        }
    }

    fn fill(&mut self, id: NodeId, place: &Place) {
        if self.program.nodes.len() > MAX_SCHEMAS {
            self.refuse(&place.pointer, &format!("more than {MAX_SCHEMAS} schemas"));
        }
        let node = self.schema(place);
        if let Some(slot) = self.program.nodes.get_mut(id) {
            *slot = node;
        }
    }

    /// Every anchor that a `$dynamicRef` may lead to: those of the resources that are reached at all.
    #[inline(never)]
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

    fn schema(&mut self, place: &Place) -> Node {
        let resource = self.documents.resource_of(place);
        let document = self.documents.document(place);
        let tree = document.as_ref().and_then(|document| document.at(&place.pointer));
        let uri = self.documents.resources.get(resource).map_or("", |resource| resource.uri.as_str());
        let shown = if place.document == self.options.resources.len() { "" } else { uri };
        let mut node = Node { place: format!("{shown}#{}", place.pointer), resource, ..Node::default() };
        match tree {
            Some(Tree::Bool(true)) => {}
            Some(Tree::Bool(false)) => node.refuses_as = Some(keyword::above(&place.pointer)),
            Some(tree @ Tree::Object(keywords)) => self.keywords(&mut node, place, tree, keywords),
            Some(tree) => self.wrong(&place.pointer, "a schema is an object or a boolean", tree),
            None => self.refuse(&place.pointer, "there is no schema"),
        }
        node
    }

    #[inline(never)]
    fn keywords(&mut self, node: &mut Node, place: &Place, tree: &Tree, keywords: &[(String, Tree)]) {
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
            let known = here.assertion(name, validates) || here.applicator(name);
            if !(known || keyword::asserts_nothing(name, dialect) || self.options.annotate_unknown_keywords) {
                self.refuse(&at.pointer, &keyword::unknown(name));
            }
        }
    }

    fn reference(&mut self, node: &mut Node, at: &Place, value: &Tree) {
        if let Some(target) = self.target(node, at, value) {
            let target = self.node(target);
            node.in_place.push(InPlace::Must(target));
        }
    }

    #[inline(never)]
    fn dynamic_reference(&mut self, node: &mut Node, at: &Place, value: &Tree) {
        let Some(target) = self.target(node, at, value) else { return };
        let default = self.node(target.clone());
        let name =
            value.as_str().and_then(|reference| reference.split_once('#')).map_or("", |(_, name)| name);
        let document = self.documents.document(&target);
        let anchor =
            document.as_ref().and_then(|document| document.at(&target.pointer)?.member("$dynamicAnchor"));
        if anchor.and_then(Tree::as_str) != Some(name) {
            return node.in_place.push(InPlace::Must(default));
        }
        let number = self.dynamic_names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.dynamic_names.push(name.to_owned());
            self.program.dynamic_anchors.push(Vec::new());
            self.dynamic_names.len().saturating_sub(1)
        });
        node.in_place.push(InPlace::DynamicRef { name: number, default });
    }

    fn pattern(&mut self, source: &str, at: &str) -> Option<Pattern> {
        let pattern = Pattern::new(source).map_err(|reason| self.refuse(at, &reason)).ok()?;
        self.pattern_size = self.pattern_size.saturating_add(pattern.size());
        if self.pattern_size > MAX_PATTERN_SIZE {
            self.refuse(at, "the patterns of the schema are too large together");
        }
        Some(pattern)
    }

    fn target(&mut self, node: &Node, at: &Place, value: &Tree) -> Option<Place> {
        let Some(reference) = value.as_str() else {
            self.wrong(&at.pointer, "a reference is a string", value);
            return None;
        };
        let found = self.documents.find(node.resource, reference);
        if found.is_none() {
            self.refuse(&at.pointer, &format!("`{reference}` leads to no schema that is registered"));
        }
        found
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
    #[inline(never)]
    fn assertion(&mut self, name: &str, validates: bool) -> bool {
        let at = &self.at.pointer;
        let (compiler, node, value) = (&mut *self.compiler, &mut *self.node, self.value);
        if !validates && keyword::VALIDATION.contains(&name) {
            return true;
        }
        match name {
            "type" => node.types = Some(compiler.types(value, at)),
            "const" => node.constants.push(compiler.constants("const", std::slice::from_ref(value), at)),
            "enum" => {
                let values = compiler.array(value, at);
                node.constants.push(compiler.constants("enum", values, at));
            }
            "multipleOf" => {
                node.number.multiple_of = compiler.decimal(value, at).and_then(|decimal| decimal.divisor());
                if node.number.multiple_of.is_none() {
                    compiler.refuse(at, "expected a number above zero with at most 18 digits");
                }
            }
            "minimum" => node.number.minimum = compiler.decimal(value, at),
            "maximum" => node.number.maximum = compiler.decimal(value, at),
            "exclusiveMinimum" => node.number.exclusive_minimum = compiler.decimal(value, at),
            "exclusiveMaximum" => node.number.exclusive_maximum = compiler.decimal(value, at),
            "minLength" => node.string.length.min = compiler.count(value, at),
            "maxLength" => node.string.length.max = compiler.count(value, at),
            "pattern" => {
                let source = compiler.text(value, at);
                node.string.pattern = compiler.pattern(source, at);
            }
            "minItems" => node.array.count.min = compiler.count(value, at),
            "maxItems" => node.array.count.max = compiler.count(value, at),
            "uniqueItems" => node.array.unique = compiler.boolean(value, at),
            "minContains" | "maxContains" => {
                compiler.count(value, at);
            }
            "minProperties" => node.object.count.min = compiler.count(value, at),
            "maxProperties" => node.object.count.max = compiler.count(value, at),
            "required" => {
                for name in compiler.names(value, at) {
                    let slot = slot(node, name);
                    node.object.required.push(slot);
                }
            }
            "dependentRequired" => {
                for (name, needed) in compiler.members(value, at) {
                    dependent_required(node, name, compiler.names(needed, at));
                }
            }
            "format" => {
                let name = compiler.text(value, at);
                if compiler.options.assert_format {
                    node.string.format = format::named(name);
                }
            }
            _ => return false,
        }
        true
    }

    /// Keywords that hold schemas or lead to them. Whether it was one.
    #[inline(never)]
    fn applicator(&mut self, name: &str) -> bool {
        let modern = self.dialect == Dialect::Draft202012;
        match name {
            "$ref" => self.compiler.reference(self.node, self.at, self.value),
            "$dynamicRef" if modern => self.compiler.dynamic_reference(self.node, self.at, self.value),
            "$defs" | "definitions" => {
                self.map();
            }
            "allOf" => {
                let schemas = self.list();
                self.node.in_place.extend(schemas.into_iter().map(InPlace::Must));
            }
            "anyOf" => {
                let schemas = self.list();
                self.node.in_place.push(InPlace::AnyOf(schemas));
            }
            "oneOf" => {
                let schemas = self.list();
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
                for (name, schema) in self.map() {
                    let slot = slot(self.node, &name);
                    self.node.in_place.push(InPlace::Dependent(slot, schema));
                }
            }
            "dependencies" => self.dependencies(),
            "properties" => {
                for (name, schema) in self.map() {
                    member(self.node, &name).node = Some(schema);
                }
            }
            "patternProperties" => {
                for (source, schema) in self.map() {
                    let pattern = self.compiler.pattern(&source, &self.at.within(&[&source]).pointer);
                    self.node.object.patterns.extend(pattern.map(|pattern| (pattern, schema)));
                }
            }
            "additionalProperties" => self.node.object.additional = Some(self.one()),
            "propertyNames" => self.node.object.names = Some(self.one()),
            "unevaluatedProperties" if modern => self.node.object.unevaluated = Some(self.one()),
            "unevaluatedItems" if modern => self.node.array.unevaluated = Some(self.one()),
            "prefixItems" if modern => self.node.array.prefix = self.list(),
            "items" if !modern && matches!(self.value, Tree::Array(_)) => {
                self.node.array.prefix = self.schemas();
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
                let mut bound = |name: &str| {
                    let value = self.tree.member(name).filter(|_| modern)?;
                    self.compiler.count(value, &self.place.within(&[name]).pointer)
                };
                let count = Bounds { min: bound("minContains").or(Some(1)), max: bound("maxContains") };
                self.node.array.contains = Some(Contains { node, count, evaluates: modern });
            }
            _ => return false,
        }
        true
    }

    fn one(&mut self) -> NodeId {
        self.compiler.node(self.at.clone())
    }

    /// At least one schema.
    fn list(&mut self) -> Vec<NodeId> {
        self.compiler.filled(self.value, &self.at.pointer);
        self.schemas()
    }

    fn schemas(&mut self) -> Vec<NodeId> {
        let count = self.compiler.array(self.value, &self.at.pointer).len();
        (0..count).map(|index| self.compiler.node(self.at.within(&[&format!("{index}")]))).collect()
    }

    fn map(&mut self) -> Vec<(String, NodeId)> {
        let members = self.compiler.members(self.value, &self.at.pointer);
        let schemas =
            members.iter().map(|(name, _)| (name.clone(), self.compiler.node(self.at.within(&[name]))));
        schemas.collect()
    }

    /// Draft 7: names that must be there as well, or a schema.
    fn dependencies(&mut self) {
        for (name, value) in self.compiler.members(self.value, &self.at.pointer) {
            if let Tree::Array(_) = value {
                dependent_required(self.node, name, self.compiler.names(value, &self.at.pointer));
            } else {
                let schema = self.compiler.node(self.at.within(&[name]));
                let slot = slot(self.node, name);
                self.node.in_place.push(InPlace::Dependent(slot, schema));
            }
        }
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
