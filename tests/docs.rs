//! The documents say what the code does: generated tables, links, commands and settings are checked.

use std::fs;
use std::path::{Path, PathBuf};

use hookwarden::{Code, Options, Provider, Retries, Verifier};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn generated_tables_are_current() {
    let old = read("README.md");
    let mut new = old.clone();
    for (name, table) in [("providers", providers()), ("codes", codes())] {
        let begin = format!("<!-- begin generated: {name} -->");
        let end = format!("<!-- end generated: {name} -->");
        let (before, rest) = new.split_once(&begin).unwrap_or_else(|| panic!("README.md lacks {begin}"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("README.md lacks {end}"));
        new = format!("{before}{begin}\n{table}{end}{after}");
    }
    if new == old {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(Path::new(ROOT).join("README.md"), new).unwrap();
    } else {
        panic!("the tables of README.md are out of date: `UPDATE_DOCS=1 cargo test --test docs` writes them");
    }
}

fn codes() -> String {
    let row = |code: &Code| format!("| {} | `{code}` | {} |\n", code.status(), code.meaning());
    table(&["status", "code", "meaning"], &Code::ALL.iter().map(row).collect::<Vec<_>>())
}

fn table(columns: &[&str], rows: &[String]) -> String {
    format!("| {} |\n{}|\n{}", columns.join(" | "), "|---".repeat(columns.len()), rows.concat())
}

fn providers() -> String {
    let (mut who, mut signing, mut delivery) = (Vec::new(), Vec::new(), Vec::new());
    for name in Provider::builtin_names() {
        let provider = Provider::builtin(name).unwrap();
        let tables = tables(&read(format!("providers/{name}/provider.toml")));
        who.push(provider_row(&provider, tables.iter().find(|table| table.name == "event").unwrap()));
        let schemes: Vec<_> = tables.iter().filter(|table| table.name == "schemes").collect();
        let names: Vec<_> = schemes.iter().map(|scheme| scheme.text("name").unwrap()).collect();
        assert_eq!(names, provider.schemes().collect::<Vec<_>>(), "{name}");
        signing.extend(schemes.into_iter().map(|scheme| signature_row(name, scheme)));
        delivery.extend(names.into_iter().map(|scheme| retry_row(name, scheme)));
    }
    let key = "`provider`";
    let who_columns = ["provider", key, "methods", "event types", "type at", "id at", "documentation"];
    let signing_columns = [key, "`scheme`", "headers", "signed content", "signature", "secret", "tolerance"];
    let delivery_columns =
        [key, "`scheme`", "waits", "attempts", "tries again after", "first to last", "remembered"];
    [table(&who_columns, &who), table(&signing_columns, &signing), table(&delivery_columns, &delivery)]
        .join("\n")
}

fn provider_row(provider: &Provider, event: &Table) -> String {
    let (title, name, docs) = (provider.title(), provider.name(), provider.docs());
    let (methods, count) = (provider.methods().join(", "), provider.events().count());
    let (at, id_at) = (event.code("type"), event.code("id"));
    // What is not signed is a hint.
    let at = match event.text("type_header") {
        Some(header) => format!("`{header}`, not signed"),
        None => at,
    };
    format!("| {title} | `{name}` | {methods} | {count} | {at} | {id_at} | [page]({docs}) |\n")
}

fn signature_row(provider: &str, scheme: &Table) -> String {
    let families: Vec<_> = scheme
        .value("headers")
        .unwrap()
        .split_terminator('}')
        .map(in_code)
        .filter(|f| !f.is_empty())
        .collect();
    let label = scheme.text("label").unwrap_or_default();
    let encoding = scheme.text("encoding").unwrap_or_default();
    let signature = match (scheme.text("grammar"), scheme.text("prefix")) {
        (Some("versions"), _) => format!("list of `{label},` and {encoding}"),
        (Some("pairs"), _) => format!("list of `{label}=` and {encoding}"),
        (Some("values"), _) => format!("list of {encoding}"),
        (_, Some(prefix)) if scheme.value("prefix_optional") == Some("true") => {
            format!("{encoding}, with or without `{prefix}`")
        }
        (_, Some(prefix)) => format!("`{prefix}` and {encoding}"),
        (_, None) => encoding.to_owned(),
    };
    let secret = match scheme.text("secret") {
        Some("base64") => "base64",
        Some("whsec") => "`whsec_` and base64",
        Some("whpk") => "public key: `whpk_` and base64",
        Some("hex") if scheme.text("algorithm") == Some("ed25519") => "public key: hex",
        Some("hex") => "hex",
        Some("spki") => "public key: PEM",
        _ => "the text itself",
    };
    let algorithm = match scheme.text("algorithm").unwrap() {
        "hmac-sha256" => String::new(),
        other => format!(" of {other}"),
    };
    let (content, signature) = match (scheme.text("signed_content"), scheme.value("timestamp_pointer")) {
        (Some(content), None) => (format!("`{content}`"), format!("{signature}{algorithm}")),
        (Some(content), Some(at)) => {
            (format!("`{content}` with its time at {}", in_code(at)), format!("{signature}{algorithm}"))
        }
        (None, _) => ("nothing".to_owned(), "the secret itself".to_owned()),
    };
    let tolerance =
        scheme.value("tolerance_seconds").map_or("none".to_owned(), |seconds| format!("{seconds} s"));
    let (name, families) = (scheme.text("name").unwrap(), families.join(" or "));
    format!("| `{provider}` | `{name}` | {families} | {content} | {signature} | {secret} | {tolerance} |\n")
}

fn retry_row(provider: &str, scheme: &str) -> String {
    // A text that is a secret in every form, or as many zeros as a public key has.
    let secrets = ["AAAA".to_owned(), "0".repeat(64), format!("{}=", "A".repeat(43))];
    let verifier = secrets.into_iter().find_map(|secret| {
        let options =
            Options { scheme: Some(scheme.into()), secrets: vec![secret.into()], ..Options::default() };
        Verifier::new(Provider::builtin(provider).unwrap(), options).ok()
    });
    let verifier = verifier.unwrap();
    let facts = verifier.delivery_facts();
    let unknown = || "unknown".to_owned();
    let retried = match facts.retries {
        Retries::Non2xx => "any status but 2xx",
        Retries::ServerErrors => "5xx; a 4xx is final",
        Retries::None => "nothing",
        _ => "unknown",
    };
    format!(
        "| `{provider}` | `{scheme}` | {} | {} | {retried} | {} | {} |\n",
        facts.timeout_seconds.map_or_else(unknown, duration),
        facts.attempts.map_or_else(unknown, |attempts| attempts.to_string()),
        facts.window_seconds.map_or_else(unknown, duration),
        duration(verifier.dedupe_window_seconds()),
    )
}

fn duration(seconds: u32) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (length, unit) in units {
        if rest >= length {
            parts.push(format!("{} {unit}", rest / length));
        }
        rest %= length;
    }
    parts.join(" ")
}

/// One table of a provider.toml. What the library does not tell comes from here.
struct Table {
    name: String,
    keys: Vec<(String, String)>,
}

impl Table {
    fn value(&self, key: &str) -> Option<&str> {
        self.keys.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn text(&self, key: &str) -> Option<&str> {
        strings(self.value(key)?).next()
    }

    fn code(&self, key: &str) -> String {
        self.value(key).map_or_else(|| "none".to_owned(), in_code)
    }
}

/// Enough of TOML for the project's own files.
fn tables(text: &str) -> Vec<Table> {
    let mut tables = vec![Table { name: String::new(), keys: Vec::new() }];
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    while let Some(line) = lines.next() {
        if let Some((key, value)) = line.split_once('=') {
            let mut value = value.trim().to_owned();
            // Brackets in a string are none.
            while !value.ends_with('"') && value.matches('[').count() > value.matches(']').count() {
                value.push_str(lines.next().expect("an array that ends"));
            }
            tables.last_mut().unwrap().keys.push((key.trim().to_owned(), value));
        } else {
            tables.push(Table { name: line.trim_matches(['[', ']']).to_owned(), keys: Vec::new() });
        }
    }
    tables
}

fn strings(value: &str) -> impl Iterator<Item = &str> {
    value.split('"').skip(1).step_by(2)
}

fn in_code(value: &str) -> String {
    strings(value).map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}

/// Every Markdown file of the repository, with its text.
fn documents() -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let generated = ["target", "node_modules", "build", "dist"].contains(&name.as_str());
            if path.is_dir() && !generated && !name.starts_with('.') {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(Path::new(ROOT), &mut found);
    assert!(found.iter().any(|path| path.ends_with("README.md")));
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The name that GitHub gives a heading as the target of links.
fn anchor(heading: &str) -> String {
    let kept = |char: char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_');
    heading.trim().to_lowercase().chars().filter(|&char| kept(char)).collect::<String>().replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for (path, text) in documents() {
        for target in
            text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
        {
            if target.contains("://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            // A `%` in the name of a file.
            let file = file.replace("%25", "%");
            let file = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let headings = || fs::read_to_string(&file).unwrap_or_default();
            let known = |line: &str| line.starts_with('#') && anchor(line.trim_start_matches('#')) == heading;
            if !file.exists() || !heading.is_empty() && !headings().lines().any(known) {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn commands_exist() {
    let source = read("crates/xtask/src/command.rs");
    let command = |word: &str| source.contains(&format!("\"{word}\" =>")) || word == "help";
    let part = |word: &str| {
        let forms = [format!("Some(\"{word}\") =>"), format!("=> \"{word}\",")];
        forms.iter().any(|form| source.contains(form))
    };
    let mut unknown = Vec::new();
    for (path, text) in documents() {
        for rest in text.split("cargo xtask ").skip(1) {
            let end = rest.find(['`', '\n', '#', '<']).unwrap_or(rest.len());
            let mut words = rest[..end].split_whitespace();
            let Some(name) = words.next() else { continue };
            let rest = words.next().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
            if !command(name) || rest.is_some_and(|word| !part(word)) {
                unknown.push(format!("{}: cargo xtask {name} {}", path.display(), rest.unwrap_or_default()));
            }
        }
    }
    assert!(unknown.is_empty(), "commands that do not exist:\n{}", unknown.join("\n"));
}

/// The keys that a struct reads or writes, as they are written outside.
fn keys(file: &str, name: &str) -> Vec<String> {
    let source = read(file);
    let (_, rest) =
        source.split_once(&format!("struct {name} {{")).unwrap_or_else(|| panic!("{file}: {name}"));
    let (body, _) = rest.split_once("\n}").unwrap();
    let mut renamed = None;
    let mut keys = Vec::new();
    for line in body.lines().map(str::trim) {
        if line.contains("rename = ") {
            renamed = strings(line).next().map(str::to_owned);
        } else if let Some((field, _)) = line.split_once(": ").filter(|_| !line.starts_with(['/', '#'])) {
            let field = field.rsplit(' ').next().unwrap().trim_start_matches("r#").to_owned();
            keys.push(renamed.take().unwrap_or(field));
        }
    }
    assert!(!keys.is_empty(), "{file}: {name} has no fields");
    keys
}

/// The names of all properties, in whatever depth.
fn properties(schema: &serde_json::Value, found: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else { return };
    for (keyword, value) in keywords {
        let schemas = value.as_object().filter(|_| keyword == "properties" || keyword == "$defs");
        for (name, schema) in schemas.into_iter().flatten() {
            if keyword == "properties" {
                found.push(name.clone());
            }
            properties(schema, found);
        }
        properties(value, found);
    }
}

#[test]
fn the_format_of_providers_has_a_schema_and_is_documented() {
    let text = read("docs/provider.schema.json");
    let schema = hookwarden::Schema::compile(text.as_bytes()).unwrap();
    for name in Provider::builtin_names() {
        let definition = Provider::builtin_definition(name).unwrap();
        assert_eq!(schema.validate(definition.as_bytes()).unwrap(), [], "{name}");
    }
    let document = read("CONTRIBUTING.md");
    let mut keys = Vec::new();
    properties(&serde_json::from_str(&text).unwrap(), &mut keys);
    keys.retain(|key| key != "$schema" && key != "query" && key != "hash");
    assert!(keys.len() > 40, "{keys:?}");
    let missing: Vec<_> = keys.iter().filter(|key| !document.contains(&format!("| `{key}` |"))).collect();
    assert!(missing.is_empty(), "not in the tables of CONTRIBUTING.md: {missing:?}");
}

#[test]
fn settings_and_log_fields_are_documented() {
    let mut missing = Vec::new();
    for (document, file, name) in [
        ("README.md", "crates/worker/src/source.rs", "SourceConfig"),
        ("README.md", "crates/worker/src/log.rs", "Line"),
    ] {
        let text = read(document);
        let absent = |key: &String| !text.contains(&format!("| `{key}` |"));
        missing.extend(
            keys(file, name).into_iter().filter(absent).map(|key| format!("{document}: {key} ({name})")),
        );
    }
    assert!(missing.is_empty(), "not in the tables:\n{}", missing.join("\n"));
}
