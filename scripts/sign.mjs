// Signs deliveries as providers do, with node:crypto alone: what the demo and the Worker's tests send must not
// be signed by the code that verifies it. Facts and edge cases: tests/vectors/README.md.

import { createHash, createHmac } from "node:crypto";

const utf8 = (secret) => Buffer.from(secret, "utf8");
const base64 = (secret) => Buffer.from(secret, "base64");
const afterWhsec = (secret) => base64(secret.replace(/^whsec_/, ""));

const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();
const hex = (key, ...parts) => hmac(key, ...parts).toString("hex");

// provider -> scheme -> function from { secret, body, now, id } to headers
const SCHEMES = {
  efficlose: {
    hmac: ({ secret, body }) => [["x-webhook-signature", `sha256=${hex(utf8(secret), body)}`]],
  },
  "meeting-baas": {
    hmac: ({ secret, body }) => [["x-meetingbaas-signature", hex(utf8(secret), body)]],
    svix: ({ secret, body, now, id }) => [
      ["svix-id", id],
      ["svix-timestamp", String(now)],
      ["svix-signature", `v1,${hmac(afterWhsec(secret), `${id}.${now}.`, body).toString("base64")}`],
    ],
    "callback-secret": ({ secret }) => [["x-mb-secret", secret]],
    "api-key": ({ secret }) => [["x-meeting-baas-api-key", secret]],
  },
  attendee: {
    hmac: ({ secret, body }) => [["x-webhook-signature", hmac(base64(secret), canonicalJson(body)).toString("base64")]],
  },
  "mobile-assistant": {
    hmac: ({ secret, body }) => [["x-connect-it-token", hex(utf8(secret), body)]],
  },
  audian: {
    hmac: ({ secret, body, now }) => [
      ["x-audian-signature", hex(utf8(secret), `${now}.`, body)],
      ["x-audian-timestamp", String(now)],
    ],
  },
};

/** Whether there is a signer for a provider. */
export function signs(provider) {
  return Object.hasOwn(SCHEMES, provider);
}

/**
 * The headers that a genuine delivery of `body` carries, as [name, value] pairs.
 *
 * `scheme` may be left out (or null) where the provider has a single one. `now` is Unix seconds, by default the present.
 * `id` is the svix message id, by default one that follows from the body, so that the same payload is the same event.
 * Throws where there is nothing to sign: an unknown provider or scheme, no secret, an Attendee body that has no canonical form.
 */
export function sign(provider, scheme, { secret, body, now, id }) {
  const schemes = Object.hasOwn(SCHEMES, provider) ? SCHEMES[provider] : {};
  const names = Object.keys(schemes);
  const name = scheme ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined || !Object.hasOwn(schemes, name)) {
    throw new TypeError(`no scheme ${name} of provider ${provider}; known: ${names.join(", ") || "none"}`);
  }
  if (typeof secret !== "string" || secret === "") throw new TypeError("secret must be a non-empty string");
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  if (!(bytes instanceof Uint8Array)) throw new TypeError("body must be a string or a Uint8Array");
  return schemes[name]({ secret, body: bytes, now: now ?? Math.floor(Date.now() / 1000), id: id ?? messageId(bytes) });
}

function messageId(bytes) {
  return `msg_${createHash("sha256").update(bytes).digest("hex").slice(0, 27)}`;
}

/**
 * What Attendee signs: Python's json.dumps(sort_keys=True, ensure_ascii=False, separators=(",", ":")) of the payload.
 * Numbers keep their text (JavaScript would turn 1.0 into 1) and keys are ordered by code point (not by UTF-16 unit).
 */
export function canonicalJson(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const tokens = tokenize(text);
  const [out, end] = canonicalValue(tokens, 0);
  if (end !== tokens.length) throw new SyntaxError("text after the JSON value");
  return out;
}

const TOKEN = /[ \t\r\n]+|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|[{}[\],:])/uy;

function tokenize(text) {
  const tokens = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError(`no JSON token at character ${at}`);
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}

/** The canonical text of the value that begins at token `at`, and the index behind it. */
function canonicalValue(tokens, at) {
  const token = tokens[at];
  if (token === "{") return canonicalObject(tokens, at + 1);
  if (token === "[") return canonicalArray(tokens, at + 1);
  if (token === undefined || /^[}\],:]/.test(token)) throw new SyntaxError(`no JSON value at token ${at}`);
  return [token.startsWith('"') ? JSON.stringify(stringOf(token)) : token, at + 1];
}

function canonicalArray(tokens, at) {
  const items = [];
  if (tokens[at] === "]") return ["[]", at + 1];
  for (;;) {
    const [item, end] = canonicalValue(tokens, at);
    items.push(item);
    if (tokens[end] === "]") return [`[${items.join(",")}]`, end + 1];
    if (tokens[end] !== ",") throw new SyntaxError(`no comma at token ${end}`);
    at = end + 1;
  }
}

function canonicalObject(tokens, at) {
  const members = new Map();
  if (tokens[at] === "}") return ["{}", at + 1];
  for (;;) {
    if (!tokens[at]?.startsWith('"') || tokens[at + 1] !== ":") throw new SyntaxError(`no key at token ${at}`);
    const key = stringOf(tokens[at]);
    if (members.has(key)) throw new SyntaxError("a duplicate key");
    const [value, end] = canonicalValue(tokens, at + 2);
    members.set(key, value);
    if (tokens[end] === "}") return [`{${inCodePointOrder(members).join(",")}}`, end + 1];
    if (tokens[end] !== ",") throw new SyntaxError(`no comma at token ${end}`);
    at = end + 1;
  }
}

function inCodePointOrder(members) {
  // The byte order of UTF-8 is the order of code points.
  const keyed = [...members].map(([key, value]) => [Buffer.from(key, "utf8"), `${JSON.stringify(key)}:${value}`]);
  return keyed.sort(([a], [b]) => Buffer.compare(a, b)).map(([, member]) => member);
}

/** The string that a token means; JSON.stringify writes it back with exactly the escapes that Attendee signs. */
function stringOf(token) {
  const text = JSON.parse(token);
  if (!text.isWellFormed() || text.includes("\0")) throw new SyntaxError("a lone surrogate or U+0000 has no canonical form");
  return text;
}
