//! What the person typed, as a value.

use crate::failure::Failure;

/// One developer command with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Setup,
    Build(BuildPart),
    Size,
    Bench(Bench),
    Mutate(Mutate),
    Fuzz(Fuzz),
    Chaos { only: Option<String> },
    Check,
    Test(TestPart),
    Demo { stay: bool },
    Dev { origin: String, port: u16 },
}

/// What is measured, and what is handed on to the scripts that do it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bench {
    pub(crate) parts: Vec<BenchPart>,
    pub(crate) options: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BenchPart {
    Library,
    Gateway,
    Server,
    Growth,
    Start,
    Schema,
}

impl BenchPart {
    const ALL: [Self; 6] =
        [Self::Library, Self::Gateway, Self::Server, Self::Growth, Self::Start, Self::Schema];

    /// Its name on the command line, which is that of its folder in `benches/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Gateway => "gateway",
            Self::Server => "server",
            Self::Growth => "growth",
            Self::Start => "start",
            Self::Schema => "schema",
        }
    }
}

/// Which of the mutated inputs are tried.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mutate {
    pub(crate) first: u64,
    pub(crate) count: u64,
}

/// Which target is fuzzed, all of them where there is none, and how long each.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fuzz {
    pub(crate) target: Option<String>,
    pub(crate) seconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BuildPart {
    All,
    Worker,
    Npm,
    Page,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestPart {
    All,
    Rust,
    Wasm,
    Npm,
    Worker,
    Browser,
}

const TEST_PARTS: &str = "rust, wasm, npm, worker, browser";

const DEFAULT_PORT: u16 = 8787;

pub(crate) const HELP: &str = "\
Usage: cargo xtask <command>

  demo [--stay]         build the Worker and the page, start them in workerd and send good and bad deliveries;
                        --stay leaves them running, until Ctrl-C
  test [rust|wasm|npm|worker|browser]
                        run all tests, or one part of them
  dev --origin URL [--port 8787]
                        run the Worker on 127.0.0.1, relaying to URL, until Ctrl-C
  build [worker|npm|page]
                        build the Worker into build/, the npm package into pkg/dist/ and the page into
                        pkg/page/dist/, or one of them
  bench [library|gateway|server|growth|start|schema]... [--quick] [--only WORDS]
                        measure the npm package, the Worker, an Express server and the validator beside
                        others, what grows, and the start, or some of them, and write docs/benchmarks.md
  bench --check [the same names]... [--only WORDS]
                        compare with the ratios of the last full run, quickly; fail where more than 15 %
                        is lost
  mutate [--count N] [--first N]
                        try a million mutated schemas and payloads, or others
  fuzz [target] [--seconds N]
                        run libFuzzer on every target of fuzz/, or one, a minute each; needs nightly Rust
  chaos [--only WORDS]  run copies, kills and outages in full size against what docs/guarantees.md claims
  size                  build, then print the sizes and compare them with their budgets
  check                 formatting, lints and documentation, with warnings denied
  setup                 install the tools that the other commands need (they also do it themselves)
  help                  print this text

Needed beforehand: Rust (with rustup), Node.js 20.19 or newer with npm, and for `test`
Python 3.10 or newer with pip, and Chromium where apt-get cannot install it.
Everything else is installed on the first run, below this repository.
";

impl Command {
    /// Reads the arguments that follow `cargo xtask`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let Some((name, rest)) = arguments.split_first() else {
            return Ok(Self::Help);
        };
        if rest.iter().any(|word| word == "--help" || word == "-h") {
            return Ok(Self::Help);
        }
        match name.as_str() {
            "help" | "--help" | "-h" => Ok(Self::Help),
            "setup" => without_arguments(name, rest, Self::Setup),
            "size" => without_arguments(name, rest, Self::Size),
            "check" => without_arguments(name, rest, Self::Check),
            "demo" => match rest {
                [] => Ok(Self::Demo { stay: false }),
                [word] if word == "--stay" => Ok(Self::Demo { stay: true }),
                _ => Err(Failure::usage("`demo` takes nothing but --stay.")),
            },
            "build" => Ok(Self::Build(match part(name, rest, "worker, npm, page")? {
                None => BuildPart::All,
                Some("worker") => BuildPart::Worker,
                Some("npm") => BuildPart::Npm,
                Some("page") => BuildPart::Page,
                Some(other) => return Err(unknown_part(name, other, "worker, npm, page")),
            })),
            "test" => Ok(Self::Test(match part(name, rest, TEST_PARTS)? {
                None => TestPart::All,
                Some("rust") => TestPart::Rust,
                Some("wasm") => TestPart::Wasm,
                Some("npm") => TestPart::Npm,
                Some("worker") => TestPart::Worker,
                Some("browser") => TestPart::Browser,
                Some(other) => return Err(unknown_part(name, other, TEST_PARTS)),
            })),
            "bench" => bench(rest),
            "mutate" => mutate(rest),
            "fuzz" => fuzz(rest),
            "chaos" => chaos(rest),
            "dev" => dev(rest),
            other => Err(Failure::usage(format!("there is no command `{other}`.\n\n{HELP}"))),
        }
    }
}

fn without_arguments(name: &str, rest: &[String], command: Command) -> Result<Command, Failure> {
    match rest.first() {
        None => Ok(command),
        Some(word) => Err(Failure::usage(format!("`{name}` takes no arguments, but was given `{word}`."))),
    }
}

fn part<'a>(name: &str, rest: &'a [String], choices: &str) -> Result<Option<&'a str>, Failure> {
    match rest {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(Failure::usage(format!("`{name}` takes at most one of: {choices}."))),
    }
}

fn unknown_part(name: &str, word: &str, choices: &str) -> Failure {
    Failure::usage(format!("`{name} {word}` does not exist; choose one of: {choices}."))
}

fn chaos(rest: &[String]) -> Result<Command, Failure> {
    match rest {
        [] => Ok(Command::Chaos { only: None }),
        [option, words] if option == "--only" => Ok(Command::Chaos { only: Some(words.clone()) }),
        _ => Err(Failure::usage("`chaos` takes: --only WORDS.")),
    }
}

fn bench(rest: &[String]) -> Result<Command, Failure> {
    let usage = || {
        let names = BenchPart::ALL.map(BenchPart::name).join("|");
        Failure::usage(format!("`bench` takes: [{names}]... [--check] [--quick] [--only WORDS]."))
    };
    let (mut parts, mut options) = (Vec::new(), Vec::new());
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        if let Some(part) = BenchPart::ALL.into_iter().find(|part| part.name() == word) {
            parts.push(part);
            continue;
        }
        match word.as_str() {
            "--check" | "--quick" => options.push(word.clone()),
            "--only" => options.extend([word.clone(), words.next().ok_or_else(usage)?.clone()]),
            _ => return Err(usage()),
        }
    }
    if parts.is_empty() {
        parts.extend(BenchPart::ALL);
    }
    Ok(Command::Bench(Bench { parts, options }))
}

fn mutate(rest: &[String]) -> Result<Command, Failure> {
    let [count, first] = options("mutate", rest, ["--count", "--first"])?;
    let count = number("--count", count, 1_000_000)?;
    Ok(Command::Mutate(Mutate { first: number("--first", first, 0)?, count }))
}

fn fuzz(rest: &[String]) -> Result<Command, Failure> {
    let (target, rest) = match rest {
        [target, rest @ ..] if !target.starts_with('-') => (Some(target.clone()), rest),
        rest => (None, rest),
    };
    let [seconds] = options("fuzz", rest, ["--seconds"])?;
    Ok(Command::Fuzz(Fuzz { target, seconds: number("--seconds", seconds, 60)? }))
}

/// The values of options, written `--name value` or `--name=value`.
fn options<const N: usize>(
    command: &str,
    rest: &[String],
    known: [&str; N],
) -> Result<[Option<String>; N], Failure> {
    let mut values = [const { None }; N];
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let (option, inline) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let Some(at) = known.iter().position(|name| *name == option) else {
            return Err(Failure::usage(format!(
                "`{command}` has no option `{word}`; it takes {}.",
                known.join(" and ")
            )));
        };
        let Some(value) = inline.or_else(|| words.next().cloned()) else {
            return Err(Failure::usage(format!("`{option}` needs a value.")));
        };
        values[at] = Some(value);
    }
    Ok(values)
}

fn number(option: &str, value: Option<String>, default: u64) -> Result<u64, Failure> {
    let Some(value) = value else { return Ok(default) };
    value.parse().map_err(|_| Failure::usage(format!("`{option} {value}` is not a whole number.")))
}

fn dev(rest: &[String]) -> Result<Command, Failure> {
    let [origin, port] = options("dev", rest, ["--origin", "--port"])?;
    let port = number("--port", port, DEFAULT_PORT.into())?;
    let port = u16::try_from(port).ok().filter(|port| *port != 0).ok_or_else(|| {
        Failure::usage(format!("`--port {port}` is not a port: give a number from 1 to 65535."))
    })?;
    let Some(origin) = origin else {
        return Err(Failure::usage(
            "`dev` needs --origin URL, the address that accepted deliveries are relayed to, such as http://127.0.0.1:3000.",
        ));
    };
    if !origin.starts_with("http://") && !origin.starts_with("https://") {
        return Err(Failure::usage(format!("`--origin {origin}` is not an http:// or https:// address.")));
    }
    Ok(Command::Dev { origin, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Failure> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Command::parse(&words)
    }

    fn usage_error(line: &str) -> String {
        let failure = parse(line).expect_err("a usage error");
        assert!(failure.is_usage(), "{line}");
        failure.to_string()
    }

    #[test]
    fn nothing_and_help_print_the_help() {
        for line in ["", "help", "--help", "-h", "dev --help"] {
            assert_eq!(parse(line).unwrap(), Command::Help, "{line}");
        }
    }

    #[test]
    fn parts_are_optional() {
        assert_eq!(parse("build").unwrap(), Command::Build(BuildPart::All));
        assert_eq!(parse("build npm").unwrap(), Command::Build(BuildPart::Npm));
        assert_eq!(parse("build page").unwrap(), Command::Build(BuildPart::Page));
        assert_eq!(parse("test browser").unwrap(), Command::Test(TestPart::Browser));
        assert_eq!(parse("test").unwrap(), Command::Test(TestPart::All));
        assert_eq!(parse("test npm").unwrap(), Command::Test(TestPart::Npm));
        assert_eq!(parse("test worker").unwrap(), Command::Test(TestPart::Worker));
    }

    #[test]
    fn the_demo_may_stay() {
        assert_eq!(parse("demo").unwrap(), Command::Demo { stay: false });
        assert_eq!(parse("demo --stay").unwrap(), Command::Demo { stay: true });
    }

    #[test]
    fn bench_takes_names_and_hands_its_options_on() {
        let options = ["--only", "16 KB", "--quick"].map(str::to_owned);
        for part in BenchPart::ALL {
            let words = [&["bench".to_owned(), part.name().to_owned()][..], &options].concat();
            let bench = Bench { parts: vec![part], options: options.to_vec() };
            assert_eq!(Command::parse(&words).unwrap(), Command::Bench(bench));
        }
        let bench = |parts: &[BenchPart], options: &[&str]| {
            let options = options.iter().map(|&option| option.to_owned()).collect();
            Command::Bench(Bench { parts: parts.to_vec(), options })
        };
        assert_eq!(parse("bench").unwrap(), bench(&BenchPart::ALL, &[]));
        assert_eq!(parse("bench --check").unwrap(), bench(&BenchPart::ALL, &["--check"]));
        let some = [BenchPart::Server, BenchPart::Library];
        assert_eq!(parse("bench --check server library").unwrap(), bench(&some, &["--check"]));
    }

    #[test]
    fn mutate_and_fuzz_have_defaults() {
        let mutate = |first, count| Command::Mutate(Mutate { first, count });
        assert_eq!(parse("mutate").unwrap(), mutate(0, 1_000_000));
        assert_eq!(parse("mutate --count 1 --first=77").unwrap(), mutate(77, 1));
        let fuzz = |target: Option<&str>, seconds| {
            Command::Fuzz(Fuzz { target: target.map(str::to_owned), seconds })
        };
        assert_eq!(parse("fuzz").unwrap(), fuzz(None, 60));
        assert_eq!(parse("fuzz payload --seconds 5").unwrap(), fuzz(Some("payload"), 5));
    }

    #[test]
    fn dev_takes_its_options_in_any_order_and_form() {
        let expected = Command::Dev { origin: "http://127.0.0.1:3000/hooks?a=b".into(), port: 9000 };
        assert_eq!(parse("dev --origin http://127.0.0.1:3000/hooks?a=b --port 9000").unwrap(), expected);
        assert_eq!(parse("dev --port=9000 --origin=http://127.0.0.1:3000/hooks?a=b").unwrap(), expected);
        let Command::Dev { port, .. } = parse("dev --origin https://example.com").unwrap() else {
            panic!("not dev");
        };
        assert_eq!(port, 8787);
    }

    #[test]
    fn mistakes_say_what_to_do() {
        assert!(usage_error("frobnicate").contains("Usage: cargo xtask"));
        assert!(usage_error("size now").contains("takes no arguments"));
        assert!(usage_error("build core").contains("worker, npm, page"));
        assert!(usage_error("test rust wasm").contains("at most one"));
        assert!(usage_error("mutate --count many").contains("whole number"));
        assert!(usage_error("fuzz payload schema").contains("--seconds"));
        assert!(usage_error("chaos kill").contains("--only WORDS"));
        assert!(usage_error("bench everything").contains("growth|start"));
        assert!(usage_error("bench schema --only").contains("--only WORDS"));
        assert!(usage_error("bench schema quick").contains("--quick"));
        assert!(usage_error("demo stay").contains("--stay"));
        assert!(usage_error("dev").contains("--origin URL"));
        assert!(usage_error("dev --origin").contains("needs a value"));
        assert!(usage_error("dev --origin example.com").contains("http://"));
        assert!(usage_error("dev --origin http://a --port 0").contains("1 to 65535"));
        assert!(usage_error("dev --origin http://a --port 70000").contains("1 to 65535"));
        assert!(usage_error("dev --orogin http://a").contains("--origin and --port"));
    }
}
