//! The fields of a payload that was read against a schema: what was noted then says where they stand.

use super::{Field, Found, PathNode};
use crate::json::{Members, Place, Scalar, first_item_at, member_at, scalar_at};

/// Where the value of a node stands.
#[derive(Clone, Copy)]
enum Stands {
    Nowhere,
    /// The whole payload.
    Outermost,
    /// In the outermost object.
    Noted(Place),
    /// Deeper, by its offset.
    At(usize),
}

/// `None` where the notes do not tell all.
pub(super) fn read<'a>(nodes: &[PathNode], payload: &'a [u8], members: &Members) -> Option<Vec<Found<'a>>> {
    if !members.are_complete() {
        return None;
    }
    let mut stands: Vec<Stands> = Vec::with_capacity(nodes.len());
    for node in nodes {
        // Parents come before their children.
        let parent = node.parent.and_then(|parent| stands.get(parent));
        let here = parent.map_or(Stands::Outermost, |parent| parent.member(payload, members, node));
        stands.push(here);
    }
    let found = |(node, stands): (&PathNode, &Stands)| match stands.offset() {
        Some(at) if node.is_field => value(payload, at),
        _ => Found::Nothing,
    };
    Some(nodes.iter().zip(&stands).map(found).collect())
}

impl Stands {
    fn offset(self) -> Option<usize> {
        match self {
            Self::Nowhere | Self::Outermost => None,
            Self::Noted(place) => Some(place.at),
            Self::At(at) => Some(at),
        }
    }

    fn member(self, payload: &[u8], members: &Members, node: &PathNode) -> Self {
        let name = node.token.as_bytes();
        let noted = |place| members.find(payload, place, name);
        let found = match self {
            Self::Outermost => return noted(None).map_or(Self::Nowhere, Self::Noted),
            Self::Nowhere => None,
            Self::Noted(place) => {
                noted(Some(place)).map(|place| place.at).or_else(|| item(payload, place.at, name))
            }
            Self::At(at) => member_at(payload, at, name).or_else(|| item(payload, at, name)),
        };
        found.map_or(Self::Nowhere, Self::At)
    }
}

/// Of an array, the first item can be named.
fn item(payload: &[u8], at: usize, name: &[u8]) -> Option<usize> {
    if name == b"0" { first_item_at(payload, at) } else { None }
}

fn value(payload: &[u8], at: usize) -> Found<'_> {
    match scalar_at(payload, at) {
        Some(Scalar::String(text)) => Found::Scalar(Field::String(text.decode())),
        Some(Scalar::Number(number)) => Found::Scalar(Field::Number(number.text)),
        Some(Scalar::Literal(literal)) => Found::Scalar(Field::Literal(literal)),
        None => Found::Container,
    }
}

#[cfg(test)]
mod tests {
    use crate::pointer::{Field, Fields, Paths, Slot};
    use crate::schema::{Schema, settle};

    const POINTERS: [&str; 9] = ["/a", "/b", "/b/a", "/b/c/d", "/b/0", "/b/0/a", "/c~1d/a", "/0", "/e/a/0/b"];

    fn slots() -> (Paths, Vec<Slot>) {
        let mut paths = Paths::new();
        let slots = POINTERS.iter().map(|pointer| paths.add(pointer).unwrap()).collect();
        (paths, slots)
    }

    /// What stands at the pointers, as it was noted, compared with what a reader of its own finds.
    fn noted(schema: &str, payload: &str) -> Option<Vec<bool>> {
        let schema = Schema::compile(schema.as_bytes()).unwrap();
        let (paths, slots) = slots();
        let members = settle(&schema, payload.as_bytes()).expect("it is right");
        let noted = paths.read_noted(payload.as_bytes(), &members)?;
        let (read, _) = paths.read(payload.as_bytes()).unwrap();
        let get = |fields: &Fields<'_>| slots.iter().map(|&slot| fields.get(slot).is_some()).collect();
        for &slot in &slots {
            assert_eq!(noted.get(slot).map(Field::text), read.get(slot).map(Field::text), "{payload}");
        }
        Some(get(&noted))
    }

    #[test]
    fn fields_stand_where_they_were_noted() {
        for (payload, found) in [
            ("{}", ""),
            (r#"{"a":1,"b":2}"#, "/a /b"),
            (
                r#" { "b" : { "x" : [1,{"a":2}], "a" : "é" , "c":{"y":{"d":1},"d":true} } , "a" : null } "#,
                "/a /b/a /b/c/d",
            ),
            (r#"{"b":[{"a":5},{"a":6}],"a":{"a":1}}"#, "/b/0/a"),
            (r#"{"b":{"0":7},"c/d":{"a":"x"}}"#, "/b/0 /c~1d/a"),
            (r#"{"b":[]}"#, ""),
            (r#"{"x":{"a":1},"y":[{"a":1}],"b":{"x":{"a":2},"c":{"c":{"d":3}}}}"#, ""),
            (r#"{"xa":1,"a\u0000":2}"#, "-"),
            (r#"{"\u0061":1}"#, "-"),
            (r#"{"x\"a":1}"#, "-"),
            (r#"{"x":{"\\\"a":1}}"#, "-"),
            (r#"{"x":[{"\u0061":1}],"a":1}"#, "-"),
            (r#"[{"a":1}]"#, "-"),
            (r#""a""#, "-"),
            (r#"{"e":{"a":[{"b":4},{"b":5}]}}"#, "/e/a/0/b"),
            (r#"{"e":{"a":[[{"b":4}]]}}"#, ""),
        ] {
            let expected = (found != "-").then(|| {
                POINTERS.iter().map(|pointer| found.split(' ').any(|one| one == *pointer)).collect()
            });
            for schema in
                ["true", r#"{"properties":{"a":true,"b":{"properties":{"a":true}},"e":{"items":true}}}"#]
            {
                assert_eq!(noted(schema, payload), expected, "{payload} {schema}");
            }
        }
    }

    #[test]
    fn what_was_asked_is_not_noted() {
        let asked = r#"{"uniqueItems":true,"dependentSchemas":{"z":{"unevaluatedProperties":false}}}"#;
        assert_eq!(noted(asked, r#"{"a":1}"#), None);
        let within = format!(r#"{{"properties":{{"b":{asked}}}}}"#);
        assert_eq!(noted(&within, r#"{"b":{"a":1}}"#), None);
        assert!(noted(&within, r#"{"b":1,"a":{"a":1}}"#).is_some());
    }
}
