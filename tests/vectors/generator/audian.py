"""Audian: hex (with or without `sha256=`) over `{timestamp}.{body}`; the secret is the literal text, whsec_ included."""

import base64
from dataclasses import replace

from .event_cases import event_cases
from .header_cases import common_cases, hex_cases, sample_accepted, sample_body
from .raw_body_cases import raw_body_cases
from .target import Target
from .timestamp_cases import timestamp_cases
from .vector import NOW, b64, mac, rejected

TIMESTAMP = "x-audian-timestamp"
SECRETS = tuple(
    f"whsec_{b64(text)}"
    for text in (b"audian secret one 123456", b"audian secret two 123456", b"audian secret three 1234", b"audian secret four 12345")
)

BASE = Target(
    provider="audian",
    scheme=None,
    prefix="audian",
    header="x-audian-signature",
    secrets=SECRETS,
    key=str.encode,
    encode=bytes.hex,
    content=lambda body: body,
    id_field="id",
    sample={
        "id": "evt_1234567890abcdef",
        "timestamp": "2024-01-15T10:35:10Z",
        "event": "call.completed",
        "data": {"call_id": "call_xyz789", "duration": 305, "tags": {"team": "Team A"}},
    },
)

WRONG_PREFIXES = {
    "prefix-upper-case": "SHA256=",
    "prefix-twice": "sha256=sha256=",
    "prefix-sha1": "sha1=",
    "prefix-equals": "=",
    "prefix-v1": "v1=",
}


def at(text: str) -> Target:
    """Audian with the timestamp `text`, signed as it stands."""
    return replace(BASE, content=lambda body: text.encode("utf-8") + b"." + body, extra=((TIMESTAMP, text),))


TARGET = at(str(NOW))


def vectors() -> list:
    return (
        common_cases(TARGET)
        + hex_cases(TARGET, "", WRONG_PREFIXES)
        + prefixed_cases()
        + secret_cases()
        + timestamp_cases(TARGET, at, TIMESTAMP)
        + raw_body_cases(TARGET)
        + event_cases(TARGET)
    )


def prefixed_cases() -> list:
    """The same with the optional prefix."""
    body = sample_body(TARGET)
    good = TARGET.sign(body)
    malformed = rejected("signature_malformed")
    values = {
        "prefixed": ("with the optional prefix sha256=", f"sha256={good}", sample_accepted(TARGET)),
        "prefixed-forged": (
            "prefixed and signed with another secret",
            "sha256=" + TARGET.sign(body, SECRETS[1]),
            rejected("signature_mismatch"),
        ),
        "prefixed-upper-case": ("prefixed upper-case hex", f"sha256={good.upper()}", malformed),
        "prefixed-space": ("a space after the prefix", f"sha256= {good}", malformed),
        "prefixed-short": ("prefixed and too short", f"sha256={good[:-2]}", malformed),
        "prefix-only": ("the prefix without digits", "sha256=", malformed),
        "prefix-trailing": ("the prefix after the digits", f"{good}sha256=", malformed),
    }
    return [TARGET.case(name, comment, body, expect, TARGET.headers(value)) for name, (comment, value, expect) in values.items()]


def secret_cases() -> list:
    body = sample_body(TARGET)
    content = TARGET.content(body)
    mismatch = rejected("signature_mismatch")
    text = SECRETS[0].removeprefix("whsec_")
    keys = {
        "secret-decoded": ("signed with the base64-decoded secret, as Svix does", base64.b64decode(text)),
        "secret-without-prefix": ("signed with the secret's text after whsec_", text.encode()),
    }
    vectors = [TARGET.case(name, comment, body, mismatch, TARGET.headers(mac(key, content).hex())) for name, (comment, key) in keys.items()]
    plain = "a secret without whsec_"
    unsigned = [["content-type", "application/x-www-form-urlencoded"]]
    return vectors + [
        TARGET.case(
            "secret-plain", "a secret of any text", body, sample_accepted(TARGET), TARGET.headers(TARGET.sign(body, plain)), secrets=[plain]
        ),
        TARGET.case("body-only-signed", "the MAC covers the body without the timestamp", body, mismatch, TARGET.headers(BASE.sign(body))),
        TARGET.case(
            "colon-signed",
            "the MAC covers {timestamp}:{body}",
            body,
            mismatch,
            TARGET.headers(mac(SECRETS[0].encode(), b"%d:%s" % (NOW, body)).hex()),
        ),
        TARGET.case(
            "unsigned-headers",
            "X-Audian-Event and X-Audian-Delivery-ID are not signed; the body's values hold",
            body,
            sample_accepted(TARGET),
            TARGET.headers(TARGET.sign(body)) + [["x-audian-event", "call.failed"], ["x-audian-delivery-id", "delv_forged"]],
        ),
        TARGET.case(
            "kazoo-form", "an unsigned Kazoo hook", b"hook_event=channel_create&call_id=1", rejected("signature_missing"), unsigned
        ),
        TARGET.case(
            "boundary-moved",
            "a dot moved from the body into the timestamp",
            b"x",
            rejected("timestamp_malformed"),
            [
                ["x-audian-signature", mac(SECRETS[0].encode(), b"1700000000.5.x").hex()],
                [TIMESTAMP, "1700000000.5"],
            ],
        ),
    ]
