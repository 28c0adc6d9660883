"""Cases of a signed Unix timestamp in a header of its own, tolerance 300 seconds, inclusive both ways."""

from .header_cases import MALFORMED, MISMATCH, MISSING, sample_accepted, sample_body
from .target import Target
from .vector import NOW, rejected

TS_MALFORMED = rejected("timestamp_malformed")
TOO_OLD = rejected("timestamp_too_old")
TOO_NEW = rejected("timestamp_too_new")

# name: (comment, timestamp text); each is signed as it stands, and none is 1 to 12 ASCII digits
NOT_A_TIMESTAMP = {
    "letters-after": ("digits and letters; parseInt reads 1700000000", "1700000000abc"),
    "plus": ("a plus sign", "+1700000000"),
    "minus": ("a minus sign", "-1"),
    "space-inside": ("a space between digits", "17000 00000"),
    "fraction": ("a fraction", "1700000000.0"),
    "exponent": ("an exponent", "1.7e9"),
    "hex": ("hexadecimal", "0x6553f100"),
    "underscore": ("a digit separator", "1_700_000_000"),
    "iso": ("an ISO 8601 time", "2023-11-14T22:13:20Z"),
    "word": ("a word", "hello"),
    "empty": ("an empty header", ""),
    "milliseconds": ("milliseconds: 13 digits", "1700000000000"),
    "thirteen-digits": ("13 digits with leading zeros", "0001700000000"),
    "i64-max": ("the largest i64", "9223372036854775807"),
    "i64-min": ("the smallest i64; subtracting it overflows", "-9223372036854775808"),
    "u64-wrap": ("2^64 + 1700000000, which wraps to the present", "18446744075409551616"),
    "superscript": ("a digit outside ASCII", "170000000\u00b2"),
    "joined": ("two values joined the way Fetch joins repeated headers", "1700000000, 1700000000"),
}

# name: (comment, timestamp text, now, expectation or None for accepted); genuinely signed
SIGNED_TIMES = {
    "old-300": ("exactly 300 s old", str(NOW - 300), NOW, None),
    "old-301": ("301 s old", str(NOW - 301), NOW, TOO_OLD),
    "new-300": ("exactly 300 s ahead", str(NOW + 300), NOW, None),
    "new-301": ("301 s ahead", str(NOW + 301), NOW, TOO_NEW),
    "leading-zero": ("a leading zero, signed as sent", "01700000000", NOW, None),
    "twelve-digits": ("12 digits, signed as sent", "001700000000", NOW, None),
    "zero": ("0 is a timestamp like another", "0", 300, None),
    "epoch-stale": ("0 in the present", "0", NOW, TOO_OLD),
    "far-future": ("the largest timestamp that the grammar allows", "999999999999", NOW, TOO_NEW),
    "now-largest": ("the largest `now` that JavaScript holds exactly", "1700000000", 2**53 - 1, TOO_OLD),
    "now-zero": ("`now` is 0", "1700000000", 0, TOO_NEW),
    "spaces-around": ("optional white space around the timestamp is trimmed before it is signed", "1700000000", NOW, None),
    "space-before-short": ("' 17' is 17 after trimming, long ago", "17", NOW, TOO_OLD),
}
SENT_AS = {"spaces-around": " \t1700000000 ", "space-before-short": " 17"}


def timestamp_cases(target: Target, at, header: str) -> list:
    """`at(text)` is the target whose deliveries carry and sign the timestamp `text` in `header`."""
    body = sample_body(target)
    fine = sample_accepted(target)

    def case(name, comment, expect, headers, now=NOW, flags=()):
        return target.case(f"timestamp-{name}", comment, body, expect, headers, now=now, flags=flags)

    def signed(text):
        return at(text).headers(at(text).sign(body))

    vectors = [case(name, comment, TS_MALFORMED, signed(text)) for name, (comment, text) in NOT_A_TIMESTAMP.items()]
    for name, (comment, text, now, expect) in SIGNED_TIMES.items():
        headers = with_timestamp(signed(text), header, SENT_AS.get(name, text))
        vectors.append(case(name, comment, expect or fine, headers, now))
    present, forged = str(NOW), target.sign(body, target.secrets[1])
    stale = at(str(NOW - 301))
    wide = at("\uff11\uff17")
    return vectors + [
        case("missing", "the timestamp header is absent", rejected("timestamp_missing"), without(signed(present), header)),
        case("twice-same", "the timestamp header twice with the same value", TS_MALFORMED, signed(present) + [[header, present]]),
        case("twice-stale", "the timestamp header twice, the second one stale", TS_MALFORMED, signed(present) + [[header, "17"]]),
        case(
            "changed", "the timestamp changed by one second after signing", MISMATCH, with_timestamp(signed(present), header, str(NOW + 1))
        ),
        case("zero-added", "a leading zero added after signing", MISMATCH, with_timestamp(signed(present), header, f"0{present}")),
        case("zero-removed", "a signed leading zero removed", MISMATCH, with_timestamp(signed(f"0{present}"), header, present)),
        case(
            "untrimmed",
            "signed with the white space that a receiver trims",
            MISMATCH,
            with_timestamp(signed(f" {present}"), header, f" {present}"),
        ),
        case("old-and-forged", "stale and forged: the signature is judged first", MISMATCH, stale.headers(forged)),
        case("malformed-and-forged", "no timestamp and forged: the grammar is judged first", TS_MALFORMED, at("hello").headers(forged)),
        case(
            "signature-first",
            "a malformed signature and no timestamp: the signature header is judged first",
            MALFORMED,
            without(target.headers("?"), header),
        ),
        case(
            "nothing", "neither signature nor timestamp: the signature header is judged first", MISSING, without(target.headers(), header)
        ),
        case(
            "full-width",
            "full-width digits are no ASCII digits; a header value beyond Latin-1 cannot be sent by Fetch",
            TS_MALFORMED,
            wide.headers(wide.sign(body)),
            flags=["native-only"],
        ),
    ]


def with_timestamp(headers: list, header: str, text: str) -> list:
    return [[name, text if name == header else value] for name, value in headers]


def without(headers: list, header: str) -> list:
    return [pair for pair in headers if pair[0] != header]
