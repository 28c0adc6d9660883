"""What a vector is made of: MACs by Python's hmac, the expectations, and the record itself."""

import base64
import hmac

SOURCE = "signed with Python's hmac by tests/vectors/generate.py"
NOW = 1700000000


def mac(key: bytes, content: bytes, hash_name: str = "sha256") -> bytes:
    return hmac.new(key, content, hash_name).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def accepted(event_type=None, event_id=None) -> dict:
    """An accepted delivery; a name that is left out must be absent from the verdict too."""
    expect = {"verdict": "accepted"}
    if event_type is not None:
        expect["event_type"] = event_type
    if event_id is not None:
        expect["event_id"] = event_id
    return expect


def rejected(code: str) -> dict:
    return {"verdict": "rejected", "code": code}


def shown(text: str) -> str:
    """An event type or id as verdicts show it: percent-encoded outside `!`..`~`, at most 256 bytes, no escape cut."""
    out = ""
    for byte in text.encode("utf-8"):
        piece = chr(byte) if 0x21 <= byte <= 0x7E else f"%{byte:02X}"
        if len(out) + len(piece) > 256:
            break
        out += piece
    return out


def vector(identifier, comment, provider, scheme, secrets, now, method, headers, body, expect, flags, url=None) -> dict:
    record = {"id": identifier, "comment": comment, "provider": provider}
    if scheme:
        record["scheme"] = scheme
    record |= {"secrets": secrets, "now": now}
    if method:
        record["method"] = method
    if url:
        record["url"] = url
    record |= {"headers": headers, "body_base64": b64(body), "expect": expect, "source": SOURCE}
    if flags:
        record["flags"] = list(flags)
    return record
