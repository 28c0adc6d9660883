"""Event types and ids as verdicts show them, and bodies in which they are missing, repeated or odd."""

import json

from .target import Target
from .vector import shown

# name: (comment, text)
TEXTS = {
    "cr-lf": ("CR and LF, which would split a header", "odd\r\nx-injected: 1"),
    "non-ascii": ("letters outside ASCII, percent-encoded as UTF-8", "r\u00e9union.\u65e5\u672c"),
    "astral": ("a character beyond U+FFFF", "odd.\U0001f600"),
    "quotes": ("a quote, a backslash and a tab", 'odd"\\\tx'),
    "space": ("a space is outside `!`..`~`, a percent sign is not", "odd event 100%"),
    "delete": ("U+007F is outside `!`..`~`", "odd\x7f"),
    "256-bytes": ("256 bytes are shown whole", "t" * 256),
    "257-bytes": ("257 bytes are cut to 256", "t" * 256 + "u"),
    "300-bytes": ("300 bytes are cut to 256", "odd." + "0123456789" * 29 + "012345"),
    "cut-escape": ("an escape that would end at byte 257 is left out whole", "t" * 254 + "\u00e9"),
}
NUL = {"nul": ("NUL, which no header value may hold", "odd\0nul")}


def event_cases(target: Target, canonical: bool = False) -> list:
    """`canonical` schemes refuse U+0000 and duplicate keys, which have cases of their own there."""
    texts = TEXTS if canonical else TEXTS | NUL
    vectors = [
        target.case(f"event-type-{name}", f"event type: {comment}", body_with(target, type=text), expect_with(target, type=text))
        for name, (comment, text) in texts.items()
    ]
    if target.id_field:
        vectors += [
            target.case(f"event-id-{name}", f"event id: {comment}", body_with(target, id=text), expect_with(target, id=text))
            for name, (comment, text) in texts.items()
        ]
        vectors += id_forms(target)
    if not canonical:
        vectors += repeated(target)
    return vectors


def body_with(target: Target, type="odd.event", id="evt_odd") -> bytes:
    payload = {target.type_field: type}
    if target.id_field:
        payload[target.id_field] = id
    return json.dumps(payload | {"data": {}}).encode()


def expect_with(target: Target, type="odd.event", id="evt_odd") -> dict:
    return target.accepted(shown(type), shown(id) if target.id_field else None)


def id_forms(target: Target) -> list:
    """Ids that are no strings; the number texts are ones that Python's json keeps."""
    numbers = {"integer": 4711, "big-integer": 12345678901234567890123, "fraction": 1.0, "negative": -5}
    vectors = [
        target.case(
            f"event-id-{name}",
            "an event id that is a number is taken as its text",
            body_with(target, id=value),
            expect_with(target, id=repr(value)),
        )
        for name, value in numbers.items()
    ]
    absent = target.accepted("odd.event")
    vectors.append(target.case("event-id-null", "an event id that is null is no event id", body_with(target, id=None), absent))
    body = json.dumps({target.type_field: "odd.event", "data": {target.id_field: "evt_inner"}}).encode()
    vectors.append(target.case("event-id-nested", "the id's key only inside data is no event id", body, absent))
    return vectors


def repeated(target: Target) -> list:
    """A type or id that comes twice could be read two ways, so it counts as absent."""
    kind, data = target.type_field, '"data":{}'
    bodies = {"type-twice": (f'{{"{kind}":"odd.one","{kind}":"odd.two",{data}}}', target.accepted())}
    if target.id_field:
        name = target.id_field
        spelled = f"\\u{ord(name[0]):04x}{name[1:]}"
        once = target.accepted("odd.event")
        bodies["id-twice"] = (f'{{"{kind}":"odd.event","{name}":"one","{name}":"two",{data}}}', once)
        bodies["id-twice-same"] = (f'{{"{kind}":"odd.event","{name}":"one","{name}":"one",{data}}}', once)
        bodies["id-twice-escaped"] = (f'{{"{kind}":"odd.event","{name}":"one","{spelled}":"two",{data}}}', once)
    return [
        target.case(f"event-{name}", "given twice, and therefore treated as absent", body.encode(), expect)
        for name, (body, expect) in bodies.items()
    ]
