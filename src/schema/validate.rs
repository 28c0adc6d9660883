use std::ops::Range;

use super::Schema;
use super::compile::Broken;
use super::constant::Scalar;
use super::node::{Bounds, Node, NodeId, NumberRules, Types};
use super::violation::Violation;
use crate::json::{Decimal, Literal, Number, SyntaxError, Text, Visitor, position_of, walk};

/// How many violations are reported; the payload is invalid with the first.
pub(crate) const MAX_VIOLATIONS: usize = 16;

/// What a schema has to say of a payload.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// In the order of the payload.
    pub(crate) violations: Vec<Violation>,
    /// A value was beyond the limits within which it can be judged.
    pub(crate) too_complex: bool,
}

/// Judges a payload.
pub(crate) fn judge(schema: &Schema, payload: &[u8]) -> Result<Judged, SyntaxError> {
    let mut validator = Validator {
        schema,
        payload,
        active: Vec::new(),
        pending: 0,
        frames: Vec::new(),
        seen: Vec::new(),
        judged: Judged::default(),
    };
    validator.activate(0);
    walk(payload, &mut validator)?;
    Ok(validator.judged)
}

struct Validator<'s, 'p> {
    schema: &'s Schema,
    payload: &'p [u8],
    /// The active nodes of all open values, innermost last. Those from `pending` on wait for the value
    /// that comes next.
    active: Vec<NodeId>,
    pending: usize,
    frames: Vec<Frame<'p>>,
    /// For every active node of every open object, which required names were met.
    seen: Vec<bool>,
    judged: Judged,
}

/// An array or object that has begun and not ended.
struct Frame<'p> {
    active: Range<usize>,
    seen_from: usize,
    at: usize,
    /// Members or items so far.
    count: usize,
    /// The key of the current member; `None` in arrays.
    key: Option<Text<'p>>,
    /// Whether the schema declares the current member.
    declared: bool,
    is_array: bool,
}

impl<'s, 'p> Validator<'s, 'p> {
    /// Adds a node, and all that apply with it, to those that judge the next value.
    fn activate(&mut self, id: NodeId) {
        let schema = self.schema;
        let Some(node) = schema.nodes.get(id) else { return };
        for &other in &node.at_once {
            if !self.active.get(self.pending..).unwrap_or_default().contains(&other) {
                self.active.push(other);
            }
        }
    }

    /// The active node at an index, borrowed from the schema and not from `self`.
    fn node(&self, index: usize) -> Option<&'s Node> {
        self.schema.nodes.get(*self.active.get(index)?)
    }

    /// A value begins: in an array, its nodes are those of the items.
    fn enter(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.is_array {
            frame.count = frame.count.saturating_add(1);
            for index in frame.active.clone() {
                let Some(node) = self.node(index) else { continue };
                if let Some(items) = node.array.items {
                    self.activate(items);
                }
            }
        }
    }

    fn scalar(&mut self, scalar: Scalar<'p>, types: Types, at: usize) {
        self.enter();
        for index in self.pending..self.active.len() {
            let Some(node) = self.node(index) else { continue };
            self.judge_scalar(node, scalar, types, at);
        }
        self.active.truncate(self.pending);
    }

    fn judge_scalar(&mut self, node: &Node, scalar: Scalar<'p>, types: Types, at: usize) {
        if !self.judge_type(node, types, at) {
            return;
        }
        for constants in &node.constants {
            match scalar.is_among(&constants.allowed) {
                Some(true) => {}
                Some(false) if constants.keyword == "const" => {
                    self.violation(at, "const", "is not the one value that is allowed".into());
                }
                Some(false) => self.violation(at, constants.keyword, "is none of the allowed values".into()),
                None => self.too_complex(at),
            }
        }
        match scalar {
            Scalar::Number(number) if !node.number.is_empty() => self.judge_number(&node.number, number),
            Scalar::String(text) => self.judge_length(node.string, text),
            _ => {}
        }
    }

    fn judge_type(&mut self, node: &Node, types: Types, at: usize) -> bool {
        match node.types {
            Some(allowed) if !allowed.has(types) => {
                let found = if types.has(Types::NUMBER) { Types::NUMBER } else { types };
                self.violation(at, "type", format!("expected {allowed}, found {found}"));
                false
            }
            _ => true,
        }
    }

    fn judge_number(&mut self, rules: &NumberRules, number: Number<'p>) {
        let Some(value) = Decimal::parse(number.text) else { return self.too_complex(number.at) };
        if rules.minimum.as_ref().is_some_and(|minimum| value < *minimum) {
            self.violation(number.at, "minimum", "is less than the minimum".into());
        }
        if rules.maximum.as_ref().is_some_and(|maximum| value > *maximum) {
            self.violation(number.at, "maximum", "is more than the maximum".into());
        }
        if rules.exclusive_minimum.as_ref().is_some_and(|minimum| value <= *minimum) {
            self.violation(number.at, "exclusiveMinimum", "is not more than the exclusive minimum".into());
        }
        if rules.exclusive_maximum.as_ref().is_some_and(|maximum| value >= *maximum) {
            self.violation(number.at, "exclusiveMaximum", "is not less than the exclusive maximum".into());
        }
    }

    fn judge_length(&mut self, bounds: Bounds, text: Text<'p>) {
        if bounds.min.is_none() && bounds.max.is_none() {
            return;
        }
        self.judge_count(bounds, text.characters(), text.at, ["minLength", "maxLength"], "characters");
    }

    fn judge_count(
        &mut self,
        bounds: Bounds,
        count: usize,
        at: usize,
        keywords: [&'static str; 2],
        unit: &str,
    ) {
        let [min_keyword, max_keyword] = keywords;
        match bounds.broken_by(count) {
            Some(Broken::TooFew(min)) => {
                self.violation(at, min_keyword, format!("has {count} {unit}, at least {min} are needed"));
            }
            Some(Broken::TooMany(max)) => {
                self.violation(at, max_keyword, format!("has {count} {unit}, at most {max} are allowed"));
            }
            None => {}
        }
    }

    fn begin(&mut self, at: usize, types: Types) {
        self.enter();
        let active = self.pending..self.active.len();
        let seen_from = self.seen.len();
        for index in active.clone() {
            let Some(node) = self.node(index) else { continue };
            if self.judge_type(node, types, at) {
                // Constants are never arrays or objects: the compiler refuses those.
                for constants in &node.constants {
                    self.violation(at, constants.keyword, "is none of the allowed values".into());
                }
            }
            if types == Types::OBJECT {
                self.seen.resize(self.seen.len().saturating_add(node.object.required), false);
            }
        }
        self.pending = self.active.len();
        let is_array = types == Types::ARRAY;
        self.frames.push(Frame { active, seen_from, at, count: 0, key: None, declared: false, is_array });
    }

    /// The frame is taken off before what it lacks is reported, so that the path is that of the value.
    fn end(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let mut seen_from = frame.seen_from;
        for index in frame.active.clone() {
            let Some(node) = self.node(index) else { continue };
            if frame.is_array {
                self.judge_count(node.array.count, frame.count, frame.at, ["minItems", "maxItems"], "items");
                continue;
            }
            for member in &node.object.members {
                let Some(number) = member.required else { continue };
                if self.seen.get(seen_from.saturating_add(number)) == Some(&false) {
                    self.violation(
                        frame.at,
                        "required",
                        format!("the property `{}` is missing", member.name),
                    );
                }
            }
            seen_from = seen_from.saturating_add(node.object.required);
            let keywords = ["minProperties", "maxProperties"];
            self.judge_count(node.object.count, frame.count, frame.at, keywords, "properties");
        }
        self.seen.truncate(frame.seen_from);
        self.active.truncate(frame.active.start);
        self.pending = frame.active.start;
    }

    fn too_complex(&mut self, at: usize) {
        self.judged.too_complex = true;
        self.violation(at, "schema_too_complex", "the number is longer or larger than can be judged".into());
    }

    fn violation(&mut self, at: usize, keyword: &'static str, message: String) {
        if self.judged.violations.len() == MAX_VIOLATIONS {
            return;
        }
        let position = position_of(self.payload, at);
        let (path, masked_path) = self.path();
        let (line, column) = (position.line, position.column);
        self.judged.violations.push(Violation { path, keyword, message, line, column, masked_path });
    }

    /// The JSON Pointer of the current value, whole and with undeclared names masked.
    fn path(&self) -> (String, String) {
        let mut whole = String::new();
        let mut masked = String::new();
        for frame in &self.frames {
            let token = match &frame.key {
                Some(key) => {
                    let name = String::from_utf8_lossy(&key.decode()).into_owned();
                    name.replace('~', "~0").replace('/', "~1")
                }
                None => frame.count.saturating_sub(1).to_string(),
            };
            let shown = if frame.is_array || frame.declared { token.as_str() } else { "*" };
            masked.push('/');
            masked.push_str(shown);
            whole.push('/');
            whole.push_str(&token);
        }
        (whole, masked)
    }
}

impl<'p> Visitor<'p> for Validator<'_, 'p> {
    fn begin_object(&mut self, at: usize) {
        self.begin(at, Types::OBJECT);
    }

    fn key(&mut self, key: Text<'p>) {
        let Some(frame) = self.frames.last() else { return };
        let name = key.decode();
        let mut seen_from = frame.seen_from;
        let mut declared = false;
        for index in frame.active.clone() {
            let Some(node) = self.node(index) else { continue };
            let member = node.object.member(&name);
            declared |= member.is_some();
            if let Some(number) = member.and_then(|member| member.required)
                && let Some(seen) = self.seen.get_mut(seen_from.saturating_add(number))
            {
                *seen = true;
            }
            seen_from = seen_from.saturating_add(node.object.required);
            // A name that only `required` mentions is an additional property like any other.
            if let Some(child) = member.and_then(|member| member.node).or(node.object.additional) {
                self.activate(child);
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.count = frame.count.saturating_add(1);
            frame.key = Some(key);
            frame.declared = declared;
        }
    }

    fn end_object(&mut self) {
        self.end();
    }

    fn begin_array(&mut self, at: usize) {
        self.begin(at, Types::ARRAY);
    }

    fn end_array(&mut self) {
        self.end();
    }

    fn string(&mut self, text: Text<'p>) {
        self.scalar(Scalar::String(text), Types::STRING, text.at);
    }

    fn number(&mut self, number: Number<'p>) {
        let plain = !number.text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
        let integer = plain || Decimal::parse(number.text).is_some_and(|value| value.is_integer());
        let types = if integer { Types::INTEGER.and(Types::NUMBER) } else { Types::NUMBER };
        self.scalar(Scalar::Number(number), types, number.at);
    }

    fn literal(&mut self, literal: Literal, at: usize) {
        let types = if literal == Literal::Null { Types::NULL } else { Types::BOOLEAN };
        self.scalar(Scalar::Literal(literal), types, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(schema: &str, payload: &str) -> Vec<(String, &'static str)> {
        let schema = Schema::compile(schema.as_bytes()).unwrap();
        let judged = judge(&schema, payload.as_bytes()).unwrap();
        judged.violations.into_iter().map(|violation| (violation.path, violation.keyword)).collect()
    }

    fn valid(schema: &str, payload: &str) -> bool {
        violations(schema, payload).is_empty()
    }

    #[test]
    fn types() {
        for (name, payload) in [
            ("null", "null"),
            ("boolean", "true"),
            ("object", "{}"),
            ("array", "[]"),
            ("number", "1.5"),
            ("string", "\"\""),
            ("integer", "1.0"),
            ("number", "1"),
            ("integer", "1e400"),
        ] {
            let schema = format!(r#"{{"type":"{name}"}}"#);
            assert!(valid(&schema, payload), "{name} {payload}");
            let other = if name == "null" { "1" } else { "null" };
            assert_eq!(violations(&schema, other), [(String::new(), "type")]);
        }
        assert!(!valid(r#"{"type":"integer"}"#, "1.5"));
        assert!(valid(r#"{"type":["string","null"]}"#, "null"));
    }

    #[test]
    fn every_violation_has_its_place() {
        let schema = Schema::compile(
            br#"{"type":"object","required":["id","data"],"properties":{
                "id":{"type":"string","minLength":1},
                "data":{"properties":{"n":{"type":"integer","minimum":1}},"required":["n","m"]}}}"#,
        )
        .unwrap();
        let payload = "{\n  \"data\": {\"n\": 0, \"é\": [1]},\n  \"id\": 7\n}";
        let found = judge(&schema, payload.as_bytes()).unwrap().violations;
        let shown: Vec<_> = found
            .iter()
            .map(|v| format!("{} {} {}:{} {}", v.path, v.keyword, v.line, v.column, v.message))
            .collect();
        assert_eq!(
            shown,
            [
                "/data/n minimum 2:17 is less than the minimum",
                "/data required 2:11 the property `m` is missing",
                "/id type 3:9 expected string, found number",
            ]
        );
    }

    #[test]
    fn undeclared_names_are_masked_for_logs() {
        let schema = r#"{"properties":{"tags":{"additionalProperties":{"type":"string"}}}}"#;
        let schema = Schema::compile(schema.as_bytes()).unwrap();
        let found = judge(&schema, br#"{"tags":{"a/b~c":1}}"#).unwrap().violations;
        assert_eq!(found[0].path, "/tags/a~1b~0c");
        assert_eq!(found[0].masked_path, "/tags/*");
    }

    #[test]
    fn references_and_all_of_judge_together() {
        let schema = r##"{"$defs":{"named":{"required":["name"]},"short":{"maxProperties":1}},
            "items":{"allOf":[{"$ref":"#/$defs/named"},{"$ref":"#/$defs/short"}],"type":"object"}}"##;
        assert!(valid(schema, r#"[{"name":1}]"#));
        assert_eq!(
            violations(schema, r#"[{"name":1},{"a":1,"b":2}]"#),
            [("/1".to_owned(), "required"), ("/1".to_owned(), "maxProperties")]
        );
        let tree = r##"{"properties":{"children":{"items":{"$ref":"#"}},"name":{"type":"string"}}}"##;
        assert!(valid(tree, r#"{"children":[{"children":[{"name":"x"}]}]}"#));
        assert_eq!(
            violations(tree, r#"{"children":[{"children":[{"name":1}]}]}"#),
            [("/children/0/children/0/name".to_owned(), "type")]
        );
    }

    #[test]
    fn constants_and_bounds_are_exact() {
        assert!(valid(r#"{"const":1}"#, "1.0"));
        assert!(!valid(r#"{"const":9007199254740992}"#, "9007199254740993"));
        assert!(valid(r#"{"enum":["é",null,2]}"#, r#""\u00e9""#));
        assert!(!valid(r#"{"enum":["a"]}"#, "{}"));
        assert!(!valid(r#"{"const":"a","enum":["a","b"]}"#, r#""b""#));
        assert!(!valid(r#"{"enum":["b"],"const":"a"}"#, r#""a""#));
        assert!(valid(r#"{"maximum":0.1}"#, "1e-1"));
        assert!(!valid(r#"{"exclusiveMaximum":0.1}"#, "1e-1"));
        assert!(valid(r#"{"maxLength":1}"#, r#""\ud83d\ude00""#));
        assert!(!valid(r#"{"minItems":1}"#, "[]"));
        assert!(!valid("false", "1"));
        assert!(!valid(r#"{"additionalProperties":false}"#, r#"{"a":1}"#));
        assert!(valid(r#"{"additionalProperties":false,"properties":{"a":true}}"#, r#"{"a":1}"#));
    }

    #[test]
    fn a_number_beyond_the_limits_is_too_complex_only_where_its_value_matters() {
        let digits = "7".repeat(2000);
        assert!(valid(r#"{"type":"number"}"#, &digits));
        let schema = Schema::compile(br#"{"minimum":1}"#).unwrap();
        assert!(judge(&schema, digits.as_bytes()).unwrap().too_complex);
    }

    #[test]
    fn reports_are_limited() {
        let schema = r#"{"items":{"type":"string"}}"#;
        let payload = format!("[{}1]", "1,".repeat(1000));
        assert_eq!(violations(schema, &payload).len(), MAX_VIOLATIONS);
    }
}
