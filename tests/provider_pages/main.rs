//! A page for every provider, and their index, written from the data: `docs/providers/`.

mod example;
mod index;
mod page;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hookwarden::Provider;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const FOLDER: &str = "docs/providers";

/// What there is of a provider.
struct Known {
    name: &'static str,
    title: String,
    definition: Value,
    /// The page of each scheme, in order. Only provider.toml has it.
    pages: Vec<String>,
    /// What no definition can say. Only provider.toml has it.
    by_hand: Option<String>,
    vectors: Vec<Value>,
}

impl Known {
    fn read(name: &'static str) -> Self {
        let read = |path: String| fs::read_to_string(Path::new(ROOT).join(path)).unwrap();
        let text = read(format!("providers/{name}/provider.toml"));
        let page = |scheme: &str| words::quoted(scheme, "docs").unwrap_or_else(|| panic!("{name}: a page"));
        Self {
            name,
            title: Provider::builtin(name).unwrap().title().to_owned(),
            definition: serde_json::from_str(Provider::builtin_definition(name).unwrap()).unwrap(),
            pages: text.split("[[schemes]]").skip(1).map(page).collect(),
            by_hand: words::quoted(&text, "by_hand"),
            vectors: serde_json::from_str(&read(format!("tests/vectors/{name}.json"))).unwrap(),
        }
    }

    /// Whether a source has to name the scheme.
    fn asks_for_scheme(&self) -> bool {
        self.schemes().len() > 1 && self.schemes()[0]["preferred"] != true
    }

    fn schemes(&self) -> &[Value] {
        self.definition["schemes"].as_array().unwrap()
    }

    /// Those at a key that holds a list; none where it is absent.
    fn list(&self, key: &str) -> impl Iterator<Item = &Value> {
        self.definition[key].as_array().into_iter().flatten()
    }
}

fn everything() -> Vec<Known> {
    Provider::builtin_names().map(Known::read).collect()
}

fn update() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

#[test]
fn the_pages_are_current() {
    let providers = everything();
    let mut files: BTreeMap<String, String> =
        providers.iter().map(|known| (format!("{}.md", known.name), page::of(known))).collect();
    files.insert("README.md".into(), index::of(&providers));

    let folder = Path::new(ROOT).join(FOLDER);
    let mut stale = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if !files.contains_key(&*path.file_name().unwrap().to_string_lossy()) {
            stale.push(path);
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if update() {
            fs::write(path, text).unwrap();
        } else {
            stale.push(path);
        }
    }
    let command = "UPDATE_DOCS=1 cargo test --test provider_pages";
    assert!(stale.is_empty(), "out of date, or of no provider; `{command}` writes them: {stale:?}");
}

/// A number before one of these words, wherever a document states one.
#[test]
fn no_document_states_another_number() {
    let providers = everything();
    let counts = index::counts(&providers);
    let read = |file: &str| fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
    let files = [
        "README.md",
        "pkg/README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "tests/vectors/README.md",
    ];
    let mut texts: Vec<_> = files.map(|file| (file, read(file))).into();
    texts.push(("the index", index::of(&providers)));
    let (mut seen, mut wrong) = (0, Vec::new());
    for (file, text) in texts {
        for (count, what) in counts {
            for (before, _) in words::split_at(&text, &format!(" {what}")) {
                let digits =
                    before.rsplit(|char: char| !char.is_ascii_digit() && char != ',').next().unwrap();
                let Ok(stated) = digits.replace(',', "").parse::<usize>() else { continue };
                seen += 1;
                if stated != count && update() && Path::new(ROOT).join(file).is_file() {
                    let text = read(file).replace(&format!("{digits} {what}"), &format!("{count} {what}"));
                    fs::write(Path::new(ROOT).join(file), text).unwrap();
                } else if stated != count {
                    wrong.push(format!("{file}: {stated} {what}, and there are {count}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(seen >= counts.len(), "the index states them");
    assert!(providers.len() >= 34, "{}", providers.len());
}
