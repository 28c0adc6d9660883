use std::collections::BTreeMap;

use super::constant::Constant;
use super::node::{Bounds, Constants, Member, Node, NodeId, Types};
use crate::json::{Decimal, Tree, parse_tree, position_of};

/// The one dialect of JSON Schema that is honoured.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Keywords that assert nothing.
const ANNOTATIONS: [&str; 9] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "examples",
    "format",
    "readOnly",
    "title",
    "writeOnly",
];

/// Keywords of draft 2020-12 that this validator does not honour yet.
const NOT_IMPLEMENTED: [&str; 26] = [
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$vocabulary",
    "anyOf",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// The table of nodes, the root first. Errors begin with the JSON Pointer of the place.
pub(super) fn compile(text: &[u8]) -> Result<Vec<Node>, String> {
    let (tree, scan) = parse_tree(text).map_err(|error| {
        let at = position_of(text, error.offset);
        format!("line {}, column {}: {}", at.line, at.column, error.kind)
    })?;
    if let Some(offset) = scan.duplicate_key {
        let at = position_of(text, offset);
        return Err(format!("line {}, column {}: the key is there twice", at.line, at.column));
    }
    let mut compiler = Compiler::default();
    compiler.schema(&tree, &mut String::new())?;
    compiler.link()
}

#[derive(Default)]
struct Compiler {
    nodes: Vec<Node>,
    /// Where each subschema stands, by JSON Pointer.
    places: BTreeMap<String, NodeId>,
    /// What applies at the same place as a node: `allOf` at once, `$ref` when all places are known.
    also: Vec<(NodeId, NodeId)>,
    references: Vec<Reference>,
}

struct Reference {
    from: NodeId,
    pointer: String,
    at: String,
}

impl Compiler {
    /// Compiles the subschema at a place, and all within.
    fn schema(&mut self, tree: &Tree, at: &mut String) -> Result<NodeId, String> {
        let id = self.nodes.len();
        self.nodes.push(Node::default());
        self.places.insert(at.clone(), id);
        let node = match tree {
            Tree::Bool(true) => Node::default(),
            Tree::Bool(false) => Node { types: Some(Types::NONE), ..Node::default() },
            Tree::Object(keywords) => {
                let mut node = Node::default();
                for (keyword, value) in keywords {
                    let length = at.len();
                    push_token(at, keyword);
                    self.keyword(id, &mut node, keyword, value, at)?;
                    at.truncate(length);
                }
                node
            }
            _ => return Err(wrong(at, "a schema is an object or a boolean", tree)),
        };
        if let Some(place) = self.nodes.get_mut(id) {
            *place = node;
        }
        Ok(id)
    }

    fn keyword(
        &mut self,
        id: NodeId,
        node: &mut Node,
        keyword: &str,
        value: &Tree,
        at: &mut String,
    ) -> Result<(), String> {
        match keyword {
            // Inside, an `$id` would begin another document, in which references lead elsewhere.
            "$id" if at == "/$id" => {}
            "$id" => return Err(format!("{at}: below the root this keyword is not implemented")),
            "$schema" if value.as_str().is_some_and(|dialect| dialect.trim_end_matches('#') == DIALECT) => {}
            "$schema" => return Err(format!("{at}: only {DIALECT} is implemented")),
            "$ref" => self.reference(id, value, at)?,
            "$defs" => {
                self.schemas(value, at)?;
            }
            "allOf" => {
                for (index, schema) in filled(value, at)?.iter().enumerate() {
                    let child = self.within(&index.to_string(), schema, at)?;
                    self.also.push((id, child));
                }
            }
            "type" => node.types = Some(types(value, at)?),
            "const" => node.constants.push(constants("const", std::slice::from_ref(value), at)?),
            "enum" => node.constants.push(constants("enum", array(value, at)?, at)?),
            "minimum" => node.number.minimum = Some(decimal(value, at)?),
            "maximum" => node.number.maximum = Some(decimal(value, at)?),
            "exclusiveMinimum" => node.number.exclusive_minimum = Some(decimal(value, at)?),
            "exclusiveMaximum" => node.number.exclusive_maximum = Some(decimal(value, at)?),
            "minLength" => node.string.min = Some(count(value, at)?),
            "maxLength" => node.string.max = Some(count(value, at)?),
            "minItems" => node.array.count.min = Some(count(value, at)?),
            "maxItems" => node.array.count.max = Some(count(value, at)?),
            "minProperties" => node.object.count.min = Some(count(value, at)?),
            "maxProperties" => node.object.count.max = Some(count(value, at)?),
            "items" => node.array.items = Some(self.schema(value, at)?),
            "additionalProperties" => node.object.additional = Some(self.schema(value, at)?),
            "properties" => {
                for (name, child) in self.schemas(value, at)? {
                    member(node, &name).node = Some(child);
                }
            }
            "required" => {
                for name in array(value, at)? {
                    let name = name.as_str().ok_or_else(|| wrong(at, "a name is a string", name))?;
                    let number = node.object.required;
                    let member = member(node, name);
                    if member.required.is_none() {
                        member.required = Some(number);
                        node.object.required = number.saturating_add(1);
                    }
                }
            }
            _ if ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-") => {}
            _ if NOT_IMPLEMENTED.contains(&keyword) => {
                return Err(format!("{at}: this keyword is not implemented"));
            }
            _ => return Err(format!("{at}: this keyword is unknown")),
        }
        Ok(())
    }

    fn schemas(&mut self, value: &Tree, at: &mut String) -> Result<Vec<(String, NodeId)>, String> {
        let Tree::Object(members) = value else {
            return Err(wrong(at, "expected an object of schemas", value));
        };
        members.iter().map(|(name, schema)| Ok((name.clone(), self.within(name, schema, at)?))).collect()
    }

    fn within(&mut self, token: &str, schema: &Tree, at: &mut String) -> Result<NodeId, String> {
        let length = at.len();
        push_token(at, token);
        let id = self.schema(schema, at)?;
        at.truncate(length);
        Ok(id)
    }

    fn reference(&mut self, from: NodeId, value: &Tree, at: &str) -> Result<(), String> {
        let target = value.as_str().ok_or_else(|| wrong(at, "a reference is a string", value))?;
        match target.strip_prefix('#') {
            Some(pointer) if pointer.is_empty() || pointer.starts_with('/') => {
                self.references.push(Reference { from, pointer: pointer.to_owned(), at: at.to_owned() });
                Ok(())
            }
            _ => Err(format!(
                "{at}: references other than JSON Pointers within the document are not implemented"
            )),
        }
    }

    /// Resolves references, and works out which nodes judge a value together.
    fn link(mut self) -> Result<Vec<Node>, String> {
        for Reference { from, pointer, at } in self.references {
            let target =
                self.places.get(&pointer).ok_or_else(|| format!("{at}: `#{pointer}` leads to no schema"))?;
            self.also.push((from, *target));
        }
        let mut also: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
        for (from, to) in self.also {
            also.entry(from).or_default().push(to);
        }
        let place_of = |id: NodeId| {
            self.places
                .iter()
                .find(|&(_, &other)| other == id)
                .map(|(place, _)| place.clone())
                .unwrap_or_default()
        };
        for (id, node) in self.nodes.iter_mut().enumerate() {
            let mut reached = vec![id];
            let mut next = 0;
            while let Some(&current) = reached.get(next) {
                next = next.saturating_add(1);
                for &other in also.get(&current).map_or(&[][..], Vec::as_slice) {
                    if other == id {
                        return Err(format!("{}: the reference leads back to itself", place_of(id)));
                    }
                    if !reached.contains(&other) {
                        reached.push(other);
                    }
                }
            }
            node.at_once = reached;
        }
        Ok(self.nodes)
    }
}

fn member<'n>(node: &'n mut Node, name: &str) -> &'n mut Member {
    let members = &mut node.object.members;
    let at = members.binary_search_by(|member| member.name.as_str().cmp(name)).unwrap_or_else(|at| {
        members.insert(at, Member { name: name.to_owned(), node: None, required: None });
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
    let allowed = values.iter().map(Constant::new).collect::<Result<_, _>>();
    Ok(Constants { keyword, allowed: allowed.map_err(|reason| format!("{at}: {reason}"))? })
}

fn decimal(value: &Tree, at: &str) -> Result<Decimal, String> {
    let Tree::Number(text) = value else { return Err(wrong(at, "expected a number", value)) };
    Decimal::parse(text.as_bytes()).ok_or_else(|| format!("{at}: the number is too large"))
}

fn count(value: &Tree, at: &str) -> Result<usize, String> {
    match value {
        Tree::Number(text) => text.parse().map_err(|_| format!("{at}: expected a count")),
        _ => Err(wrong(at, "expected a count", value)),
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

fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
}

impl Bounds {
    pub(super) fn broken_by(self, count: usize) -> Option<Broken> {
        match self {
            Self { min: Some(min), .. } if count < min => Some(Broken::TooFew(min)),
            Self { max: Some(max), .. } if count > max => Some(Broken::TooMany(max)),
            _ => None,
        }
    }
}

/// Which of two bounds does not hold, and what it is.
pub(super) enum Broken {
    TooFew(usize),
    TooMany(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        compile(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_cannot_be_honoured_is_refused_with_its_place() {
        for (schema, message) in [
            (
                r#"{"properties":{"a/b":{"pattern":"x"}}}"#,
                "/properties/a~1b/pattern: this keyword is not implemented",
            ),
            (r#"{"propertys":{}}"#, "/propertys: this keyword is unknown"),
            (r#"{"type":"text"}"#, "/type: expected the name of a JSON type"),
            (r#"{"minLength":-1}"#, "/minLength: expected a count"),
            (r#"{"$ref":"other.json"}"#, "/$ref: references other than JSON Pointers"),
            (r##"{"$ref":"#/$defs/a"}"##, "/$ref: `#/$defs/a` leads to no schema"),
            (r##"{"$ref":"#"}"##, "the reference leads back to itself"),
            (r#"{"type":[]}"#, "/type: the array is empty"),
            (r#"{"items":{"$id":"https://example.com/inner"}}"#, "/items/$id: below the root"),
            (r#"{"$schema":"http://json-schema.org/draft-07/schema#"}"#, "/$schema: only"),
            (r#"{"const":{}}"#, "/const: arrays and objects"),
            (r#"{"type":"object","type":"array"}"#, "line 1, column 18"),
            ("[]", "/: a schema is an object or a boolean, found array"),
            ("{", "line 1, column 2"),
        ] {
            let error = error(schema);
            assert!(error.contains(message), "{schema}: {error}");
        }
    }

    #[test]
    fn a_cycle_through_a_property_is_no_cycle() {
        assert!(compile(br##"{"properties":{"child":{"$ref":"#"}}}"##).is_ok());
        assert!(compile(br##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##).is_err());
    }
}
