"""Further rows of documented.py: providers that have a published or copied delivery, and need the cases around it."""

from dataclasses import replace

from .documented import MALFORMED, MISMATCH, Recipe, cases, compact, hexadecimal, in_base64, standard_webhooks, timed_list
from .vector import NOW, accepted, b64, mac, rejected, vector

STRIPE = Recipe(
    provider="stripe",
    header="stripe-signature",
    event_type="customer.created",
    event_id="evt_1",
    body=compact({"id": "evt_1", "object": "event", "type": "customer.created", "data": {"object": {"name": "Zoë"}}}),
    unit=1,
    # Used as it is, prefix and all.
    secret="whsec_dGhlIHNpZ25pbmcgc2VjcmV0",
    **timed_list(","),
)

PADDLE = Recipe(
    provider="paddle",
    header="paddle-signature",
    event_type="transaction.completed",
    event_id="evt_01",
    body=compact({"event_id": "evt_01", "event_type": "transaction.completed", "data": {"note": "Grüße"}}),
    write=lambda raw, time: f"ts={time};h1={raw.hex()}",
    signed="{timestamp}:{body}",
    unit=1,
    tolerance=5,
    malformed=(
        ("nonsense", "no list", lambda good: good.rpartition("=")[2]),
        ("upper-case", "upper-case hex digits", lambda good: good[:-64] + good[-64:].upper()),
    ),
    foreign=(("other-version", "only a signature of another version", lambda good: good.replace("h1=", "h2=")),),
    fitting=(("second-of-two", "the second signature is the genuine one", lambda good: good.replace(";h1=", f";h1={'0' * 64};h1=")),),
)


def with_time_header(provider: str, header: str, time_header: str, event_type: str, body: bytes, **more) -> Recipe:
    """Slack and Zoom: `v0=<hex>` over `v0:{timestamp}:{body}`."""
    return Recipe(
        provider=provider,
        header=header,
        time_header=time_header,
        event_type=event_type,
        body=body,
        signed="v0:{timestamp}:{body}",
        unit=1,
        **hexadecimal("v0="),
        **more,
    )


SLACK = with_time_header(
    "slack",
    "x-slack-signature",
    "x-slack-request-timestamp",
    "app_mention",
    compact({"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_mention", "text": "naïve"}}),
    event_id="Ev1",
)
ZOOM = with_time_header(
    "zoom",
    "x-zm-signature",
    "x-zm-request-timestamp",
    "meeting.started",
    compact({"event": "meeting.started", "event_ts": 1700000000123, "payload": {"object": {"topic": "Übung"}}}),
)

SHOPIFY = Recipe(
    provider="shopify",
    header="x-shopify-hmac-sha256",
    event_type="orders/create",
    body=compact({"id": 820982911946154508, "name": "#9999", "note": "Grüße"}),
    more=(("x-shopify-topic", "orders/create"),),
    **in_base64(),
)
INTERCOM = Recipe(
    provider="intercom",
    header="x-hub-signature",
    event_type="conversation.user.created",
    event_id="notif_1",
    body=compact({"type": "notification_event", "id": "notif_1", "topic": "conversation.user.created", "data": {"text": "Grüße"}}),
    hash_name="sha1",
    **hexadecimal("sha1="),
)
DATASAUR = Recipe(
    provider="datasaur",
    header="x-datasaur-signature",
    event_type=None,
    body=compact({"body": "naïve"}),
    **hexadecimal(),
)
FIREFLIES = Recipe(
    provider="fireflies",
    header="x-hub-signature",
    event_type="meeting.transcribed",
    body=compact({"event": "meeting.transcribed", "timestamp": 1700000000123, "meeting_id": "ASxwZxCstx"}),
    **(
        hexadecimal("sha256=")
        | {
            "malformed": hexadecimal("sha256=")["malformed"][:3],
            "fitting": (("no-prefix", "the first version writes no prefix", lambda good: good.removeprefix("sha256=")),),
        }
    ),
)
SQUARE = Recipe(
    provider="square",
    header="x-square-hmacsha256-signature",
    event_type="payment.updated",
    event_id="e1",
    body=compact({"type": "payment.updated", "event_id": "e1", "data": {"note": "Grüße"}}),
    signed="https://example.com/webhook?source=1{body}",
    url="https://example.com/webhook?source=1",
    **in_base64(),
)
SVIX = Recipe(
    provider="svix",
    event_type="invoice.paid",
    body=compact({"type": "invoice.paid", "data": {"name": "Zoë"}}),
    **standard_webhooks("svix"),
)
RECALL_AI = Recipe(
    provider="recall-ai",
    event_type="bot.done",
    body=compact({"event": "bot.done", "data": {"bot": {"id": "1", "name": "Zoë"}}}),
    **standard_webhooks("webhook"),
)


def square() -> list:
    other = replace(SQUARE, url="https://example.com/other?source=1")
    return cases(SQUARE) + [
        other.case("other-url", "signed for another address", MISMATCH, other.headers(SQUARE.signature())),
    ]


def svix() -> list:
    family = replace(SVIX, **standard_webhooks("webhook"))
    value = family.signature()
    return cases(SVIX) + [family.case("other-family", "the headers of Standard Webhooks", accepted("invoice.paid", family.id), family.headers(value))]


def linear() -> list:
    """The time is in the body, in milliseconds, at most 60 s from now."""
    secret = "a signing secret of this test"

    def case(name, comment, expect, millis, *, value=None, now=NOW, body=None):
        signed = compact({"type": "Issue", "action": "update", "webhookTimestamp": millis, "data": {"title": "Übung"}})
        good = mac(secret.encode(), signed).hex()
        headers = [["linear-signature", value(good) if value else good]]
        return vector(f"linear-{name}", comment, "linear", None, [secret], now, None, headers, body or signed, expect, ())

    fine, at = accepted("Issue"), NOW * 1000
    return [
        case("genuine", "a genuine delivery", fine, at),
        case("old", "60 s old, the most that is taken", fine, at - 60_000),
        case("too-old", "61 s old", rejected("timestamp_too_old"), at - 61_000),
        case("too-new", "61 s ahead", rejected("timestamp_too_new"), at + 61_000),
        case("no-time", "the time in the body is a word", rejected("timestamp_malformed"), "soon"),
        case("tampered-body", "another body", MISMATCH, at, body=compact({"type": "Issue", "webhookTimestamp": at})),
        case("upper-case", "upper-case hex digits", MALFORMED, at, value=str.upper),
        case("base64", "base64 of the genuine MAC", MALFORMED, at, value=lambda good: b64(bytes.fromhex(good))),
        case("old-and-forged", "stale and forged: the signature is judged first", MISMATCH, at - 61_000, value=lambda good: "0" * 64),
    ]


PROVIDERS = {
    "datasaur": lambda: cases(DATASAUR),
    "fireflies": lambda: cases(FIREFLIES),
    "intercom": lambda: cases(INTERCOM),
    "linear": linear,
    "paddle": lambda: cases(PADDLE),
    "recall-ai": lambda: cases(RECALL_AI),
    "shopify": lambda: cases(SHOPIFY),
    "slack": lambda: cases(SLACK),
    "square": square,
    "stripe": lambda: cases(STRIPE),
    "svix": svix,
    "zoom": lambda: cases(ZOOM),
}
