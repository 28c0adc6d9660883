"""Mobile Assistant: `x-connect-it-token`, bare hex over the raw body; event type at /type, no event id."""

from .event_cases import event_cases
from .header_cases import common_cases, hex_cases
from .raw_body_cases import raw_body_cases
from .target import Target

TARGET = Target(
    provider="mobile-assistant",
    scheme=None,
    prefix="mobile-assistant",
    header="x-connect-it-token",
    secrets=("connectit_secret", "connectit_other", "connectit_third", "connectit_fourth"),
    key=str.encode,
    encode=bytes.hex,
    content=lambda body: body,
    type_field="type",
    sample={"type": "transcript.completed", "data": {"id": 1, "headline": "Team Meeting"}},
)

WRONG_PREFIXES = {"prefix-sha256": "sha256=", "prefix-equals": "=", "prefix-v1": "v1="}


def vectors() -> list:
    return (
        common_cases(TARGET)
        + hex_cases(TARGET, "", WRONG_PREFIXES)
        + raw_body_cases(TARGET)
        + own_cases()
        + event_cases(TARGET)
    )


def own_cases() -> list:
    nested = b'{"data":{"type":"inner"},"type":"outer"}'
    return [
        TARGET.case("type-after-data", "a nested type before the event's own", nested, TARGET.accepted("outer")),
        TARGET.case("event-instead", "the event type is at /type, not at /event", b'{"event":"transcript.completed"}', TARGET.accepted()),
    ]
