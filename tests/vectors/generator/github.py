"""GitHub: `X-Hub-Signature-256: sha256=<hex>` over the raw body, and the older `X-Hub-Signature: sha1=<hex>`."""

from dataclasses import replace

from .header_cases import MALFORMED, MISMATCH, common_cases, hex_cases, sample_body
from .target import Target
from .vector import rejected

TARGET = Target(
    provider="github",
    scheme="hmac-sha256",
    prefix="github",
    header="x-hub-signature-256",
    secrets=("github_test_secret", "github_other_secret", "github_third_secret", "github_fourth_secret"),
    key=str.encode,
    encode=lambda mac: f"sha256={mac.hex()}",
    content=lambda body: body,
    extra=(("x-github-event", "issues"), ("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")),
    sample={"event": "issues", "action": "opened", "issue": {"number": 1, "title": "Te deum"}},
)

SHA1 = replace(
    TARGET,
    scheme="hmac-sha1",
    prefix="github-sha1",
    header="x-hub-signature",
    encode=lambda mac: f"sha1={mac.hex()}",
    hash_name="sha1",
)


def vectors() -> list:
    return (
        [case for case in common_cases(TARGET) if "name-title" not in case["id"]]
        + hex_cases(TARGET, "sha256=", {"prefix-missing": "", "prefix-sha1": "sha1=", "prefix-twice": "sha256=sha256="})
        + type_cases()
        + sha1_cases()
    )


def type_cases() -> list:
    body = sample_body(TARGET)
    signature = [TARGET.header, TARGET.sign(body)]
    return [
        TARGET.case("type-absent", "no header names the event", body, TARGET.accepted(), [signature]),
        TARGET.case("type-empty", "the header of the event is empty", body, TARGET.accepted(), [signature, ["x-github-event", ""]]),
        TARGET.case(
            "type-twice",
            "the header of the event twice: it has no meaning",
            body,
            TARGET.accepted(),
            [signature, ["x-github-event", "push"], ["x-github-event", "issues"]],
        ),
    ]


def sha1_cases() -> list:
    body = sample_body(SHA1)
    sha256 = TARGET.mac(body).hex()
    return [
        SHA1.case("genuine", "a genuine delivery", body, SHA1.accepted("issues")),
        SHA1.case("tampered-body", "one byte changed", body.replace(b"Te", b"Ta"), MISMATCH, SHA1.headers(SHA1.sign(body))),
        SHA1.case("sha256-digits", "64 digits where 40 belong", body, MALFORMED, SHA1.headers(f"sha1={sha256}")),
        SHA1.case("sha256-cut", "the first 40 digits of the other MAC", body, MISMATCH, SHA1.headers(f"sha1={sha256[:40]}")),
        SHA1.case(
            "other-header",
            "only the newer header is there",
            body,
            rejected("signature_missing"),
            [[TARGET.header, TARGET.sign(body)]],
        ),
    ]
