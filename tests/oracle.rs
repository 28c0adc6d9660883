//! Generated schemas and payloads, judged by the core and by the `jsonschema` crate.
//!
//! Every run tries the same cases. To look further:
//! `PROPTEST_RNG_SEED=7 PROPTEST_CASES=50000 cargo test --test oracle`.
//!
//! Left out, since the oracle sees them otherwise, or not at all:
//! * numbers that no float holds exactly: the oracle computes with floats;
//! * keys that are there twice: the oracle keeps the last;
//! * references to themselves that consume nothing: the core refuses them, the oracle never ends;
//! * `$vocabulary` and references to other documents: the official suite has them;
//! * `format` and `content…` as assertions: of formats each implementation has its own idea.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use hookwarden::{Dialect, Schema, SchemaOptions};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Map, Value, json};

/// Decisions, one byte each. When they run out, all that follow are for the least.
struct Choices<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % limit
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

// Small alphabets, so that schemas and payloads meet.
const NAMES: [&str; 5] = ["a", "b", "ab", "c", "é/~"];
const STRINGS: [&str; 10] = ["", "a", "b", "ab", "aab", "c", "é", "😀", "a\nb", "1"];
const PATTERNS: [&str; 14] = [
    "a",
    "^a",
    "b$",
    "^(a|b)+$",
    "^.$",
    "^..$",
    "[^a]",
    "^\\d$",
    "\\w",
    "^$",
    "é",
    "^a*b?$",
    "",
    "^[a-c]{2,3}$",
];
const TYPES: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];
/// One that is here twice comes up twice as often.
const KEYWORDS: [&str; 48] = [
    "type",
    "type",
    "const",
    "enum",
    "properties",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "items",
    "prefixItems",
    "prefixItems",
    "contains",
    "contains",
    "minContains",
    "maxContains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "allOf",
    "anyOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "if",
    "unevaluatedProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "unevaluatedItems",
    "$ref",
    "$ref",
    "$dynamicRef",
    "$dynamicRef",
    "title",
];

/// The schemas below `$defs` of the root.
const DEFS: usize = 3;

fn number(choices: &mut Choices) -> Value {
    choices.of(&[json!(0), json!(1), json!(2), json!(3), json!(-1), json!(0.5), json!(1.5), json!(1.0)])
}

fn value(choices: &mut Choices, depth: usize) -> Value {
    match choices.below(if depth == 0 { 6 } else { 10 }) {
        0 => Value::Null,
        1 => Value::Bool(choices.one_in(2)),
        2 | 3 => number(choices),
        4 | 5 => choices.of(&STRINGS).into(),
        6 | 7 => (0..choices.below(4)).map(|_| value(choices, depth - 1)).collect(),
        _ => (0..choices.below(4))
            .map(|_| (choices.of(&NAMES).to_owned(), value(choices, depth - 1)))
            .collect(),
    }
}

/// What a schema resource calls `node`, if anything.
#[derive(Clone, Copy, PartialEq)]
enum Node {
    None,
    Anchor,
    DynamicAnchor,
}

impl Node {
    fn any(choices: &mut Choices) -> Self {
        choices.of(&[Self::DynamicAnchor, Self::None, Self::DynamicAnchor, Self::Anchor])
    }

    fn write(self, schema: &mut Map<String, Value>) {
        match self {
            Self::None => {}
            Self::Anchor => drop(schema.insert("$anchor".into(), "node".into())),
            Self::DynamicAnchor => drop(schema.insert("$dynamicAnchor".into(), "node".into())),
        }
    }
}

/// What can be referred to, settled before the schema is made.
struct Names {
    root_has_id: bool,
    root: Node,
    /// Which of `$defs` are resources of their own, and what these call `node`.
    ids: [Option<Node>; DEFS],
    /// Which of the others have an anchor.
    anchors: [bool; DEFS],
}

impl Names {
    fn none() -> Self {
        Self { root_has_id: false, root: Node::None, ids: [None; DEFS], anchors: [false; DEFS] }
    }

    fn any(choices: &mut Choices) -> Self {
        if choices.one_in(2) {
            return Self::none();
        }
        let mut names = Self { root_has_id: true, root: Node::any(choices), ..Self::none() };
        for number in 0..DEFS {
            if choices.one_in(2) {
                names.ids[number] = Some(Node::any(choices));
            } else {
                names.anchors[number] = choices.one_in(2);
            }
        }
        names
    }

    /// The root of the document.
    fn root_from(&self, place: Place) -> &'static str {
        let elsewhere = place.def.is_some_and(|number| self.ids[number].is_some());
        match (elsewhere, self.root_has_id) {
            (true, true) => "root",
            _ => "",
        }
    }

    fn def_from(&self, number: usize, place: Place, choices: &mut Choices) -> String {
        let root = self.root_from(place);
        if self.ids[number].is_some() {
            return choices.of(&[format!("d{number}"), format!("https://example.com/d{number}#")]);
        }
        if self.anchors[number] && choices.one_in(2) {
            return format!("{root}#anchor{number}");
        }
        format!("{root}#/$defs/d{number}")
    }

    /// What may be the target of a `$dynamicRef`.
    fn nodes_from(&self, place: Place) -> Vec<String> {
        let mut found = Vec::new();
        if self.root != Node::None {
            found.push(format!("{}#node", self.root_from(place)));
        }
        for number in 0..DEFS {
            if self.ids[number].is_some_and(|node| node != Node::None) {
                let here = place.def == Some(number);
                found.push(if here { "#node".to_owned() } else { format!("d{number}#node") });
            }
        }
        found
    }
}

/// Where a subschema stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// Below which of `$defs`; else below the root.
    def: Option<usize>,
    /// Whether it applies to a part of what the root or `$defs` member applies to. Only then may it lead
    /// back to where it came from.
    part: bool,
}

impl Place {
    fn part(self) -> Self {
        Self { depth: self.depth - 1, part: true, ..self }
    }

    fn same(self) -> Self {
        Self { depth: self.depth - 1, ..self }
    }
}

struct Maker<'c, 'b> {
    choices: &'c mut Choices<'b>,
    names: Names,
}

impl Maker<'_, '_> {
    fn document(&mut self) -> Value {
        let depth = 2 + self.choices.below(2);
        let root = self.schema(Place { depth, def: None, part: false }, 5);
        let Value::Object(mut root) = root else { return root };
        let mut defs = Map::new();
        for number in 0..DEFS {
            let mut def = self.schema(Place { depth: 2, def: Some(number), part: false }, 4);
            if self.names.ids[number].is_some() || self.names.anchors[number] {
                let mut members = match def {
                    Value::Object(members) => members,
                    verdict => Map::from_iter([("allOf".to_owned(), json!([verdict]))]),
                };
                if let Some(node) = self.names.ids[number] {
                    members.insert("$id".into(), format!("d{number}").into());
                    node.write(&mut members);
                    if node != Node::None && self.choices.below(3) != 0 {
                        let keyword = self.choices.of(&["items", "additionalProperties", "contains"]);
                        members.insert(keyword.into(), json!({"$dynamicRef": "#node"}));
                        // On the way the root becomes the outermost `node`.
                        root.insert("$ref".into(), format!("d{number}").into());
                    }
                } else {
                    members.insert("$anchor".into(), format!("anchor{number}").into());
                }
                def = members.into();
            }
            defs.insert(format!("d{number}"), def);
        }
        root.insert("$defs".into(), defs.into());
        if self.names.root_has_id {
            root.insert("$id".into(), "https://example.com/root".into());
            self.names.root.write(&mut root);
        }
        root.into()
    }

    fn schema(&mut self, place: Place, most: usize) -> Value {
        if place.depth == 0 || self.choices.one_in(9) {
            return match self.choices.below(4) {
                0 => json!(true),
                1 => json!(false),
                2 => json!({"type": self.choices.of(&TYPES)}),
                _ => json!({"const": value(self.choices, 1)}),
            };
        }
        let mut schema = Map::new();
        for _ in 0..=self.choices.below(most) {
            let keyword = self.choices.of(&KEYWORDS);
            self.keyword(&mut schema, keyword, place);
        }
        schema.into()
    }

    fn keyword(&mut self, schema: &mut Map<String, Value>, keyword: &str, place: Place) {
        self.companions(schema, keyword, place);
        self.lone_keyword(schema, keyword, place);
    }

    fn lone_keyword(&mut self, schema: &mut Map<String, Value>, keyword: &str, place: Place) {
        let value = match keyword {
            "type" if self.choices.one_in(3) => {
                let first = self.choices.below(TYPES.len());
                let second = (first + 1 + self.choices.below(TYPES.len() - 1)) % TYPES.len();
                json!([TYPES[first], TYPES[second]])
            }
            "type" => self.choices.of(&TYPES).into(),
            "const" => value(self.choices, 2),
            "enum" => (0..=self.choices.below(3)).map(|_| value(self.choices, 1)).collect(),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => number(self.choices),
            "multipleOf" => self.choices.of(&[json!(1), json!(2), json!(0.5), json!(1.5), json!(3)]),
            "minProperties" | "maxProperties" | "minItems" | "maxItems" | "minLength" | "maxLength"
            | "minContains" | "maxContains" => {
                self.choices.of(&[json!(1), json!(2), json!(0), json!(3), json!(2.0)])
            }
            "uniqueItems" => json!(!self.choices.one_in(8)),
            "pattern" => self.choices.of(&PATTERNS).into(),
            "required" => self.names_of_properties(),
            "dependentRequired" => (0..=self.choices.below(2))
                .map(|_| (self.choices.of(&NAMES).to_owned(), self.names_of_properties()))
                .collect(),
            "properties" => (0..=self.choices.below(3))
                .map(|_| (self.choices.of(&NAMES).to_owned(), self.schema(place.part(), 3)))
                .collect(),
            "patternProperties" => (0..=self.choices.below(2))
                .map(|_| (self.choices.of(&PATTERNS).to_owned(), self.schema(place.part(), 3)))
                .collect(),
            "dependentSchemas" => (0..=self.choices.below(2))
                .map(|_| (self.choices.of(&NAMES).to_owned(), self.schema(place.same(), 3)))
                .collect(),
            "items"
            | "contains"
            | "additionalProperties"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => self.schema(place.part(), 3),
            "not" | "if" | "then" | "else" => self.schema(place.same(), 3),
            "prefixItems" => (0..=self.choices.below(3)).map(|_| self.schema(place.part(), 3)).collect(),
            "allOf" | "anyOf" | "oneOf" => {
                (0..=self.choices.below(3)).map(|_| self.schema(place.same(), 3)).collect()
            }
            "$ref" => match self.reference(place) {
                Some(target) => target.into(),
                None => return,
            },
            "$dynamicRef" => match self.names.nodes_from(place) {
                nodes if place.part && !nodes.is_empty() => self.choices.of(&nodes).into(),
                _ => return,
            },
            // What is only noted.
            _ => {
                schema.insert("format".into(), "ipv4".into());
                schema.insert("default".into(), json!({"type": "null"}));
                schema.insert("x-note".into(), json!({"$ref": "nowhere"}));
                "a".into()
            }
        };
        schema.insert(keyword.to_owned(), value);
    }

    /// Keywords without which this one would say little.
    fn companions(&mut self, schema: &mut Map<String, Value>, keyword: &str, place: Place) {
        let companions: &[&str] = match keyword {
            "if" => &["then", "else"],
            "prefixItems" => &["items"],
            "contains" => &["minContains", "maxContains", "unevaluatedItems"],
            "minContains" | "maxContains" => &["contains"],
            "unevaluatedItems" => &["prefixItems", "allOf", "anyOf", "$ref", "contains", "if"],
            "unevaluatedProperties" => &["properties", "allOf", "anyOf", "$ref", "dependentSchemas", "if"],
            _ => &[],
        };
        for companion in companions {
            if self.choices.one_in(2) && !schema.contains_key(*companion) && place.depth > 0 {
                // Not theirs in turn, or there would be no end.
                let mut made = Map::new();
                self.lone_keyword(&mut made, companion, Place { depth: place.depth.min(2), ..place });
                schema.extend(made);
            }
        }
    }

    fn reference(&mut self, place: Place) -> Option<String> {
        let first = if place.part { 0 } else { place.def.map_or(0, |number| number + 1) };
        let targets = DEFS - first;
        let choice = self.choices.below(targets + usize::from(place.part) + usize::from(targets == 0));
        match choice {
            _ if targets == 0 && !place.part => None,
            choice if choice < targets => Some(self.names.def_from(first + choice, place, self.choices)),
            _ => Some(format!("{}#", self.names.root_from(place))),
        }
    }

    fn names_of_properties(&mut self) -> Value {
        let wanted: BTreeSet<_> = (0..=self.choices.below(2)).map(|_| self.choices.of(&NAMES)).collect();
        wanted.into_iter().map(Value::from).collect()
    }
}

/// The same in draft 7, for a schema without names. What draft 7 lacks is left out.
fn draft7(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let each = |value: &Value| -> Value {
        match value {
            Value::Array(schemas) => schemas.iter().map(draft7).collect(),
            Value::Object(schemas) => {
                schemas.iter().map(|(name, schema)| (name.clone(), draft7(schema))).collect()
            }
            other => other.clone(),
        }
    };
    let mut found = Map::new();
    let mut dependencies = Map::new();
    for (keyword, value) in members {
        let (keyword, value) = match keyword.as_str() {
            "minContains" | "maxContains" | "unevaluatedItems" | "unevaluatedProperties" => continue,
            "$defs" => ("definitions", each(value)),
            "$ref" => ("$ref", value.as_str().unwrap().replace("$defs", "definitions").into()),
            "prefixItems" => ("items", each(value)),
            "items" if members.contains_key("prefixItems") => ("additionalItems", draft7(value)),
            "dependentRequired" => {
                dependencies.extend(value.as_object().unwrap().clone());
                continue;
            }
            "dependentSchemas" => {
                dependencies.extend(each(value).as_object().unwrap().clone());
                continue;
            }
            "properties" | "patternProperties" | "allOf" | "anyOf" | "oneOf" => {
                (keyword.as_str(), each(value))
            }
            "items"
            | "contains"
            | "additionalProperties"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else" => (keyword.as_str(), draft7(value)),
            _ => (keyword.as_str(), value.clone()),
        };
        found.insert(keyword.to_owned(), value);
    }
    if !dependencies.is_empty() {
        found.insert("dependencies".into(), dependencies.into());
    }
    found.into()
}

/// Makes payloads that come near to what a schema asks for.
struct Filler<'c, 'b> {
    choices: &'c mut Choices<'b>,
    root: &'c Value,
}

impl Filler<'_, '_> {
    fn fill(&mut self, schema: &Value, depth: usize) -> Value {
        let Value::Object(keywords) = schema else { return value(self.choices, depth) };
        if self.choices.one_in(7) {
            return value(self.choices, depth);
        }
        if let Some(constant) = keywords.get("const") {
            return constant.clone();
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return self.choices.of(values);
        }
        if self.choices.one_in(2)
            && let Some(other) = self.beside(keywords)
        {
            return self.fill(&other, depth);
        }
        let type_name = match keywords.get("type") {
            Some(Value::Array(names)) => self.choices.of(names).as_str().unwrap().to_owned(),
            Some(Value::String(name)) => name.clone(),
            _ => self.guess(keywords).to_owned(),
        };
        match type_name.as_str() {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.choices.one_in(2)),
            "string" => self.choices.of(&STRINGS).into(),
            "integer" => self.choices.of(&[json!(0), json!(1), json!(2), json!(3), json!(1.0)]),
            "number" => number(self.choices),
            "array" if depth > 0 => self.array(keywords, depth - 1),
            "object" if depth > 0 => self.object(keywords, depth - 1),
            "array" => json!([]),
            _ => json!({}),
        }
    }

    /// A schema that applies at the same place.
    fn beside(&mut self, keywords: &Map<String, Value>) -> Option<Value> {
        let mut found = Vec::new();
        for keyword in ["allOf", "anyOf", "oneOf"] {
            found.extend(keywords.get(keyword).and_then(Value::as_array).into_iter().flatten().cloned());
        }
        found.extend(["if", "then", "else"].iter().filter_map(|keyword| keywords.get(*keyword)).cloned());
        for keyword in ["$ref", "$dynamicRef"] {
            let Some(target) = keywords.get(keyword).and_then(Value::as_str) else { continue };
            let def = target.find(|c: char| c.is_ascii_digit()).map(|at| format!("d{}", &target[at..=at]));
            let defs = self.root.get("$defs").or_else(|| self.root.get("definitions"));
            let target = def.and_then(|def| defs?.get(def)).unwrap_or(self.root);
            found.push(target.clone());
        }
        (!found.is_empty()).then(|| self.choices.of(&found))
    }

    fn guess(&mut self, keywords: &Map<String, Value>) -> &'static str {
        let mut types = Vec::new();
        for keyword in keywords.keys() {
            let lower = keyword.to_ascii_lowercase();
            if lower.contains("propert") || lower.starts_with("depend") || lower == "required" {
                types.push("object");
            } else if lower.contains("items") || lower.contains("contains") {
                types.push("array");
            } else if lower.contains("length") || lower == "pattern" {
                types.push("string");
            } else if lower.contains("imum") || lower == "multipleof" {
                types.push("number");
            }
        }
        if types.is_empty() { self.choices.of(&TYPES) } else { self.choices.of(&types) }
    }

    fn array(&mut self, keywords: &Map<String, Value>, depth: usize) -> Value {
        // In draft 7, what is first is in `items`.
        let first = keywords.get("prefixItems").or_else(|| keywords.get("items")).and_then(Value::as_array);
        let rest = ["additionalItems", "items", "contains", "unevaluatedItems"]
            .iter()
            .filter_map(|keyword| keywords.get(*keyword))
            .filter(|schema| !schema.is_array())
            .collect::<Vec<_>>();
        let length = self.choices.below(4) + first.map_or(0, Vec::len) * self.choices.below(2);
        let item = |at: usize| {
            let schema = match first.and_then(|schemas| schemas.get(at)) {
                Some(schema) => schema,
                None if rest.is_empty() => &Value::Null,
                None => self.choices.of(&rest),
            };
            self.fill(schema, depth)
        };
        let mut items: Vec<Value> = (0..length).map(item).collect();
        if length > 0 && self.choices.one_in(4) {
            let twice = self.choices.of(&items);
            items.push(twice);
        }
        items.into()
    }

    fn object(&mut self, keywords: &Map<String, Value>, depth: usize) -> Value {
        let mut names = BTreeSet::new();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let properties = keywords.get("properties").and_then(Value::as_object);
        names.extend(properties.into_iter().flat_map(Map::keys).cloned());
        names.extend(keywords.get("required").and_then(Value::as_array).into_iter().flatten().map(text));
        names.retain(|_| !self.choices.one_in(5));
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            let Some(Value::Object(dependents)) = keywords.get(keyword) else { continue };
            for (name, dependent) in dependents {
                if self.choices.one_in(2) {
                    continue;
                }
                names.insert(name.clone());
                if let Value::Array(wanted) = dependent {
                    names.extend(wanted.iter().filter(|_| !self.choices.one_in(5)).map(text));
                }
            }
        }
        names.extend((0..self.choices.below(3)).map(|_| self.choices.of(&NAMES).to_owned()));
        let others = ["additionalProperties", "unevaluatedProperties"];
        let other = others.iter().find_map(|keyword| keywords.get(*keyword)).unwrap_or(&Value::Null);
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        names
            .into_iter()
            .map(|name| {
                let mut schema = properties.and_then(|properties| properties.get(&name)).unwrap_or(other);
                if let Some(patterns) = patterns
                    && !patterns.is_empty()
                    && self.choices.one_in(3)
                {
                    schema = self.choices.of(&patterns.values().collect::<Vec<_>>());
                }
                let value = self.fill(schema, depth);
                (name, value)
            })
            .collect()
    }
}

/// Writes JSON with the members of objects in any order, and numbers in any spelling.
fn write(value: &Value, choices: &mut Choices, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                write(item, choices, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            if choices.one_in(2) {
                members.reverse();
            }
            if !members.is_empty() {
                let by = choices.below(members.len());
                members.rotate_left(by);
            }
            text.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(member, choices, text);
            }
            text.push('}');
        }
        Value::Number(number) if choices.one_in(4) => {
            let spelled = match number.to_string().as_str() {
                "0" => choices.of(&["-0", "0e7", "0.0"]),
                "1" | "1.0" => choices.of(&["1.00", "10e-1", "0.1E+1"]),
                "2" => choices.of(&["2.0", "200e-2", "0.02e2"]),
                "-1" => "-1.0",
                "0.5" => "5e-1",
                "1.5" => "15E-1",
                other => return text.push_str(other),
            };
            text.push_str(spelled);
        }
        other => text.push_str(&other.to_string()),
    }
}

/// A schema and a payload, as text, and what each of the two judges makes of them.
struct Judges {
    dialect: jsonschema::Draft,
    options: SchemaOptions,
}

#[derive(Debug, PartialEq)]
enum Ours {
    Valid(bool),
    Refused(String),
    TooComplex(String),
    Panicked,
}

impl Judges {
    fn new(draft7: bool) -> Self {
        let (dialect, default_dialect) = if draft7 {
            (jsonschema::Draft::Draft7, Dialect::Draft7)
        } else {
            (jsonschema::Draft::Draft202012, Dialect::Draft202012)
        };
        Self { dialect, options: SchemaOptions { default_dialect, ..SchemaOptions::default() } }
    }

    fn oracle(&self, schema: &str) -> Result<Validator, String> {
        let schema: Value = serde_json::from_str(schema).map_err(|error| error.to_string())?;
        let options = jsonschema::options().with_draft(self.dialect).should_validate_formats(false);
        options.build(&schema).map_err(|error| error.to_string())
    }

    fn ours(&self, schema: &str) -> Result<Schema, Ours> {
        let compile = AssertUnwindSafe(|| Schema::compile_with(schema.as_bytes(), &self.options));
        match catch_unwind(compile) {
            Ok(Ok(schema)) => Ok(schema),
            Ok(Err(refusal)) => Err(Ours::Refused(refusal.to_string())),
            Err(_) => Err(Ours::Panicked),
        }
    }

    /// Whether the two disagree on texts that both can judge, and how.
    fn disagree(&self, schema: &str, payload: &str) -> Option<String> {
        let oracle = self.oracle(schema).ok()?.is_valid(&serde_json::from_str(payload).ok()?);
        match self.ours(schema).map_or_else(|failure| failure, |schema| verdict(&schema, payload)) {
            Ours::Valid(ours) if ours != oracle => {
                Some(if ours { "is valid here and not there" } else { "is valid there and not here" }.into())
            }
            Ours::Panicked => Some("panics".into()),
            _ => None,
        }
    }
}

fn verdict(schema: &Schema, payload: &str) -> Ours {
    match catch_unwind(AssertUnwindSafe(|| schema.validate(payload.as_bytes()))) {
        Ok(Ok(violations)) => Ours::Valid(violations.is_empty()),
        Ok(Err(rejection)) => Ours::TooComplex(format!("{rejection:?}")),
        Err(_) => Ours::Panicked,
    }
}

/// Everything that is one step simpler than a value.
fn simpler(value: &Value, is_schema: bool) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Array(items) => {
            for at in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(at);
                found.push(fewer.into());
            }
            for (at, item) in items.iter().enumerate() {
                for instead in simpler(item, is_schema) {
                    let mut changed = items.clone();
                    changed[at] = instead;
                    found.push(changed.into());
                }
            }
        }
        Value::Object(members) => {
            if is_schema && !members.is_empty() {
                found.push(Value::Bool(true));
            }
            for name in members.keys() {
                let mut fewer = members.clone();
                fewer.remove(name);
                found.push(fewer.into());
            }
            for (name, member) in members {
                for instead in simpler(member, is_schema) {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), instead);
                    found.push(changed.into());
                }
            }
        }
        Value::String(text) if !is_schema && !text.is_empty() => found.push("".into()),
        _ => {}
    }
    found
}

/// The least schema and payload on which the two still disagree.
fn reduce(judges: &Judges, schema: &str, payload: &str) -> Option<(String, String)> {
    let mut schema: Value = serde_json::from_str(schema).ok()?;
    let mut payload: Value = serde_json::from_str(payload).ok()?;
    judges.disagree(&schema.to_string(), &payload.to_string())?;
    loop {
        let text = payload.to_string();
        let differs = |candidate: &Value| judges.disagree(&candidate.to_string(), &text).is_some();
        if let Some(less) = simpler(&schema, true).into_iter().find(differs) {
            schema = less;
            continue;
        }
        let text = schema.to_string();
        let differs = |candidate: &Value| judges.disagree(&text, &candidate.to_string()).is_some();
        match simpler(&payload, false).into_iter().find(differs) {
            Some(less) => payload = less,
            None => return Some((schema.to_string(), payload.to_string())),
        }
    }
}

const PAYLOADS: usize = 6;

#[derive(Default)]
struct Report {
    schemas: Cell<usize>,
    refused: RefCell<Vec<String>>,
    payloads: Cell<usize>,
    valid: Cell<usize>,
    differences: RefCell<BTreeSet<String>>,
    slowest: Cell<Duration>,
}

impl Report {
    fn count(counter: &Cell<usize>) {
        counter.set(counter.get() + 1);
    }

    fn differs(&self, difference: String) {
        self.differences.borrow_mut().insert(difference);
    }

    fn case(&self, judges: &Judges, bytes: &[u8]) {
        // To reduce a difference takes long, and some show what is wrong as well as all.
        if self.differences.borrow().len() >= 12 {
            return;
        }
        let choices = &mut Choices { bytes: bytes.iter() };
        let is_draft7 = judges.dialect == jsonschema::Draft::Draft7;
        let names = if is_draft7 { Names::none() } else { Names::any(choices) };
        let mut schema = Maker { choices, names }.document();
        if is_draft7 {
            schema = draft7(&schema);
        }
        let mut text = String::new();
        write(&schema, choices, &mut text);
        Self::count(&self.schemas);
        let oracle = match judges.oracle(&text) {
            Ok(oracle) => oracle,
            Err(error) => return self.differs(format!("{text}\n  is refused by the oracle: {error}")),
        };
        let ours = match judges.ours(&text) {
            Ok(ours) => ours,
            Err(Ours::Refused(reason)) => {
                return self.refused.borrow_mut().push(format!("{text}\n  {reason}"));
            }
            Err(other) => return self.differs(format!("{text}\n  {other:?}")),
        };
        for _ in 0..PAYLOADS {
            let payload = Filler { choices, root: &schema }.fill(&schema, 3);
            let mut shown = String::new();
            write(&payload, choices, &mut shown);
            Self::count(&self.payloads);
            let expected = oracle.is_valid(&serde_json::from_str(&shown).unwrap());
            if expected {
                Self::count(&self.valid);
            }
            let start = Instant::now();
            let found = verdict(&ours, &shown);
            self.slowest.set(self.slowest.get().max(start.elapsed()));
            if found != Ours::Valid(expected) {
                let (schema, payload) =
                    reduce(judges, &text, &shown).unwrap_or_else(|| (text.clone(), shown.clone()));
                let how = judges.disagree(&schema, &payload);
                let how = how.unwrap_or_else(|| format!("found {found:?}, expected {expected}"));
                self.differs(format!("{schema}\n  {payload}\n  {how}"));
                return;
            }
        }
    }
}

fn compare(is_draft7: bool) {
    let given = |name: &str| std::env::var_os(name).is_some();
    let mut config =
        ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() };
    if !given("PROPTEST_CASES") {
        config.cases = 4000;
    }
    if !given("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(0x5EED);
    }
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed.to_string(),
        RngSeed::Random => "random".to_owned(),
    };
    let judges = Judges::new(is_draft7);
    let report = Report::default();
    let bytes = prop::collection::vec(any::<u8>(), 20..600);
    TestRunner::new(config)
        .run(&bytes, |bytes| {
            report.case(&judges, &bytes);
            Ok(())
        })
        .unwrap();
    let (schemas, payloads, valid) = (report.schemas.get(), report.payloads.get(), report.valid.get());
    let refused = report.refused.into_inner();
    let draft = if is_draft7 { "draft 7" } else { "draft 2020-12" };
    // The test harness keeps back `println!`.
    let _ = writeln!(
        std::io::stdout(),
        "{draft}, seed {seed}: {schemas} schemas ({} refused), {payloads} payloads ({valid} valid), slowest {:?}",
        refused.len(),
        report.slowest.get()
    );
    let differences: Vec<_> = report.differences.into_inner().into_iter().collect();
    assert!(
        differences.is_empty(),
        "{draft}, seed {seed}: {} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(
        refused.len() <= schemas / 100,
        "{draft}, seed {seed}: {} of {schemas} schemas refused, such as\n{}",
        refused.len(),
        refused[..refused.len().min(5)].join("\n")
    );
    // Else the payloads would say little.
    assert!((payloads / 5..payloads * 4 / 5).contains(&valid), "{valid} of {payloads} payloads are valid");
}

#[test]
fn draft_2020_12() {
    compare(false);
}

#[test]
fn draft_7() {
    compare(true);
}
