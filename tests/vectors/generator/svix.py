"""Meeting BaaS's svix scheme (Standard Webhooks): `v1,<base64>` list over `{id}.{timestamp}.{body}`; the signed id is the event id."""

import base64
from dataclasses import replace

from .event_cases import event_cases
from .header_cases import MALFORMED, MISMATCH, base64_cases, common_cases, loose_bits, sample_accepted, sample_body
from .raw_body_cases import raw_body_cases
from .target import Target
from .timestamp_cases import timestamp_cases, without
from .vector import NOW, b64, mac, rejected, shown

MESSAGE = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
SECRETS = tuple(
    f"whsec_{b64(text)}"
    for text in (b"svix secret number one..", b"svix secret number two..", b"svix secret number three", b"svix secret number four.")
)


def with_signed(message: str, timestamp: str, family: str = "svix") -> Target:
    """The scheme with this id and this timestamp, signed as they stand."""
    signed = f"{message}.{timestamp}.".encode("utf-8")
    return Target(
        provider="meeting-baas",
        scheme="svix",
        prefix="meeting-baas-svix",
        header=f"{family}-signature",
        secrets=SECRETS,
        key=lambda secret: base64.b64decode(secret.removeprefix("whsec_"), validate=True),
        encode=lambda mac: f"v1,{b64(mac)}",
        content=lambda body: signed + body,
        extra=((f"{family}-id", message), (f"{family}-timestamp", timestamp)),
        fixed_id=shown(message),
        sample={
            "event": "bot.failed",
            "data": {"bot_id": "123e4567-e89b-12d3-a456-426614174000", "error_code": "BOT_NOT_ACCEPTED"},
            "extra": {"team": "Team A"},
        },
    )


TARGET = with_signed(MESSAGE, str(NOW))
WEBHOOK = with_signed(MESSAGE, str(NOW), "webhook")
BODY = sample_body(TARGET)
FINE = sample_accepted(TARGET)
GOOD = TARGET.sign(BODY)
BAD = TARGET.sign(BODY, SECRETS[1])
MAC = GOOD.removeprefix("v1,")


def vectors() -> list:
    return (
        common_cases(TARGET)
        + base64_cases(TARGET, "v1,")
        + list_cases()
        + id_cases()
        + family_cases()
        + secret_cases()
        + timestamp_cases(TARGET, lambda text: with_signed(MESSAGE, text), "svix-timestamp")
        + raw_body_cases(TARGET)
        + event_cases(TARGET)
    )


def list_cases() -> list:
    """The signature list: any good entry is enough, unknown versions and empty values are ignored, its grammar is strict."""
    other_bad = TARGET.sign(BODY, SECRETS[2])
    values = {
        "list-good-last": ("the genuine entry last of three", f"{BAD} {other_bad} {GOOD}", FINE),
        "list-good-first": ("the genuine entry first of three", f"{GOOD} {BAD} {other_bad}", FINE),
        "list-none-good": ("two forged entries", f"{BAD} {other_bad}", MISMATCH),
        "list-fifty": ("49 forged entries and the genuine one", f"{BAD} " * 49 + GOOD, FINE),
        "list-two-spaces": ("two spaces between entries: empty entries are ignored, as the official libraries do", f"{BAD}  {GOOD}", FINE),
        "list-unknown-versions": ("unknown versions beside the genuine entry are ignored", f"v2,{MAC} v1a,{b64(b'0' * 64)} {GOOD}", FINE),
        "list-unknown-odd-value": ("the value of an unknown version is not looked at", f"v1a,!!! {GOOD}", FINE),
        "list-v2": ("the genuine MAC as version v2 alone", f"v2,{MAC}", MISMATCH),
        "list-v1a": ("the genuine MAC as version v1a alone", f"v1a,{MAC}", MISMATCH),
        "list-upper-case-version": ("V1 is not v1", f"V1,{MAC}", MISMATCH),
        "list-v10": ("v10 is not v1", f"v10,{MAC}", MISMATCH),
        "list-empty-version": ("an empty version is unknown", f",{MAC}", MISMATCH),
        "list-empty-value": ("an empty value is ignored", "v1,", MISMATCH),
        "list-good-and-empty-value": ("an empty value after the genuine entry is ignored", f"{GOOD} v1,", FINE),
        "list-empty-value-joined": ("comma and space: this is also how Fetch joins `v1` and an entry", f"v1, {GOOD}", MALFORMED),
        "list-no-comma": ("the MAC without a version", MAC, MALFORMED),
        "list-version-only": ("a version without a comma", "v1", MALFORMED),
        "list-equals": ("= for the comma", f"v1={MAC}", MALFORMED),
        "list-no-comma-and-good": ("an entry without a comma spoils the list", f"v1 {GOOD}", MALFORMED),
        "list-two-commas": ("an entry with two commas", f"{GOOD},x", MALFORMED),
        "list-comma-separated": ("entries separated by commas", f"{GOOD},{GOOD}", MALFORMED),
        "list-tab-separated": ("entries separated by a tab", f"{GOOD}\t{GOOD}", MALFORMED),
        "list-bad-base64-and-good": ("a malformed entry beside the genuine one", f"v1,!!! {GOOD}", FINE),
        "list-bad-base64-and-forged": ("a malformed entry beside a well-formed forged one", f"v1,!!! {BAD}", MISMATCH),
        "list-bad-base64-and-unknown": (
            "a malformed entry and an unknown version: nothing well-formed to compare",
            f"v1,!!! v2,{MAC}",
            MALFORMED,
        ),
        "list-loose-bits-and-forged": (
            "the genuine MAC with unused bits set is malformed, the other entry forged",
            f"v1,{loose_bits(MAC)} {BAD}",
            MISMATCH,
        ),
    }
    return [TARGET.case(name, comment, BODY, expect, TARGET.headers(value)) for name, (comment, value, expect) in values.items()]


def id_cases() -> list:
    """The signed id is visible ASCII without a comma, and without the dot that ends it in the signed content."""
    malformed_ids = {
        "comma": ("a comma", "msg_1,2"),
        "joined": ("two ids joined the way Fetch joins repeated headers", f"{MESSAGE}, {MESSAGE}"),
        "dot": ("a dot, so that the end of the id could as well begin what follows", "msg_1.2"),
        "space": ("a space inside", "msg_1 2"),
        "tab": ("a tab inside", "msg_1\t2"),
        "non-ascii": ("a letter outside ASCII", "msg_\u00e9"),
        "empty": ("an empty header", ""),
    }
    vectors = [
        TARGET.case(f"id-{name}", f"{comment}; genuinely signed", BODY, MALFORMED, signed_with(message))
        for name, (comment, message) in malformed_ids.items()
    ]
    genuine = {"punctuation": "!\"#$&'()*+-/:;<=>?@[]^_`{|}~", "256-bytes": "m" * 256, "300-bytes": "m" * 300}
    for name, message in genuine.items():
        target = with_signed(message, str(NOW))
        vectors.append(target.case(f"id-{name}", "visible ASCII without comma and dot; shown up to 256 bytes", BODY, sample_accepted(target)))
    missing = rejected("id_missing")
    native = "a letter beyond Latin-1; such a header value cannot be sent by Fetch"
    return vectors + [
        TARGET.case("id-beyond-latin-1", native, BODY, MALFORMED, signed_with("msg_\u65e5"), flags=["native-only"]),
        TARGET.case("id-missing", "the id header is absent", BODY, missing, without(TARGET.headers(GOOD), "svix-id")),
        TARGET.case(
            "id-twice-same", "the id header twice with the same value", BODY, MALFORMED, TARGET.headers(GOOD) + [["svix-id", MESSAGE]]
        ),
        TARGET.case(
            "id-twice-differs", "the id header twice, the genuine one first", BODY, MALFORMED, TARGET.headers(GOOD) + [["svix-id", "msg_0"]]
        ),
        TARGET.case("id-changed", "the id changed after signing", BODY, MISMATCH, with_signed("msg_0", str(NOW)).headers(GOOD)),
        TARGET.case(
            "id-spaces-around",
            "optional white space around the id is trimmed",
            BODY,
            FINE,
            [
                ["svix-signature", GOOD],
                ["svix-id", f" {MESSAGE}\t"],
                ["svix-timestamp", str(NOW)],
            ],
        ),
        TARGET.case("id-before-timestamp", "neither id nor timestamp: the id is judged first", BODY, missing, [["svix-signature", GOOD]]),
        TARGET.case(
            "id-after-signature",
            "a malformed signature and no id: the signature header is judged first",
            BODY,
            MALFORMED,
            [["svix-signature", "?"]],
        ),
    ]


def signed_with(message: str) -> list:
    target = with_signed(message, str(NOW))
    return target.headers(target.sign(BODY))


def family_cases() -> list:
    """`svix-*` and `webhook-*` are two families: the one whose signature header is present is judged, svix first."""
    svix_only, webhook_only = TARGET.headers(GOOD), WEBHOOK.headers(GOOD)
    svix_forged, webhook_forged = TARGET.headers(BAD), WEBHOOK.headers(BAD)
    other = with_signed("msg_other", str(NOW), "webhook")
    no_id, no_time = rejected("id_missing"), rejected("timestamp_missing")

    def case(name, comment, expect, headers):
        return TARGET.case(f"family-{name}", comment, BODY, expect, headers)

    return [
        case("webhook", "genuine webhook-* headers alone", FINE, webhook_only),
        case("webhook-forged", "forged webhook-* headers alone", MISMATCH, webhook_forged),
        case("svix-signature-only", "svix-signature with webhook-id and webhook-timestamp", no_id, svix_only[:1] + webhook_only[1:]),
        case("webhook-signature-only", "webhook-signature with svix-id and svix-timestamp", no_id, webhook_only[:1] + svix_only[1:]),
        case("timestamp-mixed", "svix-signature and svix-id with webhook-timestamp", no_time, svix_only[:2] + webhook_only[2:]),
        case(
            "both-webhook-genuine", "both families complete, only webhook-* genuine: svix-* is judged", MISMATCH, svix_forged + webhook_only
        ),
        case("both-svix-genuine", "both families complete, only svix-* genuine", FINE, webhook_forged + svix_only),
        case(
            "both-genuine", "both families genuine with different ids: svix-* is judged", FINE, other.headers(other.sign(BODY)) + svix_only
        ),
        case("no-svix-signature", "genuine webhook-* headers beside svix-id and svix-timestamp", FINE, webhook_only + svix_only[1:]),
        case(
            "no-signature",
            "ids and timestamps of both families, no signature",
            rejected("signature_missing"),
            svix_only[1:] + webhook_only[1:],
        ),
    ]


def secret_cases() -> list:
    text = SECRETS[0].removeprefix("whsec_")
    content = TARGET.content(BODY)
    keys = {
        "secret-literal": ("the literal secret text", SECRETS[0].encode()),
        "secret-undecoded": ("the secret's base64 text", text.encode()),
    }
    vectors = [
        TARGET.case(name, f"signed with {comment} as the key", BODY, MISMATCH, TARGET.headers(f"v1,{b64(mac(key, content))}"))
        for name, (comment, key) in keys.items()
    ]
    body_only = replace(TARGET, content=lambda body: body)
    return vectors + [
        TARGET.case("secret-without-prefix", "the secret without whsec_", BODY, FINE, TARGET.headers(GOOD), secrets=[text]),
        TARGET.case(
            "secret-mixed",
            "one secret with whsec_ and the genuine one without",
            BODY,
            FINE,
            TARGET.headers(GOOD),
            secrets=[SECRETS[1], text],
        ),
        TARGET.case("body-only-signed", "the MAC covers the body alone", BODY, MISMATCH, TARGET.headers(body_only.sign(BODY))),
    ]
