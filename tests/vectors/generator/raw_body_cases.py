"""Bodies for the schemes that sign the raw bytes: what the signature covers is the bytes, whatever they mean.

The schema mode is `observe`, so an authentic body is accepted even when it is no JSON; it has no event type then.
"""

from .header_cases import MISMATCH
from .target import Target


def raw_body_cases(target: Target) -> list:
    return odd_bodies(target) + look_alikes(target)


def odd_bodies(target: Target) -> list:
    """Genuinely signed bodies that parsers, decoders and re-serialisers stumble over."""
    key = target.type_field.encode()
    typed = b'{"' + key + b'":"odd.body","data":%s}'
    with_type = {
        "crlf": ("CR LF line ends", b'{\r\n  "' + key + b'": "odd.body",\r\n  "data": {}\r\n}\r\n'),
        "numbers": ("number texts that a JSON round trip changes", typed % b"[1.0,1e5,1E5,-0,-0.0,9007199254740993,1.50,1e400,5e-324]"),
        "escapes": ("escapes that a JSON round trip changes", typed % b'"\\u001B\\u00e9\\/\\u2028\\ud83d\\ude00"'),
        "line-separator": ("raw U+2028 and U+2029 in a string", typed % '"a\u2028b\u2029c"'.encode()),
        "delete-character": ("raw U+007F in a string", typed % b'"\x7f"'),
        "duplicate-key": ("a duplicate key inside data", typed % b'{"a":1,"a":2}'),
        "prototype-key": ("keys that are special in JavaScript", typed % b'{"__proto__":{"x":1},"constructor":2}'),
        "white-space": ("white space of every kind that JSON allows", b' \t\r\n{ "' + key + b'"\t:\r\n"odd.body" }\n '),
        "escaped-type-key": ("the event type's key spelled with an escape", (b'{"\\u00%02x' % key[0]) + key[1:] + b'":"odd.body"}'),
    }
    without_type = {
        "not-utf-8": ("bytes that are no UTF-8", typed % b'"\xff\xfe"'),
        "surrogate-bytes": ("a surrogate encoded as three bytes is no UTF-8", typed % b'"\xed\xa0\x80"'),
        "overlong": ("an overlong form is no UTF-8", typed % b'"\xc0\xaf"'),
        "binary": ("every byte value once", bytes(range(256))),
        "not-json": ("text that is no JSON", b"Hello, World!"),
        "form-encoded": ("a form", key + b"=odd.body&data=1"),
        "empty-body": ("no body at all, genuinely signed", b""),
        "white-space-only": ("white space only", b" \r\n"),
        "byte-order-mark": ("a UTF-8 byte order mark before the JSON is no JSON", b"\xef\xbb\xbf" + typed % b"1"),
        "truncated": ("JSON cut off after the event type", b'{"' + key + b'":"odd.body","data":'),
        "two-documents": ("two JSON documents", typed % b"1" + typed % b"2"),
        "trailing-comma": ("a trailing comma", b'{"' + key + b'":"odd.body",}'),
        "nan": ("NaN is no JSON", typed % b"NaN"),
        "raw-control": ("a raw line feed in a string", typed % b'"a\nb"'),
        "no-event-type": ("an object without an event type", b'{"data":{}}'),
        "nested-type": ("the event type's key only inside data", b'{"data":{"' + key + b'":"odd.body"}}'),
        "array": ("an array at the top", b'[{"' + key + b'":"odd.body"}]'),
        "string": ("a JSON string that holds JSON, as double stringification makes it", b'"{\\"' + key + b'\\":\\"odd.body\\"}"'),
        "deep-array": ("arrays 129 deep, one more than the limit", b"[" * 129 + b"]" * 129),
    }
    vectors = [target.case(f"body-{name}", text, body, target.accepted("odd.body")) for name, (text, body) in with_type.items()]
    return vectors + [target.case(f"body-{name}", text, body, target.accepted()) for name, (text, body) in without_type.items()]


def look_alikes(target: Target) -> list:
    """Pairs (signed, sent) that some implementation takes for the same; the signature of one never covers the other."""
    key = target.type_field.encode()
    typed = b'{"' + key + b'":"odd.body","data":%s}'
    pairs = {
        "not-utf-8": ("both bodies decode to U+FFFD when decoding is lax", typed % b'"\xff"', typed % b'"\xfe"'),
        "replacement": ("the lax decoding of the signed body", typed % b'"\xff"', typed % b'"\xef\xbf\xbd"'),
        "restringified": ("JSON.stringify(JSON.parse(body)) of the signed body", typed % b"1.0", typed % b"1"),
        "big-number": ("the same double", typed % b"9007199254740993", typed % b"9007199254740992"),
        "negative-zero": ("-0 and 0", typed % b"-0", typed % b"0"),
        "exponent": ("1e5 and 100000", typed % b"1e5", typed % b"100000"),
        "escape-case": ("\\u001B and \\u001b", typed % b'"\\u001B"', typed % b'"\\u001b"'),
        "escaped-text": ("an escape and the character itself", typed % b'"\\u00e9"', typed % '"\u00e9"'.encode()),
        "escaped-slash": ("an escaped slash and a slash", typed % b'"\\/"', typed % b'"/"'),
        "line-separator": ("U+2028 raw and escaped", typed % '"\u2028"'.encode(), typed % b'"\\u2028"'),
        "duplicate-key": ("the last of two values alone", typed % b'{"a":1,"a":2}', typed % b'{"a":2}'),
        "white-space": ("white space between tokens", b'{ "' + key + b'": "odd.body" }', b'{"' + key + b'":"odd.body"}'),
        "crlf": ("CR LF turned into LF", b'{\r\n"' + key + b'":"odd.body"}', b'{\n"' + key + b'":"odd.body"}'),
        "byte-order-mark": ("the byte order mark removed", b"\xef\xbb\xbf" + typed % b"1", typed % b"1"),
        "final-line-feed": ("the final line feed removed", typed % b"1" + b"\n", typed % b"1"),
        "empty": ("the body removed", typed % b"1", b""),
        "nul-appended": ("a NUL appended", typed % b"1", typed % b"1" + b"\0"),
    }
    return [
        target.case(f"differs-{name}", f"signed and sent differ: {text}", sent, MISMATCH, target.headers(target.sign(signed)))
        for name, (text, signed, sent) in pairs.items()
    ]
