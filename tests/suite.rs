//! The official JSON Schema test suite, which `cargo xtask setup` fetches.
//!
//! Of the required tests none may fail. Of the optional ones those that do are listed here, each with
//! its reason, and the list is exact.

use std::fs;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use hookwarden::{Dialect, Schema, SchemaOptions};
use serde::Deserialize;
use serde_json::value::RawValue;

const FOLDER: &str = ".tools/json-schema-suite/json";

/// The tests expect the files below `remotes/` here.
const REMOTES: &str = "http://localhost:1234";

/// Folders of remotes that only drafts not spoken here refer to.
const OTHER_DRAFTS: [&str; 5] = ["draft-next", "draft2019-09", "draft3", "draft4", "draft6"];

#[derive(Clone, Copy)]
enum Draft {
    Draft202012,
    Draft7,
}

impl Draft {
    fn folder(self) -> &'static str {
        match self {
            Self::Draft202012 => "draft2020-12",
            Self::Draft7 => "draft7",
        }
    }

    fn options(self, assert_format: bool) -> SchemaOptions {
        let default_dialect = match self {
            Self::Draft202012 => Dialect::Draft202012,
            Self::Draft7 => Dialect::Draft7,
        };
        SchemaOptions {
            resources: remotes(),
            assert_format,
            annotate_unknown_keywords: true,
            default_dialect,
        }
    }
}

/// A schema of the suite. Schemas and data are taken as they are written: 1.0 is not 1 here.
#[derive(Deserialize)]
struct Case {
    description: String,
    schema: Box<RawValue>,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    description: String,
    data: Box<RawValue>,
    valid: bool,
}

/// Where the suite is.
fn suite() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    assert!(
        folder.join("tests").is_dir(),
        "the JSON Schema test suite is not in {FOLDER}: run `cargo xtask setup`, which fetches it"
    );
    folder
}

/// The JSON files directly below a folder, in the order of their names.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

fn remotes() -> Vec<(String, Vec<u8>)> {
    let root = suite().join("remotes");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in json_files(&folder) {
            let below = path.strip_prefix(&root).unwrap();
            let parts: Vec<_> = below.iter().map(|part| part.to_str().unwrap()).collect();
            found.push((format!("{REMOTES}/{}", parts.join("/")), fs::read(&path).unwrap()));
        }
        let folders_in = folder.read_dir().unwrap().map(|entry| entry.unwrap());
        folders.extend(
            folders_in
                .filter(|entry| entry.file_type().unwrap().is_dir())
                .filter(|entry| !OTHER_DRAFTS.contains(&entry.file_name().to_str().unwrap()))
                .map(|entry| entry.path()),
        );
    }
    found
}

/// What came of some files of the suite, by `file / schema / test`.
#[derive(Default)]
struct Outcome {
    agreeing: Vec<String>,
    /// With what was found instead.
    differences: Vec<(String, String)>,
}

impl Outcome {
    fn run(&mut self, draft: Draft, file: &Path, options: &SchemaOptions) {
        let text = fs::read(file).unwrap();
        let cases: Vec<Case> =
            serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let folder = suite().join("tests").join(draft.folder());
        let name = file.strip_prefix(folder).unwrap().display().to_string().replace('\\', "/");
        for case in &cases {
            let schema = compile(case, options);
            for test in &case.tests {
                let name = format!("{name} / {} / {}", case.description, test.description);
                let found = schema.as_ref().map_err(String::clone).and_then(|schema| judge(schema, test));
                let found = match found {
                    Ok(valid) if valid == test.valid => {
                        self.agreeing.push(name);
                        continue;
                    }
                    Ok(true) => "is valid and must not be".to_owned(),
                    Ok(false) => "is not valid and must be".to_owned(),
                    Err(reason) => reason,
                };
                self.differences.push((name, found));
            }
        }
    }

    fn tests(&self) -> usize {
        self.agreeing.len() + self.differences.len()
    }

    fn extend(&mut self, other: Self) {
        self.agreeing.extend(other.agreeing);
        self.differences.extend(other.differences);
    }
}

/// A panic counts as one more difference, so that one run finds them all.
fn compile(case: &Case, options: &SchemaOptions) -> Result<Schema, String> {
    let text = case.schema.get().as_bytes();
    match catch_unwind(AssertUnwindSafe(|| Schema::compile_with(text, options))) {
        Ok(Ok(schema)) => Ok(schema),
        Ok(Err(refused)) => Err(format!("the schema is refused: {refused}")),
        Err(_) => Err("compiling panics".to_owned()),
    }
}

fn judge(schema: &Schema, test: &Test) -> Result<bool, String> {
    let payload = test.data.get().as_bytes();
    match catch_unwind(AssertUnwindSafe(|| schema.validate(payload))) {
        Ok(Ok(violations)) => Ok(violations.is_empty()),
        Ok(Err(rejection)) => Err(format!("cannot be judged: {rejection:?}")),
        Err(_) => Err("judging panics".to_owned()),
    }
}

/// For the person who runs the tests, also when they succeed: the test harness keeps back `println!`.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn required(draft: Draft) {
    let options = draft.options(false);
    let mut outcome = Outcome::default();
    for file in json_files(&suite().join("tests").join(draft.folder())) {
        outcome.run(draft, &file, &options);
    }
    let (folder, agreeing, tests) = (draft.folder(), outcome.agreeing.len(), outcome.tests());
    say(&format!("{folder}: {agreeing} of {tests} required tests"));
    assert!(tests > 900, "{folder} has only {tests} required tests");
    let shown: Vec<String> =
        outcome.differences.iter().map(|(test, found)| format!("{test}: {found}")).collect();
    assert!(shown.is_empty(), "{folder}: {} required tests differ:\n{}", shown.len(), shown.join("\n"));
}

#[test]
fn required_tests_of_draft_2020_12() {
    required(Draft::Draft202012);
}

#[test]
fn required_tests_of_draft_7() {
    required(Draft::Draft7);
}

/// Files below `optional/` that are not run.
const LEFT_OUT: [(&str, &str); 8] = [
    ("content.json", "content keywords are annotations, in draft 7 too"),
    ("cross-draft.json", "draft 2019-09 is not spoken"),
    ("format/idn-email.json", "the format is not asserted"),
    ("format/idn-hostname.json", "the format is not asserted"),
    ("format/iri.json", "the format is not asserted"),
    ("format/iri-reference.json", "the format is not asserted"),
    ("format/relative-json-pointer.json", "the format is not asserted"),
    ("format/uri-template.json", "the format is not asserted"),
];

const NO_UNICODE_TABLES: &str = "`\\p{…}` is refused: its tables are large";
const FORMATS_BY_OPTION: &str = "whether formats are asserted is an option, not the metaschema's decision";

/// How the names of tests begin that differ, and why. All tests with this beginning do, in both drafts
/// where both have them.
const KNOWN: [(&str, &str); 6] = [
    ("optional/ecmascript-regex.json / pattern with non-ASCII digits / ", NO_UNICODE_TABLES),
    ("optional/ecmascript-regex.json / patternProperties with non-ASCII digits / ", NO_UNICODE_TABLES),
    (
        "optional/ecmascript-regex.json / patterns always use unicode semantics with pattern / ",
        NO_UNICODE_TABLES,
    ),
    (
        "optional/ecmascript-regex.json / patterns always use unicode semantics with patternProperties / ",
        NO_UNICODE_TABLES,
    ),
    (
        "optional/format-assertion.json / schema that uses custom metaschema with format-assertion: false / \
         format-assertion: false: invalid string",
        FORMATS_BY_OPTION,
    ),
    (
        "optional/format-assertion.json / schema that uses custom metaschema with format-assertion: true / \
         format-assertion: true: invalid string",
        FORMATS_BY_OPTION,
    ),
];

fn optional(draft: Draft) -> Outcome {
    let folder = suite().join("tests").join(draft.folder()).join("optional");
    let mut total = Outcome::default();
    for (below, assert_format) in [("format", true), ("", false)] {
        let options = draft.options(assert_format);
        let mut outcome = Outcome::default();
        for file in json_files(&folder.join(below)) {
            let name = file.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
            if !LEFT_OUT.iter().any(|(left_out, _)| *left_out == name) {
                outcome.run(draft, &file, &options);
            }
        }
        let kind = if assert_format { "tests of asserted formats" } else { "other optional tests" };
        say(&format!("{}: {} of {} {kind}", draft.folder(), outcome.agreeing.len(), outcome.tests()));
        total.extend(outcome);
    }
    total
}

#[test]
fn optional_tests_but_for_known_differences() {
    let mut outcome = optional(Draft::Draft202012);
    outcome.extend(optional(Draft::Draft7));
    let is_known = |name: &str| KNOWN.iter().any(|(known, _)| name.starts_with(known));
    let mut wrong = Vec::new();
    for (name, found) in &outcome.differences {
        if !is_known(name) {
            wrong.push(format!("{name}: {found}"));
        }
    }
    for name in outcome.agreeing.iter().filter(|name| is_known(name)) {
        wrong.push(format!("{name}: agrees, and is listed as a difference"));
    }
    for (known, _) in KNOWN {
        if !outcome.differences.iter().any(|(name, _)| name.starts_with(known)) {
            wrong.push(format!("{known}: is listed as a difference, and no such test differs"));
        }
    }
    assert!(wrong.is_empty(), "{} optional tests:\n{}", wrong.len(), wrong.join("\n"));
}
