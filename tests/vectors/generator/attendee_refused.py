"""Bodies that Attendee's canonical form does not exist for; each is signed over what a lax verifier might make of it."""

from .attendee_canonical import signed_over
from .target import Target
from .vector import rejected

# name: (comment, body); signed over the body's own bytes
NOT_JSON = {
    "empty-body": ("an empty body", b""),
    "white-space-only": ("white space only", b" \n"),
    "text": ("text", b"Hello, World!"),
    "truncated": ("a body cut off", b'{"trigger":"odd.event","data":'),
    "unclosed-string": ("a string that is not closed", b'{"trigger":"odd.ev'),
    "unclosed-array": ("an array that is not closed", b"[1,2"),
    "wrong-bracket": ("an array closed like an object", b'{"a":[1}'),
    "missing-colon": ("a missing colon", b'{"a" 1}'),
    "missing-comma": ("a missing comma", b'{"a":1 "b":2}'),
    "double-comma": ("two commas", b"[1,,2]"),
    "leading-comma": ("a leading comma", b"[,1]"),
    "bare-key": ("a key without quotes", b"{a:1}"),
    "number-key": ("a key that is a number", b"{1:1}"),
    "single-quotes": ("single quotes", b"{'a':1}"),
    "comment": ("a comment", b'{"a":1/*b*/}'),
    "capital-literal": ("a literal in capitals", b'{"a":True}'),
    "cut-literal": ("half a literal", b'{"a":tru}'),
    "long-literal": ("a literal with a letter too many", b'{"a":nulll}'),
    "leading-zero": ("a number with a leading zero", b'{"a":01}'),
    "plus-sign": ("a number with a plus sign", b'{"a":+1}'),
    "bare-fraction": ("a fraction without its integer", b'{"a":.5}'),
    "bare-point": ("a point without a fraction", b'{"a":1.}'),
    "bare-exponent": ("an exponent without digits", b'{"a":1e}'),
    "bare-minus": ("a minus sign alone", b'{"a":-}'),
    "hex-number": ("a hexadecimal number", b'{"a":0x10}'),
    "bad-escape": ("an unknown escape", b'{"a":"\\x41"}'),
    "upper-case-u": ("\\U for \\u", b'{"a":"\\U0041"}'),
    "short-unicode-escape": ("\\u with three digits", b'{"a":"\\u041"}'),
    "bad-unicode-escape": ("\\u with a letter that is no digit", b'{"a":"\\u004g"}'),
    "signed-unicode-escape": ("\\u with a sign, which integer parsers take", b'{"a":"\\u+041"}'),
    "raw-line-feed": ("a raw line feed in a string", b'{"a":"b\nc"}'),
    "raw-tab": ("a raw tab in a string", b'{"a":"b\tc"}'),
    "raw-nul": ("a raw NUL in a string", b'{"a":"b\0c"}'),
    "nul-after": ("a NUL after the JSON", b'{"a":1}\0'),
    "form-feed": ("a form feed is no JSON white space", b'{"a":\f1}'),
    "no-break-space": ("U+00A0 is no JSON white space", '{"a":\u00a01}'.encode()),
    "two-documents": ("two documents", b'{"a":1}{"b":2}'),
    "invalid-utf-8": ("bytes that are no UTF-8 in a string", b'{"a":"\xff"}'),
    "invalid-utf-8-key": ("bytes that are no UTF-8 in a key", b'{"\xff":1}'),
    "invalid-utf-8-outside": ("bytes that are no UTF-8 between tokens", b'{"a":\xff1}'),
    "overlong-utf-8": ("an overlong form", b'{"a":"\xc0\xaf"}'),
    "overlong-quote": ("an overlong quotation mark", b'{"a":"\xc0\xa2"}'),
    "surrogate-utf-8": ("a surrogate as three bytes", b'{"a":"\xed\xa0\x80"}'),
    "surrogate-pair-utf-8": ("a surrogate pair as six bytes (CESU-8)", b'{"a":"\xed\xa0\xbd\xed\xb8\x80"}'),
    "beyond-unicode": ("a code point beyond U+10FFFF", b'{"a":"\xf4\x90\x80\x80"}'),
    "cut-utf-8": ("a character cut off by the closing quote", b'{"a":"\xe2\x82"}'),
    "lone-continuation": ("a lone continuation byte", b'{"a":"\x80"}'),
    "utf-16": ("UTF-16", '{"a":1}'.encode("utf-16-le")),
    "utf-16-mark": ("UTF-16 with a byte order mark", '{"a":1}'.encode("utf-16")),
    "lone-high-surrogate": ("an escaped high surrogate alone", b'{"a":"\\ud83d"}'),
    "lone-low-surrogate": ("an escaped low surrogate alone", b'{"a":"\\ude00"}'),
    "surrogates-reversed": ("an escaped surrogate pair in the wrong order", b'{"a":"\\ude00\\ud83d"}'),
    "surrogate-and-letter": ("an escaped high surrogate and an escaped letter", b'{"a":"\\ud83d\\u0041"}'),
    "surrogate-and-raw": ("an escaped high surrogate and a raw character", '{"a":"\\ud83d\u00e9"}'.encode()),
    "surrogate-twice": ("two escaped high surrogates", b'{"a":"\\ud83d\\ud83d\\ude00"}'),
    "surrogate-in-key": ("an escaped surrogate alone in a key", b'{"\\ud83d":1}'),
}

# name: (comment, body, what a lax verifier would sign)
NOT_JSON_LAX = {
    "byte-order-mark": ("a byte order mark", b'\xef\xbb\xbf{"a":1}', b'{"a":1}'),
    "trailing-comma-object": ("a trailing comma in an object", b'{"a":1,}', b'{"a":1}'),
    "trailing-comma-array": ("a trailing comma in an array", b'{"a":[1,]}', b'{"a":[1]}'),
    "trailing-text": ("text after the JSON", b'{"a":1} x', b'{"a":1}'),
    "nan": ("NaN, which Python reads and writes", b'{"a": NaN}', b'{"a":NaN}'),
    "infinity": ("Infinity, which Python reads and writes", b'{"a": Infinity}', b'{"a":Infinity}'),
    "minus-infinity": ("-Infinity, which Python reads and writes", b'{"a": -Infinity}', b'{"a":-Infinity}'),
    "escaped-nul": ("\\u0000, which Attendee cannot store", b'{"a": "b\\u0000"}', b'{"a":"b\\u0000"}'),
    "escaped-nul-key": ("\\u0000 in a key", b'{"a\\u0000": 1}', b'{"a\\u0000":1}'),
}

DUPLICATE_KEY = {
    "duplicate-key": ("the last value signed", b'{"a": 1, "a": 2}', b'{"a":2}'),
    "duplicate-key-first": ("the first value signed", b'{"a": 1, "a": 2}', b'{"a":1}'),
    "duplicate-key-both": ("both values signed", b'{"a": 1, "a": 2}', b'{"a":1,"a":2}'),
    "duplicate-key-same": ("equal values", b'{"a": 1, "a": 1}', b'{"a":1}'),
    "duplicate-key-apart": ("another key between", b'{"a": 1, "b": 2, "a": 3}', b'{"a":3,"b":2}'),
    "duplicate-key-escaped": ("one spelled with an escape", b'{"a": 1, "\\u0061": 2}', b'{"a":2}'),
    "duplicate-key-escaped-astral": (
        "raw and as an escaped surrogate pair",
        '{"\U0001f600": 1, "\\uD83D\\ude00": 2}'.encode(),
        '{"\U0001f600":2}'.encode(),
    ),
    "duplicate-key-slash": ("a slash and an escaped slash", b'{"/": 1, "\\/": 2}', b'{"/":2}'),
    "duplicate-key-empty": ("the empty key", b'{"": 1, "": 2}', b'{"":2}'),
    "duplicate-key-nested": ("inside an array inside an object", b'{"a": [{"b": 1, "b": 2}]}', b'{"a":[{"b":2}]}'),
    "duplicate-key-trigger": ("the event type", b'{"trigger": "odd.a", "trigger": "odd.b"}', b'{"trigger":"odd.b"}'),
    "duplicate-key-id": ("the event id", b'{"idempotency_key": "a", "idempotency_key": "b"}', b'{"idempotency_key":"b"}'),
}

TOO_DEEP = {
    "deep-129-arrays": ("129 nested arrays, one more than the limit", b"[" * 129 + b"]" * 129),
    "deep-129-objects": ("129 nested objects", b'{"a":' * 129 + b"1" + b"}" * 129),
    "deep-129-mixed": ("129 nested containers, the innermost empty", b'[{"a":' * 64 + b"[]" + b"}]" * 64),
    "deep-100000": ("100,000 opening brackets", b"[" * 100_000),
}


def refused_cases(target: Target) -> list:
    vectors = [
        target.case(f"json-{name}", f"no JSON: {comment}", body, rejected("payload_not_json"), signed_over(target, body))
        for name, (comment, body) in NOT_JSON.items()
    ]
    vectors += [
        target.case(f"json-{name}", f"not strict JSON: {comment}", body, rejected("payload_not_json"), signed_over(target, signed))
        for name, (comment, body, signed) in NOT_JSON_LAX.items()
    ]
    vectors += [
        target.case(name, f"a duplicate key: {comment}", body, rejected("duplicate_key"), signed_over(target, signed))
        for name, (comment, body, signed) in DUPLICATE_KEY.items()
    ]
    vectors += [
        target.case(name, f"too deep: {comment}", body, rejected("payload_too_deep"), signed_over(target, body))
        for name, (comment, body) in TOO_DEEP.items()
    ]
    return vectors
