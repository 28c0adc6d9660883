"""A target: one provider's scheme with a secret and a sample body, able to sign any body the documented way."""

from dataclasses import dataclass, field
from typing import Callable

from .vector import NOW, accepted, mac, vector


@dataclass(frozen=True)
class Target:
    provider: str
    scheme: str | None  # named only where the provider has several
    prefix: str  # of the vector ids
    header: str  # that holds the signature
    secrets: tuple  # four of one form: the genuine one first, then others that no genuine sender holds
    key: Callable[[str], bytes]  # secret text to key bytes
    encode: Callable[[bytes], str]  # MAC to header value
    content: Callable[[bytes], bytes]  # body to signed content
    extra: tuple = ()  # further headers of every delivery: [name, value]
    type_field: str = "event"
    id_field: str | None = None  # None: the body holds no event id
    fixed_id: str | None = None  # the event id when a signed header holds it
    hash_name: str = "sha256"
    sample: dict = field(default_factory=dict)  # a genuine payload, without type and id

    @property
    def secret(self) -> str:
        return self.secrets[0]

    def mac(self, body: bytes, secret: str | None = None) -> bytes:
        return mac(self.key(secret or self.secret), self.content(body), self.hash_name)

    def sign(self, body: bytes, secret: str | None = None) -> str:
        return self.encode(self.mac(body, secret))

    def headers(self, *values: str) -> list:
        """The headers of a delivery with the signature header once per value."""
        return [[self.header, value] for value in values] + [list(pair) for pair in self.extra]

    def accepted(self, event_type=None, event_id=None) -> dict:
        return accepted(event_type, event_id or self.fixed_id)

    def case(self, name, comment, body, expect, headers=None, *, secrets=None, now=NOW, method=None, flags=()) -> dict:
        """A vector of this target; without `headers`, a genuine signature of the body is put in."""
        if headers is None:
            headers = self.headers(self.sign(body))
        return vector(
            f"{self.prefix}-{name}",
            comment,
            self.provider,
            self.scheme,
            list(secrets or (self.secret,)),
            now,
            method,
            headers,
            body,
            expect,
            flags,
        )
