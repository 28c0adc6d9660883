"""Attendee: base64 HMAC over the canonical form of the JSON body; key = base64-decoded secret; id at /idempotency_key."""

import base64
import json

from .attendee_canonical import accepted_cases, canonical
from .attendee_refused import refused_cases
from .event_cases import event_cases
from .header_cases import MALFORMED, MISMATCH, MISSING, base64_cases, common_cases, sample_accepted, sample_body
from .target import Target
from .vector import b64, mac, rejected

TARGET = Target(
    provider="attendee",
    scheme=None,
    prefix="attendee",
    header="x-webhook-signature",
    secrets=tuple(
        b64(text)
        for text in (
            bytes(range(32)),
            b"another attendee secret, 32 byte",
            b"a third attendee secret, 32 byte",
            b"a fourth attendee secret 32 byte",
        )
    ),
    key=lambda secret: base64.b64decode(secret, validate=True),
    encode=b64,
    content=canonical,
    type_field="trigger",
    id_field="idempotency_key",
    sample={
        "idempotency_key": "0b9d2c1e-5f6a-4c3b-8d7e-90a1b2c3d4e0",
        "bot_id": "bot_dVV1WPJKof8Sr3TS",
        "bot_metadata": {"team": "Team A"},
        "trigger": "bot.state_change",
        "data": {"new_state": "ended", "old_state": "post_processing", "event_metadata": {"credits_consumed": 1.0}, "event_sub_type": None},
    },
)


def vectors() -> list:
    return (
        common_cases(TARGET)
        + base64_cases(TARGET, "")
        + header_value_cases()
        + same_signature_cases()
        + accepted_cases(TARGET)
        + wrong_form_cases()
        + refused_cases(TARGET)
        + order_cases()
        + event_cases(TARGET, canonical=True)
    )


def header_value_cases() -> list:
    body = sample_body(TARGET)
    good = TARGET.sign(body)
    values = {"prefix-sha256": f"sha256={good}", "prefix-v1": f"v1,{good}", "efficlose-signature": f"sha256={base64.b64decode(good).hex()}"}
    return [TARGET.case(name, "the value is bare base64", body, MALFORMED, TARGET.headers(value)) for name, value in values.items()]


def same_signature_cases() -> list:
    """One payload in several spellings: the canonical form and thus the signature are the same."""
    payload = TARGET.sample | {"bot_metadata": {"customer": "Zo\u00eb \u2013 \u65e5\u672c\u8a9e \U0001f600"}}
    wires = {
        "requests": ("as Python's requests sends it", json.dumps(payload)),
        "compact": ("re-serialised compactly", json.dumps(payload, separators=(",", ":"))),
        "pretty": ("indented with tabs", json.dumps(payload, indent="\t")),
        "crlf": ("indented, with CR LF line ends", json.dumps(payload, indent=2).replace("\n", "\r\n")),
        "raw-utf-8": ("re-serialised with raw UTF-8 for escapes", json.dumps(payload, ensure_ascii=False)),
        "upper-case-escapes": (
            "upper-case hex in escapes",
            json.dumps(payload).replace("\\ud83d\\ude00", "\\uD83D\\uDE00").replace("\\u00eb", "\\u00EB"),
        ),
        "reversed": ("keys in reverse order", json.dumps(dict(reversed(payload.items())))),
        "padded": ("white space before and after", "\r\n\t " + json.dumps(payload) + " \t\r\n"),
        "canonical": ("the canonical form itself", canonical(json.dumps(payload).encode()).decode()),
    }
    signature = TARGET.headers(TARGET.sign(json.dumps(payload).encode()))
    expect = sample_accepted(TARGET)
    return [
        TARGET.case(f"wire-{name}", f"one payload, one signature: {comment}", wire.encode(), expect, signature)
        for name, (comment, wire) in wires.items()
    ]


def wrong_form_cases() -> list:
    """Signatures over a form that is nearly the canonical one."""
    payload = {"\uffff": 1, "\U00010000": 2, "10": 3, "9": 4, "trigger": "odd.event", "z": 1.0, "a": "\u00e9/\u2028"}
    body = json.dumps(payload).encode()
    form = {"ensure_ascii": False, "separators": (",", ":")}
    by_utf16 = dict(sorted(payload.items(), key=lambda pair: pair[0].encode("utf-16-be")))
    integers_first = {"9": 4, "10": 3} | dict(sorted((k, v) for k, v in payload.items() if not k.isdigit()))
    contents = {
        "wire-bytes": ("the wire bytes", body),
        "ensure-ascii": ("escapes for non-ASCII, as before May 2025", json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()),
        "unsorted": ("keys in wire order", json.dumps(payload, **form).encode()),
        "utf-16-order": ("keys sorted by UTF-16 code unit, as JavaScript sorts", json.dumps(by_utf16, **form).encode()),
        "integer-keys-first": ("integer-like keys first, as JavaScript objects order them", json.dumps(integers_first, **form).encode()),
        "spaced": ("separators with spaces", json.dumps(payload, sort_keys=True, ensure_ascii=False).encode()),
        "whole-number": ("1.0 printed as 1, as JavaScript prints it", canonical(body).replace(b"1.0", b"1")),
        "escaped-slash": ("an escaped slash", canonical(body).replace(b"/", b"\\/")),
        "escaped-line-separator": ("an escaped U+2028", canonical(body).replace("\u2028".encode(), b"\\u2028")),
        "final-line-feed": ("a final line feed", canonical(body) + b"\n"),
    }
    key = TARGET.key(TARGET.secret)
    vectors = [
        TARGET.case(f"signed-{name}", f"the MAC covers {comment}", body, MISMATCH, TARGET.headers(b64(mac(key, content))))
        for name, (comment, content) in contents.items()
    ]
    as_text = b64(mac(TARGET.secret.encode(), canonical(body)))
    return vectors + [TARGET.case("secret-as-text", "the secret's base64 text used as the key", body, MISMATCH, TARGET.headers(as_text))]


def order_cases() -> list:
    """The header is judged before the body is read, the body's form before the MAC."""
    body = b'{"trigger":"odd.event",}'
    twice = b'{"a":1,"a":2}'
    forged = TARGET.headers(b64(b"\0" * 32))
    return [
        TARGET.case("order-no-header", "no signature and no JSON: the header is judged first", body, MISSING, []),
        TARGET.case(
            "order-bad-header", "a malformed signature and no JSON: the header is judged first", body, MALFORMED, TARGET.headers("?")
        ),
        TARGET.case(
            "order-not-json",
            "a forged signature and no JSON: without JSON there is nothing to compare",
            body,
            rejected("payload_not_json"),
            forged,
        ),
        TARGET.case("order-duplicate-key", "a forged signature and a duplicate key", twice, rejected("duplicate_key"), forged),
        TARGET.case("order-too-deep", "a forged signature and 129 arrays", b"[" * 129 + b"]" * 129, rejected("payload_too_deep"), forged),
    ]
