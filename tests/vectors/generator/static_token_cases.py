"""Cases of a header that holds the secret itself; nothing is signed."""

from .target import Target
from .header_cases import MALFORMED, MISMATCH, MISSING, sample_accepted, sample_body


def static_token_cases(target: Target, foreign: dict) -> list:
    """`foreign` are headers of the provider's other schemes: {name: headers}."""
    body = sample_body(target)
    genuine = sample_accepted(target)
    token, other, *more = target.secrets
    name = target.header

    def case(case_name, comment, expect, *values, headers=None, **options):
        return target.case(case_name, comment, body, expect, target.headers(*values) if headers is None else headers, **options)

    vectors = [
        case("genuine", "the secret itself", genuine, token),
        case("put", "callbacks may come as PUT", genuine, token, method="PUT"),
        case("wrong", "another token", MISMATCH, other),
        case("missing", "the header is absent", MISSING),
        case("empty", "the header is there and empty", MALFORMED, ""),
        case("prefix", "all but the token's last character", MISMATCH, token[:-1]),
        case("first-character", "the token's first character", MISMATCH, token[0]),
        case("longer", "the token and one character more", MISMATCH, token + "x"),
        case("doubled", "the token twice without a comma", MISMATCH, token + token),
        case("upper-case", "the token in upper case", MISMATCH, token.upper()),
        case("quoted", "the token in double quotes", MISMATCH, f'"{token}"'),
        case("bearer", "an authentication scheme before the token", MISMATCH, f"Bearer {token}"),
        case("inner-space", "a space inside the token", MISMATCH, token[:4] + " " + token[4:]),
        case("spaces-around", "optional white space around the token is trimmed", genuine, f" \t{token} "),
        case("twice-same", "the header twice with the genuine token", MALFORMED, token, token),
        case("twice-good-bad", "the header twice, the genuine token first", MALFORMED, token, other),
        case("twice-bad-good", "the header twice, the genuine token last", MALFORMED, other, token),
        case("joined-same", "two tokens joined the way Fetch joins repeated headers", MALFORMED, f"{token}, {token}"),
        case("joined-bad-good", "a wrong and the genuine token joined with a comma", MALFORMED, f"{other}, {token}"),
        case("comma-after", "the token and a comma", MALFORMED, f"{token},"),
        case("name-upper-case", "header names are compared without case", genuine, headers=[[name.upper(), token]]),
        case("name-underscores", "a name with _ for - is another header", MISSING, headers=[[name.replace("-", "_"), token]]),
        case("rotation-second", "the genuine token is the second of two secrets", genuine, token, secrets=[other, token]),
        case("rotation-none", "three secrets, none of them sent", MISMATCH, token, secrets=[other, *more]),
        target.case("any-body", "the token says nothing about the body", b"\xff\xfe not JSON", target.accepted(), target.headers(token)),
        target.case("empty-body", "the token says nothing about the body", b"", target.accepted(), target.headers(token)),
    ]
    return vectors + [
        case(f"only-{other}", f"only headers of the scheme {other}", MISSING, headers=headers) for other, headers in foreign.items()
    ]
