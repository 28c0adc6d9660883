"""Efficlose: `X-Webhook-Signature: sha256=<hex>` over the raw body; no event id."""

from .event_cases import event_cases
from .header_cases import common_cases, hex_cases, sample_body
from .raw_body_cases import raw_body_cases
from .target import Target
from .vector import rejected

TARGET = Target(
    provider="efficlose",
    scheme=None,
    prefix="efficlose",
    header="x-webhook-signature",
    secrets=("efficlose_test_secret", "efficlose_other_secret", "efficlose_third_secret", "efficlose_fourth_secret"),
    key=str.encode,
    encode=lambda mac: f"sha256={mac.hex()}",
    content=lambda body: body,
    sample={
        "event": "recording.created",
        "timestamp": "2024-01-15T10:00:00Z",
        "data": {"recording": {"id": 123, "title": "Team Meeting", "status": "new"}},
    },
)

WRONG_PREFIXES = {
    "prefix-missing": "",
    "prefix-upper-case": "SHA256=",
    "prefix-sha1": "sha1=",
    "prefix-sha512": "sha512=",
    "prefix-colon": "sha256:",
    "prefix-space": "sha256= ",
    "prefix-twice": "sha256=sha256=",
    "prefix-cut": "ha256=",
    "prefix-v1": "v1,",
}


def vectors() -> list:
    return (
        common_cases(TARGET)
        + hex_cases(TARGET, "sha256=", WRONG_PREFIXES)
        + own_cases()
        + raw_body_cases(TARGET)
        + event_cases(TARGET)
    )


def own_cases() -> list:
    body = sample_body(TARGET)
    good = TARGET.sign(body)
    genuine = TARGET.accepted("recording.created")
    spoken = "It's a Secret to Everybody"
    accented = "s\u00e9cret \u65e5\u672c"
    return [
        TARGET.case("prefix-only", "the prefix without digits", body, rejected("signature_malformed"), TARGET.headers("sha256=")),
        TARGET.case(
            "method-put",
            "only POST is delivered; the method is judged before the signature",
            body,
            rejected("method_not_allowed"),
            method="PUT",
        ),
        TARGET.case(
            "secret-spaces", "spaces belong to a secret", body, genuine, TARGET.headers(TARGET.sign(body, spoken)), secrets=[spoken]
        ),
        TARGET.case(
            "secret-utf-8", "a secret's text is UTF-8", body, genuine, TARGET.headers(TARGET.sign(body, accented)), secrets=[accented]
        ),
        TARGET.case(
            "secret-long",
            "a secret longer than the hash's block of 64 bytes is hashed first",
            body,
            genuine,
            TARGET.headers(TARGET.sign(body, "k" * 65)),
            secrets=["k" * 65],
        ),
        TARGET.case(
            "body-id-ignored",
            "an id in the body is no event id here",
            b'{"event":"odd.event","id":"evt_1","data":{}}',
            TARGET.accepted("odd.event"),
        ),
        TARGET.case(
            "attendee-signature",
            "the header of the same name as Attendee signs it",
            body,
            rejected("signature_malformed"),
            TARGET.headers("hB8t83l12RLVCWBwJoh9hJA26xD/KqQjKSo4MT3WH6U="),
        ),
        TARGET.case(
            "other-header", "genuine under another header's name", body, rejected("signature_missing"), [["x-hub-signature-256", good]]
        ),
    ]
