//! Schemas that use every keyword, made from arbitrary bytes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Decisions, one byte each. When they run out, all that follow are for the least.
pub(crate) struct Choices<'b> {
    pub(crate) bytes: std::slice::Iter<'b, u8>,
}

impl Choices<'_> {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % limit
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub(crate) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

// Small alphabets, so that schemas and payloads meet.
pub(crate) const NAMES: [&str; 5] = ["a", "b", "ab", "c", "é/~"];
pub(crate) const STRINGS: [&str; 10] = ["", "a", "b", "ab", "aab", "c", "é", "😀", "a\nb", "1"];
pub(crate) const PATTERNS: [&str; 14] = [
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
pub(crate) const TYPES: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];
/// One that is here twice comes up twice as often.
pub(crate) const KEYWORDS: [&str; 48] = [
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
pub(crate) const DEFS: usize = 3;

pub(crate) fn number(choices: &mut Choices) -> Value {
    choices.of(&[json!(0), json!(1), json!(2), json!(3), json!(-1), json!(0.5), json!(1.5), json!(1.0)])
}

pub(crate) fn value(choices: &mut Choices, depth: usize) -> Value {
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
pub(crate) enum Node {
    None,
    Anchor,
    DynamicAnchor,
}

impl Node {
    pub(crate) fn any(choices: &mut Choices) -> Self {
        choices.of(&[Self::DynamicAnchor, Self::None, Self::DynamicAnchor, Self::Anchor])
    }

    pub(crate) fn write(self, schema: &mut Map<String, Value>) {
        match self {
            Self::None => {}
            Self::Anchor => drop(schema.insert("$anchor".into(), "node".into())),
            Self::DynamicAnchor => drop(schema.insert("$dynamicAnchor".into(), "node".into())),
        }
    }
}

/// What can be referred to, settled before the schema is made.
pub(crate) struct Names {
    pub(crate) root_has_id: bool,
    pub(crate) root: Node,
    /// Which of `$defs` are resources of their own, and what these call `node`.
    pub(crate) ids: [Option<Node>; DEFS],
    /// Which of the others have an anchor.
    pub(crate) anchors: [bool; DEFS],
}

impl Names {
    pub(crate) fn none() -> Self {
        Self { root_has_id: false, root: Node::None, ids: [None; DEFS], anchors: [false; DEFS] }
    }

    pub(crate) fn any(choices: &mut Choices) -> Self {
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
    pub(crate) fn root_from(&self, place: Place) -> &'static str {
        let elsewhere = place.def.is_some_and(|number| self.ids[number].is_some());
        match (elsewhere, self.root_has_id) {
            (true, true) => "root",
            _ => "",
        }
    }

    pub(crate) fn def_from(&self, number: usize, place: Place, choices: &mut Choices) -> String {
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
    pub(crate) fn nodes_from(&self, place: Place) -> Vec<String> {
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
pub(crate) struct Place {
    pub(crate) depth: usize,
    /// Below which of `$defs`; else below the root.
    pub(crate) def: Option<usize>,
    /// Whether it applies to a part of what the root or `$defs` member applies to. Only then may it lead
    /// back to where it came from.
    pub(crate) part: bool,
}

impl Place {
    pub(crate) fn part(self) -> Self {
        Self { depth: self.depth - 1, part: true, ..self }
    }

    pub(crate) fn same(self) -> Self {
        Self { depth: self.depth - 1, ..self }
    }
}

pub(crate) struct Maker<'c, 'b> {
    pub(crate) choices: &'c mut Choices<'b>,
    pub(crate) names: Names,
}

impl Maker<'_, '_> {
    pub(crate) fn document(&mut self) -> Value {
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

    pub(crate) fn schema(&mut self, place: Place, most: usize) -> Value {
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

    pub(crate) fn keyword(&mut self, schema: &mut Map<String, Value>, keyword: &str, place: Place) {
        self.companions(schema, keyword, place);
        self.lone_keyword(schema, keyword, place);
    }

    pub(crate) fn lone_keyword(&mut self, schema: &mut Map<String, Value>, keyword: &str, place: Place) {
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
    pub(crate) fn companions(&mut self, schema: &mut Map<String, Value>, keyword: &str, place: Place) {
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

    pub(crate) fn reference(&mut self, place: Place) -> Option<String> {
        let first = if place.part { 0 } else { place.def.map_or(0, |number| number + 1) };
        let targets = DEFS - first;
        let choice = self.choices.below(targets + usize::from(place.part) + usize::from(targets == 0));
        match choice {
            _ if targets == 0 && !place.part => None,
            choice if choice < targets => Some(self.names.def_from(first + choice, place, self.choices)),
            _ => Some(format!("{}#", self.names.root_from(place))),
        }
    }

    pub(crate) fn names_of_properties(&mut self) -> Value {
        let wanted: BTreeSet<_> = (0..=self.choices.below(2)).map(|_| self.choices.of(&NAMES)).collect();
        wanted.into_iter().map(Value::from).collect()
    }
}

/// The same in draft 7, for a schema without names. What draft 7 lacks is left out.
pub(crate) fn draft7(schema: &Value) -> Value {
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
