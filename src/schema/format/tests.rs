use super::named;

/// A format, texts that have it, texts that do not.
const TABLE: [(&str, &[&str], &[&str]); 13] = [
    (
        "date-time",
        &[
            "1985-04-12T23:20:50.52Z",
            "1996-12-19T16:39:57-08:00",
            "1990-12-31t23:59:60z",
            "1990-12-31T15:59:60-08:00",
            "0000-02-29T00:00:00-00:00",
            "2024-01-15T10:30:00.123456789012345678901234567890Z",
        ],
        &[
            "1985-04-12 23:20:50Z",
            "1985-04-12T23:20:50",
            "1985-04-12T23:20:50.Z",
            "1985-04-12T23:20Z",
            "1985-04-12T23:20:50+24:00",
            "1985-04-12T23:20:50+00:60",
            "1985-04-12T23:20:50+0100",
            "1985-04-12T23:59:60+01:00",
            "1985-04-12T23:20:61Z",
            "2023-02-29T00:00:00Z",
            "198५-04-12T23:20:50Z",
            "-985-04-12T23:20:50Z",
            "12026-04-12T23:20:50Z",
        ],
    ),
    (
        "date",
        &["2024-02-29", "0001-01-01"],
        &["2023-02-29", "2024-1-01", "2024-13-01", "2024-01-00", "20240101", "2024-01-01Z", ""],
    ),
    (
        "time",
        &["08:30:06Z", "23:59:60.25Z", "01:29:60+01:30", "00:00:00-23:59"],
        &["08:30:06", "24:00:00Z", "22:59:60Z", "08:30:06+24:00", "8:30:06Z", "T08:30:06Z", ""],
    ),
    (
        "duration",
        &["P1Y2M3DT4H5M6S", "P2W", "PT36H", "P0D", "P1Y", "PT5M6S", "P1DT1S"],
        &[
            "", "P", "PT", "P1", "P1YT", "P1D2H", "PT1D", "P2D1Y", "P1Y2W", "P1.5D", "P-1D", "p1d", "P1DT",
            "1D", "PT1H2H", // The grammar lets no unit be left out in the middle.
            "P1Y3D", "PT1H1S",
        ],
    ),
    (
        "email",
        &[
            "joe.bloggs@example.com",
            "a!#$%&'*+/=?^_`{|}~-z@example.com",
            r#""joe \"bloggs\" @ home"@example.com"#,
            r#"""@example.com"#,
            "joe@[127.0.0.1]",
            "joe@[IPv6:::1]",
            "joe@localhost",
        ],
        &[
            "joe",
            "@example.com",
            "joe@",
            ".joe@example.com",
            "joe.@example.com",
            "j..b@example.com",
            "joe bloggs@example.com",
            r#""joe"bloggs"@example.com"#,
            r#""joe\"@example.com"#,
            r#""@example.com"#,
            "joe@-example.com",
            "joe@exa_mple.com",
            "joe@example.com.",
            "joe@[127.0.0.300]",
            "joe@[::1]",
            "joe@127.0.0.1]",
            "jö@example.com",
            "joe@exämple.com",
            "joe@example.com\n",
        ],
    ),
    (
        "hostname",
        &["www.example.com", "localhost", "1host", "xn--4gbwdl.xn--wgbh1c", "r3---sn-4g5.example"],
        &["", ".", "a..b", ".a", "a.", "-a", "a-", "a_b", "a b", "ä", "a.-b"],
    ),
    (
        "ipv4",
        &["0.0.0.0", "255.255.255.255"],
        &["256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4/8", "1.2.3.4 ", "0x7f.0.0.1", ""],
    ),
    (
        "ipv6",
        &["::", "::1", "1:2:3:4:5:6:7:8", "1::8", "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1"],
        &[
            "1:2:3:4:5:6:7",
            "1::2::3",
            ":::",
            "fe80::1%eth0",
            "[::1]",
            "::12345",
            "::192.0.2",
            "::1/64",
            "192.0.2.1",
            "1:2:3:4:5:6:7:192.0.2.1",
            "",
        ],
    ),
    (
        "uri",
        &[
            "https://example.com/a/b;c=1?q=1&r=%20#top",
            "https://user:pa%20ss@example.com:8443",
            "https://[2001:db8::1]:443/",
            "https://[v1.a:b]/",
            "https://example.com:/",
            "file:///etc/hosts",
            "urn:oasis:names:tc",
            "mailto:a@b",
            "x:",
            "a+b-c.1:/",
        ],
        &[
            "",
            "//example.com",
            "/a",
            "example",
            ":a",
            "1a:b",
            "a,b:c",
            "https://exa mple.com",
            "https://example.com/%2",
            "https://example.com/%zz",
            "https://example.com/a|b",
            "https://example.com/[a]",
            "https://example.com:80a/",
            "https://[::1",
            "https://[::1]a/",
            "https://[::g]/",
            "https://[v.a]/",
            "https://[v1.]/",
            "https://a@b@c/",
            "https://example.com/#a#b",
            "https://exämple.com/",
            "https://example.com/\u{7f}",
            r"https://example.com\a",
        ],
    ),
    (
        "uri-reference",
        &["", "a", "/a", "//example.com", "?q", "#f", "./a:b", "a/b:c", "?a:b", "https://example.com"],
        &[":a", "1a:b", "a b", "#a#b", "\\a", "//[::1", "%", "{a}"],
    ),
    (
        "uuid",
        &["2eb8aa08-AA98-11ea-b4Aa-73B441D16380", "00000000-0000-0000-0000-000000000000"],
        &[
            "2eb8aa08aa9811eab4aa73b441d16380",
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
            "2eb8aa08-aa98-11ea-b4aa-73b441d163800",
            "2eb8aa08-aa98-11ea-b4ga-73b441d16380",
            "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}",
            "2eb8-aa08-aa98-11ea-b4aa73b44-1d16380",
            "",
        ],
    ),
    ("json-pointer", &["", "/", "/a/0", "/~0~1", "/ä//"], &["a", "#/a", "/~", "/~2", "/a~", "/~~0"]),
    ("regex", &["", "^a{2}$", "(?=a)b", r"(a)\1", r"\p{L}"], &["(", "a**", r"\a", "[b-a]", r"\1"]),
];

#[test]
fn each_format_is_told_from_what_it_is_not() {
    for (name, valid, invalid) in TABLE {
        let format = named(name).unwrap();
        for text in valid {
            assert!((format.is_valid)(text), "{name}: {text:?} was refused");
        }
        for text in invalid {
            assert!(!(format.is_valid)(text), "{name}: {text:?} was let through");
        }
    }
}

#[test]
fn lengths_are_limited() {
    let is_valid = |name: &str, text: &str| (named(name).unwrap().is_valid)(text);
    let label = "a".repeat(63);
    assert!(is_valid("hostname", &label));
    assert!(!is_valid("hostname", &format!("{label}a")));
    let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert!(is_valid("hostname", &longest));
    assert!(!is_valid("hostname", &format!("{longest}a")));
    assert!(is_valid("email", &format!("{}@example.com", "a".repeat(64))));
    assert!(!is_valid("email", &format!("{}@example.com", "a".repeat(65))));
}

#[test]
fn other_names_assert_nothing() {
    assert!(named("idn-email").is_none());
    assert!(named("Date").is_none());
}
