"""Cases about the signature header that hold for every scheme with a signature."""

import json

from .target import Target
from .vector import b64, rejected

MALFORMED = rejected("signature_malformed")
MISMATCH = rejected("signature_mismatch")
MISSING = rejected("signature_missing")


def sample_body(target: Target) -> bytes:
    return json.dumps(target.sample, separators=(",", ":")).encode()


def sample_accepted(target: Target) -> dict:
    id_text = target.sample.get(target.id_field) if target.id_field else None
    return target.accepted(target.sample[target.type_field], id_text)


def common_cases(target: Target) -> list:
    """Genuine and forged deliveries, the header's presence, its repetition, white space around and in it, rotation."""
    body = sample_body(target)
    genuine = sample_accepted(target)
    good = target.sign(body)
    bad = target.sign(body, target.secrets[1])
    middle = len(good) // 2
    name = target.header
    one, other, *more_secrets = target.secrets

    def case(case_name, comment, expect, headers, **more):
        return target.case(case_name, comment, body, expect, headers, **more)

    def with_value(value):
        return target.headers(value)

    extra = target.headers()
    return [
        case("genuine", "a genuine delivery", genuine, with_value(good)),
        target.case(
            "tampered-body", "one byte of the body changed after signing", body.replace(b"Te", b"Ta", 1), MISMATCH, with_value(good)
        ),
        case("wrong-secret", "signed with another secret", MISMATCH, with_value(bad)),
        case("no-signature", "the signature header is absent", MISSING, extra),
        case("empty-signature", "the signature header is there and empty", MALFORMED, with_value("")),
        case("twice-same", "the signature header twice with the same genuine value", MALFORMED, target.headers(good, good)),
        case("twice-good-bad", "the signature header twice, the genuine value first", MALFORMED, target.headers(good, bad)),
        case("twice-bad-good", "the signature header twice, the genuine value last", MALFORMED, target.headers(bad, good)),
        case("twice-empty-first", "the signature header twice, first empty, then genuine", MALFORMED, target.headers("", good)),
        case("twice-empty-last", "the signature header twice, first genuine, then empty", MALFORMED, target.headers(good, "")),
        case("joined-same", "two genuine values joined the way Fetch joins repeated headers", MALFORMED, with_value(f"{good}, {good}")),
        case("joined-good-bad", "a genuine and a forged value joined with a comma", MALFORMED, with_value(f"{good}, {bad}")),
        case("joined-bad-good", "a forged and a genuine value joined with a comma", MALFORMED, with_value(f"{bad}, {good}")),
        case("joined-empty-first", "an empty and a genuine value joined with a comma", MALFORMED, with_value(f", {good}")),
        case("joined-empty-last", "a genuine and an empty value joined with a comma", MALFORMED, with_value(f"{good}, ")),
        case(
            "twice-other-case",
            "the header twice under two spellings of its name is still twice",
            MALFORMED,
            [[name.title(), good], *target.headers(good)],
        ),
        case(
            "spaces-around",
            "spaces and tabs around the value are optional white space and are trimmed",
            genuine,
            with_value(f" \t{good}\t "),
        ),
        case("space-inside", "a space in the middle of the value", MALFORMED, with_value(good[:middle] + " " + good[middle:])),
        case("tab-inside", "a tab in the middle of the value", MALFORMED, with_value(good[:middle] + "\t" + good[middle:])),
        case("no-break-space-around", "U+00A0 is not optional white space and is not trimmed", MALFORMED, with_value(f"{good}\u00a0")),
        case(
            "line-feed-after",
            "only spaces and tabs are trimmed, a line feed is not; HTTP clients trim or refuse it, so this cannot be sent",
            MALFORMED,
            with_value(f"{good}\n"),
            flags=["native-only"],
        ),
        case("name-upper-case", "header names are compared without case", genuine, [[n.upper(), v] for n, v in with_value(good)]),
        case("name-title-case", "header names are compared without case", genuine, [[n.title(), v] for n, v in with_value(good)]),
        case("name-underscores", "a name with _ for - is another header", MISSING, [[name.replace("-", "_"), good], *extra]),
        case(
            "name-prefix", "a longer header name that begins with the right one is another header", MISSING, [[f"{name}-2", good], *extra]
        ),
        case(
            "header-order",
            "the order of headers does not matter",
            genuine,
            [["accept", "*/*"], *reversed(with_value(good)), ["x-request-id", "7"]],
        ),
        case("rotation-second", "the genuine secret is the second of two", genuine, with_value(good), secrets=[other, one]),
        case("rotation-first", "the genuine secret is the first of two", genuine, with_value(good), secrets=[one, other]),
        case("rotation-none", "three secrets, none of them the sender's", MISMATCH, with_value(good), secrets=[other, *more_secrets]),
    ]


def hex_cases(target: Target, prefix: str, wrong_prefixes: dict) -> list:
    """Cases of a `single` header whose value is an optional prefix and 64 lower-case hex digits."""
    body = sample_body(target)
    good = target.mac(body).hex()
    values = {
        "upper-case-hex": ("upper-case hex digits", prefix + good.upper()),
        "mixed-case-hex": ("one upper-case hex digit", prefix + upper_first_letter(good)),
        "hex-space-pairs": ("a space between hex pairs", prefix + " ".join(good[i : i + 2] for i in range(0, 64, 2))),
        "hex-colon-pairs": ("a colon between hex pairs", prefix + ":".join(good[i : i + 2] for i in range(0, 64, 2))),
        "hex-bad-digit": ("a letter that is no hex digit", prefix + good[:-1] + "g"),
        "hex-full-latin": ("a digit outside ASCII", prefix + good[:-1] + "\u00b2"),
        "hex-odd": ("63 digits", prefix + good[:-1]),
        "hex-short": ("62 digits", prefix + good[:-2]),
        "hex-half": ("the first half of the genuine MAC", prefix + good[:32]),
        "hex-long": ("66 digits, the first 64 genuine", prefix + good + "00"),
        "hex-twice": ("the genuine digits twice in one value", prefix + good + good),
        "hex-0x": ("0x before the digits", prefix + "0x" + good),
        "base64-instead": ("the genuine MAC in base64", prefix + b64(bytes.fromhex(good))),
        "quoted": ("the genuine value in double quotes", f'"{prefix}{good}"'),
    }
    for name, wrong in wrong_prefixes.items():
        values[name] = (f"the genuine digits after {wrong!r}" if wrong else "the genuine digits without a prefix", wrong + good)
    return [target.case(name, comment, body, MALFORMED, target.headers(value)) for name, (comment, value) in values.items()]


def upper_first_letter(digits: str) -> str:
    at = next(i for i, c in enumerate(digits) if c.isalpha())
    return digits[:at] + digits[at].upper() + digits[at + 1 :]


def base64_cases(target: Target, prefix: str) -> list:
    """Cases of a value (or single list entry) that must be canonical, padded, standard base64 of 32 bytes."""
    body = body_with_both_symbols(target)
    raw = target.mac(body)
    good = b64(raw)
    values = {
        "base64-no-padding": ("base64 without its padding", good.rstrip("=")),
        "base64-more-padding": ("base64 with one = too many", good + "="),
        "base64-url-safe": ("the url-safe alphabet", good.replace("+", "-").replace("/", "_")),
        "base64-trailing-bits": ("the last digit's unused bits are not zero; a lax decoder yields the genuine MAC", loose_bits(good)),
        "base64-space": ("a space inside the base64", good[:8] + " " + good[8:]),
        "base64-short": ("base64 of the first 31 bytes", b64(raw[:31])),
        "base64-half": ("base64 of the first 16 bytes", b64(raw[:16])),
        "base64-long": ("base64 of 33 bytes, the first 32 genuine", b64(raw + b"\0")),
        "base64-bad-digit": ("a character outside the alphabet", "!" + good[1:]),
        "base64-inner-padding": ("padding in the middle", good[:40] + "=" + good[41:]),
        "hex-instead": ("the genuine MAC in hex, which is also well-formed base64 of 48 bytes", raw.hex()),
    }
    return [target.case(name, comment, body, MALFORMED, target.headers(prefix + value)) for name, (comment, value) in values.items()]


def body_with_both_symbols(target: Target) -> bytes:
    """The sample with the first counter whose signature holds both + and /, so that alphabets can be told apart."""
    for number in range(1000):
        body = json.dumps(target.sample | {"n": number}, separators=(",", ":")).encode()
        if {"+", "/"} <= set(b64(target.mac(body))):
            return body
    raise AssertionError("no such body")


def loose_bits(text: str) -> str:
    """The same 32 bytes for a decoder that does not check the two unused bits of the last digit."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + alphabet[alphabet.index(text[-2]) + 1] + "="
