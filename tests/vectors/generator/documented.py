"""Providers whose documents give the recipe but no delivery with its secret: each recipe is a row, and all get the same cases."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from .vector import NOW, accepted, b64, mac, rejected, vector

MISSING = rejected("signature_missing")
MALFORMED = rejected("signature_malformed")
MISMATCH = rejected("signature_mismatch")


@dataclass(frozen=True)
class Recipe:
    provider: str
    body: bytes
    header: str  # that holds the signature
    write: Callable[[bytes, str], str]  # MAC and time to header value
    event_type: str | None
    scheme: str | None = None
    event_id: str | None = None
    hash_name: str = "sha256"
    signed: str = "{body}"  # what stands around the body, with {timestamp} and {id}
    unit: int = 0  # of the signed time: 1 for seconds, 1000 for milliseconds, 0 where no time is signed
    tolerance: int = 300
    id_header: str | None = None
    time_header: str | None = None
    malformed: tuple = ()  # names and makers of values that are none: from a genuine one
    fitting: tuple = ()  # the same, of values that are as good as a genuine one
    foreign: tuple = ()  # the same, of values that hold no signature of this scheme
    more: tuple = ()  # further headers
    secret: str = "a signing secret of this test"
    other: str = "another signing secret"
    key: Callable[[str], bytes] = str.encode
    url: str | None = None  # of the endpoint, where it is signed
    joined_by_comma: bool = False  # entries are parted as Fetch parts headers that came twice

    @property
    def id(self) -> str:
        return MESSAGE if self.id_header else self.event_id

    @property
    def prefix(self) -> str:
        return f"{self.provider}-{self.scheme}" if self.scheme else self.provider

    def signature(self, *, body=None, secret=None, time=NOW) -> str:
        text = str(time * self.unit) if isinstance(time, int) else time
        before, after = self.signed.format(timestamp=text, id=MESSAGE, body="\0").encode().split(b"\0")
        content = before + (self.body if body is None else body) + after
        return self.write(mac(self.key(secret or self.secret), content, self.hash_name), text)

    def headers(self, *values: str, time=NOW) -> list:
        listed = [[self.header, value] for value in values]
        if self.id_header:
            listed.append([self.id_header, MESSAGE])
        if self.time_header:
            listed.append([self.time_header, str(time * self.unit) if isinstance(time, int) else time])
        return listed + [list(pair) for pair in self.more]

    def case(self, name, comment, expect, headers, *, body=None, secrets=None, now=NOW, flags=()) -> dict:
        body = self.body if body is None else body
        secrets = list(secrets or (self.secret,))
        return vector(f"{self.prefix}-{name}", comment, self.provider, self.scheme, secrets, now, None, headers, body, expect, flags, self.url)


MESSAGE = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"


def cases(recipe: Recipe) -> list:
    good = recipe.signature()
    fine = accepted(recipe.event_type, recipe.id)
    tampered = recipe.body.replace(b'"', b"'", 1)

    def case(name, comment, expect, *values, **more):
        return recipe.case(name, comment, expect, recipe.headers(*values), **more)

    return (
        [
            case("genuine", "a genuine delivery", fine, good),
            case("tampered-body", "one byte of the body changed after signing", MISMATCH, good, body=tampered),
            case("body-longer", "a line feed after the body", MISMATCH, good, body=recipe.body + b"\n"),
            case("other-secret", "signed with another secret", MISMATCH, recipe.signature(secret=recipe.other)),
            case("no-signature", "the signature header is absent", MISSING),
            case("empty-signature", "the signature header is there and empty", MALFORMED, ""),
            twice(recipe, good),
            case("rotation", "the genuine secret is the second of two", fine, good, secrets=[recipe.other, recipe.secret]),
        ]
        + [case(name, comment, MALFORMED, make(good)) for name, comment, make in recipe.malformed]
        + [case(name, comment, MISMATCH, make(good)) for name, comment, make in recipe.foreign]
        + [case(name, comment, fine, make(good)) for name, comment, make in recipe.fitting]
        + (time_cases(recipe, fine) if recipe.unit else [])
        + (id_cases(recipe, good) if recipe.id_header else [])
    )


def twice(recipe: Recipe, good: str) -> dict:
    comment = "the signature header twice with the same genuine value"
    if recipe.joined_by_comma:
        comment += "; over HTTP it is one list with two times"
    flags = ("native-only",) if recipe.joined_by_comma else ()
    return recipe.case("twice", comment, MALFORMED, recipe.headers(good, good), flags=flags)


def time_cases(recipe: Recipe, fine: dict) -> list:
    edge = recipe.tolerance

    def at(name, comment, expect, time):
        return recipe.case(name, comment, expect, recipe.headers(recipe.signature(time=time), time=time))

    changed = recipe.signature().replace(str(NOW * recipe.unit), str((NOW + 1) * recipe.unit))
    listed = [
        at("old", f"{edge} s old, the most that is taken", fine, NOW - edge),
        at("too-old", f"{edge + 1} s old", rejected("timestamp_too_old"), NOW - edge - 1),
        at("too-new", f"{edge + 1} s ahead", rejected("timestamp_too_new"), NOW + edge + 1),
        at("time-no-number", "a time that is no number", rejected("timestamp_malformed"), "hello"),
        recipe.case("time-changed", "the time changed after signing", MISMATCH, recipe.headers(changed, time=NOW + 1)),
    ]
    if recipe.joined_by_comma:
        headers = recipe.headers(", ".join([recipe.signature()] * 2))
        listed.append(recipe.case("joined", "two genuine values joined as Fetch does: two times", rejected("timestamp_malformed"), headers))
    if recipe.time_header:
        headers = [pair for pair in recipe.headers(recipe.signature()) if pair[0] != recipe.time_header]
        listed.append(recipe.case("time-missing", "the header of the time is absent", rejected("timestamp_missing"), headers))
    return listed


def id_cases(recipe: Recipe, good: str) -> list:
    def changed(value):
        pairs = recipe.headers(good)
        return [[name, value if name == recipe.id_header else text] for name, text in pairs if value or name != recipe.id_header]

    return [
        recipe.case("id-missing", "the header of the id is absent", rejected("id_missing"), changed(None)),
        recipe.case("id-changed", "the id changed after signing", MISMATCH, changed("msg_other")),
    ]


def compact(payload) -> bytes:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def hexadecimal(prefix: str = "") -> dict:
    """A header of lower-case hexadecimal digits behind a prefix."""
    malformed = [
        ("upper-case", "upper-case hex digits", lambda good: prefix + good.removeprefix(prefix).upper()),
        ("cut", "the last digit is absent", lambda good: good[:-1]),
        ("base64", "base64 of the genuine MAC", lambda good: prefix + b64(bytes.fromhex(good.removeprefix(prefix)))),
    ]
    if prefix:
        malformed.append(("no-prefix", "the genuine digits without the prefix", lambda good: good.removeprefix(prefix)))
    return {"write": lambda raw, _: prefix + raw.hex(), "malformed": tuple(malformed)}


def in_base64(prefix: str = "") -> dict:
    """A header of base64 behind a prefix."""
    malformed = [
        ("no-padding", "base64 without its padding", lambda good: good.rstrip("=")),
        ("cut", "the first character is absent", lambda good: prefix + good.removeprefix(prefix)[1:]),
    ]
    if prefix:
        malformed.append(("no-prefix", "the genuine base64 without the prefix", lambda good: good.removeprefix(prefix)))
    return {"write": lambda raw, _: prefix + b64(raw), "malformed": tuple(malformed)}


def timed_list(separator: str) -> dict:
    """`t=<time>,v1=<hex>`"""
    v1 = f"{separator}v1="
    return {
        "write": lambda raw, time: f"t={time}{v1}{raw.hex()}",
        "signed": "{timestamp}.{body}",
        "malformed": (
            ("nonsense", "no list", lambda good: good.rpartition("=")[2]),
            ("upper-case", "upper-case hex digits", lambda good: good[:-64] + good[-64:].upper()),
            ("cut", "the last digit is absent", lambda good: good[:-1]),
        ),
        "foreign": (("other-version", "only a signature of another version", lambda good: good.replace("v1=", "v0=")),),
        "fitting": (
            ("second-of-two", "the second signature is the genuine one", lambda good: good.replace(v1, f"{v1}{'0' * 64}{v1}")),
            ("other-version-too", "a signature of an unknown version beside it", lambda good: f"{good}{separator}v9=x"),
        ),
    }


def standard_webhooks(family: str) -> dict:
    """Svix, and what follows Standard Webhooks: a list of `v1,<base64>` over `{id}.{timestamp}.{body}`."""
    secret, other = (f"whsec_{b64(text)}" for text in (b"a key of thirty-two bytes, no more", b"another key of more than 24 bytes"))
    return {
        "write": lambda raw, _: f"v1,{b64(raw)}",
        "signed": "{id}.{timestamp}.{body}",
        "header": f"{family}-signature",
        "id_header": f"{family}-id",
        "time_header": f"{family}-timestamp",
        "unit": 1,
        "secret": secret,
        "other": other,
        "key": lambda text: base64.b64decode(text.removeprefix("whsec_")),
        "malformed": (
            ("no-version", "base64 without a version", lambda good: good.removeprefix("v1,")),
            ("no-padding", "base64 without its padding", lambda good: good.rstrip("=")),
        ),
        "foreign": (("other-version", "only a signature of another version", lambda good: good.replace("v1,", "v2,")),),
        "fitting": (
            ("second-of-two", "the second signature is the genuine one", lambda good: f"v1,{b64(bytes(32))} {good}"),
            ("asymmetric-too", "a signature of an unknown version beside it", lambda good: f"v1a,AAAA {good}"),
        ),
    }

