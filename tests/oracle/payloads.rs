//! Payloads that come near to what a schema asks for.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::schemas::{Choices, NAMES, STRINGS, TYPES, number, value};

/// Makes payloads that come near to what a schema asks for.
pub(crate) struct Filler<'c, 'b> {
    pub(crate) choices: &'c mut Choices<'b>,
    pub(crate) root: &'c Value,
}

impl Filler<'_, '_> {
    pub(crate) fn fill(&mut self, schema: &Value, depth: usize) -> Value {
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
    pub(crate) fn beside(&mut self, keywords: &Map<String, Value>) -> Option<Value> {
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

    pub(crate) fn guess(&mut self, keywords: &Map<String, Value>) -> &'static str {
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

    pub(crate) fn array(&mut self, keywords: &Map<String, Value>, depth: usize) -> Value {
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

    pub(crate) fn object(&mut self, keywords: &Map<String, Value>, depth: usize) -> Value {
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
pub(crate) fn write(value: &Value, choices: &mut Choices, text: &mut String) {
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
