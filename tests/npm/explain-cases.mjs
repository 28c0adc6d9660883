// What goes wrong with deliveries, for explain.test.mjs.

import { gzipSync } from "node:zlib";

export const NOW = 1_700_000_000;
export const SECRET = "a secret of the tests";
export const WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const KEY = "Zm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVzIGxvbmcuLi4=";
export const BODY =
  '{"event":"call.failed","id":"evt_1","data":{"name":"Zo\u00eb","start":2.0,"url":"https://example.com/a"}}';
export const HEADER = "x-audian-signature";
const TIME = "x-audian-timestamp";

export const meeting = { provider: "meeting-baas", scheme: "hmac" };
const svix = { provider: "meeting-baas", scheme: "svix", secret: WHSEC };
export const attendee = { provider: "attendee", secret: KEY };
const lines = '{\n  "event": "x",\n  "name": "Zo\u00eb"\n}';
const hexOf = (base64) => Buffer.from(base64, "base64").toString("hex");
const base64Of = (hex) => Buffer.from(hex, "hex").toString("base64");

// [finding, what was signed, what was received: overrides, or a function from the delivery to them]
export const CASES = [
  ["body_line_break_added", {}, { body: `${BODY}\n` }],
  ["body_line_break_added", {}, { body: `${BODY}\r\n` }],
  ["body_line_break_added", { body: `${BODY}\n` }, { body: `${BODY}\n\n` }],
  ["body_line_break_removed", { body: `${BODY}\n` }, { body: BODY }],
  ["body_line_break_removed", { ...meeting, body: `${BODY}\r\n` }, { body: BODY }],
  ["body_bom_added", {}, { body: `\ufeff${BODY}` }],
  ["body_bom_removed", { ...meeting, body: `\ufeff${BODY}` }, { body: BODY }],
  ["body_line_ends", { body: lines }, { body: lines.replace(/\n/g, "\r\n") }],
  ["body_line_ends", { body: lines.replace(/\n/g, "\r\n") }, { body: lines }],
  ["body_double_encoded", {}, { body: Buffer.from(Buffer.from(BODY).toString("latin1")) }],
  ["body_double_encoded", { body: '"\u2019"' }, { body: '"\u00e2\u20ac\u2122"' }],
  ["body_latin1", {}, { body: Buffer.from(BODY, "latin1") }],
  ["body_replacement", {}, { body: Buffer.from(Buffer.from(BODY, "latin1").toString("utf8")) }],
  ["body_compressed", {}, { body: gzipSync(BODY) }],
  [
    "body_decompressed",
    { body: gzipSync(BODY) },
    ({ headers }) => ({ body: BODY, headers: { ...headers, "content-encoding": "gzip" } }),
  ],
  ["body_base64", {}, { body: Buffer.from(BODY).toString("base64") }],
  ["body_stringified_twice", {}, { body: JSON.stringify(BODY) }],
  ["body_form", {}, { body: `payload=${encodeURIComponent(BODY)}` }],
  ["body_form", {}, { body: `${encodeURIComponent(BODY)}=` }],
  ["body_empty", {}, { body: "" }],
  ["body_object_text", {}, { body: String({}) }],
  [
    "body_cut",
    {},
    ({ headers }) => ({ body: BODY.slice(0, 50), headers: { ...headers, "content-length": String(BODY.length) } }),
  ],
  ["body_stringified", { body: JSON.stringify(JSON.parse(BODY)) }, { body: BODY }],
  ["body_stringified", { ...svix, body: '{"a":1}' }, { body: '{ "a": 1.0 }' }],
  ["body_reserialised", {}, { body: JSON.stringify(JSON.parse(BODY)) }],
  ["body_reserialised", { body: '{"b": "Zo\\u00eb", "a": [1, 2]}' }, { body: '{"b":"Zo\u00eb","a":[1,2]}' }],
  ["body_reserialised", { body: '{"b": "Zo\u00eb", "a": [1, 2]}' }, { body: '{"b":"Zo\u00eb","a":[1,2]}' }],
  ["body_reserialised", { body: lines }, { body: '{"event":"x","name":"Zo\u00eb"}' }],
  ["body_reserialised", { body: '{\n    "a": [\n        1,\n        {}\n    ]\n}' }, { body: '{"a":[1,{}]}' }],
  ["body_reserialised", { body: '{\n\t"a": []\n}' }, { body: '{"a":[]}' }],
  ["body_reserialised", { body: '{"u":"https:\\/\\/a\\/Zo\\u00eb"}' }, { body: '{"u":"https://a/Zo\u00eb"}' }],
  ["body_reserialised", { body: '{"u":"https:\\/\\/a\\/Zo\u00eb"}' }, { body: '{"u":"https://a/Zo\u00eb"}' }],
  ["body_reserialised", { body: '{"u":"\\u003cb\\u003e \\u0026"}' }, { body: '{"u":"<b> &"}' }],
  ["body_reserialised", { body: '{"u":"Zo\\u00EB \\u002B \\u0022"}' }, { body: '{"u":"Zo\u00eb + \\""}' }],
  ["body_reserialised", { body: '{"a": 1.0, "b": 2, "c": [3.0]}' }, { body: '{"a":1,"b":2,"c":[3]}' }],
  ["body_reserialised", { body: '{"a":1.0,"b":[2.0]}' }, { body: '{"a":1,"b":[2]}' }],
  ["body_reserialised", { body: '{"a":1,"b":{"c":1,"d":2}}' }, { body: '{"b":{"d":2,"c":1},"a":1}' }],
  ["body_reserialised", { ...attendee, body: '{"a":1.0,"trigger":"x"}' }, { body: '{"a":1,"trigger":"x"}' }],

  ["secret_whitespace", {}, { secret: `${SECRET}\n` }],
  ["secret_whitespace", attendee, { secret: ` ${KEY}` }],
  [
    "secret_whitespace",
    { ...meeting, scheme: "callback-secret", secret: "a-callback-secret" },
    { secret: "a-callback-secret\n" },
  ],
  ["secret_quotes", {}, { secret: `"${SECRET}"` }],
  ["secret_quotes", svix, { secret: `'${WHSEC}'` }],
  ["secret_assignment", {}, { secret: `export AUDIAN_SECRET="${SECRET}"` }],
  ["secret_assignment", {}, { secret: `Bearer ${SECRET}` }],
  ["secret_assignment", svix, { secret: `v1,${WHSEC}` }],
  ["secret_prefix", { secret: WHSEC }, { secret: WHSEC.slice(6) }],
  ["secret_prefix", { secret: WHSEC.slice(6) }, { secret: WHSEC }],
  ["secret_literal", { ...svix, secret: Buffer.from(WHSEC).toString("base64") }, { secret: WHSEC }],
  ["secret_literal", { ...svix, secret: Buffer.from(WHSEC.slice(6)).toString("base64") }, { secret: WHSEC }],
  ["secret_literal", { ...attendee, secret: Buffer.from(KEY).toString("base64") }, { secret: KEY }],
  [
    "secret_decoded",
    { secret: "for tests only, decoded" },
    { secret: Buffer.from("for tests only, decoded").toString("base64") },
  ],
  [
    "secret_decoded",
    { secret: "for tests only, decoded" },
    { secret: `whsec_${Buffer.from("for tests only, decoded").toString("base64")}` },
  ],
  [
    "secret_decoded",
    { secret: "for tests only, decoded" },
    { secret: Buffer.from("for tests only, decoded").toString("hex") },
  ],
  ["secret_encoding", { secret: Buffer.from(SECRET).toString("base64") }, { secret: SECRET }],
  ["secret_encoding", attendee, { secret: hexOf(KEY) }],
  ["secret_encoding", attendee, { secret: KEY.replace(/=+$/, "") }],
  ["secret_encoding", { secret: "a/secret+of the tests" }, { secret: encodeURIComponent("a/secret+of the tests") }],
  ["secret_case", { secret: SECRET }, { secret: SECRET.toUpperCase() }],
  ["secret_other", {}, { secret: "the new secret", otherSecrets: ["staging secret", SECRET] }],

  [
    "header_renamed",
    {},
    ({ headers }) => ({
      headers: { http_x_audian_signature: headers[HEADER], http_x_audian_timestamp: headers[TIME] },
    }),
  ],
  [
    "header_renamed",
    {},
    ({ headers }) => ({ headers: { "x-original-audian-signature": headers[HEADER], [TIME]: headers[TIME] } }),
  ],
  [
    "header_repeated",
    {},
    ({ headers }) => ({ headers: { ...headers, [HEADER]: `${headers[HEADER]}, ${headers[HEADER]}` } }),
  ],
  ["header_repeated", {}, ({ headers }) => ({ headers: { ...headers, [TIME]: [headers[TIME], headers[TIME]] } })],
  ["header_repeated", svix, ({ headers }) => ({ headers: { ...headers, "svix-id": "msg_1, msg_1" } })],
  ["headers_swapped", {}, ({ headers }) => ({ headers: { [HEADER]: headers[TIME], [TIME]: headers[HEADER] } })],
  [
    "headers_swapped",
    svix,
    ({ headers }) => ({ headers: { ...headers, "svix-id": headers["svix-timestamp"], "svix-timestamp": "msg_1" } }),
  ],
  [
    "header_escaped",
    svix,
    ({ headers }) => ({ headers: { ...headers, "svix-signature": encodeURIComponent(headers["svix-signature"]) } }),
  ],
  ["header_escaped", {}, ({ headers }) => ({ headers: { ...headers, [HEADER]: `"${headers[HEADER]}"` } })],
  ["signature_form", {}, ({ headers }) => ({ headers: { ...headers, [HEADER]: base64Of(headers[HEADER]) } })],
  ["signature_form", {}, ({ headers }) => ({ headers: { ...headers, [HEADER]: headers[HEADER].toUpperCase() } })],
  ["signature_form", {}, ({ headers }) => ({ headers: { ...headers, [HEADER]: `v1=${headers[HEADER]}` } })],
  [
    "signature_form",
    attendee,
    ({ headers: { "x-webhook-signature": value } }) => ({ headers: { "x-webhook-signature": hexOf(value) } }),
  ],
  [
    "signature_form",
    attendee,
    ({ headers: { "x-webhook-signature": value } }) => {
      return { headers: { "x-webhook-signature": Buffer.from(hexOf(value)).toString("base64") } };
    },
  ],
  [
    "signature_form",
    svix,
    ({ headers }) => ({ headers: { ...headers, "svix-signature": headers["svix-signature"].replace("=", "") } }),
  ],
  [
    "signature_form",
    { provider: "efficlose" },
    ({ headers: { "x-webhook-signature": value } }) => {
      return { headers: { "x-webhook-signature": value.replace("sha256=", "") } };
    },
  ],
  ["timestamp_milliseconds", {}, ({ headers }) => ({ headers: { ...headers, [TIME]: `${NOW}123` } })],
  ["timestamp_milliseconds", svix, ({ headers }) => ({ headers: { ...headers, "svix-timestamp": `${NOW}000` } })],
  [
    "timestamp_milliseconds",
    {},
    ({ headers }) => ({ headers: { ...headers, [TIME]: new Date(NOW * 1000).toISOString() } }),
  ],
  ["timestamp_signed_otherwise", { now: NOW * 1000 }, {}],
  ["timestamp_milliseconds", { ...svix, now: NOW * 1000 }, {}],

  ["clock_skew", {}, { now: NOW + 3600 }],
  ["clock_skew", svix, { now: NOW - 1000 }],
  ["now_milliseconds", {}, { now: NOW * 1000 }],

  ["provider_other", { ...meeting, scheme: "svix", secret: WHSEC }, { scheme: "hmac" }],
  ["provider_other", { provider: "efficlose", secret: KEY }, { provider: "attendee" }],
  ["provider_other", { ...meeting, scheme: "callback-secret", secret: "a-callback-secret" }, { scheme: "api-key" }],
  [
    "signature_form",
    { provider: "efficlose" },
    ({ headers }) => {
      return { provider: "mobile-assistant", headers: { "x-connect-it-token": headers["x-webhook-signature"] } };
    },
  ],
  [
    "scheme_other",
    { provider: "mobile-assistant", secret: KEY },
    ({ headers }) => {
      return { provider: "attendee", headers: { "x-webhook-signature": base64Of(headers["x-connect-it-token"]) } };
    },
  ],
  [
    "scheme_other",
    attendee,
    ({ headers }) => {
      return { provider: "mobile-assistant", headers: { "x-connect-it-token": hexOf(headers["x-webhook-signature"]) } };
    },
  ],
  [
    "signed_content",
    { provider: "efficlose" },
    ({ headers }) => {
      return { provider: "audian", headers: { [HEADER]: headers["x-webhook-signature"], [TIME]: String(NOW) } };
    },
  ],
  [
    "signed_content",
    { provider: "efficlose", body: `${NOW}${BODY}` },
    ({ headers }) => {
      return {
        provider: "audian",
        body: BODY,
        headers: { [HEADER]: headers["x-webhook-signature"], [TIME]: String(NOW) },
      };
    },
  ],
];

export const PAIRS = [
  [
    "header and body",
    ["signature_form", "body_line_break_added"],
    {},
    ({ headers }) => {
      return { headers: { ...headers, [HEADER]: base64Of(headers[HEADER]) }, body: `${BODY}\n` };
    },
  ],
  [
    "secret and body",
    ["secret_whitespace", "body_reserialised"],
    { body: '{"a": 1, "b": "\\u00eb"}' },
    {
      secret: `${SECRET}\n`,
      body: '{"a":1,"b":"\u00eb"}',
    },
  ],
  [
    "header and secret",
    ["header_renamed", "secret_quotes"],
    {},
    ({ headers }) => {
      return { headers: { x_audian_signature: headers[HEADER], [TIME]: headers[TIME] }, secret: `'${SECRET}'` };
    },
  ],
  [
    "rotated and stringified",
    ["secret_other", "body_stringified"],
    { body: '{"a":1}' },
    {
      body: '{"a":1.0}',
      secret: "the new secret",
      otherSecrets: [SECRET],
    },
  ],
];
