use super::{Pattern, is_regular_expression};

fn matches(pattern: &str, text: &[u8]) -> bool {
    let pattern = Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    pattern.is_match(text, &mut 1_000_000).unwrap()
}

/// A pattern, texts in which it matches, texts in which it does not: `new RegExp(pattern, "u").test(text)` of
/// Node 20 says so too.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    ("", &["", "a"], &[]),
    ("a", &["a", "bab"], &["", "b", "A"]),
    ("^a", &["a", "ab"], &["ba", "\na", "b\na"]),
    ("a$", &["a", "ba"], &["ab", "a\n", "a\r\n", "a\nb"]),
    ("^$", &[""], &["a", "\n"]),
    ("a^b|^c|d$", &["c", "d", "cx", "xd"], &["ab", "a\nb", "xc"]),
    ("^a|b$", &["ax", "xb"], &["xa", "bx"]),
    ("^(?:a|b$)", &["ax", "b"], &["bx", "xb"]),
    ("(^a|b)c", &["ac", "xbc"], &["xac"]),
    (r"^\d+$", &["0", "0123456789"], &["", "x", "০", "１", "٣"]),
    (r"^\D+$", &["x", "০", "１"], &["", "0"]),
    (r"^\w+$", &["azAZ09_"], &["é", "-", "ſ", "\u{212a}"]),
    (r"^\W+$", &["é", "-", "ſ", "😀"], &["a", "_", "0"]),
    (
        r"^\s$",
        &[
            "\t", "\n", "\u{b}", "\u{c}", "\r", " ", "\u{a0}", "\u{1680}", "\u{2000}", "\u{200a}",
            "\u{2028}", "\u{2029}", "\u{202f}", "\u{205f}", "\u{3000}", "\u{feff}",
        ],
        &["\u{8}", "\u{e}", "\u{1c}", "\u{85}", "\u{180e}", "\u{200b}", "\u{2060}", "a", ""],
    ),
    (
        r"^\S$",
        &[
            "\u{0}",
            "\u{1c}",
            "\u{85}",
            "\u{180e}",
            "\u{200b}",
            "\u{2060}",
            "a",
            "😀",
            "\u{10ffff}",
            "\u{ff00}",
        ],
        &["\t", " ", "\u{a0}", "\u{2003}", "\u{2028}", "\u{feff}"],
    ),
    (r"^[\s\d]+$", &["1 \u{2003}2\u{feff}"], &["a", "\u{200b}"]),
    (r"^[^\s\d]+$", &["aé\u{200b}"], &["1", "\u{2003}", "\u{a0}"]),
    (r"^[\S ]+$", &["a b"], &["a\u{a0}b", "\t"]),
    (r"^[^\S ]+$", &["\u{a0}\t"], &[" ", "a"]),
    (r"^[\W\d]+$", &["-1é"], &["a"]),
    (r"^[\D1]+$", &["a1"], &["2"]),
    ("^.$", &["a", "é", "😀", "\u{b}", "\u{85}"], &["\n", "\r", "\u{2028}", "\u{2029}", "", "ab"]),
    ("^[^]$", &["a", "\n", "\u{2028}", "😀"], &["", "ab"]),
    ("[]", &[], &["", "a", "]"]),
    ("a|[]", &["a"], &["b"]),
    ("^[]?a$", &["a"], &["]a"]),
    (r"^\/\.\*\+\?\(\)\[\]\{\}\|\^\$\\$", &[r"/.*+?()[]{}|^$\"], &["/"]),
    (r"^[\/\.\*\+\?\(\)\[\]\{\}\|\^\$\\\-]+$", &[r"/.*+?()[]{}|^$\-"], &["a"]),
    (r"^\x41\u0042\u{43}\u{000044}$", &["ABCD"], &["abcd"]),
    (r"^\ud83d\ude00$", &["😀"], &["\u{fffd}\u{fffd}"]),
    (r"^\u{1F600}$", &["😀"], &["😁"]),
    ("^😀{2}$", &["😀😀"], &["😀"]),
    (r"^[\ud83d\ude00-\ud83d\ude02]$", &["😀", "😁", "😂"], &["😃"]),
    ("^[😀-😂]$", &["😀", "😁", "😂"], &["😃"]),
    (r"^[^\ud800-\udfff]$", &["a", "😀"], &[""]),
    (r"^[\ud7ff-\ue000]+$", &["\u{d7ff}\u{e000}"], &["\u{d7fe}", "\u{e001}"]),
    (r"^\cA\ca\cZ\cj$", &["\u{1}\u{1}\u{1a}\n"], &["cA"]),
    (r"^[\cA-\cC]$", &["\u{2}"], &["\u{4}", "c"]),
    (r"^\0$", &["\0"], &["0"]),
    (r"^[\0-\x02]$", &["\u{1}"], &["0"]),
    (r"^\f\n\r\t\v$", &["\u{c}\n\r\t\u{b}"], &["fnrtv"]),
    (r"^[\b]$", &["\u{8}"], &["b"]),
    (r"\bcat\b", &["a cat", "cat", "écaté"], &["cats", "_cat"]),
    (r"\Bcat\B", &["acats"], &["cat", "écaté"]),
    (r"^\B$", &[""], &["a"]),
    (r"^\b$", &[], &["", "a"]),
    ("^[a-]+$", &["a-"], &["b"]),
    ("^[-a]+$", &["a-"], &["b"]),
    ("^[--/]+$", &["-./"], &["0", ","]),
    ("^[+--]+$", &["+,-"], &["."]),
    ("^[a-c-e]+$", &["abc-e"], &["d"]),
    (r"^[a-c\-e]+$", &["abc-e"], &["d"]),
    ("^[a^]+$", &["a^"], &["b"]),
    ("^[^^]+$", &["a"], &["^"]),
    ("^[[]+$", &["["], &["]"]),
    ("^[[:alpha:]+$", &["[:alph"], &["b", "alpha]"]),
    ("^[a&&b]+$", &["a&b"], &["c"]),
    ("^[a~~b]+$", &["a~b"], &["c"]),
    ("^[.*+?(){}|$]+$", &[".*+?(){}|$"], &["a"]),
    (r"^[\]]+$", &["]"], &["\\"]),
    (r"^[\w.+-]+@[\w-]+\.[\w.-]+$", &["a.b+c@d-e.fr"], &["a@b", "a b@c.d"]),
    ("^[zaa-cb]+$", &["abcz"], &["d"]),
    ("^[^a-zA-Zé]+$", &["09É"], &["é", "q"]),
    ("^a*$", &["", "aaa"], &["b"]),
    ("^a+$", &["a", "aaa"], &["", "b"]),
    ("^a?$", &["", "a"], &["aa"]),
    ("^a{2}$", &["aa"], &["a", "aaa"]),
    ("^a{2,}$", &["aa", "aaaa"], &["a"]),
    ("^a{2,3}$", &["aa", "aaa"], &["a", "aaaa"]),
    ("^a{0}$", &[""], &["a"]),
    ("^a{0,}$", &["", "aaa"], &["b"]),
    ("^a{0,2}$", &["", "aa"], &["aaa"]),
    ("^a{1}b{1,1}$", &["ab"], &["a", "abb"]),
    ("^a{00002}$", &["aa"], &["a"]),
    ("^a*?b+?c??d{1,2}?$", &["bd", "aabbcdd"], &["ad", "bddd"]),
    ("^(?:ab){2,3}$", &["abab", "ababab"], &["ab", "abababab"]),
    ("^(a|bc|)+$", &["", "abca"], &["b"]),
    ("^(|a)*$", &["", "aa"], &["b"]),
    ("^(a*)*$", &["", "aaa"], &["b"]),
    ("^(a*)+b$", &["b", "aab"], &["aa"]),
    ("^(?:a?){3}$", &["", "aaa"], &["aaaa"]),
    ("^(?:a+b?){2,}c$", &["aac", "abac", "ababc"], &["ac", "bc"]),
    ("^(?:(?:a|b)|c{2})d$", &["ad", "bd", "ccd"], &["cd", "d"]),
    ("^((?:ab|c){1,2}d){2}$", &["abdcd", "ccdabcd"], &["abd", "abdd"]),
    ("^()$", &[""], &["a"]),
    ("^(?:)*a$", &["a"], &[""]),
    ("|a", &["", "b"], &[]),
    ("^(?<year>\\d{4})-(?<_m1$>\\d\\d)$", &["2024-01"], &["2024-1"]),
    ("^(a{2}){2}$", &["aaaa"], &["aa", "aaaaa"]),
    ("^(foo|bar|baz)$", &["foo", "bar", "baz"], &["fo", "foobar", "xfoo"]),
    ("^<a href=\"#\">'%&~`!@,;:_=-</a>$", &["<a href=\"#\">'%&~`!@,;:_=-</a>"], &["<a>"]),
    (
        "^(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$",
        &["127.0.0.1"],
        &["256.0.0.1"],
    ),
    ("é", &["café"], &["e\u{301}", "É"]),
    ("^[\u{0}-\u{10ffff}]$", &["\0", "\u{10ffff}"], &[""]),
    ("a b", &["a b"], &["ab"]),
    ("#a", &["#a"], &[""]),
];

/// What is a syntax error, in Node 20 too.
const MALFORMED: &[&str] = &[
    "(",
    ")",
    "a)",
    "(a",
    "(?a)",
    "(?",
    "(?<a",
    "(?<>a)",
    "(?<1>a)",
    "(?<a-b>c)",
    "(?<a>b)(?<a>c)",
    "(?P<a>b)",
    "[",
    "[a",
    r"[a\]",
    "[b-a]",
    r"[\d-z]",
    r"[a-\d]",
    r"[\B]",
    r"[\1]",
    r"[\k]",
    "]",
    "}",
    "{",
    "a{",
    "a{1",
    "a{1,2",
    "a{,2}",
    "a{2,1}",
    "a{x}",
    "{1}",
    "*",
    "+",
    "?",
    "a**",
    "a{1}{2}",
    "a???",
    "(*)",
    "|*",
    "^*",
    "$+",
    r"\b+",
    r"\B{2}",
    "(?=a)*",
    r"\",
    r"\a",
    r"\e",
    r"\g",
    r"\y",
    r"\A",
    r"\z",
    r"\Z",
    r"\é",
    r"\c",
    r"\c1",
    r"\x",
    r"\x4",
    r"\xg0",
    r"\u",
    r"\u12",
    r"\u{}",
    r"\u{110000}",
    r"\u{12",
    r"\u{g}",
    r"\00",
    r"\01",
    r"\1",
    r"(a)\2",
    r"\8",
    r"\k",
    r"\k<a>",
    r"(?<a>b)\k<c>",
    r"\p",
    r"\pL",
    r"\p{",
    r"\p{}",
    r"\P{a b}",
    r"[\p{L}-z]",
];

/// What is valid, in Node 20 too, and not supported.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("(?=a)", "look-ahead"),
    ("(?!a)b", "look-ahead"),
    ("(?<=a)b", "look-behind"),
    ("(?<!a)b", "look-behind"),
    (r"(a)\1", "back references"),
    (r"\1(a)", "back references"),
    (r"(?<a>b)\k<a>", "back references"),
    (r"\k<a>(?<a>b)", "back references"),
    (r"^\p{L}+$", "Unicode properties"),
    (r"[^\p{Lu}]", "Unicode properties"),
    (r"\P{Script=Greek}", "Unicode properties"),
    ("(a{1000}){1000}", "too large"),
    ("((a{100}){100}){100}", "too large"),
    ("a{99999999999999999999}", "too large"),
    ("a{4294967295,}", "too large"),
    ("(){4294967295}", "too large"),
    ("((a{0}){1000000000}){1000000000}", "too large"),
];

#[test]
fn matches_as_ecma_262_does() {
    for (pattern, matching, others) in TABLE {
        for text in *matching {
            assert!(matches(pattern, text.as_bytes()), "{pattern} does not match {text:?}");
        }
        for text in *others {
            assert!(!matches(pattern, text.as_bytes()), "{pattern} matches {text:?}");
        }
    }
}

#[test]
fn syntax_errors_are_errors() {
    for pattern in MALFORMED {
        assert!(!is_regular_expression(pattern), "{pattern}");
        assert!(Pattern::new(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn a_hundred_groups_may_have_names() {
    let named = |count: usize| (0..count).fold(String::new(), |all, number| all + &format!("(?<n{number}>)"));
    assert!(Pattern::new(&named(100)).is_ok());
    assert!(Pattern::new(&named(101)).unwrap_err().contains("named groups"));
    assert!(is_regular_expression(&(named(101) + r"\k<n100>")));
}

#[test]
fn what_is_not_supported_is_named() {
    for (pattern, construct) in UNSUPPORTED {
        assert!(is_regular_expression(pattern), "{pattern}");
        let error = Pattern::new(pattern).unwrap_err();
        assert!(error.contains(construct), "{pattern}: {error}");
    }
}

#[test]
fn punctuation_may_be_escaped_without_need() {
    assert!(matches(r"^\d{3}\-\d{4}\ \_\@\<\>\#\&\~$", b"555-1234 _@<>#&~"));
}

#[test]
fn a_lone_surrogate_is_a_character_of_its_own() {
    let high = b"\xED\xA0\xBD";
    for pattern in ["^.$", r"^[^a]$", r"^\S\B$", r"^\ud83d$", r"^[\ud800-\udbff]$", r"^\u{d83d}$"] {
        assert!(matches(pattern, high), "{pattern}");
    }
    for pattern in ["^..", r"^[^\ud800-\udfff]$", r"^\ude00$", r"^[\0-\ud7ff\ue000-\u{10ffff}]$"] {
        assert!(!matches(pattern, high), "{pattern}");
    }
    assert!(!matches(r"\ud83d", "😀".as_bytes()));
}

#[test]
fn every_path_is_tried_in_bounded_time() {
    let text = "a".repeat(1000);
    for pattern in ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*)*$", "(a*)*b", "(?:a?){1000}b", "((a*)*)*b"] {
        let pattern = Pattern::new(pattern).unwrap();
        let bound = 1001 * (pattern.size() as u64 + 1);
        assert!(pattern.is_match(text.as_bytes(), &mut { bound }).is_some());
    }
    let pattern = Pattern::new("[a-z]{3,255}@").unwrap();
    let mut steps = 10_000;
    assert_eq!(pattern.is_match(text.as_bytes(), &mut steps), None);
    assert_eq!(steps, 0);
}

#[test]
fn hostile_patterns_are_refused_in_time() {
    let deep = "(".repeat(300) + "a" + &")*".repeat(300);
    assert!(Pattern::new(&deep).unwrap_err().contains("too deeply"));
    for pattern in
        ["(".repeat(100_000), "a{1000}".repeat(1000), "[\\S]".repeat(100_000), "a|".repeat(100_000)]
    {
        assert!(Pattern::new(&pattern).is_err());
    }
    let scattered: String = ('\u{4000}'..'\u{6000}').step_by(2).collect();
    assert!(Pattern::new(&format!("[{scattered}]")).unwrap_err().contains("between brackets"));
    assert!(Pattern::new(&format!("[{}]", r"\S".repeat(100_000))).is_ok());
    assert!(Pattern::new("^.{1,10000}$").is_ok());
    assert!(Pattern::new(&"word|".repeat(8000)).is_ok());
}
