//! Turns `providers/` into a table that the core is compiled with.
//!
//! Definitions become JSON, which is also the shape of a user's own provider, so that there is one
//! reader for both. Schemas lose the keywords that only people read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};

/// Their schemas are in every build that has providers. Those of the others are several times as large.
const FIRST: [&str; 5] = ["attendee", "audian", "efficlose", "meeting-baas", "mobile-assistant"];
const FOR_PEOPLE: [&str; 7] = ["$comment", "$id", "$schema", "description", "examples", "format", "title"];

fn main() {
    println!("cargo::rerun-if-changed=providers");
    println!("cargo::rerun-if-changed=src/schema/meta");
    let feature = |name: &str| env::var_os(format!("CARGO_FEATURE_{name}")).is_some();
    let mut folders = sorted(Path::new("providers"));
    folders.retain(|folder| folder.is_dir() && feature("PROVIDERS"));
    let mut table = format!("static BUILTIN: [Builtin; {}] = [\n", folders.len());
    for folder in folders {
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        let mut definition = read_definition(&folder.join("provider.toml"));
        assert_eq!(definition["name"], name, "{}: the name must be the folder's", folder.display());
        let schemas = FIRST.contains(&name.as_str()) || feature("MORE_SCHEMAS");
        add_events(&mut definition, &folder.join("events"), schemas);
        let definition = definition.to_string();
        writeln!(
            table,
            "Builtin {{ name: {name:?}, definition: {definition:?}, compiled: OnceLock::new() }},"
        )
        .expect("a string takes anything");
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("builtin.rs"), table).expect("OUT_DIR is writable");
    shrink_metaschemas(&out);
}

/// The events of the folder become those of the definition; a schema is text in there, so that it can be
/// read when its event first arrives.
fn add_events(definition: &mut Value, folder: &Path, schemas: bool) {
    let mut events = definition["events"].as_array().cloned().unwrap_or_default();
    for file in if folder.is_dir() { sorted(folder) } else { Vec::new() } {
        let file_name = file.file_name().expect("a file has a name").to_string_lossy();
        let event = file_name.strip_suffix(".schema.json").unwrap_or_else(|| {
            panic!("{}: expected <event type>.schema.json", file.display());
        });
        let event = event.replace("%2F", "/");
        let at = events.iter().position(|known| known["name"] == event.as_str()).unwrap_or_else(|| {
            events.push(json!({ "name": event }));
            events.len() - 1
        });
        if schemas {
            events[at]["schema"] = read_schema(&file).to_string().into();
        }
    }
    if !events.is_empty() {
        definition["events"] = events.into();
    }
}

/// The metaschemas as published, without the white space, what is for people, and what only the `$schema` of another
/// metaschema would ask for.
fn shrink_metaschemas(out: &Path) {
    let folder = Path::new("src/schema/meta");
    for file in [sorted(&folder.join("draft2020-12")), vec![folder.join("draft7.json")]].concat() {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut schema: Value = serde_json::from_str(&text).expect("a metaschema is JSON");
        strip(&mut schema, &["$comment", "$vocabulary", "default", "deprecated", "title"]);
        let name = file.file_name().expect("a file has a name");
        fs::write(out.join(name), schema.to_string()).expect("OUT_DIR is writable");
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    // By name up to the suffix, as the core searches: `a.b` before `a.b.c`.
    paths.sort_by_key(|path| path.to_string_lossy().trim_end_matches(".schema.json").to_owned());
    paths
}

fn read_definition(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut definition: Value =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // The page of each scheme, and what has to be done by hand, is for readers.
    definition.as_object_mut().map(|keys| keys.remove("by_hand"));
    for scheme in definition["schemes"].as_array_mut().into_iter().flatten() {
        scheme.as_object_mut().map(|keys| keys.remove("docs"));
    }
    definition
}

fn read_schema(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut schema =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    strip(&mut schema, &FOR_PEOPLE);
    schema
}

/// Drops what only people read from a schema and from those within, but no property of that name.
fn strip(schema: &mut Value, dropped: &[&str]) {
    let Value::Object(keywords) = schema else { return };
    keywords.retain(|keyword, _| !dropped.contains(&keyword.as_str()));
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(schemas)) => {
                schemas.values_mut().for_each(|schema| strip(schema, dropped));
            }
            ("items" | "additionalProperties", schema) => strip(schema, dropped),
            _ => {}
        }
    }
}
