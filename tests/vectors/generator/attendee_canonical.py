"""The canonical form by Python's json, and authentic bodies that a careless canonicaliser gets wrong."""

import json

from .target import Target
from .vector import b64, mac


def canonical(body: bytes) -> bytes:
    """What Attendee signs, by the very function that it uses; refuses texts that this function would change or hide."""
    payload = json.loads(body.decode("utf-8"), parse_float=kept(float), parse_int=kept(int), object_pairs_hook=without_duplicates)
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def kept(number_type):
    def parse(text):
        value = number_type(text)
        assert repr(value) == text, f"Python changes {text}: write the canonical form by hand"
        return value

    return parse


def without_duplicates(pairs):
    assert len(dict(pairs)) == len(pairs), "duplicate key"
    return dict(pairs)


TYPE = '"trigger":"odd.event"'

# name: (comment, wire text); canonicalised by Python
BY_PYTHON = {
    "key-order": ("keys in byte order: upper case before lower case, prefixes first", '{"b":1,"a":2,"B":3,"ab":4,"a b":5,"":6,"aa":7,%s}'),
    "key-order-astral": (
        "code point order: U+E000..U+FFFF before U+10000",
        '{"\\ud83d\\ude00":1,"\\ud800\\udc00":2,"\\uffff":3,"\\ue000":4,"\\ud7ff":5,%s}',
    ),
    "key-order-raw-astral": ("the same with raw keys", '{"\U0001f600":1,"\U00010000":2,"\uffff":3,"\ue000":4,"\ud7ff":5,%s}'),
    "key-order-escaped": (
        "keys are ordered by what they mean, not by how they are escaped",
        '{"\\u007a":1,"y":2,"\\"":3,"#":4,"\\n":5,"!":6,"\\\\":7,"[":8,"\\/":9,%s}',
    ),
    "key-order-integers": ("integer-like keys are strings", '{"10":1,"9":2,"1":3,"01":4,"-1":5,"1.5":6,"4294967295":7,%s}'),
    "key-order-nested": ("every object is ordered, also inside arrays", '{"z":{"b":{"d":1,"c":2},"a":[{"y":1,"x":[{"w":1,"v":2}]}]},%s}'),
    "array-order": ("arrays keep their order", '{"a":[3,1,2,"b","a",null,true,false],%s}'),
    "empty-containers": ("empty containers with white space in them", '{"a":{ },"b":[ \n],"c":[[],{}],"d":{"e":{}},%s}'),
    "empty-strings": ("an empty key and an empty string", '{"":"",%s}'),
    "normalisation": ("composed and decomposed letters are different keys", '{"\\u00e9":1,"e\\u0301":2,%s}'),
    "prototype-keys": ("keys that are special in JavaScript", '{"__proto__":{"a":1},"constructor":2,"toString":3,%s}'),
    "serde-number-key": ("a key that serde_json gives a private meaning", '{"bot_metadata":{"$serde_json::private::Number":"12"},%s}'),
    "serde-raw-value-key": (
        "another key that serde_json gives a private meaning",
        '{"bot_metadata":{"$serde_json::private::RawValue":"12"},%s}',
    ),
    "same-key-elsewhere": ("the same key in different objects is no duplicate", '{"a":{"a":{"a":1}},"b":{"a":1},"c":[{"a":1},{"a":1}],%s}'),
    "same-key-other-case": ("keys that differ in case only", '{"Key":1,"key":2,"KEY":3,%s}'),
    "escapes-raw": (
        "escapes that are signed raw",
        '{"a":"\\u00e9 \\ud83d\\ude00 \\u007f \\u2028 \\u2029 \\/ \\u0041 \\ufeff \\uffff \\udbff\\udfff",%s}',
    ),
    "escapes-kept": ("escapes that are signed as escapes", '{"a":"\\" \\\\ \\b \\f \\n \\r \\t",%s}'),
    "escapes-shortened": (
        "\\u escapes that are signed in their short form",
        '{"a":"\\u0022 \\u005c \\u0008 \\u000c \\u000a \\u000d \\u0009",%s}',
    ),
    "escapes-slash": ("an escaped slash in both spellings", '{"a":"<\\/b> \\u002f",%s}'),
    "control-characters": (
        "other control characters are signed as \\u00xx in lower case",
        '{"a":"\\u0001\\u000B\\u000e\\u000F\\u001b\\u001F",%s}',
    ),
    "escapes-in-keys": ("the same rules hold for keys", '{"\\u000A\\u001F\\u00E9\\/\\"":1,%s}'),
    "raw-characters": ("raw characters stay raw", '{"a":"\x7f\u0080\u2028\u2029\ufeff\ufffe\U0010ffff /",%s}'),
    "white-space": (
        "white space of every kind between tokens, none of it signed",
        ' \t\r\n{ \t"a" \r:\n[ 1 ,\t2\r,\n3 ] , "b" : { "c" : "d e" } , %s } \n',
    ),
    "space-in-strings": ("white space inside strings is signed", '{"a b":"  c : , d  ",%s}'),
    "numbers": (
        "number texts as Python prints them",
        '{"a":[1.0,1.5e-07,1e+16,9007199254740993,-0.0,0,-1,0.1,5e-324,1.7976931348623157e+308],%s}',
    ),
    "long-integer": ("an integer of 100 digits", '{"a":' + "1234567890" * 10 + ",%s}"),
    "literals": ("null, true and false", '{"a":null,"b":true,"c":false,%s}'),
    "credits": (
        "a whole number of credits, which the documented JavaScript prints as 1",
        '{"data":{"event_metadata":{"credits_consumed":1.0}},%s}',
    ),
    "200-keys": ("200 keys in reverse order", "{" + "".join(f'"k{n}":{n},' for n in reversed(range(200))) + "%s}"),
}

# name: (comment, number text that Python would change); canonicalised by hand: the text is kept
BY_HAND = {
    "number-exponent": ("1e5 stays 1e5", "1e5"),
    "number-upper-case-exponent": ("1E5 stays 1E5", "1E5"),
    "number-exponent-plus": ("1E+05 stays 1E+05", "1E+05"),
    "number-negative-zero": ("-0 stays -0", "-0"),
    "number-trailing-zeros": ("1.50 stays 1.50", "1.50"),
    "number-overflow": ("1e400 is no double and stays 1e400", "1e400"),
    "number-long-fraction": ("40 decimals stay", "0.1234567890123456789012345678901234567890"),
    "number-zero-exponent": ("0e0 stays 0e0", "0e0"),
}

# name: (comment, body); bodies that are their own canonical form and hold no event type
TOP_LEVEL = {
    "top-array": ("an empty array", b"[]"),
    "top-object": ("an empty object", b"{}"),
    "top-string": ("a string", b'"x"'),
    "top-number": ("a number with its text kept", b"1.0"),
    "top-null": ("null", b"null"),
    "top-array-of-objects": ("an array of objects", b'[{"a":1,"b":2},{}]'),
    "deep-128-arrays": ("128 nested arrays, the deepest that is allowed", b"[" * 128 + b"]" * 128),
    "deep-128-objects": ("128 nested objects, the deepest that is allowed", b'{"a":' * 128 + b"1" + b"}" * 128),
    "deep-128-mixed": ("128 nested containers of both kinds", b'[{"a":' * 64 + b"1" + b"}]" * 64),
    "deep-width": ("many containers side by side are not deep", b"[" + b"[],{}," * 200 + b"[]]"),
}


def accepted_cases(target: Target) -> list:
    """Authentic bodies; the schema mode `observe` accepts them whatever they say."""
    odd = target.accepted("odd.event")
    vectors = [target.case(name, comment, (wire % TYPE).encode("utf-8"), odd) for name, (comment, wire) in BY_PYTHON.items()]
    for name, (comment, number) in BY_HAND.items():
        wire = f'{{ {TYPE}, "n": [{number}, {{"m": {number}}}] }}'.encode()
        signed = f'{{"n":[{number},{{"m":{number}}}],{TYPE}}}'.encode()
        vectors.append(target.case(name, f"{comment}; canonical form written by hand", wire, odd, signed_over(target, signed)))
    vectors += [
        target.case(name, f"at the top: {comment}", body, target.accepted(), signed_over(target, body))
        for name, (comment, body) in TOP_LEVEL.items()
    ]
    return vectors


def signed_over(target: Target, content: bytes) -> list:
    """The headers of a delivery whose signed content is given."""
    return target.headers(b64(mac(target.key(target.secret), content)))
