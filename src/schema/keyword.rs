//! The keywords that there are.

use super::document::Dialect;

/// The validation vocabulary: a metaschema may leave it out.
pub(super) const VALIDATION: [&str; 20] = [
    "const",
    "dependentRequired",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "type",
    "uniqueItems",
];

/// Keywords that hold schemas.
const APPLICATORS: [&str; 23] = [
    "$defs",
    "$dynamicRef",
    "$ref",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "dependencies",
    "dependentSchemas",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "definitions",
];

/// Keywords that say something and ask nothing.
const ANNOTATIONS: [&str; 16] = [
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "$vocabulary",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// Whether a keyword may stand there without asking anything of a value.
pub(super) fn asserts_nothing(name: &str, dialect: Dialect) -> bool {
    // `minContains` and its kin belong to the later draft; in draft 7 they mean nothing.
    name.starts_with("x-")
        || ANNOTATIONS.contains(&name)
        || dialect == Dialect::Draft7 && APPLICATORS.contains(&name)
}

/// What is wrong with a keyword that is unknown, with the one that was perhaps meant.
pub(super) fn unknown(name: &str) -> String {
    let known = VALIDATION.iter().chain(&APPLICATORS).chain(&ANNOTATIONS).chain(&["format"]);
    let nearest = known.map(|&known| (distance(name, known), known)).min();
    match nearest {
        Some((distance, known)) if distance <= 2 => {
            format!("the keyword `{name}` is unknown; is `{known}` meant?")
        }
        _ => format!("the keyword `{name}` is unknown"),
    }
}

/// The keyword in a JSON Pointer to a schema: the last token that is one.
pub(super) fn above(pointer: &str) -> &'static str {
    let keyword = |token| APPLICATORS.iter().find(|&&known| known == token);
    pointer.split('/').fold("false", |last, token| keyword(token).copied().unwrap_or(last))
}

/// How many characters have to be changed, added or left out.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, first) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line.saturating_add(1);
        if let Some(start) = row.first_mut() {
            *start = left;
        }
        for (cell, second) in row.iter_mut().skip(1).zip(other.chars()) {
            let changed = diagonal.saturating_add(usize::from(first != second));
            diagonal = *cell;
            left = changed.min(left.saturating_add(1)).min(cell.saturating_add(1));
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_was_perhaps_meant() {
        assert!(
            unknown("propertys").ends_with("is `properties` meant?")
                == (distance("propertys", "properties") <= 2)
        );
        assert!(unknown("requried").ends_with("is `required` meant?"));
        assert!(unknown("nonsense").ends_with("is unknown"));
    }

    #[test]
    fn finds_the_keyword_that_holds_a_schema() {
        assert_eq!(above("/properties/items/additionalProperties"), "additionalProperties");
        assert_eq!(above("/properties/name"), "properties");
        assert_eq!(above(""), "false");
    }
}
